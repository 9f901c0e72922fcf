//! `visavis evaluate`.

use super::{Outcome, terminal::Terminal};

/// Score translations, sentence boundaries and more, with a signature.
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: &Args, _terminal: &Terminal) -> anyhow::Result<Outcome> {
    anyhow::bail!("not built yet")
}
