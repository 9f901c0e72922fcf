//! Files that are written wholly or not at all.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The temporary files that are being written now.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Removes what every unfinished draft has written, for a program that is about to end before its
/// drafts are dropped. Nothing may be kept after this.
pub fn abandon_all() {
    for path in unfinished().drain(..) {
        // What cannot be removed stays behind under its temporary name.
        let _ = fs::remove_file(path);
    }
}

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A temporary file's place among those that [`abandon_all`] removes, until this is dropped.
#[derive(Debug)]
struct Unfinished(PathBuf);

impl Unfinished {
    fn new(path: &Path) -> Self {
        unfinished().push(path.to_owned());
        Self(path.to_owned())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        unfinished().retain(|path| *path != self.0);
    }
}

/// A file in the making, beside the one that it replaces: until [`Draft::keep`], an interrupted
/// run leaves what was there before.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    out: BufWriter<Out>,
}

#[derive(Debug)]
enum Out {
    Temporary(tempfile::NamedTempFile, Unfinished),
    /// A device or a pipe, which cannot be replaced.
    Direct(fs::File),
}

impl Draft {
    /// Begins the file that `path` will name. Where that is a link, it stays, and what it points
    /// at is replaced; permissions of a file that is replaced stay too.
    ///
    /// # Errors
    /// Where no file can be made in the folder, or `path` is a folder.
    pub fn new(path: &Path) -> io::Result<Self> {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let out = match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(metadata) if metadata.is_file() => temporary(&path, Some(metadata.permissions())),
            Ok(_) => fs::File::create(&path).map(Out::Direct),
            Err(_) => temporary(&path, None),
        };
        Ok(Self {
            out: BufWriter::new(out?),
            path,
        })
    }

    /// Puts what was written in its place.
    ///
    /// # Errors
    /// Where the last bytes cannot be written or the file cannot be replaced.
    pub fn keep(self) -> io::Result<()> {
        let out = self.out.into_inner().map_err(|error| error.into_error())?;
        if let Out::Temporary(file, _unfinished) = out {
            file.persist(&self.path).map_err(|error| error.error)?;
        }
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Out::Temporary(file, _) => file.write(bytes),
            Out::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Out::Temporary(file, _) => file.flush(),
            Out::Direct(file) => file.flush(),
        }
    }
}

/// A temporary file beside `path` with these permissions, or those that any new file gets.
fn temporary(path: &Path, permissions: Option<fs::Permissions>) -> io::Result<Out> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".visavis-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The user's umask takes its share of these.
        let mode = permissions.map_or(0o666, |permissions| permissions.mode() & 0o777);
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    let file = builder.tempfile_in(folder)?;
    let listed = Unfinished::new(file.path());
    Ok(Out::Temporary(file, listed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_changes_before_the_draft_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "old").unwrap();
        let mut draft = Draft::new(&path).unwrap();
        draft.write_all(b"half of the n").unwrap();
        draft.flush().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        drop(draft);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

        let mut draft = Draft::new(&path).unwrap();
        draft.write_all(b"new").unwrap();
        draft.keep().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.txt"), folder.path().join("link"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        let mut draft = Draft::new(&link).unwrap();
        draft.write_all(b"new").unwrap();
        draft.keep().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }
}
