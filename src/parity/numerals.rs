//! The numbers of a text with what they may stand for: *1 900*, *274.000*, *3,5 millions*, *XXe*,
//! *14h30*, *vingt-deux*, *the 1990s*.

use std::collections::HashSet;
use std::ops::Range;

use super::number_words::{NumberWord, abbreviation, english, french, roman};
use super::{Side, Word};
use crate::language::Language;

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Decimal comma; thousands parted by spaces or full stops.
    French,
    /// Decimal point; thousands parted by commas.
    English,
    /// Not known: either way.
    Other,
}

impl Style {
    /// How numbers are written in a language.
    pub fn of(language: &Language) -> Self {
        match language.code() {
            "fr" => Style::French,
            "en" => Style::English,
            _ => Style::Other,
        }
    }
}

/// A number in a text.
#[derive(Debug, Clone)]
pub struct Numeral {
    /// Its place in the text.
    pub bytes: Range<usize>,
    /// The first of its words.
    pub word: usize,
    /// What it stands for; the first is the plain reading.
    pub values: Vec<f64>,
    /// What it would stand for if its separator were meant the other way round.
    pub misread: Option<f64>,
    /// How much it binds the translation.
    pub kind: Kind,
}

impl Numeral {
    /// What it may be read as, in bits that leave room for rounding; the plain reading first.
    pub fn readings(&self) -> impl Iterator<Item = u64> {
        let values = self.values.iter().chain(&self.misread);
        values.map(|value| (value.to_bits() + (1 << 11)) >> 12)
    }
}

/// Those of `these` that bind a translation and that none of `those` can stand for.
pub fn unmatched(these: &[Numeral], those: &[Numeral]) -> Vec<Numeral> {
    let held: HashSet<u64> = those.iter().flat_map(Numeral::readings).collect();
    let lost = these
        .iter()
        .filter(|this| this.kind != Kind::Loose && !this.readings().any(|r| held.contains(&r)));
    lost.cloned().collect()
}

/// How much a number binds the translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In digits: the translation must have it.
    Digits,
    /// In words: the translation must not have another in its place.
    Words,
    /// May stand for a number on the other side; need not.
    Loose,
}

/// The numbers of a text, in order.
pub fn numerals(side: &Side, style: Style) -> Vec<Numeral> {
    let mut found = in_digits(side, style);
    let in_words = match style {
        Style::French => number_words(side, french),
        Style::English => number_words(side, english),
        Style::Other => Vec::new(),
    };
    let digits: HashSet<usize> = found.iter().map(|n| n.word).collect();
    found.extend(in_words.into_iter().filter(|n| !digits.contains(&n.word)));
    found.extend(roman_numerals(side));
    found.sort_by_key(|n| n.bytes.start);
    found
}

/// A run of digits with its separators.
struct Run {
    bytes: Range<usize>,
    /// The separator before each group (a space for the first) and the group's digits.
    groups: Vec<(char, String)>,
}

fn in_digits(side: &Side, style: Style) -> Vec<Numeral> {
    let mut numerals: Vec<Numeral> = Vec::new();
    for run in runs(side.text) {
        let context = Context::new(side, &run.bytes);
        let plain = |bytes: Range<usize>, value: f64| Numeral {
            bytes,
            word: context.word,
            values: vec![value],
            misread: None,
            kind: Kind::Digits,
        };
        // 6.30 a.m.
        let clock = side.text[run.bytes.end..].trim_start().get(..4);
        let clock = clock.is_some_and(|c| matches!(c, "a.m." | "p.m."))
            || clock.is_some_and(|c| c.starts_with("am") || c.starts_with("pm"));
        match read(&run, style).filter(|_| !clock || style != Style::English) {
            Some((value, misread)) => {
                let mut numeral = plain(run.bytes.clone(), value);
                numeral.misread = misread;
                context.interpret(&mut numeral, side, style);
                if let Some(last) = numerals.last_mut() {
                    join(last, &numeral, side);
                }
                numerals.push(numeral);
            }
            // A date, a version, an address: each group for itself.
            None => {
                let mut at = run.bytes.start;
                for (place, (separator, digits)) in run.groups.iter().enumerate() {
                    at += if place == 0 { 0 } else { separator.len_utf8() };
                    if let Ok(value) = digits.parse() {
                        numerals.push(plain(at..at + digits.len(), value));
                    }
                    at += digits.len();
                }
            }
        }
    }
    numerals
}

