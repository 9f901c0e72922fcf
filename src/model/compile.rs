//! Compiling: trained weights and pieces become the one file that the engine maps.
//!
//! Tensors of a compiled Marian transformer, for every layer *L* counted from 0:
//!
//! - `embed/weight` [vocabulary, d_model], which serves the encoder, the decoder and the output
//!   projection; `logits/bias` [vocabulary];
//! - `encoder/L/self/{query,key,value,output}`, `encoder/L/ffn/{up,down}`, and the same under
//!   `decoder/L`, with `decoder/L/cross/{query,key,value,output}`: each has `/weight` [out, in]
//!   and `/bias` [out];
//! - `encoder/L/{self,ffn}/norm`, `decoder/L/{self,cross,ffn}/norm`: `/gain` and `/bias` [d_model];
//! - those that [`tokenizer_tables`](super::tokenizer_tables) describes.
//!
//! - those of the [shortlist](super::shortlist), where the model has one.
//!
//! In int8 every `/weight` is accompanied by `/scale` [rows], in f32: a row is its integers times
//! its scale. Those of `embed` are row-major, all others lie in [panels](super::packing). Sinusoidal
//! positions are not stored: the engine computes them, and a checkpoint whose positions are others
//! is refused here.

use std::path::Path;

use super::compiled::{Architecture, Config, Dtype, Header, Precision, Writer};
use super::opus::OpusFolder;
use super::packing::{PANEL, pack};
use super::positions::sinusoids;
use super::weights::WeightSource;
use super::{Error, tokenizer_tables};
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

/// The program and version, for the header.
const GENERATOR: &str = concat!("visavis ", env!("CARGO_PKG_VERSION"));

/// Compiles the model of `folder` into the file `target`, which appears only when it is whole.
///
/// # Errors
/// [`Error::Weights`] where a tensor is missing or of another shape, [`Error::Numbers`] where it
/// holds what cannot be computed with, [`Error::Io`] where the file cannot be written.
pub fn compile(
    folder: &OpusFolder,
    about: &About,
    precision: Precision,
    target: &Path,
) -> Result<(), Error> {
    let mut compiler = Compiler {
        source: &folder.weights,
        config: &folder.config,
        precision,
        writer: Writer::new(target.parent().unwrap_or(Path::new(".")))?,
    };
    compiler.weights()?;
    let mut writer = compiler.writer;
    let segmentation = tokenizer_tables::write(
        &mut writer,
        &folder.pieces,
        &folder.vocabulary,
        folder.config.unknown,
    )?;
    let header = Header {
        name: about.name.clone(),
        architecture: Architecture::MarianTransformer,
        from: about.from.clone(),
        to: about.to.clone(),
        precision,
        config: folder.config.clone(),
        segmentation,
        licence: about.licence.clone(),
        attribution: about.attribution.clone(),
        sources: folder.sources.clone(),
        generator: GENERATOR.into(),
        tensors: Vec::new(),
        data_length: 0,
        data_sha256: String::new(),
    };
    writer.finish(header, target)
}

struct Compiler<'a> {
    source: &'a dyn WeightSource,
    config: &'a Config,
    precision: Precision,
    writer: Writer,
}

