//! What a memory keeps, for whom, and what it refuses.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::bitext::{self, Format, Languages};
use crate::translate::problem::Kind;
use crate::translate::{self, Translator};

/// Translates by turning words round, and counts the sentences.
#[derive(Debug)]
struct Turning {
    name: &'static str,
    checksum: &'static str,
    links: bool,
    seen: AtomicUsize,
}

impl Turning {
    fn new(checksum: &'static str, links: bool) -> Self {
        Self {
            name: "turning",
            checksum,
            links,
            seen: AtomicUsize::new(0),
        }
    }

    fn seen(&self) -> usize {
        self.seen.load(Ordering::Relaxed)
    }
}

impl Translator for Turning {
    fn name(&self) -> &str {
        self.name
    }

    fn options(&self) -> String {
        "turn 1".into()
    }

    fn checksum(&self) -> &str {
        self.checksum
    }

    fn has_links(&self) -> bool {
        self.links
    }

    fn translate(
        &self,
        sentences: &[&str],
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Translation>, translate::Error> {
        self.seen.fetch_add(sentences.len(), Ordering::Relaxed);
        let turn = |(number, sentence): (usize, &&str)| {
            done(number);
            let text: String = sentence.chars().rev().collect();
            Translation {
                problems: match text.len() % 2 {
                    0 => Vec::new(),
                    _ => vec![Problem::new(Kind::Number, "the number “1” is odd")],
                },
                text,
                score: Some(-0.1 * sentence.len() as f32),
                words: match self.links {
                    true => vec![(0, 0)],
                    false => Vec::new(),
                },
            }
        };
        Ok(sentences.iter().enumerate().map(turn).collect())
    }
}

fn pair() -> (Language, Language) {
    (Language::french(), Language::english())
}

fn through(memory: &Memory, inner: &Turning, sentences: &[&str]) -> (Vec<Translation>, usize) {
    let (from, to) = pair();
    let remembering = Remembering::new(inner, memory, (&from, &to)).unwrap();
    let done = AtomicUsize::new(0);
    let count = |_| {
        done.fetch_add(1, Ordering::Relaxed);
    };
    let translations = remembering.translate(sentences, &count).unwrap();
    assert_eq!(done.into_inner(), sentences.len());
    (translations, remembering.hits())
}

#[test]
fn what_was_translated_comes_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m");
    let sentences = ["un", "deux", "", "…", "un"];
    let plain = Turning::new("a", true)
        .translate(&sentences, &|_| ())
        .unwrap();
    let inner = Turning::new("a", true);
    let first = through(&Memory::open(&path).unwrap(), &inner, &sentences);
    assert_eq!(first, (plain.clone(), 0));
    assert_eq!(inner.seen(), 5);
    // What has no words is not kept.
    let second = through(&Memory::open(&path).unwrap(), &inner, &sentences);
    assert_eq!(second, (plain, 3));
    assert_eq!(inner.seen(), 7);
}

#[test]
fn another_model_of_the_same_name_finds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Memory::open(&folder.path().join("m")).unwrap();
    through(&memory, &Turning::new("a", true), &["un"]);
    assert_eq!(through(&memory, &Turning::new("b", true), &["un"]).1, 0);
    assert_eq!(through(&memory, &Turning::new("a", true), &["un"]).1, 1);
    let holdings = memory.holdings().unwrap();
    let told: Vec<_> = holdings
        .iter()
        .map(|h| (h.sentences, h.with_links))
        .collect();
    assert_eq!(told, [(1, 1), (1, 1)]);
    memory.check().unwrap();
}

#[test]
fn links_are_made_up_for_where_they_are_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Memory::open(&folder.path().join("m")).unwrap();
    let (with, without) = (Turning::new("a", true), Turning::new("a", false));
    through(&memory, &without, &["un"]);
    let (translations, hits) = through(&memory, &with, &["un"]);
    assert_eq!((translations[0].words.len(), hits), (1, 0));
    let (translations, hits) = through(&memory, &with, &["un"]);
    assert_eq!((translations[0].words.len(), hits), (1, 1));
    assert_eq!(through(&memory, &without, &["un"]).1, 1);
}

