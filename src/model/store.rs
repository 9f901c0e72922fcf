//! The folder where compiled models live.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::catalog::{Catalog, is_name};
use super::compiled::Precision;
use super::{Compiled, Error, Kept, Progress};
use crate::language::Language;

/// What the names of compiled models end with.
const SUFFIX: &str = "visavis";
/// What the names of sentence encoders end with.
const ENCODER_SUFFIX: &str = "encoder";
/// What the names of folders for rust-bert end with.
const KEPT_SUFFIX: &str = "rust-bert";

/// A folder of compiled models, `NAME.visavis` each, sentence encoders, `NAME.encoder`, and what
/// rust-bert loads, `NAME.rust-bert/`; and `downloads/NAME/` while one is made.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
    finish: Option<Finish>,
}

/// What is done to a compiled model's file before it is installed.
pub type Finish = fn(&Path) -> Result<(), Error>;

/// A model of a store.
#[derive(Debug)]
pub struct Installed {
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// The model, or why it cannot be used.
    pub model: Result<Compiled, Error>,
}

/// The name of a model that rust-bert can load, and the model, or why it cannot be loaded.
pub type NamedKept = (String, Result<Kept, Error>);

/// Held while a model is made or removed; other processes wait.
#[derive(Debug)]
pub struct Lock {
    /// Locked until it is closed.
    _file: File,
}

