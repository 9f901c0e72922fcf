//! Which documents are translations of each other.
//!
//! A document's place is the mean of its sentences' vectors; what all documents of a folder share is
//! taken away. Words that both languages write alike (numbers, names, cognates) count beside that.

use std::collections::HashMap;

use super::sentence::plain;
use crate::encoder::SentenceEncoder;
use crate::parallel;

/// Sentences of a document that are looked at.
const SENTENCES: usize = 40;
/// Pieces of a sentence that are looked at.
const PIECES: usize = 80;
/// Candidates of each document that are kept.
const CANDIDATES: usize = 8;
/// Pairs that are less alike are none.
const LEAST: f32 = 0.1;

/// Two documents that belong together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DocumentPair {
    /// The source's number.
    pub source: usize,
    /// The target's number.
    pub target: usize,
    /// How alike they are, from 0 to 1.
    pub score: f32,
}

/// Pairs documents, each given as its sentences; those without counterpart are in no pair. Without
/// an encoder only words that are written alike count. `done` is told of each document.
pub fn pair(
    sources: &[Vec<&str>],
    targets: &[Vec<&str>],
    encoder: Option<&SentenceEncoder>,
    threads: usize,
    done: &(dyn Fn(usize) + Sync),
) -> Vec<DocumentPair> {
    let words = shared_words(sources, targets);
    let meanings = encoder.map(|encoder| {
        let of = |documents: &[Vec<&str>]| centred(meanings(encoder, documents, threads, done));
        [of(sources), of(targets)]
    });
    let likeness = |source: usize, target: usize| {
        let alike = sparse_product(&words[0][source], &words[1][target]);
        match &meanings {
            None => alike,
            Some([one, other]) => f32::midpoint(alike, product(&one[source], &other[target])),
        }
    };
    matched(sources.len(), targets.len(), likeness)
}

/// Takes the most alike first. What both documents of a pair have in common with others counts
/// against it: it is their margin over these that decides.
fn matched(
    sources: usize,
    targets: usize,
    likeness: impl Fn(usize, usize) -> f32,
) -> Vec<DocumentPair> {
    let mut of_source: Vec<Vec<(f32, usize)>> = vec![Vec::new(); sources];
    let mut of_target: Vec<Vec<(f32, usize)>> = vec![Vec::new(); targets];
    let keep = |best: &mut Vec<(f32, usize)>, score: f32, other: usize| {
        let place = best.partition_point(|candidate| candidate.0 >= score);
        if place < CANDIDATES {
            best.insert(place, (score, other));
            best.truncate(CANDIDATES);
        }
    };
    for (source, candidates) in of_source.iter_mut().enumerate() {
        for (target, others) in of_target.iter_mut().enumerate() {
            let score = likeness(source, target);
            keep(candidates, score, target);
            keep(others, score, source);
        }
    }
    let mut pairs = Vec::new();
    for (source, candidates) in of_source.iter().enumerate() {
        for &(score, target) in candidates {
            let rival = |candidates: &[(f32, usize)], own: usize| {
                let others = candidates.iter().filter(|candidate| candidate.1 != own);
                others.map(|candidate| candidate.0).next().unwrap_or(0.0)
            };
            let rivals = rival(candidates, target).max(rival(&of_target[target], source));
            pairs.push((
                score - rivals.max(0.0) / 2.0,
                DocumentPair {
                    source,
                    target,
                    score: score.clamp(0.0, 1.0),
                },
            ));
        }
    }
    pairs.sort_by(|one, other| other.0.total_cmp(&one.0));
    let (mut source_taken, mut target_taken) = (vec![false; sources], vec![false; targets]);
    let mut taken: Vec<DocumentPair> = Vec::new();
    for (_, pair) in pairs {
        if pair.score >= LEAST && !source_taken[pair.source] && !target_taken[pair.target] {
            source_taken[pair.source] = true;
            target_taken[pair.target] = true;
            taken.push(pair);
        }
    }
    taken.sort_by_key(|pair| pair.source);
    taken
}

