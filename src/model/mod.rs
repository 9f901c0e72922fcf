//! Models: the catalogue of what can be had, pulling, importing, compiling and storing weights.

pub mod compile;
pub mod compiled;
mod error;
mod hash;
mod map;
pub mod opus;
pub mod packing;
pub mod positions;
mod progress;
pub mod tokenizer_tables;
pub mod trie;
pub mod weights;

pub use compiled::Compiled;
pub use error::Error;
pub use progress::{Progress, Silent};
