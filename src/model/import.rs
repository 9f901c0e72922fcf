//! Importing: a user's own folder of a model is compiled into the store.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use super::catalog::{Catalog, is_name};
use super::compile::{About, compile};
use super::compiled::Precision;
use super::folder::{Folder, named_languages};
use super::kept::{self, Architecture, keep};
use super::opus::{OpusFolder, opus_languages};
use super::pull::stored_name;
use super::store::Store;
use super::{Compiled, Error, Progress};
use crate::checksum::hex;
use crate::language::Language;

/// How to import.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// The name that the model gets; none for the folder's.
    pub name: Option<String>,
    /// Its languages, from and to; none for those that the folder or its name states.
    pub languages: (Option<Language>, Option<Language>),
    /// How to store the weights.
    pub precision: Precision,
}

impl ImportOptions {
    /// The name that a model in `folder` gets.
    fn name_of(&self, folder: &Path) -> Result<String, Error> {
        match &self.name {
            Some(name) => Ok(name.clone()),
            None => folder_name(folder),
        }
    }
}

/// The languages that are given, with what they lack from those that a folder states; none where
/// something is missing still.
fn completed(
    given: (Option<Language>, Option<Language>),
    stated: Option<Languages>,
) -> Option<Languages> {
    let (from, to) = match stated {
        Some((from, to)) => (given.0.or(Some(from)), given.1.or(Some(to))),
        None => given,
    };
    from.zip(to)
}

