//! Marian's binary format, version 1. All numbers are little-endian:
//!
//! | bytes | content |
//! | --- | --- |
//! | 8 | the version, 1 |
//! | 8 | the number of items *n* |
//! | 32 *n* | for each item four u64: length of its name, type, rank, length of its data |
//! | … | the names, each with a zero byte at its end |
//! | … | the shapes, an i32 for each dimension |
//! | 8 | length of the padding |
//! | … | the padding, up to a multiple of 256 |
//! | … | the items' data, one after the other |
//!
//! A matrix of type `intgemm8` is its integers, output after output (that is, transposed: its
//! shape still says inputs × outputs, but for embeddings, whose rows are pieces), then in f32 its
//! multiplier: a weight is its integer divided by that.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::Bytes;
use crate::model::Error;
use crate::model::map::Map;

const VERSION: u64 = 1;
const INT8: u64 = 0x0101;
const FLOAT32: u64 = 0x0404;
const INTGEMM8: u64 = 0x4101;
/// The item that is the options.
const OPTIONS: &str = "special:model.yml";
/// Real files have some two hundred.
const ITEMS_LIMIT: usize = 1 << 16;
const NAME_LIMIT: usize = 1 << 10;
const RANK_LIMIT: usize = 8;

/// A file in Marian's binary format, mapped into memory.
#[derive(Debug)]
pub struct MarianFile {
    path: PathBuf,
    map: Map,
    items: HashMap<String, Item>,
}

#[derive(Debug)]
struct Item {
    kind: u64,
    shape: Vec<usize>,
    data: Range<usize>,
}

/// A matrix in 8 bits: a weight is its integer divided by the multiplier.
#[derive(Debug, Clone, Copy)]
pub struct Integers<'a> {
    /// One row after the other: a row is an output, or a piece of the vocabulary.
    pub values: &'a [i8],
    /// What the trained weights were multiplied by, of all rows.
    pub multiplier: f32,
}

impl MarianFile {
    /// Maps a file and finds its items.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be read, [`Error::Folder`] where it is no such file or is cut
    /// short.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let map = Map::open(path).map_err(Error::io("read", path))?;
        let items = items(&map).map_err(|reason| Error::Folder {
            path: path.to_owned(),
            reason,
        })?;
        Ok(Self {
            path: path.to_owned(),
            map,
            items,
        })
    }

    /// Whether there is an item of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.items.contains_key(name)
    }

    /// The options of the model, in YAML.
    ///
    /// # Errors
    /// [`Error::Folder`] where they are missing or no text.
    pub fn options(&self) -> Result<&str, Error> {
        let (item, data) = self.item(OPTIONS)?;
        if item.kind != INT8 {
            return Err(self.wrong(OPTIONS, "it is of another type than text"));
        }
        let text = std::str::from_utf8(data).map_err(|error| self.wrong(OPTIONS, error))?;
        Ok(text.trim_end_matches('\0'))
    }

    /// The numbers of an item of `length` numbers, whatever its rank.
    ///
    /// # Errors
    /// [`Error::Folder`] where it is missing, of another type or length, or holds what is no
    /// number.
    pub fn floats(&self, name: &str, length: usize) -> Result<Vec<f32>, Error> {
        let (item, data) = self.item(name)?;
        let shape = &item.shape;
        if item.kind != FLOAT32 || elements(shape) != Some(length) {
            let kind = kind(item.kind);
            return Err(self.wrong(
                name,
                format!("float32 [{length}] wanted, the file has {kind} {shape:?}"),
            ));
        }
        let (numbers, _) = data.as_chunks();
        let numbers = numbers.get(..length).unwrap_or_default();
        let numbers: Vec<f32> = numbers.iter().map(|n| f32::from_le_bytes(*n)).collect();
        if numbers.len() < length {
            return Err(self.wrong(name, "its data is shorter than its shape"));
        }
        if !numbers.iter().all(|number| number.is_finite()) {
            return Err(self.wrong(name, "it holds numbers that are infinite or none"));
        }
        Ok(numbers)
    }

    /// A matrix in 8 bits; `shape` is as the file states it.
    ///
    /// # Errors
    /// [`Error::Folder`] where it is missing, of another type or shape, or holds what intgemm
    /// does not compute with.
    pub fn integers(&self, name: &str, shape: [usize; 2]) -> Result<Integers<'_>, Error> {
        let (item, data) = self.item(name)?;
        if item.kind != INTGEMM8 || item.shape != shape {
            let (kind, found) = (kind(item.kind), &item.shape);
            return Err(self.wrong(
                name,
                format!("intgemm8 {shape:?} wanted, the file has {kind} {found:?}"),
            ));
        }
        let cut = || self.wrong(name, "its data is shorter than its shape");
        let length = elements(&item.shape).ok_or_else(cut)?;
        let (values, rest) = data.split_at_checked(length).ok_or_else(cut)?;
        let multiplier = f32::from_le_bytes(*rest.first_chunk().ok_or_else(cut)?);
        if !multiplier.is_normal() || multiplier < 0.0 || !(1.0 / multiplier).is_normal() {
            return Err(self.wrong(name, format!("its multiplier is {multiplier}")));
        }
        let values: &[i8] = bytemuck::cast_slice(values);
        if values.contains(&i8::MIN) {
            return Err(self.wrong(name, "it holds −128, which no weight is"));
        }
        Ok(Integers { values, multiplier })
    }

    /// The error that an item of this file cannot be used, and why.
    pub fn wrong(&self, name: &str, reason: impl std::fmt::Display) -> Error {
        Error::Folder {
            path: self.path.clone(),
            reason: format!("{name}: {reason}"),
        }
    }

    fn item(&self, name: &str) -> Result<(&Item, &[u8]), Error> {
        let item = self.items.get(name);
        let item = item.ok_or_else(|| self.wrong(name, "it is missing"))?;
        Ok((item, &self.map[item.data.clone()]))
    }
}

