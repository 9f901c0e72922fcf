//! What `align sentences`, `align documents` and `review --translation` share: the sentence encoder,
//! and texts set side by side with a progress bar.

use std::path::Path;

use anyhow::{Context, bail};
use indicatif::ProgressBar;
use visavis::align::sentence::{self, Aligner, Anchors, Bead, Text, Translator, links};
use visavis::encoder::SentenceEncoder;
use visavis::engine::Engine;
use visavis::language::Language;
use visavis::model::catalog::Catalog;
use visavis::model::{Error, ModelSpec, ensure, ensure_encoder};

use super::input;
use super::models;
use super::options::{InputFormat, LanguageOptions};
use super::progress::{self, TerminalProgress};
use super::terminal::Terminal;
use super::translation;

/// The sentence encoder that alignments are made with.
const ENCODER: &str = "use-m3";

/// How alignments are made.
#[derive(clap::Args, Debug, Clone)]
pub struct AlignmentOptions {
    /// Use no sentence encoder: align by lengths, numbers, names, cognates and the words that come
    /// together in the texts, which is worse.
    #[arg(long)]
    pub no_encoder: bool,
    /// Threads that encode sentences [default: the physical cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Never open a network connection: align without the sentence encoder where it is not here.
    #[arg(long)]
    pub offline: bool,
}

/// The sentence encoder, pulled where it is not here yet; none, after saying so, where it cannot be
/// had or does not know a language.
pub fn encoder(
    options: &AlignmentOptions,
    languages: &LanguageOptions,
    terminal: &Terminal,
) -> anyhow::Result<Option<SentenceEncoder>> {
    const WORSE: &str = "aligning by what the texts themselves show, which is worse";
    if options.no_encoder {
        return Ok(None);
    }
    let catalog = Catalog::in_use()?;
    if let Some(entry) = catalog.find_encoder(ENCODER) {
        let is_unknown = |language: &&Language| !entry.languages.contains(language);
        let both = [&languages.from, &languages.to];
        if let Some(language) = both.into_iter().find(is_unknown) {
            terminal.warn(format_args!(
                "the sentence encoder {ENCODER} does not know {language}: {WORSE}"
            ));
            return Ok(None);
        }
    }
    let store = models::store()?;
    let pulling = TerminalProgress::new(terminal);
    match ensure_encoder(&store, ENCODER, options.offline, &pulling) {
        Ok(path) => Ok(Some(SentenceEncoder::open(&path)?)),
        Err(error @ (Error::Offline(_) | Error::Unreachable { .. } | Error::Unknown { .. })) => {
            terminal.warn(format_args!("{error}; {WORSE}"));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads a text and splits it into sentences; where lines are `aligned` each line is one.
pub fn text(
    path: &Path,
    language: &Language,
    format: Option<InputFormat>,
    aligned: bool,
    terminal: &Terminal,
) -> anyhow::Result<Text> {
    let document = input::document(path, self::format(format, aligned), terminal)?;
    Ok(Text::new(&document, language))
}

/// The format of texts that may be `aligned` already: then they are lines.
pub fn format(said: Option<InputFormat>, aligned: bool) -> Option<InputFormat> {
    said.or(aligned.then_some(InputFormat::Lines))
}

/// What alignments are made with, opened once for many.
#[derive(Debug)]
pub struct Tools {
    encoder: Option<SentenceEncoder>,
    /// A model that judges places of doubt, and whether it translates the target back.
    model: Option<(Engine, bool)>,
    threads: usize,
}

impl Tools {
    /// Opens the sentence encoder and a translation model, as far as they are wanted and to be had.
    pub fn open(
        options: &AlignmentOptions,
        no_model: bool,
        languages: &LanguageOptions,
        terminal: &Terminal,
    ) -> anyhow::Result<Self> {
        let encoder = encoder(options, languages, terminal)?;
        let model = match encoder.is_some() && !no_model {
            true => model(languages, terminal)?,
            false => None,
        };
        Ok(Self {
            encoder,
            model,
            threads: translation::threads(options.threads),
        })
    }

    /// The beads of two texts, searched between the links that the file `anchors` fixes.
    pub fn beads(
        &self,
        texts: (&Text, &Text),
        anchors: Option<&Path>,
        terminal: &Terminal,
    ) -> anyhow::Result<Vec<Bead>> {
        let anchors = match anchors {
            Some(path) => read_anchors(path, texts)?,
            None => Anchors::default(),
        };
        let (source, target) = (texts.0.in_paragraphs(), texts.1.in_paragraphs());
        let sentences = source.texts.len() + target.texts.len();
        let bar = bar(sentences, "sentences", terminal);
        let translator = self.model.as_ref().map(|(engine, backwards)| Translator {
            engine,
            backwards: *backwards,
        });
        let aligner = Aligner::new(self.encoder.as_ref(), self.threads).with_translator(translator);
        let done = |sentences: usize| bar.inc(sentences as u64);
        let beads = aligner.align(&source, &target, &anchors, &done);
        bar.finish_and_clear();
        let beads = beads?;
        // Without the encoder most is in doubt, which was told.
        if self.encoder.is_some() && sentence::is_doubtful(&beads) {
            let (source, target) = (&texts.0.name, &texts.1.name);
            terminal.warn(format_args!(
                "most pairs of {source} and {target} are in doubt: is the one a translation of the \
                 other, and are the languages (--from, --to) right?"
            ));
        }
        Ok(beads)
    }
}

/// A model that translates between the languages, and whether it translates the target back, if
/// there is one here: none is pulled for it.
fn model(
    languages: &LanguageOptions,
    terminal: &Terminal,
) -> anyhow::Result<Option<(Engine, bool)>> {
    let LanguageOptions { from, to } = languages;
    let store = models::store()?;
    let pulling = TerminalProgress::new(terminal);
    for (from, to, backwards) in [(from, to, false), (to, from, true)] {
        let spec = ModelSpec {
            name: None,
            from,
            to,
        };
        match ensure(&store, &spec, true, &pulling) {
            Ok(model) => return Ok(Some((Engine::new(model)?, backwards))),
            Err(Error::NoModel { .. } | Error::Offline(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

/// The beads of two texts whose line *i* is each other's translation.
pub fn line_by_line((source, target): (&Text, &Text)) -> anyhow::Result<Vec<Bead>> {
    let (sources, targets) = (source.segments.len(), target.segments.len());
    if sources != targets {
        bail!(
            "{} has {sources} lines but {} has {targets}; with --aligned line i of the one must \
             be the translation of line i of the other",
            source.name,
            target.name
        );
    }
    Ok(sentence::line_by_line(sources))
}

fn read_anchors(path: &Path, (source, target): (&Text, &Text)) -> anyhow::Result<Anchors> {
    let name = path.display().to_string();
    let bytes = input::bytes(path)?;
    let links = links::read(&name, &String::from_utf8_lossy(&bytes))?;
    let lengths = (source.segments.len(), target.segments.len());
    Anchors::new(&links, lengths).with_context(|| name)
}

/// A bar for so many of what `unit` names.
pub fn bar(total: usize, unit: &str, terminal: &Terminal) -> ProgressBar {
    progress::bar(Some(total), unit, "encoding", terminal)
}
