//! What became of a find in the translation: its rendering, through the word links, and how the
//! rendering compares with those that the lexicon knows.

use std::collections::BTreeSet;
use std::ops::Range;

use super::effort::spend;
use super::familiar::Familiar;
use super::finder::Find;
use super::lexicon::{Rendering, Rule};
use super::linked::{Linked, REACH, Sides};
use super::quotes::Quote;
use crate::bitext::{Excerpt, Verdict};

/// A verdict, what it is about, and why.
pub(super) struct Judgement {
    pub verdict: Verdict,
    pub target: Option<Excerpt>,
    pub why: String,
}

/// What became of a find in the translation.
pub(super) fn judge(find: &Find, sides: &Sides, familiar: &Familiar) -> Judgement {
    let linked = Linked::new(find, sides);
    if find.entry.rule == Some(Rule::ScareQuotes) {
        return judge_quotes(find, sides, &linked);
    }
    if let Some(known) = known_rendering(find, sides, &linked) {
        return known.judgement(find, sides, &linked);
    }
    let words = linked.own_content(sides);
    if words.is_empty() {
        return Judgement {
            verdict: Verdict::Dropped,
            target: None,
            why: format!(
                "no word of the translation renders “{}”: {} is dropped",
                find.excerpt.text,
                force(&find.entry.category)
            ),
        };
    }
    let span = sides.bytes_of(&linked.grow(&words, sides));
    let excerpt = sides.target.excerpt(&span);
    if find.entry.hedge {
        return Judgement {
            verdict: Verdict::Dropped,
            why: format!(
                "“{}” became “{}”, which states as fact what the source holds at a distance",
                find.excerpt.text, excerpt.text
            ),
            target: Some(excerpt),
        };
    }
    let held = words
        .iter()
        .flat_map(|&word| sides.tokens_of(&(word..=word)));
    if let Some(word) = familiar.keeps(find, held) {
        let word = &sides.target.text[word.bytes.clone()];
        return Judgement {
            verdict: Verdict::Kept,
            why: format!(
                "“{}” became “{}”: {} is kept (“{word}” is loaded too)",
                find.excerpt.text,
                excerpt.text,
                force(&find.entry.category)
            ),
            target: Some(excerpt),
        };
    }
    let same = crate::text::normalise(&excerpt.text) == crate::text::normalise(&find.excerpt.text);
    Judgement {
        verdict: Verdict::Check,
        why: if same {
            format!(
                "“{}” stands in the translation as in the source",
                excerpt.text
            )
        } else {
            format!(
                "the lexicon does not know “{}” as a rendering (it knows {})",
                excerpt.text,
                some(&find.entry.keep)
            )
        },
        target: Some(excerpt),
    }
}

/// What a term of a category gives to what it is said of, in words.
pub(super) fn force(category: &str) -> &'static str {
    match category {
        "distancing" | "scare-quotes" => "the distance",
        "attribution" => "the attribution",
        "insinuation" => "the hint",
        "intensifier" => "the emphasis",
        "label" => "the label",
        "euphemism" => "the euphemism",
        "evaluation" => "the judgement",
        "conflict" => "the charge",
        "appeal" => "the appeal",
        _ => "its force",
    }
}

/// The first few renderings, for the reviewer.
fn some(renderings: &[Rendering]) -> String {
    let first: Vec<&str> = renderings
        .iter()
        .take(3)
        .map(|r| r.written.as_str())
        .collect();
    first.join(", ")
}

/// A rendering of the lexicon that stands in the target.
struct Known<'l> {
    verdict: Verdict,
    rendering: &'l Rendering,
    words: BTreeSet<usize>,
}

fn known_rendering<'l>(find: &Find<'l>, sides: &Sides, linked: &Linked) -> Option<Known<'l>> {
    let entry = find.entry;
    let lists = [
        (Verdict::Kept, &entry.keep),
        (Verdict::Softened, &entry.soften),
        (Verdict::Strengthened, &entry.strengthen),
    ];
    let starts = linked.starts(sides);
    let mut best: Option<((bool, usize, usize, usize), Known)> = None;
    for (verdict, renderings) in lists {
        for rendering in renderings {
            let Some(pattern) = rendering.pattern() else {
                continue;
            };
            spend(starts.len());
            for &start in &starts {
                let Some(tokens) = pattern.matches(sides.target, start) else {
                    continue;
                };
                let words: BTreeSet<usize> = tokens
                    .iter()
                    .map(|&t| sides.target.tokens[t].word)
                    .collect();
                let overlap = words.intersection(&linked.own).count();
                let distance = words.iter().map(|&w| linked.distance(w)).min().unwrap_or(0);
                if overlap == 0 && (distance > REACH || sides.render_another(&words, find)) {
                    continue;
                }
                let score = (overlap > 0, words.len(), overlap, usize::MAX - distance);
                if best.as_ref().is_none_or(|(held, _)| score > *held) {
                    best = Some((
                        score,
                        Known {
                            verdict,
                            rendering,
                            words,
                        },
                    ));
                }
            }
        }
    }
    best.map(|(_, known)| known)
}