impl Compiler<'_> {
    fn weights(&mut self) -> Result<(), Error> {
        let &Config {
            d_model,
            vocabulary,
            encoder_layers,
            decoder_layers,
            encoder_ffn,
            decoder_ffn,
            ..
        } = self.config;
        self.check_positions("model.encoder.embed_positions.weight")?;
        self.check_positions("model.decoder.embed_positions.weight")?;
        // Writers of safetensors keep only one of the names of one matrix.
        let embeddings = [
            "model.shared.weight",
            "model.encoder.embed_tokens.weight",
            "model.decoder.embed_tokens.weight",
            "lm_head.weight",
        ];
        let embeddings = embeddings
            .into_iter()
            .find(|name| self.source.shape(name).is_some())
            .unwrap_or(embeddings[0]);
        self.rows(embeddings, "embed", vocabulary, d_model)?;
        let bias = self.read("final_logits_bias", &[1, vocabulary])?;
        self.writer
            .add("logits/bias", Dtype::F32, &[vocabulary], &bias)?;
        for layer in 0..encoder_layers {
            let from = format!("model.encoder.layers.{layer}");
            let to = format!("encoder/{layer}");
            self.attention(&from, "self_attn", &to, "self")?;
            self.feed_forward(&from, &to, encoder_ffn)?;
        }
        for layer in 0..decoder_layers {
            let from = format!("model.decoder.layers.{layer}");
            let to = format!("decoder/{layer}");
            self.attention(&from, "self_attn", &to, "self")?;
            self.attention(&from, "encoder_attn", &to, "cross")?;
            self.feed_forward(&from, &to, decoder_ffn)?;
        }
        Ok(())
    }

    fn attention(&mut self, from: &str, theirs: &str, to: &str, ours: &str) -> Result<(), Error> {
        let d = self.config.d_model;
        for (projection, name) in [
            ("q_proj", "query"),
            ("k_proj", "key"),
            ("v_proj", "value"),
            ("out_proj", "output"),
        ] {
            self.linear(
                &format!("{from}.{theirs}.{projection}"),
                &format!("{to}/{ours}/{name}"),
                d,
                d,
            )?;
        }
        self.norm(
            &format!("{from}.{theirs}_layer_norm"),
            &format!("{to}/{ours}/norm"),
        )
    }

    fn feed_forward(&mut self, from: &str, to: &str, inner: usize) -> Result<(), Error> {
        let d = self.config.d_model;
        self.linear(&format!("{from}.fc1"), &format!("{to}/ffn/up"), inner, d)?;
        self.linear(&format!("{from}.fc2"), &format!("{to}/ffn/down"), d, inner)?;
        self.norm(
            &format!("{from}.final_layer_norm"),
            &format!("{to}/ffn/norm"),
        )
    }

    fn norm(&mut self, from: &str, to: &str) -> Result<(), Error> {
        self.vector(&format!("{from}.weight"), &format!("{to}/gain"))?;
        self.vector(&format!("{from}.bias"), &format!("{to}/bias"))
    }

    fn vector(&mut self, from: &str, to: &str) -> Result<(), Error> {
        let shape = [self.config.d_model];
        let numbers = self.read(from, &shape)?;
        self.writer.add(to, Dtype::F32, &shape, &numbers)
    }

    fn linear(&mut self, from: &str, to: &str, rows: usize, columns: usize) -> Result<(), Error> {
        self.matrix(&format!("{from}.weight"), to, rows, columns)?;
        let bias = self.read(&format!("{from}.bias"), &[rows])?;
        self.writer
            .add(&format!("{to}/bias"), Dtype::F32, &[rows], &bias)
    }

    fn matrix(&mut self, from: &str, to: &str, rows: usize, columns: usize) -> Result<(), Error> {
        let shape = [rows, columns];
        let numbers = self.read(from, &shape)?;
        let weight = format!("{to}/weight");
        match self.precision {
            Precision::F32 => self.writer.add(&weight, Dtype::F32, &shape, &numbers),
            Precision::Int8 => {
                let (integers, scales) = quantize(&numbers, columns);
                let packed = pack(&integers, columns);
                let shape = [rows.next_multiple_of(PANEL), columns];
                self.writer.add(&weight, Dtype::I8, &shape, &packed)?;
                self.writer
                    .add(&format!("{to}/scale"), Dtype::F32, &[rows], &scales)
            }
        }
    }

    /// The embedding: its rows are looked up one by one, so they do not lie in panels.
    fn rows(&mut self, from: &str, to: &str, rows: usize, columns: usize) -> Result<(), Error> {
        let shape = [rows, columns];
        let numbers = self.read(from, &shape)?;
        let weight = format!("{to}/weight");
        match self.precision {
            Precision::F32 => self.writer.add(&weight, Dtype::F32, &shape, &numbers),
            Precision::Int8 => {
                let (integers, scales) = quantize(&numbers, columns);
                self.writer.add(&weight, Dtype::I8, &shape, &integers)?;
                self.writer
                    .add(&format!("{to}/scale"), Dtype::F32, &[rows], &scales)
            }
        }
    }

    fn read(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let numbers = self.source.read(name, shape)?;
        if numbers.iter().all(|number| number.is_finite()) {
            return Ok(numbers);
        }
        Err(Error::Numbers {
            name: name.into(),
            reason: "it holds numbers that are infinite or none".into(),
        })
    }

    /// Refuses positions that are not the sinusoids which the engine computes.
    fn check_positions(&self, name: &str) -> Result<(), Error> {
        let &Config {
            d_model,
            max_positions,
            ..
        } = self.config;
        if self.source.shape(name).is_none() {
            return Ok(());
        }
        let numbers = self.read(name, &[max_positions, d_model])?;
        let expected = sinusoids(max_positions, d_model);
        let differs = |(number, expected): (&f32, &f32)| (number - expected).abs() > 1e-4;
        match numbers.iter().zip(&expected).position(differs) {
            None => Ok(()),
            Some(at) => Err(Error::Numbers {
                name: name.into(),
                reason: format!(
                    "{} at position {}, dimension {}, where a sinusoid is {}; only sinusoidal \
                     positions can be used",
                    numbers[at],
                    at / d_model,
                    at % d_model,
                    expected[at]
                ),
            }),
        }
    }
}

/// Rows of eight-bit integers, and each row's scale: a number is about its integer times the
/// scale. The largest of a row becomes ±127.
fn quantize(numbers: &[f32], columns: usize) -> (Vec<i8>, Vec<f32>) {
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
