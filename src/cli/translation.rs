//! What `translate` and `review` share: the model, and documents through it with a progress bar.

use std::time::{Duration, Instant};

use anyhow::bail;
use visavis::align::word::Aligner;
use visavis::document::Document;
use visavis::engine::Engine;
use visavis::model::{ModelSpec, ensure};
use visavis::text::words;
#[cfg(feature = "rust-bert")]
use visavis::translate::RustBert;
use visavis::translate::memory::{Memory, Remembering};
use visavis::translate::{self, Native, Translated, Translator};

use super::models;
use super::options::{Backend, Device, LanguageOptions, ModelOptions};
use super::progress::{self, TerminalProgress};
use super::terminal::Terminal;
use super::word_links::{self, Reverse};

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

/// A model that translates, in whatever computes with it.
pub enum Opened {
    /// In the program's own engine.
    Native(Box<Native>),
    /// In rust-bert.
    #[cfg(feature = "rust-bert")]
    RustBert(Box<RustBert>),
}

impl Opened {
    /// As a translator.
    pub fn translator(&self) -> &dyn Translator {
        match self {
            Self::Native(native) => &**native,
            #[cfg(feature = "rust-bert")]
            Self::RustBert(rust_bert) => &**rust_bert,
        }
    }

    /// Without word links, where it makes any.
    pub fn without_links(self) -> Self {
        match self {
            Self::Native(native) => Self::Native(Box::new(native.without_links())),
            #[cfg(feature = "rust-bert")]
            other => other,
        }
    }

    /// The native engine; none of another.
    pub fn engine(&self) -> Option<&Engine> {
        match self {
            Self::Native(native) => Some(native.engine()),
            #[cfg(feature = "rust-bert")]
            Self::RustBert(_) => None,
        }
    }
}

/// The model that the options name; pulls it where it is not here yet.
pub fn open(options: &ModelOptions, terminal: &Terminal) -> anyhow::Result<Opened> {
    match options.backend {
        Backend::Native => Ok(Opened::Native(Box::new(native(options, terminal)?))),
        Backend::RustBert => rust_bert(options, terminal),
    }
}

fn native(options: &ModelOptions, terminal: &Terminal) -> anyhow::Result<Native> {
    if options.device != Device::Cpu {
        bail!("the native engine computes on the processor; --device needs --backend rust-bert");
    }
    let spec = spec(options);
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

fn spec(options: &ModelOptions) -> ModelSpec<'_> {
    ModelSpec {
        name: options.model.as_deref(),
        from: &options.languages.from,
        to: &options.languages.to,
    }
}

#[cfg(not(feature = "rust-bert"))]
fn rust_bert(_: &ModelOptions, _: &Terminal) -> anyhow::Result<Opened> {
    bail!(
        "this visavis was built without rust-bert, its feature of that name: get libtorch with \
         `python3 scripts/libtorch.py`, and build with `cargo build --release --features rust-bert`"
    )
}

#[cfg(feature = "rust-bert")]
fn rust_bert(options: &ModelOptions, terminal: &Terminal) -> anyhow::Result<Opened> {
    use visavis::model::{compiled_of, ensure_kept};
    use visavis::translate::rust_bert;

    if options.profile {
        bail!("--profile tells of the native engine's stages; leave it out with rust-bert");
    }
    let store = models::store()?;
    let kept = ensure_kept(&store, &spec(options), &TerminalProgress::new(terminal))?;
    let compiled = match kept.card().architecture.is_multilingual() {
        false => Some(compiled_of(&store, &kept)?),
        true => None,
    };
    let languages = (&options.languages.from, &options.languages.to);
    let threads = threads(options.threads);
    let device = match options.device {
        Device::Cpu => rust_bert::Device::Cpu,
        Device::Cuda(number) => rust_bert::Device::Cuda(number),
    };
    terminal.detail(format_args!(
        "{}, {threads} threads, rust-bert on {device}",
        kept.card().name
    ));
    let how = (device, options.beam_size.into(), threads);
    let mut translator = RustBert::new(&kept, compiled.as_ref(), languages, how)?;
    if options.no_retry {
        translator = translator.without_retries();
    }
    Ok(Opened::RustBert(Box::new(translator)))
}

/// What links the words of translations afterwards, where their translator does not: the native
/// engine's models of these languages that are here. None, after saying so, where there are none.
pub fn aligner(
    options: &ModelOptions,
    opened: &Opened,
    terminal: &Terminal,
) -> anyhow::Result<Option<Aligner>> {
    if matches!(opened, Opened::Native(_)) {
        return Ok(None);
    }
    // A model of one pair of languages has the same name in the native engine.
    let name = opened.translator().name();
    let name = models::store()?.find(name).is_some().then_some(name);
    let models = word_links::Models {
        languages: &options.languages,
        model: name,
        reverse: Reverse::IfHere,
        threads: options.threads,
        offline: true,
    };
    match word_links::aligner(&models, terminal) {
        Ok(aligner) => Ok(Some(aligner)),
        Err(error) => {
            terminal.warn(format_args!(
                "{error:#}; without word links a person must judge most renderings"
            ));
            Ok(None)
        }
    }
}

/// The translation memory that the options name.
pub fn memory(options: &ModelOptions) -> anyhow::Result<Option<Memory>> {
    let memory = options.memory.as_deref().map(Memory::open);
    Ok(memory.transpose()?)
}

/// The model's translator; with a memory it looks there first.
pub fn translator<'t>(
    opened: &'t Opened,
    memory: Option<&'t Memory>,
    languages: &LanguageOptions,
) -> anyhow::Result<Box<dyn Translator + 't>> {
    let translator = opened.translator();
    Ok(match memory {
        Some(memory) => {
            let pair = (&languages.from, &languages.to);
            Box::new(Remembering::new(translator, memory, pair)?)
        }
        None => Box::new(translator),
    })
}

/// The threads that are asked for, or one for each core that this process may use.
pub fn threads(asked: Option<u16>) -> usize {
    let allowed = std::thread::available_parallelism().map_or(1, usize::from);
    asked.map_or_else(|| num_cpus::get_physical().clamp(1, allowed), usize::from)
}

/// Translates documents, links words afterwards if there is an `aligner`, and shows how far it is.
pub fn run(
    documents: &[Document],
    languages: &LanguageOptions,
    translator: &dyn Translator,
    aligner: Option<&Aligner>,
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
    let mut translated = translated?;
    if let Some(aligner) = aligner {
        word_links::link(&mut translated.bitext, aligner, terminal)?;
    }
    Ok(Run {
        translated,
        source_words,
        time: start.elapsed(),
    })
}
