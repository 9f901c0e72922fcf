//! Writing a compiled model.

use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;

use bytemuck::NoUninit;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::{ALIGNMENT, Dtype, Header, MAGIC, PREAMBLE, Tensor, VERSION, aligned};
use crate::checksum::hex;
use crate::model::Error;

/// Writes a compiled model: tensors first, header last, and nothing under the final name before
/// all is written.
#[derive(Debug)]
pub struct Writer {
    /// The header comes first in the file but states the data's hash: so the data waits here.
    data: BufWriter<NamedTempFile>,
    hash: Sha256,
    length: u64,
    tensors: Vec<Tensor>,
}

impl Writer {
    /// Starts a compiled model; `folder` is where the finished file will lie.
    ///
    /// # Errors
    /// [`Error::Io`] where no file can be made in the folder.
    pub fn new(folder: &Path) -> Result<Self, Error> {
        let data = NamedTempFile::with_prefix_in(".data-", folder)
            .map_err(Error::io("create a file in", folder))?;
        Ok(Self {
            data: BufWriter::with_capacity(1 << 20, data),
            hash: Sha256::new(),
            length: 0,
            tensors: Vec::new(),
        })
    }

    /// Adds a tensor.
    ///
    /// # Errors
    /// [`Error::Tensor`] where the numbers are not as many as the shape asks for or the name was
    /// used before, [`Error::Io`] where the file cannot be written.
    pub fn add<T: NoUninit>(
        &mut self,
        name: &str,
        dtype: Dtype,
        shape: &[usize],
        numbers: &[T],
    ) -> Result<(), Error> {
        let bytes: &[u8] = bytemuck::cast_slice(numbers);
        let tensor = Tensor {
            name: name.into(),
            dtype,
            shape: shape.to_vec(),
            offset: self.length,
            length: bytes.len() as u64,
        };
        let wrong = |reason: String| Error::Tensor {
            path: self.data.get_ref().path().to_owned(),
            name: name.into(),
            reason,
        };
        if tensor.expected_length() != Some(tensor.length) {
            return Err(wrong(format!(
                "{} bytes are not {dtype:?} {shape:?}",
                bytes.len()
            )));
        }
        if self.tensors.iter().any(|t| t.name == name) {
            return Err(wrong("there are two of that name".into()));
        }
        self.tensors.push(tensor);
        self.append(bytes)?;
        let padding = (self.length.next_multiple_of(ALIGNMENT) - self.length) as usize;
        self.append(&[0; ALIGNMENT as usize][..padding])
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let path = self.data.get_ref().path().to_owned();
        self.data
            .write_all(bytes)
            .map_err(Error::io("write", &path))?;
        self.hash.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Writes the file at `path`: the header, in which tensors, data length and data hash are
    /// filled in here, and the data. It appears under its name only when it lies whole on disk.
    ///
    /// # Errors
    /// [`Error::Io`] where the file cannot be written.
    pub fn finish(self, mut header: Header, path: &Path) -> Result<(), Error> {
        header.tensors = self.tensors;
        header.data_length = self.length;
        header.data_sha256 = hex(&self.hash.finalize());
        let json = serde_json::to_vec(&header)
            .map_err(io::Error::from)
            .map_err(Error::io("write", path))?;
        write_file(self.data, &json, path).map_err(Error::io("write", path))
    }
}

fn write_file(data: BufWriter<NamedTempFile>, json: &[u8], path: &Path) -> io::Result<()> {
    let mut data = data.into_inner().map_err(io::IntoInnerError::into_error)?;
    data.rewind()?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::with_prefix_in(".model-", folder)?;
    let mut preamble = [0; PREAMBLE];
    preamble[..8].copy_from_slice(MAGIC);
    preamble[8..12].copy_from_slice(&VERSION.to_le_bytes());
    preamble[16..24].copy_from_slice(&(json.len() as u64).to_le_bytes());
    preamble[24..56].copy_from_slice(&Sha256::digest(json));
    file.write_all(&preamble)?;
    file.write_all(json)?;
    let length = (PREAMBLE + json.len()) as u64;
    let padding = aligned(length).map_or(0, |end| (end - length) as usize);
    file.write_all(&[0; ALIGNMENT as usize][..padding])?;
    io::copy(data.as_file_mut(), file.as_file_mut())?;
    set_readable(file.as_file())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

/// Temporary files are private to their maker; a model is for whoever may read the folder.
#[cfg(unix)]
fn set_readable(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_readable(_file: &std::fs::File) -> io::Result<()> {
    Ok(())
}
