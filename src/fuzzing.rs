//! Every parser of foreign bytes by name, for the fuzzer (`fuzz/`) and for the cases that it found,
//! which are kept in `tests/cases/regressions/`. None may panic, hang or take memory without bound,
//! whatever the bytes.

use std::cell::RefCell;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::bitext::{self, Format, Languages};
use crate::document::records::{Columns, Field, Layout, open};
use crate::engine::Engine;
use crate::language::Language;
use crate::model::Compiled;
use crate::model::folder::read_pieces;
use crate::model::marian::{MarianFile, Options, shortlist};
use crate::model::weights::Weights;
use crate::segment::Splitter;
use crate::terms::{self, Exchange, Lexicon};
use crate::translate::memory::Memory;
use crate::{compression, corpus, document};

/// A parser, which gives nothing back.
pub type Parser = fn(&[u8]);

/// All parsers.
pub const PARSERS: &[(&str, Parser)] = &[
    ("text", text),
    ("lines", |bytes| records(bytes, &Layout::Lines)),
    ("jsonl", |bytes| {
        records(bytes, &Layout::Jsonl(fields("body")))
    }),
    ("tsv", |bytes| {
        records(bytes, &Layout::Tsv(columns("2", false)))
    }),
    ("csv", |bytes| {
        records(bytes, &Layout::Csv(columns("b", true)))
    }),
    ("parquet", |bytes| {
        records(bytes, &Layout::Parquet(columns("text", false)))
    }),
    ("compression", packed),
    ("segment", segment),
    ("bitext-tsv", |bytes| pairs(bytes, Format::Tsv)),
    ("bitext-jsonl", |bytes| pairs(bytes, Format::Jsonl)),
    ("bitext-tmx", |bytes| pairs(bytes, Format::Tmx)),
    ("bitext-html", |bytes| pairs(bytes, Format::Html)),
    ("bitext-moses", moses),
    ("lexicon", lexicon),
    ("lexicon-csv", |bytes| exchanged(bytes, Exchange::Csv)),
    ("lexicon-tbx", |bytes| exchanged(bytes, Exchange::Tbx)),
    ("journal", |bytes| on_disk(bytes, corpus::read_journal)),
    ("memory", memory),
    ("memory-import", import),
    ("weights", weights),
    ("compiled", compiled),
    ("marian", marian),
    ("shortlist", |bytes| drop(shortlist(bytes, 50, 50, true))),
    ("pieces", |bytes| {
        on_disk(bytes, |path| drop(read_pieces(path)))
    }),
    ("options", options),
];

/// The parser of that name.
pub fn parser(name: &str) -> Option<Parser> {
    let found = PARSERS.iter().find(|(own, _)| *own == name);
    found.map(|(_, parser)| *parser)
}

/// More than this is not unpacked.
const MOST_UNPACKED: u64 = 1 << 22;

/// Bytes as a file, for what reads files.
fn on_disk(bytes: &[u8], read: impl FnOnce(&Path)) {
    thread_local! {
        static FOLDER: RefCell<Option<TempDir>> = const { RefCell::new(None) };
    }
    FOLDER.with_borrow_mut(|folder| {
        if folder.is_none() {
            *folder = tempfile::tempdir().ok();
        }
        let Some(folder) = folder else { return };
        let path: PathBuf = folder.path().join("file");
        if fs::write(&path, bytes).is_ok() {
            read(&path);
        }
    });
}

fn text(bytes: &[u8]) {
    for format in [document::Format::Text, document::Format::Lines] {
        if let Ok(document) = document::read("t", bytes, format) {
            let texts: Vec<&str> = document.blocks.iter().map(|b| &*b.text).collect();
            let written = document.write_with(&texts);
            assert!(written.is_ok());
        }
    }
    records(bytes, &Layout::Text);
}

fn fields(name: &str) -> Vec<Field> {
    vec![Field {
        name: name.into(),
        output: format!("{name}.en"),
    }]
}

fn columns(name: &str, header: bool) -> Columns {
    Columns {
        fields: fields(name),
        header,
        delimiter: None,
    }
}

fn records(bytes: &[u8], layout: &Layout) {
    let Ok(mut records) = open("r", Box::new(Cursor::new(bytes.to_vec())), layout) else {
        return;
    };
    let mut out = Vec::new();
    while let Ok(Some(record)) = records.next() {
        record.write_with::<&str>(&[], &mut out);
        let blocks = record.passages().flat_map(|passage| &passage.blocks);
        let texts: Vec<String> = blocks.map(|block| block.text.repeat(2)).collect();
        record.write_with(&texts, &mut out);
        out.clear();
    }
    let _ = records.fingerprint();
}

