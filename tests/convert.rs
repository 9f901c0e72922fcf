//! `visavis convert`.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fs;
use std::path::Path;
use std::process;

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty};
use tempfile::TempDir;
use visavis::compression::Compression;

fn visavis(folder: &TempDir) -> Command {
    let mut command = Command::cargo_bin("visavis").unwrap();
    command.current_dir(folder);
    command
}

/// A folder with `a.jsonl`, a bitext with texts that formats trip over.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.jsonl"), SAMPLE).unwrap();
    folder
}

const SAMPLE: &str = include_str!("cases/bitext/odd.jsonl");

fn content(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

#[test]
fn every_format_that_keeps_everything_gives_the_same_bytes_back() {
    let folder = folder();
    for other in ["b.jsonl", "b.tsv", "b.tmx"] {
        visavis(&folder)
            .args(["convert", "a.jsonl", other])
            .assert()
            .success()
            .stdout(is_empty())
            .stderr(format!("{other}: 6 pairs\n"));
        visavis(&folder)
            .args(["convert", other, "back.jsonl", "--quiet"])
            .assert()
            .success()
            .stderr(is_empty());
        assert_eq!(content(&folder, "back.jsonl"), SAMPLE, "{other}");
    }
    let embedded = SAMPLE.replace('<', "\\u003c");
    let page = format!(
        "<!doctype html><script type=\"application/jsonl\" id=\"bitext\">\n{embedded}</script>"
    );
    fs::write(folder.path().join("page.html"), page).unwrap();
    visavis(&folder)
        .args(["convert", "page.html", "-", "--output-format", "jsonl"])
        .assert()
        .success()
        .stdout(SAMPLE);
}

#[test]
fn a_moses_pair_is_written_and_read_in_every_way_to_name_it() {
    let folder = folder();
    let pairs: [&[&str]; 3] = [
        &["a.jsonl", "c.fr", "c.en"],
        &["a.jsonl", "c.fr"],
        &["a.jsonl", "c", "--output-format", "moses"],
    ];
    for arguments in pairs {
        visavis(&folder)
            .arg("convert")
            .args(arguments)
            .assert()
            .success()
            .stderr(contains("left out").and(contains("c.fr, c.en: 6 pairs")));
        assert_eq!(content(&folder, "c.fr").matches('\n').count(), 6);
        assert_eq!(content(&folder, "c.en").matches('\n').count(), 6);
        assert!(content(&folder, "c.fr").contains("C'est\ttout ici."));
        fs::remove_file(folder.path().join("c.en")).unwrap();
    }
    visavis(&folder)
        .args(["convert", "a.jsonl", "c.fr", "c.en"])
        .assert()
        .success();
    let sources: [&[&str]; 3] = [
        &["c.fr", "c.en", "d.jsonl"],
        &[
            "c",
            "d.jsonl",
            "--input-format",
            "moses",
            "--from",
            "fr",
            "--to",
            "en",
        ],
        &["c.fr", "d.jsonl", "--from", "fr", "--to", "en"],
    ];
    let mut results = Vec::new();
    for arguments in sources {
        visavis(&folder)
            .arg("convert")
            .args(arguments)
            .assert()
            .success();
        results.push(content(&folder, "d.jsonl"));
    }
    assert!(results[0].contains("ttout ici."));
    assert!(results.iter().all(|result| result == &results[0]));
    visavis(&folder)
        .args(["convert", "c.fr", "c.en", "e.fr", "e.en"])
        .assert()
        .success();
    assert_eq!(content(&folder, "e.en").lines().count(), 6);
}

/// `convert` of JSON Lines from standard input to standard output.
fn through(folder: &TempDir) -> Command {
    let mut convert = visavis(folder);
    convert.args(["convert", "-", "-", "--input-format", "jsonl"]);
    convert.args(["--output-format", "jsonl"]);
    convert
}

#[test]
fn standard_input_and_output() {
    let folder = folder();
    through(&folder)
        .write_stdin(SAMPLE)
        .assert()
        .success()
        .stdout(SAMPLE)
        .stderr(is_empty());
    visavis(&folder)
        .args(["convert", "a.jsonl", "-"])
        .assert()
        .code(2)
        .stderr(contains("give --output-format"));
    visavis(&folder)
        .args(["convert", "a.jsonl", "-", "--output-format", "moses"])
        .assert()
        .code(2)
        .stderr(contains("two files"));
}

#[test]
fn what_fails_leaves_the_old_output_and_nothing_else() {
    let folder = folder();
    fs::write(folder.path().join("old.tmx"), "old").unwrap();
    fs::write(
        folder.path().join("broken.jsonl"),
        SAMPLE.replace("[[0,0]", "[[0,99]"),
    )
    .unwrap();
    visavis(&folder)
        .args(["convert", "broken.jsonl", "old.tmx"])
        .assert()
        .code(2)
        .stdout(is_empty())
        .stderr(contains("broken.jsonl:2: pair “1”: the link 0-99"));
    visavis(&folder)
        .args(["convert", "a.jsonl", "no/such/folder.tmx"])
        .assert()
        .code(2)
        .stderr(contains("cannot write no/such/folder.tmx"));
    visavis(&folder)
        .args(["convert", "absent.jsonl", "old.tmx"])
        .assert()
        .code(2)
        .stderr(contains("cannot read absent.jsonl"));
    assert_eq!(content(&folder, "old.tmx"), "old");
    let mut left: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["a.jsonl", "broken.jsonl", "old.tmx"]);
}

