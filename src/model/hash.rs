//! SHA-256 of bytes and files, as lower-case hexadecimal.

use std::fmt::Write;

/// `digest` in lower-case hexadecimal.
pub fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
