//! A JSON object a line: the translation of a field goes into a field beside it, or in its place;
//! every other byte of the line stays.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::source::Source;
use super::{Edit, Error, Field, Passage, Piece, Record, Records, Style, Trouble, edited};

pub(super) struct Reader {
    source: Source,
    fields: Vec<Field>,
}

impl Reader {
    pub fn new(source: Source, fields: Vec<Field>) -> Self {
        Self { source, fields }
    }
}

impl Records for Reader {
    fn next(&mut self) -> Result<Option<Record>, Error> {
        let Some(bytes) = self.source.next()? else {
            return Ok(None);
        };
        let line = self.source.line;
        let mark = std::mem::take(&mut self.source.mark);
        let mut record = record(line, bytes, &self.source, &self.fields);
        if !mark.is_empty() {
            record.pieces.insert(0, Piece::Kept(mark));
        }
        Ok(Some(record))
    }

    fn fingerprint(&self) -> String {
        self.source.fingerprint()
    }

    fn used(&self) -> Option<u64> {
        Some(self.source.used)
    }
}

fn record(line: usize, bytes: Vec<u8>, source: &Source, fields: &[Field]) -> Record {
    if bytes.trim_ascii().is_empty() {
        return Record::kept(line, 1, bytes);
    }
    // A line that is no UTF-8 must be read as text to be read at all.
    let (text, mut troubles) = source.text(bytes);
    let object: Object<'_> = match serde_json::from_str(&text) {
        Ok(object) => object,
        Err(error) => {
            let trouble = Trouble::NotJson(error.to_string());
            return Record::kept(line, 1, text.into_bytes()).with(trouble);
        }
    };
    let mut edits: Vec<Edit> = Vec::new();
    for field in fields {
        let value = object.value(&field.name);
        let string: Option<String> = value.and_then(|raw| serde_json::from_str(raw.get()).ok());
        let (Some(value), Some(string)) = (value, string) else {
            troubles.push(Trouble::NoText(field.name.clone()));
            continue;
        };
        let passage = Piece::Passage(Passage::prose(&string, Style::Json));
        match object.value(&field.output) {
            Some(old) => edits.push((place(&text, old), vec![passage])),
            None => {
                let place = place(&text, value);
                // As the line itself is written: with spaces after colons and commas or without.
                let spaced = text[..place.start].ends_with(' ');
                let (comma, colon) = if spaced { (", ", ": ") } else { (",", ":") };
                let mut name = Vec::from(comma);
                push_string(&field.output, &mut name);
                name.extend_from_slice(colon.as_bytes());
                let end = object.end(&text);
                edits.push((end..end, vec![Piece::Kept(name), passage]));
            }
        }
    }
    Record {
        line,
        lines: 1,
        troubles,
        pieces: edited(text.as_bytes(), edits),
    }
}

/// Appends `text` as a JSON string with its quotes.
pub(super) fn push_string(text: &str, out: &mut Vec<u8>) {
    // Neither a string nor a vector can fail.
    let _ = serde_json::to_writer(out, text);
}

/// Where in `line` a value of it stands.
fn place(line: &str, value: &RawValue) -> Range<usize> {
    let start = value.get().as_ptr() as usize - line.as_ptr() as usize;
    start..start + value.get().len()
}

/// An object's fields as they stand in the line.
struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Object<'a> {
    /// The last value of that name, which is the one that readers of JSON take.
    fn value(&self, name: &str) -> Option<&'a RawValue> {
        let named = self.0.iter().rev().find(|(key, _)| key == name);
        named.map(|(_, value)| *value)
    }

    /// The end of the last value: what is added goes there.
    fn end(&self, line: &str) -> usize {
        self.0.last().map_or(0, |(_, value)| place(line, value).end)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(Key(key)) = map.next_key()? {
                    fields.push((key, map.next_value()?));
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// A field's name, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
