//! The lexicon that comes with the program: whole, sound, and finding what it says it finds.

use std::cell::LazyCell;
use std::collections::HashSet;

use visavis::terms::{Entry, Lexicon, Tongue, find};

fn lexicon() -> Lexicon {
    Lexicon::builtin().unwrap_or_else(|error| panic!("{error}"))
}

fn finds(lexicon: &Lexicon, entry: &Entry, text: &str) -> bool {
    let finds = find(text, lexicon, entry.tongue);
    finds.iter().any(|f| f.entry.id == entry.id)
}

#[test]
fn it_is_rich_and_every_entry_is_complete() {
    let lexicon = lexicon();
    assert!(lexicon.entries().len() >= 1_200);
    let mut ids = HashSet::new();
    for entry in lexicon.entries() {
        assert!(ids.insert(&entry.id), "{}", entry.id);
        assert!(
            entry.reason.ends_with('.'),
            "{}: {}",
            entry.id,
            entry.reason
        );
        let rendered = entry.tongue == Tongue::French;
        assert_eq!(!entry.keep.is_empty(), rendered, "{}", entry.id);
        for rendering in [&entry.keep, &entry.soften, &entry.strengthen]
            .into_iter()
            .flatten()
        {
            assert!(
                rendering.pattern().is_some(),
                "{}: {}",
                entry.id,
                rendering.written
            );
        }
        assert!(
            !entry.forms.is_empty() || !entry.examples.is_empty(),
            "{}: an entry with patterns needs an example",
            entry.id
        );
    }
}

#[test]
fn every_entry_finds_its_forms_and_examples() {
    let lexicon = lexicon();
    let mut missed = Vec::new();
    for entry in lexicon.entries() {
        // A longer neighbour may win, so that what is not found is tried without the others.
        let alone = LazyCell::new(|| lexicon.only(&entry.id));
        for form in &entry.forms {
            for text in [
                form.clone(),
                form.to_uppercase(),
                format!("Voici « {form} », ici"),
            ] {
                if !finds(&lexicon, entry, &text) && !finds(&alone, entry, &text) {
                    missed.push(format!("{}: form {text}", entry.id));
                }
            }
        }
        for example in &entry.examples {
            if !finds(&lexicon, entry, example) {
                missed.push(format!("{}: example {example}", entry.id));
            }
        }
        for counterexample in &entry.counterexamples {
            if finds(&lexicon, entry, counterexample) {
                missed.push(format!("{}: counterexample {counterexample}", entry.id));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn no_rendering_stands_in_two_lists() {
    for entry in lexicon().entries() {
        let mut seen = HashSet::new();
        for rendering in entry
            .keep
            .iter()
            .chain(&entry.soften)
            .chain(&entry.strengthen)
        {
            assert!(
                seen.insert(rendering.written.to_lowercase()),
                "{}: {}",
                entry.id,
                rendering.written
            );
        }
    }
}
