//! The vectors of all runs of a text's sentences, computed on several threads.

use std::ops::Range;

use super::vectors::{LONGEST_RUN, Runs, Vectors};
use crate::encoder::{Features, SentenceEncoder};
use crate::parallel;

/// Sentences that a thread takes at a time.
const AT_ONCE: usize = 200;
/// Sentences whose runs go through the encoder's last layers together.
const SUMS_AT_ONCE: usize = 64;

/// The vectors of runs of sentences, given as their pieces; `done` is told how many sentences are.
pub(super) fn runs(
    encoder: &SentenceEncoder,
    sentences: &[Vec<u32>],
    threads: usize,
    done: &(dyn Fn(usize) + Sync),
) -> Runs {
    let parts = parallel::in_blocks(threads, sentences.len(), AT_ONCE, |range| {
        let part = part(encoder, sentences, range.clone());
        done(range.len());
        part
    });
    let mut by_length = vec![Vectors::new(encoder.width()); LONGEST_RUN];
    for part in parts {
        for (all, vectors) in by_length.iter_mut().zip(part) {
            all.append(vectors);
        }
    }
    Runs { by_length }
}

/// The vectors of the runs that begin with some of the sentences, by their length.
fn part(
    encoder: &SentenceEncoder,
    sentences: &[Vec<u32>],
    Range { start, end }: Range<usize>,
) -> Vec<Vectors> {
    let beyond = (end + LONGEST_RUN - 1).min(sentences.len());
    let features = encoder.features(&sentences[start..beyond]);
    let mut by_length = vec![Vectors::new(encoder.width()); LONGEST_RUN];
    // A few sentences at a time: the sums take some memory.
    for first in (0..end - start).step_by(SUMS_AT_ONCE) {
        let mut sums = [const { Vec::new() }; LONGEST_RUN];
        for first in first..(first + SUMS_AT_ONCE).min(end - start) {
            let sentences = &features[first..(first + LONGEST_RUN).min(features.len())];
            for (sums, sum) in sums.iter_mut().zip(Features::runs(sentences)) {
                sums.push(sum);
            }
        }
        for (vectors, sums) in by_length.iter_mut().zip(&sums) {
            for vector in encoder.vectors(sums).chunks_exact(encoder.width()) {
                vectors.push(vector);
            }
        }
    }
    by_length
}
