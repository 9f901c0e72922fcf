//! What is known of a language's words: how each is written where sentences begin, within them,
//! and where they end.

use std::collections::HashMap;

/// What is known of one word; logarithms of odds, clipped to ±[`CLIP`].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Word {
    /// With a capital: a sentence's first word rather than within one.
    pub start: f32,
    /// Within a sentence: in lower case rather than with a capital.
    pub lower: f32,
    /// At the end of a text without a full stop rather than before another word, compared to all
    /// words.
    pub end: f32,
}

/// The furthest that a logarithm of odds is taken to be from 0.
pub(super) const CLIP: f32 = 6.0;
/// The lists hold tenths.
pub(super) const STEPS: f32 = 10.0;

/// A language's words.
#[derive(Debug, Default)]
pub(super) struct Words(HashMap<&'static str, [i8; 3]>);

impl Words {
    /// Reads a list as `segment::training` makes it; lines that are none are passed over.
    pub fn parse(list: &'static str) -> Self {
        let parse = |line: &'static str| {
            let mut fields = line.split('\t');
            let word = fields.next()?;
            let mut number = || fields.next()?.parse().ok();
            Some((word, [number()?, number()?, number()?]))
        };
        Self(list.lines().filter_map(parse).collect())
    }

    /// What is known of `word`, in lower case.
    pub fn get(&self, word: &str) -> Option<Word> {
        let [start, lower, end] = self.0.get(word)?.map(|tenths| f32::from(tenths) / STEPS);
        Some(Word { start, lower, end })
    }
}
