//! How often words stand in texts, so that patterns are looked up by rare ones.

use crate::terms::keys::{FastMap, key};
use crate::terms::pattern::Wording;

/// The most frequent words of a language, the most frequent first: by news and paragraphs of opinion
/// together.
const FRENCH: &str = include_str!("fr.frequent");
const ENGLISH: &str = include_str!("en.frequent");

/// The part of a text's words that the most frequent one is; the word of rank *n* is one *n*-th of it
/// (Zipf 1949).
const MOST: f64 = 0.1;

/// The part that a word is which is not listed.
const RARE: f64 = 1e-5;

/// The parts of a text's words that words are.
pub(super) struct Frequencies(FastMap<u64, f64>);

impl Frequencies {
    /// Of words of this wording.
    pub fn of(wording: Wording) -> Self {
        let list = match wording {
            Wording::French => FRENCH,
            Wording::English | Wording::Rendering => ENGLISH,
        };
        let words = list.split_whitespace().zip(1u32..);
        Self(
            words
                .map(|(word, rank)| (key(word), MOST / f64::from(rank)))
                .collect(),
        )
    }

    /// Of the word with this number.
    pub fn get(&self, word: u64) -> f64 {
        self.0.get(&word).copied().unwrap_or(RARE)
    }
}
