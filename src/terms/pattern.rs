//! The pattern language of the lexicon and its matcher.
//!
//! A pattern is a sequence of items, parted by spaces:
//!
//! | item | stands for |
//! | --- | --- |
//! | `mot` | the word, elided too (`de` is also *d'*); in a rendering, its English inflections |
//! | `<verb:dire>`, `<adjective:spécial>`, `<noun:mesure>` | any form of the lemma |
//! | `<verb:avoir conditional>` | its forms in the tenses named |
//! | `(a\|b c)` | one of the alternatives |
//! | `x?` | `x` or nothing |
//! | `..3` | up to three words, across commas and brackets |
//! | `@infinitive`, `@participle`, `@word`, `@capital` | a word by its shape |
//! | `«`, `»` | a place where a quoted span opens, closes |
//!
//! Words match whatever their case and apostrophes, and through quotation marks. Optional items
//! are tried first with, gaps first short; the first reading that fits wins.

use std::collections::HashSet;

use super::conjugation::{self, Tense};
use super::tokens::{Token, Tokens, strip_accents};
use super::{english, inflection};
use crate::text::normalise;

/// Why a pattern cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Nothing in it.
    #[error("the pattern is empty")]
    Empty,
    /// A bracket without its partner.
    #[error("“{0}” has no partner")]
    Unbalanced(char),
    /// `<class:lemma>` with a class that does not exist.
    #[error("“{0}” is no word class; use <verb:…>, <adjective:…> or <noun:…>")]
    Class(String),
    /// A verb whose conjugation is unknown.
    #[error("the conjugation of “{0}” is not known; list its forms: (forme1|forme2|…)")]
    Conjugation(String),
    /// A tense that does not exist.
    #[error(
        "“{0}” is no tense; use present, imperfect, future, conditional, past, subjunctive, \
         participle, gerund or infinitive"
    )]
    Tense(String),
    /// `@shape` that does not exist.
    #[error("“@{0}” is no shape; use @infinitive, @participle, @capital or @word")]
    Shape(String),
    /// A gap that is no number from 1 to 9.
    #[error("“{0}” is no gap; write ..1 to ..9")]
    Gap(String),
    /// Too deeply nested or too long.
    #[error("the pattern is too long or too deeply nested")]
    Size,
}

/// In which language the plain words of a pattern are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// French: words as written, with their elided form.
    Source,
    /// English: words with their inflections.
    Target,
}

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    items: Vec<Item>,
}

#[derive(Debug, Clone)]
enum Item {
    Forms(Forms),
    Shape(Shape),
    Either(Vec<Vec<Item>>),
    Optional(Box<Item>),
    Gap(usize),
    Opens,
    Closes,
}

/// Written forms of one word.
#[derive(Debug, Clone)]
struct Forms {
    exact: HashSet<String>,
    capitals: HashSet<String>,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    Infinitive,
    Participle,
    Capital,
    Word,
}

/// The longest pattern and the deepest nesting that are read.
const MAX_ITEMS: usize = 64;
const MAX_DEPTH: usize = 8;

impl Pattern {
    /// Reads a pattern.
    pub fn parse(written: &str, side: Side) -> Result<Self, PatternError> {
        let mut reader = Reader {
            rest: written.trim(),
            side,
            items: 0,
        };
        let items = reader.sequence(0)?;
        if let Some(stray) = reader.rest.chars().next() {
            return Err(PatternError::Unbalanced(stray));
        }
        if items.is_empty() {
            return Err(PatternError::Empty);
        }
        Ok(Self { items })
    }

    /// A pattern of one word with these forms.
    pub fn of_forms<'a>(forms: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            items: vec![Item::Forms(Forms::new(forms.into_iter().map(normalise)))],
        }
    }

    /// The tokens that the pattern matches from token `start` on, words of gaps left out.
    pub fn matches(&self, tokens: &Tokens, start: usize) -> Option<Vec<usize>> {
        let mut matched = Vec::new();
        let mut run = Run {
            tokens,
            start,
            steps: 0,
        };
        let items: Vec<&Item> = self.items.iter().collect();
        run.go(&items, start, false, &mut matched)
            .then_some(matched)
            .filter(|m| !m.is_empty())
    }

    /// Every written form that may stand first, or `None` where that may be any word.
    pub fn first_forms(&self) -> Option<Vec<&str>> {
        first_forms(&self.items).map(|(forms, _)| forms)
    }
}

