//! One suite of cases, run on every kernel that this machine has.

use super::*;
use crate::model::packing::GROUP;
use proptest::prelude::*;

fn matrix(seed: u64, count: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn multiply_is_exact_and_independent_of_the_batch(
        rows in 1usize..14, groups in 1usize..40, outputs in 1usize..70, seed in any::<u64>(),
    ) {
        let inputs = groups * GROUP;
        let input = matrix(seed, rows * inputs);
        let weights: Vec<i8> =
            matrix(!seed, outputs * inputs).iter().map(|v| (v * 127.0) as i8).collect();
        let packed = pack(&weights, inputs);
        let scales = matrix(seed ^ 1, outputs);
        let bias = matrix(seed ^ 2, outputs);
        let offsets: Vec<i32> = match seed % 2 {
            0 => Vec::new(),
            _ => matrix(seed ^ 3, outputs).iter().map(|v| (v * 1e6) as i32).collect(),
        };
        let packed = Packed { weights: &packed, scales: &scales, bias: &bias, offsets: &offsets, inputs };
        let mut quantised = Quantised::default();
        Scalar.quantise(&input, inputs, &mut quantised);
        let expected: Vec<f32> = (0..rows * outputs).map(|cell| {
            let (r, o) = (cell / outputs, cell % outputs);
            let sum: i32 = (0..inputs)
                .map(|i| i32::from(quantised.values[r * inputs + i]) * i32::from(weights[o * inputs + i]))
                .sum();
            let sum = sum + offsets.get(o).unwrap_or(&0);
            sum as f32 * (quantised.scales[r] * scales[o]) + bias[o]
        }).collect();
        for kernel in available() {
            let mut output = vec![f32::NAN; rows * outputs];
            kernel.multiply(&quantised, &packed, &mut output);
            prop_assert_eq!(&output, &expected, "{}", kernel.name());
            let mut one = Quantised::default();
            kernel.quantise(&input[(rows - 1) * inputs..], inputs, &mut one);
            let mut alone = vec![f32::NAN; outputs];
            kernel.multiply(&one, &packed, &mut alone);
            prop_assert_eq!(&alone, &expected[(rows - 1) * outputs..], "{}", kernel.name());
        }
    }

    #[test]
    fn zeros_are_passed_over_to_the_same_sums(
        rows in 1usize..20, slices in 1usize..4, rest in 0usize..2, outputs in 1usize..210,
        share in 0.0f32..1.0, seed in any::<u64>(),
    ) {
        // Rows in whole slices of 64 groups, and others.
        let inputs = slices * 64 * GROUP + rest * GROUP;
        let holes = matrix(seed ^ 7, rows * inputs);
        let numbers = matrix(seed, rows * inputs);
        let values = holes.iter().zip(&numbers).map(|(hole, number)| {
            if hole.abs() < share { 0 } else { (number.abs() * 127.0) as i8 }
        });
        let mut input = Quantised::default();
        input.reshape(rows, inputs);
        input.values = values.collect();
        input.scales = matrix(seed ^ 1, rows);
        for (sum, row) in input.sums.iter_mut().zip(input.values.chunks_exact(inputs)) {
            *sum = row.iter().map(|&value| i32::from(value)).sum();
        }
        let weights: Vec<i8> =
            matrix(!seed, outputs * inputs).iter().map(|v| (v * 127.0) as i8).collect();
        let packed = pack(&weights, inputs);
        let (scales, bias) = (matrix(seed ^ 2, outputs), matrix(seed ^ 3, outputs));
        let offsets: Vec<i32> = (0..outputs as i32).collect();
        let packed = Packed { weights: &packed, scales: &scales, bias: &bias, offsets: &offsets, inputs };
        let mut expected = vec![f32::NAN; rows * outputs];
        Scalar.multiply(&input, &packed, &mut expected);
        let mut scratch = SparseScratch::default();
        for kernel in available() {
            // What an earlier call left behind does not matter.
            for _ in 0..2 {
                let mut output = vec![f32::NAN; rows * outputs];
                kernel.multiply_sparse(&input, &packed, &mut scratch, &mut output);
                prop_assert_eq!(&output, &expected, "{}", kernel.name());
            }
        }
    }

    #[test]
    fn floating_point_loops_give_the_same_bits_on_every_kernel(
        rows in 1usize..18, eighths in 1usize..20, seed in any::<u64>(),
    ) {
        let heads = 2;
        let columns = heads * eighths * 8;
        let x = matrix(seed, rows * columns);
        let y = matrix(seed ^ 3, rows * columns);
        let (gain, bias) = (matrix(seed ^ 4, columns), matrix(seed ^ 5, columns));
        let memory = Memory { keys: &y, values: &x, stride: columns };
        let positions: Vec<u32> = (0..rows as u32).rev().collect();
        let run = |kernel: &dyn Kernel| {
            let mut normalised = x.clone();
            let norm = Norm { gain: &gain, bias: &bias, epsilon: 1e-5, as_marian: false };
            kernel.add_normalise(&mut normalised, &y, &norm);
            let norm = Norm { as_marian: true, ..norm };
            let mut as_marian = y.clone();
            kernel.add_normalise(&mut as_marian, &x, &norm);
            let (mut shares, mut first) = (Vec::new(), vec![0.0; columns]);
            let source = SourceMemory::new(heads, columns / heads, &y, &x);
            kernel.attend_as_marian(&x[..columns], &source, &mut shares, &mut first);
            let (mut scratch, mut every) = (Vec::new(), vec![0.0; rows * columns]);
            kernel.attend_all_as_marian(&x, &memory, heads, &mut scratch, &mut every);
            let mut by_factor = Quantised::default();
            kernel.quantise_by(&y, columns, 150.0, -127.0, &mut by_factor);
            let mut state = x.clone();
            let mut positive = vec![0.0; state.len()];
            kernel.recur(&y, &normalised, &mut state, &mut positive);
            kernel.relu(&mut state);
            let mut swished = y.clone();
            let mut quantised = Quantised::default();
            kernel.swish_quantise(&mut swished, columns, &mut quantised);
            let (mut weights, mut one) = (Vec::new(), vec![0.0; columns]);
            kernel.attend(&x[..columns], &memory, &positions, heads, &mut weights, &mut one);
            let (mut scratch, mut all) = (Vec::new(), vec![0.0; rows * columns]);
            kernel.attend_all(&x, &memory, heads, &mut scratch, &mut all);
            let mut product = vec![0.0; rows * rows];
            kernel.multiply_f32(&x, columns, &y, &matrix(seed ^ 6, rows), &mut product);
            kernel.swish(&mut normalised);
            let (mut pool, mut memory) = (Pool::default(), CompactMemory::new(heads, columns / heads));
            kernel.remember(0, &y, &x, &mut pool, &mut memory);
            let compact = [Positions::All, Positions::Path(&[0]), Positions::Path(&(0..rows as u32).collect::<Vec<_>>())].map(|positions| {
                let (mut scratch, mut output) = (AttentionScratch::default(), vec![0.0; columns]);
                let attended = Attended { pool: &pool, memory: &memory, positions, next: None, tell_shares: true };
                kernel.attend_compact(&x[..columns], &attended, &mut scratch, &mut output);
                (scratch.shares, output)
            });
            ((as_marian, shares, first, every, by_factor.values, by_factor.sums, state, positive), compact, product, normalised, quantised.values, quantised.scales, weights, one, all, kernel.max_and_sum_exp(&x))
        };
        let expected = run(&Scalar);
        for kernel in available() {
            prop_assert_eq!(&run(&*kernel), &expected, "{}", kernel.name());
        }
    }

    #[test]
    fn chosen_rows_are_those_of_the_whole_matrix(
        rows in 1usize..4, groups in 1usize..40, outputs in 1usize..40, seed in any::<u64>(),
    ) {
        let inputs = groups * GROUP;
        let weights: Vec<i8> =
            matrix(!seed, outputs * inputs).iter().map(|v| (v * 127.0) as i8).collect();
        let (scales, bias) = (matrix(seed ^ 1, outputs), matrix(seed ^ 2, outputs));
        let packed = pack(&weights, inputs);
        let offsets: Vec<i32> = (0..outputs as i32).map(|o| (seed as i32).wrapping_mul(o) % 1000).collect();
        let packed = Packed { weights: &packed, scales: &scales, bias: &bias, offsets: &offsets, inputs };
        let row_major = RowMajor { weights: &weights, scales: &scales, bias: &bias, offsets: &offsets };
        let mut quantised = Quantised::default();
        Scalar.quantise(&matrix(seed, rows * inputs), inputs, &mut quantised);
        let mut all = vec![0.0; rows * outputs];
        Scalar.multiply(&quantised, &packed, &mut all);
        let last = &all[(rows - 1) * outputs..];
        let chosen: Vec<u32> = (0..outputs as u32).filter(|o| (seed >> (o % 64)) & 1 == 1).collect();
        let expected: Vec<f32> = chosen.iter().map(|&o| last[o as usize]).collect();
        let above: Vec<u32> = (0..outputs as u32).filter(|&o| last[o as usize] > 0.1).collect();
        for kernel in available() {
            let mut output = vec![f32::NAN; chosen.len()];
            kernel.multiply_chosen(&quantised, rows - 1, &row_major, &chosen, &mut output);
            prop_assert_eq!(&output, &expected, "{}", kernel.name());
            let mut places = Vec::new();
            kernel.above(last, 0.1, &mut places);
            prop_assert_eq!(&places, &above, "{}", kernel.name());
        }
    }

    #[test]
    fn quantising_loses_at_most_half_a_step(values in prop::collection::vec(-1e4f32..1e4, 8..64)) {
        let columns = values.len();
        for kernel in available() {
            let mut quantised = Quantised::default();
            kernel.quantise(&values, columns, &mut quantised);
            let scale = quantised.scales[0];
            for (value, q) in values.iter().zip(&quantised.values) {
                prop_assert!(*q != i8::MIN);
                prop_assert!((value - f32::from(*q) * scale).abs() <= scale * 0.501);
            }
        }
    }

    #[test]
    fn exp_is_close(x in -87.0f32..88.0) {
        let (got, expected) = (float::exp(x), x.exp());
        prop_assert!((got - expected).abs() <= expected * 3e-7, "{x}: {got} {expected}");
    }
}

