//! What may be wrong with a lexicon.

use std::fmt;
use std::path::PathBuf;

/// Why a lexicon cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// The file cannot be read.
    #[error("cannot read the lexicon {}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is larger than any lexicon.
    #[error("{} is larger than 16 MiB; is it a lexicon?", .0.display())]
    Size(PathBuf),
    /// The file is no TOML of the right shape.
    #[error("{file}:{line}: {message}; lexicons/README.md describes the format")]
    Toml {
        /// The file's name.
        file: String,
        /// 1-based line.
        line: usize,
        /// What the reader says.
        message: String,
    },
    /// A file of another tool that has another form.
    #[error("{file}:{line}: {message}")]
    Foreign {
        /// The file's name.
        file: String,
        /// 1-based line.
        line: usize,
        /// What is wrong and what to do.
        message: String,
    },
    /// What the build wrote of the lexicons that come with the program is not whole.
    #[error("the lexicons that come with the program are damaged; build or install it anew")]
    Builtin,
    /// Entries that cannot be used.
    #[error("{}", list(.0))]
    Entries(Vec<Problem>),
}

/// Something wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file's name.
    pub file: String,
    /// 1-based line of the entry.
    pub line: usize,
    /// The entry's id.
    pub entry: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            entry,
            message,
        } = self;
        write!(f, "{file}:{line}: entry “{entry}”: {message}")
    }
}

fn list(problems: &[Problem]) -> String {
    let lines = problems.iter().map(Problem::to_string);
    lines.collect::<Vec<_>>().join("\n")
}
