//! chrF and chrF++ of a corpus (Popović 2015, 2017), equal to sacreBLEU's (Post 2018).

use std::collections::HashMap;
use std::hash::Hash;

use super::VERSION;
use super::lines::is_space;

/// Longest character n-grams that count.
const CHARACTER_ORDER: usize = 6;

/// Weight of recall against precision.
const BETA: f64 = 2.0;

/// A chrF score and what it was computed with.
#[derive(Debug, Clone, PartialEq)]
pub struct ChrF {
    /// From 0 to 100.
    pub score: f64,
    /// Longest word n-grams that count: 0 for chrF, 2 for chrF++.
    pub word_order: usize,
    /// References to each hypothesis.
    pub references: usize,
}

impl ChrF {
    /// The metric's name: `chrF2`, with a plus for each word order.
    pub fn name(&self) -> String {
        format!("chrF{BETA}{}", "+".repeat(self.word_order))
    }

    /// What reproduces the score, in sacreBLEU's form.
    pub fn signature(&self) -> String {
        format!(
            "nrefs:{}|case:mixed|eff:yes|nc:{CHARACTER_ORDER}|nw:{}|space:no|version:{VERSION}",
            self.references, self.word_order
        )
    }
}

/// Counts of the n-grams of one order.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    hypothesis: usize,
    reference: usize,
    matching: usize,
}

/// The corpus chrF of `hypotheses` against one or more sets of references: character n-grams up
/// to 6 without white space, word n-grams up to `word_order`, case kept, recall weighted twice.
/// Of several references the one that fits best counts.
///
/// Each element of `references` is one set, with a line for each hypothesis; lines beyond the
/// shortest are left out (see [`super::Error::LineCounts`] for the callers' check).
pub fn chrf(hypotheses: &[&str], references: &[Vec<&str>], word_order: usize) -> ChrF {
    let mut sums = vec![Counts::default(); CHARACTER_ORDER + word_order];
    for (line, hypothesis) in hypotheses.iter().enumerate() {
        let hypothesis = Units::new(hypothesis, word_order);
        let mut best: Option<(f64, Vec<Counts>)> = None;
        for reference in references.iter().filter_map(|set| set.get(line)) {
            let counts = hypothesis.counts(&Units::new(reference, word_order), word_order);
            let score = f_score(&counts);
            if best.as_ref().is_none_or(|(highest, _)| score > *highest) {
                best = Some((score, counts));
            }
        }
        for (sum, counts) in sums.iter_mut().zip(best.into_iter().flat_map(|(_, c)| c)) {
            sum.hypothesis += counts.hypothesis;
            sum.reference += counts.reference;
            sum.matching += counts.matching;
        }
    }
    ChrF {
        score: f_score(&sums),
        word_order,
        references: references.len(),
    }
}

/// A line as the units that n-grams are made of.
struct Units {
    characters: Vec<char>,
    words: Vec<String>,
}

impl Units {
    fn new(line: &str, word_order: usize) -> Self {
        Self {
            characters: line.chars().filter(|&c| !is_space(c)).collect(),
            words: if word_order > 0 {
                words(line)
            } else {
                Vec::new()
            },
        }
    }

    fn counts(&self, reference: &Units, word_order: usize) -> Vec<Counts> {
        let characters = (1..=CHARACTER_ORDER)
            .map(|order| matches(&self.characters, &reference.characters, order));
        let words = (1..=word_order).map(|order| matches(&self.words, &reference.words, order));
        characters.chain(words).collect()
    }
}

/// The words of a line, with one punctuation mark parted from the end or else the start of each,
/// as chrF++ does.
fn words(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in line.split(is_space).filter(|word| !word.is_empty()) {
        let mut characters = word.chars();
        let (first, last) = (characters.next(), characters.next_back());
        match (first, last) {
            (_, Some(last)) if last.is_ascii_punctuation() => {
                found.push(word[..word.len() - 1].to_owned());
                found.push(last.to_string());
            }
            (Some(first), Some(_)) if first.is_ascii_punctuation() => {
                found.push(first.to_string());
                found.push(word[1..].to_owned());
            }
            _ => found.push(word.to_owned()),
        }
    }
    found
}

fn matches<T: Hash + Eq>(hypothesis: &[T], reference: &[T], order: usize) -> Counts {
    let mut allowed: HashMap<&[T], usize> = HashMap::new();
    for ngram in reference.windows(order) {
        *allowed.entry(ngram).or_default() += 1;
    }
    let total = |units: &[T]| (units.len() + 1).saturating_sub(order);
    let mut counts = Counts {
        // What no reference n-gram could match does not count.
        hypothesis: if allowed.is_empty() {
            0
        } else {
            total(hypothesis)
        },
        reference: total(reference),
        matching: 0,
    };
    for ngram in hypothesis.windows(order) {
        if let Some(left) = allowed.get_mut(ngram).filter(|left| **left > 0) {
            *left -= 1;
            counts.matching += 1;
        }
    }
    counts
}

/// The F-score, from 0 to 100, of the mean precision and recall of the orders that both texts
/// have n-grams of.
fn f_score(counts: &[Counts]) -> f64 {
    let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
    for order in counts {
        if order.hypothesis > 0 && order.reference > 0 {
            precision += order.matching as f64 / order.hypothesis as f64;
            recall += order.matching as f64 / order.reference as f64;
            orders += 1.0;
        }
    }
    if precision + recall == 0.0 {
        return 0.0;
    }
    let (precision, recall) = (precision / orders, recall / orders);
    let factor = BETA * BETA;
    100.0 * (1.0 + factor) * precision * recall / (factor * precision + recall)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_and_signatures() {
        let plain = chrf(&["a"], &[vec!["a"]], 0);
        assert_eq!(plain.name(), "chrF2");
        let plus = chrf(&["a"], &[vec!["a"], vec!["b"]], 2);
        assert_eq!(plus.name(), "chrF2++");
        assert_eq!(
            plus.signature(),
            format!("nrefs:2|case:mixed|eff:yes|nc:6|nw:2|space:no|version:{VERSION}")
        );
    }

    #[test]
    fn one_mark_is_parted_from_each_word() {
        assert_eq!(
            words("(hi) \"so well... é! - ,a"),
            [
                "(hi", ")", "\"", "so", "well..", ".", "é", "!", "-", ",", "a"
            ]
        );
    }

    proptest! {
        #[test]
        fn scores_lie_between_0_and_100_and_equal_texts_score_100(
            lines in prop::collection::vec("\\PC{0,20}", 1..4), word_order in 0usize..=2
        ) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let reversed: Vec<&str> = lines.iter().rev().copied().collect();
            let other = chrf(&lines, &[reversed], word_order).score;
            prop_assert!((0.0..=100.0 + 1e-9).contains(&other));
            let same = chrf(&lines, std::slice::from_ref(&lines), word_order).score;
            let any = lines.iter().any(|l| l.chars().any(|c| !is_space(c)));
            let expected = if any { 100.0 } else { 0.0 };
            prop_assert!((same - expected).abs() < 1e-9);
        }
    }
}
