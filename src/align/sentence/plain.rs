//! What stands for pieces and vectors where there is no encoder: stems of words; and numbers, names
//! and cognates.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::vectors::{LONGEST_RUN, Runs, Vectors};
use crate::checksum::fnv1a;
use crate::text::{normalise, words};

/// Numbers in a vector.
const WIDTH: usize = 512;
/// Letters at a word's start that cognates share.
const SHARED: usize = 4;
/// Letters of a word's stem, at most.
const STEM: usize = 6;
/// Numbers in the vector of a stem.
pub const EMBEDDING: usize = 256;

/// What other languages may share of the words of a sentence.
pub fn keys(sentence: &str) -> Vec<u32> {
    let word = |range: std::ops::Range<usize>| normalise(&sentence[range]);
    words(sentence)
        .into_iter()
        .map(word)
        .filter_map(|word| key(&word))
        .collect()
}

/// What a dictionary is learnt of: all words of a sentence, by their first letters, so that most
/// inflected forms fall together.
pub fn stems(sentence: &str) -> Vec<u32> {
    let stem = |range: std::ops::Range<usize>| {
        let word = normalise(&sentence[range]);
        let stem: String = letters(&word).take(STEM).collect();
        fnv1a(stem.bytes())
    };
    words(sentence).into_iter().map(stem).collect()
}

/// Adds a vector of a stem's own, far from that of any other.
pub fn embed(stem: u32, numbers: &mut Vec<f32>) {
    for place in 0..EMBEDDING / 32 {
        let bits = fnv1a([stem.to_le_bytes(), (place as u32).to_le_bytes()].concat());
        numbers.extend((0..32).map(|bit| if bits >> bit & 1 == 0 { 1.0 } else { -1.0 }));
    }
}

/// A word's letters and figures without their marks.
fn letters(word: &str) -> impl Iterator<Item = char> {
    word.nfd()
        .filter(|&c| !is_combining_mark(c) && c.is_alphanumeric())
}

/// The key of a word: all of a number, the first letters of a word without their marks; none for
/// short words, which are alike by chance.
fn key(word: &str) -> Option<u32> {
    let letters = letters(word);
    let key: String = if word.contains(|c: char| c.is_ascii_digit()) {
        letters.collect()
    } else {
        let start: String = letters.take(SHARED).collect();
        (start.chars().count() == SHARED).then_some(start)?
    };
    Some(fnv1a(key.bytes()))
}

/// How much each key tells: `tells` is given how many sentences there are for one that has it.
pub fn importance(texts: [&[Vec<u32>]; 2], tells: fn(f32) -> f32) -> HashMap<u32, f32> {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    let total = texts.iter().map(|sentences| sentences.len()).sum::<usize>() as f32;
    for sentence in texts.into_iter().flatten() {
        let mut keys = sentence.clone();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .map(|(key, count)| (key, tells(total / count as f32)))
        .collect()
}

/// The vectors of runs of sentences, given as their keys.
pub(super) fn runs(sentences: &[Vec<u32>], importance: &HashMap<u32, f32>) -> Runs {
    let vector = |run: &[Vec<u32>]| {
        let mut vector = [0.0; WIDTH];
        for key in run.iter().flatten() {
            let sign = if key >> 31 == 0 { 1.0 } else { -1.0 };
            let weight = importance.get(key).copied().unwrap_or(0.0);
            vector[*key as usize % WIDTH] += sign * weight;
        }
        vector
    };
    let by_length = (1..=LONGEST_RUN).map(|length| {
        let mut vectors = Vectors::new(WIDTH);
        for run in sentences.windows(length) {
            vectors.push(&vector(run));
        }
        vectors
    });
    Runs {
        by_length: by_length.collect(),
    }
}
