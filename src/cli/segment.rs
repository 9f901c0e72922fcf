//! `visavis segment`: texts, a sentence a line or as JSON with offsets.

use std::io::{self, Write};

use clap::ValueEnum;
use visavis::document::Document;
use visavis::language::Language;
use visavis::segment::{Splitter, trim};
use visavis::text::CodePoints;

use super::options::InputOptions;
use super::output::OutputOptions;
use super::{Outcome, input, terminal::Terminal};

/// Split texts into sentences, one a line.
///
/// Line breaks of the input count: a title or a list item that stands on a line of its own is
/// never joined to what follows. Paragraphs that are wrapped to a width are put together first.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis segment article.fr.txt
  visavis segment --from en news.txt -o news.sentences.txt
  visavis segment article.fr.txt --output-format jsonl | jq -r .text
  pdftotext report.pdf - | visavis segment -")]
pub struct Args {
    #[command(flatten)]
    input: InputOptions,
    /// Language of the texts: French and English are known well, others by their punctuation.
    #[arg(long, value_name = "LANG", default_value = "fr")]
    from: Language,
    /// How to print the sentences.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output_format: OutputFormat,
    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// A sentence a line; an empty line of line input stays one.
    Text,
    /// An object a line: document, block (a paragraph or line, from 0), start and end (code
    /// points of the block, half-open), text.
    Jsonl,
}

/// A sentence and its place.
#[derive(serde::Serialize)]
struct Sentence<'a> {
    document: &'a str,
    /// The number of the block in its document, from 0.
    block: usize,
    /// Code points of the block, half-open.
    start: usize,
    end: usize,
    text: &'a str,
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let documents = input::documents(&args.input, terminal)?;
    let splitter = Splitter::new(&args.from);
    args.output.write(|out| {
        for document in &documents {
            write(document, &splitter, args.output_format, out)?;
        }
        Ok(())
    })?;
    Ok(Outcome::Done)
}

fn write(
    document: &Document,
    splitter: &Splitter,
    format: OutputFormat,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for (number, block) in document.blocks.iter().enumerate() {
        let ranges = splitter.split(&block.text);
        let ranges = ranges.iter().map(|range| trim(&block.text, range));
        match format {
            OutputFormat::Text => {
                for range in ranges {
                    write_line(out, &block.text[range])?;
                }
                if block.text.is_empty() {
                    writeln!(out)?;
                }
            }
            OutputFormat::Jsonl => {
                let points = CodePoints::new(&block.text);
                for range in ranges {
                    let span = points.span(&range);
                    let sentence = Sentence {
                        document: &document.name,
                        block: number,
                        start: span.start,
                        end: span.end,
                        text: &block.text[range],
                    };
                    serde_json::to_writer(&mut *out, &sentence).map_err(io::Error::from)?;
                    writeln!(out)?;
                }
            }
        }
    }
    Ok(())
}

/// Writes the sentence on one line: a run of line breaks in it becomes a space.
fn write_line(out: &mut dyn Write, sentence: &str) -> io::Result<()> {
    let is_break = |c| {
        matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let mut parts = sentence.split(is_break).filter(|part| !part.is_empty());
    if let Some(first) = parts.next() {
        out.write_all(first.as_bytes())?;
    }
    for part in parts {
        out.write_all(b" ")?;
        out.write_all(part.as_bytes())?;
    }
    out.write_all(b"\n")
}
