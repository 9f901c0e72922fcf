//! Which entries may begin with a word.

use std::ops::Range;

use super::{Entry, Rule};
use crate::terms::keys::{Classes, FastMap};
use crate::terms::pattern::{ANY, Pattern};
use crate::terms::tokens::{Token, Tokens};

/// A pattern: the place of its entry, and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::terms) struct Place {
    pub entry: u32,
    pub pattern: u32,
}

/// A pattern that is told by its first word alone.
#[derive(Debug, Clone, Copy)]
struct Alone {
    place: Place,
    /// The classes of words that may stand behind its first (see [`crate::terms::keys`]).
    next: Classes,
}

/// The patterns that may begin with a word.
#[derive(Debug, Clone, Default)]
struct Listed {
    /// Those that are told by it alone.
    alone: Range<u32>,
    /// Whether others are told by the word behind it too.
    paired: bool,
    /// The classes of words that may stand behind it in any of them.
    next: Classes,
}

/// The patterns of a language.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// The patterns for each word that may stand first, by that word's number.
    alone: Vec<Alone>,
    /// The patterns that are told by their first two words.
    paired: Vec<Place>,
    /// By the number of two words, which of these are theirs.
    by_pair: FastMap<u64, Range<u32>>,
    /// By the number of a word, what begins with it.
    by_first: FastMap<u64, Listed>,
    /// A bit for some numbers in the maps: most words and pairs of a text are not there, and a look
    /// into this, which stays at hand, is enough to tell.
    sieve: Vec<u64>,
    /// Those that may begin with any word.
    anywhere: Vec<Alone>,
    /// The entry of the rule for scare quotes.
    scare_quotes: Option<u32>,
}

/// With more patterns than so many, a word's are told by the next word too.
const MANY: usize = 6;

/// Of more words than so many that may stand behind it, they are not told.
const MOST_SECOND: usize = 64;

/// The number of two words in a row.
fn pair(first: u64, second: u64) -> u64 {
    first ^ second.rotate_left(32)
}

/// How many bits of a number tell its place in the sieve.
const SIEVE: u32 = 18;

/// The place of a number in the sieve: which of its words, and the bit there.
fn in_sieve(key: u64) -> (usize, u64) {
    let place = key & ((1 << SIEVE) - 1);
    ((place / 64) as usize, 1 << (place % 64))
}

impl Index {
    /// Indexes those of `entries` that `belongs` tells.
    pub fn new(entries: &[Entry], belongs: impl Fn(&Entry) -> bool) -> Self {
        let mut index = Self {
            sieve: vec![0; 1 << (SIEVE - 6)],
            ..Self::default()
        };
        let mut listed: Vec<(u64, Place)> = Vec::new();
        for (at, entry) in entries.iter().enumerate().filter(|(_, e)| belongs(e)) {
            if entry.rule == Some(Rule::ScareQuotes) {
                index.scare_quotes.get_or_insert(at as u32);
            }
            for (pattern, compiled) in entry.patterns.iter().enumerate() {
                let beginning = compiled.beginning();
                let place = Place {
                    entry: at as u32,
                    pattern: pattern as u32,
                };
                match &beginning.keys {
                    Some(keys) => listed.extend(keys.iter().map(|&key| (key, place))),
                    None => index.anywhere.push(Alone {
                        place,
                        next: beginning.next,
                    }),
                }
            }
        }
        listed.sort_unstable();
        listed.dedup();
        let first_words = listed.chunk_by(|a, b| a.0 == b.0).count();
        index.by_first.reserve(first_words);
        let (mut seconds, mut pairs) = (Seconds::default(), Vec::new());
        for words in listed.chunk_by(|a, b| a.0 == b.0) {
            let first = words[0].0;
            let mut begins = Listed {
                alone: index.alone.len() as u32..0,
                ..Listed::default()
            };
            for &(_, place) in words {
                let pattern = &entries[place.entry as usize].patterns[place.pattern as usize];
                let next = pattern.beginning().next;
                begins.next |= next;
                let told = words.len() > MANY && next != ANY;
                match told.then(|| seconds.of(place, pattern)).flatten() {
                    Some(keys) => {
                        begins.paired = true;
                        pairs.extend(keys.iter().map(|&key| (pair(first, key), place)));
                    }
                    None => index.alone.push(Alone { place, next }),
                }
            }
            begins.alone.end = index.alone.len() as u32;
            index.by_first.insert(first, begins);
            index.hold(first);
        }
        pairs.sort_unstable();
        for places in pairs.chunk_by(|a, b| a.0 == b.0) {
            let start = index.paired.len() as u32;
            index.paired.extend(places.iter().map(|(_, place)| place));
            let end = index.paired.len() as u32;
            index.by_pair.insert(places[0].0, start..end);
            index.hold(places[0].0);
        }
        index
    }

