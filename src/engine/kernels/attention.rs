//! The loops of attention, written once and compiled for each instruction set as those of
//! [`float`](super::float) are.

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
