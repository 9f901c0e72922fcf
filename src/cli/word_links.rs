//! Word links of given translations: the models that tell them, and a progress bar.

use indicatif::ProgressBar;
use visavis::align::word::{self, Aligner};
use visavis::bitext::Bitext;
use visavis::engine::Engine;
use visavis::language::Language;
use visavis::model::{self, ModelSpec, ensure};

use super::options::LanguageOptions;
use super::progress::{self, TerminalProgress};
use super::{models, terminal::Terminal, translation};

/// The models that links are made with.
#[derive(Debug)]
pub struct Models<'a> {
    pub languages: &'a LanguageOptions,
    /// The model that translates the source; none for the first of the languages.
    pub model: Option<&'a str>,
    pub reverse: Reverse<'a>,
    pub threads: Option<u16>,
    pub offline: bool,
}

/// The model that translates back.
#[derive(Debug, Clone, Copy)]
pub enum Reverse<'a> {
    /// No such model.
    None,
    /// The first of the languages, if it is here: links are worth no pull.
    IfHere,
    /// The first of the languages.
    First,
    Named(&'a str),
}

/// Opens the models, one for each direction if there are two.
pub fn aligner(models: &Models<'_>, terminal: &Terminal) -> anyhow::Result<Aligner> {
    let LanguageOptions { from, to } = models.languages;
    let store = models::store()?;
    let pulling = TerminalProgress::new(terminal);
    let open = |name: Option<&str>, from: &Language, to: &Language, offline: bool| {
        let spec = ModelSpec { name, from, to };
        Engine::new(ensure(&store, &spec, offline, &pulling)?)
    };
    let lacks = |error: &model::Error| {
        matches!(
            error,
            model::Error::NoModel { .. } | model::Error::Offline(_)
        )
    };
    let goes_back = !matches!(models.reverse, Reverse::None);
    let forward = match open(models.model, from, to, models.offline) {
        Err(error) if models.model.is_none() && goes_back && lacks(&error) => {
            terminal.warn(format_args!(
                "{error}; the other direction must do: links are worse"
            ));
            None
        }
        opened => Some(opened?),
    };
    let back = match models.reverse {
        Reverse::None => None,
        Reverse::IfHere => Some((None, true)),
        Reverse::First => Some((None, models.offline)),
        Reverse::Named(name) => Some((Some(name), models.offline)),
    };
    let backward = match back.map(|(name, offline)| (name, open(name, to, from, offline))) {
        Some((None, Err(error))) if forward.is_some() && lacks(&error) => {
            if matches!(models.reverse, Reverse::First) {
                terminal.warn(format_args!(
                    "{error}; one direction must do: links are worse"
                ));
            }
            None
        }
        opened => opened.map(|(_, engine)| engine).transpose()?,
    };
    let threads = translation::threads(models.threads);
    for engine in forward.iter().chain(&backward) {
        let name = &engine.model().header().name;
        terminal.detail(format_args!(
            "{name}, {threads} threads, {}",
            engine.kernel()
        ));
    }
    Ok(Aligner::new(forward, backward, threads)?)
}

/// Links the words of a bitext, and shows how far it is.
pub fn link(bitext: &mut Bitext, aligner: &Aligner, terminal: &Terminal) -> anyhow::Result<()> {
    let bar = bar(Some(bitext.pairs.len()), terminal);
    let linked = word::link(bitext, aligner, &|| bar.inc(1));
    bar.finish_and_clear();
    Ok(linked?)
}

/// A bar that counts pairs, of which there may be no knowing how many they are.
pub fn bar(pairs: Option<usize>, terminal: &Terminal) -> ProgressBar {
    progress::bar(pairs, "pairs", "linking words", terminal)
}
