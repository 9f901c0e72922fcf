//! The index of several review pages: an article a row, with what was found in each.

use askama::Template;

use super::charts::{Chart, Counts, charts};
use super::{Error, Options, data};
use crate::bitext::{Bitext, Origin, Severity, Verdict};

const STYLE: &str = concat!(
    include_str!("assets/page.css"),
    include_str!("assets/index.css")
);
const SCRIPT: &str = include_str!("assets/index.js");

/// An article of an index: what its page counts.
#[derive(Debug, Clone)]
pub struct Entry {
    href: String,
    name: String,
    date: String,
    sentences: usize,
    uncertain: usize,
    finds: usize,
    high: usize,
    verdicts: Vec<usize>,
    terms: Counts,
}

impl Entry {
    /// The entry of a bitext whose page is at `href`, relative to the index.
    pub fn new(bitext: &Bitext, href: &str, options: &Options) -> Self {
        let document = bitext.header.documents.first();
        let flags = || bitext.pairs.iter().flat_map(|pair| &pair.flags);
        let is_model = matches!(bitext.header.origin, Origin::Model { .. });
        let is_uncertain = |score: &f32| score.exp().min(1.0) < options.low_confidence;
        let scores = bitext.pairs.iter().filter_map(|pair| pair.score);
        Self {
            href: percent_encoded(href),
            name: document.map_or_else(|| href.to_owned(), |document| document.name.clone()),
            date: document
                .and_then(|document| document.date.clone())
                .unwrap_or_default(),
            sentences: bitext.pairs.len(),
            uncertain: scores.filter(is_uncertain).count() * usize::from(is_model),
            finds: flags().count(),
            high: flags()
                .filter(|flag| flag.severity == Severity::High)
                .count(),
            verdicts: Verdict::ALL
                .iter()
                .map(|verdict| flags().filter(|flag| flag.verdict == *verdict).count())
                .collect(),
            terms: Counts::new(bitext),
        }
    }
}

/// A column of numbers.
struct Column {
    label: &'static str,
    sign: &'static str,
    total: usize,
}

struct Row<'a> {
    entry: &'a Entry,
    counts: Vec<usize>,
}

#[derive(Template)]
#[template(path = "index.html")]
struct Index<'a> {
    title: &'a str,
    key: String,
    style: &'static str,
    script: &'static str,
    columns: Vec<Column>,
    rows: Vec<Row<'a>>,
    charts: Vec<Chart>,
    verdicts: [(&'static str, &'static str); 6],
}

/// The index page of `entries`: UTF-8 HTML that needs no other file but the pages it links to. Below
/// the articles stand charts of the loaded terms, each with its table. It can be read without
/// JavaScript; with it, a click on a column's name sorts by it.
///
/// # Errors
///
/// When the template fails.
pub fn index(entries: &[Entry], title: &str) -> Result<String, Error> {
    let rows: Vec<Row<'_>> = entries
        .iter()
        .map(|entry| {
            let mut counts = vec![entry.sentences, entry.uncertain, entry.finds, entry.high];
            counts.extend(&entry.verdicts);
            Row { entry, counts }
        })
        .collect();
    let labels = [
        ("sentences", ""),
        ("uncertain", ""),
        ("finds", ""),
        ("high severity", ""),
    ];
    let verdicts = Verdict::ALL.map(|verdict| (verdict.name(), verdict.sign()));
    let columns = labels
        .into_iter()
        .chain(verdicts)
        .enumerate()
        .map(|(number, (label, sign))| Column {
            label,
            sign,
            total: rows.iter().map(|row| row.counts[number]).sum(),
        })
        .collect();
    let articles = entries
        .iter()
        .map(|entry| (entry.name.as_str(), &entry.terms));
    let articles: Vec<(&str, &Counts)> = articles.collect();
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    let page = Index {
        title,
        key: data::key(&names.join("\n")),
        style: STYLE,
        script: SCRIPT,
        columns,
        rows,
        charts: charts(&articles),
        verdicts,
    };
    Ok(page.render()?)
}

/// A file's name as a relative link.
fn percent_encoded(name: &str) -> String {
    let mut link = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                link.push(char::from(byte));
            }
            byte => link.push_str(&format!("%{byte:02X}")),
        }
    }
    link
}
