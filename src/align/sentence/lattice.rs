//! The best alignment, and how probable each of its beads is.
//!
//! An alignment is a way from corner to corner of a band whose steps are beads. Its probability is
//! proportional to the exponential of the sum of its beads' scores (a semi-Markov conditional random
//! field, Sarawagi and Cohen 2004), so a bead's own probability comes from the forward and backward
//! sums over all ways.

use super::lexical::LONGEST;
use super::path::Band;

/// The most sentences of one side that stand alone together in a bead of the search.
pub(super) const MOST_ALONE: usize = 8;

/// The kinds of beads: how many source and how many target sentences.
pub(super) fn kinds() -> Vec<(usize, usize)> {
    let mut kinds = Vec::new();
    for source in 0..=LONGEST {
        for target in 0..=LONGEST {
            let longest = match source.min(target) {
                0 => MOST_ALONE,
                1 => 8,
                2 => 6,
                3 => 5,
                4 => 4,
                _ => 0,
            };
            let larger = source.max(target);
            if larger > 0 && larger <= longest {
                kinds.push((source, target));
            }
        }
    }
    kinds
}

/// A bead that may end at a node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scored {
    pub sources: u8,
    pub targets: u8,
    pub score: f32,
}

/// The beads that may end at each node, with their scores.
#[derive(Debug, Default)]
pub(super) struct Scores {
    beads: Vec<Scored>,
    /// Where those of each node end among all.
    ends: Vec<usize>,
}

impl Scores {
    /// Adds the beads of the next node.
    pub fn push(&mut self, beads: &[Scored]) {
        self.beads.extend_from_slice(beads);
        self.ends.push(self.beads.len());
    }

    /// Adds those of the nodes that follow.
    pub fn append(&mut self, other: Self) {
        let before = self.beads.len();
        self.beads.extend(other.beads);
        self.ends.extend(other.ends.iter().map(|end| before + end));
    }

    /// The beads that may end at a node.
    pub fn of(&self, node: usize) -> &[Scored] {
        let start = node.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.beads[start..self.ends[node]]
    }
}

/// A bead of the best alignment: the places where it ends, its kind, its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub end: (usize, usize),
    pub kind: (usize, usize),
    pub probability: f32,
}

/// Sums over all ways through a band, as logarithms.
#[derive(Debug)]
pub(super) struct Sums {
    /// Over all ways to each node.
    forward: Vec<f64>,
    /// Over all ways from each node.
    backward: Vec<f64>,
}

impl Sums {
    pub fn new(band: &Band, scores: &Scores) -> Self {
        Self {
            forward: forward(band, scores),
            backward: backward(band, scores),
        }
    }

    fn all(&self) -> f64 {
        self.forward.last().copied().unwrap_or(0.0)
    }

    /// How probable it is that the alignment passes through a node.
    pub fn node(&self, node: usize) -> f32 {
        probability(self.forward[node] + self.backward[node] - self.all())
    }

    /// How probable a bead between two nodes is.
    pub fn bead(&self, before: usize, node: usize, score: f32) -> f32 {
        probability(self.forward[before] + f64::from(score) + self.backward[node] - self.all())
    }
}

fn probability(log: f64) -> f32 {
    log.exp().clamp(0.0, 1.0) as f32
}

/// The alignment with the greatest sum of scores.
///
/// Every one-sided bead of one sentence must have a finite score, so that there is a way.
pub(super) fn best(band: &Band, scores: &Scores, all: &Sums) -> Vec<Found> {
    let mut sums = vec![f64::NEG_INFINITY; band.len()];
    let mut last: Vec<Option<Scored>> = vec![None; band.len()];
    each(band, |row, column, node| {
        if (row, column) == (0, 0) {
            sums[node] = 0.0;
            return;
        }
        for (bead, before) in befores(band, scores.of(node), row, column) {
            let sum = sums[before] + f64::from(bead.score);
            if sum > sums[node] {
                sums[node] = sum;
                last[node] = Some(bead);
            }
        }
    });
    let mut beads = Vec::new();
    let mut end = (band.rows() - 1, band.row(band.rows() - 1).end - 1);
    while end != (0, 0) {
        let Some(node) = band.node(end.0, end.1) else {
            break;
        };
        let Some(bead) = last[node] else {
            break;
        };
        let kind = (usize::from(bead.sources), usize::from(bead.targets));
        let start = (end.0 - kind.0, end.1 - kind.1);
        let Some(before) = band.node(start.0, start.1) else {
            break;
        };
        beads.push(Found {
            end,
            kind,
            probability: all.bead(before, node, bead.score),
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

/// The beads that end at a node, with the node where each starts.
pub(super) fn befores(
    band: &Band,
    beads: &[Scored],
    row: usize,
    column: usize,
) -> impl Iterator<Item = (Scored, usize)> {
    beads.iter().filter_map(move |&bead| {
        let row = row.checked_sub(bead.sources.into())?;
        let column = column.checked_sub(bead.targets.into())?;
        Some((bead, band.node(row, column)?))
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
        for (bead, before) in befores(band, scores.of(node), row, column) {
            sums[node] = log_add(sums[node], sums[before] + f64::from(bead.score));
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
            for (bead, before) in befores(band, scores.of(node), row, column) {
                let sum = sums[node] + f64::from(bead.score);
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
