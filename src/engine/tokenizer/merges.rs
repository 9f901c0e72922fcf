//! Cutting text into pieces by merging neighbours, as SentencePiece does with its models of the type
//! BPE, and joining pieces into text: for M2M100 and NLLB, whose numbers of pieces stand in a
//! vocabulary of their own.

use std::collections::{BinaryHeap, HashMap};
use std::ops::Range;

use sentencepiece_model::{SentencePieceModel, Type};

use super::charsmap::Charsmap;
use super::normalizer::Normalizer;
use super::{Piece, push_piece, without_last_spaces};

/// A SentencePiece model of the type BPE with a vocabulary.
#[derive(Debug, Clone)]
pub struct Merges {
    normalizer: Normalizer,
    /// How much each piece is worth to merge.
    scores: HashMap<String, f32>,
    numbers: HashMap<String, u32>,
    texts: HashMap<u32, String>,
    unknown: u32,
}

/// Two neighbours that a piece covers.
#[derive(Debug, PartialEq)]
struct Pair {
    score: f32,
    left: usize,
    right: usize,
    /// One past the last byte: it tells whether the right one was merged since.
    end: usize,
    /// Where the left one ended.
    middle: usize,
}

impl Eq for Pair {}

impl Ord for Pair {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_score = self.score.total_cmp(&other.score);
        // Of equals the leftmost.
        by_score.then_with(|| other.left.cmp(&self.left))
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Neighbours, by number: where each starts and ends, and those before and after it.
#[derive(Debug, Clone)]
struct Symbol {
    bytes: Range<usize>,
    before: Option<usize>,
    after: Option<usize>,
}

impl Merges {
    /// Takes a model of pieces with their numbers and the number of what no piece covers; none where
    /// the model's normalisation rules are cut short.
    pub fn new(
        model: &SentencePieceModel,
        numbers: HashMap<String, u32>,
        unknown: u32,
    ) -> Option<Self> {
        let spec = model.normalizer();
        let rules = spec.map(|spec| spec.precompiled_charsmap());
        let is_text = |kind| matches!(kind, Type::Normal | Type::UserDefined);
        let pieces = model.pieces().iter();
        Some(Self {
            normalizer: Normalizer {
                charsmap: Charsmap::new(rules.unwrap_or_default())?,
                add_dummy_prefix: spec.is_none_or(|spec| spec.add_dummy_prefix()),
                remove_extra_spaces: spec.is_none_or(|spec| spec.remove_extra_whitespaces()),
            },
            scores: pieces
                .filter(|piece| is_text(piece.r#type()))
                .map(|piece| (piece.piece().to_owned(), piece.score()))
                .collect(),
            texts: numbers
                .iter()
                .map(|(text, &number)| (number, text.clone()))
                .collect(),
            numbers,
            unknown,
        })
    }

    /// The number of a piece.
    pub fn number(&self, piece: &str) -> Option<u32> {
        self.numbers.get(piece).copied()
    }

    /// The pieces of `text`; what no piece covers is one unknown piece for each run of it.
    pub fn encode(&self, text: &str) -> Vec<Piece> {
        let normal = self.normalizer.normalize(text);
        let mut pieces: Vec<Piece> = Vec::new();
        let mut was_unknown = false;
        for bytes in self.merged(&normal.text) {
            let is_known = self.scores.contains_key(&normal.text[bytes.clone()]);
            let (start, end) = (normal.origins[bytes.start], normal.origins[bytes.end]);
            match pieces.last_mut() {
                Some(last) if !is_known && was_unknown => last.end = end,
                _ => pieces.push(Piece {
                    id: self
                        .number(&normal.text[bytes])
                        .filter(|_| is_known)
                        .unwrap_or(self.unknown),
                    start,
                    end,
                }),
            }
            was_unknown = !is_known;
        }
        pieces
    }

    /// The stretches of a normalised text that are left when no neighbours can be merged.
    fn merged(&self, text: &str) -> Vec<Range<usize>> {
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let count = starts.len();
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let mut symbols: Vec<Symbol> = starts
            .iter()
            .zip(ends)
            .enumerate()
            .map(|(i, (&start, end))| Symbol {
                bytes: start..end,
                before: i.checked_sub(1),
                after: (i + 1 < count).then_some(i + 1),
            })
            .collect();
        let mut pairs = BinaryHeap::new();
        for left in 0..count.saturating_sub(1) {
            pairs.extend(self.pair(text, &symbols, left));
        }
        while let Some(Pair {
            left,
            right,
            end,
            middle,
            ..
        }) = pairs.pop()
        {
            // One of the two may have been merged with another since, which left it empty or longer.
            let is_left = symbols[left].bytes.end == middle && !symbols[left].bytes.is_empty();
            if !is_left || symbols[right].bytes != (middle..end) {
                continue;
            }
            symbols[left].bytes.end = end;
            symbols[left].after = symbols[right].after;
            symbols[right].bytes = end..end;
            if let Some(after) = symbols[left].after {
                symbols[after].before = Some(left);
            }
            pairs.extend(self.pair(text, &symbols, left));
            if let Some(before) = symbols[left].before {
                pairs.extend(self.pair(text, &symbols, before));
            }
        }
        let left = symbols.into_iter().map(|symbol| symbol.bytes);
        left.filter(|bytes| !bytes.is_empty()).collect()
    }

    /// A stretch with the one after it, if a piece covers both.
    fn pair(&self, text: &str, symbols: &[Symbol], left: usize) -> Option<Pair> {
        let right = symbols[left].after?;
        let (start, middle) = (symbols[left].bytes.start, symbols[left].bytes.end);
        let end = symbols[right].bytes.end;
        let score = *self.scores.get(&text[start..end])?;
        Some(Pair {
            score,
            left,
            right,
            end,
            middle,
        })
    }

    /// The text of pieces, without spaces at its ends, and for each piece the bytes that it gave;
    /// pieces that are not in the model of pieces, such as the end of a sentence, stand for no text.
    pub fn decode(&self, ids: &[u32]) -> (String, Vec<Piece>) {
        let mut text = String::new();
        let mut pieces = Vec::with_capacity(ids.len());
        for &id in ids {
            let written = self.texts.get(&id).map(String::as_str);
            let stands_for_text =
                |piece: &&str| id != self.unknown && self.scores.contains_key(*piece);
            push_piece(id, written.filter(stands_for_text), &mut text, &mut pieces);
        }
        without_last_spaces(text, pieces)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn merges(pieces: &[(&str, f32)]) -> Merges {
        let pieces = pieces.iter().enumerate();
        let (scores, numbers): (HashMap<_, _>, HashMap<_, _>) = pieces
            .map(|(i, &(text, score))| ((text.into(), score), (text.into(), i as u32 + 1)))
            .unzip();
        Merges {
            normalizer: Normalizer {
                charsmap: Charsmap::default(),
                add_dummy_prefix: true,
                remove_extra_spaces: true,
            },
            texts: numbers
                .iter()
                .map(|(text, &id): (&String, &u32)| (id, text.clone()))
                .collect(),
            scores,
            numbers,
            unknown: 0,
        }
    }

    fn letters() -> Merges {
        let merged = [
            ("▁l", -0.0),
            ("es", -1.0),
            ("▁les", -2.0),
            ("ab", -3.0),
            ("ss", -4.0),
        ];
        let single = ["▁", "l", "e", "s", "a", "b"].map(|letter| (letter, -9.0));
        merges(&[&merged[..], &single].concat())
    }

    #[test]
    fn the_best_pair_is_merged_first_and_of_equals_the_leftmost() {
        let merges = letters();
        let told = |text: &str| -> Vec<String> {
            let pieces = merges.encode(text);
            pieces
                .iter()
                .map(|piece| format!("{}:{}", piece.id, &text[piece.start..piece.end]))
                .collect()
        };
        assert_eq!(told("les"), ["3:les"]);
        assert_eq!(told("les less"), ["3:les", "3: les", "9:s"]);
        assert_eq!(told("sss"), ["6:", "5:ss", "9:s"]);
        assert_eq!(told("abxya"), ["6:", "4:ab", "0:xy", "10:a"]);
        assert!(told(" ").is_empty());
        assert_eq!(merges.decode(&[3, 0, 99, 3, 9]).0, "les less");
    }

    proptest! {
        #[test]
        fn pieces_tile_the_text_and_give_it_back(text in "([lesab]{1,9} ?){0,20}") {
            let merges = letters();
            let text = text.trim_end();
            let pieces = merges.encode(text);
            let mut end = 0;
            for piece in &pieces {
                prop_assert_eq!(piece.start, end);
                end = piece.end;
            }
            prop_assert_eq!(end, text.len());
            let ids: Vec<u32> = pieces.iter().map(|piece| piece.id).collect();
            prop_assert_eq!(merges.decode(&ids).0, text);
        }
    }
}
