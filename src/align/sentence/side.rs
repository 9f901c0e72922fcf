//! What is known of the sentences of one of two texts before they are compared.

use std::ops::Range;

use super::vectors::Runs;

/// How a sentence ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// A full stop or an ellipsis.
    Stop,
    /// A question mark.
    Question,
    /// An exclamation mark.
    Exclamation,
    Colon,
    Semicolon,
    Comma,
    /// No mark.
    Open,
}

impl End {
    fn of(sentence: &str) -> Self {
        match sentence.trim_end_matches(CLOSING).chars().next_back() {
            Some('.' | '…' | '。') => Self::Stop,
            Some('?' | '？' | '؟') => Self::Question,
            Some('!' | '！') => Self::Exclamation,
            Some(':') => Self::Colon,
            Some(';' | '؛') => Self::Semicolon,
            Some(',' | '،') => Self::Comma,
            _ => Self::Open,
        }
    }

    /// Whether a sentence seldom ends so.
    pub fn is_weak(self) -> bool {
        !matches!(self, Self::Stop | Self::Question | Self::Exclamation)
    }
}

const CLOSING: [char; 8] = ['»', '"', '”', '’', '\'', ')', ']', ' '];
const OPENING: [char; 12] = [
    '«', '"', '“', '‘', '\'', '(', '[', '—', '–', '-', ' ', '\u{a0}',
];

/// The sentences of a text.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// How each ends.
    pub ends: Vec<End>,
    /// Whether each begins in lower case.
    pub goes_on: Vec<bool>,
    /// Code points and one space of all sentences before each, and of all.
    pub lengths: Vec<f64>,
    /// Question marks, counted likewise.
    questions: Vec<u32>,
    /// Exclamation marks, counted likewise.
    exclamations: Vec<u32>,
    /// Their pieces, or what stands for them where there is no encoder.
    pub pieces: Vec<Vec<u32>>,
    /// The vectors of runs of them.
    pub runs: Runs,
}

impl Side {
    /// Takes the sentences, none of which is empty, with their pieces and vectors.
    pub fn new(sentences: &[&str], pieces: Vec<Vec<u32>>, runs: Runs) -> Self {
        let opens_low = |sentence: &str| {
            let first = sentence.trim_start_matches(OPENING).chars().next();
            first.is_some_and(char::is_lowercase)
        };
        let count = |marks: [char; 2]| {
            let counts = sentences.iter().map(|s| s.matches(marks).count() as u32);
            sums(counts, 0, |sum, count| sum + count)
        };
        let lengths = sentences.iter().map(|s| s.chars().count() as f64 + 1.0);
        Self {
            ends: sentences.iter().map(|sentence| End::of(sentence)).collect(),
            goes_on: sentences
                .iter()
                .map(|sentence| opens_low(sentence))
                .collect(),
            lengths: sums(lengths, 0.0, |sum, length| sum + length),
            questions: count(['?', '？']),
            exclamations: count(['!', '！']),
            pieces,
            runs,
        }
    }

    /// How many sentences there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A part of the text by itself.
    pub fn slice(&self, range: Range<usize>) -> Self {
        let edges = range.start..range.end + 1;
        Self {
            ends: self.ends[range.clone()].to_vec(),
            goes_on: self.goes_on[range.clone()].to_vec(),
            lengths: self.lengths[edges.clone()].to_vec(),
            questions: self.questions[edges.clone()].to_vec(),
            exclamations: self.exclamations[edges].to_vec(),
            pieces: self.pieces[range.clone()].to_vec(),
            runs: self.runs.slice(range),
        }
    }

    /// Code points of a run.
    pub fn length(&self, run: &Range<usize>) -> f64 {
        self.lengths[run.end] - self.lengths[run.start]
    }

    /// Question marks in a run.
    pub fn questions(&self, run: &Range<usize>) -> u32 {
        self.questions[run.end] - self.questions[run.start]
    }

    /// Exclamation marks in a run.
    pub fn exclamations(&self, run: &Range<usize>) -> u32 {
        self.exclamations[run.end] - self.exclamations[run.start]
    }
}

/// `start`, and what it becomes with each item.
fn sums<T: Copy>(items: impl Iterator<Item = T>, start: T, add: impl Fn(T, T) -> T) -> Vec<T> {
    let mut sums = vec![start];
    let mut sum = start;
    for item in items {
        sum = add(sum, item);
        sums.push(sum);
    }
    sums
}
