//! Keys and values in 8 bits. What a decoder attends to is read from memory once a step and used for
//! little arithmetic: a quarter of the bytes is a quarter of the time.

mod attention;

pub use attention::{Attended, AttentionScratch, Halves, Positions, Sums};
pub(super) use attention::{dot, weigh};

use super::fetch;
use super::float::{rounded, step};
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

/// Bytes of the scales of a head's keys in a panel, or of its values.
const SCALES: usize = POSITIONS * size_of::<f32>();

/// Parts of what a panel holds of a head: keys, values.
const PARTS: usize = 2;

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
        let (scales, rest) = bytes.split_at(self.heads * 2 * SCALES);
        let (keys, values) = rest.split_at(self.heads * self.key_bytes());
        let scales = &scales[head * 2 * SCALES..][..2 * SCALES];
        let keys = &keys[head * self.key_bytes()..][..self.key_bytes()];
        let values = &values[head * self.value_bytes()..][..self.value_bytes()];
        let (keys_and_values, _) = bytemuck::cast_slice::<u8, f32>(scales).as_chunks();
        let values = &values[..self.groups(panel) * self.value_group()];
        Head {
            keys,
            values: bytemuck::cast_slice(values),
            key_scales: &keys_and_values[0],
            value_scales: &keys_and_values[1],
        }
    }

    /// Has one of the [`PARTS`] of a head of a panel come from main memory, while something else is
    /// computed.
    #[inline(always)]
    fn fetch(&self, pool: &Pool, panel: usize, head: usize, part: usize) {
        let head = self.head(pool, panel, head);
        if part == 0 {
            fetch(bytemuck::cast_slice(head.key_scales));
            fetch(head.keys);
        } else {
            fetch(bytemuck::cast_slice(head.value_scales));
            fetch(bytemuck::cast_slice(head.values));
        }
    }

    /// Writes positions, the first at `place`, over what may be there: rows of `heads × width`
    /// numbers. `place` is not beyond the last one.
    #[inline(always)]
    pub(super) fn write(&mut self, place: usize, keys: &[f32], values: &[f32], pool: &mut Pool) {
        let row = self.heads * self.width;
        let rows = keys.chunks_exact(row).zip(values.chunks_exact(row));
        for ((key, value), place) in rows.zip(place..) {
            self.write_one(place, key, value, pool);
        }
    }

    #[inline(always)]
    fn write_one(&mut self, place: usize, key: &[f32], value: &[f32], pool: &mut Pool) {
        self.positions = self.positions.max(place + 1);
        let (panel, place) = (place / POSITIONS, place % POSITIONS);
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
        let (scales, rest) = bytes.split_at_mut(self.heads * 2 * SCALES);
        let (keys, values) = rest.split_at_mut(self.heads * key_bytes);
        let parts = scales
            .chunks_exact_mut(2 * SCALES)
            .zip(keys.chunks_exact_mut(key_bytes))
            .zip(values.chunks_exact_mut(value_group * (POSITIONS / GROUP)));
        for (((scales, keys), values), (key, value)) in parts.zip(numbers) {
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
