//! The writing stage: translated windows go to the unfinished file beside each output, and to the
//! journal; a file that is done gets its name.
//!
//! The order of things makes a kill harmless at every point: first a batch's bytes, then its entry
//! in the journal, then the names. An earlier run's last names are given again when it goes on.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::journal::{Batch, Checkpoint, Finished, Input, Journal, Open, State};
use super::pairs::Pairs;
use super::report::{Problem, Totals};
use super::window::{Item, Sentences, Window};
use super::{Error, InputFile};
use crate::bitext::{DocumentInfo, Format, Header};
use crate::checksum::Checksum;
use crate::compression::Compression;
use crate::document::Block;
use crate::document::records::{Columns, Layout, Record, parquet};
use crate::translate::Translation;
use crate::translate::assembly::Parts;

/// Where all translations go that have no file of their own.
pub(super) type Stream = Box<dyn Write + Send>;

/// So many problems are told at the end of a run; the report has all.
pub const MOST_TOLD: usize = 10;

pub(super) struct Writer {
    files: Arc<Vec<InputFile>>,
    journal: Option<Journal>,
    stream: Stream,
    pub totals: Totals,
    /// Where bitexts are written: their format, and their header but for the documents.
    bitext: Option<(Format, Header)>,
    part: Option<Part>,
    /// The pairs of the file that goes on, where they are written.
    pairs: Option<Pairs>,
    /// The file that goes on: its number.
    current: usize,
    /// What is to be written to it at the next flush.
    buffer: Vec<u8>,
    /// Problems of the batch.
    problems: Vec<Problem>,
    finished: Vec<Finished>,
    /// Parts that are done, and wait for their names.
    named: Vec<Target>,
    /// The first problems.
    pub told: Vec<Problem>,
    /// What is wrong with the files that could not be read; the next run tries them again.
    pub failures: Vec<Problem>,
}

/// An output: where it is written, and what it will be called.
#[derive(Debug, Clone)]
struct Target {
    /// Where the batches go.
    part: PathBuf,
    /// What gets the name in the end: that, or what is assembled from it.
    whole: PathBuf,
    path: PathBuf,
}

impl Target {
    /// Where a link is replaced, it stays, and what it points at is replaced.
    fn of(path: &Path, layout: &Layout) -> Self {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let part = beside(&path, "part");
        let whole = match layout {
            Layout::Parquet(_) => beside(&path, "whole"),
            _ => part.clone(),
        };
        Self { part, whole, path }
    }

    /// Whether it is assembled from what was written.
    fn is_assembled(&self) -> bool {
        self.whole != self.part
    }

    fn name(&self) -> Result<(), Error> {
        fs::rename(&self.whole, &self.path).map_err(Error::write(&self.path))?;
        self.clear();
        Ok(())
    }

    /// Gives up what was written.
    fn discard(&self) {
        // What cannot be removed is overwritten by the next run.
        let _ = fs::remove_file(&self.part);
        if self.is_assembled() {
            let _ = fs::remove_file(&self.whole);
        }
    }

    /// Removes what it was assembled from.
    fn clear(&self) {
        if self.is_assembled() {
            // What is left does no harm: the next run overwrites it.
            let _ = fs::remove_file(&self.part);
        }
    }
}

/// Where the journal lies of a run that writes the file, or the folder, `output`: beside the file,
/// in the folder.
pub fn journal_beside(output: &Path, is_folder: bool) -> PathBuf {
    if is_folder {
        return output.join(".visavis-journal");
    }
    beside(output, "journal")
}

/// `.NAME.visavis-SUFFIX` beside a file.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.visavis-{suffix}"))
}

/// An unfinished output.
#[derive(Debug)]
struct Part {
    target: Target,
    file: File,
    compression: Compression,
    written: u64,
    checksum: Checksum,
}

