//! The tensors of Bergamot models.

use super::{Matrix, Tensors};
use crate::model::Error;
use crate::model::bergamot::BergamotFolder;
use crate::model::compiled::Precision;
use crate::model::marian::Integers;

/// What the name of a matrix ends with where it names the multiplier of its inputs.
const ALPHA: &str = "_QuantMultA";

/// Adds all tensors of the weights, and the shortlist.
///
/// # Errors
/// As [`compile`](super::compile).
pub(super) fn write(folder: &BergamotFolder, tensors: &mut Tensors) -> Result<(), Error> {
    let mut compiler = Compiler { folder, tensors };
    compiler.embeddings()?;
    compiler.layers()?;
    match &folder.shortlist {
        Some(shortlist) => shortlist.write(&mut tensors.writer),
        None => Ok(()),
    }
}

struct Compiler<'a> {
    folder: &'a BergamotFolder,
    tensors: &'a mut Tensors,
}

impl Compiler<'_> {
    fn embeddings(&mut self) -> Result<(), Error> {
        let config = &self.folder.config;
        let (source, target) = if self.folder.shared_embeddings {
            (None, ("Wemb", "embed"))
        } else {
            let source = ("encoder_Wemb", "embed/source");
            (Some(source), ("decoder_Wemb", "embed/target"))
        };
        if let Some((from, to)) = source {
            let shape = [config.source_pieces(), config.d_model];
            let embedding = self.folder.weights.integers(from, shape)?;
            let embedding = Matrix::Integers(embedding);
            self.tensors.rows(to, &embedding, config.d_model)?;
        }
        let (from, to) = target;
        // The last piece is ours: what the decoder starts from.
        let trained = config.vocabulary - 1;
        let shape = [trained, config.d_model];
        let Integers { values, multiplier } = self.folder.weights.integers(from, shape)?;
        let mut values = values.to_vec();
        values.resize(config.vocabulary * config.d_model, 0);
        let embedding = Matrix::Integers(Integers {
            values: &values,
            multiplier,
        });
        self.tensors.rows(to, &embedding, config.d_model)?;
        // Marian names it after the columns that a shortlist selects, which have no name.
        let multiplier = ["none", from]
            .map(|name| format!("{name}{ALPHA}"))
            .into_iter()
            .find(|name| self.folder.weights.contains(name));
        self.input_scale(multiplier.as_deref(), to)?;
        let mut bias = match self.folder.output_bias {
            true => self.numbers("decoder_ff_logit_out_b", trained)?,
            false => vec![0.0; trained],
        };
        bias.push(0.0);
        self.tensors.vector("logits/bias", &bias)
    }

    fn layers(&mut self) -> Result<(), Error> {
        let config = &self.folder.config;
        let d = config.d_model;
        for layer in 0..config.encoder_layers {
            let from = format!("encoder_l{}", layer + 1);
            let to = format!("encoder/{layer}");
            self.attention(&format!("{from}_self"), &format!("{to}/self"))?;
            self.feed_forward(&from, &to, config.encoder_ffn)?;
        }
        for layer in 0..config.decoder_layers {
            let from = format!("decoder_l{}", layer + 1);
            let to = format!("decoder/{layer}");
            let rnn = format!("{from}_rnn");
            self.matrix(&format!("{rnn}_W"), &format!("{to}/ssru/input"), [d, d])?;
            let forget = [&format!("{rnn}_Wf"), &format!("{rnn}_bf")];
            self.linear(forget, &format!("{to}/ssru/forget"), [d, d])?;
            self.norm(&format!("{rnn}_ffn"), &format!("{to}/ssru"))?;
            self.attention(&format!("{from}_context"), &format!("{to}/cross"))?;
            self.feed_forward(&from, &to, config.decoder_ffn)?;
        }
        Ok(())
    }

    fn attention(&mut self, from: &str, to: &str) -> Result<(), Error> {
        let d = self.folder.config.d_model;
        for (letter, name) in [
            ('q', "query"),
            ('k', "key"),
            ('v', "value"),
            ('o', "output"),
        ] {
            let names = [&format!("{from}_W{letter}"), &format!("{from}_b{letter}")];
            self.linear(names, &format!("{to}/{name}"), [d, d])?;
        }
        self.norm(&format!("{from}_Wo"), to)
    }

    fn feed_forward(&mut self, from: &str, to: &str, inner: usize) -> Result<(), Error> {
        let d = self.folder.config.d_model;
        let names = |n| [format!("{from}_ffn_W{n}"), format!("{from}_ffn_b{n}")];
        let [up, down] = [names(1), names(2)];
        self.linear(up.each_ref(), &format!("{to}/ffn/up"), [d, inner])?;
        self.linear(down.each_ref(), &format!("{to}/ffn/down"), [inner, d])?;
        self.norm(&format!("{from}_ffn_ffn"), &format!("{to}/ffn"))
    }

    fn norm(&mut self, from: &str, to: &str) -> Result<(), Error> {
        let d = self.folder.config.d_model;
        for (theirs, ours) in [("scale", "gain"), ("bias", "bias")] {
            let numbers = self.numbers(&format!("{from}_ln_{theirs}"), d)?;
            self.tensors
                .vector(&format!("{to}/norm/{ours}"), &numbers)?;
        }
        Ok(())
    }

    /// A matrix and its bias.
    fn linear(&mut self, from: [&String; 2], to: &str, shape: [usize; 2]) -> Result<(), Error> {
        let [weight, bias] = from;
        self.matrix(weight, to, shape)?;
        let bias = self.numbers(bias, shape[1])?;
        self.tensors.vector(&format!("{to}/bias"), &bias)
    }

    /// A matrix; its shape is inputs and outputs.
    fn matrix(&mut self, from: &str, to: &str, shape: [usize; 2]) -> Result<(), Error> {
        let matrix = Matrix::Integers(self.folder.weights.integers(from, shape)?);
        self.tensors.matrix(to, &matrix, shape[0])?;
        let multiplier = format!("{from}{ALPHA}");
        let is_there = self.folder.weights.contains(&multiplier);
        self.input_scale(is_there.then_some(&*multiplier), to)
    }

    fn input_scale(&mut self, from: Option<&str>, to: &str) -> Result<(), Error> {
        let Some(from) = from.filter(|_| self.tensors.precision == Precision::Int8) else {
            return Ok(());
        };
        let multiplier = self.numbers(from, 1)?;
        if !multiplier[0].is_normal() || multiplier[0] < 0.0 {
            let reason = format!(
                "it is {}, by which nothing can be multiplied",
                multiplier[0]
            );
            return Err(self.folder.weights.wrong(from, reason));
        }
        self.tensors
            .vector(&format!("{to}/input-scale"), &multiplier)
    }

    fn numbers(&self, name: &str, length: usize) -> Result<Vec<f32>, Error> {
        self.folder.weights.floats(name, length)
    }
}
