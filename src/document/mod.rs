//! The first phase: a file becomes blocks of text with their place in the file, and is written
//! back with the blocks' texts replaced and all else as it stood.

mod date;
mod encoding;
mod lines;
mod plain;
pub mod records;

use std::path::Path;

use crate::compression::Compression;

pub use date::DateStamp;
pub use encoding::Encoding;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text: blank lines part paragraphs, and a line is a block of its own unless the
    /// paragraph is wrapped to a width.
    Text,
    /// One segment a line; the line count is kept, empty lines too.
    Lines,
}

/// File extensions that by custom hold one sentence a line: the sides of a parallel corpus.
const LINE_EXTENSIONS: &[&str] = &["lines", "fr", "en", "de", "es", "it", "nl", "pt", "ru"];

impl Format {
    /// What the file's name says, less the extension of a compression: `news.lines`, `flores.fr`
    /// hold lines, all else is text.
    pub fn guess(path: &Path) -> Format {
        let (_, path) = Compression::guess(path);
        let extension = path.extension().and_then(|e| e.to_str());
        match extension.map(str::to_ascii_lowercase) {
            Some(e) if LINE_EXTENSIONS.contains(&e.as_str()) => Format::Lines,
            _ => Format::Text,
        }
    }
}

/// A file as blocks of text, with all that stands around them.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The path as the user gave it.
    pub name: String,
    /// What it was read as.
    pub format: Format,
    /// How its bytes were decoded.
    pub encoding: Encoding,
    /// The stamp that it opens with, if it has one.
    pub date: Option<DateStamp>,
    /// Its text, in order.
    pub blocks: Vec<Block>,
    /// What stands before each block, and after the last: one more than there are blocks.
    around: Vec<String>,
}

/// A paragraph or line of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The text, without surrounding white space and, in [`Format::Text`], without line breaks.
    /// Empty only in [`Format::Lines`], where it is an empty line.
    pub text: String,
    /// The line of the file that it begins on, 1-based.
    pub line: usize,
    /// The block as it stands in the file, where that is not `text`: with the line breaks of a
    /// wrapped paragraph.
    wrapped: Option<String>,
}

/// Why a document cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bytes are those of a known format that is no text.
    #[error("{name} is {kind}, not plain text; save or convert it as text (UTF-8) first")]
    NotText {
        /// The document's name.
        name: String,
        /// What it looks like, with its article.
        kind: &'static str,
    },
    /// There must be a text for every block.
    #[error("{name} has {blocks} blocks, but {texts} texts were given to write in their place")]
    BlockCount {
        /// The document's name.
        name: String,
        /// How many blocks it has.
        blocks: usize,
        /// How many texts were given.
        texts: usize,
    },
    /// The bytes cannot be had.
    #[error("cannot read {name} beyond line {line}")]
    Read {
        /// The document's name.
        name: String,
        /// The last line that could be read.
        line: usize,
        /// Why.
        source: std::io::Error,
    },
    /// A Parquet file cannot be read.
    #[error("cannot read {name} as Parquet")]
    Parquet {
        /// The document's name.
        name: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A column of a table holds no texts, or its translations have no place.
    #[error("column “{column}” of {name} cannot be translated: {why}")]
    NotTextColumn {
        /// The document's name.
        name: String,
        /// The column asked for.
        column: String,
        /// Why.
        why: String,
    },
    /// A table has no such column.
    #[error("{name} has no column “{column}”; there are {found}")]
    NoColumn {
        /// The document's name.
        name: String,
        /// The column asked for.
        column: String,
        /// Those that there are.
        found: String,
    },
}

/// How files begin that users give by mistake for text.
const NOT_TEXT: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF"),
    (
        b"PK\x03\x04",
        "a zip archive (such as .docx, .odt or .epub)",
    ),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Office file (such as .doc)",
    ),
    (b"\x1f\x8b\x08", "gzip-compressed"),
    (b"\xfd7zXZ\0", "xz-compressed"),
    (b"{\\rtf", "rich text (RTF)"),
    (b"PAR1", "a Parquet table"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
];

/// How texts begin, but for white space, that are written in markup; in either case.
const MARKUP: &[(&[u8], &str)] = &[
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<?xml", "XML (such as .tmx, .xliff or .xhtml)"),
];