/// Runs of ASCII digits; a space joins groups of three, a full stop or comma any two.
fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = digits_end(bytes, at);
        let digits = || text[at..end].to_owned();
        let last = runs.last_mut().filter(|run| run.bytes.end < at);
        let joined = last.and_then(|run| {
            let mut between = text[run.bytes.end..at].chars();
            let separator = between.next().filter(|_| between.next().is_none())?;
            let spaced = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}');
            let groups = &run.groups;
            let first = groups.first().map_or(0, |(_, digits)| digits.len());
            let thousands = end - at == 3
                && first <= 3
                && groups
                    .iter()
                    .skip(1)
                    .all(|(s, d)| spaced(*s) && d.len() == 3);
            let joins = match separator {
                '.' | ',' => true,
                c if spaced(c) => thousands,
                '\'' | '’' => thousands || groups.len() == 1 && end - at == 3 && first <= 3,
                _ => false,
            };
            joins.then_some((run, separator))
        });
        match joined {
            Some((run, separator)) => {
                run.groups.push((separator, digits()));
                run.bytes.end = end;
            }
            None => runs.push(Run {
                bytes: at..end,
                groups: vec![(' ', digits())],
            }),
        }
        at = end;
    }
    runs
}

fn digits_end(bytes: &[u8], from: usize) -> usize {
    let length = bytes[from..]
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .count();
    from + length
}

/// The value of a run and, where its only separator may be meant either way, the other value.
/// `None` for what is no single number.
fn read(run: &Run, style: Style) -> Option<(f64, Option<f64>)> {
    let groups = &run.groups;
    let all: String = groups.iter().map(|(_, digits)| digits.as_str()).collect();
    let joined = || all.parse::<f64>().ok();
    let (last_separator, last) = groups.last()?;
    let decimal = || {
        let whole = &all[..all.len() - last.len()];
        format!("{whole}.{last}").parse::<f64>().ok()
    };
    let is_point = |c: char| matches!(c, '.' | ',');
    let threes = groups[1..].iter().all(|(_, digits)| digits.len() == 3) && groups[0].1.len() <= 3;
    if groups.len() == 1 || groups[1..].iter().all(|(s, _)| !is_point(*s)) {
        return Some((joined()?, None));
    }
    if groups.len() == 2 {
        if !threes || groups[0].1.starts_with('0') {
            return Some((decimal()?, None));
        }
        let thousands = match style {
            Style::French => *last_separator == '.',
            Style::English | Style::Other => *last_separator == ',',
        };
        let (plain, misread) = if thousands {
            (joined()?, decimal()?)
        } else {
            (decimal()?, joined()?)
        };
        return Some((plain, Some(misread)));
    }
    let same = groups[1..].iter().all(|(s, _)| s == last_separator);
    if same {
        return threes
            .then(|| joined().map(|value| (value, None)))
            .flatten();
    }
    let before = &groups[1..groups.len() - 1];
    let grouped = before
        .iter()
        .all(|(s, d)| s == &before[0].0 && d.len() == 3);
    if is_point(*last_separator) && grouped && before[0].0 != *last_separator {
        return Some((decimal()?, None));
    }
    None
}

/// What stands around a number.
struct Context {
    word: usize,
}

impl Context {
    fn new(side: &Side, bytes: &Range<usize>) -> Self {
        let word = side.words.partition_point(|w| w.bytes.end <= bytes.start);
        Self { word }
    }

    /// Takes in what the words around the number make of it.
    fn interpret(&self, numeral: &mut Numeral, side: &Side, style: Style) {
        let value = numeral.values[0];
        let after = &side.text[numeral.bytes.end..];
        let letters: String = after
            .chars()
            .take_while(|c| c.is_alphabetic())
            .take(8)
            .collect();
        let attached = letters.to_lowercase();
        // 14h30; hours of the afternoon are counted anew in English.
        let spaced = after.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        let hour = attached == "h" || spaced.starts_with("h ") || spaced.starts_with("heure");
        let clock = after
            .strip_prefix(':')
            .is_some_and(|m| m.starts_with(|c: char| c.is_ascii_digit()));
        if hour && style == Style::French || clock {
            if (13.0..=24.0).contains(&value) {
                numeral.values.push(value - 12.0);
            } else if value == 0.0 {
                numeral.values.push(12.0);
            }
            return;
        }
        let before = self.word.checked_sub(1).and_then(|w| side.words.get(w));
        let decade = before.is_some_and(|w| matches!(w.plain.as_str(), "années" | "ans"));
        if decade || attached == "s" {
            if value < 100.0 {
                numeral.values.push(1900.0 + value);
            } else {
                numeral.values.push(value % 100.0);
            }
            return;
        }
        let next = |count: usize| side.words.get(self.word + count).map(|w| w.plain.as_str());
        if style == Style::French {
            match (value as u32, next(1), next(2)) {
                // In French a week has eight days and a fortnight fifteen.
                (8, Some("jours"), _) => numeral.values.extend([7.0, 1.0]),
                (15, Some("jours"), _) => numeral.values.extend([14.0, 2.0]),
                // The eighth of a final is fought by the last sixteen.
                (_, Some("de"), Some("finale")) => numeral.values.push(2.0 * value),
                _ => {}
            }
        }
        if let Some((scale, end)) = scale_after(side, numeral, style) {
            // Under a million, scales may be spelt or not; the number may also stand alone (3M).
            numeral.misread = numeral.misread.map(|misread| misread * scale);
            numeral.values.insert(0, value * scale);
            let certain = side.text[numeral.bytes.end..end].trim().len() > 2;
            numeral.bytes.end = end;
            if certain {
                numeral.values.truncate(1);
            }
            // Two and a half million.
            if side.text[end..].trim_start().starts_with("et demi") {
                numeral.values.push((value + 0.5) * scale);
            }
        }
    }
}

