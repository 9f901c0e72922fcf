//! Every kernel that this machine runs, through the program: the same bytes, and a name to choose
//! it by.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fs;

use common::trial::Trial;
use serde_json::Value;
use visavis::engine::kernels::{VARIABLE, available};

/// Sentences that are translated.
const SENTENCES: usize = 50;

/// Translations, scores and word links of some lines.
fn translated(trial: &Trial, kernel: &str, lines: &[&str]) -> String {
    trial.write("source.fr", lines.join("\n") + "\n");
    let arguments = [
        "translate",
        "source.fr",
        "--beam-size=1",
        "--stats=stats.json",
    ];
    let output = trial
        .visavis(&arguments)
        .args(["--output-format=jsonl", "--threads=2"])
        .env(VARIABLE, kernel)
        .output()
        .unwrap();
    let (stdout, stderr) = (output.stdout, String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{kernel}: {stderr}");
    let stats: Value = serde_json::from_str(&trial.read("stats.json")).unwrap();
    assert_eq!(stats["options"]["kernel"], kernel);
    String::from_utf8(stdout).unwrap()
}

#[test]
fn translations_are_the_same_bytes_under_every_kernel() {
    let (Some(trial), Some(source)) = (
        Trial::new(),
        common::shared("data/translation/flores-dev.fr"),
    ) else {
        return;
    };
    let source = fs::read_to_string(source).unwrap();
    let lines: Vec<&str> = source.lines().take(SENTENCES).collect();
    let kernels = available();
    let (fastest, others) = kernels.split_last().unwrap();
    let expected = translated(&trial, fastest.name(), &lines);
    for kernel in others {
        let name = kernel.name();
        eprintln!("{name} against {}", fastest.name());
        assert_eq!(translated(&trial, name, &lines), expected, "{name}");
    }
}

#[test]
fn a_kernel_that_is_not_there_is_refused_with_the_names_of_those_that_are() {
    let Some(trial) = Trial::new() else { return };
    trial.write("source.txt", "Bonjour.\n");
    let mut command = trial.visavis(&["translate", "source.txt"]);
    let output = command.env(VARIABLE, "abacus").output().unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains(VARIABLE) && told.contains("abacus"), "{told}");
    for kernel in available() {
        assert!(told.contains(kernel.name()), "{told}");
    }
}
