//! SHA-256 of files, as lower-case hexadecimal.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::Error;
use crate::checksum::Checksum;

/// The SHA-256 of a file.
///
/// # Errors
/// [`Error::Io`] where it cannot be read.
pub fn sha256_of(path: &Path) -> Result<String, Error> {
    let mut file = File::open(path).map_err(Error::io("read", path))?;
    let mut checksum = Checksum::default();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let length = file.read(&mut buffer).map_err(Error::io("read", path))?;
        if length == 0 {
            return Ok(checksum.hex());
        }
        checksum.update(&buffer[..length]);
    }
}
