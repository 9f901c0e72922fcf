//! Whole jobs with a translator that writes in upper case: what is written, and that a job which
//! is stopped, torn and gone on with writes the same.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use proptest::prelude::*;

use super::*;
use crate::compression::Compression;
use crate::document::records::{Columns, Field, Kind, parquet};
use crate::translate::Translation;

/// Writes in upper case; sets `stop` after so many windows.
struct Upper {
    windows: Mutex<usize>,
    stop: Arc<AtomicBool>,
}

impl Upper {
    fn new(windows: usize) -> Self {
        Self {
            windows: Mutex::new(windows),
            stop: Arc::new(AtomicBool::new(false)),
        }
    }
}

impl Translator for Upper {
    fn name(&self) -> &str {
        "upper"
    }

    fn options(&self) -> String {
        String::new()
    }

    fn translate(
        &self,
        sentences: &[&str],
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Translation>, crate::translate::Error> {
        let mut windows = self.windows.lock().unwrap();
        *windows = windows.saturating_sub(1);
        if *windows == 0 {
            self.stop.store(true, Ordering::Relaxed);
        }
        (0..sentences.len()).for_each(done);
        let translation = |text: &&str| Translation {
            text: text.to_uppercase(),
            ..Translation::passed_through("")
        };
        Ok(sentences.iter().map(translation).collect())
    }
}

struct Nobody;

impl Observer for Nobody {
    fn resumed(&self, _: &Totals) {}
    fn words(&self, _: usize) {}
    fn written(&self, _: &Status) {}
}

fn layout(path: &Path) -> Layout {
    let field = |name: &str| Field {
        name: name.into(),
        output: format!("{name}.en"),
    };
    let columns = Columns {
        fields: vec![field("2")],
        header: false,
        delimiter: None,
    };
    match Kind::guess(path) {
        Kind::Text => Layout::Text,
        Kind::Lines => Layout::Lines,
        Kind::Jsonl => Layout::Jsonl(vec![field("body")]),
        Kind::Tsv => Layout::Tsv(columns),
        Kind::Csv => Layout::Csv(columns),
        Kind::Parquet => Layout::Parquet(columns),
    }
}

/// The job that translates the folder `in` of `root` into its folder `out`.
fn job(root: &Path, fresh: bool) -> Job {
    let (input, output) = (root.join("in"), root.join("out"));
    fs::create_dir_all(&output).unwrap();
    let found = find(std::slice::from_ref(&input), Some(&output)).unwrap();
    let targets = targets(&found, &output).unwrap();
    let files = found.iter().zip(targets).map(|(file, target)| InputFile {
        name: file
            .path
            .strip_prefix(&input)
            .unwrap()
            .display()
            .to_string(),
        path: file.path.clone(),
        layout: layout(&file.path),
        target: Some(target),
    });
    Job {
        files: files.collect(),
        stream: Box::new(io::sink()),
        from: "fr".parse().unwrap(),
        output: Output::Translation,
        journal: Some(journal_beside(&output, true)),
        settings: Settings::new(),
        fresh,
        window: 8,
        keeps_problems: true,
    }
}

/// Runs the job, and stops it after so many windows.
fn run_for(root: &Path, windows: usize) -> Result<Done, Error> {
    run_into(root, windows, Output::Translation)
}

/// As [`run_for`], with what is to be written.
fn run_into(root: &Path, windows: usize, output: Output) -> Result<Done, Error> {
    let upper = Upper::new(windows);
    let stop = Arc::clone(&upper.stop);
    let job = Job {
        output,
        ..job(root, false)
    };
    run(job, &upper, &Nobody, &stop)
}

/// All that can be written of a file of text.
fn outputs() -> [Output; 4] {
    let bitext = |format| Output::Bitext {
        format,
        to: "en".parse().unwrap(),
    };
    [
        Output::Translation,
        bitext(Format::Jsonl),
        bitext(Format::Tsv),
        bitext(Format::Tmx),
    ]
}

/// All files below a folder, hidden ones too.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                all.push((name, fs::read(path).unwrap()));
            }
        }
    }
    all.sort();
    all
}

