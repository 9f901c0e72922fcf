//! `check/date`: a month or weekday that changed. Days and years are numbers (`check/number`).

use std::ops::Range;

use super::pair::Pair;
use crate::bitext::{Flag, Severity};
use crate::parity::Side;
use crate::parity::number_words::{ENGLISH_MONTHS, FRENCH_MONTHS};

const FRENCH_WEEKDAYS: &[&[&str]] = &[
    &["lundi", "lundis"],
    &["mardi", "mardis"],
    &["mercredi", "mercredis"],
    &["jeudi", "jeudis"],
    &["vendredi", "vendredis"],
    &["samedi", "samedis"],
    &["dimanche", "dimanches"],
];

const ENGLISH_WEEKDAYS: &[&[&str]] = &[
    &["monday", "mondays", "mon"],
    &["tuesday", "tuesdays", "tue"],
    &["wednesday", "wednesdays", "wed"],
    &["thursday", "thursdays", "thu"],
    &["friday", "fridays", "fri"],
    &["saturday", "saturdays", "sat"],
    &["sunday", "sundays", "sun"],
];

/// A month or weekday in a text.
struct Mention {
    /// Which, from 0.
    index: usize,
    bytes: Range<usize>,
    /// Whether the word may mean something else (*mars*, *May*).
    doubtful: bool,
}

pub(super) fn check(pair: &Pair, flags: &mut Vec<Flag>) {
    let kinds = [
        ("month", FRENCH_MONTHS, ENGLISH_MONTHS),
        ("day", FRENCH_WEEKDAYS, ENGLISH_WEEKDAYS),
    ];
    for (what, french, english) in kinds {
        let sources = mentions(&pair.source, french, false);
        let targets = mentions(&pair.target, english, true);
        compare(pair, what, &sources, &targets, flags);
    }
}

fn compare(
    pair: &Pair,
    what: &str,
    sources: &[Mention],
    targets: &[Mention],
    flags: &mut Vec<Flag>,
) {
    const ENTRY: &str = "check/date";
    let held = |mentions: &[Mention], index| mentions.iter().any(|m| m.index == index);
    let mut new: Vec<&Mention> = targets.iter().collect();
    new.retain(|m| !m.doubtful && !held(sources, m.index));
    new.dedup_by_key(|m| m.index);
    let mut lost: Vec<&Mention> = sources.iter().collect();
    lost.retain(|m| !m.doubtful && !held(targets, m.index));
    lost.dedup_by_key(|m| m.index);
    let mut new = new.into_iter();
    for lost in lost {
        let written = &pair.source.text[lost.bytes.clone()];
        if let Some(other) = new.next() {
            let other = other.bytes.clone();
            let reason = format!(
                "“{written}” is “{}” in the translation.",
                &pair.target.text[other.clone()]
            );
            let place = Some(lost.bytes.clone());
            flags.push(pair.flag(ENTRY, Severity::High, place, Some(other), reason));
        } else if what == "month" && !in_digits(pair, lost.index + 1) {
            let reason = format!("“{written}” is not in the translation.");
            let place = Some(lost.bytes.clone());
            flags.push(pair.flag(ENTRY, Severity::Medium, place, None, reason));
        }
    }
    // The day that a translation names for *hier* is no error; a month mostly is.
    for other in new.filter(|_| what == "month") {
        let reason = format!(
            "“{}” is not in the source.",
            &pair.target.text[other.bytes.clone()]
        );
        let place = Some(other.bytes.clone());
        flags.push(pair.flag(ENTRY, Severity::Medium, None, place, reason));
    }
}

/// Whether the translation gives the month as a number.
fn in_digits(pair: &Pair, month: usize) -> bool {
    let mut words = pair.target.words.iter();
    words.any(|w| {
        let parts = w.plain.split(['-', '.', ',']);
        parts.into_iter().any(|part| part.parse() == Ok(month))
    })
}

fn mentions(side: &Side, names: &[&[&str]], english: bool) -> Vec<Mention> {
    let mut found = Vec::new();
    for (at, word) in side.words.iter().enumerate() {
        let plain = word.plain.as_str();
        let plain = plain.strip_suffix("'s").unwrap_or(plain);
        let Some(index) = names.iter().position(|forms| forms.contains(&plain)) else {
            continue;
        };
        let capital = side.written(word).starts_with(char::is_uppercase);
        // English months and days are capitalised, French ones are not.
        if english && !capital {
            continue;
        }
        let abbreviated = english && plain.len() < 5 && !matches!(plain, "may" | "june" | "july");
        let other_sense = matches!(
            plain,
            "may" | "march" | "mars" | "april" | "june" | "august"
        );
        let dated = [at.checked_sub(1), Some(at + 1)]
            .into_iter()
            .flatten()
            .any(|near| {
                let near = side.words.get(near);
                near.is_some_and(|w| w.plain.starts_with(|c: char| c.is_ascii_digit()))
            });
        found.push(Mention {
            index,
            bytes: word.bytes.clone(),
            doubtful: !dated && (abbreviated || other_sense && (at == 0 || !english && capital)),
        });
    }
    found
}
