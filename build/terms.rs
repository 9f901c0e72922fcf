//! Compiles the lexicons, by the library's own modules that read patterns and index them.

pub mod compile;
#[path = "../src/terms/conjugation.rs"]
mod conjugation;
#[path = "../src/terms/effort.rs"]
mod effort;
#[path = "../src/terms/english.rs"]
mod english;
#[path = "../src/terms/english_inflection.rs"]
mod english_inflection;
#[path = "../src/terms/inflection.rs"]
mod inflection;
#[path = "../src/terms/keys.rs"]
mod keys;
pub mod lexicon;
#[path = "../src/terms/pattern/mod.rs"]
pub mod pattern;
#[path = "../src/terms/quotes.rs"]
mod quotes;
#[path = "../src/terms/table.rs"]
mod table;
#[path = "../src/terms/tokens.rs"]
mod tokens;
