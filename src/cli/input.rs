//! What commands read: files or standard input, as documents.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, bail};
use visavis::bitext;
use visavis::compression;
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
        None => {
            refuse_bitexts(path)?;
            Format::guess(path)
        }
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

/// Refuses what its name says to be a bitext: its markup would be taken for text.
fn refuse_bitexts(path: &Path) -> anyhow::Result<()> {
    match bitext::Format::guess(path) {
        None | Some(bitext::Format::Moses) => Ok(()),
        Some(format) => bail!(
            "{} is named as a bitext or page ({}), where a text is wanted; give the text, or --input-format \
             text to read it as it stands",
            path.display(),
            format.extension()
        ),
    }
}

/// The bytes of a file, or of standard input where `path` is `-`; decompressed where they are
/// compressed.
pub fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?
        .read_to_end(&mut bytes)
        .with_context(|| cannot_read(path))?;
    Ok(bytes)
}

/// A file, or standard input where `path` is `-`, to be read; decompressed where it is compressed.
pub fn open(path: &Path) -> anyhow::Result<Box<dyn Read + Send>> {
    let raw: Box<dyn Read + Send> = if is_stream(path) {
        Box::new(io::stdin())
    } else if path.is_dir() {
        bail!("{} is a folder; name the files in it", path.display());
    } else {
        Box::new(File::open(path).with_context(|| cannot_read(path))?)
    };
    compression::reader(raw).with_context(|| cannot_read(path))
}

/// What files and standard input are called in messages.
pub fn name(path: &Path) -> String {
    match is_stream(path) {
        true => "standard input".into(),
        false => path.display().to_string(),
    }
}

fn cannot_read(path: &Path) -> String {
    format!("cannot read {}", name(path))
}
