//! Links without a model of translation: from which words come together in the pairs themselves.
//!
//! A target word is produced by a source word near its place, or by none (IBM model 2 with the
//! places of Dyer et al. 2013, *A Simple, Fast, and Effective Reparameterization of IBM Model 2*).
//! What words produce is learnt by expectation maximisation, one direction at a time.

use std::collections::HashMap;

use super::attention::Shares;
use super::texts::Words;
use crate::text::normalise;

/// How strongly a word keeps to its place.
const TENSION: f32 = 4.0;
/// How likely a word is produced by none.
const BY_NONE: f32 = 0.08;
/// Rounds of learning.
const ROUNDS: usize = 5;
/// Counts below are those of chance; they are taken off (as a sparse prior would).
const CHANCE: f32 = 0.01;
/// What is left for pairs of words that were never seen together.
const NEVER: f32 = 1e-7;
/// The number of the source word that stands for none.
const NONE: u32 = 0;

/// What words of the one language produce in the other, in both directions.
#[derive(Debug, Clone, Default)]
pub struct Statistics {
    sources: Numbers,
    targets: Numbers,
    forward: Table,
    backward: Table,
}

/// The words of a language, numbered from 1.
#[derive(Debug, Clone, Default)]
struct Numbers(HashMap<String, u32>);

impl Numbers {
    fn take(&mut self, words: &Words<'_>) -> Vec<u32> {
        let number = |word: &str| {
            let next = self.0.len() as u32 + 1;
            *self.0.entry(normalise(word)).or_insert(next)
        };
        words.iter().map(number).collect()
    }

    /// Words that are not known have the number after the last.
    fn find(&self, words: &Words<'_>) -> Vec<u32> {
        let unknown = self.0.len() as u32 + 1;
        let number = |word: &str| self.0.get(&normalise(word)).copied().unwrap_or(unknown);
        words.iter().map(number).collect()
    }
}

impl Statistics {
    /// Learns from pairs.
    pub fn learn(pairs: &[(Words<'_>, Words<'_>)]) -> Self {
        let (mut sources, mut targets) = (Numbers::default(), Numbers::default());
        let mut numbered: Vec<(Vec<u32>, Vec<u32>)> = pairs
            .iter()
            .map(|(source, target)| (sources.take(source), targets.take(target)))
            .collect();
        let forward = Table::learn(&numbered);
        for (source, target) in &mut numbered {
            std::mem::swap(source, target);
        }
        let backward = Table::learn(&numbered);
        Self {
            sources,
            targets,
            forward,
            backward,
        }
    }

    /// How likely each target word of a pair comes from each source word, and the other way round.
    pub(super) fn shares(&self, source: &Words<'_>, target: &Words<'_>) -> [Shares; 2] {
        let normal = |words: &Words<'_>| words.iter().map(normalise).collect::<Vec<String>>();
        let (one, other) = (normal(source), normal(target));
        let same = |source: usize, target: usize| one[source] == other[target];
        let (sources, targets) = (self.sources.find(source), self.targets.find(target));
        let forward = self.forward.shares(&sources, &targets, same);
        let swapped = |target, source| same(source, target);
        let backward = self.backward.shares(&targets, &sources, swapped);
        [forward, backward]
    }
}

/// For each source word the target words that came with it, rising, and how likely it produces
/// them.
#[derive(Debug, Clone, Default)]
struct Table {
    /// Where the row of each source word starts; one more for the end.
    starts: Vec<usize>,
    targets: Vec<u32>,
    probabilities: Vec<f32>,
}

impl Table {
    fn learn(pairs: &[(Vec<u32>, Vec<u32>)]) -> Self {
        let mut table = Self::together(pairs);
        let mut counts = vec![0.0f32; table.targets.len()];
        let mut row = Vec::new();
        for _ in 0..ROUNDS {
            counts.fill(0.0);
            for (sources, targets) in pairs {
                for (at, &target) in targets.iter().enumerate() {
                    let total = table.row(sources, (at, targets.len()), target, &mut row);
                    for &(place, share) in &row {
                        if let Some(place) = place {
                            counts[place] += share / total;
                        }
                    }
                }
            }
            for bounds in table.starts.windows(2) {
                let row = bounds[0]..bounds[1];
                let total: f32 = counts[row.clone()].iter().sum();
                for place in row {
                    let count = (counts[place] - CHANCE).max(NEVER);
                    table.probabilities[place] = count / total.max(NEVER);
                }
            }
        }
        table
    }

