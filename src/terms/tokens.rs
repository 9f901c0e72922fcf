//! A text as the matcher sees it: normalised words, and what stands between them.

use std::cell::OnceCell;
use std::ops::Range;

use compact_str::CompactString;
use unicode_normalization::UnicodeNormalization;

use super::effort::spend;
use super::keys::{Classes, class, key};
use super::quotes::{Quote, quotes};
use crate::text::{CodePoints, Span, normalise_as, words};

/// The words of a text and the punctuation around them.
#[derive(Debug)]
pub struct Tokens<'t> {
    /// The text itself.
    pub text: &'t str,
    /// Its words; an English negation is a token of its own (*did* | *n't*).
    pub tokens: Vec<Token>,
    /// What stands before each token, and after the last.
    pub gaps: Vec<Gap>,
    /// Its quoted spans.
    pub quotes: Vec<Quote>,
    /// Where its code points lie; most texts hold no find, and are never asked.
    points: OnceCell<CodePoints>,
}

/// A word as it is compared.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its index among [`crate::text::words`].
    pub word: usize,
    /// Where it stands.
    pub bytes: Range<usize>,
    /// The plain reading: lower case, composed, straight apostrophe.
    plain: Reading,
    /// How else it may be read; few words can.
    others: Option<Box<Others>>,
    /// Whether the word opens with a capital letter.
    pub capitalised: bool,
}

/// How a word may be read beside the plain reading.
#[derive(Debug, Clone, Default)]
struct Others {
    /// The verb of *auraient-ils*, *état* where *Etat* stands.
    readings: Vec<Reading>,
    /// The plain reading without its accents, where the word is in capitals throughout.
    capitals: Option<Reading>,
}

/// A way to read a word.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The word.
    pub text: CompactString,
    /// Its number (see [`super::keys`]).
    pub key: u64,
}

impl Reading {
    fn new(text: impl Into<CompactString>) -> Self {
        let text = text.into();
        let key = key(&text);
        Self { text, key }
    }
}

impl Token {
    /// The plain reading.
    pub fn plain(&self) -> &str {
        &self.plain.text
    }

    /// All readings, the plain one first.
    pub fn readings(&self) -> impl Iterator<Item = &Reading> {
        let others = self.others.as_ref().map_or(&[][..], |o| &o.readings);
        std::iter::once(&self.plain).chain(others)
    }

    /// The plain reading without its accents, where the word is in capitals throughout.
    pub fn capitals(&self) -> Option<&Reading> {
        self.others.as_ref()?.capitals.as_ref()
    }

    /// The plain reading with its number.
    pub fn reading(&self) -> &Reading {
        &self.plain
    }

    /// The number of the plain reading.
    pub fn key(&self) -> u64 {
        self.plain.key
    }

    /// The numbers of all that it may be taken for: of its readings and, as a word in capitals may
    /// lack its accents, of the plain one without them. Each once.
    pub fn keys(&self) -> impl Iterator<Item = u64> {
        let plain = self.plain.key;
        let others = self.others.as_deref().into_iter();
        let others = others.flat_map(|others| others.readings.iter().chain(&others.capitals));
        let others = others
            .map(|other| other.key)
            .filter(move |&key| key != plain);
        std::iter::once(plain).chain(others)
    }

    /// Whether the plain reading is the only one.
    pub fn is_plain(&self) -> bool {
        self.others.is_none()
    }

    /// The classes of words that it may be taken for.
    pub fn classes(&self) -> Classes {
        let plain = class(self.plain.key);
        self.others.as_ref().map_or(plain, |others| {
            let others = others.readings.iter().chain(&others.capitals);
            others.fold(plain, |classes, other| classes | class(other.key))
        })
    }
}

/// Punctuation between two tokens.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gap {
    /// A full stop, colon, semicolon or the like: no term reaches across.
    pub hard: bool,
    /// The end of a sentence.
    pub sentence_end: bool,
    /// A comma, bracket or dash: only an open gap of a pattern reaches across.
    pub soft: bool,
    /// A quoted span opens here.
    pub opens: bool,
    /// A quoted span closes here.
    pub closes: bool,
}

/// Pronouns that French hangs on an inverted verb (*auraient-ils*).
const INVERTED: &[&str] = &[
    "il", "elle", "on", "ils", "elles", "je", "tu", "nous", "vous", "ce", "t-il", "t-elle", "t-on",
    "là", "ci",
];

/// How far from a term, in tokens, its sentence is looked at: what a text without full stops says
/// farther away does not bear on it.
const FAR: usize = 100;

