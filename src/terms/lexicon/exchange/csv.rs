//! Lexicons as tables: a row for each entry, a line in a cell for each value of a list.

use std::io::{self, Write};

use csv::{ReaderBuilder, StringRecord, Trim, Writer};

use super::super::raw::RawEntry;
use super::fields::{Draft, FIELDS, Values, on_one_line, set};
use super::{LexiconError, Tongue, problem};

/// The column that says of which language the terms are.
const LANGUAGE: &str = "language";

pub(super) fn write(entries: &[RawEntry], tongue: Tongue, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Writer::from_writer(out);
    table.write_record([LANGUAGE].iter().chain(FIELDS))?;
    for entry in entries {
        let values = Values::of(entry);
        let cell = |field: &&str| {
            let values = values.of_field(field).map(on_one_line);
            values.collect::<Vec<_>>().join("\n")
        };
        let cells = FIELDS.iter().map(cell);
        table.write_record(std::iter::once(tongue.code().to_owned()).chain(cells))?;
    }
    table.flush()
}

pub(super) fn read(text: &str, name: &str) -> Result<(Tongue, Vec<Draft>), LexiconError> {
    let foreign = |line: usize, message: String| LexiconError::Foreign {
        file: name.to_owned(),
        line,
        message,
    };
    let mut table = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .trim(Trim::Headers)
        .from_reader(text.as_bytes());
    let broken = |error: csv::Error| {
        let line = error.position().map_or(1, |place| place.line() as usize);
        foreign(line, format!("the table is broken: {error}"))
    };
    let columns = table.headers().map_err(broken)?.clone();
    let known = |column: &str| column == LANGUAGE || FIELDS.contains(&column);
    if let Some(column) = columns.iter().find(|column| !known(column)) {
        let message = format!(
            "“{column}” is no column; there are {LANGUAGE}, {}",
            FIELDS.join(", ")
        );
        return Err(foreign(1, message));
    }
    if !columns.iter().any(|column| column == "lemma") {
        return Err(foreign(1, "there is no column “lemma”".to_owned()));
    }
    let mut tongue = None;
    let mut drafts: Vec<Draft> = Vec::new();
    let mut problems = Vec::new();
    let mut record = StringRecord::new();
    while table.read_record(&mut record).map_err(broken)? {
        let line = record.position().map_or(1, |place| place.line() as usize);
        let mut entry = RawEntry::new(String::new());
        for (column, cell) in columns.iter().zip(&record) {
            let mut told = |message| problems.push(problem(name, line, &record[0], message));
            if column == LANGUAGE {
                let said = match cell.trim() {
                    "fr" | "" => Tongue::French,
                    "en" => Tongue::English,
                    other => {
                        told(format!("the language is “{other}”; write fr or en"));
                        continue;
                    }
                };
                if *tongue.get_or_insert(said) != said {
                    told("another language than in the rows before; give each its own file".into());
                }
                continue;
            }
            for value in cell.split(['\n', '\r']).filter(|value| !value.is_empty()) {
                if let Err(message) = set(&mut entry, column, value) {
                    told(message);
                }
            }
        }
        drafts.push(Draft { entry, line });
    }
    match problems.is_empty() {
        true => Ok((tongue.unwrap_or(Tongue::French), drafts)),
        false => Err(LexiconError::Entries(problems)),
    }
}

/// What parts the cells: spreadsheets write what the user's country has.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| first.bytes().filter(|b| b == delimiter).count();
    // Of equally many the last one would be taken.
    let all = [b'\t', b';', b','];
    all.into_iter().max_by_key(count).unwrap_or(b',')
}
