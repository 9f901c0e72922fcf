//! Bitexts as commands read and write them: files or standard streams, in a format that is
//! guessed from the name or said.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use visavis::bitext::{self, Bitext, Format, Languages};
use visavis::review;

use super::options::LanguageOptions;
use super::output::write_file;
use super::terminal::Terminal;
use super::{input, output};

/// Formats of bitexts, as options name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BitextFormat {
    /// JSON Lines: a header line, then a pair a line.
    Jsonl,
    /// A table for spreadsheets.
    Tsv,
    /// Translation Memory eXchange 1.4b.
    Tmx,
    /// Two plain files, a segment a line; the texts alone.
    Moses,
    /// The side-by-side page.
    Html,
}

impl From<BitextFormat> for Format {
    fn from(format: BitextFormat) -> Self {
        match format {
            BitextFormat::Jsonl => Format::Jsonl,
            BitextFormat::Tsv => Format::Tsv,
            BitextFormat::Tmx => Format::Tmx,
            BitextFormat::Moses => Format::Moses,
            BitextFormat::Html => Format::Html,
        }
    }
}

/// What a command writes whose result is a text or a bitext.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextOrBitext {
    /// A text.
    Text,
    /// A bitext.
    Bitext(BitextFormat),
}

impl ValueEnum for TextOrBitext {
    fn value_variants<'a>() -> &'a [Self] {
        use BitextFormat::{Html, Jsonl, Moses, Tmx, Tsv};
        use TextOrBitext::{Bitext, Text};
        &[
            Text,
            Bitext(Jsonl),
            Bitext(Tsv),
            Bitext(Tmx),
            Bitext(Moses),
            Bitext(Html),
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            TextOrBitext::Text => Some(PossibleValue::new("text").help("Plain text")),
            TextOrBitext::Bitext(format) => format.to_possible_value(),
        }
    }
}

impl TextOrBitext {
    /// The bitext's format that `said` or else the name of `file` says; none for text. A name
    /// such as `news.en` says text, not one side of a Moses pair.
    pub fn bitext_format(said: Option<Self>, file: Option<&Path>) -> Option<Format> {
        match said {
            Some(TextOrBitext::Text) => None,
            Some(TextOrBitext::Bitext(format)) => Some(format.into()),
            None => Format::guess(file?).filter(|&format| format != Format::Moses),
        }
    }
}

/// The format that the option `option` says, or that the file's name suggests.
pub fn format(said: Option<BitextFormat>, file: &Path, option: &str) -> anyhow::Result<Format> {
    let guessed = || Format::guess(file);
    said.map(Format::from).or_else(guessed).with_context(|| {
        format!(
            "cannot tell the format of {} from its name; give {option} jsonl, tsv, tmx, moses or \
             html",
            file.display()
        )
    })
}

/// Reads a bitext from a file, or from standard input where `file` is `-`. Tells which pairs of a
/// table were edited by hand.
pub fn load(
    file: &Path,
    format: Format,
    languages: &Languages,
    terminal: &Terminal,
) -> anyhow::Result<Bitext> {
    if format == Format::Moses {
        return Ok(bitext::load(file, format, languages)?);
    }
    let (name, bytes) = (input::name(file), input::bytes(file)?);
    if format != Format::Tsv {
        return Ok(bitext::read(&name, &bytes, format, languages)?);
    }
    let (bitext, edited) = bitext::read_edited(&name, &bytes, languages)?;
    if let [first, others @ ..] = &*edited {
        let others = match others.len() {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        terminal.note(format_args!(
            "{name}: a text of line {first}{others} was edited: it is taken as it is, without the \
             score, word links and flags that the pair had"
        ));
    }
    Ok(bitext)
}

/// Writes a bitext to a file, or to standard output where `file` is `-`. Returns the files
/// written.
pub fn save(bitext: &Bitext, file: &Path, format: Format) -> anyhow::Result<Vec<PathBuf>> {
    let is_stream = output::is_stream(file);
    if format == Format::Html {
        let page = review::page(bitext, &review::Options::default())?;
        if is_stream {
            io::stdout().write_all(page.as_bytes())?;
            return Ok(Vec::new());
        }
        write_file(file, |out| Ok(out.write_all(page.as_bytes())?))?;
        return Ok(vec![file.to_owned()]);
    }
    if is_stream {
        let mut out = BufWriter::new(io::stdout().lock());
        bitext::write(bitext, format, &mut out)?;
        return Ok(Vec::new());
    }
    Ok(bitext::save(bitext, file, format)?)
}

/// Refuses, before any work is done, an output that cannot be written, or that would replace one
/// of the inputs.
pub fn check(
    output: &Path,
    format: Format,
    languages: &LanguageOptions,
    inputs: &[PathBuf],
) -> anyhow::Result<()> {
    if output::is_stream(output) {
        return Ok(());
    }
    bitext::destinations(output, format, (&languages.from, &languages.to))
        .iter()
        .try_for_each(|file| output::check(file, inputs))
}

/// Tells which files were written.
pub fn note_written(bitext: &Bitext, files: &[PathBuf], terminal: &Terminal) {
    if !files.is_empty() {
        let names: Vec<String> = files.iter().map(|p| p.display().to_string()).collect();
        let pairs = bitext.pairs.len();
        terminal.note(format_args!("{}: {pairs} pairs", names.join(", ")));
    }
}

/// Tells what of the bitext a format cannot hold.
pub fn note_losses(bitext: &Bitext, format: Format, terminal: &Terminal) {
    let mut pairs = bitext.pairs.iter();
    let loses =
        pairs.any(|pair| pair.score.is_some() || !pair.words.is_empty() || !pair.flags.is_empty());
    if loses && !format.keeps_everything() {
        terminal
            .note("a Moses pair holds the texts alone: scores, word links and flags are left out");
    }
}
