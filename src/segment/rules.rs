//! Rules for what follows a full stop, an ellipsis or an exclamation or question mark.

use super::Knowledge;
use super::abbreviations::Abbreviation;
use super::unit::{Close, Open, Unit};

/// Whether a sentence ends with `left`, whose punctuation may end one, before `right`. `first`
/// tells whether `left` is the sentence's first unit; `after` follows `right`.
pub(super) fn ends(
    knowledge: &Knowledge,
    left: &Unit<'_>,
    right: &Unit<'_>,
    after: Option<&Unit<'_>>,
    first: bool,
) -> bool {
    if left.is_omission() {
        return false;
    }
    let opening = right.opening();
    let opens = match opening {
        Open::Lower => false,
        // `« mais` and `(voir` go on; what has no case may well begin a sentence.
        Open::Other => !right.core.starts_with(char::is_lowercase),
        Open::Item => after.is_none_or(|unit| unit.opening() != Open::Lower),
        _ => true,
    };
    if !opens {
        return false;
    }
    match left.closing() {
        Close::Mark => !is_aside(left),
        Close::Ellipsis => !first || !left.core.is_empty(),
        Close::Stop if left.closes_after_mark() && !is_aside(left) => true,
        Close::Stop => stop_ends(knowledge, left, right, opening, first),
        _ => false,
    }
}

/// Whether the mark stands in brackets that hold no more than the word: `(sic !)`.
fn is_aside(left: &Unit<'_>) -> bool {
    left.open.contains(['(', '[']) && left.close.ends_with([')', ']'])
}

fn stop_ends(
    knowledge: &Knowledge,
    left: &Unit<'_>,
    right: &Unit<'_>,
    opening: Open,
    first: bool,
) -> bool {
    let core = left.core;
    let number = opening == Open::Digit;
    let starter = || knowledge.starts_sentences(right);
    // `12 (2007).`, `Corp.),`: brackets between the word and the stop leave no abbreviation.
    if left.close.starts_with([')', ']', '»', '”', '"']) {
        return true;
    }
    if core.is_empty() {
        return true;
    }
    if core.chars().all(|c| c.is_ascii_digit()) {
        // `1. Objet`, an item's number.
        return !(first && core.len() <= 2) && !(number && first);
    }
    if first && is_roman(core) && core.len() <= 4 {
        return false;
    }
    // In `p.3` or `c.-à-d` only the end counts; `S.A` and `J.-C` count whole.
    let word = left.closing_word();
    match knowledge.abbreviations.get(&word) {
        Some(Abbreviation::Never) => {
            // `M.` before a name, but `Ms.` and the like never stand before a starter either.
            return false;
        }
        Some(Abbreviation::BeforeNumber) => return !number && !is_roman(right.core),
        Some(Abbreviation::Perhaps) => return !number && starter(),
        None => {}
    }
    if is_initials(core) {
        return !number && starter();
    }
    true
}

/// Single letters with stops or hyphens between them: `J`, `J.-P`, `U.S`; but no French word such
/// as `a`, `à` or `y`.
fn is_initials(core: &str) -> bool {
    let mut parts = core.split(['.', '-']).filter(|part| !part.is_empty());
    let single = |part: &str| {
        let mut chars = part.chars();
        chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
    };
    let lone_vowel = matches!(core, "a" | "à" | "y" | "ô");
    !lone_vowel && parts.all(single)
}

fn is_roman(word: &str) -> bool {
    !word.is_empty()
        && word
            .bytes()
            .all(|b| matches!(b, b'I' | b'V' | b'X' | b'L' | b'C'))
}
