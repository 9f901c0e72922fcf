//! `visavis completions`: a completion script for the user's shell.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Outcome};

/// Print a completion script for a shell.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  visavis completions bash > ~/.local/share/bash-completion/completions/visavis")]
pub struct Args {
    /// The shell.
    shell: Shell,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "visavis", &mut script);
    io::stdout().write_all(&script)?;
    Ok(Outcome::Done)
}
