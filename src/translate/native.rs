//! The translator with our own engine.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;

use super::links::{Attended, word_links};
use super::wrap::wrap;
use super::{Error, Translation, Translator};
use crate::engine::{self, Engine};
use crate::text::words;

/// Pieces of the longest part that is translated as one. The model has more positions, but was
/// trained on few sentences that long.
const LONGEST: usize = 200;

/// A compiled model and how to use it.
#[derive(Debug)]
pub struct Native {
    engine: Engine,
    beam_size: usize,
    threads: usize,
    links: bool,
    shortlist: bool,
}

impl Native {
    /// Translates by `engine`, with word links, with a beam of `beam_size` (1 is greedy) on so
    /// many threads.
    pub fn new(engine: Engine, beam_size: usize, threads: usize) -> Self {
        Self {
            engine,
            beam_size: beam_size.max(1),
            threads: threads.max(1),
            links: true,
            shortlist: true,
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
        format!("beam-size {}", self.beam_size)
    }

    fn translate(
        &self,
        sentences: &[&str],
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Translation>, Error> {
        let jobs = Jobs::new(sentences, &self.engine);
        // A sentence is done when the last of its parts is.
        let left: Vec<usize> = jobs.distinct.iter().map(|job| job.parts.len()).collect();
        let left = Mutex::new(left);
        let part_done = |part: usize| {
            let job = jobs.owners[part];
            let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
            left[job] -= 1;
            if left[job] == 0 {
                drop(left);
                jobs.distinct[job]
                    .numbers
                    .iter()
                    .for_each(|&number| done(number));
            }
        };
        let options = engine::Options {
            beam_size: self.beam_size,
            threads: self.threads,
            shortlist: self.shortlist,
            attention: self.links,
        };
        let mut parts = self
            .engine
            .translate(&jobs.parts, &options, &part_done)?
            .into_iter();
        let mut translations: Vec<Option<Translation>> = vec![None; sentences.len()];
        for job in &jobs.distinct {
            let translation = if job.parts.is_empty() {
                job.numbers.iter().for_each(|&number| done(number));
                Translation::passed_through(job.text)
            } else {
                join(job, parts.by_ref().take(job.parts.len()).collect())
            };
            for &number in &job.numbers {
                translations[number] = Some(translation.clone());
            }
        }
        Ok(translations.into_iter().flatten().collect())
    }
}

/// Sentences as the engine gets them: each distinct one once, the long ones in parts.
struct Jobs<'s> {
    distinct: Vec<Job<'s>>,
    /// Of all jobs, one after the other.
    parts: Vec<&'s str>,
    /// The number of each part's job.
    owners: Vec<usize>,
}

/// A distinct sentence.
struct Job<'s> {
    text: &'s str,
    /// Where it stands among the sentences.
    numbers: Vec<usize>,
    /// The bytes at which its parts start; none where there is nothing to translate.
    parts: Vec<usize>,
}

impl<'s> Jobs<'s> {
    fn new(sentences: &[&'s str], engine: &Engine) -> Self {
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut jobs = Self {
            distinct: Vec::new(),
            parts: Vec::new(),
            owners: Vec::new(),
        };
        for (number, &text) in sentences.iter().enumerate() {
            let new = jobs.distinct.len();
            let place = *places.entry(text).or_insert(new);
            if place == new {
                jobs.add(text, engine);
            }
            jobs.distinct[place].numbers.push(number);
        }
        jobs
    }

    fn add(&mut self, text: &'s str, engine: &Engine) {
        let mut starts = Vec::new();
        // Punctuation alone stays as it is: the model would invent something.
        if !words(text).is_empty() {
            let limit = LONGEST.min(engine.longest_sentence());
            for part in wrap(text, &engine.tokenizer().encode(text), limit) {
                starts.push(part.start);
                self.parts.push(&text[part]);
                self.owners.push(self.distinct.len());
            }
        }
        self.distinct.push(Job {
            text,
            numbers: Vec::new(),
            parts: starts,
        });
    }
}

/// A sentence's translation from those of its parts.
fn join(job: &Job<'_>, parts: Vec<engine::Translated>) -> Translation {
    let mut text = String::new();
    let mut attended = Vec::new();
    let (mut score, mut pieces) = (0.0, 0);
    for (part, &start) in parts.into_iter().zip(&job.parts) {
        if !text.is_empty() && !part.text.is_empty() {
            text.push(' ');
        }
        let shift = text.len();
        text.push_str(&part.text);
        score += part.score * part.target.len() as f32;
        pieces += part.target.len();
        attended.push(Attended {
            source: part
                .source
                .iter()
                .map(|p| p.start + start..p.end + start)
                .collect(),
            target: part
                .target
                .iter()
                .map(|p| p.start + shift..p.end + shift)
                .collect(),
            attention: part.attention,
        });
    }
    if text.trim().is_empty() {
        return Translation::passed_through(job.text);
    }
    Translation {
        words: word_links(job.text, &text, &attended),
        text,
        score: Some(score / pieces.max(1) as f32),
    }
}
