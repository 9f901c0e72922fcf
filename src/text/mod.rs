//! Places in a text: spans of code points, and the words that links join.

mod span;
mod words;

pub use span::{CodePoints, Span};
pub(crate) use words::normalise_as;
pub use words::{normalise, words};
