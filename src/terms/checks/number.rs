//! `check/number`: a number that changed, was left out or was added.

use super::numerals::{Kind, Numeral, Style, numerals};
use super::pair::Pair;
use crate::bitext::{Flag, Severity};
use crate::language::Language;

pub(super) fn check(pair: &Pair, flags: &mut Vec<Flag>) {
    const ENTRY: &str = "check/number";
    let sources = numerals(&pair.source, style(pair.languages.from));
    let targets = numerals(&pair.target, style(pair.languages.to));
    flags.extend(misread(pair, &sources, &targets));
    let unmatched = |these: &[Numeral], those: &[Numeral]| -> Vec<Numeral> {
        let lost = these.iter().filter(|this| {
            this.kind != Kind::Loose && !those.iter().any(|that| matches(this, that))
        });
        lost.cloned().collect()
    };
    let lost = unmatched(&sources, &targets);
    let mut new = unmatched(&targets, &sources);
    for lost in lost {
        let written = &pair.source.text[lost.bytes.clone()];
        let place = Some(lost.bytes.clone());
        if let Some(other) = partner(pair, &lost, &mut new) {
            let reason = format!(
                "“{written}” is “{}” in the translation.",
                &pair.target.text[other.bytes.clone()]
            );
            flags.push(pair.flag(ENTRY, Severity::High, place, Some(other.bytes), reason));
        } else if lost.kind == Kind::Digits {
            let reason = format!("The number “{written}” is not in the translation.");
            flags.push(pair.flag(ENTRY, Severity::High, place, None, reason));
        }
    }
    for other in new.into_iter().filter(|n| n.kind == Kind::Digits) {
        let reason = format!(
            "The number “{}” is not in the source.",
            &pair.target.text[other.bytes.clone()]
        );
        flags.push(pair.flag(ENTRY, Severity::High, None, Some(other.bytes), reason));
    }
}

fn style(language: &Language) -> Style {
    match language.code() {
        "fr" => Style::French,
        "en" => Style::English,
        _ => Style::Other,
    }
}

/// Whether two numbers may be the same, even with a separator that reads otherwise.
fn matches(this: &Numeral, that: &Numeral) -> bool {
    let near = |value: Option<f64>, values: &[f64]| {
        value.is_some_and(|v| values.iter().any(|w| (v - w).abs() <= 1e-9 * v.abs()))
    };
    this.agrees(that) || near(this.misread, &that.values) || near(that.misread, &this.values)
}

/// Takes the number that stands in place of `lost`: the one linked to it, or the first.
fn partner(pair: &Pair, lost: &Numeral, new: &mut Vec<Numeral>) -> Option<Numeral> {
    let linked = new.iter().position(|n| {
        let source = pair.linked_source(n.word..n.word + 1);
        source.is_some_and(|s| s.start < lost.bytes.end && lost.bytes.start < s.end)
    });
    let any = (!new.is_empty()).then_some(0);
    linked.or(any).map(|at| new.remove(at))
}

/// Numbers that were copied with a separator that means something else in the translation.
fn misread(pair: &Pair, sources: &[Numeral], targets: &[Numeral]) -> Vec<Flag> {
    let mut flags = Vec::new();
    for source in sources.iter().filter(|n| n.misread.is_some()) {
        let written = &pair.source.text[source.bytes.clone()];
        let copy = targets.iter().find(|target| {
            target.misread.is_some()
                && !target.agrees(source)
                && copied(written, &pair.target.text[target.bytes.clone()])
        });
        let kept = targets.iter().any(|target| target.agrees(source));
        let Some(copy) = copy.filter(|_| !kept) else {
            continue;
        };
        let reason = format!(
            "“{}” was copied with its separator: in the translation it reads {}, but the source \
             says {}.",
            &pair.target.text[copy.bytes.clone()],
            copy.values[0],
            source.values[0]
        );
        let place = Some(source.bytes.clone());
        let target = Some(copy.bytes.clone());
        flags.push(pair.flag("check/number", Severity::High, place, target, reason));
    }
    flags
}

/// Whether both begin with the same digits and separators.
fn copied(source: &str, target: &str) -> bool {
    let digits = |text: &str| -> String {
        text.chars()
            .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
            .collect()
    };
    digits(source) == digits(target)
}
