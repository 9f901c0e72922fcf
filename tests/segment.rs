//! `visavis segment` and `visavis evaluate segments`.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::time::{Duration, Instant};

use assert_cmd::Command;
use predicates::str::contains;
use serde_json::Value;

fn visavis(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("visavis").unwrap();
    command.args(arguments);
    command
}

fn output(arguments: &[&str], input: &[u8]) -> String {
    let assert = visavis(arguments).write_stdin(input).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

#[test]
fn the_article() {
    let article = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/article.fr.txt");
    insta::assert_snapshot!(output(&["segment", article], b""));
}

#[test]
fn json_lines_hold_places_in_code_points() {
    let text = "« Été » 𝄞 à Paris. Il pleut.\n\nM. Élu est là ! Fin.\n";
    let blocks = ["« Été » 𝄞 à Paris. Il pleut.", "M. Élu est là ! Fin."];
    let found = output(&["segment", "--output-format", "jsonl"], text.as_bytes());
    let sentences: Vec<Value> = found
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let texts: Vec<&str> = sentences
        .iter()
        .map(|s| s["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        ["« Été » 𝄞 à Paris.", "Il pleut.", "M. Élu est là !", "Fin."]
    );
    for sentence in &sentences {
        let number = |key: &str| usize::try_from(sentence[key].as_u64().unwrap()).unwrap();
        let block = blocks[number("block")].chars();
        let (start, end) = (number("start"), number("end"));
        let place: String = block.skip(start).take(end - start).collect();
        assert_eq!(place, sentence["text"].as_str().unwrap());
        assert_eq!(sentence["document"], "-");
    }
}

#[test]
fn a_sentence_a_line_and_empty_lines_stay() {
    let lines = ["segment", "--input-format", "lines"];
    assert_eq!(
        output(&lines, "Un. Deux.\r\n\n\nTrois\u{2028}et demi".as_bytes()),
        "Un.\nDeux.\n\n\nTrois et demi\n"
    );
    assert_eq!(output(&["segment"], b""), "");
    assert_eq!(
        output(&["segment"], "Titre\n\nTexte.\n".as_bytes()),
        "Titre\nTexte.\n"
    );
    let english = ["segment", "--from", "en"];
    let text = "Mr. Smith paid 3.5 million. He left.";
    assert_eq!(
        output(&english, text.as_bytes()),
        "Mr. Smith paid 3.5 million.\nHe left.\n"
    );
}

#[test]
fn a_file_is_written_and_wrong_input_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.txt");
    let name = file.to_str().unwrap();
    assert_eq!(output(&["segment", "-o", name], "Oui. Non.".as_bytes()), "");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "Oui.\nNon.\n");
    let refused = |arguments: &[&str], message: &str| {
        let assert = visavis(arguments).write_stdin(&b"%PDF-1.7"[..]).assert();
        assert.code(2).stdout("").stderr(contains(message));
    };
    refused(&["segment"], "is a PDF, not plain text");
    refused(&["segment", "/no/such/file"], "cannot read /no/such/file");
    refused(&["segment", "--from", "french"], "is no language code");
}

#[test]
fn long_blocks_take_linear_time() {
    let sentence = "Le 3 mars, M. Durand a dit « non » à l'U.E. (sic) ; puis il est parti... ";
    let texts = [
        sentence.repeat(5_000_000 / sentence.len()),
        "mot ".repeat(250_000),
        ".".repeat(1_000_000),
        "\" ".repeat(500_000),
        "«".repeat(500_000),
        "Titre ".repeat(160_000),
    ];
    for text in texts {
        let start = Instant::now();
        output(&["segment", "--input-format", "lines"], text.as_bytes());
        let time = start.elapsed();
        let opening: String = text.chars().take(10).collect();
        assert!(time < Duration::from_secs(60), "{opening}: {time:?}");
    }
}

fn scores(arguments: &[&str]) -> Value {
    let json = ["evaluate", "segments", "--output-format", "json"];
    let arguments: Vec<&str> = json.iter().chain(arguments).copied().collect();
    serde_json::from_str(&output(&arguments, b"")).unwrap()
}

#[test]
fn boundaries_are_scored_and_other_texts_refused() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let gold = write("gold.txt", "Il est là.\nM. Durand part.\n\nFin.\n");
    let other = write("other.txt", "Il est là.\nM.\nDurand part. Fin.\n");
    let wrong = write("wrong.txt", "Il est ici.\n");
    let own = scores(&[&gold, &gold, "--from", "fr"]);
    assert_eq!(own[1]["f1"], 1.0);
    assert_eq!(own[0]["gold"], 2);
    let theirs = scores(&[&gold, "--hypothesis", &other]);
    assert_eq!(
        (&theirs[0]["precision"], &theirs[0]["recall"]),
        (&0.5.into(), &0.5.into())
    );
    let refused = |arguments: &[&str], message: &str| {
        let assert = visavis(&["evaluate", "segments"]).args(arguments).assert();
        assert.code(2).stdout("").stderr(contains(message));
    };
    refused(
        &[&gold, "--hypothesis", &wrong],
        "line 1 of the hypothesis reads “ici.”",
    );
    refused(
        &[&gold, &gold, "--hypothesis", &other],
        "give --hypothesis once for each",
    );
    refused(&[&write("empty.txt", "\n")], "nothing to score");
}

/// What the best of pysbd, Moses, sentencex and Punkt reach (`benches/records/segments.md`).
const PEERS: [(&str, f64); 4] = [
    ("fr_sequoia-ud-test", 0.871),
    ("fr_sequoia-ud-dev", 0.912),
    ("fr_gsd-ud-dev", 0.981),
    ("en_ewt-ud-dev", 0.837),
];

#[test]
fn better_than_each_peer_on_every_set() {
    let Some(data) = common::shared("data/segmentation") else {
        return;
    };
    for (set, peers) in PEERS {
        let gold = data.join(format!("{set}.txt"));
        let own = scores(&[gold.to_str().unwrap(), "--from", &set[..2]]);
        let f1 = own[0]["f1"].as_f64().unwrap();
        assert!(f1 > peers, "{set}: {f1} but the best peer {peers}");
    }
}
