//! What is wrong with a record.

use std::fmt;

/// What is wrong with a record. None of these ends a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Some bytes are no UTF-8; they stand as U+FFFD.
    InvalidUtf8,
    /// It holds control characters, such as NUL.
    ControlCharacters,
    /// It is very long: so many bytes.
    LongLine(usize),
    /// It is no JSON object; it was left as it is.
    NotJson(String),
    /// It has no text in this field; it was left as it is.
    NoText(String),
    /// It has too few cells: this one is missing; it was left as it is.
    NoCell(String),
    /// A quoted cell does not end; the line was left as it is.
    UnclosedQuote,
}

impl Trouble {
    /// Its name in reports.
    pub fn kind(&self) -> &'static str {
        match self {
            Trouble::InvalidUtf8 => "invalid-utf8",
            Trouble::ControlCharacters => "control-characters",
            Trouble::LongLine(_) => "long-line",
            Trouble::NotJson(_) => "not-json",
            Trouble::NoText(_) => "no-text",
            Trouble::NoCell(_) => "no-cell",
            Trouble::UnclosedQuote => "unclosed-quote",
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::InvalidUtf8 => f.write_str("some bytes are no UTF-8; they stand as U+FFFD"),
            Trouble::ControlCharacters => f.write_str("it holds control characters"),
            Trouble::LongLine(bytes) => write!(f, "it is {bytes} bytes long"),
            Trouble::NotJson(why) => write!(f, "no JSON object ({why}); left as it is"),
            Trouble::NoText(field) => write!(f, "no text in field “{field}”; left as it is"),
            Trouble::NoCell(column) => write!(f, "no column {column}; left as it is"),
            Trouble::UnclosedQuote => {
                f.write_str("a quoted cell does not end; the line was left as it is")
            }
        }
    }
}
