//! What became of a find in the translation: its rendering, through the word links, and how the
//! rendering compares with those that the lexicon knows.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use super::english;
use super::finder::{self, Find};
use super::lexicon::{Rendering, Rule};
use super::quotes::Quote;
use super::tokens::{Token, Tokens};
use crate::bitext::{Excerpt, Verdict};

/// The target of a pair, and the links between its words and the source's.
pub(super) struct Sides<'p> {
    pub target: &'p Tokens<'p>,
    /// The target words that each source word is linked to.
    to_target: Vec<Vec<usize>>,
    /// The source words that each target word is linked to.
    to_source: Vec<Vec<usize>>,
    /// Which source words are no function words.
    source_content: Vec<bool>,
    /// Which target words are no function words.
    target_content: Vec<bool>,
    /// Whether the pair has links at all.
    any_link: bool,
}

impl<'p> Sides<'p> {
    /// Indexes the links; those to words that do not exist are left out.
    pub fn new(source: &'p Tokens<'p>, target: &'p Tokens<'p>, links: &[(u32, u32)]) -> Self {
        let source_content = content(source, finder::is_function_word);
        let target_content = content(target, english::is_function_word);
        let mut sides = Self {
            target,
            to_target: vec![Vec::new(); source_content.len()],
            to_source: vec![Vec::new(); target_content.len()],
            source_content,
            target_content,
            any_link: false,
        };
        for &(s, t) in links {
            let (s, t) = (s as usize, t as usize);
            if s < sides.to_target.len() && t < sides.to_source.len() {
                sides.to_target[s].push(t);
                sides.to_source[t].push(s);
                sides.any_link = true;
            }
        }
        sides
    }
}

/// Which words of a text hold a token that is no function word.
fn content(tokens: &Tokens, is_function_word: fn(&str) -> bool) -> Vec<bool> {
    let mut content = vec![false; tokens.tokens.last().map_or(0, |t| t.word + 1)];
    for token in &tokens.tokens {
        content[token.word] |= !is_function_word(token.plain());
    }
    content
}

/// A verdict, what it is about, and why.
pub(super) struct Judgement {
    pub verdict: Verdict,
    pub target: Option<Excerpt>,
    pub why: String,
}

/// How far from the linked words, in words, a known rendering may stand.
const REACH: usize = 3;

/// How far before a linked word, in words, a rendering that holds it may begin.
const LONGEST: usize = 16;

/// How many small words may stand between two parts of a rendering.
const BRIDGE: usize = 3;

pub(super) fn judge(find: &Find, sides: &Sides) -> Judgement {
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
            why: "no word of the translation renders it".into(),
        };
    }
    let span = sides.bytes_of(&linked.grow(&words, sides));
    let excerpt = sides.target.excerpt(&span);
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
struct Linked<'f> {
    find: &'f Find<'f>,
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
}

impl<'f> Linked<'f> {
    fn new(find: &'f Find<'f>, sides: &Sides) -> Self {
        let content_word = |word: &usize| sides.source_content.get(*word) == Some(&true);
        let bearing: Vec<usize> = {
            let content = find.words.iter().copied().filter(content_word);
            let content: Vec<usize> = content.collect();
            if content.is_empty() || find.entry.hedge {
                find.words.clone()
            } else {
                content
            }
        };
        let tied = |words: &[usize]| -> BTreeSet<usize> {
            let tied = words.iter().filter_map(|&word| sides.to_target.get(word));
            tied.flatten().copied().collect()
        };
        let own = tied(&bearing);
        let exclusive = own.iter().copied().filter(|&word| {
            let mut sources = sides.to_source[word].iter();
            sources.all(|s| find.words.contains(s) || !content_word(s))
        });
        let exclusive: BTreeSet<usize> = exclusive.collect();
        let content = own.iter().copied().filter(|&w| sides.target_content[w]);
        let first = find.words.first().copied().unwrap_or_default();
        Self {
            content: content.collect(),
            covered: tied(&find.covered),
            own,
            exclusive,
            expected: first * sides.to_source.len() / sides.to_target.len().max(1),
            find,
        }
    }

    /// The largest cluster of words that render the find and nothing else.
    fn own_content(&self, sides: &Sides) -> BTreeSet<usize> {
        let alone = self.content.intersection(&self.exclusive).copied();
        self.largest_cluster(&alone.collect(), sides)
    }

    /// The largest run of words that nothing of another term parts.
    fn largest_cluster(&self, words: &BTreeSet<usize>, sides: &Sides) -> BTreeSet<usize> {
        let mut best = BTreeSet::new();
        let mut current: BTreeSet<usize> = BTreeSet::new();
        for &word in words {
            if current
                .last()
                .is_some_and(|&last| !self.bridges(last, word, sides))
            {
                current.clear();
            }
            current.insert(word);
            if current.len() > best.len() {
                best.clone_from(&current);
            }
        }
        best
    }

    /// Whether source word `word` stands in the find, or between its words.
    fn holds(&self, word: usize) -> bool {
        let words = &self.find.words;
        let within = words.first().is_some_and(|&first| first <= word)
            && words.last().is_some_and(|&last| word <= last);
        within || self.find.covered.contains(&word)
    }

    /// Whether target word `word` is tied to the find alone.
    fn mine(&self, word: usize, sides: &Sides) -> bool {
        let sources = &sides.to_source[word];
        !sources.is_empty() && sources.iter().all(|&s| self.holds(s))
    }

    /// Whether only small words and words of the find stand between target words `left` and
    /// `right`.
    fn bridges(&self, left: usize, right: usize, sides: &Sides) -> bool {
        let small = |word: &usize| !self.mine(*word, sides);
        let mut between = left + 1..right;
        right - left <= LONGEST
            && between.clone().filter(small).count() <= BRIDGE
            && between.all(|word| {
                let mut sources = sides.to_source[word].iter();
                self.mine(word, sides)
                    || !sides.target_content[word]
                        && sources.all(|&s| self.holds(s) || !sides.source_content[s])
            })
    }