#[test]
fn a_file_can_be_converted_onto_itself() {
    let folder = folder();
    visavis(&folder)
        .args(["convert", "a.jsonl", "a.jsonl"])
        .assert()
        .success();
    assert_eq!(content(&folder, "a.jsonl"), SAMPLE);
}

#[test]
fn a_table_that_was_edited_is_read_back() {
    let folder = folder();
    let convert = |arguments: &[&str]| visavis(&folder).arg("convert").args(arguments).assert();
    convert(&["a.jsonl", "a.tsv"]).success();
    let table = content(&folder, "a.tsv");
    let row = table.lines().nth(1).unwrap();
    let mut cells: Vec<&str> = row.split('\t').collect();
    cells[2] = "Somebody put this right.";
    let edited = table.replace(row, &cells.join("\t"));
    fs::write(folder.path().join("a.tsv"), edited).unwrap();
    convert(&["a.tsv", "b.jsonl"])
        .success()
        .stderr(contains("a.tsv: a text of line 2 was edited"));
    let read = content(&folder, "b.jsonl");
    assert!(read.contains("Somebody put this right."), "{read}");
    // Nothing is said of it again, and the other pairs are what they were.
    convert(&["b.jsonl", "c.tsv"])
        .success()
        .stderr(contains("edited").not());
    let before = content(&folder, "a.jsonl");
    assert_eq!(
        before.lines().skip(2).collect::<Vec<_>>(),
        read.lines().skip(2).collect::<Vec<_>>()
    );
}

#[test]
fn compressed_bitexts_are_read_from_standard_input() {
    let folder = folder();
    let bytes = fs::read(folder.path().join("a.jsonl")).unwrap();
    for kind in [Compression::Gzip, Compression::Zstd] {
        through(&folder)
            .write_stdin(kind.frame(&bytes).unwrap())
            .assert()
            .success()
            .stdout(content(&folder, "a.jsonl"));
    }
}

#[test]
fn names_that_say_too_little_are_errors() {
    let folder = folder();
    let cases: [(&[&str], &str); 4] = [
        (&["a.jsonl", "out.txt"], "cannot tell the format of out.txt"),
        (
            &["a.jsonl", "b.tmx", "c.tmx"],
            "of three files two must be a Moses pair",
        ),
        (
            &["c", "d.jsonl", "--input-format", "moses"],
            "does not say its languages",
        ),
        (
            &["a.jsonl", "b.jsonl", "--from", "de"],
            "is fr→en, not de→en",
        ),
    ];
    for (arguments, message) in cases {
        visavis(&folder)
            .arg("convert")
            .args(arguments)
            .assert()
            .code(2)
            .stderr(contains(message));
    }
}

#[test]
fn tmx_is_valid_by_its_dtd() {
    let folder = folder();
    visavis(&folder)
        .args(["convert", "a.jsonl", "b.tmx"])
        .assert()
        .success();
    let result = process::Command::new("xmllint")
        .args(["--noout", "--nonet", "--dtdvalid"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/bitext/tmx14-subset.dtd"))
        .arg("b.tmx")
        .current_dir(&folder)
        .output();
    match result {
        Ok(output) => assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => common::skipped(&format!("xmllint cannot be run: {error}")),
    }
}
