//! Folders of OPUS-MT models as their publisher lays them out: `config.json`, `vocab.json`,
//! `source.spm` and the weights.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use sentencepiece_model::SentencePieceModel;
use serde::Deserialize;

use super::Error;
use super::compiled::{Activation, Autoregression, Config, NORM_EPSILON, SourceFile};
use super::folder::{read_pieces, read_small, source_file};
use super::packing::GROUP;
use super::positions::Sinusoids;
use super::stated;
use super::weights::Weights;
use crate::language::Language;

/// The names that weights go by, the best first.
const WEIGHTS: [&str; 2] = ["model.safetensors", "pytorch_model.bin"];
/// The files beside the weights.
const SMALL: [&str; 3] = ["config.json", "vocab.json", "source.spm"];
/// Not needed, but of use for a shortlist.
const TARGET_PIECES: &str = "target.spm";

/// An OPUS-MT folder, read and checked but for its weights' contents.
#[derive(Debug)]
pub struct OpusFolder {
    /// Sizes and special pieces.
    pub config: Config,
    /// The languages, where the folder states them.
    pub languages: Option<(Language, Language)>,
    /// The pieces by their number.
    pub vocabulary: Vec<String>,
    /// How source text is cut into pieces.
    pub pieces: SentencePieceModel,
    /// The numbers of the pieces that target text is cut into, rising, where the folder tells them.
    pub target_pieces: Option<Vec<u32>>,
    /// The weights.
    pub weights: Weights,
    /// The files that were read.
    pub sources: Vec<SourceFile>,
}

impl OpusFolder {
    /// Whether `folder` looks like one: it has a `config.json`.
    pub fn is_one(folder: &Path) -> bool {
        folder.join("config.json").is_file()
    }

    /// The file of weights in `folder`.
    ///
    /// # Errors
    /// [`Error::Folder`] where there is none.
    pub(super) fn weights_file(folder: &Path) -> Result<PathBuf, Error> {
        WEIGHTS
            .iter()
            .map(|name| folder.join(name))
            .find(|path| path.is_file())
            .ok_or_else(|| Error::Folder {
                path: folder.to_owned(),
                reason: format!("it has no weights ({})", WEIGHTS.join(" or ")),
            })
    }

    /// The files that make the model: the weights first.
    ///
    /// # Errors
    /// [`Error::Folder`] where there are no weights.
    pub fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
        let small = SMALL.map(|name| folder.join(name));
        Ok([vec![Self::weights_file(folder)?], small.to_vec()].concat())
    }

    /// Reads the folder.
    ///
    /// # Errors
    /// [`Error::Folder`] where a file is missing or is no part of a Marian transformer that the
    /// engine can compute with; [`Error::Weights`] where the weights cannot be read.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let weights_file = Self::weights_file(folder)?;
        let [config, vocabulary, pieces] = SMALL.map(|name| folder.join(name));
        let wrong = |path: &Path, reason: String| Error::Folder {
            path: path.to_owned(),
            reason,
        };

        let json: ConfigJson = serde_json::from_slice(&read_small(&config)?)
            .map_err(|error| wrong(&config, error.to_string()))?;
        let map: HashMap<String, u32> = serde_json::from_slice(&read_small(&vocabulary)?)
            .map_err(|error| wrong(&vocabulary, error.to_string()))?;
        let (words, unknown) = by_number(map).map_err(|reason| wrong(&vocabulary, reason))?;
        let checked = json
            .check(words.len(), unknown)
            .map_err(|reason| wrong(&config, reason))?;
        let model = read_pieces(&pieces)?;

        let mut files = vec![&config, &vocabulary, &pieces];
        let target = folder.join(TARGET_PIECES);
        let target_pieces = if target.is_file() {
            files.push(&target);
            Some(produced(&read_pieces(&target)?, &words))
        } else {
            None
        };
        files.push(&weights_file);
        let sources = files.into_iter().map(|path| source_file(path));
        let sources = sources.collect::<Result<_, _>>()?;
        Ok(Self {
            config: checked,
            languages: opus_languages(folder),
            vocabulary: words,
            pieces: model,
            target_pieces,
            weights: Weights::open(&weights_file)?,
            sources,
        })
    }
}

/// The numbers of the pieces that target text is cut into, rising: a model that was trained on
/// such text produces no others.
fn produced(target: &SentencePieceModel, vocabulary: &[String]) -> Vec<u32> {
    let pieces: HashSet<&str> = target.pieces().iter().map(|piece| piece.piece()).collect();
    (0..)
        .zip(vocabulary)
        .filter(|(_, text)| pieces.contains(&***text))
        .map(|(number, _)| number)
        .collect()
}

/// The languages that a `tokenizer_config.json` states.
pub(super) fn opus_languages(folder: &Path) -> Option<(Language, Language)> {
    #[derive(Deserialize)]
    struct Tokenizer {
        source_lang: Language,
        target_lang: Language,
    }
    let json = read_small(&folder.join("tokenizer_config.json")).ok()?;
    let tokenizer: Tokenizer = serde_json::from_slice(&json).ok()?;
    Some((tokenizer.source_lang, tokenizer.target_lang))
}

