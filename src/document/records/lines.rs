//! One segment a line: a record is a line, an empty one too.

use super::source::{Source, line_passage};
use super::{Error, Piece, Record, Records};

pub(super) struct Reader {
    source: Source,
}

impl Reader {
    pub fn new(source: Source) -> Self {
        Self { source }
    }
}

impl Records for Reader {
    fn next(&mut self) -> Result<Option<Record>, Error> {
        let Some(bytes) = self.source.next()? else {
            return Ok(None);
        };
        let (text, troubles) = self.source.text(bytes);
        let mut pieces = Vec::with_capacity(1);
        if !self.source.mark.is_empty() {
            pieces.push(Piece::Kept(std::mem::take(&mut self.source.mark)));
        }
        pieces.push(Piece::Passage(line_passage(&text, self.source.line)));
        Ok(Some(Record {
            line: self.source.line,
            lines: 1,
            troubles,
            pieces,
        }))
    }

    fn fingerprint(&self) -> String {
        self.source.fingerprint()
    }

    fn used(&self) -> Option<u64> {
        Some(self.source.used)
    }
}
