//! The second phase: blocks become sentences.
//!
//! Where a full stop or an exclamation or question mark stands, rules decide, with lists of
//! abbreviations. Where none stands, as after titles and list items, and where one says little,
//! as before a lower-case letter or a list item, a small regression decides from the words around,
//! their endings and how they are written elsewhere; [`training`] makes its numbers.

mod abbreviations;
mod model;
mod rules;
pub mod training;
mod unit;
mod words;

use std::ops::Range;

use abbreviations::Abbreviations;
use model::{Place, SoFar, Weights};
use rules::Verdict;
use unit::{Close, Open, Unit};
use words::Words;

use crate::language::Language;

/// Splits blocks of one language into sentences.
#[derive(Debug)]
pub struct Splitter {
    knowledge: Knowledge,
    /// For places that the rules are unsure of; none where the language is not known.
    weights: Option<Weights>,
}

/// What is known of a language.
#[derive(Debug, Default)]
struct Knowledge {
    abbreviations: Abbreviations,
    words: Words,
    verbs: std::collections::HashSet<&'static str>,
}

impl Knowledge {
    fn of(language: &Language) -> Option<Self> {
        let (abbreviations, words, verbs) = match language.code() {
            "fr" => (
                include_str!("abbreviations/fr.txt"),
                include_str!("statistics/fr.words.tsv"),
                include_str!("statistics/fr.verbs.txt"),
            ),
            "en" => (
                include_str!("abbreviations/en.txt"),
                include_str!("statistics/en.words.tsv"),
                include_str!("statistics/en.verbs.txt"),
            ),
            _ => return None,
        };
        Some(Self {
            abbreviations: Abbreviations::parse(abbreviations),
            words: Words::parse(words),
            verbs: verbs.split_whitespace().collect(),
        })
    }

    /// Whether the unit's first word, with its capital, is one that begins sentences rather than
    /// a name.
    fn starts_sentences(&self, unit: &Unit<'_>) -> bool {
        let word = self.words.get(&unit.opening_word());
        unit.opening() == Open::Item
            || word.is_some_and(|word| word.start > 1.0 && word.lower > 0.0)
    }

    /// Whether the unit is one of the commonest finite verbs.
    fn is_verb(&self, unit: &Unit<'_>) -> bool {
        unit.core.starts_with(char::is_lowercase) && self.verbs.contains(unit.core)
            || unit.core.contains(unit::is_apostrophe)
                && self.verbs.contains(unit.closing_word().as_str())
    }
}

impl Splitter {
    /// For text in `language`: French and English are known well; for all others, sentences end
    /// at full stops, ellipses and exclamation and question marks before what is no lower case.
    pub fn new(language: &Language) -> Splitter {
        let weights = match language.code() {
            "fr" => Some(Weights::parse(include_str!("statistics/fr.weights.tsv"))),
            "en" => Some(Weights::parse(include_str!("statistics/en.weights.tsv"))),
            _ => None,
        };
        Splitter {
            knowledge: Knowledge::of(language).unwrap_or_default(),
            weights,
        }
    }

    /// The sentences of `block` as byte ranges that tile it: white space after a sentence belongs
    /// to it, and what stands before the first belongs to the first. An empty block has none.
    pub fn split(&self, block: &str) -> Vec<Range<usize>> {
        let units = unit::units(block);
        let mut ranges = Vec::new();
        let mut start = 0;
        self.walk(&units, |at, place| {
            let ends = self.ends(place);
            if ends && let Some(unit) = units.get(at) {
                ranges.push(start..unit.start);
                start = unit.start;
            }
            ends
        });
        if start < block.len() {
            ranges.push(start..block.len());
        }
        ranges
    }

    /// Calls `ends` for every place between two units, with the number of the unit after it;
    /// where it says so a new sentence begins.
    fn walk<'a>(&self, units: &[Unit<'a>], mut ends: impl FnMut(usize, &Place<'a, '_>) -> bool) {
        let mut first = 0;
        let mut so_far = SoFar::default();
        for at in 1..units.len() {
            let (before, rest) = units.split_at(at);
            let Some(left) = before.last() else { continue };
            so_far.add(&self.knowledge, left);
            let place = Place {
                sentence: &before[first..],
                so_far,
                rest,
            };
            if ends(at, &place) {
                first = at;
                so_far = SoFar::default();
            }
        }
    }

    /// Whether a sentence ends at `place`.
    fn ends(&self, place: &Place<'_, '_>) -> bool {
        let (Some(left), Some(right)) = (place.sentence.last(), place.rest.first()) else {
            return false;
        };
        // A dash or bullet belongs to what follows, even over the end of a line.
        if left.opening() == Open::Item && left.core.is_empty() && place.sentence.len() == 1 {
            return false;
        }
        let lower = right.opening() == Open::Lower;
        if left.ends_line && !may_end(left.closing()) {
            // A line that breaks off within a sentence goes on in lower case.
            return !matches!(right.opening(), Open::Lower | Open::Other);
        }
        match rules::verdict(&self.knowledge, place) {
            Verdict::Ends => true,
            Verdict::GoesOn => left.ends_line && !lower,
            Verdict::Unsure(default) => match &self.weights {
                _ if left.ends_line && !lower => true,
                Some(weights) => model::features(&self.knowledge, place)
                    .map_or(default, |features| weights.score(&features) > 0.0),
                None => default,
            },
        }
    }
}

/// Whether the punctuation is one that can end a sentence by itself.
fn may_end(closing: Close) -> bool {
    matches!(closing, Close::Stop | Close::Ellipsis | Close::Mark)
}

impl Splitter {
    /// The sentences of `block` without the white space around them: of prose those that [`split`]
    /// finds, where they hold anything. What is no prose, as a line of a file of lines, is one
    /// sentence, and may be blank.
    ///
    /// [`split`]: Splitter::split
    pub fn sentences(&self, block: &str, is_prose: bool) -> Vec<Range<usize>> {
        if !is_prose {
            return vec![trim(block, &(0..block.len()))];
        }
        let sentences = self.split(block);
        let trimmed = sentences.iter().map(|sentence| trim(block, sentence));
        trimmed.filter(|sentence| !sentence.is_empty()).collect()
    }
}

/// `range` of `block` without the white space around.
pub fn trim(block: &str, range: &Range<usize>) -> Range<usize> {
    let text = block.get(range.clone()).unwrap_or_default();
    let start = range.start + text.len() - text.trim_start().len();
    start..start + text.trim().len()
}

#[cfg(test)]
mod tests;
