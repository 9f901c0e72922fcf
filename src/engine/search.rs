//! Beam search: which hypotheses of a sentence live on, and when it is done.
//!
//! As in transformers: twice as many candidates as the beam is wide are looked at; a sentence is
//! done when the beam is full of ended hypotheses and none that lives could still do better; a
//! hypothesis is worth the sum of its log-probabilities by its length. A beam of one is greedy.

use super::Options;
use super::decoder::Target;
use super::kernels::Kernel;

/// The most probable pieces of one row of logits, which come some at a time.
#[derive(Debug)]
pub struct TopPieces {
    /// The best so far, best first: logit and piece.
    best: Vec<(f32, u32)>,
    limit: usize,
    sum: LogSum,
}

/// The logarithm of the sum of the exponentials of logits, which come some at a time.
#[derive(Debug, Clone, Copy)]
pub struct LogSum {
    greatest: f32,
    /// Of exp(logit − greatest).
    sum: f32,
}

impl Default for LogSum {
    fn default() -> Self {
        Self {
            greatest: f32::NEG_INFINITY,
            sum: 0.0,
        }
    }
}

impl LogSum {
    /// Takes some logits; gives the greatest of them.
    pub fn add(&mut self, kernel: &dyn Kernel, logits: &[f32]) -> f32 {
        let (greatest, sum) = kernel.max_and_sum_exp(logits);
        if greatest > self.greatest {
            self.sum = self.sum * (self.greatest - greatest).exp() + sum;
            self.greatest = greatest;
        } else {
            self.sum += sum * (greatest - self.greatest).exp();
        }
        greatest
    }

    /// The logarithm of the sum.
    pub fn total(&self) -> f32 {
        self.greatest + self.sum.ln()
    }
}

impl TopPieces {
    /// Empty; keeps the `limit` best.
    pub fn new(limit: usize) -> Self {
        Self {
            best: Vec::with_capacity(limit + 1),
            limit,
            sum: LogSum::default(),
        }
    }

    /// Takes some pieces with their logits.
    pub fn add(&mut self, kernel: &dyn Kernel, pieces: &[u32], logits: &[f32]) {
        if self.sum.add(kernel, logits) <= self.threshold() {
            return;
        }
        for (&piece, &logit) in pieces.iter().zip(logits) {
            if logit > self.threshold() {
                let place = self.best.partition_point(|&(other, _)| other >= logit);
                self.best.insert(place, (logit, piece));
                self.best.truncate(self.limit);
            }
        }
    }

    /// What a logit must exceed to come in.
    fn threshold(&self) -> f32 {
        match self.best.last() {
            Some(&(last, _)) if self.best.len() == self.limit => last,
            _ => f32::NEG_INFINITY,
        }
    }

    /// The best pieces with their log-probabilities, best first.
    pub fn pieces(&self) -> impl Iterator<Item = (f32, u32)> {
        let total = self.sum.total();
        self.best
            .iter()
            .map(move |&(logit, piece)| (logit - total, piece))
    }
}

/// A translation on its way.
#[derive(Debug, Clone)]
pub struct Hypothesis {
    /// The pieces so far, the one that it started from first.
    pub pieces: Vec<u32>,
    /// Its positions, one for each piece that was run through the decoder.
    pub path: Vec<u32>,
    /// Sum of the log-probabilities.
    pub score: f32,
}

/// A sentence's ended hypothesis.
#[derive(Debug, Clone)]
pub struct Ended {
    /// Its pieces, without start and end.
    pub pieces: Vec<u32>,
    /// Its positions: one for each piece, and one for the end if it was reached.
    pub path: Vec<u32>,
    /// Mean log-probability of its pieces and its end.
    pub score: f32,
}

/// The search for one sentence's translation.
#[derive(Debug)]
pub struct Search {
    /// Those that live, best first.
    pub live: Vec<Hypothesis>,
    ended: Vec<Ended>,
    beam: usize,
    end: u32,
    /// The most pieces of a translation, its end included.
    limit: usize,
    /// No run of so many pieces may come again; 0 is no such limit.
    no_repeat: usize,
}

/// Candidates that a hypothesis offers beyond those that are looked at, where some may be barred
/// because they would repeat a run of pieces.
const SPARE: usize = 8;

impl Search {
    /// One empty hypothesis, about to run the piece `start`.
    pub fn new(beam: usize, start: u32, end: u32, limit: usize, target: &mut Target) -> Self {
        let hypothesis = Hypothesis {
            pieces: vec![start],
            path: vec![target.next_position()],
            score: 0.0,
        };
        Self {
            live: vec![hypothesis],
            ended: Vec::new(),
            beam,
            end,
            limit,
            no_repeat: 0,
        }
    }

    /// Lets no run of so many pieces come again; 0 is no such limit.
    pub fn without_repeats(mut self, length: usize) -> Self {
        self.no_repeat = length;
        self
    }

