//! Characters that are not seen, which part words and which no model knows.

use super::rewriting::Rewriting;

/// The text without its invisible characters; none where it has none. Other control characters
/// count as spaces.
pub fn visible(text: &str) -> Option<Rewriting> {
    if text
        .chars()
        .all(|c| !is_invisible(c) && !is_other_control(c))
    {
        return None;
    }
    let mut seen = Rewriting::default();
    for (at, c) in text.char_indices() {
        if is_other_control(c) {
            seen.put(" ", at);
        } else if !is_invisible(c) {
            seen.keep(text, at..at + c.len_utf8());
        }
    }
    Some(seen.end(text))
}

/// Soft hyphens, spaces and joiners of no width, marks of direction, byte order marks, and the
/// control characters that show nothing.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{ad}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Tabs and ends of lines stay as they are: the model takes them for spaces.
fn is_other_control(c: char) -> bool {
    c.is_control() && !is_invisible(c) && !matches!(c, '\t'..='\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_left_out() {
        assert_eq!(visible("été\tet\nhiver"), None);
        let text = "l'in\u{ad}gé\u{200b}rence\u{7} russe\u{85}fin";
        assert_eq!(visible(text).unwrap().text, "l'ingérence russe fin");
    }
}
