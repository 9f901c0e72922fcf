//! What a layer of the decoder attends to: keys and values of positions, in the precision of the
//! model.

use super::kernels::{
    Attended, AttentionScratch, CompactMemory, Kernel, Memory, Pool, Positions, SourceMemory,
};
use super::weights::{Rows, Weights};

/// Keys and values of positions, for one layer of the decoder.
#[derive(Debug)]
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

/// How a cache is attended to.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What all caches lie in.
    pub pool: &'a Pool,
    /// Those that are attended to.
    pub positions: Positions<'a>,
    /// What will be attended to next: it comes from main memory meanwhile.
    pub next: Option<&'a Cache>,
    /// Whether each head's shares of attention are wanted.
    pub tell_shares: bool,
}

impl Cache {
    /// Of a source sentence: a row a position.
    pub fn of_source(
        weights: &Weights<'_>,
        kernel: &dyn Kernel,
        keys: &[f32],
        values: &[f32],
        pool: &mut Pool,
    ) -> Self {
        let (heads, width) = (weights.config.decoder_heads, weights.config.d_model);
        // A student attends to its source alone, which is so short that there is less to gain by 8
        // bits than to lose.
        if weights.config.searched_as_student() {
            return Self::Source(SourceMemory::new(heads, width / heads, keys, values));
        }
        let mut cache = Self::new(weights, keys.len() / width);
        cache.write(kernel, 0, keys, values, pool);
        cache
    }

    /// Empty, with room for so many positions.
    pub fn new(weights: &Weights<'_>, positions: usize) -> Self {
        let (heads, width) = (weights.config.decoder_heads, weights.config.d_model);
        match weights.embedding {
            Rows::Int8 { .. } => Self::Int8(CompactMemory::new(heads, width / heads)),
            Rows::F32(_) => Self::F32 {
                keys: Vec::with_capacity(positions * width),
                values: Vec::with_capacity(positions * width),
                heads,
                width,
            },
        }
    }

    /// Gives the pool back what it has of it.
    pub fn clear(&mut self, pool: &mut Pool) {
        if let Self::Int8(memory) = self {
            memory.clear(pool);
        }
    }

    /// Writes positions, a row each, the first at `place`, over what may be there; `place` is not
    /// beyond the last one.
    pub fn write(
        &mut self,
        kernel: &dyn Kernel,
        place: usize,
        new_keys: &[f32],
        new_values: &[f32],
        pool: &mut Pool,
    ) {
        match self {
            Self::Int8(memory) => kernel.remember(place, new_keys, new_values, pool, memory),
            Self::Source(_) => unreachable!("a source is whole from the beginning"),
            Self::F32 {
                keys,
                values,
                width,
                ..
            } => {
                for (all, new) in [(keys, new_keys), (values, new_values)] {
                    let start = place * *width;
                    all.resize(all.len().max(start + new.len()), 0.0);
                    all[start..start + new.len()].copy_from_slice(new);
                }
            }
        }
    }

    /// Attention of one query, a row; the result goes to `output`, each head's shares, if they are
    /// wanted, to `scratch`.
    pub fn attend(
        &self,
        kernel: &dyn Kernel,
        query: &[f32],
        asked: Asked<'_>,
        scratch: &mut AttentionScratch,
        output: &mut [f32],
    ) {
        let Asked {
            pool,
            positions,
            next,
            tell_shares,
        } = asked;
        match self {
            Self::Int8(memory) => {
                let next = match next {
                    Some(Self::Int8(memory)) => Some(memory),
                    _ => None,
                };
                let attended = Attended {
                    pool,
                    memory,
                    positions,
                    next,
                    tell_shares,
                };
                kernel.attend_compact(query, &attended, scratch, output);
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
