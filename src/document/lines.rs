//! One segment a line: only LF and CR LF end a line, so that the count is that of `wc -l` and of
//! the other side of a parallel corpus.

use super::{Block, Layout, trim_apart};

/// Each line is a block, an empty one too. A lone CR, U+2028, U+0085, a form feed and the like do
/// not end a line.
pub(super) fn lay_out(text: &str) -> Layout {
    let mut layout = Layout::default();
    let mut around = String::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let (before, trimmed, after) = trim_apart(line);
        // Of an empty line all is before; its line break must come after the block.
        let (before, after) = match before.strip_suffix("\r\n").or(before.strip_suffix('\n')) {
            Some(blank) => (blank, &before[blank.len()..]),
            None => (before, after),
        };
        around.push_str(before);
        layout.around.push(std::mem::take(&mut around));
        layout.blocks.push(Block {
            text: trimmed.into(),
            line: index + 1,
            wrapped: None,
        });
        around.push_str(after);
    }
    layout.around.push(around);
    layout
}
