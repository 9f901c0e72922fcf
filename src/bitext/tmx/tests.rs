//! Round trips, the content model, other tools' files, and errors.

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use regex::Regex;

use super::super::samples::{self, bitexts};
use super::super::{Bitext, Languages};
use super::*;

fn written(bitext: &Bitext) -> String {
    let mut out = Vec::new();
    crate::bitext::write(bitext, crate::bitext::Format::Tmx, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn read_text(text: &str) -> Result<Bitext, String> {
    read("b.tmx", text.as_bytes(), &Languages::default()).map_err(|error| error.to_string())
}

fn memory(body: &str) -> String {
    format!(
        "<?xml version='1.0'?>\n<tmx version='1.4'>\n<header srclang='fr-FR'/>\n\
         <body>\n{body}\n</body></tmx>"
    )
}

/// The elements that we write, as the specification of TMX 1.4b has them: name, children (each
/// followed by a space), required attributes, whether text may stand in it.
const MODEL: [(&str, &str, &[&str], bool); 8] = [
    ("tmx", "^header body $", &["version"], false),
    (
        "header",
        "^(prop )*$",
        &[
            "creationtool",
            "creationtoolversion",
            "segtype",
            "o-tmf",
            "adminlang",
            "srclang",
            "datatype",
        ],
        false,
    ),
    ("body", "^(tu )*$", &[], false),
    ("tu", "^(prop )*(tuv )+$", &[], false),
    ("tuv", "^(prop )*seg $", &["xml:lang"], false),
    ("seg", "^(ph )*$", &[], true),
    ("prop", "^$", &["type"], true),
    ("ph", "^$", &[], true),
];

/// What in `text` departs from [`MODEL`].
fn departures(text: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    let mut found = Vec::new();
    let mut open: Vec<(usize, String)> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                let name = tag.name().as_ref().to_owned();
                if let Some((_, children)) = open.last_mut() {
                    *children += &format!("{name} ");
                }
                let Some(at) = MODEL.iter().position(|(element, ..)| *element == name) else {
                    found.push(format!("element {name}"));
                    return found;
                };
                for attribute in MODEL[at].2 {
                    if tag.try_get_attribute(attribute).unwrap().is_none() {
                        found.push(format!("{name} without {attribute}"));
                    }
                }
                open.push((at, String::new()));
            }
            Event::End(_) => {
                let (at, children) = open.pop().unwrap();
                if !Regex::new(MODEL[at].1).unwrap().is_match(&children) {
                    found.push(format!("{} of {children}", MODEL[at].0));
                }
            }
            Event::Text(content) => {
                let may = open.last().is_some_and(|(at, _)| MODEL[*at].3);
                if !may && !content.xml10_content().trim_ascii().is_empty() {
                    found.push("text outside".into());
                }
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_follows_the_content_model(bitext in bitexts()) {
        prop_assert_eq!(departures(&written(&bitext)), Vec::<String>::new());
    }

    #[test]
    fn what_is_written_is_read_back(bitext in bitexts()) {
        prop_assert_eq!(read_text(&written(&bitext)).unwrap(), bitext);
    }

    #[test]
    fn what_is_written_holds_no_character_that_xml_forbids(bitext in bitexts()) {
        let text = written(&bitext);
        let forbidden = |c: char| c < ' ' && c != '\n' && c != '\t' || c == '\u{fffe}' || c == '\u{ffff}';
        prop_assert!(!text.contains(forbidden));
    }

    #[test]
    fn no_input_panics(body in "(<(/?(tu|tuv|seg|ph|prop|hi)( xml:lang='fr')?/?>)|&#?x?[0-9a-z]{0,4};|\\PC){0,30}") {
        let _ = read_text(&memory(&body));
    }
}

#[test]
fn the_article_in_tmx() {
    let own = format!("creationtoolversion=\"{}\"", env!("CARGO_PKG_VERSION"));
    let text = written(&samples::article()).replace(&own, "creationtoolversion=\"0.0.0\"");
    insta::assert_snapshot!(text);
}

#[test]
fn other_tools_units_are_read() {
    let text = memory(
        "<tu tuid='a'><prop type='x-other'>p</prop><note>n</note>\
         <tuv xml:lang='EN-gb'><seg>A <bpt i='1'>&lt;b></bpt><hi>bold</hi><ept i='1'>x</ept> \
         <ph><sub>deep</sub></ph>word&#x2e;</seg></tuv>\
         <tuv lang='fr'><seg>\n  Un mot <![CDATA[<gras>]]>.\n</seg></tuv></tu>\
         <tu><tuv xml:lang='fr'><seg>Seul</seg></tuv></tu>\
         <tu><tuv xml:lang='de'><seg>Anderes</seg></tuv></tu>",
    );
    let bitext = read_text(&text).unwrap();
    assert_eq!(bitext.header.to.code(), "en");
    let sides: Vec<_> = bitext
        .pairs
        .iter()
        .map(|pair| (pair.id.as_str(), pair.source_text(), pair.target_text()))
        .collect();
    assert_eq!(
        sides,
        [
            ("a", "Un mot <gras>.".to_owned(), "A bold word.".to_owned()),
            ("2", "Seul".to_owned(), String::new()),
        ]
    );
}

#[test]
fn other_encodings_are_read() {
    let text = memory(
        "<tu><tuv xml:lang='fr'><seg>été</seg></tuv><tuv xml:lang='en'><seg>summer</seg></tuv></tu>",
    );
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let latin: Vec<u8> = text
        .replace(
            "<?xml version='1.0'?>",
            "<?xml version='1.0' encoding='ISO-8859-1'?>",
        )
        .chars()
        .map(|c| u8::try_from(c).unwrap())
        .collect();
    for bytes in [utf16, latin] {
        let bitext = read("b.tmx", &bytes, &Languages::default()).unwrap();
        assert_eq!(bitext.pairs[0].source_text(), "été");
    }
}

#[test]
fn errors_name_the_line_and_say_what_to_do() {
    let own = written(&samples::article());
    let cases = [
        String::new(),
        "<html></html>".into(),
        "no XML".into(),
        "<!DOCTYPE tmx [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<tmx>&b;</tmx>".into(),
        memory("<tu><tuv xml:lang='fr'><seg>&external;</seg></tuv></tu>"),
        memory("<tu><tuv xml:lang='fr'><seg>a</tuv></tu>"),
        memory("<tu><tuv><seg>a</seg></tuv></tu>"),
        memory("<tu><tuv xml:lang='fr'><seg>a&#0;</seg></tuv></tu>"),
        memory("<tu>").replace("</body></tmx>", ""),
        own.replacen("La prétendue", "Une prétendue", 1),
        own.replacen("0-0 1-1", "0-0 1-71", 1),
        own.replacen("tuid=\"2\"", "tuid=\"1\"", 1),
    ];
    let messages: Vec<String> = cases
        .iter()
        .map(|text| read_text(text).map_or_else(|error| error, |_| format!("READ {text}")))
        .collect();
    insta::assert_snapshot!(messages.join("\n"));
}
