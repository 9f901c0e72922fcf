//! Faults of a model that the texts alone show: nothing, a copy, a loop, an absurd length, a number
//! that is gone.

use std::collections::HashSet;

use super::problem::{Kind, Problem};
use crate::language::Language;
use crate::parity::length::{ABSURD, deviation};
use crate::parity::numerals::{self, Style, numerals, unmatched};
use crate::parity::repetition::{unfounded_loops, unfounded_scattered};
use crate::parity::{Side, Word};

/// Words that must be the same before a translation counts as a copy.
const COPIED_WORDS: usize = 4;
/// The share of its words that a copy has from the source, at least.
const COPIED_SHARE: f64 = 0.7;
/// Characters that make up the unit of a loop within words, at most.
const LONGEST_UNIT: usize = 8;
/// Characters that such a loop fills, at least.
const LOOPED: usize = 24;

/// The faults of a translation, the gravest first; none where there is nothing to find fault with.
pub fn faults(source: &str, target: &str, languages: (&Language, &Language)) -> Vec<Problem> {
    let source = Side::new(source);
    if source.words.is_empty() {
        return Vec::new();
    }
    let target = Side::new(target);
    if target.words.is_empty() {
        return vec![Problem::new(Kind::Empty, "the model gave nothing")];
    }
    let mut found = Vec::new();
    found.extend(copied(&source, &target));
    found.extend(repetition(&source, &target));
    found.extend(length(&source, &target, languages));
    found.extend(numbers(&source, &target, languages));
    found
}

/// How grave these are together: what the better of two translations has less of.
pub fn weight(faults: &[Problem]) -> u32 {
    let each = |fault: &Problem| match fault.kind {
        Kind::Empty | Kind::PassedThrough => 64,
        Kind::Copied => 32,
        Kind::Repetition => 16,
        Kind::Length => 8,
        Kind::Number => 1,
        Kind::UnknownCharacters => 0,
    };
    faults.iter().map(each).sum()
}

/// The source again: most of the words that are no names stand in the source, too.
fn copied(source: &Side<'_>, target: &Side<'_>) -> Option<Problem> {
    let plain = |side: &Side<'_>, word: &Word| {
        side.written(word).chars().all(char::is_lowercase) && word.bytes.len() > 1
    };
    let words = target.words.iter().filter(|word| plain(target, word));
    let held: HashSet<&str> = source.words.iter().map(|word| &*word.plain).collect();
    let (mut all, mut same) = (0, 0);
    for word in words {
        all += 1;
        same += usize::from(held.contains(&*word.plain));
    }
    (same >= COPIED_WORDS && same as f64 >= COPIED_SHARE * all as f64).then(|| {
        let message = format!("{same} of {all} words are those of the source");
        Problem::new(Kind::Copied, message)
    })
}

fn repetition(source: &Side<'_>, target: &Side<'_>) -> Option<Problem> {
    let text = |from: usize, to: usize| {
        let bytes = target.words[from].bytes.start..target.words[to - 1].bytes.end;
        shortened(&target.text[bytes])
    };
    let loops = unfounded_loops(source, target);
    if let Some(found) = loops.iter().max_by_key(|l| l.rounds * l.period) {
        let once = text(found.start, found.start + found.period);
        let message = format!("“{once}” stands {} times in a row", found.rounds);
        return Some(Problem::new(Kind::Repetition, message));
    }
    if let Some(found) = unfounded_scattered(source, target) {
        let once = text(found.words.start, found.words.end);
        let message = format!("“{once}” stands {} times", found.times);
        return Some(Problem::new(Kind::Repetition, message));
    }
    let unit = looped_characters(target.text)?;
    (!source.text.contains(&unit.repeat(3))).then(|| {
        let message = format!("“{}” is repeated many times", shortened(&unit));
        Problem::new(Kind::Repetition, message)
    })
}

