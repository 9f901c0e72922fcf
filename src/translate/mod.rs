//! The third phase: source sentences become target sentences with scores and word links.
//!
//! A [`Translator`] translates sentences; [`native`] is the one with our own engine, `rust_bert`
//! (with the feature of that name) the one with libtorch. [`documents`]
//! runs whole documents through one and gives a [`Bitext`](crate::bitext::Bitext).

pub(crate) mod assembly;
mod faults;
mod jobs;
mod links;
pub mod memory;
pub mod native;
mod parts;
mod pipeline;
mod prepare;
pub mod problem;
mod retry;
#[cfg(feature = "rust-bert")]
pub mod rust_bert;
mod sections;
mod wrap;

#[cfg(feature = "rust-bert")]
pub use self::rust_bert::RustBert;
pub use native::Native;
pub use pipeline::{Translated, documents};
use problem::Problem;

/// A sentence's translation.
#[derive(Debug, Clone, PartialEq)]
pub struct Translation {
    /// The text; the source itself where it was passed through.
    pub text: String,
    /// Mean log-probability of a target piece; none where the source was passed through.
    pub score: Option<f32>,
    /// Links (source word, target word), 0-based, of [`crate::text::words`]; sorted.
    pub words: Vec<(u32, u32)>,
    /// What was noticed about it, the gravest first.
    pub problems: Vec<Problem>,
}

impl Translation {
    /// The source passed through as it is, word for word.
    pub fn passed_through(source: &str) -> Self {
        let words = crate::text::words(source).len() as u32;
        Self {
            text: source.into(),
            score: None,
            words: (0..words).map(|word| (word, word)).collect(),
            problems: Vec::new(),
        }
    }
}

/// Why sentences could not be translated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The model cannot be computed with.
    #[error("the model cannot translate")]
    Model(#[from] crate::model::Error),
    /// The translation memory cannot be used.
    #[error(transparent)]
    Memory(#[from] memory::Error),
    /// rust-bert or libtorch fails.
    #[cfg(feature = "rust-bert")]
    #[error(transparent)]
    RustBert(#[from] rust_bert::Error),
}

/// Translates sentences of one language into another.
pub trait Translator {
    /// The model's name.
    fn name(&self) -> &str;

    /// The options that change its output, such as `beam-size 4`.
    fn options(&self) -> String;

    /// What tells its model from any other, even one of the same name; empty where nothing does.
    fn checksum(&self) -> &str {
        ""
    }

    /// Whether its translations have word links.
    fn has_links(&self) -> bool {
        true
    }

    /// How many sentences came from a translation memory so far; none where there is no memory.
    fn memory_hits(&self) -> Option<usize> {
        None
    }

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

impl<T: Translator + ?Sized> Translator for &T {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn options(&self) -> String {
        (**self).options()
    }

    fn checksum(&self) -> &str {
        (**self).checksum()
    }

    fn has_links(&self) -> bool {
        (**self).has_links()
    }

    fn memory_hits(&self) -> Option<usize> {
        (**self).memory_hits()
    }

    fn translate(
        &self,
        sentences: &[&str],
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Translation>, Error> {
        (**self).translate(sentences, done)
    }
}
