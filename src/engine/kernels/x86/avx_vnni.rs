//! AVX-VNNI, the dot product of bytes on 256-bit registers, for machines without AVX-512.

use std::arch::x86_64::*;

use super::super::tiles::multiply_by_tiles;
use super::super::{Kernel, Packed, Quantised};
use super::{LANES, check_shapes, finish_panel, float_methods};
use crate::model::packing::{GROUP, PANEL};

/// 256-bit vectors with a dot product of bytes. Only [`AvxVnni::new`] makes one, after looking at
/// the machine.
#[derive(Debug, Clone, Copy)]
pub struct AvxVnni(());

impl AvxVnni {
    /// The kernel, if this machine runs it.
    pub fn new() -> Option<Self> {
        let found = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("avxvnni");
        found.then_some(Self(()))
    }
}

impl Kernel for AvxVnni {
    fn name(&self) -> &'static str {
        "avx-vnni"
    }

    fn multiply(&self, input: &Quantised, weights: &Packed<'_>, output: &mut [f32]) {
        check_shapes(input, weights, output);
        // SAFETY: the machine has the instructions, or there would be no such kernel; the shapes
        // fit.
        unsafe { multiply(input, weights, output) }
    }

    float_methods!();
}

mod floats {
    use std::arch::x86_64::*;

    use crate::model::packing::GROUP;

    super::super::float_functions!("avx2,fma,avxvnni");

    #[target_feature(enable = "avx2,avxvnni")]
    fn dots(values: &[i8], sum: i32, chosen: [&[i8]; ROWS]) -> [i32; ROWS] {
        rows::dots(values, sum, chosen)
    }

    /// As [`compact::dot`](crate::engine::kernels::compact::dot): two instructions a group.
    #[target_feature(enable = "avx2,avxvnni")]
    #[inline]
    fn dot(query: &[i8], keys: &[u8]) -> [i32; POSITIONS] {
        let mut low = _mm256_setzero_si256();
        let mut high = _mm256_setzero_si256();
        let (fours, _) = query.as_chunks::<GROUP>();
        let (groups, _) = keys.as_chunks::<{ GROUP * POSITIONS }>();
        for (four, group) in fours.iter().zip(groups) {
            let four = _mm256_set1_epi32(i32::from_le_bytes(four.map(|byte| byte as u8)));
            let (first, last) = group.split_at(GROUP * POSITIONS / 2);
            // SAFETY: each half of a group is 32 bytes.
            let halves =
                unsafe { [first, last].map(|half| _mm256_loadu_si256(half.as_ptr().cast())) };
            low = _mm256_dpbusd_avx_epi32(low, halves[0], four);
            high = _mm256_dpbusd_avx_epi32(high, halves[1], four);
        }
        let mut sums = [0; POSITIONS];
        let (first, last) = sums.split_at_mut(POSITIONS / 2);
        for (half, sum) in [(first, low), (last, high)] {
            // SAFETY: each half holds eight integers.
            unsafe { _mm256_storeu_si256(half.as_mut_ptr().cast(), sum) };
        }
        sums
    }

    #[target_feature(enable = "avx2,avxvnni")]
    #[inline]
    fn mask(numbers: &[f32; rows::LANES], threshold: f32) -> u16 {
        super::super::mask(numbers, threshold)
    }

    /// As [`compact::weigh`](crate::engine::kernels::compact::weigh): two instructions a group and
    /// half.
    #[target_feature(enable = "avx2,avxvnni")]
    #[inline]
    fn weigh(halves: &Halves, values: &[i8], sums: &mut [Sums]) {
        super::super::weigh(halves, values, sums, |sum, weights, values| {
            _mm256_dpbusd_avx_epi32(sum, weights, values)
        })
    }
}

/// Multiplies. One row, or two, take more panels at once: there must be enough sums on the way to
/// hide the time that one takes. With ten sums, all that a tile holds stays in the 16 registers.
///
/// # Safety
/// The shapes must fit as [`check_shapes`] has it.
#[target_feature(enable = "avx2,avxvnni")]
unsafe fn multiply(input: &Quantised, weights: &Packed<'_>, output: &mut [f32]) {
    let (tile_rows, tile_panels) = match input.rows() {
        1 => (1, 4),
        2 => (2, 2),
        _ => (5, 1),
    };
    multiply_by_tiles!(
        tile_of(input, weights, output),
        tile_rows,
        tile_panels,
        [(1, 4)(2, 2)(1, 1)(2, 1)(3, 1)(4, 1)(5, 1)]
    );
}

/// Computes `ROWS` rows of `PANELS` panels.
///
/// The instruction wants one side unsigned: 128 is added to the weights by flipping their top bit,
/// and 128 times the sum of the row's inputs is taken off the result.
///
/// # Safety
/// As for [`multiply`]; `first + ROWS` rows and `panel + PANELS` panels exist.
#[target_feature(enable = "avx2,avxvnni")]
#[inline]
unsafe fn tile_of<const ROWS: usize, const PANELS: usize>(
    input: &Quantised,
    weights: &Packed<'_>,
    output: &mut [f32],
    first: usize,
    panel: usize,
) {
    let columns = input.columns;
    let flip = _mm256_set1_epi8(i8::MIN);
    let mut sums: [[[__m256i; PANEL / LANES]; PANELS]; ROWS] = std::array::from_fn(|row| {
        let start = _mm256_set1_epi32(-128 * input.sums[first + row]);
        [[start; PANEL / LANES]; PANELS]
    });
    // SAFETY: the panels lie wholly in the weights, 64 bytes for each group of inputs; a row's
    // values are `columns` bytes, read in groups of four.
    unsafe {
        let mut groups = weights.weights.as_ptr().add(panel * PANEL * columns);
        let mut values = input.values.as_ptr().add(first * columns);
        for _ in 0..columns / GROUP {
            let unsigned: [[__m256i; PANEL / LANES]; PANELS] = std::array::from_fn(|p| {
                let group = groups.add(p * PANEL * columns);
                std::array::from_fn(|part| {
                    let weights = _mm256_loadu_si256(group.add(part * LANES * GROUP).cast());
                    _mm256_xor_si256(weights, flip)
                })
            });
            for (row, sums) in sums.iter_mut().enumerate() {
                let four = values.add(row * columns).cast::<i32>().read_unaligned();
                let four = _mm256_set1_epi32(four);
                for (sums, unsigned) in sums.iter_mut().zip(&unsigned) {
                    for (sum, &unsigned) in sums.iter_mut().zip(unsigned) {
                        *sum = _mm256_dpbusd_avx_epi32(*sum, unsigned, four);
                    }
                }
            }
            groups = groups.add(PANEL * GROUP);
            values = values.add(GROUP);
        }
    }
    for (row, sums) in (first..).zip(sums) {
        for (panel, sums) in (panel..).zip(sums) {
            // SAFETY: the row and the panel exist.
            unsafe { finish_panel(sums, input, weights, output, row, panel * PANEL) };
        }
    }
}
