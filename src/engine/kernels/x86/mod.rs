//! Kernels for x86-64, by instruction set.
#![allow(unsafe_code)]

mod avx2;
mod avx512_sparse;
mod avx512_vnni;
mod avx_vnni;

pub use avx_vnni::AvxVnni;
pub use avx2::Avx2;
pub use avx512_vnni::Avx512Vnni;

use std::arch::x86_64::*;

use super::compact::{Halves, Sums, VALUE_BLOCK};
use super::rows;
use super::tiles::check_shapes;
use super::{Packed, Quantised};
use crate::model::packing::{GROUP, PANEL};

/// Outputs in a 256-bit register of 32-bit sums.
const LANES: usize = 8;

/// Scales the sums of a row and the outputs `from..from + 16` of a panel, those that there are,
/// adds the bias, and writes the result.
///
/// # Safety
/// The shapes must fit as [`check_shapes`] has it; the row and the output `from` exist.
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn finish_panel(
    sums: [__m256i; PANEL / LANES],
    input: &Quantised,
    weights: &Packed<'_>,
    output: &mut [f32],
    row: usize,
    from: usize,
) {
    let outputs = weights.outputs();
    let scale = _mm256_set1_ps(input.scales[row]);
    for (from, mut sums) in (from..).step_by(LANES).zip(sums) {
        if from + LANES <= outputs {
            // SAFETY: eight outputs from `from` exist, with their scales, biases and cells, and
            // their offsets where there are any.
            unsafe {
                if !weights.offsets.is_empty() {
                    let offsets = _mm256_loadu_si256(weights.offsets.as_ptr().add(from).cast());
                    sums = _mm256_add_epi32(sums, offsets);
                }
                let sums = _mm256_cvtepi32_ps(sums);
                let scales = _mm256_loadu_ps(weights.scales.as_ptr().add(from));
                let bias = _mm256_loadu_ps(weights.bias.as_ptr().add(from));
                let values = _mm256_mul_ps(sums, _mm256_mul_ps(scale, scales));
                let cells = output.as_mut_ptr().add(row * outputs + from);
                _mm256_storeu_ps(cells, _mm256_add_ps(values, bias));
            }
        } else {
            let mut integers = [0; LANES];
            // SAFETY: the array holds eight integers.
            unsafe { _mm256_storeu_si256(integers.as_mut_ptr().cast(), sums) };
            for (o, integer) in (from..outputs).zip(integers) {
                let number = (integer + weights.offset(o)) as f32;
                let scale = input.scales[row] * weights.scales[o];
                output[row * outputs + o] = number * scale + weights.bias[o];
            }
        }
    }
}

/// As [`compact::weigh`](super::compact::weigh); `add` adds to each 32-bit sum the products of four
/// weights with four values.
#[target_feature(enable = "avx2")]
#[inline]
fn weigh(
    halves: &Halves,
    values: &[i8],
    sums: &mut [Sums],
    add: impl Fn(__m256i, __m256i, __m256i) -> __m256i,
) {
    let (blocks, _) = values.as_chunks::<VALUE_BLOCK>();
    let blocks_of_group = sums.len();
    for (number, sums) in sums.iter_mut().enumerate() {
        let blocks = blocks[number.min(blocks.len())..]
            .iter()
            .step_by(blocks_of_group);
        for (sums, half) in sums.iter_mut().zip(halves) {
            for (part, sums) in sums.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                // SAFETY: there are eight integers.
                let mut sum = unsafe { _mm256_loadu_si256(sums.as_ptr().cast()) };
                for (four, block) in half.as_chunks::<GROUP>().0.iter().zip(blocks.clone()) {
                    let four = _mm256_set1_epi32(i32::from_le_bytes(*four));
                    let values = &block.as_chunks::<{ GROUP * LANES }>().0[part];
                    // SAFETY: a part is 32 bytes.
                    let values = unsafe { _mm256_loadu_si256(values.as_ptr().cast()) };
                    sum = add(sum, four, values);
                }
                // SAFETY: there is room for eight integers.
                unsafe { _mm256_storeu_si256(sums.as_mut_ptr().cast(), sum) };
            }
        }
    }
}

/// As [`rows::mask`](super::rows::mask).
#[target_feature(enable = "avx2")]
#[inline]
fn mask(numbers: &[f32; rows::LANES], threshold: f32) -> u16 {
    let threshold = _mm256_set1_ps(threshold);
    let (halves, _) = numbers.as_chunks::<LANES>();
    halves.iter().rev().fold(0, |mask, half| {
        // SAFETY: a half is eight numbers.
        let half = unsafe { _mm256_loadu_ps(half.as_ptr()) };
        let greater = _mm256_cmp_ps::<_CMP_GT_OQ>(half, threshold);
        mask << LANES | _mm256_movemask_ps(greater) as u16
    })
}

