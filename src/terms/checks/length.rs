//! `check/length`: a translation much shorter or longer than its source, or missing.

use super::pair::Pair;
use crate::bitext::{Flag, Severity};
use crate::parity::length::{ABSURD, FAR, deviation};

pub(super) fn check(pair: &Pair, flags: &mut Vec<Flag>) {
    const ENTRY: &str = "check/length";
    let (source, target) = (pair.source.text.trim(), pair.target.text.trim());
    let whole = || Some(0..pair.target.text.len());
    let (source, target) = (source.chars().count(), target.chars().count());
    if source == 0 || target == 0 {
        if source > 0 {
            let reason = "Nothing translates this sentence.".into();
            flags.push(pair.flag(ENTRY, Severity::High, None, None, reason));
        } else if target > 0 {
            let reason = "Nothing in the source says this.".into();
            flags.push(pair.flag(ENTRY, Severity::Medium, None, whole(), reason));
        }
        return;
    }
    let away = deviation(source, target, (pair.languages.from, pair.languages.to));
    if away.abs() <= FAR {
        return;
    }
    let (how, risk) = if away < 0.0 {
        ("shorter", "was something left out?")
    } else {
        ("longer", "was something added?")
    };
    let severity = if away.abs() > ABSURD {
        Severity::High
    } else {
        Severity::Medium
    };
    let reason = format!(
        "The translation is much {how} than such a sentence usually is ({target} characters for \
         {source}): {risk}"
    );
    flags.push(pair.flag(ENTRY, severity, None, whole(), reason));
}