impl<'t> Tokens<'t> {
    /// Reads `text`.
    pub fn new(text: &'t str) -> Self {
        let mut tokens = Vec::with_capacity(text.len() / 5);
        for (word, bytes) in words(text).into_iter().enumerate() {
            push_word(text, word, bytes, &mut tokens);
        }
        let quotes = quotes(text);
        let mut closings: Vec<usize> = quotes.iter().map(|q| q.inner.end).collect();
        closings.sort_unstable();
        let mut gaps = Vec::with_capacity(tokens.len() + 1);
        let (mut last, mut opening, mut closing) = (0, 0, 0);
        for at in 0..=tokens.len() {
            let end = tokens.get(at).map_or(text.len(), |t| t.bytes.start);
            let mut gap = Gap::of(&text[last..end]);
            // Quoted spans that open or close in this gap: both lists are walked once.
            while quotes.get(opening).is_some_and(|q| q.outer.start < end) {
                gap.opens |= quotes[opening].outer.start >= last;
                opening += 1;
            }
            while closings.get(closing).is_some_and(|&close| close < end) {
                gap.closes |= closings[closing] >= last;
                closing += 1;
            }
            gaps.push(gap);
            last = tokens.get(at).map_or(text.len(), |t| t.bytes.end);
        }
        Self {
            text,
            tokens,
            gaps,
            quotes,
            points: OnceCell::new(),
        }
    }

    /// The code points of a byte range that begins and ends between characters.
    pub fn span(&self, bytes: &Range<usize>) -> Span {
        let points = self.points.get_or_init(|| CodePoints::new(self.text));
        points.span(bytes)
    }

    /// The byte range of a span of code points.
    pub fn bytes(&self, span: &Span) -> Range<usize> {
        let points = self.points.get_or_init(|| CodePoints::new(self.text));
        points.bytes(span)
    }

    /// The quoted spans that open in a byte range.
    pub fn quotes_from(&self, bytes: Range<usize>) -> &[Quote] {
        let place = |byte| self.quotes.partition_point(|q| q.outer.start < byte);
        let found = &self.quotes[place(bytes.start)..place(bytes.end.max(bytes.start))];
        spend(found.len());
        found
    }

    /// The tokens of the sentence that holds token `at`, as far as [`FAR`] on both sides.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        let (first, last) = (at.saturating_sub(FAR), self.tokens.len().min(at + 1 + FAR));
        let start = (first + 1..=at).rev().find(|&i| self.gaps[i].sentence_end);
        let end = (at + 1..last).find(|&i| self.gaps[i].sentence_end);
        spend(end.unwrap_or(last) - start.unwrap_or(first));
        start.unwrap_or(first)..end.unwrap_or(last)
    }

    /// The tokens inside a byte range.
    pub fn inside(&self, bytes: &Range<usize>) -> Range<usize> {
        let start = self.tokens.partition_point(|t| t.bytes.start < bytes.start);
        let end = self.tokens.partition_point(|t| t.bytes.end <= bytes.end);
        start..end.max(start)
    }
}

impl Gap {
    /// What the punctuation `between` two words says, but for quoted spans.
    fn of(between: &str) -> Self {
        let mut gap = Self::default();
        if between == " " || between.is_empty() {
            return gap;
        }
        let (mut breaks, mut dash) = (0, false);
        for c in between.chars() {
            match c {
                '.' | '?' | '!' | '…' => gap.sentence_end = true,
                '\n' => breaks += 1,
                '-' => dash = true,
                ';' | ':' => gap.hard = true,
                ',' | '(' | ')' | '[' | ']' | '–' | '—' | '/' => gap.soft = true,
                _ => {}
            }
        }
        gap.sentence_end |= breaks > 1;
        gap.hard |= gap.sentence_end;
        gap.soft |= dash && between.contains(" - ");
        gap
    }
}

fn push_word(text: &str, word: usize, bytes: Range<usize>, tokens: &mut Vec<Token>) {
    let written = &text[bytes.clone()];
    let traits = Traits::of(written);
    let may_have = |traits_of: u8| traits.has(traits_of | Traits::FOREIGN);
    let capitalised =
        may_have(Traits::CAPITAL) && written.chars().next().is_some_and(char::is_uppercase);
    let plain = match traits {
        Traits(0) => written.into(),
        _ => normalised(written),
    };
    let capitals = capitalised && is_all_capitals(written);
    let capitals = capitals.then(|| Reading::new(strip_accents(&plain)));
    let token = |bytes, plain: CompactString, others: Others| {
        let has_others = others.capitals.is_some() || !others.readings.is_empty();
        Token {
            word,
            bytes,
            plain: Reading::new(plain),
            others: has_others.then(|| Box::new(others)),
            capitalised,
        }
    };
    let in_capitals = |capitals| Others {
        readings: Vec::new(),
        capitals,
    };
    if may_have(Traits::APOSTROPHE)
        && let Some((cut, stem, ending)) = contraction(&plain, written)
    {
        let middle = bytes.start + cut;
        let first = in_capitals(capitals.clone());
        tokens.push(token(bytes.start..middle, stem, first));
        tokens.push(token(middle..bytes.end, ending, in_capitals(capitals)));
        return;
    }
    let mut others = in_capitals(capitals);
    if may_have(Traits::HYPHEN)
        && let Some((verb, pronoun)) = plain.split_once('-')
        && INVERTED.contains(&pronoun)
    {
        others.readings.push(Reading::new(verb));
    }
    if capitalised && let Some(rest) = plain.strip_prefix('e') {
        let accented = CompactString::from("é") + rest;
        others.readings.push(Reading::new(accented));
    }
    tokens.push(token(bytes, plain, others));
}

