//! Of the library's module of this name what the build needs.

#[path = "../../src/terms/lexicon/finding.rs"]
pub mod finding;
#[path = "../../src/terms/lexicon/index/mod.rs"]
pub mod index;
