//! Scare quotes: short quoted spans that hold a word at a distance rather than quote speech.
//!
//! A span that words of speech announce is a citation (see [`super::voice`]); one that a noun such
//! as *film* or *coalition* announces, or in capitals, is a name; one that is built as a sentence
//! is speech. What is left is the writer's own word, held at a distance.

use std::ops::Range;

use super::finder::{Find, is_function_word};
use super::lexicon::{Lexicon, Rule, Tongue};
use super::quotes::Quote;
use super::tokens::{Token, Tokens};
use super::voice::Voices;
use super::word_list::WordList;
use crate::bitext::Severity;

/// The longest quoted span that counts, in words.
const MAX_WORDS: usize = 6;

/// Words that announce the name or title of something: right before the quoted span, or with an
/// adjective between.
static NAMED: WordList = WordList::new(
    "film livre roman journal quotidien hebdomadaire magazine revue chaîne émission série \
     chanson album titre titré titrée intitulé intitulée intitulés intitulées opéra pièce \
     documentaire opération projet programme nommé nommée nommés baptisé baptisée surnommé \
     surnommée appelé appelée appelés appelées dénommé dénommée navire sous-marin missile \
     missiles drone drones char chars club association société entreprise agence groupe \
     bataillon régiment rubrique article ouvrage essai tableau slogan slogans hashtag cri cris \
     prix coalition parti partis site base données page résolution mouvement plan gazoduc loi \
     formule mention inscription devise marque système systèmes lance-roquettes bombardier \
     compte catégorie étiquette label conférence forum refrain chapitre variant désignation poste fonction principe stratégie bataille \
     rebaptisé rebaptisée maladie variante brigade \
     division légion cabinet politique \
     movie book novel newspaper show series song titled entitled called named dubbed project \
     program operation battalion regiment company party website column movement resolution bill \
     law",
);

/// Words that present the quoted word as a word, or as someone's.
static PRESENTED: WordList = WordList::new(
    "mot mots terme termes expression qualifie qualifié qualifiée qualifiés qualifiant qualifier \
     qualifient traité traités traiter surnommer appellent appelle appelait word words term terms \
     phrase",
);

/// Words that hold the quoted word at a distance themselves.
static DISTANCING: WordList = WordList::new(
    "prétendu prétendue prétendus prétendues soi-disant dit dite dits dites supposé supposée \
     supposés supposées pseudo prétendument alleged so-called supposed supposedly purported",
);

/// Words that only a sentence holds.
static SENTENCE: WordList = WordList::new(
    "est sont était n' ne c' j' je nous vous il ils doit peut is are was we i you not",
);

pub(super) fn find<'l>(tokens: &Tokens, lexicon: &'l Lexicon, tongue: Tongue) -> Vec<Find<'l>> {
    let Some(entry) = lexicon.rule(Rule::ScareQuotes, tongue) else {
        return Vec::new();
    };
    if tokens.quotes.is_empty() {
        return Vec::new();
    }
    let voices = Voices::new(tokens, tongue, None);
    let mut finds = Vec::new();
    let mut last = 0..0;
    // Where the quotations end that have begun so far: they are in the order of their starts.
    let mut reach = 0;
    for quote in &tokens.quotes {
        // Within a longer quotation it is the speaker's, not the writer's.
        let is_nested = quote.outer.end <= reach;
        reach = reach.max(quote.inner.end);
        let inside = tokens.inside(&quote.inner);
        // Of marks within marks around the same words the outermost count.
        if inside == std::mem::replace(&mut last, inside.clone()) {
            continue;
        }
        let Some(severity) = weigh(tokens, quote, is_nested, &voices) else {
            continue;
        };
        finds.push(Find {
            entry,
            severity,
            excerpt: tokens.excerpt(&quote.outer),
            words: inside.map(|token| tokens.tokens[token].word).collect(),
            covered: Vec::new(),
            negated: false,
        });
    }
    finds
}

/// How much a quoted span weighs as scare quotes; `None` where it is something else.
fn weigh(tokens: &Tokens, quote: &Quote, is_nested: bool, voices: &Voices) -> Option<Severity> {
    let inside = tokens.inside(&quote.inner);
    if !(1..=MAX_WORDS).contains(&inside.len()) {
        return None;
    }
    let before = tokens.text[..quote.outer.start].trim_end();
    let last = inside
        .start
        .checked_sub(1)
        .map(|at| tokens.tokens[at].plain());
    let distanced = last.is_some_and(|word| DISTANCING.contains(word));
    if distanced && !before.ends_with([':', ',']) && !is_name(tokens, &inside) {
        return Some(Severity::High);
    }
    let cited = voices.cites(&quote.inner);
    if cited || is_name(tokens, &inside) || is_titled(tokens, &inside) || is_speech(tokens, quote) {
        return None;
    }
    let presented = nearby(tokens, inside.start).any(|word| PRESENTED.contains(word));
    Some(match is_nested || presented {
        true => Severity::Low,
        false => Severity::Medium,
    })
}

/// The few words before token `at`, the closest first, as far as its clause goes.
fn nearby<'t>(tokens: &'t Tokens, at: usize) -> impl Iterator<Item = &'t str> {
    let from = at.saturating_sub(4);
    let start = (from + 1..=at).rev().find(|&i| tokens.gaps[i].hard);
    let near = &tokens.tokens[start.unwrap_or(from)..at];
    near.iter().rev().map(|t| t.plain())
}

/// Whether the words are a name or a title: their content in capitals or with digits, or, of
/// several words, the first in capitals where no sentence begins; or no words at all.
fn is_name(tokens: &Tokens, inside: &Range<usize>) -> bool {
    let words = &tokens.tokens[inside.clone()];
    let letters = |t: &Token| t.plain().chars().filter(|c| c.is_alphabetic()).count() > 1;
    let mut content = words
        .iter()
        .filter(|t| !is_function_word(t.plain()) && letters(t));
    let opens_sentence = tokens.gaps[inside.start].sentence_end || inside.start == 0;
    let capital = words.first().is_some_and(|t| t.capitalised) && !opens_sentence;
    let digit = |t: &Token| t.plain().contains(|c: char| c.is_ascii_digit());
    capital || words.iter().any(digit) || content.all(|t| t.capitalised)
}

/// Whether what stands right before announces a name.
fn is_titled(tokens: &Tokens, inside: &Range<usize>) -> bool {
    nearby(tokens, inside.start)
        .take(2)
        .any(|word| NAMED.contains(word))
}

/// Whether the span is speech: it ends as a sentence does, holds what only sentences hold, stands
/// behind a colon or alone.
fn is_speech(tokens: &Tokens, quote: &Quote) -> bool {
    let inner = tokens.text[quote.inner.clone()].trim();
    let before = tokens.text[..quote.outer.start].trim_end();
    let after = tokens.text[quote.outer.end..].trim_start();
    let words = &tokens.tokens[tokens.inside(&quote.inner)];
    let alone = before.is_empty() && after.trim_matches(['.', ' ']).is_empty();
    inner.ends_with(['.', '?', '!', '…', ','])
        || before.ends_with(':')
        || alone
        || words.iter().any(|t| SENTENCE.contains(t.plain()))
}
