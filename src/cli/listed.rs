//! Many texts and their translations, from a list of files.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use visavis::evaluate;

use super::{Outcome, input, terminal::Terminal};

/// A text and its translation, as a list names them.
#[derive(Debug)]
pub struct Files {
    pub source: PathBuf,
    pub target: PathBuf,
    /// The line of the list, from 1.
    number: usize,
}

/// Two files, and where what is made of them goes.
#[derive(Debug)]
pub struct Listed {
    pub files: Files,
    pub output: PathBuf,
}

/// Reads a list: a line a pair, text and translation parted by a tab; what stands behind another
/// tab is passed over, and so are empty lines.
pub fn files(list: &Path) -> anyhow::Result<Vec<Files>> {
    let name = input::name(list);
    let bytes = input::bytes(list)?;
    let text = evaluate::text(&name, &bytes)?;
    let mut pairs = Vec::new();
    for (line, number) in text
        .lines()
        .zip(1..)
        .filter(|(line, _)| !line.trim().is_empty())
    {
        let mut files = line.split('\t').map(str::trim);
        let (Some(source), Some(target)) = (files.next(), files.next()) else {
            bail!("{name}:{number}: a line has two files, parted by a tab");
        };
        let (source, target) = (PathBuf::from(source), PathBuf::from(target));
        for file in [&source, &target] {
            ensure!(
                file.is_file(),
                "{name}:{number}: there is no file {}",
                file.display()
            );
        }
        pairs.push(Files {
            source,
            target,
            number,
        });
    }
    ensure!(!pairs.is_empty(), "{name} lists no files");
    Ok(pairs)
}

/// The pairs of a list, and where their results go: into `folder`, which is made if need be, under
/// the name of the text with `extension`.
pub fn read(list: &Path, folder: &Path, extension: &str) -> anyhow::Result<Vec<Listed>> {
    let name = input::name(list);
    let mut pairs = Vec::new();
    let mut taken: HashMap<PathBuf, usize> = HashMap::new();
    for files in files(list)? {
        let number = files.number;
        let written = files.source.with_extension(extension);
        let written = written.file_name().context("a file has a name")?;
        let output = folder.join(written);
        if let Some(earlier) = taken.insert(output.clone(), number) {
            bail!(
                "{name}:{number}: {} would be written twice, for line {earlier} too; give texts \
                 of different names",
                output.display()
            );
        }
        pairs.push(Listed { files, output });
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(pairs)
}

/// Does something with every pair. What goes wrong with one is told and ends no other; the whole
/// fails at the end.
pub fn each(
    pairs: &[Listed],
    terminal: &Terminal,
    act: impl Fn(&Listed) -> anyhow::Result<()>,
) -> anyhow::Result<Outcome> {
    let mut failed = 0;
    for pair in pairs {
        if let Err(error) = act(pair) {
            failed += 1;
            terminal.warn(format_args!("{}: {error:#}", pair.files.source.display()));
        }
    }
    ensure!(failed == 0, "{failed} of {} pairs failed", pairs.len());
    Ok(Outcome::Done)
}
