//! `check/repetition`: words that the translation repeats and the source does not.

use std::collections::HashMap;

use super::pair::{MOST, Pair, Side};
use crate::bitext::{Flag, Severity};

/// The longest repeated run of words that is looked for.
const LONGEST: usize = 12;

/// The words of a run that counts as repeated wherever it stands, and how often it must stand.
const SCATTERED: (usize, usize) = (4, 3);

/// Words that English doubles (*that that*, *had had*), and small talk.
const DOUBLED: &[&str] = &["that", "had", "is", "in", "very", "so", "no", "bye", "ha"];

/// A run of words that follows itself.
struct Loop {
    /// The first word.
    start: usize,
    /// Words of one round.
    period: usize,
    /// How often it stands.
    rounds: usize,
}

pub(super) fn check(pair: &Pair, flags: &mut Vec<Flag>) {
    const ENTRY: &str = "check/repetition";
    let allowed = longest_loop(&pair.source);
    let mut flagged = 0;
    for found in loops(&pair.target).into_iter().take(MOST) {
        if found.rounds <= allowed {
            continue;
        }
        let last = found.start + found.period * found.rounds;
        flagged = last;
        let words = &pair.target.words;
        let once = &pair.target.text
            [words[found.start].bytes.start..words[found.start + found.period - 1].bytes.end];
        let times = match found.rounds {
            2 => "twice".to_owned(),
            rounds => format!("{rounds} times"),
        };
        let reason =
            format!("“{once}” stands {times} in a row; the source does not repeat itself so.");
        let bytes = words[found.start].bytes.start..words[last - 1].bytes.end;
        let source = pair.linked_source(found.start..last);
        flags.push(pair.flag(ENTRY, Severity::High, source, Some(bytes), reason));
    }
    if flagged > 0 {
        return;
    }
    let (words, times) = SCATTERED;
    let (_, in_source) = most_frequent(&pair.source, words);
    let (last_start, in_target) = most_frequent(&pair.target, words);
    if in_target >= times && in_target > in_source {
        let held = &pair.target.words[last_start..last_start + words];
        let bytes = held[0].bytes.start..held[words - 1].bytes.end;
        let reason = format!(
            "“{}” stands {in_target} times; the source does not repeat itself so.",
            &pair.target.text[bytes.clone()]
        );
        flags.push(pair.flag(ENTRY, Severity::Medium, None, Some(bytes), reason));
    }
}

/// The rounds of the source's longest loop, 1 where nothing is repeated.
fn longest_loop(side: &Side) -> usize {
    loops(side).iter().map(|l| l.rounds).max().unwrap_or(1)
}

/// The runs that follow themselves, in order, none within another.
fn loops(side: &Side) -> Vec<Loop> {
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
fn doubles_wrongly(side: &Side, at: usize) -> bool {
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
fn most_frequent(side: &Side, count: usize) -> (usize, usize) {
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
