//! The fourth phase: links between two given texts, document by document, sentence by sentence and
//! word by word.

pub mod documents;
pub mod sentence;
pub mod word;
