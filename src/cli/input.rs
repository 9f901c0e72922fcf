//! What commands read: files or standard input, as documents.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};
use visavis::document::{self, Document, Format};

use super::options::{InputFormat, InputOptions};
use super::output::is_stream;
use super::terminal::Terminal;

/// Reads every file that the options name.
pub fn documents(options: &InputOptions, terminal: &Terminal) -> anyhow::Result<Vec<Document>> {
    let read = |path| document(path, options.input_format, terminal);
    options.files.iter().map(|path| read(path)).collect()
}

/// Reads a file, or standard input where `path` is `-`, in `format` or what its name says.
pub fn document(
    path: &Path,
    format: Option<InputFormat>,
    terminal: &Terminal,
) -> anyhow::Result<Document> {
    let format = match format {
        Some(InputFormat::Text) => Format::Text,
        Some(InputFormat::Lines) => Format::Lines,
        None => Format::guess(path),
    };
    let name = path.display().to_string();
    let document = document::read(&name, &bytes(path)?, format)?;
    if document.encoding.malformed {
        terminal.warn(format_args!(
            "{name}: some bytes are no {}; they stand as U+FFFD",
            document.encoding.name
        ));
    } else {
        terminal.detail(format_args!("{name}: read as {}", document.encoding.name));
    }
    Ok(document)
}

/// The bytes of a file, or of standard input where `path` is `-`.
pub fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    if is_stream(path) {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
        return Ok(bytes);
    }
    if path.is_dir() {
        bail!("{} is a folder; name the files in it", path.display());
    }
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
