//! Reads a lexicon file and tells everything that is wrong in it.

use std::collections::{HashMap, HashSet};

use toml::Spanned;

use super::entry::{Context, Entry, Rendering, Tongue, Unless};
use super::error::{LexiconError, Problem};
use super::finding;
use super::raw::{RawEntry, RawLexicon};
use crate::terms::pattern::{Lemmas, Pattern};
use crate::text::{line_at, words};

/// An entry with what finds it; nothing for a rule.
pub(super) type Found = (Entry, Vec<Pattern>);

/// The entries of a lexicon in TOML; `file` names it in errors.
pub(super) fn entries(text: &str, file: &str) -> Result<Vec<Found>, LexiconError> {
    let raw: RawLexicon = toml::from_str(text).map_err(|error| LexiconError::Toml {
        file: file.to_owned(),
        line: error
            .span()
            .map_or(1, |span| line_at(text.as_bytes(), span.start)),
        message: error.message().trim().to_owned(),
    })?;
    let tongue = match (raw.from.as_str(), raw.to.as_deref()) {
        ("fr", Some("en")) => Tongue::French,
        ("en", None) => Tongue::English,
        (from, to) => {
            let to = to.map(|to| format!(" to {to}")).unwrap_or_default();
            return Err(LexiconError::Toml {
                file: file.to_owned(),
                line: 1,
                message: format!(
                    "a lexicon from {from}{to} cannot be used yet; write from = \"fr\", to = \"en\", \
                     or from = \"en\" alone"
                ),
            });
        }
    };
    compiled(numbered(raw.entry, text), tongue, file)
}

/// The line of each entry of a lexicon in TOML, by its id; none of what is no lexicon.
pub(super) fn lines(text: &str) -> HashMap<String, usize> {
    let raw = toml::from_str::<RawLexicon>(text);
    let entries = raw.map(|raw| raw.entry).unwrap_or_default();
    let numbered = numbered(entries, text).into_iter();
    numbered.map(|(entry, line)| (entry.id, line)).collect()
}

/// Each entry with its line.
fn numbered(entries: Vec<Spanned<RawEntry>>, text: &str) -> Vec<(RawEntry, usize)> {
    let (mut line, mut counted) = (1, 0);
    let entries = entries.into_iter().map(|spanned| {
        // They come in their order.
        let start = spanned.span().start.max(counted);
        line += line_at(&text.as_bytes()[counted..], start - counted) - 1;
        counted = start;
        (spanned.into_inner(), line)
    });
    entries.collect()
}

/// The entry that is written so, which is known to be sound.
pub(super) fn trusted(raw: RawEntry, tongue: Tongue) -> Entry {
    let wording = tongue.wording();
    let forms = finding::forms(&raw.forms, &raw.lemma, raw.inflect, wording);
    entry(raw, tongue, forms.unwrap_or_default())
}

/// The entries that are written so, each with its line; every one that is wrong is told.
pub(super) fn compiled(
    raw: Vec<(RawEntry, usize)>,
    tongue: Tongue,
    file: &str,
) -> Result<Vec<Found>, LexiconError> {
    let mut problems = Vec::new();
    let mut ids = HashSet::new();
    let mut lemmas = Lemmas::default();
    let mut entries = Vec::with_capacity(raw.len());
    for (raw, line) in raw {
        let id = raw.id.clone();
        let mut messages = Vec::new();
        if !ids.insert(id.clone()) {
            messages.push("the id is taken; ids must differ".to_owned());
        }
        entries.push(compile(raw, tongue, &mut lemmas, &mut messages));
        problems.extend(messages.into_iter().map(|message| Problem {
            file: file.to_owned(),
            line,
            entry: id.clone(),
            message,
        }));
    }
    if problems.is_empty() {
        Ok(entries)
    } else {
        Err(LexiconError::Entries(problems))
    }
}

