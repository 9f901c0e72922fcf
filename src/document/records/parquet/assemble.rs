//! A Parquet file with a column of translations: every other column is copied as it lies.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, KeyValue, ParquetMetaData, RowGroupMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::ChunkReader;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use super::super::Columns;
use super::plan::{self, Column};
use super::{BATCH, arrow_schema, open};

/// The key of the schema as Arrow has it.
const ARROW: &str = "ARROW:schema";
/// The key of the schema as Spark has it.
const SPARK: &str = "org.apache.spark.sql.parquet.row.metadata";
/// The first place where something can lie, after the magic.
const FIRST: i64 = 4;

/// Where a column of the new file comes from.
enum Origin {
    /// A leaf of the old file.
    Copied(usize),
    /// The translations of a column.
    Translated(usize),
}

/// Writes `file` to `out` with the translations of some of its columns, which are read from
/// `texts`: a line for each row, a JSON array of strings and nulls.
///
/// Columns that are not translated, their statistics, the groups of rows (but for empty ones) and what the file tells
/// of itself stay. Page indexes and Bloom filters, which only make searching quicker, are left out.
///
/// # Errors
/// Where something cannot be read or written, or the two do not go together
/// ([`io::ErrorKind::InvalidData`]).
pub fn assemble<R: ChunkReader>(
    file: &R,
    columns: &Columns,
    texts: impl Read + Seek,
    out: impl Write + Send,
) -> io::Result<()> {
    whole(file, columns, texts, out).map_err(|error| match error {
        // What the system says, as it says it: a full disk is one.
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::new(io::ErrorKind::InvalidData, error),
    })
}

fn whole<R: ChunkReader>(
    file: &R,
    columns: &Columns,
    texts: impl Read + Seek,
    out: impl Write + Send,
) -> Result<(), ParquetError> {
    let (metadata, _) = open(file)?;
    let schema = metadata.file_metadata().schema_descr();
    let columns = plan::find("the table", schema, columns);
    let columns = columns.map_err(|error| ParquetError::External(Box::new(error)))?;
    let (schema, origins) = new_schema(&metadata, &columns)?;
    let properties = properties(&metadata, &columns)?;
    let mut writer = SerializedFileWriter::new(out, schema, Arc::new(properties))?;
    let mut texts = Texts(BufReader::new(texts));
    // Not every reader copes with a group that has no rows.
    for group in metadata
        .row_groups()
        .iter()
        .filter(|group| group.num_rows() > 0)
    {
        let mut new = writer.next_row_group()?;
        let start = texts.0.stream_position()?;
        for origin in &origins {
            match *origin {
                Origin::Copied(leaf) => copy(file, group, leaf, &mut new)?,
                Origin::Translated(number) => {
                    texts.0.seek(SeekFrom::Start(start))?;
                    texts.write(number, group.num_rows(), &mut new)?;
                }
            }
        }
        new.close()?;
    }
    if !texts.0.fill_buf()?.is_empty() {
        return Err(changed());
    }
    writer.close()?;
    Ok(())
}

fn changed() -> ParquetError {
    ParquetError::General("its rows are not those that were translated".into())
}

/// The old schema with the columns of translations in it; and where its leaves come from.
fn new_schema(
    metadata: &ParquetMetaData,
    columns: &[Column],
) -> Result<(TypePtr, Vec<Origin>), ParquetError> {
    let schema = metadata.file_metadata().schema_descr();
    let text = |name: &str| -> Result<TypePtr, ParquetError> {
        let text = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(Some(LogicalType::String));
        Ok(Arc::new(text.build()?))
    };
    let mut fields = Vec::new();
    let mut origins = Vec::new();
    for (root, field) in schema.root_schema().get_fields().iter().enumerate() {
        // Of two that would replace one column, the last does.
        match columns.iter().rposition(|c| c.replaces == Some(root)) {
            Some(number) => {
                fields.push(text(field.name())?);
                origins.push(Origin::Translated(number));
            }
            None => {
                fields.push(Arc::clone(field));
                let leaves = 0..schema.num_columns();
                let own = leaves.filter(|&leaf| schema.get_column_root_idx(leaf) == root);
                origins.extend(own.map(Origin::Copied));
            }
        }
    }
    for (number, column) in columns.iter().enumerate() {
        if column.replaces.is_none() {
            fields.push(text(&column.output)?);
            origins.push(Origin::Translated(number));
        }
    }
    let root = Type::group_type_builder(schema.name()).with_fields(fields);
    Ok((Arc::new(root.build()?), origins))
}

