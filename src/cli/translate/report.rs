//! The problems of a run: listed in a file, and shortened at its end.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use visavis::corpus::{Done, MOST_TOLD, Problem};

use super::super::output::write_file;
use super::super::terminal::Terminal;

/// What a report tells of the run; nothing that differs from run to run of the same job.
#[derive(Serialize)]
struct Summary<'a> {
    model: &'a str,
    files: u64,
    lines: u64,
    sentences: u64,
    source_words: u64,
    counts: BTreeMap<&'a str, u64>,
}

/// Writes all problems of the job, those that earlier runs met too.
pub(super) fn write(path: &Path, done: &mut Done, model: &str) -> anyhow::Result<()> {
    let totals = done.totals.clone();
    let mut counts: BTreeMap<&str, u64> = totals
        .problems
        .iter()
        .map(|(kind, count)| (&**kind, *count))
        .collect();
    let failures = done.failures.clone();
    for problem in &failures {
        *counts.entry(&problem.kind).or_default() += 1;
    }
    let summary = Summary {
        model,
        files: totals.files,
        lines: totals.lines,
        sentences: totals.sentences,
        source_words: totals.words,
        counts,
    };
    let summary = serde_json::to_string_pretty(&summary)?;
    write_file(path, |out| {
        // The list may be long: it is never held.
        out.write_all(summary.trim_end_matches("\n}").as_bytes())?;
        out.write_all(b",\n  \"problems\": [")?;
        let mut separator = "\n    ";
        done.problems(|problem| {
            out.write_all(separator.as_bytes())?;
            separator = ",\n    ";
            Ok(serde_json::to_writer(&mut *out, problem)?)
        })?;
        Ok(out.write_all(b"\n  ]\n}\n")?)
    })
}

/// Tells the first problems, and how many there are; with `--quiet` those alone for which the run
/// fails.
pub(super) fn tell(done: &Done, report: Option<&Path>, terminal: &Terminal) {
    let told = done.told.iter().filter(|_| !terminal.is_quiet());
    let shown = || done.failures.iter().chain(told.clone()).take(MOST_TOLD);
    for Problem {
        file,
        line,
        message,
        ..
    } in shown()
    {
        match line {
            0 => terminal.warn(format_args!("{file}: {message}")),
            line => terminal.warn(format_args!("{file}:{line}: {message}")),
        }
    }
    if terminal.is_quiet() {
        return;
    }
    let all = done.totals.problem_count() + done.failures.len() as u64;
    let rest = all.saturating_sub(shown().count() as u64);
    if rest > 0 {
        let kinds: Vec<String> = done
            .totals
            .problems
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        let list = match report {
            Some(path) => format!("{} lists all", path.display()),
            None => "--report FILE lists all".into(),
        };
        terminal.warn(format_args!(
            "and {rest} more problems ({}); {list}",
            kinds.join(", ")
        ));
    }
}
