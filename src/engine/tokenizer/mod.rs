//! Cutting source text into the pieces of a model and joining target pieces into text, exactly as
//! the SentencePiece library does it with the same model.
//!
//! The tables come from the compiled model as they are, so that loading is copying them: about a
//! millisecond.

mod charsmap;
mod normalizer;
mod unigram;

use crate::model::trie::Trie;
use crate::model::{Compiled, Error};
use charsmap::Charsmap;
use normalizer::Normalizer;
use unigram::Unigram;

/// What a space becomes within pieces.
pub const SPACE_MARK: &str = "\u{2581}";

/// The tokenizer of a compiled model.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    normalizer: Normalizer,
    unigram: Unigram,
    ids: Vec<u32>,
    vocabulary: Vocabulary,
    unknown: u32,
    /// Pieces that stand for no text.
    silent: [u32; 3],
}

/// A piece of a text, of the source or of the translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its number in the vocabulary.
    pub id: u32,
    /// The byte of the text where it starts, white space before it included.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

impl Tokenizer {
    /// The tokenizer of a compiled model.
    ///
    /// # Errors
    /// [`Error::Tensor`] where a table is missing or damaged.
    pub fn load(model: &Compiled) -> Result<Self, Error> {
        let header = model.header();
        let charsmap = Charsmap::new(model.bytes("tokenizer/charsmap")?)
            .ok_or_else(|| model.wrong("tokenizer/charsmap", "it is cut short"))?;
        let ids = model.u32("tokenizer/id")?.to_vec();
        let vocabulary = Vocabulary {
            text: std::str::from_utf8(model.bytes("vocabulary/text")?)
                .map_err(|_| model.wrong("vocabulary/text", "it is no UTF-8"))?
                .to_owned(),
            offsets: model.u32("vocabulary/offsets")?.to_vec(),
            sorted: model.u32("vocabulary/sorted")?.to_vec(),
        };
        let unigram = Unigram {
            trie: Trie {
                first: model.u32("tokenizer/trie/first")?.to_vec(),
                bytes: model.bytes("tokenizer/trie/bytes")?.to_vec(),
                values: model.u32("tokenizer/trie/values")?.to_vec(),
            },
            scores: model.f32("tokenizer/score", &[ids.len()])?.to_vec(),
            lowest_score: header.segmentation.lowest_score,
        };
        let config = &header.config;
        for (name, numbers) in [
            ("tokenizer/id", &ids),
            ("vocabulary/sorted", &vocabulary.sorted),
        ] {
            if numbers.iter().any(|&id| id as usize >= config.vocabulary) {
                return Err(model.wrong(name, "a piece lies outside the vocabulary"));
            }
        }
        Ok(Self {
            normalizer: Normalizer {
                charsmap,
                add_dummy_prefix: header.segmentation.add_dummy_prefix,
                remove_extra_spaces: header.segmentation.remove_extra_spaces,
            },
            unigram,
            ids,
            vocabulary,
            unknown: config.unknown,
            silent: [config.pad, config.end, config.unknown],
        })
    }

    /// The pieces of `text`, without the one that ends a sentence.
    pub fn encode(&self, text: &str) -> Vec<Piece> {
        let normal = self.normalizer.normalize(text);
        self.unigram
            .segment(&normal.text)
            .into_iter()
            .map(|segment| {
                let id = match segment.piece {
                    Some(piece) => self.ids.get(piece as usize).copied(),
                    // What the source's pieces lack may still be in the shared vocabulary.
                    None => self.vocabulary.find(&normal.text[segment.range.clone()]),
                };
                Piece {
                    id: id.unwrap_or(self.unknown),
                    start: normal.origins[segment.range.start],
                    end: normal.origins[segment.range.end],
                }
            })
            .collect()
    }

    /// The text of target pieces, without spaces at its ends, and for each piece the bytes of that
    /// text that it gave, the space before it included; nothing for pieces that stand for no text.
    pub fn decode(&self, ids: &[u32]) -> (String, Vec<Piece>) {
        let mut text = String::new();
        let mut pieces = Vec::with_capacity(ids.len());
        for &id in ids {
            let start = text.len();
            if !self.silent.contains(&id) {
                for (i, part) in self.vocabulary.text(id).split(SPACE_MARK).enumerate() {
                    if i > 0 && !text.is_empty() {
                        text.push(' ');
                    }
                    text.push_str(part);
                }
            }
            let end = text.len();
            pieces.push(Piece { id, start, end });
        }
        text.truncate(text.trim_end_matches(' ').len());
        for piece in &mut pieces {
            piece.start = piece.start.min(text.len());
            piece.end = piece.end.min(text.len());
        }
        (text, pieces)
    }

    /// The number of the piece with that text, “▁” standing for a space.
    pub fn piece(&self, text: &str) -> Option<u32> {
        self.vocabulary.find(text)
    }

    /// The text of a piece of the vocabulary, with “▁” for a space; empty for a number that the
    /// vocabulary has not.
    pub fn piece_text(&self, id: u32) -> &str {
        self.vocabulary.text(id)
    }
}

/// The texts of a vocabulary.
#[derive(Debug, Clone)]
struct Vocabulary {
    text: String,
    offsets: Vec<u32>,
    sorted: Vec<u32>,
}

impl Vocabulary {
    fn text(&self, id: u32) -> &str {
        let bounds = self.offsets.get(id as usize..).unwrap_or_default();
        match *bounds {
            [start, end, ..] => self
                .text
                .get(start as usize..end as usize)
                .unwrap_or_default(),
            _ => "",
        }
    }

    fn find(&self, text: &str) -> Option<u32> {
        let place = self
            .sorted
            .binary_search_by(|&id| self.text(id).cmp(text))
            .ok()?;
        self.sorted.get(place).copied()
    }
}
