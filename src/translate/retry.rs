//! Translating again, another way, what came out with faults.
//!
//! The rule: attempts are made in the order of [`Attempt::ALL`] until one has no faults. Kept is
//! the translation whose faults weigh least ([`weight`]); of equals, the earliest.

use std::collections::HashSet;
use std::ops::Range;

use super::Error;
use super::faults::{faults, weight};
use super::jobs::Machine;
use super::problem::{Kind, Problem};
use super::sections::{Section, joined};
use super::wrap::wrap;
use crate::engine::Options;
use crate::language::Language;
use crate::parity::Side;

/// Another way to translate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// No run of pieces may come twice.
    NoRepeat,
    /// The search keeps more hypotheses.
    WiderBeam,
    /// The text is split at a clause's end, near its middle.
    Split,
    /// Both.
    SplitNoRepeat,
}

/// Pieces of a run that may not come twice.
const NGRAM: usize = 3;
/// The width of the wider beam, at least; else twice as wide as the first.
const WIDER_BEAM: usize = 8;
/// Fewer pieces are not split.
const SHORTEST_SPLIT: usize = 8;
/// Faults that weigh less are not worth a split within a clause.
const WORTH_TEARING: u32 = 8;

impl Attempt {
    /// Every attempt, in the order in which they are made.
    pub const ALL: [Attempt; 4] = [
        Attempt::NoRepeat,
        Attempt::WiderBeam,
        Attempt::Split,
        Attempt::SplitNoRepeat,
    ];

    /// Whether it may mend the unit's faults. Where nothing is repeated, nothing changes by
    /// forbidding it; where the text repeats itself, so must its translation.
    fn may_mend(self, unit: &Unit<'_>) -> bool {
        let is_repetition = |fault: &Problem| fault.kind == Kind::Repetition;
        match self {
            Attempt::NoRepeat | Attempt::SplitNoRepeat => {
                unit.faults.iter().any(is_repetition) && !repeats_itself(unit.text)
            }
            Attempt::WiderBeam | Attempt::Split => true,
        }
    }

    fn splits(self) -> bool {
        matches!(self, Attempt::Split | Attempt::SplitNoRepeat)
    }

    fn options(self, first: &Options) -> Options {
        let mut options = first.clone();
        if matches!(self, Attempt::NoRepeat | Attempt::SplitNoRepeat) {
            options.no_repeat_ngram = NGRAM;
        }
        if self == Attempt::WiderBeam {
            options.beam_size = WIDER_BEAM.max(2 * first.beam_size);
        }
        options
    }
}

/// A text that is translated as one, and the best translation so far.
#[derive(Debug)]
pub struct Unit<'t> {
    /// The text, without white space around it.
    pub text: &'t str,
    /// What renders it.
    pub sections: Vec<Section>,
    /// Its faults.
    pub faults: Vec<Problem>,
}

impl<'t> Unit<'t> {
    /// A text with its first translation.
    pub fn new(text: &'t str, sections: Vec<Section>, languages: (&Language, &Language)) -> Self {
        let faults = faults(text, &joined(text, &sections), languages);
        Self {
            text,
            sections,
            faults,
        }
    }

    /// Takes the other translation if it is better.
    fn improve(&mut self, other: Self) {
        if weight(&other.faults) < weight(&self.faults) {
            *self = other;
        }
    }
}

/// Translates the units that have faults again, another way, and keeps what is better. A unit's
/// result does not depend on the others.
///
/// # Errors
/// Those of the machine.
pub fn retry(machine: &dyn Machine, units: &mut [Unit<'_>], first: &Options) -> Result<(), Error> {
    let languages = machine.languages();
    for attempt in Attempt::ALL {
        let mut tried: Vec<&mut Unit<'_>> = units
            .iter_mut()
            .filter(|unit| !unit.faults.is_empty() && attempt.may_mend(unit))
            .collect();
        let splits: Vec<Vec<Section>> = tried
            .iter()
            .map(|unit| sections(machine, unit, attempt))
            .collect();
        let each = tried.iter().zip(&splits);
        let texts: Vec<&str> = each
            .flat_map(|(unit, sections)| sections.iter().map(|s| &unit.text[s.bytes.clone()]))
            .collect();
        if texts.is_empty() {
            continue;
        }
        let translated = machine.translate(&texts, &attempt.options(first), &|_| ())?;
        let mut translated = translated.into_iter();
        for (unit, mut sections) in tried.iter_mut().zip(splits) {
            // What cannot be split has no sections.
            if sections.is_empty() {
                continue;
            }
            for section in &mut sections {
                section.translated = translated.next();
            }
            unit.improve(Unit::new(unit.text, sections, languages));
        }
    }
    Ok(())
}

/// Whether a run of words stands in a text twice.
fn repeats_itself(text: &str) -> bool {
    let side = Side::new(text);
    let words: Vec<&str> = side.words.iter().map(|word| &*word.plain).collect();
    let mut seen = HashSet::new();
    words.windows(NGRAM).any(|run| !seen.insert(run))
}

/// The sections that an attempt translates; none where it cannot be made.
fn sections(machine: &dyn Machine, unit: &Unit<'_>, attempt: Attempt) -> Vec<Section> {
    let text = unit.text;
    if !attempt.splits() {
        return vec![Section::new(text, 0..text.len(), None)];
    }
    let pieces = machine.pieces(text);
    if pieces.len() < SHORTEST_SPLIT {
        return Vec::new();
    }
    let mut parts = wrap(text, &pieces, pieces.len() * 2 / 3);
    let ends_clause = |part: &Range<usize>| {
        let last = text[part.clone()].trim_end().chars().next_back();
        last.is_some_and(|c| !c.is_alphanumeric())
    };
    parts.retain(|part| !text[part.clone()].trim().is_empty());
    // A number is not worth tearing a clause apart.
    let torn = !parts.iter().rev().skip(1).all(ends_clause);
    if parts.len() < 2 || torn && weight(&unit.faults) < WORTH_TEARING {
        return Vec::new();
    }
    parts
        .into_iter()
        .map(|part| Section::new(text, part, None))
        .collect()
}
