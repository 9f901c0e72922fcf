//! What is done before the program is built: the lexicons that come with it are compiled, and for the
//! feature `rust-bert` libtorch is looked for.
#![allow(clippy::print_stdout)]

mod libtorch;
// What reads patterns and indexes them is the library's own.
#[allow(dead_code, unused_imports, missing_docs)]
#[path = "../src/parallel.rs"]
mod parallel;
#[allow(dead_code, unused_imports, missing_docs)]
mod terms;
#[allow(dead_code, unused_imports, missing_docs)]
#[path = "../src/text/mod.rs"]
mod text;

use std::env;
use std::path::PathBuf;
use std::process::exit;

fn main() {
    let out = env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    for file in terms::compile::FILES {
        println!("cargo:rerun-if-changed={file}");
    }
    if let Err(error) = terms::compile::lexicons(&out) {
        println!("cargo::error={error}");
        exit(1);
    }
    if env::var_os("CARGO_FEATURE_RUST_BERT").is_some() {
        libtorch::link();
    }
}
