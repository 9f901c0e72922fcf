//! How much each thing counts that speaks for or against a bead.
//!
//! The numbers were fitted by maximum likelihood to alignments made by hand;
//! `benches/records/alignment.md` tells which.

/// Weights of [`score`](super::score), in nats.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    /// Of each kind of bead, by the smaller and the larger number of sentences.
    pub kinds: [((usize, usize), f32); 8],
    /// Of all other kinds with sentences on both sides.
    pub many: f32,
    /// The same, for each sentence beyond five.
    pub many_each: f32,
    /// Of sentences of one side that stand alone, once for all that follow each other.
    pub open: f32,
    /// The same, for each of them.
    pub alone: f32,
    /// Of the cosine of the two runs.
    pub cosine: f32,
    /// The same, for each sentence beyond one and one.
    pub cosine_larger: f32,
    /// Of what the cosine would gain with a sentence more.
    pub gain: f32,
    /// Of what the cosine would gain with a sentence fewer.
    pub loss: f32,
    /// Of by how many standard deviations the lengths differ.
    pub deviation: f32,
    /// Of its square.
    pub deviation_squared: f32,
    /// Of the nats by which the source explains the target.
    pub target_given_source: f32,
    /// Of the nats by which the target explains the source.
    pub source_given_target: f32,
    /// Of the logarithm of the length of a sentence that stands alone.
    pub untranslated_length: f32,
    /// Of its square.
    pub untranslated_length_squared: f32,
    /// Of its greatest cosine with a sentence or two nearby, less chance.
    pub untranslated_nearest: f32,
}

impl Weights {
    /// That of a kind of bead with sentences on both sides.
    pub fn kind(&self, sources: usize, targets: usize) -> f32 {
        let kind = (sources.min(targets), sources.max(targets));
        let weight = self.kinds.iter().find(|weight| weight.0 == kind);
        let beyond = sources as f32 + targets as f32 - 5.0;
        weight.map_or(self.many + self.many_each * beyond, |weight| weight.1)
    }
}

/// With the sentence encoder, before anything is learnt from the texts themselves.
pub(super) const FIRST: Weights = Weights {
    kinds: [
        ((1, 1), 2.097),
        ((1, 2), 0.915),
        ((1, 3), -0.099),
        ((1, 4), 0.099),
        ((2, 2), -0.116),
        ((2, 3), -0.510),
        ((2, 4), -2.347),
        ((3, 3), -1.745),
    ],
    many: -0.344,
    many_each: -0.879,
    open: -3.089,
    alone: -1.326,
    cosine: 2.128,
    cosine_larger: 0.763,
    gain: -2.428,
    loss: -2.548,
    deviation: -0.798,
    deviation_squared: -0.159,
    target_given_source: 0.063,
    source_given_target: 0.115,
    untranslated_length: -0.960,
    untranslated_length_squared: 0.187,
    untranslated_nearest: 0.347,
};

/// With the sentence encoder and what the texts show of each other.
pub(super) const SECOND: Weights = Weights {
    kinds: [
        ((1, 1), 2.123),
        ((1, 2), 0.909),
        ((1, 3), -0.131),
        ((1, 4), 0.155),
        ((2, 2), -0.061),
        ((2, 3), -0.490),
        ((2, 4), -2.367),
        ((3, 3), -1.803),
    ],
    many: -0.284,
    many_each: -0.945,
    open: -3.011,
    alone: -1.130,
    cosine: 1.714,
    cosine_larger: 0.845,
    gain: -1.566,
    loss: -2.065,
    deviation: -0.806,
    deviation_squared: -0.116,
    target_given_source: 0.054,
    source_given_target: 0.122,
    untranslated_length: -0.917,
    untranslated_length_squared: 0.180,
    untranslated_nearest: 0.488,
};

/// Without: what is alike is little, so lengths count for more.
pub(super) const PLAIN: Weights = Weights {
    kinds: [
        ((1, 1), 2.451),
        ((1, 2), 1.421),
        ((1, 3), 0.431),
        ((1, 4), 0.881),
        ((2, 2), 0.435),
        ((2, 3), 0.082),
        ((2, 4), -1.388),
        ((3, 3), -1.008),
    ],
    many: -2.4,
    many_each: -0.8,
    open: -0.5,
    alone: -2.57,
    cosine: 3.0,
    cosine_larger: 0.5,
    gain: -1.0,
    loss: -1.0,
    deviation: -0.849,
    deviation_squared: -0.142,
    target_given_source: 0.0,
    source_given_target: 0.0,
    untranslated_length: -1.287,
    untranslated_length_squared: 0.072,
    untranslated_nearest: -1.0,
};
