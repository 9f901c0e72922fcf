//! Reading trained weights, in the three formats that they are published in. Nothing in a file is
//! ever executed: a pickle is read by a small machine that knows the handful of operations and
//! names that weights are made of, and refuses all others.

mod legacy_pickle;
mod pickle;
mod safe_tensors;
mod state_dict;
mod zip_pickle;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::map::Map;

/// Why weights cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is none of the formats, damaged, or holds what weights do not need.
    #[error(
        "{} holds no weights that can be read ({format}): {reason}", path.display()
    )]
    Format {
        /// The file.
        path: PathBuf,
        /// What it was read as.
        format: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A tensor is missing or of another shape.
    #[error("{}: tensor {name}: {reason}", path.display())]
    Tensor {
        /// The file.
        path: PathBuf,
        /// The tensor.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Where weights come from: names to tensors of numbers.
pub trait WeightSource {
    /// The shape of a tensor; none where there is no such tensor.
    fn shape(&self, name: &str) -> Option<&[usize]>;

    /// A tensor's numbers in f32, the last dimension fastest.
    ///
    /// # Errors
    /// [`Error::Tensor`] where it is missing or of another shape.
    fn read(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error>;
}

/// A file of weights, mapped into memory.
#[derive(Debug)]
pub struct Weights {
    path: PathBuf,
    map: Map,
    tensors: BTreeMap<String, Stored>,
}

/// A tensor's place in a file of weights. The readers make sure that it lies within the file.
#[derive(Debug, Clone, PartialEq)]
struct Stored {
    kind: Kind,
    shape: Vec<usize>,
    /// How many numbers apart neighbours of each dimension lie.
    strides: Vec<usize>,
    /// The bytes from its first number on.
    bytes: Range<usize>,
}

/// The type of a stored number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    F32,
    F16,
    Bf16,
}

impl Kind {
    fn size(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
        }
    }
}

impl Weights {
    /// Opens a file of weights: safetensors, or PyTorch's zip or legacy pickle, told apart by
    /// their first bytes.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be read, [`Error::Format`] where it is none of them, is
    /// damaged, or holds other things than weights.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let map = Map::open(path).map_err(|source| Error::Io {
            path: path.to_owned(),
            source,
        })?;
        let (format, tensors) = parse(&map);
        let tensors = tensors.map_err(|reason| Error::Format {
            path: path.to_owned(),
            format,
            reason,
        })?;
        Ok(Self {
            path: path.to_owned(),
            map,
            tensors,
        })
    }
}

type Tensors = Result<BTreeMap<String, Stored>, String>;

/// What the bytes are read as, and the tensors in them.
fn parse(bytes: &[u8]) -> (&'static str, Tensors) {
    if bytes.starts_with(b"PK\x03\x04") {
        ("PyTorch zip", zip_pickle::read(bytes))
    } else if bytes.first() == Some(&pickle::PROTO) {
        ("PyTorch legacy pickle", legacy_pickle::read(bytes))
    } else {
        ("safetensors", safe_tensors::read(bytes))
    }
}

impl WeightSource for Weights {
    fn shape(&self, name: &str) -> Option<&[usize]> {
        self.tensors.get(name).map(|tensor| &tensor.shape[..])
    }

    fn read(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let wrong = |reason: String| Error::Tensor {
            path: self.path.clone(),
            name: name.into(),
            reason,
        };
        let tensor = self
            .tensors
            .get(name)
            .ok_or_else(|| wrong("the file has none of that name".into()))?;
        if tensor.shape != shape {
            return Err(wrong(format!(
                "its shape is {:?} where the configuration asks for {shape:?}",
                tensor.shape
            )));
        }
        tensor
            .numbers(&self.map)
            .ok_or_else(|| wrong("it lies outside the file".into()))
    }
}

impl Stored {
    /// A tensor of `shape` and `strides` whose storage of `numbers` numbers starts at byte
    /// `start` of a file, and whose first number is the storage's number `first`. The reason
    /// where it does not lie within its storage or repeats numbers of it.
    fn new(
        kind: Kind,
        shape: Vec<usize>,
        strides: Vec<usize>,
        start: usize,
        numbers: usize,
        first: usize,
    ) -> Result<Self, String> {
        let count = shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
        let last = if count == Some(0) {
            Some(first)
        } else {
            shape
                .iter()
                .zip(&strides)
                .try_fold(first, |last, (&n, &stride)| {
                    last.checked_add(n.saturating_sub(1).checked_mul(stride)?)
                })
        };
        // More numbers than the storage has would let a small file ask for much memory.
        let fits = shape.len() == strides.len()
            && count.is_some_and(|count| count <= numbers)
            && last.is_some_and(|last| last < numbers || count == Some(0) && last <= numbers);
        let bytes = |number: usize| number.checked_mul(kind.size())?.checked_add(start);
        match (bytes(first), bytes(numbers)) {
            (Some(from), Some(to)) if fits => Ok(Self {
                kind,
                shape,
                strides,
                bytes: from..to,
            }),
            _ => Err(format!(
                "a tensor of shape {shape:?}, strides {strides:?}, does not fit {numbers} numbers"
            )),
        }
    }

    /// The strides of a tensor without gaps.
    fn dense_strides(shape: &[usize]) -> Vec<usize> {
        let mut strides = vec![1usize; shape.len()];
        for i in (1..shape.len()).rev() {
            strides[i - 1] = strides[i].saturating_mul(shape[i]);
        }
        strides
    }

    /// The numbers, the last dimension fastest; none where they lie outside `file`.
    fn numbers(&self, file: &[u8]) -> Option<Vec<f32>> {
        let bytes = file.get(self.bytes.clone())?;
        let count = self.shape.iter().product::<usize>();
        let size = self.kind.size();
        if self.strides == Self::dense_strides(&self.shape) {
            let bytes = bytes.get(..count.checked_mul(size)?)?;
            return Some(bytes.chunks_exact(size).map(|n| self.number(n)).collect());
        }
        let mut numbers = Vec::with_capacity(count);
        let mut place = vec![0; self.shape.len()];
        for _ in 0..count {
            let offset: usize = place.iter().zip(&self.strides).map(|(i, s)| i * s).sum();
            numbers.push(self.number(bytes.get(offset * size..(offset + 1) * size)?));
            for (i, n) in place.iter_mut().zip(&self.shape).rev() {
                *i += 1;
                if *i < *n {
                    break;
                }
                *i = 0;
            }
        }
        Some(numbers)
    }

    fn number(&self, bytes: &[u8]) -> f32 {
        match (self.kind, bytes) {
            (Kind::F32, &[a, b, c, d]) => f32::from_le_bytes([a, b, c, d]),
            (Kind::F16, &[a, b]) => half::f16::from_le_bytes([a, b]).to_f32(),
            (Kind::Bf16, &[a, b]) => half::bf16::from_le_bytes([a, b]).to_f32(),
            // Numbers are always cut to their size.
            _ => f32::NAN,
        }
    }
}
