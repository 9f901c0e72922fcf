//! Bytes as text, and where in a file something is wrong.

/// The text of some bytes, or the line, from 1, on which they are no UTF-8.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, usize> {
    std::str::from_utf8(bytes).map_err(|error| line_at(bytes, error.valid_up_to()))
}

/// The line, from 1, that byte number `at` stands on.
pub(crate) fn line_at(bytes: &[u8], at: usize) -> usize {
    let before = bytes.iter().take(at);
    1 + before.filter(|&&byte| byte == b'\n').count()
}