#[test]
fn attention_of_one_query_and_of_all_agree_with_the_definition() {
    let (rows, heads, width) = (5, 2, 40);
    let columns = heads * width;
    let (q, k, v) = (
        matrix(1, rows * columns),
        matrix(2, rows * columns),
        matrix(3, rows * columns),
    );
    let memory = Memory {
        keys: &k,
        values: &v,
        stride: columns,
    };
    let positions: Vec<u32> = (0..rows as u32).collect();
    for kernel in available() {
        let (mut scratch, mut all) = (Vec::new(), vec![0.0; rows * columns]);
        kernel.attend_all(&q, &memory, heads, &mut scratch, &mut all);
        for r in 0..rows {
            let query = &q[r * columns..][..columns];
            let (mut weights, mut one) = (Vec::new(), vec![0.0; columns]);
            kernel.attend(query, &memory, &positions, heads, &mut weights, &mut one);
            for h in 0..heads {
                let score = |p: usize| -> f64 {
                    (0..width)
                        .map(|d| {
                            f64::from(query[h * width + d])
                                * f64::from(k[p * columns + h * width + d])
                        })
                        .sum::<f64>()
                        / (width as f64).sqrt()
                };
                let total: f64 = (0..rows).map(|p| score(p).exp()).sum();
                for d in 0..width {
                    let c = h * width + d;
                    let expected: f64 = (0..rows)
                        .map(|p| score(p).exp() / total * f64::from(v[p * columns + c]))
                        .sum();
                    assert!(
                        (expected - f64::from(one[c])).abs() < 1e-5,
                        "{}",
                        kernel.name()
                    );
                    assert!(
                        (expected - f64::from(all[r * columns + c])).abs() < 1e-5,
                        "{}",
                        kernel.name()
                    );
                }
            }
        }
    }
}

