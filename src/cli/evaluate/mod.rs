//! `visavis evaluate`: scores, one file per kind of thing that is scored.

mod flags;
mod segments;
mod translation;

use std::path::Path;

use super::input::bytes;
use super::output::is_stream;
use super::{Outcome, terminal::Terminal};

/// Score translations, sentence boundaries and the triage of loaded paragraphs.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis evaluate translation output.en --reference gold.en
  visavis evaluate segments gold.txt --from fr
  visavis evaluate flags semeval2023.fr.train.tsv --from fr")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    Flags(flags::Args),
    Segments(segments::Args),
    Translation(translation::Args),
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    match &args.what {
        What::Flags(args) => flags::run(args, terminal),
        What::Segments(args) => segments::run(args, terminal),
        What::Translation(args) => translation::run(args, terminal),
    }
}

/// A file's name, for messages, and its bytes; those of standard input where `path` is `-`.
fn load(path: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    let name = if is_stream(path) {
        "standard input".into()
    } else {
        path.display().to_string()
    };
    Ok((name, bytes(path)?))
}
