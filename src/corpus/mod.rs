//! Corpora: files of any size through a translator, in three stages that overlap. A thread reads
//! windows of sentences, the caller's thread has them translated, and a thread writes them; so
//! memory is bounded by the window, not by the corpus.
//!
//! A run whose results go to files keeps a journal beside them: killed anywhere, the same job goes
//! on after the last batch that was written, and the result is byte for byte that of a run that
//! was left in peace.

mod error;
mod journal;
mod pairs;
mod reader;
mod report;
mod tree;
mod window;
mod writer;

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::bitext::Format;
use crate::document::records::Layout;
use crate::language::Language;
use crate::segment::Splitter;
use crate::translate::{Translator, assembly};
use journal::{Journal, State};
use reader::Reading;
use writer::Writer;

pub use error::Error;
pub use journal::Settings;
pub use report::{Problem, Totals};
pub use tree::{Found, find, targets};
pub use writer::{MOST_TOLD, journal_beside};

/// Words of a window where it is not said: half a minute of a thread's work, so that the matrices
/// seldom have the few rows of a window's last sentences.
pub const WINDOW: usize = 65_536;
/// How often a thread that waits looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);

/// A file to translate.
#[derive(Debug, Clone)]
pub struct InputFile {
    /// As the user named it, which also tells it in the journal.
    pub name: String,
    /// Where it is; `-` is standard input.
    pub path: PathBuf,
    /// How it is read.
    pub layout: Layout,
    /// Where its translation goes; into the stream where there is none.
    pub target: Option<PathBuf>,
}

impl InputFile {
    /// Refuses a file that cannot be read as what it is said to be, as far as its beginning
    /// tells; standard input is left in peace.
    ///
    /// # Errors
    /// [`Error::Open`], [`Error::Document`].
    pub fn check(&self) -> Result<(), Error> {
        reader::check_beginning(self)
    }
}

/// What is written of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// The file with its texts translated, in its own format.
    Translation,
    /// A bitext: texts and their translations, sentence by sentence. For files of text and of
    /// lines, and formats that are one stream.
    Bitext {
        /// Its format.
        format: Format,
        /// The language of the translations.
        to: Language,
    },
}

/// What is to be done.
pub struct Job {
    /// The files, in order.
    pub files: Vec<InputFile>,
    /// Where the translations go of files without a target.
    pub stream: Box<dyn Write + Send>,
    /// The language that they are in.
    pub from: Language,
    /// What is written of each of them.
    pub output: Output,
    /// The journal; none where nothing is to go on.
    pub journal: Option<PathBuf>,
    /// What else makes the job what it is.
    pub settings: Settings,
    /// Whether what an earlier run has done is thrown away.
    pub fresh: bool,
    /// Words of a window; see [`WINDOW`].
    pub window: usize,
    /// Whether problems are to be told, and not only counted.
    pub keeps_problems: bool,
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Job {
            files, settings, ..
        } = self;
        f.debug_struct("Job")
            .field("files", files)
            .field("settings", settings)
            .finish_non_exhaustive()
    }
}

/// How far a run is.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// What is written.
    pub totals: Totals,
    /// Bytes read of all files, before decompression, up to what is written.
    pub read: u64,
    /// Sentences of this run that came from the translation memory; none without one.
    pub memory_hits: Option<usize>,
}

/// Is told how far a run is; it is called from several threads.
pub trait Observer: Sync {
    /// An earlier run has done so much already.
    fn resumed(&self, totals: &Totals);
    /// So many more source words are translated.
    fn words(&self, words: usize);
    /// A batch is written.
    fn written(&self, status: &Status);
}

/// What a run has done.
#[derive(Debug)]
pub struct Done {
    /// All runs of the job together.
    pub totals: Totals,
    /// What earlier runs had done of it.
    pub earlier: Totals,
    /// Whether it was stopped before its end; the same job goes on.
    pub stopped: bool,
    /// Files that could not be read; the same job tries them again.
    pub failures: Vec<Problem>,
    /// The first problems of this run.
    pub told: Vec<Problem>,
    /// From the first window read to the last written.
    pub time: Duration,
    journal: Option<Journal>,
}

impl Done {
    /// Tells all problems, in order.
    ///
    /// # Errors
    /// Where the journal cannot be read, or `act` fails.
    pub fn problems(
        &mut self,
        mut act: impl FnMut(&Problem) -> io::Result<()>,
    ) -> Result<(), Error> {
        if let Some(journal) = &mut self.journal {
            journal.problems(|problem| act(&problem))?;
        }
        for problem in &self.failures {
            act(problem).map_err(Error::write(&std::env::temp_dir()))?;
        }
        Ok(())
    }

