//! Many sentences at a time: each thread takes sentences from one queue, longest first, keeps a
//! bounded number of pieces in flight, and refills as sentences are done.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::Options;
use super::decoder::{self, Step, Target};
use super::encoder;
use super::kernels::Kernel;
use super::layers::{Embedding, Layers, Scratch};
use super::search::{Ended, Search, Shortlist};
use super::weights::Weights;

/// Source pieces, times the width of the beam, that a thread has in flight: enough rows for the
/// matrices to be worth loading, few enough for the caches of keys and values.
const PIECES_IN_FLIGHT: usize = 2048;
/// No fewer sentences are encoded at once while there are more to come.
const REFILL: usize = 8;

/// A sentence's translation.
#[derive(Debug, Clone)]
pub struct Output {
    /// Target pieces, without the end.
    pub pieces: Vec<u32>,
    /// Mean log-probability of a piece.
    pub score: f32,
    /// For each target piece its attention to the source pieces, the source's end included; empty
    /// where it was not asked for.
    pub attention: Vec<Vec<f32>>,
}

/// Translates sentences of source pieces, each ended and no longer than the model has positions.
/// `done` is called with a sentence's number as soon as it is translated.
pub fn translate(
    weights: &Weights<'_>,
    embedding: &Embedding<'_>,
    kernel: &dyn Kernel,
    sentences: &[Vec<u32>],
    options: &Options,
    done: &(dyn Fn(usize) + Sync),
) -> Vec<Output> {
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    order.sort_by_key(|&sentence| std::cmp::Reverse(sentences[sentence].len()));
    let queue = Queue {
        sentences,
        order,
        next: AtomicUsize::new(0),
    };
    let work = || {
        let layers = Layers {
            kernel,
            width: weights.config.d_model,
        };
        Worker {
            weights,
            embedding,
            layers,
            options,
            scratch: Scratch::default(),
        }
        .run(&queue, done)
    };
    let threads = options.threads.clamp(1, sentences.len().max(1));
    let results: Vec<(usize, Output)> = if threads == 1 {
        work()
    } else {
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let join = |worker: thread::ScopedJoinHandle<'_, Vec<_>>| match worker.join() {
                Ok(results) => results,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            workers.into_iter().flat_map(join).collect()
        })
    };
    let mut outputs: Vec<Option<Output>> = vec![None; sentences.len()];
    for (sentence, output) in results {
        outputs[sentence] = Some(output);
    }
    outputs.into_iter().flatten().collect()
}

struct Queue<'a> {
    sentences: &'a [Vec<u32>],
    /// Longest first.
    order: Vec<usize>,
    next: AtomicUsize,
}

impl Queue<'_> {
    /// The next sentence's number.
    fn take(&self) -> Option<usize> {
        self.order
            .get(self.next.fetch_add(1, Ordering::Relaxed))
            .copied()
    }

    fn is_empty(&self) -> bool {
        self.next.load(Ordering::Relaxed) >= self.order.len()
    }
}

struct Worker<'a, 'w> {
    weights: &'a Weights<'w>,
    embedding: &'a Embedding<'w>,
    layers: Layers<'a>,
    options: &'a Options,
    scratch: Scratch,
}

/// The sentences in flight: three lists of one length.
#[derive(Default)]
struct Flight {
    numbers: Vec<usize>,
    targets: Vec<Target>,
    searches: Vec<Search>,
}

impl Worker<'_, '_> {
    fn run(mut self, queue: &Queue<'_>, done: &(dyn Fn(usize) + Sync)) -> Vec<(usize, Output)> {
        let mut flight = Flight::default();
        let mut outputs = Vec::new();
        loop {
            self.refill(queue, &mut flight);
            if flight.numbers.is_empty() {
                return outputs;
            }
            for (number, output) in self.step(&mut flight) {
                outputs.push((number, output));
                done(number);
            }
        }
    }

