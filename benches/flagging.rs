//! `cargo bench --bench flagging -- FILE…`: how fast lines of French are flagged, and the lexicon
//! loaded; one thread, the best of some runs. For scale, Aho-Corasick over the single-word forms of
//! the same lexicon, which are written to `target/tmp/forms.txt` for `grep -F -f`.
#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use aho_corasick::AhoCorasick;
use visavis::bitext::{Bitext, DocumentInfo, GENERATOR, Header, Origin, Pair, Segment};
use visavis::language::Language;
use visavis::terms::{self, Lexicon, Tongue, triage};

/// Runs of each; the best one counts, as what else the machine does only adds to the time.
const RUNS: usize = 15;

/// Passes over the text in a run: a processor's time is told in steps of some milliseconds.
const PASSES: u32 = 8;

fn main() {
    let files = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with("--"));
    let text: String = files
        .map(|file| std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{file}: {e}")))
        .collect();
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        println!("give files with French lines");
        return;
    }
    let megabytes = lines.iter().map(|line| line.len()).sum::<usize>() as f64 / 1e6;
    // Several threads load: by the clock on the wall.
    let load = (0..RUNS).map(|_| {
        let start = Instant::now();
        std::mem::forget(black_box(Lexicon::builtin()));
        start.elapsed().as_secs_f64()
    });
    println!(
        "load      {:8.1} ms",
        load.fold(f64::INFINITY, f64::min) * 1e3
    );

    let lexicon = Lexicon::builtin().unwrap_or_else(|error| panic!("{error}"));
    let mut bitext = bitext(&lines);
    let rate = |name: &str, seconds: f64| println!("{name:<9} {:8.1} MB/s", megabytes / seconds);
    rate("flag", best(|| terms::flag(&mut bitext, &lexicon)));
    rate(
        "find",
        best(|| {
            for line in &lines {
                black_box(terms::find(line, &lexicon, Tongue::French));
            }
        }),
    );
    rate(
        "triage",
        best(|| {
            for line in &lines {
                let _ = black_box(triage::loadedness(line, &[], Tongue::French));
            }
        }),
    );

    let entries = lexicon.entries().filter(|e| e.tongue == Tongue::French);
    let forms: Vec<&str> = entries.flat_map(|e| &e.forms).map(String::as_str).collect();
    let search = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(&forms);
    let search = search.unwrap_or_else(|error| panic!("{error}"));
    rate(
        "aho",
        best(|| {
            for line in &lines {
                black_box(search.find_iter(line).count());
            }
        }),
    );
    let flags: usize = bitext.pairs.iter().map(|pair| pair.flags.len()).sum();
    println!(
        "{megabytes:.2} MB, {} lines, {flags} flags, {} forms",
        lines.len(),
        forms.len()
    );
    if std::fs::create_dir_all("target/tmp").is_ok() {
        let _ = std::fs::write("target/tmp/forms.txt", forms.join("\n") + "\n");
    }
}

/// The shortest time of a pass, in seconds on the processor.
fn best(mut pass: impl FnMut()) -> f64 {
    let times = (0..RUNS).map(|_| {
        let (start, clock) = (Instant::now(), processor());
        (0..PASSES).for_each(|_| pass());
        match (clock, processor()) {
            (Some(start), Some(end)) => end - start,
            _ => start.elapsed().as_secs_f64(),
        }
    });
    times.fold(f64::INFINITY, f64::min) / f64::from(PASSES)
}

/// The seconds that this thread has had a processor, where the system tells.
fn processor() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = told.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

fn bitext(lines: &[&str]) -> Bitext {
    let pair = |(number, line): (usize, &&str)| Pair {
        id: (number + 1).to_string(),
        source: vec![Segment {
            text: (*line).to_owned(),
            document: 0,
            block: number,
            start: 0,
            end: line.chars().count(),
        }],
        target: Vec::new(),
        score: None,
        words: Vec::new(),
        flags: Vec::new(),
    };
    let name = "lines".to_owned();
    Bitext {
        header: Header {
            from: Language::french(),
            to: Language::english(),
            documents: vec![DocumentInfo {
                name: name.clone(),
                date: None,
            }],
            origin: Origin::Given { name },
            generator: GENERATOR.into(),
        },
        pairs: lines.iter().enumerate().map(pair).collect(),
    }
}
