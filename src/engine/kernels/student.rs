//! Floating-point loops of Marian's students, in the order of operations of Marian on an x86
//! machine with AVX: sums there end in a rounding to 8 bits, and where that falls otherwise for one
//! number, all that follow differ. Written once and compiled for each instruction set as those of
//! [`float`](super::float) are.
//!
//! The order of attention is that of MKL's `sgemm_batch`, found by asking it for sums of which one
//! part swallows another; for heads of other widths than 32 it is a guess.

use super::float::{greater, greatest_lane, reduce};
use super::{Memory, Norm};

/// Lanes of Marian's own loops.
const LANES: usize = 8;
/// Positions from which on MKL packs the keys, multiplied by the scale.
const PACKED: usize = 12;
/// Queries from which on MKL mixes values with fused multiply-add.
const FUSED: usize = 4;
/// Positions whose scores are computed side by side.
const POSITIONS: usize = 16;
/// Queries, or heads, that are computed side by side.
const TOGETHER: usize = 4;
/// Numbers of a value that are mixed side by side.
const MIXED: usize = 32;
/// Numbers of a vector.
const SIDE_BY_SIDE: usize = 16;
/// Numbers that MKL multiplies one after the other, before it takes some side by side.
const FIRST: usize = 4;

/// e to the power of `x`, as in Marian's vector loops (Pommier's `avx_mathfun`).
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = x.clamp(-88.376_26, 88.376_26);
    let whole = (x * std::f32::consts::LOG2_E + 0.5).floor();
    let rest = x - whole * 0.693_359_4;
    let rest = rest + whole * 2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    p = p * rest + 1.398_199_9e-3;
    p = p * rest + 8.333_452e-3;
    p = p * rest + 4.166_579_6e-2;
    p = p * rest + 1.666_666_5e-1;
    p = p * rest + 0.5;
    let value = p * (rest * rest) + rest + 1.0;
    // Adding 1.5 · 2²³ leaves the integer in the low bits.
    let power = (whole + 12_582_912.0).to_bits() << 23;
    value * f32::from_bits(power.wrapping_add(1.0f32.to_bits()))
}

/// 2 to the power of n/32, less n/32 in the exponent.
const POWERS: [u64; 32] = [
    0x3ff0_0000_0000_0000,
    0x3fef_d9b0_d315_8574,
    0x3fef_b558_6cf9_890f,
    0x3fef_9301_d012_5b51,
    0x3fef_72b8_3c7d_517b,
    0x3fef_5487_3168_b9aa,
    0x3fef_387a_6e75_6238,
    0x3fef_1e9d_f51f_dee1,
    0x3fef_06fe_0a31_b715,
    0x3fee_f1a7_373a_a9cb,
    0x3fee_dea6_4c12_3422,
    0x3fee_ce08_6061_892d,
    0x3fee_bfda_d536_2a27,
    0x3fee_b42b_569d_4f82,
    0x3fee_ab07_dd48_5429,
    0x3fee_a47e_b03a_5585,
    0x3fee_a09e_667f_3bcd,
    0x3fee_9f75_e8ec_5f74,
    0x3fee_a114_73eb_0187,
    0x3fee_a589_994c_ce13,
    0x3fee_ace5_422a_a0db,
    0x3fee_b737_b0cd_c5e5,
    0x3fee_c491_82a3_f090,
    0x3fee_d503_b23e_255d,
    0x3fee_e89f_995a_d3ad,
    0x3fee_ff76_f2fb_5e47,
    0x3fef_199b_dd85_529c,
    0x3fef_3720_dcef_9069,
    0x3fef_5818_dcfb_a487,
    0x3fef_7c97_337b_9b5f,
    0x3fef_a4af_a2a4_90da,
    0x3fef_d076_5b6e_4540,
];

/// e to the power of `x`, not greater than 88, as in glibc (Szabolcs Nagy's `expf`).
#[inline(always)]
fn exp_single(x: f32) -> f32 {
    const PER_LN_2: f64 = 46.16624130844683;
    const TERMS: [f64; 3] = [
        1.6938359250920212e-06,
        0.00023459809789509004,
        0.021660849396613134,
    ];
    /// Adding 1.5 · 2⁵² leaves the integer in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let steps = PER_LN_2 * f64::from(x.max(-103.0));
    let shifted = steps + ROUND;
    let rest = steps - (shifted - ROUND);
    let bits = shifted.to_bits();
    let power = f64::from_bits(POWERS[bits as usize % POWERS.len()].wrapping_add(bits << 47));
    let high = TERMS[0] * rest + TERMS[1];
    let low = TERMS[2] * rest + 1.0;
    ((high * (rest * rest) + low) * power) as f32
}

