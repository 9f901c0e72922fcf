//! `visavis align sentences`: a text and its translation, sentence by sentence.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::PossibleValue;
use visavis::align::sentence::links::Link;
use visavis::align::sentence::{self, Bead};
use visavis::bitext::Format;

use crate::cli::alignment::{self, AlignmentOptions};
use crate::cli::bitexts::{self, BitextFormat};
use crate::cli::options::{InputFormat, LanguageOptions};
use crate::cli::output::{self, OutputOptions};
use crate::cli::{Outcome, terminal::Terminal};

/// Set a text and somebody's translation of it side by side, sentence by sentence.
///
/// Sentences that a translator joined or parted come into one pair; what was left out or added
/// stands alone and is flagged. A pair's score tells how probable it is that exactly these
/// sentences belong together. The sentences are compared by a multilingual encoder, which is pulled
/// once (31 MB).
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis align sentences novel.fr.txt novel.en.txt -o novel.tsv
  visavis align sentences novel.fr.txt novel.en.txt -o novel.html      the page, for reviewers
  visavis align sentences berg.de berg.fr --from de --to fr --input-format lines \\
      --output-format links
  visavis align sentences lines.fr lines.en --aligned -o lines.jsonl")]
pub struct Args {
    /// The text.
    #[arg(value_name = "SOURCE")]
    source: PathBuf,
    /// Its translation.
    #[arg(value_name = "TARGET")]
    target: PathBuf,
    #[command(flatten)]
    languages: LanguageOptions,
    /// The format of both files [default: guessed from their names].
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<InputFormat>,
    /// Line i of the one file belongs to line i of the other: search nothing.
    #[arg(long, conflicts_with = "anchors")]
    aligned: bool,
    /// Keep the links of this file, `[0,1]:[0]` a line in numbers of sentences (of lines with
    /// --input-format lines) from 0, and search the others.
    #[arg(long, value_name = "FILE")]
    anchors: Option<PathBuf>,
    #[command(flatten)]
    alignment: AlignmentOptions,
    /// What to write [default: guessed from the output's name, else jsonl].
    #[arg(long, value_name = "FORMAT")]
    output_format: Option<BitextOrLinks>,
    #[command(flatten)]
    output: OutputOptions,
}

/// What an alignment is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BitextOrLinks {
    /// The texts side by side.
    Bitext(BitextFormat),
    /// The numbers of the sentences alone.
    Links,
}

impl ValueEnum for BitextOrLinks {
    fn value_variants<'a>() -> &'a [Self] {
        use BitextFormat::{Html, Jsonl, Moses, Tmx, Tsv};
        use BitextOrLinks::{Bitext, Links};
        &[
            Bitext(Jsonl),
            Bitext(Tsv),
            Bitext(Tmx),
            Bitext(Moses),
            Bitext(Html),
            Links,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            BitextOrLinks::Bitext(format) => format.to_possible_value(),
            BitextOrLinks::Links => {
                let help = "Numbers of sentences (of lines with --input-format lines), from 0: \
                            [0,1]:[0]";
                Some(PossibleValue::new("links").help(help))
            }
        }
    }
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let format = destination(args)?;
    let read =
        |path, language| alignment::text(path, language, args.input_format, args.aligned, terminal);
    let source = read(&args.source, &args.languages.from)?;
    let target = read(&args.target, &args.languages.to)?;
    let beads = alignment::beads(
        (&source, &target),
        args.aligned,
        args.anchors.as_deref(),
        (&args.alignment, &args.languages),
        terminal,
    )?;
    let Some(format) = format else {
        args.output.write(|out| write_links(&beads, out))?;
        return Ok(Outcome::Done);
    };
    let mut bitext = sentence::bitext(&source, &target, &beads);
    sentence::flag_one_sided(&mut bitext);
    sentence::flag_doubtful(&mut bitext);
    let file = args.output.output.as_deref().unwrap_or(Path::new("-"));
    bitexts::note_losses(&bitext, format, terminal);
    let written = bitexts::save(&bitext, file, format)?;
    bitexts::note_written(&bitext, &written, terminal);
    Ok(Outcome::Done)
}

/// The bitext's format, none for links; refuses what cannot be written.
fn destination(args: &Args) -> anyhow::Result<Option<Format>> {
    let inputs = [args.source.clone(), args.target.clone()];
    let file = args.output.output.as_deref();
    let said = match args.output_format {
        Some(BitextOrLinks::Links) => {
            if let Some(file) = file {
                output::check(file, &inputs)?;
            }
            return Ok(None);
        }
        Some(BitextOrLinks::Bitext(format)) => Some(format),
        None => None,
    };
    let Some(file) = file.filter(|file| !output::is_stream(file)) else {
        return Ok(Some(said.map_or(Format::Jsonl, Format::from)));
    };
    let format = bitexts::format(said, file, "--output-format")?;
    bitexts::check(file, format, &args.languages, &inputs)?;
    Ok(Some(format))
}

fn write_links(beads: &[Bead], out: &mut dyn Write) -> anyhow::Result<()> {
    for bead in beads {
        writeln!(out, "{}", Link::from(bead))?;
    }
    Ok(())
}
