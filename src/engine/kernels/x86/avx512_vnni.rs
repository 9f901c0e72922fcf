//! AVX-512 with VNNI, the dot product of bytes.

use std::arch::x86_64::*;
use std::ops::Range;

use super::super::{Kernel, Packed, Quantised, SparseScratch};
use super::{LINE, avx512_sparse, check_shapes, float_methods};
use crate::model::packing::{GROUP, PANEL};

/// 512-bit vectors with a dot product of bytes. Only [`Avx512Vnni::new`] makes one, after looking
/// at the machine.
#[derive(Debug, Clone, Copy)]
pub struct Avx512Vnni(());

impl Avx512Vnni {
    /// The kernel, if this machine runs it.
    pub fn new() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vnni");
        found.then_some(Self(()))
    }
}

impl Kernel for Avx512Vnni {
    fn name(&self) -> &'static str {
        "avx512-vnni"
    }

    fn multiply(&self, input: &Quantised, weights: &Packed<'_>, output: &mut [f32]) {
        check_shapes(input, weights, output);
        // SAFETY: the machine has the instructions, or there would be no such kernel; the shapes
        // fit.
        unsafe { multiply(input, weights, output) }
    }

    fn multiply_sparse(
        &self,
        input: &Quantised,
        weights: &Packed<'_>,
        scratch: &mut SparseScratch,
        output: &mut [f32],
    ) {
        check_shapes(input, weights, output);
        // SAFETY: as above.
        if !unsafe { avx512_sparse::multiply(input, weights, scratch, output) } {
            self.multiply(input, weights, output);
        }
    }

    float_methods!();
}

mod floats {
    use std::arch::x86_64::*;

    use crate::engine::kernels::compact::VALUE_BLOCK;
    use crate::model::packing::GROUP;

    super::super::float_functions!("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni");

    /// As [`rows::dots`](crate::engine::kernels::rows::dots). As in [`super::tile_of`], 128 is added
    /// to the weights and taken off the result.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
    #[inline]
    fn dots(values: &[i8], sum: i32, chosen: [&[i8]; ROWS]) -> [i32; ROWS] {
        const BLOCK: usize = 64;
        assert!(chosen.iter().all(|row| row.len() == values.len()));
        let flip = _mm512_set1_epi8(i8::MIN);
        let mut sums = [_mm512_setzero_si512(); ROWS];
        for from in (0..values.len()).step_by(BLOCK) {
            let count = BLOCK.min(values.len() - from);
            let mask = u64::MAX >> (BLOCK - count);
            // SAFETY: the first `count` bytes from there exist, in the values and in each row; the
            // mask keeps off the others.
            unsafe {
                let values = _mm512_maskz_loadu_epi8(mask, values.as_ptr().add(from));
                for (sum, row) in sums.iter_mut().zip(&chosen) {
                    let row = _mm512_maskz_loadu_epi8(mask, row.as_ptr().add(from));
                    *sum = _mm512_dpbusd_epi32(*sum, _mm512_xor_si512(row, flip), values);
                }
            }
        }
        add_up(sums).map(|products| products - 128 * sum)
    }

    /// The sums of the numbers of four vectors.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
    #[inline]
    fn add_up([a, b, c, d]: [__m512i; ROWS]) -> [i32; ROWS] {
        let pairs =
            |a, b| _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
        let (first, last) = (pairs(a, b), pairs(c, d));
        let fours = _mm512_add_epi32(
            _mm512_unpacklo_epi64(first, last),
            _mm512_unpackhi_epi64(first, last),
        );
        let halves = _mm256_add_epi32(
            _mm512_castsi512_si256(fours),
            _mm512_extracti64x4_epi64::<1>(fours),
        );
        let quarters = _mm_add_epi32(
            _mm256_castsi256_si128(halves),
            _mm256_extracti128_si256::<1>(halves),
        );
        let mut sums = [0; ROWS];
        // SAFETY: the array holds four integers.
        unsafe { _mm_storeu_si128(sums.as_mut_ptr().cast(), quarters) };
        sums
    }

