//! An entry of the lexicon.

use std::sync::OnceLock;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::bitext::Severity;
use crate::language::Language;
use crate::terms::pattern::{Pattern, PatternError, Wording};

/// The language of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tongue {
    /// French: searched in the source, with English renderings.
    French,
    /// English: searched in English sources, and in translations for what they add.
    English,
}

impl Tongue {
    /// The language as entries have it; none where there is no lexicon of it.
    pub fn of(language: &Language) -> Option<Self> {
        match language.code() {
            "fr" => Some(Self::French),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// How the plain words of its patterns are read.
    pub(super) fn wording(self) -> Wording {
        match self {
            Self::French => Wording::French,
            Self::English => Wording::English,
        }
    }

    /// The code of the language.
    pub fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }
}

/// A loaded term, or a rule.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The language that it is of.
    pub tongue: Tongue,
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
    /// Contexts right before, right after and anywhere in the sentence that rule a find out.
    pub unless: Unless,
    /// English renderings that keep its force.
    pub keep: Vec<Rendering>,
    /// Renderings that weaken it.
    pub soften: Vec<Rendering>,
    /// Renderings that are stronger.
    pub strengthen: Vec<Rendering>,
    /// For an English entry: French words that say the same without the load.
    pub plain: Vec<String>,
    /// Sentences in which it must be found.
    pub examples: Vec<String>,
    /// Sentences in which it must not be found.
    pub counterexamples: Vec<String>,
    /// The rule that finds it in place of patterns.
    pub rule: Option<Rule>,
    /// Its patterns as the lexicon writes them; the forms are found beside them.
    pub written: Vec<String>,
    /// Every written form, for entries of a single word.
    pub forms: Vec<String>,
}

/// What a find covers beside the words of its pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Covers {
    /// Nothing.
    #[default]
    Itself,
    /// The quoted span or noun phrase that it bears on (*prétendue «ingérence russe»*).
    Noun,
}

/// A way of finding that is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Short quoted spans that are no quotation of speech.
    ScareQuotes,
}

/// Contexts that rule a find out.
#[derive(Debug, Clone, Default)]
pub struct Unless {
    /// Ending right before the find.
    pub before: Vec<Context>,
    /// Beginning right after it.
    pub after: Vec<Context>,
    /// Anywhere in its sentence.
    pub near: Vec<Context>,
}

/// A context that rules a find out.
#[derive(Debug, Clone)]
pub struct Context {
    /// As the lexicon writes it.
    pub written: CompactString,
    wording: Wording,
    /// What finds it, read at the first need.
    pattern: OnceLock<Option<Box<Pattern>>>,
}

impl Context {
    /// The context that a lexicon writes so; it may be no pattern at all.
    pub(super) fn new(written: CompactString, wording: Wording) -> Self {
        Self {
            written,
            wording,
            pattern: OnceLock::new(),
        }
    }

    /// What finds it; none for what is no pattern, which reading the lexicon tells.
    pub fn pattern(&self) -> Option<&Pattern> {
        let read = || {
            Pattern::parse(&self.written, self.wording)
                .ok()
                .map(Box::new)
        };
        self.pattern.get_or_init(read).as_deref()
    }
}

/// An English rendering of an entry.
#[derive(Debug, Clone)]
pub struct Rendering {
    /// As the lexicon writes it.
    pub written: CompactString,
    /// What finds it, read at the first need: few entries of a lexicon are found in a text.
    pattern: OnceLock<Option<Box<Pattern>>>,
}

impl Rendering {
    /// The rendering that a lexicon writes so; it may be no pattern at all.
    pub(super) fn new(written: CompactString) -> Self {
        Self {
            written,
            pattern: OnceLock::new(),
        }
    }

    /// What finds it.
    ///
    /// # Errors
    ///
    /// When it is no pattern.
    pub(super) fn compile(written: &str) -> Result<Pattern, PatternError> {
        Pattern::parse(&with_hyphens(written), Wording::Rendering)
    }

    /// What finds it; none for what is no pattern, which [`super::Lexicon::check`] tells.
    pub fn pattern(&self) -> Option<&Pattern> {
        let read = || Self::compile(&self.written).ok().map(Box::new);
        self.pattern.get_or_init(read).as_deref()
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
