//! The lexicon of loaded terms: entries read from TOML (see `lexicons/README.md`), validated and
//! indexed by the first word of their patterns.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::pattern::{Pattern, Side};
use super::tokens::Tokens;
use super::{conjugation, inflection};
use crate::bitext::Severity;
use crate::text::words;

/// The lexicon for French news that comes with the program.
const FRENCH: &str = include_str!("../../lexicons/fr.toml");

/// The largest lexicon file that is read, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// Why a lexicon cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// The file cannot be read.
    #[error("cannot read the lexicon {}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is larger than any lexicon.
    #[error("{} is larger than 16 MiB; is it a lexicon?", .0.display())]
    Size(PathBuf),
    /// The file is no TOML of the right shape.
    #[error("{file}:{line}: {message}; lexicons/README.md describes the format")]
    Toml {
        /// The file's name.
        file: String,
        /// 1-based line.
        line: usize,
        /// What the reader says.
        message: String,
    },
    /// Entries that cannot be used.
    #[error("{}", list(.0))]
    Entries(Vec<Problem>),
}

/// Something wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file's name.
    pub file: String,
    /// 1-based line of the entry.
    pub line: usize,
    /// The entry's id.
    pub entry: String,
    /// What is wrong and what to do.
    pub message: String,
}

fn list(problems: &[Problem]) -> String {
    let lines = problems
        .iter()
        .map(|p| format!("{}:{}: entry “{}”: {}", p.file, p.line, p.entry, p.message));
    lines.collect::<Vec<_>>().join("\n")
}

/// A loaded term, or a rule.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Stable and unique.
    pub id: String,
    /// The headword to show.
    pub lemma: String,
    /// Such as `distancing`.
    pub category: String,
    /// How much a find weighs.
    pub severity: Severity,
    /// Why it is loaded, in one sentence for the reviewer.
    pub reason: String,
    /// What it covers beside its own words.
    pub covers: Covers,
    /// Whether its force lies in grammar rather than in a word with a rendering of its own.
    pub hedge: bool,
    /// What finds it; empty for a rule.
    pub patterns: Vec<Pattern>,
    /// Contexts right before, right after and anywhere in the sentence that rule a find out.
    pub unless: Unless,
    /// English renderings that keep its force.
    pub keep: Vec<Rendering>,
    /// Renderings that weaken it.
    pub soften: Vec<Rendering>,
    /// Renderings that are stronger.
    pub strengthen: Vec<Rendering>,
    /// Sentences in which it must be found.
    pub examples: Vec<String>,
    /// Sentences in which it must not be found.
    pub counterexamples: Vec<String>,
    /// The rule that finds it in place of patterns.
    pub rule: Option<Rule>,
    /// Every written form, for entries of a single word.
    pub forms: Vec<String>,
}

/// What a find covers beside the words of its pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Covers {
    /// Nothing.
    #[default]
    Itself,
    /// The quoted span or noun phrase that it bears on (*prétendue «ingérence russe»*).
    Noun,
}

/// A way of finding that is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Short quoted spans that are no quotation of speech.
    ScareQuotes,
}

/// Contexts that rule a find out.
#[derive(Debug, Clone, Default)]
pub struct Unless {
    /// Ending right before the find.
    pub before: Vec<Pattern>,
    /// Beginning right after it.
    pub after: Vec<Pattern>,
    /// Anywhere in its sentence.
    pub near: Vec<Pattern>,
}