    /// As [`compact::dot`](crate::engine::kernels::compact::dot): one instruction a group.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
    #[inline]
    fn dot(query: &[i8], keys: &[u8]) -> [i32; POSITIONS] {
        /// Sums that are computed side by side, to hide the time that one takes.
        const TOGETHER: usize = 4;
        let mut partial = [_mm512_setzero_si512(); TOGETHER];
        let (fours, _) = query.as_chunks::<GROUP>();
        let (groups, _) = keys.as_chunks::<{ GROUP * POSITIONS }>();
        let add = |sum: &mut __m512i, four: &[i8; GROUP], group: &[u8; GROUP * POSITIONS]| {
            let four = _mm512_set1_epi32(i32::from_le_bytes(four.map(|byte| byte as u8)));
            // SAFETY: a group is 64 bytes.
            let group = unsafe { _mm512_loadu_si512(group.as_ptr().cast()) };
            *sum = _mm512_dpbusd_epi32(*sum, group, four);
        };
        let ((fours, last_fours), (groups, last_groups)) = (
            fours.as_chunks::<TOGETHER>(),
            groups.as_chunks::<TOGETHER>(),
        );
        for (fours, groups) in fours.iter().zip(groups) {
            for ((sum, four), group) in partial.iter_mut().zip(fours).zip(groups) {
                add(sum, four, group);
            }
        }
        for (four, group) in last_fours.iter().zip(last_groups) {
            add(&mut partial[0], four, group);
        }
        let [a, b, c, d] = partial;
        let sum = _mm512_add_epi32(_mm512_add_epi32(a, b), _mm512_add_epi32(c, d));
        let mut sums = [0; POSITIONS];
        // SAFETY: the array holds 16 integers.
        unsafe { _mm512_storeu_si512(sums.as_mut_ptr().cast(), sum) };
        sums
    }

    /// As [`rows::mask`].
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
    #[inline]
    fn mask(numbers: &[f32; rows::LANES], threshold: f32) -> u16 {
        // SAFETY: there are 16 numbers.
        let numbers = unsafe { _mm512_loadu_ps(numbers.as_ptr()) };
        _mm512_cmp_ps_mask::<_CMP_GT_OQ>(numbers, _mm512_set1_ps(threshold))
    }

    /// As [`compact::weigh`](crate::engine::kernels::compact::weigh): one instruction a group and
    /// half.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
    #[inline]
    fn weigh(halves: &Halves, values: &[i8], sums: &mut [Sums]) {
        let (blocks, _) = values.as_chunks::<VALUE_BLOCK>();
        let blocks_of_group = sums.len();
        for (number, sums) in sums.chunks_mut(TOGETHER).enumerate() {
            let blocks = &blocks[(number * TOGETHER).min(blocks.len())..];
            match sums.len() {
                1 => weigh_blocks::<1>(halves, blocks, blocks_of_group, sums),
                2 => weigh_blocks::<2>(halves, blocks, blocks_of_group, sums),
                3 => weigh_blocks::<3>(halves, blocks, blocks_of_group, sums),
                _ => weigh_blocks::<TOGETHER>(halves, blocks, blocks_of_group, sums),
            }
        }
    }

    /// Blocks whose sums stay in registers.
    const TOGETHER: usize = 4;

