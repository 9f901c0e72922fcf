//! `visavis models info`: what an installed model is.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use visavis::language::Language;
use visavis::model::catalog::Catalog;
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
    let mut output = BufWriter::new(io::stdout().lock());
    let mut line =
        |name: &str, value: &dyn std::fmt::Display| writeln!(output, "{name:<13}{value}");
    line("name", &header.name)?;
    line(
        "languages",
        &format_args!("{} to {}", header.from, header.to),
    )?;
    let is_opus = header
        .sources
        .iter()
        .any(|source| source.name == kept::CONFIG);
    let backends = match (&kept, is_opus) {
        (Some(Ok(kept)), _) => format!(
            "native; rust-bert ({}, {})",
            kept.folder().display(),
            megabytes(kept.size())
        ),
        (Some(Err(error)), _) => format!("native; not rust-bert: {error}"),
        (None, true) => "native; rust-bert after a pull or import with --keep-for rust-bert".into(),
        (None, false) => "native".to_owned(),
    };
    line("backends", &backends)?;
    line("file", &path.display())?;
    line("size", &megabytes(model.size()))?;
    line(
        "weights",
        &format_args!("{:?}", header.precision)
            .to_string()
            .to_lowercase(),
    )?;
    line(
        "layers",
        &format_args!(
            "{} + {}, width {}, {} heads",
            config.encoder_layers, config.decoder_layers, config.d_model, config.encoder_heads
        ),
    )?;
    match config.source_vocabulary {
        None => line("vocabulary", &format_args!("{} pieces", config.vocabulary))?,
        Some(source) => line(
            "vocabularies",
            &format_args!("{source} and {} pieces", config.vocabulary),
        )?,
    }
    if model.contains("shortlist/offsets") {
        line("shortlist", &"of the model's own")?;
    }
    let shortlist = if model.contains("screen/pieces") {
        "learnt when it was installed"
    } else if model.contains("shortlist/offsets") {
        "its own"
    } else {
        "none"
    };
    line("shortlist", &shortlist)?;
    line("beam size", &config.beam_size)?;
    line("licence", &header.licence)?;
    line("attribution", &header.attribution)?;
    line("compiled by", &header.generator)?;
    for source in &header.sources {
        line(
            "source",
            &format_args!("{} {} bytes {}", source.name, source.size, source.sha256),
        )?;
    }
    output.flush()?;
    Ok(())
}

/// Of a model that rust-bert alone can run.
fn info_of_kept(kept: &Kept) -> anyhow::Result<()> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut line =
        |name: &str, value: &dyn std::fmt::Display| writeln!(output, "{name:<13}{value}");
    let card = kept.card();
    let (from, to) = kept_languages(kept);
    line("name", &card.name)?;
    line("languages", &format_args!("{from} to {to}"))?;
    line("backends", &"rust-bert")?;
    line("architecture", &card.architecture.name())?;
    line("folder", &kept.folder().display())?;
    line("size", &megabytes(kept.size()))?;
    line(
        "vocabulary",
        &format_args!("{} pieces", kept.config().vocab_size),
    )?;
    line("licence", &card.licence)?;
    line("attribution", &card.attribution)?;
    line("written by", &card.generator)?;
    for source in &card.sources {
        line(
            "source",
            &format_args!("{} {} bytes {}", source.name, source.size, source.sha256),
        )?;
    }
    output.flush()?;
    Ok(())
}

fn info_of_encoder(name: &str, path: &Path) -> anyhow::Result<()> {
    let mut output = BufWriter::new(io::stdout().lock());
    writeln!(output, "name         {name}, a sentence encoder")?;
    writeln!(output, "file         {}", path.display())?;
    if let Some(entry) = Catalog::in_use()?.find_encoder(name) {
        let codes: Vec<&str> = entry.languages.iter().map(Language::code).collect();
        writeln!(output, "languages    {}", codes.join(" "))?;
        writeln!(output, "size         {}", megabytes(entry.package.size))?;
        writeln!(output, "licence      {}", entry.licence)?;
        writeln!(output, "attribution  {}", entry.attribution)?;
        writeln!(output, "package      {}", entry.package.requirement)?;
    }
    output.flush()?;
    Ok(())
}