/// What the words after a number multiply it by, and where they end.
fn scale_after(side: &Side, numeral: &Numeral, style: Style) -> Option<(f64, usize)> {
    let rest = &side.text[numeral.bytes.end..];
    let blank = rest.len()
        - rest
            .trim_start_matches([' ', '\u{a0}', '\u{202f}', '-'])
            .len();
    if blank > 3 {
        return None;
    }
    let start = numeral.bytes.end + blank;
    let letters = side.text[start..].chars().take_while(|c| c.is_alphabetic());
    let length: usize = letters.map(char::len_utf8).sum();
    let written = &side.text[start..start + length];
    let word = written.to_lowercase();
    let spelt = match style {
        Style::French => french(&word),
        Style::English => english(&word),
        Style::Other => None,
    };
    let mut end = start + length;
    let mut scale = match spelt {
        Some(NumberWord::Scale(scale))
            if scale >= 1e2 && (scale > 1e2 || style == Style::English) =>
        {
            scale
        }
        _ => {
            let initial = side.text[end..].starts_with('.');
            let shouted = written.starts_with(char::is_uppercase) || style == Style::English;
            abbreviation(&word).filter(|_| shouted && !initial)?
        }
    };
    // 300 mille milliards; 10 thousand million.
    let rest = &side.text[end..];
    let next: String = rest
        .trim_start()
        .chars()
        .take_while(|c| c.is_alphabetic())
        .collect();
    let again = match style {
        Style::French => french(&next.to_lowercase()),
        _ => english(&next.to_lowercase()),
    };
    if let Some(NumberWord::Scale(more)) = again
        && more >= 1e6
    {
        scale *= more;
        end += rest.len() - rest.trim_start().len() + next.len();
    }
    Some((scale, end))
}

/// Lets a number share the scale of the next (*3 à 5 millions*) and its century (*1939-45*).
fn join(earlier: &mut Numeral, later: &Numeral, side: &Side) {
    let Some(between) = side.text.get(earlier.bytes.end..later.bytes.start) else {
        return;
    };
    let linked = matches!(
        between.trim(),
        "à" | "et" | "ou" | "to" | "and" | "or" | "-" | "–" | "—" | "/"
    );
    if !linked {
        return;
    }
    if later.values[0] >= 1e3 && earlier.values[0] < 1e3 {
        for scale in [1e3, 1e6, 1e9, 1e12] {
            if later.values[0] >= scale && later.values[0] < scale * 1e3 {
                earlier.values.push(earlier.values[0] * scale);
            }
        }
    }
}

/// Numbers in words.
fn number_words(side: &Side, read: fn(&str) -> Option<NumberWord>) -> Vec<Numeral> {
    let mut found: Vec<Numeral> = Vec::new();
    let mut current: Option<Building> = None;
    let mut joinable = false;
    // Whether an *and* (or else an *et*) stands right before.
    let mut connected: Option<bool> = None;
    for (at, word) in side.words.iter().enumerate() {
        let gap = at.checked_sub(1).map_or("", |before| {
            &side.text[side.words[before].bytes.end..word.bytes.start]
        });
        if !gap.chars().all(|c| c.is_whitespace() || c == '-') {
            found.extend(current.take().map(|b| b.numeral(side)));
        }
        for part in word.plain.split('-') {
            match read(part) {
                Some(NumberWord::Loose(value)) => {
                    // *three decades*
                    if let Some(b) = current.as_mut().filter(|_| value >= 10.0) {
                        b.dozens = Some(value);
                    }
                    // *vingt et un*, *twenty-first*; else it ends what stands before.
                    let added = current.as_mut().is_some_and(|b| b.add(value, connected));
                    if let (true, Some(b)) = (added, current.as_mut()) {
                        b.last = at;
                    } else {
                        found.extend(current.take().map(|b| b.numeral(side)));
                        found.push(loose(word, at, value));
                        // *un million*, *a hundred*
                        joinable = value == 1.0;
                    }
                }
                Some(NumberWord::Unit(value)) => {
                    if !current.as_mut().is_some_and(|b| b.add(value, connected)) {
                        found.extend(current.take().map(|b| b.numeral(side)));
                        current = Some(Building::new(at, value));
                    }
                    if let Some(b) = &mut current {
                        b.last = at;
                    }
                    joinable = false;
                }
                Some(NumberWord::Scale(scale)) => {
                    match &mut current {
                        Some(b) => b.multiply(scale),
                        None => {
                            let mut building = Building::new(at, 0.0);
                            building.multiply(scale);
                            building.bare = !joinable && !matches!(part, "cent" | "mille");
                            current = Some(building);
                        }
                    }
                    if let Some(b) = &mut current {
                        b.last = at;
                    }
                    joinable = false;
                }
                None if current.is_some() && matches!(part, "et" | "and") => {
                    connected = Some(part == "and");
                    continue;
                }
                None => {
                    found.extend(current.take().map(|b| b.numeral(side)));
                    joinable = false;
                }
            }
            connected = None;
        }
    }
    found.extend(current.take().map(|b| b.numeral(side)));
    found
}

