//! The pattern language of the lexicon and its matcher.
//!
//! A pattern is a sequence of items, parted by spaces:
//!
//! | item | stands for |
//! | --- | --- |
//! | `mot` | the word, elided too (`de` is also *d'*); in a rendering, its English inflections |
//! | `<verb:dire>`, `<adjective:spécial>`, `<noun:mesure>` | any form of the lemma |
//! | `<verb:avoir conditional>` | its forms in the tenses named |
//! | `(a\|b c)` | one of the alternatives |
//! | `x?` | `x` or nothing |
//! | `..3` | up to three words, across commas and brackets |
//! | `@infinitive`, `@participle`, `@imperfect`, `@word`, `@capital` | a word by its shape |
//! | `«`, `»` | a place where a quoted span opens, closes |
//!
//! Words match whatever their case and apostrophes, and through quotation marks. Optional items
//! are tried first with, gaps first short; the first reading that fits wins.

mod beginning;
mod code;
mod forms;
mod mark;
mod matching;
mod reader;
mod shape;

use std::sync::OnceLock;

use super::effort::spend;
use super::tokens::Tokens;
use crate::text::normalise;
use beginning::Beginning;
use code::Code;
pub(super) use code::Items;
pub(super) use mark::Mark;
pub(super) use reader::Lemmas;
use reader::{Reader, word_of};
use shape::Shape;

/// Why a pattern cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Nothing in it.
    #[error("the pattern is empty")]
    Empty,
    /// A bracket without its partner.
    #[error("“{0}” has no partner")]
    Unbalanced(char),
    /// `<class:lemma>` with a class that does not exist.
    #[error("“{0}” is no word class; use <verb:…>, <adjective:…> or <noun:…>")]
    Class(String),
    /// A verb whose conjugation is unknown.
    #[error("the conjugation of “{0}” is not known; list its forms: (forme1|forme2|…)")]
    Conjugation(String),
    /// A tense that does not exist.
    #[error(
        "“{0}” is no tense; use present, imperfect, future, conditional, past, subjunctive, \
         participle, gerund or infinitive"
    )]
    Tense(String),
    /// `@shape` that does not exist.
    #[error("“@{0}” is no shape; use @infinitive, @participle, @imperfect, @capital or @word")]
    Shape(String),
    /// A gap that is no number from 1 to 9.
    #[error("“{0}” is no gap; write ..1 to ..9")]
    Gap(String),
    /// Too deeply nested or too long.
    #[error("the pattern is too long or too deeply nested")]
    Size,
}

/// How the plain words of a pattern are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wording {
    /// French: as written, with their elided form.
    French,
    /// English: as written, in British and American spelling.
    English,
    /// An English rendering: with its inflections, more rather than fewer.
    Rendering,
}

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    code: Code,
    /// Told at the first need: patterns of a lexicon are looked up by their marks.
    beginning: OnceLock<Beginning>,
}

/// The longest pattern and the deepest nesting that are read.
const MAX_ITEMS: usize = 256;
const MAX_DEPTH: usize = 8;

impl Pattern {
    /// Reads a pattern.
    pub fn parse(written: &str, wording: Wording) -> Result<Self, PatternError> {
        Self::parse_with(written, wording, &mut Lemmas::default())
    }

    /// Reads one of many patterns, which share `lemmas`.
    pub(super) fn parse_with(
        written: &str,
        wording: Wording,
        lemmas: &mut Lemmas,
    ) -> Result<Self, PatternError> {
        let code = Reader::new(written, wording, lemmas).read()?;
        if code.is_empty() {
            return Err(PatternError::Empty);
        }
        Ok(Self::of(code))
    }

