//! Compiles the lexicons that come with the program, for `src/terms/lexicon/builtin.rs` to read: their
//! entries as JSON, each read when it is needed, and their patterns as they are looked up and matched.

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::lexicon::finding::{self, Inflect};
use super::lexicon::index::Index;
use super::pattern::{Lemmas, Pattern, Wording};

/// The files of the lexicons, in the order that their entries are written in.
pub const FILES: [&str; 2] = ["lexicons/fr.toml", "lexicons/en.toml"];

/// How the words of their patterns are read.
const WORDINGS: [Wording; FILES.len()] = [Wording::French, Wording::English];

/// A lexicon, with its entries as they are.
#[derive(Deserialize)]
struct Lexicon {
    entry: Vec<toml::Table>,
}

/// What of an entry tells what finds it.
#[derive(Deserialize)]
struct Entry {
    lemma: String,
    inflect: Option<Inflect>,
    #[serde(default)]
    forms: Vec<String>,
    #[serde(default)]
    patterns: Vec<String>,
    rule: Option<String>,
}

/// Writes to the folder `out` `lexicons.json`, the entries, and `lexicons.numbers`: how many entries
/// there are of each lexicon, where each entry ends, and the indexes.
pub fn lexicons(out: &Path) -> Result<(), Box<dyn Error>> {
    let mut json = String::new();
    let (mut counts, mut ends, mut indexes) = (Vec::new(), Vec::new(), Vec::new());
    for (file, wording) in FILES.into_iter().zip(WORDINGS) {
        let wrong = |error: String| format!("{file}: {error}");
        let text = fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
        let lexicon: Lexicon = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let first = ends.len() as u32;
        for entry in &lexicon.entry {
            json += &serde_json::to_string(entry)?;
            ends.push(json.len() as u64);
        }
        counts.push(lexicon.entry.len() as u64);
        let index = index(lexicon.entry, first, wording).map_err(wrong)?;
        indexes.extend(index.numbers());
    }
    fs::write(out.join("lexicons.json"), json)?;
    let big = env::var("CARGO_CFG_TARGET_ENDIAN").is_ok_and(|endian| endian == "big");
    let bytes = |number: u64| match big {
        true => number.to_be_bytes(),
        false => number.to_le_bytes(),
    };
    let numbers = counts.into_iter().chain(ends).chain(indexes);
    let numbers: Vec<u8> = numbers.flat_map(bytes).collect();
    Ok(fs::write(out.join("lexicons.numbers"), numbers)?)
}

/// The index of a lexicon, whose first entry has this number among those of all.
fn index(entries: Vec<toml::Table>, first: u32, wording: Wording) -> Result<Index, String> {
    let mut lemmas = Lemmas::default();
    let mut patterns: Vec<(u32, Pattern)> = Vec::new();
    let mut scare_quotes = None;
    for (entry, number) in entries.into_iter().zip(first..) {
        let entry: Entry = entry.try_into().map_err(|error| error.to_string())?;
        if entry.rule.as_deref() == Some("scare-quotes") {
            scare_quotes = scare_quotes.or(Some(number));
        }
        let wrong = |error: &str| format!("entry “{}”: {error}", entry.lemma);
        let forms = finding::forms(&entry.forms, &entry.lemma, entry.inflect, wording);
        let forms = forms.map_err(wrong)?;
        for pattern in finding::patterns(&forms, &entry.patterns, wording, &mut lemmas) {
            let pattern =
                pattern.map_err(|(written, error)| wrong(&format!("“{written}”: {error}")));
            patterns.push((number, pattern?));
        }
    }
    let patterns: Vec<_> = patterns
        .iter()
        .map(|(entry, p)| (*entry, p.items()))
        .collect();
    Ok(Index::new(&patterns, wording, scare_quotes))
}
