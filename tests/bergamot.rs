//! Firefox models through the engine: the texts that bergamot gives, and small models made here.
//! `scripts/bergamot-golden.py` tells how the golden texts were made.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;
#[path = "common/marian.rs"]
mod marian;

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use marian::{FILES, file, items, options, tiny};
use visavis::engine::{Engine, Options, Translated};
use visavis::model::catalog::Catalog;
use visavis::model::compiled::Precision;
use visavis::model::import::{ImportOptions, import};
use visavis::model::pull::{PullOptions, pull};
use visavis::model::{Compiled, Silent, Store};

const GREEDY: Options = Options {
    beam_size: 1,
    threads: 2,
    shortlist: true,
    no_repeat_ngram: 0,
    attention: true,
};

/// Firefox's model; none, after saying so, where it cannot be had.
fn firefox() -> Option<Engine> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().ok();
    let catalog = Catalog::in_use().unwrap();
    let entry = catalog.find("firefox-pt-en").unwrap();
    let options = PullOptions {
        keep_downloads: true,
        ..PullOptions::default()
    };
    match pull(&common::store(), catalog, entry, &options, &Silent) {
        Ok(path) => Some(Engine::new(Compiled::open(&path).unwrap()).unwrap()),
        Err(error) => {
            common::skipped(&format!("firefox-pt-en cannot be had: {error}"));
            None
        }
    }
}

fn translate(engine: &Engine, sentences: &[&str], options: &Options) -> Vec<Translated> {
    engine.translate(sentences, options, &|_| ()).unwrap()
}

fn cases() -> (Vec<&'static str>, Vec<&'static str>) {
    let source = include_str!("cases/bergamot.pt").lines().collect();
    (source, include_str!("cases/bergamot.en").lines().collect())
}

#[test]
fn translations_are_those_of_bergamot() {
    let Some(engine) = firefox() else { return };
    let (source, golden) = cases();
    assert_eq!(source.len(), golden.len());
    let outputs = translate(&engine, &source, &GREEDY);
    for (output, golden) in outputs.iter().zip(golden) {
        assert_eq!(output.text, golden);
        assert_eq!(output.attention.len(), output.target.len());
        for shares in &output.attention {
            assert_eq!(shares.len(), output.source.len() + 1);
            assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        }
    }
}

/// A target piece looks at the source piece that it renders at the step that produces it.
#[test]
fn attention_aligns_words() {
    let Some(engine) = firefox() else { return };
    let output = &translate(&engine, &["O gato dorme no sofá."], &GREEDY)[0];
    let looks_at = |word: &str| {
        let start = output.text.find(word).unwrap();
        let piece = output.target.iter().position(|piece| piece.end > start);
        let shares = &output.attention[piece.unwrap()];
        let (most, _) = shares
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(b.1))
            .unwrap();
        output.source[most].start..output.source[most].end
    };
    let source = "O gato dorme no sofá.";
    for (target, expected) in [("cat", "gato"), ("sleeps", "dorme"), ("couch", "sofá")] {
        let start = source.find(expected).unwrap();
        let range = looks_at(target);
        assert!(
            range.start < start + expected.len() && range.end > start,
            "{target} at {range:?}"
        );
    }
}

#[test]
fn a_translation_depends_on_its_sentence_alone() {
    let Some(engine) = firefox() else { return };
    let (source, _) = cases();
    for (beam_size, shortlist) in [(1, true), (1, false), (4, true)] {
        let options = |threads| Options {
            beam_size,
            threads,
            shortlist,
            no_repeat_ngram: 0,
            attention: true,
        };
        let alone = source
            .iter()
            .map(|sentence| translate(&engine, &[sentence], &options(1)).remove(0));
        let together = translate(&engine, &source, &options(2));
        for (alone, together) in alone.zip(together) {
            assert_eq!(alone.text, together.text);
            assert_eq!(alone.score, together.score);
            assert_eq!(alone.attention, together.attention);
        }
    }
}

#[test]
fn odd_sentences_are_translated_too() {
    let Some(engine) = firefox() else { return };
    let long = "sim ".repeat(2000);
    let odd = ["", " ", "\u{0}", "🙂🙂🙂", "a", &long, "<b>&amp;</b>"];
    for beam_size in [1, 4] {
        let options = Options {
            beam_size,
            ..GREEDY
        };
        let outputs = translate(&engine, &odd, &options);
        assert_eq!(outputs[0].text, "");
        assert!(outputs.iter().all(|output| output.score.is_finite()));
    }
}

/// A small model that is made here, of one vocabulary or two.
fn small(root: &Path, precision: Precision, two_vocabularies: bool) -> Engine {
    let folder = root.join("tiny");
    fs::create_dir_all(&folder).unwrap();
    for name in FILES {
        fs::write(folder.join(name), tiny(name)).unwrap();
    }
    if two_vocabularies {
        let tied = [
            ("tied-embeddings: false", "tied-embeddings: true"),
            ("tied-embeddings-all: true", "tied-embeddings-all: false"),
        ];
        fs::write(folder.join(FILES[2]), file(&items(&options(&tied), true))).unwrap();
    }
    let options = ImportOptions {
        name: None,
        languages: (None, None),
        precision,
    };
    let path = import(&Store::at(root.join("store")), &folder, &options, &Silent);
    Engine::new(Compiled::open(&path.unwrap()).unwrap()).unwrap()
}

#[test]
fn small_models_run_in_both_precisions_with_one_vocabulary_or_two() {
    for two_vocabularies in [false, true] {
        for precision in [Precision::Int8, Precision::F32] {
            let root = tempfile::tempdir().unwrap();
            let engine = small(root.path(), precision, two_vocabularies);
            let config = &engine.model().header().config;
            let (pad, unknown) = (config.pad, config.unknown);
            let sentences = ["a b c", "b", "", "c c a b a c a b b c a a c"];
            for (beam_size, shortlist) in [(1, true), (1, false), (3, true)] {
                let options = Options {
                    beam_size,
                    shortlist,
                    ..GREEDY
                };
                for output in translate(&engine, &sentences, &options) {
                    let pieces = &output.target;
                    assert!(pieces.len() <= (output.source.len() + 1) * 5 / 2 + 1);
                    let never = |id: u32| id == pad || id == unknown;
                    assert!(!pieces.iter().any(|piece| never(piece.id)));
                }
            }
        }
    }
}