impl Forms {
    fn new(forms: impl IntoIterator<Item = String>) -> Self {
        let exact: HashSet<String> = forms.into_iter().collect();
        let capitals = exact.iter().map(|form| strip_accents(form)).collect();
        Self { exact, capitals }
    }

    fn hold(&self, token: &Token) -> bool {
        token.readings.iter().any(|r| self.exact.contains(r))
            || token
                .capitals
                .as_ref()
                .is_some_and(|c| self.capitals.contains(c))
    }
}

/// The first forms of a sequence, and whether the sequence may be empty.
fn first_forms(items: &[Item]) -> Option<(Vec<&str>, bool)> {
    let mut forms = Vec::new();
    for item in items {
        let may_be_empty = match item {
            Item::Forms(word) => {
                forms.extend(word.exact.iter().map(String::as_str));
                forms.extend(word.capitals.iter().map(String::as_str));
                false
            }
            Item::Opens | Item::Closes => true,
            Item::Shape(_) | Item::Gap(_) => return None,
            Item::Optional(inner) => {
                forms.extend(first_forms(std::slice::from_ref(inner))?.0);
                true
            }
            Item::Either(alternatives) => {
                let mut empty = false;
                for alternative in alternatives {
                    let (first, may) = first_forms(alternative)?;
                    forms.extend(first);
                    empty |= may;
                }
                empty
            }
        };
        if !may_be_empty {
            return Some((forms, false));
        }
    }
    Some((forms, true))
}

struct Run<'t> {
    tokens: &'t Tokens<'t>,
    start: usize,
    steps: usize,
}

/// Steps after which a match is given up: far more than any sensible pattern takes.
const MAX_STEPS: usize = 20_000;

impl Run<'_> {
    /// Matches `items` from token `at`; `gap` says that an open gap stands right before.
    fn go(&mut self, items: &[&Item], at: usize, gap: bool, matched: &mut Vec<usize>) -> bool {
        self.steps += 1;
        let Some((item, rest)) = items.split_first() else {
            return true;
        };
        if self.steps > MAX_STEPS {
            return false;
        }
        let mark = matched.len();
        match item {
            Item::Forms(_) | Item::Shape(_) => {
                let Some(token) = self.tokens.tokens.get(at) else {
                    return false;
                };
                let fits = match item {
                    Item::Forms(forms) => forms.hold(token),
                    Item::Shape(shape) => shape.fits(token),
                    _ => false,
                };
                if !fits || !self.reaches(at, gap) {
                    return false;
                }
                matched.push(at);
                self.go(rest, at + 1, false, matched) || undo(matched, mark)
            }
            Item::Optional(inner) => {
                let mut with: Vec<&Item> = vec![inner];
                with.extend(rest);
                self.go(&with, at, gap, matched)
                    || undo(matched, mark)
                    || self.go(rest, at, gap, matched)
                    || undo(matched, mark)
            }
            Item::Either(alternatives) => alternatives.iter().any(|alternative| {
                let mut with: Vec<&Item> = alternative.iter().collect();
                with.extend(rest);
                self.go(&with, at, gap, matched) || undo(matched, mark)
            }),
            Item::Gap(most) => (0..=*most).any(|skipped| {
                let open = (at..at + skipped).all(|i| self.reaches(i, true));
                open && at + skipped <= self.tokens.tokens.len()
                    && (self.go(rest, at + skipped, true, matched) || undo(matched, mark))
            }),
            Item::Opens => self.gap(at).opens && self.go(rest, at, gap, matched),
            Item::Closes => self.gap(at).closes && self.go(rest, at, gap, matched),
        }
    }

    /// Whether a match may go on at token `at` over the punctuation before it.
    fn reaches(&self, at: usize, gap: bool) -> bool {
        let before = self.gap(at);
        at == self.start || !before.hard && (gap || !before.soft)
    }

    fn gap(&self, at: usize) -> super::tokens::Gap {
        self.tokens.gaps.get(at).copied().unwrap_or_default()
    }
}

