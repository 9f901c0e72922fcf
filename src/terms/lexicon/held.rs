//! An entry of a lexicon, read at the first need: of those that come with the program a text has few.

use std::sync::{Arc, OnceLock};

use super::entry::{Entry, Tongue};
use super::raw::RawEntry;
use super::read;

/// An entry, or how it is written; clones share the entry.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// As the build wrote it (JSON); empty where the entry was read otherwise.
    written: &'static str,
    tongue: Tongue,
    entry: OnceLock<Arc<Entry>>,
}

impl Held {
    /// An entry that the build wrote so.
    pub fn new(written: &'static str, tongue: Tongue) -> Self {
        Self {
            written,
            tongue,
            entry: OnceLock::new(),
        }
    }

    /// The entry.
    pub fn entry(&self) -> &Entry {
        self.entry.get_or_init(|| {
            // The build wrote it, and a test reads all of them.
            let raw = serde_json::from_str(self.written);
            let raw = raw.unwrap_or_else(|_| RawEntry::new(String::new()));
            Arc::new(read::trusted(raw, self.tongue))
        })
    }
}

impl From<Entry> for Held {
    fn from(entry: Entry) -> Self {
        Self {
            written: "",
            tongue: entry.tongue,
            entry: OnceLock::from(Arc::new(entry)),
        }
    }
}
