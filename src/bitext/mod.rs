//! The value that grows through the phases: source and target segments face to face, with word
//! links and flags, the same whether the translation was ours or given.

mod check;
mod error;
mod files;
mod format;
mod html;
pub mod jsonl;
pub mod moses;
mod places;
#[cfg(test)]
mod samples;
mod tmx;
mod tsv;
mod voice;
mod writer;

pub use error::{Error, Problem};
pub use files::{destinations, load, load_moses, save, save_moses};
pub use format::{Format, Languages, read, read_edited, write};
pub(crate) use places::{decode_links, encode_links};
pub use voice::Voice;
pub use writer::Writer;

use serde::{Deserialize, Serialize};

use crate::language::Language;
use crate::text::Span;

/// What [`Header::generator`] says of this program.
pub use crate::GENERATOR;

/// Documents and their pairs, in the order of the source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bitext {
    /// What the pairs belong to and how they were made.
    pub header: Header,
    /// The pairs; every source segment stands in exactly one, in order.
    pub pairs: Vec<Pair>,
}

/// What a bitext is made of and how it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Language of the source.
    pub from: Language,
    /// Language of the target.
    pub to: Language,
    /// The source documents.
    pub documents: Vec<DocumentInfo>,
    /// Where the target comes from.
    pub origin: Origin,
    /// The program and version that wrote this.
    pub generator: String,
}

/// What is kept of a source document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentInfo {
    /// Its name: the path as the user gave it.
    pub name: String,
    /// A leading date stamp as written, if it has one (`2017-10`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// Where the target side of a bitext comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Origin {
    /// Translated by us.
    Model {
        /// The model's name.
        model: String,
        /// The options that change its output, such as `beam-size 4`.
        options: String,
    },
    /// A translation that the user gave.
    Given {
        /// Its name: the path as the user gave it.
        name: String,
    },
}

/// Source segments and the target segments that render them (a bead).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// Stable within the bitext: `1`, `2`, … in order.
    pub id: String,
    /// Source segments; empty for an insertion.
    pub source: Vec<Segment>,
    /// Target segments; empty for a deletion.
    pub target: Vec<Segment>,
    /// For our translations the mean log-probability of a target piece (0 is certain); for found
    /// links the link's score; none where nothing was scored.
    pub score: Option<f32>,
    /// Links (source word, target word), 0-based, of [`crate::text::words`] of
    /// [`Pair::source_text`] and [`Pair::target_text`]; sorted.
    pub words: Vec<(u32, u32)>,
    /// What a reviewer should look at.
    pub flags: Vec<Flag>,
}

impl Pair {
    /// The source segments joined by one space.
    pub fn source_text(&self) -> String {
        join(&self.source)
    }

    /// The target segments joined by one space.
    pub fn target_text(&self) -> String {
        join(&self.target)
    }
}

fn join(segments: &[Segment]) -> String {
    let texts: Vec<&str> = segments.iter().map(|s| s.text.as_str()).collect();
    texts.join(" ")
}

/// A sentence (or line) and its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// The text, without surrounding white space.
    pub text: String,
    /// Index into [`Header::documents`].
    pub document: usize,
    /// 0-based block (paragraph, line) of that document.
    pub block: usize,
    /// Code points of the block that the text covers; for a target of our own making, of the
    /// translated block.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

/// Something in a pair that a reviewer should look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flag {
    /// The lexicon's entry, or the check's name (`check/number`); of what the translator itself
    /// noticed `translate/` and the kind of problem.
    pub entry: String,
    /// The entry's category, such as `distancing`; `translation` for checks.
    pub category: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What became of it in the target.
    pub verdict: Verdict,
    /// Why it is flagged and why the verdict, in words for the reviewer.
    pub reason: String,
    /// Where in the source text of the pair; the whole text for what concerns the whole pair, and
    /// nothing for what the target adds.
    pub source: Excerpt,
    /// What renders it in the target text; none where nothing does.
    pub target: Option<Excerpt>,
    /// Whose word it is; none for checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<Voice>,
    /// Whether its clause denies it (*ce n'est pas une agression*).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub negated: bool,
}

/// What the names of checks begin with, and those of what the translator itself noticed.
const CHECK: &str = "check/";
pub(crate) const TRANSLATE: &str = "translate/";

impl Flag {
    /// A flag of a check, or of what the translator noticed, on these parts of a pair.
    pub(crate) fn of_check(
        entry: String,
        severity: Severity,
        reason: String,
        source: Excerpt,
        target: Option<Excerpt>,
    ) -> Self {
        Self {
            entry,
            category: "translation".into(),
            severity,
            verdict: Verdict::Check,
            reason,
            source,
            target,
            voice: None,
            negated: false,
        }
    }

    /// The check's name where it is no term: `number` of `check/number` and `translate/number`.
    pub fn check(&self) -> Option<&str> {
        let named = |prefix| self.entry.strip_prefix(prefix);
        named(CHECK).or_else(|| named(TRANSLATE))
    }

    /// Whether the translator noticed it, and no later phase can.
    pub fn is_of_translator(&self) -> bool {
        self.entry.starts_with(TRANSLATE)
    }

    /// Whether it concerns the whole of `pair` and no words of it: checks name the whole source
    /// then. A term may well fill a short text, and is still a term.
    pub fn concerns_whole(&self, pair: &Pair) -> bool {
        let fills_source =
            || self.source.start == 0 && self.source.end >= pair.source_text().chars().count();
        pair.source.is_empty() || self.check().is_some() && fills_source()
    }
}

/// How much a flag weighs, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Worth a look.
    Medium,
    /// Must be looked at.
    High,
}

impl Severity {
    /// Its name, as files and the lexicon write it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
        }
    }
}

/// What became of a loaded term in the translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The rendering has the term's force.
    Kept,
    /// The rendering is weaker.
    Softened,
    /// The rendering is stronger.
    Strengthened,
    /// Nothing renders it.
    Dropped,
    /// The target is loaded where the source is not.
    Added,
    /// A person must judge.
    Check,
}

impl Verdict {
    /// Every verdict, in order.
    pub const ALL: [Verdict; 6] = [
        Verdict::Kept,
        Verdict::Softened,
        Verdict::Strengthened,
        Verdict::Dropped,
        Verdict::Added,
        Verdict::Check,
    ];

    /// Its name, as files write it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Kept => "kept",
            Verdict::Softened => "softened",
            Verdict::Strengthened => "strengthened",
            Verdict::Dropped => "dropped",
            Verdict::Added => "added",
            Verdict::Check => "check",
        }
    }

    /// A sign for it, for those who see no colour.
    pub fn sign(self) -> &'static str {
        match self {
            Verdict::Kept => "=",
            Verdict::Softened => "↓",
            Verdict::Strengthened => "↑",
            Verdict::Dropped => "∅",
            Verdict::Added => "+",
            Verdict::Check => "?",
        }
    }
}

/// A part of a pair's text: code points `start..end`, and the text they hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The text between them.
    pub text: String,
}

impl Excerpt {
    /// The part of `text` that `span` covers.
    pub fn new(text: &str, span: Span) -> Self {
        Self {
            start: span.start,
            end: span.end,
            text: text
                .chars()
                .skip(span.start)
                .take(span.end - span.start)
                .collect(),
        }
    }

    /// The whole of `text`.
    pub(crate) fn whole(text: &str) -> Self {
        Self {
            start: 0,
            end: text.chars().count(),
            text: text.into(),
        }
    }

    /// Its place.
    pub fn span(&self) -> Span {
        Span {
            start: self.start,
            end: self.end,
        }
    }
}
