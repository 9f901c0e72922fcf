//! For the feature `rust-bert`: says where libtorch must be if it is not there, before anything else is
//! built, and has programs find it where they were linked with it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::exit;

/// The version that tch 0.17 is made for.
const VERSION: &str = "2.4";

const HOW: &str = "the feature rust-bert needs libtorch 2.4. `python3 scripts/libtorch.py` gets it \
                   from PyPI (Linux on x86-64) and tells cargo where it lies; elsewhere build with \
                   the feature download-libtorch, or unpack one from https://pytorch.org and set \
                   LIBTORCH to its folder";

/// Has programs find libtorch where they are linked with it; says where it must be if it is not there.
pub fn link() {
    for name in ["LIBTORCH", "LIBTORCH_LIB", "LIBTORCH_USE_PYTORCH"] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    // Where another feature has it downloaded, the crate that does so tells where.
    let libraries = match env::var_os("DEP_TCH_LIBTORCH_LIB") {
        Some(libraries) => Some(PathBuf::from(libraries)),
        None => libtorch(),
    };
    let is_windows = env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "windows");
    if let Some(libraries) = libraries.filter(|_| !is_windows) {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{}", libraries.display());
    }
}

/// The folder of libtorch's libraries, as the environment names it; none where it is for tch to
/// find them.
fn libtorch() -> Option<PathBuf> {
    if env::var_os("LIBTORCH_USE_PYTORCH").is_some() {
        return None;
    }
    let Some(folder) = env::var_os("LIBTORCH").map(PathBuf::from) else {
        if Path::new("/usr/lib/libtorch.so").exists() {
            return None;
        }
        fail("LIBTORCH is not set");
    };
    let libraries = env::var_os("LIBTORCH_LIB").map_or(folder.clone(), PathBuf::from);
    let libraries = libraries.join("lib");
    let names = ["libtorch_cpu.so", "libtorch_cpu.dylib", "torch_cpu.lib"];
    if !names.iter().any(|name| libraries.join(name).is_file()) {
        let reason = format!("LIBTORCH is {}, where no libtorch lies", folder.display());
        fail(&reason);
    }
    let version = std::fs::read_to_string(folder.join("build-version"));
    if let Ok(version) = version.as_deref().map(str::trim)
        && !version.starts_with(VERSION)
    {
        let reason = format!("{} is libtorch {version}", folder.display());
        fail(&reason);
    }
    Some(libraries)
}

fn fail(reason: &str) -> ! {
    println!("cargo::error={reason}: {HOW}");
    exit(1);
}
