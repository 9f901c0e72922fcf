//! Why a bitext cannot be read or written.

use std::io;

use super::Excerpt;

/// Why a bitext cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read.
    #[error("cannot read {file}")]
    Read {
        /// The file.
        file: String,
        /// What the system says.
        source: io::Error,
    },
    /// A file or stream cannot be written.
    #[error("cannot write {file}")]
    Write {
        /// The file.
        file: String,
        /// What the system says.
        source: io::Error,
    },
    /// A line of a file is not what the format asks for.
    #[error("{file}:{line}: {problem}")]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it and what to do.
        problem: Box<Problem>,
    },
    /// Neither the file nor the caller says which languages these are.
    #[error("{file} does not say its languages; give them (--from and --to)")]
    NoLanguages {
        /// The file.
        file: String,
    },
    /// The file is of other languages than the caller asked for.
    #[error("{file} is {found}, not {asked}; correct --from and --to, or leave them out")]
    OtherLanguages {
        /// The file.
        file: String,
        /// Its languages.
        found: String,
        /// The languages asked for.
        asked: String,
    },
    /// The two files of a Moses pair do not have the same number of lines.
    #[error(
        "{source_file} has {sources} lines but {target_file} has {targets}; line n of the one \
         must be the translation of line n of the other"
    )]
    LineCounts {
        /// The source side.
        source_file: String,
        /// Its lines.
        sources: usize,
        /// The target side.
        target_file: String,
        /// Its lines.
        targets: usize,
    },
    /// A Moses pair cannot go into, or come from, one stream.
    #[error("{file}: a Moses bitext is two files, NAME.fr and NAME.en; name a file, not a stream")]
    TwoFiles {
        /// The stream.
        file: String,
    },
    /// The side-by-side page is not written here.
    #[error("{file}: the side-by-side page is written by `visavis review`; give another format")]
    Page {
        /// The file.
        file: String,
    },
}

/// What is wrong with a line, and what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Not UTF-8.
    #[error("is not UTF-8; convert the file to UTF-8 first")]
    NotUtf8,
    /// Not in the encoding that an XML file declares.
    #[error("is not in the encoding {0} that the file declares; correct or convert it")]
    Encoding(String),
    /// The first line of a JSONL bitext is missing or something else.
    #[error(
        "the first line must be a bitext's header, an object with \"visavis\": \"bitext\" (see \
         docs/bitext.md)"
    )]
    NoHeader,
    /// Written by a later version.
    #[error("is version {0} of the bitext format but this program reads version 1; update visavis")]
    Version(u64),
    /// Not JSON, or not of the expected shape.
    #[error("{what}, column {column}: {message}")]
    Json {
        /// What was read: `header`, `pair`, `flag`.
        what: &'static str,
        /// The column where reading stopped, in bytes from 1.
        column: usize,
        /// The parser's words.
        message: String,
    },
    /// Two pairs bear the same id.
    #[error("the id “{id}” is taken by the pair of line {first}; give each pair its own")]
    DuplicateId {
        /// The id.
        id: String,
        /// The line of the first pair that bears it.
        first: usize,
    },
    /// A segment names a document that the header lacks.
    #[error(
        "pair “{id}”: a segment is of document {document}, but the header lists {documents} \
         (counted from 0); add the document or correct the number"
    )]
    Document {
        /// The pair.
        id: String,
        /// The document's index.
        document: usize,
        /// How many there are.
        documents: usize,
    },
    /// A segment ends before it starts.
    #[error("pair “{id}”: a segment ends at {end}, before its start {start}; correct its place")]
    Place {
        /// The pair.
        id: String,
        /// Its first code point.
        start: usize,
        /// One past its last.
        end: usize,
    },
    /// A link names a word that a text lacks.
    #[error(
        "pair “{id}”: the link {}-{} names {side} word {word}, but the text has {words} words \
         (counted from 0); correct or remove the link", link.0, link.1
    )]
    Word {
        /// The pair.
        id: String,
        /// The link.
        link: (u32, u32),
        /// `source` or `target`.
        side: &'static str,
        /// The word's index.
        word: u32,
        /// How many there are.
        words: usize,
    },
    /// A flag's excerpt does not lie within the text.
    #[error(
        "pair “{id}”: the flag “{entry}” points at code points {start}..{end} of the {side}, \
         which has {count}; correct or remove the flag"
    )]
    Outside {
        /// The pair.
        id: String,
        /// The flag's entry.
        entry: String,
        /// `source` or `target`.
        side: &'static str,
        /// First code point.
        start: usize,
        /// One past the last.
        end: usize,
        /// Code points of the text.
        count: usize,
    },
    /// A flag's excerpt is not the text at its place.
    #[error(
        "pair “{id}”: the flag “{entry}” says that code points {}..{} of the {side} are “{}”, but \
         they are “{found}”; correct or remove the flag", said.start, said.end, said.text
    )]
    Excerpt {
        /// The pair.
        id: String,
        /// The flag's entry.
        entry: String,
        /// `source` or `target`.
        side: &'static str,
        /// What the flag says.
        said: Box<Excerpt>,
        /// What stands there.
        found: String,
    },
    /// A list of places is malformed.
    #[error(
        "“{0}” is no place of a segment (document:block:start-end, or with :length); remove it \
         to have the text taken as one segment"
    )]
    BadPlace(String),
    /// A text is not what its places say.
    #[error(
        "the text is not made of segments of the lengths in its places; was it edited? Remove \
         its places, word links and flags to have it taken as new text"
    )]
    Edited,
    /// A list of word links is malformed.
    #[error("“{0}” is no word link; write the source word's index, a hyphen, the target word's")]
    BadLink(String),
    /// A score is no number.
    #[error("“{0}” is no score; give a number or nothing")]
    BadScore(String),
    /// A cell of a table holds an unknown escape.
    #[error("column {column}: “{escape}” is no escape; write \\\\ for a backslash")]
    Escape {
        /// The column's title.
        column: String,
        /// The escape.
        escape: String,
    },
    /// A table has no columns `source` and `target`.
    #[error(
        "a table needs a first row that titles its columns, among them source and target; \
         without titles it must have two columns, source and target, and no more"
    )]
    Columns,
    /// XML is malformed.
    #[error("is not well-formed XML: {0}")]
    Xml(String),
    /// XML declares entities.
    #[error("the document type declares entities, which are refused; remove the declarations")]
    Entities,
    /// Well-formed XML, but not TMX.
    #[error("is not TMX: {0}")]
    NotTmx(&'static str),
    /// A web page that is not a side-by-side page.
    #[error(
        "the page holds no bitext (a <script id=\"bitext\"> element); give a page that `visavis \
         review` wrote"
    )]
    NoScript,
}

impl Problem {
    /// A parser's complaint about JSON.
    pub(super) fn json(what: &'static str, error: &serde_json::Error) -> Self {
        let message = error.to_string();
        // The line is the file's affair: the parser saw one line alone.
        let message = match message.rfind(" at line ") {
            Some(end) => message[..end].to_owned(),
            None => message,
        };
        Problem::Json {
            what,
            column: error.column(),
            message,
        }
    }

    /// This problem in a line of a file.
    pub(super) fn at(self, file: &str, line: usize) -> Error {
        Error::Line {
            file: file.into(),
            line,
            problem: Box::new(self),
        }
    }
}
