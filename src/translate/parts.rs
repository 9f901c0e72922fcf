//! The parts of a sentence that are translated one by one, and those that no model should get.

use std::ops::Range;

use super::wrap::wrap;
use crate::engine::tokenizer::Piece;

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its bytes, white space around it included: parts tile the sentence.
    pub bytes: Range<usize>,
    /// Whether it stands in the translation as it is.
    pub verbatim: bool,
}

/// Letters and digits of a run that is no word of any language, at least: hashes, keys, files in
/// base 64.
const LONGEST_WORD: usize = 100;

/// The parts of `text`, whose pieces are `pieces`, of which `unknown` is none: runs that are no
/// words, and at the ends pictographs and signs that the model does not know, stand as they are;
/// what is longer than `limit` pieces is wrapped.
pub fn parts(text: &str, pieces: &[Piece], unknown: u32, limit: usize) -> Vec<Part> {
    let mut verbatim = no_words(text);
    let is_sign = |piece: &&Piece| {
        let of = &text[piece.start..piece.end];
        let is_known = piece.id != unknown || of.chars().any(char::is_alphanumeric);
        !is_known || of.chars().all(|c| c.is_whitespace() || is_pictograph(c))
    };
    if let Some(last) = pieces.iter().take_while(is_sign).last() {
        verbatim.insert(0, 0..last.end);
    }
    if let Some(first) = pieces.iter().rev().take_while(is_sign).last() {
        verbatim.push(first.start..text.len());
    }
    let mut parts = Vec::new();
    let mut start = 0;
    for run in verbatim
        .into_iter()
        .chain(std::iter::once(text.len()..text.len()))
    {
        // Signs at an end may touch or be a run that is there already.
        let run = run.start.max(start)..run.end;
        if run.start > start {
            add(&mut parts, text, start..run.start, pieces, limit);
        }
        if run.end > run.start {
            parts.push(Part {
                bytes: run.clone(),
                verbatim: true,
            });
        }
        start = run.end.max(start);
    }
    parts
}

/// Adds a stretch of words, wrapped.
fn add(parts: &mut Vec<Part>, text: &str, bytes: Range<usize>, pieces: &[Piece], limit: usize) {
    let first = pieces.partition_point(|piece| piece.start < bytes.start);
    let end = pieces.partition_point(|piece| piece.start < bytes.end);
    let pieces: Vec<Piece> = pieces[first..end.max(first)]
        .iter()
        .map(|piece| Piece {
            start: piece.start - bytes.start,
            end: piece.end.min(bytes.end) - bytes.start,
            ..*piece
        })
        .collect();
    let stretch = &text[bytes.clone()];
    let wrapped = wrap(stretch, &pieces, limit).into_iter();
    parts.extend(wrapped.map(|part| Part {
        verbatim: !has_words(&stretch[part.clone()]),
        bytes: part.start + bytes.start..part.end + bytes.start,
    }));
}

/// Whether there is anything to translate: of signs alone the model would make something up.
pub fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Whether it is an arrow, a dingbat, an emoji, or joins or varies emoji.
pub fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{fe0f}' | '\u{200d}' | '\u{e0020}'..='\u{e007f}')
}

/// Runs of letters and digits that are too long for words, and what they are made of besides.
fn no_words(text: &str) -> Vec<Range<usize>> {
    let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-%".contains(&byte);
    let mut runs = Vec::new();
    let mut start = 0;
    for (at, byte) in text.bytes().chain([b' ']).enumerate() {
        if is_inside(byte) {
            continue;
        }
        if at - start >= LONGEST_WORD {
            runs.push(start..at);
        }
        start = at + 1;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNKNOWN: u32 = 1;

    /// A piece for every word with the space before it; signs are unknown.
    fn pieces(text: &str) -> Vec<Piece> {
        let mut starts: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
        starts.insert(0, 0);
        starts.dedup();
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        starts
            .iter()
            .zip(ends)
            .filter(|&(&start, end)| start < end)
            .map(|(&start, end)| Piece {
                id: if text[start..end].contains('🙂') {
                    UNKNOWN
                } else {
                    0
                },
                start,
                end,
            })
            .collect()
    }

    fn told(text: &str, limit: usize) -> Vec<(&str, bool)> {
        parts(text, &pieces(text), UNKNOWN, limit)
            .into_iter()
            .map(|part| (&text[part.bytes], part.verbatim))
            .collect()
    }

    #[test]
    fn signs_at_the_ends_and_runs_that_are_no_words_stay() {
        assert_eq!(told("un deux", 9), [("un deux", false)]);
        assert_eq!(
            told("🙂 un deux 🙂 🙂", 9),
            [("🙂", true), (" un deux", false), (" 🙂 🙂", true)]
        );
        let key = "x0Zb".repeat(30);
        let text = format!("la clé {key} est");
        assert_eq!(
            told(&text, 9),
            [("la clé ", false), (&*key, true), (" est", false)]
        );
        assert_eq!(told("", 9), []);
        assert_eq!(told("🙂", 9), [("🙂", true)]);
        assert_eq!(
            told("un deux ; trois", 2),
            [("un deux", false), (" ; trois", false)]
        );
    }

    proptest! {
        #[test]
        fn parts_tile_the_text(
            text in "(🙂 ?){0,2}([a-zé]{1,5}[,;]? |🙂 |([a-z0-9]{90,120}) ?){0,20}(🙂 ?|[a-z]){0,3}",
            limit in 1usize..9,
        ) {
            let parts = parts(&text, &pieces(&text), UNKNOWN, limit);
            let joined: String = parts.iter().map(|part| &text[part.bytes.clone()]).collect();
            prop_assert_eq!(joined, text);
            prop_assert!(parts.iter().all(|part| !part.bytes.is_empty()));
        }
    }
}
