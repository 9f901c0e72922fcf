//! Text as HTML: escaped exactly, with finds marked, nested and overlapping ones too.

use std::fmt::Write;

use crate::text::{CodePoints, Span, words};

/// A stretch of text to mark.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// Number of the find.
    pub find: usize,
    /// Code points to mark: not empty, inside the text.
    pub span: Span,
    /// The element's id, borne by the first piece.
    pub id: String,
    /// Classes of every piece.
    pub class: String,
    /// A sign after the last piece; not part of the text.
    pub sign: Option<&'static str>,
}

/// `text` as HTML in which each mark is a `mark` element.
///
/// A mark inside another is nested. Where two cross, the one that ends later is closed and
/// opened again, as elements must nest: it then has several pieces with the same `data-find`.
pub(super) fn marked(text: &str, marks: &[Mark]) -> String {
    let points = CodePoints::new(text);
    let mut waiting: Vec<&Mark> = marks.iter().collect();
    waiting.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end), mark.find));
    let mut edges: Vec<usize> = marks
        .iter()
        .flat_map(|mark| [mark.span.start, mark.span.end])
        .chain([0, points.count()])
        .collect();
    edges.sort_unstable();
    edges.dedup();

    let mut html = String::with_capacity(text.len() * 2);
    let mut waiting = waiting.into_iter().peekable();
    let mut open: Vec<&Mark> = Vec::new();
    for (place, &edge) in edges.iter().enumerate() {
        if let Some(outermost) = open.iter().position(|mark| mark.span.end <= edge) {
            let popped = open.split_off(outermost);
            html.push_str(&"</mark>".repeat(popped.len()));
            for mark in popped.into_iter().filter(|mark| mark.span.end > edge) {
                open_mark(&mut html, mark, &open, false);
                open.push(mark);
            }
        }
        while let Some(mark) = waiting.next_if(|mark| mark.span.start <= edge) {
            open_mark(&mut html, mark, &open, true);
            open.push(mark);
        }
        if let Some(&next) = edges.get(place + 1) {
            let run = points.bytes(&Span {
                start: edge,
                end: next,
            });
            escape(&mut html, &text[run]);
        }
    }
    html
}

fn open_mark(html: &mut String, mark: &Mark, outer: &[&Mark], first: bool) {
    let last = outer.iter().all(|other| other.span.end >= mark.span.end);
    let _ = write!(
        html,
        r#"<mark class="{}" data-find="{}""#,
        mark.class, mark.find
    );
    if first {
        let _ = write!(
            html,
            r#" id="{}" tabindex="-1" aria-describedby="note-{}""#,
            mark.id, mark.find
        );
    }
    if let (true, Some(sign)) = (last, mark.sign) {
        let _ = write!(html, r#" data-sign="{sign}""#);
    }
    html.push('>');
}

/// Appends `text` so that an HTML parser reads back exactly it; only U+0000, which HTML cannot
/// hold, becomes U+FFFD.
fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // A bare carriage return would be read as a line feed.
            '\r' => html.push_str("&#13;"),
            '\0' => html.push('\u{fffd}'),
            c => html.push(c),
        }
    }
}

/// Where the words of `text` stand, for the script: for each the gap before it and its length,
/// in UTF-16 code units as JavaScript counts them.
pub(super) fn word_places(text: &str) -> String {
    let units = |part: &str| part.encode_utf16().count();
    let mut places = String::new();
    let mut last = 0;
    for word in words(text) {
        let separator = if places.is_empty() { "" } else { " " };
        let _ = write!(
            places,
            "{separator}{} {}",
            units(&text[last..word.start]),
            units(&text[word.clone()])
        );
        last = word.end;
    }
    places
}
