//! The decoder: one step extends hypotheses of many sentences by one piece each.

use super::cache::Cache;
use super::encoder::Source;
use super::kernels::{AttentionScratch, Positions};
use super::layers::{Embedding, Layers, Scratch};
use super::weights::Weights;

/// What the hypotheses of one sentence share while they grow.
#[derive(Debug)]
pub struct Target {
    source: Source,
    /// One a layer; every step of every hypothesis adds a position.
    caches: Vec<Cache>,
    positions: u32,
    /// For each position how much it looks at each piece of the source, `source.length` numbers;
    /// empty where it is not recorded.
    attention: Vec<f32>,
}

impl Target {
    /// Nothing translated yet.
    pub fn new(source: Source, weights: &Weights<'_>) -> Self {
        let caches = vec![Cache::new(weights, 0); weights.decoder.len()];
        Self {
            source,
            caches,
            positions: 0,
            attention: Vec::new(),
        }
    }

    /// Pieces of the source sentence, its end included.
    pub fn source_length(&self) -> usize {
        self.source.length
    }

    /// The place in the caches for a hypothesis's next step.
    pub fn next_position(&mut self) -> u32 {
        self.positions += 1;
        self.positions - 1
    }

    /// How much a recorded position looks at each piece of the source: see [`look`].
    pub fn attention(&self, position: u32) -> &[f32] {
        let length = self.source.length;
        &self.attention[position as usize * length..][..length]
    }
}

/// A hypothesis's next step.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// The number of its sentence in the list of targets.
    pub target: usize,
    /// Its last piece.
    pub piece: u32,
    /// Its places in the caches, from its first step to this one.
    pub path: &'a [u32],
}

/// Runs all `steps` through the decoder; the result has a row each. Steps must stand in the order
/// of their places in the caches.
pub fn advance(
    layers: Layers<'_>,
    weights: &Weights<'_>,
    embedding: &Embedding<'_>,
    steps: &[Step<'_>],
    targets: &mut [Target],
    record_attention: bool,
    scratch: &mut Scratch,
) -> Vec<f32> {
    let Layers { kernel, width } = layers;
    let looking = if record_attention {
        looking_layers(weights.decoder.len())
    } else {
        0
    };
    let mut rows = Vec::with_capacity(steps.len() * width);
    for step in steps {
        embedding.push(step.piece, step.path.len() - 1, &mut rows);
    }
    let mut attention_scratch = AttentionScratch::default();
    for (number, layer) in weights.decoder.iter().enumerate() {
        layers.project(&layer.attention, &rows, true, scratch);
        for (row, step) in steps.iter().enumerate() {
            if let Some(next) = steps.get(row + 1).filter(|next| next.target != step.target) {
                targets[next.target].caches[number].fetch();
            }
            let row = row * width..(row + 1) * width;
            let cache = &mut targets[step.target].caches[number];
            cache.push(
                kernel,
                &scratch.keys[row.clone()],
                &scratch.values[row.clone()],
            );
            let query = &scratch.queries[row.clone()];
            let path = Positions::Path(step.path);
            cache.attend(
                kernel,
                query,
                path,
                &mut attention_scratch,
                &mut scratch.mixed[row],
            );
        }
        layers.close_attention(&layer.attention, &mut rows, scratch);

        layers.project(&layer.cross, &rows, false, scratch);
        for (row, step) in steps.iter().enumerate() {
            if let Some(next) = steps.get(row + 1).filter(|next| next.target != step.target) {
                targets[next.target].source.caches[number].fetch();
            }
            let row = row * width..(row + 1) * width;
            let Target {
                source, attention, ..
            } = &mut targets[step.target];
            let query = &scratch.queries[row.clone()];
            let mixed = &mut scratch.mixed[row];
            source.caches[number].attend(
                kernel,
                query,
                Positions::All,
                &mut attention_scratch,
                mixed,
            );
            if number < looking {
                let place = step.path[step.path.len() - 1] as usize * source.length;
                attention.resize(attention.len().max(place + source.length), 0.0);
                look(
                    &attention_scratch.shares,
                    &mut attention[place..place + source.length],
                );
            }
        }
        layers.close_attention(&layer.cross, &mut rows, scratch);
        layers.feed_forward(&layer.feed_forward, &mut rows, scratch);
    }
    rows
}

/// The layers whose attention tells which source piece a target piece renders, at the step that
/// the target piece goes into: the first two thirds. (Those above look ahead, for the next piece.)
/// On half of the Hansards of HLT-NAACL 2003, which these choices were made on, the first four of
/// six layers err least.
fn looking_layers(layers: usize) -> usize {
    (layers * 2).div_ceil(3)
}

/// Adds the squares of the heads' `shares`, so that heads that look at one place count more than
/// those that look around.
fn look(shares: &[f32], into: &mut [f32]) {
    for head in shares.chunks_exact(into.len()) {
        for (sum, share) in into.iter_mut().zip(head) {
            *sum += share * share;
        }
    }
}
