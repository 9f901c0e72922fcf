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
            0.93, 0.73, 1.51, 1.02, 0.88, 1.06, 0.71, 0.96, 0.49, 1.42, 1.01, 1.11, 0.58, 2.35,
            1.38, 1.15, 0.77, 1.23, 0.24, 0.84, 0.89, 1.71, 2.52, 0.79, 0.72, 0.32, 1.49, 0.36,
            0.27, 0.86, 0.98, 0.70,
        ],
    },
    // opus-mt-en-fr
    Known {
        sha256: "cc1de10b49342ad2f33e06bc4474ddd6eaca278474903c4a8636ce15680d64de",
        heads: &[
            5.05, 0.40, 0.75, 0.69, 0.57, 0.90, 0.64, 3.48, 0.99, 0.60, 0.69, 0.70, 0.62, 1.05,
            0.66, 0.65, 0.67, 0.63, 0.31, 0.28, 0.54, 0.45, 0.34, 5.74, 0.27, 0.56, 0.65, 0.35,
            1.02, 0.52, 0.48, 0.76,
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
