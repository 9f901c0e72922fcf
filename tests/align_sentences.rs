//! `visavis align sentences`, `align documents`, `review --translation` and `evaluate alignment`.

#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty};
use tempfile::TempDir;
use visavis::model::compiled::Precision;

fn visavis(folder: &TempDir) -> Command {
    let mut command = Command::cargo_bin("visavis").unwrap();
    command.current_dir(folder);
    command
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

const FRENCH: &str = "Paris, 12 mai 1956.\n\nLe général Dupont arriva à Marseille à 7 heures. \
                      Il repartit pour Toulon, puis il revint.\n\nPersonne ne le reconnut.\n";
const ENGLISH: &str = "Paris, 12 May 1956.\n\nGeneral Dupont arrived in Marseille at 7 o'clock. \
                       He left again for Toulon. Then he came back.\n\nNobody recognised him.\n";

#[test]
fn lines_that_are_aligned_already_are_set_side_by_side() {
    let folder = folder(&[
        ("a.fr", "Un.\n\nTrois.\n"),
        ("a.en", "One.\nTwo.\nThree.\n"),
    ]);
    visavis(&folder)
        .args([
            "align",
            "sentences",
            "a.fr",
            "a.en",
            "--aligned",
            "-o",
            "a.tsv",
            "--quiet",
        ])
        .assert()
        .success()
        .stderr(is_empty());
    let table = fs::read_to_string(folder.path().join("a.tsv")).unwrap();
    assert!(table.contains("Trois.\tThree."), "{table}");
    visavis(&folder)
        .args([
            "align",
            "sentences",
            "a.fr",
            "a.en",
            "--aligned",
            "--output-format",
            "links",
        ])
        .assert()
        .success()
        .stdout("[0]:[0]\n[1]:[1]\n[2]:[2]\n");
    fs::write(folder.path().join("a.en"), "One.\n").unwrap();
    visavis(&folder)
        .args(["align", "sentences", "a.fr", "a.en", "--aligned"])
        .assert()
        .failure()
        .stderr(contains("a.fr has 3 lines but a.en has 1"));
}

#[test]
fn without_an_encoder_names_and_numbers_align() {
    let folder = folder(&[("a.fr.txt", FRENCH), ("a.en.txt", ENGLISH)]);
    visavis(&folder)
        .args(["align", "sentences", "a.fr.txt", "a.en.txt", "--no-encoder"])
        .args(["--output-format", "links"])
        .assert()
        .success()
        .stdout(contains("[0]:[0]\n[1]:[1]\n"));
}

#[test]
fn where_the_encoder_cannot_be_had_a_warning_says_so() {
    let folder = folder(&[("a.fr.txt", FRENCH), ("a.en.txt", ENGLISH)]);
    let align = |languages: &[&str]| {
        let mut command = visavis(&folder);
        command
            .env("VISAVIS_MODELS", folder.path().join("none"))
            .args(["align", "sentences", "a.fr.txt", "a.en.txt", "--offline"])
            .args(languages);
        command.assert().success()
    };
    align(&[]).stderr(contains("--offline refuses").and(contains("which is worse")));
    align(&["--to", "fi"]).stderr(contains("does not know fi"));
}

#[test]
fn what_stands_alone_is_flagged_and_anchors_are_kept() {
    let folder = folder(&[
        (
            "a.fr",
            "Dupont arriva en 1956.\nPersonne.\nMarseille brûlait.\n",
        ),
        ("a.en", "Dupont arrived in 1956.\nMarseille was burning.\n"),
        ("anchors", "[1]:[]\n"),
    ]);
    let align = [
        "align",
        "sentences",
        "a.fr",
        "a.en",
        "--no-encoder",
        "--anchors",
        "anchors",
    ];
    visavis(&folder)
        .args(align)
        .assert()
        .success()
        .stdout(contains("check/untranslated").and(contains("\"kind\":\"given\"")));
    visavis(&folder)
        .args(align)
        .args(["--output-format", "links"])
        .assert()
        .success()
        .stdout("[0]:[0]\n[1]:[]\n[2]:[1]\n");
    fs::write(folder.path().join("anchors"), "[0]:[9]\n").unwrap();
    visavis(&folder)
        .args(align)
        .assert()
        .failure()
        .stderr(contains("[0]:[9]").and(contains("fewer sentences")));
}

#[test]
fn a_translation_that_was_given_is_reviewed() {
    let folder = folder(&[
        ("a.fr", "La prétendue ingérence.\n"),
        ("a.en", "The interference.\n"),
    ]);
    visavis(&folder)
        .args([
            "review",
            "a.fr",
            "--translation",
            "a.en",
            "--aligned",
            "-o",
            "a.jsonl",
            "--quiet",
        ])
        .assert()
        .success();
    let bitext = fs::read_to_string(folder.path().join("a.jsonl")).unwrap();
    assert!(bitext.contains("prétendue"), "{bitext}");
    assert!(
        bitext.contains("\"origin\":{\"kind\":\"given\",\"name\":\"a.en\"}"),
        "{bitext}"
    );
    assert!(bitext.contains("\"flags\":[{"), "{bitext}");
}

#[test]
fn many_given_translations_get_a_page_each_and_an_index() {
    let folder = folder(&[
        ("fr/a.fr", "La prétendue ingérence.\n"),
        ("fr/b.fr", "Il pleut.\n"),
        ("en/1.en", "The interference.\n"),
        ("en/2.en", "It rains.\n"),
        (
            "pairs.tsv",
            "fr/a.fr\ten/1.en\t0.9\nfr/b.fr\ten/2.en\t0.8\n",
        ),
        ("gone.tsv", "fr/a.fr\ten/3.en\n"),
    ]);
    let review = |arguments: &[&str]| {
        let mut command = visavis(&folder);
        command.args(["review", "--offline", "--quiet"]);
        command.args(arguments).assert()
    };
    let listed = ["--pairs", "pairs.tsv", "--aligned", "-o", "pages/"];
    review(&[&listed[..], &["--index"]].concat()).success();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(read("pages/a.html").contains("The interference."));
    assert!(read("pages/b.html").contains("It rains."));
    let index = read("pages/index.html");
    assert!(index.contains("a.html") && index.contains("b.html"));
    for (arguments, said) in [
        (
            &["--pairs", "pairs.tsv", "--aligned", "-o", "all.html"][..],
            "-o DIR/",
        ),
        (
            &["--pairs", "gone.tsv", "-o", "pages/"],
            "gone.tsv:1: there is no file en/3.en",
        ),
        (
            &["fr/a.fr", "fr/b.fr", "--translation", "en/1.en"],
            "--pairs",
        ),
        (&["fr/a.fr", "--pairs", "pairs.tsv"], "cannot be used with"),
        (&["fr/a.fr", "--no-model"], "--translation or --pairs"),
    ] {
        review(arguments).code(2).stderr(contains(said));
    }
}

#[test]
fn what_is_no_text_is_told_from_texts() {
    let folder = folder(&[
        ("fr/1.txt", FRENCH),
        ("fr/report.txt", "%PDF-1.7\n"),
        ("en/1.txt", ENGLISH),
        ("a.tsv", "source\ttarget\nun\tone\n"),
    ]);
    visavis(&folder)
        .args(["align", "documents", "fr", "en", "--no-encoder"])
        .assert()
        .success()
        .stdout(contains("fr/1.txt\ten/1.txt\t"))
        .stderr(contains("fr/report.txt is a PDF").and(contains("left out")));
    let mut align = visavis(&folder);
    align.args(["align", "sentences", "a.tsv", "en/1.txt", "--no-encoder"]);
    align
        .assert()
        .code(2)
        .stderr(contains("a.tsv is named as a bitext or page (tsv)"));
    align.args(["--input-format", "text"]).assert().success();
}

#[test]
fn compressed_texts_are_read() {
    let folder = folder(&[("a.en", "One.\nTwo.\n")]);
    let lines = visavis::compression::Compression::Gzip
        .frame(b"Un.\nDeux.\n")
        .unwrap();
    fs::write(folder.path().join("a.fr.gz"), &lines).unwrap();
    for (source, format) in [("a.fr.gz", "lines"), ("-", "lines")] {
        visavis(&folder)
            .args(["align", "sentences", source, "a.en", "--aligned"])
            .args(["--output-format", "tsv", "--input-format", format])
            .write_stdin(lines.clone())
            .assert()
            .success()
            .stdout(contains("Deux.\tTwo."));
    }
}

#[test]
fn documents_are_paired_whatever_their_names() {
    let folder = folder(&[
        ("fr/1.txt", FRENCH),
        (
            "fr/2.txt",
            "Alice regardait le lapin blanc de Lewis Carroll.\n",
        ),
        (
            "en/1.txt",
            "Alice watched the white rabbit of Lewis Carroll.\n",
        ),
        ("en/2.txt", ENGLISH),
        ("en/3.txt", "Nothing to do with it.\n"),
    ]);
    visavis(&folder)
        .args(["align", "documents", "fr", "en", "--no-encoder"])
        .assert()
        .success()
        .stdout(contains("fr/1.txt\ten/2.txt\t").and(contains("fr/2.txt\ten/1.txt\t")))
        .stderr(contains("en/3.txt has no counterpart"));
}

#[test]
fn a_list_of_pairs_is_aligned_into_a_folder() {
    let folder = folder(&[
        ("fr/1.txt", FRENCH),
        ("fr/2.txt", "Alice regardait le lapin blanc.\n"),
        ("en/a.txt", ENGLISH),
        ("en/b.txt", "Alice watched the white rabbit.\n"),
        (
            "pairs.tsv",
            "fr/1.txt\ten/a.txt\t0.9\n\nfr/2.txt\ten/b.txt\n",
        ),
        ("none.tsv", "fr/1.txt\ten/a.txt\nfr/2.txt\ten/c.txt\n"),
        ("twice.tsv", "fr/1.txt\ten/a.txt\nfr/1.txt\ten/b.txt\n"),
        ("one.tsv", "fr/1.txt\n"),
    ]);
    let align = |arguments: &[&str]| {
        let mut command = visavis(&folder);
        command.args(["align", "sentences", "--no-encoder", "--pairs"]);
        command.args(arguments).assert()
    };
    align(&["pairs.tsv", "-o", "out", "--output-format", "tsv"]).success();
    let first = fs::read_to_string(folder.path().join("out/1.tsv")).unwrap();
    assert!(first.contains("General Dupont"), "{first}");
    let second = fs::read_to_string(folder.path().join("out/2.tsv")).unwrap();
    assert!(second.contains("white rabbit"), "{second}");
    align(&["pairs.tsv", "-o", "out", "--output-format", "links"]).success();
    let links = fs::read_to_string(folder.path().join("out/2.links")).unwrap();
    assert_eq!(links, "[0]:[0]\n");
    for (list, said) in [
        ("none.tsv", "none.tsv:2: there is no file en/c.txt"),
        (
            "twice.tsv",
            "twice.tsv:2: out/1.jsonl would be written twice",
        ),
        ("one.tsv", "one.tsv:1: a line has two files"),
    ] {
        align(&[list, "-o", "out"]).failure().stderr(contains(said));
    }
    align(&["pairs.tsv"]).failure().stderr(contains("--output"));
}

#[test]
fn links_are_scored_as_vecalign_scores_them() {
    let folder = folder(&[
        (
            "gold",
            "[0]:[0]\n[1,2]:[1]\n[3]:[2,3]\n[]:[4]\n[4]:[5]\n[5]:[6]\n",
        ),
        (
            "found",
            "[0]:[0]\n[1]:[1]\n[2]:[]\n[3]:[2,3]\n[4]:[5]\n[5]:[7]\n",
        ),
    ]);
    // The numbers are those of Vecalign's score.py.
    visavis(&folder)
        .args(["evaluate", "alignment", "gold", "found"])
        .assert()
        .success()
        .stdout(
            contains("precision  0.5000  0.6667")
                .and(contains("recall     0.6000  0.8000"))
                .and(contains("F1         0.5455  0.7273")),
        );
    visavis(&folder)
        .args(["evaluate", "alignment", "gold"])
        .assert()
        .failure();
}

#[test]
fn novels_align_with_the_encoder() {
    if common::encoder().is_none() {
        return;
    }
    let Some(data) = common::shared("data/sentence-alignment/novels") else {
        return;
    };
    // It judges the places of doubt; without it lax is .982.
    let Some(_model) = common::named_model(common::MODEL, Precision::Int8) else {
        return;
    };
    let report = novel_scores(&data, "JaneEyre", &["--offline"]);
    assert!(report["strict"]["f1"].as_f64().unwrap() > 0.9, "{report}");
    assert!(report["lax"]["f1"].as_f64().unwrap() > 0.995, "{report}");
}

#[test]
fn novels_align_without_any_model() {
    let Some(data) = common::shared("data/sentence-alignment/novels") else {
        return;
    };
    // What the texts show of each other's words is worth most of it; without, lax is .794.
    let report = novel_scores(&data, "JaneEyre", &["--no-encoder"]);
    assert!(report["strict"]["f1"].as_f64().unwrap() > 0.78, "{report}");
    assert!(report["lax"]["f1"].as_f64().unwrap() > 0.95, "{report}");
}

/// How a novel's sentences are aligned, as `evaluate alignment` reports.
fn novel_scores(data: &Path, name: &str, options: &[&str]) -> serde_json::Value {
    let folder = folder(&[]);
    let novel = |suffix: &str| data.join(format!("{name}.{suffix}"));
    visavis(&folder)
        .env(
            "VISAVIS_MODELS",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("models"),
        )
        .args(["align", "sentences", "--output-format", "links"])
        .args(["-o", "links"])
        .args(options)
        .args([novel("fr"), novel("en")])
        .assert()
        .success();
    let output = visavis(&folder)
        .args(["evaluate", "alignment", "--output-format", "json"])
        .args([novel("gold"), "links".into()])
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}
