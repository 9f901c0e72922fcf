//! BLEU of a corpus (Papineni et al. 2002), equal to sacreBLEU's (Post 2018).

use std::collections::HashMap;

use super::{VERSION, thirteen_a};

/// Longest n-grams that count.
const ORDER: usize = 4;

/// The logarithm that stands for a precision of nought, as in sacreBLEU.
const LOG_OF_ZERO: f64 = -9_999_999_999.0;

/// A BLEU score and what it was computed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Bleu {
    /// From 0 to 100.
    pub score: f64,
    /// Precision of 1-grams to 4-grams, from 0 to 100; smoothed where nothing matched.
    pub precisions: [f64; ORDER],
    /// The factor for hypotheses that are too short, from 0 to 1.
    pub brevity_penalty: f64,
    /// Tokens of the hypotheses.
    pub hypothesis_length: usize,
    /// Tokens of the closest references.
    pub reference_length: usize,
    /// References to each hypothesis.
    pub references: usize,
}

impl Bleu {
    /// What reproduces the score, in sacreBLEU's form.
    pub fn signature(&self) -> String {
        format!(
            "nrefs:{}|case:mixed|eff:no|tok:13a|smooth:exp|version:{VERSION}",
            self.references
        )
    }

    /// The parts of the score, in sacreBLEU's form.
    pub fn details(&self) -> String {
        let precisions = self.precisions.map(|p| format!("{p:.1}")).join("/");
        let ratio = match self.reference_length {
            0 => 0.0,
            length => self.hypothesis_length as f64 / length as f64,
        };
        format!(
            "{precisions} (BP = {:.3} ratio = {ratio:.3} hyp_len = {} ref_len = {})",
            self.brevity_penalty, self.hypothesis_length, self.reference_length
        )
    }
}

/// Counts over a corpus, from which BLEU is computed.
#[derive(Debug, Default)]
struct Counts {
    correct: [usize; ORDER],
    total: [usize; ORDER],
    hypothesis_length: usize,
    reference_length: usize,
}

/// The corpus BLEU of `hypotheses` against one or more sets of references: 13a tokens, case
/// kept, exponential smoothing (NIST's; Chen and Cherry 2014, method 3), all orders up to 4.
///
/// Each element of `references` is one set, with a line for each hypothesis; lines beyond the
/// shortest are left out (see [`super::Error::LineCounts`] for the callers' check).
pub fn bleu(hypotheses: &[&str], references: &[Vec<&str>]) -> Bleu {
    let mut counts = Counts::default();
    for (line, hypothesis) in hypotheses.iter().enumerate() {
        let candidates: Vec<&str> = references
            .iter()
            .filter_map(|set| set.get(line).copied())
            .collect();
        if candidates.len() == references.len() && !candidates.is_empty() {
            counts.add(hypothesis, &candidates);
        }
    }
    counts.score(references.len())
}

impl Counts {
    fn add(&mut self, hypothesis: &str, references: &[&str]) {
        let mut vocabulary = HashMap::new();
        let hypothesis = numbered(hypothesis, &mut vocabulary);
        let mut allowed: HashMap<Vec<u32>, usize> = HashMap::new();
        let mut closest: Option<usize> = None;
        for reference in references {
            let reference = numbered(reference, &mut vocabulary);
            for (ngram, count) in ngrams(&reference) {
                let most = allowed.entry(ngram.to_vec()).or_default();
                *most = count.max(*most);
            }
            let distance = |length: usize| (length.abs_diff(hypothesis.len()), length);
            closest = Some(match closest {
                Some(best) if distance(best) <= distance(reference.len()) => best,
                _ => reference.len(),
            });
        }
        self.hypothesis_length += hypothesis.len();
        self.reference_length += closest.unwrap_or(0);
        for (ngram, count) in ngrams(&hypothesis) {
            self.total[ngram.len() - 1] += count;
            let allowed = allowed.get(ngram).copied().unwrap_or(0);
            self.correct[ngram.len() - 1] += count.min(allowed);
        }
    }

    fn score(&self, references: usize) -> Bleu {
        let (hypothesis, reference) = (self.hypothesis_length, self.reference_length);
        let brevity_penalty = if hypothesis >= reference {
            1.0
        } else if hypothesis == 0 {
            0.0
        } else {
            (1.0 - reference as f64 / hypothesis as f64).exp()
        };
        let mut precisions = [0.0; ORDER];
        let mut score = 0.0;
        if self.correct.iter().any(|&count| count > 0) {
            let mut smoothing = 1.0;
            for (precision, (&correct, &total)) in precisions
                .iter_mut()
                .zip(self.correct.iter().zip(&self.total))
            {
                if total == 0 {
                    break;
                }
                *precision = if correct == 0 {
                    smoothing *= 2.0;
                    100.0 / (smoothing * total as f64)
                } else {
                    100.0 * correct as f64 / total as f64
                };
            }
            let log = |p: f64| if p == 0.0 { LOG_OF_ZERO } else { p.ln() };
            let mean = precisions.iter().map(|&p| log(p)).sum::<f64>() / ORDER as f64;
            score = brevity_penalty * mean.exp();
        }
        Bleu {
            score,
            precisions,
            brevity_penalty,
            hypothesis_length: hypothesis,
            reference_length: reference,
            references,
        }
    }
}

/// The tokens of a line as numbers, the same number for the same token.
fn numbered(line: &str, vocabulary: &mut HashMap<String, u32>) -> Vec<u32> {
    thirteen_a::tokens(line)
        .into_iter()
        .map(|token| {
            let next = vocabulary.len() as u32;
            *vocabulary.entry(token).or_insert(next)
        })
        .collect()
}

/// How often each n-gram of 1 to 4 tokens occurs.
fn ngrams(tokens: &[u32]) -> HashMap<&[u32], usize> {
    let mut counts = HashMap::new();
    for order in 1..=ORDER {
        for ngram in tokens.windows(order) {
            *counts.entry(ngram).or_default() += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_against_itself_is_100() {
        let text = ["One two three four five.", "Six, seven and eight."];
        let score = bleu(&text, &[text.to_vec()]);
        assert!((score.score - 100.0).abs() < 1e-9, "{score:?}");
        assert_eq!(
            score.signature(),
            format!("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:{VERSION}")
        );
    }

    #[test]
    fn nothing_in_common_or_nothing_at_all_is_0() {
        for (hypothesis, reference) in [("a b c d", "e f g h"), ("", "a"), ("a", ""), ("", "")] {
            let score = bleu(&[hypothesis], &[vec![reference]]);
            assert_eq!(score.score, 0.0, "{hypothesis:?} {reference:?}");
        }
    }

    proptest! {
        #[test]
        fn scores_lie_between_0_and_100(
            pairs in prop::collection::vec(("[abc.,1 é]{0,20}", "[abc.,1 é]{0,20}"), 0..4)
        ) {
            let (hypotheses, references): (Vec<&str>, Vec<&str>) =
                pairs.iter().map(|(h, r)| (h.as_str(), r.as_str())).unzip();
            let score = bleu(&hypotheses, &[references]).score;
            prop_assert!((0.0..=100.0 + 1e-9).contains(&score));
        }
    }
}
