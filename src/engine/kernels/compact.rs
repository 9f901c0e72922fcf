//! Keys and values in 8 bits, and attention to them. What a decoder attends to is read from
//! memory once a step and used for little arithmetic: a quarter of the bytes is a quarter of the
//! time.

use super::attention::softmax;
use super::fetch;
use super::float::{LANES, rounded, step};
use crate::model::packing::GROUP;

/// Positions whose scores are computed side by side.
pub const POSITIONS: usize = 16;
/// Numbers of a key that are rounded side by side: whole groups.
const BLOCK: usize = 64;
/// Numbers of a value that are mixed side by side.
const MIXED: usize = 32;

/// Keys and values of positions, in 8 bits with a scale for each head of each position.
///
/// They lie in panels of [`POSITIONS`] positions. A panel holds, head after head,
///
/// - of the keys, for each [`GROUP`] of numbers, those of the 16 positions side by side; 128 is
///   added to each, as the dot product of bytes wants one side unsigned;
/// - of the values, those of the 16 positions one after the other.
#[derive(Debug, Clone)]
pub struct CompactMemory {
    heads: usize,
    /// Numbers of a head.
    width: usize,
    positions: usize,
    keys: Vec<u8>,
    values: Vec<i8>,
    /// For each panel and head, one a position.
    key_scales: Vec<f32>,
    /// Laid out as `key_scales`.
    value_scales: Vec<f32>,
}

/// What attention to a [`CompactMemory`] needs on its way, kept from call to call.
#[derive(Debug, Default)]
pub struct AttentionScratch {
    /// The query in 8 bits, each head filled up to whole groups.
    bytes: Vec<i8>,
    /// For each head of the query 128 times the sum of its bytes, and the scale of its scores.
    steps: Vec<(i32, f32)>,
    scores: Vec<f32>,
    weights: Vec<f32>,
    /// For each head its shares of attention, one a position that was attended to.
    pub shares: Vec<f32>,
}

/// Which positions of a memory are attended to.
#[derive(Debug, Clone, Copy)]
pub enum Positions<'a> {
    /// All.
    All,
    /// These, in this order.
    Path(&'a [u32]),
}

impl CompactMemory {
    /// Without positions yet, for `heads` heads of `width` numbers.
    pub fn new(heads: usize, width: usize) -> Self {
        Self {
            heads,
            width,
            positions: 0,
            keys: Vec::new(),
            values: Vec::new(),
            key_scales: Vec::new(),
            value_scales: Vec::new(),
        }
    }

    /// Makes room for so many positions more.
    pub fn reserve(&mut self, positions: usize) {
        let panels = (self.positions + positions).div_ceil(POSITIONS) - self.panels();
        let heads = panels * self.heads;
        self.keys.reserve_exact(heads * self.key_head());
        self.values.reserve_exact(heads * self.value_head());
        self.key_scales.reserve_exact(heads * POSITIONS);
        self.value_scales.reserve_exact(heads * POSITIONS);
    }

    /// Bytes of a head's keys in a panel: its numbers are filled up to whole groups.
    fn key_head(&self) -> usize {
        self.width.next_multiple_of(GROUP) * POSITIONS
    }

    /// Bytes of a head's values in a panel.
    fn value_head(&self) -> usize {
        self.width * POSITIONS
    }

    fn panels(&self) -> usize {
        self.positions.div_ceil(POSITIONS)
    }

    /// Has keys and values come from memory, while something else is computed.
    pub fn fetch(&self) {
        fetch(&self.keys);
        fetch(bytemuck::cast_slice(&self.values));
    }

    /// Appends positions: rows of `heads × width` numbers.
    #[inline(always)]
    pub(super) fn push(&mut self, keys: &[f32], values: &[f32]) {
        let row = self.heads * self.width;
        for (key, value) in keys.chunks_exact(row).zip(values.chunks_exact(row)) {
            self.push_one(key, value);
        }
    }

