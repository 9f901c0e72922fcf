//! JSON Lines: a header line, then a pair a line. `docs/bitext.md` and `docs/bitext.schema.json`
//! describe it.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::check::Checked;
use super::{Bitext, Error, Header, Pair, Problem};

/// What the member `visavis` of a header line says.
const KIND: &str = "bitext";
/// The version of the format that is written and read.
const VERSION: u64 = 1;

#[derive(Serialize)]
struct HeaderLine<'a> {
    visavis: &'a str,
    version: u64,
    #[serde(flatten)]
    header: &'a Header,
}

#[derive(Deserialize)]
struct Mark {
    visavis: Option<String>,
    version: Option<u64>,
}

/// The header line, without its line feed.
pub fn header_line(header: &Header) -> io::Result<String> {
    let line = HeaderLine {
        visavis: KIND,
        version: VERSION,
        header,
    };
    Ok(serde_json::to_string(&line)?)
}

/// The line of a pair, without its line feed.
pub fn pair_line(pair: &Pair) -> io::Result<String> {
    Ok(serde_json::to_string(pair)?)
}

pub(super) fn start(header: &Header, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", header_line(header)?)
}

pub(super) fn pair(pair: &Pair, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", pair_line(pair)?)
}

pub(super) fn read(name: &str, text: &str) -> Result<Bitext, Error> {
    read_from(name, text, 1)
}

/// Reads a bitext that starts in line `first` of a file. Blank lines are passed over.
pub(super) fn read_from(name: &str, text: &str, first: usize) -> Result<Bitext, Error> {
    let mut lines = text
        .split('\n')
        .enumerate()
        .map(|(at, line)| (first + at, line))
        .filter(|(_, line)| !line.trim_ascii().is_empty());
    let (at, line) = lines.next().unwrap_or((first, ""));
    let header = header(line).map_err(|problem| problem.at(name, at))?;
    let mut pairs = Checked::new(name, header.documents.len());
    for (at, line) in lines {
        let pair = serde_json::from_str(line)
            .map_err(|error| Problem::json("pair", &error).at(name, at))?;
        pairs.push(at, pair)?;
    }
    Ok(Bitext {
        header,
        pairs: pairs.pairs(),
    })
}

/// Reads a header line.
pub(super) fn header(line: &str) -> Result<Header, Problem> {
    let mark: Mark = serde_json::from_str(line).map_err(|_| Problem::NoHeader)?;
    if mark.visavis.as_deref() != Some(KIND) {
        return Err(Problem::NoHeader);
    }
    match mark.version {
        Some(VERSION) => {
            serde_json::from_str(line).map_err(|error| Problem::json("header", &error))
        }
        Some(other) => Err(Problem::Version(other)),
        None => Err(Problem::NoHeader),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{self, bitexts};
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    const SCHEMA: &str = include_str!("../../docs/bitext.schema.json");

    fn written(bitext: &Bitext) -> String {
        let mut out = Vec::new();
        crate::bitext::write(bitext, crate::bitext::Format::Jsonl, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The schema's definition of a kind of line.
    fn validator(definition: &str) -> jsonschema::Validator {
        let mut schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let root = schema.as_object_mut().unwrap();
        root.remove("oneOf").unwrap();
        root.insert("$ref".into(), format!("#/$defs/{definition}").into());
        jsonschema::validator_for(&schema).unwrap()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bitext in bitexts()) {
            prop_assert_eq!(read("b.jsonl", &written(&bitext)).unwrap(), bitext);
        }

        #[test]
        fn what_is_written_follows_the_schema(bitext in bitexts()) {
            let text = written(&bitext);
            let mut lines = text.split_terminator('\n');
            let header = serde_json::from_str(lines.next().unwrap()).unwrap();
            let validator = validator("header");
            prop_assert!(validator.is_valid(&header), "{:?}", validator.validate(&header));
            let validator = self::validator("pair");
            for line in lines {
                let pair = serde_json::from_str(line).unwrap();
                prop_assert!(validator.is_valid(&pair), "{:?}", validator.validate(&pair));
            }
        }

        #[test]
        fn no_input_panics(text in "(\\{\"visavis\":\"bitext\",\"version\":1)?\\PC{0,80}") {
            let _ = read("b.jsonl", &text);
        }
    }

    #[test]
    fn the_schema_tells_header_from_pair_and_refuses_others() {
        let whole = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
        let text = written(&samples::article());
        for line in text.lines() {
            assert!(
                whole.is_valid(&serde_json::from_str(line).unwrap()),
                "{line}"
            );
        }
        for line in [
            r#"{"id":"1"}"#,
            r#"{"id":"1","source":[],"target":[],"score":"x","words":[],"flags":[]}"#,
            r#"{"id":"1","source":[],"target":[],"score":0,"words":[[0]],"flags":[]}"#,
            r#"{"visavis":"bitext","version":2,"from":"fr","to":"en","documents":[],"origin":{"kind":"given","name":""},"generator":""}"#,
        ] {
            assert!(
                !whole.is_valid(&serde_json::from_str(line).unwrap()),
                "{line}"
            );
        }
    }

    #[test]
    fn the_article_in_jsonl() {
        insta::assert_snapshot!(written(&samples::article()));
    }

    #[test]
    fn errors_name_the_line_and_say_what_to_do() {
        let good = written(&samples::article());
        let cases = [
            ("nothing", String::new()),
            ("another object", "{\"a\":1}\n".into()),
            (
                "a later version",
                good.replacen("\"version\":1", "\"version\":9", 1),
            ),
            (
                "no documents",
                good.replacen("\"documents\"", "\"papers\"", 1),
            ),
            ("broken JSON", good.replacen("\"words\":[", "\"words\":", 1)),
            ("same id", good.replacen("\"id\":\"2\"", "\"id\":\"1\"", 1)),
            (
                "no such document",
                good.replacen("\"document\":0", "\"document\":7", 1),
            ),
            (
                "no such word",
                good.replacen("\"words\":[[0,0]", "\"words\":[[0,99]", 1),
            ),
            (
                "excerpt beyond the text",
                good.replacen("\"end\":29", "\"end\":2900", 1),
            ),
            (
                "another excerpt",
                good.replacen("{\"start\":3,", "{\"start\":4,", 1),
            ),
            ("unknown verdict", good.replacen("\"kept\"", "\"lost\"", 1)),
            (
                "segment backwards",
                good.replacen("\"start\":0,\"end\":", "\"start\":99,\"end\":", 1),
            ),
        ];
        let messages: Vec<String> = cases
            .iter()
            .map(|(what, text)| match read("b.jsonl", text) {
                Err(error) => format!("{what}: {error}"),
                Ok(_) => format!("{what}: READ"),
            })
            .collect();
        insta::assert_snapshot!(messages.join("\n"));
    }
}
