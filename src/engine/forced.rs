//! Forced decoding: what the model makes of a translation that is given.
//!
//! As the target is known, all its positions go through the decoder together.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::Engine;
use super::batch::is_never_produced;
use super::decoder::{self, Looking, Step, Target, Wanted};
use super::encoder::{self, PIECES_AT_ONCE};
use super::kernels::Kernel;
use super::layers::{Embedding, Layers, Scratch};
use super::output::{self, Block};
use super::profile::Profile;
use super::tokenizer::Piece;
use super::weights::Weights;
use crate::model::Error;
use crate::model::compiled::Config;
use crate::parallel::on_threads;

/// How many pieces count as usual ones: the first, as vocabularies are sorted by frequency. With
/// them a text of a few sentences has enough to choose from.
const USUAL: u32 = 4000;

/// A source and a target in pieces, without start and end.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Pieces of the source, as [`Engine::tokenizer`]'s `encode` gives them.
    pub source: Vec<Piece>,
    /// Pieces of the target, as its `encode_target` gives them.
    pub target: Vec<Piece>,
}

/// What is wanted of given translations.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The attention of heads with so much weight each, layer after layer from the lowest; those
    /// beyond the list have none. (A model that has a head which was trained to align gives that
    /// head's, whatever the weights.)
    pub heads: Option<&'a [f32]>,
    /// The probability of the target.
    pub probability: Probability,
    /// Threads that compute, at least 1. The result does not depend on them.
    pub threads: usize,
}

/// Whether the probability of a target is wanted, and among what it might have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probability {
    /// It is not wanted.
    Unasked,
    /// Among all pieces that the model can produce.
    OfAll,
    /// Among the pieces of all targets that are given together and the most usual ones: much
    /// faster, as most of a vocabulary is in no one text, and greater.
    AmongGiven,
}

/// What a model makes of a given translation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scored {
    /// The logarithm of the probability of each piece of the target and of its end. Empty where it
    /// was not asked for.
    pub each: Vec<f32>,
    /// For each piece of the target how much it looks at each piece of the source and, last, at
    /// its end: row-major, one row a piece of the target; on no particular scale. Heads count by
    /// the squares of their shares. Empty where it was not asked for.
    pub attention: Vec<f32>,
}

impl Scored {
    /// The logarithm of the probability of the target given the source: the sum over its pieces
    /// and its end.
    pub fn log_probability(&self) -> f32 {
        self.each.iter().sum()
    }
}

impl Engine {
    /// Runs given translations through the model, in order.
    ///
    /// What does not fit the model's positions (more than [`Engine::longest_sentence`] pieces on
    /// either side) is cut off; its attention is 0 and it does not count in the probability.
    /// `done` is called with a pair's number when it is done, from any thread.
    ///
    /// # Errors
    /// [`Error::Tensor`] as [`Engine::new`].
    pub fn score(
        &self,
        pairs: &[Given],
        asked: Asked<'_>,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Scored>, Error> {
        let weights = Weights::of(&self.model, &self.prepared)?;
        let mut every_piece: Vec<u32> = match asked.probability {
            Probability::Unasked => Vec::new(),
            Probability::OfAll => (0..weights.config.vocabulary as u32).collect(),
            Probability::AmongGiven => {
                let targets = pairs.iter().flat_map(|pair| &pair.target);
                let pieces = targets.map(|piece| piece.id);
                let usual = 0..USUAL.min(weights.config.vocabulary as u32);
                pieces.chain(usual).chain([weights.config.end]).collect()
            }
        };
        every_piece.retain(|&piece| !is_never_produced(weights.config, piece));
        every_piece.sort_unstable();
        every_piece.dedup();
        let mut order: Vec<usize> = (0..pairs.len()).collect();
        order.sort_by_key(|&pair| (pairs[pair].target.len(), pairs[pair].source.len()));
        let run = Run {
            weights: &weights,
            kernel: self.kernel,
            embedding: Embedding::new(&weights),
            every_piece: Block::new(&weights, every_piece),
            longest: self.longest_sentence(),
            groups: groups(pairs, &order),
            next: AtomicUsize::new(0),
            pairs,
            asked,
            done,
        };
        let threads = asked.threads.clamp(1, run.groups.len().max(1));
        let mut scored = vec![Scored::default(); pairs.len()];
        for (results, profile) in on_threads(threads, || run.work()) {
            self.add_profile(&profile);
            for (pair, result) in results {
                scored[pair] = result;
            }
        }
        Ok(scored)
    }

