//! The weights of a compiled model as the layers use them: views into the mapped file.

use super::kernels::{Norm, Packed, RowMajor};
use super::prepared::{Prepared, target_embedding};
use crate::model::compiled::{Autoregression, Config, Precision};
use crate::model::packing::PANEL;
use crate::model::{Compiled, Error};

/// A matrix with a bias: `output = weights · input + bias`.
#[derive(Debug, Clone, Copy)]
pub enum Linear<'a> {
    /// In 8 bits.
    Int8 {
        /// The matrix.
        packed: Packed<'a>,
        /// What inputs are multiplied by before they are rounded; none where each row's greatest
        /// number decides.
        input_scale: Option<f32>,
    },
    /// As trained: the reference.
    F32 {
        /// Row-major, one row an output.
        weights: &'a [f32],
        /// One bias an output.
        bias: &'a [f32],
    },
}

impl Linear<'_> {
    /// Number of outputs.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Int8 { packed, .. } => packed.outputs(),
            Self::F32 { bias, .. } => bias.len(),
        }
    }

    /// Number of weights.
    pub fn size(&self) -> usize {
        match self {
            Self::Int8 { packed, .. } => packed.outputs() * packed.inputs,
            Self::F32 { weights, .. } => weights.len(),
        }
    }
}

/// The rows of the embedding: one a piece, row-major.
#[derive(Debug, Clone, Copy)]
pub enum Rows<'a> {
    /// In 8 bits.
    Int8 {
        /// Numbers of −127..=127.
        weights: &'a [i8],
        /// One scale a row.
        scales: &'a [f32],
    },
    /// As trained.
    F32(&'a [f32]),
}

/// The rows of the output layer, one a piece, row-major.
#[derive(Debug, Clone, Copy)]
pub enum OutputRows<'a> {
    /// In 8 bits.
    Int8 {
        /// With scales, biases and offsets.
        rows: RowMajor<'a>,
        /// What inputs are multiplied by before they are rounded; none where each row's greatest
        /// number decides.
        input_scale: Option<f32>,
    },
    /// As trained.
    F32 {
        /// The rows.
        weights: &'a [f32],
        /// One a piece.
        bias: &'a [f32],
    },
}

impl Rows<'_> {
    /// Writes the numbers of one row.
    pub fn row(&self, piece: usize, into: &mut [f32]) {
        let start = piece * into.len();
        match self {
            Self::Int8 { weights, scales } => {
                let weights = &weights[start..start + into.len()];
                for (value, &weight) in into.iter_mut().zip(weights) {
                    *value = f32::from(weight) * scales[piece];
                }
            }
            Self::F32(weights) => into.copy_from_slice(&weights[start..start + into.len()]),
        }
    }
}

/// The projections of an attention, and the normalisation after it.
#[derive(Debug)]
pub struct Attention<'a> {
    /// Of what asks.
    pub query: Linear<'a>,
    /// Of what is asked.
    pub key: Linear<'a>,
    /// Of what is answered.
    pub value: Linear<'a>,
    /// Of the answer.
    pub output: Linear<'a>,
    /// After the answer is added.
    pub norm: Norm<'a>,
}

impl Attention<'_> {
    /// Number of weights of what asks and of the answer.
    pub fn asking_size(&self) -> usize {
        self.query.size() + self.output.size()
    }

    /// Number of weights of what is asked and answered.
    pub fn memory_size(&self) -> usize {
        self.key.size() + self.value.size()
    }
}

/// The two matrices of a feed-forward block, and the normalisation after it.
#[derive(Debug)]
pub struct FeedForward<'a> {
    /// To the inner width.
    pub up: Linear<'a>,
    /// And back.
    pub down: Linear<'a>,
    /// After the result is added.
    pub norm: Norm<'a>,
}

impl FeedForward<'_> {
    /// Number of weights.
    pub fn size(&self) -> usize {
        self.up.size() + self.down.size()
    }
}

/// A layer of the encoder.
#[derive(Debug)]
pub struct EncoderLayer<'a> {
    /// Source positions attend to each other.
    pub attention: Attention<'a>,
    /// Then each is transformed.
    pub feed_forward: FeedForward<'a>,
}