fn packed(bytes: &[u8]) {
    if let Ok(reader) = compression::reader(Box::new(Cursor::new(bytes.to_vec()))) {
        let mut all = Vec::new();
        let _ = reader.take(MOST_UNPACKED).read_to_end(&mut all);
    }
}

fn segment(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for language in ["fr", "en"] {
        let language: Result<Language, _> = language.parse();
        let Ok(language) = language else { continue };
        let mut end = 0;
        for range in Splitter::new(&language).split(&text) {
            assert_eq!(range.start, end);
            end = range.end;
        }
        assert_eq!(end, text.len());
    }
}

fn languages() -> Languages {
    Languages {
        from: Some(Language::french()),
        to: Some(Language::english()),
    }
}

fn pairs(bytes: &[u8], format: Format) {
    for languages in [Languages::default(), languages()] {
        let Ok(read) = bitext::read("b", bytes, format, &languages) else {
            continue;
        };
        for format in [Format::Jsonl, Format::Tsv, Format::Tmx] {
            let mut out = Vec::new();
            // Not every bitext can be written in every format.
            let _ = bitext::write(&read, format, &mut out);
        }
    }
}

fn moses(bytes: &[u8]) {
    let mut sides = bytes.splitn(2, |&byte| byte == 0);
    let (source, target) = (sides.next(), sides.next());
    on_disk(source.unwrap_or_default(), |source| {
        let other = source.with_extension("en");
        if fs::write(&other, target.unwrap_or_default()).is_ok() {
            let _ = bitext::load_moses(source, &other, &languages());
        }
    });
}

fn lexicon(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Lexicon::parse(text, "l.toml");
    }
}

fn exchanged(bytes: &[u8], format: Exchange) {
    if let Ok(imported) = terms::import(bytes, "l", format) {
        // What was imported can be used.
        if let Err(error) = Lexicon::parse(&imported.toml, "l.toml") {
            panic!("{error}");
        }
    }
}

fn memory(bytes: &[u8]) {
    on_disk(bytes, |path| {
        if let Ok(memory) = Memory::open_existing(path) {
            let _ = memory.check();
            if let Ok(holding) = memory.holding(None) {
                let _ = memory.export(&holding, Format::Jsonl, &mut Vec::new());
            }
        }
    });
}

fn import(bytes: &[u8]) {
    let Ok(read) = bitext::read("b", bytes, Format::Jsonl, &Languages::default()) else {
        return;
    };
    on_disk(b"", |path| {
        let path = path.with_extension("memory");
        // Each case has a memory of its own.
        let _ = fs::remove_file(&path);
        let memory = Memory::open(&path);
        assert!(memory.is_ok());
        if let Ok(memory) = memory {
            assert!(memory.import(&read).is_ok());
            if let Ok(holding) = memory.holding(None) {
                let exported = memory.export(&holding, Format::Jsonl, &mut Vec::new());
                assert!(exported.is_ok());
            }
        }
    });
}

fn weights(bytes: &[u8]) {
    on_disk(bytes, |path| drop(Weights::open(path)));
}

fn compiled(bytes: &[u8]) {
    on_disk(bytes, |path| {
        if let Ok(model) = Compiled::open(path) {
            let _ = model.verify();
        }
        if let Ok(model) = Compiled::read(path) {
            let _ = Engine::new(model);
        }
    });
}

fn marian(bytes: &[u8]) {
    on_disk(bytes, |path| {
        let Ok(file) = MarianFile::open(path) else {
            return;
        };
        if let Ok(text) = file.options() {
            options(text.as_bytes());
        }
        let _ = file.floats("decoder_ff_logit_out_b", 51);
        let _ = file.integers("Wemb", [51, 8]);
    });
}

fn options(bytes: &[u8]) {
    let options = Options::parse(&String::from_utf8_lossy(bytes));
    let _ = options.number("dim-emb", None);
    let _ = options.list("dim-vocabs");
    let _ = options.text("type");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fuzzer_found_does_no_harm() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/regressions");
        // Where nothing was found, there is no folder.
        for parser in fs::read_dir(folder).into_iter().flatten() {
            let folder = parser.unwrap().path();
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            let parse = parser_named(&name);
            for case in fs::read_dir(folder).unwrap() {
                parse(&fs::read(case.unwrap().path()).unwrap());
            }
        }
    }

    fn parser_named(name: &str) -> Parser {
        parser(name).unwrap_or_else(|| panic!("there is no parser {name}"))
    }

    #[test]
    fn no_parser_minds_nothing_or_nonsense() {
        for (_, parse) in PARSERS {
            for bytes in [
                &b""[..],
                b"\0",
                b"\xff\xfe\0",
                b"{}\n",
                b"PAR1PAR1",
                b"a\tb\n\"c",
            ] {
                parse(bytes);
            }
        }
    }
}
