//! What commands write: a file, all of it or none, or standard output.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Where the results go.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct OutputOptions {
    /// Write to this file; `-` is standard output [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

impl OutputOptions {
    /// Lets `write` write the results: to standard output, or to a file beside the one named,
    /// which takes its place only once all is written.
    pub fn write(
        &self,
        write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        match &self.output {
            Some(path) if path.as_os_str() != "-" => write_file(path, write),
            _ => {
                let mut out = BufWriter::new(io::stdout().lock());
                write(&mut out)?;
                out.flush()?;
                Ok(())
            }
        }
    }
}

/// Writes a file, all of it or none: an interrupted run leaves what was there before.
pub fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let context = || format!("cannot write {}", path.display());
    // What is no plain file, such as /dev/null or a pipe, cannot be replaced.
    if std::fs::metadata(path).is_ok_and(|what| !what.is_file() && !what.is_dir()) {
        let file = std::fs::File::create(path).with_context(context)?;
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        return out.flush().with_context(context);
    }
    // A link stays a link: the file that it points to is replaced.
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The permissions of the file replaced, or what the user's mask leaves of a new one's.
        let mode = std::fs::metadata(&target).map_or(0o666, |what| what.permissions().mode());
        builder.permissions(std::fs::Permissions::from_mode(mode & 0o777));
    }
    let file = builder.tempfile_in(folder).with_context(context)?;
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    let file = out
        .into_inner()
        .map_err(io::IntoInnerError::into_error)
        .with_context(context)?;
    file.persist(&target)
        .map_err(|e| e.error)
        .with_context(context)?;
    Ok(())
}
