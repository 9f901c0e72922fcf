//! NEON with the dot product of bytes (Armv8.2 and later).
#![allow(unsafe_code)]

use std::arch::aarch64::*;
use std::arch::{asm, is_aarch64_feature_detected};

use super::tiles::{check_shapes, multiply_by_tiles};
use super::{Kernel, Packed, Quantised, attention, compact, float, rows, student};
use crate::model::packing::{GROUP, PANEL};

/// Outputs in a vector register of 32-bit sums.
const LANES: usize = 4;
/// Registers of sums that a row has in a panel.
const PARTS: usize = PANEL / LANES;
/// Groups of inputs in a vector register.
const GROUPS: usize = 16 / GROUP;

/// The sums of a tile: of each row, each panel, each four outputs.
type Sums<const ROWS: usize, const PANELS: usize> = [[[int32x4_t; PARTS]; PANELS]; ROWS];

/// 128-bit vectors with a dot product of bytes. Only [`NeonDot::new`] makes one, after looking at
/// the machine.
#[derive(Debug, Clone, Copy)]
pub struct NeonDot(());

impl NeonDot {
    /// The kernel, if this machine runs it.
    pub fn new() -> Option<Self> {
        is_aarch64_feature_detected!("dotprod").then_some(Self(()))
    }
}

impl Kernel for NeonDot {
    fn name(&self) -> &'static str {
        "neon-dotprod"
    }

    fn multiply(&self, input: &Quantised, weights: &Packed<'_>, output: &mut [f32]) {
        check_shapes(input, weights, output);
        // SAFETY: the machine has the instructions, or there would be no such kernel; the shapes
        // fit.
        unsafe { multiply(input, weights, output) }
    }

    // Every 64-bit Arm has NEON, so the compiler uses it unasked.
    float::float_loops!();
}

/// Multiplies. One row, or two, take more panels at once: there must be enough sums on the way to
/// hide the time that one takes. With sixteen sums, all that a tile holds stays in the 32
/// registers.
///
/// # Safety
/// The shapes must fit as [`check_shapes`] has it.
#[target_feature(enable = "neon,dotprod")]
unsafe fn multiply(input: &Quantised, weights: &Packed<'_>, output: &mut [f32]) {
    let (tile_rows, tile_panels) = match input.rows() {
        1 => (1, 4),
        2 => (2, 2),
        _ => (4, 1),
    };
    multiply_by_tiles!(
        tile_of(input, weights, output),
        tile_rows,
        tile_panels,
        [(1, 4)(2, 2)(1, 1)(2, 1)(3, 1)(4, 1)]
    );
}

/// Computes `ROWS` rows of `PANELS` panels.
///
/// # Safety
/// As for [`multiply`]; `first + ROWS` rows and `panel + PANELS` panels exist.
#[target_feature(enable = "neon,dotprod")]
#[inline]
unsafe fn tile_of<const ROWS: usize, const PANELS: usize>(
    input: &Quantised,
    weights: &Packed<'_>,
    output: &mut [f32],
    first: usize,
    panel: usize,
) {
    let columns = input.columns;
    let groups = columns / GROUP;
    let mut sums: Sums<ROWS, PANELS> = [[[vdupq_n_s32(0); PARTS]; PANELS]; ROWS];
    // SAFETY: the panels lie wholly in the weights, 64 bytes for each group of inputs; a row's
    // values are `columns` bytes, read sixteen at a time as long as there are as many, then four.
    unsafe {
        let mut panels = weights.weights.as_ptr().add(panel * PANEL * columns);
        let mut values = input.values.as_ptr().add(first * columns);
        for _ in 0..groups / GROUPS {
            let rows = std::array::from_fn(|row| vld1q_s8(values.add(row * columns)));
            add_group::<0, ROWS, PANELS>(&mut sums, panels, columns, &rows);
            panels = panels.add(PANEL * GROUP);
            add_group::<1, ROWS, PANELS>(&mut sums, panels, columns, &rows);
            panels = panels.add(PANEL * GROUP);
            add_group::<2, ROWS, PANELS>(&mut sums, panels, columns, &rows);
            panels = panels.add(PANEL * GROUP);
            add_group::<3, ROWS, PANELS>(&mut sums, panels, columns, &rows);
            panels = panels.add(PANEL * GROUP);
            values = values.add(GROUPS * GROUP);
        }
        for _ in 0..groups % GROUPS {
            let rows = std::array::from_fn(|row| {
                let four = values.add(row * columns).cast::<i32>().read_unaligned();
                vreinterpretq_s8_s32(vdupq_n_s32(four))
            });
            add_group::<0, ROWS, PANELS>(&mut sums, panels, columns, &rows);
            panels = panels.add(PANEL * GROUP);
            values = values.add(GROUP);
        }
    }
    for (row, sums) in (first..).zip(sums) {
        for (panel, sums) in (panel..).zip(sums) {
            // SAFETY: the row and the panel exist.
            unsafe { finish_panel(sums, input, weights, output, row, panel * PANEL) };
        }
    }
}

