//! Attention of one query to keys and values in 8 bits.
//!
//! Each phase goes over all heads before the next one begins: what ends in one number a head, a
//! greatest score or a sum, takes long to come, and so the heads' numbers come side by side.

use super::{CompactMemory, Head, NUMBERS, PARTS, POSITIONS, VALUE_BLOCK};
use crate::engine::kernels::float::{ROUND, add_up, exp, greater, greatest_lane, rounded, step};
use crate::engine::kernels::pool::Pool;
use crate::model::packing::GROUP;

/// Weights of positions are whole numbers of twice seven bits.
const HALF_BITS: u32 = 7;
/// The greatest weight.
const GREATEST: u32 = (1 << (2 * HALF_BITS)) - 1;

/// The weights of a panel's positions: the upper halves of all, then the lower ones.
pub type Halves = [[u8; POSITIONS]; 2];
/// Phases of attention in which what comes next is fetched.
const PHASES: usize = 3;
/// Sums of [`NUMBERS`] numbers by the upper halves, and by the lower ones.
pub type Sums = [[i32; NUMBERS]; 2];
/// A number for each position of a panel.
type Cells = [f32; POSITIONS];

/// What attention to a [`CompactMemory`] needs on its way, kept from call to call.
#[derive(Debug, Default)]
pub struct AttentionScratch {
    /// The query in 8 bits, each head filled up to whole groups.
    bytes: Vec<i8>,
    heads: Vec<OfHead>,
    /// Added to the scores of all heads: 0 where a position is attended to.
    open: Vec<Cells>,
    /// Head after head, a cell a position: scores, then powers of e.
    scores: Vec<Cells>,
    /// As the scores: powers of e by the scales of the values.
    weights: Vec<Cells>,
    /// Of a head, a pair for each [`NUMBERS`] of its numbers.
    sums: Vec<Sums>,
    /// For each head its shares of attention, one a position that was attended to.
    pub shares: Vec<f32>,
}

/// What is known of a head of the query.
#[derive(Debug)]
struct OfHead {
    /// 128 times the sum of its bytes.
    offset: i32,
    /// The scale of its scores.
    step: f32,
    /// The greatest score, lane by lane.
    greatest: Cells,
    /// The sum of the powers of e, lane by lane.
    sum: Cells,
    /// The greatest weight, lane by lane.
    heaviest: Cells,
}

/// Which positions of a memory are attended to.
#[derive(Debug, Clone, Copy)]
pub enum Positions<'a> {
    /// All.
    All,
    /// These, each once.
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
    /// Whether each head's shares of attention are wanted.
    pub tell_shares: bool,
}

