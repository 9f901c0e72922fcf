//! Finds the entries of a lexicon in a French text.

use std::ops::Range;

use super::lexicon::{Candidate, Context, Covers, Entry, Lexicon, Tongue, Unless};
use super::negation;
use super::scare_quotes;
use super::tokens::Tokens;
use super::word_list::WordList;
use crate::bitext::{Excerpt, Severity};
use crate::text::Span;

impl Tokens<'_> {
    /// An excerpt of a byte range that begins and ends between characters.
    pub(super) fn excerpt(&self, bytes: &Range<usize>) -> Excerpt {
        let Span { start, end } = self.span(bytes);
        Excerpt {
            start,
            end,
            text: self.text[bytes.clone()].to_owned(),
        }
    }
}

/// A loaded term in a text.
#[derive(Debug, Clone)]
pub struct Find<'l> {
    /// What was found.
    pub entry: &'l Entry,
    /// How much it weighs here.
    pub severity: Severity,
    /// Where, with what it covers.
    pub excerpt: Excerpt,
    /// The words that bear it, as [`crate::text::words`] counts them.
    pub words: Vec<usize>,
    /// The words that it covers beside them.
    pub covered: Vec<usize>,
    /// Whether its clause denies it.
    pub negated: bool,
}

/// The finds of `lexicon` in `text`, which is of `tongue`, by their place.
///
/// Of two finds that share a word the longer one stands; scare quotes stand beside them.
pub fn find<'l>(text: &str, lexicon: &'l Lexicon, tongue: Tongue) -> Vec<Find<'l>> {
    find_in(&Tokens::new(text), lexicon, tongue)
}

pub(super) fn find_in<'l>(tokens: &Tokens, lexicon: &'l Lexicon, tongue: Tongue) -> Vec<Find<'l>> {
    let (mut matches, mut candidates, mut own) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..tokens.tokens.len() {
        lexicon.candidates(tokens, at, tongue, &mut candidates);
        for Candidate { place, starts } in candidates.drain(..) {
            let items = lexicon.items(place, tongue);
            for start in starts {
                if items.match_from(tokens, start, &mut own) {
                    let entry = lexicon.entry_at(place, tongue);
                    if !excluded(tokens, &entry.unless, &own) {
                        matches.push((place, Match::new(tokens, entry, own.clone())));
                    }
                }
            }
        }
    }
    // What is the same twice, by two words that tell it, falls out with what overlaps.
    matches.sort_by_key(|(place, m)| {
        let length = m.own.len() + m.covered.len();
        (
            std::cmp::Reverse((length, m.entry.severity)),
            m.own[0],
            *place,
        )
    });
    let mut taken = vec![
        false;
        if matches.is_empty() {
            0
        } else {
            tokens.tokens.len()
        }
    ];
    let mut finds = Vec::new();
    for (_, found) in matches {
        let all = || found.own.iter().copied().chain(found.covered.clone());
        if all().any(|token| taken[token]) {
            continue;
        }
        all().for_each(|token| taken[token] = true);
        finds.push(found.find(tokens, tongue));
    }
    finds.extend(scare_quotes::find(tokens, lexicon, tongue));
    finds.sort_by(|a, b| {
        let key = |f: &Find| (f.excerpt.start, std::cmp::Reverse(f.excerpt.end));
        key(a)
            .cmp(&key(b))
            .then_with(|| a.entry.id.cmp(&b.entry.id))
    });
    finds
}

struct Match<'l> {
    entry: &'l Entry,
    own: Vec<usize>,
    covered: Range<usize>,
    bytes: Range<usize>,
}

impl<'l> Match<'l> {
    fn new(tokens: &Tokens, entry: &'l Entry, own: Vec<usize>) -> Self {
        let first = own.first().copied().unwrap_or_default();
        let last = own.last().copied().unwrap_or_default();
        let bytes = tokens.tokens[first].bytes.start..tokens.tokens[last].bytes.end;
        let mut found = Self {
            entry,
            own,
            covered: 0..0,
            bytes,
        };
        if entry.covers == Covers::Noun {
            found.cover(tokens, first, last);
        }
        found.balance(tokens);
        found
    }

