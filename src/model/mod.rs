//! Models: the catalogue of what can be had, pulling, importing, compiling and storing weights.

pub mod compiled;
mod error;
mod hash;
mod map;

pub use compiled::Compiled;
pub use error::Error;