    /// The logits of every piece of the vocabulary at each step of `target`, whose first piece is
    /// the one that the model starts from: row *n* tells what the model expects after the pieces
    /// 0 ..= *n*. `source` holds the pieces of a sentence and its end.
    ///
    /// # Errors
    /// [`Error::Tensor`] as [`Engine::new`].
    ///
    /// # Panics
    /// Where a piece is not of the vocabulary, `source` is empty, or either side is longer than
    /// the model has positions.
    pub fn forced_logits(&self, source: &[u32], target: &[u32]) -> Result<Vec<Vec<f32>>, Error> {
        let weights = Weights::of(&self.model, &self.prepared)?;
        let embedding = Embedding::new(&weights);
        let layers = Layers::new(self.kernel, &weights);
        let every_piece = Block::new(&weights, (0..weights.config.vocabulary as u32).collect());
        let mut scratch = Scratch::default();
        let sources = encoder::encode(layers, &weights, &embedding, &[source], &mut scratch);
        let mut targets: Vec<Target> = sources
            .into_iter()
            .map(|source| Target::new(source, &weights))
            .collect();
        let wanted = Wanted::to_translate(&weights, false);
        let pieces = [target.to_vec()];
        let rows = advance(
            layers,
            &weights,
            &embedding,
            &pieces,
            &mut targets,
            wanted,
            &mut scratch,
        );
        let rows = rows.chunks_exact(layers.width);
        Ok(rows
            .map(|row| every_piece.logits_of(layers, row, &mut scratch))
            .collect())
    }
}

/// Pairs that are run together, by their numbers: neighbours in `order`.
fn groups(pairs: &[Given], order: &[usize]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let (mut source, mut target) = (PIECES_AT_ONCE, PIECES_AT_ONCE);
    for &pair in order {
        // With the piece that ends the one and starts the other.
        source += pairs[pair].source.len() + 1;
        target += pairs[pair].target.len() + 1;
        match groups.last_mut() {
            Some(group) if source.max(target) <= PIECES_AT_ONCE => group.push(pair),
            _ => {
                groups.push(vec![pair]);
                source = pairs[pair].source.len() + 1;
                target = pairs[pair].target.len() + 1;
            }
        }
    }
    // The longest first, so that no thread is left with them at the end.
    groups.reverse();
    groups
}

/// What the threads share.
struct Run<'a> {
    weights: &'a Weights<'a>,
    kernel: &'static dyn Kernel,
    embedding: Embedding,
    /// All pieces that can be produced; empty where no probability is wanted.
    every_piece: Block,
    longest: usize,
    groups: Vec<Vec<usize>>,
    next: AtomicUsize,
    pairs: &'a [Given],
    asked: Asked<'a>,
    done: &'a (dyn Fn(usize) + Sync),
}

