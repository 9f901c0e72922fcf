//! `visavis translate`: what is kept of a text, lines, files and streams, bitexts, refusals,
//! statistics, the same bytes however it runs, and what an end before the end leaves behind.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use common::trial::Trial;
use serde_json::Value;

const ARTICLE: &str = include_str!("../corpus/article.fr.txt");
/// Greedy search, which is quicker.
const GREEDY: &str = "--beam-size=1";

#[test]
fn all_but_the_words_of_a_text_is_kept() {
    let Some(trial) = Trial::new() else { return };
    // What is written, with % for each translated stretch.
    let cases = [
        (
            "Bonjour le monde.\n\n\n  Il pleut. Il neige.\n",
            "%\n\n\n  %\n",
        ),
        ("\tBonjour le monde.  \n \nIl pleut.", "\t%  \n \n%"),
        ("Bonjour le monde.\r\n\r\nIl pleut.\r\n", "%\r\n\r\n%\r\n"),
        ("\u{feff}Bonjour le monde.\r\nIl pleut.", "\u{feff}%\r\n%"),
        (
            " date 2017-10 Bonjour le monde.\n\nIl pleut.\n",
            " date 2017-10 %\n\n%\n",
        ),
        (
            "Date 2017-10-05\n\nBonjour le monde.\n",
            "Date 2017-10-05\n\n%\n",
        ),
        (
            "…\n\n— !!! »\n\n🙂 👩‍👩‍👧\n\n* * *\n",
            "…\n\n— !!! »\n\n🙂 👩‍👩‍👧\n\n* * *\n",
        ),
        ("", ""),
        ("\n\n \n", "\n\n \n"),
    ];
    for (text, kept) in cases {
        trial.write("a.txt", text);
        let translated = trial.done(&["translate", "a.txt", GREEDY]);
        let stretches: Vec<&str> = kept.split('%').collect();
        let mut rest = translated.as_str();
        for (number, stretch) in stretches.iter().enumerate() {
            let at = if number == 0 {
                rest.starts_with(stretch).then_some(0)
            } else if number + 1 == stretches.len() {
                rest.len()
                    .checked_sub(stretch.len())
                    .filter(|&at| rest.ends_with(stretch) && at > 0)
            } else {
                rest.find(stretch).filter(|&at| at > 0)
            };
            let at = at.unwrap_or_else(|| panic!("{text:?} became {translated:?}"));
            let words = &rest[..at];
            assert_eq!(words.trim(), words, "{text:?} became {translated:?}");
            assert!(!words.contains('\n'), "{text:?} became {translated:?}");
            rest = &rest[at + stretch.len()..];
        }
        for french in ["Bonjour", "pleut", "neige"] {
            assert!(
                !translated.contains(french),
                "{text:?} became {translated:?}"
            );
        }
    }
}

#[test]
fn lines_are_kept_one_for_one() {
    let Some(trial) = Trial::new() else { return };
    let text =
        "Bonjour.\n\n  \nLe chat dort. Le chien court.\n!!!\n\n\u{2028}Il pleut.\u{c}\n\nFin";
    for (ending, text) in [
        ("\n", text.to_owned()),
        ("\r\n", text.replace('\n', "\r\n")),
    ] {
        let lines = trial.run_on(&["translate", "--input-format", "lines", GREEDY], &text);
        assert_eq!((lines.code, &*lines.stderr), (0, ""));
        let source: Vec<&str> = text.split(ending).collect();
        let target: Vec<&str> = lines.stdout.split(ending).collect();
        assert_eq!(target.len(), source.len(), "{:?}", lines.stdout);
        for (source, target) in source.iter().zip(&target) {
            let (source, target) = (source.trim(), target.trim());
            let is_word = |text: &str| text.chars().any(char::is_alphabetic);
            if is_word(source) {
                assert!(
                    is_word(target) && source != target,
                    "{source:?}: {target:?}"
                );
            } else {
                assert_eq!(source, target);
            }
        }
        // A file whose name says so is read the same way.
        trial.write("a.fr", &text);
        assert_eq!(trial.done(&["translate", "a.fr", GREEDY]), lines.stdout);
        assert_eq!(
            trial
                .run_on(
                    &["translate", "-", "--input-format=lines", GREEDY, "-o", "-"],
                    &text
                )
                .stdout,
            lines.stdout
        );
    }
}

