//! How much each thing counts that speaks for or against a bead.
//!
//! The numbers were fitted by maximum likelihood to alignments made by hand;
//! `benches/records/alignment.md` tells which.

use super::translation::Verdict;

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

/// Weights of beads in places of doubt, which a translation model has judged, in nats.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doubt {
    /// A bead that is less probable is in doubt.
    pub sure: f32,
    /// A bead that is less probable is not considered.
    pub least: f32,
    /// The same, of sentences that stand alone and of what stands beside them.
    pub least_alone: f32,
    /// Of the score that the bead had.
    pub score: f32,
    /// Of what speaks for its pieces.
    pub nats: f32,
    /// Of the probability that the translation ends where it does.
    pub end: f32,
    /// Of what sentences lack to be explained.
    pub unexplained: f32,
    /// Of sentences of one side that stand alone, once for all that follow each other.
    pub open: f32,
    /// The same, for each of them.
    pub alone: f32,
    /// The same, for each code point.
    pub alone_length: f32,
    /// Of sentences that stand alone on the side that the model makes of the other.
    pub alone_made: f32,
}

impl Doubt {
    /// The score of a bead with sentences on both sides.
    pub fn paired(&self, score: f32, verdict: Verdict) -> f32 {
        let explained = self.nats * verdict.nats + self.unexplained * verdict.unexplained;
        self.score * score + explained + self.end * verdict.end
    }

    /// The score of so many sentences that stand alone, of so many code points in all;
    /// `is_made` where the model makes their side of the other.
    pub fn one_sided(&self, score: f32, sentences: usize, length: f64, is_made: bool) -> f32 {
        let all = self.alone * sentences as f32 + self.alone_length * length as f32;
        let made = if is_made { self.alone_made } else { 0.0 };
        self.score * score + self.open + made + all
    }
}

/// Where a translation model judges.
pub(super) const DOUBT: Doubt = Doubt {
    sure: 0.8,
    least: 0.1,
    least_alone: 0.02,
    score: 0.564,
    nats: 0.313,
    end: 2.609,
    unexplained: -0.218,
    open: -0.635,
    alone: -0.510,
    alone_length: 0.0283,
    alone_made: 0.525,
};

/// With the sentence encoder, before anything is learnt from the texts themselves.
pub(super) const FIRST: Weights = Weights {
    kinds: [
        ((1, 1), 2.089),
        ((1, 2), 0.911),
        ((1, 3), -0.105),
        ((1, 4), 0.107),
        ((2, 2), -0.121),
        ((2, 3), -0.512),
        ((2, 4), -2.346),
        ((3, 3), -1.745),
    ],
    many: -0.335,
    many_each: -0.879,
    open: -3.078,
    alone: -1.263,
    cosine: 2.109,
    cosine_larger: 0.748,
    gain: -2.428,
    loss: -2.545,
    deviation: -0.800,
    deviation_squared: -0.159,
    target_given_source: 0.063,
    source_given_target: 0.115,
    untranslated_length: -0.949,
    untranslated_length_squared: 0.196,
};

/// With the sentence encoder and what the texts show of each other.
pub(super) const SECOND: Weights = Weights {
    kinds: [
        ((1, 1), 2.103),
        ((1, 2), 0.894),
        ((1, 3), -0.145),
        ((1, 4), 0.158),
        ((2, 2), -0.078),
        ((2, 3), -0.503),
        ((2, 4), -2.371),
        ((3, 3), -1.810),
    ],
    many: -0.300,
    many_each: -0.939,
    open: -3.005,
    alone: -1.045,
    cosine: 1.694,
    cosine_larger: 0.818,
    gain: -1.572,
    loss: -2.059,
    deviation: -0.806,
    deviation_squared: -0.117,
    target_given_source: 0.055,
    source_given_target: 0.121,
    untranslated_length: -0.908,
    untranslated_length_squared: 0.192,
};

/// Without: what is alike is little, so lengths count for more.
pub(super) const PLAIN: Weights = Weights {
    kinds: [
        ((1, 1), 2.796),
        ((1, 2), 1.269),
        ((1, 3), 0.493),
        ((1, 4), 0.429),
        ((2, 2), 0.695),
        ((2, 3), -0.187),
        ((2, 4), -1.715),
        ((3, 3), -0.994),
    ],
    many: -1.849,
    many_each: -0.557,
    open: -2.137,
    alone: -1.604,
    cosine: 3.159,
    cosine_larger: 2.257,
    gain: -1.582,
    loss: -0.944,
    deviation: -1.164,
    deviation_squared: -0.233,
    target_given_source: 0.0,
    source_given_target: 0.0,
    untranslated_length: -1.767,
    untranslated_length_squared: -0.266,
};

/// The same with what the texts show of each other.
pub(super) const PLAIN_LEARNT: Weights = Weights {
    kinds: [
        ((1, 1), 2.676),
        ((1, 2), 1.573),
        ((1, 3), 0.458),
        ((1, 4), 0.090),
        ((2, 2), 0.121),
        ((2, 3), -0.648),
        ((2, 4), -2.937),
        ((3, 3), -1.884),
    ],
    many: 0.018,
    many_each: -1.214,
    open: -2.986,
    alone: -0.870,
    cosine: -0.071,
    cosine_larger: 0.995,
    gain: -1.160,
    loss: 0.682,
    deviation: -1.237,
    deviation_squared: 0.042,
    target_given_source: 0.108,
    source_given_target: 0.043,
    untranslated_length: -0.224,
    untranslated_length_squared: 0.255,
};
