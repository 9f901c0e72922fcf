//! Sentences that are none, or not as models want them: each comes out as `docs/robustness.md` says.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashSet;

use visavis::engine::Engine;
use visavis::model::Compiled;
use visavis::model::compiled::Precision;
use visavis::text::words;
use visavis::translate::problem::Kind;
use visavis::translate::{Native, Translation, Translator};

fn native() -> Option<Native> {
    let path = common::model(Precision::Int8)?;
    let engine = Engine::new(Compiled::open(&path).unwrap()).unwrap();
    Some(Native::new(engine, 1, 2))
}

fn translate(native: &Native, sentences: &[&str]) -> Vec<Translation> {
    let translations = native.translate(sentences, &|_| ()).unwrap();
    assert_eq!(translations.len(), sentences.len());
    for (sentence, translation) in sentences.iter().zip(&translations) {
        let (sources, targets) = (words(sentence).len(), words(&translation.text).len());
        for &(source, target) in &translation.words {
            assert!((source as usize) < sources && (target as usize) < targets);
        }
    }
    translations
}

fn one(native: &Native, sentence: &str) -> Translation {
    translate(native, &[sentence]).remove(0)
}

fn kinds(translation: &Translation) -> Vec<Kind> {
    translation
        .problems
        .iter()
        .map(|problem| problem.kind)
        .collect()
}

/// The words of the target that a source word is linked to.
fn linked<'t>(source: &str, translation: &'t Translation, word: &str) -> Vec<&'t str> {
    let place = words(source)
        .into_iter()
        .position(|w| &source[w] == word)
        .unwrap();
    let targets = words(&translation.text);
    let links = translation
        .words
        .iter()
        .filter(|link| link.0 as usize == place);
    links
        .map(|link| &translation.text[targets[link.1 as usize].clone()])
        .collect()
}

#[test]
fn what_has_no_words_comes_out_as_it_is() {
    let Some(native) = native() else { return };
    let sentences = [
        "",
        " ",
        "…",
        "-",
        "/",
        "---",
        "* * *",
        "+++",
        "===",
        "$",
        "& + #",
        "%",
        "«»",
        "🙂",
        "👩‍👩‍👧 🎉",
        "\u{0}",
        "\u{feff}",
        "→",
        "№",
    ];
    for (sentence, translation) in sentences.iter().zip(translate(&native, &sentences)) {
        assert_eq!(translation.text, *sentence);
        assert_eq!(
            (kinds(&translation), translation.score),
            (vec![], None),
            "{sentence:?}"
        );
    }
}

#[test]
fn other_scripts_are_passed_through_and_told() {
    let Some(native) = native() else { return };
    for sentence in [
        "ภาษาไทยเป็นภาษาที่มีระดับเสียง",
        "ქართული ენა",
        "ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ",
        // The model knows letters of these, and would make things up.
        "Привет, мир, как дела?",
        "これは日本語です。",
    ] {
        let translation = one(&native, sentence);
        assert_eq!(translation.text, sentence);
        // Letters that the model knows, and makes nothing of.
        let told = kinds(&translation);
        assert!(
            matches!(*told, [Kind::PassedThrough] | [Kind::Empty]),
            "{told:?}"
        );
    }
}

#[test]
fn signs_at_the_ends_are_kept_and_lost_characters_are_told() {
    let Some(native) = native() else { return };
    let translation = one(&native, "🎉 Bonne année à tous ! 🥳");
    assert!(translation.text.starts_with("🎉 ") && translation.text.ends_with(" 🥳"));
    assert!(
        translation.text.contains("New Year"),
        "{}",
        translation.text
    );
    assert_eq!(kinds(&translation), []);
    let translation = one(&native, "Le mot ภาษาไทย est dans ce texte.");
    let lost = !translation.text.contains("ภาษาไทย");
    assert_eq!(kinds(&translation).contains(&Kind::UnknownCharacters), lost);
}

#[test]
fn invisible_characters_change_nothing() {
    let Some(native) = native() else { return };
    let plain = "L'ingérence russe inquiète les députés.";
    let marked = "L'ingé\u{ad}rence russe\u{200b} inquiète\u{7} les dé\u{200d}putés.\u{202c}";
    let expected = one(&native, plain);
    let translation = one(&native, marked);
    assert_eq!(translation.text, expected.text);
    assert_eq!(
        linked(marked, &translation, "russe"),
        linked(plain, &expected, "russe")
    );
}

#[test]
fn capitals_are_translated_and_stay_capitals() {
    let Some(native) = native() else { return };
    let source = "LE PRÉSIDENT MACRON DÉNONCE L'INGÉRENCE RUSSE DANS LA CAMPAGNE.";
    let translation = one(&native, source);
    let upper = translation.text.to_uppercase();
    assert_eq!(translation.text, upper);
    for word in ["PRESIDENT", "MACRON", "RUSSIAN", "INTERFERENCE", "CAMPAIGN"] {
        assert!(upper.contains(word), "{upper}");
    }
    assert_eq!(linked(source, &translation, "RUSSE"), ["RUSSIAN"]);
    assert_eq!(
        one(&native, "L'OTAN ET L'UE").text.matches("NATO").count(),
        1
    );
}

#[test]
fn references_of_html_are_read_and_written_again() {
    let Some(native) = native() else { return };
    let source = "L&#39;&eacute;t&eacute; dernier, Dupont &amp; Fils a ferm&eacute;.";
    let plain = one(&native, "L'été dernier, Dupont & Fils a fermé.");
    let translation = one(&native, source);
    let written = plain
        .text
        .replace('&', "&amp;")
        .replace('\'', "&#39;")
        .replace('é', "&eacute;");
    assert_eq!(translation.text, written);
    assert!(translation.text.contains("&amp;"), "{written}");
}

