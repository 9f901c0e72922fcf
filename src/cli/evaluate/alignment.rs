//! `visavis evaluate alignment`: sentence links against links made by hand.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::ensure;
use visavis::align::sentence::links::{self, Link};
use visavis::evaluate::alignment::{self, Kind, Scores};

use super::{OutputFormat, load, print};
use crate::cli::{Outcome, terminal::Terminal};

/// Score sentence links against links made by hand.
///
/// Both files hold a link a line, `[0,1]:[0]`, as `visavis align sentences --output-format links`
/// writes them. The scores are those of Vecalign's score.py: precision counts every link found,
/// recall the gold links both of whose sides have lines. Of several pairs of files the counts are
/// added up.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis evaluate alignment novel.gold novel.links
  visavis evaluate alignment a.gold a.links b.gold b.links --output-format json")]
pub struct Args {
    /// Gold links, links found; and again for further texts.
    #[arg(value_name = "GOLD FOUND", required = true, num_args = 2..)]
    files: Vec<PathBuf>,
    /// How to print the scores.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output_format: OutputFormat,
}

/// What is printed as JSON.
#[derive(serde::Serialize)]
struct Report {
    strict: Measures,
    lax: Measures,
    /// Gold links by how many lines they have on either side, and the share found exactly.
    kinds: Vec<KindReport>,
    signature: String,
}

#[derive(serde::Serialize)]
struct Measures {
    precision: f64,
    recall: f64,
    f1: f64,
}

#[derive(serde::Serialize)]
struct KindReport {
    kind: String,
    links: usize,
    recall: f64,
}

pub fn run(args: &Args, _terminal: &Terminal) -> anyhow::Result<Outcome> {
    ensure!(
        args.files.len().is_multiple_of(2),
        "there must be a file of links found for every file of gold links; {} files were given",
        args.files.len()
    );
    let mut scores = Scores::default();
    for pair in args.files.chunks_exact(2) {
        let gold = read(&pair[0])?;
        ensure!(
            !gold.is_empty(),
            "{} has no links, so there is nothing to compare with",
            pair[0].display()
        );
        scores += alignment::compare(&gold, &read(&pair[1])?);
    }
    let report = report(&scores);
    print(&report, args.output_format, |out| write(&report, out))?;
    Ok(Outcome::Done)
}

fn read(path: &Path) -> anyhow::Result<Vec<Link>> {
    let (name, bytes) = load(path)?;
    Ok(links::read(&name, &String::from_utf8_lossy(&bytes))?)
}

fn report(scores: &Scores) -> Report {
    let kind = |&(small, large): &Kind| match (small, large) {
        _ if small == large => format!("{small}–{large}"),
        _ => format!("{small}–{large}, {large}–{small}"),
    };
    Report {
        strict: Measures {
            precision: scores.found.strict_share(),
            recall: scores.gold.strict_share(),
            f1: scores.strict_f1(),
        },
        lax: Measures {
            precision: scores.found.lax_share(),
            recall: scores.gold.lax_share(),
            f1: scores.lax_f1(),
        },
        kinds: scores
            .kinds
            .iter()
            .map(|(name, right)| KindReport {
                kind: kind(name),
                links: right.links,
                recall: right.strict_share(),
            })
            .collect(),
        signature: alignment::signature(),
    }
}

fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "           strict     lax")?;
    for (name, strict, lax) in [
        ("precision", report.strict.precision, report.lax.precision),
        ("recall", report.strict.recall, report.lax.recall),
        ("F1", report.strict.f1, report.lax.f1),
    ] {
        writeln!(out, "{name:<11}{strict:.4}  {lax:.4}")?;
    }
    writeln!(out, "\nGold links found exactly, by lines on either side")?;
    for kind in &report.kinds {
        writeln!(
            out,
            "{:<11}{:.4}  of {}",
            kind.kind, kind.recall, kind.links
        )?;
    }
    writeln!(out, "\n{}", report.signature)
}