    /// Sets the bit of a number in the sieve.
    fn hold(&mut self, key: u64) {
        let (word, bit) = in_sieve(key);
        self.sieve[word] |= bit;
    }

    /// Whether a number may be in the maps.
    fn may_hold(&self, key: u64) -> bool {
        let (word, bit) = in_sieve(key);
        self.sieve.get(word).is_some_and(|held| held & bit != 0)
    }

    /// The entry of the rule for scare quotes.
    pub fn scare_quotes(&self) -> Option<u32> {
        self.scare_quotes
    }

    /// Puts into `found` the patterns that may match from token `at` on, going by it and the one
    /// behind it.
    pub fn candidates(&self, tokens: &Tokens, at: usize, found: &mut Vec<Place>) {
        found.clear();
        let token = &tokens.tokens[at];
        let next = tokens.tokens.get(at + 1);
        let classes = next.map_or(0, Token::classes);
        let fits = |alone: &&Alone| alone.next & classes != 0 || alone.next == ANY;
        let mut add = |key: u64| {
            if self.may_hold(key)
                && let Some(begins) = self.by_first.get(&key)
                && (begins.next & classes != 0 || begins.next == ANY)
            {
                let from = found.len();
                let alone = &self.alone[begins.alone.start as usize..begins.alone.end as usize];
                found.extend(alone.iter().filter(fits).map(|alone| alone.place));
                if let Some(next) = next.filter(|_| begins.paired) {
                    for pair in next.keys().map(|next| pair(key, next)) {
                        if self.may_hold(pair)
                            && let Some(places) = self.by_pair.get(&pair)
                        {
                            let places = places.start as usize..places.end as usize;
                            found.extend(&self.paired[places]);
                        }
                    }
                    found[from..].sort_unstable();
                }
            }
        };
        token.keys().for_each(&mut add);
        found.extend(self.anywhere.iter().filter(fits).map(|alone| alone.place));
    }
}

/// The words that may stand second in patterns, as far as they were asked for.
#[derive(Default)]
struct Seconds(FastMap<Place, Option<Vec<u64>>>);

impl Seconds {
    /// Their numbers; none where they are any or too many.
    fn of(&mut self, place: Place, pattern: &Pattern) -> Option<&[u64]> {
        let told = self.0.entry(place);
        let told = told.or_insert_with(|| {
            let keys = pattern.second_keys();
            keys.filter(|keys| keys.len() <= MOST_SECOND)
        });
        told.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::Lexicon;
    use proptest::prelude::*;
    use proptest::sample::Index as Pick;

    /// The patterns that match from token `at` on, each tried.
    fn tried(entries: &[Entry], tokens: &Tokens, at: usize) -> Vec<Place> {
        let all = entries.iter().zip(0..).flat_map(|(written, entry)| {
            let patterns = written.patterns.iter().zip(0..);
            patterns.map(move |(compiled, pattern)| (Place { entry, pattern }, compiled))
        });
        let fits = all.filter(|(_, pattern)| pattern.matches_listed(tokens, at).is_some());
        fits.map(|(place, _)| place).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Every pattern that matches is among the candidates.
        #[test]
        fn no_pattern_is_lost(picks in prop::collection::vec((any::<Pick>(), any::<bool>()), 1..6)) {
            let lexicon = Lexicon::builtin().expect("it is sound");
            let example = |(pick, capitals): &(Pick, bool)| {
                let entry = pick.get(lexicon.entries());
                let example = entry.examples.first().unwrap_or(&entry.lemma);
                if *capitals { example.to_uppercase() } else { example.clone() }
            };
            let text: Vec<String> = picks.iter().map(example).collect();
            let text = text.join(" ");
            let tokens = Tokens::new(&text);
            let index = Index::new(lexicon.entries(), |_| true);
            let mut found = Vec::new();
            for at in 0..tokens.tokens.len() {
                index.candidates(&tokens, at, &mut found);
                for place in tried(lexicon.entries(), &tokens, at) {
                    let id = &lexicon.entries()[place.entry as usize].id;
                    prop_assert!(found.contains(&place), "{id} in “{text}”");
                }
            }
        }
    }
}
