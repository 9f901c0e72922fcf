//! Opening a compiled model and lending its tensors.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use bytemuck::Pod;
use sha2::{Digest, Sha256};

use super::{Dtype, HEADER_LIMIT, Header, MAGIC, PREAMBLE, Tensor, VERSION, aligned};
use crate::checksum::Checksum;
use crate::model::Error;
use crate::model::map::Map;

/// A compiled model in memory: mapped, or read.
#[derive(Debug)]
pub struct Compiled {
    path: PathBuf,
    map: Map,
    header: Header,
    data_start: usize,
    index: HashMap<String, usize>,
}

impl Compiled {
    /// Maps the compiled model at `path`. Checked are the header, by its SHA-256, and that every
    /// tensor lies within the file; the data's SHA-256 is left to [`Self::verify`].
    ///
    /// # Errors
    /// [`Error::Io`] where the file cannot be read, [`Error::Version`] where it is of another
    /// version, [`Error::Damaged`] where it is no compiled model or was altered.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::of(Map::open(path), path)
    }

    /// As [`Self::open`], but read into memory, in large pages where the system has them: to
    /// compute with.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::of(Map::read(path), path)
    }

    fn of(map: io::Result<Map>, path: &Path) -> Result<Self, Error> {
        let map = map.map_err(Error::io("read", path))?;
        let damaged = |reason: &str| Error::Damaged {
            path: path.to_owned(),
            reason: reason.into(),
        };
        if cfg!(target_endian = "big") {
            return Err(damaged("compiled models need a little-endian machine"));
        }
        let (header, data_start) = read_header(&map, path)?;
        let data_length = (map.len() - data_start) as u64;
        if header.data_length != data_length {
            return Err(damaged(&format!(
                "it holds {data_length} bytes of data where its header states {}",
                header.data_length
            )));
        }
        let mut index = HashMap::with_capacity(header.tensors.len());
        for (i, tensor) in header.tensors.iter().enumerate() {
            let fits = tensor.expected_length() == Some(tensor.length)
                && aligned(tensor.offset) == Some(tensor.offset)
                && tensor
                    .offset
                    .checked_add(tensor.length)
                    .is_some_and(|end| end <= data_length);
            if !fits || index.insert(tensor.name.clone(), i).is_some() {
                return Err(damaged(&format!(
                    "the place of tensor {} is wrong",
                    tensor.name
                )));
            }
        }
        Ok(Self {
            path: path.to_owned(),
            map,
            header,
            data_start,
            index,
        })
    }

    /// Checks the data against the SHA-256 in the header.
    ///
    /// # Errors
    /// [`Error::Damaged`] where they differ.
    pub fn verify(&self) -> Result<(), Error> {
        let found = Checksum::of(&self.map[self.data_start..]).hex();
        if found == self.header.data_sha256 {
            return Ok(());
        }
        Err(Error::Damaged {
            path: self.path.clone(),
            reason: format!(
                "the SHA-256 of its data is {found}, its header states {}",
                self.header.data_sha256
            ),
        })
    }

    /// What the model says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Length of the file in bytes.
    pub fn size(&self) -> u64 {
        self.map.len() as u64
    }

    /// The bytes of one of its tensors.
    pub fn tensor_bytes(&self, tensor: &Tensor) -> &[u8] {
        let start = self.data_start + tensor.offset as usize;
        &self.map[start..start + tensor.length as usize]
    }

    /// The shape of a tensor; empty where there is none of that name.
    pub fn shape(&self, name: &str) -> &[usize] {
        let tensor = self.index.get(name).map(|&i| &self.header.tensors[i]);
        tensor.map_or(&[], |tensor| &tensor.shape)
    }

    /// Whether there is a tensor of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.index.contains_key(name)
    }

    /// The tensor of that name, in f32.
    ///
    /// # Errors
    /// [`Error::Tensor`] where it is missing, or of another type or shape.
    pub fn f32(&self, name: &str, shape: &[usize]) -> Result<&[f32], Error> {
        self.cast(name, Dtype::F32, Some(shape))
    }

    /// The tensor of that name, in signed bytes.
    ///
    /// # Errors
    /// [`Error::Tensor`] where it is missing, or of another type or shape.
    pub fn i8(&self, name: &str, shape: &[usize]) -> Result<&[i8], Error> {
        self.cast(name, Dtype::I8, Some(shape))
    }

    /// The tensor of that name, in unsigned 32-bit integers, of any shape.
    ///
    /// # Errors
    /// [`Error::Tensor`] where it is missing or of another type.
    pub fn u32(&self, name: &str) -> Result<&[u32], Error> {
        self.cast(name, Dtype::U32, None)
    }

    /// The tensor of that name, in bytes, of any shape.
    ///
    /// # Errors
    /// [`Error::Tensor`] where it is missing or of another type.
    pub fn bytes(&self, name: &str) -> Result<&[u8], Error> {
        self.cast(name, Dtype::U8, None)
    }

    /// The error that a tensor of this model cannot be used, and why.
    pub fn wrong(&self, name: &str, reason: &str) -> Error {
        Error::Tensor {
            path: self.path.clone(),
            name: name.into(),
            reason: reason.into(),
        }
    }

    fn cast<T: Pod>(
        &self,
        name: &str,
        dtype: Dtype,
        shape: Option<&[usize]>,
    ) -> Result<&[T], Error> {
        let wrong = |reason: String| Error::Tensor {
            path: self.path.clone(),
            name: name.into(),
            reason,
        };
        let tensor = self
            .index
            .get(name)
            .map(|&i| &self.header.tensors[i])
            .ok_or_else(|| wrong("the model has none of that name".into()))?;
        if tensor.dtype != dtype || shape.is_some_and(|shape| shape != tensor.shape) {
            return Err(wrong(format!(
                "{dtype:?} {shape:?} wanted, the model has {:?} {:?}",
                tensor.dtype, tensor.shape
            )));
        }
        bytemuck::try_cast_slice(self.tensor_bytes(tensor))
            .map_err(|error| wrong(error.to_string()))
    }
}

