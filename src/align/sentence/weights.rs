//! How much each thing counts that speaks for or against a bead.
//!
//! `benches/alignment.py` fits the numbers to alignments made by hand.

/// Weights of [`score`](super::score), in nats.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    /// Of each kind of bead, by the smaller and the larger number of sentences.
    pub kinds: [((usize, usize), f32); 11],
    pub cosine: f32,
    pub cosine_larger: f32,
    pub chance: f32,
    pub chance_larger: f32,
    pub nearest_neighbour: f32,
    pub neighbours: f32,
    pub greatest_gain: f32,
    pub gains: f32,
    pub least_loss: f32,
    pub losses: f32,
    pub parted: f32,
    pub deviation: f32,
    pub deviation_squared: f32,
    pub length_ratio: f32,
    pub same_end: f32,
    pub one_question: f32,
    pub one_weak_end: f32,
    pub weak_ends: f32,
    pub one_goes_on: f32,
    pub both_go_on: f32,
    pub questions: f32,
    pub exclamations: f32,
    pub target_given_source: f32,
    pub source_given_target: f32,
    pub untranslated_source: f32,
    pub untranslated_length: f32,
    pub untranslated_length_squared: f32,
    pub untranslated_nearest: f32,
    pub untranslated_goes_on: f32,
}

impl Weights {
    /// That of a kind of bead.
    pub fn kind(&self, sources: usize, targets: usize) -> f32 {
        let kind = (sources.min(targets), sources.max(targets));
        let weight = self.kinds.iter().find(|weight| weight.0 == kind);
        weight.map_or(f32::NEG_INFINITY, |weight| weight.1)
    }
}

/// With the sentence encoder.
pub(super) const ENCODED: Weights = Weights {
    kinds: [
        ((0, 1), -2.722),
        ((1, 1), 2.439),
        ((1, 2), 1.346),
        ((1, 3), 0.406),
        ((1, 4), 0.799),
        ((2, 2), 0.452),
        ((2, 3), 0.104),
        ((2, 4), -1.463),
        ((3, 3), -0.893),
        ((3, 4), -2.463),
        ((4, 4), -3.463),
    ],
    cosine: 1.800,
    cosine_larger: 1.074,
    chance: 0.251,
    chance_larger: -0.798,
    nearest_neighbour: -0.368,
    neighbours: 0.193,
    greatest_gain: -1.911,
    gains: -0.766,
    least_loss: -2.042,
    losses: -0.194,
    parted: -0.248,
    deviation: -0.744,
    deviation_squared: -0.147,
    length_ratio: -0.400,
    same_end: 0.819,
    one_question: 0.424,
    one_weak_end: -0.151,
    weak_ends: 0.103,
    one_goes_on: -1.610,
    both_go_on: 0.096,
    questions: -0.692,
    exclamations: -0.046,
    target_given_source: 0.073,
    source_given_target: 0.136,
    untranslated_source: -1.021,
    untranslated_length: -1.064,
    untranslated_length_squared: 0.171,
    untranslated_nearest: -0.729,
    untranslated_goes_on: -0.512,
};

/// Without: what is alike is little, so lengths and marks count for more.
pub(super) const PLAIN: Weights = Weights {
    cosine: 3.0,
    cosine_larger: 0.5,
    chance: -3.0,
    chance_larger: -0.5,
    nearest_neighbour: -0.5,
    neighbours: 0.0,
    greatest_gain: -1.0,
    gains: -0.5,
    least_loss: -1.0,
    losses: 0.0,
    parted: 0.0,
    untranslated_nearest: -1.0,
    ..ENCODED
};