    /// Puts the journal away: it is removed where the job is done.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn finish(self) -> Result<(), Error> {
        match self.journal {
            Some(journal) if journal.is_empty() || !self.stopped && self.failures.is_empty() => {
                journal.remove()
            }
            _ => Ok(()),
        }
    }
}

/// Does a job, or what is left of it. Once `stop` is set, the batch that is being translated is
/// finished, and the run ends.
///
/// # Errors
/// See [`Error`]. What was written before stays, and the same job goes on from there.
pub fn run(
    job: Job,
    translator: &dyn Translator,
    observer: &dyn Observer,
    stop: &Arc<AtomicBool>,
) -> Result<Done, Error> {
    let start = Instant::now();
    let files = Arc::new(job.files);
    let (journal, mut state) = match &job.journal {
        Some(path) => {
            let (journal, state) = Journal::open(path, &job.settings, job.fresh)?;
            (Some(journal), state)
        }
        None if job.keeps_problems => (Some(Journal::temporary()?), State::default()),
        None => (None, State::default()),
    };
    let bitext = match job.output {
        Output::Translation => None,
        Output::Bitext { format, to } => {
            let header = assembly::header((&job.from, &to), Vec::new(), translator);
            Some((format, header))
        }
    };
    let (writer, open) = Writer::new(Arc::clone(&files), journal, job.stream, bitext, &mut state)?;
    let earlier = writer.totals.clone();
    observer.resumed(&earlier);
    let (out, windows) = sync_channel(1);
    let reading = Reading {
        files,
        window: job.window,
        splitter: Splitter::new(&job.from),
        finished: state.finished,
        open,
        stop: Arc::clone(stop),
        read: Arc::new(AtomicU64::new(0)),
        out,
    };
    // It may wait for standard input for ever, so nobody waits for it.
    let spawned = std::thread::Builder::new()
        .name("reader".into())
        .spawn(move || reading.run());
    spawned.map_err(Error::write(&std::env::temp_dir()))?;

    let (to_writer, translated) = sync_channel(1);
    let (mut writer, result) = std::thread::scope(|scope| {
        let writing = scope.spawn(move || {
            let mut writer = writer;
            let mut is_complete = false;
            for (window, translations, memory_hits) in translated {
                let window: window::Window = window;
                let translations: Vec<crate::translate::Translation> = translations;
                let read = window.read;
                is_complete = window.is_last;
                if let Err(error) = writer.window(window, &translations) {
                    return (writer, Err(error));
                }
                observer.written(&Status {
                    totals: writer.totals.clone(),
                    read,
                    memory_hits,
                });
            }
            (writer, Ok(is_complete))
        });
        let translate = || -> Result<(), Error> {
            while !stop.load(Ordering::Relaxed) {
                let window = match windows.recv_timeout(LOOK) {
                    Ok(window) => window?,
                    Err(RecvTimeoutError::Timeout) => continue,
                    Err(RecvTimeoutError::Disconnected) => break,
                };
                let (texts, words): (Vec<&str>, Vec<usize>) = window.sentences().unzip();
                let done = |sentence: usize| observer.words(words[sentence]);
                let translations = translator.translate(&texts, &done)?;
                let done = (window, translations, translator.memory_hits());
                if to_writer.send(done).is_err() {
                    // The writer has failed, and tells why.
                    break;
                }
            }
            Ok(())
        };
        let translated = translate();
        drop(to_writer);
        let (writer, written) = match writing.join() {
            Ok(written) => written,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        (writer, translated.and(written))
    });
    let is_begun = |writer: &Writer| writer.totals != Totals::default();
    let is_complete = match result {
        Ok(is_complete) => is_complete,
        Err(error) => {
            if !is_begun(&writer) {
                give_up(writer);
            }
            return Err(error);
        }
    };
    if !is_complete && !is_begun(&writer) {
        writer.discard();
    }
    Ok(Done {
        totals: writer.totals.clone(),
        earlier,
        stopped: !is_complete,
        failures: std::mem::take(&mut writer.failures),
        told: std::mem::take(&mut writer.told),
        time: start.elapsed(),
        journal: writer.into_journal(),
    })
}

/// Reads whatever lies at `path` as a journal, for the fuzzer.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_journal(path: &std::path::Path) {
    if let Ok((mut journal, _)) = Journal::open(path, &Settings::new(), false) {
        let _ = journal.problems(|_| Ok(()));
    }
}

/// Leaves nothing behind of a run that has written nothing.
fn give_up(mut writer: Writer) {
    writer.discard();
    if let Some(journal) = writer.into_journal() {
        // What cannot be removed does no harm: the next run begins with it.
        let _ = journal.remove();
    }
}

#[cfg(test)]
mod tests;
