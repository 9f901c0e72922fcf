//! The bitext as the page carries it: JSONL that no HTML parser can mistake for markup.

use std::io;

use sha2::{Digest, Sha256};

use crate::bitext::{Bitext, jsonl};

/// A header line, then one pair a line; every `<` is escaped, so that neither `</script>` nor
/// `<!--` can occur. JSON has `<` in strings alone, where `\u003c` means the same.
pub(super) fn lines(bitext: &Bitext) -> io::Result<String> {
    let mut lines = jsonl::header_line(&bitext.header)?;
    for pair in &bitext.pairs {
        lines.push('\n');
        lines.push_str(&jsonl::pair_line(pair)?);
    }
    Ok(lines.replace('<', "\\u003c"))
}

/// What names this content in the browser's store: the first 128 bits of its SHA-256, in hex.
pub(super) fn key(data: &str) -> String {
    let digest = Sha256::digest(data.as_bytes());
    digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
