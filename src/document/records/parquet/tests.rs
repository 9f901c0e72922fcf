//! Parquet files that are read, translated into capitals and put together again.

use std::io::Cursor;

use parquet::data_type::{ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;

use super::*;
use crate::document::records::Field;

const SCHEMA: &str = "message table {
    required int64 id;
    optional binary text (utf8);
    optional group tags (list) { repeated group list { optional binary element (utf8); } }
    optional group more { optional binary note (utf8); }
}";

/// A row: its text, its tags, its note.
type Row = (Option<String>, Vec<String>, Option<String>);

fn table(groups: &[Vec<Row>], codec: parquet::basic::Compression) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let properties = WriterProperties::builder().set_compression(codec).build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).unwrap();
    let mut id = 0;
    for rows in groups {
        let mut group = writer.next_row_group().unwrap();
        let ids: Vec<i64> = rows
            .iter()
            .map(|_| {
                id += 1;
                id
            })
            .collect();
        let mut column = group.next_column().unwrap().unwrap();
        column
            .typed::<Int64Type>()
            .write_batch(&ids, None, None)
            .unwrap();
        column.close().unwrap();
        let mut texts = |values: Vec<Option<&String>>, defined: i16, absent: i16| {
            let mut column = group.next_column().unwrap().unwrap();
            let levels: Vec<i16> = values
                .iter()
                .map(|v| if v.is_some() { defined } else { absent })
                .collect();
            let values: Vec<ByteArray> = values
                .into_iter()
                .flatten()
                .map(|v| ByteArray::from(v.as_str()))
                .collect();
            let typed = column.typed::<ByteArrayType>();
            typed.write_batch(&values, Some(&levels), None).unwrap();
            column.close().unwrap();
        };
        texts(rows.iter().map(|row| row.0.as_ref()).collect(), 1, 0);
        let (mut levels, mut repeats, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (_, tags, _) in rows {
            if tags.is_empty() {
                levels.push(1);
                repeats.push(0);
            }
            for (number, tag) in tags.iter().enumerate() {
                levels.push(3);
                repeats.push(i16::from(number > 0));
                values.push(ByteArray::from(tag.as_str()));
            }
        }
        let mut column = group.next_column().unwrap().unwrap();
        let typed = column.typed::<ByteArrayType>();
        typed
            .write_batch(&values, Some(&levels), Some(&repeats))
            .unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let levels: Vec<i16> = rows
            .iter()
            .map(|row| if row.2.is_some() { 2 } else { 1 })
            .collect();
        let values: Vec<ByteArray> = rows
            .iter()
            .filter_map(|row| row.2.as_deref())
            .map(ByteArray::from)
            .collect();
        column
            .typed::<ByteArrayType>()
            .write_batch(&values, Some(&levels), None)
            .unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
    bytes
}

fn columns(names: &[(&str, &str)]) -> Columns {
    let field = |(name, output): &(&str, &str)| Field {
        name: (*name).into(),
        output: (*output).into(),
    };
    Columns {
        fields: names.iter().map(field).collect(),
        header: false,
        delimiter: None,
    }
}

/// The interim file of a table whose texts become capitals.
fn interim(bytes: &[u8], columns: &Columns) -> Vec<u8> {
    let mut reader = Reader::new("t", Bytes::from(bytes.to_vec()), columns).unwrap();
    let mut out = Vec::new();
    while let Some(record) = reader.next().unwrap() {
        let blocks = record.passages().flat_map(|passage| &passage.blocks);
        let texts: Vec<String> = blocks.map(|block| block.text.to_uppercase()).collect();
        record.write_with(&texts, &mut out);
    }
    out
}

fn translated(bytes: &[u8], columns: &Columns) -> Vec<u8> {
    let lines = interim(bytes, columns);
    let mut out = Vec::new();
    assemble(
        &Bytes::from(bytes.to_vec()),
        columns,
        Cursor::new(lines),
        &mut out,
    )
    .unwrap();
    out
}

fn row(text: Option<&str>, tags: &[&str], note: Option<&str>) -> Row {
    let owned = |text: &str| text.to_owned();
    (
        text.map(owned),
        tags.iter().copied().map(owned).collect(),
        note.map(owned),
    )
}

/// A table of so many rows in groups of five, for whole jobs.
pub(crate) fn numbered(rows: usize) -> Vec<u8> {
    let each = |n: usize| row(Some(&format!("La ligne {n}. Fin.")), &["a"], None);
    let rows: Vec<Row> = (0..rows).map(each).collect();
    let groups: Vec<Vec<Row>> = rows.chunks(5).map(<[Row]>::to_vec).collect();
    table(&groups, parquet::basic::Compression::SNAPPY)
}

/// All rows, as the library shows them.
pub(crate) fn rows(bytes: &[u8]) -> Vec<String> {
    let reader = SerializedFileReader::new(Bytes::from(bytes.to_vec())).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    rows.map(|row| row.unwrap().to_string()).collect()
}

fn sample() -> Vec<Vec<Row>> {
    vec![
        vec![
            row(Some("Il pleut.\n\nEncore."), &["a", "b"], None),
            row(None, &[], Some("note")),
        ],
        vec![],
        vec![row(Some(""), &["c"], Some("fin"))],
    ]
}

#[test]
fn a_column_is_added_and_all_else_stays() {
    use parquet::basic::{Compression, GzipLevel, ZstdLevel};
    for codec in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ] {
        let old = table(&sample(), codec);
        let new = translated(&old, &columns(&[("text", "text.en")]));
        let expected = [
            r#"{id: 1, text: "Il pleut.

Encore.", tags: ["a", "b"], more: {note: null}, text.en: "IL PLEUT.

ENCORE."}"#,
            r#"{id: 2, text: null, tags: [], more: {note: "note"}, text.en: null}"#,
            r#"{id: 3, text: "", tags: ["c"], more: {note: "fin"}, text.en: ""}"#,
        ];
        assert_eq!(rows(&new), expected, "{codec}");
        let groups = |bytes: &[u8]| -> Vec<i64> {
            let (metadata, _) = open(&Bytes::from(bytes.to_vec())).unwrap();
            metadata
                .row_groups()
                .iter()
                .map(|group| group.num_rows())
                .collect()
        };
        assert_eq!((groups(&old), groups(&new)), (vec![2, 0, 1], vec![2, 1]));
    }
}