#[test]
fn what_is_no_text_stays_within_the_text() {
    let Some(native) = native() else { return };
    let key = "c2VjcmV0IGtleQ".repeat(40);
    let translation = one(&native, &format!("La clé est {key} depuis hier."));
    assert!(translation.text.contains(&key), "{}", translation.text);
    assert!(translation.text.contains("key"), "{}", translation.text);
    assert_eq!(kinds(&translation), [Kind::PassedThrough]);
}

#[test]
fn numbers_alone_are_not_made_up_for() {
    let Some(native) = native() else { return };
    let sentences = [
        "12",
        "2017",
        "1 2 3 4 5 6 7 8 9 10",
        "01 02 03 04 05 06",
        "12.5.3",
        "007",
    ];
    for (sentence, translation) in sentences.iter().zip(translate(&native, &sentences)) {
        let digits = |text: &str| {
            text.chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
        };
        assert_eq!(
            digits(&translation.text),
            digits(sentence),
            "{}",
            translation.text
        );
    }
}

/// A paragraph of so many clauses without a full stop, each with a number and a name of its own.
fn paragraph(clauses: usize) -> (String, Vec<String>, Vec<String>) {
    let names = [
        "Lyon", "Nantes", "Lille", "Rennes", "Brest", "Dijon", "Toulouse", "Bordeaux", "Grenoble",
        "Amiens",
    ];
    let acts = [
        ("le maire a reçu", "journalistes"),
        ("la police a arrêté", "manifestants"),
        ("les pompiers ont sauvé", "habitants"),
        ("le ministre a rencontré", "agriculteurs"),
        ("la région a acheté", "autobus"),
    ];
    let (mut text, mut numbers, mut cities) = (String::new(), Vec::new(), Vec::new());
    for clause in 0..clauses {
        let (act, whom) = acts[clause % acts.len()];
        let city = names[(clause * 7 + clause / 10) % names.len()];
        let number = 100 + clause * 3;
        if clause > 0 {
            text.push_str(if clause % 3 == 0 { "; " } else { ", " });
        }
        text.push_str(&format!(
            "à {city} {act} {number} {whom} venus de toute la région"
        ));
        numbers.push(number.to_string());
        cities.push(city.to_owned());
    }
    (text, numbers, cities)
}

#[test]
fn a_long_paragraph_without_a_full_stop_loses_nothing() {
    let Some(native) = native() else { return };
    let (text, numbers, cities) = paragraph(240);
    assert!(words(&text).len() > 3000);
    let translation = one(&native, &text);
    let found: HashSet<&str> = words(&translation.text)
        .into_iter()
        .map(|word| &translation.text[word])
        .collect();
    let lost: Vec<&String> = numbers
        .iter()
        .filter(|n| !found.contains(n.as_str()))
        .collect();
    assert_eq!(lost, Vec::<&String>::new());
    let mut counts: std::collections::BTreeMap<&str, (usize, usize)> = Default::default();
    for city in &cities {
        counts.entry(city).or_default().0 += 1;
    }
    for (city, count) in &mut counts {
        count.1 = translation.text.matches(city).count();
        assert_eq!(count.0, count.1, "{city}");
    }
    for (source, target) in [
        ("maire", "mayor"),
        ("police", "police"),
        ("pompiers", "firefighters"),
        ("ministre", "minister"),
        ("agriculteurs", "farmers"),
    ] {
        let (in_source, in_target) = (
            text.matches(source).count(),
            translation.text.to_lowercase().matches(target).count(),
        );
        assert!(
            in_target * 10 >= in_source * 9,
            "{target}: {in_target} for {in_source}"
        );
    }
    assert_eq!(kinds(&translation), []);
}

#[test]
fn a_megabyte_in_a_line_is_no_trouble() {
    let Some(native) = native() else { return };
    // Nothing that is worth the model's time: it would take minutes.
    let bytes = "0123456789abcdef".repeat(65_536);
    let translation = one(&native, &format!("Le fichier : {bytes}"));
    assert!(translation.text.contains(&bytes));
    let dashes = "-".repeat(1 << 20);
    assert_eq!(one(&native, &dashes).text, dashes);
}

#[test]
fn a_fault_is_mended_by_another_way() {
    let Some(path) = common::model(Precision::Int8) else {
        return;
    };
    let native = || {
        let engine = Engine::new(Compiled::open(&path).unwrap()).unwrap();
        Native::new(engine, 4, 1)
    };
    // The model says *record record*.
    let sentence = "La Chine a un record historique du taux d’incidence de COVID-19.";
    let first = one(&native().without_retries(), sentence);
    assert_eq!(kinds(&first), [Kind::Repetition], "{}", first.text);
    let kept = one(&native(), sentence);
    assert_eq!(kinds(&kept), [], "{}", kept.text);
}

#[test]
fn a_sentence_does_not_depend_on_those_beside_it() {
    let Some(native) = native() else { return };
    // One that a greedy search repeats itself on is tried again, the others not.
    let sentences = [
        "Ha ha ha ha ha ha ha ha ha, dit-il, ha ha ha ha.",
        "LES PRIX BAISSENT EN FRANCE.",
        "Le 12 mars 1998, 35 personnes et 14 chiens ont vu 7 films en 3 jours.",
        "R&eacute;publique",
        "Le chat dort.",
    ];
    let together = translate(&native, &sentences);
    for (sentence, translation) in sentences.iter().zip(&together) {
        assert_eq!(one(&native, sentence), *translation);
    }
    let mut turned = sentences;
    turned.reverse();
    let mut backwards = translate(&native, &turned);
    backwards.reverse();
    assert_eq!(backwards, together);
}
