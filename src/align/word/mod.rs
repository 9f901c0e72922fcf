//! Links between the words of a text and those of its translation, whoever made it.
//!
//! The translation is given to translation models, which tell by their attention what each of its
//! words renders ([`attention`](self::attention)); where there are models of both directions they
//! must agree ([`links`]). Without a model [`Statistics`] of the pairs themselves must do.
//!
//! `docs/word-alignment.md` tells what was chosen, on what, and what it is worth.

mod attention;
mod heads;
mod links;
mod statistics;
mod texts;

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::bitext::{Bitext, Pair};
use crate::engine::Engine;
use crate::engine::forced::{Asked, Given, Probability};
use crate::engine::tokenizer::Piece;
use crate::model;
use attention::Shares;
use links::Told;
pub use statistics::Statistics;
pub use texts::Words;

/// Pairs that are aligned at a time: what is kept of them is little, but not nothing.
const WINDOW: usize = 1024;

/// Why words cannot be linked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A model cannot be computed with.
    #[error(transparent)]
    Model(#[from] model::Error),
    /// The models translate between other languages than each other.
    #[error(
        "{forward} translates {forward_languages} but {backward} {backward_languages}; word links \
         need two models of opposite directions, or one"
    )]
    Directions {
        /// The model that translates the source.
        forward: String,
        /// Its languages.
        forward_languages: String,
        /// The other.
        backward: String,
        /// Its languages.
        backward_languages: String,
    },
}

/// Links the words of given translations.
#[derive(Debug)]
pub struct Aligner {
    forward: Option<Model>,
    backward: Option<Model>,
    statistics: Option<Statistics>,
    threads: usize,
}

/// A model, and how it cuts a text that it would have to produce.
#[derive(Debug)]
struct Model {
    engine: Engine,
    /// How much each head counts.
    heads: Vec<f32>,
    /// For each piece of the opposite model the piece of this one with the same text; none where
    /// the model must do without the other's table.
    from_other: Option<Vec<u32>>,
}

impl Aligner {
    /// An aligner by a model that translates the source (`forward`), one that translates the
    /// target back, or, better, both.
    ///
    /// # Errors
    /// [`Error::Directions`] where two models are not of opposite directions.
    pub fn new(
        forward: Option<Engine>,
        backward: Option<Engine>,
        threads: usize,
    ) -> Result<Self, Error> {
        if let (Some(forward), Some(backward)) = (&forward, &backward) {
            let (there, back) = (forward.model().header(), backward.model().header());
            if (&there.from, &there.to) != (&back.to, &back.from) {
                return Err(Error::Directions {
                    forward: there.name.clone(),
                    forward_languages: format!("{}→{}", there.from, there.to),
                    backward: back.name.clone(),
                    backward_languages: format!("{}→{}", back.from, back.to),
                });
            }
        }
        let shared = |one: &Engine, other: &Option<Engine>| same_pieces(one, other.as_ref()?);
        let to_forward = forward.as_ref().and_then(|one| shared(one, &backward));
        let to_backward = backward.as_ref().and_then(|one| shared(one, &forward));
        let model = |engine: Option<Engine>, from_other| {
            engine.map(|engine| Model {
                heads: heads::of(engine.model().header()),
                engine,
                from_other,
            })
        };
        Ok(Self {
            forward: model(forward, to_forward),
            backward: model(backward, to_backward),
            statistics: None,
            threads: threads.max(1),
        })
    }

    /// An aligner without models: by what was learnt of pairs alone. Its links are worse.
    pub fn by_statistics(statistics: Statistics) -> Self {
        Self {
            forward: None,
            backward: None,
            statistics: Some(statistics),
            threads: 1,
        }
    }

    /// This aligner, which goes by what was learnt of pairs too.
    pub fn and_statistics(self, statistics: Statistics) -> Self {
        Self {
            statistics: Some(statistics),
            ..self
        }
    }

    /// The links (source word, target word) of each pair, sorted. `done` is called whenever a pair
    /// is done, from any thread.
    ///
    /// # Errors
    /// [`Error::Model`] where a model cannot be computed with.
    pub fn align(
        &self,
        pairs: &[(Words<'_>, Words<'_>)],
        done: &(dyn Fn() + Sync),
    ) -> Result<Vec<Vec<(u32, u32)>>, Error> {
        let mut all = Vec::with_capacity(pairs.len());
        for window in pairs.chunks(WINDOW) {
            all.extend(self.window(window, done)?);
        }
        Ok(all)
    }

