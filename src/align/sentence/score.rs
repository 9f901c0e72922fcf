//! The score of a bead: a weighted sum of what speaks for and against it.

use std::collections::VecDeque;
use std::ops::Range;

use super::Search;
use super::lattice::{MOST_ALONE, Scored, Scores, kinds};
use super::lexical::Lexical;
use super::paragraphs::Paragraphs;
use super::path::Band;
use super::side::Side;
use super::vectors::{LONGEST_RUN, Runs};
use super::weights::Weights;
use crate::engine::kernels::{self, Scalar};
use crate::parallel;

/// Variance of the difference of two lengths for each code point (Gale and Church 1993).
const LENGTH_VARIANCE: f64 = 6.8;
/// What a bead would gain by a sentence more where there is none.
const NO_GAIN: f32 = -0.2;
/// By how many standard deviations lengths may differ in a bead of many sentences, which is not
/// looked at any further otherwise.
const TOO_FAR: f32 = 4.0;
/// Sentences of a bead of many.
const MANY: usize = 6;
/// Rows of a band that are looked at together.
const ROWS_AT_ONCE: usize = 64;
/// Code points of a middling sentence.
const MIDDLING: f64 = 50.0;

/// Cosines of runs that start at the nodes of a band.
struct Cosines<'a> {
    source: &'a Side,
    target: &'a Side,
    band: &'a Band,
    values: Vec<[[f32; LONGEST_RUN]; LONGEST_RUN]>,
}

impl<'a> Cosines<'a> {
    fn new(search: &'a Search<'a>, band: &'a Band) -> Self {
        let (source, target) = (search.source, search.target);
        // The environment may name a kernel that does not run; the encoder has told of that.
        let kernel = kernels::choose().unwrap_or(&Scalar);
        let parts = parallel::in_blocks(search.threads, band.rows(), ROWS_AT_ONCE, |rows| {
            let nodes = rows.clone().map(|row| band.row(row).len()).sum();
            let mut values = vec![[[f32::NAN; LONGEST_RUN]; LONGEST_RUN]; nodes];
            let (mut places, mut cosines) = (Vec::new(), Vec::new());
            let mut rest = &mut values[..];
            for row in rows {
                let columns = band.row(row);
                let (nodes, others) = rest.split_at_mut(columns.len());
                for (sources, one) in source.runs.by_length.iter().enumerate() {
                    for (targets, two) in target.runs.by_length.iter().enumerate() {
                        let end = columns.end.min(two.len());
                        if row < one.len() && columns.start < end {
                            let some = (two, columns.start..end);
                            one.cosines(kernel, row, some, &mut places, &mut cosines);
                            for (node, cosine) in nodes.iter_mut().zip(&cosines) {
                                node[sources][targets] = *cosine;
                            }
                        }
                    }
                }
                rest = others;
            }
            values
        });
        let mut values = Vec::with_capacity(band.len());
        for part in parts {
            values.extend(part);
        }
        Self {
            source,
            target,
            band,
            values,
        }
    }

    fn compute(&self, source: (usize, usize), target: (usize, usize)) -> Option<f32> {
        self.source.runs.cosine(source, &self.target.runs, target)
    }

    /// The cosine of two runs, each given as its first sentence and its length; none where one of
    /// them does not exist. A run too long to have a vector stands for the sum of its halves'.
    fn get(&self, source: (usize, usize), target: (usize, usize)) -> Option<f32> {
        if source.1 > LONGEST_RUN {
            let halves = halves(source);
            let cosines = halves.map(|half| self.get(half, target));
            return of_sum(&self.source.runs, halves, cosines);
        }
        if target.1 > LONGEST_RUN {
            let halves = halves(target);
            let cosines = halves.map(|half| self.get(source, half));
            return of_sum(&self.target.runs, halves, cosines);
        }
        if let Some(node) = self.band.node(source.0, target.0)
            && let Some(values) = self.values.get(node)
        {
            let line = values.get(source.1.checked_sub(1)?)?;
            let value = *line.get(target.1.checked_sub(1)?)?;
            return (!value.is_nan()).then_some(value);
        }
        self.compute(source, target)
    }
}

/// The two halves of a run, the first of which may be the longer.
fn halves((start, length): (usize, usize)) -> [(usize, usize); 2] {
    let first = length.div_ceil(2);
    [(start, first), (start + first, length - first)]
}

