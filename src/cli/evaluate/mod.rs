//! `visavis evaluate`: scores, one file per kind of thing that is scored.

mod segments;
mod translation;

use super::{Outcome, terminal::Terminal};

/// Score translations and sentence boundaries.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis evaluate translation output.en --reference gold.en
  visavis evaluate segments gold.txt --from fr")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    Segments(segments::Args),
    Translation(translation::Args),
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    match &args.what {
        What::Segments(args) => segments::run(args, terminal),
        What::Translation(args) => translation::run(args, terminal),
    }
}
