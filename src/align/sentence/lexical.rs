//! How far the pieces of two sentences translate each other.
//!
//! The encoder's embeddings of pieces that mean the same lie near each other in all its languages,
//! so a softmax over cosines is a translation table without any training: *p*(t | s) ∝ u(t)
//! exp(κ cos(s, t)), where u is how often t is in the text. A target sentence given some source
//! sentences is then as probable as in IBM's model 1 (Brown et al. 1993), and what counts is by how
//! much that exceeds what it is without any source.

use std::collections::HashMap;

use super::path::Band;
use super::side::Side;
use crate::encoder::SentenceEncoder;
use crate::engine::kernels::choose;
use crate::engine::kernels::{Kernel, Packed, Quantised, Scalar};
use crate::model::packing::pack;

/// Sentences on either side of a bead.
pub(super) const LONGEST: usize = 4;
/// κ: how sharply a piece prefers its nearest translations.
const SHARPNESS: f32 = 16.0;
/// The share of pieces that come from nowhere.
const UNEXPLAINED: f32 = 0.1;
/// The most frequent pieces stand for the whole vocabulary where a softmax is normalised.
const NORMALISING: usize = 4096;
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

/// The distinct pieces of a text.
struct Vocabulary {
    /// Their numbers in the encoder.
    pieces: Vec<u32>,
    /// How often each is there, as a share.
    shares: Vec<f32>,
    /// The sentences in numbers of this vocabulary.
    sentences: Vec<Vec<u32>>,
}

impl Vocabulary {
    /// Frequent pieces come first.
    fn new(sentences: &[Vec<u32>]) -> Self {
        let mut counts: HashMap<u32, usize> = HashMap::new();
        for &piece in sentences.iter().flatten() {
            *counts.entry(piece).or_default() += 1;
        }
        let total = counts.values().sum::<usize>().max(1) as f32;
        let mut counts: Vec<(u32, usize)> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|&(piece, count)| (std::cmp::Reverse(count), piece));
        let numbers: HashMap<u32, u32> = counts.iter().map(|c| c.0).zip(0..).collect();
        let number = |piece: &u32| numbers.get(piece).copied().unwrap_or(0);
        Self {
            pieces: counts.iter().map(|count| count.0).collect(),
            shares: counts.iter().map(|count| count.1 as f32 / total).collect(),
            sentences: sentences
                .iter()
                .map(|sentence| sentence.iter().map(number).collect())
                .collect(),
        }
    }
}

/// Embeddings in 8 bits, of length 1 each.
struct Embeddings {
    rows: Quantised,
}

impl Embeddings {
    fn new(encoder: &SentenceEncoder, pieces: &[u32], mean: &[f32], kernel: &dyn Kernel) -> Self {
        let mut numbers = Vec::with_capacity(pieces.len() * encoder.width());
        for &piece in pieces {
            let start = numbers.len();
            encoder.embed(piece, &mut numbers);
            let row = &mut numbers[start..];
            row.iter_mut().zip(mean).for_each(|(x, mean)| *x -= mean);
            let length = row.iter().map(|x| x * x).sum::<f32>().max(1e-12).sqrt();
            row.iter_mut().for_each(|x| *x /= length);
        }
        let mut rows = Quantised::default();
        kernel.quantise(&numbers, encoder.width(), &mut rows);
        Self { rows }
    }

    /// Those of the pieces with such numbers.
    fn select(&self, numbers: &[u32]) -> Quantised {
        let columns = self.rows.columns;
        let mut selected = Quantised::default();
        selected.reshape(numbers.len(), columns);
        for (place, &number) in numbers.iter().enumerate() {
            let number = number as usize;
            selected.values[place * columns..][..columns]
                .copy_from_slice(&self.rows.values[number * columns..][..columns]);
            selected.sums[place] = self.rows.sums[number];
            selected.scales[place] = self.rows.scales[number];
        }
        selected
    }
}

