//! The translator with rust-bert, and the native engine against it. Needs the feature `rust-bert`;
//! without it nothing is here to test.
#![cfg(feature = "rust-bert")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fs;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use common::multilingual;
use common::trial::Trial;
use visavis::engine::Engine;
use visavis::evaluate::bleu::bleu;
use visavis::language::Language;
use visavis::model::catalog::Catalog;
use visavis::model::compiled::Precision;
use visavis::model::pull::{PullOptions, pull};
use visavis::model::{Compiled, Kept, Silent, compiled_of};
use visavis::translate::rust_bert::Device;
use visavis::translate::{Native, RustBert, Translator};

/// The real model as rust-bert loads it, and the native engine's own in f32; none, after saying so,
/// where it cannot be had.
fn models() -> Option<(Kept, Compiled)> {
    let f32 = common::model(Precision::F32)?;
    let store = common::store();
    let catalog = Catalog::in_use().unwrap();
    let entry = catalog.find(common::MODEL).unwrap();
    let options = PullOptions {
        keep: true,
        keep_downloads: true,
        ..PullOptions::default()
    };
    if let Err(error) = pull(&store, catalog, entry, &options, &Silent) {
        common::skipped(&format!("the model for rust-bert cannot be had: {error}"));
        return None;
    }
    let kept = Kept::open(&store.find_kept(common::MODEL).unwrap()).unwrap();
    Some((kept, Compiled::open(&f32).unwrap()))
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn rust_bert(kept: &Kept, beam_size: usize) -> RustBert {
    let compiled = compiled_of(&common::store(), kept).unwrap();
    let languages = (&Language::french(), &Language::english());
    let how = (Device::Cpu, beam_size, threads());
    RustBert::new(kept, Some(&compiled), languages, how)
        .unwrap()
        .without_retries()
}

/// The sum of the log-probabilities that the native engine gives a translation, and its pieces with
/// the end.
fn forced(engine: &Engine, source: &str, target: &[u32]) -> (f64, usize) {
    let config = &engine.model().header().config;
    let source = engine.tokenizer().encode(source).into_iter();
    let source: Vec<u32> = source.map(|piece| piece.id).chain([config.end]).collect();
    let rows = engine.forced_logits(&source, target).unwrap();
    let pieces = target.iter().copied().chain([config.end]);
    let sum = rows.iter().zip(pieces).map(|(row, piece)| {
        let all = row.iter().enumerate();
        let all = all.filter(|&(id, _)| id as u32 != config.pad);
        let total: f64 = all.map(|(_, &logit)| f64::from(logit).exp()).sum();
        f64::from(row[piece as usize]) - total.ln()
    });
    (sum.sum(), rows.len())
}

/// Two translations that differ must be worth the same to the model, but for the last bits.
const WORTH: f64 = 0.01;

/// The native engine (f32, whole vocabulary) and rust-bert on the same sentences: at least 99 % the
/// same, and what differs differs by last bits.
fn differential(beam_size: usize, count: usize) {
    /// Two at once would be slower than one after the other: each computes on all cores.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (Some((kept, f32)), Some(source), Some(reference)) = (
        models(),
        common::shared("data/translation/flores-dev.fr"),
        common::shared("data/translation/flores-dev.en"),
    ) else {
        return;
    };
    let source = fs::read_to_string(source).unwrap();
    let reference = fs::read_to_string(reference).unwrap();
    let sentences: Vec<&str> = source.lines().take(count).collect();
    let words: usize = sentences.iter().map(|s| s.split_whitespace().count()).sum();
    let references: Vec<&str> = reference.lines().take(count).collect();

    let start = Instant::now();
    let native = Native::new(Engine::new(f32).unwrap(), beam_size, threads())
        .without_links()
        .without_shortlist()
        .without_retries();
    let ours = native.translate(&sentences, &|_| ()).unwrap();
    let native_time = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let rust_bert = rust_bert(&kept, beam_size);
    let theirs = rust_bert.translate(&sentences, &|_| ()).unwrap();
    let rust_bert_time = start.elapsed().as_secs_f64();

    let texts = |translations: &[visavis::translate::Translation]| -> Vec<String> {
        translations.iter().map(|t| t.text.clone()).collect()
    };
    let (ours, theirs) = (texts(&ours), texts(&theirs));
    let score = |texts: &[String]| {
        let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
        bleu(&texts, std::slice::from_ref(&references)).score
    };
    eprintln!(
        "beam {beam_size}, {count} sentences, {words} words: native f32 {:.0} words/s, BLEU {:.2}; \
         rust-bert {:.0} words/s, BLEU {:.2}",
        words as f64 / native_time,
        score(&ours),
        words as f64 / rust_bert_time,
        score(&theirs)
    );
    let mut different = 0;
    let each = sentences.iter().zip(ours.iter().zip(&theirs));
    for (number, (sentence, (ours, theirs))) in each.enumerate() {
        if ours == theirs {
            continue;
        }
        different += 1;
        let engine = native.engine();
        let worth = |text: &str| {
            let pieces = engine.tokenizer().encode_target(text).into_iter();
            let ids: Vec<u32> = pieces.map(|piece| piece.id).collect();
            let (sum, length) = forced(engine, sentence, &ids);
            sum / length as f64
        };
        let (one, other) = (worth(ours), worth(theirs));
        eprintln!(
            "line {}:\n  {one:.5} {ours}\n  {other:.5} {theirs}",
            number + 1
        );
        assert!((one - other).abs() < WORTH, "no matter of last bits");
    }
    eprintln!("{} of {count} are identical", count - different);
    assert!(different * 100 <= count, "{different} of {count} differ");
}

