//! Who speaks: the subject of a verb of speech, or what a preposition names.

use std::ops::Range;

use super::cues;
use crate::terms::english;
use crate::terms::finder::is_function_word;
use crate::terms::tokens::Tokens;
use crate::terms::word_list::WordList;

/// The longest name that is given, in characters.
const LONGEST: usize = 80;

/// How far from its verb, in tokens, a subject is looked for.
const FAR: usize = 16;

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Speaker {
    /// Someone whom these tokens name.
    Named(Range<usize>),
    /// Someone whom an earlier name tells: a pronoun stands here.
    Earlier,
}

impl Speaker {
    /// The name as the text writes it.
    pub fn text(tokens: &Tokens, named: &Range<usize>) -> Option<String> {
        let first = tokens.tokens.get(named.start)?;
        let last = tokens.tokens.get(named.end.checked_sub(1)?)?;
        let text = &tokens.text[first.bytes.start..last.bytes.end];
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let fits = !text.is_empty() && text.chars().count() <= LONGEST;
        fits.then_some(text)
    }
}

/// The subject that stands before the verb at `verb`: *le porte-parole, X, a déclaré*.
pub(super) fn before(tokens: &Tokens, verb: usize) -> Option<Speaker> {
    let plain = |at: usize| tokens.tokens[at].plain();
    let sentence = tokens.sentence(verb);
    let mut end = verb;
    while end > sentence.start && cues::stands_between(plain(end - 1)) {
        end -= 1;
    }
    if end > sentence.start && matches!(plain(end - 1), "qui" | "who") {
        end -= 1;
    }
    // What stands in a quotation before the verb is not its subject.
    let last = end.checked_sub(1).filter(|&last| last >= sentence.start)?;
    if tokens.gaps[end].closes {
        return None;
    }
    if cues::is_pronoun(plain(last)) {
        return Some(Speaker::Earlier);
    }
    if cues::names_nobody(plain(last)) {
        return None;
    }
    let clause = |from: usize, to: usize| {
        let stop = |&at: &usize| {
            let gap = tokens.gaps[at];
            gap.hard || gap.soft || gap.closes
        };
        (from + 1..to).rev().find(stop).unwrap_or(from)..to
    };
    let floor = sentence.start.max(end.saturating_sub(FAR));
    let near = clause(floor, end);
    if tokens.gaps[end].soft && near.start > floor {
        // An apposition: *Dmitri Peskov, porte-parole du Kremlin, a déclaré*, or the other way.
        let head = clause(floor, near.start);
        let names = [&head, &near].map(|part| names(tokens, part).pop());
        let full = names.iter().flatten().find(|name| name.len() > 1);
        if let Some(name) = full.or(names.iter().flatten().next()) {
            return Some(Speaker::Named(name.clone()));
        }
        return phrase(tokens, &head).map(Speaker::Named);
    }
    phrase(tokens, &near).map(Speaker::Named)
}

/// The subject that stands behind the verb, or what a preposition names, from token `at` on:
/// *a déclaré X*, *selon X*.
pub(super) fn after(tokens: &Tokens, at: usize) -> Option<Speaker> {
    let end = tokens.tokens.len();
    let first = tokens.tokens.get(at)?.plain();
    if cues::is_pronoun(first) {
        return Some(Speaker::Earlier);
    }
    if cues::names_nobody(first) || tokens.gaps[at].hard || is_outside(first) {
        return None;
    }
    if !tokens.tokens[at].capitalised && !is_determiner(first) {
        return None;
    }
    let mut stop = at + 1;
    while stop < end && stop < at + FAR && !ends_phrase(tokens, stop) {
        stop += 1;
    }
    let whole = at..stop;
    let named = names(tokens, &whole)
        .into_iter()
        .find(|name| name.len() > 1);
    if let Some(name) = named {
        return Some(Speaker::Named(name));
    }
    // *a déclaré le porte-parole du Kremlin, Dmitri Peskov*
    if stop < end && tokens.gaps[stop].soft && !tokens.gaps[stop].hard {
        let limit = end.min(stop + 5);
        let next = names(tokens, &(stop..limit)).into_iter().next();
        if let Some(name) = next.filter(|name| name.start == stop && name.len() > 1) {
            return Some(Speaker::Named(name));
        }
    }
    let worded = tokens.tokens[whole.clone()]
        .iter()
        .any(|t| !is_function_word(t.plain()));
    worded.then_some(Speaker::Named(whole))
}

