//! `visavis align words`: what is read and written, refusals, and how far the links are those that
//! people made.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fs;
use std::path::Path;

use common::trial::Trial;
use visavis::align::word::{Aligner, Statistics, Words};
use visavis::engine::Engine;
use visavis::evaluate::words::{Counts, Links, Notation, parse};
use visavis::model::Compiled;
use visavis::model::compiled::Precision;

const PAIRS: &str = "le chat noir dort . ||| the black cat is asleep .\n\
                     je ne sais pas ||| I do not know\n\
                     \u{20}||| nothing\n\
                     rien |||\n";

fn engine(name: &str) -> Option<Engine> {
    let path = common::named_model(name, Precision::Int8)?;
    Some(Engine::new(Compiled::open(&path).unwrap()).unwrap())
}

fn both() -> Option<Aligner> {
    let forward = engine(common::MODEL)?;
    let backward = engine(common::REVERSE_MODEL)?;
    Some(Aligner::new(Some(forward), Some(backward), 2).unwrap())
}

#[test]
fn pairs_two_files_and_bitexts_are_linked_alike() {
    let Some(trial) = Trial::new() else { return };
    trial.write("pairs.txt", PAIRS);
    let links = trial.done(&["align", "words", "pairs.txt", "--one-way"]);
    let lines: Vec<&str> = links.lines().collect();
    assert_eq!(lines.len(), 4, "{links}");
    for link in ["1-2", "2-1", "4-5"] {
        assert!(lines[0].split(' ').any(|item| item == link), "{links}");
    }
    assert_eq!(lines[2..], ["", ""]);

    let learnt = trial.done(&["align", "words", "pairs.txt", "--one-way", "--learn"]);
    assert_eq!(learnt.lines().count(), 4, "{learnt}");

    let piped = trial.run_on(&["align", "words", "--one-way"], PAIRS);
    assert_eq!(piped.stdout, links);

    let side = |side: usize| -> String {
        let sides = PAIRS
            .lines()
            .map(|line| line.split("|||").nth(side).unwrap().trim());
        sides.map(|text| format!("{text}\n")).collect()
    };
    trial.write("a.fr", side(0));
    trial.write("a.en", side(1));
    assert_eq!(
        trial.done(&["align", "words", "a.fr", "a.en", "--one-way"]),
        links
    );

    // A bitext does not count punctuation as words.
    trial.done(&["align", "words", "pairs.txt", "--one-way", "-o", "a.jsonl"]);
    trial.done(&[
        "align",
        "words",
        "a.fr",
        "a.en",
        "--one-way",
        "-o",
        "b.jsonl",
    ]);
    let pairs = |name: &str| -> Vec<serde_json::Value> {
        let text = trial.read(name);
        let lines = text.lines().skip(1);
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let (a, b) = (pairs("a.jsonl"), pairs("b.jsonl"));
    assert_eq!(a.len(), 4);
    for (a, b) in a.iter().zip(&b) {
        assert_eq!(a["words"], b["words"]);
    }
    assert!(a[0].to_string().contains("[1,2]") && !a[0].to_string().contains("[4,5]"));
    let again = trial.done(&["align", "words", "a.jsonl", "--one-way"]);
    assert!(again.lines().next().unwrap().contains("1-2 2-1"), "{again}");
}

#[test]
fn compressed_pairs_are_read() {
    let Some(trial) = Trial::new() else { return };
    let lines = "le chat ||| the cat\n".repeat(3);
    let plain = trial.run_on(&["align", "words", "--no-model"], &lines);
    let packed = visavis::compression::Compression::Gzip
        .frame(lines.as_bytes())
        .unwrap();
    fs::write(trial.folder().join("pairs.txt.gz"), packed).unwrap();
    let read = trial.done(&["align", "words", "--no-model", "pairs.txt.gz"]);
    assert_eq!((read, plain.code), (plain.stdout, 0));
}

#[test]
fn what_cannot_be_linked_is_told() {
    let Some(trial) = Trial::new() else { return };
    trial.write("pairs.txt", "oui ||| yes\nnon\n");
    trial.write("a.fr", "oui\nnon\n");
    trial.write("a.en", "yes\n");
    let cases: &[(&[&str], &str)] = &[
        (
            &["pairs.txt"],
            "pairs.txt:2: has no ||| between source and target",
        ),
        (&["a.fr", "a.en"], "a.en has 1 lines but a.fr has more"),
        (&["gone.txt"], "cannot read gone.txt"),
        (&["a.fr", "a.en", "--input-format", "tsv"], "is one file"),
        (
            &["pairs.txt", "-o", "pairs.txt"],
            "would be written over itself",
        ),
    ];
    for (arguments, message) in cases {
        let mut all = vec!["align", "words", "--one-way", "--offline"];
        all.extend_from_slice(arguments);
        let ran = trial.run(&all);
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(
            ran.stderr.contains(message),
            "{arguments:?}: {}",
            ran.stderr
        );
    }
    let lonely = Trial::without_model();
    let ran = lonely.run_on(&["align", "words", "--offline"], "oui ||| yes\n");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--offline"), "{}", ran.stderr);
}

/// The links depend on the pair alone.
#[test]
fn links_do_not_depend_on_other_pairs_or_threads() {
    let Some(engine) = engine(common::MODEL) else {
        return;
    };
    let aligner = Aligner::new(Some(engine), None, 3).unwrap();
    let long = "oui , monsieur le président ".repeat(40);
    let mut pairs = vec![
        ("le chat noir dort", "the black cat is asleep"),
        ("L’Europe s’en va.", "Europe is leaving."),
        (&long, "yes , Mr. Speaker"),
        ("", "x"),
    ];
    let align = |pairs: &[(&str, &str)]| {
        let words = pairs
            .iter()
            .map(|(source, target)| (Words::of_text(source), Words::of_text(target)));
        aligner.align(&words.collect::<Vec<_>>(), &|| ()).unwrap()
    };
    let alone: Vec<_> = pairs.iter().map(|&pair| align(&[pair]).remove(0)).collect();
    assert_eq!(align(&pairs), alone);
    pairs.reverse();
    let together = align(&pairs);
    assert!(together.iter().rev().eq(&alone));
}

fn apart(pairs: &[(String, String)]) -> Vec<(Words<'_>, Words<'_>)> {
    let sides = pairs.iter();
    sides
        .map(|(source, target)| (Words::apart(source), Words::apart(target)))
        .collect()
}

/// The error rate of the links of `pairs`, whose sides are tokenised.
fn counts(aligner: &Aligner, pairs: &[(String, String)], gold: &[Links]) -> Counts {
    let links = aligner.align(&apart(pairs), &|| ()).unwrap();
    let mut counts = Counts::default();
    for (links, gold) in links.into_iter().zip(gold) {
        counts += Counts::of(gold, &links.into_iter().collect());
    }
    counts
}

#[test]
fn links_are_nearly_those_of_people() {
    let (Some(aligner), Some(data)) = (both(), common::shared("data/word-alignment")) else {
        return;
    };
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    let text = read(&data.join("hansards/en-fr.txt"));
    let pairs: Vec<(String, String)> = text
        .lines()
        .map(|line| line.split_once("|||").unwrap())
        .map(|(english, french)| (french.to_owned(), english.to_owned()))
        .collect();
    let gold = read(&data.join("hansards/gold.txt"));
    let notation = Notation {
        from_one: true,
        target_first: true,
    };
    let gold = parse("gold.txt", &gold.lines().collect::<Vec<_>>(), notation).unwrap();
    let hansards = counts(&aligner, &pairs, &gold);
    eprintln!("Hansards: AER {:.4}", hansards.error_rate());
    assert!(hansards.error_rate() <= 0.045);
    let learnt = Statistics::learn(&apart(&pairs));
    let learning = counts(&aligner.and_statistics(learnt), &pairs, &gold);
    eprintln!("learning from them: AER {:.4}", learning.error_rate());
    assert!(learning.error_rate() < hansards.error_rate() - 0.002);

    let Some(aligner) = both() else { return };
    let mut stories = Counts::default();
    for (folder, source, target) in [
        ("ChatBotte_MasterCat", "ChatBotte", "MasterCat"),
        ("LaBarbeBleue_BlueBeard", "LaBarbeBleue", "BlueBeard"),
    ] {
        let folder = data.join("stories").join(folder);
        let side = |name: &str| -> Vec<String> {
            let text = read(&folder.join(format!("{name}_sents.txt")));
            let lines = text.lines().map(|line| line.split_once('\t').unwrap().1);
            lines.map(str::to_owned).collect()
        };
        let gold = read(&folder.join(format!("ali_w2w_{source}_{target}.txt")));
        let gold: Vec<&str> = gold.lines().collect();
        let gold = parse("gold", &gold, Notation::default()).unwrap();
        let pairs: Vec<_> = side(source).into_iter().zip(side(target)).collect();
        stories += counts(&aligner, &pairs, &gold);
    }
    eprintln!("stories: AER {:.4}", stories.error_rate());
    assert!(stories.error_rate() <= 0.055);
}
