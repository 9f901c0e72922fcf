//! `visavis align`: two given texts face to face, one file per kind of thing that is linked.

mod documents;
mod pairs;
mod sentences;
mod words;

use super::{Outcome, terminal::Terminal};

/// Link two given texts: a text and somebody's translation of it.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis align sentences novel.fr.txt novel.en.txt -o novel.tsv
  visavis align words pairs.txt -o pairs.links
  visavis align documents french/ english/ -o pairs.tsv")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    Documents(documents::Args),
    Sentences(sentences::Args),
    Words(words::Args),
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    match &args.what {
        What::Documents(args) => documents::run(args, terminal),
        What::Sentences(args) => sentences::run(args, terminal),
        What::Words(args) => words::run(args, terminal),
    }
}
