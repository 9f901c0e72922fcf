//! Compiling: trained weights and pieces become the one file that the engine maps.
//!
//! Tensors of a compiled model, for every layer *L* counted from 0:
//!
//! - `embed` [vocabulary, d_model], which serves the encoder, the decoder and the output
//!   projection, or `embed/source` and `embed/target` where the vocabularies are two: each has
//!   `/weight`; `logits/bias` [vocabulary];
//! - `encoder/L/self/{query,key,value,output}`, `encoder/L/ffn/{up,down}`, and the same under
//!   `decoder/L`, with `decoder/L/cross/{query,key,value,output}`: each has `/weight` [out, in]
//!   and `/bias` [out];
//! - where the decoder's autoregression is by SSRU, `decoder/L/ssru/input/weight`, which has no
//!   bias, and `decoder/L/ssru/forget/{weight,bias}` in the place of `decoder/L/self`;
//! - `encoder/L/{self,ffn}/norm`, `decoder/L/{self,ssru,cross,ffn}/norm`: `/gain` and `/bias`
//!   [d_model];
//! - those of a [shortlist](super::shortlist), where there is one, and those that
//!   [`tokenizer_tables`](super::tokenizer_tables) describes.
//!
//! In int8 every `/weight` is accompanied by `/scale` [rows], in f32: a row is its integers times
//! its scale. Embeddings lie row after row, all other matrices in [panels](super::packing). Where
//! the model was trained with inputs in 8 bits, `/input-scale` [1] is what a matrix's inputs are
//! multiplied by before they are rounded to integers −127 … 127; the one of the embeddings is for
//! the output projection. `/multiplier` [1] is then what the weights were multiplied by, of which
//! every `/scale` is the inverse: both are needed to round as Marian does. Sinusoidal positions are
//! not stored: the engine computes them.

mod bergamot;
mod opus;

use std::path::Path;

use super::compiled::{Architecture, Dtype, Header, Precision, Writer};
use super::folder::Folder;
use super::marian::Integers;
use super::packing::{PANEL, pack};
use super::tokenizer_tables::{self, Tables};
use super::{Error, compiled::Config};
use crate::GENERATOR;
use crate::language::Language;

/// What a model's files do not say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The name that it gets.
    pub name: String,
    /// The language it translates from.
    pub from: Language,
    /// The language it translates to.
    pub to: Language,
    /// The licence of the weights.
    pub licence: String,
    /// Who made them.
    pub attribution: String,
}

/// Compiles the model of `folder` into the file `target`, which appears only when it is whole.
///
/// # Errors
/// [`Error::Weights`] or [`Error::Folder`] where a tensor is missing or of another shape,
/// [`Error::Numbers`] where it holds what cannot be computed with, [`Error::Io`] where the file
/// cannot be written.
pub fn compile(
    folder: &Folder,
    about: &About,
    precision: Precision,
    target: &Path,
) -> Result<(), Error> {
    let mut tensors = Tensors {
        precision,
        writer: Writer::new(target.parent().unwrap_or(Path::new(".")))?,
    };
    let (config, tables): (&Config, Tables) = match folder {
        Folder::Opus(folder) => {
            opus::write(folder, &mut tensors)?;
            let tables = Tables {
                pieces: &folder.pieces,
                source: &folder.vocabulary,
                target: &folder.vocabulary,
                unknown: folder.config.unknown,
            };
            (&folder.config, tables)
        }
        Folder::Bergamot(folder) => {
            bergamot::write(folder, &mut tensors)?;
            let tables = Tables {
                pieces: &folder.pieces,
                source: &folder.source_vocabulary,
                target: &folder.target_vocabulary,
                unknown: folder.config.unknown,
            };
            (&folder.config, tables)
        }
    };
    let mut writer = tensors.writer;
    let segmentation = tokenizer_tables::write(&mut writer, &tables)?;
    let header = Header {
        name: about.name.clone(),
        architecture: Architecture::MarianTransformer,
        from: about.from.clone(),
        to: about.to.clone(),
        precision,
        config: config.clone(),
        segmentation,
        licence: about.licence.clone(),
        attribution: about.attribution.clone(),
        sources: folder.sources().to_vec(),
        generator: GENERATOR.into(),
        tensors: Vec::new(),
        data_length: 0,
        data_sha256: String::new(),
    };
    writer.finish(header, target)
}

/// Where the tensors of a compiled model go.
struct Tensors {
    precision: Precision,
    writer: Writer,
}

