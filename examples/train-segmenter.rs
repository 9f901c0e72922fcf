//! Makes the numbers in `src/segment/statistics`; `benches/records/segments.md` tells from what.
//!
//!     cargo run --release --example train-segmenter -- words fr TEXT…  > fr.words.tsv
//!     cargo run --release --example train-segmenter -- weights fr GOLD… [--prose TEXT…]
//!         [--without SET…] [--score SET…]  > fr.weights.tsv
//!
//! TEXT holds a sentence, a title or a paragraph a line; GOLD and SET a sentence a line. `--prose`
//! adds text that the rules alone split, `--without` leaves out sentences that stand in SET, and
//! `--score` prints the boundary scores of the new weights on standard error.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::HashSet;
use std::error::Error;

use visavis::evaluate::segments;
use visavis::language::Language;
use visavis::segment::training::{self, Settings, WordCounter};

/// How many words a list holds.
const WORDS: usize = 6000;
/// Chosen on the sets that `benches/records/segments.md` names.
const SETTINGS: Settings = Settings {
    shrinkage: 0.3,
    emphasis: 1.25,
    rounds: 600,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, language, files @ ..] = arguments.as_slice() else {
        return Err("give words or weights, a language and files".into());
    };
    let language: Language = language.parse()?;
    match what.as_str() {
        "words" => words(files),
        "weights" => weights(&language, files),
        _ => Err("give words or weights".into()),
    }
}

fn words(files: &[String]) -> Result<(), Box<dyn Error>> {
    let mut counter = WordCounter::default();
    for file in files {
        for line in std::fs::read_to_string(file)?.lines() {
            counter.add(line);
        }
    }
    print!("{}", counter.list(WORDS));
    Ok(())
}

fn weights(language: &Language, arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let mut files = [const { Vec::new() }; 4];
    let mut kind = 0;
    for argument in arguments {
        match argument.as_str() {
            "--prose" => kind = 1,
            "--without" => kind = 2,
            "--score" => kind = 3,
            file => files[kind].push((file, std::fs::read_to_string(file)?)),
        }
    }
    let [gold, prose, without, score] = &files;
    let lines = |text| {
        str::lines(text)
            .map(str::trim)
            .filter(|line| !line.is_empty())
    };
    let left_out: HashSet<&str> = without.iter().flat_map(|(_, text)| lines(text)).collect();
    let sentences = |text| lines(text).filter(|line| !left_out.contains(line));
    let mut texts: Vec<Vec<&str>> = Vec::new();
    texts.extend(gold.iter().map(|(_, text)| sentences(text).collect()));
    texts.extend(prose.iter().map(|(_, text)| {
        lines(text)
            .flat_map(|line| training::by_rules(language, line))
            .collect()
    }));
    // What the splitter borrows from is meant to be built in.
    let weights: &'static str = training::fit(language, &texts, &SETTINGS).leak();
    let splitter = training::splitter(language, weights);
    for (file, text) in score {
        let gold: Vec<&str> = lines(text).collect();
        let joined = segments::join(&gold);
        let found = segments::sentences(&joined, &splitter.split(&joined));
        let scores = segments::compare(&gold, &found)?;
        eprintln!(
            "{file}: F1 {:.4} (precision {:.4}, recall {:.4})",
            scores.f1(),
            scores.precision(),
            scores.recall()
        );
    }
    print!("{weights}");
    Ok(())
}
