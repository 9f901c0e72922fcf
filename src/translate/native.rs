//! The translator with our own engine.

use super::jobs::{self, Machine};
use super::{Error, Translation, Translator};
use crate::checksum::Checksum;
use crate::engine::tokenizer::Piece;
use crate::engine::{Engine, Options, Translated};
use crate::language::Language;

/// A compiled model and how to use it.
#[derive(Debug)]
pub struct Native {
    engine: Engine,
    beam_size: usize,
    threads: usize,
    links: bool,
    shortlist: bool,
    retries: bool,
    checksum: String,
}

impl Native {
    /// Translates by `engine`, with word links, with a beam of `beam_size` (1 is greedy) on so
    /// many threads.
    pub fn new(engine: Engine, beam_size: usize, threads: usize) -> Self {
        // The header tells the hash of the data.
        let header = serde_json::to_vec(engine.model().header()).unwrap_or_default();
        Self {
            checksum: Checksum::of(&header).hex(),
            engine,
            beam_size: beam_size.max(1),
            threads: threads.max(1),
            links: true,
            shortlist: true,
            retries: true,
        }
    }

    /// Leaves the word links out, which saves a little time.
    #[must_use]
    pub fn without_links(mut self) -> Self {
        self.links = false;
        self
    }

    /// Has the model choose from its whole vocabulary at every step.
    #[must_use]
    pub fn without_shortlist(mut self) -> Self {
        self.shortlist = false;
        self
    }

    /// Leaves faulty translations as they come, though their faults are told.
    #[must_use]
    pub fn without_retries(mut self) -> Self {
        self.retries = false;
        self
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }
}

impl Translator for Native {
    fn name(&self) -> &str {
        &self.engine.model().header().name
    }

    fn options(&self) -> String {
        let mut options = format!("beam-size {}", self.beam_size);
        if !self.shortlist {
            options.push_str(", no shortlist");
        }
        if !self.retries {
            options.push_str(", no retries");
        }
        options
    }

    fn checksum(&self) -> &str {
        &self.checksum
    }

    fn has_links(&self) -> bool {
        self.links
    }

    fn translate(
        &self,
        sentences: &[&str],
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Translation>, Error> {
        let options = Options {
            beam_size: self.beam_size,
            threads: self.threads,
            shortlist: self.shortlist,
            no_repeat_ngram: 0,
            attention: self.links,
        };
        let mut translations =
            jobs::translate(&self.engine, sentences, &options, self.retries, done)?;
        if !self.links {
            translations
                .iter_mut()
                .for_each(|translation| translation.words.clear());
        }
        Ok(translations)
    }
}

impl Machine for Engine {
    fn languages(&self) -> (&Language, &Language) {
        let header = self.model().header();
        (&header.from, &header.to)
    }

    fn unknown(&self) -> u32 {
        self.model().header().config.unknown
    }

    fn longest_text(&self) -> usize {
        self.longest_sentence()
    }

    fn pieces(&self, text: &str) -> Vec<Piece> {
        self.tokenizer().encode(text)
    }

    fn likelihood(&self, word: &str) -> f32 {
        self.tokenizer().log_probability(word)
    }

    fn translate(
        &self,
        texts: &[&str],
        options: &Options,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Translated>, Error> {
        Ok(Engine::translate(self, texts, options, done)?)
    }
}
