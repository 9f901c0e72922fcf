//! The decoder: one step extends hypotheses of many sentences by one piece each.

use super::cache::{Asked, Cache};
use super::encoder::Source;
use super::kernels::{AttentionScratch, Pool, Positions};
use super::layers::{Embedding, Layers, Scratch};
use super::profile::Stage;
use super::weights::{Past, Weights};
use crate::model::compiled::AlignmentHead;

/// What the hypotheses of one sentence share while they grow.
#[derive(Debug)]
pub struct Target {
    source: Source,
    /// One a layer; every step of every hypothesis adds a position.
    pasts: Vec<Remembered>,
    /// For each position its place in `pasts`, which later ones may take over.
    places: Vec<u32>,
    /// For each place whether a hypothesis that lives needs it.
    taken: Vec<bool>,
    /// For each position how much it looks at each piece of the source, `source.length` numbers;
    /// empty where it is not recorded.
    attention: Vec<f32>,
}

/// What a layer keeps of the target so far.
#[derive(Debug)]
enum Remembered {
    /// Keys and values of all positions.
    Attention(Cache),
    /// The states after all positions, a row each.
    States(Vec<f32>),
}

impl Target {
    /// Nothing translated yet.
    pub fn new(source: Source, weights: &Weights<'_>) -> Self {
        let remembered = |past: &Past<'_>| match past {
            Past::Attention(_) => Remembered::Attention(Cache::new(weights, 0)),
            Past::Ssru(_) => Remembered::States(Vec::new()),
        };
        let layers = weights.decoder.iter();
        let pasts = layers.map(|layer| remembered(&layer.past)).collect();
        Self {
            source,
            pasts,
            places: Vec::new(),
            taken: Vec::new(),
            attention: Vec::new(),
        }
    }

    /// Gives the pool back what it has of it, at the sentence's end.
    pub fn clear(&mut self, pool: &mut Pool) {
        let pasts = self.pasts.iter_mut().filter_map(|past| match past {
            Remembered::Attention(cache) => Some(cache),
            Remembered::States(_) => None,
        });
        for cache in pasts.chain(&mut self.source.caches) {
            cache.clear(pool);
        }
    }

    /// Pieces of the source sentence, its end included.
    pub fn source_length(&self) -> usize {
        self.source.length
    }

    /// A position for a hypothesis's next step.
    pub fn next_position(&mut self) -> u32 {
        let free = self.taken.iter().position(|taken| !taken);
        let place = free.unwrap_or(self.taken.len());
        self.taken.resize(self.taken.len().max(place + 1), false);
        self.taken[place] = true;
        self.places.push(place as u32);
        self.places.len() as u32 - 1
    }

    /// Lets positions to come take the places of those that stand in none of these paths. (Of what
    /// they attend to, most would be of hypotheses that live no more.)
    pub fn keep<'a>(&mut self, paths: impl Iterator<Item = &'a [u32]>) {
        self.taken.fill(false);
        for &position in paths.flatten() {
            self.taken[self.places[position as usize] as usize] = true;
        }
    }

    /// How much a recorded position looks at each piece of the source: see [`Looking`].
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
    /// Its positions, from its first step to this one.
    pub path: &'a [u32],
}

/// What a pass through the decoder is for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// What is recorded of the attention to the source, if anything.
    pub looking: Option<Looking<'a>>,
    /// The layers that are run, from the lowest.
    pub depth: usize,
}

impl Wanted<'_> {
    /// To translate: all layers, and where wanted the attention that word links are made of.
    pub fn to_translate(weights: &Weights<'_>, links: bool) -> Self {
        Self {
            looking: links.then(|| Looking::of(weights)),
            depth: weights.decoder.len(),
        }
    }
}

