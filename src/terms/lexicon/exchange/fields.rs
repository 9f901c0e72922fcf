//! The fields of an entry by name, as tables and term bases write them.

use serde::Serialize;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{Deserialize, IntoDeserializer};

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

/// The values of a field; none where it has its default.
pub(super) fn values(entry: &RawEntry, field: &str) -> Vec<String> {
    let one = |value: &str| match value.is_empty() {
        true => Vec::new(),
        false => vec![value.to_owned()],
    };
    match field {
        "id" => one(&entry.id),
        "lemma" => one(&entry.lemma),
        "category" => one(&entry.category),
        "severity" => one(entry.severity.name()),
        "reason" => one(&entry.reason),
        "inflect" => entry.inflect.as_ref().and_then(name).into_iter().collect(),
        "rule" => entry.rule.as_ref().and_then(name).into_iter().collect(),
        "covers" if entry.covers == Default::default() => Vec::new(),
        "covers" => name(&entry.covers).into_iter().collect(),
        "hedge" if entry.hedge => one("true"),
        _ => list(&mut entry.clone(), field).map_or_else(Vec::new, |list| list.clone()),
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

/// How a lexicon names a choice.
fn name<T: Serialize>(choice: &T) -> Option<String> {
    let value = serde_json::to_value(choice).ok()?;
    value.as_str().map(str::to_owned)
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