/// A simpler simple recurrent unit, and the normalisation after it.
#[derive(Debug)]
pub struct Ssru<'a> {
    /// Of what comes in; it has no bias.
    pub input: Linear<'a>,
    /// Of what decides how much stays.
    pub forget: Linear<'a>,
    /// After the result is added.
    pub norm: Norm<'a>,
}

/// How a target position looks at those before it.
#[derive(Debug)]
pub enum Past<'a> {
    /// It attends to them, and to itself.
    Attention(Attention<'a>),
    /// It takes over the state that they left.
    Ssru(Ssru<'a>),
}

/// A layer of the decoder.
#[derive(Debug)]
pub struct DecoderLayer<'a> {
    /// A target position looks at those before it,
    pub past: Past<'a>,
    /// then to the source,
    pub cross: Attention<'a>,
    /// then it is transformed.
    pub feed_forward: FeedForward<'a>,
}

/// All weights of a Marian transformer.
#[derive(Debug)]
pub struct Weights<'a> {
    /// Sizes and special pieces.
    pub config: &'a Config,
    /// The source pieces' embeddings.
    pub source_embedding: Rows<'a>,
    /// The target pieces' embeddings.
    pub embedding: Rows<'a>,
    /// The same rows, whose products with the decoder's result are the logits.
    pub output: OutputRows<'a>,
    /// The encoder, from the source up.
    pub encoder: Vec<EncoderLayer<'a>>,
    /// The decoder, from the target up.
    pub decoder: Vec<DecoderLayer<'a>>,
}

impl<'a> Weights<'a> {
    /// Views of all tensors of `model`.
    ///
    /// # Errors
    /// [`Error::Tensor`] where one is missing or of another shape.
    pub fn of(model: &'a Compiled, prepared: &'a Prepared) -> Result<Self, Error> {
        let header = model.header();
        let config = &header.config;
        let reader = Reader {
            model,
            prepared,
            precision: header.precision,
            epsilon: config.norm_epsilon,
            as_marian: config.searched_as_student(),
        };
        let d = config.d_model;
        let encoder = (0..config.encoder_layers).map(|layer| {
            let name = format!("encoder/{layer}");
            Ok(EncoderLayer {
                attention: reader.attention(&format!("{name}/self"), d)?,
                feed_forward: reader.feed_forward(&name, d, config.encoder_ffn)?,
            })
        });
        let decoder = (0..config.decoder_layers).map(|layer| {
            let name = format!("decoder/{layer}");
            Ok(DecoderLayer {
                past: reader.past(config.autoregression, &name, d)?,
                cross: reader.attention(&format!("{name}/cross"), d)?,
                feed_forward: reader.feed_forward(&name, d, config.decoder_ffn)?,
            })
        });
        let target = target_embedding(config);
        let embedding = reader.rows(target, config.vocabulary, d)?;
        Ok(Self {
            config,
            source_embedding: match config.source_vocabulary {
                Some(pieces) => reader.rows("embed/source", pieces, d)?,
                None => embedding,
            },
            embedding,
            output: reader.output(embedding, config.vocabulary)?,
            encoder: encoder.collect::<Result<_, Error>>()?,
            decoder: decoder.collect::<Result<_, Error>>()?,
        })
    }
}

struct Reader<'a> {
    model: &'a Compiled,
    prepared: &'a Prepared,
    precision: Precision,
    epsilon: f32,
    as_marian: bool,
}

