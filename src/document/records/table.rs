//! Tables of cells: TSV without quotes, and CSV with them. The translation of a column goes into
//! a column after the last, or in its place; every other byte of a row stays.
//!
//! A tab-separated file is taken as corpora have it: a line is a row, and a quote is a character.
//! In CSV a quoted cell may hold delimiters and line breaks. A quote that is never closed would
//! swallow the rest of the file; such a line is left as it is.

use std::ops::Range;

use super::source::Source;
use super::{Columns, Edit, Error, Field, Passage, Piece, Record, Records, Style, Trouble, edited};

/// The most bytes and lines of a row: a quote that is open for longer is a stray one.
const LONGEST_ROW: usize = 1 << 20;
const MOST_LINES: usize = 10_000;
/// What may stand between cells where it is not said.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Whether cells may be quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// They may.
    Quoted,
    /// They may not.
    Bare,
}

pub(super) struct Reader {
    source: Source,
    fields: Vec<Field>,
    dialect: Dialect,
    delimiter: Option<u8>,
    /// Whether the first row names columns.
    header: bool,
    /// Known once the first row was seen.
    columns: Option<Vec<Column>>,
}

/// A column that is translated.
#[derive(Debug, Clone, Copy)]
struct Column {
    /// 0-based.
    number: usize,
    /// The column that is replaced; none where one is added.
    replaces: Option<usize>,
}

impl Reader {
    pub fn new(source: Source, columns: &Columns, dialect: Dialect) -> Self {
        let by_name = |field: &Field| number(&field.name).is_none();
        Self {
            source,
            header: columns.header || columns.fields.iter().any(by_name),
            fields: columns.fields.clone(),
            dialect,
            delimiter: match dialect {
                Dialect::Bare => columns.delimiter.or(Some(b'\t')),
                Dialect::Quoted => columns.delimiter,
            },
            columns: None,
        }
    }

    /// The next row; none at the end.
    fn row(&mut self) -> Result<Option<Row>, Error> {
        let Some(mut row) = self.source.next()? else {
            return Ok(None);
        };
        let delimiter = *self.delimiter.get_or_insert_with(|| guess(&row));
        let mut scan = scan(&row, delimiter, self.dialect);
        let mut lines = 1;
        if matches!(scan, Scan::Open) {
            let mut whole = row.clone();
            let mut ahead = 0;
            let mut quotes = quotes(&row);
            while matches!(scan, Scan::Open) && whole.len() < LONGEST_ROW && ahead < MOST_LINES {
                let Some(line) = self.source.look(ahead + 1)? else {
                    break;
                };
                whole.extend_from_slice(line);
                ahead += 1;
                let more = self::quotes(line);
                quotes += more;
                // Where all are closed, their number is even.
                if more > 0 && quotes.is_multiple_of(2) {
                    scan = self::scan(&whole, delimiter, self.dialect);
                }
            }
            if matches!(scan, Scan::Cells(_)) {
                for _ in 0..ahead {
                    self.source.next()?;
                }
                row = whole;
                lines += ahead;
            }
        }
        let cells = match scan {
            Scan::Cells(cells) => Some(cells),
            Scan::Open | Scan::Stray => None,
        };
        Ok(Some(Row {
            bytes: row,
            lines,
            cells,
        }))
    }

    /// Finds the columns by the first row, which gets the names of those that are added where it
    /// is a header.
    fn first(&mut self, row: Vec<u8>, cells: &[Cell], line: usize) -> Result<Record, Error> {
        let names: Vec<String> = cells
            .iter()
            .map(|cell| String::from_utf8_lossy(&cell.text(&row)).trim().to_owned())
            .collect();
        let find = |name: &str| {
            let named = || names.iter().position(|n| self.header && n == name);
            number(name).or_else(named)
        };
        let mut columns = Vec::new();
        let mut added = Vec::new();
        for field in &self.fields {
            let column = find(&field.name).filter(|&n| n < cells.len());
            let number = column.ok_or_else(|| Error::NoColumn {
                name: self.source.name.clone(),
                column: field.name.clone(),
                found: match self.header {
                    true => names.join(", "),
                    false => format!("{} columns", cells.len()),
                },
            })?;
            let replaces = if field.output == field.name {
                Some(number)
            } else {
                names.iter().position(|n| self.header && *n == field.output)
            };
            if replaces.is_none() {
                // A column that is given by number gets its name from the header.
                let is_number = self::number(&field.name).is_some();
                let suffix = field.output.strip_prefix(&field.name);
                added.push(match suffix.filter(|_| is_number) {
                    Some(suffix) => format!("{}{suffix}", names[number]),
                    None => field.output.clone(),
                });
            }
            columns.push(Column { number, replaces });
        }
        self.columns = Some(columns);
        if !self.header {
            return Ok(self.record(row, 1, cells, line));
        }
        let end = content_end(&row);
        let ending = row[end..].to_vec();
        let lines = row.iter().filter(|&&byte| byte == b'\n').count().max(1);
        let mut header = row;
        header.truncate(end);
        let delimiter = self.delimiter();
        for name in added {
            header.push(delimiter);
            push_cell(&name, delimiter, false, &mut header);
        }
        header.extend(ending);
        Ok(Record::kept(line, lines, header))
    }

    fn delimiter(&self) -> u8 {
        self.delimiter.unwrap_or(b',')
    }