    #[inline(always)]
    fn push_one(&mut self, key: &[f32], value: &[f32]) {
        let (panel, place) = (self.positions / POSITIONS, self.positions % POSITIONS);
        self.positions += 1;
        let heads = self.panels() * self.heads;
        self.keys.resize(heads * self.key_head(), 0);
        self.values.resize(heads * self.value_head(), 0);
        self.key_scales.resize(heads * POSITIONS, 0.0);
        self.value_scales.resize(heads * POSITIONS, 0.0);
        let numbers = key
            .chunks_exact(self.width)
            .zip(value.chunks_exact(self.width));
        for (head, (key, value)) in (panel * self.heads..).zip(numbers) {
            let (factor, scale) = step(key);
            self.key_scales[head * POSITIONS + place] = scale;
            let start = head * self.key_head();
            let (groups, _) = self.keys[start..].as_chunks_mut::<{ GROUP * POSITIONS }>();
            let blocks = groups.chunks_mut(BLOCK / GROUP).zip(key.chunks(BLOCK));
            for (groups, key) in blocks {
                let mut bytes = [128; BLOCK];
                for (byte, number) in bytes.iter_mut().zip(key) {
                    *byte = rounded(number * factor) as u8 ^ 128;
                }
                let (fours, _) = bytes.as_chunks::<GROUP>();
                for (group, four) in groups.iter_mut().zip(fours) {
                    group[place * GROUP..][..GROUP].copy_from_slice(four);
                }
            }
            let (factor, scale) = step(value);
            self.value_scales[head * POSITIONS + place] = scale;
            let start = head * self.value_head() + place * self.width;
            let values = &mut self.values[start..];
            for (byte, number) in values.iter_mut().zip(value) {
                *byte = rounded(number * factor);
            }
        }
    }

    /// Multi-head attention of one query of `heads × width` numbers. Writes the mixed values to
    /// `output`, of the query's length, and the shares to `scratch`.
    ///
    /// `dot` multiplies a head of a query, filled up to whole groups, with the keys of 16 positions
    /// as they lie here, 128 added to each.
    #[inline(always)]
    pub(super) fn attend(
        &self,
        query: &[f32],
        positions: Positions<'_>,
        scratch: &mut AttentionScratch,
        output: &mut [f32],
        dot: impl Fn(&[i8], &[u8]) -> [i32; POSITIONS],
    ) {
        let count = match positions {
            Positions::All => self.positions,
            Positions::Path(path) => path.len(),
        };
        self.score(query, scratch, dot);
        let AttentionScratch {
            scores,
            weights,
            shares,
            ..
        } = scratch;
        // Filled up to whole vectors with what has no weight.
        let padded = count.next_multiple_of(LANES);
        weights.clear();
        weights.resize(self.heads * padded, f32::NEG_INFINITY);
        shares.resize(self.heads * count, 0.0);
        let rows = weights
            .chunks_exact_mut(padded)
            .zip(shares.chunks_exact_mut(count));
        let scores = scores.chunks_exact(self.panels() * POSITIONS);
        for ((weights, shares), scores) in rows.zip(scores) {
            match positions {
                Positions::All => weights[..count].copy_from_slice(&scores[..count]),
                Positions::Path(path) => {
                    for (weight, &position) in weights.iter_mut().zip(path) {
                        *weight = scores[position as usize];
                    }
                }
            }
            softmax(weights);
            shares.copy_from_slice(&weights[..count]);
        }
        output.fill(0.0);
        match positions {
            Positions::All => self.mix(weights, 0..count, output),
            Positions::Path(path) => {
                let path = path.iter().map(|&position| position as usize);
                self.mix(weights, path, output);
            }
        }
    }

