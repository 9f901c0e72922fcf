//! Altered models, in every file that is read: refused or used, but never a panic.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::fs;
use std::ops::Range;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use visavis::engine::{Engine, Options};
use visavis::model::compiled::Precision;
use visavis::model::import::{ImportOptions, import};
use visavis::model::{Compiled, Silent, Store};

const FILES: [&str; 4] = ["config.json", "vocab.json", "source.spm", "legacy.bin"];

fn tiny(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/models/tiny");
    fs::read(folder.join(name)).unwrap()
}

/// Compiles the tiny model with one file in the place of its own; the compiled file's bytes.
fn compile(replaced: &str, content: &[u8], precision: Precision) -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("tiny-fr-en");
    fs::create_dir(&model).unwrap();
    for name in FILES {
        let bytes = if name == replaced {
            content.to_vec()
        } else {
            tiny(name)
        };
        let name = if name == "legacy.bin" {
            "pytorch_model.bin"
        } else {
            name
        };
        fs::write(model.join(name), bytes).unwrap();
    }
    let options = ImportOptions {
        name: None,
        languages: (None, None),
        precision,
    };
    let store = Store::at(folder.path().join("store"));
    let path = import(&store, &model, &options, &Silent).ok()?;
    Some(fs::read(path).unwrap())
}

/// Opens a compiled model and translates with it, as far as that goes.
fn use_it(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.visavis");
    fs::write(&path, bytes).unwrap();
    let Ok(model) = Compiled::open(&path) else {
        return;
    };
    let Ok(engine) = Engine::new(model) else {
        return;
    };
    for beam_size in [1, 3] {
        let options = Options {
            beam_size,
            threads: 1,
            shortlist: true,
            no_repeat_ngram: 0,
            attention: true,
        };
        let sentences = ["Le chat dort\u{2019} \u{fb01}n\u{2026}", "", " été 🦀 "];
        let _ = engine.translate(&sentences, &options, &|_| {});
    }
}

/// The same file with another header, its length and SHA-256 set right.
fn with_header(bytes: &[u8], alter: impl Fn(&str) -> String) -> Vec<u8> {
    let length = u64::from_le_bytes(bytes[16..24].try_into().unwrap()) as usize;
    let header = alter(std::str::from_utf8(&bytes[64..64 + length]).unwrap());
    let mut altered = bytes[..64].to_vec();
    altered[16..24].copy_from_slice(&(header.len() as u64).to_le_bytes());
    altered[24..56].copy_from_slice(&Sha256::digest(header.as_bytes()));
    altered.extend(header.as_bytes());
    altered.resize(altered.len().next_multiple_of(64), 0);
    altered.extend(&bytes[(64 + length).next_multiple_of(64)..]);
    altered
}

/// `text` with its number of that rank (counted round) in the place of which `with` stands.
fn replace_number(text: &str, rank: usize, with: &str) -> String {
    let numbers = numbers(text);
    let number = numbers[rank % numbers.len()].clone();
    format!("{}{with}{}", &text[..number.start], &text[number.end..])
}

/// The places of the numbers in `text`.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let number = regex::Regex::new(r"[0-9]+").unwrap();
    number.find_iter(text).map(|found| found.range()).collect()
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("0".to_owned()),
        Just("1".to_owned()),
        Just("-1".to_owned()),
        Just("1e400".to_owned()),
        (0u32..64).prop_map(|bits| (1u64 << bits).to_string()),
        (0u64..80).prop_map(|n| n.to_string()),
        Just(u64::MAX.to_string()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, max_shrink_iters: 50, ..ProptestConfig::default() })]

    #[test]
    fn folders_with_altered_bytes(
        file in 0..FILES.len(),
        edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = tiny(FILES[file]);
        for (place, byte) in edits {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Some(compiled) = compile(FILES[file], &bytes, Precision::Int8) {
            use_it(&compiled);
        }
    }

    #[test]
    fn folders_with_other_numbers(file in 0usize..2, rank in any::<usize>(), with in number()) {
        let text = String::from_utf8(tiny(FILES[file])).unwrap();
        let text = replace_number(&text, rank, &with);
        if let Some(compiled) = compile(FILES[file], text.as_bytes(), Precision::F32) {
            use_it(&compiled);
        }
    }

    #[test]
    fn compiled_models_with_altered_data(
        edits in vec((any::<prop::sample::Index>(), any::<[u8; 4]>()), 1..20),
        int8 in any::<bool>(),
    ) {
        let precision = if int8 { Precision::Int8 } else { Precision::F32 };
        let mut bytes = compile("", &[], precision).unwrap();
        let data = 64 + u64::from_le_bytes(bytes[16..24].try_into().unwrap()) as usize;
        for (place, with) in edits {
            let place = data + place.index(bytes.len() - data - 4);
            bytes[place..place + 4].copy_from_slice(&with);
        }
        use_it(&bytes);
    }

    #[test]
    fn compiled_models_with_other_numbers_in_their_header(
        changes in vec((any::<usize>(), number()), 1..3),
    ) {
        let bytes = compile("", &[], Precision::Int8).unwrap();
        use_it(&with_header(&bytes, |header| {
            changes.iter().fold(header.to_owned(), |header, (rank, with)| {
                replace_number(&header, *rank, with)
            })
        }));
    }
}

#[test]
fn each_number_of_a_compiled_header_at_its_extremes() {
    let bytes = compile("", &[], Precision::Int8).unwrap();
    let length = u64::from_le_bytes(bytes[16..24].try_into().unwrap()) as usize;
    let header = std::str::from_utf8(&bytes[64..64 + length]).unwrap();
    for rank in 0..numbers(header).len() {
        for with in [0, 1 << 31, 1 << 62, u64::MAX - 3, u64::MAX] {
            use_it(&with_header(&bytes, |header| {
                replace_number(header, rank, &with.to_string())
            }));
        }
    }
}

#[test]
fn the_model_is_used_where_nothing_is_altered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.visavis");
    let bytes = compile("", &[], Precision::Int8).unwrap();
    fs::write(&path, with_header(&bytes, str::to_owned)).unwrap();
    let engine = Engine::new(Compiled::open(&path).unwrap()).unwrap();
    let options = Options {
        beam_size: 2,
        threads: 1,
        shortlist: true,
        no_repeat_ngram: 0,
        attention: false,
    };
    let translated = engine
        .translate(&["Le chat dort."], &options, &|_| {})
        .unwrap();
    assert!(!translated[0].source.is_empty());
}
