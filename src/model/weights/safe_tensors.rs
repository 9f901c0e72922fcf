//! Weights in the safetensors format.

use safetensors::{Dtype, SafeTensors};

use super::{Kind, Stored, Tensors};

/// The tensors of a safetensors file.
pub(super) fn read(bytes: &[u8]) -> Tensors {
    let (header, metadata) =
        SafeTensors::read_metadata(bytes).map_err(|error| error.to_string())?;
    // The header's own length comes before it.
    let data = header + size_of::<u64>();
    metadata
        .tensors()
        .into_iter()
        .map(|(name, tensor)| {
            let kind = match tensor.dtype {
                Dtype::F32 => Kind::F32,
                Dtype::F16 => Kind::F16,
                Dtype::BF16 => Kind::Bf16,
                other => return Err(format!("tensor {name:?} is of type {other:?}")),
            };
            let (start, end) = tensor.data_offsets;
            if data.saturating_add(end) > bytes.len() || start > end {
                return Err(format!("tensor {name:?} lies outside the file"));
            }
            let shape = tensor.shape.clone();
            let strides = Stored::dense_strides(&shape);
            let numbers = (end - start) / kind.size();
            Ok((
                name,
                Stored::new(kind, shape, strides, data + start, numbers, 0)?,
            ))
        })
        .collect()
}
