//! `visavis evaluate translation`, held to scores that sacreBLEU gave.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use serde_json::Value;

fn visavis() -> Command {
    Command::cargo_bin("visavis").unwrap()
}

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases/evaluate")
        .join(format!("{name}.txt"))
}

/// BLEU, chrF and chrF++, unrounded.
fn scores(hypothesis: &Path, references: &[PathBuf]) -> [f64; 3] {
    let run = |more: &[&str]| -> Vec<Value> {
        let mut command = visavis();
        command
            .args(["evaluate", "translation", "--output-format", "json"])
            .args(more)
            .arg(hypothesis);
        for reference in references {
            command.arg("--reference").arg(reference);
        }
        let output = command.assert().success().get_output().stdout.clone();
        serde_json::from_slice(&output).unwrap()
    };
    let both = run(&[]);
    let plus = run(&["--metric", "chrf", "--chrf-word-order", "2"]);
    assert_eq!(both[1]["name"], "chrF2");
    assert_eq!(plus[0]["name"], "chrF2++");
    [&both[0], &both[1], &plus[0]].map(|score| score["score"].as_f64().unwrap())
}

fn assert_close(actual: [f64; 3], expected: [f64; 3], what: &str) {
    for (actual, expected) in actual.iter().zip(expected) {
        assert!(
            (actual - expected).abs() < 1e-6,
            "{what}: {actual} but sacreBLEU {expected}"
        );
    }
}

#[test]
fn scores_equal_sacrebleus() {
    let golden: Value = serde_json::from_str(include_str!("cases/evaluate/golden.json")).unwrap();
    for set in golden["scores"].as_array().unwrap() {
        let hypothesis = set["hypothesis"].as_str().unwrap();
        let references: Vec<PathBuf> = set["references"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| case(name.as_str().unwrap()))
            .collect();
        let expected = ["bleu", "chrf", "chrf++"].map(|key| set[key].as_f64().unwrap());
        assert_close(
            scores(&case(hypothesis), &references),
            expected,
            &set.to_string(),
        );

        let mut command = visavis();
        command.args(["evaluate", "translation", "--metric", "bleu"]);
        command.arg(case(hypothesis));
        for reference in &references {
            command.arg("--reference").arg(reference);
        }
        let theirs = set["bleu_line"].as_str().unwrap().replace(
            &format!("version:{}", golden["sacrebleu"].as_str().unwrap()),
            &format!("version:visavis-{}", env!("CARGO_PKG_VERSION")),
        );
        command.assert().success().stdout(theirs + "\n");
    }
}

/// What `scripts/evaluate-golden.py --perturbed` printed (sacreBLEU 2.6.0).
const PERTURBED: [(&str, [f64; 3]); 2] = [
    (
        "flores-dev.en",
        [68.60882290788102, 84.0026611858757, 84.03349856615607],
    ),
    (
        "news2013.en",
        [69.59481153413252, 83.97341862235585, 84.10701178203799],
    ),
];

#[test]
fn scores_equal_sacrebleus_on_whole_test_sets() {
    let Some(data) = common::shared("data/translation") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (name, expected) in PERTURBED {
        let reference = data.join(name);
        let text = std::fs::read_to_string(&reference).unwrap();
        let mut perturbed = String::new();
        for line in text.lines() {
            let words = line.split(' ').enumerate().filter(|(i, _)| i % 7 != 6);
            let words: Vec<&str> = words.map(|(_, word)| word).collect();
            perturbed += words.join(" ").trim_end();
            perturbed.push('\n');
        }
        let hypothesis = folder.path().join(name);
        std::fs::write(&hypothesis, perturbed).unwrap();
        assert_close(scores(&hypothesis, &[reference]), expected, name);
    }
}

#[test]
fn reads_standard_input_and_prints_two_decimals() {
    visavis()
        .args(["evaluate", "translation", "-", "--reference"])
        .arg(case("reference-a"))
        .write_stdin(std::fs::read(case("reference-a")).unwrap())
        .assert()
        .success()
        .stdout(contains("|tok:13a|smooth:exp|version:visavis-").and(contains("chrF2|nrefs:1|")))
        .stdout(contains(" = 100.00"));
}

#[test]
fn different_line_counts_are_an_error_that_names_both() {
    let folder = tempfile::tempdir().unwrap();
    let short = folder.path().join("short.en");
    std::fs::write(&short, "one\ntwo\n").unwrap();
    visavis()
        .args(["evaluate", "translation"])
        .arg(&short)
        .arg("--reference")
        .arg(case("reference-a"))
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("short.en has 2 lines").and(contains("reference-a.txt has 10")));
}

#[test]
fn an_empty_or_missing_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.en");
    std::fs::write(&empty, "").unwrap();
    for (file, message) in [
        (&empty, "nothing to score"),
        (&folder.path().join("no"), "cannot read"),
    ] {
        visavis()
            .args(["evaluate", "translation"])
            .arg(file)
            .arg("--reference")
            .arg(&empty)
            .assert()
            .code(2)
            .stderr(contains(message));
    }
}
