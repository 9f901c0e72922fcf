//! Places in a text: spans of code points, and the words that links join.

mod span;
mod utf8;
mod words;

pub use span::{CodePoints, Span};
pub(crate) use utf8::{line_at, utf8};
pub(crate) use words::normalise_as;
pub use words::{normalise, words};