    /// Encodes more sentences once there is room for a good number of them.
    fn refill(&mut self, queue: &Queue<'_>, flight: &mut Flight) {
        let room = PIECES_IN_FLIGHT / self.options.beam_size;
        let in_flight: usize = flight.targets.iter().map(Target::source_length).sum();
        if queue.is_empty() || in_flight > room * 3 / 4 && flight.numbers.len() >= REFILL {
            return;
        }
        let mut pieces = in_flight;
        let mut numbers = Vec::new();
        while pieces < room {
            let Some(number) = queue.take() else { break };
            pieces += queue.sentences[number].len();
            numbers.push(number);
        }
        if numbers.is_empty() {
            return;
        }
        let sentences: Vec<&[u32]> = numbers
            .iter()
            .map(|&number| &*queue.sentences[number])
            .collect();
        let Self {
            weights,
            embedding,
            layers,
            scratch,
            ..
        } = self;
        let config = weights.config;
        let sources = encoder::encode(*layers, weights, embedding, &sentences, scratch);
        for (number, source) in numbers.into_iter().zip(sources) {
            let limit = longest_translation(source.length, config.max_positions);
            let mut target = Target::new(source, weights);
            let beam = self.options.beam_size;
            let search = Search::new(beam, config.decoder_start, config.end, limit, &mut target);
            flight.numbers.push(number);
            flight.targets.push(target);
            flight.searches.push(search);
        }
    }

    /// Extends all hypotheses by a piece; takes the sentences that are done out of the flight.
    fn step(&mut self, flight: &mut Flight) -> Vec<(usize, Output)> {
        let Self {
            weights,
            embedding,
            layers,
            options,
            scratch,
        } = self;
        let steps: Vec<Step<'_>> = (flight.searches.iter().enumerate())
            .flat_map(|(target, search)| {
                search.live.iter().map(move |hypothesis| Step {
                    target,
                    piece: hypothesis.pieces[hypothesis.pieces.len() - 1],
                    path: &hypothesis.path,
                })
            })
            .collect();
        let targets = &mut flight.targets;
        let record = options.attention;
        let rows = decoder::advance(
            *layers, weights, embedding, &steps, targets, record, scratch,
        );
        let limit = Search::candidates(options.beam_size);
        let mut shortlists: Vec<Shortlist> = steps.iter().map(|_| Shortlist::new(limit)).collect();
        let pad = weights.config.pad as usize;
        layers.logits(&weights.embedding, &rows, scratch, |first, logits| {
            let pieces = logits.len() / shortlists.len();
            for (shortlist, logits) in shortlists.iter_mut().zip(logits.chunks_exact_mut(pieces)) {
                if let Some(logit) = pad.checked_sub(first).and_then(|at| logits.get_mut(at)) {
                    *logit = f32::NEG_INFINITY;
                }
                shortlist.add(layers.kernel, first, logits);
            }
        });
        let mut outputs = Vec::new();
        let mut shortlists = shortlists.into_iter();
        let sentences = std::mem::take(flight);
        let each = sentences
            .numbers
            .into_iter()
            .zip(sentences.targets)
            .zip(sentences.searches);
        for ((number, mut target), mut search) in each {
            let own: Vec<Shortlist> = shortlists.by_ref().take(search.live.len()).collect();
            if let Some(ended) = search.advance(&own, &mut target) {
                outputs.push((number, output(ended, &target, record)));
            } else {
                flight.numbers.push(number);
                flight.targets.push(target);
                flight.searches.push(search);
            }
        }
        outputs
    }
}

/// What comes of a sentence. A piece's attention is that of the step which it goes into: there the
/// decoder looks back at what it has just rendered.
fn output(ended: Ended, target: &Target, attention: bool) -> Output {
    let path = &ended.path;
    let step = |piece: usize| path.get(piece + 1).or(path.last());
    let attention = if attention {
        let steps = (0..ended.pieces.len()).filter_map(step);
        steps
            .map(|&place| target.attention(place).to_vec())
            .collect()
    } else {
        Vec::new()
    };
    Output {
        pieces: ended.pieces,
        score: ended.score,
        attention,
    }
}

/// The most pieces that a translation may have: far more than any good one needs, and no more
/// than there are positions.
fn longest_translation(source: usize, positions: usize) -> usize {
    (source * 3 + 20).min(positions)
}
