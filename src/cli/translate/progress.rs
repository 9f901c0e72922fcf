//! Progress of a corpus: a bar on a terminal, or a JSON object a line.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use visavis::corpus::{Observer, Status, Totals};

use super::super::terminal::Terminal;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressChoice {
    /// A bar, where standard error is a terminal.
    Auto,
    /// A JSON object a line on standard error, at most one a second.
    Json,
    /// Not at all.
    None,
}

/// JSON is written at most this often, but for the last.
const EVERY: Duration = Duration::from_secs(1);

/// Shows how far a run is.
pub(super) struct Shown {
    choice: ProgressChoice,
    bar: ProgressBar,
    files: u64,
    /// Bytes of all inputs; none where that is not known.
    bytes: Option<u64>,
    start: Instant,
    /// Words that this run has translated.
    words: AtomicU64,
    /// Words that earlier runs had.
    earlier: AtomicU64,
    said: Mutex<Option<Instant>>,
}

#[derive(Serialize)]
struct Line<'a> {
    done: bool,
    files: u64,
    files_total: u64,
    lines: u64,
    source_words: u64,
    words_per_second: f64,
    seconds_left: Option<f64>,
    bytes_read: u64,
    bytes_total: Option<u64>,
    memory_hits: Option<usize>,
    problems: u64,
    problem_kinds: &'a std::collections::BTreeMap<String, u64>,
}

impl Shown {
    pub fn new(
        choice: ProgressChoice,
        files: usize,
        bytes: Option<u64>,
        terminal: &Terminal,
    ) -> Self {
        let draws = choice == ProgressChoice::Auto && terminal.shows_progress();
        let target = if draws {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(bytes, target);
        // The templates are constants; a plain bar would replace a wrong one.
        let template = match bytes {
            Some(_) => "{prefix} {wide_bar} {percent} % {msg}",
            None => "{prefix} {spinner} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message("translating");
        Self {
            choice,
            bar,
            files: files as u64,
            bytes,
            start: Instant::now(),
            words: AtomicU64::new(0),
            earlier: AtomicU64::new(0),
            said: Mutex::new(None),
        }
    }

    /// The end: takes the bar away, says the last line.
    pub fn finish(&self, status: &Status) {
        self.bar.finish_and_clear();
        if self.choice == ProgressChoice::Json {
            self.say(status, true);
        }
    }

    /// Takes the bar away where the run failed.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn rate(&self) -> f64 {
        let words = self.words.load(Ordering::Relaxed) as f64;
        words / self.start.elapsed().as_secs_f64().max(1e-3)
    }

    /// From the words of what was read, those of what is left.
    fn seconds_left(&self, status: &Status) -> Option<f64> {
        let (all, read) = (self.bytes? as f64, status.read as f64);
        let words = status.totals.words as f64;
        let rate = self.rate();
        let left = words * (all / read - 1.0) / rate;
        (read > 0.0 && rate > 0.0 && left.is_finite()).then_some(left.max(0.0))
    }

    fn say(&self, status: &Status, done: bool) {
        let totals = &status.totals;
        let line = Line {
            done,
            files: totals.files,
            files_total: self.files,
            lines: totals.lines,
            source_words: totals.words,
            words_per_second: (self.rate() * 10.0).round() / 10.0,
            seconds_left: self.seconds_left(status).map(f64::round),
            bytes_read: status.read,
            bytes_total: self.bytes,
            memory_hits: status.memory_hits,
            problems: totals.problem_count(),
            problem_kinds: &totals.problems,
        };
        if let Ok(line) = serde_json::to_string(&line) {
            Terminal::say(line);
        }
    }
}

impl Observer for Shown {
    fn resumed(&self, totals: &Totals) {
        self.earlier.store(totals.words, Ordering::Relaxed);
    }

    fn words(&self, words: usize) {
        let done = self.words.fetch_add(words as u64, Ordering::Relaxed) + words as u64;
        if !self.bar.is_hidden() {
            let all = self.earlier.load(Ordering::Relaxed) + done;
            self.bar
                .set_message(format!("{all} words, {:.0} a second", self.rate()));
        }
    }

    fn written(&self, status: &Status) {
        if self.choice == ProgressChoice::Json {
            let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
            if said.is_none_or(|said| said.elapsed() >= EVERY) {
                *said = Some(Instant::now());
                self.say(status, false);
            }
        } else if !self.bar.is_hidden() {
            self.bar.set_position(status.read);
            let totals = &status.totals;
            let left = match self.seconds_left(status) {
                Some(seconds) => {
                    let left = Duration::from_secs(seconds as u64);
                    format!(", {} left", indicatif::HumanDuration(left))
                }
                None => String::new(),
            };
            let problems = match totals.problem_count() {
                0 => String::new(),
                count => format!(", {count} problems"),
            };
            let hits = match status.memory_hits {
                Some(hits) => format!(", {hits} from the memory"),
                None => String::new(),
            };
            self.bar.set_prefix(format!(
                "{}/{} files, {} lines{hits}{problems}{left}",
                totals.files, self.files, totals.lines
            ));
        }
    }
}
