//! The best alignment, and how probable each of its beads is.
//!
//! An alignment is a way from corner to corner of a band whose steps are beads. Its probability is
//! proportional to the exponential of the sum of its beads' scores (a semi-Markov conditional random
//! field, Sarawagi and Cohen 2004), so a bead's own probability comes from the forward and backward
//! sums over all ways.

use std::ops::Range;

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

/// A bead of the best alignment: the places where it ends, its kind, its probability. Of sentences
/// that stand alone it is that of standing alone, with whichever others: how they are cut to beads says
/// nothing.
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
    stand_alone(band, scores, all, &mut beads);
    beads
}

/// Gives the one-sided beads of the best alignment how probable it is that their sentences stand
/// alone, in whichever beads: of the least probable one.
fn stand_alone(band: &Band, scores: &Scores, all: &Sums, found: &mut [Found]) {
    let last = (band.rows() - 1, band.row(band.rows() - 1).end - 1);
    let mut alone = [vec![None; last.0], vec![None; last.1]];
    for bead in found.iter() {
        if let Some((side, sentences)) = one_sided(bead.end, bead.kind) {
            alone[side][sentences].fill(Some(0.0));
        }
    }
    if alone.iter().flatten().all(Option::is_none) {
        return;
    }
    each(band, |row, column, node| {
        for (bead, before) in befores(band, scores.of(node), row, column) {
            let kind = (bead.sources.into(), bead.targets.into());
            let Some((side, sentences)) = one_sided((row, column), kind) else {
                continue;
            };
            let wanted = &mut alone[side][sentences];
            if wanted.iter().any(Option::is_some) {
                let probability = all.bead(before, node, bead.score);
                let wanted = wanted.iter_mut().flatten();
                wanted.for_each(|sum| *sum += probability);
            }
        }
    });
    for bead in found {
        if let Some((side, sentences)) = one_sided(bead.end, bead.kind) {
            let probabilities = alone[side][sentences].iter().copied().flatten();
            bead.probability = probabilities.fold(1.0, f32::min);
        }
    }
}

/// The side of a one-sided bead, 0 for the source, and its sentences; none of another.
fn one_sided(end: (usize, usize), kind: (usize, usize)) -> Option<(usize, Range<usize>)> {
    match kind {
        (sources, 0) => Some((0, end.0 - sources..end.0)),
        (0, targets) => Some((1, end.1 - targets..end.1)),
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The steps of a way, each as its end and kind.
    type Way = Vec<((usize, usize), (usize, usize))>;

    /// All ways from a place to the last corner, with the sums of their scores.
    fn ways(band: &Band, scores: &Scores, from: (usize, usize)) -> Vec<(Way, f64)> {
        let last = (band.rows() - 1, band.row(band.rows() - 1).end - 1);
        if from == last {
            return vec![(Vec::new(), 0.0)];
        }
        let mut all = Vec::new();
        for kind in kinds() {
            let end = (from.0 + kind.0, from.1 + kind.1);
            let Some(node) = band.node(end.0, end.1) else {
                continue;
            };
            let mut beads = scores.of(node).iter();
            let Some(bead) = beads.find(|b| (b.sources.into(), b.targets.into()) == kind) else {
                continue;
            };
            for (mut way, sum) in ways(band, scores, end) {
                way.insert(0, (end, kind));
                all.push((way, sum + f64::from(bead.score)));
            }
        }
        all
    }

    proptest! {
        /// A bead of the best alignment is as probable as all ways through it together; sentences alone
        /// as all ways on which they stand alone.
        #[test]
        fn probabilities_are_those_of_all_ways(
            sources in 0usize..4,
            targets in 0usize..4,
            width in prop::option::of(1usize..3),
            random in prop::collection::vec(-3.0f32..3.0, 16 * 16),
        ) {
            prop_assume!(sources + targets > 0);
            let band = match width {
                None => Band::whole(sources, targets),
                Some(width) => {
                    let straight = sources.min(targets);
                    let way = (0..=straight).map(|at| (at, at));
                    let rest = (straight..=sources.max(targets))
                        .map(|at| (at.min(sources), at.min(targets)));
                    Band::around(&way.chain(rest).collect::<Vec<_>>(), width)
                }
            };
            let mut scores = Scores::default();
            let mut random = random.into_iter().cycle();
            each(&band, |row, column, _| {
                let kinds = kinds().into_iter().filter(|kind| kind.0 <= row && kind.1 <= column);
                let beads = kinds.map(|(sources, targets)| Scored {
                    sources: sources as u8,
                    targets: targets as u8,
                    score: random.next().unwrap_or_default(),
                });
                scores.push(&beads.collect::<Vec<_>>());
            });
            let ways = ways(&band, &scores, (0, 0));
            let part = |fits: &dyn Fn(&Way) -> bool| {
                let weight = |(_, sum): &(Way, f64)| sum.exp();
                let fitting: f64 = ways.iter().filter(|(way, _)| fits(way)).map(weight).sum();
                fitting / ways.iter().map(weight).sum::<f64>()
            };
            for found in best(&band, &scores, &Sums::new(&band, &scores)) {
                let (end, kind) = (found.end, found.kind);
                let expected = if kind.0.min(kind.1) > 0 {
                    part(&|way| way.contains(&(end, kind)))
                } else {
                    let of = |(source, target)| if kind.1 == 0 { source } else { target };
                    let alone = |sentence: usize| part(&|way: &Way| way.iter().any(|&(end, step)| {
                        let covered = of(end) - of(step)..of(end);
                        of(kind) > 0 && step.0 + step.1 == of(step) && covered.contains(&sentence)
                    }));
                    let sentences = of(end) - of(kind)..of(end);
                    sentences.map(alone).reduce(f64::min).unwrap_or_default()
                };
                prop_assert!((f64::from(found.probability) - expected).abs() < 1e-4, "{found:?} {expected}");
            }
        }
    }
}
