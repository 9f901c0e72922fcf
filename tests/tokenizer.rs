//! Our tokenizer, held to the pieces that the SentencePiece library gives (scripts/tokenizer-golden.py).

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};
use visavis::engine::tokenizer::Tokenizer;
use visavis::model::compiled::Precision;
use visavis::model::import::{ImportOptions, import};
use visavis::model::{Compiled, Silent, Store};

/// What the script prints of a file: lines, pieces, SHA-256.
fn digest(tokenizer: &Tokenizer, text: &str) -> (usize, usize, String) {
    let (mut hash, mut lines, mut pieces) = (Sha256::new(), 0, 0);
    for line in text.split_terminator('\n') {
        let ids: Vec<String> = tokenizer
            .encode(line)
            .iter()
            .map(|piece| piece.id.to_string())
            .collect();
        hash.update(ids.join(" ") + "\n");
        lines += 1;
        pieces += ids.len();
    }
    let hex = hash
        .finalize()
        .iter()
        .fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        });
    (lines, pieces, hex)
}

fn here(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn a_tiny_model_cuts_the_article_as_the_library_does() {
    let folder = tempfile::tempdir().unwrap();
    let options = ImportOptions {
        name: Some("tiny".into()),
        languages: (None, None),
        precision: Precision::Int8,
    };
    let store = Store::at(folder.path());
    let path = import(&store, &here("tests/cases/models/tiny"), &options, &Silent).unwrap();
    let tokenizer = Tokenizer::load(&Compiled::open(&path).unwrap()).unwrap();
    let article = fs::read_to_string(here("corpus/article.fr.txt")).unwrap();
    assert_eq!(
        digest(&tokenizer, &article),
        (
            11,
            1819,
            "9c0634d114cf93ff486b3c2651c3d0ea9b11f140a1ac1cca1d0b44d5f79f2d4b".into()
        )
    );
}

#[test]
fn the_real_model_cuts_whole_corpora_as_the_library_does() {
    let Some(path) = common::model(Precision::Int8) else {
        return;
    };
    let tokenizer = Tokenizer::load(&Compiled::open(&path).unwrap()).unwrap();
    for (file, lines, pieces, sha256) in [
        (
            "corpus/article.fr.txt",
            11,
            453,
            "ba51bdd67ec87bf443c84dc6da7e1a0114d8ed9b25bff973a70dd459b21b0e70",
        ),
        (
            "../shared/data/translation/flores-dev.fr",
            997,
            32722,
            "71fa5044e1fd562c6975d289874c6098b32ab930ddc5b973bfa0a1e6460759e0",
        ),
        (
            "../shared/data/translation/news2013.fr",
            3000,
            86800,
            "ac48e9d59929c516e4d88180a2c1421a152f60d1d57cd7f484a90982626a5d85",
        ),
    ] {
        let Ok(text) = fs::read_to_string(here(file)) else {
            common::skipped(&format!("{file} is not here"));
            continue;
        };
        assert_eq!(
            digest(&tokenizer, &text),
            (lines, pieces, sha256.into()),
            "{file}"
        );
    }
}
