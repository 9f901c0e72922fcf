//! How far a translation's length is from what such a source usually has.

use crate::language::Language;

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

/// Standard deviations beyond which a length is worth a look.
pub const FAR: f64 = 3.0;

/// Standard deviations beyond which a length is absurd.
pub const ABSURD: f64 = 1.5 * FAR;

/// By how many standard deviations `target` code points are more (or, below zero, fewer) than a
/// translation of `source` code points usually has. Neither may be zero.
pub fn deviation(source: usize, target: usize, (from, to): (&Language, &Language)) -> f64 {
    let distribution = match (from.code(), to.code()) {
        ("fr", "en") => FRENCH_ENGLISH,
        _ => ANY,
    };
    let ratio = target as f64 / source as f64;
    let deviation = (distribution.constant + distribution.per_length / source as f64).sqrt();
    (ratio.ln() - distribution.mean) / deviation
}
