//! A window: as much of a corpus as is translated at once.

use std::ops::Range;

use super::journal::Input;
use super::report::Problem;
use crate::document::records::Record;
use crate::segment::Splitter;
use crate::text::words;

/// A stretch of the corpus, in order.
#[derive(Debug, Default)]
pub(super) struct Window {
    pub items: Vec<Item>,
    /// Words of its sentences.
    pub words: usize,
    /// Bytes of its records' texts.
    pub bytes: usize,
    /// Bytes read of all files at its end, before decompression.
    pub read: u64,
    /// How far the file is that goes on after it.
    pub open: Option<Input>,
    /// Whether nothing comes after it.
    pub is_last: bool,
}

#[derive(Debug)]
pub(super) enum Item {
    /// The file with this number begins; with the date that its text opens with.
    Begin(usize, Option<String>),
    /// A record of it, with the sentences of its blocks.
    Record(Record, Vec<Sentences>),
    /// It ends.
    End(Input),
    /// A file is left out, also where it has begun.
    LeftOut {
        file: usize,
        problem: Problem,
        /// Whether that is a failure of the run.
        failed: bool,
        input: Input,
    },
}

/// The sentences of a block.
#[derive(Debug, Default)]
pub(super) struct Sentences {
    /// Their bytes, without the white space around them.
    pub places: Vec<Range<usize>>,
    /// The words of each.
    pub words: Vec<usize>,
}

impl Window {
    /// Adds a record, split into sentences.
    pub fn add(&mut self, record: Record, splitter: &Splitter) {
        let mut blocks = Vec::new();
        for passage in record.passages() {
            for block in &passage.blocks {
                let sentences = sentences(&block.text, passage.is_prose, splitter);
                self.words += sentences.words.iter().sum::<usize>();
                self.bytes += block.text.len();
                blocks.push(sentences);
            }
        }
        self.items.push(Item::Record(record, blocks));
    }

    /// All its sentences, in order.
    pub fn sentences(&self) -> impl Iterator<Item = (&str, usize)> {
        self.items.iter().flat_map(|item| {
            let (record, blocks) = match item {
                Item::Record(record, blocks) => (Some(record), blocks.as_slice()),
                _ => (None, [].as_slice()),
            };
            let texts = record.into_iter().flat_map(Record::passages);
            let texts = texts.flat_map(|passage| &passage.blocks);
            texts.zip(blocks).flat_map(|(block, sentences)| {
                let texts = sentences
                    .places
                    .iter()
                    .map(|place| &block.text[place.clone()]);
                texts.zip(sentences.words.iter().copied())
            })
        })
    }
}

fn sentences(text: &str, is_prose: bool, splitter: &Splitter) -> Sentences {
    let mut places = splitter.sentences(text, is_prose);
    // Nothing is translated of a blank line.
    places.retain(|place| !place.is_empty());
    let words = places.iter().map(|place| words(&text[place.clone()]).len());
    Sentences {
        words: words.collect(),
        places,
    }
}
