//! The kernel that runs everywhere, and that the others are tested against.

use super::{GROUP, Kernel, Memory, PANEL, Packed, Quantised, float};

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
                let panel = &weights.weights[o / PANEL * PANEL * weights.inputs..];
                let lane = o % PANEL * GROUP;
                let mut sum = 0i32;
                for (group, four) in values.chunks_exact(GROUP).enumerate() {
                    let at = group * PANEL * GROUP + lane;
                    for (&value, &weight) in four.iter().zip(&panel[at..at + GROUP]) {
                        sum += i32::from(value) * i32::from(weight);
                    }
                }
                *cell = sum as f32 * (scale * weights.scales[o]) + weights.bias[o];
            }
        }
    }

    super::float::float_loops!();
}
