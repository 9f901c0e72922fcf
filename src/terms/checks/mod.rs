//! Translation checks: what a reviewer should look at whatever the terms. One file per check or
//! family; each reads a [`Pair`] and knows nothing of the others.

mod addresses;
mod currency;
mod date;
mod dictionary;
mod length;
mod number;
mod pair;
mod repetition;
mod vocabulary;

#[cfg(test)]
mod tests;

use crate::bitext::Flag;
use crate::language::Language;
use pair::Pair;

/// What the checks must know of the languages.
#[derive(Debug, Clone, Copy)]
pub struct Languages<'l> {
    /// Of the source.
    pub from: &'l Language,
    /// Of the translation.
    pub to: &'l Language,
}

impl Languages<'_> {
    /// French into English: the checks that know words can run.
    fn french_english(self) -> bool {
        *self.from == Language::french() && *self.to == Language::english()
    }
}

/// Runs every check on a source text, its translation and the links between their words (see
/// [`crate::text::words`]). Flags bear the category `translation`.
///
/// A text that is missing where the other is there is flagged; two empty texts are not.
pub fn run(
    source: &str,
    target: &str,
    links: &[(u32, u32)],
    languages: Languages<'_>,
) -> Vec<Flag> {
    let pair = Pair::new(source, target, links, languages);
    let mut flags = Vec::new();
    length::check(&pair, &mut flags);
    if pair.source.words.is_empty() || pair.target.words.is_empty() {
        return flags;
    }
    number::check(&pair, &mut flags);
    addresses::check(&pair, &mut flags);
    repetition::check(&pair, &mut flags);
    if languages.french_english() {
        date::check(&pair, &mut flags);
        currency::check(&pair, &mut flags);
        vocabulary::check(&pair, &mut flags);
    }
    flags
}
