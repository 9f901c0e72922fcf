//! The fifth phase: loaded terms of the source, their renderings, and other things to review.
//!
//! [`find`] finds the entries of a [`Lexicon`] in a French text; [`flag`] does so for every pair
//! of a bitext, ties each find to its rendering through the word links, and runs the
//! translation [`checks`].

pub mod checks;
mod conjugation;
mod english;
mod finder;
mod inflection;
mod lexicon;
mod linked;
mod pattern;
mod quotes;
mod scare_quotes;
#[cfg(test)]
mod tests;
mod tokens;
mod verdict;

pub use finder::{Find, find};
pub use lexicon::{Covers, Entry, Lexicon, LexiconError, Problem, Rendering};
pub use pattern::{Pattern, PatternError};

use crate::bitext::{Bitext, Flag, Pair, Verdict};
use crate::language::Language;
use linked::Sides;
use tokens::Tokens;

/// Fills the flags of every pair: loaded terms with their verdict, and the translation checks.
///
/// Flags are sorted by their place in the source; those of an earlier run are replaced, but for what the
/// translator noticed and no check says better. A pair
/// without a target gets its finds with [`Verdict::Check`]. The lexicon speaks of French rendered
/// in English: a bitext of other languages gets the checks that need no dictionary.
pub fn flag(bitext: &mut Bitext, lexicon: &Lexicon) {
    let french = bitext.header.from == Language::french();
    let english = bitext.header.to == Language::english();
    let languages = checks::Languages {
        from: &bitext.header.from,
        to: &bitext.header.to,
    };
    // A text without any translation yet lacks none of its sentences.
    let translated = bitext.pairs.iter().any(|pair| !pair.target.is_empty());
    for pair in &mut bitext.pairs {
        let mut flags = Vec::new();
        if french {
            flags.extend(loaded_terms(pair, lexicon, english));
        }
        if translated {
            let (source, target) = (pair.source_text(), pair.target_text());
            flags.extend(checks::run(&source, &target, &pair.words, languages));
        }
        let told = |problem: &Flag, flags: &[Flag]| {
            let is_check = |flag: &Flag| !flag.is_of_translator() && flag.check().is_some();
            flags
                .iter()
                .any(|flag| is_check(flag) && flag.check() == problem.check())
        };
        for problem in std::mem::take(&mut pair.flags) {
            if problem.is_of_translator() && !told(&problem, &flags) {
                flags.push(problem);
            }
        }
        flags.sort_by(|a, b| {
            let key = |f: &Flag| (f.source.start, std::cmp::Reverse(f.source.end));
            key(a).cmp(&key(b)).then_with(|| a.entry.cmp(&b.entry))
        });
        pair.flags = flags;
    }
}

fn loaded_terms(pair: &Pair, lexicon: &Lexicon, english: bool) -> Vec<Flag> {
    let (source_text, target_text) = (pair.source_text(), pair.target_text());
    let (source, target) = (Tokens::new(&source_text), Tokens::new(&target_text));
    let sides = Sides::new(&source, &target, &pair.words);
    let finds = finder::find_in(&source, lexicon);
    let flags = finds.into_iter().map(|find| {
        let judgement = if target.tokens.is_empty() {
            verdict::Judgement {
                verdict: Verdict::Check,
                target: None,
                why: "no translation is given".into(),
            }
        } else if !english {
            verdict::Judgement {
                verdict: Verdict::Check,
                target: None,
                why: "the lexicon knows English renderings only".into(),
            }
        } else {
            verdict::judge(&find, &sides)
        };
        Flag {
            entry: find.entry.id.clone(),
            category: find.entry.category.clone(),
            severity: find.severity,
            verdict: judgement.verdict,
            reason: format!("{} Here: {}.", find.entry.reason, judgement.why),
            source: find.excerpt,
            target: judgement.target,
        }
    });
    flags.collect()
}