    /// The part of [`weigh`] for the first `N` of each `stride` blocks.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
    #[inline]
    fn weigh_blocks<const N: usize>(
        halves: &Halves,
        blocks: &[[i8; VALUE_BLOCK]],
        stride: usize,
        sums: &mut [Sums],
    ) {
        let Ok(sums) = <&mut [Sums; N]>::try_from(sums) else {
            unreachable!("there are as many sums as blocks");
        };
        let mut upper = [_mm512_setzero_si512(); N];
        let mut lower = [_mm512_setzero_si512(); N];
        for n in 0..N {
            // SAFETY: there are 16 integers in each.
            unsafe {
                upper[n] = _mm512_loadu_si512(sums[n][0].as_ptr().cast());
                lower[n] = _mm512_loadu_si512(sums[n][1].as_ptr().cast());
            }
        }
        let ((uppers, _), (lowers, _)) = (
            halves[0].as_chunks::<GROUP>(),
            halves[1].as_chunks::<GROUP>(),
        );
        for group in 0..uppers.len() {
            let Some(blocks) = blocks.get(group * stride..group * stride + N) else {
                break;
            };
            let uppers = _mm512_set1_epi32(i32::from_le_bytes(uppers[group]));
            let lowers = _mm512_set1_epi32(i32::from_le_bytes(lowers[group]));
            for n in 0..N {
                // SAFETY: a block is 64 bytes.
                let block = unsafe { _mm512_loadu_si512(blocks[n].as_ptr().cast()) };
                upper[n] = _mm512_dpbusd_epi32(upper[n], uppers, block);
                lower[n] = _mm512_dpbusd_epi32(lower[n], lowers, block);
            }
        }
        for n in 0..N {
            // SAFETY: there is room for 16 integers in each.
            unsafe {
                _mm512_storeu_si512(sums[n][0].as_mut_ptr().cast(), upper[n]);
                _mm512_storeu_si512(sums[n][1].as_mut_ptr().cast(), lower[n]);
            }
        }
    }
}

/// Multiplies, a few panels of weights at a time over all rows, so that the weights are read from
/// memory once. Few rows take more panels at once: there must be enough sums on the way to hide
/// the time that one takes.
///
/// # Safety
/// The shapes must fit as [`check_shapes`] has it.
#[target_feature(enable = "avx512f,avx512vnni")]
unsafe fn multiply(input: &Quantised, weights: &Packed<'_>, output: &mut [f32]) {
    let rows = input.rows();
    let (tile_rows, tile_panels) = if rows <= 6 { (6, 4) } else { (12, 2) };
    let tiles = rows.div_ceil(tile_rows);
    let panels = weights.outputs().div_ceil(PANEL);
    let mut panel = 0;
    while panel < panels {
        let width = if panel + tile_panels <= panels {
            tile_panels
        } else {
            1
        };
        let mut first = 0;
        for tile in 0..tiles {
            let ahead = ahead(weights, panel + width..panel + 2 * width, tile, tiles);
            // Tiles of nearly equal height: a last one of one row would waste the loads.
            let height = (rows - first).div_ceil(tiles - tile);
            macro_rules! tile {
                ($($rows:literal)*) => {
                    match (height, width) {
                        // SAFETY: rows `first..first + height` and the panels exist.
                        $(($rows, 4) => unsafe {
                            tile_of::<$rows, 4>(input, weights, output, first, panel, ahead)
                        },
                        ($rows, 2) => unsafe {
                            tile_of::<$rows, 2>(input, weights, output, first, panel, ahead)
                        },
                        ($rows, _) => unsafe {
                            tile_of::<$rows, 1>(input, weights, output, first, panel, ahead)
                        },)*
                        _ => unreachable!("tiles are at most twelve rows high"),
                    }
                };
            }
            tile!(1 2 3 4 5 6 7 8 9 10 11 12);
            first += height;
        }
        panel += width;
    }
}

/// A share of some `panels`, which should come from memory while a tile is computed: the weights of a
/// model are more than the caches hold.
fn ahead<'a>(weights: &Packed<'a>, panels: Range<usize>, share: usize, shares: usize) -> &'a [i8] {
    let panel = PANEL * weights.inputs;
    let bytes = panels.len() * panel;
    let at = |share: usize| panels.start * panel + bytes * share / shares;
    let end = weights.weights.len();
    &weights.weights[at(share).min(end)..at(share + 1).min(end)]
}

