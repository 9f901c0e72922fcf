//! The review page and the index in a real browser: widths, keys, decisions, download, filters,
//! sorting, accessibility.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use visavis::bitext::{Bitext, Header, Pair};
use visavis::review::{Entry, Options, index, page};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The article with its translation and flags made by hand.
fn article() -> Bitext {
    let path = Path::new(ROOT).join("tests/cases/review.jsonl");
    let text = fs::read_to_string(path).expect("the case");
    let mut lines = text.lines();
    let header: Header =
        serde_json::from_str(lines.next().expect("a header")).expect("a valid header");
    let pairs = lines
        .map(|line| serde_json::from_str(line).expect("a valid pair"))
        .collect();
    Bitext { header, pairs }
}

/// A bitext that holds what pages stumble over: hostile text, white space, right-to-left script,
/// beads of several segments, empty sides, nothing flagged, checks without words, overlapping
/// finds.
fn hostile(article: &Bitext) -> Bitext {
    let texts = [
        (
            "<b>a</b> & \"b\"\t'c'\n</script><!-- <script>alert(1)</script>",
            "x\r\ny\u{0}z",
        ),
        (
            "قال إنه تدخل مزعوم 2016 (Twitter).",
            "Une «ingérence» – שלום עולם!",
        ),
        ("他说这是所谓的干涉。", "👩‍👩‍👧‍👦 e\u{301} \u{202e}abc\u{202c}"),
        ("", "only the translation"),
        ("only the source", ""),
    ];
    let mut hostile = article.clone();
    hostile.pairs = texts
        .iter()
        .enumerate()
        .map(|(number, (source, target))| {
            let mut pair = article.pairs[8].clone();
            pair.id = (number + 1).to_string();
            for (side, text) in [(&mut pair.source, source), (&mut pair.target, target)] {
                side[0].text = (*text).into();
                side[0].end = text.chars().count();
                if text.is_empty() {
                    side.clear();
                } else if number < 2 {
                    side.push(side[0].clone());
                }
            }
            pair.words = vec![(0, 0), (1, 0), (900, 900)];
            for flag in &mut pair.flags {
                flag.source.start = number;
                flag.source.end = number + 9;
                flag.reason = "<i>why</i> & so".into();
            }
            pair
        })
        .collect();
    hostile
}

/// Two documents with 2,000 pairs between them, some in a right-to-left script, one with text
/// that looks like markup.
fn large(article: &Bitext) -> Bitext {
    let mut large = article.clone();
    let mut second = large.header.documents[0].clone();
    second.name = "second <b>&amp; last</b>.txt".into();
    large.header.documents.push(second);
    large.pairs = (0..2000)
        .map(|number| {
            let mut pair: Pair = article.pairs[number % article.pairs.len()].clone();
            pair.id = (number + 1).to_string();
            for segment in pair.source.iter_mut().chain(&mut pair.target) {
                segment.document = number / 1000;
                segment.block += number / article.pairs.len() * 10;
            }
            if number % 100 == 50 {
                pair.flags.clear();
                pair.words.clear();
                pair.target[0].text = "قال <script>alert(1)</script> & \"كذا\" 2016.".into();
            }
            pair
        })
        .collect();
    large
}

#[test]
fn the_page_works_in_a_browser() {
    let browser_tests = Path::new(ROOT).join("tests/browser");
    let chromium = std::env::var_os("CHROMIUM").map_or("/usr/bin/chromium".into(), PathBuf::from);
    let node = Command::new("node").arg("--version").output().is_ok();
    let playwright = browser_tests.join("node_modules/playwright-core").is_dir();
    if !(node && playwright && chromium.is_file()) {
        let missing = format!(
            "the page was not tried in a browser: node {node}, playwright-core {playwright} \
             (npm ci --prefix tests/browser), {} {}",
            chromium.display(),
            chromium.is_file()
        );
        common::skipped(&missing);
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let screenshots = std::env::var_os("VISAVIS_SCREENSHOTS").map(PathBuf::from);
    let article = article();
    let mut unflagged = article.clone();
    for pair in &mut unflagged.pairs {
        pair.flags.clear();
    }
    let pages = [
        ("article.html", &article),
        ("large.html", &large(&article)),
        ("hostile.html", &hostile(&article)),
        ("unflagged.html", &unflagged),
    ];
    for (name, bitext) in pages {
        let html = page(bitext, &Options::default()).expect("a page");
        fs::write(folder.path().join(name), html).expect("the page is written");
    }
    // The one with the most finds last.
    let entries: Vec<Entry> = [3, 0, 2, 1]
        .map(|number: usize| {
            let (name, bitext) = pages[number];
            Entry::new(bitext, name, &Options::default())
        })
        .into();
    let html = index(&entries, "pages").expect("an index");
    fs::write(folder.path().join("index.html"), html).expect("the index is written");
    let status = Command::new("node")
        .arg(browser_tests.join("review.mjs"))
        .args(pages.map(|(name, _)| folder.path().join(name)))
        .arg(folder.path().join("index.html"))
        .args(&screenshots)
        .env("CHROMIUM", &chromium)
        .status()
        .expect("node runs");
    assert!(status.success(), "the browser's checks failed: see above");
}
