//! Bitexts in files: found by name, written all or nothing.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::{Bitext, Error, Format, Languages, format, moses};
use crate::compression::{self, Compression};
use crate::draft::Draft;
use crate::language::Language;

/// Reads a bitext from a file, which may be compressed. For [`Format::Moses`], `path` is what the two files' names share
/// (`corpus` for `corpus.fr` and `corpus.en`) or one of them, and `languages` says the languages.
///
/// # Errors
/// [`Error::Read`], and those of [`super::read`] and [`moses::read`].
pub fn load(path: &Path, format: Format, languages: &Languages) -> Result<Bitext, Error> {
    if format != Format::Moses {
        return format::read(&name(path), &bytes(path)?, format, languages);
    }
    let (from, to) = languages.both(&name(path))?;
    let prefix = moses_prefix(path, &from, &to);
    let (source, target) = (side(&prefix, &from), side(&prefix, &to));
    load_moses(&source, &target, languages)
}

/// Reads a Moses pair. A file's language is its extension where `languages` does not say it.
///
/// # Errors
/// [`Error::Read`], [`Error::NoLanguages`], and those of [`moses::read`].
pub fn load_moses(source: &Path, target: &Path, languages: &Languages) -> Result<Bitext, Error> {
    let language = |path: &Path, said: &Option<Language>| {
        let extension = || path.extension()?.to_str()?.parse().ok();
        said.clone()
            .or_else(extension)
            .ok_or_else(|| Error::NoLanguages { file: name(path) })
    };
    let from = language(source, &languages.from)?;
    let to = language(target, &languages.to)?;
    moses::read(
        &moses::Side {
            name: &name(source),
            bytes: &bytes(source)?,
            language: from,
        },
        &moses::Side {
            name: &name(target),
            bytes: &bytes(target)?,
            language: to,
        },
    )
}

/// Writes a bitext to a file, which is there wholly or not at all, compressed where its name says
/// so. For [`Format::Moses`], see
/// [`load`]. Returns the files written.
///
/// # Errors
/// [`Error::Write`], and [`Error::Page`] for HTML.
pub fn save(bitext: &Bitext, path: &Path, format: Format) -> Result<Vec<PathBuf>, Error> {
    let files = destinations(path, format, (&bitext.header.from, &bitext.header.to));
    if let [source, target] = files.as_slice() {
        save_moses(bitext, source, target)?;
        return Ok(files);
    }
    let mut file = Draft::new(path).map_err(|error| failed(path, error))?;
    let compression = Compression::guess(path).0;
    let written = match compression {
        Compression::None => format::write(bitext, format, &mut file),
        kind => {
            let mut bytes = Vec::new();
            format::write(bitext, format, &mut bytes).and_then(|()| {
                let framed = kind.frame(&bytes);
                let written = framed.and_then(|framed| file.write_all(&framed));
                written.map_err(|error| failed(path, error))
            })
        }
    };
    written.map_err(|error| match error {
        Error::Write { source, .. } => Error::Write {
            file: name(path),
            source,
        },
        Error::Page { .. } => Error::Page { file: name(path) },
        error => error,
    })?;
    file.keep().map_err(|error| failed(path, error))?;
    Ok(files)
}

/// The files that [`save`] writes where it is given `path`, for a bitext from one language to
/// another: two for [`Format::Moses`], else one.
pub fn destinations(
    path: &Path,
    format: Format,
    (from, to): (&Language, &Language),
) -> Vec<PathBuf> {
    if format != Format::Moses {
        return vec![path.to_owned()];
    }
    let prefix = moses_prefix(path, from, to);
    vec![side(&prefix, from), side(&prefix, to)]
}

/// Writes a Moses pair; neither file is touched before both are written.
///
/// # Errors
/// [`Error::Write`].
pub fn save_moses(bitext: &Bitext, source: &Path, target: &Path) -> Result<(), Error> {
    let draft = |path| Draft::new(path).map_err(|error| failed(path, error));
    let (mut sources, mut targets) = (draft(source)?, draft(target)?);
    moses::write(bitext, &mut sources, &mut targets).map_err(|error| failed(source, error))?;
    sources.keep().map_err(|error| failed(source, error))?;
    targets.keep().map_err(|error| failed(target, error))
}

/// What the names of a pair share, given that or the name of one side.
fn moses_prefix(path: &Path, from: &Language, to: &Language) -> PathBuf {
    let extension = path.extension().and_then(|e| e.to_str());
    match extension {
        Some(code) if code == from.code() || code == to.code() => path.with_extension(""),
        _ => path.to_owned(),
    }
}

fn side(prefix: &Path, language: &Language) -> PathBuf {
    let mut name = prefix.as_os_str().to_owned();
    name.push(".");
    name.push(language.code());
    PathBuf::from(name)
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// What a file holds, decompressed where it is compressed.
fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    let read = || {
        let mut bytes = Vec::new();
        let file = File::open(path)?;
        compression::reader(Box::new(file))?.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|source| Error::Read {
        file: name(path),
        source,
    })
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::Write {
        file: name(path),
        source,
    }
}