/// Reads a document from its bytes, in whatever encoding; see [`Encoding`] for how that is told.
///
/// # Errors
/// Only for what is plainly no text, such as a PDF. Malformed bytes become U+FFFD, and
/// [`Encoding::malformed`] tells of them.
pub fn read(name: &str, bytes: &[u8], format: Format) -> Result<Document, Error> {
    refuse_what_is_no_text(name, bytes)?;
    let (text, encoding) = encoding::decode(bytes);
    let layout = match format {
        Format::Text => plain::lay_out(&text),
        Format::Lines => lines::lay_out(&text),
    };
    Ok(Document {
        name: name.into(),
        format,
        encoding,
        date: layout.date,
        blocks: layout.blocks,
        around: layout.around,
    })
}

/// # Errors
/// [`Error::NotText`] where a file that begins with `head` is plainly no text.
fn refuse_what_is_no_text(name: &str, head: &[u8]) -> Result<(), Error> {
    let known = NOT_TEXT.iter().find(|(magic, _)| head.starts_with(magic));
    let markup = || {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let head = head.trim_ascii_start();
        let begins = |tag: &[u8]| {
            let head = head.get(..tag.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(tag))
        };
        MARKUP.iter().find(|(tag, _)| begins(tag))
    };
    match known.or_else(markup) {
        Some((_, kind)) => Err(Error::NotText {
            name: name.into(),
            kind,
        }),
        None => Ok(()),
    }
}

impl Document {
    /// The document with `texts` in place of its blocks' texts: line endings, blank lines,
    /// indentation and the date stamp stay as they were. Line breaks in a text become spaces, so
    /// that the document keeps its blocks. A block whose text is unchanged is written as it stood,
    /// so that the blocks' own texts give back the decoded file exactly; a wrapped paragraph with
    /// a new text becomes one line.
    ///
    /// The output is meant to be written as UTF-8 whatever the file's encoding was; it opens with
    /// a byte order mark where the file was UTF-8 and had one.
    ///
    /// # Errors
    /// Where there is not one text for each block.
    pub fn write_with<T: AsRef<str>>(&self, texts: &[T]) -> Result<String, Error> {
        if texts.len() != self.blocks.len() {
            return Err(Error::BlockCount {
                name: self.name.clone(),
                blocks: self.blocks.len(),
                texts: texts.len(),
            });
        }
        let mut out = String::new();
        if self.encoding.keeps_mark() {
            out.push('\u{feff}');
        }
        write_blocks(&self.blocks, &self.around, texts, &mut out);
        Ok(out)
    }
}

/// Appends what stands around the blocks, and `texts` in their places.
fn write_blocks<T: AsRef<str>>(blocks: &[Block], around: &[String], texts: &[T], out: &mut String) {
    for ((block, text), before) in blocks.iter().zip(texts).zip(around) {
        out.push_str(before);
        let text = text.as_ref();
        if text == block.text {
            out.push_str(block.wrapped.as_deref().unwrap_or(text));
        } else {
            push_one_line(out, text);
        }
    }
    if let Some(after) = around.get(blocks.len()) {
        out.push_str(after);
    }
}

/// Appends `text` with each line break in it as a space.
fn push_one_line(out: &mut String, text: &str) {
    let mut parts = text.split(['\n', '\r']).filter(|part| !part.is_empty());
    if let Some(first) = parts.next() {
        out.push_str(first);
    }
    for part in parts {
        out.push(' ');
        out.push_str(part);
    }
}

/// What the formats' readers make of a decoded text.
#[derive(Debug, Default)]
struct Layout {
    date: Option<DateStamp>,
    blocks: Vec<Block>,
    /// See [`Document::around`].
    around: Vec<String>,
}

/// Cuts `text` into what is white space at its start, what is none, and white space at its end.
fn trim_apart(text: &str) -> (&str, &str, &str) {
    let rest = text.trim_start();
    let before = &text[..text.len() - rest.len()];
    let trimmed = rest.trim_end();
    (before, trimmed, &rest[trimmed.len()..])
}

#[cfg(test)]
mod tests;
