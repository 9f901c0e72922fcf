//! `visavis align sentences`: a text and its translation, sentence by sentence.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use visavis::align::sentence::links::Link;
use visavis::align::sentence::{self, Bead};
use visavis::bitext::Format;

use crate::cli::alignment::{self, AlignmentOptions, Tools};
use crate::cli::bitexts::{self, BitextFormat};
use crate::cli::listed;
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
  visavis align sentences lines.fr lines.en --aligned -o lines.jsonl
  visavis align documents french/ english/ -o pairs.tsv
  visavis align sentences --pairs pairs.tsv -o aligned/ --output-format tsv")]
pub struct Args {
    /// The text.
    #[arg(value_name = "SOURCE", required_unless_present = "pairs")]
    source: Option<PathBuf>,
    /// Its translation.
    #[arg(value_name = "TARGET", required_unless_present = "pairs")]
    target: Option<PathBuf>,
    /// Align the files of every line of this list, text and translation parted by a tab, as `align
    /// documents` writes it; -o names the folder for the results, each named as its text is.
    #[arg(long, value_name = "LIST", requires = "output",
          conflicts_with_all = ["source", "target", "anchors"])]
    pairs: Option<PathBuf>,
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
    /// Let no translation model judge the places that are in doubt: faster, and a little worse.
    /// Otherwise the first between the languages does that is here.
    #[arg(long)]
    no_model: bool,
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
    let written = args.output.output.as_deref();
    if let (Some(list), Some(folder)) = (&args.pairs, written) {
        let format = match args.output_format {
            None => Some(Format::Jsonl),
            Some(BitextOrLinks::Bitext(format)) => Some(format.into()),
            Some(BitextOrLinks::Links) => None,
        };
        let pairs = listed::read(list, folder, format.map_or("links", Format::extension))?;
        let tools = tools(args, terminal)?;
        return listed::each(&pairs, terminal, |pair| {
            let file = &pair.output;
            let texts = (&*pair.files.source, &*pair.files.target);
            align(
                texts,
                args,
                tools.as_ref(),
                &Output { file, format },
                terminal,
            )
        });
    }
    let (Some(source), Some(target)) = (&args.source, &args.target) else {
        bail!("give a text and its translation, or a list of them with --pairs");
    };
    let output = Output {
        format: destination(args, [source.clone(), target.clone()])?,
        file: written.unwrap_or(Path::new("-")),
    };
    let tools = tools(args, terminal)?;
    align((source, target), args, tools.as_ref(), &output, terminal)?;
    Ok(Outcome::Done)
}

/// What the search is made with; none where lines are aligned already.
fn tools(args: &Args, terminal: &Terminal) -> anyhow::Result<Option<Tools>> {
    let open = || Tools::open(&args.alignment, args.no_model, &args.languages, terminal);
    (!args.aligned).then(open).transpose()
}

/// Where an alignment goes, and as what: links where there is no format.
struct Output<'a> {
    file: &'a Path,
    format: Option<Format>,
}

/// Aligns two files with `tools`, or line by line without.
fn align(
    (source, target): (&Path, &Path),
    args: &Args,
    tools: Option<&Tools>,
    output: &Output<'_>,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let read =
        |path, language| alignment::text(path, language, args.input_format, args.aligned, terminal);
    let source = read(source, &args.languages.from)?;
    let target = read(target, &args.languages.to)?;
    let texts = (&source, &target);
    let beads = match tools {
        Some(tools) => tools.beads(texts, args.anchors.as_deref(), terminal)?,
        None => alignment::line_by_line(texts)?,
    };
    let Some(format) = output.format else {
        let out = OutputOptions {
            output: Some(output.file.to_owned()),
        };
        return out.write(|out| write_links(&beads, out));
    };
    let mut bitext = sentence::bitext(&source, &target, &beads);
    sentence::flag_one_sided(&mut bitext);
    sentence::flag_doubtful(&mut bitext);
    bitexts::note_losses(&bitext, format, terminal);
    let written = bitexts::save(&bitext, output.file, format)?;
    bitexts::note_written(&bitext, &written, terminal);
    Ok(())
}

/// The bitext's format, none for links; refuses what cannot be written.
fn destination(args: &Args, inputs: [PathBuf; 2]) -> anyhow::Result<Option<Format>> {
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
