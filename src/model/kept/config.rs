//! The configuration of a transformer that rust-bert runs, and the tensors that it must have.

use serde::{Deserialize, Serialize};

use crate::model::stated;

/// Which transformer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// Marian, as OPUS-MT has it: from one language to another.
    Marian,
    /// M2M100: between many languages.
    M2m100,
    /// NLLB: M2M100 with another tokenizer.
    Nllb,
}

impl Architecture {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Marian => "Marian",
            Self::M2m100 => "M2M100",
            Self::Nllb => "NLLB",
        }
    }

    /// The files of its tokenizer.
    pub fn tokenizer_files(self) -> [&'static str; 2] {
        match self {
            Self::Marian => ["vocab.json", "source.spm"],
            Self::M2m100 => ["vocab.json", "sentencepiece.bpe.model"],
            Self::Nllb => ["tokenizer.json", "sentencepiece.bpe.model"],
        }
    }

    /// Whether the languages are chosen for each translation.
    pub fn is_multilingual(self) -> bool {
        self != Self::Marian
    }
}

/// A `config.json`, with what rust-bert needs of it and nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Config {
    model_type: String,
    /// Width of the model.
    pub d_model: usize,
    encoder_layers: usize,
    decoder_layers: usize,
    encoder_attention_heads: usize,
    decoder_attention_heads: usize,
    encoder_ffn_dim: usize,
    decoder_ffn_dim: usize,
    activation_function: String,
    /// Pieces of the vocabulary.
    pub vocab_size: usize,
    #[serde(default = "zero", skip_serializing_if = "Option::is_none")]
    bos_token_id: Option<u32>,
    /// The piece that fills up.
    pub pad_token_id: u32,
    /// The piece that a translation starts from.
    pub decoder_start_token_id: u32,
    /// The piece that ends a sentence.
    pub eos_token_id: u32,
    #[serde(default)]
    scale_embedding: bool,
    /// The most pieces of a sentence, its end included.
    pub max_position_embeddings: usize,
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
    // What follows is never used to translate, but rust-bert wants it there.
    #[serde(default)]
    num_hidden_layers: usize,
    #[serde(skip_deserializing)]
    dropout: f64,
    #[serde(skip_deserializing)]
    activation_dropout: f64,
    #[serde(skip_deserializing)]
    attention_dropout: f64,
    #[serde(skip_deserializing)]
    encoder_layerdrop: f64,
    #[serde(skip_deserializing)]
    decoder_layerdrop: f64,
    #[serde(skip_deserializing)]
    init_std: f64,
}

fn yes() -> bool {
    true
}

fn zero() -> Option<u32> {
    Some(0)
}

/// A tensor that a model must have: its name and shape.
pub type Wanted = (String, Vec<usize>);

impl Config {
    /// The configuration as a `config.json` states it, checked; or what is wrong with it.
    pub fn read(json: &[u8], architecture: Architecture) -> Result<Self, String> {
        let mut config: Self = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        config.check(architecture)?;
        config.num_hidden_layers = config.encoder_layers;
        if config.activation_function == "silu" {
            config.activation_function = "swish".into();
        }
        Ok(config)
    }

    /// The type that a `config.json` states; none where it is no such file.
    pub fn model_type(json: &[u8]) -> Option<String> {
        #[derive(Deserialize)]
        struct Typed {
            model_type: String,
        }
        let typed: Typed = serde_json::from_slice(json).ok()?;
        Some(typed.model_type)
    }

    fn check(&self, architecture: Architecture) -> Result<(), String> {
        let is_marian = architecture == Architecture::Marian;
        let mut wanted = vec![
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
        ];
        if is_marian {
            wanted.extend([
                ("normalize_before", self.normalize_before, false),
                ("normalize_embedding", self.normalize_embedding, false),
                ("add_final_layer_norm", self.add_final_layer_norm, false),
            ]);
        }
        stated::switches(wanted)?;
        let heads = 1 << 10;
        stated::sizes([
            ("d_model", self.d_model, 1 << 14),
            ("encoder_layers", self.encoder_layers, 1 << 8),
            ("decoder_layers", self.decoder_layers, 1 << 8),
            (
                "encoder_attention_heads",
                self.encoder_attention_heads,
                heads,
            ),
            (
                "decoder_attention_heads",
                self.decoder_attention_heads,
                heads,
            ),
            ("encoder_ffn_dim", self.encoder_ffn_dim, 1 << 16),
            ("decoder_ffn_dim", self.decoder_ffn_dim, 1 << 16),
            ("vocab_size", self.vocab_size, 1 << 21),
            (
                "max_position_embeddings",
                self.max_position_embeddings,
                1 << 14,
            ),
        ])?;
        let heads = [self.encoder_attention_heads, self.decoder_attention_heads];
        stated::heads(self.d_model, heads)?;
        if self.d_model < 4 || self.max_position_embeddings < 4 {
            return Err("d_model and max_position_embeddings must be 4 at least".into());
        }
        let pieces = [
            ("pad_token_id", self.pad_token_id),
            ("decoder_start_token_id", self.decoder_start_token_id),
            ("eos_token_id", self.eos_token_id),
        ];
        stated::pieces(pieces, self.vocab_size)?;
        match &*self.activation_function {
            "swish" | "silu" | "relu" | "gelu" => Ok(()),
            other => Err(format!(
                "activation_function is {other:?}; swish, relu and gelu can be used"
            )),
        }
    }

