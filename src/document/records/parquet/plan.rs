//! Which columns of a Parquet file are translated, and where their translations go.

use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::schema::types::SchemaDescriptor;

use super::super::{Columns, Error};
use super::is_bytes;

/// A column that is translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    /// Its number among the leaves of the schema.
    pub leaf: usize,
    /// The definition level of a value that is there.
    pub most_defined: i16,
    /// The name of the column that the translation goes into.
    pub output: String,
    /// The number, among the fields of the schema's root, of the column that it replaces; none
    /// where it is added.
    pub replaces: Option<usize>,
}

/// # Errors
/// [`Error::NoColumn`], [`Error::NotTextColumn`].
pub(super) fn find(
    name: &str,
    schema: &SchemaDescriptor,
    columns: &Columns,
) -> Result<Vec<Column>, Error> {
    let roots = schema.root_schema().get_fields();
    let find = |field: &super::super::Field| -> Result<Column, Error> {
        let number = field.name.parse::<usize>().ok();
        let named = match number.and_then(|number| number.checked_sub(1)) {
            Some(number) => roots.get(number).map(|root| root.name().to_owned()),
            None => Some(field.name.clone()),
        };
        let leaf = named.as_ref().and_then(|named| {
            let mut leaves = schema.columns().iter();
            leaves.position(|leaf| leaf.path().string() == *named)
        });
        let not_text = |why: String| Error::NotTextColumn {
            name: name.into(),
            column: field.name.clone(),
            why,
        };
        let is_nested = |named: &String| {
            let mut roots = roots.iter();
            roots.any(|root| root.name() == named && !root.is_primitive())
        };
        if let Some(named) = named.as_ref().filter(|named| is_nested(named)) {
            return Err(not_text(within(schema, named)));
        }
        let (Some(leaf), Some(named)) = (leaf, named) else {
            let found: Vec<&str> = roots.iter().map(|root| root.name()).collect();
            return Err(Error::NoColumn {
                name: name.into(),
                column: field.name.clone(),
                found: found.join(", "),
            });
        };
        let column = schema.column(leaf);
        if !is_bytes(column.physical_type()) {
            return Err(not_text(format!(
                "its values are {}",
                column.physical_type()
            )));
        }
        if column.max_rep_level() > 0 {
            return Err(not_text("its values are lists".into()));
        }
        // A column that is given by number is named all the same.
        let output = match field.output.strip_prefix(&field.name) {
            Some(suffix) if number.is_some() => format!("{named}{suffix}"),
            _ => field.output.clone(),
        };
        let replaces = roots.iter().position(|root| root.name() == output);
        if replaces.is_some_and(|number| !roots[number].is_primitive()) || output.is_empty() {
            return Err(not_text(format!("“{output}” is no column to put them in")));
        }
        Ok(Column {
            name: named,
            leaf,
            most_defined: column.max_def_level(),
            output,
            replaces,
        })
    };
    columns.fields.iter().map(find).collect()
}

/// Why the column `root`, which holds others, cannot be translated: those within it that can are
/// named.
fn within(schema: &SchemaDescriptor, root: &str) -> String {
    let texts = schema.columns().iter().filter(|leaf| {
        let is_within = leaf.path().parts().first().is_some_and(|name| name == root);
        is_within && is_bytes(leaf.physical_type()) && leaf.max_rep_level() == 0
    });
    let texts: Vec<String> = texts.map(|leaf| leaf.path().string()).collect();
    match texts.is_empty() {
        true => "its values are lists, or hold no texts".into(),
        false => format!("it holds columns; name one of them: {}", texts.join(", ")),
    }
}

/// Refuses a column whose values lie in another file.
pub(super) fn refuse_elsewhere(chunk: &ColumnChunkMetaData) -> Result<(), ParquetError> {
    match chunk.file_path() {
        Some(path) => Err(ParquetError::NYI(format!("its values lie in {path}"))),
        None => Ok(()),
    }
}
