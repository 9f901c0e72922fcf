//! Places where the alignment is in doubt, and their alignment once more is known of their beads.
//!
//! A place reaches from one pair of borders that the alignment passes almost certainly to the next,
//! so that it can be decided by itself.

use super::lattice::{self, Found, Scored, Scores, Sums, befores};
use super::path::Band;
use super::side::Side;
use super::translation::{Translator, Verdict};
use super::weights::DOUBT;
use crate::model::Error;

/// How probable a pair of borders must be to part places.
const BORDER: f32 = 0.95;

/// The most pairs of borders of a place that is decided anew: where more are in doubt, as in texts
/// that do not belong together, no model helps, and all would have to be looked at.
const LARGEST: usize = 2_000;

/// An alignment and the places in doubt in it.
#[derive(Debug)]
pub(super) struct Places {
    found: Vec<Found>,
    places: Vec<Place>,
}

/// A place in doubt.
#[derive(Debug)]
struct Place {
    /// Its first borders.
    start: (usize, usize),
    /// Its last borders.
    end: (usize, usize),
    /// Which beads of the alignment it covers.
    covers: std::ops::Range<usize>,
    /// The beads that it may be made of, by where they end: rows from first to last, columns
    /// within.
    beads: Vec<Candidate>,
}

/// A bead that may be right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub end: (usize, usize),
    pub bead: Scored,
}

impl Candidate {
    /// Its first sentence and their number, of the source and of the target.
    pub fn runs(self) -> [(usize, usize); 2] {
        let (sources, targets) = (self.bead.sources.into(), self.bead.targets.into());
        [
            (self.end.0 - sources, sources),
            (self.end.1 - targets, targets),
        ]
    }

    /// The borders before its first sentences.
    fn start(self) -> (usize, usize) {
        let [source, target] = self.runs();
        (source.0, target.0)
    }

    /// Whether it has sentences on both sides.
    fn is_paired(&self) -> bool {
        self.bead.sources > 0 && self.bead.targets > 0
    }

    /// Its score, with the next verdict if it has sentences on both sides; `made` is the side that
    /// the model makes.
    fn score(self, sides: [&Side; 2], made: usize, next: impl FnOnce() -> Option<Verdict>) -> f32 {
        if self.is_paired() {
            return DOUBT.paired(self.bead.score, next().unwrap_or_default());
        }
        let runs = self.runs().map(|(start, length)| start..start + length);
        let lengths = runs.iter().zip(sides).map(|(run, side)| side.length(run));
        let sentences = runs.iter().map(ExactSizeIterator::len).sum();
        let is_made = !runs[made].is_empty();
        DOUBT.one_sided(self.bead.score, sentences, lengths.sum(), is_made)
    }
}

impl Places {
    /// Finds the places of an alignment where a bead is not sure, or a sentence may stand alone.
    pub fn new((band, scores): (&Band, &Scores), (sums, found): (&Sums, Vec<Found>)) -> Self {
        let mut places = Vec::new();
        let (mut first, mut start) = (0, (0, 0));
        for (number, bead) in found.iter().enumerate() {
            let Some(node) = band.node(bead.end.0, bead.end.1) else {
                continue;
            };
            if sums.node(node) < BORDER && number + 1 < found.len() {
                continue;
            }
            let covers = first..number + 1;
            let size = (bead.end.0 + 1 - start.0) * (bead.end.1 + 1 - start.1);
            if size <= LARGEST {
                let own = &found[covers.clone()];
                let beads = candidates((band, scores, sums), (start, bead.end), own);
                let is_sure = covers.len() == 1 && bead.probability >= DOUBT.sure;
                if !is_sure || !beads.iter().all(Candidate::is_paired) {
                    places.push(Place {
                        start,
                        end: bead.end,
                        beads,
                        covers,
                    });
                }
            }
            (first, start) = (number + 1, bead.end);
        }
        Self { found, places }
    }

