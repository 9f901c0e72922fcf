//! `visavis translate`.

use super::{Outcome, terminal::Terminal};

/// Translate text; the format is kept.
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: &Args, _terminal: &Terminal) -> anyhow::Result<Outcome> {
    anyhow::bail!("not built yet")
}
