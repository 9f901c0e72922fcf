//! What a layer of the decoder attends to: keys and values of positions, in the precision of the
//! model.

use super::kernels::{AttentionScratch, CompactMemory, Kernel, Memory, Positions, SourceMemory};
use super::weights::{Rows, Weights};

/// Keys and values of positions, for one layer of the decoder.
#[derive(Debug, Clone)]
pub enum Cache {
    /// In 8 bits.
    Int8(CompactMemory),
    /// As computed: the reference.
    F32 {
        /// A row a position.
        keys: Vec<f32>,
        /// A row a position.
        values: Vec<f32>,
        /// Heads in a row.
        heads: usize,
        /// Numbers in a row.
        width: usize,
    },
    /// As computed, for attention in Marian's order of operations.
    Source(SourceMemory),
}

impl Cache {
    /// Empty, with room for so many positions.
    pub fn new(weights: &Weights<'_>, positions: usize) -> Self {
        let (heads, width) = (weights.config.decoder_heads, weights.config.d_model);
        // A student attends to its source alone, which is so short that there is less to gain by 8
        // bits than to lose.
        if weights.config.searched_as_student() {
            return Self::Source(SourceMemory::new(heads, width / heads, positions));
        }
        match weights.embedding {
            Rows::Int8 { .. } => {
                let mut memory = CompactMemory::new(heads, width / heads);
                memory.reserve(positions);
                Self::Int8(memory)
            }
            Rows::F32(_) => Self::F32 {
                keys: Vec::with_capacity(positions * width),
                values: Vec::with_capacity(positions * width),
                heads,
                width,
            },
        }
    }

    /// Has what it holds come from memory, while something else is computed.
    pub fn fetch(&self) {
        if let Self::Int8(memory) = self {
            memory.fetch();
        }
    }

    /// Appends positions: a row each.
    pub fn push(&mut self, kernel: &dyn Kernel, new_keys: &[f32], new_values: &[f32]) {
        match self {
            Self::Int8(memory) => kernel.remember(new_keys, new_values, memory),
            Self::Source(memory) => memory.push(new_keys, new_values),
            Self::F32 { keys, values, .. } => {
                keys.extend_from_slice(new_keys);
                values.extend_from_slice(new_values);
            }
        }
    }

    /// Attention of one query, a row; the result goes to `output`, each head's shares to `scratch`.
    pub fn attend(
        &self,
        kernel: &dyn Kernel,
        query: &[f32],
        positions: Positions<'_>,
        scratch: &mut AttentionScratch,
        output: &mut [f32],
    ) {
        match self {
            Self::Int8(memory) => {
                kernel.attend_compact(query, memory, positions, scratch, output);
            }
            Self::Source(memory) => {
                kernel.attend_as_marian(query, memory, &mut scratch.shares, output);
            }
            Self::F32 {
                keys,
                values,
                heads,
                width,
            } => {
                let memory = Memory {
                    keys,
                    values,
                    stride: *width,
                };
                let all: Vec<u32>;
                let path = match positions {
                    Positions::Path(path) => path,
                    Positions::All => {
                        all = (0..(keys.len() / width) as u32).collect();
                        &all
                    }
                };
                kernel.attend(query, &memory, path, *heads, &mut scratch.shares, output);
            }
        }
    }
}