/// An English rendering of an entry.
#[derive(Debug, Clone)]
pub struct Rendering {
    /// As the lexicon writes it.
    pub written: String,
    /// What finds it.
    pub pattern: Pattern,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawLexicon {
    from: String,
    to: String,
    #[serde(default)]
    entry: Vec<Spanned<RawEntry>>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Inflect {
    Adjective,
    Noun,
    Verb,
    Fixed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawEntry {
    id: String,
    lemma: String,
    category: String,
    severity: Severity,
    reason: String,
    inflect: Option<Inflect>,
    #[serde(default)]
    forms: Vec<String>,
    #[serde(default)]
    patterns: Vec<String>,
    rule: Option<Rule>,
    #[serde(default)]
    covers: Covers,
    #[serde(default)]
    hedge: bool,
    #[serde(default)]
    keep: Vec<String>,
    #[serde(default)]
    soften: Vec<String>,
    #[serde(default)]
    strengthen: Vec<String>,
    #[serde(default)]
    unless_before: Vec<String>,
    #[serde(default)]
    unless_after: Vec<String>,
    #[serde(default)]
    unless_near: Vec<String>,
    #[serde(default)]
    examples: Vec<String>,
    #[serde(default)]
    counterexamples: Vec<String>,
}

/// Entries, and which of them may begin with a word.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    entries: Vec<Entry>,
    /// Entry and pattern by first form.
    by_first: HashMap<String, Vec<(usize, usize)>>,
    /// Entry and pattern of those that may begin with any word.
    anywhere: Vec<(usize, usize)>,
}

impl Lexicon {
    /// The lexicon of French terms with English renderings that comes with the program.
    pub fn builtin() -> Result<Self, LexiconError> {
        Self::parse(FRENCH, "lexicons/fr.toml")
    }

    /// Reads a lexicon file.
    pub fn load(path: &Path) -> Result<Self, LexiconError> {
        let read_error = |source| LexiconError::Read {
            path: path.to_owned(),
            source,
        };
        if std::fs::metadata(path).map_err(read_error)?.len() > MAX_BYTES {
            return Err(LexiconError::Size(path.to_owned()));
        }
        let text = std::fs::read_to_string(path).map_err(read_error)?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Reads a lexicon from TOML; `file` names it in errors. Every entry that is wrong is told.
    pub fn parse(text: &str, file: &str) -> Result<Self, LexiconError> {
        let raw: RawLexicon = toml::from_str(text).map_err(|error| LexiconError::Toml {
            file: file.to_owned(),
            line: error.span().map_or(1, |span| line_of(text, span.start)),
            message: error.message().trim().to_owned(),
        })?;
        if (raw.from.as_str(), raw.to.as_str()) != ("fr", "en") {
            return Err(LexiconError::Toml {
                file: file.to_owned(),
                line: 1,
                message: format!(
                    "a lexicon from {} to {} cannot be used yet; write from = \"fr\", to = \"en\"",
                    raw.from, raw.to
                ),
            });
        }
        let mut problems = Vec::new();
        let mut ids = HashSet::new();
        let mut entries = Vec::new();
        for spanned in raw.entry {
            let line = line_of(text, spanned.span().start);
            let raw = spanned.into_inner();
            let id = raw.id.clone();
            let mut messages = Vec::new();
            if !ids.insert(id.clone()) {
                messages.push("the id is taken; ids must differ".to_owned());
            }
            let entry = compile(raw, &mut messages);
            entries.push(entry);
            problems.extend(messages.into_iter().map(|message| Problem {
                file: file.to_owned(),
                line,
                entry: id.clone(),
                message,
            }));
        }
        if problems.is_empty() {
            Ok(Self::index(entries))
        } else {
            Err(LexiconError::Entries(problems))
        }
    }

    /// This lexicon with the entries of `other`, which replace those of the same id.
    pub fn extended(self, other: Self) -> Self {
        let replaced: HashSet<&str> = other.entries.iter().map(|e| e.id.as_str()).collect();
        let kept = self
            .entries
            .into_iter()
            .filter(|e| !replaced.contains(e.id.as_str()));
        let mut entries: Vec<Entry> = kept.collect();
        entries.extend(other.entries.iter().cloned());
        Self::index(entries)
    }

    /// This lexicon with one of its entries alone.
    pub fn only(self, id: &str) -> Self {
        let entries = self.entries.into_iter().filter(|e| e.id == id);
        Self::index(entries.collect())
    }

    /// The entries, in the order of the file.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry that a rule belongs to.
    pub(super) fn rule(&self, rule: Rule) -> Option<&Entry> {
        self.entries.iter().find(|e| e.rule == Some(rule))
    }

    /// Entries and patterns that may match from token `at` on.
    pub(super) fn candidates<'l>(
        &'l self,
        tokens: &Tokens,
        at: usize,
    ) -> Vec<(&'l Entry, &'l Pattern)> {
        let token = tokens.tokens.get(at);
        let keys = token
            .into_iter()
            .flat_map(|t| t.readings.iter().chain(&t.capitals));
        let listed = keys.filter_map(|key| self.by_first.get(key)).flatten();
        let mut places: Vec<(usize, usize)> = listed.chain(&self.anywhere).copied().collect();
        places.sort_unstable();
        places.dedup();
        places
            .into_iter()
            .map(|(entry, pattern)| {
                let entry = &self.entries[entry];
                (entry, &entry.patterns[pattern])
            })
            .collect()
    }

    fn index(entries: Vec<Entry>) -> Self {
        let mut by_first: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        let mut anywhere = Vec::new();
        for (e, entry) in entries.iter().enumerate() {
            for (p, pattern) in entry.patterns.iter().enumerate() {
                match pattern.first_forms() {
                    Some(forms) => {
                        for form in forms {
                            by_first.entry(form.to_owned()).or_default().push((e, p));
                        }
                    }
                    None => anywhere.push((e, p)),
                }
            }
        }
        Self {
            entries,
            by_first,
            anywhere,
        }
    }
}

fn line_of(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|&b| b == b'\n').count()
}

fn compile(raw: RawEntry, problems: &mut Vec<String>) -> Entry {
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
    if raw.keep.is_empty() && raw.rule.is_none() {
        problems.push("keep is empty; give at least one rendering that keeps the force".into());
    }
    let forms = written_forms(&raw, problems);
    let mut patterns = compile_all(&raw.patterns, "patterns", Side::Source, problems);
    if !forms.is_empty() {
        patterns.insert(0, Pattern::of_forms(forms.iter().map(String::as_str)));
    }
    if patterns.is_empty() && raw.rule.is_none() && problems.is_empty() {
        problems.push("nothing finds it; give inflect, forms or patterns".into());
    }
    let mut contexts = |list, name| compile_all(list, name, Side::Source, problems);
    let unless = Unless {
        before: contexts(&raw.unless_before, "unless-before"),
        after: contexts(&raw.unless_after, "unless-after"),
        near: contexts(&raw.unless_near, "unless-near"),
    };
    let mut renderings = |list: &[String], name| {
        let spelt: Vec<String> = list.iter().map(|r| with_hyphens(r)).collect();
        let compiled = compile_all(&spelt, name, Side::Target, problems);
        let pairs = list.iter().cloned().zip(compiled);
        pairs
            .map(|(written, pattern)| Rendering { written, pattern })
            .collect()
    };
    Entry {
        keep: renderings(&raw.keep, "keep"),
        soften: renderings(&raw.soften, "soften"),
        strengthen: renderings(&raw.strengthen, "strengthen"),
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
        forms,
    }
}

/// A rendering of plain words, which English also joins with hyphens: *behind-the-scenes talks*.
fn with_hyphens(rendering: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c == ' ';
    if rendering.trim().contains(' ') && rendering.chars().all(plain) {
        let joined: Vec<&str> = rendering.split_whitespace().collect();
        format!("({rendering}|{})", joined.join("-"))
    } else {
        rendering.to_owned()
    }
}

fn written_forms(raw: &RawEntry, problems: &mut Vec<String>) -> Vec<String> {
    let mut forms = raw.forms.clone();
    if let Some(class) = raw.inflect {
        if words(&raw.lemma).len() != 1 {
            problems.push("inflect needs a lemma of one word; use patterns".into());
        }
        match class {
            Inflect::Adjective => forms.extend(inflection::adjective(&raw.lemma)),
            Inflect::Noun => forms.extend(inflection::noun(&raw.lemma)),
            Inflect::Fixed => forms.push(raw.lemma.clone()),
            Inflect::Verb => match conjugation::conjugate(&raw.lemma) {
                Some(conjugated) => forms.extend(conjugated.into_iter().map(|(_, form)| form)),
                None => problems.push("the verb's conjugation is not known; list its forms".into()),
            },
        }
    }
    if let Some(form) = forms.iter().find(|form| words(form).len() != 1) {
        problems.push(format!("the form “{form}” is not one word; use patterns"));
    }
    forms.sort();
    forms.dedup();
    forms
}

fn compile_all(
    list: &[String],
    field: &str,
    side: Side,
    problems: &mut Vec<String>,
) -> Vec<Pattern> {
    let mut compiled = Vec::new();
    for written in list {
        match Pattern::parse(written, side) {
            Ok(pattern) => compiled.push(pattern),
            Err(error) => problems.push(format!("{field}: “{written}”: {error}")),
        }
    }
    compiled
}
