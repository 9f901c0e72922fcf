//! The tensors of OPUS-MT models.

use super::{Matrix, Tensors};
use crate::model::Error;
use crate::model::compiled::{Config, Dtype};
use crate::model::opus::OpusFolder;
use crate::model::screen::OUTPUT_PIECES;
use crate::model::weights::WeightSource;

/// Adds all tensors of the weights.
///
/// # Errors
/// As [`compile`](super::compile).
pub(super) fn write(folder: &OpusFolder, tensors: &mut Tensors) -> Result<(), Error> {
    let mut compiler = Compiler {
        source: &folder.weights,
        config: &folder.config,
        tensors,
    };
    compiler.weights()?;
    if let Some(pieces) = &folder.target_pieces {
        let writer = &mut tensors.writer;
        writer.add(OUTPUT_PIECES, Dtype::U32, &[pieces.len()], pieces)?;
    }
    Ok(())
}

struct Compiler<'a> {
    source: &'a dyn WeightSource,
    config: &'a Config,
    tensors: &'a mut Tensors,
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
        let numbers = self.read(embeddings, &[vocabulary, d_model])?;
        self.tensors
            .rows("embed", &Matrix::Trained(&numbers), d_model)?;
        let bias = self.read("final_logits_bias", &[1, vocabulary])?;
        self.tensors.vector("logits/bias", &bias)?;
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
        let numbers = self.read(from, &[self.config.d_model])?;
        self.tensors.vector(to, &numbers)
    }

    fn linear(&mut self, from: &str, to: &str, rows: usize, columns: usize) -> Result<(), Error> {
        self.matrix(&format!("{from}.weight"), to, rows, columns)?;
        let bias = self.read(&format!("{from}.bias"), &[rows])?;
        self.tensors.vector(&format!("{to}/bias"), &bias)
    }

    fn matrix(&mut self, from: &str, to: &str, rows: usize, columns: usize) -> Result<(), Error> {
        let numbers = self.read(from, &[rows, columns])?;
        self.tensors.matrix(to, &Matrix::Trained(&numbers), columns)
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
        let expected = self.config.positions.rows(max_positions, d_model);
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
