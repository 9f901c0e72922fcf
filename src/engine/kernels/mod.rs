//! The inner loops, in a variant for each instruction set, chosen at run time.
//!
//! Integer results are the same on every kernel, bit for bit. Floating-point loops are written
//! once ([`float`]) in a fixed order of operations without fused multiply-add and compiled for
//! each instruction set, so that they too give the same bits everywhere.

#[cfg(target_arch = "aarch64")]
mod aarch64;
mod attention;
mod compact;
mod float;
mod pool;
mod rows;
mod scalar;
mod student;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod tiles;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use compact::{Attended, AttentionScratch, CompactMemory, Positions};
pub use pool::Pool;
pub use scalar::Scalar;
pub use student::SourceMemory;

use std::sync::OnceLock;

use crate::model::packing::{PANEL, pack};

/// Rows of activations in 8 bits with a scale each: `value ≈ values[i] * scale`.
#[derive(Debug, Default, Clone)]
pub struct Quantised {
    /// Numbers of −127..=127, row after row.
    pub values: Vec<i8>,
    /// The sum of each row's values.
    pub sums: Vec<i32>,
    /// One scale a row.
    pub scales: Vec<f32>,
    /// Values in a row; a multiple of [`GROUP`](crate::model::packing::GROUP).
    pub columns: usize,
}

impl Quantised {
    /// Rows held.
    pub fn rows(&self) -> usize {
        self.scales.len()
    }

    /// Makes room for `rows` rows of `columns`, whose content is unspecified.
    pub fn reshape(&mut self, rows: usize, columns: usize) {
        self.columns = columns;
        self.values.resize(rows * columns, 0);
        self.sums.resize(rows, 0);
        self.scales.resize(rows, 0.0);
    }
}

/// What [`Kernel::multiply_sparse`] needs on its way, kept from one call to the next.
#[derive(Debug, Default)]
pub struct SparseScratch {
    /// A bit for each group of inputs of each row: whether it holds anything but zeros.
    marks: Vec<u64>,
    /// Sums that are not complete.
    sums: Vec<i32>,
}

/// A matrix of 8-bit weights in the panels of [`packing`](crate::model::packing), with a scale and
/// a bias for each output.
#[derive(Debug, Clone, Copy)]
pub struct Packed<'a> {
    /// `panels × (inputs / 4) × 16 × 4` numbers of −127..=127.
    pub weights: &'a [i8],
    /// One scale an output.
    pub scales: &'a [f32],
    /// One bias an output.
    pub bias: &'a [f32],
    /// Added to the integer sum of each output; empty where nothing is.
    pub offsets: &'a [i32],
    /// Number of inputs; a multiple of [`GROUP`](crate::model::packing::GROUP).
    pub inputs: usize,
}

impl<'a> Packed<'a> {
    /// Number of outputs.
    pub fn outputs(&self) -> usize {
        self.scales.len()
    }

    /// The outputs `from..to`; `from` is a multiple of [`PANEL`].
    pub fn slice(&self, from: usize, to: usize) -> Packed<'a> {
        Packed {
            weights: &self.weights[from * self.inputs..to.next_multiple_of(PANEL) * self.inputs],
            scales: &self.scales[from..to],
            bias: &self.bias[from..to],
            offsets: self.offsets.get(from..to).unwrap_or_default(),
            inputs: self.inputs,
        }
    }

    /// What is added to the integer sum of an output.
    fn offset(&self, output: usize) -> i32 {
        self.offsets.get(output).copied().unwrap_or(0)
    }
}

/// A matrix of 8-bit weights, row-major, with a scale and a bias for each row.
#[derive(Debug, Clone, Copy)]
pub struct RowMajor<'a> {
    /// Numbers of −127..=127.
    pub weights: &'a [i8],
    /// One scale a row.
    pub scales: &'a [f32],
    /// One bias a row; empty for nothing.
    pub bias: &'a [f32],
    /// What is added to each row's integer sums; empty for nothing.
    pub offsets: &'a [i32],
}

/// Gain and bias of a layer normalisation.
#[derive(Debug, Clone, Copy)]
pub struct Norm<'a> {
    /// One factor a column.
    pub gain: &'a [f32],
    /// One summand a column.
    pub bias: &'a [f32],
    /// Added to the variance.
    pub epsilon: f32,
    /// Whether to compute in Marian's order of operations.
    pub as_marian: bool,
}

/// Keys and values of the positions that a query attends to.
#[derive(Debug, Clone, Copy)]
pub struct Memory<'a> {
    /// One key a position, each `width` numbers, `stride` numbers apart.
    pub keys: &'a [f32],
    /// One value a position, laid out as the keys.
    pub values: &'a [f32],
    /// From one position to the next.
    pub stride: usize,
}

