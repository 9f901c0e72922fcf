//! Models: the catalogue of what can be had, pulling, importing, compiling and storing weights.

pub mod bergamot;
pub mod catalog;
pub mod compile;
pub mod compiled;
mod ensure;
mod error;
pub mod folder;
mod hash;
pub mod import;
pub mod kept;
pub(crate) mod map;
pub mod marian;
pub mod opus;
pub mod packing;
pub mod positions;
mod progress;
pub mod pull;
pub mod screen;
pub mod shortlist;
mod stated;
pub mod store;
pub mod tokenizer_tables;
pub mod trie;
pub mod weights;

pub use compiled::Compiled;
pub use ensure::{ModelSpec, compiled_of, ensure, ensure_encoder, ensure_kept, unknown};
pub use error::Error;
pub use kept::Kept;
pub use progress::{Progress, Silent};
pub use store::Store;