    fn record(&self, row: Vec<u8>, lines: usize, cells: &[Cell], line: usize) -> Record {
        let delimiter = self.delimiter();
        let end = content_end(&row);
        let mut troubles = Vec::new();
        let mut edits: Vec<Edit> = Vec::new();
        for column in self.columns.iter().flatten() {
            let Some(cell) = cells.get(column.number) else {
                troubles.push(Trouble::NoCell((column.number + 1).to_string()));
                continue;
            };
            let (text, wrong) = self.source.text(cell.text(&row));
            troubles.extend(wrong);
            let style = match self.dialect {
                Dialect::Bare => Style::BareCell,
                Dialect::Quoted => Style::Cell {
                    delimiter,
                    quoted: cell.quoted,
                },
            };
            let passage = Piece::Passage(Passage::prose(&text, style));
            match column.replaces {
                Some(number) => {
                    if let Some(old) = cells.get(number) {
                        edits.push((old.place.clone(), vec![passage]));
                    }
                }
                None => edits.push((end..end, vec![Piece::Kept(vec![delimiter]), passage])),
            }
        }
        Record {
            line,
            lines,
            troubles,
            pieces: edited(&row, edits),
        }
    }
}

impl Records for Reader {
    fn next(&mut self) -> Result<Option<Record>, Error> {
        let line = self.source.line + 1;
        let mark = std::mem::take(&mut self.source.mark);
        let Some(row) = self.row()? else {
            return Ok(None);
        };
        let Row {
            bytes: row,
            lines,
            cells,
        } = row;
        let mut record = match cells {
            None => Record::kept(line, lines, row).with(Trouble::UnclosedQuote),
            // An empty line is no row.
            Some(_) if content_end(&row) == 0 => Record::kept(line, lines, row),
            Some(cells) if self.columns.is_none() => self.first(row, &cells, line)?,
            Some(cells) => self.record(row, lines, &cells, line),
        };
        if !mark.is_empty() {
            record.pieces.insert(0, Piece::Kept(mark));
        }
        Ok(Some(record))
    }

    fn fingerprint(&self) -> String {
        self.source.fingerprint()
    }

    fn used(&self) -> Option<u64> {
        Some(self.source.used)
    }
}

/// A row as it stands in the file.
struct Row {
    /// With its line break.
    bytes: Vec<u8>,
    /// How many lines it takes up.
    lines: usize,
    /// None where a quote is not closed.
    cells: Option<Vec<Cell>>,
}

/// A column's number, 0-based, where `name` is one.
fn number(name: &str) -> Option<usize> {
    name.parse::<usize>().ok()?.checked_sub(1)
}

/// The bytes of a row before its line break.
fn content_end(row: &[u8]) -> usize {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    row.strip_suffix(b"\r").unwrap_or(row).len()
}

/// The delimiter that stands most often in the first row, outside quotes.
fn guess(row: &[u8]) -> u8 {
    let mut counts = [0usize; DELIMITERS.len()];
    let mut quoted = false;
    for &byte in row {
        quoted ^= byte == b'"';
        if let Some(which) = DELIMITERS.iter().position(|&d| d == byte && !quoted) {
            counts[which] += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    let first = counts.iter().position(|&count| count == most);
    first.map_or(b',', |which| DELIMITERS[which])
}

/// A cell of a row.
#[derive(Debug)]
pub(super) struct Cell {
    /// With its quotes.
    place: Range<usize>,
    quoted: bool,
}

impl Cell {
    /// Its text, without quotes.
    fn text(&self, row: &[u8]) -> Vec<u8> {
        let raw = row.get(self.place.clone()).unwrap_or_default();
        if !self.quoted {
            return raw.to_vec();
        }
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        let mut text = Vec::with_capacity(inner.len());
        let mut bytes = inner.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            text.push(byte);
            if byte == b'"' && bytes.peek() == Some(&b'"') {
                bytes.next();
            }
        }
        text
    }
}

/// What a row turns out to be.
enum Scan {
    Cells(Vec<Cell>),
    /// A quoted cell does not end in it.
    Open,
    /// A quoted cell spans lines and ends within a word: its quote was no quote.
    Stray,
}

fn scan(row: &[u8], delimiter: u8, dialect: Dialect) -> Scan {
    let end = content_end(row);
    let mut cells = Vec::new();
    let mut start = 0;
    loop {
        let mut at = start;
        let mut quoted = false;
        if dialect == Dialect::Quoted && row.get(start) == Some(&b'"') {
            let Some(quote) = closing_quote(row, start + 1) else {
                return Scan::Open;
            };
            quoted = quote + 1 >= end || row.get(quote + 1) == Some(&delimiter);
            if quoted {
                at = quote + 1;
            } else if row
                .get(start..quote)
                .is_some_and(|text| text.contains(&b'\n'))
            {
                return Scan::Stray;
            }
            // Else a quote within the text: `"le" monde` is no quoted cell.
        }
        let rest = row.get(at..end).unwrap_or_default();
        let length = rest.iter().position(|&byte| byte == delimiter);
        let stop = length.map_or(end.max(at), |length| at + length);
        if row.get(at..stop).is_some_and(|text| text.contains(&b'\n')) {
            return Scan::Stray;
        }
        cells.push(Cell {
            place: start..stop,
            quoted,
        });
        if length.is_none() {
            return Scan::Cells(cells);
        }
        start = stop + 1;
    }
}

fn quotes(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte == b'"').count()
}

/// Where the quote is that closes a cell whose text begins at `from`.
fn closing_quote(row: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += row.get(at..)?.iter().position(|&byte| byte == b'"')?;
        if row.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// Appends `text` as a cell, in quotes where it needs them or `quoted` says so.
pub(super) fn push_cell(text: &str, delimiter: u8, quoted: bool, out: &mut Vec<u8>) {
    let special = |byte: u8| byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r');
    if !quoted && !text.bytes().any(special) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(byte);
        }
        out.push(byte);
    }
    out.push(b'"');
}