/// Runs all `steps` through the decoder; the result has a row each. A decoder that attends to what it
/// has produced may take several steps of one hypothesis at once, in their order, where they are
/// known.
pub fn advance(
    layers: Layers<'_>,
    weights: &Weights<'_>,
    embedding: &Embedding,
    steps: &[Step<'_>],
    targets: &mut [Target],
    wanted: Wanted<'_>,
    scratch: &mut Scratch,
) -> Vec<f32> {
    let Layers { kernel, width, .. } = layers;
    let Wanted { looking, depth } = wanted;
    let mut rows = Vec::with_capacity(steps.len() * width);
    for step in steps {
        embedding.push(
            &weights.embedding,
            step.piece,
            step.path.len() - 1,
            &mut rows,
        );
    }
    scratch.profile.lap(Stage::Embedding, 0);
    let attended: usize = steps.iter().map(|step| step.path.len()).sum();
    let in_source: usize = steps
        .iter()
        .map(|step| targets[step.target].source.length)
        .sum();
    // The places of the paths' positions, one path's after the other's.
    let places: Vec<u32> = steps
        .iter()
        .flat_map(|step| {
            let places = &targets[step.target].places;
            step.path.iter().map(|&position| places[position as usize])
        })
        .collect();
    let mut attention_scratch = AttentionScratch::default();
    for (number, layer) in weights.decoder.iter().take(depth).enumerate() {
        match &layer.past {
            Past::Attention(attention) => {
                let projections = attention.asking_size() + attention.memory_size();
                layers.project(attention, &rows, true, scratch);
                let stage = Stage::DecoderProjections;
                scratch.profile.lap(stage, steps.len() * projections);
                for (row, (step, path)) in with_places(steps, &places).enumerate() {
                    let place = path[path.len() - 1] as usize;
                    let next = next_target(steps, row);
                    let row = row * width..(row + 1) * width;
                    let keys = &scratch.keys[row.clone()];
                    let values = &scratch.values[row.clone()];
                    let query = &scratch.queries[row.clone()];
                    if let Remembered::Attention(cache) = &mut targets[step.target].pasts[number] {
                        cache.write(kernel, place, keys, values, &mut scratch.pool);
                    }
                    let cache = |target: usize| match &targets[target].pasts[number] {
                        Remembered::Attention(cache) => Some(cache),
                        Remembered::States(_) => None,
                    };
                    if let Some(past) = cache(step.target) {
                        let asked = Asked {
                            pool: &scratch.pool,
                            positions: Positions::Path(path),
                            next: next.and_then(cache),
                            tell_shares: false,
                        };
                        let mixed = &mut scratch.mixed[row];
                        past.attend(kernel, query, asked, &mut attention_scratch, mixed);
                    }
                }
                let stage = Stage::TargetAttention;
                scratch.profile.lap(stage, 2 * attended * width);
                layers.close_attention(attention, &mut rows, scratch);
            }
            Past::Ssru(unit) => {
                scratch.states.clear();
                scratch.states.resize(rows.len(), 0.0);
                let states = scratch.states.chunks_exact_mut(width);
                for ((step, path), state) in with_places(steps, &places).zip(states) {
                    let past = &targets[step.target].pasts[number];
                    if let (Remembered::States(all), [.., parent, _]) = (past, path) {
                        state.copy_from_slice(&all[*parent as usize * width..][..width]);
                    }
                }
                layers.recur(unit, &mut rows, scratch);
                let states = scratch.states.chunks_exact(width);
                for ((step, path), state) in with_places(steps, &places).zip(states) {
                    let past = &mut targets[step.target].pasts[number];
                    if let (Remembered::States(all), [.., place]) = (past, path) {
                        let start = *place as usize * width;
                        all.resize(all.len().max(start + width), 0.0);
                        all[start..start + width].copy_from_slice(state);
                    }
                }
                let projections = unit.input.size() + unit.forget.size();
                let stage = Stage::DecoderProjections;
                scratch.profile.lap(stage, steps.len() * projections);
            }
        }

        layers.project(&layer.cross, &rows, false, scratch);
        let stage = Stage::DecoderProjections;
        scratch
            .profile
            .lap(stage, steps.len() * layer.cross.asking_size());
        for (row, step) in steps.iter().enumerate() {
            let cache = |target: usize| &targets[target].source.caches[number];
            let asked = Asked {
                pool: &scratch.pool,
                positions: Positions::All,
                next: next_target(steps, row).map(cache),
                tell_shares: looking.is_some_and(|looking| looking.wants(number)),
            };
            let row = row * width..(row + 1) * width;
            let query = &scratch.queries[row.clone()];
            let mixed = &mut scratch.mixed[row];
            cache(step.target).attend(kernel, query, asked, &mut attention_scratch, mixed);
            let Target {
                source, attention, ..
            } = &mut targets[step.target];
            if let Some(looking) = looking {
                let place = step.path[step.path.len() - 1] as usize * source.length;
                attention.resize(attention.len().max(place + source.length), 0.0);
                if looking.wants(number) {
                    let into = &mut attention[place..place + source.length];
                    looking.record(number, &attention_scratch.shares, into);
                }
            }
        }
        let stage = Stage::SourceAttention;
        scratch.profile.lap(stage, 2 * in_source * width);
        layers.close_attention(&layer.cross, &mut rows, scratch);
        scratch.profile.lap(Stage::DecoderProjections, 0);
        layers.feed_forward(&layer.feed_forward, &mut rows, scratch);
        let stage = Stage::DecoderFeedForward;
        scratch
            .profile
            .lap(stage, steps.len() * layer.feed_forward.size());
    }
    rows
}

/// The steps, each with its part of `places`: those of its path.
fn with_places<'a>(
    steps: &'a [Step<'a>],
    mut places: &'a [u32],
) -> impl Iterator<Item = (&'a Step<'a>, &'a [u32])> {
    steps.iter().map(move |step| {
        let (path, rest) = places.split_at(step.path.len());
        places = rest;
        (step, path)
    })
}

