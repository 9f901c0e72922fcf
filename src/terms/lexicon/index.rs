//! Which entries may begin with a word.

use std::ops::Range;

use super::{Entry, Rule, loading_threads};
use crate::parallel;
use crate::terms::keys::{Classes, FastMap};
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
    /// The classes of words that may stand behind its first (see [`crate::terms::keys`]), half of
    /// them laid over the others; all where none need stand there.
    next: u64,
}

impl Alone {
    fn new(place: Place, next: Classes) -> Self {
        Self {
            place,
            next: halved(next),
        }
    }
}

/// Classes in half the space, two in one.
fn halved(classes: Classes) -> u64 {
    classes as u64 | (classes >> 64) as u64
}

/// The patterns that may begin with a word. There are very many words: this is small.
#[derive(Debug, Clone, Copy)]
struct Listed {
    /// Where those that are told by it alone start.
    start: u32,
    /// How many of them there are, doubled; odd where others are told by the word behind it too.
    count: u32,
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

/// Entries, and words, that a thread indexes at a time.
const ENTRIES: usize = 512;
const WORDS: usize = 2048;

/// With more patterns than so many, a word's are told by the next word too.
const MANY: usize = 6;

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
    pub fn new(entries: &[Entry], belongs: impl Fn(&Entry) -> bool + Sync) -> Self {
        let mut index = Self {
            sieve: vec![0; 1 << (SIEVE - 6)],
            ..Self::default()
        };
        let rules = |entry: &Entry| belongs(entry) && entry.rule == Some(Rule::ScareQuotes);
        index.scare_quotes = entries.iter().position(rules).map(|at| at as u32);

        let parts = entries.len().div_ceil(ENTRIES);
        let firsts = parallel::map(loading_threads(), parts, |part| {
            let start = part * ENTRIES;
            let some = &entries[start..entries.len().min(start + ENTRIES)];
            Firsts::of(some, start as u32, &belongs)
        });
        let mut listed = Vec::with_capacity(firsts.iter().map(|part| part.listed.len()).sum());
        for part in firsts {
            listed.extend(part.listed);
            index.anywhere.extend(part.anywhere);
        }
        // This sort merges what is in order already.
        listed.sort();
        listed.dedup();

        let words: Vec<&[(u64, Place)]> = listed.chunk_by(|a, b| a.0 == b.0).collect();
        let parts: Vec<&[&[(u64, Place)]]> = words.chunks(WORDS).collect();
        let parts = parallel::map(loading_threads(), parts.len(), |part| {
            Words::of(entries, parts[part])
        });
        index.by_first.reserve(words.len());
        let mut pairs = Vec::with_capacity(parts.iter().map(|part| part.pairs.len()).sum());
        for part in parts {
            let behind = index.alone.len() as u32;
            for (first, mut begins) in part.begins {
                begins.start += behind;
                index.by_first.insert(first, begins);
                index.hold(first);
            }
            index.alone.extend(part.alone);
            pairs.extend(part.pairs);
        }
        pairs.sort();
        index.paired.reserve(pairs.len());
        index
            .by_pair
            .reserve(pairs.chunk_by(|a, b| a.0 == b.0).count());
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
        let classes = halved(next.map_or(0, Token::classes));
        let fits = |alone: &&Alone| alone.next & classes != 0 || alone.next == u64::MAX;
        let mut add = |key: u64| {
            if self.may_hold(key)
                && let Some(&Listed { start, count }) = self.by_first.get(&key)
            {
                let from = found.len();
                let alone = &self.alone[start as usize..][..count as usize / 2];
                found.extend(alone.iter().filter(fits).map(|alone| alone.place));
                if let Some(next) = next.filter(|_| count % 2 == 1) {
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

/// What patterns of some entries begin with.
#[derive(Default)]
struct Firsts {
    /// By the number of the word, in order.
    listed: Vec<(u64, Place)>,
    anywhere: Vec<Alone>,
}

impl Firsts {
    /// Of `entries`, whose first is `start` among all.
    fn of(entries: &[Entry], start: u32, belongs: impl Fn(&Entry) -> bool) -> Self {
        let mut firsts = Self::default();
        for (entry, at) in entries.iter().zip(start..).filter(|(e, _)| belongs(e)) {
            for (pattern, number) in entry.patterns.iter().zip(0..) {
                let place = Place {
                    entry: at,
                    pattern: number,
                };
                let beginning = pattern.beginning();
                match &beginning.keys {
                    Some(keys) => firsts.listed.extend(keys.iter().map(|&key| (key, place))),
                    None => firsts.anywhere.push(Alone::new(place, beginning.next)),
                }
            }
        }
        firsts.listed.sort_unstable();
        firsts
    }
}

/// What begins with some words.
#[derive(Default)]
struct Words {
    /// By the number of a word; its patterns that are told by it alone are among `alone`.
    begins: Vec<(u64, Listed)>,
    alone: Vec<Alone>,
    /// By the number of two words, in order.
    pairs: Vec<(u64, Place)>,
}

impl Words {
    /// Of words with the places of their patterns.
    fn of(entries: &[Entry], words: &[&[(u64, Place)]]) -> Self {
        let mut all = Self::default();
        for places in words {
            let first = places[0].0;
            let start = all.alone.len() as u32;
            let mut paired = 0;
            for &(_, place) in *places {
                let pattern = &entries[place.entry as usize].patterns[place.pattern as usize];
                let is_told = places.len() > MANY;
                let seconds = is_told.then(|| pattern.second_keys(first)).flatten();
                match seconds {
                    Some(keys) => {
                        paired = 1;
                        let pairs = keys.iter().map(|&key| (pair(first, key), place));
                        all.pairs.extend(pairs);
                    }
                    None => all.alone.push(Alone::new(place, pattern.beginning().next)),
                }
            }
            let count = (all.alone.len() as u32 - start) * 2 + paired;
            all.begins.push((first, Listed { start, count }));
        }
        all.pairs.sort_unstable();
        all
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