#[test]
fn other_encodings_become_utf8() {
    let Some(trial) = Trial::new() else { return };
    let text = "L'été dernier, la forêt a brûlé près de la frontière.";
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let expected = trial.run_on(&["translate", GREEDY], text).stdout;
    assert!(expected.contains("forest"), "{expected}");
    for bytes in [latin, utf16] {
        assert_eq!(trial.run_on(&["translate", GREEDY], bytes).stdout, expected);
    }
}

#[test]
fn several_files_go_into_a_folder_under_their_names() {
    let Some(trial) = Trial::new() else { return };
    trial.write("a.txt", "Il pleut.\n");
    trial.write("b.txt", "Il neige.\n");
    let ran = trial.run(&["translate", "a.txt", "b.txt", "-o", "en/", GREEDY]);
    assert_eq!((ran.code, &*ran.stdout), (0, ""));
    let summary = "wrote 2 files in en/: 2 lines, 4 words in ";
    assert!(ran.stderr.starts_with(summary), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1);
    let each = [trial.read("en/a.txt"), trial.read("en/b.txt")];
    assert!(
        each[0].contains("rain") && each[1].contains("snow"),
        "{each:?}"
    );
    // Without a folder they follow one another, and a folder that is there needs no slash.
    assert_eq!(
        trial.done(&["translate", "a.txt", "b.txt", GREEDY]),
        each.concat()
    );
    let quiet = trial.run(&["translate", "b.txt", "--output", "en", "--quiet", GREEDY]);
    assert_eq!((quiet.code, &*quiet.stderr), (0, ""));
    assert_eq!(trial.read("en/b.txt"), each[1]);
}

#[test]
fn what_cannot_be_done_is_refused_before_anything_is_written() {
    let Some(trial) = Trial::new() else { return };
    fs::create_dir_all(trial.folder().join("folder")).unwrap();
    fs::create_dir_all(trial.folder().join("other")).unwrap();
    trial.write("a.txt", "Il pleut.\n");
    trial.write("b.fr", "Il neige.\n");
    trial.write("other/a.txt", "Il vente.\n");
    trial.write("report.pdf", "%PDF-1.7\n");
    trial.write("doc.docx", "PK\u{3}\u{4}");
    let before = trial.names();
    let cases: &[(&[&str], &str)] = &[
        (
            &["a.txt", "b.fr", "-o", "one.txt"],
            "name a folder: one.txt/",
        ),
        (
            &["a.txt", "-o", "a.txt"],
            "a.txt would be written over itself",
        ),
        (
            &["a.txt", "-o", "./folder/../a.txt"],
            "a.txt would be written over itself",
        ),
        (
            &["other/a.txt", "-o", "other"],
            "other/a.txt would be written over itself",
        ),
        (
            &["a.txt", "-o", "a.txt", "--output-format=jsonl"],
            "would be written over itself",
        ),
        (
            &["b.fr", "-o", "b", "--output-format=moses"],
            "b.fr would be written over itself",
        ),
        (
            &["a.txt", "--stats", "a.txt"],
            "would be written over itself",
        ),
        (
            &["a.txt", "other/a.txt", "-o", "folder"],
            "two of the files would both become folder/a.txt",
        ),
        (
            &["-", "-o", "folder"],
            "- has no name to keep; give -o FILE",
        ),
        (
            &["a.txt", "-o", "nowhere/b.txt"],
            "there is no folder nowhere",
        ),
        (
            &["a.txt", "-o", "nowhere/b.tmx"],
            "there is no folder nowhere",
        ),
        (
            &["a.txt", "-o", "folder", "--output-format=html"],
            "folder is a folder",
        ),
        (&["folder"], "folder holds no files"),
        (&["missing.txt"], "cannot read missing.txt"),
        (&["report.pdf"], "report.pdf is a PDF, not plain text"),
        (&["doc.docx"], "zip archive"),
        (
            &["a.txt", "--model", "nothing"],
            "“nothing” is neither an installed model nor a folder",
        ),
        (
            &["a.txt", "--model", "folder"],
            "an OPUS-MT one has a config.json",
        ),
        (
            &["a.txt", "--from", "xh"],
            "no model translates from xh to en",
        ),
        (
            &["a.txt", "--model", "opus-mt-fr-en", "--to", "de"],
            "opus-mt-fr-en",
        ),
        (&["a.txt", "--from", "French!"], "is no language code"),
        (&["a.txt", "--beam-size", "0"], "0 is not in 1..=64"),
        (
            &["a.txt", "--threads", "none"],
            "invalid value 'none' for '--threads <N>'",
        ),
        (
            &["a.txt", "--threads"],
            "a value is required for '--threads <N>'",
        ),
        (
            &["a.txt", "--output-format", "docx"],
            "[possible values: text, jsonl, tsv, tmx, moses, html]",
        ),
        (
            &["a.txt", "--colour", "never"],
            "unexpected argument '--colour'",
        ),
        (&["a.txt", "--quiet", "--verbose"], "cannot be used with"),
    ];
    for (arguments, message) in cases {
        let ran = trial.run(&[&["translate"], *arguments].concat());
        assert_eq!((ran.code, &*ran.stdout), (2, ""), "{arguments:?}");
        assert!(
            ran.stderr.starts_with("error: "),
            "{arguments:?}: {}",
            ran.stderr
        );
        assert!(
            ran.stderr.contains(message),
            "{arguments:?}: {}",
            ran.stderr
        );
        assert_eq!(trial.names(), before, "{arguments:?}");
    }
    assert_eq!(trial.read("a.txt"), "Il pleut.\n");
    assert_eq!(trial.read("b.fr"), "Il neige.\n");
}