impl Store {
    /// The user's store: `$VISAVIS_MODELS`, or `visavis/models` in the user's cache folder
    /// (`$XDG_CACHE_HOME`, or `.cache` in the home folder).
    ///
    /// # Errors
    /// [`Error::NoStore`] where the environment names none of these folders by a whole path.
    pub fn locate() -> Result<Self, Error> {
        let folder = |variable: &str| std::env::var_os(variable).filter(|value| !value.is_empty());
        if let Some(path) = folder("VISAVIS_MODELS") {
            return std::path::absolute(&path)
                .map(Self::at)
                .map_err(Error::io("find", Path::new(&path)));
        }
        // By the XDG specification a path that is not absolute is as good as none.
        let absolute = |variable| {
            folder(variable)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        absolute("XDG_CACHE_HOME")
            .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
            .map(|cache| Self::at(cache.join("visavis").join("models")))
            .ok_or(Error::NoStore)
    }

    /// The store in the folder `root`, which need not exist yet.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            finish: None,
        }
    }

    /// Has `finish` done to every model before it is installed.
    #[must_use]
    pub fn finishing(mut self, finish: Finish) -> Self {
        self.finish = Some(finish);
        self
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The models in it, by name.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder cannot be read; one that does not exist is empty.
    pub fn list(&self) -> Result<Vec<Installed>, Error> {
        let models = self.names(SUFFIX)?.into_iter();
        Ok(models
            .map(|(name, path)| Installed {
                name,
                model: Compiled::open(&path),
                path,
            })
            .collect())
    }

    /// The names with that suffix, sorted, with their paths.
    fn names(&self, suffix: &str) -> Result<Vec<(String, PathBuf)>, Error> {
        let entries = match fs::read_dir(&self.root) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(Error::io("read", &self.root))?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let path = entry.map_err(Error::io("read", &self.root))?.path();
            let name = path.file_stem().and_then(|name| name.to_str());
            if let Some(name) = name.filter(|name| is_name(name))
                && path.extension().is_some_and(|found| found == suffix)
            {
                names.push((name.to_owned(), path));
            }
        }
        names.sort();
        Ok(names)
    }

    /// The file of the model of that name; none where it is not installed.
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        let path = self.path(name).ok()?;
        path.is_file().then_some(path)
    }

    /// The installed model from one language to another: the first of the catalogue, else the
    /// first by name; eight-bit ones before the others.
    ///
    /// # Errors
    /// [`Error::Io`] where the store cannot be read.
    pub fn for_languages(&self, from: &Language, to: &Language) -> Result<Option<PathBuf>, Error> {
        let catalog = Catalog::in_use()?;
        let preference = |name: &str| {
            let place = catalog.models.iter().position(|entry| entry.name == name);
            place.unwrap_or(usize::MAX)
        };
        let fits = |installed: &Installed| {
            let header = installed.model.as_ref().ok()?.header();
            (header.from == *from && header.to == *to).then(|| {
                (
                    header.precision != Precision::Int8,
                    preference(&installed.name),
                )
            })
        };
        // The list is sorted by name, and the first of several least ones counts.
        Ok(self
            .list()?
            .into_iter()
            .filter_map(|installed| Some((fits(&installed)?, installed.path)))
            .min_by_key(|(rank, _)| *rank)
            .map(|(_, path)| path))
    }

    /// Where the model of that name lies, or would.
    ///
    /// # Errors
    /// [`Error::Name`] where it can be no name of a model.
    pub fn path(&self, name: &str) -> Result<PathBuf, Error> {
        if is_name(name) {
            Ok(self.root.join(format!("{name}.{SUFFIX}")))
        } else {
            Err(Error::Name(name.into()))
        }
    }

    /// The file of the sentence encoder of that name; none where it is not installed.
    pub fn find_encoder(&self, name: &str) -> Option<PathBuf> {
        let path = self.encoder_path(name).ok()?;
        path.is_file().then_some(path)
    }

    /// Where the sentence encoder of that name lies, or would.
    ///
    /// # Errors
    /// [`Error::Name`] where it can be no name of a model.
    pub fn encoder_path(&self, name: &str) -> Result<PathBuf, Error> {
        self.beside(name, ENCODER_SUFFIX)
    }

    /// The folder of that name that rust-bert loads; none where nothing was kept for it.
    pub fn find_kept(&self, name: &str) -> Option<PathBuf> {
        let path = self.kept_path(name).ok()?;
        path.is_dir().then_some(path)
    }

    /// Where the folder of that name lies that rust-bert loads, or would.
    ///
    /// # Errors
    /// [`Error::Name`] where it can be no name of a model.
    pub fn kept_path(&self, name: &str) -> Result<PathBuf, Error> {
        self.beside(name, KEPT_SUFFIX)
    }

    /// What lies beside the model of that name, or would.
    fn beside(&self, name: &str, suffix: &str) -> Result<PathBuf, Error> {
        Ok(self.path(name)?.with_file_name(format!("{name}.{suffix}")))
    }

    /// The models that rust-bert can load, by name; those that are damaged with the reason.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder cannot be read; one that does not exist is empty.
    pub fn list_kept(&self) -> Result<Vec<NamedKept>, Error> {
        let mut names = self.names(KEPT_SUFFIX)?;
        names.retain(|(_, path)| path.is_dir());
        let kept = names.into_iter();
        Ok(kept.map(|(name, path)| (name, Kept::open(&path))).collect())
    }

    /// Removes a model or sentence encoder, and what an interrupted pull of it left; waits while
    /// another process makes it.
    ///
    /// # Errors
    /// [`Error::NotInstalled`] where there is nothing of that name, [`Error::Io`] where it cannot
    /// be removed.
    pub fn remove(&self, name: &str, progress: &dyn Progress) -> Result<(), Error> {
        let paths = [self.path(name)?, self.encoder_path(name)?];
        let kept = self.kept_path(name)?;
        let downloads = self.downloads(name)?;
        if !kept.exists() && !paths.iter().any(|path| path.exists()) && !downloads.exists() {
            return Err(Error::NotInstalled(name.into()));
        }
        let _lock = self.lock(name, progress)?;
        for path in paths.iter().filter(|path| path.exists()) {
            fs::remove_file(path).map_err(Error::io("remove", path))?;
        }
        if kept.exists() {
            fs::remove_dir_all(&kept).map_err(Error::io("remove", &kept))?;
        }
        self.clear(name)
    }

    /// Waits until no other process makes the model of that name, and keeps others from it.
    pub fn lock(&self, name: &str, progress: &dyn Progress) -> Result<Lock, Error> {
        self.path(name)?;
        fs::create_dir_all(&self.root).map_err(Error::io("create", &self.root))?;
        let path = self.root.join(format!(".{name}.lock"));
        let file = File::create(&path).map_err(Error::io("create", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                progress.note(&format!(
                    "another process is making the model {name}: waiting for it"
                ));
                file.lock().map_err(Error::io("lock", &path))?;
            }
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
        }
        Ok(Lock { _file: file })
    }

    /// The folder for what is on its way to become the model of that name.
    pub fn workspace(&self, name: &str) -> Result<PathBuf, Error> {
        let folder = self.downloads(name)?;
        fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
        Ok(folder)
    }

    /// Finishes a compiled file and moves it into its place.
    pub(super) fn install(&self, name: &str, compiled: &Path) -> Result<PathBuf, Error> {
        let path = self.path(name)?;
        if let Some(finish) = self.finish {
            finish(compiled)?;
        }
        fs::rename(compiled, &path).map_err(Error::io("write", &path))?;
        #[cfg(unix)]
        File::open(&self.root)
            .and_then(|folder| folder.sync_all())
            .map_err(Error::io("write", &self.root))?;
        Ok(path)
    }

    /// Moves a finished folder for rust-bert into its place.
    pub(super) fn install_kept(&self, name: &str, finished: &Path) -> Result<PathBuf, Error> {
        let path = self.kept_path(name)?;
        if path.exists() {
            fs::remove_dir_all(&path).map_err(Error::io("remove", &path))?;
        }
        fs::rename(finished, &path).map_err(Error::io("write", &path))?;
        Ok(path)
    }

    /// Removes what a pull or import of that name left.
    pub(super) fn clear(&self, name: &str) -> Result<(), Error> {
        let folder = self.downloads(name)?;
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io("remove", &folder)(error))
            }
            _ => Ok(()),
        }
    }

    fn downloads(&self, name: &str) -> Result<PathBuf, Error> {
        self.path(name)?;
        Ok(self.root.join("downloads").join(name))
    }
}
