//! The kernel that runs everywhere, and that the others are tested against.

use super::{Kernel, Packed, Quantised, attention, compact, float, rows, student};
use crate::model::packing::{GROUP, PANEL};

/// Plain Rust, without any assumption about the machine.
#[derive(Debug, Clone, Copy)]
pub struct Scalar;

impl Kernel for Scalar {
    fn name(&self) -> &'static str {
        "scalar"
    }

    fn multiply(&self, input: &Quantised, weights: &Packed<'_>, output: &mut [f32]) {
        let rows = input.values.chunks_exact(input.columns);
        let lines = output.chunks_mut(weights.outputs());
        for ((values, &scale), line) in rows.zip(&input.scales).zip(lines) {
            let panels = weights.weights.chunks_exact(PANEL * weights.inputs);
            for ((cells, panel), from) in
                line.chunks_mut(PANEL).zip(panels).zip((0..).step_by(PANEL))
            {
                for ((cell, sum), o) in cells.iter_mut().zip(sums(values, panel)).zip(from..) {
                    let sum = (sum + weights.offset(o)) as f32;
                    *cell = sum * (scale * weights.scales[o]) + weights.bias[o];
                }
            }
        }
    }

    super::float::float_loops!();
}

/// The products of a row with each row of a panel.
fn sums(values: &[i8], panel: &[i8]) -> [i32; PANEL] {
    let mut sums = [0; PANEL];
    let (fours, _) = values.as_chunks::<GROUP>();
    let (groups, _) = panel.as_chunks::<{ PANEL * GROUP }>();
    for (four, group) in fours.iter().zip(groups) {
        let four = four.map(i32::from);
        for (sum, weights) in sums.iter_mut().zip(group.as_chunks::<GROUP>().0) {
            let products = four.iter().zip(weights).map(|(v, &w)| v * i32::from(w));
            *sum += products.sum::<i32>();
        }
    }
    sums
}
