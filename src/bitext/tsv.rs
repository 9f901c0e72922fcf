//! A table that a spreadsheet reads: a pair a row, titled columns parted by tabs.
//!
//! The last column has no cells: its title is the header line of the JSONL format, so that
//! sorting, filtering and adding rows leave it whole. In every cell `\t`, `\n`, `\r`, `\\` and
//! `\u{…}` stand for a tab, a line feed, a carriage return, a backslash and other characters that
//! break lines or control terminals; a backslash also stands before a first character that a
//! spreadsheet would take for a quoted cell or a formula. What a spreadsheet saves, with its
//! quoted cells, is read back.

use std::collections::HashMap;
use std::io::{self, Write};

use super::check::{self, Checked};
use super::format::foreign_header;
use super::{Bitext, Error, Flag, Header, Languages, Pair, Problem, Segment};
use super::{jsonl, places};

/// Titles of the columns; the header line follows as one more. `finds` is for people and not
/// read.
const COLUMNS: [&str; 9] = [
    "id",
    "source",
    "target",
    "score",
    "finds",
    "source_places",
    "target_places",
    "words",
    "flags",
];

pub(super) fn start(header: &Header, out: &mut impl Write) -> io::Result<()> {
    let header = escape(&jsonl::header_line(header)?);
    writeln!(out, "{}\t{header}", COLUMNS.join("\t"))
}

pub(super) fn pair(pair: &Pair, out: &mut impl Write) -> io::Result<()> {
    let flags = match pair.flags.as_slice() {
        [] => String::new(),
        flags => serde_json::to_string(flags)?,
    };
    let cells = [
        pair.id.clone(),
        pair.source_text(),
        pair.target_text(),
        places::encode_score(pair.score),
        finds(&pair.flags),
        places::encode(&pair.source),
        places::encode(&pair.target),
        places::encode_links(&pair.words),
        flags,
    ];
    let numeric = COLUMNS.map(|column| column == "score");
    for (cell, is_number) in cells.iter().zip(numeric) {
        // A negative score is a number to a spreadsheet, as it should be.
        let cell = if is_number {
            cell.clone()
        } else {
            escape(cell)
        };
        write!(out, "{cell}\t")?;
    }
    writeln!(out)
}

/// The flags in words.
fn finds(flags: &[Flag]) -> String {
    let mut items: Vec<String> = flags
        .iter()
        .map(|flag| {
            let rendering = match &flag.target {
                Some(target) => target.text.as_str(),
                None => "∅",
            };
            let verdict = format!("{:?}", flag.verdict).to_lowercase();
            format!("{} → {rendering} ({verdict})", flag.source.text)
        })
        .collect();
    // Two checks of a whole pair read alike.
    items.dedup();
    items.join("; ")
}

fn escape(cell: &str) -> String {
    let mut escaped = String::with_capacity(cell.len());
    for (at, c) in cell.chars().enumerate() {
        match c {
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\\' => escaped.push_str("\\\\"),
            '"' | '=' | '+' | '-' | '@' if at == 0 => {
                escaped.push('\\');
                escaped.push(c);
            }
            '\u{2028}' | '\u{2029}' => escaped.push_str(&c.escape_unicode().to_string()),
            c if c.is_control() => escaped.push_str(&c.escape_unicode().to_string()),
            c => escaped.push(c),
        }
    }
    escaped
}

fn unescape(cell: &str, column: &str) -> Result<String, Problem> {
    let mut text = String::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        text.push_str(before);
        let unknown = || Problem::Escape {
            column: column.to_owned(),
            escape: escape.chars().take(2).collect(),
        };
        let mut after = escape.chars();
        after.next();
        let c = match after.next().ok_or_else(unknown)? {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            c @ ('\\' | '"' | '=' | '+' | '-' | '@') => c,
            'u' => {
                let (code, rest) = after
                    .as_str()
                    .strip_prefix('{')
                    .and_then(|code| code.split_once('}'))
                    .ok_or_else(unknown)?;
                after = rest.chars();
                u32::from_str_radix(code, 16)
                    .ok()
                    .and_then(char::from_u32)
                    .ok_or_else(unknown)?
            }
            _ => return Err(unknown()),
        };
        text.push(c);
        rest = after.as_str();
    }
    text.push_str(rest);
    Ok(text)
}

