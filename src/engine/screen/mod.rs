//! The screen: which pieces are worth computing the logits of, for each row.
//!
//! A product with a small matrix tells all logits roughly; the pieces with the greatest are computed
//! in full. On the decoder's states of held-out text, the most probable piece is among the 128 that
//! a screen of 3/8 of the width lets through in all of thousands of cases.

mod learn;

pub use learn::learn_screen;

use super::kernels::{Kernel, Packed, Quantised, RowMajor};
use super::search::TopPieces;
use super::weights::{OutputRows, Weights};
use crate::model::packing::PANEL;
use crate::model::screen::rising_pieces;
use crate::model::{Compiled, Error};

/// Pieces that are let through for each row.
const PASSED: usize = 128;
/// Rough logits that are looked at together: a multiple of a panel.
const CHUNK: usize = 512;

/// The screen of a model, and what it lets pieces through to.
#[derive(Debug)]
pub struct Screen<'a> {
    pieces: &'a [u32],
    projection: Packed<'a>,
    logits: Packed<'a>,
    embedding: RowMajor<'a>,
}

impl<'a> Screen<'a> {
    /// The screen of a model; none where it has none.
    ///
    /// # Errors
    /// [`Error::Tensor`] where it is damaged.
    pub fn of(model: &'a Compiled, weights: &Weights<'a>) -> Result<Option<Self>, Error> {
        let OutputRows::Int8 {
            rows: embedding,
            input_scale: None,
        } = weights.output
        else {
            return Ok(None);
        };
        if !model.contains("screen/pieces") {
            return Ok(None);
        }
        let pieces = rising_pieces(model, "screen/pieces")?;
        let rank = model.shape("screen/projection/scale").first().copied();
        let rank = rank
            .filter(|&rank| rank > 0 && rank % 4 == 0)
            .ok_or_else(|| {
                model.wrong(
                    "screen/projection/scale",
                    "its rows are no multiple of four",
                )
            })?;
        if pieces.is_empty() {
            return Err(model.wrong("screen/pieces", "there are none"));
        }
        let matrix = |name: &str, rows: usize, columns: usize| -> Result<Packed<'a>, Error> {
            let shape = [rows.next_multiple_of(PANEL), columns];
            Ok(Packed {
                weights: model.i8(&format!("{name}/weight"), &shape)?,
                scales: model.f32(&format!("{name}/scale"), &[rows])?,
                bias: model.f32(&format!("{name}/bias"), &[rows])?,
                offsets: &[],
                inputs: columns,
            })
        };
        Ok(Some(Self {
            pieces,
            projection: matrix("screen/projection", rank, weights.config.d_model)?,
            logits: matrix("screen/logits", pieces.len(), rank)?,
            embedding,
        }))
    }

    /// Multiply-adds for a row.
    pub fn size(&self) -> usize {
        let width = self.projection.inputs;
        let rank = self.projection.outputs();
        (width + self.logits.outputs()) * rank + PASSED.min(self.pieces.len()) * width
    }

    /// The most probable pieces of each of `rows`, the decoder's last.
    pub fn rank(
        &self,
        kernel: &dyn Kernel,
        rows: &[f32],
        limit: usize,
        scratch: &mut ScreenScratch,
    ) -> Vec<TopPieces> {
        let ScreenScratch {
            rows: quantised,
            projected,
            inner,
            rough,
            places,
            passed,
            pieces,
            logits,
        } = scratch;
        kernel.quantise(rows, self.projection.inputs, quantised);
        let count = quantised.rows();
        let rank = self.projection.outputs();
        rough.resize(count * rank, 0.0);
        kernel.multiply(quantised, &self.projection, rough);
        kernel.quantise(rough, rank, projected);
        passed.resize_with(passed.len().max(count), Passed::default);
        passed[..count].iter_mut().for_each(Passed::clear);
        for from in (0..self.pieces.len()).step_by(CHUNK) {
            let to = self.pieces.len().min(from + CHUNK);
            inner.resize(count * (to - from), 0.0);
            kernel.multiply(projected, &self.logits.slice(from, to), inner);
            for (passed, rough) in passed.iter_mut().zip(inner.chunks_exact(to - from)) {
                places.clear();
                kernel.above(rough, passed.threshold, places);
                passed.take(from as u32, rough, places);
            }
        }
        let mut ranked = Vec::with_capacity(count);
        for (row, passed) in passed[..count].iter_mut().enumerate() {
            passed.cut();
            pieces.clear();
            pieces.extend(passed.held.iter().map(|&(_, at)| self.pieces[at as usize]));
            pieces.sort_unstable();
            logits.resize(pieces.len(), 0.0);
            kernel.multiply_chosen(quantised, row, &self.embedding, pieces, logits);
            let mut top = TopPieces::new(limit);
            top.add(kernel, pieces, logits);
            ranked.push(top);
        }
        ranked
    }
}

/// What a screen needs on its way, kept from step to step.
#[derive(Debug, Default)]
pub struct ScreenScratch {
    rows: Quantised,
    projected: Quantised,
    inner: Vec<f32>,
    rough: Vec<f32>,
    places: Vec<u32>,
    passed: Vec<Passed>,
    pieces: Vec<u32>,
    logits: Vec<f32>,
}

/// The best of a row so far, by their rough logits.
#[derive(Debug, Default)]
struct Passed {
    held: Vec<(f32, u32)>,
    /// What a rough logit must exceed to be among the best.
    threshold: f32,
}

impl Passed {
    fn clear(&mut self) {
        self.held.clear();
        self.threshold = f32::NEG_INFINITY;
    }

    /// Takes the rough logits at `places` of a chunk that starts at `from`.
    fn take(&mut self, from: u32, rough: &[f32], places: &[u32]) {
        let found = places
            .iter()
            .map(|&place| (rough[place as usize], from + place));
        self.held.extend(found);
        if self.held.len() >= 2 * PASSED {
            self.cut();
        }
    }

    /// Keeps the best.
    fn cut(&mut self) {
        if self.held.len() > PASSED {
            let better = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0);
            let (_, &mut (last, _), _) = self.held.select_nth_unstable_by(PASSED - 1, better);
            self.held.truncate(PASSED);
            self.threshold = last;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::kernels::available;

    proptest! {
        #[test]
        fn the_greatest_pass_whatever_the_order(
            rough in prop::collection::vec(-1e3f32..1e3, 1..2000),
        ) {
            for kernel in available() {
                let mut passed = Passed::default();
                passed.clear();
                let mut from = 0;
                for chunk in rough.chunks(CHUNK) {
                    let mut places = Vec::new();
                    kernel.above(chunk, passed.threshold, &mut places);
                    passed.take(from, chunk, &places);
                    from += chunk.len() as u32;
                }
                passed.cut();
                let mut got: Vec<f32> = passed.held.iter().map(|&(value, _)| value).collect();
                prop_assert!(passed.held.iter().all(|&(v, at)| rough[at as usize] == v));
                got.sort_by(f32::total_cmp);
                let mut best = rough.clone();
                best.sort_by(f32::total_cmp);
                prop_assert_eq!(got, &best[best.len().saturating_sub(PASSED)..]);
            }
        }
    }
}
