use std::io::Cursor;

use proptest::prelude::*;

use super::*;

fn all(bytes: &[u8], layout: &Layout) -> Vec<Record> {
    let mut records = open("test", Box::new(Cursor::new(bytes.to_vec())), layout).unwrap();
    let mut all = Vec::new();
    while let Some(record) = records.next().unwrap() {
        all.push(record);
    }
    all
}

/// Writes with each block's text changed.
fn written(bytes: &[u8], layout: &Layout, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut out = Vec::new();
    for record in all(bytes, layout) {
        let blocks = record.passages().flat_map(|passage| &passage.blocks);
        let texts: Vec<String> = blocks.map(|block| change(&block.text)).collect();
        record.write_with(&texts, &mut out);
    }
    out
}

fn upper(bytes: &[u8], layout: &Layout) -> String {
    String::from_utf8(written(bytes, layout, str::to_uppercase)).unwrap()
}

fn troubles(bytes: &[u8], layout: &Layout) -> Vec<(usize, &'static str)> {
    let each = |record: Record| {
        let line = record.line;
        let kinds: Vec<_> = record.troubles.iter().map(Trouble::kind).collect();
        kinds.into_iter().map(move |kind| (line, kind))
    };
    all(bytes, layout).into_iter().flat_map(each).collect()
}

fn jsonl(names: &[(&str, &str)]) -> Layout {
    Layout::Jsonl(fields(names))
}

fn fields(names: &[(&str, &str)]) -> Vec<Field> {
    let field = |&(name, output): &(&str, &str)| Field {
        name: name.into(),
        output: output.into(),
    };
    names.iter().map(field).collect()
}

fn columns(names: &[(&str, &str)], header: bool) -> Columns {
    Columns {
        fields: fields(names),
        header,
        delimiter: None,
    }
}

fn csv(name: &str, output: &str) -> Layout {
    Layout::Csv(columns(&[(name, output)], false))
}

fn tsv(name: &str, output: &str) -> Layout {
    Layout::Tsv(columns(&[(name, output)], false))
}

#[test]
fn names_say_what_files_are() {
    let guess = |name: &str| Kind::guess(Path::new(name));
    assert_eq!(guess("corpus.fr.zst"), Kind::Lines);
    assert_eq!(guess("posts.JSONL.gz"), Kind::Jsonl);
    assert_eq!(guess("posts.ndjson"), Kind::Jsonl);
    assert_eq!(guess("a.tsv"), Kind::Tsv);
    assert_eq!(guess("a.csv.xz"), Kind::Csv);
    assert_eq!(guess("a.txt.bz2"), Kind::Text);
    assert_eq!(guess("-"), Kind::Text);
}