/// The pieces by their number, and the number of the one for unknown pieces.
fn by_number(map: HashMap<String, u32>) -> Result<(Vec<String>, u32), String> {
    let unknown = *map.get("<unk>").ok_or("the piece <unk> is missing")?;
    let mut words = vec![None; map.len()];
    for (word, number) in map {
        match words.get_mut(number as usize) {
            Some(place @ None) => *place = Some(word),
            _ => {
                return Err(format!(
                    "the number {number} of {word:?} is too large or twice there"
                ));
            }
        }
    }
    // As many words as places, and none twice: every place is taken.
    Ok((words.into_iter().flatten().collect(), unknown))
}

/// `config.json`, with the defaults of transformers' `MarianConfig`.
#[derive(Debug, Deserialize)]
struct ConfigJson {
    model_type: String,
    d_model: usize,
    encoder_layers: usize,
    decoder_layers: usize,
    encoder_attention_heads: usize,
    decoder_attention_heads: usize,
    encoder_ffn_dim: usize,
    decoder_ffn_dim: usize,
    activation_function: String,
    vocab_size: usize,
    decoder_vocab_size: Option<usize>,
    pad_token_id: u32,
    decoder_start_token_id: u32,
    eos_token_id: u32,
    #[serde(default)]
    scale_embedding: bool,
    max_position_embeddings: usize,
    num_beams: Option<usize>,
    #[serde(default)]
    normalize_before: bool,
    #[serde(default)]
    normalize_embedding: bool,
    #[serde(default)]
    add_final_layer_norm: bool,
    #[serde(default = "yes")]
    static_position_embeddings: bool,
    #[serde(default = "yes")]
    share_encoder_decoder_embeddings: bool,
    #[serde(default = "yes")]
    tie_word_embeddings: bool,
}

fn yes() -> bool {
    true
}

impl ConfigJson {
    fn check(self, vocabulary: usize, unknown: u32) -> Result<Config, String> {
        if self.model_type != "marian" {
            return Err(format!(
                "a model of type {:?}; only marian can be used",
                self.model_type
            ));
        }
        stated::switches([
            ("normalize_before", self.normalize_before, false),
            ("normalize_embedding", self.normalize_embedding, false),
            ("add_final_layer_norm", self.add_final_layer_norm, false),
            (
                "static_position_embeddings",
                self.static_position_embeddings,
                true,
            ),
            (
                "share_encoder_decoder_embeddings",
                self.share_encoder_decoder_embeddings,
                true,
            ),
            ("tie_word_embeddings", self.tie_word_embeddings, true),
        ])?;
        stated::sizes([
            ("d_model", self.d_model, 1 << 12),
            ("encoder_layers", self.encoder_layers, 1 << 8),
            ("decoder_layers", self.decoder_layers, 1 << 8),
            (
                "encoder_attention_heads",
                self.encoder_attention_heads,
                1 << 10,
            ),
            (
                "decoder_attention_heads",
                self.decoder_attention_heads,
                1 << 10,
            ),
            ("encoder_ffn_dim", self.encoder_ffn_dim, 1 << 16),
            ("decoder_ffn_dim", self.decoder_ffn_dim, 1 << 16),
            ("vocab_size", self.vocab_size, 1 << 21),
            (
                "max_position_embeddings",
                self.max_position_embeddings,
                1 << 14,
            ),
            ("num_beams", self.num_beams.unwrap_or(4), 1 << 10),
        ])?;
        for (name, value) in [
            ("d_model", self.d_model),
            ("encoder_ffn_dim", self.encoder_ffn_dim),
            ("decoder_ffn_dim", self.decoder_ffn_dim),
        ] {
            if !value.is_multiple_of(GROUP) {
                return Err(format!(
                    "{name} is {value}; only multiples of {GROUP} can be used"
                ));
            }
        }
        let heads = [self.encoder_attention_heads, self.decoder_attention_heads];
        stated::heads(self.d_model, heads)?;
        if self.max_position_embeddings < 2 {
            return Err("max_position_embeddings is 1: there is room for no sentence".into());
        }
        if self.vocab_size != vocabulary || self.decoder_vocab_size.is_some_and(|n| n != vocabulary)
        {
            return Err(format!(
                "vocab_size {} and decoder_vocab_size {:?} must both be the {vocabulary} of vocab.json",
                self.vocab_size, self.decoder_vocab_size
            ));
        }
        let pieces = [
            ("pad_token_id", self.pad_token_id),
            ("decoder_start_token_id", self.decoder_start_token_id),
            ("eos_token_id", self.eos_token_id),
        ];
        stated::pieces(pieces, vocabulary)?;
        let activation = match &*self.activation_function {
            "swish" | "silu" => Activation::Swish,
            other => {
                return Err(format!(
                    "activation_function is {other:?}; only swish can be used"
                ));
            }
        };
        Ok(Config {
            d_model: self.d_model,
            encoder_layers: self.encoder_layers,
            decoder_layers: self.decoder_layers,
            encoder_heads: self.encoder_attention_heads,
            decoder_heads: self.decoder_attention_heads,
            encoder_ffn: self.encoder_ffn_dim,
            decoder_ffn: self.decoder_ffn_dim,
            activation,
            vocabulary,
            source_vocabulary: None,
            pad: self.pad_token_id,
            decoder_start: self.decoder_start_token_id,
            end: self.eos_token_id,
            unknown,
            scale_embedding: self.scale_embedding,
            max_positions: self.max_position_embeddings,
            beam_size: self.num_beams.unwrap_or(4),
            positions: Sinusoids::Vaswani,
            norm_epsilon: NORM_EPSILON,
            autoregression: Autoregression::Attention,
            alignment: None,
        })
    }
}
