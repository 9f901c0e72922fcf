//! Colours of categories.

/// Where the hash starts. Any number gives every name a stable hue; with this one the categories
/// of the French lexicon fall at least 29 degrees apart.
const SEED: u32 = 4_940_196;

/// The hue of a category in degrees: 32-bit FNV-1a of its name, so that a category keeps its
/// colour in every page, whatever others stand beside it.
pub(super) fn hue(category: &str) -> u32 {
    let hash = category.bytes().fold(SEED, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash >> 8) % 360
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_of_the_lexicon_are_told_apart() {
        let mut hues: Vec<u32> = [
            "distancing",
            "insinuation",
            "evaluation",
            "label",
            "attribution",
            "intensifier",
            "scare-quotes",
            "euphemism",
            "conflict",
            "appeal",
            "translation",
        ]
        .map(hue)
        .to_vec();
        hues.sort_unstable();
        let first = hues[0] + 360;
        for (one, next) in hues.iter().zip(hues.iter().skip(1).chain([&first])) {
            assert!(next - one >= 29, "{hues:?}");
        }
    }
}
