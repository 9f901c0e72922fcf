//! Kernels for x86-64, by instruction set.
#![allow(unsafe_code)]

mod avx2;
mod avx512_vnni;

pub use avx2::Avx2;
pub use avx512_vnni::Avx512Vnni;

use super::{Packed, Quantised};
use crate::model::packing::{GROUP, PANEL};

/// Panics unless the shapes of a multiplication fit together, so that the kernels may read and
/// write without looking.
fn check_shapes(input: &Quantised, weights: &Packed<'_>, output: &[f32]) {
    let (rows, outputs) = (input.rows(), weights.outputs());
    assert_eq!(input.columns, weights.inputs, "inputs of the layer");
    assert_eq!(weights.inputs % GROUP, 0, "inputs in whole groups");
    assert_eq!(input.values.len(), rows * input.columns, "whole rows");
    assert_eq!(input.sums.len(), rows, "a sum for each row");
    assert_eq!(
        output.len(),
        rows * outputs,
        "a number for each row and output"
    );
    assert_eq!(weights.bias.len(), outputs, "a bias for each output");
    let packed = outputs.next_multiple_of(PANEL) * weights.inputs;
    assert!(weights.weights.len() >= packed, "whole panels");
}

/// Compiles the loops of [`super::float`] for a set of instructions, as functions that only code
/// which has looked for them may call.
macro_rules! float_functions {
    ($instructions:literal) => {
        use $crate::engine::kernels::compact::POSITIONS;
        use $crate::engine::kernels::{
            AttentionScratch, CompactMemory, Memory, Positions, Quantised, attention, float,
        };

        #[target_feature(enable = $instructions)]
        pub fn quantise(input: &[f32], columns: usize, into: &mut Quantised) {
            float::quantise(input, columns, into);
        }

        #[target_feature(enable = $instructions)]
        pub fn swish_quantise(input: &mut [f32], columns: usize, into: &mut Quantised) {
            float::swish(input);
            float::quantise(input, columns, into);
        }

        #[target_feature(enable = $instructions)]
        pub fn swish(values: &mut [f32]) {
            float::swish(values);
        }

        #[target_feature(enable = $instructions)]
        pub fn multiply_f32(
            input: &[f32],
            columns: usize,
            weights: &[f32],
            bias: &[f32],
            output: &mut [f32],
        ) {
            float::multiply(input, columns, weights, bias, output);
        }

        #[target_feature(enable = $instructions)]
        pub fn add_normalise(x: &mut [f32], y: &[f32], gain: &[f32], bias: &[f32]) {
            float::add_normalise(x, y, gain, bias);
        }

        #[target_feature(enable = $instructions)]
        pub fn attend(
            query: &[f32],
            memory: &Memory<'_>,
            positions: &[u32],
            heads: usize,
            weights: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            attention::attend(query, memory, positions, heads, weights, output);
        }

        #[target_feature(enable = $instructions)]
        pub fn attend_all(
            queries: &[f32],
            memory: &Memory<'_>,
            heads: usize,
            scratch: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            attention::attend_all(queries, memory, heads, scratch, output);
        }

        #[target_feature(enable = $instructions)]
        pub fn remember(keys: &[f32], values: &[f32], memory: &mut CompactMemory) {
            memory.push(keys, values);
        }

        #[target_feature(enable = $instructions)]
        pub fn attend_compact(
            query: &[f32],
            memory: &CompactMemory,
            positions: Positions<'_>,
            scratch: &mut AttentionScratch,
            output: &mut [f32],
        ) {
            memory.attend(query, positions, scratch, output, |query, keys| {
                dot(query, keys)
            });
        }

        #[target_feature(enable = $instructions)]
        pub fn max_and_sum_exp(values: &[f32]) -> (f32, f32) {
            float::max_and_sum_exp(values)
        }
    };
}
use float_functions;

/// Implements the floating-point methods of [`super::Kernel`] by the functions that
/// [`float_functions`] makes in the module `floats`, whose instructions the kernel's constructor
/// has looked for.
macro_rules! float_methods {
    () => {
        fn quantise(&self, input: &[f32], columns: usize, into: &mut Quantised) {
            // SAFETY: the machine has the instructions, or there would be no such kernel; so below.
            unsafe { floats::quantise(input, columns, into) }
        }
        fn swish_quantise(&self, input: &mut [f32], columns: usize, into: &mut Quantised) {
            // SAFETY: as above.
            unsafe { floats::swish_quantise(input, columns, into) }
        }
        fn swish(&self, values: &mut [f32]) {
            // SAFETY: as above.
            unsafe { floats::swish(values) }
        }
        fn multiply_f32(
            &self,
            input: &[f32],
            columns: usize,
            weights: &[f32],
            bias: &[f32],
            output: &mut [f32],
        ) {
            // SAFETY: as above.
            unsafe { floats::multiply_f32(input, columns, weights, bias, output) }
        }
        fn add_normalise(&self, x: &mut [f32], y: &[f32], gain: &[f32], bias: &[f32]) {
            // SAFETY: as above.
            unsafe { floats::add_normalise(x, y, gain, bias) }
        }
        fn attend(
            &self,
            query: &[f32],
            memory: &Memory<'_>,
            positions: &[u32],
            heads: usize,
            weights: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            // SAFETY: as above.
            unsafe { floats::attend(query, memory, positions, heads, weights, output) }
        }
        fn attend_all(
            &self,
            queries: &[f32],
            memory: &Memory<'_>,
            heads: usize,
            scratch: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            // SAFETY: as above.
            unsafe { floats::attend_all(queries, memory, heads, scratch, output) }
        }
        fn remember(&self, keys: &[f32], values: &[f32], memory: &mut CompactMemory) {
            // SAFETY: as above.
            unsafe { floats::remember(keys, values, memory) }
        }
        fn attend_compact(
            &self,
            query: &[f32],
            memory: &CompactMemory,
            positions: Positions<'_>,
            scratch: &mut AttentionScratch,
            output: &mut [f32],
        ) {
            // SAFETY: as above.
            unsafe { floats::attend_compact(query, memory, positions, scratch, output) }
        }
        fn max_and_sum_exp(&self, values: &[f32]) -> (f32, f32) {
            // SAFETY: as above.
            unsafe { floats::max_and_sum_exp(values) }
        }
    };
}
use float_methods;
