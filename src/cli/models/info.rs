//! `visavis models info`: what an installed model is.

use std::fmt::Display;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use visavis::language::Language;
use visavis::model::catalog::Catalog;
use visavis::model::compiled::SourceFile;
use visavis::model::store::Store;
use visavis::model::{Compiled, Error, Kept, kept};

use super::list::kept_languages;
use super::megabytes;

pub(super) fn info(store: &Store, name: &str) -> anyhow::Result<()> {
    if let Some(path) = store.find_encoder(name) {
        return info_of_encoder(name, &path);
    }
    let kept = store.find_kept(name).map(|folder| Kept::open(&folder));
    let Some(path) = store.find(name) else {
        return match kept {
            Some(kept) => info_of_kept(&kept?),
            None => Err(Error::NotInstalled(name.into()).into()),
        };
    };
    let model = Compiled::open(&path)?;
    let header = model.header();
    let config = &header.config;
    let mut out = Lines::new();
    out.line("name", &header.name)?;
    out.line(
        "languages",
        &format_args!("{} to {}", header.from, header.to),
    )?;
    let backends = match (&kept, kept::can_be(header)) {
        (Some(Ok(kept)), _) => format!(
            "native; rust-bert ({}, {})",
            kept.folder().display(),
            megabytes(kept.size())
        ),
        (Some(Err(error)), _) => format!("native; not rust-bert: {error}"),
        (None, true) => "native; rust-bert after a pull or import with --keep-for rust-bert".into(),
        (None, false) => "native".to_owned(),
    };
    out.line("backends", &backends)?;
    out.line("file", &path.display())?;
    out.line("size", &megabytes(model.size()))?;
    out.line(
        "weights",
        &format_args!("{:?}", header.precision)
            .to_string()
            .to_lowercase(),
    )?;
    out.line(
        "layers",
        &format_args!(
            "{} + {}, width {}, {} heads",
            config.encoder_layers, config.decoder_layers, config.d_model, config.encoder_heads
        ),
    )?;
    match config.source_vocabulary {
        None => out.line("vocabulary", &format_args!("{} pieces", config.vocabulary))?,
        Some(source) => out.line(
            "vocabularies",
            &format_args!("{source} and {} pieces", config.vocabulary),
        )?,
    }
    let shortlist = if model.contains("screen/pieces") {
        "learnt when it was installed"
    } else if model.contains("shortlist/offsets") {
        "the model's own"
    } else {
        "none"
    };
    out.line("shortlist", &shortlist)?;
    out.line("beam size", &config.beam_size)?;
    out.line("licence", &header.licence)?;
    out.line("attribution", &header.attribution)?;
    out.line("compiled by", &header.generator)?;
    out.sources(&header.sources)?;
    out.finish()
}

/// Of a model that rust-bert alone can run.
fn info_of_kept(kept: &Kept) -> anyhow::Result<()> {
    let mut out = Lines::new();
    let card = kept.card();
    let (from, to) = kept_languages(kept);
    out.line("name", &card.name)?;
    out.line("languages", &format_args!("{from} to {to}"))?;
    out.line("backends", &"rust-bert")?;
    out.line("architecture", &card.architecture.name())?;
    out.line("folder", &kept.folder().display())?;
    out.line("size", &megabytes(kept.size()))?;
    out.line(
        "vocabulary",
        &format_args!("{} pieces", kept.config().vocab_size),
    )?;
    out.line("licence", &card.licence)?;
    out.line("attribution", &card.attribution)?;
    out.line("written by", &card.generator)?;
    out.sources(&card.sources)?;
    out.finish()
}

fn info_of_encoder(name: &str, path: &Path) -> anyhow::Result<()> {
    let mut out = Lines::new();
    out.line("name", &format_args!("{name}, a sentence encoder"))?;
    out.line("file", &path.display())?;
    if let Some(entry) = Catalog::in_use()?.find_encoder(name) {
        let codes: Vec<&str> = entry.languages.iter().map(Language::code).collect();
        out.line("languages", &codes.join(" "))?;
        out.line("size", &megabytes(entry.package.size))?;
        out.line("licence", &entry.licence)?;
        out.line("attribution", &entry.attribution)?;
        out.line("package", &entry.package.requirement)?;
    }
    out.finish()
}

/// What is told, a name and its value on each line.
struct Lines(BufWriter<io::StdoutLock<'static>>);

impl Lines {
    fn new() -> Self {
        Self(BufWriter::new(io::stdout().lock()))
    }

    fn line(&mut self, name: &str, value: &dyn Display) -> io::Result<()> {
        writeln!(self.0, "{name:<13}{value}")
    }

    fn sources(&mut self, sources: &[SourceFile]) -> io::Result<()> {
        for SourceFile { name, size, sha256 } in sources {
            self.line("source", &format_args!("{name} {size} bytes {sha256}"))?;
        }
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<()> {
        Ok(self.0.flush()?)
    }
}
