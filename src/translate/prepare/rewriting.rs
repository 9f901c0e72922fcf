//! A text written anew, with the places that its bytes come from.

use std::ops::Range;

/// A text written anew.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rewriting {
    /// The new text.
    pub text: String,
    /// The byte of the old text that each byte of the new one, and its end, comes from.
    pub origins: Vec<usize>,
}

impl Rewriting {
    /// Takes a part of the old text as it is.
    pub fn keep(&mut self, old: &str, bytes: Range<usize>) {
        self.text.push_str(&old[bytes.clone()]);
        self.origins.extend(bytes);
    }

    /// Takes `new` in the place of what starts at a byte of the old text.
    pub fn put(&mut self, new: &str, origin: usize) {
        self.text.push_str(new);
        self.origins.resize(self.text.len(), origin);
    }

    /// Ends it with the old text.
    pub fn end(mut self, old: &str) -> Self {
        self.origins.push(old.len());
        self
    }
}
