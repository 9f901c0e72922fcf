//! A quoted span and what its traits ask of it and of its surroundings.

use std::ops::Range;

use super::words::{
    ATTRIBUTING_NOUNS, ATTRIBUTING_VERBS, AUXILIARIES, CLAIM, DISTANCING, FIGURES, MENTIONS, NAMED,
    OF, PREPOSITIONS, PRESENTED, REFLEXIVE_CLAIM, SENTENCE, WORTH, WORTH_STEMS,
};
use crate::terms::finder::is_function_word;
use crate::terms::lexicon::Tongue;
use crate::terms::quotes::Quote;
use crate::terms::tokens::{Token, Tokens};
use crate::terms::voice;

/// Marks behind which no word governs the span.
const STOPS: [char; 12] = [':', ',', '(', '–', '—', '-', ';', '.', '»', '!', '?', '…'];

/// How many tokens of the sentence before are looked at.
const BEFORE: usize = 60;

/// How many bytes around a span its paragraph is looked at for other quotations.
const AROUND: usize = 600;

/// A quoted span in its text.
pub(in crate::terms) struct Span<'t> {
    pub tokens: &'t Tokens<'t>,
    pub quote: &'t Quote,
    /// The tokens between the marks.
    pub inside: Range<usize>,
    /// Whether it stands within a longer quotation.
    pub nested: bool,
    /// Whether words of speech announce it.
    pub cited: bool,
    pub tongue: Tongue,
    /// Its sentence, with what follows the closing mark.
    sentence: Range<usize>,
    /// What of its sentence tells of speech.
    told: Told,
}

/// What of a sentence, outside a span, tells of speech or holds off.
#[derive(Default)]
struct Told {
    /// The last verb of speech before the span.
    before: Option<usize>,
    /// Whether a verb of speech stands behind it.
    after: bool,
    /// Whether one stands close behind it.
    close_after: bool,
    /// Whether words that ascribe words or thoughts to someone stand before it, or behind it.
    ascribed_before: bool,
    ascribed: bool,
    /// Whether words that hold off stand before it.
    distanced: bool,
}

impl<'t> Span<'t> {
    pub fn new(
        tokens: &'t Tokens<'t>,
        quote: &'t Quote,
        inside: Range<usize>,
        nested: bool,
        cited: bool,
        tongue: Tongue,
    ) -> Self {
        let last = tokens.tokens.len().saturating_sub(1);
        let start = tokens.sentence(inside.start.min(last)).start;
        let goes_on = inside.end <= last && !tokens.gaps[inside.end].sentence_end;
        let end = match goes_on {
            true => tokens.sentence(inside.end).end,
            false => inside.end,
        };
        let mut span = Self {
            tokens,
            quote,
            inside,
            nested,
            cited,
            tongue,
            sentence: start..end,
            told: Told::default(),
        };
        span.told = span.told();
        span
    }

    fn told(&self) -> Told {
        let mut told = Told::default();
        for at in self.sentence.start..self.inside.start {
            let word = self.word(at);
            if voice::tells(word, self.tongue) {
                told.before = Some(at);
            }
            told.ascribed_before |= ATTRIBUTING_VERBS.contains(word);
            told.ascribed |= ATTRIBUTING_NOUNS.contains(word);
            told.distanced |= DISTANCING.contains(word);
        }
        for at in self.inside.end..self.sentence.end {
            let word = self.word(at);
            let tells = voice::tells(word, self.tongue);
            told.after |= tells;
            told.close_after |= tells && at < self.inside.end + 6;
            told.ascribed |= ATTRIBUTING_VERBS.contains(word) || ATTRIBUTING_NOUNS.contains(word);
        }
        told.ascribed |= told.ascribed_before;
        told
    }

    fn word(&self, at: usize) -> &str {
        self.tokens.tokens.get(at).map_or("", Token::plain)
    }

    pub fn words(&self) -> usize {
        self.inside.len()
    }

    fn inside_plain(&self) -> impl Iterator<Item = &str> {
        self.tokens.tokens[self.inside.clone()]
            .iter()
            .map(Token::plain)
    }

    /// The text between the marks.
    fn inner(&self) -> &str {
        self.tokens.text[self.quote.inner.clone()].trim()
    }

    /// The text behind the closing mark.
    fn after(&self) -> &str {
        self.tokens.text[self.quote.outer.end..].trim_start()
    }

    /// Whether an indefinite article stands so many places before; *a* is one in English alone.
    pub fn follows_indefinite(&self, places: usize) -> bool {
        match self.tongue {
            Tongue::French => matches!(self.before(places), "un" | "une"),
            Tongue::English => matches!(self.before(places), "a" | "an"),
        }
    }

    /// Whether an auxiliary stands right before; *a* is one in French alone.
    pub fn follows_auxiliary(&self) -> bool {
        let word = self.before(1);
        AUXILIARIES.contains(word) || self.tongue == Tongue::French && word == "a"
    }