fn undo(matched: &mut Vec<usize>, mark: usize) -> bool {
    matched.truncate(mark);
    false
}

impl Shape {
    fn fits(self, token: &Token) -> bool {
        match self {
            Self::Word => true,
            Self::Capital => token.capitalised,
            Self::Infinitive => looks_infinitive(token.plain()),
            Self::Participle => looks_participle(token.plain()),
        }
    }
}

/// Frequent words that end like infinitives and are none.
const NO_INFINITIVES: &[&str] = &[
    "hier",
    "mer",
    "fer",
    "cher",
    "chère",
    "amer",
    "enfer",
    "hiver",
    "premier",
    "dernier",
    "papier",
    "quartier",
    "métier",
    "chantier",
    "courrier",
    "dossier",
    "financier",
    "policier",
    "particulier",
    "régulier",
    "entier",
    "léger",
    "étranger",
    "danger",
    "janvier",
    "février",
    "ouvrier",
    "banquier",
    "familier",
    "leader",
    "manager",
    "soir",
    "noir",
    "espoir",
    "miroir",
    "autre",
    "notre",
    "votre",
    "entre",
    "contre",
    "quatre",
    "centre",
    "ministre",
    "lettre",
    "titre",
    "maître",
    "ordre",
    "cadre",
    "cendre",
    "moindre",
    "histoire",
    "victoire",
    "territoire",
    "mémoire",
    "gloire",
    "affaire",
    "militaire",
    "populaire",
    "nucléaire",
    "contraire",
    "nécessaire",
    "maire",
    "salaire",
    "solidaire",
    "adversaire",
    "culture",
    "nature",
    "mesure",
    "rupture",
    "voiture",
    "future",
    "pire",
    "empire",
    "navire",
    "rencontre",
    "désir",
    "avenir",
    "souvenir",
    "loisir",
    "plaisir",
    "tir",
    "or",
];

fn looks_infinitive(word: &str) -> bool {
    let endings = [
        "er", "ir", "oir", "dre", "ttre", "ître", "aire", "ire", "ure", "vre", "pre", "cre", "être",
    ];
    word.chars().count() > 3
        && !NO_INFINITIVES.contains(&word)
        && endings.iter().any(|ending| word.ends_with(ending))
}

/// Frequent words that end like participles and are none.
const NO_PARTICIPLES: &[&str] = &[
    "lui",
    "qui",
    "ici",
    "ainsi",
    "aussi",
    "celui",
    "parmi",
    "midi",
    "oui",
    "puis",
    "depuis",
    "mais",
    "jamais",
    "dessus",
    "plus",
    "tous",
    "nous",
    "vous",
    "sous",
    "vie",
    "pays",
    "partie",
    "bien",
    "tu",
    "du",
    "au",
    "peu",
    "eux",
    "feu",
    "lieu",
    "jeu",
    "aux",
    "dans",
    "fois",
    "mois",
    "trois",
    "autrefois",
    "parfois",
    "malgré",
    "liberté",
    "sécurité",
    "année",
    "armée",
    "idée",
    "journée",
    "société",
    "côté",
    "été",
    "chez",
    "les",
    "des",
    "ses",
    "mes",
    "ces",
    "très",
    "après",
    "dès",
    "près",
    "russie",
    "aujourd'hui",
    "appui",
    "ami",
    "ennemi",
    "demi",
    "avis",
    "vue",
    "rue",
    "revue",
    "issue",
    "refus",
    "campus",
    "virus",
    "crise",
    "prise",
    "surprise",
    "entreprise",
    "suite",
    "droite",
    "limite",
    "visite",
    "élite",
];

fn looks_participle(word: &str) -> bool {
    let endings = [
        "é", "i", "u", "û", "is", "it", "int", "ert", "ort", "clos", "fait",
    ];
    if word.chars().count() < 2 || NO_PARTICIPLES.contains(&word) {
        return false;
    }
    let masculine = word
        .strip_suffix("es")
        .or_else(|| word.strip_suffix(['e', 's']));
    [Some(word), masculine]
        .into_iter()
        .flatten()
        .any(|stem| stem.chars().count() > 1 && endings.iter().any(|ending| stem.ends_with(ending)))
}

