//! How loaded a paragraph is, from its finds, its form and its words.
//!
//! A logistic regression over what [`features`] tells of the paragraph, trained on the tune part of
//! the SemEval-2023 paragraphs by `scripts/train-triage.py`, which says how. Its weights lie in a
//! file for each language, in 8 bits.

mod features;
mod weights;

use std::sync::OnceLock;

use super::lexicon::Tongue;
use crate::bitext::Severity;
pub use weights::TriageError;
use weights::Weights;

/// The weights that come with the program.
const FRENCH: &[u8] = include_bytes!("fr.weights");
const ENGLISH: &[u8] = include_bytes!("en.weights");

/// How loaded a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loadedness {
    /// From 0, plain, to 1, loaded.
    pub score: f32,
    /// Whether the score reaches the threshold that does best on the tune part.
    pub loaded: bool,
}

/// What counts of a find: its severity and its category.
pub type Weight<'f> = (Severity, &'f str);

/// How loaded the paragraph `text` is, whose finds are `finds`.
///
/// # Errors
///
/// When the weights that were built in are damaged.
pub fn loadedness(text: &str, finds: &[Weight], tongue: Tongue) -> Result<Loadedness, TriageError> {
    let weights = trained(tongue)?;
    let score = weights.score(&features::of(text, finds, weights.bits));
    Ok(Loadedness {
        score,
        loaded: score >= weights.threshold,
    })
}

fn trained(tongue: Tongue) -> Result<&'static Weights, TriageError> {
    static HELD: [OnceLock<Result<Weights, TriageError>>; 2] = [OnceLock::new(), OnceLock::new()];
    let (place, bytes) = match tongue {
        Tongue::French => (0, FRENCH),
        Tongue::English => (1, ENGLISH),
    };
    let held = HELD[place].get_or_init(|| Weights::read(bytes));
    held.as_ref().map_err(Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_loaded_is_told_from_the_plain() {
        let score = |text, tongue| loadedness(text, &[], tongue).expect("weights").score;
        let cases = [
            (
                "Une véritable honte ! Ce régime criminel et sanguinaire continue de mentir \
                 effrontément à un peuple exsangue, sous les applaudissements de ses laquais.",
                "La réunion aura lieu mardi à 10 heures, salle 3.",
                Tongue::French,
            ),
            (
                "What a shameful disgrace! This murderous, bloodthirsty regime goes on lying \
                 to its people while its lackeys in the corrupt media applaud the slaughter.",
                "The meeting is on Tuesday at 10, in room 3.",
                Tongue::English,
            ),
        ];
        for (loaded, plain, tongue) in cases {
            assert!(score(loaded, tongue) > score(plain, tongue), "{loaded}");
        }
        assert!(score("", Tongue::French).is_finite());
    }

    proptest! {
        #[test]
        fn scores_lie_between_0_and_1(text in "\\PC{0,200}") {
            for tongue in [Tongue::French, Tongue::English] {
                let score = loadedness(&text, &[], tongue).expect("weights").score;
                prop_assert!((0.0..=1.0).contains(&score));
            }
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..64), keep in 0usize..32) {
            let mut file = FRENCH[..keep].to_vec();
            file.extend(bytes);
            prop_assert!(Weights::read(&file).is_err());
        }
    }
}
