//! Sentences through what translates short texts: prepared, each distinct one once and in parts, and
//! translated again where a part comes out with faults.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::faults::shortened;
use super::parts::{Part, has_words, is_pictograph, parts};
use super::prepare::Prepared;
use super::problem::{Kind, Problem};
use super::retry::{Unit, retry};
use super::sections::{self, Section};
use super::{Error, Translation};
use crate::engine::tokenizer::Piece;
use crate::engine::{Options, Translated};
use crate::language::Language;
use crate::text::words;

/// Pieces of the longest part that is translated as one. Models have more positions, but were
/// trained on few sentences that long.
const LONGEST: usize = 200;

/// What translates texts that are short enough.
pub(super) trait Machine {
    /// From which language to which.
    fn languages(&self) -> (&Language, &Language);

    /// The piece for what no other piece covers.
    fn unknown(&self) -> u32;

    /// The most pieces that a text may have.
    fn longest_text(&self) -> usize;

    /// The pieces of a text, with their places in it.
    fn pieces(&self, text: &str) -> Vec<Piece>;

    /// How usual a spelling of a word is: the logarithm of its probability, more or less.
    fn likelihood(&self, word: &str) -> f32;

    /// Translates texts, in order. `done` is called with a text's number when it is translated,
    /// from any thread.
    fn translate(
        &self,
        texts: &[&str],
        options: &Options,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Translated>, Error>;
}

/// Translates `sentences`, in order; with `retries`, again where a translation has faults. `done`
/// is called with a sentence's number when it is translated, from any thread.
///
/// # Errors
/// Those of the machine.
pub(super) fn translate(
    machine: &dyn Machine,
    sentences: &[&str],
    options: &Options,
    retries: bool,
    done: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Translation>, Error> {
    let jobs = Jobs::new(sentences, machine);
    // A sentence is done when the last of its parts is.
    let left: Vec<usize> = jobs.distinct.iter().map(|job| job.units).collect();
    let left = Mutex::new(left);
    let part_done = |part: usize| {
        let job = jobs.owners[part];
        let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
        left[job] -= 1;
        if left[job] == 0 {
            drop(left);
            jobs.distinct[job]
                .numbers
                .iter()
                .for_each(|&number| done(number));
        }
    };
    let texts = jobs.texts();
    let translated = machine.translate(&texts, options, &part_done)?;
    let languages = machine.languages();
    let with_texts = translated.into_iter().zip(&texts);
    let mut units: Vec<Unit<'_>> = with_texts
        .map(|(translated, text)| {
            let whole = Section::new(text, 0..text.len(), Some(translated));
            Unit::new(text, vec![whole], languages)
        })
        .collect();
    if retries {
        retry(machine, &mut units, options)?;
    }
    let mut units = units.into_iter();
    let mut translations: Vec<Option<Translation>> = vec![None; sentences.len()];
    for job in &jobs.distinct {
        if job.units == 0 {
            job.numbers.iter().for_each(|&number| done(number));
        }
        let translation = job.translation(&mut units);
        for &number in &job.numbers {
            translations[number] = Some(translation.clone());
        }
    }
    Ok(translations.into_iter().flatten().collect())
}

/// Sentences as a machine gets them: each distinct one once, in parts.
struct Jobs<'s> {
    distinct: Vec<Job<'s>>,
    /// The number of the job of each part that is translated.
    owners: Vec<usize>,
}

/// A distinct sentence.
struct Job<'s> {
    /// Where it stands among the sentences.
    numbers: Vec<usize>,
    prepared: Prepared<'s>,
    parts: Vec<Part>,
    /// How many of the parts are translated.
    units: usize,
    /// Runs of characters of the prepared text that the model does not know, or may not.
    unknown: Vec<Range<usize>>,
}

impl<'s> Jobs<'s> {
    fn new(sentences: &[&'s str], machine: &dyn Machine) -> Self {
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut jobs = Self {
            distinct: Vec::new(),
            owners: Vec::new(),
        };
        for (number, &text) in sentences.iter().enumerate() {
            let new = jobs.distinct.len();
            let place = *places.entry(text).or_insert(new);
            if place == new {
                let job = Job::new(text, machine);
                jobs.owners.extend(std::iter::repeat_n(new, job.units));
                jobs.distinct.push(job);
            }
            jobs.distinct[place].numbers.push(number);
        }
        jobs
    }

    /// The texts that are translated, one job's after the other's.
    fn texts(&self) -> Vec<&str> {
        let parts = |job: &'_ Job<'s>| {
            let units = job.parts.iter().filter(|part| !part.verbatim);
            units.map(|part| part.bytes.clone()).collect::<Vec<_>>()
        };
        self.distinct
            .iter()
            .flat_map(|job| {
                let text = &*job.prepared.text;
                parts(job).into_iter().map(move |bytes| text[bytes].trim())
            })
            .collect()
    }
}

impl<'s> Job<'s> {
    fn new(text: &'s str, machine: &dyn Machine) -> Self {
        let likelihood = |word: &str| machine.likelihood(word);
        let prepared = Prepared::new(text, &likelihood);
        let mut job = Self {
            numbers: Vec::new(),
            prepared,
            parts: Vec::new(),
            units: 0,
            unknown: Vec::new(),
        };
        let text = &*job.prepared.text;
        if !has_words(text) {
            return job;
        }
        let pieces = machine.pieces(text);
        let unknown = machine.unknown();
        job.unknown = unknown_runs(text, &pieces, unknown);
        let (from, _) = machine.languages();
        if is_mostly_unknown(text, &job.unknown) || is_in_another_script(text, from) {
            return job;
        }
        job.unknown.extend(foreign_words(text));
        let limit = LONGEST.min(machine.longest_text());
        job.parts = parts(text, &pieces, unknown, limit);
        job.units = job.parts.iter().filter(|part| !part.verbatim).count();
        job
    }

