//! Plain text: the file is held as a whole, since its paragraphs can only be told from all of it;
//! a record is a paragraph with what stands before it.

use std::io::Read;

use super::{Error, Passage, Piece, Record, Records, Style, Trouble};
use crate::checksum::Checksum;
use crate::document::{Block, Document, Format};

pub(super) struct Reader {
    blocks: std::vec::IntoIter<Block>,
    around: std::vec::IntoIter<String>,
    fingerprint: String,
    date: Option<String>,
    mark: bool,
    malformed: bool,
    line: usize,
    lines: usize,
}

impl Reader {
    /// # Errors
    /// Where the file cannot be read, or is plainly no text.
    pub fn new(name: &str, mut bytes: Box<dyn Read + Send>) -> Result<Self, Error> {
        let mut all = Vec::new();
        bytes.read_to_end(&mut all).map_err(|source| Error::Read {
            name: name.into(),
            line: 0,
            source,
        })?;
        let document: Document = crate::document::read(name, &all, Format::Text)?;
        let around = document.around;
        Ok(Self {
            mark: document.encoding.keeps_mark(),
            malformed: document.encoding.malformed,
            date: document.date.map(|date| date.date().to_owned()),
            blocks: document.blocks.into_iter(),
            lines: all.iter().filter(|&&byte| byte == b'\n').count()
                + usize::from(all.last().is_some_and(|&byte| byte != b'\n')),
            around: around.into_iter(),
            fingerprint: Checksum::of(&all).hex(),
            line: 1,
        })
    }
}

impl Records for Reader {
    fn next(&mut self) -> Result<Option<Record>, Error> {
        let Some(mut before) = self.around.next() else {
            return Ok(None);
        };
        if std::mem::take(&mut self.mark) {
            before.insert(0, '\u{feff}');
        }
        let Some(block) = self.blocks.next() else {
            // What stands after the last paragraph.
            let lines = std::mem::take(&mut self.lines);
            return Ok(Some(Record::kept(self.line, lines, before.into_bytes())));
        };
        // The lines of a file are counted with its last record, up to there with each paragraph.
        let lines = block.line.saturating_sub(self.line).min(self.lines);
        self.lines -= lines;
        self.line = block.line;
        let is_control = |c: char| c.is_control() && !c.is_whitespace();
        let mut troubles = Vec::new();
        if self.malformed && block.text.contains('\u{fffd}') {
            troubles.push(Trouble::InvalidUtf8);
        }
        if block.text.contains(is_control) {
            troubles.push(Trouble::ControlCharacters);
        }
        Ok(Some(Record {
            line: block.line,
            lines,
            troubles,
            pieces: vec![Piece::Passage(Passage {
                blocks: vec![block],
                is_prose: true,
                around: vec![before, String::new()],
                style: Style::Plain,
            })],
        }))
    }

    fn date(&self) -> Option<String> {
        self.date.clone()
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}