/// Sums numbers lane by lane, then halves of the lanes.
#[inline(always)]
fn fold<const N: usize>(mut lanes: [f32; N]) -> f32 {
    let mut half = N / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
        half /= 2;
    }
    lanes[0]
}

/// Turns scores into shares that add up to one.
#[inline(always)]
fn softmax(scores: &mut [f32]) {
    exponentiate(scores);
    let sum = sum(scores);
    for score in scores {
        *score /= sum;
    }
}

/// As [`softmax`] for the first `count` scores of each of [`TOGETHER`] rows. Their sums are on the way
/// together, as each waits for its own.
#[inline(always)]
fn softmax_together(rows: &mut [f32], count: usize) {
    let padded = rows.len() / TOGETHER;
    for row in rows.chunks_exact_mut(padded) {
        exponentiate(&mut row[..count]);
    }
    let mut sums = [0.0; TOGETHER];
    if count.is_multiple_of(4) {
        for (sum_of_row, row) in sums.iter_mut().zip(rows.chunks_exact(padded)) {
            *sum_of_row = sum(&row[..count]);
        }
    } else {
        let [a, b, c, d] = std::array::from_fn(|q| &rows[q * padded..][..count]);
        for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
            sums[0] += a;
            sums[1] += b;
            sums[2] += c;
            sums[3] += d;
        }
    }
    for (row, sum) in rows.chunks_exact_mut(padded).zip(sums) {
        for score in &mut row[..count] {
            *score /= sum;
        }
    }
}

/// Makes powers of e of scores less their greatest. Marian takes another exponential where its
/// lanes do not part the scores evenly.
#[inline(always)]
fn exponentiate(scores: &mut [f32]) {
    let greatest = reduce(scores, f32::NEG_INFINITY, greater, greatest_lane);
    if scores.len().is_multiple_of(4) {
        for score in scores {
            *score = exp(*score - greatest);
        }
    } else {
        for score in scores {
            *score = exp_single(*score - greatest);
        }
    }
}

/// The sum of numbers. Marian's loop has as many lanes as part them evenly.
#[inline(always)]
fn sum(numbers: &[f32]) -> f32 {
    match numbers.len() {
        count if count % 8 == 0 => sum_by_lanes::<8>(numbers),
        count if count % 4 == 0 => sum_by_lanes::<4>(numbers),
        _ => sum_by_lanes::<1>(numbers),
    }
}

#[inline(always)]
fn sum_by_lanes<const N: usize>(numbers: &[f32]) -> f32 {
    let mut sums = [0.0; N];
    for numbers in numbers.as_chunks::<N>().0 {
        for (sum, number) in sums.iter_mut().zip(numbers) {
            *sum += number;
        }
    }
    sums.iter().fold(0.0, |all, sum| all + sum)
}

/// As [`super::Kernel::add_normalise`], where the norm asks for Marian's order.
#[inline(always)]
pub(super) fn add_normalise(x: &mut [f32], y: &[f32], norm: &Norm<'_>) {
    let columns = norm.gain.len();
    let per_column = 1.0 / columns as f32;
    let sum = |row: &[f32], each: fn(f32) -> f32| {
        let mut sums = [0.0; LANES];
        let (chunks, rest) = row.as_chunks::<LANES>();
        for chunk in chunks {
            for (sum, &number) in sums.iter_mut().zip(chunk) {
                *sum += each(number);
            }
        }
        rest.iter()
            .fold(fold(sums), |sum, &number| sum + each(number))
    };
    for (row, added) in x.chunks_exact_mut(columns).zip(y.chunks_exact(columns)) {
        for (value, add) in row.iter_mut().zip(added) {
            *value += add;
        }
        let mean = sum(row, |number| number) * per_column;
        for value in row.iter_mut() {
            *value -= mean;
        }
        let variance = sum(row, |number| number * number) * per_column;
        let factor = 1.0 / (variance + norm.epsilon).sqrt();
        for ((value, gain), bias) in row.iter_mut().zip(norm.gain).zip(norm.bias) {
            *value = gain * factor * *value + bias;
        }
    }
}

