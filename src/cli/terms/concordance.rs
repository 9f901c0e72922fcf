//! `visavis terms concordance`: a term in its contexts, on both sides of a bitext.

use std::path::PathBuf;

use anyhow::bail;
use visavis::bitext::{Excerpt, Pair};
use visavis::language::Language;
use visavis::terms;

use super::entries_of;
use crate::cli::flag::{self, InputFormat};
use crate::cli::lexicon::LexiconOptions;
use crate::cli::output::OutputOptions;
use crate::cli::terminal::Terminal;

/// Show every place of a term in texts or bitexts, with the words around it.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis terms concordance prétendu articles/*.txt
  visavis terms concordance régime article.jsonl --context 60

In a bitext the line below shows what became of the term: its rendering with the words around it, and
the verdict.")]
pub struct Args {
    /// A term in any of its forms, or the id of an entry.
    #[arg(value_name = "TERM")]
    term: String,
    /// Texts or bitexts to read.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The input's format [default: guessed from the file's name; else text].
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<InputFormat>,
    /// Language of texts; bitexts say theirs.
    #[arg(long, value_name = "LANG", default_value = "fr")]
    from: Language,
    /// Characters to show on each side of the term.
    #[arg(long, value_name = "N", default_value_t = 40)]
    context: usize,
    #[command(flatten)]
    output: OutputOptions,
    #[command(flatten)]
    lexicon: LexiconOptions,
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<()> {
    let lexicon = args.lexicon.load()?;
    let ids = entries_of(&args.term, &lexicon);
    if ids.is_empty() {
        bail!(
            "no entry finds “{}”; see `visavis terms list`, or write a lexicon of your own",
            args.term
        );
    }
    let lexicon = lexicon.retaining(|entry| ids.contains(&entry.id));
    let mut lines = Vec::new();
    for file in &args.files {
        let mut input = flag::read(file, args.input_format, &args.from, terminal)?;
        terms::flag(&mut input.bitext, &lexicon);
        for pair in &input.bitext.pairs {
            lines.extend(contexts(pair, &file.display().to_string(), args.context));
        }
    }
    args.output.write(|out| {
        for line in &lines {
            writeln!(out, "{line}")?;
        }
        Ok(())
    })?;
    if lines.is_empty() {
        terminal.note(format_args!("no place of “{}” is found", args.term));
    }
    Ok(())
}

/// The lines of a pair's finds.
fn contexts(pair: &Pair, file: &str, width: usize) -> Vec<String> {
    let (source, target) = (pair.source_text(), pair.target_text());
    let block = pair.source.first().map_or(0, |segment| segment.block + 1);
    let mut lines = Vec::new();
    for flag in pair.flags.iter().filter(|f| f.check().is_none()) {
        let place = format!("{file}:{block}");
        lines.push(format!("{place}  {}", around(&source, &flag.source, width)));
        if !target.is_empty() {
            let rendered = match &flag.target {
                Some(excerpt) => around(&target, excerpt, width),
                None => format!("{:>width$} (nothing)", ""),
            };
            let indent = place.chars().count();
            let verdict = flag.verdict.name();
            lines.push(format!("{:indent$}  {rendered}  {verdict}", ""));
        }
    }
    lines
}

/// The excerpt between brackets, with `width` characters on each side.
fn around(text: &str, excerpt: &Excerpt, width: usize) -> String {
    let before: Vec<char> = text.chars().take(excerpt.start).collect();
    let left: String = before[before.len().saturating_sub(width)..]
        .iter()
        .collect();
    let right: String = text.chars().skip(excerpt.end).take(width).collect();
    let line = format!("{left:>width$}[{}]{right:<width$}", excerpt.text);
    line.replace(['\n', '\r', '\t'], " ")
}
