//! A block's sentences and their translations put together again: as a text, and as pairs.

use std::ops::Range;

use super::{Translation, Translator};
use crate::bitext::{DocumentInfo, GENERATOR, Header, Origin, Pair, Segment};
use crate::language::Language;
use crate::text::CodePoints;

/// A block of text and where its sentences stand in it: bytes, in order, without the white space
/// around them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts<'a> {
    /// The block.
    pub block: &'a str,
    /// Its sentences.
    pub sentences: &'a [Range<usize>],
}

impl Parts<'_> {
    /// The block with its sentences translated; the white space between them stays as it was.
    pub fn text(&self, translations: &[Translation]) -> String {
        let mut text = String::with_capacity(self.block.len());
        let mut written = 0;
        for (sentence, translation) in self.sentences.iter().zip(translations) {
            text.push_str(&self.block[written..sentence.start]);
            text.push_str(&translation.text);
            written = sentence.end;
        }
        text.push_str(&self.block[written..]);
        text
    }

    /// A pair for each sentence, numbered from `first` on. The block is number `block` of
    /// document number `document`, both 0-based.
    pub fn pairs(
        &self,
        translations: &[Translation],
        (document, block): (usize, usize),
        first: u64,
    ) -> Vec<Pair> {
        let points = CodePoints::new(self.block);
        let (mut written, mut target_end) = (0, 0);
        let numbered = (first..).zip(self.sentences.iter().zip(translations));
        let pair = |(number, (sentence, translation)): (u64, (&Range<usize>, &Translation))| {
            let source = &self.block[sentence.clone()];
            let span = points.span(sentence);
            let before = &self.block[written..sentence.start];
            let start = target_end + before.chars().count();
            target_end = start + translation.text.chars().count();
            written = sentence.end;
            let segment = |text: &str, start, end| Segment {
                text: text.into(),
                document,
                block,
                start,
                end,
            };
            let problems = translation.problems.iter();
            Pair {
                id: number.to_string(),
                source: vec![segment(source, span.start, span.end)],
                target: vec![segment(&translation.text, start, target_end)],
                score: translation.score,
                words: translation.words.clone(),
                flags: problems.map(|problem| problem.flag(source)).collect(),
            }
        };
        numbered.map(pair).collect()
    }
}

/// What stands before the pairs that `translator` makes of such documents.
pub(crate) fn header(
    (from, to): (&Language, &Language),
    documents: Vec<DocumentInfo>,
    translator: &dyn Translator,
) -> Header {
    Header {
        from: from.clone(),
        to: to.clone(),
        documents,
        origin: Origin::Model {
            model: translator.name().into(),
            options: translator.options(),
        },
        generator: GENERATOR.into(),
    }
}
