//! The sentences side by side, or one under the other on a narrow terminal.

use comfy_table::{CellAlignment, presets::NOTHING};
use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table, Width};
use visavis::bitext::{Bitext, Pair};

use super::marked::{printable, sides};
use super::{Paint, as_columns, counted};

/// A terminal narrower than this shows the translation under its source.
const SIDE_BY_SIDE: usize = 70;
/// A bitext of more pairs is not shown whole, and no more pairs than this are.
const MOST_PAIRS: usize = 60;
/// Spaces after the number and between the columns.
const GAPS: [usize; 2] = [2, 3];

/// The pairs under the names of their documents; of a long bitext those that have finds.
pub(super) fn render(bitext: &Bitext, width: usize, paint: Paint) -> String {
    let is_long = bitext.pairs.len() > MOST_PAIRS;
    let shown: Vec<&Pair> = bitext
        .pairs
        .iter()
        .filter(|pair| !is_long || !pair.flags.is_empty())
        .take(MOST_PAIRS)
        .collect();
    let mut parts = Vec::new();
    for group in shown.chunk_by(|one, next| place(one).0 == place(next).0) {
        parts.push(format!(
            "{}\n{}",
            title(bitext, place(group[0]).0, paint),
            table(group, width, paint)
        ));
    }
    let left_out = bitext.pairs.len() - shown.len();
    if left_out > 0 {
        let with_finds = bitext.pairs.iter().filter(|pair| !pair.flags.is_empty());
        let more = with_finds.count() - shown.len();
        let note = format!(
            "{} not shown, {more} of them with finds",
            counted(left_out, "sentence pair")
        );
        parts.push(paint.faint(&note));
    }
    parts.join("\n\n")
}

/// Document and block of a pair; of what the target alone has, where it stands there.
fn place(pair: &Pair) -> (usize, usize) {
    let segment = pair.source.first().or(pair.target.first());
    segment.map_or((0, 0), |segment| (segment.document, segment.block))
}

/// A document's name and date.
fn title(bitext: &Bitext, document: usize, paint: Paint) -> String {
    let Some(info) = bitext.header.documents.get(document) else {
        return paint.strong(&format!("document {}", document + 1));
    };
    let name = paint.strong(&printable(&info.name));
    match &info.date {
        Some(date) => format!("{name} {}", paint.faint(&format!("({})", printable(date)))),
        None => name,
    }
}

/// The pairs with their numbers, an empty line between paragraphs.
fn table(pairs: &[&Pair], width: usize, paint: Paint) -> String {
    let numbers: Vec<String> = pairs.iter().map(|pair| printable(&pair.id)).collect();
    let number_width = numbers
        .iter()
        .map(|id| id.chars().count())
        .max()
        .unwrap_or(0);
    let number_width = number_width.min(8);
    let is_narrow = width < SIDE_BY_SIDE;
    let columns = if is_narrow {
        vec![(number_width, GAPS[0]), (width - number_width - GAPS[0], 0)]
    } else {
        let text_width = width - number_width - GAPS[0] - GAPS[1];
        let source_width = text_width / 2;
        vec![
            (number_width, GAPS[0]),
            (source_width, GAPS[1]),
            (text_width - source_width, 0),
        ]
    };

    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(as_columns(width));
    let mut last_block = None;
    for (pair, number) in pairs.iter().zip(numbers) {
        let block = place(pair).1;
        if is_narrow || last_block.is_some_and(|last| last != block) {
            table.add_row(vec![""; columns.len()]);
        }
        last_block = Some(block);
        let (source, target) = sides(pair, paint);
        let row = if is_narrow {
            vec![
                paint.faint(&number),
                format!("{source}\n{} {target}", paint.faint("→")),
            ]
        } else {
            vec![paint.faint(&number), source, target]
        };
        table.add_row(Row::from(row));
    }
    for (at, (content, gap)) in columns.into_iter().enumerate() {
        if let Some(column) = table.column_mut(at) {
            column.set_padding((0, as_columns(gap)));
            let whole = as_columns(content + gap);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(whole)));
            if at == 0 {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    table.trim_fmt()
}
