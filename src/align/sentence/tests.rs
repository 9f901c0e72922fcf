//! What must hold of every alignment.

use proptest::prelude::*;

use super::links::{self, Link};
use super::*;

fn aligned(source: &[&str], target: &[&str], anchors: &Anchors) -> Vec<Bead> {
    Aligner::new(None, 1).align(source, target, anchors, &|_| {})
}

/// That the beads hold every sentence once, in order.
fn assert_whole(beads: &[Bead], (sources, targets): (usize, usize)) {
    let mut end = (0, 0);
    for bead in beads {
        assert_eq!((bead.source.start, bead.target.start), end, "{beads:?}");
        assert!(
            !bead.source.is_empty() || !bead.target.is_empty(),
            "{beads:?}"
        );
        let score = bead.score.unwrap();
        assert!((0.0..=1.0).contains(&score), "{beads:?}");
        end = (bead.source.end, bead.target.end);
    }
    assert_eq!(end, (sources, targets), "{beads:?}");
}

fn anchors(text: &str, lengths: (usize, usize)) -> Result<Anchors, Misplaced> {
    Anchors::new(
        &links::read("anchors", &text.replace(' ', "\n")).unwrap(),
        lengths,
    )
}

const FRENCH: [&str; 5] = [
    "Paris, 12 mai 1956.",
    "Le général Dupont arriva à Marseille à 7 heures.",
    "",
    "Il repartit, sans un mot, pour Toulon. Puis il revint.",
    "Fin.",
];
const ENGLISH: [&str; 6] = [
    "Paris, 12 May 1956.",
    "General Dupont arrived in Marseille at 7 o'clock.",
    "He left again, without a word, for Toulon.",
    "Then he returned.",
    "",
    "End.",
];

#[test]
fn names_and_numbers_align_without_an_encoder() {
    let beads = aligned(&FRENCH, &ENGLISH, &Anchors::default());
    assert_whole(&beads, (5, 6));
    let links: Vec<String> = beads
        .iter()
        .map(|bead| Link::from(bead).to_string())
        .collect();
    assert!(links.contains(&"[0]:[0]".to_owned()), "{links:?}");
    assert!(links.contains(&"[1]:[1]".to_owned()), "{links:?}");
    assert!(links.contains(&"[2]:[]".to_owned()), "{links:?}");
}

#[test]
fn one_side_may_be_empty() {
    assert_whole(&aligned(&[], &[], &Anchors::default()), (0, 0));
    assert_whole(&aligned(&FRENCH, &[], &Anchors::default()), (5, 0));
    assert_whole(&aligned(&[], &ENGLISH, &Anchors::default()), (0, 6));
    assert_whole(&aligned(&[""], &["", ""], &Anchors::default()), (1, 2));
}

#[test]
fn anchors_are_kept() {
    let anchors = anchors("[3]:[5] [0]:[0,1] [4]:[]", (5, 6)).unwrap();
    let beads = aligned(&FRENCH, &ENGLISH, &anchors);
    assert_whole(&beads, (5, 6));
    for anchor in anchors.beads() {
        assert!(beads.contains(anchor), "{anchor:?} in {beads:?}");
    }
    let last = beads.iter().find(|bead| bead.source.contains(&4));
    assert!(last.is_some_and(|bead| bead.target.is_empty()), "{beads:?}");
}

#[test]
fn what_cannot_be_an_anchor_is_told() {
    for (links, told) in [
        ("[0,2]:[0]", "follow each other"),
        ("[5]:[0]", "fewer sentences"),
        ("[0]:[1] [1]:[0]", "crosses"),
        ("[0,1]:[0] [1]:[1]", "overlaps"),
        ("[0,1]:[0] [1]:[]", "overlaps"),
    ] {
        let error = anchors(links, (5, 6)).unwrap_err().to_string();
        assert!(error.contains(told), "{links}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_sentence_stands_in_one_bead(
        source in prop::collection::vec("[A-Za-z0-9 .?«»é]{0,12}", 0..30),
        target in prop::collection::vec("[A-Za-z0-9 .?«»é]{0,12}", 0..30),
        anchor in (0usize..30, 0usize..30),
    ) {
        let source: Vec<&str> = source.iter().map(String::as_str).collect();
        let target: Vec<&str> = target.iter().map(String::as_str).collect();
        let lengths = (source.len(), target.len());
        assert_whole(&aligned(&source, &target, &Anchors::default()), lengths);
        let link = Link { source: vec![anchor.0], target: vec![anchor.1] };
        if let Ok(anchors) = Anchors::new(&[link], lengths) {
            let beads = aligned(&source, &target, &anchors);
            assert_whole(&beads, lengths);
            prop_assert!(beads.contains(&anchors.beads()[0]));
        }
    }

    #[test]
    fn any_text_can_be_aligned(source: Vec<String>, target: Vec<String>) {
        let source: Vec<&str> = source.iter().map(String::as_str).collect();
        let target: Vec<&str> = target.iter().map(String::as_str).collect();
        let beads = aligned(&source, &target, &Anchors::default());
        assert_whole(&beads, (source.len(), target.len()));
    }
}

#[test]
fn long_texts_are_found_from_coarse_to_fine() {
    let lines: Vec<String> = (0..3000)
        .map(|line| {
            format!(
                "Name{} went to Town{} in {}.",
                line * 7 % 1009,
                line * 13 % 997,
                line
            )
        })
        .collect();
    let source: Vec<&str> = lines.iter().map(String::as_str).collect();
    // A chapter is missing.
    let target: Vec<&str> = source[..900]
        .iter()
        .chain(&source[1700..])
        .copied()
        .collect();
    let beads = aligned(&source, &target, &Anchors::default());
    assert_whole(&beads, (3000, 2200));
    let right = beads.iter().filter(|bead| {
        let shift = if bead.source.start < 900 { 0 } else { 800 };
        bead.source.len() == 1
            && bead.target.len() == 1
            && bead.source.start == bead.target.start + shift
    });
    assert!(right.count() > 2150);
}
