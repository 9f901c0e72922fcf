//! AVX2.

use std::arch::x86_64::*;

use super::super::tiles::multiply_by_tiles;
use super::super::{Kernel, Packed, Quantised};
use super::{LANES, check_shapes, finish_panel, float_methods};
use crate::model::packing::{GROUP, PANEL};

/// 256-bit vectors without a dot product of bytes. Only [`Avx2::new`] makes one, after looking at
/// the machine.
#[derive(Debug, Clone, Copy)]
pub struct Avx2(());

impl Avx2 {
    /// The kernel, if this machine runs it.
    pub fn new() -> Option<Self> {
        let found = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        found.then_some(Self(()))
    }
}

impl Kernel for Avx2 {
    fn name(&self) -> &'static str {
        "avx2"
    }

    fn multiply(&self, input: &Quantised, weights: &Packed<'_>, output: &mut [f32]) {
        check_shapes(input, weights, output);
        // SAFETY: the machine has AVX2, or there would be no `Avx2`; the shapes fit.
        unsafe { multiply(input, weights, output) }
    }

    float_methods!();
}

mod floats {
    use std::arch::x86_64::*;

    use crate::engine::kernels::compact;

    super::super::float_functions!("avx2,fma");

    #[target_feature(enable = "avx2")]
    fn dots(values: &[i8], sum: i32, chosen: [&[i8]; ROWS]) -> [i32; ROWS] {
        rows::dots(values, sum, chosen)
    }

    #[target_feature(enable = "avx2")]
    fn dot(query: &[i8], keys: &[u8]) -> [i32; POSITIONS] {
        compact::dot(query, keys)
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn mask(numbers: &[f32; rows::LANES], threshold: f32) -> u16 {
        super::super::mask(numbers, threshold)
    }

    /// As [`compact::weigh`]. Weights are of seven bits, so that two products fit into 16 bits.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn weigh(halves: &Halves, values: &[i8], sums: &mut [Sums]) {
        let ones = _mm256_set1_epi16(1);
        super::super::weigh(halves, values, sums, |sum, weights, values| {
            let pairs = _mm256_maddubs_epi16(weights, values);
            _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones))
        })
    }
}

/// Multiplies, a panel of weights at a time: with ten sums, all that a tile holds stays in the 16
/// registers.
///
/// # Safety
/// The shapes must fit as [`check_shapes`] has it.
#[target_feature(enable = "avx2")]
unsafe fn multiply(input: &Quantised, weights: &Packed<'_>, output: &mut [f32]) {
    multiply_by_tiles!(
        tile_of(input, weights, output),
        5,
        1,
        [(1, 1)(2, 1)(3, 1)(4, 1)(5, 1)]
    );
}

/// Computes `ROWS` rows of a panel.
///
/// The byte product of AVX2 wants one side unsigned: it gets the magnitude of the one, and the
/// one's sign goes to the other. Two products of at most 127² fit into 16 bits.
///
/// # Safety
/// As for [`multiply`]; `first + ROWS` rows and the panel exist.
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn tile_of<const ROWS: usize, const PANELS: usize>(
    input: &Quantised,
    weights: &Packed<'_>,
    output: &mut [f32],
    first: usize,
    panel: usize,
) {
    let columns = input.columns;
    let mut sums = [[_mm256_setzero_si256(); PANEL / LANES]; ROWS];
    let ones = _mm256_set1_epi16(1);
    let add = |sum: &mut __m256i, magnitude, signed| {
        let pairs = _mm256_maddubs_epi16(magnitude, signed);
        *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(pairs, ones));
    };
    // SAFETY: the panel lies wholly in the weights, 64 bytes for each group of inputs; a row's
    // values are `columns` bytes, read in groups of four.
    unsafe {
        let mut group = weights.weights.as_ptr().add(panel * PANEL * columns);
        let mut values = input.values.as_ptr().add(first * columns);
        for _ in 0..columns / GROUP {
            let weights: [__m256i; PANEL / LANES] = std::array::from_fn(|part| {
                _mm256_loadu_si256(group.add(part * LANES * GROUP).cast())
            });
            let magnitudes = weights.map(|weights| _mm256_abs_epi8(weights));
            for (row, sums) in sums.iter_mut().enumerate() {
                let four = values.add(row * columns).cast::<i32>().read_unaligned();
                let four = _mm256_set1_epi32(four);
                if ROWS == 1 {
                    let magnitude = _mm256_abs_epi8(four);
                    for (sum, &weights) in sums.iter_mut().zip(&weights) {
                        add(sum, magnitude, _mm256_sign_epi8(weights, four));
                    }
                } else {
                    let each = weights.iter().zip(&magnitudes);
                    for (sum, (&weights, &magnitude)) in sums.iter_mut().zip(each) {
                        add(sum, magnitude, _mm256_sign_epi8(four, weights));
                    }
                }
            }
            group = group.add(PANEL * GROUP);
            values = values.add(GROUP);
        }
    }
    for (row, sums) in (first..).zip(sums) {
        // SAFETY: the row and the panel exist.
        unsafe { finish_panel(sums, input, weights, output, row, panel * PANEL) };
    }
}