    /// All words that come together, each target word as likely as the others.
    fn together(pairs: &[(Vec<u32>, Vec<u32>)]) -> Self {
        let mut rows: Vec<Vec<u32>> = Vec::new();
        let mut add = |source: u32, targets: &[u32]| {
            let source = source as usize;
            if rows.len() <= source {
                rows.resize(source + 1, Vec::new());
            }
            let row = &mut rows[source];
            // Repetitions go whenever the row has to grow.
            if row.len() + targets.len() > row.capacity() && row.len() > 64 {
                row.sort_unstable();
                row.dedup();
            }
            row.extend_from_slice(targets);
        };
        for (sources, targets) in pairs {
            add(NONE, targets);
            sources.iter().for_each(|&source| add(source, targets));
        }
        let mut table = Self {
            starts: vec![0],
            ..Self::default()
        };
        for mut row in rows {
            row.sort_unstable();
            row.dedup();
            let even = 1.0 / row.len().max(1) as f32;
            table.probabilities.extend(row.iter().map(|_| even));
            table.targets.extend(row);
            table.starts.push(table.targets.len());
        }
        table
    }

    /// Where a pair of words stands in the table.
    fn place(&self, source: u32, target: u32) -> Option<usize> {
        let (start, end) = match self.starts.get(source as usize..) {
            Some(&[start, end, ..]) => (start, end),
            _ => return None,
        };
        let place = self.targets[start..end].binary_search(&target).ok()?;
        Some(start + place)
    }

    /// How likely each source word, and last none, has produced a target word, on one scale: with
    /// its place in the table. Gives their sum.
    fn row(
        &self,
        sources: &[u32],
        (at, targets): (usize, usize),
        target: u32,
        row: &mut Vec<(Option<usize>, f32)>,
    ) -> f32 {
        row.clear();
        let probability = |source| {
            let place = self.place(source, target);
            (
                place,
                place.map_or(NEVER, |place| self.probabilities[place]),
            )
        };
        let mut places = 0.0;
        for (from, &source) in sources.iter().enumerate() {
            let away =
                (at as f32 + 0.5) / targets as f32 - (from as f32 + 0.5) / sources.len() as f32;
            let near = (-TENSION * away.abs()).exp();
            places += near;
            let (place, probability) = probability(source);
            row.push((place, near * probability));
        }
        for (_, share) in row.iter_mut() {
            *share *= (1.0 - BY_NONE) / places;
        }
        let (place, by_none) = probability(NONE);
        row.push((place, BY_NONE * by_none));
        row.iter().map(|(_, share)| share).sum()
    }

    fn shares(
        &self,
        sources: &[u32],
        targets: &[u32],
        same: impl Fn(usize, usize) -> bool,
    ) -> Shares {
        let columns = sources.len();
        let mut numbers = Vec::with_capacity(columns * targets.len());
        let mut row = Vec::new();
        for (at, &target) in targets.iter().enumerate() {
            self.row(sources, (at, targets.len()), target, &mut row);
            for (from, (place, share)) in row[..columns].iter_mut().enumerate() {
                // Names and numbers that were never learnt are their own translation.
                if place.is_none() && same(from, at) {
                    *share += (1.0 - BY_NONE) / columns as f32;
                }
            }
            let total: f32 = row.iter().map(|(_, share)| share).sum();
            let share = |&(_, share): &(Option<usize>, f32)| share / total.max(f32::MIN_POSITIVE);
            numbers.extend(row[..columns].iter().map(share));
        }
        Shares {
            numbers,
            rows: targets.len(),
            columns,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::word::links::{self, Told};

    #[test]
    fn what_comes_together_is_linked() {
        let pairs = [
            ("le chat dort", "the cat sleeps"),
            ("le chien dort", "the dog sleeps"),
            ("un chien mange", "a dog eats"),
            ("le chat mange", "the cat eats"),
            ("un chat", "a cat"),
        ];
        let words = |(source, target)| (Words::apart(source), Words::apart(target));
        let learnt: Vec<_> = pairs.into_iter().map(words).collect();
        let statistics = Statistics::learn(&learnt);
        let (source, target) = words(("mange chien Obama", "dog Obama eats"));
        let [forward, backward] = statistics.shares(&source, &target);
        let told = Told {
            forward: Some(&forward),
            backward: Some(&backward),
        };
        let links = links::links(&source, &target, told, None);
        assert_eq!(links, [(0, 2), (1, 0), (2, 1)]);
        let [forward, _] = statistics.shares(&Words::apart(""), &target);
        assert_eq!(forward.columns, 0);
    }
}
