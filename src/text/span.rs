//! Spans counted in Unicode code points, and their translation to and from byte offsets.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A half-open range of Unicode code points of some text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

impl Span {
    /// Whether the two spans share a code point.
    pub fn overlaps(&self, other: &Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that holds both.
    pub fn hull(&self, other: &Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// Translates between byte offsets and code points of one text.
#[derive(Debug)]
pub struct CodePoints {
    /// Byte offset of each code point, and the text's length at the end.
    starts: Vec<usize>,
}

impl CodePoints {
    /// Indexes `text`.
    pub fn new(text: &str) -> Self {
        let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        starts.push(text.len());
        Self { starts }
    }

    /// How many code points the text has.
    pub fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// The code points of a byte range; offsets inside a character count as its start.
    pub fn span(&self, bytes: &Range<usize>) -> Span {
        let index = |byte: usize| match self.starts.binary_search(&byte) {
            Ok(at) => at,
            Err(after) => after.saturating_sub(1),
        };
        Span {
            start: index(bytes.start),
            end: index(bytes.end),
        }
    }

    /// The byte range of a span; a span that reaches past the end stops there.
    pub fn bytes(&self, span: &Span) -> Range<usize> {
        let last = self.count();
        self.starts[span.start.min(last)]..self.starts[span.end.min(last)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_bytes_are_each_others_inverse() {
        let text = "«é»𝄞 a";
        let points = CodePoints::new(text);
        for start in 0..=points.count() {
            for end in start..=points.count() {
                let span = Span { start, end };
                assert_eq!(points.span(&points.bytes(&span)), span);
            }
        }
    }
}
