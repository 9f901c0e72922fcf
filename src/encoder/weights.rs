//! The weights of the sentence encoder, checked for their shapes.

use std::collections::HashMap;

use super::npz::{Array, Numbers};
use crate::engine::kernels::Kernel;

/// Width of a piece's embedding and of a sentence's vector.
pub(super) const WIDTH: usize = 512;
/// Width of a branch of the convolutions.
pub(super) const BRANCH: usize = 256;
/// Width of a piece's features: its embedding and the branches' outputs.
pub(super) const FEATURES: usize = WIDTH + ORDERS.len() * BRANCH;
/// For each branch how many pieces it looks at, and how many of these stand before.
pub(super) const ORDERS: [(usize, usize); 3] = [(2, 0), (3, 1), (5, 2)];
/// Inner width of the last layers.
const INNER: usize = 320;
/// The embeddings lie in so many blocks: piece *i* in block *i* mod 17.
const BLOCKS: usize = 17;
/// Outputs that are computed for all rows before the next, so that their weights stay in the cache.
const OUTPUTS_AT_ONCE: usize = 32;

/// The weights of the encoder.
#[derive(Debug)]
pub(super) struct Weights {
    /// A row of bytes a piece.
    embeddings: Vec<u8>,
    /// Takes a byte of each block back to a number.
    scales: Vec<f32>,
    /// What byte 0 of each block is.
    lowest: Vec<f32>,
    /// From embeddings into all branches.
    pub projection: Linear,
    /// Over all branches together.
    pub branch_norm: Norm,
    /// The branches of the convolutions, in the order of [`ORDERS`].
    pub branches: Vec<Branch>,
    /// Over a piece's features.
    pub feature_norm: Norm,
    /// From summed features to the first of the last layers.
    pub pooled: Linear,
    /// The last layers, by the names of the reference.
    pub head: Head,
}

/// Two convolutions, each added to what it was computed from.
#[derive(Debug)]
pub(super) struct Branch {
    pub first: Linear,
    pub second: Linear,
}

/// Three layers with short cuts (`p`) beside the matrices (`d`).
#[derive(Debug)]
pub(super) struct Head {
    pub d0: Linear,
    pub d1: Linear,
    pub p1: Linear,
    pub d2: Linear,
    pub p3: Linear,
    pub d3: Linear,
}

/// Gain, bias and epsilon of a layer normalisation.
#[derive(Debug)]
pub(super) struct Norm {
    pub gain: Vec<f32>,
    pub bias: Vec<f32>,
    pub epsilon: f32,
}

/// A matrix, a row of weights an output, and a bias.
#[derive(Debug)]
pub(super) struct Linear {
    weights: Vec<f32>,
    bias: Vec<f32>,
    inputs: usize,
}

impl Linear {
    /// From a matrix whose rows are inputs.
    fn new(matrix: &[f32], bias: Vec<f32>) -> Self {
        let (outputs, inputs) = (bias.len(), matrix.len() / bias.len().max(1));
        let mut weights = Vec::with_capacity(matrix.len());
        for output in 0..outputs {
            weights.extend(matrix.iter().skip(output).step_by(outputs));
        }
        Self {
            weights,
            bias,
            inputs,
        }
    }

    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// The products of rows of inputs, a row of outputs for each.
    pub fn apply(&self, kernel: &dyn Kernel, rows: &[f32], scratch: &mut Vec<f32>) -> Vec<f32> {
        let count = rows.len() / self.inputs;
        let outputs = self.outputs();
        let mut products = vec![0.0; count * outputs];
        let mut first = 0;
        for weights in self.weights.chunks(OUTPUTS_AT_ONCE * self.inputs) {
            let width = weights.len() / self.inputs;
            let bias = &self.bias[first..first + width];
            scratch.clear();
            scratch.resize(count * width, 0.0);
            kernel.multiply_f32(rows, self.inputs, weights, bias, scratch);
            for (row, part) in products
                .chunks_exact_mut(outputs)
                .zip(scratch.chunks(width))
            {
                row[first..first + width].copy_from_slice(part);
            }
            first += width;
        }
        products
    }
}

impl Norm {
    /// Normalises each row.
    pub fn apply(&self, rows: &mut [f32]) {
        for row in rows.chunks_exact_mut(self.gain.len()) {
            let width = row.len() as f32;
            let mean = row.iter().sum::<f32>() / width;
            row.iter_mut().for_each(|x| *x -= mean);
            let variance = row.iter().map(|x| x * x).sum::<f32>() / width;
            let factor = 1.0 / (variance + self.epsilon).sqrt();
            for ((x, gain), bias) in row.iter_mut().zip(&self.gain).zip(&self.bias) {
                *x = *x * factor * gain + bias;
            }
        }
    }
}