    /// Takes in what the term bears on: the quoted span that follows, the noun and its adjectives,
    /// or the noun before a term that stands after it (*l'auteur présumé*).
    fn cover(&mut self, tokens: &Tokens, first: usize, last: usize) {
        let next = last + 1;
        let gap = tokens.gaps.get(next).copied().unwrap_or_default();
        let follows = next < tokens.tokens.len() && !gap.hard && !gap.soft;
        if follows && gap.opens {
            let from = tokens.tokens[last].bytes.end;
            let to = tokens.tokens[next].bytes.start;
            let quote = tokens.quotes_from(from..to).first();
            if let Some(quote) = quote {
                let inside = tokens.inside(&quote.inner);
                if (1..=8).contains(&inside.len()) {
                    self.bytes.end = quote.outer.end;
                    self.covered = inside;
                    return;
                }
            }
        }
        if follows && !is_function_word(tokens.tokens[next].plain()) {
            let mut end = next + 1;
            while end < tokens.tokens.len()
                && end < next + 3
                && !tokens.gaps[end].hard
                && !tokens.gaps[end].soft
                && looks_adjective(tokens.tokens[end].plain())
            {
                end += 1;
            }
            self.bytes.end = tokens.tokens[end - 1].bytes.end;
            self.covered = next..end;
        } else if let Some(before) = first.checked_sub(1)
            && !tokens.gaps[first].hard
            && !tokens.gaps[first].soft
            && !is_function_word(tokens.tokens[before].plain())
        {
            self.bytes.start = tokens.tokens[before].bytes.start;
            self.covered = before..first;
        }
    }

    /// Takes in the closing mark of a quoted span that the find opens, and the other way round.
    fn balance(&mut self, tokens: &Tokens) {
        for quote in tokens.quotes_from(self.bytes.clone()) {
            let (start, end) = (&mut self.bytes.start, &mut self.bytes.end);
            let holds_open = *start < quote.outer.start && quote.inner.start < *end;
            if holds_open
                && tokens.text[*end..]
                    .trim_start()
                    .starts_with(closing(tokens, quote))
            {
                let rest = &tokens.text[*end..];
                let blank = rest.len() - rest.trim_start().len();
                if *end + blank == quote.inner.end {
                    *end = quote.outer.end;
                }
            }
        }
    }

    fn find(self, tokens: &Tokens, tongue: Tongue) -> Find<'l> {
        let word = |token: usize| tokens.tokens[token].word;
        Find {
            negated: negation::denied(tokens, &self.own, tongue),
            entry: self.entry,
            severity: self.entry.severity,
            excerpt: tokens.excerpt(&self.bytes),
            words: self.own.into_iter().map(word).collect(),
            covered: self.covered.map(word).collect(),
        }
    }
}

fn closing<'t>(tokens: &Tokens<'t>, quote: &super::quotes::Quote) -> &'t str {
    &tokens.text[quote.inner.end..quote.outer.end]
}

fn excluded<'l>(tokens: &Tokens, unless: &'l Unless, own: &[usize]) -> bool {
    let (Some(&first), Some(&last)) = (own.first(), own.last()) else {
        return false;
    };
    let read = |contexts: &'l [Context]| contexts.iter().filter_map(Context::pattern);
    read(&unless.before).any(|p| p.matches_before(tokens, first))
        || read(&unless.after).any(|p| {
            let gap = tokens.gaps.get(last + 1).copied().unwrap_or_default();
            !gap.hard && p.matches(tokens, last + 1).is_some()
        })
        || read(&unless.near).any(|p| {
            let sentence = tokens.sentence(first);
            sentence
                .into_iter()
                .any(|at| p.matches(tokens, at).is_some())
        })
}

/// French words that are no noun, adjective, adverb or full verb.
static FUNCTION_WORDS: WordList = WordList::new(
    "le la les l' un une des du de d' au aux à en dans sur sous par pour avec sans chez vers \
     entre contre et ou mais or ni car donc que qu' qui quoi dont où si s' ce c' cet cette \
     ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs je j' tu il elle on \
     nous vous ils elles me m' te t' se lui y ne n' pas plus jamais point est sont était \
     étaient été être a ai ont avait avaient avoir eu sera seront soit soient comme afin lors \
     dès depuis pendant après avant selon ainsi aussi très tout tous toute toutes quand \
     lorsque lorsqu' puisque même serait seraient aurait auraient fut furent",
);

/// Whether `word` is a French function word.
pub(super) fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.contains(word)
}

fn looks_adjective(word: &str) -> bool {
    let stem = word.strip_suffix('s').unwrap_or(word);
    let endings = [
        "ais", "aise", "ois", "oise", "ien", "ienne", "éen", "éenne", "ain", "aine", "ique", "el",
        "elle", "al", "ale", "aux", "if", "ive", "eux", "euse", "aire", "iste", "russe", "able",
        "ible", "libre",
    ];
    !is_function_word(word)
        && word.chars().count() > 3
        && endings
            .iter()
            .any(|e| stem.ends_with(e) || word.ends_with(e))
}