fn compile(
    raw: RawEntry,
    tongue: Tongue,
    lemmas: &mut Lemmas,
    problems: &mut Vec<String>,
) -> Found {
    let slug = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-/".contains(&b))
    };
    if !slug(&raw.id) {
        problems.push("the id must be of lower-case letters, digits, - and /".into());
    } else if raw.id.starts_with("check/") || raw.id.starts_with("translate/") {
        problems.push("ids that begin with check/ or translate/ belong to the checks".into());
    }
    if !slug(&raw.category) {
        problems.push("the category must be of lower-case letters, digits and -".into());
    }
    if raw.lemma.trim().is_empty() {
        problems.push("the lemma is empty".into());
    }
    if raw.reason.trim().is_empty() {
        problems.push("the reason is empty; say in a sentence why the term is loaded".into());
    }
    let renders = [&raw.keep, &raw.soften, &raw.strengthen];
    match tongue {
        Tongue::French if raw.keep.is_empty() && raw.rule.is_none() => {
            problems.push("keep is empty; give at least one rendering that keeps the force".into());
        }
        Tongue::English if renders.iter().any(|list| !list.is_empty()) => {
            problems.push("keep, soften and strengthen are for French entries; leave them".into());
        }
        _ => {}
    }
    if tongue == Tongue::French && !raw.plain.is_empty() {
        problems.push("plain is for English entries; leave it".into());
    }
    let wording = tongue.wording();
    let forms = finding::forms(&raw.forms, &raw.lemma, raw.inflect, wording);
    let forms = forms.unwrap_or_else(|problem| {
        problems.push(problem.into());
        raw.forms.clone()
    });
    if let Some(form) = forms.iter().find(|form| words(form).len() != 1) {
        problems.push(format!("the form “{form}” is not one word; use patterns"));
    }
    let mut patterns = Vec::new();
    for pattern in finding::patterns(&forms, &raw.patterns, wording, lemmas) {
        match pattern {
            Ok(pattern) => patterns.push(pattern),
            Err((written, error)) => problems.push(format!("patterns: “{written}”: {error}")),
        }
    }
    if patterns.is_empty() && raw.rule.is_none() && problems.is_empty() {
        problems.push("nothing finds it; give inflect, forms or patterns".into());
    }
    let contexts = [
        ("unless-before", &raw.unless_before),
        ("unless-after", &raw.unless_after),
        ("unless-near", &raw.unless_near),
    ];
    for (name, written) in named(contexts) {
        if let Err(error) = Pattern::parse_with(written, wording, lemmas) {
            problems.push(format!("{name}: “{written}”: {error}"));
        }
    }
    let renderings = [
        ("keep", &raw.keep),
        ("soften", &raw.soften),
        ("strengthen", &raw.strengthen),
    ];
    for (name, written) in named(renderings) {
        if let Err(error) = Rendering::compile(written) {
            problems.push(format!("{name}: “{written}”: {error}"));
        }
    }
    (entry(raw, tongue, forms), patterns)
}

/// What each of some fields lists, with the field's name.
fn named<'r>(
    fields: [(&'static str, &'r Vec<String>); 3],
) -> impl Iterator<Item = (&'static str, &'r String)> {
    let fields = fields.into_iter();
    fields.flat_map(|(name, list)| list.iter().map(move |written| (name, written)))
}

/// The entry that is written so; `forms` are all that it has.
fn entry(raw: RawEntry, tongue: Tongue, forms: Vec<String>) -> Entry {
    let contexts = |list: Vec<String>| -> Vec<Context> {
        let contexts = list.into_iter();
        let wording = tongue.wording();
        contexts.map(|w| Context::new(w.into(), wording)).collect()
    };
    let renderings = |list: Vec<String>| -> Vec<Rendering> {
        let written = list.into_iter().map(Into::into);
        written.map(Rendering::new).collect()
    };
    Entry {
        unless: Unless {
            before: contexts(raw.unless_before),
            after: contexts(raw.unless_after),
            near: contexts(raw.unless_near),
        },
        keep: renderings(raw.keep),
        soften: renderings(raw.soften),
        strengthen: renderings(raw.strengthen),
        tongue,
        plain: raw.plain,
        id: raw.id,
        lemma: raw.lemma,
        category: raw.category,
        severity: raw.severity,
        reason: raw.reason,
        covers: raw.covers,
        hedge: raw.hedge,
        examples: raw.examples,
        counterexamples: raw.counterexamples,
        rule: raw.rule,
        written: raw.patterns,
        forms,
    }
}
