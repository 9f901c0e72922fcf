//! `check/untranslated`, `check/copied` and `check/invented`: words of the translation that are
//! not English.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::dictionary::{self, Known};
use super::pair::{MOST, Pair};
use crate::bitext::{Flag, Severity};
use crate::parity::{Side, Word};
use crate::terms::finder;
use crate::terms::tokens::strip_accents;

/// Words in a row that stand in the source too, from which on they count as left untranslated.
const UNTRANSLATED: usize = 4;

/// What a word of the translation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// English, a name, a number or a fragment.
    Sound,
    /// Stands in the source and is not English.
    Copied,
    /// Neither English nor in the source.
    Invented,
}

pub(super) fn check(pair: &Pair, flags: &mut Vec<Flag>) {
    let source = Source::new(&pair.source);
    let words = &pair.target.words;
    let runs = untranslated_runs(pair);
    for run in runs.iter().take(MOST) {
        let bytes = words[run.start].bytes.start..words[run.end - 1].bytes.end;
        let reason = format!(
            "“{}” is left in French.",
            shortened(&pair.target.text[bytes.clone()])
        );
        let same = pair.linked_source(run.clone());
        flags.push(pair.flag(
            "check/untranslated",
            Severity::High,
            same,
            Some(bytes),
            reason,
        ));
    }
    let left_french: HashSet<usize> = runs.into_iter().flatten().collect();
    let mut told = HashSet::new();
    let mut at = 0;
    while at < words.len() && told.len() < MOST {
        let kind = kind(pair, &source, at);
        let start = at;
        at += 1;
        if kind == Kind::Sound || left_french.contains(&start) {
            continue;
        }
        // Neighbours of the same kind are one find.
        while at < words.len() && kind == self::kind(pair, &source, at) && together(pair, at) {
            at += 1;
        }
        let bytes = words[start].bytes.start..words[at - 1].bytes.end;
        let written = &pair.target.text[bytes.clone()];
        if !told.insert(written.to_lowercase()) {
            continue;
        }
        let linked = pair.linked_source(start..at);
        let flag = match kind {
            Kind::Copied => {
                let reason =
                    format!("“{written}” stands as in the source and is not an English word.");
                let source = source.place(&words[start..at]).or(linked);
                pair.flag(
                    "check/copied",
                    Severity::Medium,
                    source,
                    Some(bytes),
                    reason,
                )
            }
            _ => {
                let renders = linked.as_ref().map_or_else(String::new, |bytes| {
                    format!(" (for “{}”)", &pair.source.text[bytes.clone()])
                });
                let reason = format!("“{written}”{renders} is not a known English word.");
                pair.flag(
                    "check/invented",
                    Severity::High,
                    linked,
                    Some(bytes),
                    reason,
                )
            }
        };
        flags.push(flag);
    }
}

