//! The fifth phase: loaded terms of the source, their renderings, and other things to review.
//!
//! [`find`] finds the entries of a [`Lexicon`] in a French text; [`flag`] does so for every pair
//! of a bitext, ties each find to its rendering through the word links, and runs the
//! translation [`checks`].

mod added;
pub mod checks;
mod conjugation;
mod english;
mod english_inflection;
mod familiar;
mod finder;
mod inflection;
mod lexicon;
mod linked;
mod negation;
mod pattern;
mod quotes;
mod scare_quotes;
#[cfg(test)]
mod tests;
mod tokens;
pub mod triage;
mod verdict;
mod voice;
mod word_list;

pub use finder::{Find, find};
pub use lexicon::{Covers, Entry, Lexicon, LexiconError, Problem, Rendering, Tongue};
pub use pattern::{Pattern, PatternError, Wording};

use std::cell::OnceCell;

use crate::bitext::{Bitext, Flag, Pair, Verdict};
use crate::language::Language;
use crate::text::CodePoints;
use familiar::Familiar;
use linked::Sides;
use tokens::Tokens;

/// Fills the flags of every pair: loaded terms with their verdict, and the translation checks.
///
/// Flags are sorted by their place in the source; those of an earlier run are replaced, but for what
/// the translator noticed and no check says better. A pair without a target gets its finds with
/// [`Verdict::Check`]. The lexicon finds French and English terms and knows renderings of French
/// ones in English: a bitext of other languages gets the checks that need no dictionary.
pub fn flag(bitext: &mut Bitext, lexicon: &Lexicon) {
    let tongue = Tongue::of(&bitext.header.from);
    let english = bitext.header.to == Language::english();
    let languages = checks::Languages {
        from: &bitext.header.from,
        to: &bitext.header.to,
    };
    // A text without any translation yet lacks none of its sentences.
    let translated = bitext.pairs.iter().any(|pair| !pair.target.is_empty());
    let familiar = Familiar::new(lexicon);
    for pair in &mut bitext.pairs {
        let mut flags = Vec::new();
        if let Some(tongue) = tongue {
            flags.extend(loaded_terms(pair, lexicon, &familiar, tongue, english));
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
    if let Some(tongue) = tongue {
        give_voices(&mut bitext.pairs, tongue);
    }
}

/// Says of every loaded term whose word it is. That hangs on the paragraph: a quotation goes over
/// several sentences, and a pronoun may mean a speaker that was named before.
fn give_voices(pairs: &mut [Pair], tongue: Tongue) {
    let place = |pair: &Pair| pair.source.first().map(|s| (s.document, s.block));
    let mut earlier = None;
    let mut document = None;
    for paragraph in pairs.chunk_by_mut(|a, b| place(a) == place(b)) {
        let here = paragraph
            .first()
            .and_then(place)
            .map(|(document, _)| document);
        if std::mem::replace(&mut document, here) != here {
            earlier = None;
        }
        let is_term = |flag: &Flag| flag.verdict != Verdict::Added && flag.check().is_none();
        let text = paragraph
            .iter()
            .map(Pair::source_text)
            .collect::<Vec<_>>()
            .join(" ");
        let tokens = Tokens::new(&text);
        let voices = voice::Voices::new(&tokens, tongue, earlier.take());
        let mut start = 0;
        for pair in paragraph {
            let text = pair.source_text();
            let points = OnceCell::new();
            for flag in pair.flags.iter_mut().filter(|flag| is_term(flag)) {
                let points = points.get_or_init(|| CodePoints::new(&text));
                let bytes = points.bytes(&flag.source.span());
                flag.voice = Some(voices.of(&(start + bytes.start..start + bytes.end)));
            }
            start += text.len() + 1;
        }
        earlier = voices.last;
    }
}

fn loaded_terms(
    pair: &Pair,
    lexicon: &Lexicon,
    familiar: &Familiar,
    tongue: Tongue,
    english: bool,
) -> Vec<Flag> {
    let (source_text, target_text) = (pair.source_text(), pair.target_text());
    let (source, target) = (Tokens::new(&source_text), Tokens::new(&target_text));
    let sides = Sides::new(&source, &target, &pair.words);
    let finds = finder::find_in(&source, lexicon, tongue);
    let mut flags: Vec<Flag> = Vec::with_capacity(finds.len());
    flags.extend(finds.into_iter().map(|find| {
        let judgement = if target.tokens.is_empty() {
            verdict::Judgement {
                verdict: Verdict::Check,
                target: None,
                why: "no translation is given".into(),
            }
        } else if !english || tongue != Tongue::French {
            verdict::Judgement {
                verdict: Verdict::Check,
                target: None,
                why: "the lexicon knows renderings of French in English only".into(),
            }
        } else {
            verdict::judge(&find, &sides, familiar)
        };
        Flag {
            entry: find.entry.id.clone(),
            category: find.entry.category.clone(),
            severity: find.severity,
            verdict: judgement.verdict,
            reason: format!("{} Here: {}.", find.entry.reason, judgement.why),
            source: find.excerpt,
            target: judgement.target,
            voice: None,
            negated: find.negated,
        }
    }));
    if english && tongue == Tongue::French {
        let added = added::added(&source, &sides, lexicon, &flags);
        flags.extend(added);
    }
    flags
}
