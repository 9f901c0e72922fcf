//! A Moses pair: two plain files, whose lines n are each other's translation.
//!
//! It holds the texts alone. Every kind of line break within a text becomes a space, and an empty
//! line is a side without segments.

use std::io::{self, Write};

use super::check::Checked;
use super::format::{foreign_header, utf8};
use super::places;
use super::{Bitext, Error, Pair};
use crate::language::Language;

/// Writes the source side to one stream and the target side to another.
///
/// # Errors
/// What the streams report.
pub fn write(bitext: &Bitext, source: &mut impl Write, target: &mut impl Write) -> io::Result<()> {
    for pair in &bitext.pairs {
        writeln!(source, "{}", one_line(&pair.source_text()))?;
        writeln!(target, "{}", one_line(&pair.target_text()))?;
    }
    source.flush()?;
    target.flush()
}

/// A text without line breaks: a space stands for each.
pub fn one_line(text: &str) -> String {
    text.replace("\r\n", " ").replace(
        [
            '\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}',
        ],
        " ",
    )
}

/// One side of a pair, for [`read`].
#[derive(Debug, Clone)]
pub struct Side<'a> {
    /// The file's name.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// Its language.
    pub language: Language,
}

/// Reads a pair of files. Lines are parted at line feeds alone; the source's file is the
/// bitext's document and each line a block.
///
/// # Errors
/// [`Error::LineCounts`], or [`Error::Line`] where a file is not UTF-8.
pub fn read(source: &Side<'_>, target: &Side<'_>) -> Result<Bitext, Error> {
    let sources = lines(utf8(source.name, source.bytes)?);
    let targets = lines(utf8(target.name, target.bytes)?);
    if sources.len() != targets.len() {
        return Err(Error::LineCounts {
            source_file: source.name.into(),
            sources: sources.len(),
            target_file: target.name.into(),
            targets: targets.len(),
        });
    }
    let mut header = foreign_header(
        source.name,
        source.language.clone(),
        target.language.clone(),
    );
    header.origin = super::Origin::Given {
        name: target.name.into(),
    };
    let mut pairs = Checked::new(source.name, header.documents.len());
    for (at, (source, target)) in sources.into_iter().zip(targets).enumerate() {
        let pair = Pair {
            id: (at + 1).to_string(),
            source: places::whole(source, at),
            target: places::whole(target, at),
            score: None,
            words: Vec::new(),
            flags: Vec::new(),
        };
        pairs.push(at + 1, pair)?;
    }
    Ok(Bitext {
        header,
        pairs: pairs.pairs(),
    })
}

fn lines(text: &str) -> Vec<&str> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    if text.is_empty() {
        return Vec::new();
    }
    text.split('\n').collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::bitexts;
    use super::*;
    use proptest::prelude::*;

    fn side<'a>(name: &'a str, bytes: &'a [u8]) -> Side<'a> {
        Side {
            name,
            bytes,
            language: name.rsplit('.').next().unwrap().parse().unwrap(),
        }
    }

    proptest! {
        #[test]
        fn texts_are_read_back_on_one_line_each(mut bitext in bitexts()) {
            // Files of one blank line, or with a byte order mark, cannot be told from others.
            bitext.pairs.retain(|p| !one_line(&p.source_text()).trim().is_empty());
            let (mut source, mut target) = (Vec::new(), Vec::new());
            write(&bitext, &mut source, &mut target).unwrap();
            prop_assume!(!source.starts_with("\u{feff}".as_bytes()));
            prop_assume!(!target.starts_with("\u{feff}".as_bytes()));
            prop_assume!(bitext.pairs.len() != 1 || target != b"\n");
            let again = read(&side("c.fr", &source), &side("c.en", &target)).unwrap();
            let texts = |bitext: &Bitext| -> Vec<(String, String)> {
                let line = |text: String| one_line(&text).trim().to_owned();
                let pairs = bitext.pairs.iter();
                pairs.map(|p| (line(p.source_text()), line(p.target_text()))).collect()
            };
            prop_assert_eq!(texts(&again), texts(&bitext));
        }
    }

    #[test]
    fn line_counts_must_agree() {
        let error = read(&side("c.fr", b"un\ndeux\n"), &side("c.en", b"one\n")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "c.fr has 2 lines but c.en has 1; line n of the one must be the translation of line \
             n of the other"
        );
    }

    #[test]
    fn empty_lines_keep_their_places() {
        let bitext = read(
            &side("c.fr", b"un\r\n\n\ntrois\n"),
            &side("c.en", b"one\n\ntwo\n\n"),
        );
        let sides: Vec<(String, String)> = bitext
            .unwrap()
            .pairs
            .iter()
            .map(|p| (p.source_text(), p.target_text()))
            .collect();
        let expected = [("un", "one"), ("", ""), ("", "two"), ("trois", "")];
        assert_eq!(sides, expected.map(|(s, t)| (s.to_owned(), t.to_owned())));
    }
}
