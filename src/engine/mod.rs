//! Inference: from source text to target text, on the CPU, in int8 or f32.
//!
//! [`Engine`] is the way in. Below it: the [`tokenizer`]; the [`weights`] as views into the mapped
//! model; `encoder`, `decoder` and the `layers` they share; `search`; `batch`, which keeps many
//! sentences in flight; and the [`kernels`], the inner loops.

mod batch;
mod cache;
mod decoder;
mod encoder;
pub mod forced;
pub mod kernels;
mod layers;
mod limits;
mod output;
mod prepared;
pub mod profile;
mod screen;
mod search;
mod shortlist;
pub mod tokenizer;
pub mod weights;

use std::sync::{Mutex, PoisonError};

use crate::model::{Compiled, Error};
use batch::Candidates;
use kernels::Kernel;
use prepared::Prepared;
use profile::{Profile, Stage};
use screen::Screen;
pub use screen::learn_screen;
use shortlist::Shortlist;
use tokenizer::{Piece, Tokenizer};
use weights::Weights;

/// A model, ready to translate.
#[derive(Debug)]
pub struct Engine {
    model: Compiled,
    prepared: Prepared,
    tokenizer: Tokenizer,
    kernel: &'static dyn Kernel,
    profile: Mutex<Profile>,
}

/// How to translate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Hypotheses kept at each step, at least 1; 1 is greedy.
    pub beam_size: usize,
    /// Threads that translate, at least 1. The result does not depend on them.
    pub threads: usize,
    /// Whether logits are computed only of the pieces that the model's screen or its lexical
    /// shortlist lets through, where it has one: faster.
    pub shortlist: bool,
    /// No run of so many pieces may come again in a translation; 0 is no such limit.
    pub no_repeat_ngram: usize,
    /// Whether to give the attention of target pieces to source pieces.
    pub attention: bool,
}

/// A sentence, translated.
#[derive(Debug, Clone)]
pub struct Translated {
    /// The translation.
    pub text: String,
    /// Mean log-probability of a target piece.
    pub score: f32,
    /// The source's pieces, with their places in the source.
    pub source: Vec<Piece>,
    /// The target's pieces, with the places in the translation that they gave.
    pub target: Vec<Piece>,
    /// For each target piece, how much it looks at each source piece (and at the source's end,
    /// last), on no particular scale; empty unless asked for.
    pub attention: Vec<Vec<f32>>,
}

impl Engine {
    /// Takes a compiled model.
    ///
    /// # Errors
    /// [`Error::Tensor`] where it lacks something or cannot be computed with; [`Error::Kernel`]
    /// where the environment names a kernel that this machine does not run.
    pub fn new(model: Compiled) -> Result<Self, Error> {
        limits::check(&model)?;
        let tokenizer = Tokenizer::load(&model)?;
        let prepared = Prepared::of(&model)?;
        Weights::of(&model, &prepared)?;
        Ok(Self {
            model,
            prepared,
            tokenizer,
            kernel: kernels::choose()?,
            profile: Mutex::default(),
        })
    }

    /// The model.
    pub fn model(&self) -> &Compiled {
        &self.model
    }

    /// The tokenizer.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The instruction set that the inner loops use.
    pub fn kernel(&self) -> &'static str {
        self.kernel.name()
    }

    /// What the stages of all translations so far took.
    pub fn profile(&self) -> Profile {
        let profile = self.profile.lock();
        profile.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The most pieces that a sentence may have to be translated as one.
    pub fn longest_sentence(&self) -> usize {
        // One position is the sentence's end.
        self.model.header().config.max_positions - 1
    }

    /// Translates sentences, in order. One without pieces gives an empty text; of one that has
    /// more than [`Engine::longest_sentence`] the rest is not translated. `done` is called with
    /// a sentence's number when it is translated, from any thread.
    ///
    /// # Errors
    /// [`Error::Tensor`] as [`Engine::new`].
    pub fn translate(
        &self,
        sentences: &[&str],
        options: &Options,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Translated>, Error> {
        let weights = Weights::of(&self.model, &self.prepared)?;
        let candidates = if !options.shortlist {
            Candidates::All
        } else if let Some(screen) = Screen::of(&self.model, &weights)? {
            Candidates::Screened(screen)
        } else if let Some(shortlist) = Shortlist::of(&self.model, &self.tokenizer)? {
            Candidates::Listed(shortlist)
        } else {
            Candidates::All
        };
        let mut profile = Profile::default();
        profile.start();
        let mut pieces: Vec<Vec<Piece>> = sentences
            .iter()
            .map(|text| self.tokenizer.encode(text))
            .collect();
        pieces
            .iter_mut()
            .for_each(|pieces| pieces.truncate(self.longest_sentence()));
        // Sentences without pieces do not go through the model.
        let numbers: Vec<usize> = (0..pieces.len())
            .filter(|&n| !pieces[n].is_empty())
            .collect();
        let ended = |&number: &usize| {
            let ids = pieces[number].iter().map(|piece| piece.id);
            ids.chain([weights.config.end]).collect()
        };
        let ids: Vec<Vec<u32>> = numbers.iter().map(ended).collect();
        let finished = |number: usize| done(numbers[number]);
        profile.lap(Stage::Pieces, 0);
        let (outputs, of_batch) =
            batch::translate(&weights, &candidates, self.kernel, &ids, options, &finished);
        profile.start();
        let mut outputs = outputs.into_iter();
        let translated = |source: Vec<Piece>| {
            let output = if source.is_empty() {
                None
            } else {
                outputs.next()
            };
            let Some(output) = output else {
                return Translated {
                    text: String::new(),
                    score: 0.0,
                    source,
                    target: Vec::new(),
                    attention: Vec::new(),
                };
            };
            let (text, target) = self.tokenizer.decode(&output.pieces);
            Translated {
                text,
                score: output.score,
                source,
                target,
                attention: output.attention,
            }
        };
        let translated = pieces.into_iter().map(translated).collect();
        profile.lap(Stage::Text, 0);
        profile.add(&of_batch);
        self.add_profile(&profile);
        Ok(translated)
    }

    fn add_profile(&self, profile: &Profile) {
        let all = self.profile.lock();
        all.unwrap_or_else(PoisonError::into_inner).add(profile);
    }
}
