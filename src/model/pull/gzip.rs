//! Unpacking what publishers serve compressed.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::super::Error;
use super::super::catalog::Entry;

/// What the names of compressed files end with.
const SUFFIX: &str = ".gz";
/// The most that a file may become: more than any model.
const LIMIT: u64 = 1 << 32;

/// Unpacks the files of `entry` in `folder` whose names end with `.gz`, which were checked; each
/// lies beside what it becomes.
///
/// # Errors
/// [`Error::Package`] where one cannot be unpacked, [`Error::Io`] where it cannot be written.
pub(super) fn unpack(folder: &Path, entry: &Entry) -> Result<(), Error> {
    for file in &entry.files {
        let Some(name) = file.name.strip_suffix(SUFFIX) else {
            continue;
        };
        let packed = folder.join(&file.name);
        let path = folder.join(name);
        let part = folder.join(format!("{name}.unpacked"));
        let input = File::open(&packed).map_err(Error::io("read", &packed))?;
        let mut input = MultiGzDecoder::new(BufReader::new(input)).take(LIMIT + 1);
        let mut output = File::create(&part).map_err(Error::io("write", &part))?;
        let wrong = |reason: String| Error::Package {
            path: packed.clone(),
            reason,
        };
        let length = io::copy(&mut input, &mut output).map_err(|error| wrong(error.to_string()))?;
        if length > LIMIT {
            return Err(wrong(format!("it becomes more than {LIMIT} bytes")));
        }
        fs::rename(&part, &path).map_err(Error::io("write", &path))?;
    }
    Ok(())
}
