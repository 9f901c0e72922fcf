//! The sentence encoder against golden vectors of its NumPy reference (`scripts/encoder-golden.py`).

#![allow(clippy::unwrap_used)]

mod common;

use serde::Deserialize;
use visavis::encoder::{Features, SentenceEncoder};

#[derive(Deserialize)]
struct Golden {
    text: String,
    pieces: Vec<u32>,
    vector: Vec<f32>,
}

fn goldens() -> Vec<Golden> {
    let lines = include_str!("cases/encoder/use-m3.jsonl").lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn encoder() -> Option<SentenceEncoder> {
    Some(SentenceEncoder::open(&common::encoder()?).unwrap())
}

#[test]
fn vectors_are_those_of_the_reference() {
    let Some(encoder) = encoder() else { return };
    let goldens = goldens();
    let texts: Vec<&str> = goldens.iter().map(|golden| &*golden.text).collect();
    let vectors = encoder.encode(&texts);
    for (golden, vector) in goldens.iter().zip(vectors.chunks(encoder.width())) {
        assert_eq!(
            encoder.pieces(&golden.text),
            golden.pieces,
            "{}",
            golden.text
        );
        for (found, expected) in vector.iter().zip(&golden.vector) {
            let difference = (found - expected).abs();
            assert!(difference < 1e-3, "{}: {found} for {expected}", golden.text);
        }
    }
}

#[test]
fn a_vector_does_not_depend_on_the_texts_beside_it() {
    let Some(encoder) = encoder() else { return };
    let goldens = goldens();
    let texts: Vec<&str> = goldens.iter().map(|golden| &*golden.text).collect();
    let together = encoder.encode(&texts);
    for (text, vector) in texts.iter().zip(together.chunks(encoder.width())) {
        assert_eq!(encoder.encode(&[text]), vector, "{text}");
    }
}

#[test]
fn translations_lie_near_each_other() {
    let Some(encoder) = encoder() else { return };
    let goldens = goldens();
    let vectors: Vec<Vec<f32>> = goldens
        .iter()
        .map(|golden| encoder.encode(&[&golden.text]))
        .collect();
    let cosine = |one: usize, other: usize| -> f32 {
        vectors[one]
            .iter()
            .zip(&vectors[other])
            .map(|(x, y)| x * y)
            .sum()
    };
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        assert!(cosine(one, other) > 0.8, "{}", cosine(one, other));
        assert!(cosine(one, 4) < 0.5, "{}", cosine(one, 4));
    }
}

#[test]
fn runs_have_the_vectors_of_their_texts() {
    let Some(encoder) = encoder() else { return };
    let sentences = [
        "Le général Dupont arriva à Marseille à 7 heures du matin.",
        "Oui.",
        "Il repartit pour Toulon sans avoir dit un seul mot à personne.",
        "On ne le revit jamais plus dans cette ville-là.",
    ];
    let pieces: Vec<Vec<u32>> = sentences.iter().map(|text| encoder.pieces(text)).collect();
    let features = encoder.features(&pieces);
    let sums: Vec<_> = Features::runs(&features).collect();
    for (length, vector) in (1..).zip(encoder.vectors(&sums).chunks(encoder.width())) {
        let expected = encoder.encode(&[&sentences[..length].join(" ")]);
        let cosine: f32 = vector.iter().zip(&expected).map(|(x, y)| x * y).sum();
        // The short sentence's pieces see no further than its ends.
        assert!(cosine > 0.995, "{length}: {cosine}");
    }
    let sums: Vec<_> = Features::runs(&features[2..]).collect();
    let expected = encoder.encode(&[&sentences[2..].join(" ")]);
    let vectors = encoder.vectors(&sums);
    for (found, expected) in vectors[encoder.width()..].iter().zip(&expected) {
        assert!((found - expected).abs() < 1e-4, "{found} for {expected}");
    }
}

#[test]
fn nothing_has_a_vector_too() {
    let Some(encoder) = encoder() else { return };
    assert!(encoder.encode(&[""]).iter().all(|x| x.is_finite()));
    assert!(encoder.encode(&[]).is_empty());
}