#[test]
fn many_may_use_it_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m");
    let sentences: Vec<String> = (0..300).map(|n| format!("phrase {n}")).collect();
    let sentences: Vec<&str> = sentences.iter().map(String::as_str).collect();
    std::thread::scope(|scope| {
        for start in 0..8 {
            let (path, sentences) = (&path, &sentences);
            scope.spawn(move || {
                let memory = Memory::open(path).unwrap();
                let inner = Turning::new("a", true);
                for some in sentences[start * 20..].chunks(7) {
                    let (translations, _) = through(&memory, &inner, some);
                    let plain = inner.translate(some, &|_| ()).unwrap();
                    assert_eq!(translations, plain);
                }
            });
        }
    });
    let memory = Memory::open(&path).unwrap();
    assert_eq!(memory.holding(None).unwrap().sentences, 300);
    memory.check().unwrap();
}

#[test]
fn exports_are_taken_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Memory::open(&folder.path().join("m")).unwrap();
    let sentences = ["un", "deux trois", "quatre\u{1}\t<b>"];
    let inner = Turning::new("a", true);
    let (made, _) = through(&memory, &inner, &sentences);
    for format in [Format::Jsonl, Format::Tsv, Format::Tmx] {
        let mut out = Vec::new();
        let holding = memory.holding(None).unwrap();
        assert_eq!(memory.export(&holding, format, &mut out).unwrap(), 3);
        let bitext = bitext::read("x", &out, format, &Languages::default()).unwrap();
        let other = Memory::open(&folder.path().join(format!("{format:?}"))).unwrap();
        assert_eq!(other.import(&bitext).unwrap(), 3);
        assert_eq!(other.import(&bitext).unwrap(), 0);
        assert_eq!(through(&other, &inner, &sentences), (made.clone(), 3));
    }
}

#[test]
fn translations_of_others_hold_for_every_model() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Memory::open(&folder.path().join("m")).unwrap();
    through(&memory, &Turning::new("a", true), &["un"]);
    let (from, to) = pair();
    let languages = Languages {
        from: Some(from),
        to: Some(to),
    };
    let bitext = bitext::read("x.tsv", b"un\tone\n\tnothing\n", Format::Tsv, &languages).unwrap();
    assert_eq!(memory.import(&bitext).unwrap(), 1);
    let (translations, hits) = through(&memory, &Turning::new("a", true), &["un"]);
    assert_eq!((&*translations[0].text, hits), ("one", 1));
    let choice = memory.holding(None).unwrap_err().to_string();
    assert!(choice.contains("--number"), "{choice}");
    assert_eq!(memory.holding(Some(2)).unwrap().maker.model, "x.tsv");
}

#[test]
fn what_is_no_memory_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let told = |name: &str| Memory::open(&path(name)).unwrap_err().to_string();
    fs::write(path("text"), "Il pleut. ".repeat(200)).unwrap();
    assert!(told("text").contains("is no translation memory"));
    let other = Connection::open(path("other")).unwrap();
    other.execute_batch("CREATE TABLE a (b)").unwrap();
    assert!(told("other").contains("is no translation memory"));
    Memory::open(&path("newer")).unwrap();
    let newer = Connection::open(path("newer")).unwrap();
    newer.pragma_update(None, "user_version", 9).unwrap();
    assert!(told("newer").contains("update visavis"));
    let missing = Memory::open_existing(&path("missing")).unwrap_err();
    assert!(
        missing
            .to_string()
            .contains("there is no translation memory")
    );
    assert!(!path("missing").exists());

    let memory = Memory::open(&path("damaged")).unwrap();
    let sentences: Vec<String> = (0..500).map(|n| format!("phrase {n}")).collect();
    let sentences: Vec<&str> = sentences.iter().map(String::as_str).collect();
    through(&memory, &Turning::new("a", true), &sentences);
    drop(memory);
    let mut bytes = fs::read(path("damaged")).unwrap();
    let middle = bytes.len() / 4..bytes.len();
    bytes[middle].fill(0x55);
    fs::write(path("damaged"), bytes).unwrap();
    let damaged = Memory::open(&path("damaged")).and_then(|memory| {
        memory.check()?;
        Ok(())
    });
    assert!(damaged.unwrap_err().to_string().contains("is damaged"));
}
