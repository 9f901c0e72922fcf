//! `visavis models`.

use super::{Outcome, terminal::Terminal};

/// List, pull, import, verify and remove translation models.
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: &Args, _terminal: &Terminal) -> anyhow::Result<Outcome> {
    anyhow::bail!("not built yet")
}
