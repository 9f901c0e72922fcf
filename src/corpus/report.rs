//! What a run counts, and the problems that it met.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::document::records::Trouble;
use crate::translate::Translation;

/// Something that a person may want to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The file as the user named it.
    pub file: String,
    /// The line, 1-based; 0 for the file as a whole.
    pub line: usize,
    /// The kind's name.
    pub kind: String,
    /// What is wrong and what was done.
    pub message: String,
}

impl Problem {
    /// What a reader found wrong with a record.
    pub(super) fn of_record(file: &str, line: usize, trouble: &Trouble) -> Self {
        Self {
            file: file.into(),
            line,
            kind: trouble.kind().into(),
            message: trouble.to_string(),
        }
    }

    /// A file that was left out.
    pub(super) fn of_file(file: &str, kind: &str, message: String) -> Self {
        Self {
            file: file.into(),
            line: 0,
            kind: kind.into(),
            message,
        }
    }

    /// What was noticed about a sentence's translation: the one place where problems of sentences
    /// become problems of files.
    pub(super) fn of_translation(
        file: &str,
        line: usize,
        translation: &Translation,
    ) -> impl Iterator<Item = Self> {
        translation.problems.iter().map(move |problem| Self {
            file: file.into(),
            line,
            kind: problem.kind.name().into(),
            message: problem.message.clone(),
        })
    }
}

/// What a run has done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Files written.
    pub files: u64,
    /// Lines read.
    pub lines: u64,
    /// Sentences translated.
    pub sentences: u64,
    /// Words of the source.
    pub words: u64,
    /// How many problems of each kind.
    pub problems: BTreeMap<String, u64>,
}

impl Totals {
    /// All problems.
    pub fn problem_count(&self) -> u64 {
        self.problems.values().sum()
    }

    pub(super) fn count(&mut self, problem: &Problem) {
        *self.problems.entry(problem.kind.clone()).or_default() += 1;
    }
}
