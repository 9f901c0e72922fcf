//! The output layer: logits of the pieces that may come next.
//!
//! A piece's logit is the product of the decoder's row with the piece's embedding, plus its bias.
//! Most of a decoder's arithmetic would be here; so only the pieces of a
//! [shortlist](crate::model::shortlist) are computed: those that all sentences may use, and those
//! that some sentence in flight may use. Each sentence sees its own candidates alone, so that its
//! translation does not depend on the others.

use super::kernels::Packed;
use super::layers::{Layers, Operand, Scratch};
use super::prepared::Scales;
use super::search::TopPieces;
use super::weights::{Linear, Rows, Weights};
use crate::model::packing::pack_rows;

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
        let mut block = Self::default();
        block.replace(weights, pieces);
        block
    }

    /// Takes other pieces in the place of those it has.
    pub fn replace(&mut self, weights: &Weights<'_>, pieces: Vec<u32>) {
        let pick = |from: &[f32], into: &mut Vec<f32>| {
            into.clear();
            into.extend(pieces.iter().map(|&piece| from[piece as usize]));
        };
        pick(weights.logits_bias, &mut self.bias);
        let columns = weights.config.d_model;
        match weights.embedding {
            Rows::Int8 { weights, scales } => {
                pick(scales, &mut self.scales);
                let rows = pieces
                    .iter()
                    .map(|&piece| &weights[piece as usize * columns..][..columns]);
                pack_rows(rows, columns, &mut self.packed);
            }
            Rows::F32(weights) => {
                self.plain.clear();
                for &piece in &pieces {
                    self.plain
                        .extend_from_slice(&weights[piece as usize * columns..][..columns]);
                }
            }
        }
        if let (Some(scales), Rows::Int8 { weights, .. }) =
            (weights.logits_scales, weights.embedding)
        {
            self.scale_statically(&scales, weights, columns, &pieces);
        }
        self.pieces = pieces;
    }

    /// As [`Prepared`](super::prepared::Prepared) does it to the other matrices.
    fn scale_statically(
        &mut self,
        scales: &Scales,
        weights: &[i8],
        columns: usize,
        pieces: &[u32],
    ) {
        self.input_scale = Some(scales.input);
        self.scales.fill(scales.output);
        self.offsets.clear();
        for (&piece, bias) in pieces.iter().zip(&mut self.bias) {
            let row = &weights[piece as usize * columns..][..columns];
            let sum = row.iter().map(|&weight| i32::from(weight)).sum();
            *bias = scales.bias(sum, *bias);
            self.offsets.push(Scales::offset(sum));
        }
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

/// The most probable pieces of each row: of those in `common`, which all sentences may use, and of
/// the sentence's own in `extras`. `own` gives, for each row, the places of its sentence's own
/// pieces in `extras`, rising.
pub fn rank<'a>(
    layers: Layers<'_>,
    (common, extras): (&Block, &Block),
    rows: &[f32],
    own: impl Iterator<Item = &'a [u32]>,
    limit: usize,
    scratch: &mut Scratch,
) -> Vec<TopPieces> {
    let count = rows.len() / layers.width;
    let mut ranked: Vec<TopPieces> = (0..count).map(|_| TopPieces::new(limit)).collect();
    common.take(layers, rows, scratch);
    let Scratch { operand, inner, .. } = scratch;
    common.logits(layers, operand, inner, |from, logits| {
        let some = logits.len() / count;
        let pieces = &common.pieces[from..from + some];
        for (top, logits) in ranked.iter_mut().zip(logits.chunks_exact(some)) {
            top.add(layers.kernel, pieces, logits);
        }
    });
    if extras.pieces.is_empty() {
        return ranked;
    }
    /// A row's own pieces: where they lie in the block, those still to come, and what was found.
    #[derive(Default)]
    struct Own<'a> {
        places: &'a [u32],
        pieces: Vec<u32>,
        logits: Vec<f32>,
    }
    let mut found: Vec<Own<'_>> = own
        .map(|places| Own {
            places,
            pieces: Vec::with_capacity(places.len()),
            logits: Vec::with_capacity(places.len()),
        })
        .collect();
    extras.logits(layers, operand, inner, |from, logits| {
        let some = logits.len() / count;
        for (own, logits) in found.iter_mut().zip(logits.chunks_exact(some)) {
            let here = own
                .places
                .partition_point(|&place| (place as usize) < from + some);
            let (places, rest) = own.places.split_at(here);
            own.logits
                .extend(places.iter().map(|&place| logits[place as usize - from]));
            own.pieces
                .extend(places.iter().map(|&place| extras.pieces[place as usize]));
            own.places = rest;
        }
    });
    for (top, own) in ranked.iter_mut().zip(&found) {
        top.add(layers.kernel, &own.pieces, &own.logits);
    }
    ranked
}

/// Takes into `extras` the rows of all pieces in `lists`, each of which rises, and gives for each
/// list the places of its pieces.
pub fn gather(weights: &Weights<'_>, lists: &[&[u32]], extras: &mut Block) -> Vec<Vec<u32>> {
    const NONE: u32 = u32::MAX;
    let mut places = vec![NONE; weights.config.vocabulary];
    let wanted = lists.iter().copied().flatten();
    wanted.for_each(|&piece| places[piece as usize] = 0);
    let mut pieces = Vec::new();
    for (piece, place) in (0..).zip(&mut places) {
        if *place != NONE {
            *place = pieces.len() as u32;
            pieces.push(piece);
        }
    }
    extras.replace(weights, pieces);
    let places_of = |list: &&[u32]| list.iter().map(|&piece| places[piece as usize]).collect();
    lists.iter().map(places_of).collect()
}