/// Whether nothing but a space stands before word `at` of the target.
fn together(pair: &Pair, at: usize) -> bool {
    let words = &pair.target.words;
    &pair.target.text[words[at - 1].bytes.end..words[at].bytes.start] == " "
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Runs of target words that stand in the source in the same order and hold French.
fn untranslated_runs(pair: &Pair) -> Vec<Range<usize>> {
    let plain = |words: &'_ [Word]| words.iter().map(|w| w.plain.clone()).collect::<Vec<_>>();
    let in_source: HashSet<Vec<String>> =
        pair.source.words.windows(UNTRANSLATED).map(plain).collect();
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (start, window) in pair.target.words.windows(UNTRANSLATED).enumerate() {
        if !in_source.contains(&plain(window)) {
            continue;
        }
        let end = start + UNTRANSLATED;
        match runs.last_mut() {
            Some(last) if last.end >= start => last.end = end,
            _ => runs.push(start..end),
        }
    }
    runs.retain(|run| {
        let words = &pair.target.words[run.clone()];
        let small = || {
            let side = &pair.target;
            words.iter().filter(|w| {
                w.plain.starts_with(char::is_alphabetic)
                    && !is_capitalised(side, w)
                    && !in_address(side, w)
            })
        };
        let french = small()
            .filter(|w| finder::is_function_word(&w.plain))
            .count();
        let foreign = small().filter(|w| !is_english(&fold(&w.plain))).count();
        french + foreign >= 2 && foreign >= 1
    });
    runs
}

/// The words of the source and their parts between hyphens and apostrophes, folded, and where the
/// word first stands.
struct Source {
    parts: HashMap<String, Range<usize>>,
}

impl Source {
    fn new(side: &Side) -> Self {
        let mut parts = HashMap::new();
        for word in &side.words {
            let folded = fold(&word.plain);
            for part in folded.split(['-', '\'']) {
                parts.entry(part.to_owned()).or_insert(word.bytes.clone());
            }
            parts.entry(folded).or_insert(word.bytes.clone());
        }
        Self { parts }
    }

    /// The first place of these words of the target in the source, where they stand alike.
    fn place(&self, words: &[Word]) -> Option<Range<usize>> {
        let (first, last) = (words.first()?, words.last()?);
        let start = self.parts.get(&fold(&first.plain))?;
        let end = self.parts.get(&fold(&last.plain))?;
        Some(start.start..end.end).filter(|bytes| bytes.start < bytes.end)
    }
}

/// Small words inside names: *Charles de Gaulle*, *Osama bin Laden*.
const PARTICLES: &[&str] = &[
    "de", "du", "des", "la", "le", "les", "et", "en", "sur", "sous", "aux", "el", "al", "bin",
    "ibn", "ben", "von", "van", "der", "den", "das", "dos", "di", "del", "della", "da", "zu",
];

fn kind(pair: &Pair, source: &Source, at: usize) -> Kind {
    let side = &pair.target;
    let word = &side.words[at];
    let folded = fold(&word.plain);
    let letters = folded.chars().filter(|c| c.is_ascii_lowercase()).count();
    let only_letters = folded
        .chars()
        .all(|c| c.is_ascii_lowercase() || c == '-' || c == '\'');
    if letters < 3 || !only_letters || is_acronym(side.written(word)) || in_address(side, word) {
        return Kind::Sound;
    }
    let capitalised = is_capitalised(side, word);
    if capitalised && !opens_sentence(side, at) || is_english(&folded) {
        return Kind::Sound;
    }
    let particle = |word: &Word| PARTICLES.contains(&word.plain.as_str());
    // Over other particles: *Ursula von der Leyen*.
    let capital_near = |near: &mut dyn Iterator<Item = &Word>| {
        let name = near.take(4).find(|word| !particle(word));
        name.is_some_and(|name| is_capitalised(side, name))
    };
    let (before, after) = (&side.words[..at], &side.words[at + 1..]);
    if PARTICLES.contains(&folded.as_str())
        && (capital_near(&mut before.iter().rev()) || capital_near(&mut after.iter()))
    {
        return Kind::Sound;
    }
    let parts_known = folded.contains('-')
        && folded
            .split('-')
            .all(|part| part.len() < 3 || is_part(part) || source.parts.contains_key(part));
    if parts_known {
        return Kind::Sound;
    }
    if capitalised {
        // At the start of a sentence a name looks like any word; what renders a common noun is none.
        let linked = pair.linked_source(at..at + 1);
        let letter = linked.and_then(|bytes| pair.source.text[bytes].chars().next());
        if !letter.is_some_and(char::is_lowercase) {
            return Kind::Sound;
        }
    }
    if source.parts.contains_key(&folded) {
        Kind::Copied
    } else {
        Kind::Invented
    }
}

/// Lower case without accents and possessive endings, with the ligatures spelt out.
fn fold(plain: &str) -> String {
    let plain = strip_accents(plain).replace('œ', "oe").replace('æ', "ae");
    let bare = plain.strip_suffix("'s").unwrap_or(&plain);
    bare.trim_end_matches('\'').to_owned()
}

fn is_capitalised(side: &Side, word: &Word) -> bool {
    let mut letters = side.written(word).chars();
    letters.next().is_some_and(char::is_uppercase)
        // MacArthur, iPhone, d'Estaing
        || letters.any(char::is_uppercase)
}

fn is_acronym(written: &str) -> bool {
    written.chars().filter(|c| c.is_uppercase()).count() > 1
}

/// Whether the word is part of a web address, a handle or a hashtag.
fn in_address(side: &Side, word: &Word) -> bool {
    let before = side.text[..word.bytes.start].chars().next_back();
    let mut after = side.text[word.bytes.end..].chars();
    let rest = &side.text[word.bytes.end..];
    rest.starts_with("://")
        || before.is_some_and(|c| matches!(c, '@' | '#' | '/' | '.' | '_'))
        || matches!(after.next(), Some('.' | '/' | '@' | '_'))
            && after.next().is_some_and(char::is_alphanumeric)
}

/// Whether word `at` opens a sentence, a quotation or the text.
fn opens_sentence(side: &Side, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return true;
    };
    let between = &side.text[side.words[before].bytes.end..side.words[at].bytes.start];
    between.contains(['.', '?', '!', '…', ':', '«', '“', '"', '‘', '–', '—', '•'])
}

