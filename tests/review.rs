//! `visavis review` on the user's article, with the real model.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::str::contains;
use tempfile::TempDir;
use visavis::bitext::{self, Bitext, Flag, Format, Languages, Verdict};
use visavis::model::compiled::Precision;

/// A folder with a copy of the article, and the command in it; none where there is no model.
fn ready() -> Option<(TempDir, impl Fn(&[&str]) -> Command)> {
    let model = common::model(Precision::Int8)?;
    let folder = tempfile::tempdir().unwrap();
    let article = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/article.fr.txt");
    fs::copy(article, folder.path().join("article.fr.txt")).unwrap();
    let place = folder.path().to_owned();
    let review = move |arguments: &[&str]| {
        let mut command = Command::cargo_bin("visavis").unwrap();
        command
            .current_dir(&place)
            .arg("review")
            .args(arguments)
            .arg("--model")
            .arg(&model);
        command
    };
    Some((folder, review))
}

fn load(folder: &TempDir, name: &str, format: Format) -> Bitext {
    bitext::load(&folder.path().join(name), format, &Languages::default()).unwrap()
}

#[test]
fn the_article_becomes_a_page_and_a_summary() {
    let Some((folder, review)) = ready() else {
        return;
    };
    review(&["article.fr.txt"])
        .assert()
        .success()
        .stdout(contains("prétendue «ingérence russe»"))
        .stdout(contains("11 sentences"))
        .stderr(contains("article.fr.html"));
    let page = load(&folder, "article.fr.html", Format::Html);
    assert_eq!(page.pairs.len(), 11);
    assert_eq!(page.header.documents[0].date.as_deref(), Some("2017-10"));
    assert!(page.pairs[0].source_text().starts_with("Sputnik a cherché"));
    // The other formats hold the same.
    for (name, format) in [
        ("a.jsonl", Format::Jsonl),
        ("a.tsv", Format::Tsv),
        ("a.tmx", Format::Tmx),
    ] {
        review(&["article.fr.txt", "-o", name, "-q"])
            .assert()
            .success()
            .stdout("");
        assert_eq!(load(&folder, name, format).pairs, page.pairs, "{name}");
    }
}

/// Finds that a reviewer of this article must see: the source's words, words that the rendering
/// must hold, and the verdict.
const REQUIRED: &[(&str, &str, Verdict)] = &[
    (
        "prétendue «ingérence russe»",
        "alleged \"Russian interference\"",
        Verdict::Kept,
    ),
    (
        "«ingérence russe»",
        "\"Russian interference\"",
        Verdict::Kept,
    ),
    ("démarche agressive", "aggressive", Verdict::Kept),
    ("pressions exercées", "pressure", Verdict::Kept),
    ("establishment", "establishment", Verdict::Kept),
    ("services spéciaux", "special services", Verdict::Kept),
    (
        "mesures de rétorsion",
        "retaliatory measures",
        Verdict::Kept,
    ),
    (
        "auraient pu, selon lui, exercer",
        "could have exercised",
        Verdict::Kept,
    ),
    ("auraient pu exercer", "could have exercised", Verdict::Kept),
    (
        "n’a pas jugé bon de s’exprimer",
        "right to express it",
        Verdict::Kept,
    ),
    ("bagatelle", "bant", Verdict::Check),
];

#[test]
fn the_loaded_terms_of_the_article_are_found_with_their_renderings() {
    let Some((folder, review)) = ready() else {
        return;
    };
    review(&["article.fr.txt", "-o", "a.jsonl", "--fail-on-findings"])
        .assert()
        .code(1);
    let bitext = load(&folder, "a.jsonl", Format::Jsonl);
    let flags: Vec<&Flag> = bitext.pairs.iter().flat_map(|pair| &pair.flags).collect();
    for (source, rendering, verdict) in REQUIRED {
        let fits = |flag: &&&Flag| {
            flag.source.text == *source
                && flag.verdict == *verdict
                && flag
                    .target
                    .as_ref()
                    .is_some_and(|t| t.text.contains(rendering))
        };
        assert!(flags.iter().any(|flag| fits(&flag)), "{source}: {flags:#?}");
    }
    // The invented word is flagged for what it is, too.
    assert!(flags.iter().any(|flag| flag.entry == "check/invented"));
}

#[test]
fn several_articles_get_a_page_each_or_one_for_all() {
    let Some((folder, review)) = ready() else {
        return;
    };
    fs::write(folder.path().join("b.txt"), "Il pleut.\n").unwrap();
    review(&["article.fr.txt", "b.txt", "-q"])
        .assert()
        .success();
    assert!(folder.path().join("article.fr.html").exists());
    assert_eq!(load(&folder, "b.html", Format::Html).pairs.len(), 1);
    review(&["article.fr.txt", "b.txt", "-o", "all.html", "-q"])
        .assert()
        .success();
    let all = load(&folder, "all.html", Format::Html);
    assert_eq!((all.header.documents.len(), all.pairs.len()), (2, 12));
}

#[test]
fn standard_streams_are_read_and_written() {
    let Some((_folder, review)) = ready() else {
        return;
    };
    review(&["-", "-o", "-"])
        .write_stdin("Il pleut.")
        .assert()
        .success()
        .stdout(contains("<!doctype html>"));
    review(&["-"])
        .write_stdin("Il pleut.")
        .assert()
        .code(2)
        .stderr(contains("-o PAGE.html"));
}
