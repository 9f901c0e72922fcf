//! How much the words of a translation look at those of its source.

use std::ops::Range;

use super::texts::Shown;
use crate::engine::forced::{Given, Scored};
use crate::engine::tokenizer::Piece;

/// For each word that a model is given to produce, how much it looks at each word that it reads:
/// a row each, which adds up to 1, or 0 where it looks at none.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shares {
    /// Row-major.
    pub numbers: Vec<f32>,
    pub rows: usize,
    pub columns: usize,
}

impl Shares {
    /// Takes the attention of pieces together to that of words.
    pub fn new(read: &Shown, made: &Shown, given: &Given, scored: &Scored) -> Self {
        let (rows, columns) = (made.words.len(), read.words.len());
        let mut numbers = vec![0.0; rows * columns];
        let homes = |shown: &Shown, pieces: &[Piece]| -> Vec<Range<usize>> {
            let home = |piece: &Piece| home(&shown.words, piece, &shown.text);
            pieces.iter().map(home).collect()
        };
        let of_read = homes(read, &given.source);
        let of_made = homes(made, &given.target);
        let attention = scored.attention.chunks_exact(given.source.len() + 1);
        for (words, seen) in of_made.into_iter().zip(attention) {
            for word in words {
                let row = &mut numbers[word * columns..][..columns];
                for (homes, share) in of_read.iter().zip(seen) {
                    for home in homes.clone() {
                        row[home] += share;
                    }
                }
            }
        }
        for row in numbers.chunks_exact_mut(columns.max(1)) {
            let total: f32 = row.iter().sum();
            if total > 0.0 {
                row.iter_mut().for_each(|share| *share /= total);
            }
        }
        Self {
            numbers,
            rows,
            columns,
        }
    }

    pub fn get(&self, row: usize, column: usize) -> f32 {
        self.numbers[row * self.columns + column]
    }
}

/// The words that a piece is of; mostly one, or none for what lies between words.
fn home(words: &[Range<usize>], piece: &Piece, text: &str) -> Range<usize> {
    let bytes = &text[piece.start..piece.end];
    let start = piece.end - bytes.trim_start().len();
    let first = words.partition_point(|word| word.end <= start);
    let after = words[first..].partition_point(|word| word.start < piece.end);
    first..first + after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_go_to_the_words_that_they_share_bytes_with() {
        let text = "l' homme, oui";
        let words = [0..2, 3..8, 10..13];
        let piece = |start, end| Piece { id: 0, start, end };
        assert_eq!(home(&words, &piece(0, 1), text), 0..1);
        assert_eq!(home(&words, &piece(2, 6), text), 1..2);
        assert_eq!(home(&words, &piece(8, 9), text), 2..2);
        assert_eq!(home(&words, &piece(2, 2), text), 1..1);
        assert_eq!(home(&words, &piece(0, 8), text), 0..2);
    }
}