#[test]
fn greedy_translations_are_the_native_engines() {
    differential(1, 300);
}

#[test]
fn translations_with_a_beam_are_the_native_engines() {
    // A beam takes ten minutes for all 300 in a development build; CI sets fewer.
    let said = std::env::var("VISAVIS_BEAM_SENTENCES");
    differential(4, said.map_or(300, |count| count.parse().unwrap()));
}

/// The tiny model in both backends.
fn tiny(trial: &Trial) -> &'static str {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/models/tiny");
    let folder = folder.display().to_string();
    let command = [
        "models",
        "import",
        &folder,
        "--name",
        "tiny",
        "--precision",
        "f32",
    ];
    trial.done(&[&command[..], &["--keep-for", "rust-bert", "-q"]].concat());
    // Commands look for the model by its name in each backend.
    let store = trial.store();
    fs::rename(store.join("tiny-f32.visavis"), store.join("tiny.visavis")).unwrap();
    "tiny"
}

/// Lines of every kind: none may be lost or change its place.
const LINES: &str = "le chat mange\n\n42\nLE CHAT MANGE\nle chat mange\n   \n🙂\nla la la la\n";

#[test]
fn lines_stay_lines_and_are_those_of_the_native_engine() {
    let trial = Trial::without_model();
    let model = tiny(&trial);
    for beam in ["1", "3"] {
        let run = |backend: &str| {
            let command = [
                "translate",
                "--input-format",
                "lines",
                "--model",
                model,
                "-q",
            ];
            let how = [
                "--no-retry",
                "--no-shortlist",
                "--beam-size",
                beam,
                "--backend",
                backend,
            ];
            let ran = trial.run_on(&[&command[..], &how].concat(), LINES);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            ran.stdout
        };
        let (ours, theirs) = (run("native"), run("rust-bert"));
        assert_eq!(theirs.lines().count(), LINES.lines().count());
        assert_eq!(run("rust-bert"), theirs);
        if beam == "1" {
            // A model of noise runs on to its last position, where rust-bert forces the end.
            for (ours, theirs) in ours.lines().zip(theirs.lines()) {
                assert!(ours.starts_with(theirs) && theirs.is_empty() == ours.is_empty());
                assert!(ours.len() < theirs.len() + 12, "{ours}\n{theirs}");
            }
        }
    }
}