    /// The tensors that rust-bert loads, but for positions that can be computed.
    pub fn tensors(&self, architecture: Architecture) -> Vec<Wanted> {
        let d = self.d_model;
        let mut tensors = vec![(SHARED.to_owned(), vec![self.vocab_size, d])];
        if architecture == Architecture::Marian {
            tensors.push(("final_logits_bias".into(), vec![1, self.vocab_size]));
        }
        for (side, layers, inner) in [
            ("encoder", self.encoder_layers, self.encoder_ffn_dim),
            ("decoder", self.decoder_layers, self.decoder_ffn_dim),
        ] {
            let mut add = |name: &str, rows: usize, columns: Option<usize>| {
                let weight = std::iter::once(rows).chain(columns).collect();
                tensors.push((format!("model.{side}.{name}.weight"), weight));
                tensors.push((format!("model.{side}.{name}.bias"), vec![rows]));
            };
            if architecture.is_multilingual() {
                add("layer_norm", d, None);
            }
            let attentions: &[&str] = match side {
                "encoder" => &["self_attn"],
                _ => &["self_attn", "encoder_attn"],
            };
            for layer in (0..layers).map(|layer| format!("layers.{layer}")) {
                for attention in attentions {
                    for projection in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                        add(&format!("{layer}.{attention}.{projection}"), d, Some(d));
                    }
                    add(&format!("{layer}.{attention}_layer_norm"), d, None);
                }
                add(&format!("{layer}.fc1"), inner, Some(d));
                add(&format!("{layer}.fc2"), d, Some(inner));
                add(&format!("{layer}.final_layer_norm"), d, None);
            }
        }
        tensors
    }
}

/// The embedding, which serves the encoder, the decoder and the output.
pub const SHARED: &str = "model.shared.weight";

#[cfg(test)]
mod tests {
    use super::*;

    fn json(change: impl Fn(&mut serde_json::Value)) -> Vec<u8> {
        let mut json = serde_json::json!({
            "model_type": "marian", "d_model": 8, "encoder_layers": 1, "decoder_layers": 2,
            "encoder_attention_heads": 2, "decoder_attention_heads": 2, "encoder_ffn_dim": 16,
            "decoder_ffn_dim": 16, "activation_function": "silu", "vocab_size": 20,
            "pad_token_id": 19, "decoder_start_token_id": 19, "eos_token_id": 0,
            "max_position_embeddings": 32, "something_else": [1, 2],
        });
        change(&mut json);
        json.to_string().into_bytes()
    }

    #[test]
    fn a_configuration_has_all_that_rust_bert_wants() {
        let config = Config::read(&json(|_| ()), Architecture::Marian).expect("it is sound");
        let written = serde_json::to_value(&config).expect("JSON");
        for name in [
            "dropout",
            "init_std",
            "num_hidden_layers",
            "decoder_layerdrop",
        ] {
            assert!(written.get(name).is_some(), "{name}");
        }
        assert_eq!(written["activation_function"], "swish");
        assert_eq!(written["bos_token_id"], 0);
        assert!(written.get("something_else").is_none());
        let again = Config::read(written.to_string().as_bytes(), Architecture::Marian);
        assert_eq!(again, Ok(config.clone()));
        let tensors = config.tensors(Architecture::Marian);
        // The embedding and the bias; 8 of an attention, 6 of a feed-forward block, 2 of a norm.
        assert_eq!(tensors.len(), 2 + (10 + 6) + 2 * (20 + 6));
        let more = config.tensors(Architecture::M2m100);
        assert_eq!(more.len(), tensors.len() - 1 + 4);
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_its_reason() {
        let read = |change: &dyn Fn(&mut serde_json::Value), architecture| {
            Config::read(&json(change), architecture).expect_err("it is refused")
        };
        let marian = Architecture::Marian;
        assert!(read(&|j| j["d_model"] = 9.into(), marian).contains("no multiple"));
        assert!(read(&|j| j["eos_token_id"] = 20.into(), marian).contains("outside"));
        assert!(read(&|j| j["encoder_layers"] = 0.into(), marian).contains("1 to"));
        assert!(read(&|j| j["normalize_before"] = true.into(), marian).contains("only models"));
        assert!(read(&|j| j["activation_function"] = "tanh".into(), marian).contains("tanh"));
        let nllb = Architecture::Nllb;
        assert!(read(&|j| j["tie_word_embeddings"] = false.into(), nllb).contains("only models"));
        assert!(Config::read(b"[]", nllb).is_err());
    }
}
