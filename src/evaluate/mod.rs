//! Scores of what the phases make, against references.

pub mod alignment;
pub mod bleu;
pub mod chrf;
pub mod flags;
mod lines;
pub mod segments;
pub mod thirteen_a;
pub mod words;

pub use lines::{Error, lines, same_lines, text};

/// The version field of every signature: the program and version that computed the score.
pub const VERSION: &str = concat!("visavis-", env!("CARGO_PKG_VERSION"));

/// `part` of `whole`, which is `of_nothing` where there is nothing.
fn share(part: usize, whole: usize, of_nothing: f64) -> f64 {
    match whole {
        0 => of_nothing,
        whole => part as f64 / whole as f64,
    }
}
