//! Word links of given translations: the models that tell them, and a progress bar.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use visavis::align::word::{self, Aligner};
use visavis::bitext::Bitext;
use visavis::engine::Engine;
use visavis::language::Language;
use visavis::model::{self, ModelSpec, ensure};

use super::options::LanguageOptions;
use super::progress::TerminalProgress;
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
    let progress = TerminalProgress::new(terminal);
    let open = |name: Option<&str>, from: &Language, to: &Language, offline: bool| {
        let spec = ModelSpec { name, from, to };
        Engine::new(ensure(&store, &spec, offline, &progress)?)
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
    let bar = bar(Some(bitext.pairs.len() as u64), terminal);
    let linked = word::link(bitext, aligner, &|| bar.inc(1));
    bar.finish_and_clear();
    Ok(linked?)
}

/// A bar that counts pairs, of which there may be no knowing how many they are.
pub fn bar(pairs: Option<u64>, terminal: &Terminal) -> ProgressBar {
    let target = match terminal.shows_progress() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(pairs, target);
    let template = match pairs {
        Some(_) => "{msg} {wide_bar} {pos}/{len} pairs, {per_sec:.0}, {eta} left",
        None => "{msg} {spinner} {pos} pairs, {per_sec:.0}",
    };
    // The template is a constant; a plain bar would replace a wrong one.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message("linking words");
    bar
}
