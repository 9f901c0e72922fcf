//! How much each thing counts that speaks for or against a bead.
//!
//! The numbers were fitted by maximum likelihood to alignments made by hand;
//! `benches/records/alignment.md` tells which.

/// Weights of [`score`](super::score), in nats.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    /// Of each kind of bead, by the smaller and the larger number of sentences.
    pub kinds: [((usize, usize), f32); 11],
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
        ((0, 1), -3.070),
        ((1, 1), 2.451),
        ((1, 2), 1.421),
        ((1, 3), 0.431),
        ((1, 4), 0.881),
        ((2, 2), 0.435),
        ((2, 3), 0.082),
        ((2, 4), -1.388),
        ((3, 3), -1.008),
        ((3, 4), -2.388),
        ((4, 4), -3.388),
    ],
    cosine: 2.312,
    cosine_larger: 0.976,
    gain: -2.361,
    loss: -2.112,
    deviation: -0.849,
    deviation_squared: -0.142,
    target_given_source: 0.097,
    source_given_target: 0.118,
    untranslated_length: -1.287,
    untranslated_length_squared: 0.072,
    untranslated_nearest: -0.905,
};

/// Without: what is alike is little, so lengths count for more.
pub(super) const PLAIN: Weights = Weights {
    cosine: 3.0,
    cosine_larger: 0.5,
    gain: -1.0,
    loss: -1.0,
    target_given_source: 0.0,
    source_given_target: 0.0,
    untranslated_nearest: -1.0,
    ..ENCODED
};
