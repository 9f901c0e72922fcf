//! How much each attention head of a model counts for word links.
//!
//! Heads differ much in what they look at. For the models that are known here the weights were
//! fitted on the links of one story (`docs/word-alignment.md`); for others the lower layers count
//! alike.

use crate::model::compiled::Header;

/// The layers whose heads count in models that are not known: the first half.
const LAYERS: (usize, usize) = (1, 2);

/// Weights of a known model, layer after layer from the lowest.
struct Known {
    /// SHA-256 of the trained weights.
    sha256: &'static str,
    heads: &'static [f32],
}

/// The models that are known.
const KNOWN: &[Known] = &[
    // opus-mt-fr-en
    Known {
        sha256: "599b819e3488f0fb888fef09511370ce4c0388b6f0f6beeb49a1f4b19043bebc",
        heads: &[
            0.81, 0.76, 1.78, 1.11, 0.92, 0.92, 0.75, 0.96, 0.56, 1.42, 1.33, 1.17, 0.53, 1.15,
            1.30, 0.88, 0.69, 1.19, 0.26, 0.69, 0.91, 1.49, 2.75, 0.89, 0.74, 0.63, 1.92, 0.36,
            0.27, 1.07, 1.01, 0.80,
        ],
    },
    // opus-mt-en-fr
    Known {
        sha256: "cc1de10b49342ad2f33e06bc4474ddd6eaca278474903c4a8636ce15680d64de",
        heads: &[
            2.06, 0.48, 0.89, 0.80, 0.71, 1.09, 0.74, 2.73, 0.80, 0.74, 0.81, 0.77, 0.72, 1.13,
            1.49, 0.70, 0.78, 0.68, 0.39, 0.37, 0.56, 0.43, 0.60, 5.05, 0.31, 0.59, 0.93, 0.34,
            1.19, 1.76, 0.51, 0.86,
        ],
    },
];

/// The weight of each head of a model's decoder, layer after layer from the lowest; those that
/// lack count nothing.
pub(super) fn of(header: &Header) -> Vec<f32> {
    let is_of = |known: &&Known| {
        let mut sources = header.sources.iter();
        sources.any(|source| source.sha256 == known.sha256)
    };
    if let Some(known) = KNOWN.iter().find(is_of) {
        return known.heads.to_vec();
    }
    let layers = (header.config.decoder_layers * LAYERS.0).div_ceil(LAYERS.1);
    vec![1.0; layers * header.config.decoder_heads]
}