fn loose(word: &Word, at: usize, value: f64) -> Numeral {
    Numeral {
        bytes: word.bytes.clone(),
        word: at,
        values: vec![value],
        misread: None,
        kind: Kind::Loose,
    }
}

/// A number that is being put together from words.
struct Building {
    first: usize,
    last: usize,
    /// Whole groups of thousands.
    total: f64,
    /// The group in work.
    group: f64,
    /// Whether it began with a scale: *des millions*.
    bare: bool,
    /// What a collective right behind it counts: *three dozen*.
    dozens: Option<f64>,
}

impl Building {
    fn new(at: usize, value: f64) -> Self {
        Self {
            first: at,
            last: at,
            total: 0.0,
            group: value,
            bare: false,
            dozens: None,
        }
    }

    /// Adds a unit or tens where it fits: *vingt* + *deux*, *soixante* + *dix*. `connected` says
    /// whether an *and* (or else an *et*) stands between.
    fn add(&mut self, value: f64, connected: Option<bool>) -> bool {
        let rest = self.group % 100.0;
        let connects = match connected {
            None => true,
            Some(true) => rest == 0.0,
            Some(false) => value == 1.0 || value == 11.0,
        };
        if !connects {
            return false;
        }
        let fits = if value >= 100.0 || self.bare {
            false
        } else if rest == 4.0 && value == 20.0 {
            self.group += 76.0;
            return true;
        } else {
            rest == 0.0 && (self.group > 0.0 || self.total > 0.0)
                || rest >= 20.0 && rest % 10.0 == 0.0 && value < 10.0 && value > 0.0
                || (rest == 60.0 || rest == 80.0) && (10.0..20.0).contains(&value)
        };
        if fits {
            self.group += value;
        }
        fits
    }

    fn multiply(&mut self, scale: f64) {
        let group = if self.group == 0.0 { 1.0 } else { self.group };
        if scale < 1e3 {
            self.group = group * scale;
        } else if self.group == 0.0 && self.total > 0.0 {
            self.total *= scale;
        } else {
            self.total += group * scale;
            self.group = 0.0;
        }
    }

    fn numeral(self, side: &Side) -> Numeral {
        let value = self.total + self.group;
        let dozens = self.dozens.map(|dozens| dozens * value);
        Numeral {
            bytes: side.words[self.first].bytes.start..side.words[self.last].bytes.end,
            word: self.first,
            values: std::iter::once(value).chain(dozens).collect(),
            misread: None,
            kind: if self.bare { Kind::Loose } else { Kind::Words },
        }
    }
}

/// Roman numerals; those of centuries (*XXe*) must be kept.
fn roman_numerals(side: &Side) -> Vec<Numeral> {
    let mut found = Vec::new();
    for (at, word) in side.words.iter().enumerate() {
        let written = side.written(word);
        let capitals = written.trim_end_matches(|c: char| !c.is_ascii_uppercase());
        let ending = &written[capitals.len()..];
        if capitals == "I" && ending.is_empty() {
            continue;
        }
        let ordinal = matches!(
            ending,
            "e" | "ème" | "eme" | "es" | "th" | "st" | "nd" | "rd"
        );
        if !ordinal && !ending.is_empty() && ending != "er" {
            continue;
        }
        if let Some(value) = roman(capitals) {
            let kind = if ordinal && capitals.len() > 1 {
                Kind::Digits
            } else {
                Kind::Loose
            };
            found.push(Numeral {
                kind,
                ..loose(word, at, value)
            });
        }
    }
    found
}
