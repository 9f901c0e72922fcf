//! Many sentences at a time: each thread takes sentences from one queue, longest first, keeps a
//! bounded number of pieces in flight, and refills as sentences are done.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::Options;
use super::decoder::{self, Step, Target, Wanted};
use super::encoder;
use super::kernels::Kernel;
use super::layers::{Embedding, Layers, Scratch};
use super::output::{self, Block};
use super::profile::{Profile, Stage};
use super::screen::{Screen, ScreenScratch};
use super::search::{Ended, Search};
use super::shortlist::Shortlist;
use super::weights::Weights;
use crate::model::compiled::Config;
use crate::parallel::on_threads;

/// Source pieces, times the width of the beam, that a thread has in flight: enough rows for the
/// matrices to be worth loading, few enough for the caches of keys and values.
const PIECES_IN_FLIGHT: usize = 2048;
/// The same for a student. Its matrices are small, and all rows are multiplied with the candidates
/// of all sentences in flight.
const STUDENT_PIECES_IN_FLIGHT: usize = 448;
/// No fewer sentences are encoded while there are more to come.
const REFILL: usize = 8;

/// Which pieces may come next.
#[derive(Debug)]
pub enum Candidates<'a> {
    /// All of the vocabulary.
    All,
    /// Those of a sentence's lexical shortlist.
    Listed(Shortlist<'a>),
    /// Those that a screen lets through, at each step anew.
    Screened(Screen<'a>),
}

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
    candidates: &Candidates<'_>,
    kernel: &dyn Kernel,
    sentences: &[Vec<u32>],
    options: &Options,
    done: &(dyn Fn(usize) + Sync),
) -> (Vec<Output>, Profile) {
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    order.sort_by_key(|&sentence| std::cmp::Reverse(sentences[sentence].len()));
    let queue = Queue {
        sentences,
        order,
        next: AtomicUsize::new(0),
    };
    let embedding = Embedding::new(weights);
    let common = match candidates {
        Candidates::Screened(_) => Vec::new(),
        Candidates::Listed(shortlist) => shortlist.common().to_vec(),
        Candidates::All => (0..weights.config.vocabulary as u32)
            .filter(|&piece| !is_never_produced(weights.config, piece))
            .collect(),
    };
    let common = Block::new(weights, common);
    let work = || {
        let layers = Layers::new(kernel, weights);
        Worker {
            weights,
            embedding: &embedding,
            candidates,
            common: &common,
            layers,
            options,
            scratch: Scratch::default(),
            screen_scratch: ScreenScratch::default(),
        }
        .run(&queue, done)
    };
    let threads = options.threads.clamp(1, sentences.len().max(1));
    let mut outputs: Vec<Option<Output>> = vec![None; sentences.len()];
    let mut profile = Profile::default();
    for (results, of_worker) in on_threads(threads, work) {
        profile.add(&of_worker);
        for (sentence, output) in results {
            outputs[sentence] = Some(output);
        }
    }
    (outputs.into_iter().flatten().collect(), profile)
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
    embedding: &'a Embedding,
    candidates: &'a Candidates<'a>,
    /// The pieces that every sentence may use.
    common: &'a Block,
    layers: Layers<'a>,
    options: &'a Options,
    scratch: Scratch,
    screen_scratch: ScreenScratch,
}

/// The sentences in flight: two lists of one length.
#[derive(Default)]
struct Flight {
    sentences: Vec<Sentence>,
    targets: Vec<Target>,
}

/// A sentence in flight.
struct Sentence {
    number: usize,
    search: Search,
    /// Its candidates beyond the common ones.
    own: Block,
}

impl Worker<'_, '_> {
    fn run(
        mut self,
        queue: &Queue<'_>,
        done: &(dyn Fn(usize) + Sync),
    ) -> (Vec<(usize, Output)>, Profile) {
        self.scratch.profile.start();
        let mut flight = Flight::default();
        let mut outputs = Vec::new();
        loop {
            self.refill(queue, &mut flight);
            if flight.sentences.is_empty() {
                return (outputs, self.scratch.profile);
            }
            for (number, output) in self.step(&mut flight) {
                outputs.push((number, output));
                done(number);
            }
        }
    }

    /// Encodes more sentences once there is room for a good number of them.
    fn refill(&mut self, queue: &Queue<'_>, flight: &mut Flight) {
        let pieces = match self.weights.config.searched_as_student() {
            true => STUDENT_PIECES_IN_FLIGHT,
            false => PIECES_IN_FLIGHT,
        };
        let room = pieces / self.options.beam_size;
        let in_flight: usize = flight.targets.iter().map(Target::source_length).sum();
        if queue.is_empty() || in_flight > room * 3 / 4 && flight.sentences.len() >= REFILL {
            return;
        }
        let mut pieces = in_flight;
        let mut numbers = Vec::new();
        while pieces < room {
            let Some(number) = queue.take() else { break };
            pieces += queue.sentences[number].len();
            numbers.push(number);
        }
        let mut rest = &numbers[..];
        while !rest.is_empty() {
            let mut pieces = 0;
            let fits = |&&number: &&usize| {
                pieces += queue.sentences[number].len();
                pieces <= encoder::PIECES_AT_ONCE
            };
            let count = rest.iter().take_while(fits).count().max(1);
            self.encode(queue, &rest[..count], flight);
            rest = &rest[count..];
        }
    }