/// Beginnings that English sets before words as it likes.
const PREFIXES: &[&str] = &[
    "anti", "pro", "ultra", "re", "un", "pre", "post", "co", "multi", "micro", "mega", "non",
    "over", "under", "out", "cyber", "euro", "super", "inter", "intra", "trans", "sub", "de",
    "dis", "mis", "bio", "eco", "neuro", "nano", "geo", "socio", "electro", "hyper", "counter",
    "extra", "semi", "self", "tele", "video", "photo", "radio", "hydro", "thermo", "psycho", "neo",
    "para", "auto", "narco", "petro", "agro", "aero",
];

/// Endings that English sets behind words as it likes, and what the word loses before them.
const SUFFIXES: &[(&str, &[&str])] = &[
    ("ies", &["y"]),
    ("es", &["", "e"]),
    ("ied", &["y"]),
    ("ed", &["", "e"]),
    ("ing", &["", "e"]),
    ("ers", &["", "e"]),
    ("er", &["", "e"]),
    ("est", &["", "e"]),
    ("ly", &["", "le"]),
    ("ness", &[""]),
    ("less", &[""]),
    ("like", &[""]),
    ("able", &["", "e"]),
    ("ability", &["able"]),
    ("ish", &["", "e"]),
    ("isms", &["", "e"]),
    ("ism", &["", "e"]),
    ("ists", &["", "e"]),
    ("ist", &["", "e"]),
    ("ization", &["", "al", "e"]),
    ("isation", &["", "al", "e"]),
    ("ized", &["", "e"]),
    ("ised", &["", "e"]),
    ("izing", &["", "e"]),
    ("ising", &["", "e"]),
    ("ship", &[""]),
    ("hood", &[""]),
    ("wide", &[""]),
    ("ward", &[""]),
    ("wards", &[""]),
];

/// Whether part of a hyphenated word is English: a word or a prefix.
fn is_part(part: &str) -> bool {
    PREFIXES.contains(&part) || is_english(part)
}

/// Whether a folded word is English: listed, or made of a listed one as English makes words.
fn is_english(word: &str) -> bool {
    let listed = |word: &str| dictionary::look_up(word).is_some();
    let contraction = ["n't", "'re", "'ve", "'ll", "'d", "'m"]
        .iter()
        .any(|ending| word.strip_suffix(ending).is_some_and(listed));
    let stem = |ending: &str, added: &[&str]| {
        let stem = word.strip_suffix(ending).filter(|stem| stem.len() > 2);
        stem.is_some_and(|stem| {
            let doubled = stem
                .as_bytes()
                .last_chunk::<2>()
                .is_some_and(|[a, b]| a == b)
                && listed(&stem[..stem.len() - 1]);
            doubled || added.iter().any(|end| listed(&format!("{stem}{end}")))
        })
    };
    listed(word)
        || contraction
        || PREFIXES.iter().any(|prefix| {
            let rest = word.strip_prefix(prefix).filter(|rest| rest.len() > 3);
            rest.is_some_and(|rest| dictionary::look_up(rest) == Some(Known::Word))
        })
        || SUFFIXES.iter().any(|(ending, added)| stem(ending, added))
        || is_compound(word)
}

/// Whether a word is two listed ones in one, such as *whistleblower*.
fn is_compound(word: &str) -> bool {
    const SHORTEST: usize = 4;
    let word_of = |part: &str| dictionary::look_up(part) == Some(Known::Word);
    word.is_ascii()
        && (SHORTEST..(word.len() + 1).saturating_sub(SHORTEST))
            .any(|cut| word_of(&word[..cut]) && word_of(&word[cut..]))
}