#[test]
fn columns_are_replaced_or_lie_within_others() {
    let old = table(&sample(), parquet::basic::Compression::UNCOMPRESSED);
    let new = translated(
        &old,
        &columns(&[("text", "id"), ("more.note", "more.note.en")]),
    );
    let first = rows(&new).remove(1);
    assert_eq!(
        first,
        r#"{id: null, text: null, tags: [], more: {note: "note"}, more.note.en: "NOTE"}"#
    );
    let new = translated(&old, &columns(&[("2", "2.en")]));
    assert!(
        rows(&new)[2].ends_with(r#"text.en: ""}"#),
        "{:?}",
        rows(&new)
    );
}

#[test]
fn what_cannot_be_translated_is_refused() {
    let old = table(&sample(), parquet::basic::Compression::UNCOMPRESSED);
    let refused = |name: &str, output: &str| {
        let reader = Reader::new("t", Bytes::from(old.clone()), &columns(&[(name, output)]));
        reader
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    assert_eq!(
        refused("body", "body.en"),
        "t has no column “body”; there are id, text, tags, more"
    );
    assert!(refused("tags", "tags.en").ends_with("its values are lists, or hold no texts"));
    assert!(refused("9", "9.en").contains("no column “9”"));
    assert!(refused("id", "id.en").ends_with("its values are INT64"));
    assert!(refused("tags.list.element", "x").ends_with("its values are lists"));
    assert!(refused("text", "tags").ends_with("is no column to put them in"));
    let none = Reader::new(
        "t",
        Bytes::from_static(b"Bonjour."),
        &columns(&[("text", "x")]),
    );
    assert!(matches!(none, Err(Error::Parquet { .. })));
}

#[test]
fn lines_of_another_table_are_refused() {
    let old = table(&sample(), parquet::basic::Compression::UNCOMPRESSED);
    let columns = columns(&[("text", "text.en")]);
    let lines = interim(&old, &columns);
    for lines in [
        &lines[..lines.len() - 5],
        &[&*lines, b"[null]\n"].concat(),
        b"",
    ] {
        let table = Bytes::from(old.clone());
        let error = assemble(&table, &columns, Cursor::new(lines), Vec::new()).unwrap_err();
        assert!(
            error.to_string().contains("not those that were translated"),
            "{error}"
        );
    }
}

#[test]
fn the_fingerprint_tells_tables_apart() {
    let fingerprint = |rows: &[Vec<Row>]| {
        let bytes = table(rows, parquet::basic::Compression::UNCOMPRESSED);
        let columns = columns(&[("text", "text.en")]);
        let mut reader = Reader::new("t", Bytes::from(bytes), &columns).unwrap();
        while reader.next().unwrap().is_some() {}
        reader.fingerprint()
    };
    let mut other = sample();
    other[2][0].2 = Some("fini".into());
    assert_eq!(fingerprint(&sample()), fingerprint(&sample()));
    // Another note, in a column that is not translated.
    assert_ne!(fingerprint(&sample()), fingerprint(&other));
}

#[test]
fn a_table_damaged_anywhere_is_read_or_refused() {
    let whole = table(&sample(), parquet::basic::Compression::SNAPPY);
    let columns = columns(&[("text", "text.en")]);
    // With this byte the library looks for a dictionary that is not there, and panics.
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] = 145;
        if let Ok(mut reader) = Reader::new("t", Bytes::from(bytes), &columns) {
            while let Ok(Some(_)) = reader.next() {}
        }
    }
}