impl Attended<'_> {
    /// Multi-head attention of one query of `heads × width` numbers. Writes the mixed values to
    /// `output`, of the query's length, and the shares, if they are wanted, to `scratch`, in the
    /// order of the positions.
    ///
    /// `dot` multiplies a head of a query, filled up to whole groups, with the keys of 16 positions
    /// as they lie in a panel, 128 added to each; `weigh` is as [`weigh`].
    #[inline(always)]
    pub(in crate::engine::kernels) fn attend(
        &self,
        query: &[f32],
        scratch: &mut AttentionScratch,
        output: &mut [f32],
        dot: impl Fn(&[i8], &[u8]) -> [i32; POSITIONS],
        weigh: impl Fn(&Halves, &[i8], &mut [Sums]),
    ) {
        self.open(&mut scratch.open);
        self.quantise(query, scratch);
        // What comes next comes bit by bit: there is room for few bytes on their way.
        let mut ahead = self
            .next
            .map(|next| Ahead::of(next, PHASES * self.panels()));
        self.score(scratch, &mut ahead, dot);
        self.exponentiate(scratch, &mut ahead);
        self.mix(scratch, output, &mut ahead, weigh);
        if self.tell_shares {
            self.share(scratch);
        }
    }

    fn panels(&self) -> usize {
        self.memory.panels.len()
    }

    /// Marks what is attended to.
    #[inline(always)]
    fn open(&self, open: &mut Vec<Cells>) {
        open.clear();
        open.resize(self.panels(), [f32::NEG_INFINITY; POSITIONS]);
        let cells = open.as_flattened_mut();
        match self.positions {
            Positions::All => cells[..self.memory.positions].fill(0.0),
            Positions::Path(path) => {
                for &position in path {
                    cells[position as usize] = 0.0;
                }
            }
        }
    }

    /// Rounds the query to 8 bits, with a scale for each head.
    #[inline(always)]
    fn quantise(&self, query: &[f32], scratch: &mut AttentionScratch) {
        let AttentionScratch { bytes, heads, .. } = scratch;
        let width = self.memory.width;
        let padded = width.next_multiple_of(GROUP);
        let root = (width as f32).sqrt();
        bytes.clear();
        bytes.resize(self.memory.heads * padded, 0);
        heads.clear();
        let each = query.chunks_exact(width);
        for (query, bytes) in each.zip(bytes.chunks_exact_mut(padded)) {
            let (factor, step) = step(query);
            for (byte, number) in bytes.iter_mut().zip(query) {
                *byte = rounded(number * factor);
            }
            heads.push(OfHead {
                offset: 128 * bytes.iter().map(|&byte| i32::from(byte)).sum::<i32>(),
                step: step / root,
                greatest: [f32::NEG_INFINITY; POSITIONS],
                sum: [0.0; POSITIONS],
                heaviest: [0.0; POSITIONS],
            });
        }
    }

    /// The scores of all positions, and their greatest.
    #[inline(always)]
    fn score(
        &self,
        scratch: &mut AttentionScratch,
        ahead: &mut Option<Ahead<'_>>,
        dot: impl Fn(&[i8], &[u8]) -> [i32; POSITIONS],
    ) {
        let Self { pool, memory, .. } = *self;
        let AttentionScratch {
            bytes,
            heads,
            open,
            scores,
            ..
        } = scratch;
        let panels = self.panels();
        let padded = memory.width.next_multiple_of(GROUP);
        scores.resize(memory.heads * panels, Cells::default());
        for (panel, open) in open.iter().enumerate() {
            let each = heads.iter_mut().zip(bytes.chunks_exact(padded));
            for (head, (of_head, bytes)) in each.enumerate() {
                if let Some(ahead) = ahead {
                    ahead.fetch(pool);
                }
                let Head {
                    keys, key_scales, ..
                } = memory.head(pool, panel, head);
                let dots = dot(bytes, keys);
                let OfHead { offset, step, .. } = *of_head;
                let mut cells = Cells::default();
                let each = cells.iter_mut().zip(&dots).zip(key_scales).zip(open);
                for (((cell, dot), scale), open) in each {
                    *cell = (dot - offset) as f32 * (step * scale) + open;
                }
                of_head.greatest = greater_of_each(&of_head.greatest, &cells);
                scores[head * panels + panel] = cells;
            }
        }
    }

    /// Makes powers of e of the scores, and weights of these with the scales of the values.
    #[inline(always)]
    fn exponentiate(&self, scratch: &mut AttentionScratch, ahead: &mut Option<Ahead<'_>>) {
        let Self { pool, memory, .. } = *self;
        let AttentionScratch {
            heads,
            scores,
            weights,
            ..
        } = scratch;
        let panels = self.panels();
        weights.resize(scores.len(), Cells::default());
        let rows = scores
            .chunks_exact_mut(panels)
            .zip(weights.chunks_exact_mut(panels));
        for (head, ((scores, weights), of_head)) in rows.zip(heads).enumerate() {
            let greatest = greatest_lane(&of_head.greatest);
            for (panel, (scores, weights)) in scores.iter_mut().zip(weights).enumerate() {
                if let Some(ahead) = ahead {
                    ahead.fetch(pool);
                }
                let scales = memory.head(pool, panel, head).value_scales;
                // What is not attended to has no weight at all, not the least that there is: products
                // of that are slow.
                let (mut powers, mut sum) = (*scores, of_head.sum);
                for (power, sum) in powers.iter_mut().zip(&mut sum) {
                    let is_open = *power > f32::NEG_INFINITY;
                    let value = exp(*power - greatest);
                    *power = if is_open { value } else { 0.0 };
                    *sum += *power;
                }
                let mut products = powers;
                for (product, scale) in products.iter_mut().zip(scales) {
                    *product *= scale;
                }
                of_head.sum = sum;
                of_head.heaviest = greater_of_each(&of_head.heaviest, &products);
                (*scores, *weights) = (powers, products);
            }
        }
    }

    /// The sums of the values by the weights, which are rounded to whole numbers.
    #[inline(always)]
    fn mix(
        &self,
        scratch: &mut AttentionScratch,
        output: &mut [f32],
        ahead: &mut Option<Ahead<'_>>,
        weigh: impl Fn(&Halves, &[i8], &mut [Sums]),
    ) {
        let Self { pool, memory, .. } = *self;
        let AttentionScratch {
            heads,
            weights,
            sums,
            ..
        } = scratch;
        let rows = weights.chunks_exact(self.panels()).zip(heads);
        let outputs = output.chunks_exact_mut(memory.width);
        for (head, ((weights, of_head), output)) in rows.zip(outputs).enumerate() {
            let heaviest = greatest_lane(&of_head.heaviest);
            let factor = if heaviest > 0.0 {
                GREATEST as f32 / heaviest
            } else {
                0.0
            };
            let scale = heaviest / (GREATEST as f32 * add_up(&of_head.sum));
            sums.clear();
            sums.resize(memory.width.div_ceil(NUMBERS), Sums::default());
            for (panel, weights) in weights.iter().enumerate() {
                if let Some(ahead) = ahead {
                    ahead.fetch(pool);
                }
                let values = memory.head(pool, panel, head).values;
                weigh(&halves(weights, factor), values, sums);
            }
            for ([upper, lower], output) in sums.iter().zip(output.chunks_mut(NUMBERS)) {
                let mut numbers = [0.0; NUMBERS];
                for ((number, upper), lower) in numbers.iter_mut().zip(upper).zip(lower) {
                    let upper = *upper as f32 * (1 << HALF_BITS) as f32;
                    *number = (upper + *lower as f32) * scale;
                }
                output.copy_from_slice(&numbers[..output.len()]);
            }
        }
    }

    /// Each head's shares of attention.
    #[inline(always)]
    fn share(&self, scratch: &mut AttentionScratch) {
        let AttentionScratch {
            heads,
            scores,
            shares,
            ..
        } = scratch;
        shares.clear();
        for (powers, of_head) in scores.chunks_exact(self.panels()).zip(heads) {
            let factor = 1.0 / add_up(&of_head.sum);
            let powers = powers.as_flattened();
            match self.positions {
                Positions::All => {
                    let powers = &powers[..self.memory.positions];
                    shares.extend(powers.iter().map(|power| power * factor));
                }
                Positions::Path(path) => {
                    let powers = path.iter().map(|&position| powers[position as usize]);
                    shares.extend(powers.map(|power| power * factor));
                }
            }
        }
    }
}