    /// The target words from the first to the last that render the find: those of `seed`, the
    /// words that links tie to the find alone and that nothing else parts from it, without the
    /// function words at its edges that render something else.
    fn grow(&self, seed: &BTreeSet<usize>, sides: &Sides) -> RangeInclusive<usize> {
        let (Some(&first), Some(&last)) = (seed.first(), seed.last()) else {
            return RangeInclusive::new(1, 0);
        };
        let (mut first, mut last) = self.trim(first, last, sides);
        let several = self.find.words.len() > 1;
        let tied = self.find.words.iter().map(|&word| &sides.to_target[word]);
        let function = tied
            .flatten()
            .copied()
            .filter(|&word| several && !sides.target_content[word] && self.mine(word, sides));
        let covered = self.covered.iter().copied();
        let covered = covered.filter(|&w| sides.target_content[w] || self.mine(w, sides));
        let content = self.content.intersection(&self.exclusive).copied();
        let joining: BTreeSet<usize> = content.chain(function).chain(covered).collect();
        for &word in joining.range(last + 1..) {
            if !self.bridges(last, word, sides) {
                break;
            }
            last = word;
        }
        for &word in joining.range(..first).rev() {
            if !self.bridges(word, first, sides) {
                break;
            }
            first = word;
        }
        first..=last
    }

    /// Drops the function words at the edges that render words outside the find.
    fn trim(&self, first: usize, last: usize, sides: &Sides) -> (usize, usize) {
        let foreign = |word: &usize| {
            let sources = &sides.to_source[*word];
            !sides.target_content[*word]
                && !sources.is_empty()
                && !sources.iter().any(|&s| self.holds(s))
        };
        let start = (first..=last).find(|word| !foreign(word));
        let end = (first..=last).rfind(|word| !foreign(word));
        start.zip(end).unwrap_or((first, last))
    }

    /// Words between `word` and the closest linked one; without links, the expected place.
    fn distance(&self, word: usize) -> usize {
        let closest = |linked: &BTreeSet<usize>| {
            let before = linked.range(..=word).next_back().map(|l| word - l);
            let after = linked.range(word..).next().map(|l| l - word);
            before.into_iter().chain(after).min()
        };
        let near = closest(&self.own).into_iter().chain(closest(&self.covered));
        match near.min() {
            Some(distance) => distance,
            None => self.expected.abs_diff(word) / 3,
        }
    }

    /// The tokens of the target from which on a rendering may stand.
    fn starts(&self, sides: &Sides) -> Vec<usize> {
        let around = |from: usize, to: usize| {
            let place = |word| sides.target.tokens.partition_point(|t| t.word < word);
            place(from)..place(to + 1)
        };
        let mut starts = Vec::new();
        for &word in self.own.iter().chain(&self.covered) {
            starts.extend(around(word.saturating_sub(LONGEST), word + REACH));
        }
        if self.own.is_empty() && self.covered.is_empty() {
            let reach = 3 * REACH + 2;
            let from = self.expected.saturating_sub(reach + LONGEST);
            starts.extend(around(from, self.expected + reach));
        }
        starts.sort_unstable();
        starts.dedup();
        starts
    }
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
            for &start in &starts {
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
        let span = sides.bytes_of(&linked.grow(&self.words, sides));
        let (first, last) = match (self.words.first(), self.words.last()) {
            (Some(&first), Some(&last)) => linked.trim(first, last, sides),
            _ => (0, 0),
        };
        let written = sides.words_text(first..=last);
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
            target: Some(sides.target.excerpt(&span)),
            why,
        }
    }
}

impl Sides<'_> {
    /// The tokens of target words.
    fn tokens_of(&self, words: &RangeInclusive<usize>) -> &[Token] {
        let tokens = &self.target.tokens;
        let start = tokens.partition_point(|t| t.word < *words.start());
        let end = tokens.partition_point(|t| t.word <= *words.end());
        &tokens[start..end.max(start)]
    }

    /// The bytes of target words with the marks of quoted spans that they cover whole.
    fn bytes_of(&self, words: &RangeInclusive<usize>) -> Range<usize> {
        let held = self.tokens_of(words);
        let (Some(opening), Some(closing)) = (held.first(), held.last()) else {
            return 0..0;
        };
        let before = self
            .target
            .tokens
            .partition_point(|t| t.word < opening.word);
        let before = before
            .checked_sub(1)
            .map_or(0, |t| self.target.tokens[t].bytes.end);
        let mut bytes = opening.bytes.start..closing.bytes.end;
        for quote in self.target.quotes_from(before..closing.bytes.start + 1) {
            let inside = &self.target.tokens[self.target.inside(&quote.inner)];
            let within = |t: Option<&Token>| t.is_some_and(|t| words.contains(&t.word));
            if within(inside.first()) && within(inside.last()) {
                bytes.start = bytes.start.min(quote.outer.start);
                bytes.end = bytes.end.max(quote.outer.end);
            }
        }
        bytes
    }

    fn words_text(&self, words: RangeInclusive<usize>) -> String {
        let held = self.tokens_of(&words);
        let ends = held.first().zip(held.last());
        ends.map_or_else(String::new, |(first, last)| {
            self.target.text[first.bytes.start..last.bytes.end].to_owned()
        })
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
    Judgement {
        verdict: Verdict::Dropped,
        why: "the quotation marks are gone: what the source holds at a distance is said plainly"
            .into(),
        target: (!cluster.is_empty()).then_some(excerpt),
    }
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
