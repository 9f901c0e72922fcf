//! The fourth phase: links between sentences and between words.

pub mod word;
