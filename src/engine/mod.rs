//! Inference on the CPU: tokenizer, weights, layers, search, kernels.

pub mod tokenizer;