/// Reads a table. Where `edited` is given, pairs whose texts were edited by hand are taken as new
/// text, without score, word links and flags, and their lines are added to it.
pub(super) fn read(
    name: &str,
    text: &str,
    languages: &Languages,
    edited: Option<&mut Vec<usize>>,
) -> Result<Bitext, Error> {
    let first = text.lines().next().unwrap_or_default();
    let mut titles = first.split('\t').map(|title| title.trim_matches('"'));
    if titles.clone().any(|title| title == "source") && titles.any(|title| title == "target") {
        titled(name, text, languages, edited)
    } else {
        untitled(name, text, languages)
    }
}

/// Reads a table whose first row titles its columns.
fn titled(
    name: &str,
    text: &str,
    languages: &Languages,
    mut edited: Option<&mut Vec<usize>>,
) -> Result<Bitext, Error> {
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut columns: HashMap<String, usize> = HashMap::new();
    let mut header = None;
    next(&mut rows, &mut record, name)?;
    for (at, title) in record.iter().enumerate() {
        if title.starts_with('{') {
            let line = unescape(title, "header").and_then(|line| jsonl::header(&line));
            header = Some(line.map_err(|problem| problem.at(name, 1))?);
        } else {
            columns.insert(title.to_owned(), at);
        }
    }
    let header = match header {
        Some(header) => header,
        None => {
            let (from, to) = languages.both(name)?;
            foreign_header(name, from, to)
        }
    };
    let mut pairs = Checked::new(name, header.documents.len());
    let mut row = 0;
    while next(&mut rows, &mut record, name)? {
        let line = line(&record);
        let cells = Cells {
            columns: &columns,
            record: &record,
        };
        let pair = match &mut edited {
            None => cells.pair(row, places::decode),
            Some(edited) => cells.edited_pair(row, header.documents.len()).map(|read| {
                let (pair, is_edited) = read;
                edited.extend(is_edited.then_some(line));
                pair
            }),
        };
        pairs.push(line, pair.map_err(|problem| problem.at(name, line))?)?;
        row += 1;
    }
    Ok(Bitext {
        header,
        pairs: pairs.pairs(),
    })
}

/// Reads a table of two untitled columns, whose cells are plain text without escapes.
fn untitled(name: &str, text: &str, languages: &Languages) -> Result<Bitext, Error> {
    let (from, to) = languages.both(name)?;
    let header: Header = foreign_header(name, from, to);
    let mut pairs = Checked::new(name, header.documents.len());
    for (row, line) in text.lines().enumerate() {
        let (source, target) = line
            .split_once('\t')
            .filter(|(_, target)| !target.contains('\t'))
            .ok_or_else(|| Problem::Columns.at(name, row + 1))?;
        let pair = Pair {
            id: (row + 1).to_string(),
            source: places::whole(source, row),
            target: places::whole(target, row),
            score: None,
            words: Vec::new(),
            flags: Vec::new(),
        };
        pairs.push(row + 1, pair)?;
    }
    Ok(Bitext {
        header,
        pairs: pairs.pairs(),
    })
}

fn next(
    rows: &mut csv::Reader<&[u8]>,
    record: &mut csv::StringRecord,
    name: &str,
) -> Result<bool, Error> {
    rows.read_record(record).map_err(|error| {
        let line = error.position().map_or(1, csv::Position::line);
        Problem::NotUtf8.at(name, line as usize)
    })
}

fn line(record: &csv::StringRecord) -> usize {
    record.position().map_or(1, csv::Position::line) as usize
}

/// The cells of a row, by their columns' titles.
struct Cells<'a> {
    columns: &'a HashMap<String, usize>,
    record: &'a csv::StringRecord,
}