/// What a word may need beside the plain reading as it is written: most need nothing.
#[derive(Clone, Copy)]
struct Traits(u8);

impl Traits {
    const CAPITAL: u8 = 1;
    const APOSTROPHE: u8 = 2;
    const HYPHEN: u8 = 4;
    /// A character that is not ASCII, which may be any of these.
    const FOREIGN: u8 = 8;

    fn of(word: &str) -> Self {
        let traits = word.bytes().map(|byte| Self::OF_BYTES[byte as usize]);
        Self(traits.fold(0, |all, traits| all | traits))
    }

    /// Whether it has one of `traits`.
    fn has(self, traits: u8) -> bool {
        self.0 & traits != 0
    }

    const OF_BYTES: [u8; 256] = {
        let mut traits = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            traits[byte] = match byte as u8 {
                b'A'..=b'Z' => Self::CAPITAL,
                b'\'' => Self::APOSTROPHE,
                b'-' => Self::HYPHEN,
                128.. => Self::FOREIGN,
                _ => 0,
            };
            byte += 1;
        }
        traits
    };
}

/// The normal form, without a detour for the letters of most words.
fn normalised(written: &str) -> CompactString {
    if written.is_ascii() {
        let mut plain = CompactString::from(written);
        plain.make_ascii_lowercase();
        plain
    } else if written
        .chars()
        .all(|c| c.is_ascii_lowercase() || ('ß'..='ö').contains(&c))
    {
        written.into()
    } else {
        normalise_as(written)
    }
}

/// Where an English negation or clitic (*did* | *n't*, *Russia* | *'s*) parts `written`, and what
/// its parts are read as.
fn contraction(plain: &str, written: &str) -> Option<(usize, CompactString, CompactString)> {
    // What ends with its apostrophe is an elided word.
    if plain.ends_with('\'') || !plain.contains('\'') {
        return None;
    }
    let (at, _) = written
        .char_indices()
        .rev()
        .find(|&(_, c)| matches!(c, '\'' | '’' | 'ʼ'))?;
    let ending = normalised(&written[at..]);
    let negation = ending == "'t" && written[..at].ends_with(['n', 'N']);
    let cut = if negation { at - 1 } else { at };
    let clitic = matches!(ending.as_str(), "'s" | "'re" | "'ve" | "'ll" | "'d" | "'m");
    if !(negation || clitic) || cut == 0 {
        return None;
    }
    let stem = match normalised(&written[..cut]).as_str() {
        "wo" => "will".into(),
        "ca" => "can".into(),
        stem => stem.into(),
    };
    Some((cut, stem, if negation { "not".into() } else { ending }))
}

/// `word` without its diacritics.
pub fn strip_accents(word: &str) -> CompactString {
    let bare: Option<CompactString> = word.chars().map(bare).collect();
    bare.unwrap_or_else(|| {
        word.nfd()
            .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
            .collect()
    })
}

/// A letter of French or ASCII without its diacritics; none for any other.
fn bare(letter: char) -> Option<char> {
    Some(match letter {
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ÿ' => 'y',
        'œ' | 'æ' => letter,
        _ if letter.is_ascii() => letter,
        _ => return None,
    })
}

fn is_all_capitals(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic());
    letters.clone().count() > 1 && letters.clone().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<String> {
        let tokens = Tokens::new(text).tokens;
        tokens.iter().map(|t| t.plain().to_owned()).collect()
    }

    #[test]
    fn negations_elisions_and_letter_case() {
        assert_eq!(
            plain("didn’t CAN'T l’État"),
            ["did", "not", "can", "not", "l'", "état"]
        );
        assert_eq!(plain("Russia's e\u{301}te\u{301}"), ["russia", "'s", "été"]);
        let tokens = Tokens::new("Auraient-ils su ? Etat").tokens;
        let readings = |at: usize| {
            tokens[at]
                .readings()
                .map(|r| r.text.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(readings(0), ["auraient-ils", "auraient"]);
        assert_eq!(readings(2), ["etat", "état"]);
    }

    #[test]
    fn sentences_part_at_full_stops() {
        let tokens = Tokens::new("Un, deux. Trois : quatre");
        assert_eq!(tokens.sentence(1), 0..2);
        assert_eq!(tokens.sentence(3), 2..4);
    }
}
