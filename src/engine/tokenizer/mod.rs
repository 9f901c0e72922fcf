//! Cutting source text into the pieces of a model and joining target pieces into text, exactly as
//! the SentencePiece library does it with the same model.
//!
//! The tables come from the compiled model as they are, so that loading is copying them: about a
//! millisecond.

mod charsmap;
mod cutter;
mod merges;
mod normalizer;
mod target;
mod unigram;

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::model::trie::Trie;
use crate::model::{Compiled, Error};
use charsmap::Charsmap;
pub use cutter::Cutter;
pub use merges::Merges;
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
    /// The source's pieces for bytes, where what no piece covers falls back to them.
    bytes: Option<Vec<u32>>,
    vocabulary: Vocabulary,
    /// Whether the vocabulary is the source's, too.
    shared: bool,
    unknown: u32,
    /// Pieces that stand for no text.
    silent: [u32; 3],
    /// How target text is cut, if not as the source; made when it is first wanted.
    target: OnceLock<Option<Unigram>>,
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
            bytes: byte_pieces(model, "vocabulary/bytes", header.config.vocabulary)?
                .unwrap_or_default()
                .into_iter()
                .zip(0..=u8::MAX)
                .collect(),
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
        for (name, numbers, pieces) in [
            ("tokenizer/id", &ids, config.source_pieces()),
            ("vocabulary/sorted", &vocabulary.sorted, config.vocabulary),
        ] {
            if numbers.iter().any(|&id| id as usize >= pieces) {
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
            bytes: byte_pieces(model, "tokenizer/bytes", config.source_pieces())?,
            vocabulary,
            shared: config.source_vocabulary.is_none(),
            unknown: config.unknown,
            silent: [config.pad, config.end, config.unknown],
            target: OnceLock::new(),
        })
    }

    /// The pieces of `text`, without the one that ends a sentence. Of a character's bytes the last
    /// has its place in the text, those before it are empty.
    pub fn encode(&self, text: &str) -> Vec<Piece> {
        let normal = self.normalizer.normalize(text);
        let mut pieces = Vec::new();
        for segment in self.unigram.segment(&normal.text) {
            let (start, end) = (segment.range.start, segment.range.end);
            let id = match (segment.piece, &self.bytes) {
                (Some(piece), _) => self.ids.get(piece as usize).copied(),
                (None, Some(bytes)) => {
                    for (offset, character) in normal.text[start..end].char_indices() {
                        let first = start + offset;
                        let places = first..first + character.len_utf8();
                        let last = places.end - 1;
                        pieces.extend(places.map(|place| Piece {
                            id: bytes[usize::from(normal.text.as_bytes()[place])],
                            start: normal.origins[first],
                            end: normal.origins[if place == last { last + 1 } else { first }],
                        }));
                    }
                    continue;
                }
                // What the source's pieces lack may still be in a shared vocabulary.
                (None, None) if self.shared => self.vocabulary.find(&normal.text[start..end]),
                (None, None) => None,
            };
            pieces.push(Piece {
                id: id.unwrap_or(self.unknown),
                start: normal.origins[start],
                end: normal.origins[end],
            });
        }
        pieces
    }

    /// How likely `text` is as the model's pieces have it: the sum of their log-probabilities.
    pub fn log_probability(&self, text: &str) -> f32 {
        let normal = self.normalizer.normalize(text);
        self.unigram.score(&normal.text)
    }

    /// The text of target pieces, without spaces at its ends, and for each piece the bytes of that
    /// text that it gave, the space before it included; nothing for pieces that stand for no text.
    pub fn decode(&self, ids: &[u32]) -> (String, Vec<Piece>) {
        let mut text = String::new();
        let mut pieces = Vec::with_capacity(ids.len());
        let byte = |id: &u32| self.vocabulary.bytes.get(id).copied();
        let mut rest = ids;
        while let Some((&id, after)) = rest.split_first() {
            let start = text.len();
            let bytes: Vec<u8> = rest.iter().map_while(byte).take(4).collect();
            if !bytes.is_empty() {
                // What is no character becomes a mark for each byte.
                let found =
                    (1..=bytes.len()).find_map(|n| Some((n, str::from_utf8(&bytes[..n]).ok()?)));
                let (length, character) = found.unwrap_or((1, "\u{FFFD}"));
                text.push_str(character);
                let end = text.len();
                let empty = |&id: &u32| Piece {
                    id,
                    start,
                    end: start,
                };
                pieces.extend(rest[..length - 1].iter().map(empty));
                pieces.push(Piece {
                    id: rest[length - 1],
                    start,
                    end,
                });
                rest = &rest[length..];
                continue;
            }
            rest = after;
            let written = (!self.silent.contains(&id)).then(|| self.vocabulary.text(id));
            push_piece(id, written, &mut text, &mut pieces);
        }
        without_last_spaces(text, pieces)
    }

    /// The numbers of the pieces that source text is cut into.
    pub fn source_ids(&self) -> &[u32] {
        &self.ids
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

/// Appends what a piece is written as, with spaces for their marks but for one at the start, and
/// its place; nothing for one that stands for no text.
fn push_piece(id: u32, written: Option<&str>, text: &mut String, pieces: &mut Vec<Piece>) {
    let start = text.len();
    for (i, part) in written.unwrap_or_default().split(SPACE_MARK).enumerate() {
        if i > 0 && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(part);
    }
    let end = text.len();
    pieces.push(Piece { id, start, end });
}

/// A text without the spaces at its end, and the places of its pieces in it.
fn without_last_spaces(mut text: String, mut pieces: Vec<Piece>) -> (String, Vec<Piece>) {
    text.truncate(text.trim_end_matches(' ').len());
    for piece in &mut pieces {
        piece.start = piece.start.min(text.len());
        piece.end = piece.end.min(text.len());
    }
    (text, pieces)
}

/// The texts of a vocabulary.
#[derive(Debug, Clone)]
struct Vocabulary {
    text: String,
    offsets: Vec<u32>,
    sorted: Vec<u32>,
    /// The bytes that pieces stand for; most vocabularies have none.
    bytes: HashMap<u32, u8>,
}

/// The pieces of the 256 bytes, all below `pieces`; none where the model has none.
fn byte_pieces(model: &Compiled, name: &str, pieces: usize) -> Result<Option<Vec<u32>>, Error> {
    if !model.contains(name) {
        return Ok(None);
    }
    let bytes = model.u32(name)?;
    if bytes.len() != 256 || bytes.iter().any(|&id| id as usize >= pieces) {
        return Err(model.wrong(name, "they are not 256 pieces of the vocabulary"));
    }
    Ok(Some(bytes.to_vec()))
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
