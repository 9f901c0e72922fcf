//! Inference: from source pieces to target pieces, on the CPU, in int8 or f32.

pub mod kernels;