#[test]
fn json_fields_are_added_and_all_else_stays() {
    let body = jsonl(&[("body", "body.en")]);
    let cases = [
        (
            r#"{"id":1,"body":"un","n":1.50}"#,
            r#"{"id":1,"body":"un","n":1.50,"body.en":"UN"}"#,
        ),
        (
            r#"  { "body": "d\u00e9j\u00e0 \"vu\"" , "x": [1, {"body": 2}] }  "#,
            r#"  { "body": "d\u00e9j\u00e0 \"vu\"" , "x": [1, {"body": 2}], "body.en": "DÉJÀ \"VU\"" }  "#,
        ),
        (
            r#"{"body":"un\n\ndeux\tb"}"#,
            r#"{"body":"un\n\ndeux\tb","body.en":"UN\n\nDEUX\tB"}"#,
        ),
        (
            r#"{"body.en":null,"body":"un"}"#,
            r#"{"body.en":"UN","body":"un"}"#,
        ),
        (
            r#"{"body":"a","b\u006fdy":"b"}"#,
            r#"{"body":"a","b\u006fdy":"b","body.en":"B"}"#,
        ),
        (r#"{"body":""}"#, r#"{"body":"","body.en":""}"#),
        ("", ""),
        (" \t", " \t"),
    ];
    for (line, expected) in cases {
        for ending in ["", "\n", "\r\n"] {
            let text = format!("{line}{ending}");
            let written = upper(text.as_bytes(), &body);
            assert_eq!(written, format!("{expected}{ending}"));
        }
    }
    let replace = jsonl(&[("body", "body")]);
    assert_eq!(
        upper(br#"{"body" : "un", "b": 2}"#, &replace),
        r#"{"body" : "UN", "b": 2}"#
    );
    let two = jsonl(&[("b", "b.en"), ("a", "a")]);
    assert_eq!(
        upper(br#"{"a":"x","b":"y"}"#, &two),
        r#"{"a":"X","b":"y","b.en":"Y"}"#
    );
}

#[test]
fn what_is_no_json_stays_and_is_told() {
    let body = jsonl(&[("body", "body.en")]);
    let text = "{\"body\":\"un\"}\nnonsense\n[1]\n{\"body\":3}\n{}\n{\"body\":\"deux\"}\n";
    assert_eq!(
        upper(text.as_bytes(), &body),
        "{\"body\":\"un\",\"body.en\":\"UN\"}\nnonsense\n[1]\n{\"body\":3}\n{}\n\
         {\"body\":\"deux\",\"body.en\":\"DEUX\"}\n"
    );
    let told = [
        (2, "not-json"),
        (3, "not-json"),
        (4, "no-text"),
        (5, "no-text"),
    ];
    assert_eq!(troubles(text.as_bytes(), &body), told);
}

#[test]
fn columns_are_added_or_replaced() {
    let text = "id;texte;n\r\n1;un;x\r\n2;\"deux; \"\"2\"\"\ntrois\";y\r\n\r\n3;quatre\r\n";
    assert_eq!(
        upper(text.as_bytes(), &csv("texte", "texte.en")),
        "id;texte;n;texte.en\r\n1;un;x;UN\r\n2;\"deux; \"\"2\"\"\ntrois\";y;\"DEUX; \
         \"\"2\"\"\nTROIS\"\r\n\r\n3;quatre;QUATRE\r\n"
    );
    assert_eq!(
        upper(text.as_bytes(), &csv("texte", "texte")),
        "id;texte;n\r\n1;UN;x\r\n2;\"DEUX; \"\"2\"\"\nTROIS\";y\r\n\r\n3;QUATRE\r\n"
    );
    assert_eq!(
        upper(b"a,\"b\"\nc,d,e\n", &csv("2", "2.en")),
        "a,\"b\",\"B\"\nc,d,e,D\n"
    );
    let named = Layout::Csv(columns(&[("2", "2.en")], true));
    assert_eq!(upper(b"id,t\n1,b", &named), "id,t,t.en\n1,b,B");
    // In TSV a quote is a character.
    assert_eq!(
        upper("x\t\"le\ny\t\"l'été\"\n".as_bytes(), &tsv("2", "2")),
        "x\t\"LE\ny\t\"L'ÉTÉ\"\n"
    );
    assert_eq!(
        written(b"x\ty\n", &tsv("2", "2"), |_| "a\tb\nc".into()),
        b"x\ta b c\n"
    );
}

#[test]
fn stray_quotes_swallow_nothing() {
    let text = "1,\"un\n2,deux\n3,l'\"homme\"\n4,\"le\" chat\n";
    let layout = csv("2", "2");
    assert_eq!(
        upper(text.as_bytes(), &layout),
        "1,\"un\n2,DEUX\n3,\"L'\"\"HOMME\"\"\"\n4,\"\"\"LE\"\" CHAT\"\n"
    );
    assert_eq!(troubles(text.as_bytes(), &layout), [(1, "unclosed-quote")]);
}

#[test]
fn a_column_that_is_not_there_is_an_error() {
    let error = |layout: &Layout| {
        let bytes = Box::new(Cursor::new(b"id,texte\n1,un\n".to_vec()));
        open("a.csv", bytes, layout)
            .unwrap()
            .next()
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        error(&csv("body", "body.en")),
        "a.csv has no column “body”; there are id, texte"
    );
    assert_eq!(
        error(&csv("3", "3.en")),
        "a.csv has no column “3”; there are 2 columns"
    );
}

#[test]
fn bad_bytes_are_told_and_read_as_well_as_can_be() {
    let text = b"un \xe9t\xc3\xa9\xc3\xa9\ndeux\0\n\n";
    let mut long = text.to_vec();
    long.extend(b"a ".repeat(100_000));
    // A file that is UTF-8 but for a few bytes.
    let mut bytes = "é".repeat(60).into_bytes();
    bytes.push(b'\n');
    bytes.extend(&long);
    let told = [
        (2, "invalid-utf8"),
        (3, "control-characters"),
        (5, "long-line"),
    ];
    assert_eq!(troubles(&bytes, &Layout::Lines), told);
    // Other columns keep their bytes.
    let row = b"\xff\xfe x\tun\n";
    let mut bytes = "é\té\n".repeat(40).into_bytes();
    bytes.extend(row);
    let out = written(&bytes, &tsv("2", "2"), str::to_uppercase);
    assert!(out.ends_with(b"\xff\xfe x\tUN\n"));
}

#[test]
fn other_encodings_become_utf8() {
    let text = "l'été\nà côté\r\nfin";
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    for bytes in [utf16, latin] {
        assert_eq!(upper(&bytes, &Layout::Lines), text.to_uppercase());
    }
    let marked = format!("\u{feff}{text}");
    assert_eq!(
        upper(marked.as_bytes(), &Layout::Lines),
        marked.to_uppercase()
    );
}

#[test]
fn lines_of_a_text_are_counted() {
    let text = "\n\nUn.\nDeux.\n\n\nTrois.\n\n";
    let count = |text: &str| {
        let records = all(text.as_bytes(), &Layout::Text);
        records.iter().map(|record| record.lines).sum::<usize>()
    };
    assert_eq!(count(text), 8);
    assert_eq!(count("Un."), 1);
    assert_eq!(count(""), 0);
}

fn layouts() -> Vec<Layout> {
    vec![
        Layout::Text,
        Layout::Lines,
        jsonl(&[("a", "a.en"), ("b", "b")]),
        tsv("2", "2.en"),
        csv("2", "2.en"),
        Layout::Csv(columns(&[("1", "x")], true)),
    ]
}

proptest! {
    #[test]
    fn lines_are_the_documents_lines(
        text in "([a-zé.?!«» -]{0,30}|\r\n|\n|\r|\u{2028}|\0|\\PC){0,40}",
    ) {
        for (layout, format) in [
            (Layout::Lines, crate::document::Format::Lines),
            (Layout::Text, crate::document::Format::Text),
        ] {
            let document = crate::document::read("test", text.as_bytes(), format).unwrap();
            let texts: Vec<String> =
                document.blocks.iter().map(|block| block.text.to_uppercase()).collect();
            prop_assert_eq!(
                upper(text.as_bytes(), &layout),
                document.write_with(&texts).unwrap()
            );
        }
    }

    #[test]
    fn no_bytes_are_too_much(
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..300),
            "([{}\\[\\]\",:;ab\t\n\r\\\\ ]|\"a\":){0,80}".prop_map(String::into_bytes),
        ],
    ) {
        for layout in layouts() {
            let Ok(mut records) = open("test", Box::new(Cursor::new(bytes.clone())), &layout) else {
                continue;
            };
            let mut lines = 0;
            while let Ok(Some(record)) = records.next() {
                prop_assert!(record.line <= lines + 1 || layout == Layout::Text);
                lines += record.lines;
            }
        }
    }

    #[test]
    fn json_stays_json_and_keeps_its_fields(
        a in "\\PC{0,20}", other in "\\PC{0,20}", new in "(\\PC|[\n\"\\\\]){0,20}",
    ) {
        let value = serde_json::json!({"a": a, "z": other, "n": [1, null]});
        let line = serde_json::to_string(&value).unwrap();
        let out = written(line.as_bytes(), &jsonl(&[("a", "a.en")]), |_| new.clone());
        let back: serde_json::Value = serde_json::from_slice(&out).unwrap();
        prop_assert!(back["a.en"].is_string());
        for key in ["a", "z", "n"] {
            prop_assert_eq!(&back[key], &value[key]);
        }
        prop_assert!(out.starts_with(&line.as_bytes()[..line.len() - 1]));
        prop_assert_eq!(out.iter().filter(|&&b| b == b'\n').count(), 0);
    }

    #[test]
    fn tables_keep_their_cells(
        rows in proptest::collection::vec(proptest::collection::vec("[a-z\",;\n ]{0,8}", 3), 1..6),
        new in "[a-z\",\n]{1,6}",
    ) {
        let mut table = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
        for row in &rows {
            table.write_record(row).unwrap();
        }
        let bytes = table.into_inner().unwrap();
        let layout = Layout::Csv(Columns {
            fields: fields(&[("2", "2.en")]),
            header: false,
            delimiter: Some(b','),
        });
        let out = written(&bytes, &layout, |_| new.clone());
        let mut back = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_slice());
        let back: Vec<csv::StringRecord> = back.records().map(|row| row.unwrap()).collect();
        prop_assert_eq!(back.len(), rows.len());
        for (row, back) in rows.iter().zip(&back) {
            prop_assert_eq!(back.len(), 4);
            prop_assert!(row.iter().map(String::as_str).eq(back.iter().take(3)));
        }
    }
}
