//! Parquet: a row is a record, its texts are those of some columns.
//!
//! A Parquet file's index stands at its end, and its columns lie one after the other within each
//! group of rows, so it cannot be written row by row. What a [`Record`] writes is a line of an
//! interim file: a JSON array with the row's translations, null where the row has no text.
//! [`assemble`] puts those lines and the file that they were read from together.

mod arrow_schema;
mod assemble;
mod plan;

use std::collections::VecDeque;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::Type;
use parquet::column::reader::{ColumnReaderImpl, get_column_reader, get_typed_column_reader};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;

use super::source::check_text;
use super::{Columns, Error, Passage, Piece, Record, Records, Style};
use crate::checksum::Checksum;
use plan::Column;

pub use assemble::assemble;

/// Rows that are read at once.
const BATCH: usize = 256;
/// Bytes at the end of a file that tell how long its index is, with the last magic.
const TAIL: u64 = 8;

/// The rows of a Parquet file.
pub struct Reader<R: ChunkReader> {
    name: String,
    file: Arc<R>,
    metadata: ParquetMetaData,
    columns: Vec<Column>,
    /// The columns of the group that is being read.
    readers: Vec<ColumnReaderImpl<ByteArrayType>>,
    /// Rows of it that are still to be read.
    left: u64,
    /// The group after it.
    next_group: usize,
    batch: VecDeque<Vec<Option<ByteArray>>>,
    /// The row that was used last, 1-based.
    row: usize,
    hash: Checksum,
}

impl<R: ChunkReader + 'static> Reader<R> {
    /// # Errors
    /// [`Error::Parquet`] where it is no such file, [`Error::NoColumn`], [`Error::NotTextColumn`].
    pub fn new(name: &str, file: R, columns: &Columns) -> Result<Self, Error> {
        let (metadata, footer) = unharmed(|| open(&file)).map_err(failed(name))?;
        let schema = metadata.file_metadata().schema_descr();
        let columns = plan::find(name, schema, columns)?;
        let mut hash = Checksum::default();
        // It tells where all columns lie, and what is in them.
        hash.update(&footer);
        Ok(Self {
            name: name.into(),
            file: Arc::new(file),
            columns,
            metadata,
            readers: Vec::new(),
            left: 0,
            next_group: 0,
            batch: VecDeque::new(),
            row: 0,
            hash,
        })
    }

    /// How many rows the file has.
    pub fn rows(&self) -> u64 {
        u64::try_from(self.metadata.file_metadata().num_rows()).unwrap_or(0)
    }

    /// Reads more rows; there are none at the end.
    fn fill(&mut self) -> Result<(), ParquetError> {
        while self.left == 0 {
            if self.next_group == self.metadata.num_row_groups() {
                return Ok(());
            }
            let group = self.metadata.row_group(self.next_group);
            self.next_group += 1;
            self.left = u64::try_from(group.num_rows())?;
            if self.left == 0 {
                continue;
            }
            let rows = usize::try_from(group.num_rows())?;
            self.readers.clear();
            for column in &self.columns {
                let chunk = group.column(column.leaf);
                plan::refuse_elsewhere(chunk)?;
                let file = Arc::clone(&self.file);
                let pages = SerializedPageReader::new(file, chunk, rows, None)?;
                let reader = get_column_reader(chunk.column_descr_ptr(), Box::new(pages));
                self.readers.push(get_typed_column_reader(reader));
            }
        }
        let wanted = usize::try_from(self.left).unwrap_or(BATCH).min(BATCH);
        let mut rows: Vec<Vec<Option<ByteArray>>> = vec![Vec::new(); wanted];
        for (reader, column) in self.readers.iter_mut().zip(&self.columns) {
            let (mut levels, mut values) = (Vec::new(), Vec::new());
            let (read, _, _) = reader.read_records(wanted, Some(&mut levels), None, &mut values)?;
            if read != wanted {
                let missing = format!("column {} has too few rows", column.name);
                return Err(ParquetError::EOF(missing));
            }
            let mut values = values.into_iter();
            for (number, row) in rows.iter_mut().enumerate() {
                let is_there =
                    column.most_defined == 0 || levels.get(number) == Some(&column.most_defined);
                row.push(if is_there { values.next() } else { None });
            }
        }
        self.left -= wanted as u64;
        self.batch.extend(rows);
        Ok(())
    }
}

