//! `visavis translate` on corpora: runs that are killed and go on, Ctrl-C, folders, compressed
//! files, fields and columns, problems, progress.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use common::trial::Trial;
use serde_json::Value;

/// Greedy search, which is quicker.
const GREEDY: &str = "--beam-size=1";

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

/// All files below a folder, hidden ones too.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let below = contents(&path).into_iter();
            all.extend(below.map(|(file, bytes)| (format!("{name}/{file}"), bytes)));
        } else {
            all.push((name, fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

/// A folder of a few formats, each sentence another.
fn sample(trial: &Trial) {
    let sentence = |n: usize| format!("Le train {n} arrive à la gare.");
    let lines =
        |from: usize, to: usize| -> String { (from..to).map(|n| sentence(n) + "\n").collect() };
    fs::create_dir_all(trial.folder().join("in/b")).unwrap();
    trial.write("in/a.fr", lines(0, 120));
    trial.write("in/b/text.txt", lines(120, 150).replace('\n', "\n\n"));
    let posts: String = (150..220)
        .map(|n| format!("{{\"id\":{n},\"body\":\"{}\"}}\n", sentence(n)))
        .collect();
    trial.write("in/b/posts.jsonl", posts);
    trial.write("in/c.fr.gz", gzip(lines(220, 300).as_bytes()));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    visavis::compression::Compression::Gzip
        .frame(bytes)
        .unwrap()
}

fn unpacked(path: &Path) -> String {
    let file = fs::File::open(path).unwrap();
    let mut text = String::new();
    visavis::compression::reader(Box::new(file))
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[cfg(unix)]
#[test]
fn killed_at_fifty_points_it_writes_the_same_bytes() {
    let Some(trial) = Trial::new() else { return };
    sample(&trial);
    kill_and_compare(&trial, &["--field=body"], 50);
}

#[cfg(unix)]
#[test]
fn killed_while_it_writes_bitexts_it_writes_the_same_bytes() {
    let Some(trial) = Trial::new() else { return };
    sample(&trial);
    // Tables give no bitexts, and are left out.
    kill_and_compare(&trial, &["--output-format=tmx"], 15);
    let written = contents(&trial.folder().join("whole"));
    let names: Vec<&str> = written.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["a.fr.tmx", "b/text.txt.tmx", "c.fr.gz.tmx"]);
}

/// Kills the translation of the sample at so many points; what it gives in the end is what it gives
/// where it is left in peace.
#[cfg(unix)]
fn kill_and_compare(trial: &Trial, options: &[&'static str], most_kills: usize) {
    let command = |output: &'static str, report: &'static str| {
        let own = [
            "translate",
            "in",
            "-o",
            output,
            GREEDY,
            "--window=24",
            "--report",
            report,
            "--threads=2",
        ];
        [&own, options].concat()
    };
    trial.done(&command("whole/", "whole.json"));
    let start = std::time::Instant::now();
    trial.done(&command("whole/", "whole.json"));
    // As long as all kills together leave it, and half as long again.
    let whole = start.elapsed();
    let mut dice = Dice(7);
    let mut kills = 0;
    let mut unfinished = 0;
    let mut done = false;
    while kills < most_kills {
        let mut child = trial.spawned(&command("torn/", "torn.json"), Stdio::null());
        let most = (whole.as_millis() as u64 / 4).max(40);
        std::thread::sleep(Duration::from_millis(dice.below(most)));
        child.kill().unwrap();
        done = child.wait().unwrap().success();
        kills += 1;
        if done {
            // It was done before the kill: the next ones kill another run.
            assert_same(trial);
            fs::remove_dir_all(trial.folder().join("torn")).unwrap();
        } else if trial.folder().join("torn/.visavis-journal").exists() {
            unfinished += 1;
        }
    }
    assert!(
        unfinished > most_kills / 5,
        "only {unfinished} kills met a run at work"
    );
    if !done {
        trial.done(&command("torn/", "torn.json"));
    }
    if trial.folder().join("torn").exists() {
        assert_same(trial);
    }
}

fn assert_same(trial: &Trial) {
    let (torn, whole) = (trial.folder().join("torn"), trial.folder().join("whole"));
    let (torn, whole) = (contents(&torn), contents(&whole));
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&torn), names(&whole));
    for ((name, torn), (_, whole)) in torn.iter().zip(&whole) {
        assert!(torn == whole, "{name} differs");
    }
    assert_eq!(trial.read("torn.json"), trial.read("whole.json"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_finishes_the_batch_and_the_same_command_goes_on() {
    let Some(trial) = Trial::new() else { return };
    let lines: String = (0..1500)
        .map(|n| format!("Le train numéro {n} arrive ce soir à la gare de Lyon.\n"))
        .collect();
    trial.write("a.fr", lines);
    let command = [
        "translate",
        "a.fr",
        "-o",
        "a.en",
        GREEDY,
        "--window=200",
        "--progress=json",
    ];
    let mut child = trial.spawned(&command, Stdio::null());
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    assert!(said.read_line(&mut line).unwrap() > 0);
    let progress: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(progress["done"], false);
    let interrupt = || {
        let pid = child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &pid])
                .status()
                .unwrap()
                .success()
        );
    };
    interrupt();
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
    assert!(rest.contains("Ctrl-C again stops at once"), "{rest}");
    assert!(rest.contains("the same command goes on"), "{rest}");
    assert_eq!(
        trial.names(),
        [".a.en.visavis-journal", ".a.en.visavis-part", "a.fr"]
    );

    // Another option is noticed, and so is another process.
    let other = trial.run(&[
        "translate",
        "a.fr",
        "-o",
        "a.en",
        "--beam-size=2",
        "--window=200",
    ]);
    assert_eq!(other.code, 2);
    assert!(
        other
            .stderr
            .contains("its search was beam-size 1, and is beam-size 2 now"),
        "{}",
        other.stderr
    );
    let ran = trial.run(&command[..6]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("of an earlier run"), "{}", ran.stderr);
    assert_eq!(trial.names(), ["a.en", "a.fr"]);
    assert_eq!(trial.read("a.en").lines().count(), 1500);
    for (n, line) in trial.read("a.en").lines().enumerate() {
        assert!(line.contains(&n.to_string()), "line {n}: {line}");
    }
}

#[test]
fn bitexts_are_compressed_both_ways() {
    let Some(trial) = Trial::new() else { return };
    trial.write("a.fr", "Bonjour le monde.\n\nIl pleut.\n");
    trial.done(&["translate", "a.fr", "-o", "a.jsonl", GREEDY]);
    let expected = trial.read("a.jsonl");
    assert_eq!(expected.lines().count(), 4);
    for packed in ["b.jsonl.zst", "b.tsv.gz", "b.tmx.xz"] {
        trial.done(&["translate", "a.fr", "-o", packed, GREEDY]);
        assert!(std::str::from_utf8(&fs::read(trial.folder().join(packed)).unwrap()).is_err());
        trial.done(&["convert", packed, "back.jsonl"]);
        assert_eq!(trial.read("back.jsonl"), expected, "{packed}");
        trial.done(&["convert", "a.jsonl", packed]);
        trial.done(&["convert", packed, "back.jsonl"]);
        assert_eq!(trial.read("back.jsonl"), expected, "{packed}");
    }
}

#[test]
fn streams_are_compressed_both_ways() {
    let Some(trial) = Trial::new() else { return };
    let text = "Bonjour le monde.\nIl pleut.\n";
    trial.write("a.fr", text);
    let plain = trial.done(&["translate", "a.fr", GREEDY]);
    trial.write("a.fr.gz", gzip(text.as_bytes()));
    for output in ["b.en.gz", "b.en.zst", "b.en.xz", "b.en.bz2", "b.en"] {
        let ran = trial.run(&["translate", "a.fr.gz", "-o", output, GREEDY]);
        assert_eq!((ran.code, &*ran.stdout), (0, ""), "{}", ran.stderr);
        assert!(
            ran.stderr
                .starts_with(&format!("wrote {output}: 2 lines, 5 words in "))
        );
        let path = trial.folder().join(output);
        assert_eq!(unpacked(&path), plain);
        // What it is compressed as is seen, whatever its name.
        fs::rename(&path, trial.folder().join("c.fr")).unwrap();
        assert_eq!(
            trial.done(&["translate", "c.fr", GREEDY]).lines().count(),
            2
        );
    }
    let piped = trial.run_on(
        &["translate", "--input-format=lines", GREEDY],
        gzip(text.as_bytes()),
    );
    assert_eq!(piped.stdout, plain);
}

#[test]
fn fields_and_columns_are_translated() {
    let Some(trial) = Trial::new() else { return };
    let rain = trial.run_on(&["translate", GREEDY], "Il pleut.").stdout;
    trial.write("p.jsonl", "{\"n\": 1.0, \"body\": \"Il pleut.\"}\n");
    trial.done(&[
        "translate",
        "p.jsonl",
        "--field",
        "body",
        "-o",
        "q.jsonl",
        GREEDY,
    ]);
    assert_eq!(
        trial.read("q.jsonl"),
        format!("{{\"n\": 1.0, \"body\": \"Il pleut.\", \"body.en\": \"{rain}\"}}\n")
    );
    let named = [
        "translate",
        "p.jsonl",
        "--field=body",
        "--output-field=en",
        GREEDY,
    ];
    assert!(
        trial
            .done(&named)
            .ends_with(&format!("\"en\": \"{rain}\"}}\n"))
    );
    trial.write("t.tsv", "1\tIl pleut.\tx\n");
    trial.done(&["translate", "t.tsv", "--column=2", "-o", "u.tsv", GREEDY]);
    assert_eq!(trial.read("u.tsv"), format!("1\tIl pleut.\tx\t{rain}\n"));
    trial.write("t.csv", "id;texte\n1;\"Il pleut.\"\n");
    assert_eq!(
        trial.done(&["translate", "t.csv", "--column=texte", GREEDY]),
        format!("id;texte;texte.en\n1;\"Il pleut.\";\"{rain}\"\n")
    );
    assert_eq!(
        trial.done(&[
            "translate",
            "t.csv",
            "--column=texte",
            "--output-field=texte",
            GREEDY
        ]),
        format!("id;texte\n1;\"{rain}\"\n")
    );
    for (arguments, message) in [
        (["p.jsonl", GREEDY], "--field NAME"),
        (["t.csv", GREEDY], "--column N|NAME"),
        (
            ["t.csv", "--column=body"],
            "t.csv has no column “body”; there are id, texte",
        ),
        (["t.csv", "--column=9"], "has no column “9”"),
        // The output's name says a bitext, but it is the field that was forgotten.
        (["p.jsonl", "-o=new.jsonl"], "--field NAME"),
        (["t.tsv", "-o=new.tsv"], "--column N|NAME"),
        (["t.csv", "-o=new.jsonl"], "--column N|NAME"),
    ] {
        let ran = trial.run(&[&["translate"], arguments.as_slice()].concat());
        assert_eq!((ran.code, &*ran.stdout), (2, ""));
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
    }
    // What is written has the format of what was read, so its name may not say another.
    for output in ["-o=new.jsonl", "-o=new.parquet"] {
        let ran = trial.run(&["translate", "t.csv", "--column=texte", output]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains("named otherwise"), "{}", ran.stderr);
    }
    assert!(!trial.names().iter().any(|name| name.starts_with("new")));
}

/// A Parquet file with these texts, in groups of fifty rows.
fn parquet(texts: &[String]) -> Vec<u8> {
    use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
    use parquet::file::writer::SerializedFileWriter;
    let schema = "message t { required double n; required binary body (utf8); }";
    let schema = parquet::schema::parser::parse_message_type(schema).unwrap();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema.into(), Arc::default()).unwrap();
    for texts in texts.chunks(50) {
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let numbers = vec![0.5; texts.len()];
        let typed = column.typed::<DoubleType>();
        typed.write_batch(&numbers, None, None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let values: Vec<ByteArray> = texts.iter().map(|t| ByteArray::from(&**t)).collect();
        let typed = column.typed::<ByteArrayType>();
        typed.write_batch(&values, None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
    bytes
}

#[test]
fn parquet_gets_a_column_whatever_kills_the_run() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let Some(trial) = Trial::new() else { return };
    let texts: Vec<String> = (0..120).map(|n| format!("Il y a {n} chats.")).collect();
    trial.write("t.parquet", parquet(&texts));
    let lines: String = texts.iter().map(|text| format!("{text}\n")).collect();
    let english = ["translate", "--input-format=lines", GREEDY];
    let english = trial.run_on(&english, lines).stdout;
    let command = |output: &'static str| {
        let column = "--column=body";
        [
            "translate",
            "t.parquet",
            column,
            "-o",
            output,
            GREEDY,
            "--window=40",
        ]
    };
    trial.done(&command("whole.parquet"));
    let whole = fs::read(trial.folder().join("whole.parquet")).unwrap();
    let file = fs::File::open(trial.folder().join("whole.parquet")).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    for ((row, text), english) in rows.zip(&texts).zip(english.lines()) {
        let expected = format!("{{n: 0.5, body: {text:?}, body.en: {english:?}}}");
        assert_eq!(row.unwrap().to_string(), expected);
    }
    let mut dice = Dice(11);
    for _ in 0..12 {
        let mut child = trial.spawned(&command("torn.parquet"), Stdio::null());
        std::thread::sleep(Duration::from_millis(dice.below(400)));
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            break;
        }
    }
    trial.done(&command("torn.parquet"));
    assert!(fs::read(trial.folder().join("torn.parquet")).unwrap() == whole);
    assert_eq!(
        trial.names(),
        ["t.parquet", "torn.parquet", "whole.parquet"]
    );
    for (arguments, message) in [
        (["t.parquet", GREEDY].as_slice(), "--column N|NAME"),
        (&["t.parquet", "--column=body"], "name it with -o FILE"),
        (
            &["-", "--input-format=parquet", "--column=1", "-o", "x"],
            "Parquet is read from a file",
        ),
        (
            &["t.parquet", "--column=n", "-o", "x.parquet"],
            "column “n” of t.parquet cannot be translated: its values are DOUBLE",
        ),
    ] {
        let ran = trial.run(&[&["translate"], arguments].concat());
        assert_eq!((ran.code, &*ran.stdout), (2, ""));
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
    }
}

/// Files may not grow beyond so many blocks of 512 bytes or a kilobyte, as the shell has it: what
/// a full disk is to a program.
#[cfg(unix)]
#[test]
fn after_a_full_disk_the_same_command_goes_on() {
    let Some(trial) = Trial::new() else { return };
    let lines: String = (0..400)
        .map(|n| format!("Le train {n} arrive à la gare du Nord vers midi.\n"))
        .collect();
    trial.write("a.fr", lines);
    let command = |output: &'static str| {
        [
            "translate",
            "a.fr",
            "-o",
            output,
            GREEDY,
            "--window=200",
            "--threads=2",
        ]
    };
    trial.done(&command("whole.en"));
    let whole = trial.read("whole.en");
    let mut kept = 0;
    for blocks in [1, 4, 7, 10] {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let output = Command::new("sh")
            .args(["-c", &script, "sh"])
            .arg(assert_cmd::cargo::cargo_bin("visavis"))
            .args(command("full.en"))
            .current_dir(trial.folder())
            .env("VISAVIS_MODELS", trial.store())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{blocks}: {said}");
        assert!(said.contains("cannot write .full.en.visavis-"), "{said}");
        kept += usize::from(said.contains("the same command goes on from there"));
    }
    assert!(kept > 1, "hardly a run had begun");
    let last = trial.run(&command("full.en"));
    assert_eq!(last.code, 0, "{}", last.stderr);
    assert!(last.stderr.contains("of an earlier run"), "{}", last.stderr);
    assert_eq!(trial.read("full.en"), whole);
    assert_eq!(trial.names(), ["a.fr", "full.en", "whole.en"]);
}