/// The weights of a matrix, row-major.
enum Matrix<'a> {
    /// As trained.
    Trained(&'a [f32]),
    /// In 8 bits already, with one scale for all rows.
    Integers(Integers<'a>),
}

impl Tensors {
    /// Adds a vector of numbers.
    fn vector(&mut self, name: &str, numbers: &[f32]) -> Result<(), Error> {
        self.writer.add(name, Dtype::F32, &[numbers.len()], numbers)
    }

    /// Adds a matrix in panels, with its scales.
    fn matrix(&mut self, name: &str, matrix: &Matrix, columns: usize) -> Result<(), Error> {
        self.packed(name, matrix, columns, true)
    }

    /// Adds a matrix row after row, with its scales.
    fn rows(&mut self, name: &str, matrix: &Matrix, columns: usize) -> Result<(), Error> {
        self.packed(name, matrix, columns, false)
    }

    fn packed(
        &mut self,
        name: &str,
        matrix: &Matrix,
        columns: usize,
        in_panels: bool,
    ) -> Result<(), Error> {
        if self.precision == Precision::F32 {
            return self.trained(name, matrix, columns);
        }
        let (integers, scales) = matrix.quantized(columns);
        let (integers, rows) = match in_panels {
            true => (
                pack(&integers, columns),
                scales.len().next_multiple_of(PANEL),
            ),
            false => (integers, scales.len()),
        };
        let weight = format!("{name}/weight");
        self.writer
            .add(&weight, Dtype::I8, &[rows, columns], &integers)?;
        self.vector(&format!("{name}/scale"), &scales)?;
        match matrix {
            Matrix::Trained(_) => Ok(()),
            Matrix::Integers(Integers { multiplier, .. }) => {
                self.vector(&format!("{name}/multiplier"), &[*multiplier])
            }
        }
    }

    fn trained(&mut self, name: &str, matrix: &Matrix, columns: usize) -> Result<(), Error> {
        let numbers = matrix.numbers();
        let shape = [numbers.len() / columns, columns];
        self.writer
            .add(&format!("{name}/weight"), Dtype::F32, &shape, &numbers)
    }
}

impl Matrix<'_> {
    fn numbers(&self) -> Vec<f32> {
        match self {
            Self::Trained(numbers) => numbers.to_vec(),
            Self::Integers(Integers { values, multiplier }) => {
                let scale = 1.0 / multiplier;
                values.iter().map(|&n| f32::from(n) * scale).collect()
            }
        }
    }

    fn quantized(&self, columns: usize) -> (Vec<i8>, Vec<f32>) {
        match self {
            Self::Trained(numbers) => quantize(numbers, columns),
            Self::Integers(Integers { values, multiplier }) => {
                let scales = vec![1.0 / multiplier; values.len() / columns];
                (values.to_vec(), scales)
            }
        }
    }
}

/// Rows of eight-bit integers, and each row's scale: a number is about its integer times the
/// scale. The largest of a row becomes ±127.
pub(crate) fn quantize(numbers: &[f32], columns: usize) -> (Vec<i8>, Vec<f32>) {
    let mut integers = Vec::with_capacity(numbers.len());
    let mut scales = Vec::with_capacity(numbers.len() / columns.max(1));
    for row in numbers.chunks_exact(columns) {
        let largest = row.iter().fold(0f32, |largest, n| largest.max(n.abs()));
        let scale = largest / 127.0;
        // A row of zeros, or one so small that its scale has no inverse, stays zero.
        let per_step = if scale.is_normal() { 1.0 / scale } else { 0.0 };
        let integer = |&n: &f32| (n * per_step).round().clamp(-127.0, 127.0) as i8;
        integers.extend(row.iter().map(integer));
        scales.push(scale);
    }
    (integers, scales)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn quantized_numbers_are_within_half_a_step(
            numbers in proptest::collection::vec(-1e3f32..1e3, 12),
        ) {
            let (integers, scales) = quantize(&numbers, 4);
            for (i, (&number, &integer)) in numbers.iter().zip(&integers).enumerate() {
                let scale = scales[i / 4];
                prop_assert!((f32::from(integer) * scale - number).abs() <= 0.5001 * scale);
            }
        }
    }

    #[test]
    fn rows_of_zeros_stay_zero() {
        let numbers = [0.0, -0.0, f32::MIN_POSITIVE / 100.0, 0.0];
        assert_eq!(quantize(&numbers, 2).0, [0; 4]);
    }
}
