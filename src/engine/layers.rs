//! What encoder and decoder are made of: embeddings, projections and feed-forward blocks over rows
//! of numbers, one row a position.

use super::kernels::{Kernel, Pool, Quantised, SparseScratch};
use super::profile::Profile;
use super::weights::{Attention, FeedForward, Linear, Rows, Ssru, Weights};
use crate::model::compiled::Activation;

/// Rows whose inner numbers a feed-forward block holds at a time, so that they stay in the cache.
const BLOCK: usize = 96;

/// Rows of numbers on their way into one or more matrices.
#[derive(Debug, Default)]
pub struct Operand {
    quantised: Quantised,
    /// What the numbers were multiplied by to get the quantised ones, where that was given.
    input_scale: Option<f32>,
    plain: Vec<f32>,
    columns: usize,
}

impl Operand {
    /// Takes `rows` of `columns` numbers, in the precision that `matrix` multiplies with.
    fn take(&mut self, kernel: &dyn Kernel, rows: &[f32], columns: usize, matrix: &Linear<'_>) {
        match *matrix {
            Linear::Int8 { input_scale, .. } => self.take_int8(kernel, rows, columns, input_scale),
            Linear::F32 { .. } => self.take_f32(rows, columns),
        }
    }

    /// Takes the same `rows` as before for another matrix.
    fn take_again(
        &mut self,
        kernel: &dyn Kernel,
        rows: &[f32],
        columns: usize,
        matrix: &Linear<'_>,
    ) {
        if let Linear::Int8 { input_scale, .. } = *matrix
            && input_scale != self.input_scale
        {
            self.take_int8(kernel, rows, columns, input_scale);
        }
    }

    /// Takes `rows` of `columns` numbers in 8 bits.
    pub fn take_int8(
        &mut self,
        kernel: &dyn Kernel,
        rows: &[f32],
        columns: usize,
        input_scale: Option<f32>,
    ) {
        self.columns = columns;
        self.input_scale = input_scale;
        match input_scale {
            Some(factor) => {
                kernel.quantise_by(rows, columns, factor, -127.0, &mut self.quantised);
            }
            None => kernel.quantise(rows, columns, &mut self.quantised),
        }
    }

    /// Takes `rows` of `columns` numbers as they are.
    pub fn take_f32(&mut self, rows: &[f32], columns: usize) {
        self.columns = columns;
        self.plain.clear();
        self.plain.extend_from_slice(rows);
    }

    /// Takes `activation(rows)`, as [`Operand::take`] does; `rows` is spent.
    fn take_activated(
        &mut self,
        kernel: &dyn Kernel,
        activation: Activation,
        rows: &mut [f32],
        columns: usize,
        matrix: &Linear<'_>,
    ) {
        let is_relu = activation == Activation::Relu;
        match *matrix {
            Linear::Int8 {
                input_scale: Some(factor),
                ..
            } if is_relu => {
                self.columns = columns;
                self.input_scale = Some(factor);
                kernel.quantise_by(rows, columns, factor, 0.0, &mut self.quantised);
            }
            Linear::Int8 {
                input_scale: None, ..
            } if !is_relu => {
                self.columns = columns;
                self.input_scale = None;
                kernel.swish_quantise(rows, columns, &mut self.quantised);
            }
            _ => {
                if is_relu {
                    kernel.relu(rows);
                } else {
                    kernel.swish(rows);
                }
                self.take(kernel, rows, columns, matrix);
            }
        }
    }

    /// As [`Operand::multiply`] for rows that were taken with their activation.
    fn multiply_activated(
        &self,
        kernel: &dyn Kernel,
        activation: Activation,
        matrix: &Linear<'_>,
        scratch: &mut SparseScratch,
        output: &mut Vec<f32>,
    ) {
        match matrix {
            Linear::Int8 { packed, .. } if activation == Activation::Relu => {
                output.resize(self.quantised.rows() * packed.outputs(), 0.0);
                kernel.multiply_sparse(&self.quantised, packed, scratch, output);
            }
            _ => self.multiply(kernel, matrix, output),
        }
    }

    /// `output = matrix · rows + bias`, replacing what `output` held.
    pub fn multiply(&self, kernel: &dyn Kernel, matrix: &Linear<'_>, output: &mut Vec<f32>) {
        match matrix {
            Linear::Int8 { packed, .. } => {
                output.resize(self.quantised.rows() * packed.outputs(), 0.0);
                kernel.multiply(&self.quantised, packed, output);
            }
            Linear::F32 { weights, bias } => {
                output.resize(self.plain.len() / self.columns * bias.len(), 0.0);
                kernel.multiply_f32(&self.plain, self.columns, weights, bias, output);
            }
        }
    }
}

/// The numbers that a pass through a layer needs on its way, kept from layer to layer.
#[derive(Debug, Default)]
pub struct Scratch {
    /// What is being multiplied.
    pub operand: Operand,
    /// Its products, where they are soon spent.
    pub inner: Vec<f32>,
    added: Vec<f32>,
    sparse: SparseScratch,
    /// Projected queries, a row each.
    pub queries: Vec<f32>,
    /// Projected keys, a row each.
    pub keys: Vec<f32>,
    /// Projected values, a row each.
    pub values: Vec<f32>,
    /// What the attention mixed, a row each.
    pub mixed: Vec<f32>,
    /// States of recurrent units, a row each.
    pub states: Vec<f32>,
    /// Where what is attended to lies in 8 bits.
    pub pool: Pool,
    /// Where the time went.
    pub profile: Profile,
}

/// A kernel and the width of the model's rows.
#[derive(Debug, Clone, Copy)]
pub struct Layers<'k> {
    /// The inner loops.
    pub kernel: &'k dyn Kernel,
    /// Numbers in a row.
    pub width: usize,
    /// Between the matrices of a feed-forward block.
    pub activation: Activation,
}