/// Words that stand outside the noun phrase before them.
static OUTSIDE: WordList = WordList::new(
    "dans sur lors à au aux en devant après pour qui que qu' pendant avant ce cette dont où \
     afin sans par avec hier in on at during after before who which when while as that with a \
     ont est sont has have is are était avait",
);

static DAYS: WordList = WordList::new(
    "lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday \
     friday saturday sunday",
);

/// Whether no noun phrase begins with `word`.
fn is_outside(word: &str) -> bool {
    OUTSIDE.contains(word) && !matches!(word, "a" | "ce" | "cette")
}

/// Whether a noun phrase may begin with `word`.
fn is_determiner(word: &str) -> bool {
    static DETERMINERS: WordList = WordList::new(
        "le la l' les un une ce cette ces son sa ses des leur leurs plusieurs du certains \
         the a an his her their its several some one",
    );
    DETERMINERS.contains(word)
}

/// Whether a noun phrase ends before token `at`.
fn ends_phrase(tokens: &Tokens, at: usize) -> bool {
    let gap = tokens.gaps[at];
    let token = &tokens.tokens[at];
    gap.hard
        || gap.soft
        || gap.opens
        || gap.closes
        || OUTSIDE.contains(token.plain())
        || DAYS.contains(token.plain())
        || token.plain().starts_with(|c: char| c.is_ascii_digit())
}

/// The noun phrase at the end of `part`: a name where it ends with one of several words, else from
/// its determiner on.
fn phrase(tokens: &Tokens, part: &Range<usize>) -> Option<Range<usize>> {
    let plain = |at: usize| tokens.tokens[at].plain();
    let named = names(tokens, part).pop();
    if let Some(name) = named.as_ref().filter(|name| name.len() > 1) {
        return Some(name.clone());
    }
    let determiner = |at: usize| is_determiner(plain(at));
    let inner = |at: usize| {
        let before = at.checked_sub(1).filter(|&b| b >= part.start);
        before.is_some_and(|b| matches!(plain(b), "de" | "d'" | "à" | "et" | "of" | "and" | "en"))
    };
    let start = part.clone().rev().find(|&at| determiner(at) && !inner(at));
    match (start, named) {
        (Some(start), Some(name)) if start < name.start && part.end - start <= 9 => {
            Some(start..part.end)
        }
        (_, Some(name)) => Some(name),
        (Some(start), None) if part.end - start <= 7 && part.end - start > 1 => {
            Some(start..part.end)
        }
        _ => None,
    }
}

/// The runs of capitalised words in `part` that may be names.
fn names(tokens: &Tokens, part: &Range<usize>) -> Vec<Range<usize>> {
    let capital = |at: usize| {
        let token = &tokens.tokens[at];
        let plain = token.plain();
        let small = is_function_word(plain) || english::is_function_word(plain);
        token.capitalised && !small
    };
    let joined = |at: usize| {
        let gap = tokens.gaps[at];
        !gap.hard && !gap.soft && !gap.opens && !gap.closes
    };
    let particle = |at: usize| {
        matches!(
            tokens.tokens[at].plain(),
            "de" | "du"
                | "von"
                | "van"
                | "der"
                | "den"
                | "ben"
                | "bin"
                | "el"
                | "al"
                | "ibn"
                | "d'"
        )
    };
    let mut found = Vec::new();
    let mut at = part.start;
    while at < part.end {
        if !capital(at) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        loop {
            if end < part.end && joined(end) && capital(end) {
                end += 1;
                continue;
            }
            let mut next = end;
            while next < part.end && next < end + 2 && joined(next) && particle(next) {
                next += 1;
            }
            if next > end && next < part.end && joined(next) && capital(next) {
                end = next + 1;
                continue;
            }
            break;
        }
        // *la République Emmanuel Macron*: the first word belongs to what stands before.
        let after_article = at > part.start
            && matches!(
                tokens.tokens[at - 1].plain(),
                "la" | "le" | "l'" | "les" | "des" | "du"
            );
        found.push(if after_article && end - at > 2 {
            at + 1..end
        } else {
            at..end
        });
        at = end;
    }
    found
}