    /// Candidates that a hypothesis must offer.
    pub fn offered(options: &Options) -> usize {
        let spare = if options.no_repeat_ngram > 0 {
            SPARE
        } else {
            0
        };
        Self::candidates(options.beam_size) + spare
    }

    /// Candidates that are looked at.
    fn candidates(beam: usize) -> usize {
        if beam == 1 { 1 } else { 2 * beam }
    }

    /// Goes on from the candidates of the live hypotheses; gives the best ended one when done.
    pub fn advance(&mut self, ranked: &[TopPieces], target: &mut Target) -> Option<Ended> {
        let mut candidates: Vec<(f32, usize, u32)> = Vec::new();
        for (parent, (hypothesis, top)) in self.live.iter().zip(ranked).enumerate() {
            let barred = repeating(&hypothesis.pieces, self.no_repeat);
            // Where all that is offered is barred, the rule gives way.
            let all = top.pieces().all(|(_, piece)| barred.contains(&piece));
            let pieces = top
                .pieces()
                .filter(|(_, piece)| all || !barred.contains(piece));
            candidates.extend(pieces.map(|(p, piece)| (hypothesis.score + p, parent, piece)));
        }
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
        candidates.truncate(Self::candidates(self.beam));
        let best = candidates
            .first()
            .map_or(f32::NEG_INFINITY, |&(score, ..)| score);
        let mut live = Vec::with_capacity(self.beam);
        for (rank, (score, parent, piece)) in candidates.into_iter().enumerate() {
            let parent = &self.live[parent];
            if piece == self.end {
                if rank < self.beam {
                    let ended = Self::end(parent, score, parent.pieces.len());
                    Self::keep(&mut self.ended, self.beam, ended);
                }
            } else if live.len() < self.beam {
                let mut pieces = parent.pieces.clone();
                pieces.push(piece);
                live.push(Hypothesis {
                    pieces,
                    path: parent.path.clone(),
                    score,
                });
            }
        }
        let length = self
            .live
            .first()
            .map_or(1, |hypothesis| hypothesis.pieces.len());
        self.live = live;
        let could_be = best / length as f32;
        let settled = self.ended.len() == self.beam
            && self
                .ended
                .last()
                .is_some_and(|worst| worst.score >= could_be);
        if settled || self.live.is_empty() || length >= self.limit {
            for hypothesis in &self.live {
                // Only those that were cut short are left.
                if !settled {
                    let ended = Self::end(hypothesis, hypothesis.score, length);
                    Self::keep(&mut self.ended, self.beam, ended);
                }
            }
            // Nothing has ended where the weights gave no number at all.
            let nothing = Self::end(
                &Hypothesis {
                    pieces: vec![self.end],
                    path: Vec::new(),
                    score: 0.0,
                },
                0.0,
                1,
            );
            return Some(self.ended.drain(..).next().unwrap_or(nothing));
        }
        target.keep(self.live.iter().map(|hypothesis| &*hypothesis.path));
        for hypothesis in &mut self.live {
            hypothesis.path.push(target.next_position());
        }
        None
    }

    fn end(hypothesis: &Hypothesis, score: f32, length: usize) -> Ended {
        Ended {
            pieces: hypothesis.pieces[1..].to_vec(),
            path: hypothesis.path.clone(),
            score: score / length as f32,
        }
    }

    /// Keeps the `beam` best of the ended hypotheses, best first.
    fn keep(all: &mut Vec<Ended>, beam: usize, ended: Ended) {
        let place = all.partition_point(|other| other.score >= ended.score);
        all.insert(place, ended);
        all.truncate(beam);
    }
}

/// The pieces that would end a run of `length` pieces that `pieces` already has; none where
/// `length` is 0.
fn repeating(pieces: &[u32], length: usize) -> Vec<u32> {
    let Some(last) = length
        .checked_sub(1)
        .and_then(|before| pieces.len().checked_sub(before))
    else {
        return Vec::new();
    };
    let runs = pieces.windows(length);
    let same = runs.filter(|run| run[..length - 1] == pieces[last..]);
    same.map(|run| run[length - 1]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_that_would_repeat_a_run_are_known() {
        assert_eq!(repeating(&[1, 2, 3, 1, 2], 3), [3]);
        assert_eq!(repeating(&[1, 2, 3, 1, 2, 4, 1, 2], 3), [3, 4]);
        assert!(repeating(&[1, 2, 3, 1, 2], 4).is_empty());
        assert_eq!(repeating(&[5, 5], 2), [5]);
        assert_eq!(repeating(&[5, 6], 1), [5, 6]);
        assert!(repeating(&[1, 2], 9).is_empty());
        assert!(repeating(&[1, 1, 1], 0).is_empty());
    }
}
