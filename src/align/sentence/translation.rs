//! What a translation model makes of beads: how well it expects the one side when it is given the
//! other, found by forced decoding.

use super::doubt::Candidate;
use crate::engine::Engine;
use crate::engine::forced::{Asked, Given, Probability, Scored};
use crate::engine::tokenizer::Piece;
use crate::model::Error;

/// The share of pieces that are taken to come from nowhere: translators are free with them.
const UNEXPLAINED: f32 = 0.1;
/// How probable a piece must be to speak for a bead, beyond [`UNEXPLAINED`].
const EXPECTED: f32 = 0.03;
/// The nats that a piece of a sentence must have on average for the sentence to be explained.
const EXPLAINED: f32 = 0.7;

/// A model that translates between the texts' languages.
#[derive(Debug, Clone, Copy)]
pub struct Translator<'e> {
    /// The model.
    pub engine: &'e Engine,
    /// Whether it translates the target back; else it translates the source.
    pub backwards: bool,
}

/// What a model makes of a bead.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Verdict {
    /// By how many nats the pieces are more probable than they must be to speak for the bead.
    pub nats: f32,
    /// How probable it is that the translation ends where the bead does.
    pub end: f32,
    /// By how much sentences are not explained, where the translation has several: what each lacks
    /// of [`EXPLAINED`], times the logarithm of its pieces and one.
    pub unexplained: f32,
}

impl Translator<'_> {
    /// The side that the model makes of the other: 0 for the source, 1 for the target.
    pub(super) fn made(&self) -> usize {
        usize::from(!self.backwards)
    }

    /// What the model makes of each bead. Beads have sentences on both sides.
    pub(super) fn verdicts(
        &self,
        texts: [&[&str]; 2],
        beads: &[Candidate],
        threads: usize,
    ) -> Result<Vec<Verdict>, Error> {
        let made = self.made();
        let read = 1 - made;
        let tokenizer = self.engine.tokenizer();
        let mut sources = Sentences::new(texts[read], |text| tokenizer.encode(text));
        let mut targets = Sentences::new(texts[made], |text| tokenizer.encode_target(text));
        let given = beads.iter().map(|bead| {
            let runs = bead.runs();
            Given {
                source: sources.run(runs[read]),
                target: targets.run(runs[made]),
            }
        });
        let given: Vec<Given> = given.collect();
        let asked = Asked {
            heads: None,
            probability: Probability::AmongGiven,
            threads,
        };
        let scored = self.engine.score(&given, asked, &|_| ())?;
        let verdicts = scored.iter().zip(beads).map(|(scored, bead)| {
            let (start, length) = bead.runs()[made];
            let sentences = start..start + length;
            let lengths: Vec<usize> = sentences.map(|one| targets.pieces(one).len()).collect();
            Verdict::new(scored, &lengths)
        });
        Ok(verdicts.collect())
    }
}

impl Verdict {
    /// From the probabilities of the pieces of so many sentences of so many pieces each.
    fn new(scored: &Scored, lengths: &[usize]) -> Self {
        let Some((end, pieces)) = scored.each.split_last() else {
            return Self::default();
        };
        let nats = |log: &f32| {
            let probable = UNEXPLAINED + (1.0 - UNEXPLAINED) * log.exp();
            (probable / (UNEXPLAINED + EXPECTED)).ln()
        };
        let pieces: Vec<f32> = pieces.iter().map(nats).collect();
        let mut unexplained = 0.0;
        let mut rest = pieces.as_slice();
        for &length in lengths {
            // What is too long for the model is cut off.
            let (sentence, after) = rest.split_at(length.min(rest.len()));
            rest = after;
            if lengths.len() > 1 && !sentence.is_empty() {
                let count = sentence.len() as f32;
                let mean = sentence.iter().sum::<f32>() / count;
                unexplained += (EXPLAINED - mean).max(0.0) * (1.0 + count).ln();
            }
        }
        Self {
            nats: pieces.iter().sum(),
            end: end.exp(),
            unexplained,
        }
    }
}

/// Sentences' pieces, cut when they are first asked for.
struct Sentences<'a, F> {
    texts: &'a [&'a str],
    cut: F,
    pieces: Vec<Option<Vec<Piece>>>,
}

impl<'a, F: Fn(&str) -> Vec<Piece>> Sentences<'a, F> {
    fn new(texts: &'a [&'a str], cut: F) -> Self {
        Self {
            texts,
            cut,
            pieces: vec![None; texts.len()],
        }
    }

    /// The pieces of a sentence.
    fn pieces(&mut self, sentence: usize) -> &[Piece] {
        let text = self.texts[sentence];
        self.pieces[sentence].get_or_insert_with(|| (self.cut)(text))
    }

    /// The pieces of a run, given as its first sentence and its length.
    fn run(&mut self, (start, length): (usize, usize)) -> Vec<Piece> {
        let mut run = Vec::new();
        for sentence in start..start + length {
            run.extend_from_slice(self.pieces(sentence));
        }
        run
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_nothing_explains_is_told_among_several() {
        let sure = 0.0;
        let unlikely = -9.0;
        let scored = Scored {
            each: vec![sure, sure, unlikely, unlikely, unlikely, sure],
            attention: Vec::new(),
        };
        let verdict = |lengths: &[usize]| Verdict::new(&scored, lengths);
        assert!(verdict(&[2, 3]).unexplained > 1.0);
        assert_eq!(verdict(&[5]).unexplained, 0.0);
        assert_eq!(verdict(&[2]).unexplained, 0.0);
        // A sentence beyond what the model takes is neither for nor against.
        assert_eq!(verdict(&[2, 3, 4]), verdict(&[2, 3]));
        assert_eq!(verdict(&[2, 3]).nats, verdict(&[5]).nats);
        assert_eq!(verdict(&[2, 3]).end, 1.0);
    }
}
