//! What the paragraphs of the two texts say of beads.
//!
//! Translators keep paragraphs, or they do not; how far they did here is counted in a first
//! alignment. What that tells is a ratio of probabilities: that of a pair of borders, each of which
//! opens a paragraph or does not, against what it would be if the texts' paragraphs had nothing to
//! do with each other. So where no paragraphs are known, or every sentence is one, nothing counts.

use super::bead::Bead;
use super::side::Side;

/// Borders that count as if they had been seen and had nothing to do with each other.
const PRIOR: f32 = 10.0;
/// The most nats that one border can count.
const MOST: f32 = 3.0;

/// What borders between sentences count, in nats.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Paragraphs {
    /// Of the borders where a bead begins, by whether the source's and whether the target's opens a
    /// paragraph.
    begins: [[f32; 2]; 2],
    /// Of a border inside a bead, of the source and of the target, by whether it opens a paragraph.
    inside: [[f32; 2]; 2],
}

/// How often borders were seen that open no paragraph, and that open one.
type Seen = [f32; 2];

impl Paragraphs {
    /// Counts the borders of beads, each as far as it is probable.
    pub fn learn(source: &Side, target: &Side, beads: &[Bead]) -> Self {
        let mut begins = [[0.0; 2]; 2];
        let mut inside = [[0.0; 2]; 2];
        for bead in beads.iter().filter(|bead| bead.is_paired()) {
            let weight = bead.score.unwrap_or(1.0);
            let sides = [(source, &bead.source), (target, &bead.target)];
            // The texts open their first paragraphs together whatever comes after.
            if bead.source.start > 0 || bead.target.start > 0 {
                let [s, t] = sides.map(|(side, run)| usize::from(side.opens[run.start]));
                begins[s][t] += weight;
            }
            for ((side, run), seen) in sides.into_iter().zip(&mut inside) {
                for border in run.start + 1..run.end {
                    seen[usize::from(side.opens[border])] += weight;
                }
            }
        }
        let alone = [
            begins.map(|seen| seen.iter().sum()),
            transposed(begins).map(sum),
        ];
        let usual = [0, 1].map(|side| {
            let all = [0, 1].map(|opens| alone[side][opens] + inside[side][opens]);
            all.map(|seen| seen / sum(all).max(1.0))
        });
        let total: f32 = alone[0].iter().sum();
        Self {
            begins: [0, 1].map(|s| {
                [0, 1].map(|t| {
                    let expected = usual[0][s] * usual[1][t];
                    ratio(begins[s][t], total, expected)
                })
            }),
            inside: [0, 1].map(|side| {
                let total = sum(inside[side]);
                [0, 1].map(|opens| ratio(inside[side][opens], total, usual[side][opens]))
            }),
        }
    }

    /// What they say of a bead from either first sentence on, so many sentences long.
    pub fn score(&self, sides: [&Side; 2], runs: [(usize, usize); 2]) -> f32 {
        let opens = |side: usize, border: usize| usize::from(sides[side].opens[border]);
        let mut score = self.begins[opens(0, runs[0].0)][opens(1, runs[1].0)];
        for (side, (start, length)) in runs.into_iter().enumerate() {
            for border in start + 1..start + length {
                score += self.inside[side][opens(side, border)];
            }
        }
        score
    }
}

fn sum(seen: Seen) -> f32 {
    seen.iter().sum()
}

fn transposed(counts: [Seen; 2]) -> [Seen; 2] {
    [0, 1].map(|t| [0, 1].map(|s| counts[s][t]))
}

/// By how many nats more probable it is than expected to see what was seen `count` times of `total`.
fn ratio(count: f32, total: f32, expected: f32) -> f32 {
    if expected <= 0.0 {
        return 0.0;
    }
    let share = (count + PRIOR * expected) / (total + PRIOR);
    let nats = (share / expected).ln();
    // What rounding leaves of nothing is nothing.
    if nats.abs() < 1e-4 {
        0.0
    } else {
        nats.clamp(-MOST, MOST)
    }
}
