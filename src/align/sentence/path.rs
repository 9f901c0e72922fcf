//! Where the alignment must roughly run: a band around the best way through the cosines of single
//! sentences, found from coarse to fine (Thompson and Koehn 2019, “Vecalign”), in linear time.

use super::bead::Bead;
use super::vectors::Vectors;

/// Texts of so many sentences or fewer are searched whole.
const COARSEST: usize = 500;
/// How far beside the way of the coarser level a finer one is searched.
const REFINING: usize = 12;
/// How many standard deviations above chance a cosine must be to count.
const THRESHOLD: f32 = 2.0;
/// Pairs of sentences that tell what is chance.
const SAMPLES: usize = 4000;

/// Places between sentences: for each place of the source, from before its first sentence to after
/// its last, a range of places of the target. All ways from corner to corner stay within.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Band {
    /// The first place of the target for each of the source.
    firsts: Vec<usize>,
    /// Where the nodes of each row start among all; one more for the end.
    offsets: Vec<usize>,
}

impl Band {
    /// From the ends of a range a row, both included.
    fn new(ranges: &[(usize, usize)]) -> Self {
        let mut offsets = vec![0];
        for (first, last) in ranges {
            offsets.push(offsets.last().copied().unwrap_or(0) + last + 1 - first);
        }
        Self {
            firsts: ranges.iter().map(|range| range.0).collect(),
            offsets,
        }
    }

    /// Every place of either text.
    pub fn whole(sources: usize, targets: usize) -> Self {
        Self::new(&vec![(0, targets); sources + 1])
    }

    /// The places within `width` of a way, which leads from corner to corner.
    pub fn around(way: &[(usize, usize)], width: usize) -> Self {
        let (sources, targets) = way.last().copied().unwrap_or((0, 0));
        let mut ranges = vec![(usize::MAX, 0); sources + 1];
        for &(source, target) in way {
            let range = (target.saturating_sub(width), (target + width).min(targets));
            let rows = source.saturating_sub(width)..=(source + width).min(sources);
            // Only the ends of a straight piece reach further than their neighbours; still a row
            // takes all that come near it.
            for row in &mut ranges[rows] {
                row.0 = row.0.min(range.0);
                row.1 = row.1.max(range.1);
            }
        }
        Self::new(&ranges)
    }

    /// Places of the source.
    pub fn rows(&self) -> usize {
        self.firsts.len()
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.offsets[self.rows()]
    }

    /// The places of the target in a row.
    pub fn row(&self, row: usize) -> std::ops::Range<usize> {
        let first = self.firsts[row];
        first..first + self.offsets[row + 1] - self.offsets[row]
    }

    /// The number of a node; none where it lies outside.
    pub fn node(&self, row: usize, column: usize) -> Option<usize> {
        let first = *self.firsts.get(row)?;
        let node = self.offsets[row] + column.checked_sub(first)?;
        (node < self.offsets[row + 1]).then_some(node)
    }
}

/// A way through the sentences that `source` and `target` are the vectors of, from corner to
/// corner, of steps by one on one side or both.
pub(super) fn way(source: &Vectors, target: &Vectors) -> Vec<(usize, usize)> {
    let mut levels = vec![(centred(source), centred(target))];
    while let Some((source, target)) = levels.last()
        && source.len().max(target.len()) > COARSEST
        && source.len().min(target.len()) > 1
    {
        let halved = (halved(source), halved(target));
        levels.push(halved);
    }
    let mut way: Option<Vec<(usize, usize)>> = None;
    for (source, target) in levels.iter().rev() {
        let corner = (source.len(), target.len());
        let band = match &way {
            None => Band::whole(corner.0, corner.1),
            Some(coarse) => Band::around(&doubled(coarse, corner), REFINING),
        };
        way = Some(best(source, target, &band));
    }
    way.unwrap_or_default()
}

/// A way through beads, which hold every sentence once, in order: straight where they have as many
/// sentences on both sides, else to the end of the shorter side first.
pub(super) fn through(beads: &[Bead]) -> Vec<(usize, usize)> {
    let mut way = vec![(0, 0)];
    for bead in beads {
        for step in 1..=bead.source.len().max(bead.target.len()) {
            let source = bead.source.start + step.min(bead.source.len());
            way.push((source, bead.target.start + step.min(bead.target.len())));
        }
    }
    way
}

