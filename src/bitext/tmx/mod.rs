//! Translation Memory eXchange 1.4b, the format of translators' tools.
//!
//! Each side of a pair is one segment of text; what TMX has no place for stands in properties
//! whose types begin with `x-visavis-`, as the specification provides. A character that XML 1.0
//! forbids is written as a placeholder, `<ph type="x-visavis-character">U+0001</ph>`.

mod read;
mod write;

pub(super) use read::read;
pub(super) use write::{end, pair, start};

/// Type of the property with the bitext's header line.
const HEADER: &str = "x-visavis-header";
/// Type of the property with a unit's id as JSON, where it cannot be an attribute.
const ID: &str = "x-visavis-id";
/// Type of the property with a unit's score.
const SCORE: &str = "x-visavis-score";
/// Type of the property with a unit's word links.
const WORDS: &str = "x-visavis-words";
/// Type of the properties with a unit's flags, one each, as JSON.
const FLAG: &str = "x-visavis-flag";
/// Type of the property with the places of a side's segments.
const PLACES: &str = "x-visavis-places";
/// Type of the placeholders for characters that XML forbids.
const CHARACTER: &str = "x-visavis-character";

#[cfg(test)]
mod tests;
