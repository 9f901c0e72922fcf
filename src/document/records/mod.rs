//! Files that are read and written back record by record, so that a corpus never has to be held
//! in memory: a line, a row, or a paragraph at a time. One file for each format.
//!
//! A [`Record`] knows all bytes that it stands for: [`Record::write_with`] gives them back with
//! translations in place of its texts, or beside them.

mod jsonl;
mod lines;
pub mod parquet;
mod source;
mod table;
mod text;
mod trouble;

use std::io::Read;
use std::ops::Range;
use std::path::Path;

use super::{Block, Error, write_blocks};
use crate::compression::Compression;
use source::Source;
use table::Dialect;

pub use trouble::Trouble;

/// How a file is read record by record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// Plain text, held as a whole; a paragraph is a record.
    Text,
    /// One segment a line.
    Lines,
    /// A JSON object a line.
    Jsonl(Vec<Field>),
    /// Rows of cells with a tab between them; quotes are characters like any other.
    Tsv(Columns),
    /// Rows of cells, quoted where need be.
    Csv(Columns),
    /// A Parquet file's rows; what is written is an interim file, see [`parquet::assemble`].
    Parquet(Columns),
}

/// A field whose text is translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name; of a column also its number, 1-based.
    pub name: String,
    /// The field that the translation goes into: the same to replace the text.
    pub output: String,
}

/// The columns of a table that are translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// By name or number.
    pub fields: Vec<Field>,
    /// Whether the first row names the columns even where they are given by number.
    pub header: bool,
    /// What stands between cells; of CSV guessed from the first row where it is not said.
    pub delimiter: Option<u8>,
}

/// What a file's name says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// [`Layout::Text`]
    Text,
    /// [`Layout::Lines`]
    Lines,
    /// [`Layout::Jsonl`]
    Jsonl,
    /// [`Layout::Tsv`]
    Tsv,
    /// [`Layout::Csv`]
    Csv,
    /// [`Layout::Parquet`]
    Parquet,
}

impl Kind {
    /// What the name says, less the extension of a compression: `posts.jsonl.gz` holds JSON Lines.
    pub fn guess(path: &Path) -> Kind {
        let (compression, path) = Compression::guess(path);
        let extension = path.extension().and_then(|e| e.to_str());
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("parquet") if compression == Compression::None => Kind::Parquet,
            Some("jsonl" | "ndjson") => Kind::Jsonl,
            Some("tsv" | "tab") => Kind::Tsv,
            Some("csv") => Kind::Csv,
            _ => match super::Format::guess(&path) {
                super::Format::Lines => Kind::Lines,
                super::Format::Text => Kind::Text,
            },
        }
    }
}

/// A stretch of a file that is translated and written back as one.
#[derive(Debug)]
pub struct Record {
    /// The line that it begins on, 1-based.
    pub line: usize,
    /// How many lines it takes up; 0 for what only stands around the text.
    pub lines: usize,
    /// What is wrong with it; it is passed through or read as well as can be.
    pub troubles: Vec<Trouble>,
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    /// Written as it is.
    Kept(Vec<u8>),
    /// Translated.
    Passage(Passage),
}

/// What is written in the place of some bytes of a record.
type Edit = (Range<usize>, Vec<Piece>);

/// The pieces of a record's `bytes` with the edits made; those at one place in their order.
fn edited(bytes: &[u8], mut edits: Vec<Edit>) -> Vec<Piece> {
    edits.sort_by_key(|(place, _)| place.start);
    let mut pieces = Vec::new();
    let mut written = 0;
    for (place, new) in edits {
        if place.start > written {
            pieces.push(Piece::Kept(bytes[written..place.start].into()));
        }
        pieces.extend(new);
        written = place.end.max(written);
    }
    pieces.push(Piece::Kept(bytes[written..].into()));
    pieces
}

/// A text, with how it is written.
#[derive(Debug)]
pub struct Passage {
    /// Its paragraphs.
    pub blocks: Vec<Block>,
    /// Whether its paragraphs are split into sentences.
    pub is_prose: bool,
    around: Vec<String>,
    style: Style,
}

/// How a passage is written.
#[derive(Debug, Clone, Copy)]
enum Style {
    /// As it is.
    Plain,
    /// As a JSON string with its quotes.
    Json,
    /// As a cell; with quotes where it needs them, or where its source had them.
    Cell { delimiter: u8, quoted: bool },
    /// As a cell of a table without quotes: tabs and line breaks become spaces.
    BareCell,
}

