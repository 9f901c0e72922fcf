//! The compiled model: one file that is mapped into memory and used as it lies.
//!
//! All numbers are little-endian. The file is
//!
//! | bytes | content |
//! | --- | --- |
//! | 8 | the magic `VISAVISM` |
//! | 4 | the format's version, now 2 |
//! | 4 | zero |
//! | 8 | length of the header in bytes |
//! | 32 | SHA-256 of the header |
//! | 8 | zero |
//! | … | the header: JSON, see [`Header`]; then zeros up to a multiple of 64 |
//! | … | the data: the tensors, each at a multiple of 64, zeros between them |
//!
//! Opening a file checks all of it but the data's own SHA-256, which [`Compiled::verify`] does.

mod header;
mod reader;
mod writer;

pub use header::{
    Activation, AlignmentHead, Architecture, Autoregression, Config, Dtype, Header, NORM_EPSILON,
    Precision, Segmentation, SourceFile, Tensor,
};
pub use reader::Compiled;
pub use writer::Writer;

/// The version of the format that is read and written.
pub const VERSION: u32 = 2;

const MAGIC: &[u8; 8] = b"VISAVISM";
const PREAMBLE: usize = 64;
const ALIGNMENT: u64 = 64;
/// No header of a real model comes near; a damaged length must not make us read gigabytes.
const HEADER_LIMIT: u64 = 16 << 20;

/// `length` rounded up to a multiple of the alignment; none where that overflows.
fn aligned(length: u64) -> Option<u64> {
    length.checked_next_multiple_of(ALIGNMENT)
}

#[cfg(test)]
mod tests;
