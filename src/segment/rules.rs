//! Rules for full stops, ellipses and exclamation and question marks.

use super::abbreviations::Abbreviation;
use super::model::Place;
use super::unit::{Close, Open, Unit};
use super::{Knowledge, may_end};

/// What the rules say of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A sentence ends there.
    Ends,
    /// None does.
    GoesOn,
    /// The words around must tell; where they are not known, one ends if this says so.
    Unsure(bool),
}

impl From<bool> for Verdict {
    fn from(ends: bool) -> Self {
        if ends { Verdict::Ends } else { Verdict::GoesOn }
    }
}

/// Whether a sentence ends at `place`.
pub(super) fn verdict(knowledge: &Knowledge, place: &Place<'_, '_>) -> Verdict {
    let (Some(left), Some(right)) = (place.sentence.last(), place.rest.first()) else {
        return Verdict::GoesOn;
    };
    let first = place.sentence.len() == 1;
    let after = place.rest.get(1);
    match left.closing() {
        // Speech belongs to the sentence that announces it.
        Close::Colon | Close::Comma if right.opening() == Open::Quoted => return Verdict::GoesOn,
        closing if !may_end(closing) => return Verdict::Unsure(false),
        _ => {}
    }
    if left.is_omission() {
        return Verdict::GoesOn;
    }
    let opening = right.opening();
    let opens = match opening {
        Open::Lower => return before_lower_case(knowledge, left, first),
        // `« mais` and `(voir` go on; what has no case may well begin a sentence.
        Open::Other => !right.core.starts_with(char::is_lowercase),
        // `. - si vous toussez` may be a list's item or an aside.
        Open::Item if after.is_some_and(|unit| unit.opening() == Open::Lower) => {
            return Verdict::Unsure(false);
        }
        _ => true,
    };
    if !opens {
        return Verdict::GoesOn;
    }
    match left.closing() {
        Close::Mark => (!is_aside(left)).into(),
        Close::Ellipsis if first && left.core.is_empty() => Verdict::GoesOn,
        Close::Ellipsis => Verdict::Unsure(true),
        Close::Stop if left.closes_after_mark() && !is_aside(left) => Verdict::Ends,
        Close::Stop => stop_ends(knowledge, left, right, opening, first).into(),
        _ => Verdict::GoesOn,
    }
}

/// Before a lower-case word most sentences go on, but careless writers begin some with one.
fn before_lower_case(knowledge: &Knowledge, left: &Unit<'_>, first: bool) -> Verdict {
    let item_number = first && left.core.chars().count() <= 2;
    let abbreviation = left.closing() == Close::Stop
        && (is_initials(left.core)
            || left.core.contains('.')
            || knowledge.abbreviations.get(&left.closing_word()).is_some());
    // `« Quoi ? » demanda-t-il`, `(sic !) mais`.
    if left.core.is_empty() || item_number || abbreviation || left.closes_after_mark() {
        return Verdict::GoesOn;
    }
    Verdict::Unsure(false)
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
        return !first || core.len() > 2 && !number;
    }
    if first && is_roman(core) && core.len() <= 4 {
        return false;
    }
    // `P.` between names, rather than the `p.` of a page.
    if is_initials(core) && core.starts_with(char::is_uppercase) && !is_title(knowledge, left) {
        return !number && starter();
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

/// Whether the unit is a title before a name, such as `M.`.
fn is_title(knowledge: &Knowledge, unit: &Unit<'_>) -> bool {
    knowledge.abbreviations.get(&unit.closing_word()) == Some(Abbreviation::Never)
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
