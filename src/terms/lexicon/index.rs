//! Which entries may begin with a word.

use super::{Entry, Rule};
use crate::terms::keys::{Classes, FastMap};
use crate::terms::pattern::ANY;
use crate::terms::tokens::Tokens;

/// A pattern: the place of its entry, and its place there.
#[derive(Debug, Clone, Copy)]
pub(in crate::terms) struct Place {
    pub entry: u32,
    pub pattern: u32,
    /// The classes of words that may stand behind its first (see [`crate::terms::keys`]).
    next: Classes,
}

/// Which of all places are a word's.
#[derive(Debug, Clone, Copy)]
struct Listed {
    start: u32,
    end: u32,
    /// The classes of words that may stand behind it in any of them.
    next: Classes,
}

/// The patterns of a language.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// All patterns, for each word that may stand first, by that word's number.
    places: Vec<Place>,
    /// By the number of a word, which of the places are its.
    by_first: FastMap<u64, Listed>,
    /// A bit for some numbers of words in the map: most words of a text are not there, and a look
    /// into this, which stays at hand, is enough to tell.
    sieve: Vec<u64>,
    /// Those that may begin with any word.
    anywhere: Vec<Place>,
    /// The entry of the rule for scare quotes.
    scare_quotes: Option<u32>,
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
                    next: beginning.next,
                };
                match &beginning.keys {
                    Some(keys) => listed.extend(keys.iter().map(|&key| (key, place))),
                    None => index.anywhere.push(place),
                }
            }
        }
        let order = |(key, place): &(u64, Place)| (*key, place.entry, place.pattern);
        listed.sort_unstable_by_key(order);
        listed.dedup_by_key(|place| order(place));
        for words in listed.chunk_by(|a, b| a.0 == b.0) {
            let start = index.places.len() as u32;
            index.places.extend(words.iter().map(|(_, place)| place));
            let end = index.places.len() as u32;
            let next = words.iter().fold(0, |all, (_, place)| all | place.next);
            let listed = Listed { start, end, next };
            index.by_first.insert(words[0].0, listed);
            let (word, bit) = in_sieve(words[0].0);
            index.sieve[word] |= bit;
        }
        index
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
        let next = tokens.tokens.get(at + 1).map_or(0, |next| next.classes());
        let fits = |place: &&Place| place.next & next != 0 || place.next == ANY;
        let mut add = |key: u64| {
            let (word, bit) = in_sieve(key);
            if self.sieve.get(word).is_some_and(|held| held & bit != 0)
                && let Some(listed) = self.by_first.get(&key)
                && (listed.next & next != 0 || listed.next == ANY)
            {
                let places = &self.places[listed.start as usize..listed.end as usize];
                found.extend(places.iter().filter(fits));
            }
        };
        add(token.key());
        if !token.is_plain() {
            // A word in capitals is looked up without its accents too.
            let others = token.readings().skip(1).chain(token.capitals());
            let others = others.filter(|other| other.key != token.key());
            others.for_each(|other| add(other.key));
        }
        found.extend(self.anywhere.iter().filter(fits));
    }
}
