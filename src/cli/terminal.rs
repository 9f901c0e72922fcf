//! What the commands say on standard error, and whether in colour.

use std::io::{self, IsTerminal, Write};

use owo_colors::OwoColorize;

use super::options::{ColorChoice, GlobalOptions};

/// How to talk to the person at the terminal.
#[derive(Debug)]
pub struct Terminal {
    quiet: bool,
    verbose: bool,
    color: ColorChoice,
}

impl Terminal {
    /// As the options of the command line say.
    pub fn new(options: &GlobalOptions) -> Self {
        Self {
            quiet: options.quiet,
            verbose: options.verbose,
            color: options.color,
        }
    }

    /// Says what was done, unless `--quiet`.
    pub fn note(&self, message: impl std::fmt::Display) {
        if !self.quiet {
            self.line(message);
        }
    }

    /// Says a detail, with `--verbose`.
    pub fn detail(&self, message: impl std::fmt::Display) {
        if self.verbose {
            self.line(message);
        }
    }

    /// Warns, even with `--quiet`.
    pub fn warn(&self, message: impl std::fmt::Display) {
        if self.colors_stderr() {
            self.line(format_args!("{} {message}", "warning:".yellow().bold()));
        } else {
            self.line(format_args!("warning: {message}"));
        }
    }

    /// Tells why the command failed, with the chain of causes.
    pub fn error(&self, error: &anyhow::Error) {
        if self.colors_stderr() {
            self.line(format_args!("{} {error:#}", "error:".red().bold()));
        } else {
            self.line(format_args!("error: {error:#}"));
        }
    }

    /// Says what a program asked to be told, whatever else is wanted.
    pub fn say(message: impl std::fmt::Display) {
        // Nobody is left to tell where standard error itself cannot be written.
        let _ = writeln!(io::stderr(), "{message}");
    }

    /// Whether only results and errors are wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether progress bars may be drawn.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Whether what goes to standard output may be coloured.
    pub fn colors_stdout(&self) -> bool {
        self.colors(io::stdout().is_terminal())
    }

    fn colors_stderr(&self) -> bool {
        self.colors(io::stderr().is_terminal())
    }

    fn colors(&self, is_terminal: bool) -> bool {
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none(),
        }
    }

    fn line(&self, message: impl std::fmt::Display) {
        Self::say(message);
    }
}
