//! What a compiled model says of itself.

use serde::{Deserialize, Serialize};

use crate::language::Language;
use crate::model::positions::Sinusoids;

/// What most models were trained with; it is too small to matter much.
pub const NORM_EPSILON: f32 = 1e-5;

/// The header of a compiled model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The model's name, such as `opus-mt-fr-en`.
    pub name: String,
    /// How its tensors are to be computed with.
    pub architecture: Architecture,
    /// The language it translates from.
    pub from: Language,
    /// The language it translates to.
    pub to: Language,
    /// How the weights of its matrices are stored.
    pub precision: Precision,
    /// Sizes and special pieces.
    pub config: Config,
    /// How source text is cut into pieces.
    pub segmentation: Segmentation,
    /// The licence of the weights.
    pub licence: String,
    /// Who made them, in the words in which they want to be named.
    pub attribution: String,
    /// The files that it was compiled from.
    pub sources: Vec<SourceFile>,
    /// The program and version that compiled it.
    pub generator: String,
    /// The tensors, in the order of the data.
    pub tensors: Vec<Tensor>,
    /// Length of the data in bytes.
    pub data_length: u64,
    /// SHA-256 of the data, in lower-case hexadecimal.
    pub data_sha256: String,
}

/// How the tensors of a model are to be computed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    /// Marian's transformer with post-norm layers and embeddings that also give the logits, as
    /// OPUS-MT and Firefox use it.
    MarianTransformer,
}

/// How the weights of matrices are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// Eight-bit integers −127 … 127 with an f32 scale for each row.
    Int8,
    /// As trained, in f32: the reference.
    F32,
}

/// Sizes and special pieces of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Width of embeddings and layers.
    pub d_model: usize,
    /// Layers of the encoder.
    pub encoder_layers: usize,
    /// Layers of the decoder.
    pub decoder_layers: usize,
    /// Attention heads of each encoder layer.
    pub encoder_heads: usize,
    /// Attention heads of each decoder layer.
    pub decoder_heads: usize,
    /// Inner width of the encoder's feed-forward blocks.
    pub encoder_ffn: usize,
    /// Inner width of the decoder's feed-forward blocks.
    pub decoder_ffn: usize,
    /// Between the two matrices of a feed-forward block.
    pub activation: Activation,
    /// Pieces of the vocabulary: the target's, and the source's unless it has its own.
    pub vocabulary: usize,
    /// Pieces of the source's own vocabulary, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_vocabulary: Option<usize>,
    /// The piece that fills up batches, which is never produced.
    pub pad: u32,
    /// The piece that the decoder starts from.
    pub decoder_start: u32,
    /// The piece that ends a sentence.
    pub end: u32,
    /// The piece that stands for all that the vocabulary lacks.
    pub unknown: u32,
    /// Whether embeddings are multiplied by √`d_model`.
    pub scale_embedding: bool,
    /// The most positions that the model was made for.
    pub max_positions: usize,
    /// The beam size that the model's makers recommend.
    pub beam_size: usize,
    /// The sinusoids that tell positions.
    #[serde(default)]
    pub positions: Sinusoids,
    /// What is added to the variance in layer normalisations.
    #[serde(default = "norm_epsilon")]
    pub norm_epsilon: f32,
    /// How a decoder layer looks at the target pieces so far.
    #[serde(default)]
    pub autoregression: Autoregression,
    /// The attention that was trained to align; none where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alignment: Option<AlignmentHead>,
}

fn norm_epsilon() -> f32 {
    NORM_EPSILON
}

impl Config {
    /// Pieces of the source's vocabulary, whether it is the target's or its own.
    pub fn source_pieces(&self) -> usize {
        self.source_vocabulary.unwrap_or(self.vocabulary)
    }

    /// Whether the model is to be searched as Marian searches its students: without the piece that
    /// stands for unknown ones, and among the candidates of its own shortlist only. Transformers
    /// searches OPUS-MT's models otherwise.
    pub fn searched_as_student(&self) -> bool {
        self.autoregression == Autoregression::Ssru
    }
}

/// How a decoder layer looks at the target pieces so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Autoregression {
    /// By attention, as Vaswani et al. (2017) do.
    #[default]
    Attention,
    /// By a simpler simple recurrent unit (Kim et al. 2019, *From Research to Production and
    /// Back*, 3.1).
    Ssru,
}

/// A head of attention to the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlignmentHead {
    /// The decoder's layer, from 0.
    pub layer: usize,
    /// The head, from 0.
    pub head: usize,
}

/// How source text is cut into pieces, as SentencePiece's Unigram model does it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segmentation {
    /// Whether text is treated as if a space stood before it.
    pub add_dummy_prefix: bool,
    /// Whether spaces at the ends are taken off and runs of them become one.
    pub remove_extra_spaces: bool,
    /// The lowest score of a piece; a character that no piece covers scores 10 less.
    pub lowest_score: f32,
}

/// The function between the two matrices of a feed-forward block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// x · sigmoid(x), also called SiLU.
    #[serde(alias = "silu")]
    Swish,
    /// max(x, 0).
    Relu,
    /// x · Φ(x).
    Gelu,
}

/// A file that a model was compiled from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256, in lower-case hexadecimal.
    pub sha256: String,
}

/// A tensor's place in the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tensor {
    /// Its name, such as `encoder/0/self/query/weight`.
    pub name: String,
    /// The type of its numbers.
    pub dtype: Dtype,
    /// Its dimensions, the slowest first.
    pub shape: Vec<usize>,
    /// Where it starts in the data: a multiple of 64.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
}

impl Tensor {
    /// The bytes that the shape asks for; none where that overflows.
    pub fn expected_length(&self) -> Option<u64> {
        self.shape.iter().try_fold(self.dtype.size(), |length, &n| {
            length.checked_mul(u64::try_from(n).ok()?)
        })
    }
}

/// The type of a tensor's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dtype {
    /// 32-bit floating point.
    F32,
    /// Signed 8-bit integers.
    I8,
    /// Unsigned 32-bit integers.
    U32,
    /// Bytes.
    U8,
}

impl Dtype {
    /// Bytes of one number.
    pub fn size(self) -> u64 {
        match self {
            Self::F32 | Self::U32 => 4,
            Self::I8 | Self::U8 => 1,
        }
    }
}
