//! Progress of long work: bars on a terminal, plain notes otherwise.

use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use visavis::model::Progress;

use super::terminal::Terminal;

/// A bar for so many of what `unit` names, or for any number of them; hidden where the terminal shows
/// no progress.
pub fn bar(
    total: Option<usize>,
    unit: &str,
    message: &'static str,
    terminal: &Terminal,
) -> ProgressBar {
    let target = match terminal.shows_progress() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(total.map(|total| total as u64), target);
    let template = match total {
        Some(_) => {
            format!("{{msg}} {{wide_bar}} {{pos}}/{{len}} {unit}, {{per_sec:.0}}, {{eta}} left")
        }
        None => format!("{{msg}} {{spinner}} {{pos}} {unit}, {{per_sec:.0}}"),
    };
    // The templates are constants; a plain bar would replace a wrong one.
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar.set_message(message);
    bar
}

/// Shows the progress of work that is counted in bytes.
#[derive(Debug)]
pub struct TerminalProgress<'a> {
    terminal: &'a Terminal,
    bar: Mutex<Option<ProgressBar>>,
}

impl<'a> TerminalProgress<'a> {
    /// Shows it on the terminal, as its options allow.
    pub fn new(terminal: &'a Terminal) -> Self {
        Self {
            terminal,
            bar: Mutex::new(None),
        }
    }

    fn with_bar(&self, act: impl FnOnce(&mut Option<ProgressBar>)) {
        act(&mut self.bar.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Progress for TerminalProgress<'_> {
    fn note(&self, message: &str) {
        self.with_bar(|bar| match bar {
            Some(bar) => bar.suspend(|| self.terminal.note(message)),
            None => self.terminal.note(message),
        });
    }

    fn start(&self, label: &str, done: u64, total: u64) {
        if !self.terminal.shows_progress() {
            // Small files are not worth a line.
            if total > 10_000_000 {
                self.terminal
                    .note(format_args!("getting {label} ({} MB)", total / 1_000_000));
            }
            return;
        }
        let style = ProgressStyle::with_template(
            "{msg:>18} {wide_bar} {decimal_bytes}/{decimal_total_bytes} \
             {decimal_bytes_per_sec} {eta} left",
        );
        self.with_bar(|bar| {
            let new = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            // The template is a constant, and so is the plain style that replaces a wrong one.
            let new = new
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
                .with_message(label.to_owned())
                .with_position(done);
            // What an earlier run got says nothing of how fast this one is.
            new.reset_eta();
            *bar = Some(new);
        });
    }

    fn advance(&self, bytes: u64) {
        self.with_bar(|bar| {
            if let Some(bar) = bar {
                bar.inc(bytes);
            }
        });
    }

    fn finish(&self) {
        self.with_bar(|bar| {
            if let Some(bar) = bar.take() {
                bar.finish_and_clear();
            }
        });
    }
}