fn properties(
    metadata: &ParquetMetaData,
    columns: &[Column],
) -> Result<WriterProperties, ParquetError> {
    let names: Vec<(Option<usize>, &str)> = columns
        .iter()
        .map(|column| (column.replaces, &*column.output))
        .collect();
    let told = metadata.file_metadata().key_value_metadata();
    let told = told.into_iter().flatten().filter_map(|told| {
        let value = match (&*told.key, &told.value) {
            // One that does not fit the columns would be worse than none.
            (ARROW, Some(value)) => Some(arrow_schema::with_texts(value, &names)?),
            (SPARK, Some(value)) => Some(spark_with_texts(value, columns)?),
            (_, value) => value.clone(),
        };
        Some(KeyValue {
            key: told.key.clone(),
            value,
        })
    });
    let told: Vec<KeyValue> = told.collect();
    let mut sorted = metadata
        .row_groups()
        .iter()
        .map(RowGroupMetaData::sorting_columns);
    let first = sorted.next().flatten();
    let is_sorted = columns.iter().all(|column| column.replaces.is_none())
        && sorted.all(|other| other == first);
    let mut properties = WriterProperties::builder()
        .set_created_by(format!("visavis {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata((!told.is_empty()).then_some(told))
        .set_sorting_columns(first.filter(|_| is_sorted).cloned())
        .set_offset_index_disabled(true)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        // Hardly a translation stands twice.
        .set_dictionary_enabled(false);
    for column in columns {
        let group = metadata.row_groups().first();
        let codec = group.map(|group| group.column(column.leaf).compression());
        let codec = match codec.unwrap_or(Compression::UNCOMPRESSED) {
            // Its frames are not told apart from those of today.
            Compression::LZ4 => Compression::LZ4_RAW,
            codec => codec,
        };
        let path = ColumnPath::new(vec![column.output.clone()]);
        properties = properties.set_column_compression(path, codec);
    }
    Ok(properties.build())
}

/// Spark's schema, which is JSON, with columns of text added; none where it is not understood.
fn spark_with_texts(value: &str, columns: &[Column]) -> Option<String> {
    let mut schema: serde_json::Value = serde_json::from_str(value).ok()?;
    let fields = schema.get_mut("fields")?.as_array_mut()?;
    for column in columns {
        let text = serde_json::json!({
            "name": column.output, "type": "string", "nullable": true, "metadata": {},
        });
        match column.replaces {
            Some(number) => *fields.get_mut(number)? = text,
            None => fields.push(text),
        }
    }
    Some(schema.to_string())
}

fn copy<R: ChunkReader, W: Write + Send>(
    file: &R,
    group: &RowGroupMetaData,
    leaf: usize,
    new: &mut SerializedRowGroupWriter<'_, W>,
) -> Result<(), ParquetError> {
    let chunk = group.column(leaf);
    plan::refuse_elsewhere(chunk)?;
    let metadata = with_place(chunk)?;
    new.append_column(
        file,
        ColumnCloseResult {
            bytes_written: u64::try_from(chunk.compressed_size())?,
            rows_written: u64::try_from(group.num_rows())?,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        },
    )
}

/// The chunk as one that begins at its first page: some writers name a dictionary that is none.
fn with_place(chunk: &ColumnChunkMetaData) -> Result<ColumnChunkMetaData, ParquetError> {
    let dictionary = chunk.dictionary_page_offset();
    let dictionary = dictionary.filter(|&at| at >= FIRST && at < chunk.data_page_offset());
    let chunk = chunk.clone().into_builder();
    chunk.set_dictionary_page_offset(dictionary).build()
}

/// The lines of translations.
struct Texts<R>(R);

impl<R: BufRead> Texts<R> {
    /// Writes those of a column for a group of rows.
    fn write<W: Write + Send>(
        &mut self,
        number: usize,
        rows: i64,
        new: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let mut column = new.next_column()?.ok_or_else(changed)?;
        let mut left = usize::try_from(rows)?;
        let mut line = Vec::new();
        while left > 0 {
            let (mut values, mut levels) = (Vec::new(), Vec::new());
            for _ in 0..left.min(BATCH) {
                line.clear();
                self.0.read_until(b'\n', &mut line)?;
                let row: Result<Vec<Option<String>>, _> = serde_json::from_slice(&line);
                let mut row = row.map_err(|_| changed())?;
                let text = row.get_mut(number).ok_or_else(changed)?.take();
                levels.push(i16::from(text.is_some()));
                values.extend(text.map(|text| ByteArray::from(text.into_bytes())));
            }
            let written = column.typed::<ByteArrayType>();
            written.write_batch(&values, Some(&levels), None)?;
            left -= levels.len();
        }
        column.close()
    }
}
