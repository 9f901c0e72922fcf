//! What a translation shares with its source whatever the languages: its length, its numbers, and
//! that it repeats itself no more than the source does. Faults of a translator and the checks of
//! the terms phase are told by these.

pub mod length;
pub mod number_words;
pub mod numerals;
pub mod repetition;

use std::ops::Range;

use crate::text::{normalise, words};

/// One of two texts that are compared.
#[derive(Debug)]
pub struct Side<'t> {
    /// The text.
    pub text: &'t str,
    /// Its words, as [`words`] counts them.
    pub words: Vec<Word>,
}

/// A word and how it is compared.
#[derive(Debug)]
pub struct Word {
    /// Its place in the text.
    pub bytes: Range<usize>,
    /// Lower case, composed, straight apostrophes.
    pub plain: String,
}

impl<'t> Side<'t> {
    /// Finds the words of `text`.
    pub fn new(text: &'t str) -> Self {
        let word = |bytes: Range<usize>| Word {
            plain: normalise(&text[bytes.clone()]),
            bytes,
        };
        Self {
            text,
            words: words(text).into_iter().map(word).collect(),
        }
    }

    /// The text of a word as written.
    pub fn written(&self, word: &Word) -> &'t str {
        &self.text[word.bytes.clone()]
    }
}
