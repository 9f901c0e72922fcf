//! Scare quotes: short quoted spans that hold a word at a distance rather than quote speech.
//!
//! A word such as *prétendu* right before the span settles it. Else the span's traits are weighed
//! (see [`traits`]): how long it is, what stands before it, whether words of speech announce it (see
//! [`super::voice`]), whether it is a name or built as a sentence.

mod span;
mod traits;
mod words;

use std::cell::OnceCell;
use std::ops::Range;

use super::finder::Find;
use super::lexicon::{Lexicon, Rule, Tongue};
use super::tokens::Tokens;
use super::voice::Voices;
use super::word_list::WordList;
use crate::bitext::Severity;
use span::Span;

/// The longest quoted span that counts, in words.
const MAX_WORDS: usize = 7;

/// Words that hold the quoted word at a distance themselves.
static DISTANCING: WordList = WordList::new(
    "prétendu prétendue prétendus prétendues soi-disant supposé supposée \
     supposés supposées pseudo prétendument alleged so-called supposed supposedly purported",
);

pub(super) fn find<'l>(tokens: &Tokens, lexicon: &'l Lexicon, tongue: Tongue) -> Vec<Find<'l>> {
    let Some(entry) = lexicon.rule(Rule::ScareQuotes, tongue) else {
        return Vec::new();
    };
    let voices = OnceCell::new();
    let cited = |inner: &Range<usize>| {
        let voices = voices.get_or_init(|| Voices::new(tokens, tongue, None));
        voices.cites(inner)
    };
    let found = spans(tokens, cited, tongue).filter_map(|span| {
        Some(Find {
            entry,
            severity: weigh(&span)?,
            excerpt: tokens.excerpt(&span.quote.outer),
            words: span.inside.map(|at| tokens.tokens[at].word).collect(),
            covered: Vec::new(),
            negated: false,
        })
    });
    found.collect()
}

/// The quoted spans that are short enough; `cited` tells of one whether words of speech announce it.
fn spans<'t>(
    tokens: &'t Tokens,
    cited: impl Fn(&Range<usize>) -> bool,
    tongue: Tongue,
) -> impl Iterator<Item = Span<'t>> {
    let mut last = 0..0;
    // Where the quotations end that have begun so far: they are in the order of their starts.
    let mut reach = 0;
    tokens.quotes.iter().filter_map(move |quote| {
        // Within a longer quotation it is the speaker's, not the writer's.
        let nested = quote.outer.end <= reach;
        reach = reach.max(quote.inner.end);
        let inside = tokens.inside(&quote.inner);
        // Of marks within marks around the same words the outermost count.
        let repeated = inside == std::mem::replace(&mut last, inside.clone());
        (!repeated && (1..=MAX_WORDS).contains(&inside.len()))
            .then(|| Span::new(tokens, quote, inside, nested, cited(&quote.inner), tongue))
    })
}

/// How much a quoted span weighs as scare quotes; `None` where it is something else.
fn weigh(span: &Span) -> Option<Severity> {
    let before = span.tokens.text[..span.quote.outer.start].trim_end();
    let distanced = span.nearby(1).any(|word| DISTANCING.contains(word));
    if distanced && !before.ends_with([':', ',']) && !span.is_name() {
        return Some(Severity::High);
    }
    if traits::weight(span) <= 0.0 {
        return None;
    }
    Some(match span.nested || span.is_presented() {
        true => Severity::Low,
        false => Severity::Medium,
    })
}
