//! A text as the matcher sees it: normalised words, and what stands between them.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::quotes::{Quote, quotes};
use crate::bitext::Excerpt;
use crate::text::{CodePoints, Span, normalise, words};

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
    /// Where its code points lie.
    pub points: CodePoints,
}

/// A word as it is compared.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its index among [`crate::text::words`].
    pub word: usize,
    /// Where it stands.
    pub bytes: Range<usize>,
    /// Readings: lower case, composed, straight apostrophe; the first is the plain one.
    pub readings: Vec<String>,
    /// The first reading without its accents, where the word is in capitals throughout.
    pub capitals: Option<String>,
    /// Whether the word opens with a capital letter.
    pub capitalised: bool,
}

impl Token {
    /// The plain reading.
    pub fn plain(&self) -> &str {
        self.readings.first().map_or("", String::as_str)
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
        let mut tokens = Vec::new();
        for (word, bytes) in words(text).into_iter().enumerate() {
            push_word(text, word, bytes, &mut tokens);
        }
        let quotes = quotes(text);
        let mut closings: Vec<usize> = quotes.iter().map(|q| q.inner.end).collect();
        closings.sort_unstable();
        let mut gaps = Vec::with_capacity(tokens.len() + 1);
        let mut last = 0;
        for at in 0..=tokens.len() {
            let end = tokens.get(at).map_or(text.len(), |t| t.bytes.start);
            gaps.push(Gap::of(text, last..end, &quotes, &closings));
            last = tokens.get(at).map_or(text.len(), |t| t.bytes.end);
        }
        Self {
            text,
            tokens,
            gaps,
            quotes,
            points: CodePoints::new(text),
        }
    }

    /// An excerpt of a byte range that begins and ends between characters.
    pub fn excerpt(&self, bytes: &Range<usize>) -> Excerpt {
        let Span { start, end } = self.points.span(bytes);
        Excerpt {
            start,
            end,
            text: self.text[bytes.clone()].to_owned(),
        }
    }

    /// The quoted spans that open in a byte range.
    pub fn quotes_from(&self, bytes: Range<usize>) -> &[Quote] {
        let place = |byte| self.quotes.partition_point(|q| q.outer.start < byte);
        &self.quotes[place(bytes.start)..place(bytes.end.max(bytes.start))]
    }

    /// The tokens of the sentence that holds token `at`, as far as [`FAR`] on both sides.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        let (first, last) = (at.saturating_sub(FAR), self.tokens.len().min(at + 1 + FAR));
        let start = (first + 1..=at).rev().find(|&i| self.gaps[i].sentence_end);
        let end = (at + 1..last).find(|&i| self.gaps[i].sentence_end);
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
    /// Reads the gap `bytes`; `closings` are the ends of the quoted spans, sorted.
    fn of(text: &str, bytes: Range<usize>, quotes: &[Quote], closings: &[usize]) -> Self {
        let opening = quotes.partition_point(|q| q.outer.start < bytes.start);
        let closing = closings.partition_point(|&end| end < bytes.start);
        let between = &text[bytes.clone()];
        let any = |marks: &[char]| between.contains(marks);
        let sentence_end = any(&['.', '?', '!', '…']) || between.matches('\n').count() > 1;
        Self {
            hard: sentence_end || any(&[';', ':']),
            sentence_end,
            soft: any(&[',', '(', ')', '[', ']', '–', '—', '/']) || between.contains(" - "),
            opens: quotes
                .get(opening)
                .is_some_and(|q| q.outer.start < bytes.end),
            closes: closings.get(closing).is_some_and(|&end| end < bytes.end),
        }
    }
}

fn push_word(text: &str, word: usize, bytes: Range<usize>, tokens: &mut Vec<Token>) {
    let written = &text[bytes.clone()];
    let capitalised = written.chars().next().is_some_and(char::is_uppercase);
    let plain = normalise(written);
    let token = |bytes, readings: Vec<String>| Token {
        word,
        bytes,
        capitals: is_all_capitals(written).then(|| strip_accents(&plain)),
        readings,
        capitalised,
    };
    let apostrophe = written
        .char_indices()
        .rev()
        .find(|&(_, c)| matches!(c, '\'' | '’' | 'ʼ'));
    if let Some((at, _)) = apostrophe {
        let ending = normalise(&written[at..]);
        let negation = ending == "'t" && written[..at].ends_with(['n', 'N']);
        let cut = if negation { at - 1 } else { at };
        let clitic = matches!(ending.as_str(), "'s" | "'re" | "'ve" | "'ll" | "'d" | "'m");
        if (negation || clitic) && cut > 0 {
            let middle = bytes.start + cut;
            let stem = match normalise(&written[..cut]).as_str() {
                "wo" => "will".to_owned(),
                "ca" => "can".to_owned(),
                stem => stem.to_owned(),
            };
            tokens.push(token(bytes.start..middle, vec![stem]));
            let ending = if negation { "not".to_owned() } else { ending };
            tokens.push(token(middle..bytes.end, vec![ending]));
            return;
        }
    }
    let mut readings = vec![plain.clone()];
    if let Some((verb, pronoun)) = plain.split_once('-')
        && INVERTED.contains(&pronoun)
    {
        readings.push(verb.to_owned());
    }
    if let Some(rest) = plain.strip_prefix('e').filter(|_| capitalised) {
        readings.push(format!("é{rest}"));
    }
    tokens.push(token(bytes, readings));
}

/// `word` without its diacritics.
pub fn strip_accents(word: &str) -> String {
    word.nfd()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .collect()
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
        assert_eq!(tokens[0].readings, ["auraient-ils", "auraient"]);
        assert_eq!(tokens[2].readings, ["etat", "état"]);
    }

    #[test]
    fn sentences_part_at_full_stops() {
        let tokens = Tokens::new("Un, deux. Trois : quatre");
        assert_eq!(tokens.sentence(1), 0..2);
        assert_eq!(tokens.sentence(3), 2..4);
    }
}
