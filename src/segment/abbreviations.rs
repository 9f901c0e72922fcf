//! Abbreviations, and when a full stop after one may end a sentence.

use std::collections::HashMap;

/// What a full stop after an abbreviation may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// Something always follows: `M.`, `cf.`.
    Never,
    /// It ends no sentence before a number: `p. 12`, `art. 3`.
    BeforeNumber,
    /// It ends a sentence where what follows looks like the start of one: `etc.`, `Inc.`.
    Perhaps,
}

/// The abbreviations of a language, in lower case, without the last full stop.
#[derive(Debug, Default)]
pub(super) struct Abbreviations(HashMap<&'static str, Abbreviation>);

impl Abbreviations {
    /// Reads a list: a line `[never]`, `[before-number]` or `[perhaps]` opens a section, `#` a
    /// comment; all else is abbreviations, parted by white space.
    pub fn parse(list: &'static str) -> Self {
        let mut section = Abbreviation::Never;
        let mut found = HashMap::new();
        for line in list
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with('#'))
        {
            match line {
                "[never]" => section = Abbreviation::Never,
                "[before-number]" => section = Abbreviation::BeforeNumber,
                "[perhaps]" => section = Abbreviation::Perhaps,
                _ => found.extend(line.split_whitespace().map(|word| (word, section))),
            }
        }
        Self(found)
    }

    /// What kind of abbreviation `word` is, which is in lower case and without its full stop.
    pub fn get(&self, word: &str) -> Option<Abbreviation> {
        self.0.get(word).copied()
    }
}
