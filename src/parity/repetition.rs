//! Words that follow themselves, and runs of words that come again and again.

use std::collections::HashMap;
use std::ops::Range;

use super::Side;

/// The longest repeated run of words that is looked for.
const LONGEST: usize = 12;

/// The words of a run that counts as repeated wherever it stands, and how often it must stand.
const SCATTERED: (usize, usize) = (4, 3);

/// Words that English doubles (*that that*, *had had*), and small talk.
const DOUBLED: &[&str] = &["that", "had", "is", "in", "very", "so", "no", "bye", "ha"];

/// A run of words that follows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loop {
    /// The first word.
    pub start: usize,
    /// Words of one round.
    pub period: usize,
    /// How often it stands.
    pub rounds: usize,
}

impl Loop {
    /// One past its last word.
    pub fn end(&self) -> usize {
        self.start + self.period * self.rounds
    }
}

/// A run of words that stands in several places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scattered {
    /// Its words, where it stands last.
    pub words: Range<usize>,
    /// How often it stands.
    pub times: usize,
}

/// The loops of `target` that have more rounds than any of `source`, in order.
pub fn unfounded_loops(source: &Side<'_>, target: &Side<'_>) -> Vec<Loop> {
    let mut found = loops(target);
    if !found.is_empty() {
        let allowed = loops(source).iter().map(|l| l.rounds).max().unwrap_or(1);
        found.retain(|l| l.rounds > allowed && !is_idiom(l, target));
    }
    found
}

/// *and more and more*
fn is_idiom(found: &Loop, side: &Side<'_>) -> bool {
    let mut words = side.words[found.start..found.end()].iter();
    (found.period, found.rounds) == (2, 2) && words.any(|word| word.plain == "and")
}

/// The most frequent run of words of `target`, where it stands oftener than any of `source` that is
/// a word shorter: what stands beside a word may change its form (*parler de*, *parler des*).
pub fn unfounded_scattered(source: &Side<'_>, target: &Side<'_>) -> Option<Scattered> {
    let (length, times) = SCATTERED;
    if target.words.len() < length + times - 1 {
        return None;
    }
    let (start, in_target) = most_frequent(target, length);
    (in_target >= times && in_target > most_frequent(source, length - 1).1).then(|| Scattered {
        words: start..start + length,
        times: in_target,
    })
}

/// The runs that follow themselves, in order, none within another.
fn loops(side: &Side<'_>) -> Vec<Loop> {
    let words = &side.words;
    // How many words from `at` on equal those one period later, for each period.
    let mut equal = [0usize; LONGEST + 1];
    let mut best: HashMap<usize, Loop> = HashMap::new();
    for at in (0..words.len()).rev() {
        for (period, run) in equal.iter_mut().enumerate().skip(1) {
            let same = words
                .get(at + period)
                .is_some_and(|later| later.plain == words[at].plain);
            *run = if same { *run + 1 } else { 0 };
            if *run < period || period == 1 && *run < 2 && !doubles_wrongly(side, at) {
                continue;
            }
            let rounds = *run / period + 1;
            let found = Loop {
                start: at,
                period,
                rounds,
            };
            let better = |held: &Loop| held.period * held.rounds < period * rounds;
            if best.get(&at).is_none_or(better) {
                best.insert(at, found);
            }
        }
    }
    let mut all: Vec<Loop> = best.into_values().collect();
    all.sort_by_key(|l| l.start);
    let mut end = 0;
    all.retain(|found| {
        let outside = found.start >= end;
        if outside {
            end = found.start + found.period * found.rounds;
        }
        outside
    });
    all
}

/// Whether word `at` and the next, which is the same, stand together and are no usual double.
fn doubles_wrongly(side: &Side<'_>, at: usize) -> bool {
    let (word, next) = (&side.words[at], &side.words[at + 1]);
    let between = &side.text[word.bytes.end..next.bytes.start];
    let named = side
        .written(word)
        .chars()
        .next()
        .is_some_and(char::is_uppercase);
    between.chars().all(char::is_whitespace)
        && word.plain.chars().all(char::is_alphabetic)
        && !named
        && !DOUBLED.contains(&word.plain.as_str())
}

/// Where the most frequent run of `count` words stands last, and how often it stands.
fn most_frequent(side: &Side<'_>, count: usize) -> (usize, usize) {
    let mut seen: HashMap<Vec<&str>, usize> = HashMap::new();
    let mut most = (0, 0);
    for (start, held) in side.words.windows(count).enumerate() {
        let run: Vec<&str> = held.iter().map(|w| w.plain.as_str()).collect();
        let times = seen.entry(run).or_default();
        *times += 1;
        if *times > most.1 {
            most = (start, *times);
        }
    }
    most
}
