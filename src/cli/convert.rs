//! `visavis convert`: a bitext from one format into another.

use std::path::PathBuf;

use anyhow::bail;
use visavis::bitext::{self, Bitext, Format, Languages};
use visavis::language::Language;

use super::bitexts::{self, BitextFormat};
use super::{Outcome, terminal::Terminal};

/// Convert a bitext between formats.
///
/// The formats are guessed from the files' names: .jsonl, .tsv, .tmx, .html (a page of `visavis
/// review`), and a two-letter language such as .fr and .en for a Moses pair, which is
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
    #[arg(value_names = ["IN", "OUT"], num_args = 2..=4, required = true)]
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

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let (inputs, outputs) = sides(args)?;
    let input_format = format(args.input_format, inputs, "--input-format")?;
    let output_format = format(args.output_format, outputs, "--output-format")?;
    let languages = Languages {
        from: args.from.clone(),
        to: args.to.clone(),
    };
    let bitext = load(inputs, input_format, &languages, terminal)?;
    bitexts::note_losses(&bitext, output_format, terminal);
    let written = save(&bitext, outputs, output_format)?;
    bitexts::note_written(&bitext, &written, terminal);
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

fn load(
    files: &[PathBuf],
    format: Format,
    languages: &Languages,
    terminal: &Terminal,
) -> anyhow::Result<Bitext> {
    match files {
        [source, target] => Ok(bitext::load_moses(source, target, languages)?),
        [file] => bitexts::load(file, format, languages, terminal),
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
        [file] => bitexts::save(bitext, file, format),
        _ => bail!("give one file to write, or a Moses pair"),
    }
}

fn format(said: Option<BitextFormat>, files: &[PathBuf], option: &str) -> anyhow::Result<Format> {
    match (said, files) {
        (said, [file]) => bitexts::format(said, file, option),
        (None | Some(BitextFormat::Moses), _) => Ok(Format::Moses),
        _ => bail!("only a Moses pair is two files, but {option} says otherwise"),
    }
}
