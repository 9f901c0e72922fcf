//! Numbers in words, French and English.

/// What a word says about a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NumberWord {
    /// *trois*, *forty*.
    Unit(f64),
    /// *cent*, *thousand*: multiplies what stands before.
    Scale(f64),
    /// *troisième*, *douzaine*, *both*: may stand for a number, but is none that must be kept.
    Loose(f64),
}

use NumberWord::{Loose, Scale, Unit};

/// What `word`, in lower case, says in French.
pub fn french(word: &str) -> Option<NumberWord> {
    Some(match word {
        "zéro" => Unit(0.0),
        "un" | "une" | "premier" | "première" | "premiers" | "premières" | "1er" => Loose(1.0),
        "deux" => Unit(2.0),
        "trois" => Unit(3.0),
        "quatre" => Unit(4.0),
        "cinq" => Unit(5.0),
        "six" => Unit(6.0),
        "sept" => Unit(7.0),
        "huit" => Unit(8.0),
        // Nine or new.
        "neuf" => Loose(9.0),
        "dix" => Unit(10.0),
        "onze" => Unit(11.0),
        "douze" => Unit(12.0),
        "treize" => Unit(13.0),
        "quatorze" => Unit(14.0),
        "quinze" => Unit(15.0),
        "seize" => Unit(16.0),
        "vingt" | "vingts" => Unit(20.0),
        "trente" => Unit(30.0),
        "quarante" => Unit(40.0),
        "cinquante" => Unit(50.0),
        "soixante" => Unit(60.0),
        "septante" => Unit(70.0),
        "octante" | "huitante" => Unit(80.0),
        "nonante" => Unit(90.0),
        "cent" | "cents" => Scale(1e2),
        "mille" => Scale(1e3),
        "million" | "millions" => Scale(1e6),
        "milliard" | "milliards" => Scale(1e9),
        "billion" | "billions" => Scale(1e12),
        "second" | "seconde" | "deuxième" | "double" | "moitié" | "demi" | "couple" | "paire" => {
            Loose(2.0)
        }
        "dizaine" | "dizaines" | "décennie" => Loose(10.0),
        "douzaine" | "douzaines" => Loose(12.0),
        "quinzaine" => Loose(15.0),
        "vingtaine" => Loose(20.0),
        "trentaine" => Loose(30.0),
        "quarantaine" => Loose(40.0),
        "cinquantaine" => Loose(50.0),
        "soixantaine" => Loose(60.0),
        "centaine" | "centaines" | "siècle" => Loose(100.0),
        "millier" | "milliers" | "millénaire" => Loose(1e3),
        "midi" => Loose(12.0),
        "minuit" => Loose(0.0),
        "triple" | "tiers" => Loose(3.0),
        "quart" | "quarts" => Loose(4.0),
        "trimestre" => Loose(3.0),
        word => {
            return month(word, FRENCH_MONTHS)
                .or_else(|| french_ordinal(word))
                .map(Loose);
        }
    })
}

/// The number that a month may be written as.
fn month(word: &str, months: &[&[&str]]) -> Option<f64> {
    let place = months.iter().position(|names| names.contains(&word))?;
    Some((place + 1) as f64)
}

fn french_ordinal(word: &str) -> Option<f64> {
    let stem = word
        .strip_suffix('s')
        .unwrap_or(word)
        .strip_suffix("ième")?;
    let cardinal = match stem {
        "cinqu" => "cinq",
        "neuv" => return Some(9.0),
        stem => stem,
    };
    let value = |word: &str| match french(word) {
        Some(Unit(value) | Scale(value)) => Some(value),
        _ => None,
    };
    value(cardinal).or_else(|| value(&format!("{cardinal}e")))
}

