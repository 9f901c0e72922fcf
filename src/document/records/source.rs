//! Lines of a stream, as UTF-8 bytes, with the hash of those that were used.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use encoding_rs::UTF_8;

use super::{Block, Error, Passage, Style, Trouble};
use crate::checksum::Checksum;
use crate::document::encoding::sniff;
use crate::document::{refuse_what_is_no_text, trim_apart};

/// As much of a stream as is looked at to tell its encoding.
const HEAD: u64 = 1 << 20;
/// Lines with more bytes than this are worth telling of.
const LONG_LINE: usize = 100_000;
/// What is decoded at once.
const BUFFER: usize = 1 << 16;

/// Lines of a stream.
pub(super) struct Source {
    pub name: String,
    /// The number of the last line that was used.
    pub line: usize,
    /// Bytes of the lines that were used.
    pub used: u64,
    /// The byte order mark that is to be written before all else.
    pub mark: Vec<u8>,
    reader: Box<dyn BufRead + Send>,
    /// Whether the stream came in another encoding than UTF-8.
    recoded: bool,
    /// Lines that were looked at and not used.
    ahead: VecDeque<Vec<u8>>,
    hash: Checksum,
}

impl Source {
    /// # Errors
    /// Where the first bytes cannot be read or are plainly no text.
    pub fn new(name: &str, mut bytes: Box<dyn Read + Send>) -> Result<Self, Error> {
        let mut head = Vec::new();
        let read = bytes.by_ref().take(HEAD).read_to_end(&mut head);
        read.map_err(|source| Error::Read {
            name: name.into(),
            line: 0,
            source,
        })?;
        refuse_what_is_no_text(name, &head)?;
        let whole = (head.len() as u64) < HEAD;
        let (encoding, mark_length) = sniff(&head, whole);
        let mark = if encoding == UTF_8 {
            head.get(..mark_length).unwrap_or_default().to_vec()
        } else {
            Vec::new()
        };
        let mut head = Cursor::new(head);
        head.set_position(mark_length as u64);
        let all = head.chain(bytes);
        let reader: Box<dyn BufRead + Send> = if encoding == UTF_8 {
            Box::new(BufReader::with_capacity(BUFFER, all))
        } else {
            Box::new(BufReader::new(Recoded {
                inner: BufReader::with_capacity(BUFFER, all),
                decoder: encoding.new_decoder_without_bom_handling(),
                out: Cursor::new(Vec::new()),
                is_done: false,
            }))
        };
        Ok(Self {
            name: name.into(),
            line: 0,
            used: 0,
            mark,
            reader,
            recoded: encoding != UTF_8,
            ahead: VecDeque::new(),
            hash: Checksum::default(),
        })
    }

    /// The next line with its line break, which counts as used; none at the end.
    pub fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        if self.ahead.is_empty() {
            self.look(1)?;
        }
        let line = self.ahead.pop_front();
        if let Some(line) = &line {
            self.line += 1;
            self.used += line.len() as u64;
            self.hash.update(line);
        }
        Ok(line)
    }

    /// The `number`th line (1-based) after the last that was used, without using it.
    pub fn look(&mut self, number: usize) -> Result<Option<&[u8]>, Error> {
        while self.ahead.len() < number {
            let mut line = Vec::new();
            let read = self.reader.read_until(b'\n', &mut line);
            read.map_err(|source| Error::Read {
                name: self.name.clone(),
                line: self.line + self.ahead.len(),
                source,
            })?;
            if line.is_empty() {
                return Ok(None);
            }
            self.ahead.push_back(line);
        }
        Ok(self.ahead.get(number - 1).map(Vec::as_slice))
    }

    /// A text of the line as a string, and what is wrong with it.
    pub fn text(&self, bytes: Vec<u8>) -> (String, Vec<Trouble>) {
        check_text(bytes, self.recoded)
    }

    pub fn fingerprint(&self) -> String {
        self.hash.hex()
    }
}

/// A text as a string, and what is wrong with it. Where it was `recoded`, the decoder has put U+FFFD
/// in the place of what it could not read.
pub(super) fn check_text(bytes: Vec<u8>, recoded: bool) -> (String, Vec<Trouble>) {
    let mut troubles = Vec::new();
    let length = bytes.len();
    let (text, mut invalid) = match String::from_utf8(bytes) {
        Ok(text) => (text, false),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), true),
    };
    invalid |= recoded && text.contains('\u{fffd}');
    if invalid {
        troubles.push(Trouble::InvalidUtf8);
    }
    let is_control = |c: char| c.is_control() && !c.is_whitespace();
    if text.contains(is_control) {
        troubles.push(Trouble::ControlCharacters);
    }
    if length > LONG_LINE {
        troubles.push(Trouble::LongLine(length));
    }
    (text, troubles)
}

/// A line as one block, with the white space around it.
pub(super) fn line_passage(text: &str, line: usize) -> Passage {
    let (before, trimmed, after) = trim_apart(text);
    // Of an empty line all is before; its line break must come after the block.
    let (before, after) = match before.strip_suffix("\r\n").or(before.strip_suffix('\n')) {
        Some(blank) => (blank, &before[blank.len()..]),
        None => (before, after),
    };
    Passage {
        around: vec![before.into(), after.into()],
        blocks: vec![Block {
            text: trimmed.into(),
            line,
            wrapped: None,
        }],
        is_prose: false,
        style: Style::Plain,
    }
}

/// A stream in some encoding, as UTF-8.
struct Recoded<R> {
    inner: R,
    decoder: encoding_rs::Decoder,
    out: Cursor<Vec<u8>>,
    is_done: bool,
}

impl<R: BufRead> Read for Recoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.out.read(into)?;
            if read > 0 || self.is_done || into.is_empty() {
                return Ok(read);
            }
            let bytes = self.inner.fill_buf()?;
            self.is_done = bytes.is_empty();
            let room = self.decoder.max_utf8_buffer_length(bytes.len());
            let mut out = vec![0; room.unwrap_or(BUFFER)];
            let (_, used, written, _) = self.decoder.decode_to_utf8(bytes, &mut out, self.is_done);
            self.inner.consume(used);
            out.truncate(written);
            self.out = Cursor::new(out);
        }
    }
}
