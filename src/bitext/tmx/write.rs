//! Writing TMX.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{CHARACTER, FLAG, HEADER, ID, PLACES, SCORE, WORDS};
use crate::bitext::{Header, Pair, Segment, jsonl, places};
use crate::language::Language;

pub fn start(header: &Header, out: &mut impl Write) -> io::Result<()> {
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n\
         <tmx version=\"1.4\">\n  \
         <header creationtool=\"visavis\" creationtoolversion=\"{}\" segtype=\"sentence\" \
         o-tmf=\"visavis\" adminlang=\"en\" srclang=\"{}\" datatype=\"plaintext\">\n",
        env!("CARGO_PKG_VERSION"),
        header.from
    )?;
    property(out, "    ", HEADER, &json(jsonl::header_line(header)?))?;
    writeln!(out, "  </header>\n  <body>")
}

pub fn end(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "  </body>\n</tmx>")
}

pub fn pair(pair: &Pair, from: &Language, to: &Language, out: &mut impl Write) -> io::Result<()> {
    const INDENT: &str = "      ";
    if pair.id.chars().any(|c| c.is_control() || !is_allowed(c)) {
        writeln!(out, "    <tu>")?;
        property(out, INDENT, ID, &json(serde_json::to_string(&pair.id)?))?;
    } else {
        let id = quick_xml::escape::escape(&pair.id);
        writeln!(out, "    <tu tuid=\"{id}\">")?;
    }
    let score = places::encode_score(pair.score);
    if !score.is_empty() {
        property(out, INDENT, SCORE, &score)?;
    }
    if !pair.words.is_empty() {
        property(out, INDENT, WORDS, &places::encode_links(&pair.words))?;
    }
    for flag in &pair.flags {
        property(out, INDENT, FLAG, &json(serde_json::to_string(flag)?))?;
    }
    variant(out, from, &pair.source, &pair.source_text())?;
    variant(out, to, &pair.target, &pair.target_text())?;
    writeln!(out, "    </tu>")
}

/// One side; written even where it has no segments, so that source and target keep their order.
fn variant(
    out: &mut impl Write,
    language: &Language,
    segments: &[Segment],
    text: &str,
) -> io::Result<()> {
    writeln!(out, "      <tuv xml:lang=\"{language}\">")?;
    property(out, "        ", PLACES, &places::encode(segments))?;
    writeln!(out, "        <seg>{}</seg>", escape(text))?;
    writeln!(out, "      </tuv>")
}

fn property(out: &mut impl Write, indent: &str, kind: &str, value: &str) -> io::Result<()> {
    writeln!(
        out,
        "{indent}<prop type=\"{kind}\">{}</prop>",
        escape(value)
    )
}

/// JSON in which the characters that XML forbids are escaped: outside ASCII's control characters,
/// which JSON escapes anyway, there are two.
fn json(text: String) -> String {
    text.replace('\u{fffe}', "\\ufffe")
        .replace('\u{ffff}', "\\uffff")
}

/// Text as XML content. Carriage returns are written as references, because a parser would turn
/// them into line feeds.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in quick_xml::escape::partial_escape(text).chars() {
        if c == '\r' {
            escaped.push_str("&#13;");
        } else if is_allowed(c) {
            escaped.push(c);
        } else {
            // Writing to a string does not fail.
            let _ = write!(
                escaped,
                "<ph type=\"{CHARACTER}\">U+{:04X}</ph>",
                u32::from(c)
            );
        }
    }
    escaped
}

/// Whether XML 1.0 allows a character (production 2, `Char`).
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}
