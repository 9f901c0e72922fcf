//! The journal of a run: what it is doing and how far it is, so that a run that was killed can go
//! on.
//!
//! A line of it is the first digits of a checksum, a space, and an [`Entry`] in JSON. The first
//! entry tells the job, each further one a batch whose translations are written. A last line that
//! was torn does not fit its checksum and counts for nothing.

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::Error;
use super::pairs::Count;
use super::report::{Problem, Totals};
use crate::checksum::Checksum;

/// What makes a job what it is: the model, the options, the inputs. By name, so that a difference
/// can be told.
pub type Settings = BTreeMap<String, String>;

/// Digits of a line's checksum.
const DIGITS: usize = 16;
/// The journal and what it speaks of are brought to the disk at most this often: a kill loses
/// nothing, a power cut about as much.
const SYNC_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Entry {
    Job(Settings),
    Batch(Box<Batch>),
}

/// A batch that is written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Batch {
    /// Files that ended in it.
    pub finished: Vec<Finished>,
    /// The file that goes on after it.
    pub open: Option<Open>,
    /// What the run has done up to its end.
    pub totals: Totals,
    /// The problems of this batch.
    pub problems: Vec<Problem>,
}

/// A file that is done with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Finished {
    /// The input as the user named it.
    pub name: String,
    pub input: Input,
    /// Bytes of the output; none where the file was left out.
    pub written: Option<u64>,
}

/// A file that is being translated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Open {
    pub name: String,
    pub input: Input,
    /// Bytes of the unfinished output.
    pub written: u64,
    /// Their checksum.
    pub checksum: String,
    /// Of a bitext, what it holds.
    #[serde(default)]
    pub count: Count,
}

/// As much of an input as was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Input {
    pub records: u64,
    /// See [`crate::document::records::Records::fingerprint`].
    pub fingerprint: String,
    pub stamp: Option<Stamp>,
}

/// What tells cheaply that a file may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: u64,
}

impl Stamp {
    /// Of a file; none where there is none, as of standard input.
    pub fn of(path: &Path) -> Option<Self> {
        let metadata = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
        let modified = metadata.modified().ok()?;
        let since = modified.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some(Self {
            size: metadata.len(),
            modified: u64::try_from(since.as_nanos()).ok()?,
        })
    }
}

/// How far an earlier run got.
#[derive(Debug, Default)]
pub(super) struct State {
    pub finished: HashMap<String, Finished>,
    /// Those of the last batch, which may not have got their names yet.
    pub just_finished: Vec<Finished>,
    pub totals: Totals,
    /// The unfinished file at the end of each batch since it was begun, the latest last.
    pub open: Vec<Checkpoint>,
}

/// The end of a batch that left a file unfinished.
#[derive(Debug)]
pub(super) struct Checkpoint {
    pub open: Open,
    pub totals: Totals,
    /// Where in the journal the batch ends.
    end: u64,
}

/// A journal that is being written.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    /// Whether it is there for its problems alone, and nothing can go on from it.
    is_temporary: bool,
    batches: u64,
    synced: Instant,
}

impl Journal {
    /// A journal that vanishes with the process.
    ///
    /// # Errors
    /// Where no temporary file can be made.
    pub fn temporary() -> Result<Self, Error> {
        let path = std::env::temp_dir();
        Ok(Self {
            file: tempfile::tempfile().map_err(Error::write(&path))?,
            path,
            is_temporary: true,
            batches: 0,
            synced: Instant::now(),
        })
    }

