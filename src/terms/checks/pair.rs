//! The two texts that a check compares, and flags on parts of them.

use std::ops::Range;

use super::Languages;
use crate::bitext::{Excerpt, Flag, Severity};
use crate::parity::Side;
use crate::text::CodePoints;

/// How many flags of a kind on the whole of a pair are told one by one: a reviewer needs no more
/// to see that the texts do not belong together.
pub(super) const MOST: usize = 64;

/// A source text and its translation.
pub(super) struct Pair<'p> {
    pub source: Side<'p>,
    pub target: Side<'p>,
    /// Links (source word, target word), sorted by the target word.
    links: Vec<(usize, usize)>,
    pub languages: Languages<'p>,
    /// The code points of both texts.
    points: (CodePoints, CodePoints),
}

impl<'p> Pair<'p> {
    /// Reads both texts; links to words that do not exist are left out.
    pub fn new(
        source: &'p str,
        target: &'p str,
        links: &[(u32, u32)],
        languages: Languages<'p>,
    ) -> Self {
        let (source, target) = (Side::new(source), Side::new(target));
        let links = links.iter().map(|&(s, t)| (s as usize, t as usize));
        let mut links: Vec<(usize, usize)> = links
            .filter(|&(s, t)| s < source.words.len() && t < target.words.len())
            .collect();
        links.sort_unstable_by_key(|&(s, t)| (t, s));
        Self {
            links,
            languages,
            points: (CodePoints::new(source.text), CodePoints::new(target.text)),
            source,
            target,
        }
    }

    /// The source words that are linked to the target words `range`: the bytes from the first to
    /// the last, where they stand together.
    pub fn linked_source(&self, range: Range<usize>) -> Option<Range<usize>> {
        let from = self.links.partition_point(|&(_, t)| t < range.start);
        let linked = self.links[from..]
            .iter()
            .take_while(|&&(_, t)| t < range.end)
            .map(|&(s, _)| s);
        let (first, last) = linked.fold((usize::MAX, 0), |(first, last), s| {
            (first.min(s), last.max(s))
        });
        (first <= last && last - first < range.len() + 3)
            .then(|| self.source.words[first].bytes.start..self.source.words[last].bytes.end)
    }

    /// A flag on a part of the source, or the whole of it, and a part of the target.
    pub fn flag(
        &self,
        entry: &str,
        severity: Severity,
        source: Option<Range<usize>>,
        target: Option<Range<usize>>,
        reason: String,
    ) -> Flag {
        let source = source.unwrap_or(0..self.source.text.len());
        let source = excerpt(self.source.text, &self.points.0, &source);
        let target = target.map(|bytes| excerpt(self.target.text, &self.points.1, &bytes));
        Flag::of_check(entry.into(), severity, reason, source, target)
    }
}

fn excerpt(text: &str, points: &CodePoints, bytes: &Range<usize>) -> Excerpt {
    let span = points.span(bytes);
    Excerpt {
        start: span.start,
        end: span.end,
        text: text[bytes.clone()].to_owned(),
    }
}
