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
}

impl Translator<'_> {
    /// What the model makes of each bead. Beads have sentences on both sides.
    pub(super) fn verdicts(
        &self,
        texts: [&[&str]; 2],
        beads: &[Candidate],
        threads: usize,
    ) -> Result<Vec<Verdict>, Error> {
        let (read, made) = match self.backwards {
            false => (0, 1),
            true => (1, 0),
        };
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
        Ok(scored.iter().map(Verdict::from).collect())
    }
}

impl From<&Scored> for Verdict {
    fn from(scored: &Scored) -> Self {
        let Some((end, pieces)) = scored.each.split_last() else {
            return Self::default();
        };
        let nats = |log: &f32| {
            let probable = UNEXPLAINED + (1.0 - UNEXPLAINED) * log.exp();
            (probable / (UNEXPLAINED + EXPECTED)).ln()
        };
        Self {
            nats: pieces.iter().map(nats).sum(),
            end: end.exp(),
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

    /// The pieces of a run, given as its first sentence and its length.
    fn run(&mut self, (start, length): (usize, usize)) -> Vec<Piece> {
        let mut run = Vec::new();
        for sentence in start..start + length {
            let text = self.texts[sentence];
            let pieces = self.pieces[sentence].get_or_insert_with(|| (self.cut)(text));
            run.extend_from_slice(pieces);
        }
        run
    }
}