/// As [`super::Kernel::recur`].
#[inline(always)]
pub(super) fn recur(forget: &[f32], input: &[f32], state: &mut [f32], output: &mut [f32]) {
    let given = forget.iter().zip(input);
    for ((&forget, input), (state, output)) in given.zip(state.iter_mut().zip(output)) {
        let power = exp(forget);
        let kept = power / (1.0 + power);
        *state = kept * *state + (1.0 - kept) * input;
        *output = greater(*state, 0.0);
    }
}

/// The product of a query of many with a key, where keys are few: of those that stand in whole
/// fours `N` is 4, of the others 8.
#[inline(always)]
fn dot_of_few<const N: usize>(query: &[f32], key: &[f32]) -> f32 {
    let mut sums = [0.0; N];
    for (query, key) in query.chunks(N).zip(key.chunks(N)) {
        for ((sum, q), k) in sums.iter_mut().zip(query).zip(key) {
            *sum += q * k;
        }
    }
    fold(sums)
}

/// Keys and values of the positions of a source sentence, for attention in Marian's order.
#[derive(Debug, Clone)]
pub struct SourceMemory {
    heads: usize,
    /// Numbers of a head.
    width: usize,
    positions: usize,
    /// Head after head, for each 16 positions and each number of a key, those of the positions side
    /// by side.
    keys: Vec<f32>,
    /// Head after head, a row a position.
    values: Vec<f32>,
}

impl SourceMemory {
    /// Of `heads` heads: keys and values are rows of `width` numbers for each.
    pub fn new(heads: usize, width: usize, keys: &[f32], values: &[f32]) -> Self {
        let row = heads * width;
        let positions = keys.len() / row;
        let mut memory = Self {
            heads,
            width,
            positions,
            keys: vec![0.0; positions.next_multiple_of(POSITIONS) * row],
            values: Vec::with_capacity(positions * row),
        };
        for head in 0..heads {
            let of_head = memory.of_head();
            let side_by_side = &mut memory.keys[head * of_head..][..of_head];
            for (position, key) in keys.chunks_exact(row).enumerate() {
                let (panel, place) = (position / POSITIONS, position % POSITIONS);
                let panel = side_by_side[panel * width * POSITIONS..].chunks_exact_mut(POSITIONS);
                for (numbers, &number) in panel.zip(&key[head * width..][..width]) {
                    numbers[place] = number;
                }
            }
            for value in values.chunks_exact(row) {
                let value = &value[head * width..][..width];
                memory.values.extend_from_slice(value);
            }
        }
        memory
    }

    /// Numbers of the keys of a head.
    fn of_head(&self) -> usize {
        self.positions.next_multiple_of(POSITIONS) * self.width
    }

    /// The scores of one query's head for all positions, filled up to whole panels, before they
    /// are scaled.
    #[inline(always)]
    fn score(&self, head: usize, query: &[f32], scores: &mut [f32]) {
        let width = self.width;
        let of_head = &self.keys[head * self.of_head()..][..self.of_head()];
        let panels = of_head.chunks_exact(width * POSITIONS);
        for (keys, scores) in panels.zip(scores.chunks_exact_mut(POSITIONS)) {
            let (keys, _) = keys.as_chunks::<POSITIONS>();
            scores.copy_from_slice(&dots_of_one(query, keys));
        }
        // MKL takes four keys at a time, then two, then one.
        let left_over = self.positions / 4 * 4..self.positions;
        for (position, score) in left_over.clone().zip(&mut scores[left_over]) {
            let panel = position / POSITIONS;
            let keys = &of_head[panel * width * POSITIONS..][..width * POSITIONS];
            let (keys, _) = keys.as_chunks::<POSITIONS>();
            let place = position % POSITIONS;
            *score = match position % 2 {
                1 => dot_of_last::<4>(query, keys, place),
                _ => dot_of_last::<8>(query, keys, place),
            };
        }
    }
}

