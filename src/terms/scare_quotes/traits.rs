//! What tells scare quotes from citations, titles and terms: traits of a quoted span and of what
//! stands around it, each with a weight.
//!
//! The weights are those of a logistic regression over quoted spans judged by hand, French and
//! English (`scripts/train-scare-quotes.py`): a span whose weights add up to more than nothing is
//! held to be scare quotes.

use super::span::Span;
use super::words::{COPULA, DEFINITE, DEMONSTRATIVE, IRONY, OF, PARTITIVE, POSSESSIVE};
use crate::terms::lexicon::Tongue;

/// A trait: its name, its weight, and whether a span has it.
type Trait = (&'static str, f32, fn(&Span) -> bool);

/// What counts in French before any trait is looked at.
const FRENCH: f32 = 0.75;

/// What counts in English before any trait is looked at: the English press quotes more.
const ENGLISH: f32 = 0.47;

#[rustfmt::skip]
static TRAITS: &[Trait] = &[
    // The words themselves.
    ("one word", 0.50, |s| s.words() == 1),
    ("two words", 0.09, |s| s.words() == 2),
    ("three words or more", -0.48, |s| s.words() >= 3),
    ("four words or more", -0.65, |s| s.words() >= 4),
    ("five words or more", -0.58, |s| s.words() >= 5),
    ("six words or more", -0.42, |s| s.words() >= 6),
    ("a name by its capitals", -0.56, |s| s.is_name()),
    ("opens with a capital", -1.16, |s| s.opens_capital()),
    ("built as a sentence", -0.55, |s| s.is_speech()),
    ("opens with a function word", 0.40, |s| s.opens_small()),
    ("opens with an infinitive", 0.14, |s| s.opens_infinitive()),
    ("one word shaped as an adjective", 0.43, |s| s.is_adjective()),
    ("claims worth or fact", 1.07, |s| s.claims_worth()),
    ("one word, which claims worth or fact", 0.90, |s| s.words() == 1 && s.claims_worth()),
    ("a thing that figures of speech are made of", 0.12, |s| s.holds_figure()),
    // What stands right before it.
    ("after a definite article", 0.56, |s| DEFINITE.contains(s.before(1))),
    ("after a possessive", 0.44, |s| POSSESSIVE.contains(s.before(1))),
    ("after a demonstrative", 0.09, |s| DEMONSTRATIVE.contains(s.before(1))),
    ("after an indefinite article", -0.30, |s| s.follows_indefinite(1)),
    ("after an indefinite article and an adjective", 0.46, |s| s.follows_indefinite(2)),
    ("after du or des", 0.00, |s| PARTITIVE.contains(s.before(1))),
    ("after de", -0.19, |s| OF.contains(s.before(1))),
    ("after another preposition", 0.32, |s| s.follows_preposition()),
    ("after comme", -0.51, |s| matches!(s.before(1), "comme" | "as")),
    ("after a form of to be", -0.25, |s| COPULA.contains(s.before(1))),
    ("after an auxiliary", -0.28, |s| s.follows_auxiliary()),
    ("after a content word", -0.09, |s| s.follows_content(false)),
    ("after a name", 0.41, |s| s.follows_content(true)),
    ("after a word of irony", 0.54, |s| s.nearby(3).any(|word| IRONY.contains(word))),
    ("after a word that holds off", 0.96, |s| s.follows_distancing()),
    ("after a claim about oneself or a pretext", 0.73, |s| s.follows_claim()),
    ("a word before announces a name", -1.27, |s| s.is_titled()),
    ("right after a word for words", -0.39, |s| s.is_mentioned()),
    ("presented as a word", -0.69, |s| s.is_presented()),
    // What follows it.
    ("a content word follows", 0.12, |s| s.precedes_content()),
    ("de follows", 0.56, |s| s.next().is_some_and(|word| OF.contains(word))),
    ("a mark follows", -0.14, |s| s.next().is_none()),
    ("ends its sentence", -0.04, |s| s.ends_sentence()),
    ("a bracket follows", -0.05, |s| s.precedes_bracket()),
    ("what follows explains it", -0.44, |s| s.is_explained()),
    // Whose words they may be.
    ("speech announces it", -1.04, |s| s.cited),
    ("within a quotation", 0.76, |s| s.nested),
    ("a verb of speech before it", 0.11, |s| s.has_speech_before()),
    ("a verb of speech close before it", 0.01, |s| s.has_speech_close()),
    ("a verb of speech after it", -0.33, |s| s.has_speech_after()),
    ("no verb of speech in its sentence", 0.10, |s| s.lacks_speech()),
    ("reported with que", -0.56, |s| s.is_reported()),
    ("in the clause of a verb of speech", -0.42, |s| s.is_in_clause_of_speech()),
    ("ascribed before it", -0.75, |s| s.is_ascribed_before()),
    ("nothing tells of a speaker or announces a name", 0.24, |s| s.stands_alone()),
    ("a source is named", -0.33, |s| s.has_source()),
    ("the sentence before tells of speech", -0.32, |s| s.follows_speech()),
    ("a name before it in its sentence", -0.29, |s| s.follows_any_name()),
    ("a word that holds off before it in its sentence", 1.03, |s| s.is_in_distanced_sentence()),
    ("a quotation in its paragraph", -0.59, |s| s.is_near_quotation(7)),
    ("other marks in its sentence", -0.34, |s| s.shares_sentence(1)),
    ("a quotation in its sentence", -0.36, |s| s.shares_sentence(7)),
];

/// What the weights of a span's traits add up to: more than nothing for scare quotes.
pub(super) fn weight(span: &Span) -> f32 {
    let bias = match span.tongue {
        Tongue::French => FRENCH,
        Tongue::English => ENGLISH,
    };
    let held = TRAITS.iter().filter(|(_, _, has)| has(span));
    held.fold(bias, |sum, (_, weight, _)| sum + weight)
}

#[cfg(test)]
mod tests {
    use std::io::BufRead;

    use super::*;
    use crate::terms::scare_quotes::spans;
    use crate::terms::tokens::Tokens;
    use crate::terms::voice::Voices;

    /// Prints the traits of every span of the lines of standard input, for
    /// `scripts/train-scare-quotes.py`: line, first byte, then a digit for each trait. A line is its
    /// language, a tabulator and its text.
    #[test]
    #[ignore = "prints what the weights are trained on"]
    #[allow(clippy::print_stdout)]
    fn print_traits() {
        let names: Vec<&str> = TRAITS.iter().map(|(name, ..)| *name).collect();
        println!("traits\t{}", names.join("\t"));
        for (at, line) in std::io::stdin().lock().lines().enumerate() {
            let line = line.expect("a line");
            let (language, text) = line.split_once('\t').expect("a language and a text");
            let tongue = match language {
                "en" => Tongue::English,
                _ => Tongue::French,
            };
            let tokens = Tokens::new(text);
            let voices = Voices::new(&tokens, tongue, None);
            for span in spans(&tokens, |inner| voices.cites(inner), tongue) {
                let held: String = TRAITS
                    .iter()
                    .map(|(.., has)| if has(&span) { '1' } else { '0' })
                    .collect();
                println!("span\t{at}\t{}\t{held}", span.quote.outer.start);
            }
        }
    }
}