/// The items of a file by their names; what is wrong with it otherwise.
fn items(file: &[u8]) -> Result<HashMap<String, Item>, String> {
    let mut bytes = Bytes(file);
    let cut = || "it is cut short".to_owned();
    match bytes.u64() {
        Some(VERSION) => {}
        _ => return Err("it is no Marian model in the binary format, version 1".into()),
    }
    let count = bytes.length().filter(|&count| count <= ITEMS_LIMIT);
    let count = count.ok_or("it states an absurd number of items")?;
    let mut headers = Vec::with_capacity(count);
    for _ in 0..count {
        let header = [bytes.u64(), bytes.u64(), bytes.u64(), bytes.u64()];
        let [Some(name), Some(kind), Some(rank), Some(length)] = header else {
            return Err(cut());
        };
        headers.push((name, kind, rank, length));
    }
    let mut names = Vec::with_capacity(count);
    for &(length, ..) in &headers {
        let length = usize::try_from(length).ok().filter(|&n| n <= NAME_LIMIT);
        let name = length.and_then(|length| bytes.take(length));
        let name = name.ok_or("the name of an item is cut short or absurdly long")?;
        let name = name.strip_suffix(b"\0").unwrap_or(name);
        let name = std::str::from_utf8(name).ok();
        let name = name.filter(|name| !name.chars().any(char::is_control));
        names.push(name.ok_or("the name of an item is no text")?.to_owned());
    }
    let mut shapes = Vec::with_capacity(count);
    for (name, &(_, _, rank, _)) in names.iter().zip(&headers) {
        let rank = usize::try_from(rank).ok().filter(|&n| n <= RANK_LIMIT);
        let shape = rank.and_then(|rank| bytes.take(4 * rank));
        let (dimensions, _) = shape.ok_or_else(cut)?.as_chunks();
        let dimension = |n: &[u8; 4]| usize::try_from(i32::from_le_bytes(*n)).ok();
        let shape: Option<Vec<usize>> = dimensions.iter().map(dimension).collect();
        shapes.push(shape.ok_or_else(|| format!("{name}: a dimension is negative"))?);
    }
    let padding = bytes.length().ok_or_else(cut)?;
    bytes.take(padding).ok_or_else(cut)?;
    let mut items = HashMap::with_capacity(count);
    for ((name, shape), (_, kind, _, length)) in names.into_iter().zip(shapes).zip(headers) {
        let start = file.len() - bytes.0.len();
        let length = usize::try_from(length).ok();
        let data = length.and_then(|length| bytes.take(length));
        let data = data.ok_or_else(|| format!("{name}: the file ends within its data"))?;
        let data = start..start + data.len();
        if items.contains_key(&name) {
            return Err(format!("{name} is there twice"));
        }
        items.insert(name, Item { kind, shape, data });
    }
    Ok(items)
}

fn elements(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |n, &m| n.checked_mul(m))
}

/// What Marian calls a type.
fn kind(number: u64) -> String {
    match number {
        INT8 => "int8".into(),
        FLOAT32 => "float32".into(),
        INTGEMM8 => "intgemm8".into(),
        0x0402 => "float16".into(),
        0x4102 => "intgemm16".into(),
        _ => format!("type {number:#x}"),
    }
}
