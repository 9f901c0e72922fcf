//! Plain text: paragraphs between blank lines, and the lines within them.

use super::date::DateStamp;
use super::{Block, Layout, trim_apart};

/// Paragraphs with a longer line than this are not taken for wrapped: nobody wraps so wide, but
/// editors that keep a paragraph on a line write such lines.
const WIDEST_WRAP: usize = 132;
/// Nor those whose longest line is shorter than this: verses, addresses, lists.
const NARROWEST_WRAP: usize = 40;

/// A line that is not blank.
struct Line<'a> {
    /// Without white space around.
    text: &'a str,
    /// Where `text` begins in the document, in bytes.
    start: usize,
    /// 1-based.
    number: usize,
    /// Code points up to the end of `text`, indentation included.
    width: usize,
}

impl Line<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// Groups of lines between blank lines become paragraphs: one block where the lines are wrapped to
/// a width, a block for each line otherwise. LF, CR LF and a lone CR all end a line. A leading
/// date stamp stands apart.
pub(super) fn lay_out(text: &str) -> Layout {
    let mut layout = Layout::default();
    let mut prose_start = 0;
    if let Some((stamp, length)) = DateStamp::at_start(text) {
        layout.date = Some(stamp);
        prose_start = length;
    }
    let groups = groups(text, prose_start);
    let width = wrap_width(&groups);
    let mut written = 0;
    let mut push = |lines: &[Line<'_>]| {
        if let (Some(first), Some(last)) = (lines.first(), lines.last()) {
            layout.around.push(text[written..first.start].into());
            written = last.end();
            layout
                .blocks
                .push(block(lines, &text[first.start..written]));
        }
    };
    for group in &groups {
        if is_wrapped(group, width) {
            push(group);
        } else {
            group.chunks(1).for_each(&mut push);
        }
    }
    layout.around.push(text[written..].into());
    layout
}

/// The lines from `prose_start` on, in groups between blank lines.
fn groups(text: &str, prose_start: usize) -> Vec<Vec<Line<'_>>> {
    let mut groups = Vec::new();
    let mut group = Vec::new();
    let mut start = 0;
    let mut number = 0;
    while start < text.len() {
        let rest = &text[start..];
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let whole = &rest[..length];
        number += 1;
        // What the date stamp takes of its line is no prose.
        let stamped = prose_start.saturating_sub(start).min(length);
        let (before, trimmed, _) = trim_apart(whole.get(stamped..).unwrap_or_default());
        if !trimmed.is_empty() {
            let indent = stamped + before.len();
            group.push(Line {
                text: trimmed,
                start: start + indent,
                number,
                width: whole[..indent + trimmed.len()].chars().count(),
            });
        } else if !group.is_empty() {
            groups.push(std::mem::take(&mut group));
        }
        start += length;
        start += match text.as_bytes().get(start..start + 2) {
            Some(b"\r\n") => 2,
            _ => 1,
        };
    }
    if !group.is_empty() {
        groups.push(group);
    }
    groups
}

/// The width that the document's paragraphs are wrapped to, if three lines of one show it.
fn wrap_width(groups: &[Vec<Line<'_>>]) -> Option<usize> {
    groups
        .iter()
        .filter(|group| group.len() >= 3)
        .filter_map(|group| {
            let widest = group.iter().map(|line| line.width).max()?;
            let plausible = (NARROWEST_WRAP..=WIDEST_WRAP).contains(&widest);
            (plausible && fills(group, widest) && runs_on(group)).then_some(widest)
        })
        .max()
}

/// Whether the lines are one paragraph, wrapped to `width`. The last paragraph line of all that
/// are wrapped so may be as short as it likes, so two lines tell little by themselves.
fn is_wrapped(group: &[Line<'_>], width: Option<usize>) -> bool {
    let (Some(width), [_, _, ..]) = (width, group) else {
        return false;
    };
    let widest = group.iter().map(|line| line.width).max().unwrap_or(0);
    // Paragraphs differ a little in how near they come to the width.
    let fits = |w: usize| widest <= w && fills(group, widest.max(w.saturating_sub(12)));
    fits(width) && (group.len() >= 3 || runs_on(group) || fills(group, width))
}

/// Whether no line but the last had room, within `width`, for the next one's first word, as when
/// a program wraps text; and no line opens like a list item or a line of dialogue.
fn fills(group: &[Line<'_>], width: usize) -> bool {
    let full = group.windows(2).all(|pair| {
        let [line, next] = pair else { return true };
        let word = next.text.split_whitespace().next().unwrap_or_default();
        line.width + 1 + word.chars().count() > width
    });
    full && !group.iter().skip(1).any(|line| opens_item(line.text))
}

/// Whether some line but the last breaks off within a sentence.
fn runs_on(group: &[Line<'_>]) -> bool {
    group.windows(2).any(|pair| match pair {
        [line, next] => {
            let ends = line
                .text
                .ends_with(['.', '!', '?', '…', ':', ';', '»', '"', '”']);
            !ends || next.text.starts_with(char::is_lowercase)
        }
        _ => false,
    })
}

/// Whether the line opens with a bullet, a dialogue dash or an item's number.
fn opens_item(line: &str) -> bool {
    let Some((first, _)) = line.split_once(char::is_whitespace) else {
        return false;
    };
    let number = first.strip_suffix([')', '.']).unwrap_or_default();
    let is_number =
        !number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit());
    matches!(
        first,
        "-" | "–" | "—" | "*" | "•" | "·" | "+" | "◦" | "▪" | ">"
    ) || is_number
}

/// One block of the lines, which in the file stand as `wrapped`.
fn block(lines: &[Line<'_>], wrapped: &str) -> Block {
    let mut text = String::with_capacity(wrapped.len());
    for line in lines {
        // A compound broken after its hyphen (porte-⏎parole) takes no space.
        let before = text.strip_suffix('-').unwrap_or_default();
        let compound =
            before.ends_with(char::is_alphabetic) && line.text.starts_with(char::is_lowercase);
        if !text.is_empty() && !compound {
            text.push(' ');
        }
        text.push_str(line.text);
    }
    Block {
        wrapped: (text != wrapped).then(|| wrapped.into()),
        text,
        line: lines.first().map_or(1, |line| line.number),
    }
}
