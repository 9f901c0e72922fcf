//! `visavis flag`.

use super::{Outcome, terminal::Terminal};

/// Flag the loaded terms of a text, or of a bitext with their renderings.
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: &Args, _terminal: &Terminal) -> anyhow::Result<Outcome> {
    anyhow::bail!("not built yet")
}
