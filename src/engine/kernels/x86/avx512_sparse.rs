//! Products with rows most of whose numbers are zero: what a rectifier lets through.
//!
//! A group of four inputs that are all zero adds nothing, so it is passed over. Where that is to be
//! told for each row by itself, its sums cannot stay in registers from the first group to the last;
//! so the weights are taken in slices that stay in the nearest cache, and all rows go through a slice
//! before the next.

use std::arch::x86_64::*;

use super::super::{Packed, Quantised, SparseScratch};
use super::LINE;
use super::avx512_vnni::finish;
use crate::model::packing::{GROUP, PANEL};

/// Groups of a slice: one bit each.
const SLICE: usize = u64::BITS as usize;
/// Panels that are computed together: their slices, of 4 KB each, fill six of the eight ways of a
/// cache of 32 KB.
const TOGETHER: usize = 6;

/// Multiplies, if the inputs are in whole slices and few enough groups are other than zero.
///
/// # Safety
/// The shapes must fit as [`check_shapes`](super::check_shapes) has it, and no input be negative.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub(super) unsafe fn multiply(
    input: &Quantised,
    weights: &Packed<'_>,
    scratch: &mut SparseScratch,
    output: &mut [f32],
) -> bool {
    /// Of so many parts as many groups may hold something as make it worth while.
    const WORTH: (usize, usize) = (7, 10);
    let groups = input.columns / GROUP;
    if input.columns == 0 || !groups.is_multiple_of(SLICE) {
        return false;
    }
    mark(input, &mut scratch.marks);
    let marked: u32 = scratch.marks.iter().map(|marks| marks.count_ones()).sum();
    if marked as usize * WORTH.1 > scratch.marks.len() * SLICE * WORTH.0 {
        return false;
    }
    let panels = weights.outputs().div_ceil(PANEL);
    let mut panel = 0;
    while panel < panels {
        let width = TOGETHER.min(panels - panel);
        macro_rules! panels {
            ($($width:literal)*) => {
                match width {
                    // SAFETY: the panels exist.
                    $($width => unsafe {
                        some_panels::<$width>(input, weights, scratch, output, panel)
                    },)*
                    _ => unreachable!("at most six panels are computed together"),
                }
            };
        }
        panels!(1 2 3 4 5 6);
        panel += width;
    }
    true
}

/// A bit for each group of each row: whether it holds anything but zeros.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn mark(input: &Quantised, marks: &mut Vec<u64>) {
    const AT_ONCE: usize = 64;
    marks.clear();
    for slice in input.values.as_chunks::<{ SLICE * GROUP }>().0 {
        let bits = slice.as_chunks::<AT_ONCE>().0.iter().rev().map(|bytes| {
            // SAFETY: there are 64 bytes.
            let bytes = unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) };
            u64::from(_mm512_test_epi32_mask(bytes, bytes))
        });
        marks.push(bits.fold(0, |all, bits| all << (AT_ONCE / GROUP) | bits));
    }
}

/// The part of [`multiply`] for `PANELS` panels.
///
/// # Safety
/// As for [`multiply`]; the panels from `panel` exist, and `scratch` holds the marks.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
#[inline]
unsafe fn some_panels<const PANELS: usize>(
    input: &Quantised,
    weights: &Packed<'_>,
    scratch: &mut SparseScratch,
    output: &mut [f32],
    panel: usize,
) {
    let (rows, columns) = (input.rows(), input.columns);
    let slices = columns / (SLICE * GROUP);
    let panel_bytes = PANEL * columns;
    let slice_bytes = PANEL * GROUP * SLICE;
    scratch.sums.resize(rows * TOGETHER * PANEL, 0);
    let first = &weights.weights[panel * panel_bytes..];
    for slice in 0..slices {
        let of_slice = &first[slice * slice_bytes..];
        // The slice after this one, which should come from memory meanwhile.
        let next = match slice + 1 < slices {
            true => (slice + 1) * slice_bytes,
            false => PANELS * panel_bytes,
        };
        let lines = PANELS * slice_bytes / LINE;
        for row in 0..rows {
            let share = lines * row / rows..lines * (row + 1) / rows;
            for line in share {
                let (of_panel, line) = (line / SLICE, line % SLICE);
                let place = first
                    .as_ptr()
                    .wrapping_add(next + of_panel * panel_bytes + line * LINE);
                _mm_prefetch::<_MM_HINT_T1>(place);
            }
            let mut marks = scratch.marks[row * slices + slice];
            let mut sums = [_mm512_setzero_si512(); PANELS];
            // SAFETY: there are as many sums for each row; each marked group has four inputs in
            // the row, and 64 bytes of weights in each of the panels.
            unsafe {
                let kept = scratch.sums.as_mut_ptr().add(row * TOGETHER * PANEL);
                if slice > 0 {
                    for (panel, sum) in sums.iter_mut().enumerate() {
                        *sum = _mm512_loadu_si512(kept.add(panel * PANEL).cast());
                    }
                }
                let values = input
                    .values
                    .as_ptr()
                    .add(row * columns + slice * SLICE * GROUP);
                while marks != 0 {
                    let group = marks.trailing_zeros() as usize;
                    marks &= marks - 1;
                    let four = values.add(group * GROUP).cast::<i32>().read_unaligned();
                    let four = _mm512_set1_epi32(four);
                    let group = of_slice.as_ptr().add(group * PANEL * GROUP);
                    for (panel, sum) in sums.iter_mut().enumerate() {
                        let weights = _mm512_loadu_si512(group.add(panel * panel_bytes).cast());
                        *sum = _mm512_dpbusd_epi32(*sum, four, weights);
                    }
                }
                if slice + 1 < slices {
                    for (panel, sum) in sums.iter().enumerate() {
                        _mm512_storeu_si512(kept.add(panel * PANEL).cast(), *sum);
                    }
                } else {
                    finish(sums, input, weights, output, row, panel);
                }
            }
        }
    }
}
