//! What is told of a paragraph: which words, word pairs and letter sequences it holds, its form,
//! and its finds. `scripts/train-triage.py` computes the same.

use super::Weight;
use crate::bitext::Severity;
use crate::checksum::Fnv1a;
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
    /// The places of its words and letter sequences, each once.
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
    let mut places = Places::new(bits, text.len());
    let kind = |kind: u8| Fnv1a::default().with(&[kind]);
    let mut padded = String::new();
    let mut starts = Vec::new();
    for (at, word) in words.iter().enumerate() {
        places.add(kind(b'w').with(word.as_bytes()));
        if let Some(next) = words.get(at + 1) {
            let first = kind(b'p').with(word.as_bytes());
            places.add(first.with(b" ").with(next.as_bytes()));
        }
        padded.clear();
        padded.push(' ');
        padded.push_str(word);
        padded.push(' ');
        starts.clear();
        starts.extend(padded.char_indices().map(|(start, _)| start));
        starts.push(padded.len());
        for first in 0..starts.len() {
            // A longer sequence goes on where the shorter one ends.
            let (mut hash, mut from) = (kind(b'l'), starts[first]);
            let ends = starts.iter().enumerate().skip(first + LETTERS.start());
            for (_, &end) in ends.take_while(|(last, _)| last - first <= *LETTERS.end()) {
                hash = hash.with(&padded.as_bytes()[from..end]);
                from = end;
                places.add(hash);
            }
        }
    }
    Features {
        dense: dense(text, &words, finds),
        places: places.all,
    }
}

/// Places below two to `bits`, each once.
struct Places {
    bits: u32,
    /// A bit for each place.
    held: Vec<u64>,
    all: Vec<u32>,
}

impl Places {
    fn new(bits: u32, bytes: usize) -> Self {
        Self {
            bits,
            held: vec![0; (1 << bits) / 64],
            all: Vec::with_capacity(bytes * 3),
        }
    }

    /// Adds the place that a hash folds to.
    fn add(&mut self, Fnv1a(hash): Fnv1a) {
        let place = (hash ^ hash >> 15) & ((1 << self.bits) - 1);
        let (word, bit) = (&mut self.held[place as usize / 64], 1 << (place % 64));
        if *word & bit == 0 {
            *word |= bit;
            self.all.push(place);
        }
    }
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
