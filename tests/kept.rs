//! What is kept of models for rust-bert, and what is said of it; none of this needs rust-bert.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::trial::Trial;
use safetensors::SafeTensors;
use sha2::{Digest, Sha256};
use visavis::model::weights::{WeightSource, Weights};

const KEEP: [&str; 2] = ["--keep-for", "rust-bert"];

fn tiny(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases/models/tiny")
        .join(name)
}

/// A folder of the tiny model with these weights.
fn folder(trial: &Trial, weights: &str) -> String {
    let folder = trial.folder().join("opus-tiny-fr-en");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).unwrap();
    for file in ["config.json", "vocab.json", "source.spm"] {
        fs::copy(tiny(file), folder.join(file)).unwrap();
    }
    let name = match weights {
        "model.safetensors" => weights,
        _ => "pytorch_model.bin",
    };
    fs::copy(tiny(weights), folder.join(name)).unwrap();
    folder.display().to_string()
}

fn import(trial: &Trial, weights: &str, more: &[&str]) -> String {
    let folder = folder(trial, weights);
    let command = ["models", "import", &folder, "--name", "tiny", "-q"];
    trial.done(&[&command[..], more].concat())
}

#[test]
fn each_format_of_weights_gives_the_same_safetensors() {
    let trial = Trial::without_model();
    let kept = trial.store().join("tiny.rust-bert");
    let mut digests = Vec::new();
    for weights in ["pytorch_model.bin", "legacy.bin", "model.safetensors"] {
        import(&trial, weights, &KEEP);
        let bytes = fs::read(kept.join("model.safetensors")).unwrap();
        digests.push(Sha256::digest(&bytes));
    }
    assert_eq!(digests[0], digests[1]);
    assert_eq!(digests[0], digests[2]);

    let bytes = fs::read(kept.join("model.safetensors")).unwrap();
    let written = SafeTensors::deserialize(&bytes).unwrap();
    let source = Weights::open(&tiny("pytorch_model.bin")).unwrap();
    let names = written.names();
    // Of an encoder layer and a decoder layer: 16 and 26; positions of both; the embedding, its bias.
    assert_eq!(names.len(), 16 + 26 + 2 + 2, "{names:?}");
    for name in names {
        let tensor = written.tensor(name).unwrap();
        let numbers = tensor.data().chunks_exact(4);
        let numbers: Vec<f32> = numbers
            .map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()))
            .collect();
        if source.shape(name).is_some() {
            assert_eq!(
                numbers,
                source.read(name, tensor.shape()).unwrap(),
                "{name}"
            );
        }
    }
}

#[test]
fn what_is_kept_is_listed_told_verified_and_removed() {
    let trial = Trial::without_model();
    import(&trial, "model.safetensors", &[]);
    let info = trial.done(&["models", "info", "tiny"]);
    assert!(
        info.contains("after a pull or import with --keep-for rust-bert"),
        "{info}"
    );
    import(&trial, "model.safetensors", &KEEP);
    let info = trial.done(&["models", "info", "tiny"]);
    assert!(info.contains("native; rust-bert ("), "{info}");
    let verified = trial.done(&["models", "verify"]);
    assert!(
        verified.contains("tiny, for rust-bert: as it was written"),
        "{verified}"
    );

    let weights = trial.store().join("tiny.rust-bert/model.safetensors");
    let mut bytes = fs::read(&weights).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&weights, &bytes).unwrap();
    let ran = trial.run(&["models", "verify", "tiny"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("tiny, for rust-bert"), "{}", ran.stderr);
    fs::write(&weights, &bytes[1..]).unwrap();
    let ran = trial.run(&["models", "verify", "tiny"]);
    assert!(
        ran.stdout.contains("missing or cut short"),
        "{}",
        ran.stdout
    );

    trial.done(&["models", "remove", "tiny"]);
    assert!(!trial.store().join("tiny.rust-bert").exists());
    assert!(!trial.store().join("tiny.visavis").exists());
}

/// Why a translation by rust-bert is refused.
fn refused(trial: &Trial, more: &[&str]) -> String {
    let command = ["translate", "--backend", "rust-bert", "--offline"];
    let ran = trial.run_on(&[&command[..], more].concat(), "Oui.\n");
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    ran.stderr
}

#[cfg(not(feature = "rust-bert"))]
#[test]
fn without_the_feature_the_error_names_it_and_the_commands() {
    let error = refused(&Trial::without_model(), &[]);
    for text in [
        "built without rust-bert",
        "scripts/libtorch.py",
        "--features rust-bert",
    ] {
        assert!(error.contains(text), "{error}");
    }
}

#[cfg(feature = "rust-bert")]
#[test]
fn what_was_not_kept_says_how_to_get_it() {
    let trial = Trial::without_model();
    let error = refused(&trial, &[]);
    let command = "visavis models pull opus-mt-fr-en --keep-for rust-bert";
    assert!(error.contains(command), "{error}");
    import(&trial, "model.safetensors", &[]);
    let error = refused(&trial, &["--model", "tiny"]);
    let command = "visavis models import DIR --name tiny --keep-for rust-bert";
    assert!(error.contains(command), "{error}");
    let error = refused(&trial, &["--model", "firefox-pt-en", "--from", "pt"]);
    assert!(
        error.contains("rust-bert cannot run firefox-pt-en"),
        "{error}"
    );
}

#[test]
fn devices_are_for_rust_bert() {
    let trial = Trial::without_model();
    for (device, expected) in [
        ("cuda", "--device needs --backend rust-bert"),
        ("cuda:1", "--device needs --backend rust-bert"),
        ("gpu", "give cpu, cuda or cuda:N"),
        ("cuda:x", "give cpu, cuda or cuda:N"),
    ] {
        let ran = trial.run_on(&["translate", "--device", device], "Oui.\n");
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    }
}

#[test]
fn a_folder_that_is_none_says_so() {
    let trial = Trial::without_model();
    let folder = folder(&trial, "model.safetensors");
    let config = trial.folder().join("opus-tiny-fr-en/config.json");
    let text = fs::read_to_string(&config).unwrap();
    for (from, to, expected) in [
        ("\"d_model\": 8", "\"d_model\": 9", "d_model"),
        ("\"marian\"", "\"m2m_100\"", "sentencepiece.bpe.model"),
        ("\"marian\"", "\"t5\"", "t5"),
    ] {
        fs::write(&config, text.replace(from, to)).unwrap();
        let command = ["models", "import", &folder, "--name", "tiny"];
        let ran = trial.run(&[&command[..], &KEEP].concat());
        assert_eq!(ran.code, 2, "{to}");
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
        assert!(!trial.store().join("tiny.rust-bert").exists());
    }
}
