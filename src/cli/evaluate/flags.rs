//! `visavis evaluate flags`: how well loaded paragraphs are told, against annotated ones.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::ValueEnum;
use sha2::{Digest, Sha256};
use visavis::evaluate::{
    self,
    flags::{self, Judged, Scores},
};
use visavis::language::Language;
use visavis::terms::triage::{self, Weight};
use visavis::terms::{Lexicon, Tongue, find};

use super::load;
use crate::cli::{Outcome, terminal::Terminal};

/// Score how well loaded paragraphs are told from others, against annotated paragraphs.
///
/// A table of SemEval-2023 has a row of titles and the columns article, paragraph, techniques
/// (parted by commas) and text. A paragraph is loaded where its techniques name the one that
/// --technique names. Articles whose SHA-256 begins with an odd byte are the test part, which
/// nothing was trained on.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis evaluate flags semeval2023.fr.train.tsv --from fr
  visavis evaluate flags semeval2023.en.train.tsv --from en --part all --curve")]
pub struct Args {
    /// The annotated paragraphs.
    #[arg(value_name = "TABLE")]
    gold: PathBuf,
    /// Language of the paragraphs.
    #[arg(long, value_name = "LANG", default_value = "fr")]
    from: Language,
    /// Which articles to score.
    #[arg(long, value_name = "PART", default_value = "test")]
    part: Part,
    /// The technique that makes a paragraph loaded.
    #[arg(long, value_name = "NAME", default_value = "Loaded_Language")]
    technique: String,
    /// Print the curve too: precision at each tenth of recall.
    #[arg(long)]
    curve: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// What nothing was trained on.
    Test,
    /// What the weights were trained on.
    Tune,
    /// Both.
    All,
}

pub fn run(args: &Args, _terminal: &Terminal) -> anyhow::Result<Outcome> {
    let Some(tongue) = Tongue::of(&args.from) else {
        bail!(
            "there is no triage of {}; give --from fr or en",
            args.from.code()
        );
    };
    let (name, bytes) = load(&args.gold)?;
    let text = evaluate::text(&name, &bytes)?;
    let lexicon = Lexicon::builtin()?;
    let mut judged = Vec::new();
    for (number, row) in text.lines().enumerate().skip(1) {
        let mut cells = row.splitn(4, '\t');
        let (Some(article), Some(_), Some(techniques), Some(text)) =
            (cells.next(), cells.next(), cells.next(), cells.next())
        else {
            bail!(
                "{name}:{}: a row has four cells: article, paragraph, techniques, text",
                number + 1
            );
        };
        let is_test = Sha256::digest(article.as_bytes())[0] % 2 == 1;
        if args.part == Part::Test && !is_test || args.part == Part::Tune && is_test {
            continue;
        }
        let finds = find(text, &lexicon, tongue);
        let finds: Vec<Weight> = finds
            .iter()
            .map(|find| (find.severity, find.entry.category.as_str()))
            .collect();
        let loadedness = triage::loadedness(text, &finds, tongue)?;
        judged.push(Judged {
            gold: techniques.split(',').any(|t| t == args.technique),
            score: f64::from(loadedness.score),
            called: loadedness.loaded,
        });
    }
    let Some(scores) = flags::score(&judged) else {
        bail!(
            "no paragraph of {name} has the technique {}",
            args.technique
        );
    };
    print(args, &judged, &scores).context("cannot write the scores")?;
    Ok(Outcome::Done)
}

fn print(args: &Args, judged: &[Judged], scores: &Scores) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let gold = judged.iter().filter(|p| p.gold).count();
    writeln!(
        out,
        "F1 {:.3} (precision {:.3}, recall {:.3}), average precision {:.3}; {} of {} paragraphs \
         are loaded",
        scores.f1,
        scores.precision,
        scores.recall,
        scores.average_precision,
        gold,
        judged.len()
    )?;
    if args.curve {
        writeln!(out, "recall  precision  threshold")?;
        for tenth in 1..=10 {
            let wanted = f64::from(tenth) / 10.0;
            if let Some(point) = scores.curve.iter().find(|p| p.recall >= wanted - 1e-9) {
                writeln!(
                    out,
                    "{wanted:>6.1}  {:>9.3}  {:>9.3}",
                    point.precision, point.threshold
                )?;
            }
        }
    }
    out.flush()
}
