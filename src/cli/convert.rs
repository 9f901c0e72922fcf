//! `visavis convert`.

use super::{Outcome, terminal::Terminal};

/// Convert a bitext between formats.
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: &Args, _terminal: &Terminal) -> anyhow::Result<Outcome> {
    anyhow::bail!("not built yet")
}
