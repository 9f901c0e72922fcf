//! Vis-à-vis: translate with a local model, set source and translation face to face, flag loaded
//! terms and what became of each.
//!
//! A text passes through five phases, always in this direction: [`document`] → [`segment`] →
//! [`translate`] → [`align`] → [`terms`]. The value that grows on the way is a
//! [`bitext::Bitext`]; its writers and the [`review`] page read it and nothing else. The library
//! never prints and never panics on input.

/// The program and its version, as the files that it writes name their maker.
pub const GENERATOR: &str = concat!("visavis ", env!("CARGO_PKG_VERSION"));

pub mod align;
pub mod bitext;
pub mod checksum;
pub mod compression;
pub mod corpus;
pub mod document;
pub mod draft;
pub mod encoder;
pub mod engine;
pub mod evaluate;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod language;
pub mod model;
mod parallel;
pub mod parity;
pub mod review;
pub mod segment;
pub mod terms;
pub mod text;
pub mod translate;
