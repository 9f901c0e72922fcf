//! `visavis align documents`: which files of two folders are translations of each other.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use visavis::align::documents::{DocumentPair, pair};
use visavis::align::sentence::Text;
use visavis::bitext::moses::one_line;
use visavis::language::Language;

use crate::cli::alignment::{self, AlignmentOptions};
use crate::cli::options::{InputFormat, LanguageOptions};
use crate::cli::output::OutputOptions;
use crate::cli::{Outcome, terminal::Terminal, translation};

/// Find which files of one folder are translations of which files of another.
///
/// The files' names say nothing: what they hold decides. A pair a line is printed: the two files
/// and how alike they are, from 0 to 1, parted by tabs. Files without counterpart are named on
/// standard error.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  visavis align documents french/ english/ -o pairs.tsv")]
pub struct Args {
    /// The folder with the texts.
    #[arg(value_name = "SOURCES")]
    sources: PathBuf,
    /// The folder with translations.
    #[arg(value_name = "TARGETS")]
    targets: PathBuf,
    #[command(flatten)]
    languages: LanguageOptions,
    /// The format of the files [default: guessed from their names].
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<InputFormat>,
    #[command(flatten)]
    alignment: AlignmentOptions,
    #[command(flatten)]
    output: OutputOptions,
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let LanguageOptions { from, to } = &args.languages;
    let sources = texts(&args.sources, from, args.input_format, terminal)?;
    let targets = texts(&args.targets, to, args.input_format, terminal)?;
    let encoder = alignment::encoder(&args.alignment, &args.languages, terminal)?;
    let bar = alignment::bar(sources.len() + targets.len(), "documents", terminal);
    let pairs = pair(
        &sources.iter().map(Text::sentences).collect::<Vec<_>>(),
        &targets.iter().map(Text::sentences).collect::<Vec<_>>(),
        encoder.as_ref(),
        translation::threads(args.alignment.threads),
        &|documents| bar.inc(documents as u64),
    );
    bar.finish_and_clear();
    args.output
        .write(|out| write(&pairs, &sources, &targets, out))?;
    let alone = |texts: &[Text], number: fn(&DocumentPair) -> usize| {
        for (place, text) in texts.iter().enumerate() {
            if !pairs.iter().any(|pair| number(pair) == place) {
                terminal.warn(format_args!("{} has no counterpart", text.name));
            }
        }
    };
    alone(&sources, |pair| pair.source);
    alone(&targets, |pair| pair.target);
    Ok(Outcome::Done)
}

/// The files of a folder as texts, by name; hidden ones and folders within are passed over.
fn texts(
    folder: &Path,
    language: &Language,
    format: Option<InputFormat>,
    terminal: &Terminal,
) -> anyhow::Result<Vec<Text>> {
    let context = || format!("cannot read the folder {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        let is_hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && !is_hidden {
            files.push(path);
        }
    }
    ensure!(
        !files.is_empty(),
        "there are no files in {}",
        folder.display()
    );
    files.sort();
    // A picture among the texts, or one that cannot be read, ends nothing.
    let read = |path: &PathBuf| {
        let text = alignment::text(path, language, format, false, terminal);
        let told = |error| terminal.warn(format_args!("{error:#}; left out"));
        text.map_err(told).ok()
    };
    let texts: Vec<Text> = files.iter().filter_map(read).collect();
    ensure!(
        !texts.is_empty(),
        "there are no texts in {}",
        folder.display()
    );
    Ok(texts)
}

fn write(
    pairs: &[DocumentPair],
    sources: &[Text],
    targets: &[Text],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for pair in pairs {
        let name = |text: &Text| one_line(&text.name).replace('\t', " ");
        let (source, target) = (name(&sources[pair.source]), name(&targets[pair.target]));
        writeln!(out, "{source}\t{target}\t{:.4}", pair.score)?;
    }
    Ok(())
}
