//! Reads a lexicon file and tells everything that is wrong in it.

use std::collections::{HashMap, HashSet};

use toml::Spanned;

use super::entry::{Context, Entry, Rendering, Tongue, Unless};
use super::error::{LexiconError, Problem};
use super::loading_threads;
use super::raw::{Inflect, RawEntry, RawLexicon};
use crate::parallel;
use crate::terms::pattern::{Lemmas, Pattern, Wording};
use crate::terms::{conjugation, english, english_inflection, inflection};
use crate::text::{line_at, words};

/// Whether renderings and contexts are read with the file or at the first need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deferred {
    /// At once: what is wrong with them is told.
    Checked,
    /// Later: they are known to be sound.
    Trusted,
}

/// The entries of a lexicon in TOML; `file` names it in errors.
pub(super) fn entries(text: &str, file: &str) -> Result<Vec<Entry>, LexiconError> {
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
    compiled(numbered(raw.entry, text), tongue, file, Deferred::Checked)
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

/// How many entries a thread reads at a time.
const TOGETHER: usize = 128;

/// The entries of a lexicon that comes with the program, written as JSON, one a line; `file` names
/// it in errors. They are known to be sound; several threads read them.
pub(super) fn trusted(lines: &str, tongue: Tongue, file: &str) -> Result<Vec<Entry>, LexiconError> {
    let lines: Vec<&str> = lines.lines().collect();
    let parts: Vec<&[&str]> = lines.chunks(TOGETHER).collect();
    let read = parallel::map(loading_threads(), parts.len(), |part| {
        let raw = parts[part].iter().zip(part * TOGETHER + 1..);
        let raw = raw.map(|(written, line)| {
            let entry = serde_json::from_str(written).map_err(|error| LexiconError::Toml {
                file: file.to_owned(),
                line,
                message: error.to_string(),
            })?;
            Ok((entry, line))
        });
        let raw = raw.collect::<Result<_, LexiconError>>()?;
        compiled(raw, tongue, file, Deferred::Trusted)
    });
    let entries = read.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(entries.into_iter().flatten().collect())
}

/// The entries that are written so, each with its line; every one that is wrong is told.
pub(super) fn compiled(
    raw: Vec<(RawEntry, usize)>,
    tongue: Tongue,
    file: &str,
    deferred: Deferred,
) -> Result<Vec<Entry>, LexiconError> {
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
        entries.push(compile(raw, tongue, deferred, &mut lemmas, &mut messages));
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
    checked: Deferred,
    lemmas: &mut Lemmas,
    problems: &mut Vec<String>,
) -> Entry {
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
    let wording = match tongue {
        Tongue::French => Wording::French,
        Tongue::English => Wording::English,
    };
    let forms = written_forms(&raw, tongue, checked, problems);
    let mut patterns = compile_all(&raw.patterns, "patterns", wording, lemmas, problems);
    if !forms.is_empty() {
        patterns.insert(0, Pattern::of_forms(forms.iter().map(String::as_str)));
    }
    if patterns.is_empty() && raw.rule.is_none() && problems.is_empty() {
        problems.push("nothing finds it; give inflect, forms or patterns".into());
    }
    let mut contexts = |list: Vec<String>, name| -> Vec<Context> {
        if checked == Deferred::Checked {
            compile_all(&list, name, wording, lemmas, problems);
        }
        let contexts = list.into_iter();
        contexts.map(|w| Context::new(w.into(), wording)).collect()
    };
    let unless = Unless {
        before: contexts(raw.unless_before, "unless-before"),
        after: contexts(raw.unless_after, "unless-after"),
        near: contexts(raw.unless_near, "unless-near"),
    };
    let mut renderings = |list: Vec<String>, name: &str| -> Vec<Rendering> {
        if checked == Deferred::Checked {
            for written in &list {
                if let Err(error) = Rendering::compile(written) {
                    problems.push(format!("{name}: “{written}”: {error}"));
                }
            }
        }
        let written = list.into_iter().map(Into::into);
        written.map(Rendering::new).collect()
    };
    Entry {
        keep: renderings(raw.keep, "keep"),
        soften: renderings(raw.soften, "soften"),
        strengthen: renderings(raw.strengthen, "strengthen"),
        tongue,
        plain: raw.plain,
        id: raw.id,
        lemma: raw.lemma,
        category: raw.category,
        severity: raw.severity,
        reason: raw.reason,
        covers: raw.covers,
        hedge: raw.hedge,
        patterns,
        unless,
        examples: raw.examples,
        counterexamples: raw.counterexamples,
        rule: raw.rule,
        written: raw.patterns,
        forms,
    }
}

fn written_forms(
    raw: &RawEntry,
    tongue: Tongue,
    checked: Deferred,
    problems: &mut Vec<String>,
) -> Vec<String> {
    let mut forms = raw.forms.clone();
    if let Some(class) = raw.inflect {
        if words(&raw.lemma).len() != 1 {
            problems.push("inflect needs a lemma of one word; use patterns".into());
        }
        let lemma = crate::text::normalise(&raw.lemma);
        let french = tongue == Tongue::French;
        match class {
            Inflect::Adjective if french => forms.extend(inflection::adjective(&lemma)),
            Inflect::Noun if french => forms.extend(inflection::noun(&lemma)),
            Inflect::Fixed if french => forms.push(lemma),
            Inflect::Verb if french => match conjugation::conjugate(&lemma) {
                Some(conjugated) => forms.extend(conjugated.into_iter().map(|(_, form)| form)),
                None => problems.push("the verb's conjugation is not known; list its forms".into()),
            },
            Inflect::Adjective => forms.extend(english_inflection::adjective(&lemma)),
            Inflect::Noun => forms.extend(english_inflection::noun(&lemma)),
            Inflect::Fixed => forms.extend(english::spellings(&lemma)),
            Inflect::Verb => {
                let conjugated = english_inflection::verb(&lemma).into_iter();
                forms.extend(conjugated.map(|(_, form)| form));
            }
        }
    }
    let strange = |form: &&String| checked == Deferred::Checked && words(form).len() != 1;
    if let Some(form) = forms.iter().find(strange) {
        problems.push(format!("the form “{form}” is not one word; use patterns"));
    }
    forms.sort();
    forms.dedup();
    forms
}

fn compile_all(
    list: &[String],
    field: &str,
    wording: Wording,
    lemmas: &mut Lemmas,
    problems: &mut Vec<String>,
) -> Vec<Pattern> {
    let mut compiled = Vec::new();
    for written in list {
        match Pattern::parse_with(written, wording, lemmas) {
            Ok(pattern) => compiled.push(pattern),
            Err(error) => problems.push(format!("{field}: “{written}”: {error}")),
        }
    }
    compiled
}
