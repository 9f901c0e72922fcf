//! Floating-point loops, written once and compiled for each instruction set.
//!
//! They work on lanes of [`LANES`] numbers in a fixed order, so that the result is the same on
//! every machine; the compiler makes vector instructions of them.

use super::{Norm, Quantised, student};

/// Numbers that are worked on side by side.
pub(super) const LANES: usize = 16;
/// Adding 1.5 · 2²³ rounds to an integer, half to even, and leaves it in the low bits.
pub(super) const ROUND: f32 = 12_582_912.0;

/// e to the power of `x`, within 2 units in the last place for −87 ≤ x ≤ 88; less gives about
/// 1e-38, more gives about 1e38.
///
/// Range reduction by ln 2 in two parts and a polynomial of degree 5 (Cephes' coefficients).
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    p = p * rest + 1.398_199_9e-3;
    p = p * rest + 8.333_452e-3;
    p = p * rest + 4.166_579_6e-2;
    p = p * rest + 1.666_666_5e-1;
    p = p * rest + 0.5;
    let value = p * rest * rest + rest + 1.0;
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0f32.to_bits()));
    value * power
}

#[inline(always)]
pub(super) fn add_up(lanes: &[f32; LANES]) -> f32 {
    fold_lanes(lanes, |a, b| a + b)
}

#[inline(always)]
pub(super) fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Folds `values` lane by lane, then the lanes: the order does not depend on the machine.
#[inline(always)]
pub(super) fn reduce(
    values: &[f32],
    start: f32,
    fold: impl Fn(f32, f32) -> f32 + Copy,
    finish: impl Fn(&[f32; LANES]) -> f32,
) -> f32 {
    let mut lanes = [start; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane = fold(*lane, value);
        }
    }
    if !rest.is_empty() {
        // An array of its own, so that the lanes stay in a vector register where there is no rest.
        let mut last = lanes;
        for (lane, &value) in last.iter_mut().zip(rest) {
            *lane = fold(*lane, value);
        }
        return finish(&last);
    }
    finish(&lanes)
}

#[inline(always)]
pub(super) fn greatest_lane(lanes: &[f32; LANES]) -> f32 {
    fold_lanes(lanes, greater)
}

/// Folds the upper half of the lanes into the lower one until one is left.
#[inline(always)]
fn fold_lanes(lanes: &[f32; LANES], fold: impl Fn(f32, f32) -> f32 + Copy) -> f32 {
    let eight: [f32; 8] = fold_half(lanes, fold);
    let four: [f32; 4] = fold_half(&eight, fold);
    let two: [f32; 2] = fold_half(&four, fold);
    fold(two[0], two[1])
}

#[inline(always)]
fn fold_half<const N: usize>(lanes: &[f32], fold: impl Fn(f32, f32) -> f32) -> [f32; N] {
    let (lower, upper) = lanes.split_at(N);
    let mut folded = [0.0; N];
    for ((folded, &a), &b) in folded.iter_mut().zip(lower).zip(upper) {
        *folded = fold(a, b);
    }
    folded
}

#[inline(always)]
fn add_products(sums: &mut [f32; LANES], a: &[f32; LANES], b: &[f32; LANES]) {
    for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
        *sum += a * b;
    }
}

/// The products of `a` and `b`, summed lane by lane.
#[inline(always)]
pub(super) fn dot_lanes(a: &[f32], b: &[f32], lanes: &mut [f32; LANES]) {
    let ((left, left_rest), (right, right_rest)) = (a.as_chunks(), b.as_chunks());
    let mut sums = [0.0; LANES];
    for (x, y) in left.iter().zip(right) {
        add_products(&mut sums, x, y);
    }
    for ((sum, x), y) in sums.iter_mut().zip(left_rest).zip(right_rest) {
        *sum += x * y;
    }
    *lanes = sums;
}

/// What numbers are multiplied with to become −127 ..= 127, and the step that takes them back.
#[inline(always)]
pub(super) fn step(numbers: &[f32]) -> (f32, f32) {
    let greatest = reduce(numbers, 0.0, |a, b| greater(a, b.abs()), greatest_lane);
    let factor = if greatest > 0.0 {
        127.0 / greatest
    } else {
        0.0
    };
    (factor, greatest / 127.0)
}

/// The nearest integer, half to even, of a number of −127 ..= 127.
#[inline(always)]
pub(super) fn rounded(number: f32) -> i8 {
    (number + ROUND).to_bits() as i8
}

#[inline(always)]
pub(super) fn swish(values: &mut [f32]) {
    for value in values {
        *value /= 1.0 + exp(-*value);
    }
}

