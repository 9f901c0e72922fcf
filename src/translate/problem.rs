//! What was noticed about a sentence's translation.

use serde::{Deserialize, Serialize};

use crate::bitext::{Excerpt, Flag, Severity, TRANSLATE};

/// Something that a person should know of a sentence's translation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind of thing.
    pub kind: Kind,
    /// What it is, in a few words.
    pub message: String,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// The flag that tells of it in a pair with this source: `translate/number`.
    pub fn flag(&self, source: &str) -> Flag {
        let entry = format!("{TRANSLATE}{}", self.kind.name());
        let (severity, reason) = (self.kind.severity(), self.message.clone());
        Flag::of_check(entry, severity, reason, Excerpt::whole(source), None)
    }

    /// What [`Problem::flag`] made a flag of; none of any other flag.
    pub fn of_flag(flag: &Flag) -> Option<Self> {
        let name = flag.entry.strip_prefix(TRANSLATE)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
        Some(Self::new(kind, flag.reason.clone()))
    }
}

/// What kind of problem, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// The model gave nothing: the source stands in the translation's place.
    Empty,
    /// The source, or a part of it, is no text that could be translated, and stands in the
    /// translation as it is.
    PassedThrough,
    /// The translation is the source again, or most of it.
    Copied,
    /// The translation repeats what the source does not.
    Repetition,
    /// The translation is absurdly short or long.
    Length,
    /// A number of the source is not in the translation.
    Number,
    /// Characters that the model does not know are not in the translation.
    UnknownCharacters,
}

impl Kind {
    /// Every kind, the gravest first.
    pub const ALL: [Kind; 7] = [
        Kind::Empty,
        Kind::PassedThrough,
        Kind::Copied,
        Kind::Repetition,
        Kind::Length,
        Kind::Number,
        Kind::UnknownCharacters,
    ];

    /// How much it weighs for a reviewer.
    pub fn severity(self) -> Severity {
        match self {
            Kind::Empty | Kind::Copied | Kind::Repetition => Severity::High,
            Kind::Length | Kind::Number => Severity::Medium,
            Kind::PassedThrough | Kind::UnknownCharacters => Severity::Low,
        }
    }

    /// Its name, as files write it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Empty => "empty",
            Kind::PassedThrough => "passed-through",
            Kind::Copied => "copied",
            Kind::Repetition => "repetition",
            Kind::Length => "length",
            Kind::Number => "number",
            Kind::UnknownCharacters => "unknown-characters",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_in_files() {
        for kind in Kind::ALL {
            assert_eq!(
                serde_json::to_value(kind).unwrap(),
                serde_json::Value::from(kind.name())
            );
        }
    }

    #[test]
    fn a_flag_tells_the_problem() {
        for kind in Kind::ALL {
            let problem = Problem::new(kind, "why");
            let flag = problem.flag("Élan.");
            assert_eq!(flag.source.end, 5);
            assert_eq!(Problem::of_flag(&flag), Some(problem));
        }
    }
}