/// Bytes that come from memory together.
const LINE: usize = 64;

/// Asks for bytes that will soon be read.
pub fn fetch(bytes: &[u8]) {
    let first = bytes.as_ptr();
    for at in (0..bytes.len()).step_by(LINE) {
        // SAFETY: every 64-bit x86 has SSE; a prefetch reads nothing.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(first.wrapping_add(at).cast()) };
    }
}

/// Compiles the loops of [`super::float`] for a set of instructions, as functions that only code
/// which has looked for them may call.
macro_rules! float_functions {
    ($instructions:literal) => {
        use $crate::engine::kernels::compact::{Halves, POSITIONS, Sums};
        use $crate::engine::kernels::rows::{self, ROWS};
        use $crate::engine::kernels::{
            Attended, AttentionScratch, CompactMemory, Memory, Norm, Pool, Quantised, RowMajor,
            SourceMemory, attention, float, student,
        };

        #[target_feature(enable = $instructions)]
        pub fn quantise(input: &[f32], columns: usize, into: &mut Quantised) {
            float::quantise(input, columns, into);
        }

        #[target_feature(enable = $instructions)]
        pub fn swish_quantise(input: &mut [f32], columns: usize, into: &mut Quantised) {
            float::swish_quantise(input, columns, into);
        }

        #[target_feature(enable = $instructions)]
        pub fn swish(values: &mut [f32]) {
            float::swish(values);
        }

        #[target_feature(enable = $instructions)]
        pub fn multiply_f32(
            input: &[f32],
            columns: usize,
            weights: &[f32],
            bias: &[f32],
            output: &mut [f32],
        ) {
            float::multiply(input, columns, weights, bias, output);
        }

        #[target_feature(enable = $instructions)]
        pub fn quantise_by(
            input: &[f32],
            columns: usize,
            factor: f32,
            lowest: f32,
            into: &mut Quantised,
        ) {
            float::quantise_by(input, columns, factor, lowest, into);
        }

        #[target_feature(enable = $instructions)]
        pub fn relu(values: &mut [f32]) {
            float::relu(values);
        }

        #[target_feature(enable = $instructions)]
        pub fn recur(forget: &[f32], input: &[f32], state: &mut [f32], output: &mut [f32]) {
            student::recur(forget, input, state, output);
        }

        #[target_feature(enable = $instructions)]
        pub fn add_normalise(x: &mut [f32], y: &[f32], norm: &Norm<'_>) {
            float::add_normalise(x, y, norm);
        }

        #[target_feature(enable = $instructions)]
        pub fn attend(
            query: &[f32],
            memory: &Memory<'_>,
            positions: &[u32],
            heads: usize,
            weights: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            attention::attend(query, memory, positions, heads, weights, output);
        }

        #[target_feature(enable = $instructions)]
        pub fn attend_all(
            queries: &[f32],
            memory: &Memory<'_>,
            heads: usize,
            scratch: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            attention::attend_all(queries, memory, heads, scratch, output);
        }

        #[target_feature(enable = $instructions)]
        pub fn attend_as_marian(
            query: &[f32],
            memory: &SourceMemory,
            shares: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            student::attend(query, memory, shares, output);
        }

        #[target_feature(enable = $instructions)]
        pub fn attend_all_as_marian(
            queries: &[f32],
            memory: &Memory<'_>,
            heads: usize,
            scratch: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            student::attend_all(queries, memory, heads, scratch, output);
        }

        #[target_feature(enable = $instructions)]
        pub fn multiply_chosen(
            input: &Quantised,
            row: usize,
            weights: &RowMajor<'_>,
            chosen: &[u32],
            output: &mut [f32],
        ) {
            let dots = |values: &[i8], sum, rows: [&[i8]; ROWS]| dots(values, sum, rows);
            rows::multiply_chosen(input, row, weights, chosen, output, dots);
        }

        #[target_feature(enable = $instructions)]
        pub fn above(values: &[f32], threshold: f32, places: &mut Vec<u32>) {
            let mask = |numbers: &[f32; rows::LANES], threshold| mask(numbers, threshold);
            rows::above(values, threshold, places, mask);
        }

        #[target_feature(enable = $instructions)]
        pub fn remember(
            place: usize,
            keys: &[f32],
            values: &[f32],
            pool: &mut Pool,
            memory: &mut CompactMemory,
        ) {
            memory.write(place, keys, values, pool);
        }

        #[target_feature(enable = $instructions)]
        pub fn attend_compact(
            query: &[f32],
            attended: &Attended<'_>,
            scratch: &mut AttentionScratch,
            output: &mut [f32],
        ) {
            let dot = |query: &[i8], keys: &[u8]| dot(query, keys);
            let weigh =
                |halves: &Halves, values: &[i8], sums: &mut [Sums]| weigh(halves, values, sums);
            attended.attend(query, scratch, output, dot, weigh);
        }

        #[target_feature(enable = $instructions)]
        pub fn max_and_sum_exp(values: &[f32]) -> (f32, f32) {
            float::max_and_sum_exp(values)
        }
    };
}
use float_functions;

