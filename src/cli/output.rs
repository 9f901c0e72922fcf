//! What commands write: a file, all of it or none, or standard output.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use visavis::draft::Draft;

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
            Some(path) if !is_stream(path) => write_file(path, write),
            _ => {
                let mut out = BufWriter::new(io::stdout().lock());
                write(&mut out)?;
                out.flush()?;
                Ok(())
            }
        }
    }
}

/// Whether the path means a folder: it is one, or is named as one.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().to_string_lossy().ends_with(['/', '\\'])
}

/// Writes a file, all of it or none: an interrupted run leaves what was there before.
pub fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let context = || format!("cannot write {}", path.display());
    let mut draft = Draft::new(path).with_context(context)?;
    write(&mut draft)?;
    draft.keep().with_context(context)
}

/// Refuses, before any work is done, an output that cannot be written, or that would replace one
/// of the inputs.
pub fn check(output: &Path, inputs: &[PathBuf]) -> anyhow::Result<()> {
    if is_stream(output) {
        return Ok(());
    }
    if output.is_dir() {
        bail!("{} is a folder; name a file in it", output.display());
    }
    if let Some(folder) = output.parent()
        && !folder.as_os_str().is_empty()
        && !folder.is_dir()
    {
        bail!(
            "cannot write {}: there is no folder {}",
            output.display(),
            folder.display()
        );
    }
    if let Some(input) = inputs.iter().find(|input| is_same_file(output, input)) {
        bail!(
            "{} would be written over itself; give another name",
            input.display()
        );
    }
    Ok(())
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Whether `path` names a standard stream.
pub fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}
