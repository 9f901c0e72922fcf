//! Bitexts in files: found by name, written all or nothing.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{Bitext, Error, Format, Languages, format, moses};
use crate::language::Language;

/// Reads a bitext from a file. For [`Format::Moses`], `path` is what the two files' names share
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

/// Writes a bitext to a file, which is there wholly or not at all. For [`Format::Moses`], see
/// [`load`]. Returns the files written.
///
/// # Errors
/// [`Error::Write`], and [`Error::Page`] for HTML.
pub fn save(bitext: &Bitext, path: &Path, format: Format) -> Result<Vec<PathBuf>, Error> {
    if format == Format::Moses {
        let prefix = moses_prefix(path, &bitext.header.from, &bitext.header.to);
        let source = side(&prefix, &bitext.header.from);
        let target = side(&prefix, &bitext.header.to);
        save_moses(bitext, &source, &target)?;
        return Ok(vec![source, target]);
    }
    let mut file = Draft::new(path)?;
    format::write(bitext, format, &mut file.out).map_err(|error| match error {
        Error::Write { source, .. } => Error::Write {
            file: name(path),
            source,
        },
        Error::Page { .. } => Error::Page { file: name(path) },
        error => error,
    })?;
    file.keep()?;
    Ok(vec![path.to_owned()])
}

/// Writes a Moses pair; neither file is touched before both are written.
///
/// # Errors
/// [`Error::Write`].
pub fn save_moses(bitext: &Bitext, source: &Path, target: &Path) -> Result<(), Error> {
    let mut sources = Draft::new(source)?;
    let mut targets = Draft::new(target)?;
    moses::write(bitext, &mut sources.out, &mut targets.out)
        .map_err(|error| failed(source, error))?;
    sources.keep()?;
    targets.keep()
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

fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| Error::Read {
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

/// A file in the making, beside the one that it replaces.
struct Draft {
    path: PathBuf,
    out: BufWriter<Out>,
}

enum Out {
    Temporary(tempfile::NamedTempFile),
    /// A device or a pipe, which cannot be replaced.
    Direct(fs::File),
}

impl Draft {
    fn new(path: &Path) -> Result<Self, Error> {
        // A link stays, and what it points at is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let out = match fs::metadata(&path) {
            Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => {
                fs::File::create(&path).map(Out::Direct)
            }
            Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            _ => temporary(&path).map(Out::Temporary),
        };
        Ok(Self {
            out: BufWriter::new(out.map_err(|error| failed(&path, error))?),
            path,
        })
    }

    fn keep(self) -> Result<(), Error> {
        let Self { path, out } = self;
        let out = out
            .into_inner()
            .map_err(|error| failed(&path, error.into_error()))?;
        if let Out::Temporary(file) = out {
            file.persist(&path)
                .map_err(|error| failed(&path, error.error))?;
        }
        Ok(())
    }
}

fn temporary(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".visavis-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any new file: what the user's umask leaves of it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Out::Temporary(file) => file.write(bytes),
            Out::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Out::Temporary(file) => file.flush(),
            Out::Direct(file) => file.flush(),
        }
    }
}
