//! Keys and values in 8 bits, and attention to them. What a decoder attends to is read from
//! memory once a step and used for little arithmetic: a quarter of the bytes is a quarter of the
//! time.

use super::attention::softmax;
use super::fetch;
use super::float::{ROUND, greater, greatest_lane, reduce, rounded, step};
use super::pool::{Panel, Pool};
use crate::model::packing::GROUP;

/// Positions that lie side by side.
pub const POSITIONS: usize = 16;
/// Numbers of a key that are rounded side by side: whole groups.
const BLOCK: usize = 64;
/// Numbers of values whose sums are computed side by side.
pub const NUMBERS: usize = 16;
/// Bytes of so many numbers of the values of a group of positions.
pub const VALUE_BLOCK: usize = NUMBERS * GROUP;
/// Weights of positions are whole numbers of twice seven bits.
const HALF_BITS: u32 = 7;
/// The greatest weight.
const GREATEST: u32 = (1 << (2 * HALF_BITS)) - 1;

/// Keys and values of positions, in 8 bits with a scale for each head of each position.
///
/// They lie in panels of [`POSITIONS`] positions, which a [`Pool`] holds. A panel holds, head after
/// head,
///
/// - the scales of the keys, then those of the values, in f32;
/// - of the keys, for each [`GROUP`] of numbers, those of the 16 positions side by side; 128 is
///   added to each, as the dot product of bytes wants one side unsigned;
/// - of the values, for each [`GROUP`] of positions and then for each [`NUMBERS`] numbers, those
///   numbers of the four positions side by side;
#[derive(Debug)]
pub struct CompactMemory {
    heads: usize,
    /// Numbers of a head.
    width: usize,
    positions: usize,
    panels: Vec<Panel>,
}

/// The weights of a panel's positions: the upper halves of all, then the lower ones.
pub type Halves = [[u8; POSITIONS]; 2];
/// Sums of [`NUMBERS`] numbers by the upper halves, and by the lower ones.
pub type Sums = [[i32; NUMBERS]; 2];

/// What attention to a [`CompactMemory`] needs on its way, kept from call to call.
#[derive(Debug, Default)]
pub struct AttentionScratch {
    /// The query in 8 bits, each head filled up to whole groups.
    bytes: Vec<i8>,
    /// For each head of the query 128 times the sum of its bytes, and the scale of its scores.
    steps: Vec<(i32, f32)>,
    /// A row a head.
    scores: Vec<f32>,
    /// Of a head, a pair for each [`NUMBERS`] of its numbers.
    sums: Vec<Sums>,
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

/// What a query attends to.
#[derive(Debug, Clone, Copy)]
pub struct Attended<'a> {
    /// Holds `memory` and `next`.
    pub pool: &'a Pool,
    /// Keys and values.
    pub memory: &'a CompactMemory,
    /// Those of the memory that are attended to.
    pub positions: Positions<'a>,
    /// What will be attended to next: it comes from main memory meanwhile.
    pub next: Option<&'a CompactMemory>,
}

/// Bytes of the scales of a head's keys in a panel, or of its values.
const SCALES: usize = POSITIONS * size_of::<f32>();

/// What a panel holds of a head; of the values, the groups that have any.
struct Head<'a> {
    keys: &'a [u8],
    values: &'a [i8],
    key_scales: &'a [f32; POSITIONS],
    value_scales: &'a [f32; POSITIONS],
}

impl CompactMemory {
    /// Without positions yet, for `heads` heads of `width` numbers.
    pub fn new(heads: usize, width: usize) -> Self {
        Self {
            heads,
            width,
            positions: 0,
            panels: Vec::new(),
        }
    }

    /// Gives its panels back; it is without positions again.
    pub fn clear(&mut self, pool: &mut Pool) {
        pool.give_back(self.panels.drain(..));
        self.positions = 0;
    }

    /// Bytes of a head's keys in a panel: its numbers are filled up to whole groups.
    fn key_bytes(&self) -> usize {
        self.width.next_multiple_of(GROUP) * POSITIONS
    }

    /// Bytes of a head's values in a panel: its numbers are filled up to whole blocks.
    fn value_bytes(&self) -> usize {
        self.value_group() * (POSITIONS / GROUP)
    }

    /// Bytes of a head's values of a group of positions.
    fn value_group(&self) -> usize {
        self.width.div_ceil(NUMBERS) * VALUE_BLOCK
    }

    /// Groups of positions, of which the last may not be full, that a panel holds.
    fn groups(&self, panel: usize) -> usize {
        let rest = self.positions - panel * POSITIONS;
        rest.min(POSITIONS).div_ceil(GROUP)
    }

    /// Bytes of a head in a panel.
    fn head_bytes(&self) -> usize {
        self.key_bytes() + self.value_bytes() + 2 * SCALES
    }