    /// Opens the journal of a job, or begins it.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::OtherJob`], [`Error::Write`].
    pub fn open(path: &Path, settings: &Settings, fresh: bool) -> Result<(Self, State), Error> {
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(Error::write(path))?;
        match file.try_lock() {
            // Where there are no locks, two runs at once are the user's to avoid.
            Ok(()) | Err(TryLockError::Error(_)) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::Locked { path: path.into() }),
        }
        let mut journal = Self {
            path: path.to_owned(),
            file,
            is_temporary: false,
            batches: 0,
            synced: Instant::now(),
        };
        if fresh {
            journal.cut(0)?;
        }
        let mut state = State::default();
        let mut theirs = None;
        let end = journal.each(|entry, end| match entry {
            Entry::Job(settings) => theirs = Some(settings),
            Entry::Batch(batch) => state.add(*batch, end),
        })?;
        if let Some(theirs) = theirs {
            if let Some(difference) = difference(&theirs, settings) {
                return Err(Error::OtherJob {
                    path: path.to_owned(),
                    difference,
                });
            }
            journal.batches = state.batches();
            journal.cut(end)?;
        } else {
            journal.cut(0)?;
            journal.append(&Entry::Job(settings.clone()))?;
        }
        Ok((journal, state))
    }

    /// Whether no batch is in it.
    pub fn is_empty(&self) -> bool {
        self.batches == 0
    }

    /// Whether it is time to bring what was written to the disk.
    pub fn is_sync_due(&self) -> bool {
        !self.is_temporary && self.synced.elapsed() >= SYNC_EVERY
    }

    /// Adds a batch. With `sync`, brings it to the disk.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn add(&mut self, batch: Batch, sync: bool) -> Result<(), Error> {
        self.append(&Entry::Batch(Box::new(batch)))?;
        self.batches += 1;
        if sync && !self.is_temporary {
            self.file.sync_data().map_err(Error::write(&self.path))?;
            self.synced = Instant::now();
        }
        Ok(())
    }

    /// Forgets all that came after a checkpoint.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn go_back(&mut self, checkpoint: &Checkpoint) -> Result<(), Error> {
        self.cut(checkpoint.end)
    }

    /// All problems that were met, in order.
    ///
    /// # Errors
    /// [`Error::Write`], also where it cannot be read or `act` fails.
    pub fn problems(
        &mut self,
        mut act: impl FnMut(Problem) -> io::Result<()>,
    ) -> Result<(), Error> {
        let mut result = Ok(());
        self.each(|entry, _| {
            if let Entry::Batch(batch) = entry {
                for problem in batch.problems {
                    if result.is_ok() {
                        result = act(problem);
                    }
                }
            }
        })?;
        result.map_err(Error::write(&self.path))
    }

    /// Removes it: the job is done, or was never begun.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn remove(self) -> Result<(), Error> {
        if self.is_temporary {
            return Ok(());
        }
        std::fs::remove_file(&self.path).map_err(Error::write(&self.path))
    }

    fn append(&mut self, entry: &Entry) -> Result<(), Error> {
        let json = serde_json::to_string(entry).map_err(|e| Error::write(&self.path)(e.into()))?;
        let line = format!("{} {json}\n", digits(json.as_bytes()));
        self.file
            .write_all(line.as_bytes())
            .map_err(Error::write(&self.path))
    }

    fn cut(&mut self, end: u64) -> Result<(), Error> {
        self.file.set_len(end).map_err(Error::write(&self.path))?;
        self.file
            .seek(SeekFrom::Start(end))
            .map_err(Error::write(&self.path))?;
        Ok(())
    }

    /// Reads all sound entries, with where each ends; returns where the last does.
    fn each(&mut self, mut act: impl FnMut(Entry, u64)) -> Result<u64, Error> {
        let failed = |source| Error::Write {
            path: self.path.clone(),
            source,
        };
        self.file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let mut lines = BufReader::new(&self.file);
        let mut end = 0;
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = lines.read_until(b'\n', &mut line).map_err(failed)?;
            let Some(entry) = parse(&line) else { break };
            end += length as u64;
            act(entry, end);
        }
        self.file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok(end)
    }
}

impl State {
    fn add(&mut self, batch: Batch, end: u64) {
        let goes_on = batch.finished.is_empty();
        for file in &batch.finished {
            self.finished.insert(file.name.clone(), file.clone());
        }
        if !goes_on {
            self.open.clear();
        }
        self.just_finished = batch.finished;
        self.totals = batch.totals.clone();
        match batch.open {
            Some(open) => self.open.push(Checkpoint {
                open,
                totals: batch.totals,
                end,
            }),
            None => self.open.clear(),
        }
    }

    fn batches(&self) -> u64 {
        (self.finished.len() + self.open.len()) as u64
    }
}