impl<'a> Reader<'a> {
    fn rows(&self, name: &str, rows: usize, columns: usize) -> Result<Rows<'a>, Error> {
        let weight = format!("{name}/weight");
        Ok(match self.precision {
            Precision::F32 => Rows::F32(self.model.f32(&weight, &[rows, columns])?),
            Precision::Int8 => Rows::Int8 {
                weights: self.model.i8(&weight, &[rows, columns])?,
                scales: self.model.f32(&format!("{name}/scale"), &[rows])?,
            },
        })
    }

    fn output(&self, embedding: Rows<'a>, pieces: usize) -> Result<OutputRows<'a>, Error> {
        let bias = self.model.f32("logits/bias", &[pieces])?;
        Ok(match embedding {
            Rows::F32(weights) => OutputRows::F32 { weights, bias },
            Rows::Int8 { weights, scales } => {
                let prepared = self.prepared.output();
                OutputRows::Int8 {
                    rows: RowMajor {
                        weights,
                        scales: prepared.map_or(scales, |prepared| &prepared.scales),
                        bias: prepared.map_or(bias, |prepared| &prepared.bias),
                        offsets: prepared.map_or(&[][..], |prepared| &prepared.offsets),
                    },
                    input_scale: prepared.map(|prepared| prepared.input_scale),
                }
            }
        })
    }

    fn linear(&self, name: &str, rows: usize, columns: usize) -> Result<Linear<'a>, Error> {
        let bias = self.model.f32(&format!("{name}/bias"), &[rows])?;
        self.matrix(name, bias, columns)
    }

    /// A matrix with a bias that is its own or none.
    fn matrix(&self, name: &str, bias: &'a [f32], columns: usize) -> Result<Linear<'a>, Error> {
        let rows = bias.len();
        let weight = format!("{name}/weight");
        if self.precision == Precision::F32 {
            let weights = self.model.f32(&weight, &[rows, columns])?;
            return Ok(Linear::F32 { weights, bias });
        }
        let shape = [rows.next_multiple_of(PANEL), columns];
        let packed = Packed {
            weights: self.model.i8(&weight, &shape)?,
            scales: self.model.f32(&format!("{name}/scale"), &[rows])?,
            bias,
            offsets: &[],
            inputs: columns,
        };
        Ok(match self.prepared.matrix(name) {
            None => Linear::Int8 {
                packed,
                input_scale: None,
            },
            Some(matrix) => Linear::Int8 {
                packed: Packed {
                    scales: &matrix.scales,
                    bias: &matrix.bias,
                    offsets: &matrix.offsets,
                    ..packed
                },
                input_scale: Some(matrix.input_scale),
            },
        })
    }

    fn norm(&self, name: &str, d: usize) -> Result<Norm<'a>, Error> {
        Ok(Norm {
            gain: self.model.f32(&format!("{name}/norm/gain"), &[d])?,
            bias: self.model.f32(&format!("{name}/norm/bias"), &[d])?,
            epsilon: self.epsilon,
            as_marian: self.as_marian,
        })
    }

    fn past(&self, kind: Autoregression, layer: &str, d: usize) -> Result<Past<'a>, Error> {
        if kind == Autoregression::Attention {
            return Ok(Past::Attention(
                self.attention(&format!("{layer}/self"), d)?,
            ));
        }
        let name = format!("{layer}/ssru");
        let input = format!("{name}/input");
        let no_bias = self.prepared.no_bias(d);
        let no_bias = no_bias.ok_or_else(|| self.model.wrong(&input, "it is too large"))?;
        Ok(Past::Ssru(Ssru {
            input: self.matrix(&input, no_bias, d)?,
            forget: self.linear(&format!("{name}/forget"), d, d)?,
            norm: self.norm(&name, d)?,
        }))
    }

    fn attention(&self, name: &str, d: usize) -> Result<Attention<'a>, Error> {
        Ok(Attention {
            query: self.linear(&format!("{name}/query"), d, d)?,
            key: self.linear(&format!("{name}/key"), d, d)?,
            value: self.linear(&format!("{name}/value"), d, d)?,
            output: self.linear(&format!("{name}/output"), d, d)?,
            norm: self.norm(name, d)?,
        })
    }

    fn feed_forward(&self, name: &str, d: usize, inner: usize) -> Result<FeedForward<'a>, Error> {
        let name = format!("{name}/ffn");
        Ok(FeedForward {
            up: self.linear(&format!("{name}/up"), inner, d)?,
            down: self.linear(&format!("{name}/down"), d, inner)?,
            norm: self.norm(&name, d)?,
        })
    }
}
