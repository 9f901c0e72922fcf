//! What finds an entry: its forms and patterns, from what a lexicon writes of it. The build reads
//! the lexicons that come with the program by this too.

use serde::{Deserialize, Serialize};

use crate::terms::pattern::{Lemmas, Pattern, PatternError, Wording};
use crate::terms::{conjugation, english, english_inflection, inflection};
use crate::text::{normalise, words};

/// How a lemma of one word inflects.
#[derive(Debug, Deserialize, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(in crate::terms) enum Inflect {
    Adjective,
    Noun,
    Verb,
    Fixed,
}

/// The forms of an entry in order: those that are written, and those of the lemma, where it inflects;
/// or what is wrong with that and what to do.
pub(in crate::terms) fn forms(
    written: &[String],
    lemma: &str,
    inflect: Option<Inflect>,
    wording: Wording,
) -> Result<Vec<String>, &'static str> {
    let mut forms = written.to_vec();
    if let Some(class) = inflect {
        forms.extend(inflected(lemma, class, wording)?);
    }
    forms.sort();
    forms.dedup();
    Ok(forms)
}

fn inflected(lemma: &str, class: Inflect, wording: Wording) -> Result<Vec<String>, &'static str> {
    if words(lemma).len() != 1 {
        return Err("inflect needs a lemma of one word; use patterns");
    }
    let lemma = normalise(lemma);
    let french = wording == Wording::French;
    let verb =
        |conjugated: Vec<(_, String)>| conjugated.into_iter().map(|(_, form)| form).collect();
    Ok(match class {
        Inflect::Adjective if french => inflection::adjective(&lemma),
        Inflect::Noun if french => inflection::noun(&lemma),
        Inflect::Fixed if french => vec![lemma],
        Inflect::Verb if french => conjugation::conjugate(&lemma)
            .map(verb)
            .ok_or("the verb's conjugation is not known; list its forms")?,
        Inflect::Adjective => english_inflection::adjective(&lemma),
        Inflect::Noun => english_inflection::noun(&lemma),
        Inflect::Fixed => english::spellings(&lemma),
        Inflect::Verb => verb(english_inflection::verb(&lemma)),
    })
}

/// The patterns of an entry: one of all its forms, and those that are written; for one that cannot be
/// read, as it is written, why.
pub(in crate::terms) fn patterns<'w>(
    forms: &[String],
    written: &'w [String],
    wording: Wording,
    lemmas: &mut Lemmas,
) -> Vec<Result<Pattern, (&'w str, PatternError)>> {
    let single = || Ok(Pattern::of_forms(forms.iter().map(String::as_str)));
    let mut patterns: Vec<_> = (!forms.is_empty()).then(single).into_iter().collect();
    patterns.extend(written.iter().map(|written| {
        Pattern::parse_with(written, wording, lemmas).map_err(|error| (written.as_str(), error))
    }));
    patterns
}