impl Weights {
    /// Takes the arrays that they are made of; what is wrong with them otherwise.
    pub fn new(mut arrays: HashMap<String, Array>) -> Result<Self, String> {
        let mut taken = Taken(&mut arrays);
        let first = taken.bytes("q1")?;
        let rows = first.len() / WIDTH;
        let mut embeddings = vec![0; rows * BLOCKS * WIDTH];
        for block in 0..BLOCKS {
            let bytes = match block {
                0 => first.clone(),
                _ => taken.bytes(&format!("q{}", block + 1))?,
            };
            if bytes.len() != first.len() {
                return Err("the blocks of embeddings differ in their lengths".into());
            }
            let places = embeddings
                .chunks_exact_mut(WIDTH)
                .skip(block)
                .step_by(BLOCKS);
            for (place, row) in places.zip(bytes.chunks_exact(WIDTH)) {
                place.copy_from_slice(row);
            }
        }
        let epsilon = taken.floats("eps", &[])?[0];
        let mut projection = vec![Vec::new(); WIDTH];
        let [mut projection_bias, mut gain, mut bias] = [const { Vec::new() }; 3];
        let mut branches = Vec::new();
        for (order, _) in ORDERS {
            let matrix = taken.floats(&format!("proj{order}"), &[WIDTH, BRANCH])?;
            for (all, row) in projection.iter_mut().zip(matrix.chunks_exact(BRANCH)) {
                all.extend_from_slice(row);
            }
            projection_bias.extend(taken.floats(&format!("proj_b{order}"), &[BRANCH])?);
            gain.extend(taken.floats(&format!("ln_g{order}"), &[BRANCH])?);
            bias.extend(taken.floats(&format!("ln_b{order}"), &[BRANCH])?);
            let mut convolution = |layer: usize| -> Result<Linear, String> {
                let shape = [order * BRANCH, BRANCH];
                let matrix = taken.floats(&format!("w{layer}_{order}"), &shape)?;
                let bias = taken.floats(&format!("b{layer}_{order}"), &[BRANCH])?;
                Ok(Linear::new(&matrix, bias))
            };
            branches.push(Branch {
                first: convolution(1)?,
                second: convolution(2)?,
            });
        }
        let mut matrix = |name: &str, inputs: usize, outputs: usize| -> Result<Linear, String> {
            let matrix = taken.floats(name, &[inputs, outputs])?;
            Ok(Linear::new(&matrix, vec![0.0; outputs]))
        };
        let head = Head {
            d0: matrix("d0", WIDTH, INNER)?,
            d1: matrix("d1", INNER, INNER)?,
            p1: matrix("p1", WIDTH, INNER)?,
            d2: matrix("d2", INNER, WIDTH)?,
            p3: matrix("p3", INNER, WIDTH)?,
            d3: matrix("d3", WIDTH, WIDTH)?,
        };
        Ok(Self {
            embeddings,
            scales: taken.floats("scale", &[BLOCKS])?,
            lowest: taken.floats("lo", &[BLOCKS])?,
            projection: Linear::new(&projection.concat(), projection_bias),
            branch_norm: Norm {
                gain,
                bias,
                epsilon,
            },
            branches,
            feature_norm: Norm {
                gain: taken.floats("ln_g", &[FEATURES])?,
                bias: taken.floats("ln_b", &[FEATURES])?,
                epsilon,
            },
            pooled: Linear::new(
                &taken.floats("cnn_W", &[FEATURES, WIDTH])?,
                taken.floats("cnn_b", &[WIDTH])?,
            ),
            head,
        })
    }

    /// How many pieces have an embedding.
    pub fn pieces(&self) -> usize {
        self.embeddings.len() / WIDTH
    }

    /// The mean of all embeddings.
    pub fn mean_embedding(&self) -> Vec<f32> {
        let mut sums = vec![[0u64; WIDTH]; BLOCKS];
        let mut counts = [0u64; BLOCKS];
        for (piece, row) in self.embeddings.chunks_exact(WIDTH).enumerate() {
            let block = piece % BLOCKS;
            counts[block] += 1;
            for (sum, &byte) in sums[block].iter_mut().zip(row) {
                *sum += u64::from(byte);
            }
        }
        let total = counts.iter().sum::<u64>().max(1) as f64;
        let mean = |column: usize| {
            let blocks = sums
                .iter()
                .zip(&counts)
                .zip(self.scales.iter().zip(&self.lowest));
            let sum: f64 = blocks
                .map(|((sums, &count), (&scale, &lowest))| {
                    sums[column] as f64 * f64::from(scale) + count as f64 * f64::from(lowest)
                })
                .sum();
            (sum / total) as f32
        };
        (0..WIDTH).map(mean).collect()
    }

    /// Appends the embedding of a piece.
    ///
    /// # Panics
    /// Where there is no such piece.
    pub fn embed(&self, piece: u32, into: &mut Vec<f32>) {
        let (piece, block) = (piece as usize, piece as usize % BLOCKS);
        let (scale, lowest) = (self.scales[block], self.lowest[block]);
        let row = &self.embeddings[piece * WIDTH..][..WIDTH];
        into.extend(row.iter().map(|&byte| f32::from(byte) * scale + lowest));
    }
}

/// Arrays that are taken out by name.
struct Taken<'a>(&'a mut HashMap<String, Array>);

impl Taken<'_> {
    fn take(&mut self, name: &str) -> Result<Array, String> {
        self.0
            .remove(name)
            .ok_or_else(|| format!("there is no array {name}"))
    }

    /// Rows of [`WIDTH`] bytes.
    fn bytes(&mut self, name: &str) -> Result<Vec<u8>, String> {
        match self.take(name)? {
            Array {
                shape,
                numbers: Numbers::Bytes(bytes),
            } if matches!(shape[..], [rows, WIDTH] if rows > 0) => Ok(bytes),
            other => Err(format!("the array {name} is of shape {:?}", other.shape)),
        }
    }

    /// Finite numbers in this shape.
    fn floats(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        match self.take(name)? {
            Array {
                shape: found,
                numbers: Numbers::Floats(floats),
            } if found == shape => {
                let are_finite = floats.iter().all(|x| x.is_finite());
                let floats = are_finite.then_some(floats);
                floats.ok_or_else(|| format!("the array {name} holds what is no number"))
            }
            other => Err(format!(
                "the array {name} is of shape {:?}, not of numbers in shape {shape:?}",
                other.shape
            )),
        }
    }
}
