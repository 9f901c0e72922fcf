//! The kernel that runs everywhere, and that the others are tested against.

use super::{
    AttentionScratch, CompactMemory, Kernel, Memory, Packed, Positions, Quantised, attention,
    compact, float,
};
use crate::model::packing::{GROUP, place};

/// Plain Rust, without any assumption about the machine.
#[derive(Debug, Clone, Copy)]
pub struct Scalar;

impl Kernel for Scalar {
    fn name(&self) -> &'static str {
        "scalar"
    }

    fn multiply(&self, input: &Quantised, weights: &Packed<'_>, output: &mut [f32]) {
        let outputs = weights.outputs();
        let rows = input.values.chunks_exact(input.columns);
        for ((values, &scale), line) in rows.zip(&input.scales).zip(output.chunks_mut(outputs)) {
            for (o, cell) in line.iter_mut().enumerate() {
                let mut sum = 0i32;
                for (group, four) in values.chunks_exact(GROUP).enumerate() {
                    let at = place(o, group, weights.inputs);
                    for (&value, &weight) in four.iter().zip(&weights.weights[at..at + GROUP]) {
                        sum += i32::from(value) * i32::from(weight);
                    }
                }
                *cell = sum as f32 * (scale * weights.scales[o]) + weights.bias[o];
            }
        }
    }

    super::float::float_loops!();
}