impl<'k> Layers<'k> {
    /// For a model of such weights.
    pub fn new(kernel: &'k dyn Kernel, weights: &Weights<'_>) -> Self {
        Self {
            kernel,
            width: weights.config.d_model,
            activation: weights.config.activation,
        }
    }
}

impl Layers<'_> {
    /// Projects `rows` into `scratch.queries`, and with `memory` into `keys` and `values` too.
    pub fn project(
        &self,
        attention: &Attention<'_>,
        rows: &[f32],
        memory: bool,
        scratch: &mut Scratch,
    ) {
        let Self { kernel, width, .. } = *self;
        let operand = &mut scratch.operand;
        operand.take(kernel, rows, width, &attention.query);
        operand.multiply(kernel, &attention.query, &mut scratch.queries);
        if memory {
            operand.take_again(kernel, rows, width, &attention.key);
            operand.multiply(kernel, &attention.key, &mut scratch.keys);
            operand.take_again(kernel, rows, width, &attention.value);
            operand.multiply(kernel, &attention.value, &mut scratch.values);
        }
        scratch.mixed.resize(rows.len(), 0.0);
    }

    /// Projects `rows` into `scratch.keys` and `scratch.values` of every attention in turn, and
    /// gives them to `each`, with the pool.
    pub fn project_memory<'a>(
        &self,
        attentions: impl Iterator<Item = &'a Attention<'a>>,
        rows: &[f32],
        scratch: &mut Scratch,
        mut each: impl FnMut(&[f32], &[f32], &mut Pool),
    ) {
        let Self { kernel, width, .. } = *self;
        for (number, attention) in attentions.enumerate() {
            let operand = &mut scratch.operand;
            if number == 0 {
                operand.take(kernel, rows, width, &attention.key);
            }
            operand.take_again(kernel, rows, width, &attention.key);
            operand.multiply(kernel, &attention.key, &mut scratch.keys);
            operand.take_again(kernel, rows, width, &attention.value);
            operand.multiply(kernel, &attention.value, &mut scratch.values);
            each(&scratch.keys, &scratch.values, &mut scratch.pool);
        }
    }

    /// Projects `scratch.mixed`, adds it to `rows` and normalises.
    pub fn close_attention(
        &self,
        attention: &Attention<'_>,
        rows: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let Self { kernel, width, .. } = *self;
        let operand = &mut scratch.operand;
        operand.take(kernel, &scratch.mixed, width, &attention.output);
        operand.multiply(kernel, &attention.output, &mut scratch.added);
        kernel.add_normalise(rows, &scratch.added, &attention.norm);
    }

    /// Runs each of `rows` through a recurrent unit; `scratch.states` holds their states before,
    /// a row each, and then those after.
    pub fn recur(&self, unit: &Ssru<'_>, rows: &mut [f32], scratch: &mut Scratch) {
        let Self { kernel, width, .. } = *self;
        let operand = &mut scratch.operand;
        operand.take(kernel, rows, width, &unit.input);
        operand.multiply(kernel, &unit.input, &mut scratch.values);
        operand.take_again(kernel, rows, width, &unit.forget);
        operand.multiply(kernel, &unit.forget, &mut scratch.keys);
        scratch.added.resize(rows.len(), 0.0);
        kernel.recur(
            &scratch.keys,
            &scratch.values,
            &mut scratch.states,
            &mut scratch.added,
        );
        kernel.add_normalise(rows, &scratch.added, &unit.norm);
    }

    /// Runs `rows` through a feed-forward block.
    pub fn feed_forward(&self, block: &FeedForward<'_>, rows: &mut [f32], scratch: &mut Scratch) {
        let Self { kernel, width, .. } = *self;
        let (operand, inner) = (&mut scratch.operand, &mut scratch.inner);
        // Blocks of nearly equal height: the rows held need not grow from one to the next.
        let count = rows.len() / width;
        let height = count.div_ceil(count.div_ceil(BLOCK).max(1)).max(1);
        for rows in rows.chunks_mut(height * width) {
            operand.take(kernel, rows, width, &block.up);
            operand.multiply(kernel, &block.up, inner);
            operand.take_activated(
                kernel,
                self.activation,
                inner,
                block.up.outputs(),
                &block.down,
            );
            operand.multiply_activated(
                kernel,
                self.activation,
                &block.down,
                &mut scratch.sparse,
                &mut scratch.added,
            );
            kernel.add_normalise(rows, &scratch.added, &block.norm);
        }
    }
}

/// Embeds pieces: their rows of the matrix, scaled, plus the sinusoid of their position.
#[derive(Debug)]
pub struct Embedding {
    factor: f32,
    /// Row-major, a row a position.
    positions: Vec<f32>,
    width: usize,
}

impl Embedding {
    /// The embedding of a model.
    pub fn new(weights: &Weights<'_>) -> Self {
        let config = weights.config;
        let width = config.d_model;
        let root = (width as f32).sqrt();
        Self {
            factor: if config.scale_embedding { root } else { 1.0 },
            positions: config.positions.rows(config.max_positions, width),
            width,
        }
    }

    /// Appends the embedding of `piece`, one of `matrix`, at `position`, which the model must have.
    pub fn push(&self, matrix: &Rows<'_>, piece: u32, position: usize, rows: &mut Vec<f32>) {
        let start = rows.len();
        rows.resize(start + self.width, 0.0);
        let row = &mut rows[start..];
        matrix.row(piece as usize, row);
        for (value, sinusoid) in row.iter_mut().zip(&self.positions[position * self.width..]) {
            *value = *value * self.factor + sinusoid;
        }
    }
}
