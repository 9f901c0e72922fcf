//! The lexicon of loaded terms: entries read from TOML (see `lexicons/README.md`), validated and
//! indexed by the first word of their patterns.

mod entry;
mod error;
mod exchange;
mod index;
mod raw;
mod read;
mod soundness;

use std::collections::HashSet;
use std::path::Path;

use super::pattern::Pattern;
use super::tokens::Tokens;
pub use entry::{Context, Covers, Entry, Rendering, Rule, Tongue, Unless};
pub use error::{LexiconError, Problem};
pub use exchange::{Exchange, Imported, import};
use index::Index;
pub(super) use index::Place;

/// The lexicons that come with the program: their language, their entries as the build writes them
/// from `lexicons/` (JSON, one a line), and their names in errors.
const BUILTIN: &[(Tongue, &str, &str)] = &[
    (
        Tongue::French,
        include_str!(concat!(env!("OUT_DIR"), "/fr.json")),
        "lexicons/fr.toml",
    ),
    (
        Tongue::English,
        include_str!(concat!(env!("OUT_DIR"), "/en.json")),
        "lexicons/en.toml",
    ),
];

/// Threads that read a lexicon and index it.
fn loading_threads() -> usize {
    const MOST: usize = 4;
    std::thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST))
}

/// Entries, and which of them may begin with a word.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    entries: Vec<Entry>,
    french: Index,
    english: Index,
}

impl Lexicon {
    /// The largest lexicon file that is read, in bytes.
    pub const MAX_BYTES: u64 = 16 << 20;

    /// The lexicon that comes with the program: French terms with English renderings, and English
    /// terms. Its renderings and contexts are read at the first need.
    pub fn builtin() -> Result<Self, LexiconError> {
        let mut entries = Vec::new();
        for (tongue, lines, file) in BUILTIN {
            entries.extend(read::trusted(lines, *tongue, file)?);
        }
        Ok(Self::index(entries))
    }

    /// Reads a lexicon file.
    pub fn load(path: &Path) -> Result<Self, LexiconError> {
        Self::parse(&Self::text(path)?, &path.display().to_string())
    }

    fn text(path: &Path) -> Result<String, LexiconError> {
        let read_error = |source| LexiconError::Read {
            path: path.to_owned(),
            source,
        };
        if std::fs::metadata(path).map_err(read_error)?.len() > Self::MAX_BYTES {
            return Err(LexiconError::Size(path.to_owned()));
        }
        std::fs::read_to_string(path).map_err(read_error)
    }

    /// Reads a lexicon from TOML; `file` names it in errors. Every entry that is wrong is told.
    pub fn parse(text: &str, file: &str) -> Result<Self, LexiconError> {
        let entries = read::entries(text, file)?;
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
        let index = self.indexed(tongue);
        let place = match rule {
            Rule::ScareQuotes => index.scare_quotes()?,
        };
        self.entries.get(place as usize)
    }

    /// Puts into `found` the patterns of a language that may match from token `at` on.
    pub(super) fn candidates(
        &self,
        tokens: &Tokens,
        at: usize,
        tongue: Tongue,
        found: &mut Vec<Place>,
    ) {
        self.indexed(tongue).candidates(tokens, at, found);
    }

    /// The entry and the pattern at a place.
    pub(super) fn at(&self, place: Place) -> (&Entry, &Pattern) {
        let entry = &self.entries[place.entry as usize];
        (entry, &entry.patterns[place.pattern as usize])
    }

    fn indexed(&self, tongue: Tongue) -> &Index {
        match tongue {
            Tongue::French => &self.french,
            Tongue::English => &self.english,
        }
    }

    fn index(entries: Vec<Entry>) -> Self {
        Self {
            french: Index::new(&entries, |entry| entry.tongue == Tongue::French),
            english: Index::new(&entries, |entry| entry.tongue == Tongue::English),
            entries,
        }
    }
}