#[test]
fn attention_in_8_bits_is_close_to_that_in_f32() {
    for (rows, heads, width) in [(1, 1, 4), (5, 2, 40), (16, 8, 64), (40, 3, 6)] {
        let columns = heads * width;
        let query = matrix(1, columns);
        let (keys, values) = (matrix(2, rows * columns), matrix(3, rows * columns));
        let plain = Memory {
            keys: &keys,
            values: &values,
            stride: columns,
        };
        let path: Vec<u32> = (0..rows as u32).step_by(3).rev().collect();
        for kernel in available() {
            let mut memory = CompactMemory::new(heads, width);
            let mut pool = Pool::default();
            // What was there before leaves no trace.
            kernel.remember(0, &values, &keys, &mut pool, &mut memory);
            kernel.remember(0, &keys, &values, &mut pool, &mut memory);
            let (mut weights, mut expected) = (Vec::new(), vec![0.0; columns]);
            kernel.attend(&query, &plain, &path, heads, &mut weights, &mut expected);
            let (mut scratch, mut got) = (AttentionScratch::default(), vec![0.0; columns]);
            let attended = Attended {
                pool: &pool,
                memory: &memory,
                positions: Positions::Path(&path),
                next: Some(&memory),
                tell_shares: true,
            };
            kernel.attend_compact(&query, &attended, &mut scratch, &mut got);
            let pairs = weights.iter().zip(&scratch.shares);
            for (expected, got) in pairs.chain(expected.iter().zip(&got)) {
                assert!((expected - got).abs() < 0.02, "{}", kernel.name());
            }
        }
    }
}

