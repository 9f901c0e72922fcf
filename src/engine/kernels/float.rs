//! Floating-point loops, written once and compiled for each instruction set.
//!
//! They work on lanes of [`LANES`] numbers in a fixed order, so that the result is the same on
//! every machine; the compiler makes vector instructions of them.

use super::{Memory, Quantised};

/// Numbers that are worked on side by side.
const LANES: usize = 16;
/// Positions whose scores are computed side by side in [`attend_all`].
const POSITIONS: usize = 16;
/// Queries whose scores are computed side by side in [`attend_all`].
const QUERIES: usize = 4;
/// Numbers of a value that are mixed side by side.
const MIXED: usize = 32;
/// Adding 1.5 · 2²³ rounds to an integer, half to even, and leaves it in the low bits.
const ROUND: f32 = 12_582_912.0;
/// Added to the variance before the root, as transformers has it for Marian.
const EPSILON: f32 = 1e-5;

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
fn add_up(lanes: &[f32; LANES]) -> f32 {
    let mut sums = *lanes;
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            sums[lane] += sums[lane + half];
        }
        half /= 2;
    }
    sums[0]
}

#[inline(always)]
fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Folds `values` lane by lane, then the lanes: the order does not depend on the machine.
#[inline(always)]
fn reduce(
    values: &[f32],
    start: f32,
    fold: impl Fn(f32, f32) -> f32 + Copy,
    finish: impl Fn(&[f32; LANES]) -> f32,
) -> f32 {
    let mut lanes = [start; LANES];
    let mut chunks = values.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane = fold(*lane, value);
        }
    }
    for (lane, &value) in lanes.iter_mut().zip(chunks.remainder()) {
        *lane = fold(*lane, value);
    }
    finish(&lanes)
}

#[inline(always)]
fn greatest_lane(lanes: &[f32; LANES]) -> f32 {
    lanes.iter().fold(f32::NEG_INFINITY, |a, &b| greater(a, b))
}

#[inline(always)]
fn add_products(sums: &mut [f32; LANES], a: &[f32; LANES], b: &[f32; LANES]) {
    for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
        *sum += a * b;
    }
}

/// The products of `a` and `b`, summed lane by lane.
#[inline(always)]
fn dot_lanes(a: &[f32], b: &[f32], lanes: &mut [f32; LANES]) {
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
        let greatest = reduce(row, 0.0, |a, b| greater(a, b.abs()), greatest_lane);
        let factor = if greatest > 0.0 {
            127.0 / greatest
        } else {
            0.0
        };
        *scale = greatest / 127.0;
        for (value, x) in values.iter_mut().zip(row) {
            *value = (x * factor + ROUND).to_bits() as i8;
        }
        *sum = values.iter().map(|&value| i32::from(value)).sum();
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
pub(super) fn add_normalise(x: &mut [f32], y: &[f32], gain: &[f32], bias: &[f32]) {
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
        let factor = 1.0 / (variance + EPSILON).sqrt();
        for ((value, gain), bias) in row.iter_mut().zip(gain).zip(bias) {
            *value = *value * factor * gain + bias;
        }
    }
}

/// Turns scores into weights that add up to one.
#[inline(always)]
fn softmax(scores: &mut [f32]) {
    let greatest = reduce(scores, f32::NEG_INFINITY, greater, greatest_lane);
    for score in scores.iter_mut() {
        *score = exp(*score - greatest);
    }
    let factor = 1.0 / reduce(scores, 0.0, |a, b| a + b, add_up);
    for score in scores.iter_mut() {
        *score *= factor;
    }
}

/// `output = Σ weights[i] · values[positions(i)]`, for one head.
#[inline(always)]
fn mix(
    weights: &[f32],
    values: &[f32],
    offsets: impl Iterator<Item = usize> + Clone,
    output: &mut [f32],
) {
    let mut from = 0;
    let mut blocks = output.chunks_exact_mut(MIXED);
    for block in &mut blocks {
        let mut mixed = [0.0; MIXED];
        for (weight, offset) in weights.iter().zip(offsets.clone()) {
            let value = &values[offset + from..][..MIXED];
            for (sum, v) in mixed.iter_mut().zip(value) {
                *sum += weight * v;
            }
        }
        block.copy_from_slice(&mixed);
        from += MIXED;
    }
    let rest = blocks.into_remainder();
    rest.fill(0.0);
    for (weight, offset) in weights.iter().zip(offsets) {
        let value = &values[offset + from..][..rest.len()];
        for (sum, v) in rest.iter_mut().zip(value) {
            *sum += weight * v;
        }
    }
}

