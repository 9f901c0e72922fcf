//! The reading stage: files become windows of sentences.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;

use super::journal::{Finished, Input, Open, Stamp};
use super::report::Problem;
use super::window::{Item, Window};
use super::{Error, InputFile};
use crate::compression;
use crate::document::records::{self, Layout, Record, Records, parquet};
use crate::document::{self};
use crate::segment::Splitter;

/// A window ends at this many bytes of text even where it has few words.
const MOST_BYTES: usize = 4 << 20;
/// Or at this many records, such as empty lines.
const MOST_RECORDS: usize = 1 << 16;

/// What the reading stage is to do.
pub(super) struct Reading {
    pub files: Arc<Vec<InputFile>>,
    /// Words of a window.
    pub window: usize,
    pub splitter: Splitter,
    /// Files that an earlier run is done with.
    pub finished: HashMap<String, Finished>,
    /// The file that it left unfinished.
    pub open: Option<Open>,
    /// Set where no more is to be read.
    pub stop: Arc<AtomicBool>,
    /// Bytes of the files that are done with, before decompression.
    pub read: Arc<AtomicU64>,
    pub out: SyncSender<Result<Window, Error>>,
}

impl Reading {
    /// Reads all files. What goes wrong goes the way that the windows go.
    pub fn run(mut self) {
        if let Err(Some(error)) = self.all() {
            // Nobody waits for it where the receiver is gone.
            let _ = self.out.send(Err(error));
        }
    }

    /// The error is none where nobody takes the windows any more.
    fn all(&mut self) -> Result<(), Option<Error>> {
        let files = Arc::clone(&self.files);
        let mut window = Window::default();
        let mut open = self.open.take();
        // What an earlier run has done must still hold before anything is added to it.
        for file in files.iter() {
            if let Some(finished) = self.finished.get(&file.name) {
                self.check(file, &finished.input)?;
            }
        }
        for (number, file) in files.iter().enumerate() {
            if self.finished.contains_key(&file.name) {
                continue;
            }
            let earlier = open.take_if(|open| open.name == file.name);
            let result = self.file(number, file, earlier, &mut window);
            match result {
                Ok(()) => {}
                Err(Failed::Reading(error)) => {
                    // One of many files does not end the run.
                    let failed = !matches!(error, Error::Document(document::Error::NotText { .. }));
                    if files.len() == 1 {
                        return Err(Some(error));
                    }
                    let kind = if failed { "unreadable" } else { "not-text" };
                    // The file is named beside it.
                    let said = chain(&error);
                    let named = said.strip_prefix(&*file.name).map(str::trim_start);
                    let message = format!("{}; left out", named.unwrap_or(&said));
                    window.items.push(Item::LeftOut {
                        file: number,
                        problem: Problem::of_file(&file.name, kind, message),
                        failed,
                        input: Input {
                            records: 0,
                            fingerprint: String::new(),
                            stamp: Stamp::of(&file.path),
                        },
                    });
                }
                Err(Failed::Run(error)) => return Err(error),
            }
            if self.is_full(&window) {
                self.send(&mut window, None)?;
            }
        }
        window.is_last = true;
        self.send(&mut window, None)
    }

    fn file(
        &self,
        number: usize,
        file: &InputFile,
        earlier: Option<Open>,
        window: &mut Window,
    ) -> Result<(), Failed> {
        let counts = Counts::default();
        let result = self.records(number, file, earlier, window, &counts);
        let read = counts.raw.load(Ordering::Relaxed);
        self.read.fetch_add(read, Ordering::Relaxed);
        result
    }

    fn records(
        &self,
        number: usize,
        file: &InputFile,
        earlier: Option<Open>,
        window: &mut Window,
        counts: &Counts,
    ) -> Result<(), Failed> {
        let stamp = Stamp::of(&file.path);
        let mut records = open_file(file, counts)?;
        let mut count = 0;
        match earlier {
            Some(open) => {
                replay(file, &mut *records, &open.input)?;
                count = open.input.records;
            }
            None => window.items.push(Item::Begin(number, records.date())),
        }
        let mut texts = 0;
        while let Some(record) = records.next().map_err(Error::from)? {
            let before = window.bytes;
            window.add(record, &self.splitter);
            texts += (window.bytes - before) as u64;
            count += 1;
            if self.is_full(window) {
                let used = records.used().unwrap_or(texts);
                window.read = counts.before_decompression(used);
                let input = Input {
                    records: count,
                    fingerprint: records.fingerprint(),
                    stamp,
                };
                self.send(window, Some(input)).map_err(Failed::Run)?;
            }
        }
        window.items.push(Item::End(Input {
            records: count,
            fingerprint: records.fingerprint(),
            stamp,
        }));
        Ok(())
    }

    fn is_full(&self, window: &Window) -> bool {
        window.words >= self.window
            || window.bytes >= MOST_BYTES
            || window.items.len() >= MOST_RECORDS
    }