fn problems(done: &mut Done) -> Vec<(String, usize, String)> {
    let mut all = Vec::new();
    let each = |problem: &Problem| {
        all.push((problem.file.clone(), problem.line, problem.kind.clone()));
        Ok(())
    };
    done.problems(each).unwrap();
    all
}

fn write(root: &Path, name: &str, bytes: &[u8]) {
    let path = root.join("in").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let bytes = Compression::guess(&path).0.frame(bytes).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A folder of lines and texts.
fn texts(root: &Path) {
    let lines: String = (0..40).map(|n| format!("ligne {n} du fichier\n")).collect();
    write(root, "a.fr", lines.as_bytes());
    write(root, "b/lines.fr.gz", lines.as_bytes());
    write(
        root,
        "b/text.txt",
        "Un titre\n\nUne phrase. Deux phrases !\n"
            .repeat(6)
            .as_bytes(),
    );
    write(root, "z.fr.bz2", b"");
    write(root, "picture.txt", b"\x89PNG\r\n\x1a\n");
}

/// A folder of every format.
fn sample(root: &Path) {
    texts(root);
    let posts: String = (0..12)
        .map(|n| format!("{{\"id\": {n}, \"body\": \"Le corps {n}. Fin.\"}}\n"))
        .collect();
    write(
        root,
        "posts.jsonl.zst",
        format!("{posts}nonsense\n").as_bytes(),
    );
    write(root, "t/table.tsv", "x\tun chat\ty\n".repeat(9).as_bytes());
    write(
        root,
        "t/table.csv.xz",
        "x,\"un, chat\"\n".repeat(9).as_bytes(),
    );
    write(root, "t/table.parquet", &parquet::tests::numbered(14));
}

/// What a file holds, decompressed.
fn read(path: &Path) -> String {
    let file = fs::File::open(path).unwrap();
    let mut text = String::new();
    let mut reader = crate::compression::reader(Box::new(file)).unwrap();
    io::Read::read_to_string(&mut reader, &mut text).unwrap();
    text
}

#[test]
fn a_folder_is_translated_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    sample(root);
    let mut done = run_for(root, usize::MAX).unwrap();
    assert!(!done.stopped && done.failures.is_empty());
    assert_eq!(
        problems(&mut done),
        [
            ("picture.txt".to_owned(), 0, "not-text".to_owned()),
            ("posts.jsonl.zst".to_owned(), 13, "not-json".to_owned()),
        ]
    );
    assert_eq!(done.totals.files, 8);
    assert_eq!(done.totals.lines, 40 + 40 + 18 + 13 + 9 + 9 + 14);
    done.finish().unwrap();
    let out = contents(&root.join("out"));
    let names: Vec<&str> = out.iter().map(|(name, _)| &**name).collect();
    let expected = [
        "a.fr",
        "b/lines.fr.gz",
        "b/text.txt",
        "posts.jsonl.zst",
        "t/table.csv.xz",
        "t/table.parquet",
        "t/table.tsv",
        "z.fr.bz2",
    ];
    assert_eq!(names, expected);
    let read = |name: &str| read(&root.join("out").join(name));
    assert!(read("a.fr").starts_with("LIGNE 0 DU FICHIER\nLIGNE 1"));
    assert_eq!(read("b/lines.fr.gz"), read("a.fr"));
    assert!(read("b/text.txt").starts_with("UN TITRE\n\nUNE PHRASE. DEUX PHRASES !\nUN"));
    assert!(read("posts.jsonl.zst").starts_with(
        "{\"id\": 0, \"body\": \"Le corps 0. Fin.\", \"body.en\": \"LE CORPS 0. FIN.\"}\n"
    ));
    assert!(read("posts.jsonl.zst").ends_with("\nnonsense\n"));
    assert!(read("t/table.tsv").starts_with("x\tun chat\ty\tUN CHAT\n"));
    assert!(read("t/table.csv.xz").starts_with("x,\"un, chat\",\"UN, CHAT\"\n"));
    let rows = parquet::tests::rows(&fs::read(root.join("out/t/table.parquet")).unwrap());
    assert_eq!(rows.len(), 14);
    assert!(
        rows[13].ends_with(r#"text.en: "LA LIGNE 13. FIN."}"#),
        "{}",
        rows[13]
    );
    assert_eq!(read("z.fr.bz2"), "");
    // The output does not become input.
    let again = run_for(root, usize::MAX).unwrap();
    assert_eq!(again.totals.files, 8);
    again.finish().unwrap();
    assert_eq!(contents(&root.join("out")), out);
}

#[test]
fn what_changed_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    sample(root);
    // Two windows or so: the first file is begun.
    run_for(root, 3).unwrap();
    let changed = |name: &str| {
        let result = run_for(root, 2);
        assert!(
            matches!(&result, Err(Error::Changed { name: n }) if n == name),
            "{result:?}"
        );
    };
    let text = fs::read_to_string(root.join("in/a.fr")).unwrap();
    fs::write(
        root.join("in/a.fr"),
        text.replacen("ligne 1 ", "ligne un ", 1),
    )
    .unwrap();
    changed("a.fr");
    // What is not read yet may change.
    fs::write(
        root.join("in/a.fr"),
        text.replace("ligne 39", "ligne trente-neuf"),
    )
    .unwrap();
    let mut files = run_for(root, 12).unwrap().totals.files;
    while files < 2 {
        files = run_for(root, 3).unwrap().totals.files;
    }
    fs::write(root.join("in/a.fr"), &text).unwrap();
    changed("a.fr");
    let mut other = job(root, false);
    other.settings.insert("model".into(), "lower".into());
    let upper = Upper::new(9);
    let stop = Arc::new(AtomicBool::new(false));
    let error = run(other, &upper, &Nobody, &stop).unwrap_err().to_string();
    assert!(
        error.contains("its model was none, and is lower now"),
        "{error}"
    );
    run(job(root, true), &Upper::new(0), &Nobody, &stop)
        .unwrap()
        .finish()
        .unwrap();
    assert!(
        fs::read_to_string(root.join("out/a.fr"))
            .unwrap()
            .ends_with("LIGNE 39 DU FICHIER\n")
    );
}