/// The inner loops for one instruction set.
pub trait Kernel: Send + Sync + std::fmt::Debug {
    /// The instruction set, for `--verbose` and benchmarks.
    fn name(&self) -> &'static str;

    /// Quantises rows of `columns` numbers: the greatest magnitude of a row becomes 127.
    fn quantise(&self, input: &[f32], columns: usize, into: &mut Quantised);

    /// Multiplies each number by `factor` and rounds it, half to even, to `lowest ..= 127`: −127,
    /// or 0 where negative numbers count as zero. The scales of the rows become 1.
    fn quantise_by(
        &self,
        input: &[f32],
        columns: usize,
        factor: f32,
        lowest: f32,
        into: &mut Quantised,
    );

    /// Applies `x · sigmoid(x)` to each number, then quantises as [`Kernel::quantise`] does.
    fn swish_quantise(&self, input: &mut [f32], columns: usize, into: &mut Quantised);

    /// `output[r][o] = Σ input[r][i] · weights[o][i] + bias[o]`; `output` is row-major,
    /// `input.rows() × weights.outputs()`.
    fn multiply(&self, input: &Quantised, weights: &Packed<'_>, output: &mut [f32]);

    /// As [`Kernel::multiply`] for inputs none of which is negative, and of which many are zero.
    fn multiply_sparse(
        &self,
        input: &Quantised,
        weights: &Packed<'_>,
        _scratch: &mut SparseScratch,
        output: &mut [f32],
    ) {
        self.multiply(input, weights, output);
    }

    /// As [`Kernel::multiply`] for one row of `input` and the `chosen` rows of a matrix that is not
    /// packed; `output` gets a number for each of them.
    fn multiply_chosen(
        &self,
        input: &Quantised,
        row: usize,
        weights: &RowMajor<'_>,
        chosen: &[u32],
        output: &mut [f32],
    );

    /// Appends to `places` where `values` are greater than `threshold`.
    fn above(&self, values: &[f32], threshold: f32, places: &mut Vec<u32>);

    /// Applies `x · sigmoid(x)` to each number.
    fn swish(&self, values: &mut [f32]);

    /// Makes zeros of negative numbers.
    fn relu(&self, values: &mut [f32]);

    /// Steps of a simple recurrent unit, in Marian's order of operations: with f = sigmoid(`forget`), `state` becomes
    /// f · state + (1 − f) · `input`, and `output` what is positive of it, or zero.
    fn recur(&self, forget: &[f32], input: &[f32], state: &mut [f32], output: &mut [f32]);

    /// As [`Kernel::multiply`] in f32: `input` and `weights` are rows of `columns` numbers.
    fn multiply_f32(
        &self,
        input: &[f32],
        columns: usize,
        weights: &[f32],
        bias: &[f32],
        output: &mut [f32],
    );

    /// `x = normalise(x + y) · gain + bias` for each row of as many numbers as there are gains.
    fn add_normalise(&self, x: &mut [f32], y: &[f32], norm: &Norm<'_>);

    /// Multi-head attention of one query of `heads × width` numbers; `positions` are the rows of
    /// the memory that are attended to, in order. Writes the mixed values to `output` (of the
    /// query's length) and each head's weights to `weights` (heads × positions).
    fn attend(
        &self,
        query: &[f32],
        memory: &Memory<'_>,
        positions: &[u32],
        heads: usize,
        weights: &mut Vec<f32>,
        output: &mut [f32],
    );

    /// Self-attention of a whole sentence: `queries`, and the memory's keys and values, are rows
    /// of `memory.stride` numbers; so is `output`.
    fn attend_all(
        &self,
        queries: &[f32],
        memory: &Memory<'_>,
        heads: usize,
        scratch: &mut Vec<f32>,
        output: &mut [f32],
    );

    /// As [`Kernel::attend`] to all positions of a memory, in Marian's order of operations.
    fn attend_as_marian(
        &self,
        query: &[f32],
        memory: &SourceMemory,
        shares: &mut Vec<f32>,
        output: &mut [f32],
    );

    /// As [`Kernel::attend_all`], in Marian's order of operations.
    fn attend_all_as_marian(
        &self,
        queries: &[f32],
        memory: &Memory<'_>,
        heads: usize,
        scratch: &mut Vec<f32>,
        output: &mut [f32],
    );

    /// Writes keys and values of positions, rows of a query's length, to a memory in 8 bits, the
    /// first at `place`, which is not beyond its last position.
    fn remember(
        &self,
        place: usize,
        keys: &[f32],
        values: &[f32],
        pool: &mut Pool,
        memory: &mut CompactMemory,
    );

    /// As [`Kernel::attend`], to a memory in 8 bits: the query's numbers are rounded to 8 bits
    /// too, a scale for each head. Writes the mixed values to `output`, and each head's shares, if
    /// they are wanted, to `scratch`.
    fn attend_compact(
        &self,
        query: &[f32],
        attended: &Attended<'_>,
        scratch: &mut AttentionScratch,
        output: &mut [f32],
    );

    /// The greatest of `values` and `Σ exp(value − greatest)`.
    fn max_and_sum_exp(&self, values: &[f32]) -> (f32, f32);
}

/// Names the kernel to compute with, one of [`available`]: for tests and benchmarks.
pub const VARIABLE: &str = "VISAVIS_KERNEL";

/// [`VARIABLE`] names a kernel that this machine does not run.
#[derive(Debug, thiserror::Error)]
#[error("{VARIABLE} is “{name}”, but the kernels that this machine runs are: {available}")]
pub struct UnknownKernel {
    name: String,
    available: String,
}

/// The kernel that [`VARIABLE`] names, or else the fastest one that this machine runs and that
/// agrees with the scalar one on a trial.
///
/// # Errors
/// [`UnknownKernel`] where there is none of that name.
pub fn choose() -> Result<&'static dyn Kernel, UnknownKernel> {
    static ALL: OnceLock<Vec<Box<dyn Kernel>>> = OnceLock::new();
    let all = ALL.get_or_init(available);
    if let Some(name) = std::env::var_os(VARIABLE).filter(|name| !name.is_empty()) {
        let named = all.iter().find(|kernel| name == kernel.name());
        return named.map(|kernel| &**kernel).ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|kernel| kernel.name()).collect();
            UnknownKernel {
                name: name.to_string_lossy().into_owned(),
                available: names.join(", "),
            }
        });
    }
    static FASTEST: OnceLock<&'static dyn Kernel> = OnceLock::new();
    let fastest = || all.iter().rev().find(|kernel| agrees(&***kernel));
    Ok(*FASTEST.get_or_init(|| fastest().map_or(&Scalar, |kernel| &**kernel)))
}

