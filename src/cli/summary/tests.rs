//! Tests of the summary.

use unicode_width::UnicodeWidthStr;
use visavis::bitext::{DocumentInfo, Excerpt, Flag, Format, Header, Languages, Pair, Segment};
use visavis::bitext::{Severity, read};
use visavis::language::Language;
use visavis::text::{CodePoints, Span};

use super::*;

const PLAIN: Paint = Paint(false);
const COLOURED: Paint = Paint(true);

/// The article with its translation and flags made by hand.
fn article() -> Bitext {
    let bytes = include_bytes!("../../../tests/cases/review.jsonl");
    read("review.jsonl", bytes, Format::Jsonl, &Languages::default()).expect("a bitext")
}

#[test]
fn the_article_at_three_widths() {
    for width in [60, 80, 120] {
        insta::assert_snapshot!(format!("article_{width}"), render(&article(), width, PLAIN));
    }
    let coloured = render(&article(), 100, COLOURED).replace('\u{1b}', "␛");
    insta::assert_snapshot!("article_100_coloured", coloured);
}