    fn window(
        &self,
        pairs: &[(Words<'_>, Words<'_>)],
        done: &(dyn Fn() + Sync),
    ) -> Result<Vec<Vec<(u32, u32)>>, Error> {
        let runs = AtomicUsize::new(0);
        let models = usize::from(self.forward.is_some()) + usize::from(self.backward.is_some());
        let passed = |_| {
            if runs.fetch_add(1, Ordering::Relaxed) % models.max(1) == models.max(1) - 1 {
                done();
            }
        };
        let there = |model: &Model| {
            let pairs = pairs.iter().map(|(source, target)| (source, target));
            model.shares(pairs, self.other(&self.backward), self.threads, &passed)
        };
        let back = |model: &Model| {
            let pairs = pairs.iter().map(|(source, target)| (target, source));
            model.shares(pairs, self.other(&self.forward), self.threads, &passed)
        };
        let forward = self.forward.as_ref().map(there).transpose()?;
        let backward = self.backward.as_ref().map(back).transpose()?;
        let links = (0..pairs.len()).map(|pair| {
            let (source, target) = &pairs[pair];
            let forward = forward.as_ref().map(|all| &all[pair]);
            let backward = backward.as_ref().map(|all| &all[pair]);
            let told = Told { forward, backward };
            let Some(statistics) = &self.statistics else {
                return links::links(source, target, told, None);
            };
            let [forward, backward] = &statistics.shares(source, target);
            let learnt = Told {
                forward: Some(forward),
                backward: Some(backward),
            };
            if models == 0 {
                done();
                return links::links(source, target, learnt, None);
            }
            links::links(source, target, told, Some(learnt))
        });
        Ok(links.collect())
    }

    fn other<'a>(&self, model: &'a Option<Model>) -> Option<&'a Engine> {
        model.as_ref().map(|model| &model.engine)
    }
}

impl Model {
    /// For each pair of what it reads and what it is given to produce, how much each word of the
    /// latter looks at each of the former.
    fn shares<'a>(
        &self,
        pairs: impl Iterator<Item = (&'a Words<'a>, &'a Words<'a>)>,
        other: Option<&Engine>,
        threads: usize,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Shares>, Error> {
        let texts: Vec<_> = pairs
            .map(|(read, made)| (read.shown(), made.shown()))
            .collect();
        let given: Vec<Given> = texts
            .iter()
            .map(|(read, made)| Given {
                source: self.engine.tokenizer().encode(&read.text),
                target: self.target(&made.text, other),
            })
            .collect();
        let asked = Asked {
            heads: Some(&self.heads),
            probability: Probability::Unasked,
            threads,
        };
        let scored = self.engine.score(&given, asked, done)?;
        let each = texts.iter().zip(&given).zip(&scored);
        Ok(each
            .map(|(((read, made), given), scored)| Shares::new(read, made, given, scored))
            .collect())
    }

    /// The pieces of a text that it is given to produce.
    fn target(&self, text: &str, other: Option<&Engine>) -> Vec<Piece> {
        match (&self.from_other, other) {
            (Some(same), Some(other)) => {
                let mut pieces = other.tokenizer().encode(text);
                pieces
                    .iter_mut()
                    .for_each(|piece| piece.id = same[piece.id as usize]);
                pieces
            }
            _ => self.engine.tokenizer().encode_target(text),
        }
    }
}

/// For each piece that `other` reads the piece with the same text that `model` produces; none
/// where they cannot be told apart or too many lack.
fn same_pieces(model: &Engine, other: &Engine) -> Option<Vec<u32>> {
    let (own, others) = (model.tokenizer(), other.tokenizer());
    let config = &other.model().header().config;
    if config.source_vocabulary.is_some() {
        return None;
    }
    let unknown = model.model().header().config.unknown;
    let find = |piece: u32| own.piece(others.piece_text(piece));
    let lacking = others.source_ids().iter().filter(|&&id| find(id).is_none());
    if lacking.count() * 100 > others.source_ids().len() {
        return None;
    }
    let pieces = 0..config.vocabulary as u32;
    Some(pieces.map(|id| find(id).unwrap_or(unknown)).collect())
}

impl Statistics {
    /// Learns from the pairs of a bitext.
    pub fn of_bitext(bitext: &Bitext) -> Self {
        with_words(&bitext.pairs, Self::learn)
    }
}

/// What `act` makes of the words of pairs.
fn with_words<T>(pairs: &[Pair], act: impl FnOnce(&[(Words<'_>, Words<'_>)]) -> T) -> T {
    let texts = |pair: &Pair| (pair.source_text(), pair.target_text());
    let texts: Vec<(String, String)> = pairs.iter().map(texts).collect();
    let words: Vec<(Words<'_>, Words<'_>)> = texts
        .iter()
        .map(|(source, target)| (Words::of_text(source), Words::of_text(target)))
        .collect();
    act(&words)
}

/// Links the words of every pair of a bitext anew. `done` is called whenever a pair is done, from
/// any thread.
///
/// # Errors
/// As [`Aligner::align`].
pub fn link(bitext: &mut Bitext, aligner: &Aligner, done: &(dyn Fn() + Sync)) -> Result<(), Error> {
    for pairs in bitext.pairs.chunks_mut(WINDOW) {
        let links = with_words(pairs, |words| aligner.align(words, done))?;
        for (pair, links) in pairs.iter_mut().zip(links) {
            pair.words = links;
        }
    }
    Ok(())
}
