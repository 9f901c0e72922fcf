//! `visavis flag`: the loaded terms of texts, or of bitexts with their renderings.

mod find;
mod lines;

use std::io;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::ValueEnum;
use visavis::align::sentence::Text;
use visavis::bitext::{
    self, Bitext, DocumentInfo, Flag, GENERATOR, Header, Languages, Origin, Pair, Segment, Severity,
};
use visavis::document::{Document, Format as DocumentFormat};
use visavis::language::Language;
use visavis::terms::{self, Tongue, triage::Loadedness};

use super::bitexts::{self, BitextFormat};
use super::lexicon::LexiconOptions;
use super::options::InputFormat as TextFormat;
use super::output::{OutputOptions, is_stream};
use super::{Outcome, input, terminal::Terminal};
use find::{COLUMNS, Find};

/// Flag the loaded terms of texts, or of bitexts with their renderings.
///
/// A text is searched for the terms of the lexicon. In a bitext each term is also tied to its
/// rendering through the word links and judged (kept, softened, strengthened, dropped, or check
/// where a person must judge), and the translation is checked for numbers, dates, currencies and
/// addresses that changed, for missing and repeated text, and for words that are not English.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis flag article.fr.txt
  visavis flag article.jsonl --min-severity medium
  visavis flag article.jsonl -o article.tsv
  visavis flag article.html --category translation --fail-on-findings
  visavis flag news.txt --lexicon my-terms.toml --output-format jsonl | jq .text
  visavis flag lines.txt --input-format lines --output-format jsonl | jq 'select(.loaded)'

A line of the text output is: file:paragraph:offset, severity, category, the term and, in a bitext,
its rendering and verdict, and why. Paragraphs count from 1 and offsets from 0, in code points of
the paragraph. Of lines, JSON Lines has an object for each line: how loaded it is (`loadedness`, from
0 to 1), whether that is much (`loaded`), and its `finds`.")]
pub struct Args {
    /// Texts or bitexts to read; `-` is standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    files: Vec<PathBuf>,
    /// The input's format [default: guessed from the file's name; else text].
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<InputFormat>,
    /// Language of a text; bitexts say theirs.
    #[arg(long, value_name = "LANG", default_value = "fr")]
    from: Language,
    #[command(flatten)]
    lexicon: LexiconOptions,
    /// Show the flags of this category alone (`distancing`, `translation`, …); may be given more
    /// than once.
    #[arg(long, value_name = "CATEGORY")]
    category: Vec<String>,
    /// Show flags of this severity and above.
    #[arg(long, value_name = "SEVERITY", default_value = "low")]
    min_severity: SeverityArg,
    /// How to write the flags; bitext formats write the whole bitext with its flags [default: a
    /// bitext format that the output file's name suggests; else text].
    #[arg(long, value_name = "FORMAT")]
    output_format: Option<OutputFormat>,
    #[command(flatten)]
    output: OutputOptions,
    /// End with exit code 1 where anything is flagged.
    #[arg(long)]
    fail_on_findings: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// Plain text: blank lines part paragraphs.
    Text,
    /// Text, one segment a line.
    Lines,
    /// A bitext in JSON Lines.
    Jsonl,
    /// A bitext in a table.
    Tsv,
    /// A bitext in Translation Memory eXchange.
    Tmx,
    /// A side-by-side page of `visavis review`.
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// A line for each flag, to read.
    Text,
    /// Of texts, an object for each flag; of lines, one for each line; of a bitext, the bitext with
    /// its flags.
    Jsonl,
    /// Of texts, a row for each flag; of a bitext, the bitext with its flags.
    Tsv,
    /// The bitext with its flags, for translators' tools.
    Tmx,
    /// The bitext with its flags, as a side-by-side page.
    Html,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SeverityArg {
    /// Worth knowing.
    Low,
    /// Worth a look.
    Medium,
    /// Must be looked at.
    High,
}

impl From<SeverityArg> for Severity {
    fn from(severity: SeverityArg) -> Self {
        match severity {
            SeverityArg::Low => Self::Low,
            SeverityArg::Medium => Self::Medium,
            SeverityArg::High => Self::High,
        }
    }
}

/// What was read from a file.
pub struct Input {
    /// The bitext; of a text its sentences without translations.
    pub bitext: Bitext,
    /// Whether it is a text, which has no renderings.
    is_text: bool,
    /// Whether it is a text of lines.
    is_lines: bool,
    /// How loaded each line is, where that is asked for.
    loadedness: Vec<Loadedness>,
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let lexicon = args.lexicon.load()?;
    let mut inputs = Vec::new();
    for file in &args.files {
        let mut input = read(file, args.input_format, &args.from, terminal)?;
        terms::flag(&mut input.bitext, &lexicon);
        if args.output_format() == OutputFormat::Jsonl && input.is_lines {
            input.loadedness = lines::loadedness(&input.bitext)?;
        }
        for pair in &mut input.bitext.pairs {
            pair.flags.retain(|flag| args.shows(flag));
        }
        inputs.push(input);
    }
    let found: usize = flags(&inputs).count();
    write(args, &inputs, terminal)?;
    terminal.note(summary(&inputs));
    Ok(if found > 0 && args.fail_on_findings {
        Outcome::Findings
    } else {
        Outcome::Done
    })
}

impl Args {
    fn shows(&self, flag: &Flag) -> bool {
        let listed = self.category.is_empty() || self.category.contains(&flag.category);
        listed && flag.severity >= self.min_severity.into()
    }