struct Reader<'p> {
    rest: &'p str,
    side: Side,
    items: usize,
}

impl Reader<'_> {
    fn sequence(&mut self, depth: usize) -> Result<Vec<Item>, PatternError> {
        if depth > MAX_DEPTH {
            return Err(PatternError::Size);
        }
        let mut items = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            let Some(next) = self.rest.chars().next() else {
                break;
            };
            let from = items.len();
            match next {
                '|' | ')' => break,
                '(' => items.push(self.alternatives(depth)?),
                '<' => items.push(self.lemma()?),
                '«' | '»' => {
                    self.rest = &self.rest[next.len_utf8()..];
                    items.push(if next == '«' {
                        Item::Opens
                    } else {
                        Item::Closes
                    });
                }
                _ => self.word(&mut items)?,
            }
            if let Some(rest) = self.rest.strip_prefix('?') {
                self.rest = rest;
                let inner: Vec<Item> = items.drain(from..).collect();
                items.push(Item::Optional(Box::new(Item::Either(vec![inner]))));
            }
            self.items += 1;
            if self.items > MAX_ITEMS {
                return Err(PatternError::Size);
            }
        }
        Ok(items)
    }

    fn alternatives(&mut self, depth: usize) -> Result<Item, PatternError> {
        let mut alternatives = Vec::new();
        loop {
            // Past the opening bracket or a bar.
            self.rest = &self.rest[1..];
            let alternative = self.sequence(depth + 1)?;
            if alternative.is_empty() {
                return Err(PatternError::Empty);
            }
            alternatives.push(alternative);
            match self.rest.chars().next() {
                Some('|') => {}
                Some(')') => {
                    self.rest = &self.rest[1..];
                    return Ok(Item::Either(alternatives));
                }
                _ => return Err(PatternError::Unbalanced('(')),
            }
        }
    }

    fn lemma(&mut self) -> Result<Item, PatternError> {
        let (inside, rest) = self.rest[1..]
            .split_once('>')
            .ok_or(PatternError::Unbalanced('<'))?;
        self.rest = rest;
        let (class, described) = inside
            .split_once(':')
            .ok_or_else(|| PatternError::Class(inside.into()))?;
        let mut described = described.split_whitespace();
        let lemma = normalise(described.next().ok_or(PatternError::Empty)?);
        let forms = match class {
            "adjective" => inflection::adjective(&lemma),
            "noun" => inflection::noun(&lemma),
            "verb" => verb_forms(&lemma, described)?,
            other => return Err(PatternError::Class(other.into())),
        };
        Ok(Item::Forms(Forms::new(forms)))
    }

    fn word(&mut self, items: &mut Vec<Item>) -> Result<(), PatternError> {
        let end = self
            .rest
            .find(|c: char| c.is_whitespace() || "()<>|?«»".contains(c))
            .unwrap_or(self.rest.len());
        if end == 0 {
            let stray = self.rest.chars().next().unwrap_or('?');
            return Err(PatternError::Unbalanced(stray));
        }
        let (written, rest) = self.rest.split_at(end);
        self.rest = rest;
        if let Some(count) = written.strip_prefix("..") {
            let most = count.parse().ok().filter(|n| (1..=9).contains(n));
            items.push(Item::Gap(
                most.ok_or_else(|| PatternError::Gap(written.into()))?,
            ));
            return Ok(());
        }
        if let Some(shape) = written.strip_prefix('@') {
            items.push(Item::Shape(match shape {
                "infinitive" => Shape::Infinitive,
                "participle" => Shape::Participle,
                "capital" => Shape::Capital,
                "word" => Shape::Word,
                other => return Err(PatternError::Shape(other.into())),
            }));
            return Ok(());
        }
        if written.ends_with(['\'', '’']) {
            // An elided word alone, as in `n'<verb:avoir>`.
            items.push(Item::Forms(Forms::new([normalise(written)])));
            return Ok(());
        }
        for token in Tokens::new(written).tokens {
            items.push(Item::Forms(Forms::new(match self.side {
                Side::Source => with_elision(token.plain()),
                Side::Target => english::forms(token.plain()),
            })));
        }
        Ok(())
    }
}