/// Adds the products of a group of inputs, the one at `LANE` of each row's values, to all sums of
/// a tile.
///
/// # Safety
/// `panels` points to the group's 64 weights in the first panel; `PANELS` panels of so many
/// `columns` follow each other.
#[target_feature(enable = "neon,dotprod")]
#[inline]
unsafe fn add_group<const LANE: i32, const ROWS: usize, const PANELS: usize>(
    sums: &mut Sums<ROWS, PANELS>,
    panels: *const i8,
    columns: usize,
    rows: &[int8x16_t; ROWS],
) {
    for panel in 0..PANELS {
        for part in 0..PARTS {
            // SAFETY: the panel and its sixteen weights from this part on exist.
            let weights =
                unsafe { vld1q_s8(panels.add(panel * PANEL * columns + part * LANES * GROUP)) };
            for (sums, &values) in sums.iter_mut().zip(rows) {
                sums[panel][part] = dot::<LANE>(sums[panel][part], weights, values);
            }
        }
    }
}

/// Adds to each 32-bit sum the products of its four weights with the four values at `LANE`: what
/// `vdotq_laneq_s32` will be when it is stable.
#[target_feature(enable = "neon,dotprod")]
#[inline]
fn dot<const LANE: i32>(sum: int32x4_t, weights: int8x16_t, values: int8x16_t) -> int32x4_t {
    let mut result = sum;
    // SAFETY: the instruction reads and writes these registers and nothing else.
    unsafe {
        asm!(
            "sdot {sum:v}.4s, {weights:v}.16b, {values:v}.4b[{lane}]",
            sum = inout(vreg) result,
            weights = in(vreg) weights,
            values = in(vreg) values,
            lane = const LANE,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    result
}

/// Scales the sums of a row and the outputs `from..from + 16` of a panel, those that there are,
/// adds the bias, and writes the result.
///
/// # Safety
/// The shapes must fit as [`check_shapes`] has it; the row and the output `from` exist.
#[target_feature(enable = "neon")]
#[inline]
unsafe fn finish_panel(
    sums: [int32x4_t; PARTS],
    input: &Quantised,
    weights: &Packed<'_>,
    output: &mut [f32],
    row: usize,
    from: usize,
) {
    let outputs = weights.outputs();
    let scale = vdupq_n_f32(input.scales[row]);
    for (from, mut sums) in (from..).step_by(LANES).zip(sums) {
        if from + LANES <= outputs {
            // SAFETY: four outputs from `from` exist, with their scales, biases and cells, and
            // their offsets where there are any.
            unsafe {
                if !weights.offsets.is_empty() {
                    sums = vaddq_s32(sums, vld1q_s32(weights.offsets.as_ptr().add(from)));
                }
                let sums = vcvtq_f32_s32(sums);
                let scales = vld1q_f32(weights.scales.as_ptr().add(from));
                let bias = vld1q_f32(weights.bias.as_ptr().add(from));
                let values = vaddq_f32(vmulq_f32(sums, vmulq_f32(scale, scales)), bias);
                vst1q_f32(output.as_mut_ptr().add(row * outputs + from), values);
            }
        } else {
            let mut integers = [0; LANES];
            // SAFETY: the array holds four integers.
            unsafe { vst1q_s32(integers.as_mut_ptr(), sums) };
            for (o, integer) in (from..outputs).zip(integers) {
                let number = (integer + weights.offset(o)) as f32;
                let scale = input.scales[row] * weights.scales[o];
                output[row * outputs + o] = number * scale + weights.bias[o];
            }
        }
    }
}