    fn send(&self, window: &mut Window, open: Option<Input>) -> Result<(), Option<Error>> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(None);
        }
        let mut window = std::mem::take(window);
        window.open = open;
        window.read += self.read.load(Ordering::Relaxed);
        self.out.send(Ok(window)).map_err(|_| None)
    }

    /// Whether a file that is done with is what it was; what differs only in its date is read.
    fn check(&self, file: &InputFile, input: &Input) -> Result<(), Option<Error>> {
        let stamp = Stamp::of(&file.path);
        if stamp.is_some() && stamp == input.stamp {
            let size = stamp.map_or(0, |stamp| stamp.size);
            self.read.fetch_add(size, Ordering::Relaxed);
            return Ok(());
        }
        let changed = || Error::Changed {
            name: file.name.clone(),
        };
        let counts = Counts::default();
        let mut records = open_file(file, &counts)?;
        replay(file, &mut *records, input)?;
        match records.next() {
            Ok(None) => {
                let read = counts.raw.load(Ordering::Relaxed);
                self.read.fetch_add(read, Ordering::Relaxed);
                Ok(())
            }
            _ => Err(Some(changed())),
        }
    }
}

/// Why a file could not be read to its end.
enum Failed {
    /// Because of the file.
    Reading(Error),
    /// Because the run ends: by this error, or since nobody takes the windows any more.
    Run(Option<Error>),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        match error {
            Error::Changed { .. } => Failed::Run(Some(error)),
            error => Failed::Reading(error),
        }
    }
}

/// Reads what an earlier run has read.
fn replay(file: &InputFile, records: &mut dyn Records, input: &Input) -> Result<(), Error> {
    let changed = || Error::Changed {
        name: file.name.clone(),
    };
    for _ in 0..input.records {
        records.next()?.ok_or_else(changed)?;
    }
    if records.fingerprint() != input.fingerprint {
        return Err(changed());
    }
    Ok(())
}

/// Bytes of a file that were read, which is more than what its records so far stand for.
#[derive(Debug, Default)]
struct Counts {
    /// Before decompression.
    raw: Arc<AtomicU64>,
    /// After it; 0 where the bytes of the records themselves are counted.
    unpacked: Arc<AtomicU64>,
}

impl Counts {
    /// Roughly what `used` bytes were before decompression.
    fn before_decompression(&self, used: u64) -> u64 {
        let raw = self.raw.load(Ordering::Relaxed);
        match self.unpacked.load(Ordering::Relaxed) {
            0 => raw,
            unpacked => {
                let share = u128::from(raw) * u128::from(used.min(unpacked));
                u64::try_from(share / u128::from(unpacked)).unwrap_or(raw)
            }
        }
    }
}

/// Opens a file, or standard input, as records.
fn open_file(file: &InputFile, counts: &Counts) -> Result<Box<dyn Records>, Error> {
    let failed = |source| Error::Open {
        name: file.name.clone(),
        source,
    };
    if let Layout::Parquet(columns) = &file.layout {
        let opened = File::open(&file.path).map_err(failed)?;
        let size = opened.metadata().map_err(failed)?.len();
        let inner = parquet::Reader::new(&file.name, opened, columns)?;
        return Ok(Box::new(Shared {
            rows: inner.rows(),
            inner,
            size,
            done: 0,
            count: Arc::clone(&counts.raw),
        }));
    }
    let raw: Box<dyn Read + Send> = if is_stdin(&file.path) {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(&file.path).map_err(failed)?)
    };
    let counted = Counted {
        inner: raw,
        count: Arc::clone(&counts.raw),
    };
    let unpacked = Counted {
        inner: compression::reader(Box::new(counted)).map_err(failed)?,
        count: Arc::clone(&counts.unpacked),
    };
    Ok(records::open(&file.name, Box::new(unpacked), &file.layout)?)
}

/// Refuses a file that cannot be read as what it is said to be, as far as its beginning tells.
///
/// # Errors
/// Those of opening it.
pub(super) fn check_beginning(file: &InputFile) -> Result<(), Error> {
    if !is_stdin(&file.path) {
        let mut records = open_file(file, &Counts::default())?;
        records.next()?;
    }
    Ok(())
}

/// Whether the path says standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// An error with its causes, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// A table of which only some columns are read: each row counts for its share of the bytes.
struct Shared {
    inner: parquet::Reader<File>,
    rows: u64,
    size: u64,
    done: u64,
    count: Arc<AtomicU64>,
}

impl Shared {
    fn share(&self) -> u64 {
        let share = u128::from(self.size) * u128::from(self.done.min(self.rows));
        u64::try_from(share / u128::from(self.rows.max(1))).unwrap_or(self.size)
    }
}

impl Records for Shared {
    fn next(&mut self) -> Result<Option<Record>, document::Error> {
        let record = self.inner.next()?;
        let before = self.share();
        self.done += u64::from(record.is_some());
        self.count
            .fetch_add(self.share() - before, Ordering::Relaxed);
        Ok(record)
    }

    fn fingerprint(&self) -> String {
        self.inner.fingerprint()
    }
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
