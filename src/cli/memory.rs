//! `visavis memory`: what a translation memory holds, and bitexts into and out of it.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use visavis::bitext::{Format, Languages};
use visavis::language::Language;
use visavis::translate::memory::{Holding, Memory};

use super::bitexts::{self, BitextFormat};
use super::output::{self, is_stream, write_file};
use super::{Outcome, terminal::Terminal};

/// Look into a translation memory, and exchange it with other tools.
///
/// `translate --memory FILE` and `review --memory FILE` keep what they translate in such a file, and
/// take from it what the same model once translated with the same options.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis translate news/*.txt -o news.en/ --memory news.memory
  visavis memory info news.memory
  visavis memory export news.memory news.tmx
  visavis memory import news.memory glossary.tsv --from fr --to en")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    /// Tell what a memory holds, and look it over for damage.
    Info {
        /// The memory.
        memory: PathBuf,
    },
    /// Write the translations of one model and its options as a bitext.
    Export {
        /// The memory.
        memory: PathBuf,
        /// The file to write; `-` is standard output.
        output: PathBuf,
        /// Which model and options, by the number that `info` shows [default: the only one].
        #[arg(long, value_name = "N")]
        number: Option<i64>,
        /// The output's format [default: guessed from the file's name].
        #[arg(long, value_name = "FORMAT")]
        output_format: Option<BitextFormat>,
    },
    /// Take in a bitext. What `export` wrote belongs to its model again; other translations, such
    /// as a translator's memory, are taken in place of any model's.
    Import {
        /// The memory; made where there is none.
        memory: PathBuf,
        /// The file to read; `-` is standard input.
        input: PathBuf,
        /// The input's format [default: guessed from the file's name].
        #[arg(long, value_name = "FORMAT")]
        input_format: Option<BitextFormat>,
        /// Language of the source, where the input does not say it.
        #[arg(long, value_name = "LANG")]
        from: Option<Language>,
        /// Language of the translation, where the input does not say it.
        #[arg(long, value_name = "LANG")]
        to: Option<Language>,
    },
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    match &args.action {
        Action::Info { memory } => info(&Memory::open_existing(memory)?)?,
        Action::Export {
            memory,
            output,
            number,
            output_format,
        } => {
            let format = bitexts::format(*output_format, output, "--output-format")?;
            let memory = Memory::open_existing(memory)?;
            let holding = memory.holding(*number)?;
            let count = export(&memory, &holding, output, format)?;
            if !is_stream(output) {
                terminal.note(format_args!("{}: {count} pairs", output.display()));
            }
        }
        Action::Import {
            memory,
            input,
            input_format,
            from,
            to,
        } => {
            let format = bitexts::format(*input_format, input, "--input-format")?;
            let languages = Languages {
                from: from.clone(),
                to: to.clone(),
            };
            let bitext = bitexts::load(input, format, &languages, terminal)?;
            let new = Memory::open(memory)?.import(&bitext)?;
            terminal.note(format_args!(
                "{}: {new} new of {} pairs",
                memory.display(),
                bitext.pairs.len()
            ));
        }
    }
    Ok(Outcome::Done)
}

fn info(memory: &Memory) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header([
        "number",
        "languages",
        "sentences",
        "with links",
        "model",
        "options",
    ]);
    for holding in memory.holdings()? {
        let Holding {
            number,
            maker,
            sentences,
            with_links,
        } = holding;
        let model = match maker.is_given() {
            true => format!("{} (given)", maker.model),
            false => format!("{} {:.12}", maker.model, maker.checksum),
        };
        table.add_row([
            number.to_string(),
            format!("{}→{}", maker.from, maker.to),
            sentences.to_string(),
            with_links.to_string(),
            model,
            maker.options,
        ]);
    }
    for column in [0, 2, 3] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    writeln!(io::stdout(), "{table}")?;
    Ok(memory.check()?)
}

fn export(
    memory: &Memory,
    holding: &Holding,
    output: &Path,
    format: Format,
) -> anyhow::Result<u64> {
    if is_stream(output) {
        let mut out = BufWriter::new(io::stdout().lock());
        return Ok(memory.export(holding, format, &mut out)?);
    }
    output::check(output, &[memory.path().to_owned()])?;
    let mut count = 0;
    write_file(output, |out| {
        count = memory.export(holding, format, out)?;
        Ok(())
    })?;
    Ok(count)
}
