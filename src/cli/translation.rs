//! What `translate` and `review` share: the model, and documents through it with a progress bar.

use std::time::{Duration, Instant};

use visavis::document::Document;
use visavis::engine::Engine;
use visavis::model::{ModelSpec, ensure};
use visavis::text::words;
use visavis::translate::memory::{Memory, Remembering};
use visavis::translate::{self, Native, Translated, Translator};

use super::models;
use super::options::{LanguageOptions, ModelOptions};
use super::progress::{self, TerminalProgress};
use super::terminal::Terminal;

/// A translation and what it took.
#[derive(Debug)]
pub struct Run {
    /// The documents and their translation.
    pub translated: Translated,
    /// Words of the source.
    pub source_words: usize,
    /// From the opened model to the last sentence.
    pub time: Duration,
}

/// The model that the options name; pulls it where it is not here yet.
pub fn open(options: &ModelOptions, terminal: &Terminal) -> anyhow::Result<Native> {
    let spec = ModelSpec {
        name: options.model.as_deref(),
        from: &options.languages.from,
        to: &options.languages.to,
    };
    let store = models::store()?;
    let model = ensure(
        &store,
        &spec,
        options.offline,
        &TerminalProgress::new(terminal),
    )?;
    let engine = Engine::new(model)?;
    let threads = threads(options.threads);
    terminal.detail(format_args!(
        "{}, {} threads, {} instructions",
        engine.model().header().name,
        threads,
        engine.kernel()
    ));
    let mut translator = Native::new(engine, options.beam_size.into(), threads);
    if options.no_shortlist {
        translator = translator.without_shortlist();
    }
    if options.no_retry {
        translator = translator.without_retries();
    }
    Ok(translator)
}

/// The translation memory that the options name.
pub fn memory(options: &ModelOptions) -> anyhow::Result<Option<Memory>> {
    let memory = options.memory.as_deref().map(Memory::open);
    Ok(memory.transpose()?)
}

/// The model's translator; with a memory it looks there first.
pub fn translator<'t>(
    native: &'t Native,
    memory: Option<&'t Memory>,
    languages: &LanguageOptions,
) -> anyhow::Result<Box<dyn Translator + 't>> {
    Ok(match memory {
        Some(memory) => {
            let pair = (&languages.from, &languages.to);
            Box::new(Remembering::new(native, memory, pair)?)
        }
        None => Box::new(native),
    })
}

/// The threads that are asked for, or one for each core that this process may use.
pub fn threads(asked: Option<u16>) -> usize {
    let allowed = std::thread::available_parallelism().map_or(1, usize::from);
    asked.map_or_else(|| num_cpus::get_physical().clamp(1, allowed), usize::from)
}

/// Translates documents, and shows how far it is.
pub fn run(
    documents: &[Document],
    languages: &LanguageOptions,
    translator: &dyn Translator,
    terminal: &Terminal,
) -> anyhow::Result<Run> {
    let start = Instant::now();
    let blocks = documents.iter().flat_map(|document| &document.blocks);
    let source_words = blocks.map(|block| words(&block.text).len()).sum();
    let bar = progress::bar(Some(source_words), "words", "translating", terminal);
    let pair = (&languages.from, &languages.to);
    let done = |words: usize| bar.inc(words as u64);
    let translated = translate::documents(documents, pair, translator, &done);
    bar.finish_and_clear();
    Ok(Run {
        translated: translated?,
        source_words,
        time: start.elapsed(),
    })
}