#[test]
fn a_damaged_input_does_not_end_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    sample(root);
    let whole = fs::read(root.join("in/b/lines.fr.gz")).unwrap();
    fs::write(root.join("in/b/lines.fr.gz"), &whole[..whole.len() / 2]).unwrap();
    let done = run_for(root, usize::MAX).unwrap();
    assert_eq!(done.failures.len(), 1);
    assert_eq!(
        (&*done.failures[0].file, &*done.failures[0].kind),
        ("b/lines.fr.gz", "unreadable")
    );
    done.finish().unwrap();
    assert!(!root.join("out/b/lines.fr.gz").exists());
    // Once it is whole, it alone is translated.
    fs::write(root.join("in/b/lines.fr.gz"), &whole).unwrap();
    let done = run_for(root, usize::MAX).unwrap();
    assert!(done.failures.is_empty());
    done.finish().unwrap();
    assert!(root.join("out/b/lines.fr.gz").exists());
    assert!(!root.join("out/.visavis-journal").exists());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_torn_run_goes_on_to_the_same_end(
        stops in proptest::collection::vec(
            (1usize..9, 0usize..600, proptest::option::of("\\PC{1,30}"), any::<bool>()),
            1..12,
        ),
        output in proptest::sample::select(outputs().to_vec()),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        match output {
            Output::Translation => sample(root),
            Output::Bitext { .. } => texts(root),
        }
        let run_for = |windows| run_into(root, windows, output.clone());
        let mut done = run_for(usize::MAX).unwrap();
        let (expected_problems, totals) = (problems(&mut done), done.totals.clone());
        done.finish().unwrap();
        let expected = contents(&root.join("out"));
        fs::remove_dir_all(root.join("out")).unwrap();

        for (windows, torn, tail, tears_journal) in stops {
            let done = run_for(windows).unwrap();
            if !done.stopped {
                break;
            }
            done.finish().unwrap();
            // A kill while it writes: bytes that the journal does not know of, a torn entry.
            let mut journal = fs::read(journal_beside(&root.join("out"), true)).unwrap();
            if tears_journal {
                let end = journal.iter().rposition(|&byte| byte == b'\n').unwrap_or(0);
                let last = journal[..end].iter().rposition(|&byte| byte == b'\n').unwrap_or(0);
                // Only the last entry can be torn, and only before a file of it got its name.
                let is_named = !String::from_utf8_lossy(&journal[last..]).contains("\"finished\":[]");
                if last > 0 && !is_named {
                    journal.truncate((last + 1 + torn).min(journal.len()));
                }
            }
            journal.extend_from_slice(tail.as_deref().unwrap_or_default().as_bytes());
            fs::write(journal_beside(&root.join("out"), true), journal).unwrap();
            for (name, bytes) in contents(&root.join("out")) {
                if name.ends_with("-part") {
                    let more = [&*bytes, tail.as_deref().unwrap_or_default().as_bytes()].concat();
                    fs::write(root.join("out").join(name), more).unwrap();
                }
            }
        }
        let mut done = run_for(usize::MAX).unwrap();
        prop_assert_eq!(&done.totals, &totals);
        prop_assert_eq!(problems(&mut done), expected_problems);
        done.finish().unwrap();
        prop_assert_eq!(contents(&root.join("out")), expected);
    }

    #[test]
    fn a_bitext_is_the_same_pair_by_pair_as_in_one(
        lines in proptest::collection::vec("(\\PC{0,20}|[A-Za-zé]{2,6}( [a-z]{1,5}){0,4}[.!]|)", 0..12),
        is_prose in any::<bool>(),
        window in 1usize..12,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let name = if is_prose { "a.txt" } else { "a.fr" };
        let text = lines.join(if is_prose { "\n\n" } else { "\n" });
        write(root, name, text.as_bytes());
        let format = crate::document::Format::guess(Path::new(name));
        let document = crate::document::read(name, text.as_bytes(), format).unwrap();
        let languages = ("fr".parse().unwrap(), "en".parse().unwrap());
        let languages = (&languages.0, &languages.1);
        let upper = Upper::new(usize::MAX);
        let whole = crate::translate::documents(&[document], languages, &upper, &|_| {}).unwrap();
        for output in outputs() {
            let Output::Bitext { format, .. } = output else { continue };
            let job = Job { output, window, fresh: true, ..job(root, true) };
            run(job, &upper, &Nobody, &Arc::default()).unwrap().finish().unwrap();
            let mut expected = Vec::new();
            crate::bitext::write(&whole.bitext, format, &mut expected).unwrap();
            let written = read(&root.join("out").join(name));
            prop_assert_eq!(written, String::from_utf8(expected).unwrap());
        }
    }
}

