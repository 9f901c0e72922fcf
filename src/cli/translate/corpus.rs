//! Text in, text out: files and folders of any size, with a journal where the results go to files.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::{Context, bail};
use visavis::bitext::Format;
use visavis::compression::Compression;
use visavis::corpus::{self, Done, Found, InputFile, Job, Output, Settings, Status};
use visavis::document::records::{Kind, Layout};

use super::super::output::{is_folder, is_stream};
use super::super::translation::{self, Opened};
use super::super::{Outcome, interrupt, output, terminal::Terminal};
use super::progress::Shown;
use super::{Args, Figures, output_of, report};

/// Where the results go.
enum Destination {
    /// One after the other to a stream.
    Stream(Box<dyn Write + Send>),
    /// One file.
    File(PathBuf),
    /// Files below a folder.
    Folder(PathBuf),
}

/// Translates `found`; into bitexts where a format of them is given.
pub(super) fn run(
    args: &Args,
    bitext: Option<Format>,
    found: &[Found],
    terminal: &Terminal,
) -> anyhow::Result<Outcome> {
    let destination = destination(args, found)?;
    let files = files(args, bitext, found, &destination, terminal)?;
    let bytes = total_bytes(found);
    let journal = match &destination {
        Destination::Stream(_) => None,
        Destination::File(path) => Some(corpus::journal_beside(path, false)),
        Destination::Folder(path) => Some(corpus::journal_beside(path, true)),
    };
    let memory = translation::memory(&args.model)?;
    let start = Instant::now();
    let mut opened = translation::open(&args.model, terminal)?;
    if bitext.is_none() {
        opened = opened.without_links();
    }
    let load_time = start.elapsed();
    let languages = &args.model.languages;
    let translator = translation::translator(&opened, memory.as_ref(), languages)?;
    if let Destination::Folder(path) = &destination {
        fs::create_dir_all(path)
            .with_context(|| format!("cannot make the folder {}", path.display()))?;
    }
    let resumable = journal.is_some();
    let stop = if resumable {
        interrupt::stop_after_batch()
    } else {
        // Nothing could go on from a stream, so there is nothing to wait for.
        Arc::new(AtomicBool::new(false))
    };
    let files_count = files.len();
    let shown = Shown::new(args.progress, files_count, bytes, terminal);
    let job = Job {
        files,
        journal: journal.clone(),
        settings: settings(args, bitext, &opened),
        fresh: args.fresh,
        window: args.window,
        keeps_problems: args.report.is_some(),
        from: languages.from.clone(),
        output: match bitext {
            None => Output::Translation,
            Some(format) => Output::Bitext {
                format,
                to: languages.to.clone(),
            },
        },
        stream: match destination {
            Destination::Stream(stream) => stream,
            Destination::File(_) | Destination::Folder(_) => Box::new(io::sink()),
        },
    };
    let result = corpus::run(job, &*translator, &shown, &stop);
    let mut done = match result {
        Ok(done) => done,
        Err(error) => {
            shown.clear();
            if journal.is_some_and(|journal| journal.exists())
                && !matches!(
                    error,
                    corpus::Error::Locked { .. }
                        | corpus::Error::OtherJob { .. }
                        | corpus::Error::Changed { .. }
                        | corpus::Error::Damaged { .. }
                )
            {
                terminal.note(KEPT);
            }
            return Err(error.into());
        }
    };
    shown.finish(&Status {
        totals: done.totals.clone(),
        read: bytes.filter(|_| !done.stopped).unwrap_or(0),
        memory_hits: translator.memory_hits(),
    });
    let figures = Figures {
        words: done.totals.words - done.earlier.words,
        sentences: done.totals.sentences - done.earlier.sentences,
        load_time,
        time: done.time,
        memory_hits: translator.memory_hits(),
    };
    end(args, &mut done, &figures, translator.name(), terminal)?;
    figures.tell(args, &opened, terminal)?;
    let (stopped, failed) = (done.stopped, done.failures.len());
    let has_problems = done.totals.problem_count() > 0;
    done.finish()?;
    if stopped {
        return Ok(Outcome::Interrupted);
    }
    if failed > 0 {
        bail!("{failed} of {files_count} files could not be read; {AGAIN}");
    }
    if has_problems && args.fail_on_findings {
        return Ok(Outcome::Findings);
    }
    Ok(Outcome::Done)
}

