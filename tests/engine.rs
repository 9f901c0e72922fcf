//! The engine on real weights, against what transformers makes of them.
//! `scripts/engine-golden.py` tells how the golden values were made.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fs;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use visavis::engine::{Engine, Options};
use visavis::model::Compiled;
use visavis::model::compiled::Precision;

fn engine(precision: Precision) -> Option<Engine> {
    let path = common::model(precision)?;
    Some(Engine::new(Compiled::open(&path).unwrap()).unwrap())
}

fn translate(engine: &Engine, sentences: &[&str], options: &Options) -> Vec<String> {
    let outputs = engine.translate(sentences, options, &|_| ()).unwrap();
    outputs.into_iter().map(|output| output.text).collect()
}

const GREEDY: Options = Options {
    beam_size: 1,
    threads: 2,
    shortlist: false,
    no_repeat_ngram: 0,
    attention: false,
};

#[derive(Deserialize)]
struct Case {
    text: String,
    source: Vec<u32>,
    target: Vec<u32>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    pieces: Vec<usize>,
    logits: Vec<f32>,
    log_sum_exp: f32,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("cases/engine/logits.json")).unwrap()
}

/// Log-probabilities are what a search sees: the greatest difference of any, and of logits.
fn greatest_differences(engine: &Engine, case: &Case) -> (f32, f32) {
    let (end, given) = case.target.split_last().unwrap();
    assert_eq!(*end, 0);
    let rows = engine.forced_logits(&case.source, given).unwrap();
    assert_eq!(rows.len(), case.steps.len());
    let (mut logit, mut probability) = (0f32, 0f32);
    for (row, step) in rows.iter().zip(&case.steps) {
        // All but the last piece, the pad, which is never produced.
        let all = &row[..row.len() - 1];
        let greatest = all.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f64 = all.iter().map(|&l| f64::from(l - greatest).exp()).sum();
        let log_sum_exp = greatest + sum.ln() as f32;
        for (&piece, &expected) in step.pieces.iter().zip(&step.logits) {
            logit = logit.max((row[piece] - expected).abs());
            let difference = (row[piece] - log_sum_exp) - (expected - step.log_sum_exp);
            probability = probability.max(difference.abs());
        }
    }
    (logit, probability)
}

#[test]
fn pieces_are_those_of_the_library() {
    let Some(engine) = engine(Precision::Int8) else {
        return;
    };
    for case in cases() {
        let pieces = engine.tokenizer().encode(&case.text);
        let ids: Vec<u32> = pieces.iter().map(|piece| piece.id).chain([0]).collect();
        assert_eq!(ids, case.source, "{}", case.text);
    }
}

#[test]
fn f32_logits_are_within_a_thousandth() {
    let Some(engine) = engine(Precision::F32) else {
        return;
    };
    let mut worst = 0f32;
    for case in cases() {
        let (logit, _) = greatest_differences(&engine, &case);
        assert!(logit <= 1e-3, "{logit} in: {}", case.text);
        worst = worst.max(logit);
    }
    eprintln!("greatest difference of a logit: {worst:.6}");
}

/// Quantising costs something: this bound is twice what was seen when it was set.
#[test]
fn int8_log_probabilities_are_near() {
    let Some(engine) = engine(Precision::Int8) else {
        return;
    };
    let mut worst = 0f32;
    for case in cases() {
        let (_, probability) = greatest_differences(&engine, &case);
        worst = worst.max(probability);
    }
    eprintln!("greatest difference of a log-probability: {worst:.3}");
    assert!(worst <= INT8_BOUND, "{worst}");
}

const INT8_BOUND: f32 = 1.7;

#[test]
fn f32_greedy_translations_are_those_of_transformers() {
    let (Some(engine), Some(source)) = (
        engine(Precision::F32),
        common::shared("data/translation/flores-dev.fr"),
    ) else {
        return;
    };
    let source = fs::read_to_string(source).unwrap();
    let mut sentences: Vec<&str> = source.lines().collect();
    let mut golden: Vec<&str> = include_str!("cases/engine/flores-dev.greedy.sha256")
        .lines()
        .collect();
    assert_eq!(sentences.len(), golden.len());
    // All of them take minutes without optimisation: `cargo test --release --test engine` does.
    if cfg!(debug_assertions) {
        sentences.truncate(60);
        golden.truncate(60);
    }
    let outputs = translate(&engine, &sentences, &GREEDY);
    let same = outputs.iter().zip(&golden).filter(|(output, golden)| {
        let digest = Sha256::digest(output.as_bytes());
        let hex: String = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
        hex == **golden
    });
    let (same, all) = (same.count(), golden.len());
    eprintln!("{same} of {all} greedy translations are identical");
    assert!(same * 100 >= all * 99, "{same} of {all}");
}

/// The same bytes whatever the batch and the number of threads.
#[test]
fn a_translation_depends_on_its_sentence_alone() {
    let Some(engine) = engine(Precision::Int8) else {
        return;
    };
    let cases = cases();
    let sentences: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
    for (beam_size, shortlist) in [(1, true), (4, true), (1, false), (4, false)] {
        let options = |threads| Options {
            beam_size,
            threads,
            shortlist,
            no_repeat_ngram: 0,
            attention: true,
        };
        let alone: Vec<_> = sentences
            .iter()
            .map(|sentence| {
                let mut outputs = engine.translate(&[sentence], &options(1), &|_| ()).unwrap();
                outputs.remove(0)
            })
            .collect();
        // Three times over, so that batches are refilled.
        let mut many: Vec<&str> = sentences.repeat(3);
        many.rotate_left(5);
        for threads in [1, 2, 5] {
            let outputs = engine.translate(&many, &options(threads), &|_| ()).unwrap();
            for (number, output) in outputs.iter().enumerate() {
                let expected = &alone[(number + 5) % sentences.len()];
                assert_eq!(output.text, expected.text);
                assert_eq!(output.score, expected.score);
                assert_eq!(output.attention, expected.attention);
            }
        }
    }
}

#[test]
fn sentences_that_are_odd_are_translated_too() {
    let Some(engine) = engine(Precision::Int8) else {
        return;
    };
    let long = "oui ".repeat(2000);
    let odd = [
        "",
        " ",
        "\u{0}",
        "🙂🙂🙂",
        "a\u{301}",
        &long,
        "<b>&amp;</b>",
    ];
    for beam_size in [1, 4] {
        let options = Options {
            beam_size,
            ..GREEDY
        };
        let outputs = engine.translate(&odd, &options, &|_| ()).unwrap();
        assert_eq!(outputs.len(), odd.len());
        assert_eq!(outputs[0].text, "");
        for output in outputs {
            assert!(output.score.is_finite());
            let end = output.target.last().map_or(0, |piece| piece.end);
            assert!(end <= output.text.len());
        }
    }
}
