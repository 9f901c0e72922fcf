//! Lists of words that rules look at.

use std::sync::OnceLock;

use super::keys::{FastSet, key};

/// A list of words, written with white space between them.
pub(super) struct WordList {
    written: &'static str,
    words: OnceLock<FastSet<u64>>,
}

impl WordList {
    pub const fn new(written: &'static str) -> Self {
        Self {
            written,
            words: OnceLock::new(),
        }
    }

    pub fn contains(&self, word: &str) -> bool {
        let words = || self.iter().map(key).collect();
        self.words.get_or_init(words).contains(&key(word))
    }

    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.written.split_whitespace()
    }
}
