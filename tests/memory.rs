//! `visavis memory` and `--memory`: hits, the same bytes, processes at once, exchange, refusals.
#![allow(clippy::unwrap_used)]

mod common;

use common::trial::Trial;
use serde_json::Value;

const TEXT: &str = "Il pleut.\nLE CHAT DORT.\n***\nIl pleut.\nLe 12 mars, la forêt a brûlé.\n";
const LINES: [&str; 4] = ["translate", "a.fr", "--input-format=lines", "--beam-size=1"];

#[test]
fn a_second_run_takes_all_from_the_memory() {
    let Some(trial) = Trial::new() else { return };
    trial.write("a.fr", TEXT);
    let plain = trial.done(&LINES);
    let with = [&LINES[..], &["--memory", "m", "--stats", "s.json"]].concat();
    for hits in [0, 4] {
        assert_eq!(trial.done(&with), plain);
        let stats: Value = serde_json::from_str(&trial.read("s.json")).unwrap();
        assert_eq!(stats["memory_hits"], hits);
    }
    let progress = [&with[..], &["-o", "a.en", "--progress=json"]].concat();
    let told = trial.run(&progress).stderr;
    let told = told.lines().rfind(|line| line.starts_with('{'));
    let told: Value = serde_json::from_str(told.unwrap()).unwrap();
    assert_eq!(told["memory_hits"], 4);
    // Word links are made up for, and come back the same.
    let bitext = |more: &[&str]| {
        trial.done(&[&LINES[..], &["-o", "a.jsonl", "--quiet"], more].concat());
        trial.read("a.jsonl")
    };
    let plain = bitext(&[]);
    assert_eq!(bitext(&["--memory", "m"]), plain);
    assert_eq!(bitext(&["--memory", "m"]), plain);
    let told = trial.done(&["memory", "info", "m"]);
    assert!(
        told.contains("opus-mt-fr-en") && told.contains("beam-size 1"),
        "{told}"
    );
}

#[test]
fn processes_may_share_a_memory() {
    let Some(trial) = Trial::new() else { return };
    trial.write("a.fr", TEXT);
    let plain = trial.done(&LINES);
    let with = [&LINES[..], &["--memory", "m"]].concat();
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..3).map(|_| scope.spawn(|| trial.done(&with))).collect();
        for run in runs {
            assert_eq!(run.join().unwrap(), plain);
        }
    });
}

#[test]
fn memories_are_exchanged() {
    let Some(trial) = Trial::new() else { return };
    trial.write("a.fr", TEXT);
    let with = [&LINES[..], &["--memory", "m"]].concat();
    let plain = trial.done(&with);
    for file in ["m.tmx", "m.tsv", "m.jsonl"] {
        let ran = trial.run(&["memory", "export", "m", file]);
        assert_eq!((ran.code, ran.stderr), (0, format!("{file}: 3 pairs\n")));
        let other = format!("{file}.memory");
        let ran = trial.run(&["memory", "import", &other, file]);
        assert_eq!(
            (ran.code, ran.stderr),
            (0, format!("{other}: 3 new of 3 pairs\n"))
        );
        let stats = ["--memory", &other, "--stats", "s.json"];
        assert_eq!(trial.done(&[&LINES[..], &stats].concat()), plain);
        let stats: Value = serde_json::from_str(&trial.read("s.json")).unwrap();
        assert_eq!(stats["memory_hits"], 4);
    }
    // A translator's own memory holds for the model, too.
    trial.write("mine.tsv", "Il pleut.\tIt is pouring.\n");
    trial.done(&["memory", "import", "m", "mine.tsv", "--from=fr", "--to=en"]);
    assert_eq!(trial.done(&with).matches("It is pouring.").count(), 2);
}

#[test]
fn what_cannot_be_done_is_said() {
    let Some(trial) = Trial::new() else { return };
    trial.write("a.fr", TEXT);
    trial.write(
        "other",
        "no memory at all, but a text that is longer than a header ".repeat(20),
    );
    trial.done(&[&LINES[..], &["--memory", "m"]].concat());
    let cases: &[(&[&str], &str)] = &[
        (
            &["memory", "info", "nothing"],
            "there is no translation memory nothing",
        ),
        (
            &["memory", "info", "other"],
            "other is no translation memory",
        ),
        (&["memory", "export", "m", "m.odt"], "--output-format"),
        (&["memory", "export", "m", "m.html"], "side-by-side page"),
        (
            &["memory", "export", "m", "m.tmx", "--number=9"],
            "memory info",
        ),
        (
            &["memory", "import", "m", "missing.tmx"],
            "cannot read missing.tmx",
        ),
        (
            &["translate", "a.fr", "--memory", "other"],
            "other is no translation memory",
        ),
        (&["translate", "a.fr", "--memory", "no/folder"], "no/folder"),
    ];
    for (arguments, message) in cases {
        let ran = trial.run(arguments);
        assert_eq!((ran.code, &*ran.stdout), (2, ""), "{arguments:?}");
        assert!(
            ran.stderr.contains(message),
            "{arguments:?}: {}",
            ran.stderr
        );
    }
}