const KEPT: &str = "what is translated so far is kept; the same command goes on from there";
const AGAIN: &str = "the same command tries them again";

/// What is said and written at the end of a run.
fn end(
    args: &Args,
    done: &mut Done,
    figures: &Figures,
    model: &str,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    if let Some(path) = &args.report {
        report::write(path, done, model)?;
    }
    report::tell(done, args.report.as_deref(), terminal);
    let output = output_of(args);
    if is_stream(output) {
        return Ok(());
    }
    let totals = &done.totals;
    let hits = match figures.memory_hits {
        Some(hits) => format!(", {hits} sentences from the memory"),
        None => String::new(),
    };
    let lines = format!(
        "{} lines, {} words in {:.1} s ({:.0} words a second){hits}",
        totals.lines - done.earlier.lines,
        figures.words,
        figures.time.as_secs_f64(),
        figures.rate()
    );
    if done.stopped {
        terminal.note(format_args!(
            "stopped after {} lines; {lines}; {KEPT}",
            totals.lines
        ));
        return Ok(());
    }
    let earlier = match done.earlier.lines {
        0 => String::new(),
        earlier => format!(", after {earlier} lines of an earlier run"),
    };
    let what = match totals.files {
        1 if !output.is_dir() => output.display().to_string(),
        1 => format!("1 file in {}", output.display()),
        files => format!("{files} files in {}", output.display()),
    };
    terminal.note(format_args!("wrote {what}: {lines}{earlier}"));
    Ok(())
}

fn destination(args: &Args, found: &[Found]) -> anyhow::Result<Destination> {
    let in_folder = found.iter().any(|file| file.in_folder);
    let output = output_of(args);
    if is_stream(output) {
        if in_folder {
            bail!("a folder is translated into a folder; name it with -o DIR/");
        }
        return Ok(Destination::Stream(Box::new(io::stdout())));
    }
    if in_folder || is_folder(output) {
        if output.exists() && !output.is_dir() {
            bail!(
                "{} is a file; the translation of a folder needs a folder",
                output.display()
            );
        }
        return Ok(Destination::Folder(output.to_owned()));
    }
    if found.len() > 1 {
        bail!(
            "several files cannot go into the one file {}; name a folder: {}/",
            output.display(),
            output.display()
        );
    }
    if output.exists() && !output.is_file() {
        // A device or a pipe cannot be replaced.
        let file = fs::File::options().write(true).open(output);
        let file = file.with_context(|| format!("cannot write {}", output.display()))?;
        return Ok(Destination::Stream(Box::new(file)));
    }
    Ok(Destination::File(output.to_owned()))
}

/// The files, each with where it goes; refuses what cannot be done before anything is done.
fn files(
    args: &Args,
    bitext: Option<Format>,
    found: &[Found],
    destination: &Destination,
    terminal: &Terminal,
) -> anyhow::Result<Vec<InputFile>> {
    let targets: Vec<Option<PathBuf>> = match destination {
        Destination::Stream(_) => vec![None; found.len()],
        Destination::File(path) => {
            output::check(path, &args.files)?;
            vec![Some(path.clone())]
        }
        Destination::Folder(folder) => {
            if let Some(file) = found.iter().find(|file| file.relative.is_none()) {
                bail!("{} has no name to keep; give -o FILE", file.path.display());
            }
            let mut targets = corpus::targets(found, folder)?;
            if let Some(format) = bitext {
                for target in &mut targets {
                    target.as_mut_os_string().push(".");
                    target.as_mut_os_string().push(format.extension());
                }
            }
            refuse_to_overwrite(found, &targets)?;
            targets.into_iter().map(Some).collect()
        }
    };
    let mut files = Vec::with_capacity(found.len());
    for (file, target) in found.iter().zip(targets) {
        let layout = || {
            if bitext.is_some() {
                args.formats.document(file)?;
            }
            args.formats.layout(file, &args.model.languages.to)
        };
        let layout = match layout() {
            Ok(layout) => layout,
            // A stray table in a folder of texts.
            Err(error) if file.in_folder && !args.formats.names_fields() => {
                terminal.warn(format_args!("{error:#}; left out"));
                continue;
            }
            Err(error) => return Err(error),
        };
        let input = InputFile {
            name: file.path.display().to_string(),
            path: file.path.clone(),
            layout,
            target,
        };
        check_parquet(&input)?;
        if bitext.is_none() && args.output_format.is_none() {
            check_name(&input)?;
        }
        // What the user did not name is looked at when its turn comes.
        if !file.in_folder {
            input.check()?;
        }
        files.push(input);
    }
    if files.is_empty() {
        bail!("nothing is left to translate");
    }
    Ok(files)
}

