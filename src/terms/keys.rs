//! Numbers for words, so that words are compared and looked up as numbers.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use foldhash::fast::FixedState;

/// A map that is quick with short words and small numbers.
pub(super) type FastMap<K, V> = HashMap<K, V, FixedState>;

/// A set that is quick with short words.
pub(super) type FastSet<T> = HashSet<T, FixedState>;

/// The number of a word: equal words have equal numbers, others hardly ever the same.
pub(super) fn key(word: &str) -> u64 {
    FixedState::default().hash_one(word)
}

/// Classes that words fall into by their number, a bit each.
pub(super) type Classes = u128;

/// The class of a word by its number.
pub(super) fn class(key: u64) -> Classes {
    1 << (key >> 57)
}
