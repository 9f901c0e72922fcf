//! Tests of the summary.

use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;
use visavis::bitext::{DocumentInfo, Excerpt, Flag, Format, Languages, Pair, Segment};
use visavis::bitext::{Severity, read};
use visavis::text::Span;

use super::*;

const PLAIN: Paint = Paint(false);
const COLOURED: Paint = Paint(true);

/// The article with its translation and flags made by hand.
fn article() -> Bitext {
    let bytes = include_bytes!("../../../tests/cases/review.jsonl");
    read("review.jsonl", bytes, Format::Jsonl, &Languages::default()).expect("a bitext")
}

fn segment(text: &str, document: usize, block: usize) -> Segment {
    Segment {
        text: text.into(),
        document,
        block,
        start: 0,
        end: text.chars().count(),
    }
}

/// A pair whose sides are flagged between the code points given.
fn pair(source: &str, target: &str, spans: &[(usize, usize, Verdict)]) -> Pair {
    let excerpt = |text: &str, start, end| Excerpt::new(text, Span { start, end });
    Pair {
        id: "1".into(),
        source: vec![segment(source, 0, 0)],
        target: vec![segment(target, 0, 0)],
        score: None,
        words: vec![],
        flags: spans
            .iter()
            .map(|&(start, end, verdict)| Flag {
                entry: "entry".into(),
                category: "category".into(),
                severity: Severity::Medium,
                verdict,
                reason: "reason".into(),
                source: excerpt(source, start, end),
                target: (verdict != Verdict::Dropped).then(|| excerpt(target, start, end)),
                voice: None,
                negated: false,
            })
            .collect(),
    }
}

/// A bitext of these pairs, numbered.
fn bitext(pairs: Vec<Pair>) -> Bitext {
    let mut bitext = article();
    bitext.pairs = pairs;
    for (number, pair) in bitext.pairs.iter_mut().enumerate() {
        pair.id = (number + 1).to_string();
    }
    bitext
}

/// What a terminal shows of a text: without colours.
fn without_colours(text: &str) -> String {
    let colour = regex::Regex::new("\u{1b}\\[[0-9;]*m").expect("a valid pattern");
    colour.replace_all(text, "").into_owned()
}

#[test]
fn the_article_at_three_widths() {
    for width in [60, 80, 120] {
        insta::assert_snapshot!(format!("article_{width}"), render(&article(), width, PLAIN));
    }
    let coloured = render(&article(), 100, COLOURED).replace('\u{1b}', "␛");
    insta::assert_snapshot!("article_100_coloured", coloured);
}

#[test]
fn finds_are_visible_with_and_without_colours() {
    use Verdict::{Check, Dropped, Kept, Softened};
    let nested = pair(
        "il a dit «cela» hier",
        "he told «this» there",
        &[(5, 15, Kept), (10, 14, Softened), (16, 20, Dropped)],
    );
    let (source, target) = marked::sides(&nested, PLAIN);
    assert_eq!(source, "il a [dit «cela»] [hier]∅");
    assert_eq!(target, "he to[ld «this» ]↓there");
    let (source, target) = marked::sides(&nested, COLOURED);
    assert_eq!(
        source,
        "il a \u{1b}[32mdit «\u{1b}[0m\u{1b}[33mcela\u{1b}[0m\u{1b}[32m»\u{1b}[0m \
         \u{1b}[31mhier\u{1b}[0m\u{1b}[31m∅\u{1b}[0m"
    );
    assert_eq!(without_colours(&target), "he told «this» ↓there");
    let beyond = pair(
        "court",
        "short",
        &[(2, 90, Check), (70, 90, Check), (3, 3, Check)],
    );
    assert_eq!(marked::sides(&beyond, PLAIN).1, "sh[ort]?");
}

#[test]
fn the_terminal_obeys_nothing_in_the_text() {
    let text = "a\u{1b}[31m\tb\r\nc\u{7}\u{202e}d\u{9b}2J\u{2028}e\u{0}";
    let mut hostile = bitext(vec![pair(text, text, &[(0, 4, Verdict::Kept)])]);
    hostile.header.documents[0] = DocumentInfo {
        name: text.into(),
        date: Some(text.into()),
    };
    hostile.header.origin = Origin::Given { name: text.into() };
    let pair = &mut hostile.pairs[0];
    pair.id = text.into();
    pair.flags[0].category = text.into();
    pair.flags[0].entry = text.into();
    let shown = render(&hostile, 80, PLAIN);
    let obeyed = |c: &char| c.is_control() && *c != '\n' || ('\u{2028}'..='\u{202e}').contains(c);
    assert_eq!(shown.chars().find(obeyed), None, "{shown}");
    assert!(shown.contains(r"\u{1b}[31m b"), "{shown}");
    let coloured = without_colours(&render(&hostile, 80, COLOURED));
    assert_eq!(coloured.chars().find(obeyed), None, "{coloured}");
}

