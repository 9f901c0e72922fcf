//! Word links from the decoder's attention to the source.

use std::ops::Range;

use crate::text::words;

/// Pieces of a part of a sentence and the attention between them.
#[derive(Debug)]
pub struct Attended {
    /// The bytes of the whole source that each source piece covers.
    pub source: Vec<Range<usize>>,
    /// The bytes of the whole target that each target piece gave.
    pub target: Vec<Range<usize>>,
    /// For each target piece, its attention to each source piece.
    pub attention: Vec<Vec<f32>>,
}

/// A target word is linked to the source words that get at least this share of its attention to
/// words.
const SHARE: f32 = 0.3;
/// A source word that nothing is linked to yet goes to the target word that attends to it most,
/// if with at least this share.
const LEFT_OVER_SHARE: f32 = 0.1;

/// Links (source word, target word) of [`words`], sorted. Words are linked within a part alone, so
/// that a sentence of any length takes as much memory as its parts.
pub fn word_links(source: &str, target: &str, parts: &[Attended]) -> Vec<(u32, u32)> {
    let (source_words, target_words) = (words(source), words(target));
    let mut links = Vec::new();
    for part in parts {
        let sources = Homes::new(&source_words, &part.source);
        let targets = Homes::new(&target_words, &part.target);
        let columns = sources.words.len();
        if columns == 0 {
            continue;
        }
        let mut shares = vec![0.0f32; targets.words.len() * columns];
        for (word, attention) in targets.of_pieces.iter().zip(&part.attention) {
            let Some(word) = word else { continue };
            let row = &mut shares[(word - targets.words.start) * columns..][..columns];
            for (home, weight) in sources.of_pieces.iter().zip(attention) {
                if let Some(home) = home {
                    row[home - sources.words.start] += weight;
                }
            }
        }
        let (from, to) = (sources.words.start as u32, targets.words.start as u32);
        let linked = part_links(&mut shares, columns).into_iter();
        links.extend(linked.map(|(source, target)| (source + from, target + to)));
    }
    links.sort_unstable();
    links.dedup();
    links
}

/// The links that the shares of the attention tell, which have a row for each target word.
fn part_links(shares: &mut [f32], columns: usize) -> Vec<(u32, u32)> {
    let mut links = Vec::new();
    let mut linked = vec![false; columns];
    for (target, row) in shares.chunks_exact_mut(columns).enumerate() {
        let total: f32 = row.iter().sum();
        if total <= 0.0 {
            continue;
        }
        row.iter_mut().for_each(|share| *share /= total);
        for (source, &share) in row.iter().enumerate() {
            if share >= SHARE {
                links.push((source as u32, target as u32));
                linked[source] = true;
            }
        }
    }
    for (source, linked) in linked.into_iter().enumerate() {
        let column = || shares.iter().skip(source).step_by(columns).copied();
        if let Some(target) = greatest(column()).filter(|_| !linked)
            && shares[target * columns + source] >= LEFT_OVER_SHARE
        {
            links.push((source as u32, target as u32));
        }
    }
    links
}

/// The words that the pieces of a part belong to.
struct Homes {
    /// Of each piece.
    of_pieces: Vec<Option<usize>>,
    /// From the first of them to the last.
    words: Range<usize>,
}

impl Homes {
    fn new(words: &[Range<usize>], pieces: &[Range<usize>]) -> Self {
        let of_pieces: Vec<Option<usize>> = pieces.iter().map(|piece| home(words, piece)).collect();
        let found = || of_pieces.iter().flatten().copied();
        let words = match (found().min(), found().max()) {
            (Some(first), Some(last)) => first..last + 1,
            _ => 0..0,
        };
        Self { of_pieces, words }
    }
}

/// The first place of the greatest value.
fn greatest(values: impl Iterator<Item = f32>) -> Option<usize> {
    let mut best: Option<(usize, f32)> = None;
    for (place, value) in values.enumerate() {
        if best.is_none_or(|(_, greatest)| value > greatest) {
            best = Some((place, value));
        }
    }
    best.map(|(place, _)| place)
}

/// The word that a piece belongs to: the one it shares most bytes with; none for punctuation.
fn home(words: &[Range<usize>], piece: &Range<usize>) -> Option<usize> {
    let first = words.partition_point(|word| word.end <= piece.start);
    let overlap = |word: &Range<usize>| {
        word.end
            .min(piece.end)
            .saturating_sub(word.start.max(piece.start))
    };
    words[first..]
        .iter()
        .take_while(|word| word.start < piece.end)
        .enumerate()
        .max_by_key(|(place, word)| (overlap(word), std::cmp::Reverse(*place)))
        .map(|(place, _)| first + place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str, cuts: &[usize]) -> Vec<Range<usize>> {
        let ends = cuts.iter().skip(1).copied().chain([text.len()]);
        cuts.iter()
            .copied()
            .zip(ends)
            .map(|(start, end)| start..end)
            .collect()
    }

    #[test]
    fn pieces_of_words_are_put_together_and_punctuation_is_left_out() {
        let (source, target) = ("l'ingérence russe.", "Russian interference.");
        let part = Attended {
            // l' | ingér | ence |  russe | .
            source: pieces(source, &[0, 2, 8, 12, 18]),
            // Russian |  inter | ference | .
            target: pieces(target, &[0, 7, 13, 20]),
            attention: vec![
                vec![0.0, 0.1, 0.1, 0.6, 0.2],
                vec![0.1, 0.4, 0.3, 0.1, 0.1],
                vec![0.0, 0.3, 0.4, 0.1, 0.2],
                vec![0.0, 0.0, 0.0, 0.0, 1.0],
            ],
        };
        assert_eq!(word_links(source, target, &[part]), [(1, 1), (2, 0)]);
    }

    #[test]
    fn a_source_word_left_over_goes_where_it_is_attended_to_most() {
        let (source, target) = ("a b", "x");
        let part = |b| Attended {
            source: pieces(source, &[0, 1]),
            target: pieces(target, &[0]),
            attention: vec![vec![1.0 - b, b]],
        };
        assert_eq!(word_links(source, target, &[part(0.05)]), [(0, 0)]);
        assert_eq!(word_links(source, target, &[part(0.2)]), [(0, 0), (1, 0)]);
        assert_eq!(word_links(source, "", &[]), []);
    }
}