#[inline(always)]
pub(super) fn quantise(input: &[f32], columns: usize, into: &mut Quantised) {
    into.reshape(input.len() / columns, columns);
    let rows = input.chunks_exact(columns);
    let outputs = into.values.chunks_exact_mut(columns);
    let each = into.scales.iter_mut().zip(&mut into.sums);
    for ((row, values), (scale, sum)) in rows.zip(outputs).zip(each) {
        (*scale, *sum) = quantise_row(row, values);
    }
}

/// Quantises a row; gives its scale and the sum of its values.
#[inline(always)]
fn quantise_row(row: &[f32], values: &mut [i8]) -> (f32, i32) {
    let (factor, step) = step(row);
    for (value, x) in values.iter_mut().zip(row) {
        *value = rounded(x * factor);
    }
    (step, values.iter().map(|&value| i32::from(value)).sum())
}

/// As [`super::Kernel::swish_quantise`], a row at a time, which stays in the nearest cache.
#[inline(always)]
pub(super) fn swish_quantise(input: &mut [f32], columns: usize, into: &mut Quantised) {
    into.reshape(input.len() / columns, columns);
    let rows = input.chunks_exact_mut(columns);
    for (row, input) in rows.enumerate() {
        swish(input);
        let values = &mut into.values[row * columns..][..columns];
        (into.scales[row], into.sums[row]) = quantise_row(input, values);
    }
}

/// As [`super::Kernel::quantise_by`].
#[inline(always)]
pub(super) fn quantise_by(
    input: &[f32],
    columns: usize,
    factor: f32,
    lowest: f32,
    into: &mut Quantised,
) {
    into.reshape(input.len() / columns, columns);
    into.scales.fill(1.0);
    let rows = input.chunks_exact(columns);
    let outputs = into.values.chunks_exact_mut(columns);
    for ((row, values), sum) in rows.zip(outputs).zip(&mut into.sums) {
        for (value, x) in values.iter_mut().zip(row) {
            *value = rounded((x * factor).clamp(lowest, 127.0));
        }
        *sum = values.iter().map(|&value| i32::from(value)).sum();
    }
}

#[inline(always)]
pub(super) fn relu(values: &mut [f32]) {
    for value in values {
        *value = greater(*value, 0.0);
    }
}

/// As [`super::Kernel::multiply_f32`]: a row by four outputs at a time, each in the order of
/// [`dot_lanes`].
#[inline(always)]
pub(super) fn multiply(
    input: &[f32],
    columns: usize,
    weights: &[f32],
    bias: &[f32],
    output: &mut [f32],
) {
    const OUTPUTS: usize = 4;
    let outputs = bias.len();
    let weight = |o: usize| &weights[o.min(outputs - 1) * columns..][..columns];
    for from in (0..outputs).step_by(OUTPUTS) {
        let four = [from, from + 1, from + 2, from + 3].map(weight);
        let rows = input.chunks_exact(columns);
        for (row, output) in rows.zip(output.chunks_exact_mut(outputs)) {
            let sums = four_dots(row, four);
            let places = output[from..].iter_mut().zip(&bias[from..]);
            for ((place, bias), sum) in places.zip(sums) {
                *place = sum + bias;
            }
        }
    }
}

/// The products of `row` with each of four, all of one length.
#[inline(always)]
fn four_dots(row: &[f32], four: [&[f32]; 4]) -> [f32; 4] {
    // Four variables, not an array of them: so the compiler keeps them in vector registers.
    let (mut a, mut b, mut c, mut d) = ([0.0; LANES], [0.0; LANES], [0.0; LANES], [0.0; LANES]);
    let (chunks, rest) = row.as_chunks::<LANES>();
    let [(wa, ra), (wb, rb), (wc, rc), (wd, rd)] = four.map(|w| w.as_chunks::<LANES>());
    for ((((x, wa), wb), wc), wd) in chunks.iter().zip(wa).zip(wb).zip(wc).zip(wd) {
        add_products(&mut a, x, wa);
        add_products(&mut b, x, wb);
        add_products(&mut c, x, wc);
        add_products(&mut d, x, wd);
    }
    for (sums, rest_of_w) in [(&mut a, ra), (&mut b, rb), (&mut c, rc), (&mut d, rd)] {
        for ((sum, x), y) in sums.iter_mut().zip(rest).zip(rest_of_w) {
            *sum += x * y;
        }
    }
    [add_up(&a), add_up(&b), add_up(&c), add_up(&d)]
}

