//! Products of one row of activations with chosen rows of a matrix, and the choice of rows, written
//! once and compiled for each instruction set as those of [`float`](super::float) are.

use super::{Quantised, RowMajor};

/// Numbers that are compared at a time.
pub(super) const LANES: usize = 16;

/// As [`super::Kernel::multiply_chosen`]. `dots` gives the dot products of the row with four rows of
/// weights, and of nothing beyond.
#[inline(always)]
pub(super) fn multiply_chosen(
    input: &Quantised,
    row: usize,
    weights: &RowMajor<'_>,
    chosen: &[u32],
    output: &mut [f32],
    dots: impl Fn(&[i8], i32, [&[i8]; ROWS]) -> [i32; ROWS],
) {
    let columns = input.columns;
    let values = &input.values[row * columns..][..columns];
    let (scale, sum) = (input.scales[row], input.sums[row]);
    let weights_of = |chosen: u32| &weights.weights[chosen as usize * columns..][..columns];
    for (chosen, output) in chosen.chunks(ROWS).zip(output.chunks_mut(ROWS)) {
        // Past the last row the first one is multiplied again, to no effect.
        let row = |n: usize| weights_of(chosen.get(n).copied().unwrap_or(chosen[0]));
        let sums = dots(values, sum, std::array::from_fn(row));
        for ((output, &chosen), sum) in output.iter_mut().zip(chosen).zip(sums) {
            let chosen = chosen as usize;
            let sum = sum + weights.offsets.get(chosen).copied().unwrap_or(0);
            let bias = weights.bias.get(chosen).copied().unwrap_or(0.0);
            *output = sum as f32 * (scale * weights.scales[chosen]) + bias;
        }
    }
}

/// Rows that are multiplied side by side.
pub const ROWS: usize = 4;

/// The dot products of `values`, whose sum is `_sum`, with four rows, in plain Rust.
#[inline(always)]
pub(super) fn dots(values: &[i8], _sum: i32, rows: [&[i8]; ROWS]) -> [i32; ROWS] {
    rows.map(|row| {
        let products = values.iter().zip(row);
        products.map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
    })
}

/// As [`super::Kernel::above`]; `mask` is as [`mask`].
#[inline(always)]
pub(super) fn above(
    values: &[f32],
    threshold: f32,
    places: &mut Vec<u32>,
    mask: impl Fn(&[f32; LANES], f32) -> u16,
) {
    let mut add = |first: usize, numbers: &[f32; LANES]| {
        let mut found = mask(numbers, threshold);
        while found != 0 {
            places.push(first as u32 + found.trailing_zeros());
            found &= found - 1;
        }
    };
    let (chunks, rest) = values.as_chunks();
    for (number, chunk) in chunks.iter().enumerate() {
        add(number * LANES, chunk);
    }
    let mut last = [f32::NEG_INFINITY; LANES];
    last[..rest.len()].copy_from_slice(rest);
    add(chunks.len() * LANES, &last);
}

/// A bit for each of `numbers`, the lowest for the first: whether it is greater than `threshold`.
#[inline(always)]
pub(super) fn mask(numbers: &[f32; LANES], threshold: f32) -> u16 {
    let bits = numbers.iter().zip(0..);
    bits.fold(0, |mask, (&number, bit)| {
        mask | u16::from(number > threshold) << bit
    })
}