#[test]
fn a_journal_and_a_memory_belong_to_their_backend() {
    let trial = Trial::without_model();
    let model = tiny(&trial);
    let lines: String = (0..60).map(|n| format!("le chat mange {n}\n")).collect();
    trial.write("a.lines", lines);
    // A model of noise has faults in every line: nothing is mended by trying again.
    let command = [
        "translate",
        "a.lines",
        "-o",
        "out.lines",
        "--model",
        model,
        "-q",
        "--no-retry",
        "--beam-size",
        "1",
    ];
    let run = |backend: &str, more: &[&str]| {
        let arguments = [&command[..], &["--backend", backend], more].concat();
        trial.run(&arguments)
    };
    let memory = ["--memory", "m"];
    for backend in ["native", "rust-bert", "rust-bert"] {
        let ran = run(backend, &memory);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    let info = trial.done(&["memory", "info", "m"]);
    assert!(info.contains("rust-bert, beam-size 1"), "{info}");
    assert_eq!(info.matches("tiny").count(), 2, "{info}");

    // A run that a full window of was done by one backend is not gone on with by the other.
    let mut child = trial.spawned(
        &[
            &command[..],
            &["--backend", "rust-bert", "--window", "20", "--fresh"],
        ]
        .concat(),
        std::process::Stdio::null(),
    );
    let journal = || {
        trial
            .names()
            .into_iter()
            .find(|name| name.contains("journal"))
    };
    let has_batches = |name: String| fs::metadata(trial.folder().join(name)).unwrap().len() > 2000;
    for _ in 0..6000 {
        if journal().is_some_and(has_batches) || child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let was_running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    if was_running && journal().is_some() {
        let ran = run("native", &["--window", "20"]);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        let whole = run("rust-bert", &["--window", "20"]);
        assert_eq!(whole.code, 0, "{}", whole.stderr);
        assert_eq!(trial.read("out.lines").lines().count(), 60);
    }
}

#[test]
fn models_of_many_languages_are_imported_and_translate_between_those_that_are_asked_for() {
    for kind in [multilingual::Kind::M2m100, multilingual::Kind::Nllb] {
        let trial = Trial::without_model();
        let folder = trial.folder().join("many");
        multilingual::write(kind, &folder);
        let folder = folder.display().to_string();
        trial.done(&["models", "import", &folder, "-q"]);
        let info = trial.done(&["models", "info", "many"]);
        assert!(
            info.contains("many to many") && info.contains(kind.name()),
            "{info}"
        );
        let list = trial.done(&["models", "list"]);
        assert!(list.contains("for rust-bert"), "{list}");

        let run = |from: &str, to: &str, more: &[&str]| {
            let command = [
                "translate",
                "--input-format",
                "lines",
                "-q",
                "--backend",
                "rust-bert",
            ];
            let languages = ["--from", from, "--to", to];
            trial.run_on(&[&command[..], &languages, more].concat(), LINES)
        };
        let french_german = run("fr", "de", &["--model", "many"]);
        assert_eq!(french_german.code, 0, "{}", french_german.stderr);
        let first = french_german.stdout;
        assert_eq!(first.lines().count(), LINES.lines().count());
        let words = first.lines().next().unwrap();
        assert!(!words.is_empty() && words != "le chat mange", "{words}");
        assert_eq!(first.lines().next(), first.lines().nth(4), "the same line");
        // It is the only one of these languages; a beam finds at least as much.
        assert_eq!(run("fr", "de", &[]).stdout, first);
        assert_eq!(run("fr", "de", &["--beam-size", "1"]).code, 0);
        // The languages are part of what the model reads and writes.
        assert_ne!(run("fr", "sw", &[]).stdout, first);
        assert_ne!(run("es", "de", &[]).stdout, first);
        let unknown = run("fr", "tlh", &[]);
        assert_eq!(unknown.code, 2);
        assert!(
            unknown.stderr.contains("does not know the language tlh"),
            "{}",
            unknown.stderr
        );

        let native = trial.run_on(&["translate", "--model", "many"], LINES);
        assert!(
            native.stderr.contains("take --backend rust-bert"),
            "{}",
            native.stderr
        );
        // The folder itself is taken, too.
        let own = run("fr", "de", &["--model", &folder]);
        assert_eq!(own.stdout, first, "{}", own.stderr);
    }
}

#[test]
fn an_article_is_reviewed_with_word_links_of_the_native_aligner() {
    let (Some((kept, _)), Some(trial)) = (models(), Trial::new()) else {
        return;
    };
    let source = "La prétendue ingérence russe aurait pu exercer une influence.\n";
    trial.write("a.txt", source);
    trial.done(&[
        "review",
        "a.txt",
        "-o",
        "a.jsonl",
        "--backend",
        "rust-bert",
        "--offline",
        "-q",
    ]);
    let bitext = trial.read("a.jsonl");
    assert!(bitext.contains("rust-bert, beam-size 4"), "{bitext}");
    let pair: serde_json::Value = serde_json::from_str(bitext.lines().nth(1).unwrap()).unwrap();
    assert!(pair["words"].as_array().unwrap().len() > 5, "{pair}");
    let target = pair["target"][0]["text"].as_str().unwrap().to_lowercase();
    assert!(target.contains("russian interference"), "{target}");
    assert!(!pair["flags"].as_array().unwrap().is_empty(), "{pair}");
    assert_eq!(kept.card().name, common::MODEL);
}
