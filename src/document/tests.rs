use proptest::prelude::*;

use super::*;

fn document(text: &str, format: Format) -> Document {
    read("test", text.as_bytes(), format).unwrap()
}

fn texts(document: &Document) -> Vec<&str> {
    document.blocks.iter().map(|b| b.text.as_str()).collect()
}

fn identity(document: &Document) -> String {
    document.write_with(&texts(document)).unwrap()
}

#[test]
fn the_article_has_its_date_and_its_paragraphs() {
    let bytes = include_bytes!("../../corpus/article.fr.txt");
    let article = read("article.fr.txt", bytes, Format::Text).unwrap();
    assert_eq!(article.date.as_ref().map(DateStamp::date), Some("2017-10"));
    let opening: Vec<(usize, &str)> = article
        .blocks
        .iter()
        .map(|b| (b.line, b.text.split(' ').next().unwrap_or_default()))
        .collect();
    assert_eq!(
        opening,
        [
            (1, "Sputnik"),
            (3, "L'entreprise"),
            (5, "Parmi"),
            (7, "En"),
            (9, "Ce"),
            (11, "Commentant")
        ]
    );
    assert_eq!(identity(&article).as_bytes(), bytes);
    let upper: Vec<String> = texts(&article).iter().map(|t| t.to_uppercase()).collect();
    let written = article.write_with(&upper).unwrap();
    assert!(
        written.starts_with(" date 2017-10 SPUTNIK A CHERCHÉ"),
        "{written}"
    );
    assert_eq!(written.lines().count(), 11);
}

#[test]
fn date_stamps() {
    let cases: &[(&str, Option<&str>, &[&str])] = &[
        ("date 2017\nTitre", Some("2017"), &["Titre"]),
        (
            "\n DATE 2017-10-05 \n\nTitre",
            Some("2017-10-05"),
            &["Titre"],
        ),
        ("Date\u{a0}2017-01 Texte.", Some("2017-01"), &["Texte."]),
        ("date 2017-10", Some("2017-10"), &[]),
        ("date 2017-13 x", None, &["date 2017-13 x"]),
        ("date 2017-10-00 x", None, &["date 2017-10-00 x"]),
        ("date 20171 x", None, &["date 20171 x"]),
        ("date 2017, la suite", None, &["date 2017, la suite"]),
        ("Une date 2017-10", None, &["Une date 2017-10"]),
        ("dates 2017-10", None, &["dates 2017-10"]),
    ];
    for (text, date, blocks) in cases {
        let document = document(text, Format::Text);
        assert_eq!(document.date.as_ref().map(DateStamp::date), *date, "{text}");
        assert_eq!(&texts(&document), blocks, "{text}");
        assert_eq!(&identity(&document), text);
    }
}

#[test]
fn paragraphs_lines_and_wrapping() {
    let wrapped = "Ce matin, le gouvernement a annoncé que la porte-\nparole \
                   de la diplomatie ne répondrait pas aux\nquestions des journalistes avant la \
                   fin du\nmandat.";
    let cases: &[(&str, &[(usize, &str)])] = &[
        ("", &[]),
        ("\n \n\t\n", &[]),
        (
            "Titre\nTexte.\r\n\r\n  Suite \rFin",
            &[(1, "Titre"), (2, "Texte."), (4, "Suite"), (5, "Fin")],
        ),
        (
            wrapped,
            &[(
                1,
                "Ce matin, le gouvernement a annoncé que la porte-parole de la diplomatie ne \
                 répondrait pas aux questions des journalistes avant la fin du mandat.",
            )],
        ),
        (
            "Une première phrase assez longue pour une ligne.\nUne deuxième, elle aussi assez \
             longue, je crois.\nUne troisième, pour faire bonne mesure, enfin.",
            &[
                (1, "Une première phrase assez longue pour une ligne."),
                (2, "Une deuxième, elle aussi assez longue, je crois."),
                (3, "Une troisième, pour faire bonne mesure, enfin."),
            ],
        ),
        (
            "Le comité est composé de trois membres, à savoir\n- le président de la chambre \
             régionale du nord\n- la secrétaire générale de notre association\n- un trésorier",
            &[
                (1, "Le comité est composé de trois membres, à savoir"),
                (2, "- le président de la chambre régionale du nord"),
                (3, "- la secrétaire générale de notre association"),
                (4, "- un trésorier"),
            ],
        ),
        (
            "roses\nviolettes\nlis",
            &[(1, "roses"), (2, "violettes"), (3, "lis")],
        ),
    ];
    for (text, blocks) in cases {
        let document = document(text, Format::Text);
        let found: Vec<(usize, &str)> = document
            .blocks
            .iter()
            .map(|b| (b.line, b.text.as_str()))
            .collect();
        assert_eq!(&found, blocks, "{text}");
        assert_eq!(&identity(&document), text);
    }
    let document = document(wrapped, Format::Text);
    assert_eq!(document.write_with(&["One\r\nline."]).unwrap(), "One line.");
}

#[test]
fn lines_are_ended_by_lf_and_cr_lf_only() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        ("\n", &[""]),
        ("\r\n\r\n", &["", ""]),
        ("a\n\n b \r\nc", &["a", "", "b", "c"]),
        (
            "a\rb\u{2028}c\u{85}d\u{b}e\u{c}f\0g\n",
            &["a\rb\u{2028}c\u{85}d\u{b}e\u{c}f\0g"],
        ),
        ("date 2017-10\nx", &["date 2017-10", "x"]),
    ];
    for (text, blocks) in cases {
        let document = document(text, Format::Lines);
        assert_eq!(&texts(&document), blocks, "{text:?}");
        assert_eq!(&identity(&document), text);
    }
    let document = document("a\r\n\r\n b\n", Format::Lines);
    assert_eq!(
        document.write_with(&["x\ny", "", "z"]).unwrap(),
        "x y\r\n\r\n z\n"
    );
}