/// A Parquet file's index is at its end, and what is written is put together from the file that was
/// read; so both are files.
fn check_parquet(input: &InputFile) -> anyhow::Result<()> {
    if !matches!(input.layout, Layout::Parquet(_)) {
        return Ok(());
    }
    let name = &input.name;
    if !input.path.is_file() {
        bail!("{name}: Parquet is read from a file, as its index is at its end");
    }
    match &input.target {
        None => bail!("{name}: Parquet is written to a file; name it with -o FILE"),
        Some(target) if Compression::guess(target).0 != Compression::None => bail!(
            "{}: Parquet is compressed within; give a name that ends in .parquet",
            target.display()
        ),
        Some(_) => Ok(()),
    }
}

/// A translation is written as its source is: a name that says another kind of table would deceive
/// whatever reads it.
fn check_name(input: &InputFile) -> anyhow::Result<()> {
    let Some(target) = &input.target else {
        return Ok(());
    };
    let (kept, extensions): (&str, &[Kind]) = match &input.layout {
        Layout::Text | Layout::Lines => ("text", &[Kind::Text, Kind::Lines]),
        Layout::Jsonl(_) => ("JSON Lines", &[Kind::Jsonl]),
        // A table with tabs may have quoted cells or none.
        Layout::Tsv(_) | Layout::Csv(_) => ("a table of text", &[Kind::Tsv, Kind::Csv]),
        Layout::Parquet(_) => ("Parquet", &[Kind::Parquet]),
    };
    let said = Kind::guess(target);
    // Any other name says nothing.
    let says_nothing = matches!(said, Kind::Text | Kind::Lines);
    if says_nothing && !matches!(input.layout, Layout::Parquet(_)) || extensions.contains(&said) {
        return Ok(());
    }
    bail!(
        "{} is {kept}, and so is its translation, but {} is named otherwise; give another name",
        input.name,
        target.display()
    );
}

fn refuse_to_overwrite(found: &[Found], targets: &[PathBuf]) -> anyhow::Result<()> {
    let canonical = |path: &Path| path.canonicalize().ok();
    let inputs: HashSet<PathBuf> = found.iter().filter_map(|f| canonical(&f.path)).collect();
    for (file, target) in found.iter().zip(targets) {
        if canonical(target).is_some_and(|target| inputs.contains(&target)) {
            bail!(
                "{} would be written over itself; give another name",
                file.path.display()
            );
        }
    }
    Ok(())
}

/// Bytes of all files; none where one of them is a stream.
fn total_bytes(found: &[Found]) -> Option<u64> {
    let length = |file: &Found| {
        let metadata = file.path.metadata().ok()?;
        metadata.is_file().then_some(metadata.len())
    };
    found.iter().map(length).sum()
}

/// What makes the job what it is.
fn settings(args: &Args, bitext: Option<Format>, opened: &Opened) -> Settings {
    let translator = opened.translator();
    let checksum = match opened.engine() {
        Some(engine) => &engine.model().header().data_sha256,
        None => translator.checksum(),
    };
    let languages = &args.model.languages;
    let inputs: Vec<String> = args.files.iter().map(|f| f.display().to_string()).collect();
    let mut settings = Settings::from(
        [
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("model", translator.name().to_owned()),
            ("model's checksum", checksum.to_owned()),
            ("search", translator.options()),
            ("source language", languages.from.to_string()),
            ("target language", languages.to.to_string()),
            ("window", args.window.to_string()),
            ("input", inputs.join(", ")),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    if let Some(memory) = &args.model.memory {
        settings.insert("memory".into(), memory.display().to_string());
    }
    if let Some(format) = bitext {
        settings.insert("output format".into(), format.extension().into());
    }
    args.formats.settings(&mut settings);
    settings
}
