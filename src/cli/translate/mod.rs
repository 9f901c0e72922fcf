//! `visavis translate`: text in, text out, or a bitext.

mod corpus;
mod formats;
mod progress;
mod report;
mod to_bitext;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use visavis::bitext::Format;
use visavis::corpus::Found;

use super::bitexts::TextOrBitext;
use super::options::{Backend, Device, ModelOptions};
use super::output::{self, write_file};
use super::translation::{self, Opened};
use super::{Outcome, profile, terminal::Terminal};
use formats::FormatOptions;
use progress::ProgressChoice;

/// Translate texts, corpora and whole folders; the format is kept.
///
/// Paragraphs, blank lines and a leading date of a text stay as they are. Files that hold a
/// sentence a line (--input-format lines, or named .lines, .fr, .en …) keep their lines one for
/// one. Of JSON Lines and tables one field is translated, and every other byte stays. Compressed
/// files (.gz, .zst, .xz, .bz2) are read as what they hold, and written where the output is named
/// so. A run that writes to files and is ended before its end goes on where it stopped when the
/// same command is given again.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis translate article.fr.txt -o article.en.txt
  visavis translate article.fr.txt -o article.tmx         both texts, sentence by sentence
  visavis translate news/ -o news.en/                     a folder and all below it
  visavis translate corpus.fr.zst -o corpus.en.zst        a line for each line
  visavis translate corpus.fr.zst -o pairs.tsv.zst        both texts, line by line
  visavis translate posts.jsonl --field body -o posts.en.jsonl
  visavis translate table.csv --column text -o table.en.csv
  zcat corpus.gz | visavis translate --input-format lines > corpus.en
  visavis translate essay.txt --from en --to fr --beam-size 1

docs/corpora.md tells of the formats, of going on after a kill, and of problems.")]
pub struct Args {
    /// Files and folders to read; `-` is standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    formats: FormatOptions,
    /// Write to this file, or for a folder or several files into this folder; `-` is standard
    /// output [default: standard output].
    #[arg(short, long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    /// What to write [default: guessed from the output's name, else text].
    #[arg(long, value_name = "FORMAT")]
    output_format: Option<TextOrBitext>,
    #[command(flatten)]
    model: ModelOptions,
    /// Throw away what an unfinished run has written, and start over.
    #[arg(long)]
    fresh: bool,
    /// List all problems in this file, as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// End with exit code 1 where there were problems.
    #[arg(long)]
    fail_on_findings: bool,
    /// How to show progress.
    #[arg(long, value_name = "HOW", default_value = "auto")]
    progress: ProgressChoice,
    /// Write what the run did to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    stats: Option<PathBuf>,
    /// Words that are translated at once.
    #[arg(long, value_name = "WORDS", hide = true, default_value_t = visavis::corpus::WINDOW)]
    window: usize,
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    for path in [&args.stats, &args.report].into_iter().flatten() {
        output::check(path, &args.files)?;
    }
    let said = args.output_format;
    let format = match said {
        // A table in, a table out: the output's name says no bitext.
        None if args.formats.names_fields() => None,
        said => TextOrBitext::bitext_format(said, args.output.as_deref()),
    };
    let found = visavis::corpus::find(&args.files, args.output.as_deref())?;
    match format {
        Some(format) if !streams(format, &found, output_of(args)) => {
            to_bitext::run(args, format, &found, terminal)
        }
        format => corpus::run(args, format, &found, terminal),
    }
}

/// Whether bitexts of the files are written pair by pair: one for each, in a format that is one
/// stream.
fn streams(format: Format, found: &[Found], output: &Path) -> bool {
    let is_stream = matches!(format, Format::Jsonl | Format::Tsv | Format::Tmx);
    is_stream && (found.len() == 1 || output::is_folder(output))
}

/// What a run did, for benchmarks and logs.
#[derive(Serialize)]
struct Stats {
    source_words: u64,
    sentences: u64,
    load_seconds: f64,
    translate_seconds: f64,
    /// Sentences that came from the translation memory; null without one.
    memory_hits: Option<usize>,
    /// The most memory that the process held at once; null where the system does not tell.
    peak_rss_bytes: Option<u64>,
    model: String,
    options: RunOptions,
}

#[derive(Serialize)]
struct RunOptions {
    from: String,
    to: String,
    beam_size: u16,
    threads: usize,
    backend: &'static str,
    /// The instruction set or the device that computes.
    kernel: String,
}

/// What a run has done, and how long it took.
struct Figures {
    words: u64,
    sentences: u64,
    load_time: Duration,
    time: Duration,
    memory_hits: Option<usize>,
}

impl Figures {
    /// Source words a second.
    fn rate(&self) -> f64 {
        self.words as f64 / self.time.as_secs_f64().max(1e-9)
    }

    /// Writes them where the options ask for it, and tells them.
    fn tell(&self, args: &Args, opened: &Opened, terminal: &Terminal) -> anyhow::Result<()> {
        if let Some(path) = &args.stats {
            let stats = Stats {
                source_words: self.words,
                sentences: self.sentences,
                load_seconds: self.load_time.as_secs_f64(),
                translate_seconds: self.time.as_secs_f64(),
                memory_hits: self.memory_hits,
                peak_rss_bytes: peak_memory(),
                model: opened.translator().name().to_owned(),
                options: RunOptions {
                    from: args.model.languages.from.to_string(),
                    to: args.model.languages.to.to_string(),
                    beam_size: args.model.beam_size,
                    threads: translation::threads(args.model.threads),
                    backend: match args.model.backend {
                        Backend::Native => "native",
                        Backend::RustBert => "rust-bert",
                    },
                    kernel: match (opened.engine(), args.model.device) {
                        (Some(engine), _) => engine.kernel().into(),
                        (None, Device::Cpu) => "cpu".into(),
                        (None, Device::Cuda(number)) => format!("cuda:{number}"),
                    },
                },
            };
            write_file(path, |out| {
                serde_json::to_writer_pretty(&mut *out, &stats)?;
                Ok(writeln!(out)?)
            })?;
        }
        if let Some(engine) = opened.engine().filter(|_| args.model.profile) {
            terminal.note(profile::table(&engine.profile()));
        }
        terminal.detail(format_args!(
            "{} words in {:.1} s ({:.0} words a second); the model loaded in {:.3} s",
            self.words,
            self.time.as_secs_f64(),
            self.rate(),
            self.load_time.as_secs_f64()
        ));
        Ok(())
    }
}

/// The path that the options name for the results; `-` for standard output.
fn output_of(args: &Args) -> &Path {
    args.output.as_deref().unwrap_or(Path::new("-"))
}

/// The most memory that this process has held at once, in bytes; Linux tells it.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
