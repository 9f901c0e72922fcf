//! Lexicons for and from other tools: tables (CSV) and term bases (TBX).
//!
//! What is written has all of an entry; read again, it gives the same entries. Inflection is written
//! as the forms that it gives. Line breaks within a value become spaces.

mod csv;
mod fields;
mod tbx;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::io::{self, Write};

use serde::Serialize;

use super::error::{LexiconError, Problem};
use super::finding::Inflect;
use super::raw::RawEntry;
use super::read;
use super::{Lexicon, Tongue};
use crate::terms::tokens::strip_accents;
use crate::text::{normalise, utf8, words};
use fields::Draft;

/// A format that other tools have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exchange {
    /// A table with a row for each entry and a line in a cell for each value.
    Csv,
    /// TermBase eXchange (ISO 30042:2019), the dialect TBX-Basic in the style DCA. Of other tools,
    /// the older TBX of 2008 is read too.
    Tbx,
}

/// A lexicon that was imported.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The lexicon as [`Lexicon::load`] reads it.
    pub toml: String,
    /// How many entries it has.
    pub entries: usize,
}

/// A lexicon file that is written.
#[derive(Serialize)]
struct Written<'e> {
    from: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'static str>,
    entry: &'e [RawEntry],
}

impl Lexicon {
    /// Writes the entries of a language in a format of other tools.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written.
    pub fn export(&self, tongue: Tongue, format: Exchange, out: &mut dyn Write) -> io::Result<()> {
        let entries = self.entries().filter(|entry| entry.tongue == tongue);
        let entries: Vec<RawEntry> = entries.map(RawEntry::of).collect();
        match format {
            Exchange::Csv => csv::write(&entries, tongue, out),
            Exchange::Tbx => tbx::write(&entries, tongue, out),
        }
    }
}

/// Reads a file of another tool; `name` names it in errors.
///
/// What an entry lacks is made up: its id and its forms from the lemma, the severity (medium), the
/// category (*imported*) and the reason.
///
/// # Errors
///
/// When the file has another form, or an entry cannot be used: each is told with its line.
pub fn import(bytes: &[u8], name: &str, format: Exchange) -> Result<Imported, LexiconError> {
    if bytes.len() as u64 > Lexicon::MAX_BYTES {
        return Err(LexiconError::Size(name.into()));
    }
    let text = utf8(bytes).map_err(|line| LexiconError::Foreign {
        file: name.to_owned(),
        line,
        message: "it is not in UTF-8; save it so".to_owned(),
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (tongue, drafts) = match format {
        Exchange::Csv => csv::read(text, name)?,
        Exchange::Tbx => tbx::read(text, name)?,
    };
    let entries = completed(drafts, name);
    read::compiled(entries.clone(), tongue, name)?;
    let entries: Vec<RawEntry> = entries.into_iter().map(|(entry, _)| entry).collect();
    let written = Written {
        from: tongue.code(),
        to: (tongue == Tongue::French).then_some("en"),
        entry: &entries,
    };
    let toml = toml::to_string(&written).map_err(|error| LexiconError::Foreign {
        file: name.to_owned(),
        line: 1,
        message: error.to_string(),
    })?;
    Ok(Imported {
        toml,
        entries: entries.len(),
    })
}

/// The entries with their lines, and with what they lack.
fn completed(drafts: Vec<Draft>, name: &str) -> Vec<(RawEntry, usize)> {
    let mut ids: HashSet<String> = drafts.iter().map(|d| d.entry.id.clone()).collect();
    let complete = |draft: Draft| {
        let mut entry = draft.entry;
        if entry.id.is_empty() {
            let slug = slug(&entry.lemma);
            let numbered = (2..).map(|number| format!("{slug}-{number}"));
            let mut names = std::iter::once(slug.clone()).chain(numbered);
            entry.id = names.find(|id| !ids.contains(id)).unwrap_or(slug);
            ids.insert(entry.id.clone());
        }
        if entry.category.is_empty() {
            entry.category = "imported".to_owned();
        }
        if entry.reason.is_empty() {
            entry.reason = format!("Listed in {name}.");
        }
        let is_found = entry.rule.is_some() || entry.inflect.is_some();
        if !is_found && entry.forms.is_empty() && entry.patterns.is_empty() {
            match words(&entry.lemma).len() {
                1 => entry.inflect = Some(Inflect::Fixed),
                _ => entry.patterns.extend(literal(&entry.lemma)),
            }
        }
        (entry, draft.line)
    };
    drafts.into_iter().map(complete).collect()
}

/// An id for a lemma: its letters and digits.
fn slug(lemma: &str) -> String {
    let plain = strip_accents(&normalise(lemma));
    let parts = plain.split(|c: char| !c.is_ascii_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        "entry".to_owned()
    } else {
        parts.join("-")
    }
}

/// The pattern of a term's words as they stand; none where it has none.
fn literal(term: &str) -> Option<String> {
    let words: Vec<&str> = words(term).into_iter().map(|word| &term[word]).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// A problem of an entry that cannot be read.
fn problem(file: &str, line: usize, entry: &str, message: String) -> Problem {
    Problem {
        file: file.to_owned(),
        line,
        entry: entry.to_owned(),
        message,
    }
}
