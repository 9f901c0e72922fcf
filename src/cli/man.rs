//! `visavis man`: the manual, in roff.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::CommandFactory;

use super::{Cli, Outcome};

/// Print the manual page (for `man -l -`), or write a page for every command into a folder.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis man | man -l -
  visavis man --directory ~/.local/share/man/man1")]
pub struct Args {
    /// Write visavis.1, visavis-review.1, … into this folder.
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let command = Cli::command();
    match &args.directory {
        Some(directory) => {
            std::fs::create_dir_all(directory)
                .and_then(|()| clap_mangen::generate_to(command, directory))
                .with_context(|| format!("cannot write the manual into {}", directory.display()))?;
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            io::stdout().write_all(&page)?;
        }
    }
    Ok(Outcome::Done)
}
