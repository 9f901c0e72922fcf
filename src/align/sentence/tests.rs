//! What must hold of every alignment.

use proptest::prelude::*;

use super::links::{self, Link};
use super::*;

fn aligned(source: &[&str], target: &[&str], anchors: &Anchors) -> Vec<Bead> {
    Aligner::new(None, 1)
        .align(&source.into(), &target.into(), anchors, &|_| {})
        .unwrap()
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

#[test]
fn what_is_left_out_together_is_one_bead_unless_it_is_long_or_fixed() {
    let alone = |range: Range<usize>, score| Bead {
        source: range,
        target: 1..1,
        score: Some(score),
    };
    let first = Bead {
        source: 0..1,
        target: 0..1,
        score: Some(0.9),
    };
    let beads = vec![
        first.clone(),
        alone(1..2, 0.5),
        alone(2..4, 0.75),
        Bead {
            source: 4..4,
            target: 1..3,
            score: Some(0.25),
        },
    ];
    let joined = omissions(beads.clone(), [&[false; 4], &[false; 3]]);
    assert_eq!(joined, [first.clone(), alone(1..4, 0.5), beads[3].clone()]);
    let fixed = omissions(beads, [&[false, true, false, false], &[false; 3]]);
    assert_eq!(fixed[1..3], [alone(1..2, 0.5), alone(2..4, 0.75)]);
    let long = vec![first, alone(1..9, 0.5), alone(9..12, 0.75)];
    let single = omissions(long, [&[false; 12], &[false; 1]]);
    assert_eq!(single.len(), 12);
    assert_eq!(single[1..3], [alone(1..2, 0.5), alone(2..3, 0.5)]);
    assert_eq!(single[11], alone(11..12, 0.75));
}

#[test]
fn one_sentence_may_render_six() {
    let target = [
        "Dupont left Paris in 1951.",
        "Martin reached Marseille in 1952.",
        "Bernard saw Toulon in 1953.",
        "Lefebvre bought Bordeaux in 1954.",
        "Girard sold Strasbourg in 1955.",
        "Rousseau burnt Grenoble in 1956.",
        "Nobody knows Mercier.",
    ];
    let joined = target[..6].join(" ");
    let beads = aligned(&[&joined, target[6]], &target, &Anchors::default());
    let links: Vec<String> = beads
        .iter()
        .map(|bead| Link::from(bead).to_string())
        .collect();
    assert_eq!(links, ["[0]:[0,1,2,3,4,5]", "[1]:[6]"]);
}

#[test]
fn kinds_of_beads_are_told_once_each() {
    let mut kinds = lattice::kinds();
    for kind in [(1, 0), (0, 8), (1, 8), (6, 2), (3, 5), (4, 4)] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
    for kind in [(0, 0), (0, 9), (2, 7), (4, 5)] {
        assert!(!kinds.contains(&kind), "{kind:?}");
    }
    let all = kinds.len();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), all);
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
fn texts_without_a_word_are_aligned_too() {
    for (source, target) in [(["?"], ["a"]), (["a"], ["!"]), (["…"], ["–"])] {
        let beads = aligned(&source, &target, &Anchors::default());
        assert_whole(&beads, (1, 1));
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

#[test]
fn paragraphs_that_are_not_known_or_are_sentences_tell_nothing() {
    let keys = vec![Vec::new(); 40];
    let runs = plain::runs(&keys, &plain::importance([&keys, &keys], f32::ln));
    let side = |opens: &dyn Fn(usize) -> bool| {
        let mut side = Side::new(&["A sentence."; 40], keys.clone(), runs.clone());
        side.opens = (0..40).map(opens).collect();
        side
    };
    let beads = line_by_line(40);
    let [none, each, some, others] = [
        side(&|_| false),
        side(&|_| true),
        side(&|place| place % 4 == 0),
        side(&|place| place % 4 == 1),
    ];
    for (one, other) in [
        (&none, &none),
        (&each, &each),
        (&none, &some),
        (&some, &each),
    ] {
        let learnt = Paragraphs::learn(one, other, &beads);
        assert_eq!(learnt, Paragraphs::default());
    }
    // Those that open together speak for a bead, those that never do against it.
    let score = |other: &Side, places: [usize; 2]| {
        let learnt = Paragraphs::learn(&some, other, &beads);
        learnt.score([&some, other], places.map(|place| (place, 1)))
    };
    assert!(score(&some, [4, 4]) > 0.5);
    assert!(score(&some, [5, 5]) > 0.0);
    assert!(score(&some, [4, 5]) < 0.0);
    assert!(score(&others, [4, 5]) < 0.0);
}