fn with_elision(word: &str) -> Vec<String> {
    let elides = [
        "de", "le", "la", "ne", "se", "que", "ce", "je", "me", "te", "si", "jusque", "lorsque",
        "puisque", "quoique",
    ];
    let mut forms = vec![word.to_owned()];
    if elides.contains(&word)
        && let Some((last, _)) = word.char_indices().next_back()
    {
        forms.push(format!("{}'", &word[..last]));
    }
    forms
}

fn verb_forms<'a>(
    lemma: &str,
    tenses: impl Iterator<Item = &'a str>,
) -> Result<Vec<String>, PatternError> {
    let forms =
        conjugation::conjugate(lemma).ok_or_else(|| PatternError::Conjugation(lemma.to_owned()))?;
    let wanted: Vec<Tense> = tenses
        .map(|name| Tense::named(name).ok_or_else(|| PatternError::Tense(name.into())))
        .collect::<Result<_, _>>()?;
    let chosen = forms
        .into_iter()
        .filter(|(tense, _)| wanted.is_empty() || wanted.contains(tense));
    Ok(chosen.map(|(_, form)| form).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matched(pattern: &str, text: &str) -> Option<Vec<String>> {
        let pattern = Pattern::parse(pattern, Side::Source).expect(pattern);
        let tokens = Tokens::new(text);
        (0..tokens.tokens.len()).find_map(|start| {
            let found = pattern.matches(&tokens, start)?;
            Some(
                found
                    .into_iter()
                    .map(|i| text[tokens.tokens[i].bytes.clone()].to_owned())
                    .collect(),
            )
        })
    }

    #[test]
    fn patterns_match_what_they_say() {
        let cases: &[(&str, &str, Option<&[&str]>)] = &[
            (
                "<noun:mesure> de rétorsion",
                "Des mesures de rétorsion",
                Some(&["mesures", "de", "rétorsion"]),
            ),
            ("mesures de", "mesures d’urgence", Some(&["mesures", "d’"])),
            (
                "<verb:avoir conditional> pu ..4 @infinitive",
                "ils auraient pu, selon lui, exercer",
                Some(&["auraient", "pu", "exercer"]),
            ),
            (
                "n'<verb:avoir> pas jugé bon de (s')? @infinitive",
                "Twitter n’a pas jugé bon de s’exprimer.",
                Some(&["n’", "a", "pas", "jugé", "bon", "de", "s’", "exprimer"]),
            ),
            (
                "<adjective:prétendu> ingérence",
                "la PRETENDUE «ingérence",
                Some(&["PRETENDUE", "ingérence"]),
            ),
            ("(dit|dite) «", "la ville dite «libre»", Some(&["dite"])),
            ("(dit|dite) «", "ce qu'il dit est", None),
            ("grand jeu", "grand. Jeu", None),
            ("grand jeu", "grand, jeu", None),
            ("grand ..2 jeu", "grand, beau jeu", Some(&["grand", "jeu"])),
        ];
        for (pattern, text, expected) in cases {
            let expected = expected.map(|e| e.iter().map(|w| (*w).to_owned()).collect());
            assert_eq!(matched(pattern, text), expected, "{pattern} in {text}");
        }
    }

    #[test]
    fn errors_say_what_is_wrong() {
        for (pattern, part) in [
            ("", "empty"),
            ("(a|b", "partner"),
            ("a)", "partner"),
            ("<noun:a", "partner"),
            ("<chose:a>", "word class"),
            ("<verb:zut>", "conjugation"),
            ("<verb:avoir jadis>", "tense"),
            ("@chose", "shape"),
            ("..99", "gap"),
        ] {
            let error = Pattern::parse(pattern, Side::Source)
                .expect_err(pattern)
                .to_string();
            assert!(error.contains(part), "{pattern}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_pattern_and_no_text_panic(pattern in "[a-c()|?<>:.@«» 0-9é]{0,24}", text in "\\PC{0,40}") {
            if let Ok(pattern) = Pattern::parse(&pattern, Side::Source) {
                let tokens = Tokens::new(&text);
                for start in 0..tokens.tokens.len() {
                    let _ = pattern.matches(&tokens, start);
                }
            }
        }
    }
}