/// The target of the step after the one at `row`, if it is another.
fn next_target(steps: &[Step<'_>], row: usize) -> Option<usize> {
    let next = steps.get(row + 1)?.target;
    (next != steps[row].target).then_some(next)
}

/// Whose attention tells which source piece a target piece renders.
#[derive(Debug, Clone, Copy)]
pub enum Looking<'a> {
    /// A head that was trained to tell it, at the step that produces the target piece.
    Head(AlignmentHead),
    /// So many layers, at the step that the target piece goes into.
    Layers(usize),
    /// Heads with a weight each, layer after layer from the lowest.
    Heads(&'a [f32]),
}

impl Looking<'_> {
    /// The first two thirds of the layers where no head was trained for it. (Those above look
    /// ahead, for the next piece.) On half of the Hansards of HLT-NAACL 2003, which these choices
    /// were made on, the first four of six layers err least.
    pub fn of(weights: &Weights<'_>) -> Self {
        match weights.config.alignment {
            Some(head) => Self::Head(head),
            None => Self::Layers((weights.decoder.len() * 2).div_ceil(3)),
        }
    }

    /// Whether it looks at a layer.
    fn wants(self, layer: usize) -> bool {
        match self {
            Self::Head(head) => head.layer == layer,
            Self::Layers(layers) => layer < layers,
            Self::Heads(_) => true,
        }
    }

    /// Adds what the heads of a layer that is wanted attend to. They count by the squares of their
    /// `shares`, so that heads that look at one place count more than those that look around.
    fn record(self, layer: usize, shares: &[f32], into: &mut [f32]) {
        let mut heads = shares.chunks_exact(into.len());
        match self {
            Self::Head(head) => {
                if let Some(shares) = heads.nth(head.head) {
                    into.copy_from_slice(shares);
                }
            }
            Self::Layers(_) => {
                for head in heads {
                    for (sum, share) in into.iter_mut().zip(head) {
                        *sum += share * share;
                    }
                }
            }
            Self::Heads(weights) => {
                let count = shares.len() / into.len();
                let weights = weights.iter().skip(layer * count);
                for (head, weight) in heads.zip(weights) {
                    for (sum, share) in into.iter_mut().zip(head) {
                        *sum += weight * share * share;
                    }
                }
            }
        }
    }
}