/// The header, and where the data starts.
fn read_header(map: &[u8], path: &Path) -> Result<(Header, usize), Error> {
    let damaged = |reason: String| Error::Damaged {
        path: path.to_owned(),
        reason,
    };
    let Some((preamble, rest)) = map.split_first_chunk::<PREAMBLE>() else {
        return Err(damaged("it is too short to be a compiled model".into()));
    };
    if !preamble.starts_with(MAGIC) {
        return Err(damaged("it is no compiled model".into()));
    }
    let number = |start: usize, length: usize| {
        preamble[start..start + length]
            .iter()
            .rev()
            .fold(0u64, |n, &byte| n << 8 | u64::from(byte))
    };
    let version = number(8, 4) as u32;
    if version != VERSION {
        return Err(Error::Version {
            path: path.to_owned(),
            found: version,
            expected: VERSION,
        });
    }
    let length = number(16, 8);
    let json = usize::try_from(length)
        .ok()
        .filter(|_| length <= HEADER_LIMIT)
        .and_then(|length| rest.get(..length))
        .ok_or_else(|| damaged(format!("its header cannot be {length} bytes long")))?;
    if Sha256::digest(json)[..] != preamble[24..56] {
        return Err(damaged("the SHA-256 of its header is wrong".into()));
    }
    let header: Header =
        serde_json::from_slice(json).map_err(|error| damaged(format!("its header: {error}")))?;
    let data_start = aligned(PREAMBLE as u64 + length)
        .and_then(|start| usize::try_from(start).ok())
        .filter(|&start| start <= map.len())
        .ok_or_else(|| damaged("it ends within its header".into()))?;
    Ok((header, data_start))
}
