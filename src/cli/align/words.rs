//! `visavis align words`: links between the words of given pairs of sentences.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use visavis::align::word::{Aligner, Statistics, Words};
use visavis::bitext::{self, Bitext, Format, Languages};

use super::pairs::Pairs;
use crate::cli::bitexts::{self, BitextFormat};
use crate::cli::options::LanguageOptions;
use crate::cli::output::{self, OutputOptions};
use crate::cli::word_links::{self, Models, Reverse};
use crate::cli::{Outcome, terminal::Terminal};

/// Pairs that are read, linked and written at a time.
const WINDOW: usize = 4096;

/// Link the words of sentences and of their translations, whoever made them.
///
/// Of plain lines a word is what stands between spaces: tokenise them as you want them linked. Of
/// a bitext it is what the bitext's formats count as one.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis align words pairs.txt > links.txt         a line `source ||| target` each; i-j for each link
  visavis align words lines.fr lines.en             line i of the one with line i of the other
  visavis align words novel.jsonl -o novel.tsv      a bitext, with its word links")]
pub struct Args {
    /// Pairs, a line `source ||| target` each, or a bitext; or two files, a sentence a line; `-`
    /// is standard input.
    #[arg(value_name = "PAIRS", default_value = "-", num_args = 1..=2)]
    files: Vec<PathBuf>,
    /// The input's format [default: guessed from the file's name, else pairs].
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<PairsOrBitext>,
    /// Two files are line by line each other's translation: this is so anyway.
    #[arg(long, hide = true)]
    aligned: bool,
    #[command(flatten)]
    languages: LanguageOptions,
    /// The model that translates from --from to --to, as `visavis models list` shows it, or a
    /// folder or file [default: the first of the languages].
    #[arg(long, value_name = "NAME|PATH")]
    model: Option<String>,
    /// The model that translates back [default: the first of the languages].
    #[arg(long, value_name = "NAME|PATH", conflicts_with = "one_way")]
    reverse_model: Option<String>,
    /// Do without a model that translates back: half the time, worse links.
    #[arg(long)]
    one_way: bool,
    /// Do without any model, by which words come together in the pairs themselves: for languages
    /// that no model knows, and many pairs. The links are worse.
    #[arg(long, conflicts_with_all = ["model", "reverse_model", "one_way"])]
    no_model: bool,
    /// Learn from the pairs themselves, too, which words belong together: for large files whose
    /// words the models know little of. The file is read whole, so it cannot be streamed.
    #[arg(long, conflicts_with = "no_model")]
    learn: bool,
    /// Threads that compute [default: the physical cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Never open a network connection: do without a model that would have to be pulled.
    #[arg(long)]
    offline: bool,
    /// What to write [default: guessed from the output's name, else pharaoh].
    #[arg(long, value_name = "FORMAT")]
    output_format: Option<LinksOrBitext>,
    #[command(flatten)]
    output: OutputOptions,
}

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PairsOrBitext {
    /// A line `source ||| target` each, or two files.
    Pairs,
    Bitext(BitextFormat),
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LinksOrBitext {
    /// The links alone.
    Pharaoh,
    Bitext(BitextFormat),
}

/// Formats of bitexts that hold word links.
const BITEXTS: [BitextFormat; 4] = [
    BitextFormat::Jsonl,
    BitextFormat::Tsv,
    BitextFormat::Tmx,
    BitextFormat::Html,
];

impl ValueEnum for PairsOrBitext {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [PairsOrBitext; 5] = [
            PairsOrBitext::Pairs,
            PairsOrBitext::Bitext(BITEXTS[0]),
            PairsOrBitext::Bitext(BITEXTS[1]),
            PairsOrBitext::Bitext(BITEXTS[2]),
            PairsOrBitext::Bitext(BITEXTS[3]),
        ];
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Pairs => {
                Some(PossibleValue::new("pairs").help("A line `source ||| target` each"))
            }
            Self::Bitext(format) => format.to_possible_value(),
        }
    }
}

impl ValueEnum for LinksOrBitext {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [LinksOrBitext; 5] = [
            LinksOrBitext::Pharaoh,
            LinksOrBitext::Bitext(BITEXTS[0]),
            LinksOrBitext::Bitext(BITEXTS[1]),
            LinksOrBitext::Bitext(BITEXTS[2]),
            LinksOrBitext::Bitext(BITEXTS[3]),
        ];
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Pharaoh => {
                let help = "The links alone, i-j for each, words counted from 0; a pair a line";
                Some(PossibleValue::new("pharaoh").help(help))
            }
            Self::Bitext(format) => format.to_possible_value(),
        }
    }
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let destination = destination(args)?;
    let format = input_format(args)?;
    let Some(file) = args.output.output.as_deref() else {
        return linked(args, format, destination, Path::new("-"), terminal);
    };
    output::check(file, &args.files)?;
    linked(args, format, destination, file, terminal)
}

/// The format of the bitext to write; none for links alone.
fn destination(args: &Args) -> anyhow::Result<Option<Format>> {
    Ok(match args.output_format {
        Some(LinksOrBitext::Pharaoh) => None,
        Some(LinksOrBitext::Bitext(format)) => Some(format.into()),
        None => {
            let file = args.output.output.as_deref();
            let guessed = file.and_then(Format::guess);
            guessed.filter(|&format| format != Format::Moses)
        }
    })
}