/// The vectors less their mean.
fn centred(vectors: &Vectors) -> Vectors {
    let mut mean = vec![0.0; vectors.width()];
    let share = 1.0 / vectors.len().max(1) as f32;
    for index in 0..vectors.len() {
        vectors.add_to(index, share, &mut mean);
    }
    let mut centred = Vectors::new(vectors.width());
    // A text of a few sentences has no mean worth speaking of.
    let keep = if vectors.len() < 20 { 0.0 } else { -1.0 };
    for index in 0..vectors.len() {
        let mut row: Vec<f32> = mean.iter().map(|x| x * keep).collect();
        vectors.add_to(index, 1.0, &mut row);
        centred.push(&row);
    }
    centred
}

/// The means of two neighbours each.
fn halved(vectors: &Vectors) -> Vectors {
    let mut halved = Vectors::new(vectors.width());
    for start in (0..vectors.len()).step_by(2) {
        let mut sum = vec![0.0; vectors.width()];
        for index in start..(start + 2).min(vectors.len()) {
            vectors.add_to(index, 1.0, &mut sum);
        }
        halved.push(&sum);
    }
    halved
}

/// A way of a coarser level among the places of a finer one.
fn doubled(way: &[(usize, usize)], corner: (usize, usize)) -> Vec<(usize, usize)> {
    let finer =
        |&(row, column): &(usize, usize)| ((row * 2).min(corner.0), (column * 2).min(corner.1));
    let mut doubled: Vec<(usize, usize)> = Vec::with_capacity(2 * way.len());
    for node in way.iter().map(finer) {
        if let Some(&(row, column)) = doubled.last() {
            doubled.push((row.midpoint(node.0), column.midpoint(node.1)));
        }
        doubled.push(node);
    }
    doubled.push(corner);
    doubled
}

/// The best way within the band: cosines count as far as they exceed chance.
fn best(source: &Vectors, target: &Vectors, band: &Band) -> Vec<(usize, usize)> {
    let (sources, targets) = (source.len(), target.len());
    let (mean, deviation) = chance(source, target);
    let gain = |row: usize, column: usize| {
        (source.cosine(row, target, column) - mean) / deviation - THRESHOLD
    };
    #[derive(Clone, Copy, PartialEq)]
    enum Step {
        Both,
        Source,
        Target,
    }
    let mut sums = vec![f32::NEG_INFINITY; band.len()];
    let mut steps = vec![Step::Both; band.len()];
    for row in 0..band.rows() {
        for column in band.row(row) {
            let Some(node) = band.node(row, column) else {
                continue;
            };
            if (row, column) == (0, 0) {
                sums[node] = 0.0;
                continue;
            }
            let above = row
                .checked_sub(1)
                .and_then(|above| band.node(above, column));
            let left = column.checked_sub(1).and_then(|left| band.node(row, left));
            for (before, step) in [(above, Step::Source), (left, Step::Target)] {
                if let Some(before) = before
                    && sums[before] > sums[node]
                {
                    sums[node] = sums[before];
                    steps[node] = step;
                }
            }
            if let (Some(above), Some(left)) = (row.checked_sub(1), column.checked_sub(1))
                && let Some(before) = band.node(above, left)
            {
                let sum = sums[before] + gain(above, left);
                if sum > sums[node] {
                    sums[node] = sum;
                    steps[node] = Step::Both;
                }
            }
        }
    }
    let (mut row, mut column) = (sources, targets);
    let mut way = vec![(row, column)];
    while (row, column) != (0, 0) {
        let step = band.node(row, column).map(|node| steps[node]);
        match step {
            Some(Step::Both) if row > 0 && column > 0 => {
                row -= 1;
                column -= 1;
            }
            Some(Step::Source) if row > 0 => row -= 1,
            _ if column > 0 => column -= 1,
            _ => row -= 1,
        }
        way.push((row, column));
    }
    way.reverse();
    way
}

/// Mean and standard deviation of the cosines of sentences that have nothing to do with each other.
fn chance(source: &Vectors, target: &Vectors) -> (f32, f32) {
    let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
    if source.len() > 0 && target.len() > 0 {
        // Steps that have no common factor with the lengths visit all pairs evenly enough.
        for sample in 0..SAMPLES {
            let row = sample * 7919 % source.len();
            let column = (sample * 104_729 + sample / target.len()) % target.len();
            let cosine = f64::from(source.cosine(row, target, column));
            sum += cosine;
            squares += cosine * cosine;
            count += 1.0;
        }
    }
    let mean: f64 = sum / f64::max(count, 1.0);
    let variance = squares / f64::max(count, 1.0) - mean * mean;
    (mean as f32, variance.max(1e-4).sqrt() as f32)
}
