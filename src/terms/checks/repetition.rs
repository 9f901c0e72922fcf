//! `check/repetition`: words that the translation repeats and the source does not.

use super::pair::{MOST, Pair};
use crate::bitext::{Flag, Severity};
use crate::parity::repetition::{unfounded_loops, unfounded_scattered};

pub(super) fn check(pair: &Pair, flags: &mut Vec<Flag>) {
    const ENTRY: &str = "check/repetition";
    let words = &pair.target.words;
    let found = unfounded_loops(&pair.source, &pair.target);
    for found in found.iter().take(MOST) {
        let bytes = |from: usize, to: usize| words[from].bytes.start..words[to - 1].bytes.end;
        let once = &pair.target.text[bytes(found.start, found.start + found.period)];
        let times = match found.rounds {
            2 => "twice".to_owned(),
            rounds => format!("{rounds} times"),
        };
        let reason =
            format!("“{once}” stands {times} in a row; the source does not repeat itself so.");
        let source = pair.linked_source(found.start..found.end());
        let target = Some(bytes(found.start, found.end()));
        flags.push(pair.flag(ENTRY, Severity::High, source, target, reason));
    }
    if !found.is_empty() {
        return;
    }
    if let Some(found) = unfounded_scattered(&pair.source, &pair.target) {
        let bytes = words[found.words.start].bytes.start..words[found.words.end - 1].bytes.end;
        let reason = format!(
            "“{}” stands {} times; the source does not repeat itself so.",
            &pair.target.text[bytes.clone()],
            found.times
        );
        flags.push(pair.flag(ENTRY, Severity::Medium, None, Some(bytes), reason));
    }
}