    /// A pattern of one word with these forms.
    pub fn of_forms<'a>(forms: impl IntoIterator<Item = &'a str>) -> Self {
        Self::of(word_of(forms.into_iter().map(normalise)))
    }

    fn of(code: Code) -> Self {
        Self {
            code,
            beginning: OnceLock::new(),
        }
    }

    /// Its items.
    pub(super) fn items(&self) -> Items<'_> {
        self.code.items()
    }

    /// The tokens that the pattern matches from token `start` on, words of gaps left out.
    pub fn matches(&self, tokens: &Tokens, start: usize) -> Option<Vec<usize>> {
        spend(1);
        let mut matched = Vec::new();
        let fits = self.beginning().may_be(tokens, start)
            && self.items().match_from(tokens, start, &mut matched);
        fits.then_some(matched)
    }

    /// Whether the pattern matches right before token `end`; a gap at its end reaches there.
    pub(super) fn matches_before(&self, tokens: &Tokens, end: usize) -> bool {
        let longest = *self.items().length().end();
        (end.saturating_sub(longest)..end).any(|start| {
            spend(1);
            self.beginning().may_be(tokens, start) && self.items().match_to(tokens, start, end)
        })
    }

    /// What a match may begin with.
    pub(super) fn beginning(&self) -> &Beginning {
        self.beginning.get_or_init(|| Beginning::of(self.items()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matched(pattern: &str, text: &str) -> Option<Vec<String>> {
        let pattern = Pattern::parse(pattern, Wording::French).expect(pattern);
        let tokens = Tokens::new(text);
        (0..tokens.tokens.len()).find_map(|start| {
            let found = pattern.matches(&tokens, start)?;
            Some(
                found
                    .into_iter()
                    .map(|i| text[tokens.tokens[i].bytes.clone()].to_owned())
                    .collect(),
            )
        })
    }

    #[test]
    fn patterns_match_what_they_say() {
        let cases: &[(&str, &str, Option<&[&str]>)] = &[
            (
                "<noun:mesure> de rétorsion",
                "Des mesures de rétorsion",
                Some(&["mesures", "de", "rétorsion"]),
            ),
            ("mesures de", "mesures d’urgence", Some(&["mesures", "d’"])),
            (
                "<verb:avoir conditional> pu ..4 @infinitive",
                "ils auraient pu, selon lui, exercer",
                Some(&["auraient", "pu", "exercer"]),
            ),
            (
                "n'<verb:avoir> pas jugé bon de (s')? @infinitive",
                "Twitter n’a pas jugé bon de s’exprimer.",
                Some(&["n’", "a", "pas", "jugé", "bon", "de", "s’", "exprimer"]),
            ),
            (
                "<adjective:prétendu> ingérence",
                "la PRETENDUE «ingérence",
                Some(&["PRETENDUE", "ingérence"]),
            ),
            ("(dit|dite) «", "la ville dite «libre»", Some(&["dite"])),
            ("(dit|dite) «", "ce qu'il dit est", None),
            ("grand jeu", "grand. Jeu", None),
            ("grand jeu", "grand, jeu", None),
            ("grand ..2 jeu", "grand, beau jeu", Some(&["grand", "jeu"])),
        ];
        for (pattern, text, expected) in cases {
            let expected = expected.map(|e| e.iter().map(|w| (*w).to_owned()).collect());
            assert_eq!(matched(pattern, text), expected, "{pattern} in {text}");
        }
    }

    #[test]
    fn errors_say_what_is_wrong() {
        for (pattern, part) in [
            ("", "empty"),
            ("(a|b", "partner"),
            ("a)", "partner"),
            ("<noun:a", "partner"),
            ("<chose:a>", "word class"),
            ("<verb:zut>", "conjugation"),
            ("<verb:avoir jadis>", "tense"),
            ("@chose", "shape"),
            ("..99", "gap"),
        ] {
            let error = Pattern::parse(pattern, Wording::French)
                .expect_err(pattern)
                .to_string();
            assert!(error.contains(part), "{pattern}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_pattern_and_no_text_panic(pattern in "[a-c()|?<>:.@«» 0-9é]{0,24}", text in "\\PC{0,40}") {
            if let Ok(pattern) = Pattern::parse(&pattern, Wording::French) {
                let tokens = Tokens::new(&text);
                for start in 0..tokens.tokens.len() {
                    let _ = pattern.matches(&tokens, start);
                }
            }
        }
    }
}
