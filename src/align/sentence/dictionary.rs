//! What translates what among the pieces of two texts.
//!
//! The encoder's embeddings of pieces that mean the same lie near each other in all its languages,
//! so a softmax over cosines is a translation table without any training: *p*(t | s) ∝ u(t)
//! exp(κ cos(s, t)), where u is how often t is in the text. What two texts themselves show of each
//! other is added to it once a first alignment is known ([`super::learn`]).

use std::collections::HashMap;
use std::ops::Range;

use super::learn::Learnt;
use super::plain;
use super::side::Side;
use crate::encoder::SentenceEncoder;
use crate::engine::kernels::choose;
use crate::engine::kernels::{Kernel, Packed, Quantised, Scalar};
use crate::model::packing::pack;

/// κ: how sharply a piece prefers its nearest translations.
const SHARPNESS: f32 = 16.0;
/// The most frequent pieces stand for the whole vocabulary where a softmax is normalised.
const NORMALISING: usize = 4096;

/// How many numbers the embedding of a piece has, and what adds them.
type Embedding<'a> = (usize, &'a dyn Fn(u32, &mut Vec<f32>));

/// Both texts' pieces, ready to be compared.
#[derive(Debug)]
pub(super) struct Dictionary {
    kernel: &'static dyn Kernel,
    source: Vocabulary,
    target: Vocabulary,
}

/// The distinct pieces of a text.
#[derive(Debug)]
struct Vocabulary {
    /// How often each is there, as a share.
    shares: Vec<f32>,
    /// The sentences in numbers of this vocabulary.
    sentences: Vec<Vec<u32>>,
    /// Their embeddings in 8 bits, of length 1 each.
    embeddings: Quantised,
    /// For each the mean of its closeness to the other text's pieces.
    normalisers: Vec<f32>,
}

impl Vocabulary {
    /// Frequent pieces come first.
    fn new(embed: Embedding<'_>, sentences: &[Vec<u32>], kernel: &dyn Kernel) -> Self {
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
            shares: counts.iter().map(|count| count.1 as f32 / total).collect(),
            sentences: sentences
                .iter()
                .map(|sentence| sentence.iter().map(number).collect())
                .collect(),
            embeddings: embeddings(embed, counts.iter().map(|count| count.0), kernel),
            normalisers: Vec::new(),
        }
    }

    /// The embeddings of the pieces with such numbers.
    fn select(&self, numbers: &[u32]) -> Quantised {
        let columns = self.embeddings.columns;
        let mut selected = Quantised::default();
        selected.reshape(numbers.len(), columns);
        for (place, &number) in numbers.iter().enumerate() {
            let number = number as usize;
            selected.values[place * columns..][..columns]
                .copy_from_slice(&self.embeddings.values[number * columns..][..columns]);
            selected.sums[place] = self.embeddings.sums[number];
            selected.scales[place] = self.embeddings.scales[number];
        }
        selected
    }

    /// For each piece the mean of its closeness to those of `other`.
    fn normalised(&self, other: &Self, kernel: &dyn Kernel) -> Vec<f32> {
        let frequent = other.shares.len().min(NORMALISING);
        let shares = &other.shares[..frequent];
        let total: f32 = shares.iter().sum();
        let numbers: Vec<u32> = (0..frequent as u32).collect();
        let others = other.select(&numbers);
        let mut normalisers = Vec::with_capacity(self.shares.len());
        let all: Vec<u32> = (0..self.shares.len() as u32).collect();
        for part in all.chunks(256) {
            let close = closeness(kernel, &self.select(part), &others);
            // Each has one, also where the other text has no pieces.
            for place in 0..part.len() {
                let row = &close[place * frequent..][..frequent];
                let sum: f32 = row.iter().zip(shares).map(|(x, share)| x * share).sum();
                normalisers.push((sum / total).max(f32::MIN_POSITIVE));
            }
        }
        normalisers
    }
}