/// Compiles a folder of a model into the store, in the place of one of the same name, and returns
/// its file.
///
/// # Errors
/// [`Error::Folder`] where the folder is no model that can be used or does not tell its
/// languages, and those of [`compile`].
pub fn import(
    store: &Store,
    folder: &Path,
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<PathBuf, Error> {
    let name = stored_name(&options.name_of(folder)?, options.precision);
    let _lock = store.lock(&name, progress)?;
    let given = options.languages.clone();
    let languages = |stated: Option<Languages>| completed(given, stated);
    compile_folder(store, folder, &name, options.precision, languages, progress)
}

/// Keeps what rust-bert loads of a folder of a model, in the place of what was kept under its name,
/// and returns the folder that has it.
///
/// # Errors
/// [`Error::Folder`] where the folder is no model that rust-bert can run, or does not tell its
/// languages.
pub fn import_kept(
    store: &Store,
    folder: &Path,
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<PathBuf, Error> {
    let name = options.name_of(folder)?;
    keep_folder(store, folder, &name, options.languages.clone(), progress)
}

/// What rust-bert loads of a folder that was given in the place of a model's name; made on first
/// use, and again when the folder's files change. The native engine's own of the same folder has
/// the same name.
///
/// # Errors
/// Those of [`import_kept`].
pub fn kept_folder(
    store: &Store,
    folder: &Path,
    languages: (&Language, &Language),
    progress: &dyn Progress,
) -> Result<PathBuf, Error> {
    let name = name_in_place(folder)?;
    let mut languages = (languages.0.clone(), languages.1.clone());
    if kept::architecture(folder) == Some(Architecture::Marian) {
        let path = compiled_as(store, folder, &name, languages, progress)?;
        let model = Compiled::open(&path)?;
        languages = (model.header().from.clone(), model.header().to.clone());
    }
    if let Some(path) = store.find_kept(&name) {
        return Ok(path);
    }
    let languages = (Some(languages.0), Some(languages.1));
    keep_folder(store, folder, &name, languages, progress)
}

fn keep_folder(
    store: &Store,
    folder: &Path,
    name: &str,
    languages: (Option<Language>, Option<Language>),
    progress: &dyn Progress,
) -> Result<PathBuf, Error> {
    let _lock = store.lock(name, progress)?;
    let stated = opus_languages(folder).or_else(|| named_languages(&folder_name(folder).ok()?));
    let is_multilingual = kept::architecture(folder).is_some_and(Architecture::is_multilingual);
    // Those of a multilingual one are chosen for each translation.
    let any = || is_multilingual.then(|| (Language::french(), Language::english()));
    let languages = completed(languages, stated).or_else(any);
    let (from, to) = languages.ok_or_else(|| without_languages(folder))?;
    let about = About {
        name: name.to_owned(),
        from,
        to,
        licence: "not stated".into(),
        attribution: "not stated".into(),
    };
    let kept = keep(store, folder, &about, progress);
    // What else lies there is no business of this.
    let _ = fs::remove_dir(store.workspace(name)?);
    kept
}

fn without_languages(folder: &Path) -> Error {
    Error::Folder {
        path: folder.to_owned(),
        reason: "it does not tell its languages; give them with --from and --to".into(),
    }
}

/// The compiled model of a folder that was given in the place of a model's name. It is
/// compiled on first use, and again when the folder's files change. `languages` are taken for
/// the model's where the folder does not state its own.
///
/// # Errors
/// Those of [`import`].
pub fn compiled_folder(
    store: &Store,
    folder: &Path,
    languages: (&Language, &Language),
    progress: &dyn Progress,
) -> Result<PathBuf, Error> {
    let languages = (languages.0.clone(), languages.1.clone());
    compiled_as(store, folder, &name_in_place(folder)?, languages, progress)
}

/// As [`compiled_folder`], where the model's name is known.
fn compiled_as(
    store: &Store,
    folder: &Path,
    name: &str,
    fallback: Languages,
    progress: &dyn Progress,
) -> Result<PathBuf, Error> {
    let _lock = store.lock(name, progress)?;
    if let Some(path) = store.find(name) {
        return Ok(path);
    }
    let languages = |stated: Option<Languages>| stated.or(Some(fallback));
    compile_folder(store, folder, name, Precision::Int8, languages, progress)
}

/// The name of what is made of a folder that was given in the place of a model's name.
fn name_in_place(folder: &Path) -> Result<String, Error> {
    Ok(format!("folder-{}", &fingerprint(folder)?[..16]))
}

/// From which language to which.
type Languages = (Language, Language);

fn compile_folder(
    store: &Store,
    folder: &Path,
    name: &str,
    precision: Precision,
    languages: impl FnOnce(Option<Languages>) -> Option<Languages>,
    progress: &dyn Progress,
) -> Result<PathBuf, Error> {
    progress.note(&format!("compiling {} as {name}", folder.display()));
    let model = Folder::read(folder)?;
    let known = Catalog::in_use()?.by_content(model.sources());
    let named = || named_languages(&folder_name(folder).ok()?);
    let stated = model.languages().or_else(named);
    let (from, to) = languages(stated).ok_or_else(|| without_languages(folder))?;
    let about = About {
        name: name.to_owned(),
        from,
        to,
        licence: known.map_or("not stated", |entry| &entry.licence).into(),
        attribution: known
            .map_or("not stated", |entry| &entry.attribution)
            .into(),
    };
    let finished = store.workspace(name)?.join("finished");
    let path =
        compile(&model, &about, precision, &finished).and_then(|()| store.install(name, &finished));
    store.clear(name)?;
    path
}

fn folder_name(folder: &Path) -> Result<String, Error> {
    fs::canonicalize(folder)
        .map_err(Error::io("read", folder))?
        .file_name()
        .and_then(|name| name.to_str())
        .filter(|name| is_name(name))
        .map(str::to_owned)
        .ok_or_else(|| Error::Folder {
            path: folder.to_owned(),
            reason: "its name can be no model's; give one with --name".into(),
        })
}

/// A hash that changes when the folder's files do: of the small ones' content, and of the
/// weights' length and time of change.
fn fingerprint(folder: &Path) -> Result<String, Error> {
    let files = match kept::architecture(folder) {
        Some(architecture) if architecture.is_multilingual() => {
            let [one, other] = architecture.tokenizer_files();
            let weights = OpusFolder::weights_file(folder)?;
            let small = [kept::CONFIG, one, other].map(|name| folder.join(name));
            [vec![weights], small.to_vec()].concat()
        }
        _ => Folder::files(folder)?,
    };
    let (weights, small) = files.split_first().ok_or_else(|| Folder::none(folder))?;
    let mut hash = Sha256::new();
    for path in small {
        hash.update(fs::read(path).map_err(Error::io("read", path))?);
        hash.update([0]);
    }
    let metadata = fs::metadata(weights).map_err(Error::io("read", weights))?;
    hash.update(metadata.len().to_le_bytes());
    let time = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    hash.update(time.as_nanos().to_le_bytes());
    Ok(hex(&hash.finalize()))
}
