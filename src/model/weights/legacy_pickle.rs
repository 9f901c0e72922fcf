//! Weights as PyTorch wrote them before version 1.6: five pickles (a magic number, the protocol's
//! version, facts on the writer's machine, the dictionary of weights, the keys of its storages)
//! and then each storage: the count of its numbers in eight bytes, and the numbers.

use std::collections::BTreeMap;

use super::pickle::{Pickle, Value};
use super::{Tensors, state_dict};

/// 0x1950a86a20f9469cfc6c.
const MAGIC: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const PROTOCOL: i64 = 1001;

/// The tensors of a legacy file.
pub(super) fn read(bytes: &[u8]) -> Tensors {
    let magic = Pickle::read(bytes, 0)?;
    if magic.root != Value::Long(&MAGIC) {
        return Err("it does not start with PyTorch's magic number".into());
    }
    let protocol = Pickle::read(bytes, magic.end)?;
    if protocol.root != Value::Integer(PROTOCOL) {
        return Err("it is of a protocol that is not known".into());
    }
    let machine = Pickle::read(bytes, protocol.end)?;
    let little_endian = (Value::Text("little_endian"), Value::Bool(true));
    if !machine
        .entries(machine.root)
        .is_some_and(|entries| entries.contains(&little_endian))
    {
        return Err("it was not written by a little-endian machine".into());
    }
    let weights = Pickle::read(bytes, machine.end)?;
    let keys = Pickle::read(bytes, weights.end)?;

    let sizes = state_dict::storages(&weights)?;
    let mut places = BTreeMap::new();
    let mut position = keys.end;
    for &key in keys
        .items(keys.root)
        .ok_or("the list of its storages is missing")?
    {
        let Value::Text(key) = key else {
            return Err("a storage's key is no text".into());
        };
        let size = sizes
            .get(key)
            .ok_or_else(|| format!("storage {key:?} belongs to no tensor"))?;
        let count = bytes
            .get(position..)
            .and_then(|rest| rest.first_chunk())
            .map(|count| i64::from_le_bytes(*count));
        let length = count
            .and_then(|count| usize::try_from(count).ok())
            .and_then(|count| count.checked_mul(*size));
        let start = position + 8;
        let end = length
            .and_then(|length| start.checked_add(length))
            .filter(|&end| end <= bytes.len())
            .ok_or_else(|| format!("storage {key:?} reaches beyond the file's end"))?;
        places.insert(key, (start, end - start));
        position = end;
    }
    state_dict::tensors(&weights, |key, wanted| match places.get(key) {
        Some(&(start, length)) if wanted <= length => Ok(start),
        _ => Err(format!("storage {key:?} is missing or too short")),
    })
}