#[test]
fn problems_end_nothing_and_are_told() {
    let Some(trial) = Trial::new() else { return };
    let mut bytes = "L'été est là.\n".repeat(20).into_bytes();
    bytes.extend(b"Il pl\xffeut.\n\n?!\nIl\0 neige.\n");
    bytes.extend("Le chat dort, ".repeat(100).bytes());
    bytes.extend(b"\nFin.\n");
    trial.write("a.fr", &bytes);
    let command = ["translate", "a.fr", "-o", "a.en", GREEDY, "--report=r.json"];
    let ran = trial.run(&command);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for part in [
        "warning: a.fr:21: some bytes",
        "warning: a.fr:24: it holds control",
    ] {
        assert!(ran.stderr.contains(part), "{}", ran.stderr);
    }
    let english = trial.read("a.en");
    let lines: Vec<&str> = english.split('\n').collect();
    assert_eq!(lines.len(), 27);
    assert_eq!((lines[21], lines[22]), ("", "?!"));
    assert!(lines[24].matches("cat").count() > 50, "{}", lines[24]);
    let report: Value = serde_json::from_str(&trial.read("r.json")).unwrap();
    assert_eq!(report["lines"], 26);
    assert_eq!(report["counts"]["invalid-utf8"], 1);
    let first = &report["problems"][0];
    assert_eq!(
        (&first["file"], &first["line"]),
        (&"a.fr".into(), &21.into())
    );
    let findings = trial.run(&[command.as_slice(), &["--fail-on-findings", "-q"]].concat());
    assert_eq!(findings.code, 1, "{}", findings.stderr);
}

#[test]
fn folders_need_folders() {
    let Some(trial) = Trial::new() else { return };
    fs::create_dir_all(trial.folder().join("in/deep")).unwrap();
    trial.write("in/deep/a.txt", "Il pleut.\n");
    trial.write("in/t.csv", "a,b\n");
    trial.write("in/p.png", b"\x89PNG\r\n\x1a\n");
    trial.write("file", "");
    for (arguments, message) in [
        (["in", GREEDY].as_slice(), "name it with -o DIR/"),
        (&["in", "-o", "file"], "file is a file"),
        (
            &["in", "-o", "in"],
            "in/deep/a.txt would be written over itself",
        ),
    ] {
        let ran = trial.run(&[&["translate"], arguments].concat());
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
    }
    let ran = trial.run(&["translate", "in", "-o", "out/", GREEDY]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("warning: in/p.png: is a PNG image"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("in/t.csv is a table"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("wrote 1 file in out/"),
        "{}",
        ran.stderr
    );
    let names: Vec<String> = contents(&trial.folder().join("out"))
        .into_iter()
        .map(|f| f.0)
        .collect();
    assert_eq!(names, ["deep/a.txt"]);
}
