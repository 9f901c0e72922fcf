//! The finds by category: what became of each term, and where.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};
use visavis::bitext::{Bitext, Flag, Pair, Severity, Verdict};

use super::marked::printable;
use super::{Paint, as_columns, counted};

/// Of a category no more lines than this are listed.
const MOST_LINES: usize = 20;
/// Of a find that recurs, no more pairs than this are named.
const MOST_PAIRS: usize = 4;
/// Widths of the columns before the terms, with their gaps: verdict and severity.
const VERDICT: usize = 18;
const SEVERITY: usize = 8;

/// Finds that say the same.
struct Line<'a> {
    severity: Severity,
    verdict: Verdict,
    what: String,
    pairs: Vec<&'a str>,
}

/// The finds, category by category, the most frequent first; within one the gravest first.
pub(super) fn render(bitext: &Bitext, width: usize, paint: Paint) -> String {
    let mut categories: BTreeMap<&str, Vec<(&Pair, &Flag)>> = BTreeMap::new();
    for pair in &bitext.pairs {
        for flag in &pair.flags {
            categories
                .entry(&flag.category)
                .or_default()
                .push((pair, flag));
        }
    }
    let mut categories: Vec<_> = categories.into_iter().collect();
    categories.sort_by_key(|(_, finds)| Reverse(finds.len()));
    let parts: Vec<String> = categories
        .iter()
        .map(|(name, finds)| category(name, finds, width, paint))
        .collect();
    parts.join("\n")
}

fn category(name: &str, finds: &[(&Pair, &Flag)], width: usize, paint: Paint) -> String {
    let mut lines = lines(finds);
    lines.sort_by_key(|line| (Reverse(line.severity), Reverse(line.verdict)));
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(as_columns(width));
    for line in lines.iter().take(MOST_LINES) {
        let verdict = format!("  {} {}", line.verdict.sign(), line.verdict.name());
        table.add_row([
            paint.verdict(&verdict, line.verdict),
            match line.severity {
                Severity::High => paint.strong(line.severity.name()),
                other => other.name().to_owned(),
            },
            format!("{} {}", line.what, paint.faint(&pairs(&line.pairs))),
        ]);
    }
    let widths = [VERDICT, SEVERITY, width.saturating_sub(VERDICT + SEVERITY)];
    for (column, width) in table.column_iter_mut().zip(widths) {
        column.set_padding((0, 0));
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(as_columns(width))));
    }
    let mut shown = format!(
        "{} {}\n{}",
        paint.strong(&printable(name)),
        paint.faint(&format!("({})", finds.len())),
        table.trim_fmt()
    );
    if lines.len() > MOST_LINES {
        let more = counted(lines.len() - MOST_LINES, "more line");
        shown.push_str(&paint.faint(&format!("\n  {more} not shown")));
    }
    shown
}

/// The finds with those that say the same put together, in the order of the text.
fn lines<'a>(finds: &[(&'a Pair, &'a Flag)]) -> Vec<Line<'a>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for (pair, flag) in finds {
        let what = what(pair, flag);
        let (severity, verdict) = (flag.severity, flag.verdict);
        match known.entry((severity, verdict, what.clone())) {
            Entry::Occupied(line) => {
                let pairs = &mut lines[*line.get()].pairs;
                if pairs.last() != Some(&pair.id.as_str()) {
                    pairs.push(&pair.id);
                }
            }
            Entry::Vacant(place) => {
                place.insert(lines.len());
                lines.push(Line {
                    severity,
                    verdict,
                    what,
                    pairs: vec![&pair.id],
                });
            }
        }
    }
    lines
}

/// A term and its rendering; of a check its name first, and of one that concerns the whole pair
/// its reason.
fn what(pair: &Pair, flag: &Flag) -> String {
    let check = flag.check();
    let name = check.map_or(String::new(), |name| {
        format!("{}: ", printable(&name.replace('-', " ")))
    });
    if flag.concerns_whole(pair) {
        return format!("{name}{}", printable(&flag.reason));
    }
    let target = flag.target.as_ref();
    let target = target.map_or("(nothing)".to_owned(), |target| printable(&target.text));
    format!("{name}{} → {target}", printable(&flag.source.text))
}

/// Where finds are: `(3, 7)`.
fn pairs(ids: &[&str]) -> String {
    let mut named: Vec<String> = ids
        .iter()
        .take(MOST_PAIRS)
        .map(|id| printable(id))
        .collect();
    if ids.len() > MOST_PAIRS {
        named.push(format!("{} more", ids.len() - MOST_PAIRS));
    }
    format!("({})", named.join(", "))
}