/// The shortest unit of a run of characters that is repeated, without a break, over many
/// characters.
fn looped_characters(text: &str) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    for unit in 1..=LONGEST_UNIT {
        let mut run = 0;
        for (at, pair) in characters
            .iter()
            .zip(characters.iter().skip(unit))
            .enumerate()
        {
            run = if pair.0 == pair.1 { run + 1 } else { 0 };
            if run + unit >= LOOPED {
                let found: String = characters[at..at + unit].iter().collect();
                if !found.trim().is_empty() {
                    return Some(found);
                }
            }
        }
    }
    None
}

fn length(
    source: &Side<'_>,
    target: &Side<'_>,
    languages: (&Language, &Language),
) -> Option<Problem> {
    let count = |side: &Side<'_>| side.text.trim().chars().count();
    let (from, to) = (count(source), count(target));
    let away = deviation(from, to, languages);
    (away.abs() > ABSURD).then(|| {
        let message = format!("{to} characters for {from}");
        Problem::new(Kind::Length, message)
    })
}

fn numbers(
    source: &Side<'_>,
    target: &Side<'_>,
    (from, to): (&Language, &Language),
) -> Vec<Problem> {
    let sources = numerals(source, Style::of(from));
    if sources.is_empty() {
        return Vec::new();
    }
    let targets = numerals(target, Style::of(to));
    // A time may be written as one number: *11 h 20*, *1120 hours*.
    let new = unmatched(&targets, &sources);
    let is_in_new = |numeral: &numerals::Numeral| {
        let written = &source.text[numeral.bytes.clone()];
        new.iter()
            .any(|new| target.text[new.bytes.clone()].contains(written))
    };
    let digits = unmatched(&sources, &targets).into_iter();
    let digits = digits.filter(|lost| lost.kind == numerals::Kind::Digits && !is_in_new(lost));
    let problem = |numeral: numerals::Numeral| {
        let written = shortened(&source.text[numeral.bytes]);
        Problem::new(
            Kind::Number,
            format!("the number “{written}” is not in the translation"),
        )
    };
    digits.map(problem).collect()
}

/// A text that a message can hold.
pub fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let start: String = text.chars().take(MOST - 1).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str, target: &str) -> Vec<Kind> {
        let languages = (Language::french(), Language::english());
        let faults = faults(source, target, (&languages.0, &languages.1));
        faults.into_iter().map(|fault| fault.kind).collect()
    }

    #[test]
    fn what_is_well_translated_has_no_faults() {
        for (source, target) in [
            ("Le chat dort.", "The cat sleeps."),
            ("", ""),
            ("…", "…"),
            ("Il arrive à 14h30.", "He arrives at 2.30 p.m."),
            ("À 11 h 20, il part.", "At 1120 hours, he leaves."),
            ("À 8 h 46, il part.", "At 0846 hours, he leaves."),
            ("Nous nous voyons.", "We see each other."),
            ("1 900 personnes", "1,900 people"),
            ("Paris Match", "Paris Match"),
            ("non non non non", "no no no no"),
            (
                "------------------------ fin",
                "------------------------ end",
            ),
        ] {
            assert_eq!(kinds(source, target), [], "{source}");
        }
    }

    #[test]
    fn each_fault_is_told() {
        for (source, target, kind) in [
            ("Le chat dort.", "", Kind::Empty),
            ("Le chat dort.", "…", Kind::Empty),
            (
                "Le petit chat dort dans la grande maison.",
                "Le petit chat dort dans la grande house.",
                Kind::Copied,
            ),
            (
                "Ils le savent.",
                "They they they they know.",
                Kind::Repetition,
            ),
            (
                "Le sigle",
                "The hahahahahahahahahahahahahaha",
                Kind::Repetition,
            ),
            (
                "Le président de la République française a prononcé un long discours hier soir.",
                "Yes.",
                Kind::Length,
            ),
            (
                "Il a 37 ans et vit à Lyon.",
                "He is old and lives in Lyon.",
                Kind::Number,
            ),
        ] {
            assert!(kinds(source, target).contains(&kind), "{target}");
        }
    }
}