    fn output_format(&self) -> OutputFormat {
        let named = || match bitext::Format::guess(self.output.output.as_deref()?)? {
            bitext::Format::Jsonl => Some(OutputFormat::Jsonl),
            bitext::Format::Tsv => Some(OutputFormat::Tsv),
            bitext::Format::Tmx => Some(OutputFormat::Tmx),
            bitext::Format::Html => Some(OutputFormat::Html),
            _ => None,
        };
        self.output_format
            .or_else(named)
            .unwrap_or(OutputFormat::Text)
    }
}

fn flags(inputs: &[Input]) -> impl Iterator<Item = &Flag> {
    let pairs = inputs.iter().flat_map(|input| &input.bitext.pairs);
    pairs.flat_map(|pair| &pair.flags)
}

/// Reads a file as what its name or the option says.
pub fn read(
    file: &Path,
    said: Option<InputFormat>,
    from: &Language,
    terminal: &Terminal,
) -> anyhow::Result<Input> {
    let guessed = || match bitext::Format::guess(file) {
        Some(bitext::Format::Moses) | None => None,
        Some(format) => Some(format),
    };
    let (bitext, text) = match said {
        Some(InputFormat::Text) => (None, Some(TextFormat::Text)),
        Some(InputFormat::Lines) => (None, Some(TextFormat::Lines)),
        Some(InputFormat::Jsonl) => (Some(bitext::Format::Jsonl), None),
        Some(InputFormat::Tsv) => (Some(bitext::Format::Tsv), None),
        Some(InputFormat::Tmx) => (Some(bitext::Format::Tmx), None),
        Some(InputFormat::Html) => (Some(bitext::Format::Html), None),
        None => (guessed(), None),
    };
    if let Some(format) = bitext {
        // A table says no languages; the lexicon is of French into English.
        let none = Languages::default();
        let french_english = Languages {
            from: Some(Language::french()),
            to: Some(Language::english()),
        };
        let languages = match format {
            bitext::Format::Tsv => &french_english,
            _ => &none,
        };
        let bitext = bitexts::load(file, format, languages, terminal)?;
        return Ok(Input {
            bitext,
            is_text: false,
            is_lines: false,
            loadedness: Vec::new(),
        });
    }
    if Tongue::of(from).is_none() {
        terminal.warn(format_args!(
            "{}: there is no lexicon of {from}, so nothing can be found; lexicons are of fr and en",
            input::name(file)
        ));
    }
    let document = input::document(file, text, terminal)?;
    Ok(Input {
        bitext: sentences(&document, from),
        is_text: true,
        is_lines: document.format == DocumentFormat::Lines,
        loadedness: Vec::new(),
    })
}

/// A bitext of the document's sentences, without translations.
fn sentences(document: &Document, from: &Language) -> Bitext {
    let numbered = (1..).zip(Text::new(document, from).segments);
    let pairs = numbered.map(|(number, segment): (usize, Segment)| Pair {
        id: number.to_string(),
        source: vec![segment],
        target: Vec::new(),
        score: None,
        words: Vec::new(),
        flags: Vec::new(),
    });
    let info = DocumentInfo {
        name: document.name.clone(),
        date: document.date.as_ref().map(|date| date.date().to_owned()),
    };
    Bitext {
        header: Header {
            from: from.clone(),
            to: match *from == Language::english() {
                true => Language::french(),
                false => Language::english(),
            },
            origin: Origin::Given {
                name: document.name.clone(),
            },
            documents: vec![info],
            generator: GENERATOR.into(),
        },
        pairs: pairs.collect(),
    }
}

fn write(args: &Args, inputs: &[Input], terminal: &Terminal) -> anyhow::Result<()> {
    let format = args.output_format();
    let texts = inputs.iter().all(|input| input.is_text);
    let bitext_format = match format {
        OutputFormat::Text => None,
        OutputFormat::Jsonl if texts => None,
        OutputFormat::Tsv if texts => None,
        OutputFormat::Jsonl => Some(BitextFormat::Jsonl),
        OutputFormat::Tsv => Some(BitextFormat::Tsv),
        OutputFormat::Tmx => Some(BitextFormat::Tmx),
        OutputFormat::Html => Some(BitextFormat::Html),
    };
    if let Some(bitext_format) = bitext_format {
        let [input] = inputs else {
            bail!("a bitext is written from one file; give one, or --output-format text");
        };
        let stream = PathBuf::from("-");
        let file = args.output.output.as_ref().unwrap_or(&stream);
        let files = bitexts::save(&input.bitext, file, bitext_format.into())?;
        bitexts::note_written(&input.bitext, &files, terminal);
        return Ok(());
    }
    let to_terminal = args.output.output.as_deref().is_none_or(is_stream);
    let color = to_terminal && terminal.colors_stdout();
    args.output.write(|out| {
        if format == OutputFormat::Tsv {
            writeln!(out, "{}", COLUMNS.join("\t"))?;
        }
        for input in inputs {
            if format == OutputFormat::Jsonl && input.is_lines {
                lines::write(input, out)?;
                continue;
            }
            for pair in &input.bitext.pairs {
                for flag in &pair.flags {
                    let find = Find::new(input, pair, flag);
                    match format {
                        OutputFormat::Jsonl => {
                            serde_json::to_writer(&mut *out, &find).map_err(io::Error::from)?;
                            writeln!(out)?;
                        }
                        OutputFormat::Tsv => writeln!(out, "{}", find.row())?,
                        _ => writeln!(out, "{}", find.line(input.is_text, color))?,
                    }
                }
            }
        }
        Ok(())
    })
}

/// How many flags there are, by category.
fn summary(inputs: &[Input]) -> String {
    let mut categories: Vec<(&str, usize)> = Vec::new();
    for flag in flags(inputs) {
        match categories
            .iter_mut()
            .find(|(name, _)| *name == flag.category)
        {
            Some((_, count)) => *count += 1,
            None => categories.push((&flag.category, 1)),
        }
    }
    let total: usize = categories.iter().map(|(_, count)| count).sum();
    if total == 0 {
        return "nothing is flagged".into();
    }
    categories.sort_by_key(|&(name, count)| (std::cmp::Reverse(count), name));
    let parts: Vec<String> = categories
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    let noun = if total == 1 { "flag" } else { "flags" };
    format!("{total} {noun}: {}", parts.join(", "))
}
