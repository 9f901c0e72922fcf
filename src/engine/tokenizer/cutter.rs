//! Cutting text into the pieces of a SentencePiece model by itself, without a translation model.

use sentencepiece_model::{SentencePieceModel, Type};

use super::charsmap::Charsmap;
use super::normalizer::Normalizer;
use super::unigram::Unigram;
use crate::model::trie::Trie;

/// A SentencePiece model, ready to cut text.
#[derive(Debug, Clone)]
pub struct Cutter {
    normalizer: Normalizer,
    unigram: Unigram,
    unknown: u32,
}

impl Cutter {
    /// Takes a unigram model; none where its normalisation rules are cut short.
    pub fn new(model: &SentencePieceModel) -> Option<Self> {
        let pieces = model.pieces();
        let numbered = || (0u32..).zip(pieces);
        let is_text = |kind| matches!(kind, Type::Normal | Type::UserDefined);
        let in_text = numbered().filter(|(_, piece)| is_text(piece.r#type()));
        let normal = pieces.iter().filter(|piece| piece.r#type() == Type::Normal);
        let unknown = numbered().find(|(_, piece)| piece.r#type() == Type::Unknown);
        let spec = model.normalizer();
        let rules = spec.map(|spec| spec.precompiled_charsmap());
        Some(Self {
            normalizer: Normalizer {
                charsmap: Charsmap::new(rules.unwrap_or_default())?,
                add_dummy_prefix: spec.is_none_or(|spec| spec.add_dummy_prefix()),
                remove_extra_spaces: spec.is_none_or(|spec| spec.remove_extra_whitespaces()),
            },
            unigram: Unigram {
                trie: Trie::new(in_text.map(|(i, piece)| (piece.piece().as_bytes().to_vec(), i))),
                scores: pieces.iter().map(|piece| piece.score()).collect(),
                lowest_score: normal.fold(0.0, |lowest: f32, piece| lowest.min(piece.score())),
            },
            unknown: unknown.map_or(0, |(number, _)| number),
        })
    }

    /// The numbers of the pieces of `text`; each character that no piece covers is one unknown
    /// piece.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let normal = self.normalizer.normalize(text);
        let mut numbers = Vec::new();
        for segment in self.unigram.segment(&normal.text) {
            match segment.piece {
                Some(piece) => numbers.push(piece),
                None => {
                    let count = normal.text[segment.range].chars().count();
                    numbers.resize(numbers.len() + count, self.unknown);
                }
            }
        }
        numbers
    }
}
