//! Precision, recall and F1 of sentence boundaries.
//!
//! The gold sentences are joined by one space each and split anew. A boundary is the place between
//! two of the text's characters that are no white space; the end of the text is none, since every
//! splitter finds it.

use std::collections::BTreeSet;
use std::ops::{AddAssign, Range};

use super::{VERSION, share};

/// How many boundaries were found and how many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Boundaries {
    /// Boundaries of the gold sentences.
    pub gold: usize,
    /// Boundaries found.
    pub found: usize,
    /// Boundaries found that are gold.
    pub correct: usize,
}

impl Boundaries {
    /// The share of the boundaries found that are gold; 1 where none is found.
    pub fn precision(&self) -> f64 {
        share(self.correct, self.found, 1.0)
    }

    /// The share of the gold boundaries that are found; 1 where there is none.
    pub fn recall(&self) -> f64 {
        share(self.correct, self.gold, 1.0)
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        share(2 * self.correct, self.found + self.gold, 1.0)
    }
}

impl AddAssign for Boundaries {
    fn add_assign(&mut self, other: Self) {
        self.gold += other.gold;
        self.found += other.found;
        self.correct += other.correct;
    }
}

/// How the scores came about: `splitter` names what split the text.
pub fn signature(splitter: &str) -> String {
    format!("joined:space|final:no|splitter:{splitter}|version:{VERSION}")
}

/// The sentences of a gold file as one text.
pub fn join(gold: &[&str]) -> String {
    let trimmed: Vec<&str> = gold.iter().map(|sentence| sentence.trim()).collect();
    trimmed.join(" ")
}

/// A tool's text is not that of the gold sentences.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line} of the hypothesis reads “{found}” where the gold sentences go on with \
     “{expected}”; both must be the same text but for white space"
)]
pub struct DifferentText {
    /// The line of the hypothesis, 1-based.
    pub line: usize,
    /// What stands there, up to a few words.
    pub found: String,
    /// What should.
    pub expected: String,
}

/// Scores the sentences `found` against the sentences `gold` of the same text.
///
/// # Errors
/// [`DifferentText`] where the two are not the same text up to white space.
pub fn compare(gold: &[&str], found: &[&str]) -> Result<Boundaries, DifferentText> {
    check_same_text(gold, found)?;
    let (gold, found) = (inner_ends(gold), inner_ends(found));
    Ok(Boundaries {
        gold: gold.len(),
        found: found.len(),
        correct: gold.intersection(&found).count(),
    })
}

/// The sentences that byte `ranges` of `text` hold.
pub fn sentences<'a>(text: &'a str, ranges: &[Range<usize>]) -> Vec<&'a str> {
    let sentence = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
    ranges.iter().map(sentence).collect()
}

/// Where each sentence but the last ends, in characters that are no white space.
fn inner_ends(sentences: &[&str]) -> BTreeSet<usize> {
    let mut at = 0;
    let mut ends = BTreeSet::new();
    for sentence in sentences {
        at += solid(sentence).count();
        ends.insert(at);
    }
    ends.remove(&at);
    ends.remove(&0);
    ends
}

fn solid(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace())
}

fn check_same_text(gold: &[&str], found: &[&str]) -> Result<(), DifferentText> {
    let places = |sentences: &[&str]| -> Vec<(usize, usize, char)> {
        let mut places = Vec::new();
        for (line, sentence) in sentences.iter().enumerate() {
            let chars = sentence.char_indices();
            let solid = chars.filter(|(_, c)| !c.is_whitespace());
            places.extend(solid.map(|(at, c)| (line, at, c)));
        }
        places
    };
    let (gold_places, found_places) = (places(gold), places(found));
    let same = gold_places
        .iter()
        .zip(&found_places)
        .take_while(|(gold, found)| gold.2 == found.2)
        .count();
    if same == gold_places.len() && same == found_places.len() {
        return Ok(());
    }
    let excerpt = |sentences: &[&str], place: Option<&(usize, usize, char)>| {
        let Some(&(line, at, _)) = place else {
            return "(its end)".to_owned();
        };
        let rest = sentences.get(line).and_then(|s| s.get(at..));
        rest.unwrap_or_default().chars().take(30).collect()
    };
    Err(DifferentText {
        line: found_places
            .get(same)
            .map_or(found.len().max(1), |&(line, ..)| line + 1),
        found: excerpt(found, found_places.get(same)),
        expected: excerpt(gold, gold_places.get(same)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_are_compared_whatever_the_white_space() {
        let gold = ["Il est là.", "« Oui »", "Fin.", "Non."];
        let cases: &[(&[&str], usize, usize)] = &[
            (&["Il est là.", "« Oui »", "Fin.", "Non."], 3, 3),
            (&["Il est là. ", "«\u{a0}Oui\u{a0}» Fin. ", "Non."], 2, 2),
            (&["Il est là. « Oui » Fin. Non."], 0, 0),
            (&["Il", "est là.", "", "« Oui »", " ", "Fin.", "Non."], 4, 3),
        ];
        for (found, count, correct) in cases {
            let scores = compare(&gold, found).unwrap();
            let expected = Boundaries {
                gold: 3,
                found: *count,
                correct: *correct,
            };
            assert_eq!(scores, expected, "{found:?}");
        }
    }

    #[test]
    fn precision_recall_and_their_mean() {
        let scores = Boundaries {
            gold: 5,
            found: 4,
            correct: 3,
        };
        assert_eq!((scores.precision(), scores.recall()), (0.75, 0.6));
        assert!((scores.f1() - 2.0 / 3.0).abs() < 1e-12);
        let nothing = Boundaries::default();
        assert_eq!((nothing.precision(), nothing.f1()), (1.0, 1.0));
    }

    #[test]
    fn another_text_is_no_hypothesis() {
        let gold = ["Un. ", "Deux."];
        let error = |found: &[&str]| compare(&gold, found).unwrap_err().to_string();
        assert_eq!(
            error(&["Un.", "Trois."]),
            "line 2 of the hypothesis reads “Trois.” where the gold sentences go on with \
             “Deux.”; both must be the same text but for white space"
        );
        assert!(error(&["Un."]).contains("reads “(its end)” where"), "short");
        assert!(error(&["Un. Deux. Trois."]).contains("go on with “(its end)”"));
        assert!(error(&[]).starts_with("line 1"));
    }
}
