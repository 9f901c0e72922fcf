//! The best alignment, and how probable each of its beads is.
//!
//! An alignment is a way from corner to corner of a band whose steps are beads. Its probability is
//! proportional to the exponential of the sum of its beads' scores (a semi-Markov conditional random
//! field, Sarawagi and Cohen 2004), so a bead's own probability comes from the forward and backward
//! sums over all ways.

use super::path::Band;

/// The kinds of beads: how many source and how many target sentences.
pub(super) const KINDS: [(usize, usize); 18] = [
    (0, 1),
    (1, 0),
    (1, 1),
    (1, 2),
    (1, 3),
    (1, 4),
    (2, 1),
    (2, 2),
    (2, 3),
    (2, 4),
    (3, 1),
    (3, 2),
    (3, 3),
    (3, 4),
    (4, 1),
    (4, 2),
    (4, 3),
    (4, 4),
];

/// The score of each kind of bead that ends at each node; −∞ for those that cannot be.
pub(super) type Scores = Vec<[f32; KINDS.len()]>;

/// A bead of the best alignment: the places where it ends, its kind, its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub end: (usize, usize),
    pub kind: (usize, usize),
    pub probability: f32,
}

/// The alignment with the greatest sum of scores.
///
/// Every one-sided bead of one sentence must have a finite score, so that there is a way.
pub(super) fn best(band: &Band, scores: &Scores) -> Vec<Found> {
    let mut sums = vec![f64::NEG_INFINITY; band.len()];
    let mut kinds = vec![usize::MAX; band.len()];
    each(band, |row, column, node| {
        if (row, column) == (0, 0) {
            sums[node] = 0.0;
            return;
        }
        for (number, before) in befores(band, row, column) {
            let sum = sums[before] + f64::from(scores[node][number]);
            if sum > sums[node] {
                sums[node] = sum;
                kinds[node] = number;
            }
        }
    });
    let forward = forward(band, scores);
    let backward = backward(band, scores);
    let all = forward.last().copied().unwrap_or(0.0);
    let mut beads = Vec::new();
    let mut end = (band.rows() - 1, band.row(band.rows() - 1).end - 1);
    while end != (0, 0) {
        let Some(node) = band.node(end.0, end.1) else {
            break;
        };
        let Some(&kind) = KINDS.get(kinds[node]) else {
            break;
        };
        let start = (end.0 - kind.0, end.1 - kind.1);
        let Some(before) = band.node(start.0, start.1) else {
            break;
        };
        let score = f64::from(scores[node][kinds[node]]);
        let log = forward[before] + score + backward[node] - all;
        beads.push(Found {
            end,
            kind,
            probability: log.exp().clamp(0.0, 1.0) as f32,
        });
        end = start;
    }
    beads.reverse();
    beads
}

/// Calls `visit` for every node, from the first corner to the last.
fn each(band: &Band, mut visit: impl FnMut(usize, usize, usize)) {
    for row in 0..band.rows() {
        for column in band.row(row) {
            if let Some(node) = band.node(row, column) {
                visit(row, column, node);
            }
        }
    }
}

/// The kinds of beads that can end at a node, with the node where each starts.
fn befores(band: &Band, row: usize, column: usize) -> impl Iterator<Item = (usize, usize)> {
    KINDS.iter().enumerate().filter_map(move |(number, kind)| {
        let start = (row.checked_sub(kind.0)?, column.checked_sub(kind.1)?);
        Some((number, band.node(start.0, start.1)?))
    })
}

/// The logarithm of the sum over all ways to each node.
fn forward(band: &Band, scores: &Scores) -> Vec<f64> {
    let mut sums = vec![f64::NEG_INFINITY; band.len()];
    each(band, |row, column, node| {
        if (row, column) == (0, 0) {
            sums[node] = 0.0;
            return;
        }
        for (number, before) in befores(band, row, column) {
            sums[node] = log_add(sums[node], sums[before] + f64::from(scores[node][number]));
        }
    });
    sums
}

/// The logarithm of the sum over all ways from each node.
fn backward(band: &Band, scores: &Scores) -> Vec<f64> {
    let mut sums = vec![f64::NEG_INFINITY; band.len()];
    if let Some(last) = sums.last_mut() {
        *last = 0.0;
    }
    for row in (0..band.rows()).rev() {
        for column in band.row(row).rev() {
            let Some(node) = band.node(row, column) else {
                continue;
            };
            for (number, before) in befores(band, row, column) {
                let sum = sums[node] + f64::from(scores[node][number]);
                sums[before] = log_add(sums[before], sum);
            }
        }
    }
    sums
}

fn log_add(one: f64, other: f64) -> f64 {
    let (low, high) = if one < other {
        (one, other)
    } else {
        (other, one)
    };
    if low == f64::NEG_INFINITY {
        return high;
    }
    high + (low - high).exp().ln_1p()
}
