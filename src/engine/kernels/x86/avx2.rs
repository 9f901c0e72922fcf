//! AVX2.

use std::arch::x86_64::*;

use super::super::{AttentionScratch, CompactMemory, Kernel, Memory, Packed, Positions, Quantised};
use super::{check_shapes, float_methods};
use crate::model::packing::{GROUP, PANEL};

/// Outputs in a vector register of 32-bit sums.
const LANES: usize = 8;
/// Rows that a tile computes at most: with two accumulators a row all stay in registers.
const TILE_ROWS: usize = 4;

/// 256-bit vectors without a dot product of bytes. Only [`Avx2::new`] makes one, after looking at
/// the machine.
#[derive(Debug, Clone, Copy)]
pub struct Avx2(());

impl Avx2 {
    /// The kernel, if this machine runs it.
    pub fn new() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(()))
    }
}

impl Kernel for Avx2 {
    fn name(&self) -> &'static str {
        "avx2"
    }

    fn multiply(&self, input: &Quantised, weights: &Packed<'_>, output: &mut [f32]) {
        check_shapes(input, weights, output);
        // SAFETY: the machine has AVX2, or there would be no `Avx2`; the shapes fit.
        unsafe { multiply(input, weights, output) }
    }

    float_methods!();
}

mod floats {
    super::super::float_functions!("avx2");

    #[target_feature(enable = "avx2")]
    fn dot(query: &[i8], keys: &[u8]) -> [i32; POSITIONS] {
        super::super::super::compact::dot(query, keys)
    }
}

/// Multiplies, a panel of weights at a time over all rows, so that the weights are read from
/// memory once.
///
/// # Safety
/// The shapes must fit as [`check_shapes`] has it.
#[target_feature(enable = "avx2")]
unsafe fn multiply(input: &Quantised, weights: &Packed<'_>, output: &mut [f32]) {
    let rows = input.rows();
    let tiles = rows.div_ceil(TILE_ROWS);
    for from in (0..weights.outputs()).step_by(PANEL) {
        let mut first = 0;
        for tile in 0..tiles {
            // Tiles of nearly equal height: a last one of one row would waste the loads.
            let height = (rows - first).div_ceil(tiles - tile);
            // SAFETY: rows `first..first + height` and the panel of output `from` exist.
            unsafe {
                match height {
                    1 => tile_of::<1>(input, weights, output, first, from),
                    2 => tile_of::<2>(input, weights, output, first, from),
                    3 => tile_of::<3>(input, weights, output, first, from),
                    _ => tile_of::<4>(input, weights, output, first, from),
                }
            }
            first += height;
        }
    }
}

/// Computes `ROWS` rows of a panel.
///
/// The byte product of AVX2 wants one side unsigned: it gets the magnitude of the input, and the
/// input's sign goes to the weight. Two products of at most 127² fit into 16 bits.
///
/// # Safety
/// As for [`multiply`]; `first + ROWS` rows exist, and `from` is the first output of a panel.
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn tile_of<const ROWS: usize>(
    input: &Quantised,
    weights: &Packed<'_>,
    output: &mut [f32],
    first: usize,
    from: usize,
) {
    let columns = input.columns;
    let mut sums = [[_mm256_setzero_si256(); 2]; ROWS];
    let ones = _mm256_set1_epi16(1);
    // SAFETY: the panel lies wholly in the weights, 64 bytes for each group of inputs; a row's
    // values are `columns` bytes, read in groups of four.
    unsafe {
        let mut panel = weights.weights.as_ptr().add(from * columns);
        let mut values = input.values.as_ptr().add(first * columns);
        for _ in 0..columns / GROUP {
            let low = _mm256_loadu_si256(panel.cast());
            let high = _mm256_loadu_si256(panel.add(PANEL * GROUP / 2).cast());
            for (row, sums) in sums.iter_mut().enumerate() {
                let four = values.add(row * columns).cast::<i32>().read_unaligned();
                let four = _mm256_set1_epi32(four);
                let magnitude = _mm256_abs_epi8(four);
                let pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(low, four));
                sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(pairs, ones));
                let pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(high, four));
                sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(pairs, ones));
            }
            panel = panel.add(PANEL * GROUP);
            values = values.add(GROUP);
        }
    }
    let outputs = weights.outputs();
    for (row, sums) in (first..).zip(sums) {
        let scale = _mm256_set1_ps(input.scales[row]);
        for (from, sums) in [from, from + LANES].into_iter().zip(sums) {
            let sums = _mm256_cvtepi32_ps(sums);
            let cell = row * outputs + from;
            if from + LANES <= outputs {
                // SAFETY: eight outputs from `from` exist, with their scales, biases and cells.
                unsafe {
                    let scales = _mm256_loadu_ps(weights.scales.as_ptr().add(from));
                    let bias = _mm256_loadu_ps(weights.bias.as_ptr().add(from));
                    let values = _mm256_mul_ps(sums, _mm256_mul_ps(scale, scales));
                    let values = _mm256_add_ps(values, bias);
                    _mm256_storeu_ps(output.as_mut_ptr().add(cell), values);
                }
            } else {
                let mut numbers = [0.0f32; LANES];
                // SAFETY: the array holds eight numbers.
                unsafe { _mm256_storeu_ps(numbers.as_mut_ptr(), sums) };
                for (o, number) in (from..outputs).zip(numbers) {
                    let scale = input.scales[row] * weights.scales[o];
                    output[row * outputs + o] = number * scale + weights.bias[o];
                }
            }
        }
    }
}
