//! `RAYON_NUM_THREADS=1 cargo bench --bench kernels`: int8 multiplication, ours against rten-gemm's,
//! one thread, on the shapes of an OPUS-MT model. Ours scales the sums and adds the bias in the
//! same pass; rten-gemm's result is the bare sums.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_tensor::prelude::*;
use rten_tensor::{Matrix, NdTensor};
use visavis::engine::kernels::{Packed, Quantised, available};
use visavis::model::packing::pack;

/// Runs are many and short, so that the turns of other programs fall into few of them.
const RUNS: usize = 51;

fn main() {
    // Without this rten-gemm takes all cores.
    if std::env::var("RAYON_NUM_THREADS").as_deref() != Ok("1") {
        println!("set RAYON_NUM_THREADS=1, so that both have one thread");
        return;
    }
    println!(
        "rows inputs outputs kernel GOPS (median of {RUNS}; an operation is half a multiply-add)"
    );
    // The matrices of the layers, and the vocabulary's (cut to a part of what it has).
    let matrices = [(512, 512), (512, 2048), (2048, 512), (512, 8192)];
    let sizes = [1, 8, 32, 96].map(|rows| matrices.map(|(i, o)| (rows, i, o)));
    for (rows, inputs, outputs) in sizes.into_iter().flatten() {
        let operations = 2.0 * (rows * inputs * outputs) as f64;
        let repeats = ((2e8 / operations) as usize).max(1);
        let weights: Vec<i8> = (0..inputs * outputs)
            .map(|i| (i * 7 % 255) as u8 as i8)
            .collect();
        let packed = pack(&weights, inputs);
        let (scales, bias) = (vec![0.01; outputs], vec![0.0; outputs]);
        let packed = Packed {
            weights: &packed,
            scales: &scales,
            bias: &bias,
            offsets: &[],
            inputs,
        };
        let input: Vec<f32> = (0..rows * inputs)
            .map(|i| (i % 101) as f32 - 50.0)
            .collect();
        for kernel in available()
            .iter()
            .skip(usize::from(rows * outputs > 1 << 16))
        {
            let mut quantised = Quantised::default();
            kernel.quantise(&input, inputs, &mut quantised);
            let mut output = vec![0.0; rows * outputs];
            let rate = median(repeats, || {
                kernel.multiply(&quantised, &packed, &mut output)
            });
            println!(
                "{rows} {inputs} {outputs} {} {:.0}",
                kernel.name(),
                operations / rate / 1e9
            );
        }
        // rten-gemm multiplies unsigned by signed numbers into 32-bit integers.
        let a = NdTensor::from_fn([rows, inputs], |[r, c]| ((r * inputs + c) % 127) as u8);
        let b = NdTensor::from_fn([inputs, outputs], |[i, o]| weights[o * inputs + i] / 2);
        let gemm = GemmExecutor::<u8, i8, i32>::default();
        let b = gemm.prepack_b(b.view() as Matrix<i8>);
        let mut output = vec![0i32; rows * outputs];
        let rate = median(repeats, || {
            gemm.gemm(
                &mut output,
                GemmInputA::Unpacked(a.view()),
                GemmInputB::Packed(&b),
                GemmOptions::default(),
            )
            .map(|_| ())
            .unwrap_or(());
        });
        println!(
            "{rows} {inputs} {outputs} rten-gemm {:.0}",
            operations / rate / 1e9
        );
    }
}

/// The median time of one call, in seconds.
fn median(repeats: usize, mut call: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            (0..repeats).for_each(|_| call());
            start.elapsed().as_secs_f64() / repeats as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}
