//! Languages, by their ISO 639-1 code.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language, by its two- or three-letter lower-case ISO 639 code (`fr`, `en`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

impl Language {
    /// French.
    pub fn french() -> Self {
        Self("fr".into())
    }

    /// English.
    pub fn english() -> Self {
        Self("en".into())
    }

    /// The code, such as `fr`.
    pub fn code(&self) -> &str {
        &self.0
    }
}

/// A string that is no ISO 639 code.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is no language code; give a two- or three-letter ISO 639 code such as fr or en")]
pub struct ParseLanguageError(String);

impl FromStr for Language {
    type Err = ParseLanguageError;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        let lower = code.to_ascii_lowercase();
        if (2..=3).contains(&lower.len()) && lower.bytes().all(|b| b.is_ascii_lowercase()) {
            Ok(Self(lower))
        } else {
            Err(ParseLanguageError(code.into()))
        }
    }
}

impl TryFrom<String> for Language {
    type Error = ParseLanguageError;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        code.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