/// exp(κ (cosine − 1)) of all pairs, a row for each of `rows`.
fn closeness(kernel: &dyn Kernel, rows: &Quantised, columns: &Quantised) -> Vec<f32> {
    let packed = pack(&columns.values, columns.columns);
    let bias = vec![0.0; columns.rows()];
    let packed = Packed {
        weights: &packed,
        scales: &columns.scales,
        bias: &bias,
        offsets: &[],
        inputs: columns.columns,
    };
    let mut products = vec![0.0; rows.rows() * columns.rows()];
    kernel.multiply(rows, &packed, &mut products);
    for x in &mut products {
        *x = (SHARPNESS * (*x - 1.0)).exp();
    }
    products
}

/// For each piece of `rows` the mean of its closeness to the other text's pieces.
fn normalisers(
    kernel: &dyn Kernel,
    rows: &Embeddings,
    others: &Embeddings,
    shares: &[f32],
) -> Vec<f32> {
    let frequent = shares.len().min(NORMALISING);
    let shares = &shares[..frequent];
    let total: f32 = shares.iter().sum();
    let numbers: Vec<u32> = (0..frequent as u32).collect();
    let others = others.select(&numbers);
    let mut normalisers = Vec::with_capacity(rows.rows.rows());
    let all: Vec<u32> = (0..rows.rows.rows() as u32).collect();
    for part in all.chunks(256) {
        let close = closeness(kernel, &rows.select(part), &others);
        for row in close.chunks_exact(frequent.max(1)) {
            let sum: f32 = row.iter().zip(shares).map(|(x, share)| x * share).sum();
            normalisers.push((sum / total).max(f32::MIN_POSITIVE));
        }
    }
    normalisers
}

impl Lexical {
    /// Compares the sentences whose places lie in `band`; `mean` is that of all embeddings.
    pub fn new(
        encoder: &SentenceEncoder,
        mean: &[f32],
        source: &Side,
        target: &Side,
        band: &Band,
    ) -> Self {
        // The environment may name a kernel that does not run; the encoder has told of that.
        let kernel = choose().unwrap_or(&Scalar);
        let (sources, targets) = (
            Vocabulary::new(&source.pieces),
            Vocabulary::new(&target.pieces),
        );
        let source_rows = Embeddings::new(encoder, &sources.pieces, mean, kernel);
        let target_rows = Embeddings::new(encoder, &targets.pieces, mean, kernel);
        let of_source = normalisers(kernel, &source_rows, &target_rows, &targets.shares);
        let of_target = normalisers(kernel, &target_rows, &source_rows, &sources.shares);
        let mut lexical = Self {
            target_given_source: vec![[0.0; LONGEST]; band.len()],
            source_given_target: vec![[0.0; LONGEST]; band.len()],
        };
        for first in (0..source.len()).step_by(ROWS_AT_ONCE) {
            let last = (first + ROWS_AT_ONCE).min(source.len());
            let from = first.saturating_sub(LONGEST - 1);
            let rows = first + 1..last + 1;
            let columns = rows.clone().map(|row| band.row(row));
            let start = columns
                .clone()
                .map(|columns| columns.start)
                .min()
                .unwrap_or(0);
            let end = columns.map(|columns| columns.end).max().unwrap_or(1);
            let start = start.saturating_sub(LONGEST);
            let one = Local::new(&sources.sentences[from..last]);
            let two = Local::new(&targets.sentences[start..end - 1]);
            let (one_rows, two_rows) = (
                source_rows.select(&one.numbers),
                target_rows.select(&two.numbers),
            );
            let close = closeness(kernel, &one_rows, &two_rows);
            let width = two.numbers.len();
            let mut given_source = close.clone();
            for (row, &number) in given_source
                .chunks_exact_mut(width.max(1))
                .zip(&one.numbers)
            {
                let normaliser = of_source[number as usize];
                row.iter_mut().for_each(|x| *x /= normaliser);
            }
            let mut given_target = close;
            for row in given_target.chunks_exact_mut(width.max(1)) {
                for (x, &number) in row.iter_mut().zip(&two.numbers) {
                    *x /= of_target[number as usize];
                }
            }
            let tables = Tables {
                source: &one,
                target: &two,
                given_source: &given_source,
                given_target: &given_target,
                origin: (from, start),
            };
            lexical.fill(band, rows, &tables);
        }
        lexical
    }