/// What `word`, in lower case, says in English.
pub fn english(word: &str) -> Option<NumberWord> {
    const ORDINALS: &[&str] = &[
        "zeroth",
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
    ];
    Some(match word {
        "zero" => Unit(0.0),
        "one" | "once" | "single" | "a" | "an" => Loose(1.0),
        "two" => Unit(2.0),
        "three" => Unit(3.0),
        "four" => Unit(4.0),
        "five" => Unit(5.0),
        "six" => Unit(6.0),
        "seven" => Unit(7.0),
        "eight" => Unit(8.0),
        "nine" => Unit(9.0),
        "ten" => Unit(10.0),
        "eleven" => Unit(11.0),
        "twelve" => Unit(12.0),
        "thirteen" => Unit(13.0),
        "fourteen" => Unit(14.0),
        "fifteen" => Unit(15.0),
        "sixteen" => Unit(16.0),
        "seventeen" => Unit(17.0),
        "eighteen" => Unit(18.0),
        "nineteen" => Unit(19.0),
        "twenty" => Unit(20.0),
        "thirty" => Unit(30.0),
        "forty" | "fourty" => Unit(40.0),
        "fifty" => Unit(50.0),
        "sixty" => Unit(60.0),
        "seventy" => Unit(70.0),
        "eighty" => Unit(80.0),
        "ninety" => Unit(90.0),
        "hundred" => Scale(1e2),
        "thousand" => Scale(1e3),
        "million" | "millions" => Scale(1e6),
        "billion" | "billions" | "bn" => Scale(1e9),
        "trillion" | "trillions" => Scale(1e12),
        "both" | "couple" | "pair" | "pairs" | "twice" | "double" | "doubled" | "half"
        | "either" | "twin" | "twins" => Loose(2.0),
        "triple" | "tripled" | "quarter" | "thrice" | "thirds" => Loose(3.0),
        "quarters" | "quadruple" => Loose(4.0),
        "tens" | "decade" | "decades" => Loose(10.0),
        "dozen" | "dozens" | "noon" | "midday" => Loose(12.0),
        "fortnight" => Loose(15.0),
        "score" => Loose(20.0),
        "twenties" => Loose(20.0),
        "thirties" => Loose(30.0),
        "forties" => Loose(40.0),
        "fifties" => Loose(50.0),
        "sixties" => Loose(60.0),
        "seventies" => Loose(70.0),
        "eighties" => Loose(80.0),
        "nineties" => Loose(90.0),
        "hundreds" | "century" | "centuries" => Loose(1e2),
        "thousands" | "millennium" => Loose(1e3),
        "midnight" => Loose(0.0),
        word => {
            let ordinal = word;
            let place = ORDINALS.iter().position(|o| *o == ordinal);
            let tens = || match english(&format!("{}y", ordinal.strip_suffix("ieth")?)) {
                Some(Unit(value)) => Some(value),
                _ => None,
            };
            let named = || month(word, ENGLISH_MONTHS);
            Loose(place.map(|p| p as f64).or_else(tens).or_else(named)?)
        }
    })
}

/// Whether `word` multiplies the number before it: *millions*, *thousand*, *M*.
pub fn is_scale(word: &str) -> bool {
    let words = [french(word), english(word)];
    words.iter().any(|w| matches!(w, Some(Scale(_)))) || abbreviation(word).is_some()
}

/// What an abbreviated scale multiplies by, whatever its case: *M*, *Md*, *bn*.
pub fn abbreviation(word: &str) -> Option<f64> {
    Some(match word {
        "k" => 1e3,
        "m" | "mio" | "mln" => 1e6,
        "md" | "mds" | "mrd" | "mia" | "bn" | "bln" => 1e9,
        "trn" => 1e12,
        _ => return None,
    })
}

/// The number of years or kings: *XXI* is 21. `None` for what is no Roman numeral below 50.
pub fn roman(written: &str) -> Option<f64> {
    let value = |letter| match letter {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        _ => None,
    };
    let values: Vec<i32> = written.chars().map(value).collect::<Option<_>>()?;
    if values.is_empty() || values.len() > 7 {
        return None;
    }
    let next = values.iter().skip(1).chain([&0]);
    let signed = values.iter().zip(next);
    let total: i32 = signed.map(|(&v, &n)| if v < n { -v } else { v }).sum();
    Some(f64::from(total))
}

/// Names of the months in French, in lower case.
pub const FRENCH_MONTHS: &[&[&str]] = &[
    &["janvier"],
    &["février", "fevrier"],
    &["mars"],
    &["avril"],
    &["mai"],
    &["juin"],
    &["juillet"],
    &["août", "aout"],
    &["septembre"],
    &["octobre"],
    &["novembre"],
    &["décembre", "decembre"],
];

/// Names of the months in English, in lower case.
pub const ENGLISH_MONTHS: &[&[&str]] = &[
    &["january", "jan"],
    &["february", "feb"],
    &["march", "mar"],
    &["april", "apr"],
    &["may"],
    &["june", "jun"],
    &["july", "jul"],
    &["august", "aug"],
    &["september", "sept", "sep"],
    &["october", "oct"],
    &["november", "nov"],
    &["december", "dec"],
];
