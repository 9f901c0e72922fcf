//! How the numbers that [`Splitter`] ships with are made: word counts from a large text, and the
//! regression's weights from sentences split by hand. `examples/train-segmenter.rs` runs it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;
use std::ops::Range;

use super::model::{self, Features, WORDS, Weights};
use super::rules::{self, Verdict};
use super::unit::{self, Close};
use super::words::{CLIP, STEPS};
use super::{Knowledge, Splitter, may_end, trim};
use crate::language::Language;

/// How often a word was seen in which guise.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    capital_at_start: u32,
    capital_within: u32,
    lower_within: u32,
    at_end: u32,
    before_word: u32,
}

/// Counts words over lines of text.
#[derive(Debug, Default)]
pub struct WordCounter {
    seen: HashMap<String, Seen>,
    at_end: u64,
    before_word: u64,
}

impl WordCounter {
    /// Counts the words of a line, which holds one or more whole sentences or titles.
    pub fn add(&mut self, line: &str) {
        let units = unit::units(line);
        // Titles may have all their words in capitals: they tell nothing of names.
        let sentence = units.last().is_some_and(|unit| may_end(unit.closing()));
        let mut start = true;
        for (index, unit) in units.iter().enumerate() {
            let lower = unit.core.starts_with(char::is_lowercase);
            let upper = unit.core.starts_with(char::is_uppercase);
            if sentence && (lower || upper) && unit.open.is_empty() {
                let seen = self.seen.entry(unit.opening_word()).or_default();
                match (start, upper) {
                    (true, true) => seen.capital_at_start += 1,
                    (false, true) => seen.capital_within += 1,
                    (false, false) => seen.lower_within += 1,
                    (true, false) => {}
                }
            }
            let closing = unit.closing();
            start = may_end(closing) || closing == Close::Colon;
            if closing == Close::Nothing && lower {
                let seen = self.seen.entry(unit.closing_word()).or_default();
                if index + 1 == units.len() {
                    seen.at_end += 1;
                    self.at_end += 1;
                } else {
                    seen.before_word += 1;
                    self.before_word += 1;
                }
            }
        }
    }

    /// The list of the `most` commonest words: `word`, [`super::words::Word`]'s three numbers.
    pub fn list(&self, most: usize) -> String {
        let odds = |a: f64, b: f64| ((a + 0.5) / (b + 0.5)).ln();
        let all = odds(self.at_end as f64, self.before_word as f64);
        let mut words: Vec<(&String, &Seen)> = self.seen.iter().collect();
        let count = |seen: &Seen| {
            seen.capital_at_start * 4 + seen.capital_within + seen.lower_within / 4 + seen.at_end
        };
        words.retain(|(word, _)| word.chars().count() <= 24 && !word.contains(char::is_whitespace));
        words.sort_by(|(a, x), (b, y)| count(y).cmp(&count(x)).then_with(|| a.cmp(b)));
        words.truncate(most);
        words.sort_by_key(|(word, _)| *word);
        let mut list = String::new();
        for (word, seen) in words {
            let [cap_start, cap, lower, end, before] = [
                seen.capital_at_start,
                seen.capital_within,
                seen.lower_within,
                seen.at_end,
                seen.before_word,
            ]
            .map(f64::from);
            let tenths = |odds: f64| {
                (odds.clamp(-f64::from(CLIP), f64::from(CLIP)) * f64::from(STEPS)).round() as i8
            };
            let end = match end + before > 0.0 {
                true => odds(end, before) - all,
                false => 0.0,
            };
            let (start, lower) = (tenths(odds(cap_start, cap)), tenths(odds(lower, cap)));
            // Writing to a string cannot fail.
            let _ = writeln!(list, "{word}\t{start}\t{lower}\t{}", tenths(end));
        }
        list
    }
}

/// A place that the regression decides about, and the truth.
#[derive(Debug)]
struct Example {
    features: Features,
    boundary: bool,
}

/// Words seen this often on one side of the places to learn from have a weight of their own there.
const OFTEN: usize = 5;
/// Weights of words that are nearer to 0 are left out.
const SLIGHT: f32 = 0.05;

/// How [`fit`] learns.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How strongly weights are drawn to 0.
    pub shrinkage: f32,
    /// How much a boundary counts for each place that is none.
    pub emphasis: f32,
    /// Steps of gradient descent.
    pub rounds: usize,
}

