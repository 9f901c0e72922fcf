//! What is told of a paragraph: which words, word pairs and letter sequences it holds, its form,
//! and its finds. `scripts/train-triage.py` computes the same.

use super::Weight;
use crate::bitext::Severity;
use crate::checksum::fnv1a;
use crate::text::{normalise, words};

/// How many numbers stand beside the hashed words.
pub(super) const DENSE: usize = 24;

/// The categories whose finds are counted; others count with the severities alone.
const CATEGORIES: [&str; 10] = [
    "distancing",
    "insinuation",
    "evaluation",
    "label",
    "attribution",
    "intensifier",
    "euphemism",
    "conflict",
    "appeal",
    "scare-quotes",
];

/// Lengths of letter sequences, with the blanks around a word.
const LETTERS: std::ops::RangeInclusive<usize> = 3..=5;

/// A paragraph as the regression sees it.
pub(super) struct Features {
    /// The places of its words and letter sequences, each once, sorted.
    pub places: Vec<u32>,
    /// Its form and its finds.
    pub dense: [f32; DENSE],
}

/// What is told of `text`; places lie below two to the `bits`.
pub(super) fn of(text: &str, finds: &[Weight], bits: u32) -> Features {
    let words: Vec<String> = words(text)
        .into_iter()
        .map(|w| normalise(&text[w]))
        .collect();
    let mut places = Vec::with_capacity(text.len() * 3);
    let mut padded = String::new();
    let mut starts = Vec::new();
    for (at, word) in words.iter().enumerate() {
        places.push(place(b'w', [word.as_bytes()], bits));
        if let Some(next) = words.get(at + 1) {
            places.push(place(b'p', [word.as_bytes(), b" ", next.as_bytes()], bits));
        }
        padded.clear();
        padded.push(' ');
        padded.push_str(word);
        padded.push(' ');
        starts.clear();
        starts.extend(padded.char_indices().map(|(start, _)| start));
        starts.push(padded.len());
        for length in LETTERS {
            for window in starts.windows(length + 1) {
                let letters = &padded.as_bytes()[window[0]..window[length]];
                places.push(place(b'l', [letters], bits));
            }
        }
    }
    places.sort_unstable();
    places.dedup();
    Features {
        places,
        dense: dense(text, &words, finds),
    }
}

/// FNV-1a of a kind and parts, folded to `bits`.
fn place<const N: usize>(kind: u8, parts: [&[u8]; N], bits: u32) -> u32 {
    let parts = parts.into_iter().flatten().copied();
    let hash = fnv1a(std::iter::once(kind).chain(parts));
    (hash ^ hash >> 15) & ((1 << bits) - 1)
}

fn dense(text: &str, words: &[String], finds: &[Weight]) -> [f32; DENSE] {
    let mut dense = [0.0; DENSE];
    let count = words.len() as f32;
    let characters = text.chars().count().max(1) as f32;
    let marks = |wanted: &[char], most: usize| {
        let held = text.chars().filter(|c| wanted.contains(c)).count();
        held.min(most) as f32
    };
    let share = |is: fn(&char) -> bool| text.chars().filter(is).count() as f32 / characters;
    let letters: usize = words.iter().map(|w| w.chars().count()).sum();
    dense[0] = (1.0 + count).ln();
    dense[1] = count.min(150.0) / 150.0;
    dense[2] = marks(&['!'], 3);
    dense[3] = marks(&['?'], 3);
    dense[4] = marks(&['«', '“', '"', '„'], 4);
    dense[5] = marks(&['…'], 2);
    dense[6] = marks(&[','], 10);
    dense[7] = marks(&[';', ':'], 4);
    dense[8] = share(char::is_ascii_digit);
    dense[9] = share(|c| c.is_uppercase());
    dense[10] = letters as f32 / count.max(1.0);
    for &(severity, category) in finds {
        let severity = match severity {
            Severity::Low => 11,
            Severity::Medium => 12,
            Severity::High => 13,
        };
        dense[severity] += 1.0;
        if let Some(at) = CATEGORIES.iter().position(|c| *c == category) {
            dense[14 + at] += 1.0;
        }
    }
    for value in &mut dense[11..] {
        *value = (1.0 + *value).ln();
    }
    dense
}