/// Every kernel that this machine runs, from the scalar one to the fastest.
pub fn available() -> Vec<Box<dyn Kernel>> {
    let mut kernels: Vec<Box<dyn Kernel>> = vec![Box::new(Scalar)];
    #[cfg(target_arch = "x86_64")]
    {
        kernels.extend(x86::Avx2::new().map(|kernel| Box::new(kernel) as Box<dyn Kernel>));
        kernels.extend(x86::AvxVnni::new().map(|kernel| Box::new(kernel) as Box<dyn Kernel>));
        kernels.extend(x86::Avx512Vnni::new().map(|kernel| Box::new(kernel) as Box<dyn Kernel>));
    }
    #[cfg(target_arch = "aarch64")]
    kernels.extend(aarch64::NeonDot::new().map(|kernel| Box::new(kernel) as Box<dyn Kernel>));
    kernels
}

/// Asks for bytes that will soon be read, where the processor takes such hints.
pub fn fetch(bytes: &[u8]) {
    #[cfg(target_arch = "x86_64")]
    x86::fetch(bytes);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = bytes;
}

/// Whether `kernel` multiplies a small matrix as the scalar kernel does.
fn agrees(kernel: &dyn Kernel) -> bool {
    let (rows, inputs, outputs) = (7, 12, 19);
    let numbers =
        |count: usize, step: usize| (0..count).map(move |i| (i * step % 255) as f32 - 127.0);
    let mut input = Quantised::default();
    Scalar.quantise(
        &numbers(rows * inputs, 89).collect::<Vec<_>>(),
        inputs,
        &mut input,
    );
    let weights: Vec<i8> = numbers(outputs * inputs, 57).map(|v| v as i8).collect();
    let packed = pack(&weights, inputs);
    let (scales, bias) = (vec![0.25; outputs], vec![1.0; outputs]);
    let offsets: Vec<i32> = (0..outputs as i32).collect();
    let packed = Packed {
        weights: &packed,
        scales: &scales,
        bias: &bias,
        offsets: &offsets,
        inputs,
    };
    let mut expected = vec![0.0; rows * outputs];
    let mut got = expected.clone();
    Scalar.multiply(&input, &packed, &mut expected);
    kernel.multiply(&input, &packed, &mut got);
    expected == got
}

#[cfg(test)]
mod tests;