/// Fits the regression to texts whose sentences are known, by gradient descent with L2 shrinkage:
/// deterministic, and fast enough at this size. The sentences of a text are joined by a space.
/// Gives the weights as a list of `name TAB weight`.
pub fn fit(language: &Language, texts: &[Vec<&str>], settings: &Settings) -> String {
    let rules = rules_of(language);
    let examples: Vec<Example> = texts
        .iter()
        .flat_map(|sentences| examples(&rules, sentences))
        .collect();
    let mut names = model::names();
    let unworded = names.len();
    let words = number_words(&examples, &mut names);
    let rows: Vec<(Vec<(usize, f32)>, f32)> = examples
        .into_iter()
        .map(|example| {
            let mut row = example.features.named;
            for (numbers, word) in words.iter().zip(&example.features.words) {
                row.extend(numbers.get(word).map(|&number| (number, 1.0)));
            }
            (row, f32::from(u8::from(example.boundary)))
        })
        .collect();
    let weights = descend(&rows, names.len(), settings);
    let mut list = String::new();
    for (number, (name, weight)) in names.iter().zip(weights).enumerate() {
        if number < unworded || weight.abs() >= SLIGHT {
            // Writing to a string cannot fail.
            let _ = writeln!(list, "{name}\t{weight:.3}");
        }
    }
    list
}

/// Numbers the words seen often on each side, after `names`, and names them there.
fn number_words(
    examples: &[Example],
    names: &mut Vec<String>,
) -> [HashMap<String, usize>; WORDS.len()] {
    std::array::from_fn(|side| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for example in examples {
            *counts.entry(&example.features.words[side]).or_default() += 1;
        }
        let often = counts
            .into_iter()
            .filter(|&(word, count)| count >= OFTEN && !word.is_empty());
        often
            .map(|(word, _)| {
                names.push(format!("{}{word}", WORDS[side]));
                (word.to_owned(), names.len() - 1)
            })
            .collect()
    })
}

/// The `count` weights that make the rows' outcomes likely.
fn descend(rows: &[(Vec<(usize, f32)>, f32)], count: usize, settings: &Settings) -> Vec<f32> {
    let mut weights = vec![0.0f32; count];
    let mut squares = vec![1e-6f32; count];
    for _ in 0..settings.rounds {
        let mut gradient: Vec<f32> = weights
            .iter()
            .map(|weight| settings.shrinkage * weight)
            .collect();
        for (row, outcome) in rows {
            let odds: f32 = row.iter().map(|&(i, value)| weights[i] * value).sum();
            let emphasis = 1.0 + (settings.emphasis - 1.0) * outcome;
            let error = (1.0 / (1.0 + (-odds).exp()) - outcome) * emphasis;
            for &(index, value) in row {
                gradient[index] += error * value;
            }
        }
        for ((weight, square), slope) in weights.iter_mut().zip(&mut squares).zip(gradient) {
            *square += slope * slope;
            *weight -= 0.5 * slope / square.sqrt();
        }
    }
    weights
}

/// A splitter without weights.
fn rules_of(language: &Language) -> Splitter {
    Splitter {
        knowledge: Knowledge::of(language).unwrap_or_default(),
        weights: None,
    }
}

/// A splitter for `language` with weights as [`fit`] gives them, to try them before they are built
/// in.
pub fn splitter(language: &Language, weights: &'static str) -> Splitter {
    Splitter {
        knowledge: Knowledge::of(language).unwrap_or_default(),
        weights: Some(Weights::parse(weights)),
    }
}

/// The sentences of a line, for text that is not split by hand: as the rules alone find them.
pub fn by_rules<'a>(language: &Language, line: &'a str) -> Vec<&'a str> {
    let rules = rules_of(language);
    let sentence = |range: Range<usize>| line.get(trim(line, &range)).unwrap_or_default();
    rules.split(line).into_iter().map(sentence).collect()
}

fn examples(splitter: &Splitter, sentences: &[&str]) -> Vec<Example> {
    let text = sentences.join(" ");
    let mut starts = HashSet::new();
    let mut at = 0;
    for sentence in sentences {
        starts.insert(at);
        at += sentence.len() + 1;
    }
    let units = unit::units(&text);
    let mut examples = Vec::new();
    splitter.walk(&units, |at, place| {
        let boundary = units
            .get(at)
            .is_some_and(|unit| starts.contains(&unit.start));
        let unsure = matches!(
            rules::verdict(&splitter.knowledge, place),
            Verdict::Unsure(_)
        );
        if unsure && let Some(features) = model::features(&splitter.knowledge, place) {
            examples.push(Example { features, boundary });
        }
        boundary
    });
    examples
}
