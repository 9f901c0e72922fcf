//! A tiny Bergamot model, made here: random weights in Marian's binary format, the pieces of the
//! tiny OPUS model.

use std::fs;
use std::path::Path;

pub const INT8: u64 = 0x0101;
pub const FLOAT32: u64 = 0x0404;
pub const INTGEMM8: u64 = 0x4101;
/// Width, inner width and pieces.
pub const SIZES: [usize; 3] = [8, 16, 51];
/// The tiny model's files, the weights last.
pub const FILES: [&str; 3] = [
    "vocab.fren.spm",
    "lex.50.50.fren.s2t.bin",
    "model.fren.intgemm.alphas.bin",
];

/// What a Marian file consists of.
#[derive(Clone)]
pub struct Item {
    pub name: String,
    pub kind: u64,
    pub shape: Vec<i32>,
    pub data: Vec<u8>,
}

/// A file of these items.
pub fn file(items: &[Item]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut put = |n: usize| bytes.extend((n as u64).to_le_bytes());
    put(1);
    put(items.len());
    for item in items {
        put(item.name.len() + 1);
        put(item.kind as usize);
        put(item.shape.len());
        put(item.data.len());
    }
    for item in items {
        bytes.extend(item.name.bytes().chain([0]));
    }
    for item in items {
        bytes.extend(item.shape.iter().flat_map(|n| n.to_le_bytes()));
    }
    let padding = 256 - (bytes.len() + 8) % 256;
    bytes.extend((padding as u64).to_le_bytes());
    bytes.resize(bytes.len() + padding, 0);
    for item in items {
        bytes.extend(&item.data);
    }
    bytes
}

/// The tiny model's options, with lines altered.
pub fn options(alter: &[(&str, &str)]) -> String {
    let [d, inner, pieces] = SIZES;
    let mut text = format!(
        "dec-cell: ssru\ndec-depth: 1\ndim-emb: {d}\ndim-vocabs:\n  - {pieces}\n  - {pieces}\n\
         enc-depth: 1\ninput-types:\n  []\noutput-omit-bias: false\ntied-embeddings: false\n\
         tied-embeddings-all: true\ntransformer-decoder-autoreg: rnn\n\
         transformer-dim-ffn: {inner}\ntransformer-ffn-activation: relu\n\
         transformer-ffn-depth: 2\ntransformer-guided-alignment-layer: last\n\
         transformer-heads: 2\ntransformer-postprocess: dan\ntransformer-preprocess: \"\"\n\
         transformer-train-position-embeddings: false\ntype: transformer\n"
    );
    for (from, to) in alter {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text
}

/// The tiny model's items; embeddings are one matrix, or two.
pub fn items(options: &str, apart: bool) -> Vec<Item> {
    items_for(SIZES[2], options, apart)
}

/// The items of a model of so many pieces.
pub fn items_for(pieces: usize, options: &str, apart: bool) -> Vec<Item> {
    let [d, inner, _] = SIZES;
    let mut items = Vec::new();
    let mut seed = 7u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as i8
    };
    let floats = |items: &mut Vec<Item>, name: String, numbers: Vec<f32>| {
        let data: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        items.push(Item {
            name,
            kind: FLOAT32,
            shape: vec![1, numbers.len() as i32],
            data,
        });
    };
    let mut matrix = |items: &mut Vec<Item>, name: &str, rows: usize, columns: usize| {
        let mut data: Vec<u8> = (0..rows * columns)
            .map(|_| next().max(-127) as u8)
            .collect();
        data.extend(100f32.to_le_bytes());
        data.resize(data.len().next_multiple_of(256), 0);
        items.push(Item {
            name: name.into(),
            kind: INTGEMM8,
            shape: vec![rows as i32, columns as i32],
            data,
        });
    };
    let embeddings: &[&str] = match apart {
        true => &["encoder_Wemb", "decoder_Wemb"],
        false => &["Wemb"],
    };
    for name in embeddings {
        matrix(&mut items, name, pieces, d);
    }
    floats(&mut items, "none_QuantMultA".into(), vec![9.0]);
    floats(
        &mut items,
        "decoder_ff_logit_out_b".into(),
        vec![0.25; pieces],
    );
    for (name, rows, columns, bias) in [
        ("encoder_l1_self_Wq", d, d, "encoder_l1_self_bq"),
        ("encoder_l1_self_Wk", d, d, "encoder_l1_self_bk"),
        ("encoder_l1_self_Wv", d, d, "encoder_l1_self_bv"),
        ("encoder_l1_self_Wo", d, d, "encoder_l1_self_bo"),
        ("encoder_l1_ffn_W1", d, inner, "encoder_l1_ffn_b1"),
        ("encoder_l1_ffn_W2", inner, d, "encoder_l1_ffn_b2"),
        ("decoder_l1_rnn_W", d, d, ""),
        ("decoder_l1_rnn_Wf", d, d, "decoder_l1_rnn_bf"),
        ("decoder_l1_context_Wq", d, d, "decoder_l1_context_bq"),
        ("decoder_l1_context_Wk", d, d, "decoder_l1_context_bk"),
        ("decoder_l1_context_Wv", d, d, "decoder_l1_context_bv"),
        ("decoder_l1_context_Wo", d, d, "decoder_l1_context_bo"),
        ("decoder_l1_ffn_W1", d, inner, "decoder_l1_ffn_b1"),
        ("decoder_l1_ffn_W2", inner, d, "decoder_l1_ffn_b2"),
    ] {
        matrix(&mut items, name, rows, columns);
        floats(&mut items, format!("{name}_QuantMultA"), vec![12.5]);
        if !bias.is_empty() {
            floats(&mut items, bias.into(), vec![-0.5; columns]);
        }
    }
    for name in [
        "encoder_l1_self_Wo",
        "encoder_l1_ffn_ffn",
        "decoder_l1_rnn_ffn",
        "decoder_l1_context_Wo",
        "decoder_l1_ffn_ffn",
    ] {
        floats(&mut items, format!("{name}_ln_scale"), vec![1.0; d]);
        floats(&mut items, format!("{name}_ln_bias"), vec![0.0; d]);
    }
    items.push(Item {
        name: "special:model.yml".into(),
        kind: INT8,
        shape: vec![options.len() as i32 + 1],
        data: options.bytes().chain([0]).collect(),
    });
    items
}

/// A shortlist of the tiny model: every piece offers the one after it.
pub fn lexicon() -> Vec<u8> {
    let pieces = SIZES[2] as u64;
    let header = [0xF11A_48D5_0134_17F5, 0, 5, 1, pieces + 1, pieces];
    let mut bytes: Vec<u8> = header
        .into_iter()
        .chain(0..=pieces)
        .flat_map(u64::to_le_bytes)
        .collect();
    bytes.extend((0..pieces as u32).flat_map(|n| ((n + 1) % pieces as u32).to_le_bytes()));
    bytes
}

/// One of the tiny model's files.
pub fn tiny(name: &str) -> Vec<u8> {
    match name {
        "vocab.fren.spm" => {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"));
            fs::read(path.join("tests/cases/models/tiny/source.spm")).unwrap()
        }
        "lex.50.50.fren.s2t.bin" => lexicon(),
        _ => file(&items(&options(&[]), false)),
    }
}