fn digits(json: &[u8]) -> String {
    let mut digits = Checksum::of(json).hex();
    digits.truncate(DIGITS);
    digits
}

/// The entry of a line, if it is whole.
fn parse(line: &[u8]) -> Option<Entry> {
    let line = line.strip_suffix(b"\n")?;
    let (sum, json) = line.split_at_checked(DIGITS)?;
    let json = json.strip_prefix(b" ")?;
    (digits(json).as_bytes() == sum).then(|| serde_json::from_slice(json).ok())?
}

/// In what two jobs differ, in words.
fn difference(theirs: &Settings, ours: &Settings) -> Option<String> {
    let names = theirs.keys().chain(ours.keys());
    let value = |settings: &Settings, name: &String| {
        let said = settings.get(name).map(|value| value.to_owned());
        said.unwrap_or_else(|| "none".into())
    };
    names
        .map(|name| (name, value(theirs, name), value(ours, name)))
        .find(|(_, theirs, ours)| theirs != ours)
        .map(|(name, theirs, ours)| format!("its {name} was {theirs}, and is {ours} now"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn settings(model: &str) -> Settings {
        [("model".to_owned(), model.to_owned())].into()
    }

    fn batch(number: u64) -> Batch {
        Batch {
            open: Some(Open {
                name: "a.fr".into(),
                input: Input {
                    records: number,
                    fingerprint: format!("f{number}"),
                    stamp: None,
                },
                written: number * 10,
                checksum: "c".into(),
                count: Count::default(),
            }),
            totals: Totals {
                lines: number,
                ..Totals::default()
            },
            ..Batch::default()
        }
    }

    fn written(path: &Path, batches: u64) {
        let (mut journal, _) = Journal::open(path, &settings("a"), false).unwrap();
        for number in 1..=batches {
            journal.add(batch(number), number % 2 == 0).unwrap();
        }
    }

    #[test]
    fn what_was_done_is_known_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        written(&path, 3);
        let (mut journal, state) = Journal::open(&path, &settings("a"), false).unwrap();
        assert_eq!(state.totals.lines, 3);
        assert_eq!(state.open.len(), 3);
        journal.go_back(&state.open[0]).unwrap();
        journal.add(batch(7), true).unwrap();
        // It is held.
        let again = Journal::open(&path, &settings("a"), false).unwrap_err();
        assert!(matches!(again, Error::Locked { .. }), "{again}");
        drop(journal);
        let (journal, state) = Journal::open(&path, &settings("a"), false).unwrap();
        let lines: Vec<u64> = state.open.iter().map(|point| point.totals.lines).collect();
        assert_eq!(lines, [1, 7]);
        drop(journal);
        let (journal, state) = Journal::open(&path, &settings("b"), true).unwrap();
        assert!(state.open.is_empty() && journal.is_empty());
        journal.remove().unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn another_job_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        written(&path, 1);
        let error = Journal::open(&path, &settings("b"), false).unwrap_err();
        let said = error.to_string();
        assert!(said.contains("its model was a, and is b now"), "{said}");
        assert!(said.contains("--fresh"), "{said}");
    }

    proptest! {
        #[test]
        fn a_torn_or_damaged_journal_never_says_more(cut in 0usize..900, flip in 0usize..900) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("j");
            written(&path, 3);
            let mut bytes = std::fs::read(&path).unwrap();
            bytes.truncate(cut);
            if let Some(byte) = bytes.get_mut(flip) {
                *byte ^= 4;
            }
            std::fs::write(&path, &bytes).unwrap();
            let (mut journal, state) = Journal::open(&path, &settings("a"), false).unwrap();
            for (number, point) in state.open.iter().enumerate() {
                let expected = batch(number as u64 + 1).open;
                prop_assert_eq!(Some(&point.open), expected.as_ref());
            }
            let before = state.open.len();
            journal.add(batch(9), false).unwrap();
            drop(journal);
            let (_, state) = Journal::open(&path, &settings("a"), false).unwrap();
            prop_assert_eq!(state.open.len(), before + 1);
        }
    }
}
