//! The loops of attention, written once and compiled for each instruction set as those of
//! [`float`](super::float) are.

use std::ops::Range;

use super::Memory;
use super::float::{LANES, add_up, dot_lanes, exp, greater, greatest_lane, reduce};

/// Positions whose scores are computed side by side in [`attend_all`].
const POSITIONS: usize = 16;
/// Queries whose scores are computed side by side in [`attend_all`].
const QUERIES: usize = 4;
/// Numbers of a value that are mixed side by side.
const MIXED: usize = 32;

/// Turns scores into weights that add up to one.
#[inline(always)]
pub(super) fn softmax(scores: &mut [f32]) {
    let greatest = reduce(scores, f32::NEG_INFINITY, greater, greatest_lane);
    for score in scores.iter_mut() {
        *score = exp(*score - greatest);
    }
    let factor = 1.0 / reduce(scores, 0.0, |a, b| a + b, add_up);
    for score in scores.iter_mut() {
        *score *= factor;
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
            for scores in scores.chunks_exact_mut(padded) {
                // Whole vectors, filled up with what has no weight.
                scores[count..].fill(f32::NEG_INFINITY);
                softmax(scores);
            }
            let places = (first * stride + column..).step_by(stride);
            let places = places.take(QUERIES.min(count - first));
            let columns = column..column + width;
            mix_together(&*scores, memory, columns, count, places, output);
        }
    }
}

/// For each of [`QUERIES`] rows of weights the sum of the memory's first `count` values by their
/// weights, for the head that has these columns of them; written to `places`, of which there may be
/// fewer.
#[inline(always)]
fn mix_together(
    weights: &[f32],
    memory: &Memory<'_>,
    columns: Range<usize>,
    count: usize,
    places: impl Iterator<Item = usize> + Clone,
    output: &mut [f32],
) {
    let width = columns.len();
    let value = |position: usize| &memory.values[position * memory.stride + columns.start..];
    let padded = weights.len() / QUERIES;
    let weights: [&[f32]; QUERIES] = std::array::from_fn(|q| &weights[q * padded..][..count]);
    let mut from = 0;
    while from + MIXED <= width {
        // Variables, not an array of them: so the compiler keeps them in vector registers.
        let zeros = [[0.0; LANES]; MIXED / LANES];
        let (mut a, mut b, mut c, mut d) = (zeros, zeros, zeros, zeros);
        let [wa, wb, wc, wd] = weights;
        let each = wa.iter().zip(wb).zip(wc).zip(wd);
        for (position, (((wa, wb), wc), wd)) in each.enumerate() {
            let value = &value(position)[from..][..MIXED];
            for (part, value) in value.as_chunks::<LANES>().0.iter().enumerate() {
                add_scaled(&mut a[part], *wa, value);
                add_scaled(&mut b[part], *wb, value);
                add_scaled(&mut c[part], *wc, value);
                add_scaled(&mut d[part], *wd, value);
            }
        }
        for (place, mixed) in places.clone().zip([a, b, c, d]) {
            output[place + from..][..MIXED].copy_from_slice(mixed.as_flattened());
        }
        from += MIXED;
    }
    for (place, weights) in places.zip(&weights) {
        let rest = &mut output[place + from..place + width];
        rest.fill(0.0);
        for (position, weight) in weights.iter().enumerate() {
            let value = &value(position)[from..];
            for (sum, v) in rest.iter_mut().zip(value) {
                *sum += weight * v;
            }
        }
    }
}

#[inline(always)]
fn add_scaled(sums: &mut [f32; LANES], weight: f32, value: &[f32; LANES]) {
    for (sum, v) in sums.iter_mut().zip(value) {
        *sum += weight * v;
    }
}
