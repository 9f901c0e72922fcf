//! Quoted spans of a text, nested ones too.

use std::ops::Range;

use super::effort::spend;

/// A span between quotation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Bytes with the marks.
    pub outer: Range<usize>,
    /// Bytes between the marks.
    pub inner: Range<usize>,
}

/// Marks that close a quoted span.
const CLOSING: &[char] = &['»', '›', '”', '“', '"', '’', '\''];

/// How many open marks back the partner of a closing one is looked for.
const DEEPEST: usize = 16;

/// The quoted spans of `text`, by their start; the outer one first. Marks without a partner are
/// left out. Apostrophes inside words are no marks.
pub fn quotes(text: &str) -> Vec<Quote> {
    let mut open: Vec<(char, Range<usize>)> = Vec::new();
    let mut found = Vec::new();
    // Every mark begins with one of these bytes, and few other characters do.
    let may_be_mark = |&byte: &u8| matches!(byte, b'"' | b'\'' | 0xc2 | 0xe2);
    let mut rest = 0;
    while let Some(skipped) = text.as_bytes()[rest..].iter().position(may_be_mark) {
        let at = rest + skipped;
        let mut after = text[at..].chars();
        let Some(mark) = after.next() else { break };
        let bytes = at..at + mark.len_utf8();
        rest = bytes.end;
        if !is_mark(mark) {
            continue;
        }
        let next = after.next().unwrap_or(' ');
        let previous = text[..at].chars().next_back().unwrap_or(' ');
        let looked_at = open.len().saturating_sub(DEEPEST)..open.len();
        spend(1 + looked_at.len());
        let partner = looked_at
            .rev()
            .filter(|_| CLOSING.contains(&mark))
            .find(|&place| closes(open[place].0, mark, previous, next));
        if let Some(place) = partner {
            let (_, opening) = open[place].clone();
            open.truncate(place);
            found.push(Quote {
                inner: opening.end..at,
                outer: opening.start..bytes.end,
            });
        } else if opens(mark, previous, next) {
            open.push((mark, bytes));
        }
    }
    found.sort_by_key(|quote| (quote.outer.start, std::cmp::Reverse(quote.outer.end)));
    found
}

fn is_mark(c: char) -> bool {
    CLOSING.contains(&c) || matches!(c, '«' | '„' | '‹' | '‘')
}

fn opens(mark: char, previous: char, next: char) -> bool {
    match mark {
        '«' | '“' | '„' | '‹' => true,
        '‘' | '\'' => !previous.is_alphanumeric() && next.is_alphanumeric(),
        '"' => !previous.is_alphanumeric() || next.is_alphanumeric(),
        _ => false,
    }
}

fn closes(opener: char, mark: char, previous: char, next: char) -> bool {
    match (opener, mark) {
        ('«', '»') | ('‹', '›') | ('“', '”') | ('„', '“' | '”') => true,
        ('"', '"') | ('“', '"') => true,
        ('‘', '’') | ('\'', '\'') => !previous.is_whitespace() && !next.is_alphanumeric(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_every_kind_nested_and_lonely() {
        let cases: &[(&str, &[&str])] = &[
            ("la «a «b c»» d", &["a «b c»", "b c"]),
            ("un “mot” et \"deux mots\"", &["mot", "deux mots"]),
            ("l'État n'a 'rien' dit", &["rien"]),
            ("« sans fin", &[]),
            ("the workers' ‘so-called’ rights", &["so-called"]),
        ];
        for (text, expected) in cases {
            let inner: Vec<&str> = quotes(text).into_iter().map(|q| &text[q.inner]).collect();
            assert_eq!(&inner, expected, "{text}");
        }
    }
}
