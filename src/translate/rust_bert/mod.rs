//! The translator with rust-bert, which computes with libtorch: a second opinion on what the native
//! engine makes of a model, and a way to run models that it cannot.
//!
//! Sentences are prepared, wrapped, translated again where they have faults and put together as the
//! native engine's are. There are no word links: [`crate::align::word`] finds them afterwards.

mod machine;
mod pieces;

use std::path::PathBuf;

use super::jobs;
use super::{Translation, Translator};
use crate::engine::Options;
use crate::language::Language;
use crate::model::{Compiled, Kept};
use machine::Torch;

/// Why rust-bert does not translate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The model's files cannot be loaded.
    #[error(
        "rust-bert cannot load {}: {reason}; pull or import the model again with --keep-for \
         rust-bert",
        folder.display()
    )]
    Load {
        /// The folder of the model.
        folder: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The model does not know a language.
    #[error("{model} does not know the language {language}; it is told by its code, such as fr")]
    Language {
        /// The model.
        model: String,
        /// The language.
        language: Language,
    },
    /// Libtorch does not compute on that device.
    #[error(
        "libtorch finds no device {device}: {found}; a libtorch with CUDA 12.1 from \
         https://pytorch.org and the GPU's driver are needed for one, --device cpu needs neither"
    )]
    Device {
        /// The device that is asked for.
        device: Device,
        /// What there is.
        found: String,
    },
    /// Libtorch or rust-bert gives up.
    #[error("rust-bert gave up: {0}")]
    Failed(String),
}

/// What computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// The processor.
    Cpu,
    /// The GPU of that number.
    Cuda(usize),
}

impl std::fmt::Display for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
        }
    }
}

/// A model in rust-bert and how to use it.
pub struct RustBert {
    torch: Torch,
    name: String,
    checksum: String,
    beam_size: usize,
    threads: usize,
    retries: bool,
    device: Device,
}

impl std::fmt::Debug for RustBert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RustBert")
            .field("name", &self.name)
            .field("options", &self.options())
            .finish_non_exhaustive()
    }
}

impl RustBert {
    /// Loads a model, with a beam of `beam_size` (1 is greedy) on so many threads. The pieces of a
    /// Marian model are those of its `compiled` one; another model needs none.
    ///
    /// # Errors
    /// [`Error::Load`] where its files are none that rust-bert can use, [`Error::Language`] where it
    /// does not know one of the languages, [`Error::Device`] where there is no such device.
    pub fn new(
        kept: &Kept,
        compiled: Option<&Compiled>,
        languages: (&Language, &Language),
        (device, beam_size, threads): (Device, usize, usize),
    ) -> Result<Self, Error> {
        let threads = threads.max(1);
        Ok(Self {
            torch: Torch::load(kept, compiled, languages, device, threads)?,
            name: kept.card().name.clone(),
            checksum: kept.checksum().to_owned(),
            beam_size: beam_size.max(1),
            threads,
            retries: true,
            device,
        })
    }

    /// Leaves faulty translations as they come, though their faults are told.
    #[must_use]
    pub fn without_retries(mut self) -> Self {
        self.retries = false;
        self
    }
}

impl Translator for RustBert {
    fn name(&self) -> &str {
        &self.name
    }

    fn options(&self) -> String {
        let mut options = format!("rust-bert, beam-size {}", self.beam_size);
        // Numbers differ in their last bits, and so may a translation now and then.
        if self.device != Device::Cpu {
            options.push_str(", cuda");
        }
        if !self.retries {
            options.push_str(", no retries");
        }
        options
    }

    fn checksum(&self) -> &str {
        &self.checksum
    }

    fn has_links(&self) -> bool {
        false
    }

    fn translate(
        &self,
        sentences: &[&str],
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Translation>, super::Error> {
        let options = Options {
            beam_size: self.beam_size,
            threads: self.threads,
            shortlist: false,
            no_repeat_ngram: 0,
            attention: false,
        };
        let mut translations =
            jobs::translate(&self.torch, sentences, &options, self.retries, done)?;
        for translation in &mut translations {
            // Rust-bert tells no scores that could be relied upon.
            translation.score = None;
            translation.words.clear();
        }
        Ok(translations)
    }
}
