//! Folders of trained models, of whichever kind.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use sentencepiece_model::{ModelType, SentencePieceModel, Type};

use super::Error;
use super::bergamot::BergamotFolder;
use super::compiled::SourceFile;
use super::hash::sha256_of;
use super::opus::OpusFolder;
use crate::language::Language;

/// The files beside the weights are read whole; no real one comes near.
const SMALL_LIMIT: u64 = 64 << 20;

/// A folder of a trained model, read and checked.
#[derive(Debug)]
pub enum Folder {
    /// As OPUS-MT lays it out.
    Opus(Box<OpusFolder>),
    /// As Bergamot and Firefox lay it out.
    Bergamot(Box<BergamotFolder>),
}

impl Folder {
    /// Whether `folder` looks like one that can be read.
    pub fn is_one(folder: &Path) -> bool {
        OpusFolder::is_one(folder) || BergamotFolder::is_one(folder)
    }

    /// The error that a folder is none.
    pub(super) fn none(folder: &Path) -> Error {
        Error::Folder {
            path: folder.to_owned(),
            reason: "it is no folder of a model: an OPUS-MT one has a config.json, a Firefox one \
                     a model.*.bin"
                .into(),
        }
    }

    /// Reads the folder.
    ///
    /// # Errors
    /// [`Error::Folder`] where it is none of the kinds, and those of [`OpusFolder::read`] and
    /// [`BergamotFolder::read`].
    pub fn read(folder: &Path) -> Result<Self, Error> {
        if BergamotFolder::is_one(folder) {
            let read = BergamotFolder::read(folder)?;
            Ok(Self::Bergamot(Box::new(read)))
        } else if OpusFolder::is_one(folder) {
            let read = OpusFolder::read(folder)?;
            Ok(Self::Opus(Box::new(read)))
        } else {
            Err(Self::none(folder))
        }
    }

    /// The files that a model is read from, the weights first.
    ///
    /// # Errors
    /// [`Error::Folder`] where the weights are missing.
    pub fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
        if BergamotFolder::is_one(folder) {
            BergamotFolder::files(folder)
        } else {
            OpusFolder::files(folder)
        }
    }

    /// The files that were read.
    pub fn sources(&self) -> &[SourceFile] {
        match self {
            Self::Opus(folder) => &folder.sources,
            Self::Bergamot(folder) => &folder.sources,
        }
    }

    /// The languages, where the folder's files state them.
    pub fn languages(&self) -> Option<(Language, Language)> {
        match self {
            Self::Opus(folder) => folder.languages.clone(),
            Self::Bergamot(folder) => folder.languages.clone(),
        }
    }
}

/// The languages that a folder's name ends with.
pub(super) fn named_languages(name: &str) -> Option<(Language, Language)> {
    // The pattern is a constant.
    let pattern = Regex::new("(?:^|[-_.])([a-z]{2,3})[-_]([a-z]{2,3})$").ok()?;
    let (_, [from, to]) = pattern.captures(name)?.extract();
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// The whole of a file that is not the weights.
pub(super) fn read_small(path: &Path) -> Result<Vec<u8>, Error> {
    let length = fs::metadata(path).map_err(Error::io("read", path))?.len();
    if length > SMALL_LIMIT {
        return Err(Error::Folder {
            path: path.to_owned(),
            reason: format!("{length} bytes are too many for such a file"),
        });
    }
    fs::read(path).map_err(Error::io("read", path))
}

/// What the header says of a file.
pub(super) fn source_file(path: &Path) -> Result<SourceFile, Error> {
    let size = fs::metadata(path).map_err(Error::io("read", path))?.len();
    Ok(SourceFile {
        name: path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        size,
        sha256: sha256_of(path)?,
    })
}

/// A model of pieces, checked.
pub(crate) fn read_pieces(path: &Path) -> Result<SentencePieceModel, Error> {
    let wrong = |reason: String| Error::Folder {
        path: path.to_owned(),
        reason,
    };
    let model = SentencePieceModel::from_slice(read_small(path)?)
        .map_err(|error| wrong(error.to_string()))?;
    check_pieces(&model).map_err(wrong)?;
    Ok(model)
}

/// Whether the engine can cut text as this model of pieces does.
fn check_pieces(model: &SentencePieceModel) -> Result<(), String> {
    if let Some(trainer) = model.trainer() {
        if trainer.model_type() != ModelType::Unigram {
            return Err(format!(
                "a {:?} model of pieces; only Unigram can be used",
                trainer.model_type()
            ));
        }
        if trainer.treat_whitespace_as_suffix() {
            return Err("white space as suffix cannot be used".into());
        }
    }
    if model
        .normalizer()
        .is_some_and(|normalizer| !normalizer.escape_whitespaces())
    {
        return Err("a model that does not escape white space cannot be used".into());
    }
    // What normalisation might change would have to be found before it.
    let is_changed = |text: &str| text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic());
    if let Some(piece) = model
        .pieces()
        .iter()
        .find(|piece| piece.r#type() == Type::UserDefined && is_changed(piece.piece()))
    {
        return Err(format!(
            "its piece {:?} is user-defined and no plain ASCII, which cannot be used",
            piece.piece()
        ));
    }
    if let Some(piece) = model
        .pieces()
        .iter()
        .find(|piece| !piece.score().is_finite())
    {
        return Err(format!(
            "the score of its piece {:?} is no number",
            piece.piece()
        ));
    }
    Ok(())
}
