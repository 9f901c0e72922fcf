//! The command line: one file per subcommand, and all the printing there is.

mod align;
mod alignment;
mod bitexts;
mod completions;
mod convert;
mod evaluate;
mod flag;
mod input;
mod interrupt;
mod lexicon;
mod listed;
mod man;
mod memory;
mod models;
mod options;
mod output;
mod profile;
mod progress;
mod review;
mod segment;
mod summary;
mod terminal;
mod terms;
mod translate;
mod translation;
mod word_links;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use options::GlobalOptions;
use terminal::Terminal;

/// Translate with a local model, set source and translation face to face, and flag loaded terms
/// with what became of each in the translation.
#[derive(Parser, Debug)]
#[command(
    name = "visavis",
    version,
    propagate_version = true,
    max_term_width = 100
)]
#[command(after_help = "Examples:
  visavis review article.txt                    translate, align and flag; write article.html
  visavis translate article.txt -o article.en.txt
  visavis flag article.txt                      loaded terms of the text alone
  visavis models list                           what can be pulled and what is here

Exit codes: 0 done, 1 done with findings (only with --fail-on-findings), 2 failed.")]
struct Cli {
    #[command(flatten)]
    global: GlobalOptions,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Review(review::Args),
    Translate(translate::Args),
    Segment(segment::Args),
    Align(align::Args),
    Flag(flag::Args),
    Convert(convert::Args),
    Models(models::Args),
    Memory(memory::Args),
    Terms(terms::Args),
    Evaluate(evaluate::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// How a command that did not fail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Nothing to report by exit code.
    Done,
    /// There are findings, and the user asked to be told by the exit code.
    Findings,
    /// Ctrl-C stopped it after a batch; the same command goes on.
    Interrupted,
}

/// Runs the command that the arguments name; the exit code is 0 done, 1 findings, 2 failed.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let terminal = Terminal::new(&cli.global);
    interrupt::watch(&terminal);
    let result = match &cli.command {
        Command::Review(args) => review::run(args, &terminal),
        Command::Translate(args) => translate::run(args, &terminal),
        Command::Segment(args) => segment::run(args, &terminal),
        Command::Align(args) => align::run(args, &terminal),
        Command::Flag(args) => flag::run(args, &terminal),
        Command::Convert(args) => convert::run(args, &terminal),
        Command::Models(args) => models::run(args, &terminal),
        Command::Memory(args) => memory::run(args, &terminal),
        Command::Terms(args) => terms::run(args, &terminal),
        Command::Evaluate(args) => evaluate::run(args, &terminal),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Interrupted) => ExitCode::from(interrupt::INTERRUPTED),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal.error(&error);
            ExitCode::from(2)
        }
    }
}

/// Whether `error` only says that the reader of our output went away (`visavis … | head`).
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