#[inline(always)]
fn greater_of_each(a: &Cells, b: &Cells) -> Cells {
    let mut greatest = *a;
    for (greatest, &b) in greatest.iter_mut().zip(b) {
        *greatest = greater(b, *greatest);
    }
    greatest
}

/// What comes from main memory while something else is computed: some heads of panels at each of so
/// many steps, until all are there.
struct Ahead<'a> {
    memory: &'a CompactMemory,
    /// The next part to come.
    panel: usize,
    head: usize,
    part: usize,
    /// Parts that come at each `per` panels of a head that are computed.
    parts: usize,
    per: usize,
    credit: usize,
}

impl<'a> Ahead<'a> {
    fn of(memory: &'a CompactMemory, per: usize) -> Self {
        Self {
            memory,
            panel: 0,
            head: 0,
            part: 0,
            parts: PARTS * memory.panels.len(),
            per,
            credit: 0,
        }
    }

    #[inline(always)]
    fn fetch(&mut self, pool: &Pool) {
        self.credit += self.parts;
        while self.credit >= self.per {
            self.credit -= self.per;
            self.memory.fetch(pool, self.panel, self.head, self.part);
            self.part += 1;
            if self.part == PARTS {
                self.part = 0;
                self.head += 1;
            }
            if self.head == self.memory.heads {
                self.head = 0;
                self.panel += 1;
            }
        }
    }
}

/// The weights of a panel's positions times `factor`, rounded to whole numbers.
#[inline(always)]
fn halves(weights: &Cells, factor: f32) -> Halves {
    let mut halves = Halves::default();
    for (place, weight) in weights.iter().enumerate() {
        let weight = (weight * factor + ROUND).to_bits() & GREATEST;
        halves[0][place] = (weight >> HALF_BITS) as u8;
        halves[1][place] = (weight & ((1 << HALF_BITS) - 1)) as u8;
    }
    halves
}

/// Adds to `sums`, a pair for each [`NUMBERS`] numbers of a head, the products of a panel's `values`,
/// of as many groups of positions as they are, with the upper and with the lower halves of the
/// positions' weights, in plain Rust.
#[inline(always)]
pub(in crate::engine::kernels) fn weigh(halves: &Halves, values: &[i8], sums: &mut [Sums]) {
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
pub(in crate::engine::kernels) fn dot(query: &[i8], keys: &[u8]) -> [i32; POSITIONS] {
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
