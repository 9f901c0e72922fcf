//! The tables that the engine cuts and joins text with, as tensors of a compiled model:
//!
//! - `tokenizer/charsmap`: SentencePiece's precompiled normalisation rules, as they are;
//! - `tokenizer/trie/{first,bytes,values}`: a [prefix tree](super::trie) of the pieces that text is
//!   cut into, with the pieces' numbers;
//! - `tokenizer/score` [pieces]: a piece's log-probability;
//! - `tokenizer/bytes`, `vocabulary/bytes` [256], only where what no piece covers falls back to
//!   bytes: the number of each byte's piece in the source's and in the target's vocabulary;
//! - `tokenizer/id` [pieces]: its number in the source's vocabulary;
//! - `vocabulary/text`, `vocabulary/offsets` [vocabulary + 1]: the target vocabulary's texts one
//!   after the other, and where each starts and ends;
//! - `vocabulary/sorted` [vocabulary]: its numbers in the order of their texts.

use std::collections::HashMap;

use sentencepiece_model::{SentencePieceModel, Type};

use super::Error;
use super::compiled::{Dtype, Segmentation, Writer};
use super::trie::Trie;

/// What the tables are made of.
#[derive(Debug, Clone, Copy)]
pub struct Tables<'a> {
    /// How source text is cut into pieces.
    pub pieces: &'a SentencePieceModel,
    /// The source's pieces by their number.
    pub source: &'a [String],
    /// The target's.
    pub target: &'a [String],
    /// The number of the source piece that stands for all that is lacking.
    pub unknown: u32,
}

/// Adds the tables to a compiled model.
///
/// # Errors
/// As [`Writer::add`].
pub fn write(writer: &mut Writer, tables: &Tables) -> Result<Segmentation, Error> {
    let &Tables {
        pieces: model,
        source,
        target: vocabulary,
        unknown,
    } = tables;
    let pieces = model.pieces();
    let numbers = by_text(source);
    let normal = || {
        pieces
            .iter()
            .enumerate()
            .filter(|(_, piece)| piece.r#type() == Type::Normal)
    };
    let highest = normal().fold(f32::MIN, |highest, (_, piece)| highest.max(piece.score()));
    let in_text = pieces
        .iter()
        .enumerate()
        .filter(|(_, piece)| matches!(piece.r#type(), Type::Normal | Type::UserDefined));
    let trie = Trie::new(in_text.map(|(i, piece)| (piece.piece().as_bytes().to_vec(), i as u32)));
    let scores: Vec<f32> = pieces
        .iter()
        .map(|piece| match piece.r#type() {
            // More than any other way to cut the same text.
            Type::UserDefined => (piece.piece().len() as f64 * f64::from(highest) - 0.1) as f32,
            _ => piece.score(),
        })
        .collect();
    let ids: Vec<u32> = pieces
        .iter()
        .map(|piece| numbers.get(piece.piece()).copied().unwrap_or(unknown))
        .collect();
    let charsmap = model.normalizer().map(|n| n.precompiled_charsmap());
    let charsmap = charsmap.unwrap_or_default();

    let mut offsets = vec![0u32];
    let mut text = String::new();
    for piece in vocabulary {
        text.push_str(piece);
        offsets.push(text.len() as u32);
    }
    let mut sorted: Vec<u32> = (0..vocabulary.len() as u32).collect();
    sorted.sort_by_key(|&number| &vocabulary[number as usize]);

    writer.add("tokenizer/charsmap", Dtype::U8, &[charsmap.len()], charsmap)?;
    for (name, numbers) in [
        ("tokenizer/trie/first", &trie.first),
        ("tokenizer/trie/values", &trie.values),
        ("tokenizer/id", &ids),
        ("vocabulary/offsets", &offsets),
        ("vocabulary/sorted", &sorted),
    ] {
        writer.add(name, Dtype::U32, &[numbers.len()], numbers)?;
    }
    for (name, bytes) in [
        ("tokenizer/trie/bytes", &trie.bytes[..]),
        ("vocabulary/text", text.as_bytes()),
    ] {
        writer.add(name, Dtype::U8, &[bytes.len()], bytes)?;
    }
    writer.add("tokenizer/score", Dtype::F32, &[scores.len()], &scores)?;
    if model
        .trainer()
        .is_some_and(|trainer| trainer.byte_fallback())
        && let (Some(of_source), Some(of_target)) =
            (byte_pieces(&numbers), byte_pieces(&by_text(vocabulary)))
    {
        writer.add("tokenizer/bytes", Dtype::U32, &[256], &of_source)?;
        writer.add("vocabulary/bytes", Dtype::U32, &[256], &of_target)?;
    }
    let spec = model.normalizer();
    Ok(Segmentation {
        add_dummy_prefix: spec.is_none_or(|spec| spec.add_dummy_prefix()),
        remove_extra_spaces: spec.is_none_or(|spec| spec.remove_extra_whitespaces()),
        lowest_score: normal().fold(0.0, |lowest: f32, (_, piece)| lowest.min(piece.score())),
    })
}

fn by_text(vocabulary: &[String]) -> HashMap<&str, u32> {
    let numbered = vocabulary.iter().enumerate();
    numbered
        .map(|(number, text)| (&**text, number as u32))
        .collect()
}

/// The number of each byte's piece; none where one is missing.
fn byte_pieces(numbers: &HashMap<&str, u32>) -> Option<Vec<u32>> {
    (0..=u8::MAX)
        .map(|byte| numbers.get(&*format!("<0x{byte:02X}>")).copied())
        .collect()
}