#[inline(always)]
pub(super) fn attend(
    query: &[f32],
    memory: &Memory<'_>,
    positions: &[u32],
    heads: usize,
    weights: &mut Vec<f32>,
    output: &mut [f32],
) {
    let width = query.len() / heads;
    let count = positions.len();
    let factor = 1.0 / (width as f32).sqrt();
    let row = |position: u32| {
        let start = position as usize * memory.stride;
        start..start + query.len()
    };
    // Keys and values are far more than the cache holds: each is read once, from end to end.
    weights.clear();
    weights.resize(heads * count * (1 + LANES), 0.0);
    let (scores, lanes) = weights.split_at_mut(heads * count);
    let (lanes, _) = lanes.as_chunks_mut::<LANES>();
    for (position, lanes) in positions.iter().zip(lanes.chunks_exact_mut(heads)) {
        let key = &memory.keys[row(*position)];
        let each = query.chunks_exact(width).zip(key.chunks_exact(width));
        for ((q, k), lanes) in each.zip(lanes) {
            dot_lanes(q, k, lanes);
        }
    }
    for (at, lanes) in lanes.iter().enumerate() {
        scores[at % heads * count + at / heads] = add_up(lanes) * factor;
    }
    for scores in scores.chunks_exact_mut(count) {
        softmax(scores);
    }
    output.fill(0.0);
    for (at, position) in positions.iter().enumerate() {
        let value = &memory.values[row(*position)];
        let each = output
            .chunks_exact_mut(width)
            .zip(value.chunks_exact(width));
        for ((mixed, value), head) in each.zip(0..) {
            let weight = scores[head * count + at];
            for (sum, v) in mixed.iter_mut().zip(value) {
                *sum += weight * v;
            }
        }
    }
    weights.truncate(heads * count);
}

#[inline(always)]
pub(super) fn attend_all(
    queries: &[f32],
    memory: &Memory<'_>,
    heads: usize,
    scratch: &mut Vec<f32>,
    output: &mut [f32],
) {
    let stride = memory.stride;
    let width = stride / heads;
    let count = queries.len() / stride;
    let padded = count.next_multiple_of(POSITIONS);
    let factor = 1.0 / (width as f32).sqrt();
    scratch.clear();
    scratch.resize((width + QUERIES) * padded, 0.0);
    let (keys, scores) = scratch.split_at_mut(width * padded);
    for head in 0..heads {
        let column = head * width;
        for position in 0..count {
            let key = &memory.keys[position * stride + column..][..width];
            for (row, &k) in keys.chunks_exact_mut(padded).zip(key) {
                row[position] = k;
            }
        }
        for first in (0..count).step_by(QUERIES) {
            // Past the last query the last one is scored again, to no effect.
            let query =
                |q: usize| &queries[(first + q).min(count - 1) * stride + column..][..width];
            let rows: [&[f32]; QUERIES] = std::array::from_fn(query);
            for from in (0..padded).step_by(POSITIONS) {
                let mut sums = [[0.0; POSITIONS]; QUERIES];
                for (d, row) in keys.chunks_exact(padded).enumerate() {
                    let row = &row[from..from + POSITIONS];
                    for (sums, query) in sums.iter_mut().zip(&rows) {
                        let q = query[d];
                        for (sum, k) in sums.iter_mut().zip(row) {
                            *sum += q * k;
                        }
                    }
                }
                for (sums, scores) in sums.iter().zip(scores.chunks_exact_mut(padded)) {
                    for (sum, score) in sums.iter().zip(&mut scores[from..]) {
                        *score = sum * factor;
                    }
                }
            }
            for (q, scores) in scores.chunks_exact_mut(padded).enumerate() {
                if first + q < count {
                    let weights = &mut scores[..count];
                    softmax(weights);
                    let offsets = (0..count).map(|p| p * stride + column);
                    let mixed = &mut output[(first + q) * stride + column..][..width];
                    mix(weights, memory.values, offsets, mixed);
                }
            }
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
            float::swish(input);
            float::quantise(input, columns, into);
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
        fn add_normalise(&self, x: &mut [f32], y: &[f32], gain: &[f32], bias: &[f32]) {
            float::add_normalise(x, y, gain, bias);
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
            float::attend(query, memory, positions, heads, weights, output);
        }
        fn attend_all(
            &self,
            queries: &[f32],
            memory: &Memory<'_>,
            heads: usize,
            scratch: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            float::attend_all(queries, memory, heads, scratch, output);
        }
        fn max_and_sum_exp(&self, values: &[f32]) -> (f32, f32) {
            float::max_and_sum_exp(values)
        }
    };
}
pub(super) use float_loops;
