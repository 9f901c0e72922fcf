//! The bitext as the page carries it: JSONL that no HTML parser can mistake for markup.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::bitext::{Bitext, Header};

/// The first line: says what the lines are, and holds the header's fields.
#[derive(Serialize)]
struct HeaderLine<'a> {
    visavis: &'static str,
    version: u32,
    #[serde(flatten)]
    header: &'a Header,
}

/// A header line, then one pair a line; every `<` is escaped, so that neither `</script>` nor
/// `<!--` can occur. JSON has `<` in strings alone, where `\u003c` means the same.
pub(super) fn jsonl(bitext: &Bitext) -> Result<String, serde_json::Error> {
    let mut lines = serde_json::to_string(&HeaderLine {
        visavis: "bitext",
        version: 1,
        header: &bitext.header,
    })?;
    for pair in &bitext.pairs {
        lines.push('\n');
        lines.push_str(&serde_json::to_string(pair)?);
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