/// The format of the bitext to read; none for plain lines.
fn input_format(args: &Args) -> anyhow::Result<Option<Format>> {
    let said = match args.input_format {
        Some(PairsOrBitext::Pairs) => return Ok(None),
        Some(PairsOrBitext::Bitext(format)) => Some(Format::from(format)),
        None => None,
    };
    match (&*args.files, said) {
        ([_, _], Some(_)) => bail!("a bitext of that format is one file; give one"),
        ([_, _], None) => Ok(None),
        ([file, ..], said) => {
            let guessed = || Format::guess(file).filter(|&format| format != Format::Moses);
            Ok(said.or_else(guessed))
        }
        ([], _) => Ok(None),
    }
}

fn linked(
    args: &Args,
    input: Option<Format>,
    output: Option<Format>,
    file: &Path,
    terminal: &Terminal,
) -> anyhow::Result<Outcome> {
    let languages = Languages {
        from: Some(args.languages.from.clone()),
        to: Some(args.languages.to.clone()),
    };
    let Some(output) = output else {
        if let Some(format) = input {
            let mut bitext = bitexts::load(&args.files[0], format, &languages, terminal)?;
            link(&mut bitext, args, terminal)?;
            args.output.write(|out| {
                let mut links = bitext.pairs.iter().map(|pair| &pair.words);
                links.try_for_each(|links| write_links(links, out))
            })?;
        } else {
            let mut pairs = Pairs::open(&args.files)?;
            if args.no_model || args.learn {
                let pairs = pairs.collect::<anyhow::Result<Vec<_>>>()?;
                let words = apart(&pairs);
                let aligner = learnt(Statistics::learn(&words), args, terminal)?;
                let bar = word_links::bar(Some(words.len()), terminal);
                let links = aligner.align(&words, &|| bar.inc(1))?;
                bar.finish_and_clear();
                args.output
                    .write(|out| links.iter().try_for_each(|links| write_links(links, out)))?;
                return Ok(Outcome::Done);
            }
            let aligner = aligner(args, terminal)?;
            args.output
                .write(|out| stream(&mut pairs, &aligner, out, terminal))?;
        }
        return Ok(Outcome::Done);
    };
    let mut bitext = match (input, &*args.files) {
        (Some(format), [file, ..]) => bitexts::load(file, format, &languages, terminal)?,
        (_, [source, target]) => bitext::load_moses(source, target, &languages)?,
        _ => Pairs::open(&args.files)?.bitext(&languages)?,
    };
    link(&mut bitext, args, terminal)?;
    let written = bitexts::save(&bitext, file, output)?;
    bitexts::note_written(&bitext, &written, terminal);
    Ok(Outcome::Done)
}

/// The models that the options name, one for each direction if there are two.
fn aligner(args: &Args, terminal: &Terminal) -> anyhow::Result<Aligner> {
    let models = Models {
        languages: &args.languages,
        model: args.model.as_deref(),
        reverse: match (&args.reverse_model, args.one_way) {
            (_, true) => Reverse::None,
            (Some(name), _) => Reverse::Named(name),
            (None, _) => Reverse::First,
        },
        threads: args.threads,
        offline: args.offline,
    };
    word_links::aligner(&models, terminal)
}

/// An aligner by what was learnt of the pairs themselves, and by models unless they are not wanted.
fn learnt(statistics: Statistics, args: &Args, terminal: &Terminal) -> anyhow::Result<Aligner> {
    if args.no_model {
        terminal.note("without a model the links are those of words that come together: worse");
        return Ok(Aligner::by_statistics(statistics));
    }
    Ok(aligner(args, terminal)?.and_statistics(statistics))
}

/// The words of plain lines.
fn apart(pairs: &[(String, String)]) -> Vec<(Words<'_>, Words<'_>)> {
    pairs
        .iter()
        .map(|(source, target)| (Words::apart(source), Words::apart(target)))
        .collect()
}

/// Links the words of a bitext, and shows how far it is.
fn link(bitext: &mut Bitext, args: &Args, terminal: &Terminal) -> anyhow::Result<()> {
    let aligner = match args.no_model || args.learn {
        true => learnt(Statistics::of_bitext(bitext), args, terminal)?,
        false => aligner(args, terminal)?,
    };
    word_links::link(bitext, &aligner, terminal)
}

/// Links the words of plain lines as they come.
fn stream(
    pairs: &mut Pairs,
    aligner: &Aligner,
    out: &mut dyn Write,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let bar = word_links::bar(None, terminal);
    loop {
        let window = pairs
            .by_ref()
            .take(WINDOW)
            .collect::<anyhow::Result<Vec<_>>>()?;
        if window.is_empty() {
            break;
        }
        for links in aligner.align(&apart(&window), &|| bar.inc(1))? {
            write_links(&links, out)?;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn write_links(links: &[(u32, u32)], out: &mut dyn Write) -> anyhow::Result<()> {
    for (at, (source, target)) in links.iter().enumerate() {
        let space = if at > 0 { " " } else { "" };
        write!(out, "{space}{source}-{target}")?;
    }
    Ok(writeln!(out)?)
}
