//! Renderings that the entry at hand does not list, but that are loaded all the same: words that
//! keep the force of other entries of its kind, or the source's own word in English dress.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::english;
use super::finder::Find;
use super::keys::key;
use super::lexicon::{Lexicon, Tongue};
use super::tokens::{Token, strip_accents};

/// The least number of first letters that a word and its English sister share.
const STEM: usize = 5;

/// The single words that keep the force of a lexicon's entries, read at the first need.
pub(super) struct Familiar<'l> {
    lexicon: &'l Lexicon,
    kinds: OnceCell<HashMap<u64, Vec<&'l str>>>,
}

impl<'l> Familiar<'l> {
    pub fn new(lexicon: &'l Lexicon) -> Self {
        Self {
            lexicon,
            kinds: OnceCell::new(),
        }
    }

    /// The first of the target's `words` that keeps the force of what was found.
    pub fn keeps<'t>(
        &self,
        find: &Find,
        mut words: impl Iterator<Item = &'t Token>,
    ) -> Option<&'t Token> {
        let kind = kind(&find.entry.category);
        words.find(|word| {
            let known = self.kinds().get(&key(word.plain()));
            !english::is_function_word(word.plain())
                && (known.is_some_and(|kinds| kinds.contains(&kind)) || is_sister(find, word))
        })
    }

    fn kinds(&self) -> &HashMap<u64, Vec<&'l str>> {
        self.kinds.get_or_init(|| {
            let mut kinds: HashMap<u64, Vec<&str>> = HashMap::new();
            let french = self.lexicon.entries();
            for entry in french.filter(|e| e.tongue == Tongue::French && !e.hedge) {
                let kind = kind(&entry.category);
                let single = |written: &str| written.chars().all(|c| c.is_lowercase() || c == '-');
                for rendering in entry.keep.iter().filter(|r| single(&r.written)) {
                    let Some(pattern) = rendering.pattern() else {
                        continue;
                    };
                    for &word in pattern.beginning().keys.iter().flatten() {
                        let held = kinds.entry(word).or_default();
                        if !held.contains(&kind) {
                            held.push(kind);
                        }
                    }
                }
            }
            kinds
        })
    }
}

/// What categories have in common as to what a translation may do to them: a judgement is one
/// whether it lies in an adjective, a name or a metaphor; a distance is a thing of its own.
fn kind(category: &str) -> &str {
    match category {
        "evaluation" | "conflict" | "label" | "intensifier" => "judgement",
        other => other,
    }
}

/// Whether an English word is a word of the find in English dress (*sensationnel*, *sensational*).
fn is_sister(find: &Find, word: &Token) -> bool {
    let plain = word.plain();
    let shared = |other: &str| {
        let (other, plain) = (strip_accents(other), strip_accents(plain));
        let pairs = other.chars().zip(plain.chars());
        pairs.take_while(|(a, b)| a == b).count()
    };
    let words = find.excerpt.text.split(|c: char| !c.is_alphanumeric());
    words
        .map(str::to_lowercase)
        .filter(|other| other.chars().count() >= STEM)
        .any(|other| {
            let shorter = other.chars().count().min(plain.chars().count());
            let same = shared(&other);
            same >= STEM && 3 * same >= 2 * shorter
        })
}