#[test]
fn encodings() {
    let text = "L’été dernier, « Médias » : 3 000 €, voilà où l’on en est à Orléans.\r\nFin";
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(bytes)
            .collect()
    };
    let windows = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let marked = format!("\u{feff}{text}").into_bytes();
    let cases = [
        (text.as_bytes().to_vec(), "UTF-8", false),
        (marked, "UTF-8", true),
        (utf16(u16::to_le_bytes), "UTF-16LE", true),
        (utf16(u16::to_be_bytes), "UTF-16BE", true),
        (windows, "windows-1252", false),
    ];
    for (bytes, name, mark) in cases {
        let document = read("test", &bytes, Format::Text).unwrap();
        assert_eq!(
            (document.encoding.name, document.encoding.mark),
            (name, mark)
        );
        assert!(!document.encoding.malformed);
        let written = identity(&document);
        assert_eq!(written.trim_start_matches('\u{feff}'), text);
        assert_eq!(written.starts_with('\u{feff}'), name == "UTF-8" && mark);
    }
    let mut damaged = "é".repeat(50).into_bytes();
    damaged.push(0xff);
    // A line in another encoding, as corpora have it, harms no other line.
    let mut mixed = "L’été dernier, à Orléans, « Médias » : 3 000 €.\n"
        .repeat(2)
        .into_bytes();
    mixed.extend_from_slice(b"Le caf\xe9 est ferm\xe9.\n");
    for bytes in [damaged, mixed] {
        let document = read("test", &bytes, Format::Text).unwrap();
        assert_eq!(
            (document.encoding.name, document.encoding.malformed),
            ("UTF-8", true)
        );
    }
}

#[test]
fn markup_is_no_text() {
    for (text, kind) in [
        ("<!DOCTYPE html>\n<p>Bonjour.</p>", "an HTML page"),
        ("\u{feff} \n<HTML lang=\"fr\">", "an HTML page"),
        ("<?xml version=\"1.0\"?>\n<tmx/>", "XML"),
    ] {
        let error = read("a.txt", text.as_bytes(), Format::Lines).unwrap_err();
        assert!(error.to_string().contains(kind), "{error}");
    }
    for text in ["<b>Bonjour.</b>", "Une page <html> est ouverte.", "<"] {
        assert!(
            read("a.txt", text.as_bytes(), Format::Text).is_ok(),
            "{text}"
        );
    }
}

#[test]
fn a_compression_does_not_hide_the_format() {
    for (name, format) in [
        ("a.fr", Format::Lines),
        ("a.fr.gz", Format::Lines),
        ("a.fr.txt", Format::Text),
        ("a.txt.zst", Format::Text),
    ] {
        assert_eq!(Format::guess(std::path::Path::new(name)), format, "{name}");
    }
}

#[test]
fn what_is_no_text_is_refused_with_advice() {
    let error = read("report.pdf", b"%PDF-1.7\n", Format::Text).unwrap_err();
    insta::assert_snapshot!(
        error,
        @"report.pdf is a PDF, not plain text; save or convert it as text (UTF-8) first"
    );
}

#[test]
fn there_must_be_a_text_for_each_block() {
    let error = document("a\nb", Format::Text)
        .write_with(&["x"])
        .unwrap_err();
    insta::assert_snapshot!(
        error,
        @"test has 2 blocks, but 1 texts were given to write in their place"
    );
}

#[test]
fn formats_by_name() {
    let guess = |name: &str| Format::guess(Path::new(name));
    assert_eq!(guess("article.fr.txt"), Format::Text);
    assert_eq!(guess("-"), Format::Text);
    assert_eq!(guess("flores-dev.fr"), Format::Lines);
    assert_eq!(guess("news.LINES"), Format::Lines);
}

proptest! {
    #[test]
    fn utf8_is_written_back_byte_by_byte(
        text in "([a-zé.?!«» -]{0,30}|\r\n|\n|\r|\u{feff}|\u{2028}|\0|\\PC){0,40}",
        wrap in proptest::bool::ANY,
    ) {
        let format = if wrap { Format::Text } else { Format::Lines };
        let document = document(&text, format);
        prop_assert_eq!(&identity(&document), &text);
        for block in &document.blocks {
            prop_assert_eq!(block.text.trim(), &block.text);
            prop_assert!(format == Format::Lines || !block.text.contains(['\n', '\r']));
        }
    }

    #[test]
    fn any_bytes_are_written_back_as_decoded(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        format in prop_oneof![Just(Format::Text), Just(Format::Lines)],
    ) {
        if let Ok(document) = read("test", &bytes, format) {
            let (decoded, _) = encoding::decode(&bytes);
            let written = identity(&document);
            let mark = document.encoding.keeps_mark();
            prop_assert_eq!(written.strip_prefix('\u{feff}').filter(|_| mark).unwrap_or(&written), decoded);
        }
    }

    #[test]
    fn the_line_count_is_kept(
        text in "([a-z]{0,3}|\r|\n|\u{85}|\u{c}| ){0,40}",
        new in "[a-z\n\r]{0,5}",
    ) {
        let document = document(&text, Format::Lines);
        let lines = text.split_inclusive('\n').count();
        prop_assert_eq!(document.blocks.len(), lines);
        let written = document.write_with(&vec![new; lines]).unwrap();
        prop_assert_eq!(written.matches('\n').count(), text.matches('\n').count());
    }
}