#[test]
fn offline_without_a_model_says_what_to_do() {
    let trial = Trial::without_model();
    trial.write("a.txt", "Il pleut.\n");
    let ran = trial.run(&["translate", "a.txt", "--offline", "-o", "b.txt"]);
    assert_eq!((ran.code, &*ran.stdout), (2, ""));
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    for part in [
        "opus-mt-fr-en",
        "--offline",
        "`visavis models pull opus-mt-fr-en`",
    ] {
        assert!(ran.stderr.contains(part), "{}", ran.stderr);
    }
    assert_eq!(trial.names(), ["a.txt"]);
}

#[test]
fn bitexts_are_read_back() {
    let Some(trial) = Trial::new() else { return };
    trial.write("a.txt", ARTICLE);
    let text = trial.done(&["translate", "a.txt", GREEDY]);
    let ran = trial.run(&["translate", "a.txt", "-o", "a.jsonl", GREEDY]);
    assert_eq!((ran.code, &*ran.stdout), (0, ""));
    assert!(ran.stderr.starts_with("wrote a.jsonl: "), "{}", ran.stderr);
    let jsonl = trial.read("a.jsonl");
    let schema: Value = serde_json::from_str(include_str!("../docs/bitext.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let lines: Vec<Value> = jsonl
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for line in &lines {
        assert!(schema.is_valid(line), "{line}");
    }
    assert_eq!(lines[0]["documents"][0]["date"], "2017-10");
    let mut rest = text.as_str();
    for pair in &lines[1..] {
        let target = pair["target"][0]["text"].as_str().unwrap();
        let at = rest
            .find(target)
            .unwrap_or_else(|| panic!("not in the text: {target}"));
        rest = &rest[at + target.len()..];
        assert!(!pair["words"].as_array().unwrap().is_empty(), "{pair}");
        assert!(pair["score"].as_f64().unwrap() < 0.0, "{pair}");
    }
    // Every format gives the same bitext back; a Moses pair its texts.
    for other in ["b.tsv", "b.tmx", "b.html"] {
        trial.done(&["translate", "a.txt", "-o", other, GREEDY]);
        trial.done(&["convert", other, "back.jsonl"]);
        assert_eq!(trial.read("back.jsonl"), jsonl, "{other}");
        let format = other.split_once('.').unwrap().1;
        let streamed = trial.done(&["translate", "a.txt", "--output-format", format, GREEDY]);
        assert_eq!(streamed, trial.read(other));
    }
    let ran = trial.run(&[
        "translate",
        "a.txt",
        "-o",
        "m",
        "--output-format=moses",
        GREEDY,
    ]);
    assert_eq!((ran.code, &*ran.stdout), (0, ""));
    assert!(ran.stderr.starts_with("a Moses pair holds the texts alone"));
    assert!(ran.stderr.ends_with("m.fr, m.en: 11 pairs\n"));
    trial.done(&["convert", "m.fr", "m.en", "m.jsonl"]);
    let moses = trial.read("m.jsonl");
    for (line, pair) in moses.lines().zip(&lines).skip(1) {
        let line: Value = serde_json::from_str(line).unwrap();
        for side in ["source", "target"] {
            assert_eq!(line[side][0]["text"], pair[side][0]["text"]);
        }
    }
    assert_eq!(moses.lines().count(), lines.len());
}

#[test]
fn statistics_say_what_was_done() {
    let Some(trial) = Trial::new() else { return };
    trial.write("a.txt", "Le chat dort. Il pleut.\n\nBonjour à tous !\n");
    let text = trial.done(&[
        "translate",
        "a.txt",
        "--stats",
        "s.json",
        "--threads=1",
        GREEDY,
    ]);
    assert_eq!(text.lines().count(), 3);
    let stats: Value = serde_json::from_str(&trial.read("s.json")).unwrap();
    let mut keys: Vec<&str> = stats
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    let expected = [
        "load_seconds",
        "memory_hits",
        "model",
        "options",
        "peak_rss_bytes",
        "sentences",
        "source_words",
        "translate_seconds",
    ];
    assert_eq!(keys, expected);
    assert_eq!(stats["source_words"], 8);
    assert_eq!(stats["sentences"], 3);
    assert_eq!(stats["model"], "opus-mt-fr-en");
    for (key, value) in [
        ("from", "fr".into()),
        ("to", "en".into()),
        ("beam_size", 1.into()),
        ("threads", Value::from(1)),
    ] {
        assert_eq!(stats["options"][key], value, "{key}");
    }
    assert!(stats["options"]["kernel"].is_string());
    assert!(stats["load_seconds"].is_f64() && stats["translate_seconds"].is_f64());
    if cfg!(target_os = "linux") {
        // The weights alone are 77 MB.
        let peak = stats["peak_rss_bytes"].as_u64().unwrap();
        assert!((70_000_000..4_000_000_000).contains(&peak), "{peak}");
    }
}

#[test]
fn threads_and_files_change_no_byte() {
    let Some(trial) = Trial::new() else { return };
    let paragraphs: Vec<&str> = ARTICLE.split_inclusive("\n\n").collect();
    let (first, second) = paragraphs.split_at(paragraphs.len() / 2);
    trial.write("whole.txt", ARTICLE);
    trial.write("first.txt", first.concat());
    trial.write("second.txt", second.concat());
    let beam = "--beam-size=2";
    let whole = trial.done(&["translate", "whole.txt", "--threads=1", beam]);
    assert_eq!(
        trial.done(&["translate", "whole.txt", "--threads=2", beam]),
        whole
    );
    for threads in ["--threads=1", "--threads=3"] {
        let parts = trial.done(&["translate", "first.txt", "second.txt", threads, beam]);
        assert_eq!(parts, whole, "{threads}");
    }
    let apart = ["first.txt", "second.txt"].map(|file| trial.done(&["translate", file, beam]));
    assert_eq!(apart.concat(), whole);

    // Scores and word links neither, whatever stands beside a sentence.
    let pairs = |files: &[&str]| -> Vec<(Value, Value, Value)> {
        let arguments = [&["translate", "--output-format=jsonl", beam], files].concat();
        let lines = trial.done(&arguments);
        let pairs = lines
            .lines()
            .skip(1)
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        pairs
            .map(|pair| {
                (
                    pair["target"][0]["text"].clone(),
                    pair["score"].clone(),
                    pair["words"].clone(),
                )
            })
            .collect()
    };
    let together = pairs(&["whole.txt", "--threads=1"]);
    let apart = [pairs(&["first.txt"]), pairs(&["second.txt", "--threads=2"])].concat();
    assert_eq!(together, apart);
}

#[test]
fn a_sentence_longer_than_the_model_takes_keeps_both_ends() {
    let Some(trial) = Trial::new() else { return };
    // One sentence of over 511 pieces, each clause with a name of its own.
    let names = [
        "Paris",
        "Berlin",
        "Madrid",
        "Rome",
        "Vienne",
        "Prague",
        "Oslo",
        "Dublin",
        "Lisbonne",
        "Tokyo",
        "Moscou",
        "Athènes",
        "Varsovie",
        "Budapest",
        "Helsinki",
        "Stockholm",
        "Londres",
        "Bruxelles",
    ];
    let events = [
        "le maire de {} a présenté un nouveau budget pour les écoles de la ville",
        "les habitants de {} ont demandé davantage de trains pour aller au travail le matin",
        "un musée de {} a retrouvé un tableau qui avait disparu pendant la guerre",
    ];
    let clauses: Vec<String> = (0..names.len() * 2)
        .map(|n| events[n % 3].replace("{}", names[n % names.len()]))
        .collect();
    let text = format!(
        "Hier matin, {}, et enfin la reine est partie.\n",
        clauses.join(", ")
    );
    assert!(text.split_whitespace().count() > 450);
    trial.write("long.txt", &text);
    let stats = ["--stats", "s.json"];
    let translated = trial.done(&[&["translate", "long.txt", GREEDY], stats.as_slice()].concat());
    let stats: Value = serde_json::from_str(&trial.read("s.json")).unwrap();
    assert_eq!(stats["sentences"], 1);
    assert_eq!(translated.lines().count(), 1);
    assert!(translated.starts_with("Yesterday morning"), "{translated}");
    assert!(
        translated.trim_end().ends_with('.') && translated.contains("queen"),
        "{translated}"
    );
    for (city, english) in [
        ("Paris", "Paris"),
        ("Prague", "Prague"),
        ("Moscou", "Moscow"),
        ("Helsinki", "Helsinki"),
        ("Londres", "London"),
    ] {
        let (asked, got) = (
            text.matches(city).count(),
            translated.matches(english).count(),
        );
        assert_eq!(got, asked, "{city}: {translated}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let Some(trial) = Trial::new() else { return };
    trial.write("a.txt", ARTICLE);
    for format in ["text", "jsonl", "tsv", "tmx", "html"] {
        let mut child = trial.spawned(
            &["translate", "a.txt", GREEDY, "--output-format", format],
            Stdio::piped(),
        );
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    let Some(trial) = Trial::new() else { return };
    trial.write("a.txt", "Il pleut.\n");
    for format in ["text", "jsonl", "tsv", "tmx", "html"] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = Command::new(assert_cmd::cargo::cargo_bin("visavis"))
            .current_dir(trial.folder())
            .env("VISAVIS_MODELS", trial.store())
            .args(["translate", "a.txt", GREEDY, "--output-format", format])
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{format}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("No space left on device"), "{format}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_what_was_there_where_a_run_cannot_go_on() {
    let Some(trial) = Trial::new() else { return };
    let sentences: String = (0..4000)
        .map(|n| format!("Le train numéro {n} arrive ce soir à la gare de Lyon.\n"))
        .collect();
    trial.write("a.fr", sentences);
    trial.write("old.html", "as it was\n");
    for output in ["new.html", "old.html"] {
        let arguments = [
            "translate",
            "a.fr",
            "-o",
            output,
            "--stats=s.json",
            "--threads=1",
            "-v",
        ];
        let mut child = trial.spawned(&arguments, Stdio::piped());
        let mut said = BufReader::new(child.stderr.take().unwrap());
        // The model is open and the work begins.
        let mut line = String::new();
        while !line.contains("instructions") {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "it ended too soon");
        }
        let killed = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .unwrap();
        assert!(killed.success());
        let mut rest = String::new();
        said.read_to_string(&mut rest).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
        assert_eq!(rest, "");
        assert_eq!(trial.names(), ["a.fr", "old.html"]);
        assert_eq!(trial.read("old.html"), "as it was\n");
    }
}

#[test]
fn streams_and_colours_are_as_asked() {
    let Some(trial) = Trial::new() else { return };
    trial.write("a.txt", "Il pleut.\n");
    let plain = trial.done(&["translate", "a.txt", GREEDY]);
    let verbose = trial.run(&["translate", "a.txt", GREEDY, "-v", "--threads=2"]);
    assert_eq!(verbose.stdout, plain);
    for part in ["opus-mt-fr-en, 2 threads", "2 words in"] {
        assert!(verbose.stderr.contains(part), "{}", verbose.stderr);
    }
    trial.write("broken.txt", b"\xef\xbb\xbfIl pl\xffeut.\n");
    let quiet = trial.run(&["translate", "broken.txt", GREEDY, "-q"]);
    assert_eq!((quiet.code, &*quiet.stderr), (0, ""));
    let told = trial.run(&["translate", "broken.txt", GREEDY]);
    assert!(
        told.stderr.starts_with("warning: broken.txt:1: "),
        "{}",
        told.stderr
    );
    let error = |color: &[&str], no_color: bool| {
        let mut command = trial.visavis(&[&["translate", "missing.txt"], color].concat());
        if no_color {
            command.env("NO_COLOR", "1");
        }
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    assert!(error(&["--color=always"], true).contains("\u{1b}["));
    for plain in [
        error(&["--color=never"], false),
        error(&[], true),
        error(&[], false),
    ] {
        assert!(
            plain.starts_with("error: cannot read missing.txt"),
            "{plain}"
        );
    }
}