impl<R: ChunkReader + 'static> Records for Reader<R> {
    fn next(&mut self) -> Result<Option<Record>, Error> {
        if self.batch.is_empty() {
            let filled = unharmed(|| self.fill());
            filled.map_err(failed(&self.name))?;
        }
        let Some(cells) = self.batch.pop_front() else {
            return Ok(None);
        };
        self.row += 1;
        let mut troubles = Vec::new();
        let mut pieces = vec![Piece::Kept(b"[".into())];
        for (number, cell) in cells.into_iter().enumerate() {
            if number > 0 {
                pieces.push(Piece::Kept(b",".into()));
            }
            let Some(cell) = cell else {
                self.hash.update(&[0]);
                pieces.push(Piece::Kept(b"null".into()));
                continue;
            };
            self.hash.update(&[1]);
            self.hash.update(&(cell.len() as u64).to_le_bytes());
            self.hash.update(cell.data());
            let (text, wrong) = check_text(cell.data().to_vec(), false);
            troubles.extend(wrong);
            pieces.push(Piece::Passage(Passage::prose(&text, Style::Json)));
        }
        pieces.push(Piece::Kept(b"]\n".into()));
        Ok(Some(Record {
            line: self.row,
            lines: 1,
            troubles,
            pieces,
        }))
    }

    fn fingerprint(&self) -> String {
        self.hash.hex()
    }
}

/// Bytes in memory as a Parquet file.
pub(super) fn of_stream(
    name: &str,
    mut stream: Box<dyn Read + Send>,
    columns: &Columns,
) -> Result<Reader<Bytes>, Error> {
    let mut all = Vec::new();
    stream.read_to_end(&mut all).map_err(|source| Error::Read {
        name: name.into(),
        line: 0,
        source,
    })?;
    Reader::new(name, Bytes::from(all), columns)
}

/// A file's index, and the bytes that it was read from.
fn open(file: &impl ChunkReader) -> Result<(ParquetMetaData, Bytes), ParquetError> {
    let metadata = ParquetMetaDataReader::new().parse_and_finish(file)?;
    let short = || ParquetError::EOF("no index at its end".into());
    let end = file.len().checked_sub(TAIL).ok_or_else(short)?;
    let tail = file.get_bytes(end, TAIL as usize)?;
    let length = tail
        .first_chunk::<4>()
        .map(|bytes| u32::from_le_bytes(*bytes));
    let length = length.ok_or_else(short)?;
    let start = end.checked_sub(length.into()).ok_or_else(short)?;
    let footer = file.get_bytes(start, length as usize + TAIL as usize)?;
    for group in metadata.row_groups() {
        for chunk in group.columns() {
            // The reader takes these for granted.
            if chunk.compressed_size() < 0
                || chunk.data_page_offset() < 0
                || chunk.dictionary_page_offset().is_some_and(|at| at < 0)
            {
                return Err(ParquetError::General("a column lies nowhere".into()));
            }
        }
        if group.num_rows() < 0 {
            return Err(ParquetError::General(
                "a group of rows has fewer than none".into(),
            ));
        }
    }
    Ok((metadata, footer))
}

/// The library panics at some damaged files; to us they are errors. Nothing is used afterwards of
/// what it was at.
fn unharmed<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    let damaged = |_| Err(ParquetError::General("it is damaged".into()));
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(damaged)
}

/// For `map_err`: that the file cannot be read as Parquet.
fn failed(name: &str) -> impl FnOnce(ParquetError) -> Error + '_ {
    move |error| Error::Parquet {
        name: name.into(),
        source: match error {
            // Brotli and LZO, which the library would read if it were built so.
            ParquetError::General(message) if message.starts_with("Disabled feature") => {
                let kind = message.rsplit(": ").next().unwrap_or_default();
                format!(
                    "a column is compressed with {kind}, which is not read; write the table with \
                     Snappy, gzip, Zstandard or LZ4"
                )
                .into()
            }
            error => Box::new(error),
        },
    }
}

/// Whether a column's values are bytes of any length, as texts are.
fn is_bytes(kind: Type) -> bool {
    kind == Type::BYTE_ARRAY
}

#[cfg(test)]
pub(crate) mod tests;
