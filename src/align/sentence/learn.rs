//! What two texts show of each other's words once they are roughly aligned: expected counts of
//! pieces that stand for each other, as in IBM's model 1 (Brown et al. 1993), with the dictionary
//! as the prior.

use std::collections::HashMap;
use std::ops::Range;

use super::bead::Bead;
use super::dictionary::{Dictionary, Table, Tables};
use super::lexical::UNEXPLAINED;

/// How many times the dictionary's word counts as if it had been seen.
const PRIOR: f32 = 2.0;
/// Taken from every count: what is seen once may be chance, and a bead should not vouch for itself.
const DISCOUNT: f32 = 0.5;
/// Less is not counted.
const LEAST: f32 = 0.02;
/// Sentences of either side that are counted together.
const AT_ONCE: usize = 64;

/// Counts for either direction, by the number of the given piece.
#[derive(Debug)]
pub(super) struct Learnt {
    given_source: Vec<Counts>,
    given_target: Vec<Counts>,
}

/// What stands for a piece.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Pieces of the other text and their counts, by piece.
    others: Vec<(u32, f32)>,
    total: f32,
}

impl Counts {
    /// How much of the dictionary's probability is left.
    pub fn kept(&self) -> f32 {
        PRIOR / (self.total + PRIOR)
    }

    /// The probability that each of the other pieces has from the counts.
    pub fn shares(&self) -> impl Iterator<Item = (u32, f32)> {
        let total = self.total + PRIOR;
        self.others
            .iter()
            .map(move |&(other, count)| (other, count / total))
    }
}

impl Learnt {
    /// Counts in beads, each as far as it is probable, by what was learnt `before`.
    pub fn new(dictionary: &Dictionary, before: Option<&Self>, beads: &[Bead]) -> Self {
        let mut counts: [Expected; 2] = Default::default();
        let paired: Vec<&Bead> = beads.iter().filter(|bead| bead.is_paired()).collect();
        let mut rest = &paired[..];
        while let Some(first) = rest.first() {
            let near = |bead: &&&Bead| {
                bead.source.end <= first.source.start + AT_ONCE
                    && bead.target.end <= first.target.start + AT_ONCE
            };
            let together = rest.iter().take_while(near).count().max(1);
            let (part, later) = rest.split_at(together);
            rest = later;
            let end = part[together - 1];
            let tables = dictionary.tables(
                first.source.start..end.source.end,
                first.target.start..end.target.end,
                before,
            );
            for bead in part {
                count(&tables, bead, &mut counts);
            }
        }
        let (sources, targets) = dictionary.pieces();
        let [given_source, given_target] = counts;
        Self {
            given_source: by_piece(given_source, sources),
            given_target: by_piece(given_target, targets),
        }
    }

    /// What stands for a piece of the source.
    pub fn given_source(&self, number: u32) -> &Counts {
        &self.given_source[number as usize]
    }

    /// What stands for a piece of the target.
    pub fn given_target(&self, number: u32) -> &Counts {
        &self.given_target[number as usize]
    }
}

/// The pieces of some sentences in local numbers.
fn pieces(sentences: &[Vec<usize>], range: &Range<usize>, origin: usize) -> Vec<usize> {
    let sentences = &sentences[range.start - origin..range.end - origin];
    sentences.iter().flatten().copied().collect()
}

/// Expected counts of a given piece and another that stands for it.
type Expected = HashMap<(u32, u32), f32>;

/// Adds the expected counts of one bead, for either direction.
fn count(tables: &Tables, bead: &Bead, [given_source, given_target]: &mut [Expected; 2]) {
    let source = pieces(&tables.source.sentences, &bead.source, tables.origin.0);
    let target = pieces(&tables.target.sentences, &bead.target, tables.origin.1);
    let source = (&*source, &*tables.source.numbers);
    let target = (&*target, &*tables.target.numbers);
    let weight = bead.score.unwrap_or(1.0);
    count_given(source, target, weight, &tables.given_source, given_source);
    count_given(target, source, weight, &tables.given_target, given_target);
}

/// Adds the expected counts of one direction: of the pieces that are given and of those that stand
/// for them, each in local numbers, with what those are in the text. `told` is how much more
/// probable another piece is beside a given one than by chance.
fn count_given(
    (given, given_numbers): (&[usize], &[u32]),
    (others, other_numbers): (&[usize], &[u32]),
    weight: f32,
    told: &Table,
    counts: &mut Expected,
) {
    let none = UNEXPLAINED / (1.0 - UNEXPLAINED);
    for &other in others {
        let sum: f32 = given.iter().map(|&given| told.row(given)[other]).sum();
        let sum = sum + none * given.len() as f32;
        for &given in given {
            let share = weight * told.row(given)[other] / sum;
            if share > LEAST {
                let key = (given_numbers[given], other_numbers[other]);
                *counts.entry(key).or_default() += share;
            }
        }
    }
}

/// Counts less the discount, for each given piece.
fn by_piece(counts: Expected, pieces: usize) -> Vec<Counts> {
    let mut all: Vec<Counts> = Vec::new();
    all.resize_with(pieces, Counts::default);
    for ((given, other), count) in counts {
        if count > DISCOUNT {
            all[given as usize].others.push((other, count - DISCOUNT));
        }
    }
    for counts in &mut all {
        // In one order whatever the hashing, so that sums are the same every time.
        counts.others.sort_unstable_by_key(|&(other, _)| other);
        counts.total = counts.others.iter().map(|&(_, count)| count).sum();
    }
    all
}
