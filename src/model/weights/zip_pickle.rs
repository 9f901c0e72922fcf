//! Weights as PyTorch writes them since version 1.6: a zip whose entry `…/data.pkl` is the
//! dictionary of weights and whose entries `…/data/KEY`, never compressed, are the storages.

use std::collections::HashMap;
use std::io::Cursor;

use zip::{CompressionMethod, ZipArchive};

use super::pickle::Pickle;
use super::{Tensors, state_dict};

/// The tensors of a zip file.
pub(super) fn read(bytes: &[u8]) -> Tensors {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut places = HashMap::new();
    for i in 0..archive.len() {
        let entry = archive.by_index(i).map_err(|error| error.to_string())?;
        let name = entry.name().map_err(|error| error.to_string())?;
        if entry.compression() != CompressionMethod::Stored {
            return Err(format!("its entry {name:?} is compressed"));
        }
        let place = entry
            .data_start()
            .and_then(|start| usize::try_from(start).ok())
            .zip(usize::try_from(entry.size()).ok())
            .filter(|&(start, length)| {
                start
                    .checked_add(length)
                    .is_some_and(|end| end <= bytes.len())
            })
            .ok_or_else(|| format!("its entry {name:?} reaches beyond the file's end"))?;
        // All lies in one folder, whose name is the writer's choice.
        let inner = name.split_once('/').map_or(&*name, |(_, inner)| inner);
        places.insert(inner.to_owned(), place);
    }
    if let Some(&(start, length)) = places.get("byteorder")
        && bytes.get(start..start + length) != Some(b"little")
    {
        return Err("it was not written by a little-endian machine".into());
    }
    let &(start, length) = places
        .get("data.pkl")
        .ok_or("its entry data.pkl is missing")?;
    let pickle = Pickle::read(&bytes[..start + length], start)?;
    state_dict::tensors(&pickle, |key, wanted| {
        match places.get(&format!("data/{key}")) {
            Some(&(start, length)) if wanted <= length => Ok(start),
            _ => Err(format!("its storage {key:?} is missing or too short")),
        }
    })
}
