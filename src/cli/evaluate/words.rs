//! `visavis evaluate words`: word links against links made by hand.

use std::path::{Path, PathBuf};

use visavis::evaluate;
use visavis::evaluate::words::{self, Links, Notation};

use super::{OutputFormat, load, print};
use crate::cli::{Outcome, terminal::Terminal};

/// Score word links against links made by hand: alignment error rate, precision, recall.
///
/// Both files have the links of a pair of sentences a line, as `i-j`; in the gold file `i-j` is a
/// sure link, `ipj` a possible one. A line may begin with its number and a tab.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis align words pairs.txt | visavis evaluate words gold.txt -
  visavis evaluate words gold.txt links.txt --gold-from-one --gold-target-first")]
pub struct Args {
    /// The links made by hand.
    #[arg(value_name = "GOLD")]
    gold: PathBuf,
    /// The links to score; `-` is standard input.
    #[arg(value_name = "SYSTEM")]
    system: PathBuf,
    /// Words count from 1 in GOLD, not from 0.
    #[arg(long)]
    gold_from_one: bool,
    /// The target's word stands first in the links of GOLD.
    #[arg(long)]
    gold_target_first: bool,
    /// Words count from 1 in SYSTEM, not from 0.
    #[arg(long)]
    system_from_one: bool,
    /// The target's word stands first in the links of SYSTEM.
    #[arg(long)]
    system_target_first: bool,
    /// How to print the scores.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output_format: OutputFormat,
}

#[derive(serde::Serialize)]
struct Score {
    aer: f64,
    precision: f64,
    recall: f64,
    /// Pairs of sentences.
    pairs: usize,
    /// Links found, sure gold links, found ones that are gold, found ones that are sure.
    found: usize,
    sure: usize,
    correct: usize,
    correct_sure: usize,
    signature: String,
}

pub fn run(args: &Args, _terminal: &Terminal) -> anyhow::Result<Outcome> {
    let gold = read(
        &args.gold,
        Notation {
            from_one: args.gold_from_one,
            target_first: args.gold_target_first,
        },
    )?;
    let system = read(
        &args.system,
        Notation {
            from_one: args.system_from_one,
            target_first: args.system_target_first,
        },
    )?;
    let counts = words::compare((&gold.0, &gold.1), (&system.0, &system.1))?;
    let score = Score {
        aer: counts.error_rate(),
        precision: counts.precision(),
        recall: counts.recall(),
        pairs: gold.1.len(),
        found: counts.found,
        sure: counts.sure,
        correct: counts.correct,
        correct_sure: counts.correct_sure,
        signature: words::signature(),
    };
    print(&score, args.output_format, |out| {
        writeln!(
            out,
            "AER|{} = {:.4} (precision {:.4}, recall {:.4}; pairs {}, sure {}, found {}, correct \
             {}, of them sure {})",
            score.signature,
            score.aer,
            score.precision,
            score.recall,
            score.pairs,
            score.sure,
            score.found,
            score.correct,
            score.correct_sure
        )
    })?;
    Ok(Outcome::Done)
}

/// The name and the links of a file.
fn read(path: &Path, notation: Notation) -> anyhow::Result<(String, Vec<Links>)> {
    let (name, bytes) = load(path)?;
    let lines = evaluate::lines(&name, &bytes)?;
    let links = words::parse(&name, &lines, notation)?;
    Ok((name, links))
}
