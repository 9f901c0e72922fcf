//! Whose word a loaded term is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whose word a loaded term is, as far as the text says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Voice {
    /// The writer's own.
    Author,
    /// Someone's whom the text does not name nearby: it stands between quotation marks.
    Quoted,
    /// Someone's whom the text names, in a quotation or in reported speech.
    Attributed {
        /// The speaker, as the text names them.
        to: String,
    },
}

impl Voice {
    /// `author`, `quoted` or `attributed`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Quoted => "quoted",
            Self::Attributed { .. } => "attributed",
        }
    }
}

impl fmt::Display for Voice {
    /// `author`, `quoted` or `attributed to NAME`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attributed { to } => write!(f, "attributed to {to}"),
            other => f.write_str(other.name()),
        }
    }
}
