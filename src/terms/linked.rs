//! The target words that the word links tie to a find, and how far its rendering reaches.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use super::english;
use super::finder::{self, Find};
use super::tokens::{Token, Tokens};

/// How far from the linked words, in words, a known rendering may stand.
pub(super) const REACH: usize = 3;

/// How far before a linked word, in words, a rendering that holds it may begin.
const LONGEST: usize = 16;

/// How many small words may stand between two parts of a rendering.
const BRIDGE: usize = 3;
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
    pub target_content: Vec<bool>,
    /// Which target words are articles.
    articles: Vec<bool>,
    /// Whether the pair has links at all.
    pub any_link: bool,
}

impl<'p> Sides<'p> {
    /// Indexes the links; those to words that do not exist are left out.
    pub fn new(source: &'p Tokens<'p>, target: &'p Tokens<'p>, links: &[(u32, u32)]) -> Self {
        let source_content = content(source, finder::is_function_word);
        let target_content = content(target, english::is_function_word);
        let articles = content(target, |word| !matches!(word, "a" | "an" | "the"));
        let mut sides = Self {
            target,
            to_target: vec![Vec::new(); source_content.len()],
            to_source: vec![Vec::new(); target_content.len()],
            source_content,
            target_content,
            articles,
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
impl Sides<'_> {
    /// The tokens of target words.
    pub fn tokens_of(&self, words: &RangeInclusive<usize>) -> &[Token] {
        let tokens = &self.target.tokens;
        let start = tokens.partition_point(|t| t.word < *words.start());
        let end = tokens.partition_point(|t| t.word <= *words.end());
        &tokens[start..end.max(start)]
    }

    /// The bytes of target words with the marks of quoted spans that they cover whole.
    pub fn bytes_of(&self, words: &RangeInclusive<usize>) -> Range<usize> {
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

    /// Whether a content word of target `words` renders source content outside the find alone.
    pub fn render_another(&self, words: &BTreeSet<usize>, find: &Find) -> bool {
        let held = |s: &usize| find.words.contains(s) || find.covered.contains(s);
        words.iter().any(|&word| {
            let sources = self.to_source.get(word).map_or(&[][..], Vec::as_slice);
            let content = |s: &usize| self.source_content.get(*s) == Some(&true);
            self.target_content.get(word) == Some(&true)
                && sources.iter().any(content)
                && !sources.iter().any(held)
        })
    }

    /// The source content words that target `words` are linked to.
    pub fn sources_of(&self, words: &[usize]) -> BTreeSet<usize> {
        let linked = words.iter().filter_map(|&word| self.to_source.get(word));
        let content = |s: &usize| self.source_content.get(*s) == Some(&true);
        linked.flatten().copied().filter(content).collect()
    }

    pub fn words_text(&self, words: RangeInclusive<usize>) -> String {
        let held = self.tokens_of(&words);
        let ends = held.first().zip(held.last());
        ends.map_or_else(String::new, |(first, last)| {
            self.target.text[first.bytes.start..last.bytes.end].to_owned()
        })
    }
}
/// The target words that links tie to a find.
pub(super) struct Linked<'f> {
    find: &'f Find<'f>,
    /// To the words that bear it.
    pub own: BTreeSet<usize>,
    /// To the words that it covers.
    covered: BTreeSet<usize>,
    /// Of `own`, those that no other content word of the source is tied to.
    exclusive: BTreeSet<usize>,
    /// The words that may render it alone: no function words.
    pub content: BTreeSet<usize>,
    /// Where the rendering would stand if both texts ran in step.
    pub expected: usize,
}

impl<'f> Linked<'f> {
    pub fn new(find: &'f Find<'f>, sides: &Sides) -> Self {
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
    pub fn own_content(&self, sides: &Sides) -> BTreeSet<usize> {
        let alone = self.content.intersection(&self.exclusive).copied();
        self.largest_cluster(&alone.collect(), sides)
    }

    /// The largest run of words that nothing of another term parts.
    pub fn largest_cluster(&self, words: &BTreeSet<usize>, sides: &Sides) -> BTreeSet<usize> {
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
    pub fn grow(&self, seed: &BTreeSet<usize>, sides: &Sides) -> RangeInclusive<usize> {
        let (Some(&first), Some(&last)) = (seed.first(), seed.last()) else {
            return RangeInclusive::new(1, 0);
        };
        let (mut first, mut last) = self.trim(first, last, sides);
        let several = self.find.words.len() > 1;
        let tied = self.find.words.iter().map(|&word| &sides.to_target[word]);
        let function = tied.flatten().copied().filter(|&word| {
            several
                && !sides.target_content[word]
                && !sides.articles[word]
                && self.mine(word, sides)
        });
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
    pub fn trim(&self, first: usize, last: usize, sides: &Sides) -> (usize, usize) {
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
    pub fn distance(&self, word: usize) -> usize {
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
    pub fn starts(&self, sides: &Sides) -> Vec<usize> {
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