impl Run<'_> {
    fn work(&self) -> (Vec<(usize, Scored)>, Profile) {
        let layers = Layers::new(self.kernel, self.weights);
        let mut scratch = Scratch::default();
        scratch.profile.start();
        let mut results = Vec::new();
        while let Some(group) = self.groups.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            let scored = self.score(layers, group, &mut scratch);
            for (&pair, scored) in group.iter().zip(scored) {
                results.push((pair, scored));
                (self.done)(pair);
            }
        }
        (results, scratch.profile)
    }

    fn score(&self, layers: Layers<'_>, group: &[usize], scratch: &mut Scratch) -> Vec<Scored> {
        let Self {
            weights, embedding, ..
        } = self;
        let config = weights.config;
        let cut = |pieces: &'_ [Piece]| -> Vec<u32> {
            let pieces = pieces.iter().take(self.longest);
            pieces.map(|piece| piece.id).collect()
        };
        let sources: Vec<Vec<u32>> = group
            .iter()
            .map(|&pair| {
                let mut ids = cut(&self.pairs[pair].source);
                ids.push(config.end);
                ids
            })
            .collect();
        // What goes into the decoder: what starts a target, then its pieces.
        let given: Vec<Vec<u32>> = group
            .iter()
            .map(|&pair| {
                let mut ids = vec![config.decoder_start];
                ids.extend(cut(&self.pairs[pair].target));
                ids
            })
            .collect();
        let texts: Vec<&[u32]> = sources.iter().map(Vec::as_slice).collect();
        let encoded = encoder::encode(layers, weights, embedding, &texts, scratch);
        let mut targets: Vec<Target> = encoded
            .into_iter()
            .map(|source| Target::new(source, weights))
            .collect();
        let wanted = self.wanted();
        let rows = advance(
            layers,
            weights,
            embedding,
            &given,
            &mut targets,
            wanted,
            scratch,
        );
        let mut scored = vec![Scored::default(); group.len()];
        let is_wanted = self.asked.probability != Probability::Unasked;
        if is_wanted {
            let next = |given: &Vec<u32>| {
                let pieces = given[1..].iter().copied();
                pieces.chain([config.end]).collect::<Vec<u32>>()
            };
            let next: Vec<u32> = given.iter().flat_map(next).collect();
            let each = output::log_probabilities(layers, &self.every_piece, &rows, &next, scratch);
            let mut each = each.into_iter();
            for (scored, given) in scored.iter_mut().zip(&given) {
                scored.each = each.by_ref().take(given.len()).collect();
            }
        }
        if wanted.looking.is_some() {
            // A head that was trained to align does so at the step that produces a piece.
            let later = usize::from(config.alignment.is_none());
            for (index, &pair) in group.iter().enumerate() {
                let Given { source, target } = &self.pairs[pair];
                let columns = source.len() + 1;
                let mut all = vec![0.0; target.len() * columns];
                let rows = all.chunks_exact_mut(columns).take(given[index].len() - 1);
                for (piece, row) in rows.enumerate() {
                    let seen = targets[index].attention((piece + later) as u32);
                    let (end, pieces) = seen.split_last().unwrap_or((&0.0, &[]));
                    row[..pieces.len()].copy_from_slice(pieces);
                    row[columns - 1] = *end;
                }
                scored[index].attention = all;
            }
        }
        for target in &mut targets {
            target.clear(&mut scratch.pool);
        }
        scored
    }

    /// What is recorded, and how far up the decoder has to be run for it.
    fn wanted(&self) -> Wanted<'_> {
        let config: &Config = self.weights.config;
        let looking = self.asked.heads.map(|heads| match config.alignment {
            Some(head) => Looking::Head(head),
            None => Looking::Heads(heads),
        });
        let all = self.weights.decoder.len();
        let seen = match looking {
            Some(Looking::Head(head)) => head.layer + 1,
            Some(Looking::Heads(heads)) => {
                let last = heads.iter().rposition(|&weight| weight != 0.0);
                last.map_or(0, |last| last / config.decoder_heads + 1)
            }
            _ => 0,
        };
        Wanted {
            looking,
            depth: if self.asked.probability != Probability::Unasked {
                all
            } else {
                seen.min(all)
            },
        }
    }
}

/// Runs pieces of given targets, each from what starts it, through the decoder. The result has a
/// row for each, target after target.
fn advance(
    layers: Layers<'_>,
    weights: &Weights<'_>,
    embedding: &Embedding,
    pieces: &[Vec<u32>],
    targets: &mut [Target],
    wanted: Wanted<'_>,
    scratch: &mut Scratch,
) -> Vec<f32> {
    let longest = pieces.iter().map(Vec::len).max().unwrap_or(0);
    let path: Vec<u32> = (0..longest as u32).collect();
    for (target, pieces) in targets.iter_mut().zip(pieces) {
        for _ in pieces {
            target.next_position();
        }
    }
    let steps = |target: usize, from: usize, to: usize| {
        let pieces: &[u32] = &pieces[target];
        let positions = from..to.min(pieces.len());
        let path = &path;
        positions.map(move |position| Step {
            target,
            piece: pieces[position],
            path: &path[..=position],
        })
    };
    let all = 0..pieces.len();
    if !weights.config.searched_as_student() {
        let steps: Vec<Step<'_>> = all.flat_map(|target| steps(target, 0, longest)).collect();
        return decoder::advance(layers, weights, embedding, &steps, targets, wanted, scratch);
    }
    // Each state of a recurrent unit is made of the one before.
    let mut rows: Vec<Vec<f32>> = pieces
        .iter()
        .map(|pieces| Vec::with_capacity(pieces.len() * layers.width))
        .collect();
    for position in 0..longest {
        let here = all.clone();
        let steps: Vec<Step<'_>> = here
            .flat_map(|target| steps(target, position, position + 1))
            .collect();
        let new = decoder::advance(layers, weights, embedding, &steps, targets, wanted, scratch);
        for (step, row) in steps.iter().zip(new.chunks_exact(layers.width)) {
            rows[step.target].extend_from_slice(row);
        }
    }
    rows.concat()
}
