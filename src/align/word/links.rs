//! From what words look at to links.

use super::attention::Shares;
use super::texts::Words;

/// What speaks for and against a link. How much each counts was fitted on the links of one story:
/// `docs/word-alignment.md`.
#[derive(Debug, Clone, Copy)]
struct Signals {
    /// For each unit of the logarithm of what two words look at of each other.
    together: f32,
    /// For what the next word of the source looks at of the next of the target, and the word before
    /// of the word before: words that go in order.
    in_order: f32,
    /// Where one is a word and the other a mark of punctuation.
    of_other_kinds: f32,
    /// For any two words.
    any: f32,
}

/// Where models of both directions tell.
const BOTH: Signals = Signals {
    together: 3.61,
    in_order: 1.62,
    of_other_kinds: 1.26,
    any: 3.17,
};
/// Where one tells alone.
const ONE: Signals = Signals {
    together: 3.3,
    in_order: 2.2,
    of_other_kinds: 2.6,
    any: 1.1,
};
/// Keeps logarithms from those of nothing.
const LITTLE: f32 = 1e-3;

/// What was learnt of the pairs speaks for a link from this strength on, against it below; how much
/// counts each unit of its logarithm, and what keeps that from nothing's. Chosen like the signals.
const LEARNT_FROM: f32 = 0.1;
const LEARNT: f32 = 0.6;
const LEARNT_LITTLE: f32 = 1e-2;

/// What tells how much two words belong to each other: of the target's words (a row each) by the
/// source's, of the source's by the target's, or of both.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told<'s> {
    pub forward: Option<&'s Shares>,
    pub backward: Option<&'s Shares>,
}

impl Told<'_> {
    /// For each source word and each target word how much they belong to each other, from 0 to 1.
    fn strengths(self, rows: usize, columns: usize) -> Vec<f32> {
        let mut strengths = vec![0.0f32; rows * columns];
        for (at, strength) in strengths.iter_mut().enumerate() {
            let (source, target) = (at / columns, at % columns);
            let there = self.forward.map(|shares| shares.get(target, source));
            let back = self.backward.map(|shares| shares.get(source, target));
            *strength = match (there, back) {
                (Some(there), Some(back)) => (there * back).sqrt(),
                (Some(share), None) | (None, Some(share)) => share,
                (None, None) => 0.0,
            };
        }
        strengths
    }
}

/// Links (source word, target word), sorted; by what is told, and what was learnt beside that.
pub(super) fn links(
    source: &Words<'_>,
    target: &Words<'_>,
    told: Told<'_>,
    learnt: Option<Told<'_>>,
) -> Vec<(u32, u32)> {
    let (rows, columns) = (source.len(), target.len());
    let strengths = told.strengths(rows, columns);
    let learnt = learnt.map(|learnt| learnt.strengths(rows, columns));
    let by_learnt = |at: usize| {
        let strength = learnt.as_ref().map_or(LEARNT_FROM, |learnt| learnt[at]);
        LEARNT * ((strength + LEARNT_LITTLE) / (LEARNT_FROM + LEARNT_LITTLE)).ln()
    };
    let signals = match told.forward.is_some() && told.backward.is_some() {
        true => BOTH,
        false => ONE,
    };
    let (source_marks, target_marks) = (marks(source), marks(target));
    let mut links = Vec::new();
    for (row, row_is_mark) in source_marks.iter().enumerate() {
        for (column, column_is_mark) in target_marks.iter().enumerate() {
            let at = row * columns + column;
            // What nothing speaks for but its neighbours is no link.
            if strengths[at] <= 0.0 {
                continue;
            }
            let before = match row > 0 && column > 0 {
                true => strengths[at - columns - 1],
                false => 0.0,
            };
            let after = match row + 1 < rows && column + 1 < columns {
                true => strengths[at + columns + 1],
                false => 0.0,
            };
            let is_other = f32::from(u8::from(row_is_mark != column_is_mark));
            let sum = signals.any
                + signals.together * (strengths[at] + LITTLE).ln()
                + signals.in_order * (before + after)
                - signals.of_other_kinds * is_other
                + by_learnt(at);
            if sum > 0.0 {
                links.push((row as u32, column as u32));
            }
        }
    }
    links
}

/// Which words are marks: without a letter or a digit.
fn marks(words: &Words<'_>) -> Vec<bool> {
    let is_mark = |word: &str| !word.chars().any(char::is_alphanumeric);
    words.iter().map(is_mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(rows: usize, columns: usize, numbers: &[f32]) -> Shares {
        Shares {
            numbers: numbers.to_vec(),
            rows,
            columns,
        }
    }

    #[test]
    fn both_must_look_at_each_other() {
        let (source, target) = (Words::apart("chat noir"), Words::apart("black cat"));
        let forward = shares(2, 2, &[0.1, 0.9, 0.9, 0.1]);
        let backward = shares(2, 2, &[0.2, 0.8, 0.95, 0.05]);
        let links =
            |forward, backward| super::links(&source, &target, Told { forward, backward }, None);
        assert_eq!(links(Some(&forward), Some(&backward)), [(0, 1), (1, 0)]);
        assert_eq!(links(Some(&forward), None), [(0, 1), (1, 0)]);
        assert_eq!(links(None, Some(&backward)), [(0, 1), (1, 0)]);
        let elsewhere = shares(2, 2, &[0.99, 0.01, 0.99, 0.01]);
        assert_eq!(links(Some(&forward), Some(&elsewhere)), [(1, 0)]);
        assert_eq!(links(None, None), []);
    }

    #[test]
    fn what_was_learnt_tips_the_scales() {
        let (source, target) = (Words::apart("un bâton"), Words::apart("a stick"));
        let doubtful = shares(2, 2, &[0.55, 0.45, 0.6, 0.4]);
        let told = Told {
            forward: Some(&doubtful),
            backward: Some(&doubtful),
        };
        let with = |learnt: &Shares| {
            let learnt = Told {
                forward: Some(learnt),
                backward: Some(learnt),
            };
            links(&source, &target, told, Some(learnt))
        };
        let sure = with(&shares(2, 2, &[1.0, 0.0, 0.0, 1.0]));
        assert_eq!(sure, [(0, 0), (1, 1)]);
        assert_ne!(links(&source, &target, told, None), sure);
    }

    #[test]
    fn where_there_are_no_words_there_are_no_links() {
        let (source, target) = (Words::apart(""), Words::apart("x"));
        let forward = shares(1, 0, &[]);
        let told = Told {
            forward: Some(&forward),
            backward: None,
        };
        assert_eq!(links(&source, &target, told, None), []);
    }
}