    /// Encodes sentences and lets them into the flight.
    fn encode(&mut self, queue: &Queue<'_>, numbers: &[usize], flight: &mut Flight) {
        let source = |&number: &usize| &*queue.sentences[number];
        let sentences: Vec<&[u32]> = numbers.iter().map(source).collect();
        let Self {
            weights,
            embedding,
            layers,
            scratch,
            ..
        } = self;
        let config = weights.config;
        let sources = encoder::encode(*layers, weights, embedding, &sentences, scratch);
        for ((&number, pieces), source) in numbers.iter().zip(sentences).zip(sources) {
            let limit = longest_translation(source.length, config);
            let mut target = Target::new(source, weights);
            let beam = self.options.beam_size;
            let search = Search::new(beam, config.decoder_start, config.end, limit, &mut target)
                .without_repeats(self.options.no_repeat_ngram);
            flight.sentences.push(Sentence {
                number,
                search,
                own: match self.candidates {
                    Candidates::Listed(shortlist) => Block::new(weights, shortlist.own(pieces)),
                    _ => Block::default(),
                },
            });
            flight.targets.push(target);
        }
    }

    /// Extends all hypotheses by a piece; takes the sentences that are done out of the flight.
    fn step(&mut self, flight: &mut Flight) -> Vec<(usize, Output)> {
        let Self {
            weights,
            embedding,
            common,
            candidates,
            layers,
            options,
            scratch,
            screen_scratch,
        } = self;
        let sentences = flight.sentences.iter().enumerate();
        let live = sentences.flat_map(|(target, sentence)| {
            let hypotheses = sentence.search.live.iter();
            hypotheses.map(move |hypothesis| (target, sentence, hypothesis))
        });
        let steps: Vec<Step<'_>> = live
            .clone()
            .map(|(target, _, hypothesis)| Step {
                target,
                piece: hypothesis.pieces[hypothesis.pieces.len() - 1],
                path: &hypothesis.path,
            })
            .collect();
        let targets = &mut flight.targets;
        let record = options.attention;
        let wanted = Wanted::to_translate(weights, record);
        let rows = decoder::advance(
            *layers, weights, embedding, &steps, targets, wanted, scratch,
        );
        let sentences = flight.sentences.iter();
        let own = sentences.map(|sentence| (sentence.search.live.len(), &sentence.own));
        let limit = Search::offered(options);
        let ranked = match candidates {
            Candidates::Screened(screen) => {
                screen.rank(layers.kernel, &rows, limit, screen_scratch)
            }
            _ => output::rank(*layers, common, &rows, own.clone(), limit, scratch),
        };
        let computed = match candidates {
            Candidates::Screened(screen) => steps.len() * screen.size(),
            _ => {
                let own: usize = own.map(|(rows, block)| rows * block.len()).sum();
                (steps.len() * common.len() + own) * layers.width
            }
        };
        scratch.profile.lap(Stage::Output, computed);
        let mut outputs = Vec::new();
        let mut ranked = ranked.into_iter();
        let sentences = std::mem::take(flight);
        for (mut sentence, mut target) in sentences.sentences.into_iter().zip(sentences.targets) {
            let live = sentence.search.live.len();
            let own: Vec<_> = ranked.by_ref().take(live).collect();
            if let Some(ended) = sentence.search.advance(&own, &mut target) {
                let attention = record.then_some((&target, weights.config));
                outputs.push((sentence.number, output(ended, attention)));
                target.clear(&mut scratch.pool);
            } else {
                flight.sentences.push(sentence);
                flight.targets.push(target);
            }
        }
        scratch.profile.lap(Stage::Search, 0);
        outputs
    }
}

/// Whether a piece of the vocabulary is none that a translation can consist of.
pub fn is_never_produced(config: &Config, piece: u32) -> bool {
    piece == config.pad || config.searched_as_student() && piece == config.unknown
}

/// What comes of a sentence, with its pieces' attention if wanted. That of a head that was trained
/// to align is of the step that produces the piece; otherwise it is of the step which the piece
/// goes into: there the decoder looks back at what it has just rendered.
fn output(ended: Ended, wanted: Option<(&Target, &Config)>) -> Output {
    let path = &ended.path;
    let attention = wanted.map_or(Vec::new(), |(target, config)| {
        let later = usize::from(config.alignment.is_none());
        let step = |piece: usize| path.get(piece + later).or(path.last());
        let steps = (0..ended.pieces.len()).filter_map(step);
        steps
            .map(|&place| target.attention(place).to_vec())
            .collect()
    });
    Output {
        pieces: ended.pieces,
        score: ended.score,
        attention,
    }
}

/// The most pieces that a translation may have: far more than any good one needs (for a student
/// as many as Marian allows), and no more than there are positions.
pub fn longest_translation(source: usize, config: &Config) -> usize {
    let limit = match config.searched_as_student() {
        true => (source * 5).div_ceil(2),
        false => source * 3 + 20,
    };
    limit.min(config.max_positions)
}