/// The products of a single query with keys that are taken four at a time: the first four numbers
/// one after the other, then four sums side by side.
#[inline(always)]
fn dots_of_one(query: &[f32], keys: &[[f32; POSITIONS]]) -> [f32; POSITIONS] {
    // Four variables, not an array of them: so the compiler keeps them in vector registers.
    let (mut a, mut b, mut c, mut d) = (
        [0.0; POSITIONS],
        [0.0; POSITIONS],
        [0.0; POSITIONS],
        [0.0; POSITIONS],
    );
    let add = |sums: &mut [f32; POSITIONS], q: f32, key: &[f32; POSITIONS]| {
        for (sum, k) in sums.iter_mut().zip(key) {
            *sum += q * k;
        }
    };
    let first = FIRST.min(query.len());
    for (&q, key) in query[..first].iter().zip(keys) {
        add(&mut a, q, key);
    }
    let (queries, rest_of_query) = query[first..].as_chunks::<4>();
    let (keys, rest_of_keys) = keys[first..].as_chunks::<4>();
    for (query, keys) in queries.iter().zip(keys) {
        add(&mut a, query[0], &keys[0]);
        add(&mut b, query[1], &keys[1]);
        add(&mut c, query[2], &keys[2]);
        add(&mut d, query[3], &keys[3]);
    }
    for (&q, key) in rest_of_query.iter().zip(rest_of_keys) {
        add(&mut a, q, key);
    }
    std::array::from_fn(|place| (a[place] + c[place]) + (b[place] + d[place]))
}

/// The product of a single query with a key that is left over: the first four numbers one after
/// the other, then `N` sums side by side, and the last four again one by one.
#[inline(always)]
fn dot_of_last<const N: usize>(query: &[f32], keys: &[[f32; POSITIONS]], place: usize) -> f32 {
    let product = |d: usize| query[d] * keys[d][place];
    let first = FIRST.min(query.len());
    let end = first + query.len().saturating_sub(2 * FIRST) / N * N;
    let mut sums = [0.0; N];
    sums[0] = (0..first).fold(0.0, |sum, d| sum + product(d));
    for from in (first..end).step_by(N) {
        for (sum, d) in sums.iter_mut().zip(from..) {
            *sum += product(d);
        }
    }
    (end..query.len()).fold(fold(sums), |sum, d| sum + product(d))
}

/// As [`super::Kernel::attend_as_marian`].
#[inline(always)]
pub(super) fn attend(
    query: &[f32],
    memory: &SourceMemory,
    shares: &mut Vec<f32>,
    output: &mut [f32],
) {
    let SourceMemory {
        heads,
        width,
        positions,
        ..
    } = *memory;
    let scale = 1.0 / (width as f32).sqrt();
    let padded = positions.next_multiple_of(POSITIONS);
    shares.clear();
    shares.resize(heads * positions + padded, 0.0);
    for (head, query) in query.chunks_exact(width).enumerate() {
        // What lies beyond the positions is the next head's, which is scored next.
        let scores = &mut shares[head * positions..][..padded];
        memory.score(head, query, scores);
        for score in &mut scores[..positions] {
            *score *= scale;
        }
    }
    shares.truncate(heads * positions);
    let some = TOGETHER * positions;
    let of_heads = memory.values.chunks(some * width);
    let each = shares.chunks_mut(some).zip(of_heads);
    for ((shares, values), output) in each.zip(output.chunks_mut(TOGETHER * width)) {
        if shares.len() == some && width == MIXED {
            softmax_together(shares, positions);
            let of_head = |n: usize| &values[n * positions * width..][..positions * width];
            let shares = std::array::from_fn(|n| &shares[n * positions..][..positions]);
            let mixed = mix_heads(shares, std::array::from_fn(of_head));
            output.copy_from_slice(mixed.as_flattened());
            continue;
        }
        let each = shares.chunks_exact_mut(positions);
        let each = each.zip(values.chunks_exact(positions * width));
        for ((shares, values), output) in each.zip(output.chunks_exact_mut(width)) {
            softmax(shares);
            mix::<false>(shares, values, width, 0, output);
        }
    }
}

