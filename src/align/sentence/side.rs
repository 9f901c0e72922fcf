//! What is known of the sentences of one of two texts before they are compared.

use std::ops::Range;

use super::vectors::Runs;

/// The sentences of a text.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// Code points and one space of all sentences before each, and of all.
    lengths: Vec<f64>,
    /// Their pieces, or stems of their words where there is no encoder.
    pub pieces: Vec<Vec<u32>>,
    /// The vectors of runs of them.
    pub runs: Runs,
    /// For each whether it is known to have no counterpart.
    pub alone: Vec<bool>,
    /// For each whether it opens a paragraph.
    pub opens: Vec<bool>,
}

impl Side {
    /// Takes the sentences, none of which is empty, with their pieces and vectors.
    pub fn new(sentences: &[&str], pieces: Vec<Vec<u32>>, runs: Runs) -> Self {
        let mut lengths = vec![0.0];
        let mut sum = 0.0;
        for sentence in sentences {
            sum += sentence.chars().count() as f64 + 1.0;
            lengths.push(sum);
        }
        Self {
            lengths,
            alone: vec![false; pieces.len()],
            opens: vec![false; pieces.len()],
            pieces,
            runs,
        }
    }

    /// How many sentences there are.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// A part of the text by itself.
    pub fn slice(&self, range: Range<usize>) -> Self {
        Self {
            lengths: self.lengths[range.start..=range.end].to_vec(),
            pieces: self.pieces[range.clone()].to_vec(),
            alone: self.alone[range.clone()].to_vec(),
            opens: self.opens[range.clone()].to_vec(),
            runs: self.runs.slice(range),
        }
    }

    /// Whether a sentence of a run, given as its first and its length, is known to have no counterpart.
    pub fn holds_one_alone(&self, (start, length): (usize, usize)) -> bool {
        self.alone[start..start + length].contains(&true)
    }

    /// Code points of a run.
    pub fn length(&self, run: &Range<usize>) -> f64 {
        self.lengths[run.end] - self.lengths[run.start]
    }
}
