//! Inference: from source text to target text, on the CPU, in int8 or f32.

pub mod kernels;
pub mod tokenizer;