/// As [`super::Kernel::attend_all_as_marian`].
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
    let scale = 1.0 / (width as f32).sqrt();
    scratch.clear();
    scratch.resize((width + TOGETHER) * padded, 0.0);
    let (keys, scores) = scratch.split_at_mut(width * padded);
    for head in 0..heads {
        let column = head * width;
        if count >= PACKED {
            for position in 0..count {
                let key = &memory.keys[position * stride + column..][..width];
                for (row, &k) in keys.chunks_exact_mut(padded).zip(key) {
                    row[position] = k * scale;
                }
            }
        }
        for first in (0..count).step_by(TOGETHER) {
            // Past the last query the last one is scored again, to no effect.
            let query =
                |q: usize| &queries[(first + q).min(count - 1) * stride + column..][..width];
            let rows: [&[f32]; TOGETHER] = std::array::from_fn(query);
            if count >= PACKED {
                score_many(rows, keys, padded, scores);
            } else {
                for (row, scores) in rows.iter().zip(scores.chunks_exact_mut(padded)) {
                    for (position, score) in scores[..count].iter_mut().enumerate() {
                        let key = &memory.keys[position * stride + column..][..width];
                        let dot = match position < count / 4 * 4 {
                            true => dot_of_few::<4>(row, key),
                            false => dot_of_few::<8>(row, key),
                        };
                        *score = dot * scale;
                    }
                }
            }
            softmax_together(scores, count);
            if count >= FUSED && width == MIXED {
                let shares = std::array::from_fn(|q| &scores[q * padded..][..count]);
                let all = mix_queries(shares, &memory.values[column..], stride);
                for (q, mixed) in all.iter().enumerate().take(count - first) {
                    output[(first + q) * stride + column..][..width].copy_from_slice(mixed);
                }
                continue;
            }
            for (q, scores) in scores.chunks_exact_mut(padded).enumerate() {
                if first + q < count {
                    let shares = &scores[..count];
                    let mixed = &mut output[(first + q) * stride + column..][..width];
                    if count >= FUSED {
                        mix::<true>(shares, memory.values, stride, column, mixed);
                    } else {
                        mix::<false>(shares, memory.values, stride, column, mixed);
                    }
                }
            }
        }
    }
}

/// The scores of some queries for all positions; `keys` has a row of `padded` positions for each
/// number of a key.
#[inline(always)]
fn score_many(rows: [&[f32]; TOGETHER], keys: &[f32], padded: usize, scores: &mut [f32]) {
    let add = |sums: &mut [f32; POSITIONS], q: f32, key: &[f32; POSITIONS]| {
        for (sum, &k) in sums.iter_mut().zip(key) {
            *sum = q.mul_add(k, *sum);
        }
    };
    let blocks = padded / POSITIONS;
    let (keys, _) = keys.as_chunks::<POSITIONS>();
    for block in 0..blocks {
        // Four variables, not an array of them: so the compiler keeps them in vector registers.
        let (mut a, mut b, mut c, mut d) = (
            [0.0; POSITIONS],
            [0.0; POSITIONS],
            [0.0; POSITIONS],
            [0.0; POSITIONS],
        );
        let [qa, qb, qc, qd] = rows;
        let queries = qa.iter().zip(qb).zip(qc).zip(qd);
        let keys = keys[block..].iter().step_by(blocks);
        for ((((qa, qb), qc), qd), key) in queries.zip(keys) {
            add(&mut a, *qa, key);
            add(&mut b, *qb, key);
            add(&mut c, *qc, key);
            add(&mut d, *qd, key);
        }
        for (sums, scores) in [a, b, c, d].iter().zip(scores.chunks_exact_mut(padded)) {
            scores[block * POSITIONS..][..POSITIONS].copy_from_slice(sums);
        }
    }
}

/// Sums of [`TOGETHER`] rows, of which each number waits for the one before.
type Mixed = [[f32; MIXED]; TOGETHER];

