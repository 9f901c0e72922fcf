//! The other way round: loaded English in the translation that nothing in the French accounts for.

use super::finder::{self, Find};
use super::inflection;
use super::lexicon::{Entry, Lexicon, Rule, Tongue};
use super::linked::Sides;
use super::tokens::{Token, Tokens};
use super::{conjugation, verdict};
use crate::bitext::{Excerpt, Flag, Verdict};

/// The flags for what the target of a pair adds, whose French terms have the flags `french`.
///
/// A loaded word is accounted for where it renders a French find, or is linked to a French content
/// word that the entry does not list as plain. Without any links nothing can be said.
pub(super) fn added(
    source: &Tokens,
    sides: &Sides,
    lexicon: &Lexicon,
    french: &[Flag],
) -> Vec<Flag> {
    if !sides.any_link {
        return Vec::new();
    }
    let finds = finder::find_in(sides.target, lexicon, Tongue::English);
    let renders = |find: &Find| {
        let span = find.excerpt.span();
        let targets = french.iter().filter_map(|flag| flag.target.as_ref());
        targets
            .map(Excerpt::span)
            .any(|target| target.overlaps(&span))
    };
    let new = finds.into_iter().filter(|find| !renders(find));
    new.filter_map(|find| judge(source, sides, find)).collect()
}

fn judge(source: &Tokens, sides: &Sides, find: Find) -> Option<Flag> {
    if find.entry.rule == Some(Rule::ScareQuotes) && !source.quotes.is_empty() {
        return None;
    }
    let linked = sides.sources_of(&find.words);
    let words = source.tokens.iter().filter(|t| linked.contains(&t.word));
    let words: Vec<&Token> = words.collect();
    let plain = |token: &&Token| is_plain(find.entry, token.plain());
    let quotes = find.entry.rule == Some(Rule::ScareQuotes);
    let (why, excerpt) = match words.first() {
        // *Il aurait les qualifications*: no word is linked, but the verb's mood says *allegedly*.
        None if find.entry.category == "distancing" && reports(source) => return None,
        None => (
            format!("nothing in the source accounts for “{}”", find.excerpt.text),
            None,
        ),
        _ if quotes => (
            format!(
                "the source has no quotation marks where {} has",
                find.excerpt.text
            ),
            None,
        ),
        Some(first) if words.iter().all(plain) => {
            let last = words.last().unwrap_or(first);
            let excerpt = source.excerpt(&(first.bytes.start..last.bytes.end));
            let force = verdict::force(&find.entry.category);
            let why = format!(
                "“{}” became “{}”: {force} is added",
                excerpt.text, find.excerpt.text
            );
            (why, Some(excerpt))
        }
        Some(_) => return None,
    };
    Some(Flag {
        entry: find.entry.id.clone(),
        category: find.entry.category.clone(),
        severity: find.severity,
        verdict: Verdict::Added,
        reason: format!("{} Here: {why}.", find.entry.reason),
        source: excerpt.unwrap_or(Excerpt {
            start: 0,
            end: 0,
            text: String::new(),
        }),
        target: Some(find.excerpt),
        voice: None,
        negated: find.negated,
    })
}

/// Whether an auxiliary stands in the conditional, by which French reports what it does not vouch for.
fn reports(source: &Tokens) -> bool {
    const FORMS: [&str; 4] = ["aurait", "auraient", "serait", "seraient"];
    let mut tokens = source.tokens.iter();
    tokens.any(|token| FORMS.contains(&token.plain()))
}

/// Whether a French word is a form of one that the entry lists as plain.
fn is_plain(entry: &Entry, word: &str) -> bool {
    entry.plain.iter().any(|lemma| {
        let is = |forms: Vec<String>| forms.iter().any(|form| form == word);
        let conjugated = || conjugation::conjugate(lemma).unwrap_or_default();
        lemma == word
            || is(inflection::adjective(lemma))
            || conjugated().iter().any(|(_, form)| form == word)
    })
}