/// The mean vector of each document's sentences.
fn meanings(
    encoder: &SentenceEncoder,
    documents: &[Vec<&str>],
    threads: usize,
    done: &(dyn Fn(usize) + Sync),
) -> Vec<Vec<f32>> {
    let meaning = |sentences: &[&str]| {
        let pieces = sentences.iter().take(SENTENCES).map(|sentence| {
            let mut pieces = encoder.pieces(sentence);
            pieces.truncate(PIECES);
            pieces
        });
        let vectors = encoder.vectors(&encoder.sums(&pieces.collect::<Vec<_>>()));
        let mut sum = vec![0.0; encoder.width()];
        for vector in vectors.chunks_exact(encoder.width()) {
            for (sum, x) in sum.iter_mut().zip(vector) {
                *sum += x;
            }
        }
        normalised(sum)
    };
    parallel::map(threads, documents.len(), |number| {
        let meaning = meaning(&documents[number]);
        done(1);
        meaning
    })
}

/// Vectors less what they all share, of length 1.
fn centred(mut vectors: Vec<Vec<f32>>) -> Vec<Vec<f32>> {
    // Of a few documents the mean says more of themselves than of what is common.
    if vectors.len() < 5 {
        return vectors;
    }
    let share = 1.0 / vectors.len() as f32;
    let mut mean = vec![0.0; vectors[0].len()];
    for vector in &vectors {
        for (mean, x) in mean.iter_mut().zip(vector) {
            *mean += x * share;
        }
    }
    for vector in &mut vectors {
        for (x, mean) in vector.iter_mut().zip(&mean) {
            *x -= mean;
        }
        *vector = normalised(std::mem::take(vector));
    }
    vectors
}

fn normalised(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
    vector
}

fn product(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(x, y)| x * y).sum()
}

/// How often words that the two languages may share are in a document, weighted by how few
/// documents have them: sorted by word, of length 1.
type Words = Vec<(u32, f32)>;

fn shared_words(sources: &[Vec<&str>], targets: &[Vec<&str>]) -> [Vec<Words>; 2] {
    let keys = |documents: &[Vec<&str>]| -> Vec<Vec<u32>> {
        let keys = |document: &Vec<&str>| document.iter().flat_map(|s| plain::keys(s)).collect();
        documents.iter().map(keys).collect()
    };
    let keys = [keys(sources), keys(targets)];
    // What all documents have tells something where there are few.
    let importance = plain::importance([&keys[0], &keys[1]], f32::ln_1p);
    keys.map(|documents| {
        let words = |keys: Vec<u32>| {
            let mut counts: HashMap<u32, f32> = HashMap::new();
            for key in keys {
                *counts.entry(key).or_default() += 1.0;
            }
            let weight = |(key, count): (u32, f32)| {
                let importance = importance.get(&key).copied().unwrap_or(0.0);
                (key, (1.0 + count.ln()) * importance)
            };
            let mut words: Words = counts.into_iter().map(weight).collect();
            words.sort_unstable_by_key(|word| word.0);
            let length = words.iter().map(|word| word.1 * word.1).sum::<f32>().sqrt();
            words
                .iter_mut()
                .for_each(|word| word.1 /= length.max(f32::MIN_POSITIVE));
            words
        };
        documents.into_iter().map(words).collect()
    })
}

fn sparse_product(one: &Words, other: &Words) -> f32 {
    let (mut sum, mut rest) = (0.0, other.iter().peekable());
    for (key, weight) in one {
        while rest.next_if(|other| other.0 < *key).is_some() {}
        if let Some(other) = rest.next_if(|other| other.0 == *key) {
            sum += weight * other.1;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_pair_by_what_both_languages_write_alike() {
        let sources = [
            vec!["Le général Dupont arriva à Marseille en 1956."],
            vec!["Alice regardait le lapin blanc de Lewis Carroll."],
            vec!["Personne ne traduit ceci."],
        ];
        let targets = [
            vec!["Alice watched the white rabbit of Lewis Carroll."],
            vec!["General Dupont arrived in Marseille in 1956."],
        ];
        let pairs = pair(&sources, &targets, None, 1, &|_| {});
        let numbers: Vec<(usize, usize)> = pairs
            .iter()
            .map(|pair| (pair.source, pair.target))
            .collect();
        assert_eq!(numbers, [(0, 1), (1, 0)]);
    }

    #[test]
    fn no_documents_are_no_pairs() {
        assert!(pair(&[], &[vec!["a"]], None, 1, &|_| {}).is_empty());
        assert!(pair(&[vec![]], &[vec![]], None, 1, &|_| {}).is_empty());
    }
}