    /// The translation, whose parts are the next of `units`.
    fn translation<'u>(&self, units: &mut impl Iterator<Item = Unit<'u>>) -> Translation {
        let mut sections = Vec::new();
        let mut problems = Vec::new();
        let text = &*self.prepared.text;
        for part in &self.parts {
            let verbatim = Section::new(text, part.bytes.clone(), None);
            let unit = match part.verbatim {
                true => None,
                false => units.next(),
            };
            let Some(unit) = unit else {
                if has_words(&text[part.bytes.clone()]) {
                    let written = shortened(&text[verbatim.bytes.clone()]);
                    let message = format!("“{written}” is no text, and stays as it is");
                    problems.push(Problem::new(Kind::PassedThrough, message));
                }
                sections.push(verbatim);
                continue;
            };
            let is_nothing = unit.faults.iter().any(|fault| fault.kind == Kind::Empty);
            // Numbers alone need no model that makes something up.
            let letters = unit.text.chars().any(char::is_alphabetic);
            if is_nothing || !letters && !unit.faults.is_empty() {
                if letters {
                    problems.extend(unit.faults);
                }
                sections.push(verbatim);
            } else {
                problems.extend(unit.faults);
                let start = verbatim.bytes.start;
                let shifted = unit.sections.into_iter().map(|s| s.shifted(start));
                sections.extend(shifted);
            }
        }
        let translation = sections::translation(&self.prepared, sections);
        let mut translation = translation.unwrap_or_else(|| {
            let source = self.prepared.source;
            if has_words(source) {
                let message = "the model does not know its script; it stays as it is";
                problems.push(Problem::new(Kind::PassedThrough, message));
            }
            Translation::passed_through(source)
        });
        let lost = self.unknown.iter().map(|run| text[run.clone()].trim());
        for run in lost.filter(|run| !translation.text.contains(run)) {
            let message = format!("“{}” is not in the translation", shortened(run));
            problems.push(Problem::new(Kind::UnknownCharacters, message));
        }
        problems.sort_by_key(|problem| problem.kind);
        problems.dedup();
        translation.problems = problems;
        translation
    }
}

/// The runs of characters that the model does not know.
fn unknown_runs(text: &str, pieces: &[Piece], unknown: u32) -> Vec<Range<usize>> {
    let pieces = pieces.iter().filter(|piece| piece.id == unknown);
    pieces
        .map(|piece| piece.start..piece.end)
        .filter(|run| text[run.clone()].chars().any(is_missed))
        .collect()
}

/// Whether a reader misses it: not so punctuation, which the translation writes in its own way.
fn is_missed(c: char) -> bool {
    c.is_alphanumeric() || is_pictograph(c)
}

/// The words in another script, where most letters of the text are Latin.
fn foreign_words(text: &str) -> Vec<Range<usize>> {
    let is_foreign = |c: char| c.is_alphabetic() && !is_latin(c);
    let (latin, foreign) = letters(text);
    if foreign == 0 || foreign > latin {
        return Vec::new();
    }
    let mut words = words(text);
    words.retain(|word| text[word.clone()].chars().any(is_foreign));
    words
}

/// How many letters of a text are Latin, and how many are not.
fn letters(text: &str) -> (usize, usize) {
    let latin = text.chars().filter(|&c| is_latin(c)).count();
    (latin, count_letters(text) - latin)
}

fn count_letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

/// Whether it is a letter of the Latin alphabet, with or without marks, or one that texts in it
/// use.
fn is_latin(c: char) -> bool {
    c.is_alphabetic()
        && matches!(c, '\0'..='\u{2ff}' | '\u{1d00}'..='\u{1eff}' | '\u{2070}'..='\u{218f}' | '\u{fb00}'..='\u{fb06}' | '\u{ff21}'..='\u{ff5a}')
}

/// Whether the model does not know most of the letters of a text: it is in another script.
fn is_mostly_unknown(text: &str, unknown: &[Range<usize>]) -> bool {
    let of_runs = unknown.iter().map(|run| count_letters(&text[run.clone()]));
    let lost: usize = of_runs.sum();
    lost > 0 && 2 * lost >= count_letters(text)
}

/// Languages of models that are written in the Latin alphabet.
const LATIN: &[&str] = &[
    "af", "ca", "cs", "da", "de", "en", "es", "et", "eu", "fi", "fr", "ga", "gl", "hr", "hu", "id",
    "is", "it", "lt", "lv", "ms", "mt", "nb", "nl", "nn", "no", "pl", "pt", "ro", "sk", "sl", "sq",
    "sv", "sw", "tl", "tr", "vi",
];

/// Whether most letters of a text are of another alphabet than its language is written in. A model may
/// know many of them from names, and make things up.
fn is_in_another_script(text: &str, language: &Language) -> bool {
    LATIN.contains(&language.code()) && {
        let (latin, others) = letters(text);
        others > latin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_told_apart() {
        let french: Language = "fr".parse().expect("a language");
        let russian: Language = "ru".parse().expect("a language");
        for (text, is_another) in [
            ("Привет, мир, как дела?", true),
            ("これは日本語です。", true),
            ("Le mot ภาษาไทย est dans ce texte.", false),
            ("L'œuvre de Dvořák, à Łódź : ﬁn.", false),
            ("3 000 €", false),
        ] {
            assert_eq!(is_in_another_script(text, &french), is_another, "{text}");
            assert!(!is_in_another_script(text, &russian), "{text}");
        }
    }
}
