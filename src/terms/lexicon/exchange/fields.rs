//! The fields of an entry by name, as tables and term bases write them.

use serde::de::value::{Error, StrDeserializer};
use serde::de::{Deserialize, IntoDeserializer};
use serde_json::{Map, Value};

use super::super::raw::RawEntry;

/// An entry in the making, and the line where it begins.
#[derive(Debug)]
pub(super) struct Draft {
    pub entry: RawEntry,
    pub line: usize,
}

/// The fields, in the order in which they are written.
pub(super) const FIELDS: &[&str] = &[
    "id",
    "lemma",
    "category",
    "severity",
    "reason",
    "inflect",
    "forms",
    "patterns",
    "rule",
    "covers",
    "hedge",
    "keep",
    "soften",
    "strengthen",
    "plain",
    "unless-before",
    "unless-after",
    "unless-near",
    "examples",
    "counterexamples",
];

/// The fields of an entry that have no default, as a lexicon writes them.
pub(super) struct Values(Map<String, Value>);

impl Values {
    pub fn of(entry: &RawEntry) -> Self {
        // An entry is always an object.
        match serde_json::to_value(entry) {
            Ok(Value::Object(fields)) => Self(fields),
            _ => Self(Map::new()),
        }
    }

    /// The values of a field; none where it has its default.
    pub fn of_field(&self, field: &str) -> impl Iterator<Item = &str> {
        let (list, one) = match self.0.get(field) {
            Some(Value::Array(list)) => (&**list, None),
            Some(Value::String(value)) if !value.is_empty() => (&[][..], Some(&**value)),
            Some(Value::Bool(value)) => (&[][..], Some(if *value { "true" } else { "false" })),
            _ => (&[][..], None),
        };
        one.into_iter().chain(list.iter().filter_map(Value::as_str))
    }
}

/// Sets a field; of a list, adds a value.
pub(super) fn set(entry: &mut RawEntry, field: &str, value: &str) -> Result<(), String> {
    let wrong = |allowed: &str| format!("{field} is “{value}”; write {allowed}");
    match field {
        "id" => entry.id = value.to_owned(),
        "lemma" => entry.lemma = value.to_owned(),
        "category" => entry.category = value.to_owned(),
        "reason" => entry.reason = value.to_owned(),
        "severity" => {
            entry.severity = named(value).ok_or_else(|| wrong("low, medium or high"))?;
        }
        "inflect" => {
            let inflect = named(value);
            entry.inflect = Some(inflect.ok_or_else(|| wrong("adjective, noun, verb or fixed"))?);
        }
        "rule" => entry.rule = Some(named(value).ok_or_else(|| wrong("scare-quotes"))?),
        "covers" => entry.covers = named(value).ok_or_else(|| wrong("itself or noun"))?,
        "hedge" => entry.hedge = value.parse().map_err(|_| wrong("true or false"))?,
        _ => match list(entry, field) {
            Some(list) => list.push(value.to_owned()),
            None => {
                let fields = FIELDS.join(", ");
                return Err(format!("“{field}” is no field; there are {fields}"));
            }
        },
    }
    Ok(())
}

fn list<'e>(entry: &'e mut RawEntry, field: &str) -> Option<&'e mut Vec<String>> {
    Some(match field {
        "forms" => &mut entry.forms,
        "patterns" => &mut entry.patterns,
        "keep" => &mut entry.keep,
        "soften" => &mut entry.soften,
        "strengthen" => &mut entry.strengthen,
        "plain" => &mut entry.plain,
        "unless-before" => &mut entry.unless_before,
        "unless-after" => &mut entry.unless_after,
        "unless-near" => &mut entry.unless_near,
        "examples" => &mut entry.examples,
        "counterexamples" => &mut entry.counterexamples,
        _ => return None,
    })
}

/// The choice that a lexicon names so.
fn named<'de, T: Deserialize<'de>>(name: &'de str) -> Option<T> {
    let name: StrDeserializer<'de, Error> = name.into_deserializer();
    T::deserialize(name).ok()
}

/// A value on one line, of characters that every format can hold.
pub(super) fn on_one_line(value: &str) -> String {
    let blank = value.replace(['\n', '\r', '\t'], " ");
    let held = |c: &char| {
        !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{2028}' | '\u{2029}')
    };
    let held: String = blank.chars().filter(held).collect();
    held.trim().to_owned()
}
