//! `visavis review`.

use super::{Outcome, terminal::Terminal};

/// Translate an article, set both texts side by side, flag loaded terms, write the page.
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: &Args, _terminal: &Terminal) -> anyhow::Result<Outcome> {
    anyhow::bail!("not built yet")
}
