//! Why a memory cannot be used.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why a memory cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such file.
    #[error("there is no translation memory {}", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{} is no translation memory of visavis; name another file", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A later version of the program wrote it.
    #[error(
        "{} is a translation memory of version {found}, but this program reads version \
         {expected}; update visavis or name another file", path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i32,
        /// The version that is read.
        expected: i32,
    },
    /// The file is damaged.
    #[error(
        "the translation memory {} is damaged ({reason}); move it away, and a new one will be \
         made", path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// It has no such maker, or several, of which one must be chosen.
    #[error("{}: {reason}", path.display())]
    Choice {
        /// The file.
        path: PathBuf,
        /// Which there are, and what to do.
        reason: String,
    },
    /// The file cannot be read or written.
    #[error("cannot use the translation memory {}", path.display())]
    Store {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// A bitext cannot be written or read.
    #[error(transparent)]
    Bitext(#[from] crate::bitext::Error),
}

impl Error {
    /// What an error of SQLite's means.
    pub(super) fn of(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Error::Foreign { path },
            Some(ErrorCode::DatabaseCorrupt) => Error::Damaged {
                path,
                reason: error.to_string(),
            },
            _ => Error::Store {
                path,
                source: error,
            },
        }
    }
}