    #[inline(always)]
    fn head<'p>(&self, pool: &'p Pool, panel: usize, head: usize) -> Head<'p> {
        let bytes = pool.bytes(self.panels[panel]);
        let bytes = &bytes[head * self.head_bytes()..][..self.head_bytes()];
        let (scales, rest) = bytes.split_at(2 * SCALES);
        let (keys, values) = rest.split_at(self.key_bytes());
        let (keys_and_values, _) = bytemuck::cast_slice::<u8, f32>(scales).as_chunks();
        let values = &values[..self.groups(panel) * self.value_group()];
        Head {
            keys,
            values: bytemuck::cast_slice(values),
            key_scales: &keys_and_values[0],
            value_scales: &keys_and_values[1],
        }
    }

    /// Has the `part`th of so many `parts` of what it holds come from main memory, while something
    /// else is computed.
    #[inline(always)]
    fn fetch(&self, pool: &Pool, part: usize, parts: usize) {
        let heads = self.panels.len() * self.heads;
        for head in part * heads / parts..(part + 1) * heads / parts {
            let (panel, head) = (head / self.heads, head % self.heads);
            let bytes = &pool.bytes(self.panels[panel])[head * self.head_bytes()..];
            let (scales, rest) = bytes.split_at(2 * SCALES);
            fetch(scales);
            fetch(&rest[..self.key_bytes() + self.groups(panel) * self.value_group()]);
        }
    }

    /// Appends positions: rows of `heads × width` numbers.
    #[inline(always)]
    pub(super) fn push(&mut self, keys: &[f32], values: &[f32], pool: &mut Pool) {
        let row = self.heads * self.width;
        for (key, value) in keys.chunks_exact(row).zip(values.chunks_exact(row)) {
            self.push_one(key, value, pool);
        }
    }

    #[inline(always)]
    fn push_one(&mut self, key: &[f32], value: &[f32], pool: &mut Pool) {
        let (panel, place) = (self.positions / POSITIONS, self.positions % POSITIONS);
        self.positions += 1;
        let head_bytes = self.head_bytes();
        if panel == self.panels.len() {
            let panel = pool.take(self.heads * head_bytes);
            // Positions yet to come have neither keys nor values.
            pool.bytes_mut(panel).fill(0);
            self.panels.push(panel);
        }
        let bytes = pool.bytes_mut(self.panels[panel]);
        let (group, lane) = (place / GROUP * self.value_group(), place % GROUP);
        let (key_bytes, value_group) = (self.key_bytes(), self.value_group());
        let numbers = key
            .chunks_exact(self.width)
            .zip(value.chunks_exact(self.width));
        for (bytes, (key, value)) in bytes.chunks_exact_mut(head_bytes).zip(numbers) {
            let (scales, rest) = bytes.split_at_mut(2 * SCALES);
            let (keys, values) = rest.split_at_mut(key_bytes);
            let scales: &mut [f32] = bytemuck::cast_slice_mut(scales);
            let (factor, scale) = step(key);
            scales[place] = scale;
            let (groups, _) = keys.as_chunks_mut::<{ GROUP * POSITIONS }>();
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
            scales[POSITIONS + place] = scale;
            // In what lies side by side of the four positions, this one's byte is replaced.
            let (fours, _) = values[group..group + value_group].as_chunks_mut::<GROUP>();
            let shift = 8 * lane as u32;
            for (four, number) in fours.iter_mut().zip(value) {
                let byte = u32::from(rounded(number * factor) as u8) << shift;
                *four = (u32::from_le_bytes(*four) & !(0xff << shift) | byte).to_le_bytes();
            }
        }
    }
}