    /// Whether a preposition but *de* stands right before; *on* is one in English alone.
    pub fn follows_preposition(&self) -> bool {
        let word = self.before(1);
        PREPOSITIONS.contains(word) || self.tongue == Tongue::English && word == "on"
    }

    /// The words before, the closest first, as far as the clause goes.
    pub fn nearby(&self, most: usize) -> impl Iterator<Item = &str> {
        let from = self.inside.start.saturating_sub(most);
        let clause = (from + 1..=self.inside.start)
            .rev()
            .find(|&at| self.tokens.gaps[at].hard);
        let near = &self.tokens.tokens[clause.unwrap_or(from)..self.inside.start];
        near.iter().rev().map(Token::plain)
    }

    /// The word so many places before, as far as the clause goes.
    pub fn before(&self, places: usize) -> &str {
        self.nearby(places).nth(places - 1).unwrap_or("")
    }

    /// The word right behind the closing mark, if no mark parts them.
    pub fn next(&self) -> Option<&str> {
        let gap = self.tokens.gaps[self.inside.end];
        let next = self.tokens.tokens.get(self.inside.end)?;
        (!gap.hard && !gap.soft).then(|| next.plain())
    }

    /// Whether its words are a name or a title: their content in capitals or with digits, or, of
    /// several words, the first in capitals where no sentence begins; or no words at all.
    pub fn is_name(&self) -> bool {
        let words = &self.tokens.tokens[self.inside.clone()];
        let letters = |t: &Token| t.plain().chars().filter(|c| c.is_alphabetic()).count() > 1;
        let mut content = words
            .iter()
            .filter(|t| !is_function_word(t.plain()) && letters(t));
        let start = self.inside.start;
        let opens_sentence = start == 0 || self.tokens.gaps[start].sentence_end;
        let capital = words.first().is_some_and(|t| t.capitalised) && !opens_sentence;
        let digit = |t: &Token| t.plain().contains(|c: char| c.is_ascii_digit());
        capital || words.iter().any(digit) || content.all(|t| t.capitalised)
    }

    pub fn opens_capital(&self) -> bool {
        self.inner().starts_with(char::is_uppercase)
    }

    pub fn is_titled(&self) -> bool {
        self.nearby(3).any(|word| NAMED.contains(word))
    }

    pub fn is_presented(&self) -> bool {
        self.nearby(4).any(|word| PRESENTED.contains(word))
    }

    /// Whether a word for words stands right before it: *le mot*, *l'expression de*.
    pub fn is_mentioned(&self) -> bool {
        let place = if OF.contains(self.before(1)) { 2 } else { 1 };
        MENTIONS.contains(self.before(place))
    }

    pub fn follows_distancing(&self) -> bool {
        self.nearby(4).any(|word| DISTANCING.contains(word))
    }

    pub fn is_in_distanced_sentence(&self) -> bool {
        self.told.distanced
    }

    pub fn follows_claim(&self) -> bool {
        self.nearby(4).any(|word| CLAIM.contains(word))
            || self.nearby(4).any(|word| REFLEXIVE_CLAIM.contains(word))
                && self.nearby(4).any(|word| matches!(word, "se" | "s'"))
    }

    pub fn claims_worth(&self) -> bool {
        // *Le Monde*, *Libération*
        if self.is_name() {
            return false;
        }
        let stem = |word: &str, letters: usize| {
            let end = word.char_indices().nth(letters).map(|(at, _)| at);
            WORTH_STEMS.contains(&word[..end.unwrap_or(word.len())])
        };
        self.inside_plain()
            .any(|word| WORTH.contains(word) || (6..=8).any(|letters| stem(word, letters)))
    }

    pub fn holds_figure(&self) -> bool {
        self.inside_plain().any(|word| FIGURES.contains(word))
    }

    /// Whether a bracket follows.
    pub fn precedes_bracket(&self) -> bool {
        self.after().starts_with(['(', '['])
    }

    /// Whether what follows explains it in so many words: *c'est-à-dire*, *i.e.*
    pub fn is_explained(&self) -> bool {
        let after = self.after().trim_start_matches([',', ' ', '(', '[']);
        let openings = ["c’est-à-dire", "c'est-à-dire", "à savoir", "i.e", "that is"];
        openings.iter().any(|opening| after.starts_with(opening))
    }

    pub fn is_adjective(&self) -> bool {
        let endings = [
            "ble", "eux", "euse", "ique", "el", "elle", "if", "ive", "al", "aux", "ale", "é", "ée",
            "ant", "ante", "ent",
        ];
        let mut words = self.inside_plain();
        let first = words.next().unwrap_or("");
        let stem = first.strip_suffix('s').unwrap_or(first);
        let shaped = endings
            .iter()
            .any(|e| stem.ends_with(e) || first.ends_with(e));
        words.next().is_none() && shaped
    }

