//! Forced decoding on real weights: the model thinks of its own translation what it thought when it
//! made it.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use visavis::engine::forced::{Asked, Given, Probability, Scored};
use visavis::engine::{Engine, Options};
use visavis::model::Compiled;
use visavis::model::compiled::Precision;

const SENTENCES: [&str; 4] = [
    "Il pleut.",
    "La prétendue ingérence russe n'a pas été prouvée, a déclaré le porte-parole.",
    "Oui.",
    "Les partages furent bientôt faits ; ni le notaire, ni le procureur n'y furent appelés.",
];

fn engine() -> Option<Engine> {
    let path = common::model(Precision::Int8)?;
    Some(Engine::new(Compiled::open(&path).unwrap()).unwrap())
}

fn asked(threads: usize) -> Asked<'static> {
    Asked {
        heads: Some(&[1.0; 32]),
        probability: Probability::OfAll,
        threads,
    }
}

fn score(engine: &Engine, given: &[Given], threads: usize) -> Vec<Scored> {
    engine.score(given, asked(threads), &|_| ()).unwrap()
}

#[test]
fn a_translation_is_worth_what_it_was_when_it_was_made() {
    let Some(engine) = engine() else { return };
    let options = Options {
        beam_size: 1,
        threads: 1,
        shortlist: false,
        no_repeat_ngram: 0,
        attention: true,
    };
    let translated = engine.translate(&SENTENCES, &options, &|_| ()).unwrap();
    let given: Vec<Given> = translated
        .iter()
        .map(|translated| Given {
            source: translated.source.clone(),
            target: translated.target.clone(),
        })
        .collect();
    let scored = score(&engine, &given, 2);
    for (scored, translated) in scored.iter().zip(&translated) {
        let length = translated.target.len() + 1;
        let mean = scored.log_probability() / length as f32;
        assert!(
            (mean - translated.score).abs() < 1e-4,
            "{mean} {}",
            translated.score
        );
        // Links of our own translations are of the same four layers of eight heads.
        let rows = scored.attention.chunks_exact(translated.source.len() + 1);
        assert!(rows.eq(&translated.attention));
    }
    let alone: Vec<Scored> = given
        .iter()
        .map(|given| score(&engine, std::slice::from_ref(given), 1).remove(0))
        .collect();
    assert_eq!(scored, alone);
    // A better translation is more likely.
    let pieces = |source: &str, target: &str| Given {
        source: engine.tokenizer().encode(source),
        target: engine.tokenizer().encode_target(target),
    };
    let rival = [
        pieces(SENTENCES[0], "It's raining."),
        pieces(SENTENCES[0], "It is a cat."),
    ];
    let scored = score(&engine, &rival, 1);
    assert!(scored[0].log_probability() > scored[1].log_probability() + 5.0);
    // Among fewer pieces each is more likely, and which is the better stays.
    let among = Asked {
        probability: Probability::AmongGiven,
        ..asked(1)
    };
    let fewer = engine.score(&rival, among, &|_| ()).unwrap();
    for (fewer, all) in fewer.iter().zip(&scored) {
        assert_eq!(fewer.each.len(), all.each.len());
        let mut each = fewer.each.iter().zip(&all.each);
        assert!(each.all(|(fewer, all)| *fewer >= all - 1e-4));
    }
    assert!(fewer[0].log_probability() > fewer[1].log_probability() + 5.0);
}

#[test]
fn empty_and_endless_texts_are_scored_too() {
    let Some(engine) = engine() else { return };
    let long = engine.tokenizer().encode(&"oui ".repeat(2000));
    let short = engine.tokenizer().encode("oui");
    for (source, target) in [
        (Vec::new(), Vec::new()),
        (Vec::new(), short.clone()),
        (short.clone(), long.clone()),
        (long, short),
    ] {
        let given = Given { source, target };
        let scored = score(&engine, std::slice::from_ref(&given), 1).remove(0);
        let cells = given.target.len() * (given.source.len() + 1);
        assert_eq!(scored.attention.len(), cells);
        assert!(scored.log_probability().is_finite() && scored.log_probability() < 0.0);
    }
}

/// The vocabulary's order is enough to cut text nearly as the model's own table does.
#[test]
fn target_text_is_cut_as_the_opposite_model_cuts_it() {
    let (Some(engine), Some(path)) = (
        engine(),
        common::named_model(common::REVERSE_MODEL, Precision::Int8),
    ) else {
        return;
    };
    let reverse = Engine::new(Compiled::open(&path).unwrap()).unwrap();
    let Some(text) = common::shared("data/translation/flores-dev.en") else {
        return;
    };
    let text = std::fs::read_to_string(text).unwrap();
    let (mut same, mut all) = (0, 0);
    for line in text.lines() {
        let ends = |pieces: Vec<visavis::engine::tokenizer::Piece>| -> Vec<(u32, usize)> {
            pieces.iter().map(|piece| (piece.id, piece.end)).collect()
        };
        let own = ends(engine.tokenizer().encode_target(line));
        let other = ends(reverse.tokenizer().encode(line));
        all += other.len();
        same += other.iter().filter(|piece| own.contains(piece)).count();
    }
    eprintln!("{same} of {all} pieces are the same");
    assert!(same * 100 >= all * 95, "{same} of {all}");
}
