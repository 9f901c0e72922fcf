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

/// Implements the floating-point methods of [`super::Kernel`] by the loops of [`super::float`],
/// compiled for AVX2, which the kernel's constructor has looked for.
macro_rules! avx2_float_loops {
    () => {
        fn quantise(&self, input: &[f32], columns: usize, into: &mut Quantised) {
            // SAFETY: the machine has AVX2, or there would be no such kernel; so below.
            unsafe { avx2::quantise(input, columns, into) }
        }
        fn swish_quantise(&self, input: &mut [f32], columns: usize, into: &mut Quantised) {
            // SAFETY: as above.
            unsafe { avx2::swish_quantise(input, columns, into) }
        }
        fn swish(&self, values: &mut [f32]) {
            // SAFETY: as above.
            unsafe { avx2::swish(values) }
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
            unsafe { avx2::multiply_f32(input, columns, weights, bias, output) }
        }
        fn add_normalise(&self, x: &mut [f32], y: &[f32], gain: &[f32], bias: &[f32]) {
            // SAFETY: as above.
            unsafe { avx2::add_normalise(x, y, gain, bias) }
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
            unsafe { avx2::attend(query, memory, positions, heads, weights, output) }
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
            unsafe { avx2::attend_all(queries, memory, heads, scratch, output) }
        }
        fn max_and_sum_exp(&self, values: &[f32]) -> (f32, f32) {
            // SAFETY: as above.
            unsafe { avx2::max_and_sum_exp(values) }
        }
    };
}
use avx2_float_loops;
