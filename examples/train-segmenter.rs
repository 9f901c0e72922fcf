//! Makes the numbers in `src/segment/statistics`; `benches/records/segments.md` tells from what.
//!
//!     cargo run --release --example train-segmenter -- words fr TEXT…  > fr.words.tsv
//!     cargo run --release --example train-segmenter -- weights fr GOLD… [--sample GOLD…]
//!         [--prose TEXT…] [--without SET…] [--score SET…]  > fr.weights.tsv
//!
//! TEXT holds a sentence, a title or a paragraph a line; GOLD and SET a sentence a line. A `--sample`
//! is sentences drawn from longer texts, whose neighbours are chance: other orders of them are
//! learned from too. `--prose` adds text that the rules alone split, `--without` leaves out sentences that stand in SET, and
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
    shrinkage: 2.0,
    emphasis: 1.5,
    rounds: 600,
};
/// The other orders of a sample: every so many sentences, from the first on, then from the second.
const STRIDES: [usize; 3] = [7, 11, 5];

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
    let mut files = [const { Vec::new() }; 5];
    let mut kind = 0;
    for argument in arguments {
        match argument.as_str() {
            "--sample" => kind = 1,
            "--prose" => kind = 2,
            "--without" => kind = 3,
            "--score" => kind = 4,
            file => files[kind].push((file, std::fs::read_to_string(file)?)),
        }
    }
    let [gold, sample, prose, without, score] = &files;
    let lines = |text| {
        str::lines(text)
            .map(str::trim)
            .filter(|line| !line.is_empty())
    };
    let left_out: HashSet<&str> = without.iter().flat_map(|(_, text)| lines(text)).collect();
    let sentences = |text| lines(text).filter(|line| !left_out.contains(line));
    let mut texts: Vec<Vec<&str>> = Vec::new();
    texts.extend(gold.iter().map(|(_, text)| sentences(text).collect()));
    for (_, text) in sample {
        let kept: Vec<&str> = sentences(text).collect();
        texts.extend(STRIDES.map(|stride| reordered(&kept, stride)));
        texts.push(kept);
    }
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

/// The sentences in steps of `stride`.
fn reordered<'a>(sentences: &[&'a str], stride: usize) -> Vec<&'a str> {
    (0..stride)
        .flat_map(|first| sentences.iter().copied().skip(first).step_by(stride))
        .collect()
}
