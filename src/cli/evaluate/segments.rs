//! `visavis evaluate segments`: sentence boundaries against sentences split by hand.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use visavis::evaluate::{self, segments};
use visavis::language::Language;
use visavis::segment::Splitter;

use super::{OutputFormat, load, print};
use crate::cli::{Outcome, terminal::Terminal};

/// Score sentence boundaries against sentences split by hand, one a line.
///
/// The sentences of a file are joined by one space and split anew, and the boundaries are
/// compared; the end of the text does not count. With --hypothesis, what another splitter made of
/// the same text is scored.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis evaluate segments gold.txt --from fr
  visavis evaluate segments news.txt law.txt --from en --output-format json
  visavis evaluate segments gold.txt --hypothesis punkt.txt")]
pub struct Args {
    /// The gold sentences, one a line; `-` is standard input.
    #[arg(value_name = "GOLD", required = true)]
    gold: Vec<PathBuf>,
    /// Language of the sentences.
    #[arg(long, value_name = "LANG", default_value = "fr")]
    from: Language,
    /// Another splitter's sentences of the same text, one a line: one file for each GOLD, in
    /// order.
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    hypothesis: Vec<PathBuf>,
    /// How to print the scores.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output_format: OutputFormat,
}

/// The scores of one file.
#[derive(serde::Serialize)]
struct Score {
    file: String,
    f1: f64,
    precision: f64,
    recall: f64,
    /// Boundaries of the gold sentences, boundaries found, and found ones that are gold.
    gold: usize,
    found: usize,
    correct: usize,
    signature: String,
}

pub fn run(args: &Args, _terminal: &Terminal) -> anyhow::Result<Outcome> {
    let hypotheses = args.hypothesis.len();
    ensure!(
        hypotheses == 0 || hypotheses == args.gold.len(),
        "{} gold files but {hypotheses} hypotheses; give --hypothesis once for each, in the same \
         order",
        args.gold.len()
    );
    let splitter = Splitter::new(&args.from);
    let mut scores = Vec::new();
    for (index, path) in args.gold.iter().enumerate() {
        scores.push(match args.hypothesis.get(index) {
            Some(hypothesis) => score_hypothesis(path, hypothesis)?,
            None => score(path, &splitter, &args.from)?,
        });
    }
    print(&scores, args.output_format, |out| write(&scores, out))?;
    Ok(Outcome::Done)
}

/// Splits the text of a gold file, and scores that.
fn score(path: &Path, splitter: &Splitter, language: &Language) -> anyhow::Result<Score> {
    let (name, bytes) = load(path)?;
    let gold = sentences(&name, &bytes)?;
    let text = segments::join(&gold);
    let found = segments::sentences(&text, &splitter.split(&text));
    let signature = segments::signature(&format!("visavis-{language}"));
    compare(name, &gold, &found, signature)
}

/// Scores what another splitter made of the text.
fn score_hypothesis(path: &Path, hypothesis: &Path) -> anyhow::Result<Score> {
    let (name, bytes) = load(path)?;
    let (other_name, other) = load(hypothesis)?;
    let found = evaluate::lines(&other_name, &other)?;
    let signature = segments::signature(&other_name);
    let gold = sentences(&name, &bytes)?;
    compare(name, &gold, &found, signature).with_context(|| other_name)
}

fn compare(
    file: String,
    gold: &[&str],
    found: &[&str],
    signature: String,
) -> anyhow::Result<Score> {
    let boundaries = segments::compare(gold, found)?;
    Ok(Score {
        file,
        f1: boundaries.f1(),
        precision: boundaries.precision(),
        recall: boundaries.recall(),
        gold: boundaries.gold,
        found: boundaries.found,
        correct: boundaries.correct,
        signature,
    })
}

/// The gold sentences of a file, without empty lines.
fn sentences<'a>(name: &str, bytes: &'a [u8]) -> Result<Vec<&'a str>, evaluate::Error> {
    let mut lines = evaluate::lines(name, bytes)?;
    lines.retain(|line| !line.trim().is_empty());
    if lines.is_empty() {
        return Err(evaluate::Error::Empty { file: name.into() });
    }
    Ok(lines)
}

/// A line for each file.
fn write(scores: &[Score], out: &mut dyn Write) -> io::Result<()> {
    for score in scores {
        writeln!(
            out,
            "{}: F1|{} = {:.4} (precision {:.4}, recall {:.4}; gold {}, found {}, correct {})",
            score.file,
            score.signature,
            score.f1,
            score.precision,
            score.recall,
            score.gold,
            score.found,
            score.correct
        )?;
    }
    Ok(())
}
