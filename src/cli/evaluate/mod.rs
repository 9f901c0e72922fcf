//! `visavis evaluate`: scores, one file per kind of thing that is scored.

mod alignment;
mod flags;
mod segments;
mod translation;
mod words;

use std::io::{self, BufWriter, Write};
use std::path::Path;

use clap::ValueEnum;
use serde::Serialize;

use super::input::{self, bytes};
use super::{Outcome, terminal::Terminal};

/// Score translations, alignments, sentence boundaries, word links and the triage of loaded
/// paragraphs.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis evaluate translation output.en --reference gold.en
  visavis evaluate alignment novel.gold novel.links
  visavis evaluate flags semeval2023.fr.train.tsv --from fr
  visavis evaluate segments gold.txt --from fr
  visavis evaluate words gold.txt links.txt")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    Alignment(alignment::Args),
    Flags(flags::Args),
    Segments(segments::Args),
    Translation(translation::Args),
    Words(words::Args),
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    match &args.what {
        What::Alignment(args) => alignment::run(args, terminal),
        What::Flags(args) => flags::run(args, terminal),
        What::Segments(args) => segments::run(args, terminal),
        What::Translation(args) => translation::run(args, terminal),
        What::Words(args) => words::run(args, terminal),
    }
}

/// How scores are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// For people.
    Text,
    /// For programs, with the scores unrounded.
    Json,
}

/// Prints scores: as JSON, or as `text` writes them.
fn print<S: Serialize + ?Sized>(
    scores: &S,
    format: OutputFormat,
    text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match format {
        OutputFormat::Json => {
            serde_json::to_writer_pretty(&mut out, scores)?;
            writeln!(out)?;
        }
        OutputFormat::Text => text(&mut out)?,
    }
    out.flush()
}

/// A file's name, for messages, and its bytes; those of standard input where `path` is `-`.
fn load(path: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    Ok((input::name(path), bytes(path)?))
}