/// As [`mix`] with fused multiply-add for [`TOGETHER`] queries of a head of [`MIXED`] numbers, whose
/// sums are on the way together. `values` are rows `stride` numbers apart, from the head's on.
#[inline(always)]
fn mix_queries(shares: [&[f32]; TOGETHER], values: &[f32], stride: usize) -> Mixed {
    // Variables, not an array of them: so the compiler keeps them in vector registers.
    let zeros = [[0.0; SIDE_BY_SIDE]; MIXED / SIDE_BY_SIDE];
    let (mut a, mut b, mut c, mut d) = (zeros, zeros, zeros, zeros);
    let add = |share: f32, value: &[f32; SIDE_BY_SIDE], sums: &mut [f32; SIDE_BY_SIDE]| {
        for (sum, &v) in sums.iter_mut().zip(value) {
            *sum = share.mul_add(v, *sum);
        }
    };
    let [sa, sb, sc, sd] = shares;
    let each = sa.iter().zip(sb).zip(sc).zip(sd);
    for ((((sa, sb), sc), sd), row) in each.zip(values.chunks(stride)) {
        for (part, value) in row[..MIXED].as_chunks().0.iter().enumerate() {
            add(*sa, value, &mut a[part]);
            add(*sb, value, &mut b[part]);
            add(*sc, value, &mut c[part]);
            add(*sd, value, &mut d[part]);
        }
    }
    as_mixed([a, b, c, d])
}

/// As [`mix`] for [`TOGETHER`] heads of [`MIXED`] numbers, whose sums are on the way together; values
/// are rows, one beside the other.
#[inline(always)]
fn mix_heads(shares: [&[f32]; TOGETHER], values: [&[f32]; TOGETHER]) -> Mixed {
    // Variables, not an array of them: so the compiler keeps them in vector registers.
    let zeros = [[0.0; SIDE_BY_SIDE]; MIXED / SIDE_BY_SIDE];
    let (mut a, mut b, mut c, mut d) = (zeros, zeros, zeros, zeros);
    let add = |share: f32, value: &[f32], sums: &mut [[f32; SIDE_BY_SIDE]]| {
        for (sums, value) in sums.iter_mut().zip(value.as_chunks::<SIDE_BY_SIDE>().0) {
            for (sum, v) in sums.iter_mut().zip(value) {
                *sum += share * v;
            }
        }
    };
    let [sa, sb, sc, sd] = shares;
    let [va, vb, vc, vd] = values;
    let each = sa.iter().zip(sb).zip(sc).zip(sd);
    for (position, (((sa, sb), sc), sd)) in each.enumerate() {
        let place = position * MIXED..(position + 1) * MIXED;
        add(*sa, &va[place.clone()], &mut a);
        add(*sb, &vb[place.clone()], &mut b);
        add(*sc, &vc[place.clone()], &mut c);
        add(*sd, &vd[place], &mut d);
    }
    as_mixed([a, b, c, d])
}

#[inline(always)]
fn as_mixed(sums: [[[f32; SIDE_BY_SIDE]; MIXED / SIDE_BY_SIDE]; TOGETHER]) -> Mixed {
    let mut mixed = [[0.0; MIXED]; TOGETHER];
    for (mixed, sums) in mixed.iter_mut().zip(sums) {
        mixed.copy_from_slice(sums.as_flattened());
    }
    mixed
}

/// `output = Σ shares[i] · value(i)` for the head whose numbers start at `column`, position after
/// position; values are rows of `stride` numbers.
#[inline(always)]
fn mix<const IS_FUSED: bool>(
    shares: &[f32],
    values: &[f32],
    stride: usize,
    column: usize,
    output: &mut [f32],
) {
    let add = |share: f32, value: &[f32], sums: &mut [f32]| {
        for (sum, v) in sums.iter_mut().zip(value) {
            *sum = match IS_FUSED {
                true => share.mul_add(*v, *sum),
                false => *sum + share * v,
            };
        }
    };
    let mut column = column;
    let mut blocks = output.chunks_exact_mut(MIXED);
    for block in &mut blocks {
        let mut mixed = [0.0; MIXED];
        for (&share, value) in shares.iter().zip(values.chunks_exact(stride)) {
            add(share, &value[column..][..MIXED], &mut mixed);
        }
        block.copy_from_slice(&mixed);
        column += MIXED;
    }
    let rest = blocks.into_remainder();
    rest.fill(0.0);
    for (&share, value) in shares.iter().zip(values.chunks_exact(stride)) {
        add(share, &value[column..][..rest.len()], rest);
    }
}

#[cfg(test)]
mod tests {
    use super::{exp, exp_single};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_exponentials_are_close(x in -87.0f32..87.0) {
            let expected = f64::from(x).exp();
            for (got, bound) in [(exp(x), 3e-7), (exp_single(x), 6.1e-8)] {
                prop_assert!((f64::from(got) - expected).abs() <= expected * bound, "{x}: {got}");
            }
        }
    }
}