impl Part {
    fn begin(path: &Path, layout: &Layout) -> Result<Self, Error> {
        let target = Target::of(path, layout);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Error::write(folder))?;
        }
        let file = File::create(&target.part).map_err(Error::write(&target.part))?;
        keep_permissions(&file, &target).map_err(Error::write(&target.part))?;
        Ok(Self {
            compression: Compression::guess(path).0,
            target,
            file,
            written: 0,
            checksum: Checksum::default(),
        })
    }

    /// Opens what an earlier run has written, at the last of its checkpoints that it still
    /// answers to; returns which.
    fn go_on(path: &Path, layout: &Layout, points: &[Checkpoint]) -> Result<(Self, usize), Error> {
        let target = Target::of(path, layout);
        let damaged = || Error::Damaged {
            path: target.part.clone(),
        };
        let mut file = File::options()
            .read(true)
            .write(true)
            .open(&target.part)
            .map_err(|_| damaged())?;
        let mut checksum = Checksum::default();
        let mut written = 0;
        let mut found = None;
        let mut bytes = Vec::new();
        for (number, point) in points.iter().enumerate() {
            let Some(more) = point.open.written.checked_sub(written) else {
                break;
            };
            bytes.clear();
            let read = (&file).take(more).read_to_end(&mut bytes);
            if read.map_err(Error::write(&target.part))? as u64 != more {
                break;
            }
            checksum.update(&bytes);
            written += more;
            if checksum.hex() != point.open.checksum {
                break;
            }
            found = Some((number, written, checksum.clone()));
        }
        let (number, written, checksum) = found.ok_or_else(damaged)?;
        file.set_len(written).map_err(Error::write(&target.part))?;
        file.seek(SeekFrom::Start(written))
            .map_err(Error::write(&target.part))?;
        let part = Self {
            compression: Compression::guess(path).0,
            target,
            file,
            written,
            checksum,
        };
        Ok((part, number))
    }

    /// Writes `bytes` as a frame of their own.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let framed;
        let bytes = match self.compression {
            Compression::None => bytes,
            kind => {
                framed = kind.frame(bytes).map_err(Error::write(&self.target.part))?;
                &framed
            }
        };
        self.file
            .write_all(bytes)
            .map_err(Error::write(&self.target.part))?;
        self.written += bytes.len() as u64;
        self.checksum.update(bytes);
        Ok(())
    }

    fn sync(&self) -> Result<(), Error> {
        self.file
            .sync_data()
            .map_err(Error::write(&self.target.part))
    }

    /// Puts the table together from the input and the translations; returns its length.
    fn assemble(&self, input: &InputFile, columns: &Columns) -> Result<u64, Error> {
        let old = File::open(&input.path).map_err(|source| Error::Open {
            name: input.name.clone(),
            source,
        })?;
        let failed = || Error::write(&self.target.whole);
        let whole = File::create(&self.target.whole).map_err(failed())?;
        keep_permissions(&whole, &self.target).map_err(failed())?;
        let texts = File::open(&self.target.part).map_err(Error::write(&self.target.part))?;
        parquet::assemble(&old, columns, texts, BufWriter::new(&whole)).map_err(failed())?;
        whole.sync_data().map_err(failed())?;
        Ok(whole.metadata().map_err(failed())?.len())
    }
}

/// The file that is replaced has its permissions from the user.
fn keep_permissions(file: &File, target: &Target) -> io::Result<()> {
    match fs::metadata(&target.path) {
        Ok(old) => file.set_permissions(old.permissions()),
        Err(_) => Ok(()),
    }
}

impl Writer {
    /// A writer that begins, or goes on where `state` says. Returns it with the files that need
    /// not be read again, and the one to go on with.
    pub fn new(
        files: Arc<Vec<InputFile>>,
        mut journal: Option<Journal>,
        stream: Stream,
        bitext: Option<(Format, Header)>,
        state: &mut State,
    ) -> Result<(Self, Option<Open>), Error> {
        // The last batch's names may not have been given.
        let target = |name: &str| {
            let file = files.iter().find(|file| file.name == name)?;
            let path = file.target.as_deref()?;
            Some(Target::of(path, &file.layout))
        };
        for file in &state.just_finished {
            let Some(target) = target(&file.name) else {
                continue;
            };
            if length(&target.whole) == file.written && file.written.is_some() {
                target.name()?;
            } else if length(&target.path) == file.written {
                target.clear();
            }
        }
        // An output that somebody took away is made again.
        state.finished.retain(|name, file| match target(name) {
            Some(target) => file.written.is_none() || length(&target.path) == file.written,
            None => false,
        });
        let mut totals = std::mem::take(&mut state.totals);
        let (mut part, mut pairs, mut current, mut open) = (None, None, 0, None);
        if let Some(last) = state.open.last() {
            let number = files.iter().position(|file| file.name == last.open.name);
            if let Some(number) = number
                && let Some(path) = &files[number].target
            {
                let (found, point) = Part::go_on(path, &files[number].layout, &state.open)?;
                let point = &state.open[point];
                if let Some(journal) = &mut journal {
                    journal.go_back(point)?;
                }
                totals = point.totals.clone();
                if let Some((format, header)) = &bitext {
                    pairs = Some(Pairs::go_on(*format, header, point.open.count)?);
                }
                open = Some(point.open.clone());
                (part, current) = (Some(found), number);
            }
        }
        let writer = Self {
            files,
            journal,
            stream,
            totals,
            bitext,
            part,
            pairs,
            current,
            buffer: Vec::new(),
            problems: Vec::new(),
            finished: Vec::new(),
            named: Vec::new(),
            told: Vec::new(),
            failures: Vec::new(),
        };
        Ok((writer, open))
    }

