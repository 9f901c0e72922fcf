//! Scare quotes: short quoted spans that hold a word at a distance rather than quote speech.

use super::finder::{Find, is_function_word};
use super::lexicon::{Lexicon, Rule};
use super::quotes::Quote;
use super::tokens::Tokens;
use crate::bitext::Severity;

/// The longest quoted span that counts, in words.
const MAX_WORDS: usize = 5;

/// Words that announce the name or title of something.
const NAMED: &[&str] = &[
    "film",
    "livre",
    "roman",
    "journal",
    "quotidien",
    "hebdomadaire",
    "magazine",
    "revue",
    "chaîne",
    "émission",
    "série",
    "chanson",
    "album",
    "titre",
    "intitulé",
    "intitulée",
    "intitulés",
    "opéra",
    "pièce",
    "documentaire",
    "opération",
    "projet",
    "programme",
    "nommé",
    "nommée",
    "baptisé",
    "baptisée",
    "surnommé",
    "surnommée",
    "appelé",
    "appelée",
    "appelés",
    "dénommé",
    "dénommée",
    "navire",
    "sous-marin",
    "missile",
    "missiles",
    "drone",
    "drones",
    "char",
    "chars",
    "club",
    "association",
    "société",
    "entreprise",
    "agence",
    "groupe",
    "bataillon",
    "régiment",
    "rubrique",
    "article",
    "ouvrage",
    "essai",
    "tableau",
    "slogan",
    "hashtag",
    "cri",
    "cris",
    "prix",
];

/// Words that present the quoted word as a word, or as someone's.
const PRESENTED: &[&str] = &[
    "mot",
    "mots",
    "terme",
    "termes",
    "expression",
    "formule",
    "qualifie",
    "qualifié",
    "qualifiée",
    "qualifiés",
    "qualifiant",
    "qualifier",
    "parle",
    "parlé",
    "parler",
    "évoque",
    "évoqué",
    "dénonce",
    "dénoncé",
    "dénoncer",
    "jugé",
    "juge",
    "estime",
    "décrit",
    "traité",
    "traite",
];

/// Words that hold the quoted word at a distance themselves.
const DISTANCING: &[&str] = &[
    "prétendu",
    "prétendue",
    "prétendus",
    "prétendues",
    "soi-disant",
    "dit",
    "dite",
    "dits",
    "dites",
    "supposé",
    "supposée",
    "pseudo",
    "prétendument",
];

/// Verbs and marks of speech: a quotation follows or is followed by them.
const SPEECH: &[&str] = &[
    "dit",
    "déclaré",
    "affirmé",
    "répondu",
    "ajouté",
    "lancé",
    "écrit",
    "crié",
    "expliqué",
    "conclu",
    "souligné",
    "insisté",
    "déclare",
    "affirme",
    "répond",
    "ajoute",
    "lance",
    "explique",
    "conclut",
    "souligne",
    "assure",
    "assuré",
    "précise",
    "précisé",
    "note",
    "noté",
    "confie",
    "confié",
    "dit-il",
    "dit-elle",
    "a-t-il",
    "a-t-elle",
    "ont-ils",
];

pub(super) fn find<'l>(tokens: &Tokens, lexicon: &'l Lexicon) -> Vec<Find<'l>> {
    let Some(entry) = lexicon.rule(Rule::ScareQuotes) else {
        return Vec::new();
    };
    let mut finds = Vec::new();
    let mut last = 0..0;
    for quote in &tokens.quotes {
        let inside = tokens.inside(&quote.inner);
        // Of marks within marks around the same words the outermost count.
        if inside == std::mem::replace(&mut last, inside.clone()) {
            continue;
        }
        let Some(severity) = weigh(tokens, quote) else {
            continue;
        };
        finds.push(Find {
            entry,
            severity,
            excerpt: tokens.excerpt(&quote.outer),
            words: inside.map(|token| tokens.tokens[token].word).collect(),
            covered: Vec::new(),
        });
    }
    finds
}

/// How much a quoted span weighs as scare quotes; `None` where it is something else.
fn weigh(tokens: &Tokens, quote: &Quote) -> Option<Severity> {
    let inside = tokens.inside(&quote.inner);
    if !(1..=MAX_WORDS).contains(&inside.len()) {
        return None;
    }
    let content: Vec<_> = tokens.tokens[inside.clone()]
        .iter()
        .filter(|t| !is_function_word(t.plain()))
        .collect();
    let letters =
        |t: &&&super::tokens::Token| t.plain().chars().filter(|c| c.is_alphabetic()).count() > 1;
    let worded = content.iter().filter(letters).count();
    let named = content.iter().filter(letters).all(|t| t.capitalised);
    if worded == 0 || named || is_speech(tokens, quote) {
        return None;
    }
    let before = || {
        let from = inside.start.saturating_sub(4);
        let start = (from + 1..=inside.start)
            .rev()
            .find(|&i| tokens.gaps[i].hard)
            .unwrap_or(from);
        tokens.tokens[start..inside.start].iter()
    };
    let says = |words: &[&str]| before().any(|t| words.contains(&t.plain()));
    if says(NAMED) {
        return None;
    }
    let last = before().next_back();
    Some(if last.is_some_and(|t| DISTANCING.contains(&t.plain())) {
        Severity::High
    } else if says(PRESENTED) || tokens.tokens[inside.start].capitalised {
        Severity::Low
    } else {
        Severity::Medium
    })
}

fn is_speech(tokens: &Tokens, quote: &Quote) -> bool {
    let inner = tokens.text[quote.inner.clone()].trim();
    let before = tokens.text[..quote.outer.start].trim_end();
    let after = tokens.text[quote.outer.end..].trim_start();
    let inside = tokens.inside(&quote.inner);
    let says =
        |token: Option<&super::tokens::Token>| token.is_some_and(|t| SPEECH.contains(&t.plain()));
    let ends = inner.ends_with(['.', '?', '!', '…', ',']);
    let follows = after.starts_with(',')
        && tokens.tokens[inside.end..]
            .iter()
            .take(3)
            .any(|t| says(Some(t)));
    let spoken_before = inside
        .start
        .checked_sub(1)
        .and_then(|i| tokens.tokens.get(i));
    let distanced = spoken_before.is_some_and(|t| DISTANCING.contains(&t.plain()))
        && !before.ends_with([':', ',']);
    ends || before.ends_with(':')
        || follows
        || says(tokens.tokens.get(inside.end))
        || says(spoken_before) && !distanced
        || before.is_empty() && after.trim_matches(['.', ' ']).is_empty()
}
