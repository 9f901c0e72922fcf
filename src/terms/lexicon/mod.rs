//! The lexicon of loaded terms: entries read from TOML (see `lexicons/README.md`), validated and
//! indexed by the rarest words of their patterns.

mod builtin;
mod entry;
mod error;
mod exchange;
mod finding;
mod held;
mod index;
mod raw;
mod read;
mod soundness;

use std::collections::HashSet;
use std::path::Path;

use super::pattern::Items;
use super::tokens::Tokens;
pub use entry::{Context, Covers, Entry, Rendering, Rule, Tongue, Unless};
pub use error::{LexiconError, Problem};
pub use exchange::{Exchange, Imported, import};
use held::Held;
use index::Index;
pub(super) use index::{Candidate, Place};

/// A lexicon, and which of its entries are wanted.
type Part<'l> = (&'l Lexicon, &'l dyn Fn(&Entry) -> bool);

/// Entries, and which of them a word may tell of.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    entries: Vec<Held>,
    french: Index,
    english: Index,
}

impl Lexicon {
    /// The largest lexicon file that is read, in bytes.
    pub const MAX_BYTES: u64 = 16 << 20;

    /// The lexicon that comes with the program: French terms with English renderings, and English
    /// terms. Its patterns lie in the program as they are matched; what else there is of an entry is
    /// read at the first need.
    pub fn builtin() -> Result<Self, LexiconError> {
        builtin::lexicon().ok_or(LexiconError::Builtin)
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
        let (entries, patterns): (Vec<Entry>, Vec<_>) =
            read::entries(text, file)?.into_iter().unzip();
        let index = |tongue: Tongue| {
            let of_tongue = |entry: &Entry| entry.tongue == tongue;
            let rule = |e: &Entry| of_tongue(e) && e.rule == Some(Rule::ScareQuotes);
            let scare_quotes = entries.iter().position(rule).map(|at| at as u32);
            let patterns = entries.iter().zip(&patterns).zip(0..);
            let patterns = patterns.filter(|((entry, _), _)| of_tongue(entry));
            let patterns = patterns
                .flat_map(|((_, own), at)| own.iter().map(move |pattern| (at, pattern.items())));
            Index::new(
                &patterns.collect::<Vec<_>>(),
                tongue.wording(),
                scare_quotes,
            )
        };
        Ok(Self {
            french: index(Tongue::French),
            english: index(Tongue::English),
            entries: entries.into_iter().map(Held::from).collect(),
        })
    }

    /// This lexicon with the entries of `other`, which replace those of the same id.
    pub fn extended(self, other: Self) -> Self {
        let replaced: HashSet<&str> = other.entries().map(|entry| entry.id.as_str()).collect();
        let kept = |entry: &Entry| !replaced.contains(&*entry.id);
        Self::of_parts(&[(&self, &kept), (&other, &|_| true)])
    }

    /// This lexicon with one of its entries alone.
    pub fn only(&self, id: &str) -> Self {
        self.retaining(|entry| entry.id == id)
    }

    /// This lexicon with the entries alone that `keep` wants.
    pub fn retaining(&self, keep: impl Fn(&Entry) -> bool) -> Self {
        Self::of_parts(&[(self, &keep)])
    }

    /// This lexicon without the entries that have this id or category; none where there are none.
    pub fn without(self, id_or_category: &str) -> Option<Self> {
        let kept = |e: &Entry| e.id != id_or_category && e.category != id_or_category;
        let retained = self.retaining(kept);
        (retained.entries.len() < self.entries.len()).then_some(retained)
    }

    /// The entries, in the order of the file.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &Entry> + Clone {
        self.entries.iter().map(Held::entry)
    }

    /// The entry that a rule belongs to.
    pub(super) fn rule(&self, rule: Rule, tongue: Tongue) -> Option<&Entry> {
        let index = self.indexed(tongue);
        let place = match rule {
            Rule::ScareQuotes => index.scare_quotes()?,
        };
        Some(self.entry(place as usize))
    }

    /// Puts into `found` the patterns of a language that may match and are told by token `at`.
    pub(super) fn candidates(
        &self,
        tokens: &Tokens,
        at: usize,
        tongue: Tongue,
        found: &mut Vec<Candidate>,
    ) {
        self.indexed(tongue).candidates(tokens, at, found);
    }

    /// The items of a pattern of a language.
    pub(super) fn items(&self, place: Place, tongue: Tongue) -> Items<'_> {
        self.indexed(tongue).items(place)
    }

    /// The entry of a pattern of a language.
    pub(super) fn entry_at(&self, place: Place, tongue: Tongue) -> &Entry {
        self.entry(self.indexed(tongue).entry(place) as usize)
    }

    fn entry(&self, place: usize) -> &Entry {
        self.entries[place].entry()
    }

    fn indexed(&self, tongue: Tongue) -> &Index {
        match tongue {
            Tongue::French => &self.french,
            Tongue::English => &self.english,
        }
    }

    /// Of each of these lexicons the entries that it is to give, one lexicon behind the other.
    fn of_parts(parts: &[Part]) -> Self {
        let mut entries = Vec::new();
        let numbers = parts.iter().map(|(part, keep)| {
            let numbers = part.entries.iter().map(|held| {
                keep(held.entry()).then(|| {
                    entries.push(held.clone());
                    entries.len() as u32 - 1
                })
            });
            numbers.collect::<Vec<Option<u32>>>()
        });
        let numbers: Vec<Vec<Option<u32>>> = numbers.collect();
        let index = |tongue: Tongue| {
            let mut patterns = Vec::new();
            let mut scare_quotes = None;
            for ((part, _), numbers) in parts.iter().zip(&numbers) {
                let index = part.indexed(tongue);
                let number = |entry: u32| numbers[entry as usize];
                let kept = index.patterns();
                patterns.extend(kept.filter_map(|(entry, own)| Some((number(entry)?, own))));
                scare_quotes = scare_quotes.or(index.scare_quotes().and_then(number));
            }
            Index::new(&patterns, tongue.wording(), scare_quotes)
        };
        Self {
            french: index(Tongue::French),
            english: index(Tongue::English),
            entries,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::raw::RawEntry;
    use super::*;

    #[test]
    fn what_the_build_wrote_is_what_reading_the_files_gives() {
        let builtin = Lexicon::builtin().expect("it is sound");
        let read = |text, name| Lexicon::parse(text, name).unwrap_or_else(|e| panic!("{e}"));
        let french = read(include_str!("../../../lexicons/fr.toml"), "fr.toml");
        let english = read(include_str!("../../../lexicons/en.toml"), "en.toml");
        let read = french.extended(english);
        for tongue in [Tongue::French, Tongue::English] {
            assert_eq!(
                builtin.indexed(tongue).numbers(),
                read.indexed(tongue).numbers()
            );
        }
        let entries = |lexicon: &Lexicon| -> Vec<(Tongue, RawEntry)> {
            let entries = lexicon.entries();
            entries
                .map(|entry| (entry.tongue, RawEntry::of(entry)))
                .collect()
        };
        assert!(entries(&builtin) == entries(&read));
        assert_eq!(builtin.french.scare_quotes(), read.french.scare_quotes());
    }
}