/// Computes `ROWS` rows of `PANELS` panels. What lies `ahead` comes from memory meanwhile, line by
/// line: there is room for few on their way, and while it is taken nothing comes from nearer either.
///
/// The instruction wants one side unsigned: 128 is added to the weights by flipping their top bit,
/// and 128 times the sum of the row's inputs is taken off the result.
///
/// # Safety
/// As for [`multiply`]; `first + ROWS` rows and `panel + PANELS` panels exist.
#[target_feature(enable = "avx512f,avx512vnni")]
#[inline]
unsafe fn tile_of<const ROWS: usize, const PANELS: usize>(
    input: &Quantised,
    weights: &Packed<'_>,
    output: &mut [f32],
    first: usize,
    panel: usize,
    ahead: &[i8],
) {
    let columns = input.columns;
    let groups_of_row = columns / GROUP;
    let mut lines = ahead.chunks(LINE);
    let mut credit = 0;
    let flip = _mm512_set1_epi8(i8::MIN);
    let mut sums: [[__m512i; PANELS]; ROWS] =
        std::array::from_fn(|row| [_mm512_set1_epi32(-128 * input.sums[first + row]); PANELS]);
    // SAFETY: the panels lie wholly in the weights, 64 bytes for each group of inputs; a row's
    // values are `columns` bytes, read in groups of four.
    unsafe {
        let mut groups = weights.weights.as_ptr().add(panel * PANEL * columns);
        let mut values = input.values.as_ptr().add(first * columns);
        for _ in 0..groups_of_row {
            credit += ahead.len();
            while credit >= groups_of_row * LINE {
                credit -= groups_of_row * LINE;
                if let Some(line) = lines.next() {
                    _mm_prefetch::<_MM_HINT_T1>(line.as_ptr());
                }
            }
            let unsigned: [__m512i; PANELS] = std::array::from_fn(|p| {
                let group = groups.add(p * PANEL * columns);
                _mm512_xor_si512(_mm512_loadu_si512(group.cast()), flip)
            });
            for (row, sums) in sums.iter_mut().enumerate() {
                let four = values.add(row * columns).cast::<i32>().read_unaligned();
                let four = _mm512_set1_epi32(four);
                for (sum, &unsigned) in sums.iter_mut().zip(&unsigned) {
                    *sum = _mm512_dpbusd_epi32(*sum, unsigned, four);
                }
            }
            groups = groups.add(PANEL * GROUP);
            values = values.add(GROUP);
        }
    }
    for (row, sums) in (first..).zip(sums) {
        // SAFETY: the row and the panels exist.
        unsafe { finish(sums, input, weights, output, row, panel) };
    }
}

/// Scales the sums of a row and of `PANELS` panels from `panel` on, adds the bias, and writes the
/// result.
///
/// # Safety
/// As for [`multiply`]; the row and the panels exist.
#[target_feature(enable = "avx512f,avx512vnni")]
#[inline]
pub(super) unsafe fn finish<const PANELS: usize>(
    sums: [__m512i; PANELS],
    input: &Quantised,
    weights: &Packed<'_>,
    output: &mut [f32],
    row: usize,
    panel: usize,
) {
    let outputs = weights.outputs();
    let scale = _mm512_set1_ps(input.scales[row]);
    for (from, mut sum) in (panel * PANEL..).step_by(PANEL).zip(sums) {
        let count = PANEL.min(outputs - from);
        let mask = ((1u32 << count) - 1) as __mmask16;
        // SAFETY: the first `count` outputs from `from` exist, with their scales, biases and
        // cells, and their offsets where there are any; the mask keeps off the others.
        unsafe {
            if !weights.offsets.is_empty() {
                let offsets = weights.offsets.as_ptr().add(from);
                sum = _mm512_add_epi32(sum, _mm512_maskz_loadu_epi32(mask, offsets));
            }
            let scales = _mm512_maskz_loadu_ps(mask, weights.scales.as_ptr().add(from));
            let bias = _mm512_maskz_loadu_ps(mask, weights.bias.as_ptr().add(from));
            let values = _mm512_mul_ps(_mm512_cvtepi32_ps(sum), _mm512_mul_ps(scale, scales));
            let cells = output.as_mut_ptr().add(row * outputs + from);
            _mm512_mask_storeu_ps(cells, mask, _mm512_add_ps(values, bias));
        }
    }
}
