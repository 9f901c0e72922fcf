//! Finds and verdicts on arbitrary and on huge pairs.

use proptest::prelude::*;

use super::effort::spent_in;
use super::{Lexicon, Tongue, find, flag};
use crate::bitext::{
    Bitext, DocumentInfo, Excerpt, GENERATOR, Header, Origin, Pair, Segment, Verdict,
};
use crate::language::Language;
use crate::text::words;

fn bitext(source: &str, target: &str, links: Vec<(u32, u32)>) -> Bitext {
    let segment = |text: &str| Segment {
        text: text.to_owned(),
        document: 0,
        block: 0,
        start: 0,
        end: text.chars().count(),
    };
    let name = "test".to_owned();
    Bitext {
        header: Header {
            from: Language::french(),
            to: Language::english(),
            origin: Origin::Given { name: name.clone() },
            documents: vec![DocumentInfo { name, date: None }],
            generator: GENERATOR.into(),
        },
        pairs: vec![Pair {
            id: "1".into(),
            source: vec![segment(source)],
            target: vec![segment(target)],
            score: None,
            words: links,
            flags: Vec::new(),
        }],
    }
}

fn builtin() -> Lexicon {
    Lexicon::builtin().unwrap_or_else(|error| panic!("{error}"))
}

/// The source, its translation and their links (source word, target word) → for each entry
/// expected, its find, its rendering and the verdict.
type Case<'c> = (
    &'c str,
    &'c str,
    &'c [(u32, u32)],
    &'c [(&'c str, &'c str, &'c str, Verdict)],
);