/// The cosine with the sum of two runs' vectors, each as long as the root of its sentences, from
/// those with either.
fn of_sum(runs: &Runs, halves: [(usize, usize); 2], cosines: [Option<f32>; 2]) -> Option<f32> {
    let [first, second] = halves.map(|half| (half.1 as f32).sqrt());
    let between = runs.cosine(halves[0], runs, halves[1])?;
    let length = first * first + second * second + 2.0 * first * second * between;
    Some((first * cosines[0]? + second * cosines[1]?) / length.max(1e-6).sqrt())
}

/// All that beads are scored from.
struct Scorer<'a> {
    search: &'a Search<'a>,
    band: &'a Band,
    lexical: Option<&'a Lexical>,
    paragraphs: &'a Paragraphs,
    weights: &'a Weights,
    cosines: Cosines<'a>,
}

/// Scores every bead within the band.
pub(super) fn scores(
    search: &Search,
    band: &Band,
    lexical: Option<&Lexical>,
    paragraphs: &Paragraphs,
    weights: &Weights,
) -> Scores {
    let scorer = Scorer {
        search,
        band,
        lexical,
        paragraphs,
        weights,
        cosines: Cosines::new(search, band),
    };
    let kinds = kinds();
    let mut scores = Scores::default();
    let parts = parallel::in_blocks(search.threads, band.rows(), ROWS_AT_ONCE, |rows| {
        scorer.rows(rows, &kinds)
    });
    for part in parts {
        scores.append(part);
    }
    scores
}

/// What single sentences score as alone, in the last rows.
#[derive(Debug, Default)]
struct Alone {
    /// The first column of each row, and for each column the sentence of the source and that of the
    /// target which end there.
    rows: VecDeque<(usize, Vec<[Option<f32>; 2]>)>,
}

impl Alone {
    fn next_row(&mut self, first: usize, columns: usize) {
        if self.rows.len() == MOST_ALONE {
            self.rows.pop_back();
        }
        self.rows.push_front((first, vec![[None; 2]; columns]));
    }

    fn set(&mut self, column: usize, scores: [Option<f32>; 2]) {
        if let Some((first, row)) = self.rows.front_mut()
            && let Some(place) = row.get_mut(column - *first)
        {
            *place = scores;
        }
    }

    /// The sum of the last sentences of the source.
    fn source(&self, column: usize, run: usize) -> Option<f32> {
        let rows = self.rows.iter().take(run);
        rows.map(|(first, row)| row.get(column.checked_sub(*first)?)?[0])
            .sum()
    }

    /// The sum of the last sentences of the target.
    fn target(&self, column: usize, run: usize) -> Option<f32> {
        let (first, row) = self.rows.front()?;
        let end = column.checked_sub(*first)? + 1;
        let scores = row.get(end.checked_sub(run)?..end)?;
        scores.iter().map(|scores| scores[1]).sum()
    }
}