    /// The alignment with the places decided anew by what a translation model makes of their beads.
    ///
    /// # Errors
    /// [`Error`] where the model cannot be computed with.
    pub fn judged(
        self,
        translator: &Translator<'_>,
        sides: [&Side; 2],
        texts: [&[&str]; 2],
        threads: usize,
    ) -> Result<Vec<Found>, Error> {
        let candidates = self.places.iter().flat_map(|place| &place.beads);
        let paired: Vec<Candidate> = candidates.filter(|c| c.is_paired()).copied().collect();
        let verdicts = translator.verdicts(texts, &paired, threads)?;
        let mut verdicts = verdicts.into_iter();
        let mut decided = Vec::with_capacity(self.found.len());
        let mut kept = 0;
        let made = translator.made();
        for place in &self.places {
            let beads = place.beads.iter();
            let scores = beads.map(|bead| bead.score(sides, made, || verdicts.next()));
            let best = place.best(&scores.collect::<Vec<f32>>());
            decided.extend_from_slice(&self.found[kept..place.covers.start]);
            decided.extend(best);
            kept = place.covers.end;
        }
        decided.extend_from_slice(&self.found[kept..]);
        Ok(decided)
    }
}

/// The beads between two corners that are probable enough, or of the alignment. Where a sentence
/// stands alone costs nothing to judge, so that less is enough for it, and for what would stand
/// beside it.
fn candidates(
    (band, scores, sums): (&Band, &Scores, &Sums),
    (start, end): ((usize, usize), (usize, usize)),
    own: &[Found],
) -> Vec<Candidate> {
    let mut possible = Vec::new();
    for row in start.0..=end.0 {
        for column in start.1..=end.1 {
            let Some(node) = band.node(row, column) else {
                continue;
            };
            for (bead, before) in befores(band, scores.of(node), row, column) {
                let kind = (usize::from(bead.sources), usize::from(bead.targets));
                let within = row - kind.0 >= start.0 && column - kind.1 >= start.1;
                let is_own = || {
                    let mut own = own.iter();
                    own.any(|found| found.end == (row, column) && found.kind == kind)
                };
                let probability = sums.bead(before, node, bead.score);
                let is_probable = probability >= DOUBT.least || is_own();
                if within && (is_probable || probability >= DOUBT.least_alone) {
                    let end = (row, column);
                    possible.push((Candidate { end, bead }, is_probable));
                }
            }
        }
    }
    let alone = possible.iter().filter(|(bead, _)| !bead.is_paired());
    let alone: Vec<_> = alone.map(|(bead, _)| (bead.start(), bead.end)).collect();
    let is_beside = |bead: &Candidate| {
        let mut alone = alone.iter();
        alone.any(|&(start, end)| start == bead.end || end == bead.start())
    };
    possible.retain(|(bead, is_probable)| *is_probable || !bead.is_paired() || is_beside(bead));
    possible.into_iter().map(|(bead, _)| bead).collect()
}

impl Place {
    /// The best alignment of the place, each of whose beads scores what `scores` has for it.
    fn best(&self, new_scores: &[f32]) -> Vec<Found> {
        let (rows, columns) = (self.end.0 - self.start.0, self.end.1 - self.start.1);
        let band = Band::whole(rows, columns);
        let mut scores = Scores::default();
        let mut rest = self.beads.iter().zip(new_scores).peekable();
        for row in 0..=rows {
            for column in 0..=columns {
                let node = (self.start.0 + row, self.start.1 + column);
                let mut beads = Vec::new();
                while let Some((candidate, &score)) = rest.next_if(|(c, _)| c.end == node) {
                    beads.push(Scored {
                        score,
                        ..candidate.bead
                    });
                }
                scores.push(&beads);
            }
        }
        let sums = Sums::new(&band, &scores);
        let mut found = lattice::best(&band, &scores, &sums);
        for bead in &mut found {
            bead.end = (bead.end.0 + self.start.0, bead.end.1 + self.start.1);
        }
        found
    }
}
