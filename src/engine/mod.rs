//! Inference on the CPU: tokenizer, weights, layers, search, kernels.
