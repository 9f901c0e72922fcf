//! Text as a terminal shows it: finds marked, and nothing that the terminal would obey.

use visavis::bitext::{Pair, Verdict};
use visavis::text::{CodePoints, Span};

use super::Paint;

/// A stretch of text to mark.
#[derive(Debug, Clone, Copy)]
struct Mark {
    span: Span,
    verdict: Verdict,
    /// Whether the verdict's sign stands after it: on one side only.
    has_sign: bool,
}

/// Both texts of a pair with their finds marked; what concerns the pair as a whole stands on a
/// line of its own under the target.
pub(super) fn sides(pair: &Pair, paint: Paint) -> (String, String) {
    let mut in_source = Vec::new();
    let mut in_target = Vec::new();
    let mut remarks = String::new();
    for flag in &pair.flags {
        let verdict = flag.verdict;
        if flag.concerns_whole(pair) {
            let name = flag.entry.rsplit('/').next().unwrap_or(&flag.entry);
            let remark = format!("{} {}", verdict.sign(), printable(&name.replace('-', " ")));
            remarks.push('\n');
            remarks.push_str(&paint.verdict(&remark, verdict));
            continue;
        }
        in_source.push(Mark {
            span: flag.source.span(),
            verdict,
            has_sign: flag.target.is_none(),
        });
        if let Some(target) = &flag.target {
            in_target.push(Mark {
                span: target.span(),
                verdict,
                has_sign: true,
            });
        }
    }
    (
        marked(&pair.source_text(), &in_source, paint),
        marked(&pair.target_text(), &in_target, paint) + &remarks,
    )
}

/// `text` with its finds in the colours of their verdicts, or between brackets where there are no
/// colours. Finds that overlap are one stretch, each part of which has the colour that most asks
/// for a person; after it stands that verdict's sign, unless all is kept.
fn marked(text: &str, marks: &[Mark], paint: Paint) -> String {
    let points = CodePoints::new(text);
    let slice = |start, end| printable(&text[points.bytes(&Span { start, end })]);
    let mut marks: Vec<Mark> = marks
        .iter()
        .map(|mark| Mark {
            span: Span {
                start: mark.span.start,
                end: mark.span.end.min(points.count()),
            },
            ..*mark
        })
        .filter(|mark| mark.span.start < mark.span.end)
        .collect();
    marks.sort_by_key(|mark| mark.span);

    let mut shown = String::new();
    let mut done = 0;
    let mut rest = marks.as_slice();
    while let Some(first) = rest.first() {
        let mut hull = first.span;
        let mut size = 1;
        while let Some(next) = rest.get(size).filter(|next| next.span.overlaps(&hull)) {
            hull = hull.hull(&next.span);
            size += 1;
        }
        let (group, others) = rest.split_at(size);
        rest = others;
        shown.push_str(&slice(done, hull.start));
        done = hull.end;
        if paint.0 {
            let mut edges: Vec<usize> = group
                .iter()
                .flat_map(|m| [m.span.start, m.span.end])
                .collect();
            edges.sort_unstable();
            edges.dedup();
            for edge in edges.windows(2) {
                let covers = |mark: &&Mark| mark.span.start <= edge[0] && edge[1] <= mark.span.end;
                let verdicts = group.iter().filter(covers).map(|mark| mark.verdict);
                let verdict = verdicts.max().unwrap_or(first.verdict);
                shown.push_str(&paint.verdict(&slice(edge[0], edge[1]), verdict));
            }
        } else {
            shown.push_str(&format!("[{}]", slice(hull.start, hull.end)));
        }
        let signs = group.iter().filter(|mark| mark.has_sign);
        if let Some(verdict) = signs.map(|mark| mark.verdict).max()
            && verdict != Verdict::Kept
        {
            shown.push_str(&paint.verdict(verdict.sign(), verdict));
        }
    }
    shown.push_str(&slice(done, points.count()));
    shown
}

/// `text` for one line of a terminal: white space as a space, and characters that would move the
/// cursor, change colours or turn the direction of what follows written out as `\u{…}`.
pub(super) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => shown.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                shown.extend(c.escape_unicode());
            }
            c if c.is_control() => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}
