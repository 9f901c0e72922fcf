//! `visavis evaluate translation`: BLEU and chrF, as sacreBLEU computes them.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use visavis::evaluate::{self, bleu::bleu, chrf::chrf};

use super::{OutputFormat, load, print};
use crate::cli::{Outcome, terminal::Terminal};

/// Score a translation against references, a segment a line.
///
/// BLEU and chrF equal sacreBLEU's on the same files: 13a tokenisation, exponential smoothing,
/// case kept; character n-grams up to 6, recall weighted twice. The signature says how each
/// number came about.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis evaluate translation output.en --reference gold.en
  visavis translate news.fr --input-format lines | visavis evaluate translation - --reference news.en
  visavis evaluate translation output.en --reference a.en --reference b.en --metric chrf --chrf-word-order 2")]
pub struct Args {
    /// The translation, a segment a line; `-` is standard input.
    #[arg(value_name = "HYPOTHESIS")]
    hypothesis: PathBuf,
    /// A reference with the same lines; may be given more than once.
    #[arg(short, long, value_name = "REF", required = true)]
    reference: Vec<PathBuf>,
    /// What to compute.
    #[arg(
        short,
        long,
        value_name = "METRIC",
        value_delimiter = ',',
        default_value = "bleu,chrf"
    )]
    metric: Vec<Metric>,
    /// Longest word n-grams that chrF counts: 0 is chrF, 2 is chrF++.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=4))]
    chrf_word_order: u8,
    /// How to print the scores.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output_format: OutputFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Metric {
    /// N-gram precision of words.
    Bleu,
    /// N-gram F-score of characters.
    Chrf,
}

/// A score under the names that sacreBLEU's JSON gives its parts.
#[derive(serde::Serialize)]
struct Score {
    name: String,
    score: f64,
    signature: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    verbose_score: Option<String>,
    segments: usize,
}

pub fn run(args: &Args, _terminal: &Terminal) -> anyhow::Result<Outcome> {
    let (name, bytes) = load(&args.hypothesis)?;
    let hypotheses = evaluate::lines(&name, &bytes)?;
    let files: Vec<(String, Vec<u8>)> = args
        .reference
        .iter()
        .map(|path| load(path))
        .collect::<Result<_, _>>()?;
    let references: Vec<(&str, Vec<&str>)> = files
        .iter()
        .map(|(name, bytes)| Ok((name.as_str(), evaluate::lines(name, bytes)?)))
        .collect::<Result<_, evaluate::Error>>()?;
    let references = evaluate::same_lines(&name, &hypotheses, references)?;

    let mut scores = Vec::new();
    for metric in &args.metric {
        scores.push(match metric {
            Metric::Bleu => {
                let bleu = bleu(&hypotheses, &references);
                Score {
                    name: "BLEU".into(),
                    score: bleu.score,
                    signature: bleu.signature(),
                    verbose_score: Some(bleu.details()),
                    segments: hypotheses.len(),
                }
            }
            Metric::Chrf => {
                let chrf = chrf(&hypotheses, &references, args.chrf_word_order.into());
                Score {
                    name: chrf.name(),
                    score: chrf.score,
                    signature: chrf.signature(),
                    verbose_score: None,
                    segments: hypotheses.len(),
                }
            }
        });
    }
    print(&scores, args.output_format, |out| write(&scores, out))?;
    Ok(Outcome::Done)
}

/// A line for each metric: name, signature, score.
fn write(scores: &[Score], out: &mut dyn Write) -> io::Result<()> {
    for score in scores {
        let details = score.verbose_score.as_ref().map(|d| format!(" {d}"));
        writeln!(
            out,
            "{}|{} = {:.2}{}",
            score.name,
            score.signature,
            score.score,
            details.unwrap_or_default()
        )?;
    }
    Ok(())
}
