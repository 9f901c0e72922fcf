//! Models as rust-bert loads them: a folder of the store with the weights as safetensors, the
//! configuration and the tokenizer's files, made of a trained model's own. Nothing here needs
//! rust-bert itself.

mod config;
mod write;

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::compile::About;
use super::compiled::{Header, SourceFile};
use super::folder::{read_small, source_file};
use super::hash::sha256_of;
use super::opus::OpusFolder;
use super::store::Store;
use super::weights::Weights;
use super::{Error, Progress};
use crate::GENERATOR;
use crate::checksum::Checksum;
use crate::language::Language;
pub use config::{Architecture, Config};

/// The weights.
pub const WEIGHTS: &str = "model.safetensors";
/// The configuration.
pub const CONFIG: &str = "config.json";
/// What the model is.
const CARD: &str = "card.json";

/// A model that rust-bert can load.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    folder: PathBuf,
    card: Card,
    config: Config,
    checksum: String,
}

/// What a model is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Its name.
    pub name: String,
    /// Which transformer it is.
    pub architecture: Architecture,
    /// From which language to which; none where they are chosen for each translation.
    pub languages: Option<(Language, Language)>,
    /// The licence of the weights.
    pub licence: String,
    /// Who made them.
    pub attribution: String,
    /// The files that it was made of.
    pub sources: Vec<SourceFile>,
    /// The files that rust-bert loads.
    pub files: Vec<SourceFile>,
    /// The program that made it.
    pub generator: String,
}

impl Kept {
    /// Opens a folder that was kept.
    ///
    /// # Errors
    /// [`Error::Folder`] where a file is missing or cut short, [`Error::Io`] where one cannot be
    /// read.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let wrong = |reason: String| Error::Folder {
            path: folder.to_owned(),
            reason: format!("{reason}; pull or import the model again with --keep-for rust-bert"),
        };
        let json = read_small(&folder.join(CARD))?;
        let card: Card =
            serde_json::from_slice(&json).map_err(|error| wrong(format!("{CARD}: {error}")))?;
        for file in &card.files {
            let length = fs::metadata(folder.join(&file.name)).map(|metadata| metadata.len());
            if length.ok() != Some(file.size) {
                return Err(wrong(format!("{} is missing or cut short", file.name)));
            }
        }
        let config = read_small(&folder.join(CONFIG))?;
        Ok(Self {
            config: Config::read(&config, card.architecture).map_err(wrong)?,
            checksum: Checksum::of(&json).hex(),
            folder: folder.to_owned(),
            card,
        })
    }

    /// What it is.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// Its sizes and special pieces.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The path of one of its files.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Bytes of all its files.
    pub fn size(&self) -> u64 {
        self.card.files.iter().map(|file| file.size).sum()
    }

    /// What tells it from any other model: the checksum of its card, which has those of its files.
    pub fn checksum(&self) -> &str {
        &self.checksum
    }

    /// Whether it translates between these languages: of a multilingual one the languages are told
    /// by its tokenizer.
    pub fn translates(&self, from: &Language, to: &Language) -> bool {
        match &self.card.languages {
            Some(languages) => (&languages.0, &languages.1) == (from, to),
            None => true,
        }
    }

    /// Checks the SHA-256 of all files.
    ///
    /// # Errors
    /// [`Error::Damaged`] where one is another, [`Error::Io`] where it cannot be read.
    pub fn verify(&self) -> Result<(), Error> {
        for file in &self.card.files {
            let path = self.file(&file.name);
            if sha256_of(&path)? != file.sha256 {
                return Err(Error::Damaged {
                    path,
                    reason: "its SHA-256 is not the one that was noted".into(),
                });
            }
        }
        Ok(())
    }
}

/// The architecture of a folder that rust-bert can run a model of; none where it is no such folder.
pub fn architecture(folder: &Path) -> Option<Architecture> {
    let json = read_small(&folder.join(CONFIG)).ok()?;
    match &*Config::model_type(&json)? {
        "marian" => Some(Architecture::Marian),
        "m2m_100" if folder.join("vocab.json").is_file() => Some(Architecture::M2m100),
        "m2m_100" => Some(Architecture::Nllb),
        _ => None,
    }
}

/// Whether rust-bert can run the model that was compiled: it was made of a folder with a
/// configuration, as OPUS-MT's are.
pub fn can_be(compiled: &Header) -> bool {
    let mut sources = compiled.sources.iter();
    sources.any(|source| source.name == CONFIG)
}

/// Keeps what rust-bert loads of the trained model in `folder`, in the place of what was kept under
/// `about.name`. The caller holds the store's lock.
///
/// # Errors
/// [`Error::Folder`] where a file is missing or the model cannot be used, and those of writing.
pub fn keep(
    store: &Store,
    folder: &Path,
    about: &About,
    progress: &dyn Progress,
) -> Result<PathBuf, Error> {
    let wrong = |file: &str, reason: String| Error::Folder {
        path: folder.join(file),
        reason,
    };
    let architecture = architecture(folder).ok_or_else(|| {
        let reason = "rust-bert runs models of type marian and m2m_100 (M2M100 and NLLB)";
        wrong(CONFIG, reason.into())
    })?;
    let name = &about.name;
    progress.note(&format!("writing {name} for rust-bert"));
    let config = Config::read(&read_small(&folder.join(CONFIG))?, architecture)
        .map_err(|reason| wrong(CONFIG, reason))?;
    let weights_file = OpusFolder::weights_file(folder)?;
    let [vocabulary, pieces] = architecture.tokenizer_files();
    for file in [vocabulary, pieces] {
        if !folder.join(file).is_file() {
            let reason = format!("{} needs this file", architecture.name());
            return Err(wrong(file, reason));
        }
    }
    let target = store.workspace(name)?.join("kept");
    if target.exists() {
        fs::remove_dir_all(&target).map_err(Error::io("remove", &target))?;
    }
    fs::create_dir(&target).map_err(Error::io("create", &target))?;
    let weights = Weights::open(&weights_file)?;
    write::write(&weights, &config, architecture, &target.join(WEIGHTS))?;
    for file in [vocabulary, pieces] {
        let (from, to) = (folder.join(file), target.join(file));
        fs::copy(&from, &to).map_err(Error::io("copy", &from))?;
    }
    put_json(&target.join(CONFIG), &config)?;
    let sources = [weights_file, folder.join(CONFIG)].into_iter();
    let sources = sources.chain([vocabulary, pieces].map(|file| folder.join(file)));
    let files = [WEIGHTS, CONFIG, vocabulary, pieces].into_iter();
    let card = Card {
        name: name.clone(),
        architecture,
        languages: (!architecture.is_multilingual())
            .then(|| (about.from.clone(), about.to.clone())),
        licence: about.licence.clone(),
        attribution: about.attribution.clone(),
        sources: sources
            .map(|path| source_file(&path))
            .collect::<Result<_, _>>()?,
        files: files
            .map(|file| source_file(&target.join(file)))
            .collect::<Result<_, _>>()?,
        generator: GENERATOR.into(),
    };
    put_json(&target.join(CARD), &card)?;
    store.install_kept(name, &target)
}

fn put_json(path: &Path, value: &impl Serialize) -> Result<(), Error> {
    let json = serde_json::to_vec_pretty(value).unwrap_or_default();
    fs::write(path, json).map_err(Error::io("write", path))
}
