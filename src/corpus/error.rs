//! Why a corpus could not be translated.

use std::io;
use std::path::{Path, PathBuf};

/// Why a corpus could not be translated, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be opened.
    #[error("cannot read {name}")]
    Open {
        /// The file as the user named it.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// A file is not what it is read as, or breaks off.
    #[error(transparent)]
    Document(#[from] crate::document::Error),
    /// The translator failed.
    #[error(transparent)]
    Translate(#[from] crate::translate::Error),
    /// The bitext cannot be written as asked.
    #[error(transparent)]
    Bitext(#[from] crate::bitext::Error),
    /// The result cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another process is at it.
    #[error("another visavis is writing this: it holds {}", path.display())]
    Locked {
        /// The journal.
        path: PathBuf,
    },
    /// The journal is that of another job.
    #[error(
        "an unfinished run is there ({}) that differs: {difference}; --fresh starts over, the \
         earlier command goes on",
        path.display()
    )]
    OtherJob {
        /// The journal.
        path: PathBuf,
        /// In what the jobs differ.
        difference: String,
    },
    /// An input is no longer what was translated.
    #[error("{name} has changed since it was translated; --fresh starts over")]
    Changed {
        /// The file as the user named it.
        name: String,
    },
    /// What was written so far is no longer there.
    #[error("{} is damaged or gone, so this run cannot go on; --fresh starts over", path.display())]
    Damaged {
        /// The unfinished file.
        path: PathBuf,
    },
    /// The folder has no file to translate.
    #[error("{} holds no files", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// Two inputs would be written to one file.
    #[error("two of the files would both become {}; translate them apart", path.display())]
    Twice {
        /// The file.
        path: PathBuf,
    },
}

impl Error {
    /// For `map_err`: that `path` cannot be written.
    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
        move |source| Error::Write {
            path: path.to_owned(),
            source,
        }
    }
}