impl Attended<'_> {
    /// Multi-head attention of one query of `heads × width` numbers. Writes the mixed values to
    /// `output`, of the query's length, and the shares to `scratch`.
    ///
    /// `dot` multiplies a head of a query, filled up to whole groups, with the keys of 16 positions
    /// as they lie in a panel, 128 added to each; `weigh` is as [`weigh`].
    #[inline(always)]
    pub(super) fn attend(
        &self,
        query: &[f32],
        scratch: &mut AttentionScratch,
        output: &mut [f32],
        dot: impl Fn(&[i8], &[u8]) -> [i32; POSITIONS],
        weigh: impl Fn(&Halves, &[i8], &mut [Sums]),
    ) {
        let Self { pool, memory, .. } = *self;
        let positions = match self.positions {
            // They rise, so as many as there are must be all.
            Positions::Path(path) if path.len() == memory.positions => Positions::All,
            positions => positions,
        };
        let count = match positions {
            Positions::All => memory.positions,
            Positions::Path(path) => path.len(),
        };
        self.score(query, scratch, dot);
        let AttentionScratch {
            scores,
            sums,
            shares,
            ..
        } = scratch;
        shares.resize(memory.heads * count, 0.0);
        sums.resize(memory.width.div_ceil(NUMBERS), Sums::default());
        let rows = scores.chunks_exact_mut(memory.panels.len() * POSITIONS);
        let outputs = output.chunks_exact_mut(memory.width);
        let each = rows.zip(shares.chunks_exact_mut(count)).zip(outputs);
        for (head, ((scores, shares), output)) in each.enumerate() {
            // Positions that are not attended to have no weight.
            match positions {
                Positions::All => {
                    scores[count..].fill(f32::NEG_INFINITY);
                    softmax(scores);
                    shares.copy_from_slice(&scores[..count]);
                }
                Positions::Path(path) => {
                    for (share, &position) in shares.iter_mut().zip(path) {
                        *share = scores[position as usize];
                    }
                    scores.fill(f32::NEG_INFINITY);
                    for (&share, &position) in shares.iter().zip(path) {
                        scores[position as usize] = share;
                    }
                    softmax(scores);
                    for (share, &position) in shares.iter_mut().zip(path) {
                        *share = scores[position as usize];
                    }
                }
            }
            let (shares, _) = scores.as_chunks_mut::<POSITIONS>();
            for (panel, shares) in shares.iter_mut().enumerate() {
                let scales = memory.head(pool, panel, head).value_scales;
                for (share, scale) in shares.iter_mut().zip(scales) {
                    *share *= scale;
                }
            }
            let greatest = reduce(shares.as_flattened(), 0.0, greater, greatest_lane);
            let factor = if greatest > 0.0 {
                GREATEST as f32 / greatest
            } else {
                0.0
            };
            sums.fill(Sums::default());
            for (panel, shares) in shares.iter().enumerate() {
                let values = memory.head(pool, panel, head).values;
                weigh(&halves(shares, factor), values, sums);
            }
            let scale = greatest / GREATEST as f32;
            for ([upper, lower], output) in sums.iter().zip(output.chunks_mut(NUMBERS)) {
                for ((number, upper), lower) in output.iter_mut().zip(upper).zip(lower) {
                    let upper = *upper as f32 * (1 << HALF_BITS) as f32;
                    *number = (upper + *lower as f32) * scale;
                }
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
        let Self { pool, memory, .. } = *self;
        let AttentionScratch {
            bytes,
            steps,
            scores,
            ..
        } = scratch;
        let padded = memory.width.next_multiple_of(GROUP);
        let root = (memory.width as f32).sqrt();
        bytes.clear();
        bytes.resize(memory.heads * padded, 0);
        steps.clear();
        let heads = query.chunks_exact(memory.width);
        for (query, bytes) in heads.zip(bytes.chunks_exact_mut(padded)) {
            let (factor, step) = step(query);
            for (byte, number) in bytes.iter_mut().zip(query) {
                *byte = rounded(number * factor);
            }
            let offset = 128 * bytes.iter().map(|&byte| i32::from(byte)).sum::<i32>();
            steps.push((offset, step / root));
        }
        let panels = memory.panels.len();
        scores.resize(memory.heads * panels * POSITIONS, 0.0);
        for panel in 0..panels {
            let heads = steps.iter().zip(bytes.chunks_exact(padded));
            let rows = scores.chunks_exact_mut(panels * POSITIONS).zip(heads);
            for (head, (row, (&(offset, step), bytes))) in rows.enumerate() {
                if let Some(next) = self.next {
                    next.fetch(pool, panel * memory.heads + head, panels * memory.heads);
                }
                let Head {
                    keys, key_scales, ..
                } = memory.head(pool, panel, head);
                let dots = dot(bytes, keys);
                let mut cells = [0.0; POSITIONS];
                for ((score, dot), scale) in cells.iter_mut().zip(&dots).zip(key_scales) {
                    *score = (dot - offset) as f32 * (step * scale);
                }
                row.as_chunks_mut().0[panel] = cells;
            }
        }
    }
}

/// The weights of the shares of a panel's positions: times `factor`, rounded to whole numbers.
#[inline(always)]
fn halves(shares: &[f32; POSITIONS], factor: f32) -> Halves {
    let mut halves = Halves::default();
    let [upper, lower] = &mut halves;
    for ((share, upper), lower) in shares.iter().zip(upper).zip(lower) {
        let weight = (share * factor + ROUND).to_bits() & GREATEST;
        *upper = (weight >> HALF_BITS) as u8;
        *lower = (weight & ((1 << HALF_BITS) - 1)) as u8;
    }
    halves
}

/// Adds to `sums`, a pair for each [`NUMBERS`] numbers of a head, the products of a panel's `values`,
/// of as many groups of positions as they are, with the upper and with the lower halves of the
/// positions' weights, in plain Rust.
#[inline(always)]
pub(super) fn weigh(halves: &Halves, values: &[i8], sums: &mut [Sums]) {
    let (blocks, _) = values.as_chunks::<VALUE_BLOCK>();
    for (group, blocks) in blocks.chunks_exact(sums.len()).enumerate() {
        for (block, sums) in blocks.iter().zip(sums.iter_mut()) {
            for (sums, half) in sums.iter_mut().zip(halves) {
                let weights = &half[group * GROUP..][..GROUP];
                for (sum, four) in sums.iter_mut().zip(block.as_chunks::<GROUP>().0) {
                    for (&weight, &value) in weights.iter().zip(four) {
                        *sum += i32::from(weight) * i32::from(value);
                    }
                }
            }
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
