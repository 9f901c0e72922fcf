//! The formats that a bitext is written in and read from.

use std::io::Write;
use std::path::Path;

use super::{Bitext, DocumentInfo, Error, GENERATOR, Header, Origin, Problem, Writer};
use super::{html, jsonl, tmx, tsv};
use crate::compression::Compression;
use crate::language::Language;

/// A format of a bitext in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// A header line, then a pair a line: everything, for programs.
    Jsonl,
    /// A table: everything, for spreadsheets.
    Tsv,
    /// Translation Memory eXchange 1.4b: everything, for translators' tools.
    Tmx,
    /// Two plain files, a segment a line: the texts alone, for training.
    Moses,
    /// The side-by-side page; it is read back, but written by the review phase.
    Html,
}

impl Format {
    /// The format that a file's name suggests, less the extension of a compression; a two-letter
    /// language code (`.fr`) suggests one side of a Moses pair.
    pub fn guess(path: &Path) -> Option<Self> {
        let (_, path) = Compression::guess(path);
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "jsonl" | "ndjson" => Some(Format::Jsonl),
            "tsv" => Some(Format::Tsv),
            "tmx" => Some(Format::Tmx),
            "html" | "htm" => Some(Format::Html),
            code if code.len() == 2 && code.parse::<Language>().is_ok() => Some(Format::Moses),
            _ => None,
        }
    }

    /// The extension of its files, which is also how options name it.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Jsonl => "jsonl",
            Format::Tsv => "tsv",
            Format::Tmx => "tmx",
            Format::Moses => "moses",
            Format::Html => "html",
        }
    }

    /// Whether the format holds the scores, places, word links and flags beside the texts.
    pub fn keeps_everything(self) -> bool {
        self != Format::Moses
    }
}

/// The languages of a bitext, where the caller knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Languages {
    /// Of the source.
    pub from: Option<Language>,
    /// Of the target.
    pub to: Option<Language>,
}

impl Languages {
    /// Both, or the error that `file` does not say them.
    pub(super) fn both(&self, file: &str) -> Result<(Language, Language), Error> {
        match self {
            Languages {
                from: Some(from),
                to: Some(to),
            } => Ok((from.clone(), to.clone())),
            _ => Err(Error::NoLanguages { file: file.into() }),
        }
    }
}

/// The header of a bitext that others made: one document, named as its file.
pub(super) fn foreign_header(file: &str, from: Language, to: Language) -> Header {
    Header {
        from,
        to,
        documents: vec![DocumentInfo {
            name: file.into(),
            date: None,
        }],
        origin: Origin::Given { name: file.into() },
        generator: GENERATOR.into(),
    }
}

/// Writes a bitext to one stream.
///
/// # Errors
/// [`Error::Write`] where the stream fails; [`Error::TwoFiles`] for Moses, which
/// [`super::save`] writes; [`Error::Page`] for HTML.
pub fn write(bitext: &Bitext, format: Format, out: &mut impl Write) -> Result<(), Error> {
    let mut writer = Writer::new(out, format, bitext.header.clone())?;
    bitext.pairs.iter().try_for_each(|pair| writer.pair(pair))?;
    writer.finish()?;
    Ok(())
}

/// Reads a bitext from the bytes of the file `name`. `languages` says what the format does not,
/// and which of a TMX file's languages are meant.
///
/// # Errors
/// [`Error::Line`] where the bytes are not of the format or the bitext does not hold together;
/// [`Error::NoLanguages`], [`Error::OtherLanguages`]; [`Error::TwoFiles`] for Moses.
pub fn read(
    name: &str,
    bytes: &[u8],
    format: Format,
    languages: &Languages,
) -> Result<Bitext, Error> {
    let bitext = match format {
        Format::Jsonl => jsonl::read(name, utf8(name, bytes)?)?,
        Format::Tsv => tsv::read(name, utf8(name, bytes)?, languages, None)?,
        Format::Tmx => tmx::read(name, bytes, languages)?,
        Format::Html => html::read(name, utf8(name, bytes)?)?,
        Format::Moses => return Err(Error::TwoFiles { file: name.into() }),
    };
    agree(name, &bitext, languages)?;
    Ok(bitext)
}

/// Reads a table ([`Format::Tsv`]) whose texts may have been edited by hand: where a text is not what
/// its places, word links and flags say, the text counts, and the pair loses these and its score.
/// Returns the lines of such pairs too.
///
/// # Errors
/// Those of [`read`].
pub fn read_edited(
    name: &str,
    bytes: &[u8],
    languages: &Languages,
) -> Result<(Bitext, Vec<usize>), Error> {
    let mut lines = Vec::new();
    let bitext = tsv::read(name, utf8(name, bytes)?, languages, Some(&mut lines))?;
    agree(name, &bitext, languages)?;
    Ok((bitext, lines))
}

/// Refuses a bitext of other languages than those that were asked for.
fn agree(name: &str, bitext: &Bitext, languages: &Languages) -> Result<(), Error> {
    let Header { from, to, .. } = &bitext.header;
    let asked = (
        languages.from.as_ref().unwrap_or(from),
        languages.to.as_ref().unwrap_or(to),
    );
    if asked != (from, to) {
        return Err(Error::OtherLanguages {
            file: name.into(),
            found: format!("{from}→{to}"),
            asked: format!("{}→{}", asked.0, asked.1),
        });
    }
    Ok(())
}

/// The text of a file, without a byte order mark.
pub(super) fn utf8<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, Error> {
    let text = crate::text::utf8(bytes).map_err(|line| Problem::NotUtf8.at(name, line))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_guessed_from_names() {
        for (name, format) in [
            ("a/b.jsonl", Some(Format::Jsonl)),
            ("b.TSV", Some(Format::Tsv)),
            ("b.tsv.gz", Some(Format::Tsv)),
            ("b.tmx", Some(Format::Tmx)),
            ("page.html", Some(Format::Html)),
            ("corpus.fr", Some(Format::Moses)),
            ("b.txt", None),
            ("corpus", None),
            ("-", None),
        ] {
            assert_eq!(Format::guess(Path::new(name)), format, "{name}");
        }
    }

    #[test]
    fn languages_that_contradict_the_file_are_an_error() {
        let line = r#"{"visavis":"bitext","version":1,"from":"fr","to":"en","documents":[],"origin":{"kind":"given","name":"x"},"generator":"g"}"#;
        let languages = Languages {
            from: Some("de".parse().unwrap()),
            to: None,
        };
        let error = read("b.jsonl", line.as_bytes(), Format::Jsonl, &languages).unwrap_err();
        assert_eq!(
            error.to_string(),
            "b.jsonl is fr→en, not de→en; correct --from and --to, or leave them out"
        );
    }

    #[test]
    fn an_error_names_the_line_that_is_not_utf8() {
        let error = read(
            "b.tsv",
            b"a\tb\nc\xff\td\n",
            Format::Tsv,
            &Languages::default(),
        );
        assert!(
            error
                .unwrap_err()
                .to_string()
                .starts_with("b.tsv:2: is not UTF-8")
        );
    }
}