#[inline(always)]
pub(super) fn add_normalise(x: &mut [f32], y: &[f32], norm: &Norm<'_>) {
    let Norm {
        gain,
        bias,
        epsilon,
        as_marian,
    } = *norm;
    if as_marian {
        return student::add_normalise(x, y, norm);
    }
    let columns = gain.len();
    for (row, added) in x.chunks_exact_mut(columns).zip(y.chunks_exact(columns)) {
        for (value, add) in row.iter_mut().zip(added) {
            *value += add;
        }
        let mean = reduce(row, 0.0, |a, b| a + b, add_up) / columns as f32;
        for value in row.iter_mut() {
            *value -= mean;
        }
        let variance = reduce(row, 0.0, |a, b| a + b * b, add_up) / columns as f32;
        let factor = 1.0 / (variance + epsilon).sqrt();
        for ((value, gain), bias) in row.iter_mut().zip(gain).zip(bias) {
            *value = *value * factor * gain + bias;
        }
    }
}

#[inline(always)]
pub(super) fn max_and_sum_exp(values: &[f32]) -> (f32, f32) {
    let greatest = reduce(values, f32::NEG_INFINITY, greater, greatest_lane);
    let sum = reduce(values, 0.0, |a, b| a + exp(b - greatest), add_up);
    (greatest, sum)
}

/// Implements the floating-point methods of [`super::Kernel`] for a kernel that needs no
/// instruction beyond the target's own.
macro_rules! float_loops {
    () => {
        fn quantise(&self, input: &[f32], columns: usize, into: &mut Quantised) {
            float::quantise(input, columns, into);
        }
        fn swish_quantise(&self, input: &mut [f32], columns: usize, into: &mut Quantised) {
            float::swish_quantise(input, columns, into);
        }
        fn swish(&self, values: &mut [f32]) {
            float::swish(values);
        }
        fn multiply_f32(
            &self,
            input: &[f32],
            columns: usize,
            weights: &[f32],
            bias: &[f32],
            output: &mut [f32],
        ) {
            float::multiply(input, columns, weights, bias, output);
        }
        fn quantise_by(
            &self,
            input: &[f32],
            columns: usize,
            factor: f32,
            lowest: f32,
            into: &mut Quantised,
        ) {
            float::quantise_by(input, columns, factor, lowest, into);
        }
        fn relu(&self, values: &mut [f32]) {
            float::relu(values);
        }
        fn recur(&self, forget: &[f32], input: &[f32], state: &mut [f32], output: &mut [f32]) {
            student::recur(forget, input, state, output);
        }
        fn add_normalise(
            &self,
            x: &mut [f32],
            y: &[f32],
            norm: &$crate::engine::kernels::Norm<'_>,
        ) {
            float::add_normalise(x, y, norm);
        }
        fn attend(
            &self,
            query: &[f32],
            memory: &$crate::engine::kernels::Memory<'_>,
            positions: &[u32],
            heads: usize,
            weights: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            attention::attend(query, memory, positions, heads, weights, output);
        }
        fn attend_all(
            &self,
            queries: &[f32],
            memory: &$crate::engine::kernels::Memory<'_>,
            heads: usize,
            scratch: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            attention::attend_all(queries, memory, heads, scratch, output);
        }
        fn attend_as_marian(
            &self,
            query: &[f32],
            memory: &$crate::engine::kernels::SourceMemory,
            shares: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            student::attend(query, memory, shares, output);
        }
        fn attend_all_as_marian(
            &self,
            queries: &[f32],
            memory: &$crate::engine::kernels::Memory<'_>,
            heads: usize,
            scratch: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            student::attend_all(queries, memory, heads, scratch, output);
        }
        fn multiply_chosen(
            &self,
            input: &Quantised,
            row: usize,
            weights: &$crate::engine::kernels::RowMajor<'_>,
            chosen: &[u32],
            output: &mut [f32],
        ) {
            rows::multiply_chosen(input, row, weights, chosen, output, rows::dots);
        }
        fn above(&self, values: &[f32], threshold: f32, places: &mut Vec<u32>) {
            rows::above(values, threshold, places, rows::mask);
        }
        fn remember(
            &self,
            place: usize,
            keys: &[f32],
            values: &[f32],
            pool: &mut $crate::engine::kernels::Pool,
            memory: &mut $crate::engine::kernels::CompactMemory,
        ) {
            memory.write(place, keys, values, pool);
        }
        fn attend_compact(
            &self,
            query: &[f32],
            attended: &$crate::engine::kernels::Attended<'_>,
            scratch: &mut $crate::engine::kernels::AttentionScratch,
            output: &mut [f32],
        ) {
            attended.attend(query, scratch, output, compact::dot, compact::weigh);
        }
        fn max_and_sum_exp(&self, values: &[f32]) -> (f32, f32) {
            float::max_and_sum_exp(values)
        }
    };
}
pub(super) use float_loops;