fn embeddings(
    (width, embed): Embedding<'_>,
    pieces: impl Iterator<Item = u32>,
    kernel: &dyn Kernel,
) -> Quantised {
    let mut numbers = Vec::new();
    for piece in pieces {
        let start = numbers.len();
        embed(piece, &mut numbers);
        let row = &mut numbers[start..];
        let length = row.iter().map(|x| x * x).sum::<f32>().max(1e-12).sqrt();
        row.iter_mut().for_each(|x| *x /= length);
    }
    let mut rows = Quantised::default();
    kernel.quantise(&numbers, width, &mut rows);
    rows
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

impl Dictionary {
    /// Takes the texts' pieces; `mean` is that of all embeddings.
    pub fn new(encoder: &SentenceEncoder, mean: &[f32], source: &Side, target: &Side) -> Self {
        let embed = |piece: u32, numbers: &mut Vec<f32>| {
            let start = numbers.len();
            encoder.embed(piece, numbers);
            let row = &mut numbers[start..];
            row.iter_mut().zip(mean).for_each(|(x, mean)| *x -= mean);
        };
        Self::with_embeddings((encoder.width(), &embed), source, target)
    }

    /// Without an encoder: pieces that are the same in both texts stand for each other, all others
    /// are as far from each other as chance has it.
    pub fn of_equals(source: &Side, target: &Side) -> Self {
        Self::with_embeddings((plain::EMBEDDING, &plain::embed), source, target)
    }

    fn with_embeddings(embed: Embedding<'_>, source: &Side, target: &Side) -> Self {
        // The environment may name a kernel that does not run; the encoder has told of that.
        let kernel = choose().unwrap_or(&Scalar);
        let [mut source, mut target] =
            [source, target].map(|side| Vocabulary::new(embed, &side.pieces, kernel));
        source.normalisers = source.normalised(&target, kernel);
        target.normalisers = target.normalised(&source, kernel);
        Self {
            kernel,
            source,
            target,
        }
    }

    /// How many sentences either text has.
    pub fn sentences(&self) -> (usize, usize) {
        (self.source.sentences.len(), self.target.sentences.len())
    }

    /// How many distinct pieces either text has.
    pub fn pieces(&self) -> (usize, usize) {
        (self.source.shares.len(), self.target.shares.len())
    }

    /// How much more probable pieces are beside each other than by chance, in a part of the texts.
    pub fn tables(
        &self,
        source: Range<usize>,
        target: Range<usize>,
        learnt: Option<&Learnt>,
    ) -> Tables {
        let origin = (source.start, target.start);
        let one = Local::new(&self.source.sentences[source]);
        let two = Local::new(&self.target.sentences[target]);
        let rows = self.source.select(&one.numbers);
        let columns = self.target.select(&two.numbers);
        let mut given_source = closeness(self.kernel, &rows, &columns);
        let mut given_target = given_source.clone();
        let width = two.numbers.len();
        for (place, &number) in one.numbers.iter().enumerate() {
            let row = &mut given_source[place * width..][..width];
            let normaliser = self.source.normalisers[number as usize];
            row.iter_mut().for_each(|x| *x /= normaliser);
            if let Some(learnt) = learnt {
                let counts = learnt.given_source(number);
                row.iter_mut().for_each(|x| *x *= counts.kept());
                for (other, share) in counts.shares() {
                    if let Some(&column) = two.places.get(&other) {
                        row[column] += share / self.target.shares[other as usize];
                    }
                }
            }
        }
        for row in given_target.chunks_exact_mut(width.max(1)) {
            for (x, &number) in row.iter_mut().zip(&two.numbers) {
                *x /= self.target.normalisers[number as usize];
            }
        }
        if let Some(learnt) = learnt {
            for (column, &number) in two.numbers.iter().enumerate() {
                let counts = learnt.given_target(number);
                let kept = counts.kept();
                let values = given_target.iter_mut().skip(column).step_by(width.max(1));
                values.for_each(|x| *x *= kept);
                for (other, share) in counts.shares() {
                    if let Some(&place) = one.places.get(&other) {
                        given_target[place * width + column] +=
                            share / self.source.shares[other as usize];
                    }
                }
            }
        }
        let given_target = Table {
            width: one.numbers.len(),
            values: turned(&given_target, width),
        };
        let given_source = Table {
            width,
            values: given_source,
        };
        Tables {
            source: one,
            target: two,
            given_source,
            given_target,
            origin,
        }
    }
}

/// Sentences in numbers of the pieces that they hold.
pub(super) struct Local {
    /// The pieces' numbers in the text's vocabulary.
    pub numbers: Vec<u32>,
    pub sentences: Vec<Vec<usize>>,
    places: HashMap<u32, usize>,
}

impl Local {
    fn new(sentences: &[Vec<u32>]) -> Self {
        let mut places = HashMap::new();
        let mut numbers = Vec::new();
        let mut place = |&number: &u32| {
            *places.entry(number).or_insert_with(|| {
                numbers.push(number);
                numbers.len() - 1
            })
        };
        let sentences = sentences.iter();
        let sentences = sentences.map(|sentence| sentence.iter().map(&mut place).collect());
        let sentences = sentences.collect();
        Self {
            numbers,
            sentences,
            places,
        }
    }
}

/// How much more probable pieces are beside each other than by chance.
pub(super) struct Tables {
    pub source: Local,
    pub target: Local,
    /// *p*(t | s) / u(t): a row a source piece, a column a target piece.
    pub given_source: Table,
    /// *p*(s | t) / u(s): a row a target piece, a column a source piece.
    pub given_target: Table,
    /// The first sentence of either side.
    pub origin: (usize, usize),
}

/// Numbers for pairs of pieces, which are given in local numbers.
pub(super) struct Table {
    width: usize,
    values: Vec<f32>,
}

impl Table {
    /// What a piece tells of each piece of the other text.
    pub fn row(&self, piece: usize) -> &[f32] {
        &self.values[piece * self.width..][..self.width]
    }

    /// What the pieces of a sentence together tell of each piece of the other text.
    pub fn sum(&self, sentence: &[usize]) -> Vec<f32> {
        let mut sums = vec![0.0; self.width];
        for &piece in sentence {
            let told = self.row(piece).iter();
            sums.iter_mut().zip(told).for_each(|(sum, x)| *sum += x);
        }
        sums
    }
}

/// Columns as rows of a matrix of so many columns.
fn turned(rows: &[f32], columns: usize) -> Vec<f32> {
    /// Columns that are turned together: as many numbers as come from memory at once.
    const TOGETHER: usize = 16;
    let height = rows.len().checked_div(columns).unwrap_or(0);
    let mut turned = vec![0.0; rows.len()];
    for first in (0..columns).step_by(TOGETHER) {
        let some = first..(first + TOGETHER).min(columns);
        for (place, row) in rows.chunks_exact(columns).enumerate() {
            for (column, &x) in some.clone().zip(&row[some.clone()]) {
                turned[column * height + place] = x;
            }
        }
    }
    turned
}
