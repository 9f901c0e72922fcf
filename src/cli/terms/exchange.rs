//! `visavis terms import` and `visavis terms export`: lexicons from and for other tools.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use visavis::language::Language;
use visavis::terms::{Exchange, Tongue, import};

use crate::cli::lexicon::LexiconOptions;
use crate::cli::output::{OutputOptions, is_stream};
use crate::cli::terminal::Terminal;

/// Make a lexicon of a table or a term base of another tool.
///
/// A table (CSV) has a row for each entry, with the columns that `visavis terms export` writes; but
/// for `lemma`, and `keep` of French terms, any may be missing. Cells hold a value a line. Of a term
/// base (TBX) the French terms are taken with their English ones, or else the English terms alone.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis terms import glossary.tbx -o my-terms.toml
  visavis terms import glossary.csv -o my-terms.toml && visavis terms check my-terms.toml")]
pub struct ImportArgs {
    /// The table or term base; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The input's format [default: guessed from the file's name].
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<Format>,
    #[command(flatten)]
    output: OutputOptions,
}

/// Write the lexicon for other tools: a table, or a term base.
///
/// What a term base has no place for stands in notes, so that `visavis terms import` gives the same
/// entries again; inflection is written as the forms that it gives.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis terms export -o terms.tbx
  visavis terms export --from en --lexicon my-terms.toml --no-builtin-lexicon -o terms.csv")]
pub struct ExportArgs {
    /// The language of the terms: `fr` or `en`.
    #[arg(long, value_name = "LANG", default_value = "fr")]
    from: Language,
    /// How to write them [default: as the output's name suggests].
    #[arg(long, value_name = "FORMAT")]
    output_format: Option<Format>,
    #[command(flatten)]
    output: OutputOptions,
    #[command(flatten)]
    lexicon: LexiconOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table.
    Csv,
    /// TermBase eXchange (ISO 30042:2019, TBX-Basic).
    Tbx,
}

impl From<Format> for Exchange {
    fn from(format: Format) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Tbx => Self::Tbx,
        }
    }
}

impl Format {
    /// The format that was named, or that a file's name suggests.
    fn of(named: Option<Self>, file: Option<&Path>, option: &str) -> anyhow::Result<Self> {
        let extension = file.and_then(Path::extension).and_then(|e| e.to_str());
        let guessed = match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("csv") => Some(Self::Csv),
            Some("tbx") => Some(Self::Tbx),
            _ => None,
        };
        match named.or(guessed) {
            Some(format) => Ok(format),
            None => bail!("the format is not told by a name; give {option} csv or {option} tbx"),
        }
    }
}

pub fn read(args: &ImportArgs, terminal: &Terminal) -> anyhow::Result<()> {
    let format = Format::of(args.input_format, Some(&args.file), "--input-format")?;
    let name = args.file.display().to_string();
    // One byte more than is read tells that there is more.
    let most = visavis::terms::Lexicon::MAX_BYTES + 1;
    let mut bytes = Vec::new();
    let read = match is_stream(&args.file) {
        true => io::stdin().lock().take(most).read_to_end(&mut bytes),
        false => std::fs::File::open(&args.file).and_then(|f| f.take(most).read_to_end(&mut bytes)),
    };
    read.with_context(|| format!("cannot read {name}"))?;
    let imported = import(&bytes, &name, format.into())?;
    args.output.write(|out| {
        out.write_all(imported.toml.as_bytes())?;
        Ok(())
    })?;
    let noun = if imported.entries == 1 {
        "entry"
    } else {
        "entries"
    };
    terminal.note(format_args!("{name}: {} {noun}", imported.entries));
    Ok(())
}

pub fn write(args: &ExportArgs) -> anyhow::Result<()> {
    let format = Format::of(
        args.output_format,
        args.output.output.as_deref(),
        "--output-format",
    )?;
    let Some(tongue) = Tongue::of(&args.from) else {
        bail!(
            "lexicons are of French and English; {} is neither",
            args.from.code()
        );
    };
    let lexicon = args.lexicon.load()?;
    args.output.write(|out| {
        lexicon.export(tongue, format.into(), out)?;
        Ok(())
    })
}
