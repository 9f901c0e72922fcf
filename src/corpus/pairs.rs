//! What is written of a file that becomes a bitext: its records as pairs.

use serde::{Deserialize, Serialize};

use super::Error;
use super::window::Sentences;
use crate::bitext::{self, DocumentInfo, Format, Header};
use crate::document::records::Record;
use crate::segment::trim;
use crate::translate::Translation;
use crate::translate::assembly::Parts;

/// How much of a file is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Count {
    /// Its pairs.
    pub pairs: u64,
    /// The blocks that they come from.
    pub blocks: usize,
}

/// A bitext that is being written.
pub(super) struct Pairs {
    writer: bitext::Writer<Vec<u8>>,
    count: Count,
}

impl Pairs {
    /// Writes what stands before the pairs of `document`; `header` names no documents.
    pub fn begin(format: Format, header: &Header, document: DocumentInfo) -> Result<Self, Error> {
        let header = Header {
            documents: vec![document],
            ..header.clone()
        };
        Ok(Self {
            writer: bitext::Writer::new(Vec::new(), format, header)?,
            count: Count::default(),
        })
    }

    /// Goes on where so much is written.
    pub fn go_on(format: Format, header: &Header, count: Count) -> Result<Self, Error> {
        Ok(Self {
            writer: bitext::Writer::going_on(Vec::new(), format, header.clone())?,
            count,
        })
    }

    /// How much is written.
    pub fn count(&self) -> Count {
        self.count
    }

    /// Writes a record, given the translations of its sentences. A blank line of a file of lines
    /// is a pair too.
    pub fn record(
        &mut self,
        record: &Record,
        sentences: &[Sentences],
        mut translations: &[Translation],
    ) -> Result<(), Error> {
        let passages = record.passages();
        let blocks = passages.flat_map(|passage| {
            let blocks = passage.blocks.iter();
            blocks.map(|block| (&*block.text, passage.is_prose))
        });
        for ((block, is_prose), sentences) in blocks.zip(sentences) {
            let mut sentences = &*sentences.places;
            let mut own = translations
                .split_off(..sentences.len())
                .unwrap_or_default();
            let (blank, nothing);
            if sentences.is_empty() && !is_prose {
                blank = [trim(block, &(0..block.len()))];
                nothing = [Translation::passed_through("")];
                (sentences, own) = (&blank, &nothing);
            }
            let parts = Parts { block, sentences };
            let at = (0, self.count.blocks);
            let pairs = parts.pairs(own, at, self.count.pairs + 1);
            for pair in &pairs {
                self.writer.pair(pair)?;
            }
            self.count.pairs += pairs.len() as u64;
            self.count.blocks += 1;
        }
        Ok(())
    }

    /// Takes what was written since the last time.
    pub fn take(&mut self, into: &mut Vec<u8>) {
        into.append(self.writer.output());
    }

    /// Writes what stands after the pairs, and takes what was written.
    pub fn finish(self, into: &mut Vec<u8>) -> Result<(), Error> {
        into.append(&mut self.writer.finish()?);
        Ok(())
    }
}
