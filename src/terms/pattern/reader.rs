//! Reads the pattern language.

use compact_str::CompactString;

use super::code::Code;
use super::forms::{Forms, Numbers};
use super::{MAX_DEPTH, MAX_ITEMS, PatternError, Shape, Wording};
use crate::terms::conjugation::{self, Tense};
use crate::terms::keys::FastMap;
use crate::terms::tokens::Tokens;
use crate::terms::{english, english_inflection, inflection};
use crate::text::normalise;

/// The forms of the lemmas and words that were read so far, each as a word of a pattern, by how they
/// are written: patterns share many.
#[derive(Debug, Default)]
pub(in crate::terms) struct Lemmas(FastMap<(Wording, CompactString), Code>);

/// Reads a pattern from the left.
pub(super) struct Reader<'p> {
    rest: &'p str,
    wording: Wording,
    items: usize,
    lemmas: &'p mut Lemmas,
}

impl<'p> Reader<'p> {
    pub fn new(written: &'p str, wording: Wording, lemmas: &'p mut Lemmas) -> Self {
        Self {
            rest: written.trim(),
            wording,
            items: 0,
            lemmas,
        }
    }

    /// The items of the whole pattern.
    pub fn read(mut self) -> Result<Code, PatternError> {
        let items = self.sequence(0)?;
        match self.rest.chars().next() {
            Some(stray) => Err(PatternError::Unbalanced(stray)),
            None => Ok(items),
        }
    }

    fn sequence(&mut self, depth: usize) -> Result<Code, PatternError> {
        if depth > MAX_DEPTH {
            return Err(PatternError::Size);
        }
        let mut items = Code::default();
        loop {
            self.rest = self.rest.trim_start();
            let Some(next) = self.rest.chars().next() else {
                break;
            };
            let from = items.end();
            match next {
                '|' | ')' => break,
                '(' => self.alternatives(depth, &mut items)?,
                '<' => self.lemma(&mut items)?,
                '«' | '»' => {
                    self.rest = &self.rest[next.len_utf8()..];
                    match next {
                        '«' => items.opens(),
                        _ => items.closes(),
                    }
                }
                _ => self.word(&mut items)?,
            }
            if let Some(rest) = self.rest.strip_prefix('?') {
                self.rest = rest;
                items.optional_from(from);
            }
            self.items += 1;
            if self.items > MAX_ITEMS {
                return Err(PatternError::Size);
            }
        }
        Ok(items)
    }

    fn alternatives(&mut self, depth: usize, items: &mut Code) -> Result<(), PatternError> {
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
                    either(&alternatives, items);
                    return Ok(());
                }
                _ => return Err(PatternError::Unbalanced('(')),
            }
        }
    }

    fn lemma(&mut self, items: &mut Code) -> Result<(), PatternError> {
        let (inside, rest) = self.rest[1..]
            .split_once('>')
            .ok_or(PatternError::Unbalanced('<'))?;
        self.rest = rest;
        let key = (self.wording, CompactString::from(inside));
        if let Some(word) = self.lemmas.0.get(&key) {
            items.extend(word);
            return Ok(());
        }
        let (class, described) = inside
            .split_once(':')
            .ok_or_else(|| PatternError::Class(inside.into()))?;
        let mut described = described.split_whitespace();
        let lemma = normalise(described.next().ok_or(PatternError::Empty)?);
        let english = self.wording != Wording::French;
        let forms = match (class, english) {
            ("adjective", false) => inflection::adjective(&lemma),
            ("adjective", true) => english_inflection::adjective(&lemma),
            ("noun", false) => inflection::noun(&lemma),
            ("noun", true) => english_inflection::noun(&lemma),
            ("verb", _) => {
                let conjugated = match english {
                    true => english_inflection::verb(&lemma),
                    false => conjugation::conjugate(&lemma)
                        .ok_or_else(|| PatternError::Conjugation(lemma.clone()))?,
                };
                in_tenses(conjugated, described)?
            }
            (other, _) => return Err(PatternError::Class(other.into())),
        };
        let word = word_of(forms);
        items.extend(&word);
        self.lemmas.0.insert(key, word);
        Ok(())
    }

    fn word(&mut self, items: &mut Code) -> Result<(), PatternError> {
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
            items.gap(most.ok_or_else(|| PatternError::Gap(written.into()))?);
            return Ok(());
        }
        if let Some(shape) = written.strip_prefix('@') {
            items.shape(match shape {
                "infinitive" if self.wording == Wording::French => Shape::Infinitive,
                "participle" if self.wording == Wording::French => Shape::Participle,
                "participle" => Shape::EnglishParticiple,
                "imperfect" if self.wording == Wording::French => Shape::Imperfect,
                "capital" => Shape::Capital,
                "word" => Shape::Word,
                other => return Err(PatternError::Shape(other.into())),
            });
            return Ok(());
        }
        if written.ends_with(['\'', '’']) {
            // An elided word alone, as in `n'<verb:avoir>`.
            items.extend(&word_of([normalise(written)]));
            return Ok(());
        }
        if written
            .chars()
            .all(|c| c.is_ascii_lowercase() || ('ß'..='ö').contains(&c))
        {
            // One word as it is compared.
            self.plain(written, items);
            return Ok(());
        }
        for token in Tokens::new(written).tokens {
            self.plain(token.plain(), items);
        }
        Ok(())
    }

    /// Adds a word of the pattern.
    fn plain(&mut self, word: &str, items: &mut Code) {
        let wording = self.wording;
        let read = || {
            word_of(match wording {
                Wording::French => with_elision(word),
                Wording::English => english::spellings(word),
                Wording::Rendering => english::forms(word),
            })
        };
        let held = self.lemmas.0.entry((wording, word.into()));
        items.extend(held.or_insert_with(read));
    }
}

/// A word with these forms.
pub(super) fn word_of<F: AsRef<str>>(forms: impl IntoIterator<Item = F>) -> Code {
    let mut word = Code::default();
    word.word(Numbers::of(forms).forms());
    word
}

/// Adds alternatives; single words as one word with the forms of all, which is told sooner.
fn either(alternatives: &[Code], items: &mut Code) {
    let words = alternatives.iter().map(|items| items.items().word());
    match words.collect::<Option<Vec<Forms>>>() {
        Some(words) => items.word(Numbers::of_any(&words).forms()),
        None => items.either(alternatives),
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

/// The forms of those in the tenses named, of all where none is.
fn in_tenses<'a>(
    conjugated: Vec<(Tense, String)>,
    tenses: impl Iterator<Item = &'a str>,
) -> Result<Vec<String>, PatternError> {
    let wanted: Vec<Tense> = tenses
        .map(|name| Tense::named(name).ok_or_else(|| PatternError::Tense(name.into())))
        .collect::<Result<_, _>>()?;
    let chosen = conjugated
        .into_iter()
        .filter(|(tense, _)| wanted.is_empty() || wanted.contains(tense));
    Ok(chosen.map(|(_, form)| form).collect())
}