    /// Writes a window.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn window(
        &mut self,
        window: Window,
        mut translations: &[Translation],
    ) -> Result<(), Error> {
        for item in window.items {
            match item {
                Item::Begin(number, date) => {
                    self.current = number;
                    if let Some((format, header)) = &self.bitext {
                        let name = self.files[number].name.clone();
                        let document = DocumentInfo { name, date };
                        self.pairs = Some(Pairs::begin(*format, header, document)?);
                    }
                    if let Some(path) = &self.files[number].target {
                        self.part = Some(Part::begin(path, &self.files[number].layout)?);
                    }
                }
                Item::Record(record, blocks) => {
                    let name = &self.files[self.current].name;
                    let troubles = record.troubles.iter();
                    self.problems.extend(
                        troubles.map(|trouble| Problem::of_record(name, record.line, trouble)),
                    );
                    let sentences = blocks.iter().map(|block| block.places.len()).sum();
                    let own = translations.split_off(..sentences).unwrap_or_default();
                    for translation in own {
                        let found = Problem::of_translation(name, record.line, translation);
                        self.problems.extend(found);
                    }
                    self.totals.sentences += sentences as u64;
                    let words = blocks.iter().flat_map(|block| &block.words);
                    self.totals.words += words.sum::<usize>() as u64;
                    self.totals.lines += record.lines as u64;
                    match &mut self.pairs {
                        Some(pairs) => {
                            pairs.record(&record, &blocks, own)?;
                            pairs.take(&mut self.buffer);
                        }
                        None => record.write_with(&texts(&record, &blocks, own), &mut self.buffer),
                    }
                }
                Item::End(input) => self.end(input)?,
                Item::LeftOut {
                    file,
                    problem,
                    failed,
                    input,
                } => self.leave_out(file, problem, failed, input),
            }
        }
        self.flush()?;
        self.record(window.open)
    }

    /// The journal; none where there is none.
    pub fn into_journal(self) -> Option<Journal> {
        self.journal
    }

    /// Gives up the file that goes on, of which nothing is in the journal.
    pub fn discard(&mut self) {
        if let Some(part) = self.part.take() {
            part.target.discard();
        }
    }

    fn flush(&mut self) -> Result<(), Error> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        match &mut self.part {
            Some(part) => part.write(&self.buffer)?,
            None => {
                let out = self.stream.write_all(&self.buffer);
                out.and_then(|()| self.stream.flush())
                    .map_err(Error::write(Path::new("standard output")))?;
            }
        }
        self.buffer.clear();
        Ok(())
    }

    fn end(&mut self, input: Input) -> Result<(), Error> {
        if let Some(pairs) = self.pairs.take() {
            pairs.finish(&mut self.buffer)?;
        }
        self.flush()?;
        self.totals.files += 1;
        let Some(mut part) = self.part.take() else {
            return Ok(());
        };
        if part.written == 0 && part.compression != Compression::None {
            // No bytes at all are no compressed stream.
            part.write(&[])?;
        }
        part.sync()?;
        let file = &self.files[self.current];
        let written = match &file.layout {
            Layout::Parquet(columns) => match part.assemble(file, columns) {
                // A damaged table among many files does not end the run.
                Err(Error::Write { source, .. })
                    if source.kind() == ErrorKind::InvalidData && self.files.len() > 1 =>
                {
                    self.totals.files -= 1;
                    let message = format!("{source}; left out");
                    let problem = Problem::of_file(&file.name, "unreadable", message);
                    self.failures.push(problem);
                    part.target.discard();
                    return Ok(());
                }
                assembled => assembled?,
            },
            _ => part.written,
        };
        self.finished.push(Finished {
            name: file.name.clone(),
            input,
            written: Some(written),
        });
        self.named.push(part.target);
        Ok(())
    }

    fn leave_out(&mut self, file: usize, problem: Problem, failed: bool, input: Input) {
        self.buffer.clear();
        self.pairs = None;
        self.discard();
        if failed {
            self.failures.push(problem);
            return;
        }
        self.problems.push(problem);
        self.finished.push(Finished {
            name: self.files[file].name.clone(),
            input,
            written: None,
        });
    }

    /// Enters the batch into the journal, then gives the files that are done their names.
    fn record(&mut self, open: Option<Input>) -> Result<(), Error> {
        for problem in &self.problems {
            self.totals.count(problem);
            if self.told.len() < MOST_TOLD {
                self.told.push(problem.clone());
            }
        }
        let mut batch = Batch {
            finished: std::mem::take(&mut self.finished),
            problems: std::mem::take(&mut self.problems),
            totals: self.totals.clone(),
            open: None,
        };
        if let Some(journal) = &mut self.journal {
            let sync = journal.is_sync_due() || !batch.finished.is_empty();
            if let (Some(input), Some(part)) = (open, &self.part) {
                if sync {
                    part.sync()?;
                }
                batch.open = Some(Open {
                    name: self.files[self.current].name.clone(),
                    input,
                    written: part.written,
                    checksum: part.checksum.hex(),
                    count: self.pairs.as_ref().map(Pairs::count).unwrap_or_default(),
                });
            }
            journal.add(batch, sync)?;
        }
        for target in self.named.drain(..) {
            target.name()?;
        }
        Ok(())
    }
}

/// The blocks of a record with their sentences translated.
fn texts(record: &Record, blocks: &[Sentences], mut translations: &[Translation]) -> Vec<String> {
    let texts = record.passages().flat_map(|passage| &passage.blocks);
    let text = |(block, sentences): (&Block, &Sentences)| {
        let sentences = sentences.places.as_slice();
        let own = translations.split_off(..sentences.len());
        let parts = Parts {
            block: &block.text,
            sentences,
        };
        parts.text(own.unwrap_or_default())
    };
    texts.zip(blocks).map(text).collect()
}

fn length(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|metadata| metadata.len())
}