impl Passage {
    /// The paragraphs of a text that stands in a field.
    fn prose(text: &str, style: Style) -> Self {
        let layout = super::plain::lay_out(text);
        Self {
            blocks: layout.blocks,
            is_prose: true,
            around: layout.around,
            style,
        }
    }

    fn write<T: AsRef<str>>(&self, texts: &[T], out: &mut Vec<u8>) {
        let mut text = String::new();
        write_blocks(&self.blocks, &self.around, texts, &mut text);
        match self.style {
            Style::Plain => out.extend_from_slice(text.as_bytes()),
            Style::Json => jsonl::push_string(&text, out),
            Style::Cell { delimiter, quoted } => table::push_cell(&text, delimiter, quoted, out),
            Style::BareCell => out.extend(text.bytes().map(|byte| match byte {
                b'\t' | b'\n' | b'\r' => b' ',
                byte => byte,
            })),
        }
    }
}

impl Record {
    /// Bytes that are written as they are.
    fn kept(line: usize, lines: usize, bytes: Vec<u8>) -> Self {
        Self {
            line,
            lines,
            troubles: Vec::new(),
            pieces: vec![Piece::Kept(bytes)],
        }
    }

    /// The same, with what is wrong with them.
    fn with(mut self, trouble: Trouble) -> Self {
        self.troubles.push(trouble);
        self
    }

    /// Its texts, in order.
    pub fn passages(&self) -> impl Iterator<Item = &Passage> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Kept(_) => None,
            Piece::Passage(passage) => Some(passage),
        })
    }

    /// Appends the record with `texts` in place of the blocks of all its passages, or beside
    /// them, as its layout says. Where texts are missing, the blocks stay as they are.
    pub fn write_with<T: AsRef<str>>(&self, texts: &[T], out: &mut Vec<u8>) {
        let mut rest = texts;
        for piece in &self.pieces {
            match piece {
                Piece::Kept(bytes) => out.extend_from_slice(bytes),
                Piece::Passage(passage) => match rest.split_at_checked(passage.blocks.len()) {
                    Some((own, after)) => {
                        passage.write(own, out);
                        rest = after;
                    }
                    None => {
                        let own: Vec<&str> = passage.blocks.iter().map(|b| &*b.text).collect();
                        passage.write(&own, out);
                    }
                },
            }
        }
    }
}

/// A file, record by record.
pub trait Records: Send {
    /// The next record; none at the end.
    ///
    /// # Errors
    /// Where the bytes cannot be read, or the file is not what it is read as: see [`Error`].
    fn next(&mut self) -> Result<Option<Record>, Error>;

    /// The date stamp that the text opens with, as written; none but of a [`Layout::Text`].
    fn date(&self) -> Option<String> {
        None
    }

    /// SHA-256 of the bytes that the records so far stand for, in hexadecimal. Of a
    /// [`Layout::Text`], of the whole file; of a [`Layout::Parquet`], of its index and of the texts.
    fn fingerprint(&self) -> String;

    /// How many bytes the records so far stand for, where that is known; more may have been read.
    fn used(&self) -> Option<u64> {
        None
    }
}

/// Reads a file record by record. `bytes` are decompressed already.
///
/// # Errors
/// Where the first bytes cannot be read, or are plainly no text.
pub fn open(
    name: &str,
    bytes: Box<dyn Read + Send>,
    layout: &Layout,
) -> Result<Box<dyn Records>, Error> {
    let source = |bytes| Source::new(name, bytes);
    Ok(match layout {
        Layout::Text => Box::new(text::Reader::new(name, bytes)?),
        Layout::Lines => Box::new(lines::Reader::new(source(bytes)?)),
        Layout::Jsonl(fields) => Box::new(jsonl::Reader::new(source(bytes)?, fields.clone())),
        Layout::Tsv(columns) => {
            Box::new(table::Reader::new(source(bytes)?, columns, Dialect::Bare))
        }
        Layout::Csv(columns) => {
            Box::new(table::Reader::new(source(bytes)?, columns, Dialect::Quoted))
        }
        // A file is better opened as one: it need not be held.
        Layout::Parquet(columns) => Box::new(parquet::of_stream(name, bytes, columns)?),
    })
}

#[cfg(test)]
mod tests;