impl Cells<'_> {
    /// A cell's text; none where there is no such column or the row is too short.
    fn get(&self, column: &str) -> Result<Option<String>, Problem> {
        let cell = self.columns.get(column).and_then(|&at| self.record.get(at));
        cell.map(|cell| unescape(cell, column)).transpose()
    }

    fn side(
        &self,
        text: &str,
        column: &str,
        row: usize,
        mut decode: impl FnMut(&str, &str) -> Result<Vec<Segment>, Problem>,
    ) -> Result<Vec<Segment>, Problem> {
        let text = self.get(text)?.unwrap_or_default();
        match self.get(column)? {
            Some(places) if !places.is_empty() => decode(&text, &places),
            _ => Ok(places::whole(&text, row)),
        }
    }

    /// A pair of a bitext of so many documents, and whether one of its texts is not what the other
    /// cells say: then the text counts.
    fn edited_pair(&self, row: usize, documents: usize) -> Result<(Pair, bool), Problem> {
        let mut is_edited = false;
        let mut pair = self.pair(row, |text, places| {
            let segments = places::decode(text, places);
            if !matches!(segments, Err(Problem::Edited)) {
                return segments;
            }
            is_edited = true;
            Ok(places::anew(text, places))
        })?;
        is_edited |= matches!(
            check::check(&pair, documents),
            Err(Problem::Word { .. } | Problem::Outside { .. } | Problem::Excerpt { .. })
        );
        if is_edited {
            pair.score = None;
            pair.words.clear();
            pair.flags.clear();
        }
        Ok((pair, is_edited))
    }

    /// A pair; `decode` makes segments of a text and its places.
    fn pair(
        &self,
        row: usize,
        mut decode: impl FnMut(&str, &str) -> Result<Vec<Segment>, Problem>,
    ) -> Result<Pair, Problem> {
        let id = self.get("id")?.unwrap_or_else(|| (row + 1).to_string());
        let score = self.get("score")?.unwrap_or_default();
        let links = self.get("words")?.unwrap_or_default();
        let flags = self.get("flags")?.unwrap_or_default();
        Ok(Pair {
            id,
            source: self.side("source", "source_places", row, &mut decode)?,
            target: self.side("target", "target_places", row, &mut decode)?,
            score: places::decode_score(&score)?,
            words: places::decode_links(&links)?,
            flags: if flags.is_empty() {
                Vec::new()
            } else {
                serde_json::from_str(&flags).map_err(|error| Problem::json("flags", &error))?
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{self, bitexts, texts};
    use super::*;
    use proptest::prelude::*;

    fn written(bitext: &Bitext) -> String {
        let mut out = Vec::new();
        crate::bitext::write(bitext, crate::bitext::Format::Tsv, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn french_english() -> Languages {
        Languages {
            from: Some("fr".parse().unwrap()),
            to: Some("en".parse().unwrap()),
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bitext in bitexts()) {
            let text = written(&bitext);
            prop_assert_eq!(read("b.tsv", &text, &Languages::default(), None).unwrap(), bitext);
        }

        #[test]
        fn what_a_spreadsheet_saves_is_read_back(bitext in bitexts()) {
            let text = written(&bitext);
            let mut saved = csv::WriterBuilder::new()
                .delimiter(b'\t')
                .quote_style(csv::QuoteStyle::Always)
                .terminator(csv::Terminator::CRLF)
                .from_writer(Vec::new());
            for row in text.split_terminator('\n') {
                saved.write_record(row.split('\t')).unwrap();
            }
            let saved = String::from_utf8(saved.into_inner().unwrap()).unwrap();
            prop_assert_eq!(read("b.tsv", &saved, &Languages::default(), None).unwrap(), bitext);
        }

        #[test]
        fn cells_are_safe_in_a_spreadsheet(text in texts()) {
            let cell = escape(&text);
            let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
            prop_assert!(!cell.contains(breaks));
            prop_assert!(!cell.starts_with(['"', '=', '+', '-', '@']));
            prop_assert_eq!(unescape(&cell, "source").unwrap(), text);
        }

        #[test]
        fn no_input_panics(text in "(source\ttarget\twords\tflags\n)?(\\PC|\t|\n){0,80}") {
            let _ = read("b.tsv", &text, &french_english(), None);
        }
    }

    #[test]
    fn the_article_as_a_table() {
        insta::assert_snapshot!(written(&samples::article()));
    }

    #[test]
    fn tables_of_others_are_read() {
        let two = "Il dit \"oui\".\tHe says \\yes.\n \tNothing \n";
        let bitext = read("c.tsv", two, &french_english(), None).unwrap();
        assert_eq!(bitext.pairs[0].target_text(), "He says \\yes.");
        assert_eq!(bitext.pairs[0].source_text(), "Il dit \"oui\".");
        assert!(bitext.pairs[1].source.is_empty());
        assert_eq!(bitext.pairs[1].target_text(), "Nothing");
        let titled = "note\ttarget\tsource\nx\t\"one \"\"two\"\"\"\tun\n";
        let bitext = read("c.tsv", titled, &french_english(), None).unwrap();
        assert_eq!(bitext.pairs[0].target_text(), "one \"two\"");
        assert_eq!(bitext.pairs[0].source_text(), "un");
    }

    #[test]
    fn edited_texts_are_taken_as_they_are() {
        let bitext = samples::article();
        let text = written(&bitext);
        let table = |row: usize, cell: usize, with: &str| {
            let mut rows: Vec<Vec<&str>> =
                text.lines().map(|row| row.split('\t').collect()).collect();
            rows[row][cell] = with;
            let rows: Vec<String> = rows.iter().map(|row| row.join("\t")).collect();
            rows.join("\n")
        };
        let read_edited = |table: &str| {
            let mut lines = Vec::new();
            let none = Languages::default();
            let read = read("b.tsv", table, &none, Some(&mut lines)).unwrap();
            (read, lines)
        };
        assert_eq!(read_edited(&text), (bitext.clone(), Vec::new()));
        // A text that got longer, one that is gone, one that changed where a flag quotes it.
        let as_long = "x".repeat(bitext.pairs[0].source_text().chars().count());
        for (cell, with) in [(2, "The alleged interference."), (2, ""), (1, &*as_long)] {
            let table = table(1, cell, with);
            assert!(read("b.tsv", &table, &Languages::default(), None).is_err());
            let (edited, lines) = read_edited(&table);
            assert_eq!(lines, [2]);
            let pair = &edited.pairs[0];
            let texts = [pair.source_text(), pair.target_text()];
            assert_eq!(texts[cell - 1], with);
            assert!(pair.score.is_none() && pair.words.is_empty() && pair.flags.is_empty());
            assert_eq!(edited.pairs[1], bitext.pairs[1]);
        }
        // Two segments become one, at the first one's place.
        let (edited, lines) = read_edited(&table(2, 1, "C'est ici."));
        assert_eq!(lines, [3]);
        let segment = &edited.pairs[1].source[0];
        let place = (segment.document, segment.block, segment.start, segment.end);
        assert_eq!((place, edited.pairs[1].source.len()), ((0, 1, 0, 10), 1));
    }

    #[test]
    fn errors_name_the_line_and_say_what_to_do() {
        let cases = [
            "one column\n",
            "a\tb\nc\td\te\n",
            "source\ttarget\nC:\\dir\tx\n",
            "source\ttarget\twords\nun\tone\t0-0 1\n",
            "source\ttarget\twords\nun\tone\t0-1\n",
            "source\ttarget\tscore\nun\tone\thigh\n",
            "source\ttarget\tflags\nun\tone\t[{}]\n",
            "source\ttarget\tsource_places\nun deux\tone\t0:0:0-2\n",
            "id\tsource\ttarget\n1\ta\tb\n1\tc\td\n",
            "source\ttarget\t{\"visavis\":\"bitext\",\"version\":2}\n",
        ];
        let messages: Vec<String> = cases
            .iter()
            .map(|text| match read("b.tsv", text, &french_english(), None) {
                Err(error) => error.to_string(),
                Ok(_) => format!("READ {text}"),
            })
            .collect();
        insta::assert_snapshot!(messages.join("\n"));
        let error = read("b.tsv", "a\tb\n", &Languages::default(), None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "b.tsv does not say its languages; give them (--from and --to)"
        );
    }
}
