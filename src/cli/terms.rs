//! `visavis terms`: the lexicon of loaded terms, to browse, to check, and for other tools.

mod concordance;
mod exchange;

use std::path::PathBuf;

use anyhow::bail;
use clap::{Subcommand, ValueEnum};
use serde::Serialize;
use visavis::bitext::Severity;
use visavis::terms::{Entry, Lexicon, Rendering, Tongue, find};

use super::lexicon::LexiconOptions;
use super::output::OutputOptions;
use super::{Outcome, terminal::Terminal};

/// Browse, check, import and export the lexicon of loaded terms.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis terms list --category distancing
  visavis terms list --output-format tsv -o terms.tsv
  visavis terms explain prétendues
  visavis terms check my-terms.toml
  visavis terms concordance prétendu articles/*.txt
  visavis terms import glossary.tbx -o my-terms.toml
  visavis terms export -o terms.csv")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    List(ListArgs),
    Check(CheckArgs),
    Explain(ExplainArgs),
    Concordance(concordance::Args),
    Import(exchange::ImportArgs),
    Export(exchange::ExportArgs),
}

/// List the entries.
#[derive(clap::Args, Debug)]
struct ListArgs {
    /// List the entries of this category alone; may be given more than once.
    #[arg(long, value_name = "CATEGORY")]
    category: Vec<String>,
    /// How to print them.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output_format: OutputFormat,
    #[command(flatten)]
    output: OutputOptions,
    #[command(flatten)]
    lexicon: LexiconOptions,
}

/// Validate lexicons of your own: every entry that is wrong is told with its line; entries that
/// miss their own example, that find the same as another, or that another keeps from being found.
#[derive(clap::Args, Debug)]
struct CheckArgs {
    /// The lexicons (TOML).
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Show which entries a term belongs to, why it is loaded, and its renderings.
#[derive(clap::Args, Debug)]
struct ExplainArgs {
    /// A term in any of its forms, or the id of an entry.
    #[arg(required = true, value_name = "TERM")]
    term: Vec<String>,
    #[command(flatten)]
    lexicon: LexiconOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// A line for each entry, to read.
    Text,
    /// A table.
    Tsv,
    /// An object a line.
    Jsonl,
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    match &args.command {
        Command::List(args) => list(args, terminal),
        Command::Check(args) => check(args, terminal),
        Command::Explain(args) => explain(args),
        Command::Concordance(args) => concordance::run(args, terminal),
        Command::Import(args) => exchange::read(args, terminal),
        Command::Export(args) => exchange::write(args),
    }?;
    Ok(Outcome::Done)
}

/// An entry as it is listed.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    lemma: &'a str,
    category: &'a str,
    severity: Severity,
    reason: &'a str,
    keep: Vec<&'a str>,
    soften: Vec<&'a str>,
    strengthen: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn new(entry: &'a Entry) -> Self {
        Self {
            id: &entry.id,
            lemma: &entry.lemma,
            category: &entry.category,
            severity: entry.severity,
            reason: &entry.reason,
            keep: written(&entry.keep),
            soften: written(&entry.soften),
            strengthen: written(&entry.strengthen),
        }
    }
}

fn written(renderings: &[Rendering]) -> Vec<&str> {
    renderings.iter().map(|r| r.written.as_str()).collect()
}

fn list(args: &ListArgs, terminal: &Terminal) -> anyhow::Result<()> {
    let lexicon = args.lexicon.load()?;
    let categories = categories(&lexicon);
    if let Some(unknown) = args
        .category
        .iter()
        .find(|c| !categories.contains(&c.as_str()))
    {
        bail!(
            "no entry is of the category “{unknown}”; there are {}",
            categories.join(", ")
        );
    }
    let entries = lexicon.entries();
    let listed =
        |entry: &&Entry| args.category.is_empty() || args.category.contains(&entry.category);
    let entries: Vec<&Entry> = entries.filter(listed).collect();
    args.output.write(|out| {
        if args.output_format == OutputFormat::Tsv {
            writeln!(
                out,
                "id\tlemma\tcategory\tseverity\treason\tkeep\tsoften\tstrengthen"
            )?;
        }
        for entry in &entries {
            let row = Row::new(entry);
            match args.output_format {
                OutputFormat::Text => writeln!(
                    out,
                    "{:<13} {:<7} {:<28} {}",
                    row.category,
                    row.severity.name(),
                    row.lemma,
                    row.reason
                )?,
                OutputFormat::Tsv => {
                    let lists = [&row.keep, &row.soften, &row.strengthen].map(|l| l.join(", "));
                    let [keep, soften, strengthen] = &lists;
                    let severity = row.severity.name();
                    let cells = [
                        row.id,
                        row.lemma,
                        row.category,
                        severity,
                        row.reason,
                        keep,
                        soften,
                        strengthen,
                    ];
                    let cells = cells.map(|cell| cell.replace(['\t', '\n', '\r'], " "));
                    writeln!(out, "{}", cells.join("\t"))?;
                }
                OutputFormat::Jsonl => writeln!(out, "{}", serde_json::to_string(&row)?)?,
            }
        }
        Ok(())
    })?;
    terminal.note(format_args!("{} entries", entries.len()));
    Ok(())
}

/// The categories, in the order of the lexicon.
fn categories(lexicon: &Lexicon) -> Vec<&str> {
    let mut categories: Vec<&str> = Vec::new();
    for entry in lexicon.entries() {
        if !categories.contains(&entry.category.as_str()) {
            categories.push(&entry.category);
        }
    }
    categories
}

fn check(args: &CheckArgs, terminal: &Terminal) -> anyhow::Result<()> {
    let mut problems = Vec::new();
    for file in &args.files {
        match Lexicon::check(file) {
            Err(error) => problems.push(format!("{:#}", anyhow::Error::new(error))),
            Ok((lexicon, wrong)) => {
                if wrong.is_empty() {
                    let entries = lexicon.entries().len();
                    terminal.note(format_args!("{}: {entries} entries, sound", file.display()));
                }
                problems.extend(wrong.iter().map(ToString::to_string));
            }
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    bail!(
        "the lexicon cannot be used as it is\n{}",
        problems.join("\n")
    );
}

fn explain(args: &ExplainArgs) -> anyhow::Result<()> {
    let lexicon = args.lexicon.load()?;
    let term = args.term.join(" ");
    let ids = entries_of(&term, &lexicon);
    let entries = lexicon.entries();
    let entries: Vec<&Entry> = entries.filter(|e| ids.contains(&e.id)).collect();
    if entries.is_empty() {
        bail!("no entry finds “{term}”; see `visavis terms list`, or write a lexicon of your own");
    }
    OutputOptions::default().write(|out| {
        for (number, entry) in entries.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            let severity = entry.severity.name();
            writeln!(
                out,
                "{} ({}, {severity}; {})",
                entry.lemma, entry.category, entry.id
            )?;
            writeln!(out, "  why          {}", entry.reason)?;
            for (what, renderings) in [
                ("keeps", &entry.keep),
                ("softens", &entry.soften),
                ("strengthens", &entry.strengthen),
            ] {
                if !renderings.is_empty() {
                    writeln!(out, "  {what:<12} {}", written(renderings).join(", "))?;
                }
            }
            for (what, list) in [
                ("forms", &entry.forms),
                ("found in", &entry.examples),
                ("not in", &entry.counterexamples),
            ] {
                if !list.is_empty() {
                    let separator = if what == "forms" { ", " } else { " | " };
                    writeln!(out, "  {what:<12} {}", list.join(separator))?;
                }
            }
        }
        Ok(())
    })
}

/// The ids of the entries that a term in any of its forms, or an id, belongs to.
fn entries_of(term: &str, lexicon: &Lexicon) -> Vec<String> {
    let lower = term.to_lowercase();
    let tongues = [Tongue::French, Tongue::English];
    let finds = tongues
        .iter()
        .flat_map(|&tongue| find(term, lexicon, tongue));
    let found: Vec<String> = finds.map(|f| f.entry.id.clone()).collect();
    let matches = |entry: &&Entry| {
        entry.id == lower
            || entry.lemma.to_lowercase() == lower
            || entry.forms.contains(&lower)
            || found.contains(&entry.id)
    };
    let entries = lexicon.entries().filter(matches);
    entries.map(|entry| entry.id.clone()).collect()
}
