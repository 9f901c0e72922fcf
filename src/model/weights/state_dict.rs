//! PyTorch's dictionaries of weights, as their pickles describe them.

use std::collections::BTreeMap;

use super::pickle::{Pickle, Value};
use super::{Kind, Stored, Tensors};

/// Dimensions of a tensor; PyTorch itself allows 64.
const MOST_DIMENSIONS: usize = 64;

/// What a pickle says of a tensor.
#[derive(Debug)]
struct Tensor<'a> {
    kind: Kind,
    storage: &'a str,
    /// How many numbers the storage holds.
    numbers: usize,
    first: usize,
    shape: Vec<usize>,
    strides: Vec<usize>,
}

/// The tensors of the dictionary that a pickle holds; `place` tells where in the file the storage
/// of a key starts, if it holds that many bytes.
pub(super) fn tensors<'a>(
    pickle: &Pickle<'a>,
    place: impl Fn(&'a str, usize) -> Result<usize, String>,
) -> Tensors {
    let entries = entries(pickle)?;
    let mut tensors = BTreeMap::new();
    for &(key, value) in entries {
        let Value::Text(name) = key else {
            return Err("a tensor's name is no text".into());
        };
        // Names are quoted: what a file says must not reach the terminal as it is.
        let tensor =
            tensor(pickle, value).map_err(|reason| format!("tensor {name:?}: {reason}"))?;
        let bytes = tensor
            .numbers
            .checked_mul(tensor.kind.size())
            .ok_or_else(|| format!("tensor {name:?} is too large"))?;
        let start = place(tensor.storage, bytes)?;
        let stored = Stored::new(
            tensor.kind,
            tensor.shape,
            tensor.strides,
            start,
            tensor.numbers,
            tensor.first,
        )?;
        tensors.insert(name.to_owned(), stored);
    }
    Ok(tensors)
}

/// The storages that a legacy file's dictionary names: for each key the size of a number.
pub(super) fn storages<'a>(pickle: &Pickle<'a>) -> Result<BTreeMap<&'a str, usize>, String> {
    let entries = entries(pickle)?;
    entries
        .iter()
        .map(|&(_, value)| {
            let tensor = tensor(pickle, value)?;
            Ok((tensor.storage, tensor.kind.size()))
        })
        .collect()
}

fn entries<'p, 'a>(pickle: &'p Pickle<'a>) -> Result<&'p [(Value<'a>, Value<'a>)], String> {
    pickle
        .entries(pickle.root)
        .ok_or_else(|| match pickle.call(pickle.root) {
            Some((Value::Global(module, name), _)) => refused(module, name),
            _ => "it holds no dictionary of weights".into(),
        })
}

/// Why a call of something else than weights need is refused.
fn refused(module: &str, name: &str) -> String {
    format!(
        "it is made by {}.{}, which weights do not need and which was not run",
        module.escape_debug(),
        name.escape_debug()
    )
}

fn tensor<'a>(pickle: &Pickle<'a>, value: Value) -> Result<Tensor<'a>, String> {
    let (function, arguments) = pickle.call(value).ok_or("it is no tensor")?;
    match function {
        Value::Global("torch._utils", "_rebuild_tensor_v2") => {}
        Value::Global(module, name) => {
            return Err(refused(module, name));
        }
        _ => return Err("it is no tensor".into()),
    }
    let &[storage, first, shape, strides, ..] = arguments else {
        return Err("its description is too short".into());
    };
    let storage = pickle.storage(storage).ok_or("it has no storage")?;
    let &[
        Value::Text("storage"),
        Value::Global("torch", class),
        Value::Text(key),
        Value::Text(_),
        numbers,
        ref view @ ..,
    ] = storage
    else {
        return Err("its storage's description is not understood".into());
    };
    if !matches!(view, [] | [Value::None]) {
        return Err("its storage is a part of another one".into());
    }
    let kind = match class {
        "FloatStorage" => Kind::F32,
        "HalfStorage" => Kind::F16,
        "BFloat16Storage" => Kind::Bf16,
        other => {
            return Err(format!(
                "its numbers are of type torch.{}",
                other.escape_debug()
            ));
        }
    };
    let list = |value| -> Result<Vec<usize>, String> {
        pickle
            .items(value)
            .filter(|items| items.len() <= MOST_DIMENSIONS)
            .ok_or("its shape is none")?
            .iter()
            .map(|&n| natural(n))
            .collect()
    };
    Ok(Tensor {
        kind,
        storage: key,
        numbers: natural(numbers)?,
        first: natural(first)?,
        shape: list(shape)?,
        strides: list(strides)?,
    })
}

fn natural(value: Value) -> Result<usize, String> {
    match value {
        Value::Integer(n) => usize::try_from(n).map_err(|_| format!("{n} is no size")),
        _ => Err("a size that is no number".into()),
    }
}
