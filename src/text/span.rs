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
///
/// It holds a bit for each byte, so making it costs little beside reading the text.
#[derive(Debug)]
pub struct CodePoints {
    blocks: Vec<Block>,
    /// How many code points the text has.
    count: usize,
    /// How many bytes.
    length: usize,
}

/// Bytes of a text, as many as a word has bits.
#[derive(Debug)]
struct Block {
    /// The code points before it.
    before: usize,
    /// Which of its bytes begin a code point.
    starts: u64,
}

impl CodePoints {
    /// Indexes `text`.
    pub fn new(text: &str) -> Self {
        let mut count = 0;
        let blocks = text.as_bytes().chunks(64).map(|bytes| {
            let starts = bytes.iter().enumerate().fold(0, |starts, (at, &byte)| {
                // All bytes but those that go on with a character: 0b10……
                starts | u64::from(byte & 0xc0 != 0x80) << at
            });
            let before = count;
            count += starts.count_ones() as usize;
            Block { before, starts }
        });
        Self {
            blocks: blocks.collect(),
            count,
            length: text.len(),
        }
    }

    /// How many code points the text has.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The code points of a byte range; offsets inside a character count as its start.
    pub fn span(&self, bytes: &Range<usize>) -> Span {
        let index = |byte: usize| {
            let (place, bit) = (byte / 64, byte % 64);
            let Some(block) = self.blocks.get(place).filter(|_| byte < self.length) else {
                return self.count;
            };
            // Code points that begin up to here, this byte's among them.
            let up_to = block.starts << (63 - bit);
            (block.before + up_to.count_ones() as usize).saturating_sub(1)
        };
        Span {
            start: index(bytes.start),
            end: index(bytes.end),
        }
    }

    /// The byte range of a span; a span that reaches past the end stops there.
    pub fn bytes(&self, span: &Span) -> Range<usize> {
        self.start_of(span.start)..self.start_of(span.end)
    }

    /// Where a code point begins; the text's length for one past the end.
    fn start_of(&self, point: usize) -> usize {
        if point >= self.count {
            return self.length;
        }
        let place = self.blocks.partition_point(|block| block.before <= point) - 1;
        let block = &self.blocks[place];
        let mut starts = block.starts;
        for _ in block.before..point {
            starts &= starts - 1;
        }
        place * 64 + starts.trailing_zeros() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_bytes_are_each_others_inverse() {
        let text = "«é»𝄞 a".repeat(9);
        let points = CodePoints::new(&text);
        for (at, (byte, c)) in text.char_indices().enumerate() {
            let inside = byte..byte + c.len_utf8() - 1;
            let end = at;
            assert_eq!(points.span(&inside), Span { start: at, end });
        }
        for start in 0..=points.count() {
            for end in start..=points.count() {
                let span = Span { start, end };
                assert_eq!(points.span(&points.bytes(&span)), span);
            }
        }
    }
}