/// Implements the floating-point methods of [`super::Kernel`] by the functions that
/// [`float_functions`] makes in the module `floats`, whose instructions the kernel's constructor
/// has looked for.
macro_rules! float_methods {
    () => {
        fn quantise(&self, input: &[f32], columns: usize, into: &mut Quantised) {
            // SAFETY: the machine has the instructions, or there would be no such kernel; so below.
            unsafe { floats::quantise(input, columns, into) }
        }
        fn swish_quantise(&self, input: &mut [f32], columns: usize, into: &mut Quantised) {
            // SAFETY: as above.
            unsafe { floats::swish_quantise(input, columns, into) }
        }
        fn swish(&self, values: &mut [f32]) {
            // SAFETY: as above.
            unsafe { floats::swish(values) }
        }
        fn multiply_f32(
            &self,
            input: &[f32],
            columns: usize,
            weights: &[f32],
            bias: &[f32],
            output: &mut [f32],
        ) {
            // SAFETY: as above.
            unsafe { floats::multiply_f32(input, columns, weights, bias, output) }
        }
        fn quantise_by(
            &self,
            input: &[f32],
            columns: usize,
            factor: f32,
            lowest: f32,
            into: &mut Quantised,
        ) {
            // SAFETY: as above.
            unsafe { floats::quantise_by(input, columns, factor, lowest, into) }
        }
        fn relu(&self, values: &mut [f32]) {
            // SAFETY: as above.
            unsafe { floats::relu(values) }
        }
        fn recur(&self, forget: &[f32], input: &[f32], state: &mut [f32], output: &mut [f32]) {
            // SAFETY: as above.
            unsafe { floats::recur(forget, input, state, output) }
        }
        fn add_normalise(
            &self,
            x: &mut [f32],
            y: &[f32],
            norm: &$crate::engine::kernels::Norm<'_>,
        ) {
            // SAFETY: as above.
            unsafe { floats::add_normalise(x, y, norm) }
        }
        fn attend(
            &self,
            query: &[f32],
            memory: &$crate::engine::kernels::Memory<'_>,
            positions: &[u32],
            heads: usize,
            weights: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            // SAFETY: as above.
            unsafe { floats::attend(query, memory, positions, heads, weights, output) }
        }
        fn attend_all(
            &self,
            queries: &[f32],
            memory: &$crate::engine::kernels::Memory<'_>,
            heads: usize,
            scratch: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            // SAFETY: as above.
            unsafe { floats::attend_all(queries, memory, heads, scratch, output) }
        }
        fn attend_as_marian(
            &self,
            query: &[f32],
            memory: &$crate::engine::kernels::SourceMemory,
            shares: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            // SAFETY: as above.
            unsafe { floats::attend_as_marian(query, memory, shares, output) }
        }
        fn attend_all_as_marian(
            &self,
            queries: &[f32],
            memory: &$crate::engine::kernels::Memory<'_>,
            heads: usize,
            scratch: &mut Vec<f32>,
            output: &mut [f32],
        ) {
            // SAFETY: as above.
            unsafe { floats::attend_all_as_marian(queries, memory, heads, scratch, output) }
        }
        fn multiply_chosen(
            &self,
            input: &Quantised,
            row: usize,
            weights: &$crate::engine::kernels::RowMajor<'_>,
            chosen: &[u32],
            output: &mut [f32],
        ) {
            // SAFETY: as above.
            unsafe { floats::multiply_chosen(input, row, weights, chosen, output) }
        }
        fn above(&self, values: &[f32], threshold: f32, places: &mut Vec<u32>) {
            // SAFETY: as above.
            unsafe { floats::above(values, threshold, places) }
        }
        fn remember(
            &self,
            place: usize,
            keys: &[f32],
            values: &[f32],
            pool: &mut $crate::engine::kernels::Pool,
            memory: &mut $crate::engine::kernels::CompactMemory,
        ) {
            // SAFETY: as above.
            unsafe { floats::remember(place, keys, values, pool, memory) }
        }
        fn attend_compact(
            &self,
            query: &[f32],
            attended: &$crate::engine::kernels::Attended<'_>,
            scratch: &mut $crate::engine::kernels::AttentionScratch,
            output: &mut [f32],
        ) {
            // SAFETY: as above.
            unsafe { floats::attend_compact(query, attended, scratch, output) }
        }
        fn max_and_sum_exp(&self, values: &[f32]) -> (f32, f32) {
            // SAFETY: as above.
            unsafe { floats::max_and_sum_exp(values) }
        }
    };
}
use float_methods;
