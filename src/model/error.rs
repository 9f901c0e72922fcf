//! What can go wrong with models, told so that a person knows what to do.

use std::io;
use std::path::{Path, PathBuf};

/// Why a model cannot be had, read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried: `read`, `write`, `create` …
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// A compiled model that is cut short or altered.
    #[error("{} is damaged: {reason}; remove it and pull or import the model again", path.display())]
    Damaged {
        /// The compiled model.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A compiled model of another version of the format.
    #[error(
        "{} is a compiled model of format version {found}, this program reads version {expected}; \
         pull or import the model again",
        path.display()
    )]
    Version {
        /// The compiled model.
        path: PathBuf,
        /// The version that the file states.
        found: u32,
        /// The version that this program reads and writes.
        expected: u32,
    },
    /// A compiled model lacks a tensor, or has it in another type or shape.
    #[error("{}: tensor {name}: {reason}", path.display())]
    Tensor {
        /// The compiled model.
        path: PathBuf,
        /// The tensor.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A folder or file that is no OPUS-MT model, or not one that can be used.
    #[error("{}: {reason}", path.display())]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Weights that cannot be read.
    #[error(transparent)]
    Weights(#[from] super::weights::Error),
    /// Weights that cannot be computed with.
    #[error("tensor {name}: {reason}")]
    Numbers {
        /// The tensor, as the source names it.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    /// For `map_err`: an input or output error with what was tried and where.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}
