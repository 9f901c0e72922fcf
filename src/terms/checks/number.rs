//! `check/number`: a number that changed, was left out or was added.

use std::collections::{HashMap, HashSet};

use super::pair::{MOST, Pair};
use crate::bitext::{Flag, Severity};
use crate::parity::numerals::{Kind, Numeral, Style, numerals, unmatched};

pub(super) fn check(pair: &Pair, flags: &mut Vec<Flag>) {
    const ENTRY: &str = "check/number";
    let sources = numerals(&pair.source, Style::of(pair.languages.from));
    let targets = numerals(&pair.target, Style::of(pair.languages.to));
    flags.extend(misread(pair, &sources, &targets));
    let lost_numbers = unmatched(&sources, &targets);
    let mut new = unmatched(&targets, &sources);
    for lost in &lost_numbers {
        let written = &pair.source.text[lost.bytes.clone()];
        let place = Some(lost.bytes.clone());
        if let Some(other) = partner(pair, lost, &lost_numbers, &mut new) {
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
    let added = new.into_iter().filter(|n| n.kind == Kind::Digits);
    for other in added.take(MOST) {
        let reason = format!(
            "The number “{}” is not in the source.",
            &pair.target.text[other.bytes.clone()]
        );
        flags.push(pair.flag(ENTRY, Severity::High, None, Some(other.bytes), reason));
    }
}

/// Takes the number that stands in place of `lost`: the one linked to it, or the closest in size
/// that is not closer to another lost one.
fn partner(
    pair: &Pair,
    lost: &Numeral,
    all: &[Numeral],
    new: &mut Vec<Numeral>,
) -> Option<Numeral> {
    if all.len() > MOST || new.len() > MOST {
        return None;
    }
    let linked = new.iter().position(|n| {
        let source = pair.linked_source(n.word..n.word + 1);
        source.is_some_and(|s| s.start < lost.bytes.end && lost.bytes.start < s.end)
    });
    let distance = |a: &Numeral, b: &Numeral| {
        let size = |n: &Numeral| n.values.first().copied().unwrap_or(0.0).max(0.01).ln();
        (size(a) - size(b)).abs()
    };
    let close = || {
        let mut places: Vec<usize> = (0..new.len()).collect();
        places.sort_by(|&a, &b| distance(lost, &new[a]).total_cmp(&distance(lost, &new[b])));
        places.into_iter().find(|&at| {
            let mine = distance(lost, &new[at]);
            all.iter().all(|rival| distance(rival, &new[at]) >= mine)
        })
    };
    linked.or_else(close).map(|at| new.remove(at))
}

/// Numbers that were copied with a separator that means something else in the translation.
fn misread(pair: &Pair, sources: &[Numeral], targets: &[Numeral]) -> Vec<Flag> {
    let mut flags = Vec::new();
    let plain: HashSet<u64> = targets.iter().filter_map(|n| n.readings().next()).collect();
    let ambiguous = targets.iter().filter(|n| n.misread.is_some());
    let copies: HashMap<&str, &Numeral> = ambiguous
        .map(|n| (digits(&pair.target.text[n.bytes.clone()]), n))
        .collect();
    for source in sources.iter().filter(|n| n.misread.is_some()) {
        let written = &pair.source.text[source.bytes.clone()];
        let kept = source.readings().next().is_some_and(|r| plain.contains(&r));
        let Some(copy) = copies.get(digits(written)).filter(|_| !kept) else {
            continue;
        };
        // Some French texts part thousands with commas, but not before *millions*.
        if written.contains(',') && !written.contains(char::is_alphabetic) {
            continue;
        }
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

/// The digits and separators that a number begins with.
fn digits(written: &str) -> &str {
    let end = written.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','));
    &written[..end.unwrap_or(written.len())]
}
