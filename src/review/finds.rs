//! The flags of a bitext as the page counts them: numbered in the order of the text.

use crate::bitext::{Bitext, Excerpt, Flag};
use crate::text::Span;

/// A flag and its place.
#[derive(Debug)]
pub(super) struct Find<'a> {
    /// Place of the pair in the bitext.
    pub pair: usize,
    /// Place of the flag in [`Pair::flags`].
    pub flag_index: usize,
    /// The flag.
    pub flag: &'a Flag,
    /// Where to mark the source; none for what concerns the whole pair.
    pub source: Option<Span>,
    /// Where to mark the target; none where nothing renders it, and for the whole pair.
    pub target: Option<Span>,
}

/// All flags, pair by pair, by where they begin; outer before inner.
pub(super) fn collect(bitext: &Bitext) -> Vec<Find<'_>> {
    let mut finds = Vec::new();
    for (pair_index, pair) in bitext.pairs.iter().enumerate() {
        let first = finds.len();
        let source_length = pair.source_text().chars().count();
        let target_length = pair.target_text().chars().count();
        for (flag_index, flag) in pair.flags.iter().enumerate() {
            let whole = flag.concerns_whole(pair);
            let place = |excerpt: &Excerpt, length| within(excerpt.span(), length);
            finds.push(Find {
                pair: pair_index,
                flag_index,
                flag,
                source: place(&flag.source, source_length).filter(|_| !whole),
                target: flag
                    .target
                    .as_ref()
                    .and_then(|target| place(target, target_length))
                    .filter(|_| !whole),
            });
        }
        finds[first..].sort_by_key(|find| {
            let span = find.source.unwrap_or(Span { start: 0, end: 0 });
            (span.start, std::cmp::Reverse(span.end), find.flag_index)
        });
    }
    finds
}

/// The part of a span that lies in a text; none where that is empty.
fn within(span: Span, length: usize) -> Option<Span> {
    let end = span.end.min(length);
    (span.start < end).then_some(Span {
        start: span.start,
        end,
    })
}