    fn fill(&mut self, band: &Band, rows: std::ops::Range<usize>, tables: &Tables<'_>) {
        let (from, start) = tables.origin;
        let mut sums = Vec::new();
        for row in rows {
            for column in band.row(row) {
                let Some(node) = band.node(row, column) else {
                    continue;
                };
                let Some(target) = column.checked_sub(start + 1) else {
                    continue;
                };
                let source = row - from - 1;
                self.target_given_source[node] = explained(
                    tables.target.sentences[target].len(),
                    (0..LONGEST).map_while(|back| source.checked_sub(back)),
                    |given, sums: &mut [f32]| tables.add_given_source(given, target, sums),
                    &mut sums,
                );
                self.source_given_target[node] = explained(
                    tables.source.sentences[source].len(),
                    (0..LONGEST).map_while(|back| target.checked_sub(back)),
                    |given, sums: &mut [f32]| tables.add_given_target(given, source, sums),
                    &mut sums,
                );
            }
        }
    }
}

/// By how many nats a sentence of `length` pieces is better explained by the first, the first two,
/// … of the `given` sentences; `add` adds a sentence's ratios for each piece and tells its length.
fn explained(
    length: usize,
    given: impl Iterator<Item = usize>,
    add: impl Fn(usize, &mut [f32]) -> usize,
    sums: &mut Vec<f32>,
) -> [f32; LONGEST] {
    sums.clear();
    sums.resize(length, 0.0);
    let mut nats = [f32::NAN; LONGEST];
    let mut pieces = 0;
    for (place, given) in nats.iter_mut().zip(given) {
        pieces += add(given, sums);
        let share = (1.0 - UNEXPLAINED) / pieces.max(1) as f32;
        *place = sums
            .iter()
            .map(|sum| (UNEXPLAINED + share * sum).ln())
            .sum();
    }
    nats
}

/// Sentences in numbers of the pieces that they hold.
struct Local {
    numbers: Vec<u32>,
    sentences: Vec<Vec<usize>>,
}

impl Local {
    fn new(sentences: &[Vec<u32>]) -> Self {
        let mut places = HashMap::new();
        let mut numbers = Vec::new();
        let place = |&number: &u32| {
            *places.entry(number).or_insert_with(|| {
                numbers.push(number);
                numbers.len() - 1
            })
        };
        let mut place = place;
        let sentences = sentences.iter();
        let sentences = sentences.map(|sentence| sentence.iter().map(&mut place).collect());
        let sentences = sentences.collect();
        Self { numbers, sentences }
    }
}

/// How much more probable pieces are beside each other than by chance.
struct Tables<'a> {
    source: &'a Local,
    target: &'a Local,
    /// A row a source piece: *p*(t | s) / u(t).
    given_source: &'a [f32],
    /// A row a source piece: *p*(s | t) / u(s).
    given_target: &'a [f32],
    /// The first sentence of either side.
    origin: (usize, usize),
}

impl Tables<'_> {
    fn add_given_source(&self, given: usize, target: usize, sums: &mut [f32]) -> usize {
        let given = &self.source.sentences[given];
        let pieces = &self.target.sentences[target];
        for &piece in given {
            let row = &self.given_source[piece * self.target.numbers.len()..];
            for (sum, &other) in sums.iter_mut().zip(pieces) {
                *sum += row[other];
            }
        }
        given.len()
    }

    fn add_given_target(&self, given: usize, source: usize, sums: &mut [f32]) -> usize {
        let given = &self.target.sentences[given];
        let pieces = &self.source.sentences[source];
        for (sum, &piece) in sums.iter_mut().zip(pieces) {
            let row = &self.given_target[piece * self.target.numbers.len()..];
            *sum += given.iter().map(|&other| row[other]).sum::<f32>();
        }
        given.len()
    }
}
