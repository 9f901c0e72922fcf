//! What became of a find in the translation: its rendering, through the word links, and how the
//! rendering compares with those that the lexicon knows.

use std::collections::BTreeSet;
use std::ops::Range;

use super::english;
use super::finder::{self, Find};
use super::lexicon::{Rendering, Rule};
use super::tokens::Tokens;
use crate::bitext::{Excerpt, Verdict};

/// Source and target of a pair, and the links between their words.
pub(super) struct Sides<'p> {
    pub source: &'p Tokens<'p>,
    pub target: &'p Tokens<'p>,
    pub links: &'p [(u32, u32)],
}

/// A verdict, what it is about, and why.
pub(super) struct Judgement {
    pub verdict: Verdict,
    pub target: Option<Excerpt>,
    pub why: String,
}

/// How far from the linked words, in words, a known rendering may stand.
const REACH: usize = 3;

pub(super) fn judge(find: &Find, sides: &Sides) -> Judgement {
    let linked = Linked::new(find, sides);
    if find.entry.rule == Some(Rule::ScareQuotes) {
        return judge_quotes(find, sides, &linked);
    }
    if let Some(known) = known_rendering(find, sides, &linked) {
        return known.judgement(find, sides, &linked);
    }
    let words = linked.own_content();
    if words.is_empty() {
        return Judgement {
            verdict: Verdict::Dropped,
            target: None,
            why: "no word of the translation renders it".into(),
        };
    }
    let span = sides.span(&words, &[]);
    let excerpt = Excerpt::new(sides.target.text, sides.target.span(&span));
    if find.entry.hedge {
        return Judgement {
            verdict: Verdict::Dropped,
            why: format!(
                "“{}” states as fact what the source holds at a distance",
                excerpt.text
            ),
            target: Some(excerpt),
        };
    }
    let same = crate::terms::tokens::normalise(&excerpt.text)
        == crate::terms::tokens::normalise(&find.excerpt.text);
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

/// The first few renderings, for the reviewer.
fn some(renderings: &[Rendering]) -> String {
    let first: Vec<&str> = renderings
        .iter()
        .take(3)
        .map(|r| r.written.as_str())
        .collect();
    first.join(", ")
}

/// The target words that links tie to a find.
struct Linked {
    /// To the words that bear it.
    own: BTreeSet<usize>,
    /// To the words that it covers.
    covered: BTreeSet<usize>,
    /// Of `own`, those that no other content word of the source is tied to.
    exclusive: BTreeSet<usize>,
    /// The words that may render it alone: no function words.
    content: BTreeSet<usize>,
    /// Where the rendering would stand if both texts ran in step.
    expected: usize,
    /// Whether the pair has links at all.
    any: bool,
}

impl Linked {
    fn new(find: &Find, sides: &Sides) -> Self {
        let source_words = words_of(sides.source);
        let target_words = words_of(sides.target);
        let content_of_source = |word: usize| {
            let token = sides.source.tokens.iter().find(|t| t.word == word);
            token.is_some_and(|t| !finder::is_function_word(t.plain()))
        };
        let bearing: Vec<usize> = {
            let content: Vec<usize> = find
                .words
                .iter()
                .copied()
                .filter(|&w| content_of_source(w))
                .collect();
            if content.is_empty() || find.entry.hedge {
                find.words.clone()
            } else {
                content
            }
        };
        let links = || {
            let pairs = sides.links.iter().map(|&(s, t)| (s as usize, t as usize));
            pairs.filter(|&(s, t)| s < source_words && t < target_words)
        };
        let tied = |words: &[usize]| -> BTreeSet<usize> {
            links()
                .filter(|(s, _)| words.contains(s))
                .map(|(_, t)| t)
                .collect()
        };
        let own = tied(&bearing);
        let exclusive = own.iter().copied().filter(|&word| {
            links().all(|(s, t)| t != word || find.words.contains(&s) || !content_of_source(s))
        });
        let exclusive: BTreeSet<usize> = exclusive.collect();
        let content = own.iter().copied().filter(|&word| {
            let mut tokens = sides.target.tokens.iter().filter(|t| t.word == word);
            tokens.any(|t| !english::is_function_word(t.plain()))
        });
        let first = find.words.first().copied().unwrap_or_default();
        Self {
            content: content.collect(),
            covered: tied(&find.covered),
            own,
            exclusive,
            expected: first * target_words / source_words.max(1),
            any: links().next().is_some(),
        }
    }

    /// The largest cluster of words that render the find and nothing else.
    fn own_content(&self) -> BTreeSet<usize> {
        let alone: BTreeSet<usize> = self
            .content
            .intersection(&self.exclusive)
            .copied()
            .collect();
        largest_cluster(&alone)
    }

    /// Words between `word` and the closest linked one; without links, the expected place.
    fn distance(&self, word: usize) -> usize {
        let near = self.own.iter().chain(&self.covered);
        match near.map(|l| l.abs_diff(word)).min() {
            Some(distance) => distance,
            None => self.expected.abs_diff(word) / 3,
        }
    }
}

/// How many words a text has.
fn words_of(tokens: &Tokens) -> usize {
    tokens.tokens.last().map_or(0, |t| t.word + 1)
}

/// The largest run of words with at most two others between them.
fn largest_cluster(words: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut best = BTreeSet::new();
    let mut current: BTreeSet<usize> = BTreeSet::new();
    for &word in words {
        if current.last().is_some_and(|&last| word > last + 3) {
            current.clear();
        }
        current.insert(word);
        if current.len() > best.len() {
            best.clone_from(&current);
        }
    }
    best
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
    let mut best: Option<((bool, usize, usize, usize), Known)> = None;
    for (verdict, renderings) in lists {
        for rendering in renderings {
            for start in 0..sides.target.tokens.len() {
                let Some(tokens) = rendering.pattern.matches(sides.target, start) else {
                    continue;
                };
                let words: BTreeSet<usize> = tokens
                    .iter()
                    .map(|&t| sides.target.tokens[t].word)
                    .collect();
                let overlap = words.intersection(&linked.own).count();
                let distance = words.iter().map(|&w| linked.distance(w)).min().unwrap_or(0);
                if overlap == 0 && distance > REACH {
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
        let covered: Vec<usize> = linked.covered.iter().copied().collect();
        let span = sides.span(&self.words, &covered);
        let written = sides.words_text(&self.words);
        let why = match self.verdict {
            Verdict::Softened => format!("“{written}” is weaker than “{}”", find.entry.lemma),
            Verdict::Strengthened => format!("“{written}” is stronger than “{}”", find.entry.lemma),
            _ if written.eq_ignore_ascii_case(&self.rendering.written) => {
                format!("“{written}” keeps its force")
            }
            _ => format!("“{written}” ({}) keeps its force", self.rendering.written),
        };
        Judgement {
            verdict: self.verdict,
            target: Some(Excerpt::new(sides.target.text, sides.target.span(&span))),
            why,
        }
    }
}

impl Sides<'_> {
    /// The bytes of target words that stand together: `words`, what lies between them, those of
    /// `more` that are close, and the marks of quoted spans that are covered whole.
    fn span(&self, words: &BTreeSet<usize>, more: &[usize]) -> Range<usize> {
        let (mut first, mut last) = match (words.first(), words.last()) {
            (Some(&first), Some(&last)) => (first, last),
            _ => return 0..0,
        };
        let mut grown = true;
        while grown {
            grown = false;
            for &word in more {
                let near = word + 3 >= first && word <= last + 3;
                if near && !(first..=last).contains(&word) {
                    (first, last) = (first.min(word), last.max(word));
                    grown = true;
                }
            }
        }
        let within = |t: &&super::tokens::Token| (first..=last).contains(&t.word);
        let mut tokens = self.target.tokens.iter().filter(within);
        let Some(opening) = tokens.next() else {
            return 0..0;
        };
        let closing = tokens.next_back().unwrap_or(opening);
        let mut bytes = opening.bytes.start..closing.bytes.end;
        for quote in &self.target.quotes {
            let inside = self.target.inside(&quote.inner);
            let whole = !inside.is_empty()
                && self.target.tokens[inside.clone()]
                    .iter()
                    .all(|t| (first..=last).contains(&t.word));
            if whole {
                bytes.start = bytes.start.min(quote.outer.start);
                bytes.end = bytes.end.max(quote.outer.end);
            }
        }
        bytes
    }

    fn words_text(&self, words: &BTreeSet<usize>) -> String {
        let tokens = self.target.tokens.iter();
        let mut bytes: Option<Range<usize>> = None;
        for token in tokens.filter(|t| words.contains(&t.word)) {
            let start = bytes.as_ref().map_or(token.bytes.start, |b| b.start);
            bytes = Some(start..token.bytes.end);
        }
        bytes.map_or_else(String::new, |b| self.target.text[b].to_owned())
    }
}

/// Scare quotes are kept where a quoted span renders the same words.
fn judge_quotes(find: &Find, sides: &Sides, linked: &Linked) -> Judgement {
    let words: BTreeSet<usize> = if linked.content.is_empty() {
        linked.own.clone()
    } else {
        linked.content.clone()
    };
    let mut best: Option<(usize, &super::quotes::Quote)> = None;
    for quote in &sides.target.quotes {
        let inside = sides.target.inside(&quote.inner);
        let held = &sides.target.tokens[inside];
        let shared = held.iter().filter(|t| words.contains(&t.word)).count();
        let close = held.iter().any(|t| linked.distance(t.word) <= REACH);
        let counts = shared > 0 || !linked.any && close;
        // A long quotation that happens to hold the words is not the same quoted span.
        let alike = held.len() <= 3 * find.words.len() + 3;
        if counts && alike && best.is_none_or(|(most, _)| shared > most) {
            best = Some((shared, quote));
        }
    }
    if let Some((_, quote)) = best {
        let excerpt = Excerpt::new(sides.target.text, sides.target.span(&quote.outer));
        return Judgement {
            verdict: Verdict::Kept,
            why: format!("{} stands in quotation marks too", excerpt.text),
            target: Some(excerpt),
        };
    }
    if let Some(known) = known_rendering(find, sides, linked) {
        return known.judgement(find, sides, linked);
    }
    let cluster = largest_cluster(&words);
    let span = sides.span(&cluster, &[]);
    let excerpt = Excerpt::new(sides.target.text, sides.target.span(&span));
    Judgement {
        verdict: Verdict::Dropped,
        why: "the quotation marks are gone: what the source holds at a distance is said plainly"
            .into(),
        target: (!cluster.is_empty()).then_some(excerpt),
    }
}
