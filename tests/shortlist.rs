//! The shortlist of OPUS-MT models: learnt when a model is installed, learnt anew by
//! `visavis models shortlist`, and next to nothing is lost by it.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::trial::Trial;
use visavis::engine::{Engine, Options, learn_screen};
use visavis::model::Compiled;
use visavis::model::compiled::Precision;

/// Sentences that are translated with and without.
const SENTENCES: usize = 150;

fn translations(engine: &Engine, sentences: &[&str], shortlist: bool) -> Vec<String> {
    let options = Options {
        beam_size: 1,
        threads: 2,
        shortlist,
        no_repeat_ngram: 0,
        attention: false,
    };
    let outputs = engine.translate(sentences, &options, &|_| ()).unwrap();
    outputs.into_iter().map(|output| output.text).collect()
}

/// Capitalised words and numbers.
fn names_and_numbers(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| word.chars().any(|c| c.is_uppercase() || c.is_numeric()))
        .collect()
}

/// How much of the full translations the shortlist leaves as they are: shares of sentences, and of
/// names and numbers in them.
fn kept(engine: &Engine, sentences: &[&str]) -> (f64, f64) {
    let full = translations(engine, sentences, false);
    let short = translations(engine, sentences, true);
    let same = full
        .iter()
        .zip(&short)
        .filter(|(full, short)| full == short);
    let share = same.count() as f64 / sentences.len() as f64;
    let (mut all, mut found) = (0, 0);
    for (full, short) in full.iter().zip(&short) {
        let (full, short) = (names_and_numbers(full), names_and_numbers(short));
        all += full.len();
        found += full.intersection(&short).count();
    }
    (share, found as f64 / all as f64)
}

#[test]
fn next_to_nothing_is_lost() {
    let (Some(model), Some(source)) = (
        common::model(Precision::Int8),
        common::shared("data/translation/news2013.fr"),
    ) else {
        return;
    };
    let source = fs::read_to_string(source).unwrap();
    let sentences: Vec<&str> = source.lines().take(SENTENCES).collect();
    let engine = Engine::new(Compiled::open(&model).unwrap()).unwrap();
    let (sentences, names) = kept(&engine, &sentences);
    eprintln!("the same: {sentences:.3} of the sentences, {names:.4} of names and numbers");
    assert!(sentences >= 0.9 && names >= 0.99);
}

#[test]
fn it_is_learnt_from_any_text_and_names_still_come_through() {
    let Some(model) = common::model(Precision::Int8) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.visavis");
    fs::copy(&model, &copy).unwrap();
    learn_screen(&copy, &["Le chat dort.", "Il pleut depuis trois jours."]).unwrap();
    let learnt = Compiled::open(&copy).unwrap();
    learnt.verify().unwrap();
    assert!(learnt.contains("screen/pieces") && learnt.contains("encoder/0/self/query/weight"));
    let engine = Engine::new(learnt).unwrap();
    let output = translations(&engine, &["Mme Kowalczyk-Nguyen a 47 ans."], true);
    assert!(
        output[0].contains("Kowalczyk-Nguyen") && output[0].contains("47"),
        "{output:?}"
    );
}

#[test]
fn the_command_learns_it_anew() {
    let Some(trial) = Trial::new() else {
        return;
    };
    let Some(model) = common::model(Precision::Int8) else {
        return;
    };
    let store = trial.folder().join("store");
    fs::create_dir_all(&store).unwrap();
    let installed = store.join("mine.visavis");
    fs::copy(model, &installed).unwrap();
    trial.write(
        "field.txt",
        "Le tribunal rejette la demande.\n\nLes parties sont convoquées.\n",
    );
    let run = |arguments: &[&str]| {
        let output = trial
            .visavis(arguments)
            .env("VISAVIS_MODELS", &store)
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let before = fs::read(&installed).unwrap();
    let (code, said) = run(&["models", "shortlist", "mine", "field.txt"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("mine has a new shortlist"), "{said}");
    assert_ne!(fs::read(&installed).unwrap(), before);
    let (code, said) = run(&["models", "shortlist", "yours"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("yours"), "{said}");
    let (code, said) = run(&["models", "shortlist", "mine", "nowhere.txt"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("nowhere.txt"), "{said}");
}
