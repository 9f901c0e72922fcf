//! Files and folders that are named become a list of files, and files of a folder go into a
//! folder under the same names.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::Error;
use super::reader::is_stdin;

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// Its name under the output folder: that below the folder it was found in. None for standard
    /// input, which has none.
    pub relative: Option<PathBuf>,
    /// Whether it was found in a folder, not named by the user.
    pub in_folder: bool,
}

/// The files that `inputs` name: a folder stands for all files below it, in the order of their
/// names, but for hidden ones and what lies below `output`. Where several are named, a folder's
/// files go below a folder of its name.
///
/// # Errors
/// [`Error::Open`] where a folder cannot be read, [`Error::Empty`] where it holds no files.
pub fn find(inputs: &[PathBuf], output: Option<&Path>) -> Result<Vec<Found>, Error> {
    let output = output.and_then(|path| path.canonicalize().ok());
    let mut found = Vec::new();
    for input in inputs {
        if is_stdin(input) || !input.is_dir() {
            let name = input.file_name().map(PathBuf::from);
            found.push(Found {
                path: input.clone(),
                relative: name.filter(|_| !is_stdin(input)),
                in_folder: false,
            });
            continue;
        }
        let below = match (inputs.len(), input.file_name()) {
            (1, _) | (_, None) => PathBuf::new(),
            (_, Some(name)) => PathBuf::from(name),
        };
        let before = found.len();
        walk(input, &below, output.as_deref(), &mut found)?;
        if found.len() == before {
            return Err(Error::Empty {
                path: input.clone(),
            });
        }
    }
    Ok(found)
}

fn walk(
    folder: &Path,
    below: &Path,
    output: Option<&Path>,
    found: &mut Vec<Found>,
) -> Result<(), Error> {
    let failed = |source| Error::Open {
        name: folder.display().to_string(),
        source,
    };
    let mut entries = fs::read_dir(folder)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name());
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        // A link to a folder might lead back.
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        if path.is_file() {
            found.push(Found {
                path,
                relative: Some(below.join(name)),
                in_folder: true,
            });
        } else if path.is_dir() && !is_link {
            let is_output =
                output.is_some_and(|output| path.canonicalize().is_ok_and(|p| p == output));
            if !is_output {
                walk(&path, &below.join(name), output, found)?;
            }
        }
    }
    Ok(())
}

/// Where each file's translation goes below the folder `output`.
///
/// # Errors
/// [`Error::Twice`].
pub fn targets(found: &[Found], output: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut seen = HashSet::new();
    let target = |file: &Found| {
        let path = output.join(file.relative.as_deref().unwrap_or(Path::new("")));
        if !seen.insert(path.clone()) {
            return Err(Error::Twice { path });
        }
        Ok(path)
    };
    found.iter().map(target).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stands_for_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("news");
        for name in [
            "b/c.txt",
            "b/a.txt",
            "a.fr",
            ".hidden",
            ".git/x",
            "en/old.txt",
        ] {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let output = root.join("en");
        let names = |inputs: &[PathBuf]| -> Vec<String> {
            let found = find(inputs, Some(&output)).unwrap();
            let targets = targets(&found, Path::new("out")).unwrap();
            targets.iter().map(|p| p.display().to_string()).collect()
        };
        assert_eq!(
            names(std::slice::from_ref(&root)),
            ["out/a.fr", "out/b/a.txt", "out/b/c.txt"]
        );
        assert_eq!(
            names(&[root.clone(), root.join("b/c.txt")]),
            [
                "out/news/a.fr",
                "out/news/b/a.txt",
                "out/news/b/c.txt",
                "out/c.txt"
            ]
        );
        let twice = find(&[root.join("b/c.txt"), root.join("b/c.txt")], None).unwrap();
        assert!(matches!(
            targets(&twice, Path::new("out")),
            Err(Error::Twice { .. })
        ));
        let empty = folder.path().join("empty");
        fs::create_dir(&empty).unwrap();
        assert!(matches!(find(&[empty], None), Err(Error::Empty { .. })));
    }
}
