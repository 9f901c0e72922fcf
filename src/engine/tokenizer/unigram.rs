//! The best way to cut a text into pieces: the one whose pieces' log-probabilities add up to the
//! most (Kudo 2018), found by the Viterbi algorithm.

use std::ops::Range;

use crate::model::trie::Trie;

/// How much less a character scores that no piece covers than the worst piece.
const UNKNOWN_PENALTY: f32 = 10.0;

/// The pieces of a model and their scores. Scores are added and compared in f32, as SentencePiece
/// does since its release 0.2.3: where two ways score the same but for rounding, that decides.
#[derive(Debug, Clone)]
pub(super) struct Unigram {
    pub trie: Trie,
    pub scores: Vec<f32>,
    pub lowest_score: f32,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// The piece; none for a run of characters that no piece covers.
    pub piece: Option<u32>,
    /// The bytes of the text.
    pub range: Range<usize>,
}

/// The best way to a place of the text.
#[derive(Clone, Copy)]
struct Best {
    piece: Option<u32>,
    score: f32,
    start: usize,
}

impl Unigram {
    /// The sum of the scores of the parts of `text`.
    pub fn score(&self, text: &str) -> f32 {
        let score = |segment: Segment| {
            let known = segment
                .piece
                .and_then(|piece| self.scores.get(piece as usize));
            known
                .copied()
                .unwrap_or(self.lowest_score - UNKNOWN_PENALTY)
        };
        self.segment(text).into_iter().map(score).sum()
    }

    /// The parts of `text`, which joined give it back.
    pub fn segment(&self, text: &str) -> Vec<Segment> {
        let mut best: Vec<Option<Best>> = vec![None; text.len() + 1];
        let unknown_score = self.lowest_score - UNKNOWN_PENALTY;
        for (start, character) in text.char_indices() {
            let so_far = best[start].map_or(0.0, |best| best.score);
            let mut has_character = false;
            for (length, piece) in self.trie.prefixes(&text.as_bytes()[start..]) {
                let Some(score) = self.scores.get(piece as usize) else {
                    continue;
                };
                let score = score + so_far;
                let place = &mut best[start + length];
                if place.is_none_or(|other| score > other.score) {
                    *place = Some(Best {
                        piece: Some(piece),
                        score,
                        start,
                    });
                }
                has_character |= length == character.len_utf8();
            }
            let place = &mut best[start + character.len_utf8()];
            let score = unknown_score + so_far;
            if !has_character && place.is_none_or(|other| score > other.score) {
                *place = Some(Best {
                    piece: None,
                    score,
                    start,
                });
            }
        }
        let mut segments: Vec<Segment> = Vec::new();
        let mut end = text.len();
        while let Some(Best { piece, start, .. }) = best[end] {
            match segments.last_mut() {
                // A run of unknown characters is one unknown piece.
                Some(Segment { piece: None, range }) if piece.is_none() => range.start = start,
                _ => segments.push(Segment {
                    piece,
                    range: start..end,
                }),
            }
            end = start;
        }
        segments.reverse();
        segments
    }
}
