//! Cutting target text into the pieces of a model: for translations that are given.
//!
//! A compiled model has the table of the source's pieces alone. Where both languages share it, it
//! serves the target too. Else the pieces of the vocabulary do, which stand in the order of their
//! frequency: how likely one is follows from its place (Zipf's law), and the likeliest way to cut a
//! text is very nearly that of the model's own table.

use super::unigram::Unigram;
use super::{Piece, Tokenizer};
use crate::model::trie::Trie;

/// What Mandelbrot adds to a place in Zipf's law.
const OFFSET: f32 = 2.7;

impl Tokenizer {
    /// The pieces of a target `text`, without the one that ends a sentence.
    pub fn encode_target(&self, text: &str) -> Vec<Piece> {
        let own = || (!self.serves_the_target()).then(|| self.of_vocabulary());
        let Some(unigram) = self.target.get_or_init(own) else {
            return self.encode(text);
        };
        let normal = self.normalizer.normalize(text);
        let segments = unigram.segment(&normal.text).into_iter();
        segments
            .map(|segment| Piece {
                id: segment.piece.unwrap_or(self.unknown),
                start: normal.origins[segment.range.start],
                end: normal.origins[segment.range.end],
            })
            .collect()
    }

    /// Whether the source's table is the target's too.
    fn serves_the_target(&self) -> bool {
        let is_its_own = |(place, &id): (usize, &u32)| place as u32 == id;
        self.shared && self.ids.iter().enumerate().all(is_its_own)
    }

    fn of_vocabulary(&self) -> Unigram {
        let count = self.vocabulary.sorted.len();
        let harmonic = (count as f32 + OFFSET).ln() - OFFSET.ln();
        let score = |place: usize| -(place as f32 + OFFSET).ln() - harmonic.ln();
        let scores: Vec<f32> = (0..count).map(score).collect();
        let has_text =
            |id: &u32| !self.silent.contains(id) && !self.vocabulary.bytes.contains_key(id);
        let pieces = (0..count as u32).filter(has_text);
        let text = |id: u32| self.vocabulary.text(id).as_bytes().to_vec();
        Unigram {
            trie: Trie::new(pieces.map(|id| (text(id), id))),
            lowest_score: scores.last().copied().unwrap_or(0.0),
            scores,
        }
    }
}