/// Keeps how far each window's end is told to be.
#[derive(Default)]
struct Reads(Mutex<Vec<u64>>);

impl Observer for Reads {
    fn resumed(&self, _: &Totals) {}
    fn words(&self, _: usize) {}
    fn written(&self, status: &Status) {
        self.0.lock().unwrap().push(status.read);
    }
}

/// A small file is read at once, but is not done with at once.
#[test]
fn progress_is_that_of_what_is_written() {
    let texts = "Un chat dort ici.\n\n".repeat(100);
    let lines = "Un chat dort ici.\n".repeat(100);
    let packed = Compression::Gzip.frame(lines.as_bytes()).unwrap();
    let cases: [(&str, &[u8]); 3] = [
        ("a.fr", lines.as_bytes()),
        ("a.txt", texts.as_bytes()),
        ("b.fr.gz", &packed),
    ];
    for (name, bytes) in cases {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("in")).unwrap();
        fs::write(root.join("in").join(name), bytes).unwrap();
        let reads = Reads::default();
        run(
            job(root, false),
            &Upper::new(usize::MAX),
            &reads,
            &Arc::default(),
        )
        .unwrap();
        let reads = reads.0.into_inner().unwrap();
        let size = bytes.len() as u64;
        assert!(reads.len() > 10 && reads.is_sorted(), "{name}: {reads:?}");
        assert!(reads[0] < size / 10, "{name}: {reads:?} of {size}");
        assert_eq!(reads.last(), Some(&size), "{name}");
    }
}
