//! Entries as a file writes them, before their patterns are read.

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::entry::{Covers, Entry, Rule};
use super::finding::Inflect;
use crate::bitext::Severity;

/// A lexicon file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawLexicon {
    pub from: String,
    pub to: Option<String>,
    #[serde(default)]
    pub entry: Vec<Spanned<RawEntry>>,
}

/// An entry.
#[derive(Debug, Deserialize, Serialize, Clone, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawEntry {
    pub id: String,
    pub lemma: String,
    pub category: String,
    pub severity: Severity,
    pub reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inflect: Option<Inflect>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub covers: Covers,
    #[serde(default, skip_serializing_if = "is_default")]
    pub hedge: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub soften: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strengthen: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless_before: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless_after: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless_near: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counterexamples: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plain: Vec<String>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl RawEntry {
    /// An entry without anything but its id.
    pub fn new(id: String) -> Self {
        Self {
            id,
            lemma: String::new(),
            category: String::new(),
            severity: Severity::Medium,
            reason: String::new(),
            inflect: None,
            forms: Vec::new(),
            patterns: Vec::new(),
            rule: None,
            covers: Covers::default(),
            hedge: false,
            keep: Vec::new(),
            soften: Vec::new(),
            strengthen: Vec::new(),
            unless_before: Vec::new(),
            unless_after: Vec::new(),
            unless_near: Vec::new(),
            examples: Vec::new(),
            counterexamples: Vec::new(),
            plain: Vec::new(),
        }
    }

    /// An entry as it could be written; its inflection as the forms that it gives.
    pub fn of(entry: &Entry) -> Self {
        let renderings =
            |list: &[super::Rendering]| list.iter().map(|r| r.written.to_string()).collect();
        let contexts =
            |list: &[super::Context]| list.iter().map(|c| c.written.to_string()).collect();
        Self {
            id: entry.id.clone(),
            lemma: entry.lemma.clone(),
            category: entry.category.clone(),
            severity: entry.severity,
            reason: entry.reason.clone(),
            inflect: None,
            forms: entry.forms.clone(),
            patterns: entry.written.clone(),
            rule: entry.rule,
            covers: entry.covers,
            hedge: entry.hedge,
            keep: renderings(&entry.keep),
            soften: renderings(&entry.soften),
            strengthen: renderings(&entry.strengthen),
            unless_before: contexts(&entry.unless.before),
            unless_after: contexts(&entry.unless.after),
            unless_near: contexts(&entry.unless.near),
            examples: entry.examples.clone(),
            counterexamples: entry.counterexamples.clone(),
            plain: entry.plain.clone(),
        }
    }
}
