//! The output layer: logits of the pieces that may come next.
//!
//! A piece's logit is the product of the decoder's row with the piece's embedding, plus its bias.
//! Most of a decoder's arithmetic would be here; so only the pieces of a
//! [shortlist](crate::model::shortlist) are computed: those that all sentences may use, for all rows
//! together, and each sentence's own, for its rows. (Computing the union of the sentences' candidates
//! together was slower: it is ten times what a sentence has.)

use super::kernels::{self, Packed};
use super::layers::{Layers, Operand, Scratch};
use super::search::{LogSum, TopPieces};
use super::weights::{Linear, OutputRows, Weights};
use crate::model::packing::{PANEL, pack_rows};

/// Pieces whose logits are computed before they are looked at: a multiple of a panel; weights and
/// logits fit into the cache.
const CHUNK: usize = 512;

/// Some pieces and their rows of the embedding, laid out for multiplication.
#[derive(Debug, Default)]
pub struct Block {
    /// Rising.
    pieces: Vec<u32>,
    /// In panels; empty for a model in f32.
    packed: Vec<i8>,
    scales: Vec<f32>,
    /// Row-major; empty for a model in 8 bits.
    plain: Vec<f32>,
    bias: Vec<f32>,
    /// Empty where inputs have no static scale.
    offsets: Vec<i32>,
    input_scale: Option<f32>,
}

impl Block {
    /// Takes the rows of `pieces`, which must rise and be of the vocabulary.
    pub fn new(weights: &Weights<'_>, pieces: Vec<u32>) -> Self {
        let columns = weights.config.d_model;
        let pick = |from: &[f32]| pieces.iter().map(|&piece| from[piece as usize]).collect();
        let start = |piece: u32| piece as usize * columns;
        let mut block = Self::default();
        match weights.output {
            OutputRows::Int8 { rows, input_scale } => {
                block.scales = pick(rows.scales);
                block.bias = pick(rows.bias);
                block.input_scale = input_scale;
                if !rows.offsets.is_empty() {
                    let offsets = pieces.iter().map(|&piece| rows.offsets[piece as usize]);
                    block.offsets = offsets.collect();
                }
                let row = |piece: u32| &rows.weights[start(piece)..][..columns];
                let chosen = pieces.iter().enumerate().map(|(place, &piece)| {
                    // They lie all over the matrix.
                    if let Some(&later) = pieces.get(place + 2 * PANEL) {
                        kernels::fetch(bytemuck::cast_slice(row(later)));
                    }
                    row(piece)
                });
                pack_rows(chosen, columns, &mut block.packed);
            }
            OutputRows::F32 { weights, bias } => {
                block.bias = pick(bias);
                for &piece in &pieces {
                    let row = &weights[start(piece)..][..columns];
                    block.plain.extend_from_slice(row);
                }
            }
        }
        block.pieces = pieces;
        block
    }

    /// Pieces in it.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// The rows of the pieces `from..to`; `from` is a multiple of a panel.
    fn slice(&self, from: usize, to: usize, columns: usize) -> Linear<'_> {
        if self.plain.is_empty() {
            let packed = Packed {
                weights: &self.packed,
                scales: &self.scales,
                bias: &self.bias,
                offsets: &self.offsets,
                inputs: columns,
            };
            Linear::Int8 {
                packed: packed.slice(from, to),
                input_scale: self.input_scale,
            }
        } else {
            Linear::F32 {
                weights: &self.plain[from * columns..to * columns],
                bias: &self.bias[from..to],
            }
        }
    }

    /// Gives the logits of the rows that `operand` holds to `each`, some pieces at a time: where
    /// these start in the block, and their logits, one row's after the other's.
    fn logits(
        &self,
        layers: Layers<'_>,
        operand: &Operand,
        logits: &mut Vec<f32>,
        mut each: impl FnMut(usize, &[f32]),
    ) {
        for from in (0..self.pieces.len()).step_by(CHUNK) {
            let to = self.pieces.len().min(from + CHUNK);
            operand.multiply(layers.kernel, &self.slice(from, to, layers.width), logits);
            each(from, logits);
        }
    }

    /// The logits of all its pieces, for one row.
    pub fn logits_of(&self, layers: Layers<'_>, row: &[f32], scratch: &mut Scratch) -> Vec<f32> {
        let mut all = Vec::with_capacity(self.pieces.len());
        self.take(layers, row, scratch);
        self.logits(layers, &scratch.operand, &mut scratch.inner, |_, some| {
            all.extend_from_slice(some);
        });
        all
    }

    /// Adds the logits of all its pieces to `ranked`, which has an element for each of `rows`.
    fn add_to(
        &self,
        layers: Layers<'_>,
        rows: &[f32],
        ranked: &mut [TopPieces],
        scratch: &mut Scratch,
    ) {
        if self.pieces.is_empty() {
            return;
        }
        self.take(layers, rows, scratch);
        let Scratch { operand, inner, .. } = scratch;
        self.logits(layers, operand, inner, |from, logits| {
            let some = logits.len() / ranked.len();
            let pieces = &self.pieces[from..from + some];
            for (top, logits) in ranked.iter_mut().zip(logits.chunks_exact(some)) {
                top.add(layers.kernel, pieces, logits);
            }
        });
    }

    fn take(&self, layers: Layers<'_>, rows: &[f32], scratch: &mut Scratch) {
        let Layers { kernel, width, .. } = layers;
        if self.plain.is_empty() {
            scratch
                .operand
                .take_int8(kernel, rows, width, self.input_scale);
        } else {
            scratch.operand.take_f32(rows, width);
        }
    }
}

/// The log-probability of one piece of `block` for each row.
pub fn log_probabilities(
    layers: Layers<'_>,
    block: &Block,
    rows: &[f32],
    pieces: &[u32],
    scratch: &mut Scratch,
) -> Vec<f32> {
    // Of each row: the sums, and the logit of its piece.
    let mut sums = vec![(LogSum::default(), f32::NEG_INFINITY); pieces.len()];
    block.take(layers, rows, scratch);
    let Scratch { operand, inner, .. } = scratch;
    block.logits(layers, operand, inner, |from, logits| {
        let some = logits.len() / pieces.len();
        let each = sums.iter_mut().zip(logits.chunks_exact(some)).zip(pieces);
        for (((sum, own), logits), piece) in each {
            sum.add(layers.kernel, logits);
            if let Ok(place) = block.pieces[from..from + some].binary_search(piece) {
                *own = logits[place];
            }
        }
    });
    sums.iter().map(|(sum, own)| own - sum.total()).collect()
}

/// The most probable pieces of each row: of those in `common`, which all sentences may use, and of
/// those of its sentence. `own` gives for each sentence how many rows it has, and its candidates.
pub fn rank<'a>(
    layers: Layers<'_>,
    common: &Block,
    rows: &[f32],
    own: impl Iterator<Item = (usize, &'a Block)>,
    limit: usize,
    scratch: &mut Scratch,
) -> Vec<TopPieces> {
    let Layers { width, .. } = layers;
    let count = rows.len() / width;
    let mut ranked: Vec<TopPieces> = (0..count).map(|_| TopPieces::new(limit)).collect();
    common.add_to(layers, rows, &mut ranked, scratch);
    let (mut rows, mut rest) = (rows, &mut ranked[..]);
    for (count, own) in own {
        let (of_sentence, other_rows) = rows.split_at(count * width);
        let (tops, others) = rest.split_at_mut(count);
        own.add_to(layers, of_sentence, tops, scratch);
        (rows, rest) = (other_rows, others);
    }
    ranked
}
