//! `check/length`: a translation much shorter or longer than its source, or missing.

use super::pair::Pair;
use crate::bitext::{Flag, Severity};

/// How the logarithm of target by source length (in code points) is distributed: its mean, and
/// its variance as `constant + per_length / source length`.
struct Distribution {
    mean: f64,
    constant: f64,
    per_length: f64,
}

/// Fitted to human translations of news, rounded.
const FRENCH_ENGLISH: Distribution = Distribution {
    mean: -0.12,
    constant: 0.02,
    per_length: 1.8,
};

/// Wide enough for any two languages in alphabets.
const ANY: Distribution = Distribution {
    mean: 0.0,
    constant: 0.1,
    per_length: 4.0,
};

/// Standard deviations beyond which a length is flagged.
const FAR: f64 = 3.0;

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
    let distribution = if pair.languages.french_english() {
        FRENCH_ENGLISH
    } else {
        ANY
    };
    let ratio = target as f64 / source as f64;
    let deviation = (distribution.constant + distribution.per_length / source as f64).sqrt();
    let away = (ratio.ln() - distribution.mean) / deviation;
    if away.abs() <= FAR {
        return;
    }
    let (how, risk) = if away < 0.0 {
        ("shorter", "was something left out?")
    } else {
        ("longer", "was something added?")
    };
    let severity = if away.abs() > 1.5 * FAR {
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