    /// Whether it is speech: it ends as a sentence does, holds what only sentences hold, stands
    /// behind a colon or alone.
    pub fn is_speech(&self) -> bool {
        let before = self.tokens.text[..self.quote.outer.start].trim_end();
        let alone = before.is_empty() && self.after().trim_matches(['.', ' ']).is_empty();
        self.inner().ends_with(['.', '?', '!', '…', ','])
            || before.ends_with(':')
            || alone
            || self.inside_plain().any(|word| SENTENCE.contains(word))
    }

    pub fn has_speech_before(&self) -> bool {
        self.told.before.is_some()
    }

    pub fn has_speech_close(&self) -> bool {
        self.nearby(4).any(|word| voice::tells(word, self.tongue))
    }

    pub fn has_speech_after(&self) -> bool {
        self.told.close_after
    }

    /// Whether no verb of speech stands in its sentence.
    pub fn lacks_speech(&self) -> bool {
        self.told.before.is_none() && !self.told.after
    }

    /// Whether *que* stands between it and the verb of speech before it.
    pub fn is_reported(&self) -> bool {
        let before = self.told.before.unwrap_or(self.inside.start);
        (before..self.inside.start).any(|at| matches!(self.word(at), "que" | "qu'" | "that"))
    }

    /// Whether no mark stands between it and the verb of speech before it.
    pub fn is_in_clause_of_speech(&self) -> bool {
        let parted = |at: usize| self.tokens.gaps[at].hard || self.tokens.gaps[at].soft;
        let before = self.told.before;
        before.is_some_and(|at| !(at + 1..=self.inside.start).any(parted))
    }

    pub fn is_ascribed_before(&self) -> bool {
        self.told.ascribed_before
    }

    /// Whether nothing in its sentence tells of words that someone said, wrote or thought, and
    /// nothing announces a name.
    pub fn stands_alone(&self) -> bool {
        let told = self.told.ascribed || !self.lacks_speech();
        !told && !self.is_titled() && !self.is_presented()
    }

    /// Whether the sentence before tells of speech.
    pub fn follows_speech(&self) -> bool {
        let Some(last) = self.sentence.start.checked_sub(1) else {
            return false;
        };
        let earliest = self.sentence.start.saturating_sub(BEFORE);
        let start = (earliest + 1..=last)
            .rev()
            .find(|&at| self.tokens.gaps[at].sentence_end);
        (start.unwrap_or(earliest)..self.sentence.start)
            .any(|at| voice::tells(self.word(at), self.tongue))
    }

    /// Whether a name stands before it in its sentence.
    pub fn follows_any_name(&self) -> bool {
        let words = self.sentence.start + 1..self.inside.start;
        let words = self.tokens.tokens.get(words).unwrap_or_default();
        words.iter().any(|t| t.capitalised)
    }

    pub fn has_source(&self) -> bool {
        let source = |word: &str| matches!(word, "selon" | "après" | "according");
        (self.sentence.start..self.inside.start).any(|at| source(self.word(at)))
    }

    pub fn follows_content(&self, capitalised: bool) -> bool {
        let before = self.inside.start.checked_sub(1);
        let before = before.map(|at| &self.tokens.tokens[at]);
        let text = self.tokens.text[..self.quote.outer.start].trim_end();
        !text.ends_with(STOPS)
            && before.is_some_and(|t| t.capitalised == capitalised && !is_small(t.plain()))
    }

    pub fn opens_small(&self) -> bool {
        let first = self.tokens.tokens.get(self.inside.start);
        first.is_some_and(|t| is_small(t.plain()))
    }

    pub fn opens_infinitive(&self) -> bool {
        let mut words = self.inside_plain();
        let first = words.find(|word| !is_small(word));
        first.is_some_and(|word| word.ends_with("er") || word.ends_with("ir"))
    }

    pub fn precedes_content(&self) -> bool {
        self.next().is_some_and(|word| !is_small(word))
    }

    pub fn ends_sentence(&self) -> bool {
        self.tokens.gaps[self.inside.end].sentence_end
            || self.inside.end == self.tokens.tokens.len()
    }

    /// The words of the other quoted spans near by, each with where it begins.
    fn others(&self) -> impl Iterator<Item = Range<usize>> {
        let outer = &self.quote.outer;
        let around = self
            .tokens
            .quotes_from(outer.start.saturating_sub(AROUND)..outer.end + AROUND);
        around
            .iter()
            .filter(|quote| quote.outer != *outer)
            .map(|quote| self.tokens.inside(&quote.inner))
    }

    /// Whether a quotation of so many words and more stands in the paragraph.
    pub fn is_near_quotation(&self, least: usize) -> bool {
        self.others().any(|inside| inside.len() >= least)
    }

    /// Whether another quoted span of so many words and more begins in its sentence.
    pub fn shares_sentence(&self, least: usize) -> bool {
        self.others()
            .any(|inside| inside.len() >= least && self.sentence.contains(&inside.start))
    }
}

pub(super) fn is_small(word: &str) -> bool {
    is_function_word(word) || matches!(word, "the" | "a" | "an" | "of" | "to" | "and" | "in")
}