#[test]
fn renderings_span_what_the_links_tie_to_the_find() {
    let cases: &[Case] = &[
        (
            "Les médias auraient pu, selon lui, exercer une influence.",
            "The media could have exercised an influence.",
            &[(0, 0), (1, 1), (2, 3), (3, 2), (6, 4), (7, 5), (8, 6)],
            &[(
                "aurait-pu-infinitif",
                "auraient pu, selon lui, exercer",
                "could have exercised",
                Verdict::Kept,
            )],
        ),
        (
            "Ils auraient pu, selon lui, exercer une influence.",
            "They could, according to him, have exercised an influence.",
            &[
                (0, 0),
                (1, 5),
                (2, 1),
                (3, 2),
                (3, 3),
                (4, 4),
                (5, 6),
                (6, 7),
                (7, 8),
            ],
            &[(
                "aurait-pu-infinitif",
                "auraient pu, selon lui, exercer",
                "could, according to him, have exercised",
                Verdict::Kept,
            )],
        ),
        (
            "Il n’a pas jugé bon de s’exprimer.",
            "He didn't think it was right to express it.",
            &[
                (0, 0),
                (1, 1),
                (3, 1),
                (4, 2),
                (5, 5),
                (6, 6),
                (7, 8),
                (8, 7),
            ],
            &[(
                "ne-pas-juger-bon-de",
                "n’a pas jugé bon de s’exprimer",
                "didn't think it was right to express it",
                Verdict::Kept,
            )],
        ),
        (
            "La suite de pressions exercées par eux.",
            "The result of pressure from them.",
            &[(0, 0), (1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (6, 5)],
            &[(
                "pressions-exercees",
                "pressions exercées",
                "pressure",
                Verdict::Kept,
            )],
        ),
    ];
    let lexicon = builtin();
    for (source, target, links, expected) in cases {
        let mut bitext = bitext(source, target, links.to_vec());
        flag(&mut bitext, &lexicon);
        let flags = &bitext.pairs[0].flags;
        for (entry, find, rendering, verdict) in *expected {
            let found = flags.iter().find(|f| f.entry == *entry);
            let found = found.unwrap_or_else(|| panic!("{source}: no {entry} in {flags:?}"));
            let target = found.target.as_ref().map(|t| t.text.as_str());
            assert_eq!(
                (found.source.text.as_str(), target, found.verdict),
                (*find, Some(*rendering), *verdict),
                "{source}"
            );
        }
    }
}

/// A sentence four times as long takes four times the steps: nothing is quadratic in its length.
#[test]
fn a_huge_sentence_is_flagged_in_linear_time() {
    let pieces = [
        (
            "la prétendue «ingérence russe» aurait été exercée ",
            "the alleged \"Russian interference\" was exercised ",
        ),
        ("« « « mot ", "\" \" \" word "),
        ("««««", "\"\"\"\""),
        ("zqx kjw ", "vbn plk "),
        (
            "n’a pas jugé bon de s’exprimer ",
            "did not see fit to speak ",
        ),
        (
            "« le mot clé », a dit Pierre Dupont ",
            "\"the key word\", said Pierre Dupont ",
        ),
        (
            "«le régime», dit-il, que selon lui ",
            "regime, he said that ",
        ),
    ];
    let lexicon = builtin();
    for (source, target) in pieces {
        let effort = |times: usize, linked: bool| {
            let (source, target) = (source.repeat(times), target.repeat(times));
            let count = words(&source).len().min(words(&target).len()) as u32;
            let links = (0..count * u32::from(linked)).map(|word| (word, word));
            let mut bitext = bitext(&source, &target, links.collect());
            spent_in(|| flag(&mut bitext, &lexicon))
        };
        for linked in [false, true] {
            let times = 40_000 / source.len();
            let (short, long) = (effort(times, linked), effort(4 * times, linked));
            assert!(short > 0 || source.starts_with("zqx"), "{source}");
            assert!(long <= short * 9 / 2 + 1_000, "{short}, {long}: {source}");
        }
    }
}

/// Quotations within quotations, with a term in each and many in the innermost.
#[test]
fn a_deep_nest_of_quotations_is_flagged_in_linear_time() {
    let lexicon = builtin();
    let effort = |times: usize| {
        let terms = "le régime ".repeat(times);
        let (open, close) = ("« le régime ".repeat(times), "» ".repeat(times));
        let mut bitext = bitext(&format!("{open}{terms}{close}{terms}"), "", Vec::new());
        spent_in(|| flag(&mut bitext, &lexicon))
    };
    let (short, long) = (effort(1_000), effort(4_000));
    // The way out of a nest grows with the logarithm of its depth.
    assert!(long <= short * 6, "{short}, {long}");
}

/// Text made of what the lexicon and the quotation rules look at, among arbitrary characters.
fn any_text(terms: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => proptest::sample::select(terms).prop_map(str::to_owned),
        2 => proptest::sample::select(&["«", "»", "\"", "“", "”", ", ", ". ", " ", "’", "\u{301}"][..])
            .prop_map(str::to_owned),
        1 => "\\PC{0,6}",
        2 => Just(" ".to_owned()),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

const FRENCH: &[&str] = &[
    "prétendue",
    "ingérence russe",
    "n’a pas jugé bon de s’exprimer",
    "auraient pu, selon lui, exercer",
    "pressions exercées par",
    "soi-disant",
    "RÉGIME",
    "encore une",
];

const ENGLISH: &[&str] = &[
    "alleged",
    "Russian interference",
    "didn't see fit to speak",
    "could have exercised",
    "pressure from",
    "so-called",
    "regime",
    "the",
];

proptest! {
    #[test]
    fn excerpts_are_the_text_at_their_offsets(
        source in any_text(FRENCH),
        target in any_text(ENGLISH),
        links in proptest::collection::vec((0u32..30, 0u32..30), 0..40),
    ) {
        thread_local!(static LEXICON: Lexicon = builtin());
        let mut bitext = bitext(&source, &target, links);
        LEXICON.with(|lexicon| flag(&mut bitext, lexicon));
        for flag in &bitext.pairs[0].flags {
            prop_assert_eq!(&flag.source, &Excerpt::new(&source, flag.source.span()));
            // What the translation adds may stand for nothing in the source.
            let is_added = flag.verdict == Verdict::Added;
            let source_is_there = flag.source.start < flag.source.end;
            prop_assert!(source_is_there || is_added || source.is_empty());
            if let Some(excerpt) = &flag.target {
                prop_assert_eq!(excerpt, &Excerpt::new(&target, excerpt.span()));
                prop_assert!(excerpt.start < excerpt.end);
            }
        }
    }
}

#[test]
fn a_conditional_accounts_for_words_that_distance() {
    let lexicon = Lexicon::builtin().unwrap();
    for (source, is_added) in [
        ("Elle aurait les diplômes.", false),
        ("Elle a les diplômes.", true),
    ] {
        let target = "She allegedly has the diplomas.";
        let mut bitext = bitext(source, target, vec![(0, 0), (1, 2), (2, 3), (3, 4)]);
        flag(&mut bitext, &lexicon);
        let mut flags = bitext.pairs[0].flags.iter();
        assert_eq!(
            flags.any(|flag| flag.verdict == Verdict::Added),
            is_added,
            "{source}"
        );
    }
}

#[test]
fn contexts_rule_finds_out() {
    let found = |unless: &str, text: &str| {
        let lexicon = format!(
            "from = \"fr\"\nto = \"en\"\n[[entry]]\nid = \"zut\"\nlemma = \"zut\"\nforms = [\"zut\"]\n\
             {unless}\ncategory = \"label\"\nseverity = \"low\"\nreason = \"Why.\"\nkeep = [\"damn\"]\n"
        );
        let lexicon = Lexicon::parse(&lexicon, "test").unwrap_or_else(|e| panic!("{e}"));
        !find(text, &lexicon, Tongue::French).is_empty()
    };
    let before = "unless-before = [\"bel et bien\", \"ne ..3\", \"(plus|plus ..2|fort) \"]";
    let after = "unless-after = [\"..2 alors\"]";
    let near = "unless-near = [\"(flûte|mince)\"]";
    for (unless, text, is_found) in [
        (before, "Zut alors", true),
        (before, "C'est bel et bien zut", false),
        (before, "C'est bel et zut", true),
        (before, "C'est bel et bien : zut", true),
        (before, "C'est plus zut", false),
        (before, "C'est plus ou moins zut", false),
        (before, "C'est fort ou moins zut", true),
        (before, "Il ne dit zut", false),
        (before, "Il ne dit pas toujours zut", false),
        (before, "Il ne dit pas toujours à tous zut", true),
        (before, "Il ne dit rien. Zut", true),
        (after, "Zut alors", false),
        (after, "Zut, et puis alors", false),
        (after, "Zut et puis après alors", true),
        (near, "Zut et mince", false),
        (near, "Zut. Et mince", true),
    ] {
        assert_eq!(found(unless, text), is_found, "{unless}: {text}");
    }
}
