//! `visavis convert`: a bitext from one format into another.

use std::io::{self, BufWriter, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use visavis::bitext::{self, Bitext, Format, Languages};
use visavis::language::Language;

use super::{Outcome, terminal::Terminal};

/// Convert a bitext between formats.
///
/// The formats are guessed from the files' names: .jsonl, .tsv, .tmx, .html (a page of `visavis
/// review`, to read), and a two-letter language such as .fr and .en for a Moses pair, which is
/// two files.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis convert page.html article.tmx
  visavis convert article.jsonl - --output-format tsv | less
  visavis convert corpus.fr corpus.en corpus.jsonl
  visavis convert article.tmx article.fr article.en
  visavis convert memory.tmx memory.jsonl --from fr --to de")]
pub struct Args {
    /// What to read and what to write: IN OUT, where a Moses pair is two files (or, with its
    /// format given, what their names share); `-` is standard input or output.
    #[arg(value_name = "IN OUT", num_args = 2..=4, required = true)]
    files: Vec<PathBuf>,
    /// The input's format [default: guessed from the file's name].
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<BitextFormat>,
    /// The output's format [default: guessed from the file's name].
    #[arg(long, value_name = "FORMAT")]
    output_format: Option<BitextFormat>,
    /// Language of the source, where the input does not say it or holds several.
    #[arg(long, value_name = "LANG")]
    from: Option<Language>,
    /// Language of the translation, where the input does not say it or holds several.
    #[arg(long, value_name = "LANG")]
    to: Option<Language>,
}

/// Formats of bitexts, as options name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BitextFormat {
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

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let (inputs, outputs) = sides(args)?;
    let input_format = format(args.input_format, inputs, "--input-format")?;
    let output_format = format(args.output_format, outputs, "--output-format")?;
    let languages = Languages {
        from: args.from.clone(),
        to: args.to.clone(),
    };
    let bitext = load(inputs, input_format, &languages)?;
    let loses = bitext
        .pairs
        .iter()
        .any(|pair| pair.score.is_some() || !pair.words.is_empty() || !pair.flags.is_empty());
    if loses && !output_format.keeps_everything() {
        terminal
            .note("a Moses pair holds the texts alone: scores, word links and flags are left out");
    }
    let written = save(&bitext, outputs, output_format)?;
    if !written.is_empty() {
        let names: Vec<String> = written.iter().map(|p| p.display().to_string()).collect();
        terminal.note(format_args!(
            "{}: {} pairs",
            names.join(", "),
            bitext.pairs.len()
        ));
    }
    Ok(Outcome::Done)
}

/// The files to read and those to write.
fn sides(args: &Args) -> anyhow::Result<(&[PathBuf], &[PathBuf])> {
    let is_side = |path: &PathBuf, said: Option<BitextFormat>| match said {
        Some(format) => format == BitextFormat::Moses,
        None => Format::guess(path) == Some(Format::Moses),
    };
    let at = match args.files.as_slice() {
        [_, _] => 1,
        [_, _, _, _] => 2,
        [first, second, last] => {
            let reads_pair =
                is_side(first, args.input_format) && is_side(second, args.input_format);
            let writes_pair =
                is_side(second, args.output_format) && is_side(last, args.output_format);
            match (reads_pair, writes_pair) {
                (true, false) => 2,
                (false, true) => 1,
                _ => bail!(
                    "of three files two must be a Moses pair, such as corpus.fr corpus.en; say \
                     which with --input-format moses or --output-format moses"
                ),
            }
        }
        // clap asks for two to four.
        _ => bail!("give what to read and what to write"),
    };
    Ok(args.files.split_at(at))
}

fn format(said: Option<BitextFormat>, files: &[PathBuf], option: &str) -> anyhow::Result<Format> {
    if let Some(said) = said {
        let format = Format::from(said);
        if files.len() == 2 && format != Format::Moses {
            bail!("only a Moses pair is two files, but {option} says otherwise");
        }
        return Ok(format);
    }
    match files {
        [file] => Format::guess(file).with_context(|| {
            format!(
                "cannot tell the format of {} from its name; give {option} jsonl, tsv, tmx, moses \
                 or html",
                file.display()
            )
        }),
        _ => Ok(Format::Moses),
    }
}

fn load(files: &[PathBuf], format: Format, languages: &Languages) -> anyhow::Result<Bitext> {
    match files {
        [source, target] => Ok(bitext::load_moses(source, target, languages)?),
        [file] if is_stream(file) => {
            let mut bytes = Vec::new();
            io::stdin()
                .read_to_end(&mut bytes)
                .context("cannot read standard input")?;
            Ok(bitext::read("standard input", &bytes, format, languages)?)
        }
        [file] => Ok(bitext::load(file, format, languages)?),
        _ => bail!("give one file to read, or a Moses pair"),
    }
}

/// Writes the bitext; returns the files written, none for standard output.
fn save(bitext: &Bitext, files: &[PathBuf], format: Format) -> anyhow::Result<Vec<PathBuf>> {
    match files {
        [source, target] => {
            bitext::save_moses(bitext, source, target)?;
            Ok(files.to_vec())
        }
        [file] if is_stream(file) => {
            let mut out = BufWriter::new(io::stdout().lock());
            bitext::write(bitext, format, &mut out)?;
            Ok(Vec::new())
        }
        [file] => Ok(bitext::save(bitext, file, format)?),
        _ => bail!("give one file to write, or a Moses pair"),
    }
}

fn is_stream(file: &Path) -> bool {
    file.as_os_str() == "-"
}
