//! How far the pieces of sentences translate each other.
//!
//! A target sentence given some source sentences is as probable as in IBM's model 1 (Brown et al.
//! 1993), and what counts is by how much that exceeds what it is without any source.

use super::dictionary::{Dictionary, Tables};
use super::learn::Learnt;
use super::path::Band;
use crate::parallel;

/// Sentences on either side of a bead.
pub(super) const LONGEST: usize = 8;
/// The share of pieces that come from nowhere.
pub(super) const UNEXPLAINED: f32 = 0.1;
/// Source sentences whose tables are computed together.
const ROWS_AT_ONCE: usize = 64;

/// For each node of a band, with the sentences *i* and *j* that end there: how many nats better
/// sentence *j* is explained by the 1, 2, … source sentences that end with *i* than by chance; and
/// the other way round.
#[derive(Debug)]
pub(super) struct Lexical {
    pub target_given_source: Vec<[f32; LONGEST]>,
    pub source_given_target: Vec<[f32; LONGEST]>,
}

impl Lexical {
    /// Compares the sentences whose places lie in `band`, on so many threads.
    pub fn new(
        dictionary: &Dictionary,
        learnt: Option<&Learnt>,
        band: &Band,
        threads: usize,
    ) -> Self {
        let sentences = dictionary.sentences();
        let blocks = sentences.0.div_ceil(ROWS_AT_ONCE);
        let parts = parallel::map(threads, blocks, |number| {
            let first = number * ROWS_AT_ONCE;
            let last = (first + ROWS_AT_ONCE).min(sentences.0);
            block(dictionary, learnt, band, first..last)
        });
        // Nothing ends before the first source sentence.
        let before = band.row(0).len();
        let mut lexical = Self {
            target_given_source: vec![[0.0; LONGEST]; before],
            source_given_target: vec![[0.0; LONGEST]; before],
        };
        for (target_given_source, source_given_target) in parts {
            lexical.target_given_source.extend(target_given_source);
            lexical.source_given_target.extend(source_given_target);
        }
        lexical
    }
}

type Part = (Vec<[f32; LONGEST]>, Vec<[f32; LONGEST]>);

/// What is told of the nodes where the source sentences `range` end.
fn block(
    dictionary: &Dictionary,
    learnt: Option<&Learnt>,
    band: &Band,
    range: std::ops::Range<usize>,
) -> Part {
    let rows = range.start + 1..range.end + 1;
    let columns = rows.clone().map(|row| band.row(row));
    let first = columns.clone().map(|columns| columns.start).min();
    let end = columns.map(|columns| columns.end).max();
    // A run may begin as many sentences before.
    let source = range.start.saturating_sub(LONGEST)..range.end;
    let target = first.unwrap_or(0).saturating_sub(LONGEST)..end.unwrap_or(1) - 1;
    let tables = dictionary.tables(source.clone(), target.clone(), learnt);
    let mut pairs = Pairs {
        tables: &tables,
        width: target.len(),
        known: (0..source.len() * target.len()).map(|_| None).collect(),
    };
    let mut part: Part = Default::default();
    let mut sums = Vec::new();
    for row in rows {
        for column in band.row(row) {
            let Some(j) = column.checked_sub(1 + target.start) else {
                part.0.push([0.0; LONGEST]);
                part.1.push([0.0; LONGEST]);
                continue;
            };
            let i = row - 1 - source.start;
            let length = tables.target.sentences[j].len();
            part.0.push(explained(length, i, &mut sums, |given, sums| {
                add(sums, &pairs.get(given, j).of_target);
                tables.source.sentences[given].len()
            }));
            let length = tables.source.sentences[i].len();
            part.1.push(explained(length, j, &mut sums, |given, sums| {
                add(sums, &pairs.get(i, given).of_source);
                tables.target.sentences[given].len()
            }));
        }
    }
    part
}

fn add(sums: &mut [f32], more: &[f32]) {
    sums.iter_mut().zip(more).for_each(|(sum, x)| *sum += x);
}

/// By how many nats a sentence of `length` pieces is better explained by the last, the last two, …
/// sentences up to `end`; `add` adds what a sentence tells of each piece and gives its length.
fn explained(
    length: usize,
    end: usize,
    sums: &mut Vec<f32>,
    mut add: impl FnMut(usize, &mut [f32]) -> usize,
) -> [f32; LONGEST] {
    sums.clear();
    sums.resize(length, 0.0);
    let mut nats = [f32::NAN; LONGEST];
    let mut pieces = 0;
    for (place, given) in nats.iter_mut().zip((0..=end).rev()) {
        pieces += add(given, sums);
        let share = (1.0 - UNEXPLAINED) / pieces.max(1) as f32;
        *place = sums
            .iter()
            .map(|sum| (UNEXPLAINED + share * sum).ln())
            .sum();
    }
    nats
}

/// For each piece of two sentences the sum of what the other's pieces tell of it.
struct Pair {
    of_target: Vec<f32>,
    of_source: Vec<f32>,
}

/// Pairs of sentences, computed when they are first asked for.
struct Pairs<'a> {
    tables: &'a Tables,
    width: usize,
    known: Vec<Option<Pair>>,
}

impl Pairs<'_> {
    fn get(&mut self, source: usize, target: usize) -> &Pair {
        let tables = self.tables;
        self.known[source * self.width + target].get_or_insert_with(|| {
            let one = &tables.source.sentences[source];
            let two = &tables.target.sentences[target];
            let mut pair = Pair {
                of_target: vec![0.0; two.len()],
                of_source: vec![0.0; one.len()],
            };
            for (&s, of_source) in one.iter().zip(&mut pair.of_source) {
                for (&t, of_target) in two.iter().zip(&mut pair.of_target) {
                    *of_target += tables.given_source(s, t);
                    *of_source += tables.given_target(s, t);
                }
            }
            pair
        })
    }
}
