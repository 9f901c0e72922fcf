//! What is known of the sentences of one of two texts before they are compared.

use std::ops::Range;

use super::vectors::Runs;

/// The sentences of a text.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// Code points and one space of all sentences before each, and of all.
    lengths: Vec<f64>,
    /// Their pieces, or what stands for them where there is no encoder.
    pub pieces: Vec<Vec<u32>>,
    /// The vectors of runs of them.
    pub runs: Runs,
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
            runs: self.runs.slice(range),
        }
    }

    /// Code points of a run.
    pub fn length(&self, run: &Range<usize>) -> f64 {
        self.lengths[run.end] - self.lengths[run.start]
    }
}
