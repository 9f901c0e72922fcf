//! `visavis review`: the main job, from an article to a page.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use visavis::align::sentence::{self, Text};
use visavis::align::word::Aligner;
use visavis::bitext::{Bitext, Format};
use visavis::document::Document;
use visavis::review::{self, Entry};
use visavis::terms::{self, Lexicon};
use visavis::translate::Translator;

use super::alignment::{self, AlignmentOptions, Tools};
use super::bitexts::{self, BitextFormat};
use super::lexicon::LexiconOptions;
use super::options::{InputOptions, LanguageOptions, ModelOptions};
use super::output::{is_folder, is_stream, write_file};
use super::word_links::{self, Reverse};
use super::{Outcome, input, listed, profile, summary, terminal::Terminal, translation};

/// Translate an article, set both texts side by side, flag loaded terms, write the page.
///
/// The page is one HTML file that needs no network; it is written beside the article, and each of
/// several articles gets its own; or they go into a folder, with an index of them. Decisions that a
/// reviewer takes on it stay in the browser and can be saved as JSON.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis review article.fr.txt                       writes article.fr.html
  visavis review article.fr.txt -o article.jsonl      the same for programs
  visavis review article.fr.txt --translation article.en.txt
  visavis review monday/*.txt -o monday.html          one page for all of them
  visavis review monday/*.txt -o pages/ --index       a page for each, and pages/index.html
  visavis review --pairs pairs.tsv -o pages/ --index  texts and their translations, as `visavis align
                                                      documents` pairs them
  visavis review article.fr.txt --lexicon ours.toml --fail-on-findings")]
pub struct Args {
    #[command(flatten)]
    input: InputOptions,
    /// Write one page, or one bitext, for all articles to this file, or one for each into this
    /// folder; `-` is standard output, and then no summary is printed [default: a page beside each
    /// article].
    #[arg(short, long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    /// Write an index of the pages too, with what was found in each: index.html in the folder that
    /// -o names.
    #[arg(long, requires = "output")]
    index: bool,
    /// What to write [default: guessed from the output's name, else html].
    #[arg(long, value_name = "FORMAT")]
    output_format: Option<BitextFormat>,
    /// Take this translation of the article instead of translating it, and find which of its
    /// sentences belong to which.
    #[arg(long, value_name = "FILE")]
    translation: Option<PathBuf>,
    /// Take the articles and translations of this list, a line a pair, parted by a tab, as `align
    /// documents` writes it.
    #[arg(long, value_name = "LIST", conflicts_with_all = ["translation", "files"])]
    pairs: Option<PathBuf>,
    /// Line i of a given translation belongs to line i of the article: search nothing.
    #[arg(long)]
    aligned: bool,
    /// Let no translation model judge which sentences of a given translation belong together where
    /// that is in doubt: faster, and a little worse. Word links are made all the same.
    #[arg(long, conflicts_with = "aligned")]
    no_model: bool,
    #[command(flatten)]
    lexicon: LexiconOptions,
    #[command(flatten)]
    model: ModelOptions,
    /// End with exit code 1 where anything is flagged.
    #[arg(long)]
    fail_on_findings: bool,
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let lexicon = args.lexicon.load()?;
    if let Some((articles, translations)) = given(args)? {
        let format = alignment::format(args.input.input_format, args.aligned);
        let read = |path: &PathBuf| input::document(path, format, terminal);
        let documents: Vec<Document> = articles.iter().map(read).collect::<Result<_, _>>()?;
        // None of them is written over; the articles come first.
        let files = [&articles[..], &translations[..]].concat();
        let jobs = jobs(args, &documents, &files)?;
        if jobs.len() < documents.len() {
            bail!("given translations make a page each; name a folder for them: -o DIR/");
        }
        let tools = GivenTools::open(args, terminal)?;
        return publish(args, jobs, terminal, |job| {
            let [document] = job.documents else {
                bail!("a given translation is of one article");
            };
            let translation = &translations[job.number];
            beside_given(args, document, translation, &tools, &lexicon, terminal)
        });
    }
    if args.aligned || args.no_model {
        bail!("--aligned and --no-model are for given translations: --translation or --pairs");
    }
    let documents = input::documents(&args.input, terminal)?;
    let jobs = jobs(args, &documents, &args.input.files)?;
    let memory = translation::memory(&args.model)?;
    let opened = translation::open(&args.model, terminal)?;
    let aligner = translation::aligner(&args.model, &opened, terminal)?;
    let translator = translation::translator(&opened, memory.as_ref(), &args.model.languages)?;
    let makers = (&*translator, aligner.as_ref());
    let outcome = publish(args, jobs, terminal, |job| {
        reviewed(job.documents, args, &lexicon, makers, terminal)
    })?;
    if let Some(engine) = opened.engine().filter(|_| args.model.profile) {
        terminal.note(profile::table(&engine.profile()));
    }
    Ok(outcome)
}

/// Makes the bitext of each job, shows and saves it, and writes the index if there is to be one.
fn publish<'d>(
    args: &Args,
    jobs: Vec<Job<'d>>,
    terminal: &Terminal,
    make: impl Fn(&Job<'d>) -> anyhow::Result<Bitext>,
) -> anyhow::Result<Outcome> {
    let mut findings = false;
    let mut entries = Vec::new();
    for job in jobs {
        let bitext = make(&job)?;
        findings |= bitext.pairs.iter().any(|pair| !pair.flags.is_empty());
        if args.index {
            let name = job.output.file_name().unwrap_or_default().to_string_lossy();
            entries.push(Entry::new(&bitext, &name, &review::Options::default()));
        }
        show_and_save(&bitext, &job, terminal)?;
    }
    if let Some(folder) = args.output.as_deref().filter(|_| args.index) {
        let title = folder.file_name().unwrap_or_default().to_string_lossy();
        let page = review::index(&entries, &title)?;
        let path = folder.join(INDEX);
        write_file(&path, |out| Ok(out.write_all(page.as_bytes())?))?;
        terminal.note(format_args!("wrote {}", path.display()));
    }
    Ok(match findings && args.fail_on_findings {
        true => Outcome::Findings,
        false => Outcome::Done,
    })
}

/// Articles and, in the same order, the translations of them that are given; none where they are to
/// be translated.
fn given(args: &Args) -> anyhow::Result<Option<(Vec<PathBuf>, Vec<PathBuf>)>> {
    if let Some(list) = &args.pairs {
        let files = listed::files(list)?.into_iter();
        return Ok(Some(
            files.map(|files| (files.source, files.target)).unzip(),
        ));
    }
    let Some(translation) = &args.translation else {
        return Ok(None);
    };
    let [article] = &args.input.files[..] else {
        bail!("--translation takes one article; list several and their translations with --pairs");
    };
    Ok(Some((vec![article.clone()], vec![translation.clone()])))
}

/// What given translations are aligned with, opened once for all.
struct GivenTools {
    /// None where lines are aligned already.
    sentences: Option<Tools>,
    /// None where there is no model and none may be pulled.
    words: Option<Aligner>,
}

impl GivenTools {
    fn open(args: &Args, terminal: &Terminal) -> anyhow::Result<Self> {
        let ModelOptions {
            languages,
            model,
            threads,
            offline,
            ..
        } = &args.model;
        let options = AlignmentOptions {
            no_encoder: false,
            threads: *threads,
            offline: *offline,
        };
        let open = || Tools::open(&options, args.no_model, languages, terminal);
        let sentences = (!args.aligned).then(open).transpose()?;
        let models = word_links::Models {
            languages,
            model: model.as_deref(),
            reverse: Reverse::IfHere,
            threads: *threads,
            offline: *offline,
        };
        let words = match word_links::aligner(&models, terminal) {
            Ok(aligner) => Some(aligner),
            Err(error) if *offline && model.is_none() => {
                terminal.warn(format_args!(
                    "{error}; without word links a person must judge most renderings"
                ));
                None
            }
            Err(error) => return Err(error),
        };
        Ok(Self { sentences, words })
    }
}

/// An article beside a translation that was given.
fn beside_given(
    args: &Args,
    article: &Document,
    translation: &Path,
    tools: &GivenTools,
    lexicon: &Lexicon,
    terminal: &Terminal,
) -> anyhow::Result<Bitext> {
    let LanguageOptions { from, to } = &args.model.languages;
    let source = Text::new(article, from);
    let format = args.input.input_format;
    let target = alignment::text(translation, to, format, args.aligned, terminal)?;
    let texts = (&source, &target);
    let beads = match &tools.sentences {
        Some(tools) => tools.beads(texts, None, terminal)?,
        None => alignment::line_by_line(texts)?,
    };
    let mut bitext = sentence::bitext(&source, &target, &beads);
    if let Some(aligner) = &tools.words {
        word_links::link(&mut bitext, aligner, terminal)?;
    }
    terms::flag(&mut bitext, lexicon);
    sentence::flag_doubtful(&mut bitext);
    Ok(bitext)
}

/// Prints the summary and writes the page or bitext.
fn show_and_save(bitext: &Bitext, job: &Job<'_>, terminal: &Terminal) -> anyhow::Result<()> {
    if !terminal.is_quiet() && !is_stream(&job.output) {
        let mut out = BufWriter::new(io::stdout().lock());
        summary::print(bitext, terminal, &mut out)?;
        out.flush()?;
    }
    bitexts::note_losses(bitext, job.format, terminal);
    for path in bitexts::save(bitext, &job.output, job.format)? {
        terminal.note(format_args!("wrote {}", path.display()));
    }
    Ok(())
}

/// The index of the pages of a folder.
const INDEX: &str = "index.html";

/// Documents that become one page.
struct Job<'d> {
    documents: &'d [Document],
    /// Its place among the jobs.
    number: usize,
    output: PathBuf,
    format: Format,
}

fn jobs<'d>(
    args: &Args,
    documents: &'d [Document],
    files: &[PathBuf],
) -> anyhow::Result<Vec<Job<'d>>> {
    let folder = args.output.as_deref().filter(|output| is_folder(output));
    if args.index && folder.is_none() {
        bail!("an index goes into a folder with its pages; name it with -o DIR/");
    }
    if let Some(output) = args.output.as_ref().filter(|_| folder.is_none()) {
        let format = match args.output_format {
            None if is_stream(output) => Format::Html,
            said => bitexts::format(said, output, "--output-format")?,
        };
        bitexts::check(output, format, &args.model.languages, files)?;
        return Ok(vec![Job {
            documents,
            number: 0,
            output: output.clone(),
            format,
        }]);
    }
    let format = args.output_format.map_or(Format::Html, Format::from);
    let mut jobs: Vec<Job<'d>> = Vec::with_capacity(documents.len());
    for (document, path) in documents.iter().zip(files) {
        if is_stream(path) {
            bail!("standard input has no name to write a page beside; give -o PAGE.html");
        }
        let mut output = beside(path, format);
        if let Some(folder) = folder {
            output = folder.join(output.file_name().unwrap_or_default());
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))?;
            if args.index && output.ends_with(INDEX) {
                bail!(
                    "{} would become the index; give it another name",
                    path.display()
                );
            }
        }
        bitexts::check(&output, format, &args.model.languages, files)?;
        if jobs.iter().any(|job| job.output == output) {
            bail!(
                "two of the articles would both become {}; review them apart, or together with -o",
                output.display()
            );
        }
        jobs.push(Job {
            documents: std::slice::from_ref(document),
            number: jobs.len(),
            output,
            format,
        });
    }
    Ok(jobs)
}

/// `article.fr.txt` gives `article.fr.html`.
fn beside(path: &Path, format: Format) -> PathBuf {
    match format {
        Format::Moses => path.with_extension(""),
        Format::Jsonl => path.with_extension("jsonl"),
        Format::Tsv => path.with_extension("tsv"),
        Format::Tmx => path.with_extension("tmx"),
        _ => path.with_extension("html"),
    }
}

fn reviewed(
    documents: &[Document],
    args: &Args,
    lexicon: &Lexicon,
    (translator, aligner): (&dyn Translator, Option<&Aligner>),
    terminal: &Terminal,
) -> anyhow::Result<Bitext> {
    let languages = &args.model.languages;
    let run = translation::run(documents, languages, translator, aligner, terminal)?;
    let mut bitext = run.translated.bitext;
    terms::flag(&mut bitext, lexicon);
    Ok(bitext)
}
