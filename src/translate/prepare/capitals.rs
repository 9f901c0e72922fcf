//! Text in capitals: models know few words in capitals, and take them for names.

use super::rewriting::Rewriting;
use crate::text::words;

/// Capitals that a text must have to be written anew: fewer may well be an acronym.
const FEWEST: usize = 4;
/// Of ten letters, so many may be small.
const SMALL_OF_TEN: usize = 1;
/// How much likelier (in logarithms) a spelling with capitals must be than the one without.
const RELUCTANCE: f32 = 1.0;

/// A text in capitals as it would be written in a sentence, names and acronyms with theirs; none
/// where it is not in capitals. `likelihood` tells how usual a spelling of a word is.
pub fn recased(text: &str, likelihood: &dyn Fn(&str) -> f32) -> Option<Rewriting> {
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    let small = text.chars().filter(|c| c.is_lowercase()).count();
    if capitals < FEWEST || small * 10 > SMALL_OF_TEN * (capitals + small) {
        return None;
    }
    let mut recased = Rewriting::default();
    let mut kept = 0;
    for word in words(text) {
        recased.keep(text, kept..word.start);
        kept = word.end;
        let written = &text[word.clone()];
        // An initial, or *M.*
        let is_initial = written.chars().nth(1).is_none() && text[word.end..].starts_with('.');
        let starts = is_initial || opens_sentence(&text[..word.start]);
        put(&mut recased, text, word.start, written, |w| {
            usual(w, starts, likelihood)
        });
    }
    recased.keep(text, kept..text.len());
    Some(recased.end(text))
}

/// Puts the usual spelling of a word, character for character.
fn put(
    recased: &mut Rewriting,
    text: &str,
    start: usize,
    written: &str,
    usual: impl Fn(&str) -> String,
) {
    let spelt = usual(written);
    let mut places = written.char_indices().map(|(at, _)| start + at);
    if spelt.chars().count() == written.chars().count() {
        for (c, place) in spelt.chars().zip(places.by_ref()) {
            recased.put(c.encode_utf8(&mut [0; 4]), place);
        }
    } else {
        recased.keep(text, start..start + written.len());
    }
}

/// The likeliest spelling of a word in capitals; one that has small letters stays as it is.
fn usual(written: &str, starts: bool, likelihood: &dyn Fn(&str) -> f32) -> String {
    if written.chars().any(char::is_lowercase) {
        return written.to_owned();
    }
    let small = written.to_lowercase();
    let with_initial = capitalised(&small);
    let mut best = small;
    let mut greatest = likelihood(&best) + RELUCTANCE;
    // A letter alone is a word or an initial: which, the spelling does not tell.
    if written.chars().filter(|c| c.is_alphabetic()).count() > 1 {
        for spelling in [&*with_initial, written] {
            let likelihood = likelihood(spelling);
            if likelihood > greatest {
                (greatest, best) = (likelihood, spelling.to_owned());
            }
        }
    }
    if starts { capitalised(&best) } else { best }
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next();
    first
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(characters)
        .collect()
}

/// Whether a sentence starts after this.
fn opens_sentence(before: &str) -> bool {
    let last = before.trim_end().chars().next_back();
    last.is_none_or(|c| matches!(c, '.' | '!' | '?' | '…' | '«' | '“' | '"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a model that knows some names and an acronym would say.
    fn likelihood(word: &str) -> f32 {
        match word {
            "Macron" | "Paris" | "OTAN" => -5.0,
            word if word.chars().any(char::is_uppercase) => -12.0,
            _ => -10.0,
        }
    }

    fn text(text: &str) -> Option<String> {
        recased(text, &likelihood).map(|recased| recased.text)
    }

    #[test]
    fn capitals_become_a_sentence() {
        let shouted = "M. MACRON QUITTE L'OTAN À PARIS. C'EST ÉTÉ !";
        let written = "M. Macron quitte l'OTAN à Paris. C'est été !";
        assert_eq!(text(shouted).unwrap(), written);
    }

    #[test]
    fn acronyms_and_sentences_stay() {
        for kept in ["ONU", "L’UE et l’ONU", "Il dit NON", "Le FMI", "", "123"] {
            assert_eq!(text(kept), None, "{kept}");
        }
    }

    #[test]
    fn a_few_small_letters_do_not_matter() {
        assert_eq!(
            text("LES PRIX DE L’iPhone BAISSENT ENCORE EN FRANCE ET EN ALLEMAGNE").unwrap(),
            "Les prix de l’iPhone baissent encore en france et en allemagne"
        );
    }
}
