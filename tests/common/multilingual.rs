//! Tiny models of many languages with random weights, as folders of their publishers.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

use safetensors::{Dtype, serialize};
use serde_json::{Value, json};

/// The codes of NLLB's languages, as its vocabulary has them.
const NLLB: &str = include_str!("../cases/models/nllb-languages.txt");
/// Languages of M2M100, whose numbers come after the vocabulary's.
const M2M100_LANGUAGES: usize = 100;
const WIDTH: usize = 16;
const INNER: usize = 32;

/// Which model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// With `vocab.json`.
    M2m100,
    /// With `tokenizer.json`.
    Nllb,
}

impl Kind {
    /// As `models info` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::M2m100 => "M2M100",
            Self::Nllb => "NLLB",
        }
    }
}

/// Writes the folder of a model.
pub fn write(kind: Kind, folder: &Path) {
    fs::create_dir(folder).expect("a folder");
    let put = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).expect("a file");
    let special = ["<s>", "<pad>", "</s>", "<unk>"].map(String::from);
    let letters = ('a'..='z').map(String::from);
    let merged = [
        "▁", "▁l", "le", "▁la", "▁le", "ch", "ha", "an", "ge", "at", "▁m",
    ];
    let pieces: Vec<String> = letters.chain(merged.map(String::from)).collect();
    put("sentencepiece.bpe.model", &sentencepiece(&pieces));
    let languages: Vec<String> = NLLB.split_whitespace().map(String::from).collect();
    let listed = match kind {
        Kind::M2m100 => Vec::new(),
        Kind::Nllb => languages,
    };
    let all = special.iter().chain(&pieces).chain(&listed);
    let vocabulary: BTreeMap<&String, usize> = all.enumerate().map(|(id, p)| (p, id)).collect();
    let size = match kind {
        Kind::M2m100 => vocabulary.len() + M2M100_LANGUAGES,
        Kind::Nllb => vocabulary.len(),
    };
    let (name, file) = match kind {
        Kind::M2m100 => ("vocab.json", json!(vocabulary)),
        Kind::Nllb => (
            "tokenizer.json",
            json!({ "model": { "vocab": vocabulary } }),
        ),
    };
    put(name, file.to_string().as_bytes());
    put("config.json", config(size).to_string().as_bytes());
    let first = special.len();
    put(
        "model.safetensors",
        &weights(size, first..first + pieces.len()),
    );
}

fn config(size: usize) -> Value {
    json!({
        "model_type": "m2m_100", "d_model": WIDTH, "encoder_layers": 1, "decoder_layers": 2,
        "encoder_attention_heads": 2, "decoder_attention_heads": 2, "encoder_ffn_dim": INNER,
        "decoder_ffn_dim": INNER, "activation_function": "relu", "vocab_size": size,
        "bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2,
        "max_position_embeddings": 64, "scale_embedding": true,
    })
}

/// A SentencePiece model of the type BPE: the fields of its messages that are read.
fn sentencepiece(pieces: &[String]) -> Vec<u8> {
    let field = |number: u8, bytes: &[u8]| {
        let length = u8::try_from(bytes.len()).expect("short");
        assert!(length < 128);
        [&[number << 3 | 2, length], bytes].concat()
    };
    let mut model = Vec::new();
    // The type of a piece is 2 for the unknown one, 3 for control.
    for (text, kind) in [("<unk>", 2), ("<s>", 3), ("</s>", 3)] {
        model.extend(field(
            1,
            &[field(1, text.as_bytes()), vec![3 << 3, kind]].concat(),
        ));
    }
    for (rank, text) in pieces.iter().rev().enumerate() {
        let score = [&[2 << 3 | 5], &(-(rank as f32)).to_le_bytes()[..]].concat();
        model.extend(field(1, &[field(1, text.as_bytes()), score].concat()));
    }
    // The type of the model: 2 is BPE.
    model.extend(field(2, &[3 << 3, 2]));
    model
}

/// Random weights, the same each time; those of the pieces `text` are greater, so that it is they that
/// translations are made of.
fn weights(size: usize, text: Range<usize>) -> Vec<u8> {
    let mut names: Vec<(String, Vec<usize>)> =
        vec![("model.shared.weight".into(), vec![size, WIDTH])];
    for (side, layers) in [("encoder", 1), ("decoder", 2)] {
        let mut add = |name: &str, rows: usize, columns: Option<usize>| {
            let shape = std::iter::once(rows).chain(columns).collect();
            names.push((format!("model.{side}.{name}.weight"), shape));
            names.push((format!("model.{side}.{name}.bias"), vec![rows]));
        };
        add("layer_norm", WIDTH, None);
        for layer in (0..layers).map(|layer| format!("layers.{layer}")) {
            for attention in ["self_attn", "encoder_attn"] {
                for projection in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                    add(
                        &format!("{layer}.{attention}.{projection}"),
                        WIDTH,
                        Some(WIDTH),
                    );
                }
                add(&format!("{layer}.{attention}_layer_norm"), WIDTH, None);
            }
            add(&format!("{layer}.fc1"), INNER, Some(WIDTH));
            add(&format!("{layer}.fc2"), WIDTH, Some(INNER));
            add(&format!("{layer}.final_layer_norm"), WIDTH, None);
        }
    }
    let mut state = 7u64;
    let mut random = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 40) as f32 / (1u64 << 24) as f32 - 0.5
    };
    let data: Vec<(String, Vec<usize>, Vec<u8>)> = names
        .into_iter()
        .map(|(name, shape)| {
            let count: usize = shape.iter().product();
            // A norm that is near to none.
            let gain = f32::from(u8::from(name.ends_with("norm.weight")));
            let is_text = |at: usize| shape[0] == size && text.contains(&(at / WIDTH));
            let numbers = (0..count).flat_map(|at| {
                let scale = if is_text(at) { 4.0 } else { 1.0 };
                (random() * scale + gain).to_le_bytes()
            });
            let bytes = numbers.collect();
            (name, shape, bytes)
        })
        .collect();
    let views = data.iter().map(|(name, shape, bytes)| {
        let view = safetensors::tensor::TensorView::new(Dtype::F32, shape.clone(), bytes);
        (name, view.expect("a tensor"))
    });
    serialize(views, None).expect("safetensors")
}
