//! How far the pieces of sentences translate each other.
//!
//! A target sentence given some source sentences is as probable as in IBM's model 1 (Brown et al.
//! 1993), and what counts is by how much that exceeds what it is without any source.

use super::dictionary::{Dictionary, Table};
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
        let parts = parallel::in_blocks(threads, sentences.0, ROWS_AT_ONCE, |range| {
            block(dictionary, learnt, band, range)
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
    // What each sentence tells of the pieces of the other text.
    let told = |table: &Table, sentences: &[Vec<usize>]| -> Vec<Vec<f32>> {
        sentences
            .iter()
            .map(|sentence| table.sum(sentence))
            .collect()
    };
    let of_target = told(&tables.given_source, &tables.source.sentences);
    let of_source = told(&tables.given_target, &tables.target.sentences);
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
            let (one, two) = (&tables.source.sentences, &tables.target.sentences);
            part.0
                .push(explained(&two[j], (one, &of_target), i, &mut sums));
            part.1
                .push(explained(&one[i], (two, &of_source), j, &mut sums));
        }
    }
    part
}

/// By how many nats a sentence is better explained by the last, the last two, … of `given` up to `end`;
/// `told` has what each of these tells of all pieces.
fn explained(
    sentence: &[usize],
    (given, told): (&[Vec<usize>], &[Vec<f32>]),
    end: usize,
    sums: &mut Vec<f32>,
) -> [f32; LONGEST] {
    sums.clear();
    sums.resize(sentence.len(), 0.0);
    let mut nats = [f32::NAN; LONGEST];
    let mut pieces = 0;
    let last_first = given[..=end].iter().zip(&told[..=end]).rev();
    for (place, (given, told)) in nats.iter_mut().zip(last_first) {
        for (sum, &piece) in sums.iter_mut().zip(sentence) {
            *sum += told[piece];
        }
        pieces += given.len();
        let share = (1.0 - UNEXPLAINED) / pieces.max(1) as f32;
        // One logarithm for some factors together: none is beyond a few powers of ten.
        let nats = sums.chunks(16).map(|sums| {
            let factors = sums.iter().map(|sum| f64::from(UNEXPLAINED + share * sum));
            factors.product::<f64>().ln()
        });
        *place = nats.sum::<f64>() as f32;
    }
    nats
}