    /// The scores of all positions, a row a head.
    #[inline(always)]
    fn score(
        &self,
        query: &[f32],
        scratch: &mut AttentionScratch,
        dot: impl Fn(&[i8], &[u8]) -> [i32; POSITIONS],
    ) {
        let AttentionScratch {
            bytes,
            steps,
            scores,
            ..
        } = scratch;
        let padded = self.width.next_multiple_of(GROUP);
        let root = (self.width as f32).sqrt();
        bytes.clear();
        bytes.resize(self.heads * padded, 0);
        steps.clear();
        let heads = query.chunks_exact(self.width);
        for (query, bytes) in heads.zip(bytes.chunks_exact_mut(padded)) {
            let (factor, step) = step(query);
            for (byte, number) in bytes.iter_mut().zip(query) {
                *byte = rounded(number * factor);
            }
            let offset = 128 * bytes.iter().map(|&byte| i32::from(byte)).sum::<i32>();
            steps.push((offset, step / root));
        }
        let columns = self.panels() * POSITIONS;
        scores.resize(self.heads * columns, 0.0);
        let keys = self.keys.chunks_exact(self.key_head());
        let scales = self.key_scales.chunks_exact(POSITIONS);
        let mut rest = keys.zip(scales);
        for from in (0..columns).step_by(POSITIONS) {
            let heads = steps.iter().zip(bytes.chunks_exact(padded));
            let rows = scores.chunks_exact_mut(columns).zip(heads);
            for ((row, (&(offset, step), bytes)), (keys, scales)) in rows.zip(&mut rest) {
                let cells = row[from..from + POSITIONS].iter_mut();
                for ((score, dot), scale) in cells.zip(dot(bytes, keys)).zip(scales) {
                    *score = (dot - offset) as f32 * (step * scale);
                }
            }
        }
    }

    /// Adds `Σ weights[i] · value(positions[i])` of each head to `output`; `weights`, a row a head,
    /// are spent. The positions rise.
    #[inline(always)]
    fn mix(
        &self,
        weights: &mut [f32],
        positions: impl Iterator<Item = usize> + Clone,
        output: &mut [f32],
    ) {
        let columns = weights.len() / self.heads;
        let mut numbered = positions.enumerate().peekable();
        // Values are far more than the nearest cache holds: they are read from end to end, once.
        while let Some(&(first, position)) = numbered.peek() {
            let panel = position / POSITIONS;
            let mut places = [0; POSITIONS];
            let mut count = 0;
            while let Some((_, position)) =
                numbered.next_if(|&(_, position)| position / POSITIONS == panel)
            {
                places[count] = position % POSITIONS;
                count += 1;
            }
            let places = &places[..count];
            let rows = weights.chunks_exact_mut(columns);
            let outputs = output.chunks_exact_mut(self.width);
            for ((head, weights), output) in (panel * self.heads..).zip(rows).zip(outputs) {
                let values = &self.values[head * self.value_head()..][..self.value_head()];
                let scales = &self.value_scales[head * POSITIONS..][..POSITIONS];
                let weights = &mut weights[first..first + count];
                for (weight, &place) in weights.iter_mut().zip(places) {
                    *weight *= scales[place];
                }
                add_values(weights, values, places, output);
            }
        }
    }
}

/// Adds `Σ weights[i] · values[places[i]]` to `output`.
#[inline(always)]
fn add_values(weights: &[f32], values: &[i8], places: &[usize], output: &mut [f32]) {
    let width = output.len();
    let mut from = 0;
    let mut blocks = output.chunks_exact_mut(MIXED);
    for block in &mut blocks {
        let mut mixed = [0.0; MIXED];
        mixed.copy_from_slice(block);
        for (weight, place) in weights.iter().zip(places) {
            let value = &values[place * width + from..][..MIXED];
            for (sum, &v) in mixed.iter_mut().zip(value) {
                *sum += weight * f32::from(v);
            }
        }
        block.copy_from_slice(&mixed);
        from += MIXED;
    }
    let rest = blocks.into_remainder();
    for (weight, place) in weights.iter().zip(places) {
        let value = &values[place * width + from..];
        for (sum, &v) in rest.iter_mut().zip(value) {
            *sum += weight * f32::from(v);
        }
    }
}

/// The dot products of a head of a query with the keys of 16 positions, in plain Rust.
#[inline(always)]
pub(super) fn dot(query: &[i8], keys: &[u8]) -> [i32; POSITIONS] {
    let mut sums = [0; POSITIONS];
    let (groups, _) = keys.as_chunks::<{ GROUP * POSITIONS }>();
    for (four, group) in query.chunks_exact(GROUP).zip(groups) {
        for (sum, keys) in sums.iter_mut().zip(group.chunks_exact(GROUP)) {
            for (&q, &k) in four.iter().zip(keys) {
                *sum += i32::from(q) * i32::from(k);
            }
        }
    }
    sums
}
