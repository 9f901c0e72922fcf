//! `check/currency`: a sum of money whose currency changed.

use std::collections::BTreeSet;
use std::ops::Range;

use super::pair::{MOST, Pair};
use crate::bitext::{Flag, Severity};
use crate::parity::Side;
use crate::parity::number_words::is_scale;

/// A currency's name to show, its symbols and codes, and its names in French and English.
struct Currency {
    name: &'static str,
    written: &'static [&'static str],
    french: &'static [&'static str],
    english: &'static [&'static str],
}

/// Currencies of one name count as one: the text rarely says whose dollars they are.
const CURRENCIES: &[Currency] = &[
    Currency {
        name: "euro",
        written: &["€", "eur"],
        french: &["euro", "euros"],
        english: &["euro", "euros"],
    },
    Currency {
        name: "dollar",
        written: &["$", "usd", "us$", "cad", "aud", "hkd"],
        french: &["dollar", "dollars", "billets verts"],
        english: &["dollar", "dollars", "buck", "bucks", "greenbacks"],
    },
    Currency {
        name: "pound",
        written: &["£", "gbp"],
        french: &["livre", "livres", "sterling"],
        english: &["pound", "pounds", "sterling", "quid"],
    },
    Currency {
        name: "yen",
        written: &["¥", "jpy"],
        french: &["yen", "yens"],
        english: &["yen"],
    },
    Currency {
        name: "yuan",
        written: &["cny", "rmb"],
        french: &["yuan", "yuans", "renminbi"],
        english: &["yuan", "yuans", "renminbi"],
    },
    Currency {
        name: "rouble",
        written: &["₽", "rub", "rur"],
        french: &["rouble", "roubles"],
        english: &["rouble", "roubles", "ruble", "rubles"],
    },
    Currency {
        name: "franc",
        written: &["chf", "fcfa", "cfa", "frf"],
        french: &["franc", "francs"],
        english: &["franc", "francs"],
    },
    Currency {
        name: "hryvnia",
        written: &["₴", "uah"],
        french: &["hryvnia", "hryvnias", "hryvnas"],
        english: &["hryvnia", "hryvnias", "hryvnas"],
    },
    Currency {
        name: "rupee",
        written: &["₹", "inr"],
        french: &["roupie", "roupies"],
        english: &["rupee", "rupees"],
    },
    Currency {
        name: "krona",
        written: &["sek", "nok", "dkk", "czk"],
        french: &["couronne", "couronnes"],
        english: &[
            "krona", "kronor", "krone", "kroner", "koruna", "korunas", "crown", "crowns",
        ],
    },
    Currency {
        name: "lira",
        written: &["₺", "try"],
        french: &["lire", "lires"],
        english: &["lira", "liras", "lire"],
    },
];

/// A currency that a text names.
struct Mention {
    currency: usize,
    /// From the number that it follows or precedes; the mention alone where there is none.
    bytes: Range<usize>,
    /// Whether a number stands with it.
    amount: bool,
    /// Whether the word mostly means something else.
    doubtful: bool,
}

pub(super) fn check(pair: &Pair, flags: &mut Vec<Flag>) {
    const ENTRY: &str = "check/currency";
    let sources = mentions(&pair.source, |c| c.french);
    let targets = mentions(&pair.target, |c| c.english);
    let held =
        |mentions: &[Mention]| -> BTreeSet<usize> { mentions.iter().map(|m| m.currency).collect() };
    let (in_source, in_target) = (held(&sources), held(&targets));
    let mut new: Vec<&Mention> = targets
        .iter()
        .filter(|m| !in_source.contains(&m.currency))
        .collect();
    new.reverse();
    for lost in sources.iter().filter(|m| !in_target.contains(&m.currency)) {
        let instead = new.pop();
        // Pounds are a weight too, and *livres* are books.
        if !lost.amount || lost.doubtful && instead.is_none() {
            continue;
        }
        let name = CURRENCIES[lost.currency].name;
        let (severity, reason) = match instead {
            Some(other) => (
                Severity::High,
                format!(
                    "The sum is in {name}s; in the translation it is in {}s.",
                    CURRENCIES[other.currency].name
                ),
            ),
            None => (
                Severity::Medium,
                format!("The sum is in {name}s; the translation names no such currency."),
            ),
        };
        let target = instead.map(|m| m.bytes.clone());
        flags.push(pair.flag(ENTRY, severity, Some(lost.bytes.clone()), target, reason));
    }
    for other in new
        .into_iter()
        .filter(|m| m.amount && !m.doubtful)
        .take(MOST)
    {
        let reason = format!(
            "The sum is in {}s in the translation; the source names no such currency.",
            CURRENCIES[other.currency].name
        );
        let target = Some(other.bytes.clone());
        flags.push(pair.flag(ENTRY, Severity::Medium, None, target, reason));
    }
}

fn mentions(side: &Side, names: fn(&Currency) -> &'static [&'static str]) -> Vec<Mention> {
    let mut found = Vec::new();
    for at in 0..side.words.len() {
        // *30-million-euro*
        let plain = side.words[at].plain.as_str();
        let plain = plain.rsplit('-').next().unwrap_or(plain);
        let code = |code: &&str| {
            // Codes are in capitals: *try* is no Turkish lira.
            let written = side.written(&side.words[at]);
            !code.is_ascii() || code.contains('$') || written.chars().all(char::is_uppercase)
        };
        let Some(currency) = CURRENCIES.iter().position(|c| {
            names(c).contains(&plain) || c.written.iter().any(|w| *w == plain && code(w))
        }) else {
            continue;
        };
        let before = number_before(side, at);
        let after = side
            .words
            .get(at + 1)
            .filter(|_| !plain.chars().all(char::is_alphabetic) || plain.len() == 3)
            .filter(|w| is_number(&w.plain))
            .map(|_| at + 1);
        let (first, last) = (before.unwrap_or(at), after.unwrap_or(at));
        found.push(Mention {
            currency,
            bytes: side.words[first].bytes.start..side.words[last].bytes.end,
            amount: before.or(after).is_some(),
            doubtful: matches!(plain, "livre" | "livres" | "pound" | "pounds" | "lire")
                && side
                    .words
                    .get(at + 1)
                    .is_none_or(|next| next.plain != "sterling"),
        });
    }
    found
}

/// The number that word `at` follows, over scale words and *de*: *3 millions de dollars*.
fn number_before(side: &Side, at: usize) -> Option<usize> {
    let mut scale = None;
    for before in (at.saturating_sub(4)..at).rev() {
        let plain = side.words[before].plain.as_str();
        if is_number(plain) {
            return Some(before);
        } else if is_scale(plain) {
            scale = Some(before);
        } else if !matches!(plain, "de" | "d'" | "of" | "us" | "canadian" | "american") {
            break;
        }
    }
    scale
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}
