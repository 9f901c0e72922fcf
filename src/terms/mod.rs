//! The fifth phase: loaded terms of the source, their renderings, and other things to review.
//!
//! [`find`] finds the entries of a [`Lexicon`] in a French text; [`flag`] does so for every pair
//! of a bitext, ties each find to its rendering through the word links, and runs the
//! translation [`checks`].

mod added;
pub mod checks;
mod conjugation;
mod effort;
mod english;
mod english_inflection;
mod familiar;
mod finder;
mod inflection;
mod keys;
mod lexicon;
mod linked;
mod negation;
mod pattern;
mod quotes;
mod scare_quotes;
mod table;
#[cfg(test)]
mod tests;
mod tokens;
pub mod triage;
mod verdict;
mod voice;
mod word_list;

pub use finder::{Find, find};
pub use lexicon::{
    Covers, Entry, Exchange, Imported, Lexicon, LexiconError, Problem, Rendering, Tongue, import,
};
pub use pattern::{Pattern, PatternError, Wording};

use crate::bitext::{Bitext, Flag, Pair, Verdict};
use crate::language::Language;
use familiar::Familiar;
use linked::Sides;
use tokens::Tokens;
use voice::Voices;

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
    let place = |pair: &Pair| pair.source.first().map(|s| (s.document, s.block));
    let mut voiced = Voiced::default();
    for paragraph in bitext.pairs.chunk_by_mut(|a, b| place(a) == place(b)) {
        let texts: Vec<String> = paragraph.iter().map(Pair::source_text).collect();
        let Some(tongue) = tongue else {
            for (pair, source) in paragraph.iter_mut().zip(&texts) {
                let flags = Vec::new();
                add_checks(pair, flags, source, translated.then_some(languages));
            }
            continue;
        };
        let sources: Vec<Tokens> = texts.iter().map(|text| Tokens::new(text)).collect();
        for (pair, source) in paragraph.iter_mut().zip(&sources) {
            let flags = loaded_terms(pair, source, lexicon, &familiar, tongue, english);
            add_checks(pair, flags, source.text, translated.then_some(languages));
        }
        voiced.give(paragraph, &sources, tongue);
    }
}

/// Makes of the terms of a pair its flags: with those of the checks, where it has `languages`, and
/// what the translator noticed and no check says better.
fn add_checks(
    pair: &mut Pair,
    mut flags: Vec<Flag>,
    source: &str,
    languages: Option<checks::Languages>,
) {
    if let Some(languages) = languages {
        flags.extend(checks::run(
            source,
            &pair.target_text(),
            &pair.words,
            languages,
        ));
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

/// What goes from a paragraph to the next of whose word a term is.
#[derive(Default)]
struct Voiced {
    document: Option<usize>,
    /// The speaker that was named last.
    earlier: Option<String>,
}

impl Voiced {
    /// Says of every loaded term of a paragraph whose word it is. That hangs on the paragraph: a
    /// quotation goes over several sentences, and a pronoun may mean a speaker that was named before.
    fn give(&mut self, paragraph: &mut [Pair], sources: &[Tokens], tongue: Tongue) {
        let first = paragraph.first().and_then(|pair| pair.source.first());
        let document = first.map(|segment| segment.document);
        if std::mem::replace(&mut self.document, document) != document {
            self.earlier = None;
        }
        let (text, joined);
        let tokens = match sources {
            [tokens] => tokens,
            _ => {
                let texts: Vec<&str> = sources.iter().map(|tokens| tokens.text).collect();
                text = texts.join(" ");
                joined = Tokens::new(&text);
                &joined
            }
        };
        let earlier = self.earlier.take();
        let is_term = |flag: &Flag| flag.verdict != Verdict::Added && flag.check().is_none();
        if !paragraph.iter().flat_map(|pair| &pair.flags).any(is_term) {
            self.earlier = Voices::last_named(tokens, tongue, earlier);
            return;
        }
        let voices = Voices::new(tokens, tongue, earlier);
        let mut start = 0;
        for (pair, source) in paragraph.iter_mut().zip(sources) {
            for flag in pair.flags.iter_mut().filter(|flag| is_term(flag)) {
                let bytes = source.bytes(&flag.source.span());
                flag.voice = Some(voices.of(&(start + bytes.start..start + bytes.end)));
            }
            start += source.text.len() + 1;
        }
        self.earlier = voices.last;
    }
}

fn loaded_terms(
    pair: &Pair,
    source: &Tokens,
    lexicon: &Lexicon,
    familiar: &Familiar,
    tongue: Tongue,
    english: bool,
) -> Vec<Flag> {
    let finds = finder::find_in(source, lexicon, tongue);
    let target_text = pair.target_text();
    let target = Tokens::new(&target_text);
    let is_given = !target.tokens.is_empty();
    let sides = is_given.then(|| Sides::new(source, &target, &pair.words));
    let mut flags: Vec<Flag> = Vec::with_capacity(finds.len());
    flags.extend(finds.into_iter().map(|find| {
        let unjudged = |why: &str| verdict::Judgement {
            verdict: Verdict::Check,
            target: None,
            why: why.into(),
        };
        let judgement = match &sides {
            None => unjudged("no translation is given"),
            Some(_) if !english || tongue != Tongue::French => {
                unjudged("the lexicon knows renderings of French in English only")
            }
            Some(sides) => verdict::judge(&find, sides, familiar),
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
    if let Some(sides) = sides.filter(|_| english && tongue == Tongue::French) {
        let added = added::added(source, &sides, lexicon, &flags);
        flags.extend(added);
    }
    flags
}