#[test]
fn multiply_is_exact_at_the_edges_of_tiles_and_numbers() {
    // The greatest magnitudes with all signs, where a sum of products in 16 bits would overflow.
    let extreme = |at: usize| [127i8, -127, 127, 127, -127, -127, 0][at % 7];
    for rows in 1..=13 {
        for inputs in [4, 8, 12, 16, 20, 64, 68] {
            for outputs in [1, 4, 15, 16, 17, 31, 32, 33, 64, 65, 79, 96] {
                let weights: Vec<i8> = (0..outputs * inputs).map(|at| extreme(at / 3)).collect();
                let values: Vec<i8> = (0..rows * inputs).map(extreme).collect();
                let (scales, bias) = (vec![0.5; outputs], vec![3.0; outputs]);
                let expected: Vec<f32> = (0..rows * outputs)
                    .map(|cell| {
                        let row = &values[cell / outputs * inputs..][..inputs];
                        let weights = &weights[cell % outputs * inputs..][..inputs];
                        let products = row.iter().zip(weights);
                        let sum: i32 = products.map(|(&v, &w)| i32::from(v) * i32::from(w)).sum();
                        sum as f32 * 0.25 * 0.5 + 3.0
                    })
                    .collect();
                let row_sum = |row: &[i8]| row.iter().map(|&value| i32::from(value)).sum();
                let input = Quantised {
                    sums: values.chunks_exact(inputs).map(row_sum).collect(),
                    scales: vec![0.25; rows],
                    values,
                    columns: inputs,
                };
                let packed = pack(&weights, inputs);
                let packed = Packed {
                    weights: &packed,
                    scales: &scales,
                    bias: &bias,
                    offsets: &[],
                    inputs,
                };
                for kernel in available() {
                    let mut output = vec![f32::NAN; rows * outputs];
                    kernel.multiply(&input, &packed, &mut output);
                    let shape = (rows, inputs, outputs);
                    assert_eq!(output, expected, "{} {shape:?}", kernel.name());
                }
            }
        }
    }
}
