//! The third phase: source sentences become target sentences with scores and word links.
//!
//! A [`Translator`] translates sentences; [`native`] is the one with our own engine. [`documents`]
//! runs whole documents through one and gives a [`Bitext`](crate::bitext::Bitext).

mod links;
pub mod native;
mod pipeline;
mod wrap;

pub use native::Native;
pub use pipeline::{Translated, documents};

/// A sentence's translation.
#[derive(Debug, Clone, PartialEq)]
pub struct Translation {
    /// The text; the source itself where it was passed through.
    pub text: String,
    /// Mean log-probability of a target piece; none where the source was passed through.
    pub score: Option<f32>,
    /// Links (source word, target word), 0-based, of [`crate::text::words`]; sorted.
    pub words: Vec<(u32, u32)>,
}

impl Translation {
    /// The source passed through as it is, word for word.
    pub fn passed_through(source: &str) -> Self {
        let words = crate::text::words(source).len() as u32;
        Self {
            text: source.into(),
            score: None,
            words: (0..words).map(|word| (word, word)).collect(),
        }
    }
}

/// Why sentences could not be translated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The model cannot be computed with.
    #[error("the model cannot translate")]
    Model(#[from] crate::model::Error),
}

/// Translates sentences of one language into another.
pub trait Translator {
    /// The model's name.
    fn name(&self) -> &str;

    /// The options that change its output, such as `beam-size 4`.
    fn options(&self) -> String;

    /// Translates `sentences`, in order: one translation each. `done` is called with a
    /// sentence's number when it is translated, in any order and from any thread.
    ///
    /// # Errors
    /// Where the translator itself fails; a sentence that it cannot translate is passed through.
    fn translate(
        &self,
        sentences: &[&str],
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Translation>, Error>;
}
