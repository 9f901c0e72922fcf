//! `visavis translate`: text in, text out, or a bitext.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde::Serialize;
use visavis::bitext::Format;
use visavis::document::Document;

use super::bitexts::{self, TextOrBitext};
use super::options::{InputOptions, ModelOptions};
use super::output::{OutputOptions, is_stream, write_file};
use super::translation::{self, Run};
use super::{Outcome, input, output, terminal::Terminal};

/// Translate text; the format is kept.
///
/// Paragraphs, blank lines and a leading date stay as they are. Files that hold a sentence a line
/// (--input-format lines, or named .lines, .fr, .en …) keep their lines one for one.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis translate article.fr.txt -o article.en.txt
  visavis translate article.fr.txt -o article.tmx         both texts, sentence by sentence
  visavis translate news/*.txt -o news.en/                a folder, the files' names kept
  zcat corpus.gz | visavis translate --input-format lines > corpus.en
  visavis translate essay.txt --from en --to fr --beam-size 1")]
pub struct Args {
    #[command(flatten)]
    input: InputOptions,
    /// Write to this file, or for several files into this folder; `-` is standard output
    /// [default: standard output].
    #[arg(short, long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    /// What to write [default: guessed from the output's name, else text].
    #[arg(long, value_name = "FORMAT")]
    output_format: Option<TextOrBitext>,
    #[command(flatten)]
    model: ModelOptions,
    /// Write what the run did to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    stats: Option<PathBuf>,
}

/// What a run did, for benchmarks and logs.
#[derive(Serialize)]
struct Stats {
    source_words: usize,
    sentences: usize,
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
    kernel: &'static str,
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let format = TextOrBitext::bitext_format(args.output_format, args.output.as_deref());
    let documents = input::documents(&args.input, terminal)?;
    let destinations = match format {
        Some(format) => {
            let output = args.output.as_deref().unwrap_or(Path::new("-"));
            bitexts::check(output, format, &args.model.languages, &args.input.files)?;
            Vec::new()
        }
        None => destinations(args)?,
    };
    if let Some(path) = &args.stats {
        output::check(path, &args.input.files)?;
    }
    let memory = translation::memory(&args.model)?;
    let start = Instant::now();
    let mut native = translation::open(&args.model, terminal)?;
    let load_time = start.elapsed();
    if matches!(format, None | Some(Format::Moses)) {
        native = native.without_links();
    }
    let languages = &args.model.languages;
    let translator = translation::translator(&native, memory.as_ref(), languages)?;
    let run = translation::run(&documents, languages, &*translator, terminal)?;
    match format {
        Some(format) => write_bitext(args, &run, format, terminal)?,
        None => write_texts(&documents, &run, &destinations, terminal)?,
    }
    if let Some(path) = &args.stats {
        let stats = Stats {
            source_words: run.source_words,
            sentences: run.translated.bitext.pairs.len(),
            load_seconds: load_time.as_secs_f64(),
            translate_seconds: run.time.as_secs_f64(),
            memory_hits: translator.memory_hits(),
            peak_rss_bytes: peak_memory(),
            model: translator.name().to_owned(),
            options: RunOptions {
                from: args.model.languages.from.to_string(),
                to: args.model.languages.to.to_string(),
                beam_size: args.model.beam_size,
                threads: translation::threads(&args.model),
                kernel: native.engine().kernel(),
            },
        };
        write_file(path, |out| {
            serde_json::to_writer_pretty(&mut *out, &stats)?;
            Ok(writeln!(out)?)
        })?;
    }
    terminal.detail(told(&run, load_time));
    Ok(Outcome::Done)
}

fn told(run: &Run, load_time: Duration) -> String {
    let seconds = run.time.as_secs_f64();
    format!(
        "{} words in {seconds:.1} s ({:.0} words a second); the model loaded in {:.3} s",
        run.source_words,
        run.source_words as f64 / seconds.max(1e-9),
        load_time.as_secs_f64()
    )
}

/// Where each file's translation goes; nothing for standard output.
fn destinations(args: &Args) -> anyhow::Result<Vec<PathBuf>> {
    let Some(output) = args.output.as_deref().filter(|path| !is_stream(path)) else {
        return Ok(Vec::new());
    };
    let files = &args.input.files;
    let named_as_folder = output.as_os_str().to_string_lossy().ends_with(['/', '\\']);
    if !named_as_folder && !output.is_dir() {
        return match files.as_slice() {
            [_] => {
                output::check(output, files)?;
                Ok(vec![output.to_owned()])
            }
            _ => bail!(
                "several files cannot go into the one file {}; name a folder: {}/",
                output.display(),
                output.display()
            ),
        };
    }
    let mut paths: Vec<PathBuf> = Vec::with_capacity(files.len());
    for file in files {
        let name = file
            .file_name()
            .filter(|_| !is_stream(file))
            .with_context(|| format!("{} has no name to keep; give -o FILE", file.display()))?;
        let path = output.join(name);
        if paths.contains(&path) {
            bail!(
                "two of the files would both become {}; translate them apart",
                path.display()
            );
        }
        paths.push(path);
    }
    fs::create_dir_all(output)
        .with_context(|| format!("cannot make the folder {}", output.display()))?;
    paths
        .iter()
        .try_for_each(|path| output::check(path, files))?;
    Ok(paths)
}

fn write_bitext(args: &Args, run: &Run, format: Format, terminal: &Terminal) -> anyhow::Result<()> {
    let bitext = &run.translated.bitext;
    let output = args.output.as_deref().unwrap_or(Path::new("-"));
    bitexts::note_losses(bitext, format, terminal);
    let written = bitexts::save(bitext, output, format)?;
    bitexts::note_written(bitext, &written, terminal);
    Ok(())
}

fn write_texts(
    documents: &[Document],
    run: &Run,
    destinations: &[PathBuf],
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let texts = documents.iter().zip(&run.translated.texts);
    let mut texts = texts.map(|(document, texts)| document.write_with(texts));
    if destinations.is_empty() {
        return OutputOptions::default()
            .write(|out| texts.try_for_each(|text| Ok(out.write_all(text?.as_bytes())?)));
    }
    for (text, path) in texts.zip(destinations) {
        let text = text?;
        write_file(path, |out| Ok(out.write_all(text.as_bytes())?))?;
        terminal.note(format_args!("wrote {}", path.display()));
    }
    Ok(())
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
