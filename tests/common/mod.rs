//! What tests share that need real weights or the shared data.
#![allow(dead_code, clippy::print_stderr)]

pub mod multilingual;
pub mod trial;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use visavis::engine::learn_screen;
use visavis::model::Store;
use visavis::model::catalog::Catalog;
use visavis::model::compiled::Precision;
use visavis::model::import::{ImportOptions, import};
use visavis::model::pull::{PullOptions, pull, stored_name};
use visavis::model::{Progress, Silent, ensure_encoder};

/// The model that the tests translate with.
pub const MODEL: &str = "opus-mt-fr-en";
/// The sentence encoder that the tests align with.
pub const ENCODER: &str = "use-m3";

/// The model that translates back.
pub const REVERSE_MODEL: &str = "opus-mt-en-fr";

/// The store that tests pull into, beside what the tests were built as: one download for all of
/// them, and the user's own store stays as it is.
pub fn store() -> Store {
    Store::at(Path::new(env!("CARGO_TARGET_TMPDIR")).join("models"))
        .finishing(|path| learn_screen(path, &[]))
}

/// The compiled model; pulled where it is not there yet. None, after saying so, where it cannot
/// be had.
pub fn model(precision: Precision) -> Option<PathBuf> {
    named_model(MODEL, precision)
}

/// As [`model`], the one of that name.
pub fn named_model(name: &str, precision: Precision) -> Option<PathBuf> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().ok();
    match find_or_make(name, precision) {
        Ok(path) => Some(path),
        Err(error) => {
            skipped(&format!("the model {name} cannot be had: {error}"));
            None
        }
    }
}

fn find_or_make(name: &str, precision: Precision) -> Result<PathBuf, visavis::model::Error> {
    let store = store();
    if let Some(path) = store.find(&stored_name(name, precision)) {
        return Ok(path);
    }
    let catalog = Catalog::in_use()?;
    let entry = catalog.find(name).expect("the catalogue has the model");
    let options = PullOptions {
        keep_downloads: true,
        ..PullOptions::default()
    };
    let int8 = pull(&store, catalog, entry, &options, &Loud)?;
    if precision == Precision::Int8 {
        return Ok(int8);
    }
    let options = ImportOptions {
        name: Some(name.into()),
        languages: (Some(entry.from.clone()), Some(entry.to.clone())),
        precision,
    };
    import(&store, &store.workspace(name)?, &options, &Silent)
}

/// The sentence encoder's file; pulled where it is not there yet. None, after saying so, where it
/// cannot be had.
pub fn encoder() -> Option<PathBuf> {
    match ensure_encoder(&store(), ENCODER, false, &Loud) {
        Ok(path) => Some(path),
        Err(error) => {
            skipped(&format!("the encoder {ENCODER} cannot be had: {error}"));
            None
        }
    }
}

/// Tells of downloads, which take their time.
struct Loud;

impl Progress for Loud {
    fn note(&self, message: &str) {
        eprintln!("{message}");
    }
    fn start(&self, _label: &str, _done: u64, _total: u64) {}
    fn advance(&self, _bytes: u64) {}
    fn finish(&self) {}
}

/// A file of the shared data, which is not part of the project; none, after saying so, where it
/// is not there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(path);
    if file.exists() {
        return Some(file);
    }
    skipped(&format!("{} is not there", file.display()));
    None
}

/// Says on standard error, past the runner which keeps what tests print to itself, that the test does
/// not test; with `VISAVIS_SKIP_NOTHING` set, as where
/// all is there that tests need, it fails.
pub fn skipped(why: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    // Nobody is left to tell where standard error cannot be written.
    let _ = writeln!(std::io::stderr(), "\nSKIPPED {test}: {why}");
    assert!(
        std::env::var_os("VISAVIS_SKIP_NOTHING").is_none(),
        "VISAVIS_SKIP_NOTHING is set"
    );
}
