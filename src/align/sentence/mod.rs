//! Sentences of a text face to face with those of its translation.

mod bead;
pub mod links;
mod pairs;

pub use bead::Bead;
pub use pairs::{Text, bitext, line_by_line};
