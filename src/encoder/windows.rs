//! Which pieces go through the convolutions side by side, and to what their features are added.

use super::PIECES_AT_ONCE;

/// The piece that a text begins with.
pub(super) const BEGIN: u32 = 1;
/// The piece that it ends with.
pub(super) const END: u32 = 2;
/// How far a piece's features look: two convolutions of two pieces either way.
const CONTEXT: usize = 4;

/// Pieces that stand side by side.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The sentence that they begin in.
    pub sentence: usize,
    pub pieces: Vec<u32>,
    /// Pieces at its start that are only looked at.
    pub before: usize,
    /// Where the features of the pieces after these go: sentences further, how many pieces, and
    /// which sum. What is left over is only looked at.
    pub parts: Vec<(usize, usize, Part)>,
}

/// A sum of [`Features`](super::Features).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Opening,
    Left,
    Right,
    Closing,
}

/// How many of a sentence's first and last pieces look beyond it, where it has so many; either half
/// has its own.
fn edges(pieces: usize) -> (usize, usize) {
    let half = pieces / 2;
    (half.min(CONTEXT), (pieces - half).min(CONTEXT))
}

/// The windows of a sentence by itself.
pub(super) fn alone(sentence: usize, pieces: &[u32]) -> Vec<Window> {
    let mut framed = Vec::with_capacity(pieces.len() + 2);
    framed.push(BEGIN);
    framed.extend_from_slice(pieces);
    framed.push(END);
    let (first, last) = edges(pieces.len());
    let ends = [
        (1 + first, Part::Opening),
        (1 + pieces.len() / 2, Part::Left),
        (1 + pieces.len() - last, Part::Right),
        (framed.len(), Part::Closing),
    ];
    let window = |start: usize| {
        let end = (start + PIECES_AT_ONCE).min(framed.len());
        let from = start.saturating_sub(CONTEXT);
        let mut parts = Vec::new();
        let mut at = start;
        for (part_end, part) in ends {
            let part_end = part_end.min(end);
            if part_end > at {
                parts.push((0, part_end - at, part));
                at = part_end;
            }
        }
        Window {
            sentence,
            pieces: framed[from..(end + CONTEXT).min(framed.len())].to_vec(),
            before: start - from,
            parts,
        }
    };
    (0..framed.len())
        .step_by(PIECES_AT_ONCE)
        .map(window)
        .collect()
}

/// The pieces on either side of the seam of two sentences, the first of which has that number.
pub(super) fn seam(sentence: usize, one: &[u32], other: &[u32]) -> Window {
    let (_, last) = edges(one.len());
    let (first, _) = edges(other.len());
    let mut pieces = one[one.len() - one.len().min(last + CONTEXT)..].to_vec();
    let before = pieces.len() - last;
    pieces.extend_from_slice(&other[..other.len().min(first + CONTEXT)]);
    Window {
        sentence,
        pieces,
        before,
        parts: vec![(0, last, Part::Right), (1, first, Part::Left)],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_piece_counts_once(length in 0usize..600) {
            let pieces: Vec<u32> = (10..10 + length as u32).collect();
            let mut counted = Vec::new();
            for window in alone(3, &pieces) {
                let count: usize = window.parts.iter().map(|part| part.1).sum();
                counted.extend_from_slice(&window.pieces[window.before..][..count]);
                prop_assert!(window.before <= CONTEXT);
            }
            prop_assert_eq!(counted.len(), length + 2);
            prop_assert_eq!(&counted[1..=length], &pieces[..]);
        }

        #[test]
        fn seams_replace_the_edges(one in 0usize..30, other in 0usize..30) {
            let (one, other) = (vec![7; one], vec![8; other]);
            let window = seam(0, &one, &other);
            let seen = &window.pieces[window.before..];
            let (last, first) = (window.parts[0].1, window.parts[1].1);
            prop_assert!(seen[..last].iter().all(|&piece| piece == 7));
            prop_assert!(seen[last..last + first].iter().all(|&piece| piece == 8));
            prop_assert_eq!(last, edges(one.len()).1);
            prop_assert_eq!(first, edges(other.len()).0);
        }
    }
}
