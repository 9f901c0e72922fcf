//! `visavis terms`.

use super::{Outcome, terminal::Terminal};

/// Browse and check the lexicon of loaded terms.
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: &Args, _terminal: &Terminal) -> anyhow::Result<Outcome> {
    anyhow::bail!("not built yet")
}
