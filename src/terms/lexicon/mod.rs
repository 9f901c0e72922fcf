//! The lexicon of loaded terms: entries read from TOML (see `lexicons/README.md`), validated and
//! indexed by the first word of their patterns.

mod entry;
mod error;
mod read;
mod soundness;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use compact_str::CompactString;

use super::pattern::Pattern;
use super::tokens::{Token, strip_accents};
pub use entry::{Covers, Entry, Rendering, Rule, Tongue, Unless};
pub use error::{LexiconError, Problem};
use read::Renderings;

/// The lexicons that come with the program, and their names in errors.
const BUILTIN: &[(&str, &str)] = &[
    (
        include_str!("../../../lexicons/fr.toml"),
        "lexicons/fr.toml",
    ),
    (
        include_str!("../../../lexicons/en.toml"),
        "lexicons/en.toml",
    ),
];

/// The largest lexicon file that is read, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// Entries, and which of them may begin with a word.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    entries: Vec<Entry>,
    french: Index,
    english: Index,
}

/// A pattern: the place of its entry, and its place there.
type Place = (u32, u32);

/// The patterns of a language.
#[derive(Debug, Clone, Default)]
struct Index {
    /// By the forms that may stand first, with and without accents.
    by_first: HashMap<CompactString, Vec<Place>>,
    /// Those that may begin with any word.
    anywhere: Vec<Place>,
}

impl Lexicon {
    /// The lexicon that comes with the program: French terms with English renderings, and English
    /// terms. Its renderings are read at the first need.
    pub fn builtin() -> Result<Self, LexiconError> {
        let mut entries = Vec::new();
        for (text, file) in BUILTIN {
            entries.extend(read::entries(text, file, Renderings::Trusted)?);
        }
        Ok(Self::index(entries))
    }

    /// Reads a lexicon file.
    pub fn load(path: &Path) -> Result<Self, LexiconError> {
        let read_error = |source| LexiconError::Read {
            path: path.to_owned(),
            source,
        };
        if std::fs::metadata(path).map_err(read_error)?.len() > MAX_BYTES {
            return Err(LexiconError::Size(path.to_owned()));
        }
        let text = std::fs::read_to_string(path).map_err(read_error)?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Reads a lexicon from TOML; `file` names it in errors. Every entry that is wrong is told.
    pub fn parse(text: &str, file: &str) -> Result<Self, LexiconError> {
        let entries = read::entries(text, file, Renderings::Checked)?;
        Ok(Self::index(entries))
    }

    /// This lexicon with the entries of `other`, which replace those of the same id.
    pub fn extended(self, other: Self) -> Self {
        let replaced: HashSet<&str> = other.entries.iter().map(|e| e.id.as_str()).collect();
        let kept = self.entries.into_iter();
        let mut entries: Vec<Entry> = kept.filter(|e| !replaced.contains(&*e.id)).collect();
        entries.extend(other.entries.iter().cloned());
        Self::index(entries)
    }

    /// This lexicon with one of its entries alone.
    pub fn only(&self, id: &str) -> Self {
        self.retaining(|entry| entry.id == id)
    }

    /// This lexicon with the entries alone that `keep` wants.
    pub fn retaining(&self, keep: impl Fn(&Entry) -> bool) -> Self {
        let entries = self.entries.iter().filter(|entry| keep(entry));
        Self::index(entries.cloned().collect())
    }

    /// This lexicon without the entries that have this id or category; none where there are none.
    pub fn without(self, id_or_category: &str) -> Option<Self> {
        let before = self.entries.len();
        let entries = self.entries.into_iter();
        let kept: Vec<Entry> = entries
            .filter(|e| e.id != id_or_category && e.category != id_or_category)
            .collect();
        (kept.len() < before).then(|| Self::index(kept))
    }

    /// The entries, in the order of the file.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry that a rule belongs to.
    pub(super) fn rule(&self, rule: Rule, tongue: Tongue) -> Option<&Entry> {
        let mut entries = self.entries.iter();
        entries.find(|e| e.rule == Some(rule) && e.tongue == tongue)
    }

    /// Entries and patterns of a language that may match from a token on.
    pub(super) fn candidates<'l>(
        &'l self,
        token: &Token,
        tongue: Tongue,
    ) -> impl Iterator<Item = (&'l Entry, &'l Pattern)> {
        let index = self.indexed(tongue);
        // A word in capitals is looked up without its accents too.
        let plain = index.by_first.get(token.plain());
        let others = token.readings().skip(1).chain(token.capitals.as_deref());
        let others = others.filter(|reading| *reading != token.plain());
        let others = others.filter_map(|reading| index.by_first.get(reading));
        let listed = plain.into_iter().chain(others).flatten();
        listed.chain(&index.anywhere).map(|&(entry, pattern)| {
            let entry = &self.entries[entry as usize];
            (entry, &entry.patterns[pattern as usize])
        })
    }

    fn indexed(&self, tongue: Tongue) -> &Index {
        match tongue {
            Tongue::French => &self.french,
            Tongue::English => &self.english,
        }
    }

    fn index(entries: Vec<Entry>) -> Self {
        let mut lexicon = Self::default();
        for (e, entry) in entries.iter().enumerate() {
            let index = match entry.tongue {
                Tongue::French => &mut lexicon.french,
                Tongue::English => &mut lexicon.english,
            };
            for (p, pattern) in entry.patterns.iter().enumerate() {
                index.add(pattern, (e as u32, p as u32));
            }
        }
        lexicon.entries = entries;
        lexicon
    }
}

impl Index {
    fn add(&mut self, pattern: &Pattern, place: Place) {
        let Some(forms) = pattern.first_forms() else {
            self.anywhere.push(place);
            return;
        };
        let mut list = |form: &str| {
            let places = match self.by_first.get_mut(form) {
                Some(places) => places,
                None => self.by_first.entry(form.into()).or_default(),
            };
            if places.last() != Some(&place) {
                places.push(place);
            }
        };
        for form in forms {
            list(form);
            if !form.is_ascii() {
                list(&strip_accents(form));
            }
        }
    }
}