/// The schema of a table with a dictionary, a time zone and a list, as pyarrow writes it.
const ARROW_SCHEMA: &str = include_str!("arrow_schema.txt");

#[test]
fn arrows_schema_gets_the_columns_too() {
    let schema = ARROW_SCHEMA.trim();
    let once = arrow_schema::with_texts(schema, &[(None, "text.en")]).unwrap();
    let twice = arrow_schema::with_texts(&once, &[(Some(0), "first"), (None, "last")]).unwrap();
    assert_eq!(arrow_schema::with_texts(schema, &[(Some(99), "x")]), None);
    let holds = |schema: &str, name: &str| {
        use base64::Engine;
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(schema)
            .unwrap();
        bytes
            .windows(name.len())
            .any(|part| part == name.as_bytes())
    };
    assert!(holds(&once, "text.en") && holds(&twice, "first") && holds(&twice, "last"));
}

fn any_row() -> impl Strategy<Value = Row> {
    let tags = proptest::collection::vec("[a-z]{0,3}", 0..3);
    (
        proptest::option::of("\\PC{0,12}|a\n\nb"),
        tags,
        proptest::option::of("[a-z]{0,3}"),
    )
}

proptest! {
    #[test]
    fn any_table_keeps_its_rows(
        groups in proptest::collection::vec(proptest::collection::vec(any_row(), 1..6), 0..4),
    ) {
        let old = table(&groups, parquet::basic::Compression::SNAPPY);
        let new = translated(&old, &columns(&[("text", "text.en")]));
        let (old_rows, new_rows) = (rows(&old), rows(&new));
        prop_assert_eq!(old_rows.len(), new_rows.len());
        let texts = groups.iter().flatten().map(|row| row.0.as_deref());
        for ((old, new), text) in old_rows.iter().zip(&new_rows).zip(texts) {
            let added = new.strip_prefix(old.trim_end_matches('}'));
            prop_assert!(added.is_some(), "{} {}", old, new);
            prop_assert_eq!(added.unwrap().ends_with("text.en: null}"), text.is_none());
        }
        prop_assert_eq!(&new, &translated(&old, &columns(&[("text", "text.en")])));
    }

    #[test]
    fn a_damaged_table_is_read_or_refused(at in 0usize..2000, byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = table(&sample(), parquet::basic::Compression::SNAPPY);
        let at = at % bytes.len();
        bytes[at] = byte;
        if cut {
            bytes.truncate(at);
        }
        let columns = columns(&[("text", "text.en")]);
        if let Ok(mut reader) = Reader::new("t", Bytes::from(bytes), &columns) {
            while let Ok(Some(_)) = reader.next() {}
        }
    }

    #[test]
    fn any_bytes_as_arrows_schema_do_no_harm(
        at in 0usize..2000,
        bytes in proptest::collection::vec(any::<u8>(), 1..9),
    ) {
        use base64::Engine;
        let engine = base64::engine::general_purpose::STANDARD;
        let mut schema = engine.decode(ARROW_SCHEMA.trim()).unwrap();
        let at = at % schema.len();
        let end = (at + bytes.len()).min(schema.len());
        schema[at..end].copy_from_slice(&bytes[..end - at]);
        let _ = arrow_schema::with_texts(&engine.encode(&schema), &[(None, "x"), (Some(1), "y")]);
    }
}
