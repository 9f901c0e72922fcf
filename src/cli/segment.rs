//! `visavis segment`.

use super::{Outcome, terminal::Terminal};

/// Split texts into sentences.
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: &Args, _terminal: &Terminal) -> anyhow::Result<Outcome> {
    anyhow::bail!("not built yet")
}
