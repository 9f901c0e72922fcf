//! Sentences that are too long for the model are wrapped at clause boundaries.

use std::ops::Range;

use crate::engine::tokenizer::Piece;

/// The parts of `text`, whose pieces are `pieces`, with at most `limit` pieces each: they tile
/// the text. A part ends after the last punctuation that lets it be at least half full, else at
/// the last space, else where it is full.
pub fn wrap(text: &str, pieces: &[Piece], limit: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut first) = (0, 0);
    while pieces.len() - first > limit {
        let candidates = first + limit / 2 + 1..=first + limit;
        let ends = |rank: usize| {
            let found = candidates.clone().rev().find(|&next| {
                let before = text[..pieces[next].start].trim_end().chars().next_back();
                match rank {
                    0 => matches!(before, Some(';' | ':' | '.' | '!' | '?' | '…')),
                    1 => matches!(before, Some(',' | ')' | '»' | '”' | '—' | '–')),
                    _ => text[pieces[next].start..].starts_with(char::is_whitespace),
                }
            });
            found.filter(|&next| pieces[next].start > start)
        };
        let next = (0..3).find_map(ends).unwrap_or(first + limit);
        // Pieces of one character share its bytes: a part is never empty.
        let end = pieces[next].start;
        if end > start {
            parts.push(start..end);
            start = end;
        }
        first = next;
    }
    parts.push(start..text.len());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A piece for every word with the space before it.
    fn pieces(text: &str) -> Vec<Piece> {
        let mut starts: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
        starts.insert(0, 0);
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        starts
            .iter()
            .zip(ends)
            .map(|(&start, end)| Piece { id: 0, start, end })
            .collect()
    }

    #[test]
    fn parts_end_at_the_strongest_punctuation() {
        let text = "un deux trois; quatre, cinq six sept huit neuf dix";
        let parts = wrap(text, &pieces(text), 4);
        let texts: Vec<&str> = parts.into_iter().map(|part| &text[part]).collect();
        assert_eq!(
            texts,
            ["un deux trois;", " quatre, cinq six sept", " huit neuf dix"]
        );
    }

    proptest! {
        #[test]
        fn parts_tile_the_text(text in "([a-zé]{1,5}[,;]? ){0,40}[a-z]{1,3}", limit in 1usize..9) {
            let pieces = pieces(&text);
            let parts = wrap(&text, &pieces, limit);
            let joined: String = parts.iter().map(|part| &text[part.clone()]).collect();
            prop_assert_eq!(&joined, &text);
            for part in parts {
                let count = pieces.iter().filter(|piece| part.contains(&piece.start)).count();
                prop_assert!((1..=limit).contains(&count));
            }
        }
    }
}