#[test]
fn of_a_long_bitext_pairs_with_finds_are_shown() {
    let plain = pair("sans rien", "nothing here", &[]);
    let found = pair("bagatelle", "a trifle", &[(0, 8, Verdict::Kept)]);
    let mixed = |every: usize| {
        let pairs = (0..200).map(|n| {
            if n % every == 0 {
                found.clone()
            } else {
                plain.clone()
            }
        });
        render(&bitext(pairs.collect()), 80, PLAIN)
    };
    let few = mixed(50);
    assert!(!few.contains("sans rien"), "{few}");
    assert_eq!(few.matches("[bagatelle]").count(), 0, "{few}");
    assert_eq!(few.matches("[bagatell]e").count(), 4, "{few}");
    assert!(
        few.contains("196 sentence pairs not shown, 0 of them with finds"),
        "{few}"
    );
    assert!(
        few.contains("bagatell → a trifle (1, 51, 101, 151)"),
        "{few}"
    );
    let many = mixed(1);
    assert!(
        many.contains("140 sentence pairs not shown, 140 of them with finds"),
        "{many}"
    );
    assert!(
        many.contains("bagatell → a trifle (1, 2, 3, 4, 196 more)"),
        "{many}"
    );
    assert!(
        many.ends_with("200 sentences, 200 finds: 200 kept\n"),
        "{many}"
    );
}

#[test]
fn documents_beads_and_what_stands_alone() {
    let mut bead = pair("Un. Deux.", "One, two.", &[]);
    bead.source = vec![segment("Un.", 0, 0), segment("Deux.", 0, 0)];
    let mut deletion = pair("Perdu.", "", &[(0, 5, Verdict::Dropped)]);
    deletion.target.clear();
    let mut insertion = pair("", "Invented.", &[]);
    insertion.source.clear();
    insertion.flags = vec![Flag {
        entry: "check/added".into(),
        category: "translation".into(),
        severity: Severity::High,
        verdict: Verdict::Check,
        reason: "No sentence of the source says this.".into(),
        source: Excerpt::new("", Span { start: 0, end: 0 }),
        target: Some(Excerpt::new("Invented.", Span { start: 0, end: 9 })),
        voice: None,
        negated: false,
    }];
    let mut second = pair("Ailleurs.", "Elsewhere.", &[]);
    second.source[0].document = 1;
    let mut many = bitext(vec![bead, deletion, insertion, second]);
    many.header.documents.push(DocumentInfo {
        name: "second.txt".into(),
        date: None,
    });
    insta::assert_snapshot!(render(&many, 70, PLAIN));
    insta::assert_snapshot!("nothing", render(&bitext(vec![]), 70, PLAIN));
}

#[test]
fn wide_and_right_to_left_text_keeps_its_column() {
    let wide = pair(
        "他说这是所谓的“干涉”。".repeat(5).as_str(),
        "قال إن هذا تدخل مزعوم.",
        &[],
    );
    let shown = render(&bitext(vec![wide]), 80, PLAIN);
    let first = shown
        .lines()
        .find(|line| line.contains("他说"))
        .expect("the pair");
    let (before, _) = first.split_once("قال").expect("the target beside it");
    assert_eq!(before.width(), 1 + 2 + 37 + 3, "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_line_is_wider_than_the_terminal(
        source in ".{0,80}",
        target in "(\\PC{0,12} ?){0,8}",
        start in 0usize..40,
        length in 1usize..40,
        width in 40usize..170,
        coloured: bool,
    ) {
        let flagged = pair(&source, &target, &[(start, start + length, Verdict::Softened)]);
        let shown = render(&bitext(vec![flagged]), width, Paint(coloured));
        for line in without_colours(&shown).lines() {
            prop_assert!(line.width() <= width.max(80), "{line:?} in {width}");
        }
    }
}