impl Scorer<'_> {
    /// The scores of the beads that end in some rows of the band.
    fn rows(&self, rows: Range<usize>, kinds: &[(usize, usize)]) -> Scores {
        let band = self.band;
        let mut scores = Scores::default();
        let mut beads = Vec::new();
        // What single sentences of the source score as alone, for each column, in the last rows.
        let mut alone = Alone::default();
        for row in rows.start.saturating_sub(MOST_ALONE)..rows.end {
            alone.next_row(band.row(row).start, band.row(row).len());
            for column in band.row(row) {
                let reached = |kind: (usize, usize)| {
                    let start = (row.checked_sub(kind.0)?, column.checked_sub(kind.1)?);
                    band.node(start.0, start.1).map(|_| start)
                };
                let single =
                    |kind| reached(kind).map(|start| self.untranslated(start, kind == (1, 0)));
                alone.set(column, [(1, 0), (0, 1)].map(single));
                if row < rows.start {
                    continue;
                }
                beads.clear();
                for &kind in kinds {
                    let Some((source, target)) = reached(kind) else {
                        continue;
                    };
                    let score = match kind {
                        (run, 0) if self.may_run((source, run), true) => alone.source(column, run),
                        (0, run) if self.may_run((target, run), false) => alone.target(column, run),
                        (0, _) | (_, 0) => None,
                        _ => Some(self.bead((source, kind.0), (target, kind.1))),
                    };
                    let score = match kind {
                        (0, _) | (_, 0) => score.map(|score| score + self.weights.open),
                        _ => score,
                    };
                    if let Some(score) = score.filter(|score| score.is_finite()) {
                        beads.push(Scored {
                            sources: kind.0 as u8,
                            targets: kind.1 as u8,
                            score,
                        });
                    }
                }
                scores.push(&beads);
            }
        }
        scores
    }

    /// Whether sentences that follow each other may stand alone together: not where one is fixed.
    fn may_run(&self, run: (usize, usize), of_source: bool) -> bool {
        let side = if of_source {
            self.search.source
        } else {
            self.search.target
        };
        run.1 == 1 || !side.holds_one_alone(run)
    }

    /// The score of a sentence that nothing stands opposite to, of the source or of the target.
    fn untranslated(&self, (source, target): (usize, usize), of_source: bool) -> f32 {
        let weights = self.weights;
        let length = match of_source {
            true => self.search.source.length(&(source..source + 1)),
            false => self.search.target.length(&(target..target + 1)) / self.search.ratio,
        };
        let longer = (length / MIDDLING).ln() as f32;
        weights.alone
            + weights.untranslated_length * longer
            + weights.untranslated_length_squared * longer * longer
    }

    /// The score of a bead of so many sentences from either place on.
    fn bead(&self, source: (usize, usize), target: (usize, usize)) -> f32 {
        let weights = self.weights;
        let deviation = self.deviation(source, target);
        if source.1 + target.1 > MANY && deviation.abs() > TOO_FAR {
            return f32::NEG_INFINITY;
        }
        let Some(cosine) = self.cosines.get(source, target) else {
            return f32::NEG_INFINITY;
        };
        let Some((target_nats, source_nats)) = self.nats(source, target) else {
            return f32::NEG_INFINITY;
        };
        if self.search.source.holds_one_alone(source) || self.search.target.holds_one_alone(target)
        {
            return f32::NEG_INFINITY;
        }
        let larger = (source.1 + target.1 - 2) as f32;
        weights.kind(source.1, target.1)
            + (weights.cosine + weights.cosine_larger * larger) * cosine
            + weights.gain * self.gain(source, target, cosine)
            + weights.loss * self.loss(source, target, cosine)
            + weights.deviation * deviation.abs().min(6.0)
            + weights.deviation_squared * (deviation * deviation).min(25.0)
            + weights.target_given_source * target_nats
            + weights.source_given_target * source_nats
            + self
                .paragraphs
                .score([self.search.source, self.search.target], [source, target])
    }

    /// By how many nats the pieces of either side explain those of the other; none where the bead
    /// reaches out of the band.
    fn nats(&self, source: (usize, usize), target: (usize, usize)) -> Option<(f32, f32)> {
        let Some(lexical) = self.lexical else {
            return Some((0.0, 0.0));
        };
        let end = (source.0 + source.1, target.0 + target.1);
        let mut nats = (0.0, 0.0);
        for back in 0..target.1 {
            let node = self.band.node(end.0, end.1 - back)?;
            nats.0 += lexical.target_given_source[node][source.1 - 1];
        }
        for back in 0..source.1 {
            let node = self.band.node(end.0 - back, end.1)?;
            nats.1 += lexical.source_given_target[node][target.1 - 1];
        }
        Some(nats)
    }

    /// By how much the cosine would grow with a sentence more, at most.
    fn gain(&self, source: (usize, usize), target: (usize, usize), cosine: f32) -> f32 {
        let wider = |(start, length): (usize, usize)| {
            let before = start.checked_sub(1);
            [
                Some((start, length + 1)),
                before.map(|start| (start, length + 1)),
            ]
        };
        let with_target = wider(target).map(|target| self.cosines.get(source, target?));
        let with_source = wider(source).map(|source| self.cosines.get(source?, target));
        let others = with_target.into_iter().chain(with_source);
        let gains = others.map(|other| other.map_or(NO_GAIN, |other| other - cosine));
        gains.fold(f32::NEG_INFINITY, f32::max)
    }

    /// By how much the cosine would grow with a sentence fewer, at most; nothing where there is but
    /// one of either.
    fn loss(&self, source: (usize, usize), target: (usize, usize), cosine: f32) -> f32 {
        let narrower = |(start, length): (usize, usize)| match length {
            1 => [None, None],
            _ => [Some((start, length - 1)), Some((start + 1, length - 1))],
        };
        let without_target = narrower(target).map(|target| self.cosines.get(source, target?));
        let without_source = narrower(source).map(|source| self.cosines.get(source?, target));
        let others = without_target.into_iter().chain(without_source).flatten();
        others
            .map(|other| other - cosine)
            .reduce(f32::max)
            .unwrap_or(0.0)
    }

    /// By how many standard deviations the lengths differ (Gale and Church 1993).
    fn deviation(&self, source: (usize, usize), target: (usize, usize)) -> f32 {
        let one = self.search.source.length(&(source.0..source.0 + source.1));
        let other = self.search.target.length(&(target.0..target.0 + target.1)) / self.search.ratio;
        ((other - one) / (LENGTH_VARIANCE * (one + other) / 2.0).sqrt()) as f32
    }
}