impl Known<'_> {
    fn judgement(self, find: &Find, sides: &Sides, linked: &Linked) -> Judgement {
        let span = sides.bytes_of(&linked.grow(&self.words, sides));
        let (first, last) = match (self.words.first(), self.words.last()) {
            (Some(&first), Some(&last)) => linked.trim(first, last, sides),
            _ => (0, 0),
        };
        let written = sides.words_text(first..=last);
        let force = force(&find.entry.category);
        let outcome = match self.verdict {
            Verdict::Softened => format!("{force} is weaker"),
            Verdict::Strengthened => format!("{force} is stronger"),
            _ if written.eq_ignore_ascii_case(&self.rendering.written) => {
                format!("{force} is kept")
            }
            _ => format!("{force} is kept ({})", self.rendering.written),
        };
        let why = format!("“{}” became “{written}”: {outcome}", find.excerpt.text);
        Judgement {
            verdict: self.verdict,
            target: Some(sides.target.excerpt(&span)),
            why,
        }
    }
}

/// Scare quotes are kept where a quoted span renders the same words.
fn judge_quotes(find: &Find, sides: &Sides, linked: &Linked) -> Judgement {
    let words: BTreeSet<usize> = if linked.content.is_empty() {
        linked.own.clone()
    } else {
        linked.content.clone()
    };
    let mut best: Option<(usize, &Quote)> = None;
    // A long quotation that happens to hold the words is not the same quoted span.
    let longest = 3 * find.words.len() + 3;
    for quote in near_quotes(sides, linked, &words, longest) {
        let inside = sides.target.inside(&quote.inner);
        let held = &sides.target.tokens[inside];
        let shared = held.iter().filter(|t| words.contains(&t.word)).count();
        let close = held.iter().any(|t| linked.distance(t.word) <= REACH);
        let counts = shared > 0 || !sides.any_link && close;
        let alike = held.len() <= longest;
        if counts && alike && best.is_none_or(|(most, _)| shared > most) {
            best = Some((shared, quote));
        }
    }
    if let Some((_, quote)) = best {
        let excerpt = sides.target.excerpt(&quote.outer);
        return Judgement {
            verdict: Verdict::Kept,
            why: format!("{} stands in quotation marks too", excerpt.text),
            target: Some(excerpt),
        };
    }
    if let Some(known) = known_rendering(find, sides, linked) {
        return known.judgement(find, sides, linked);
    }
    let cluster = linked.largest_cluster(&words, sides);
    let span = sides.bytes_of(&linked.grow(&cluster, sides));
    let excerpt = sides.target.excerpt(&span);
    if !cluster.is_empty() && is_marked(sides.target.text, &span) {
        return Judgement {
            verdict: Verdict::Kept,
            why: format!("{} stands in quotation marks too", excerpt.text),
            target: Some(excerpt),
        };
    }
    Judgement {
        verdict: Verdict::Dropped,
        why: "the quotation marks are gone: what the source holds at a distance is said plainly"
            .into(),
        target: (!cluster.is_empty()).then_some(excerpt),
    }
}

/// Whether marks stand on both sides of `span`, though they may have found no partner: within a
/// quotation with the same marks, or a mark that is missing elsewhere.
fn is_marked(text: &str, span: &Range<usize>) -> bool {
    let before = text[..span.start].chars().next_back();
    let after = text[span.end..].trim_start_matches([',', '.', '!', '?']);
    before.is_some_and(|c| matches!(c, '"' | '“' | '‘' | '\'' | '«' | '„'))
        && after.starts_with(['"', '”', '“', '’', '\'', '»'])
}

/// The quoted spans of the target that may hold one of `words`, or the expected place, within
/// `longest` tokens.
fn near_quotes<'s>(
    sides: &'s Sides,
    linked: &Linked,
    words: &BTreeSet<usize>,
    longest: usize,
) -> impl Iterator<Item = &'s Quote> {
    let tokens = &sides.target.tokens;
    let reach = 3 * REACH + 2;
    let places = match (words.first(), words.last()) {
        (Some(&first), Some(&last)) => Some((first, last)),
        _ if sides.any_link => None,
        _ => Some((
            linked.expected.saturating_sub(reach),
            linked.expected + reach,
        )),
    };
    let bytes = places.map_or(0..0, |(first, last)| {
        let from = tokens.partition_point(|t| t.word < first);
        let to = tokens.partition_point(|t| t.word <= last);
        let from = from.checked_sub(longest + 1);
        let from = from.map_or(0, |t| tokens[t].bytes.end);
        from..tokens
            .get(to)
            .map_or(sides.target.text.len(), |t| t.bytes.start)
    });
    sides.target.quotes_from(bytes).iter()
}
