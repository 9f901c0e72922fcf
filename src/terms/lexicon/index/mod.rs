//! Which patterns may begin with a word, and the patterns themselves: as they are looked up, and as
//! the build writes them down.

mod making;

use std::borrow::Cow;

use crate::terms::keys::Classes;
use crate::terms::pattern::Items;
use crate::terms::table::{Sieve, Table};
use crate::terms::tokens::{Token, Tokens};

/// A pattern, by where its items lie. Those of one entry lie together, in the order of the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::terms) struct Place(u32);

/// A pattern in a listing: the classes of words that may stand behind those by which it is told (all
/// where none need stand there), and its place.
type Told = [u64; 2];

/// Stands beside the place of the last pattern of a listing.
const LAST: u64 = 1 << 32;

/// Numbers that lie in the program, or were made.
type List<T = u64> = Cow<'static, [T]>;

/// The patterns of a language.
#[derive(Debug, Clone, Default)]
pub(in crate::terms) struct Index {
    /// The items of each pattern, behind a number that tells its entry (upper half) and how many
    /// numbers they are.
    items: List,
    /// Listings of patterns.
    told: List<Told>,
    /// By the number of a word, the listings of what may begin with it (see [`Listed`]).
    by_first: Table,
    /// By the number of two words, the listing of the patterns that are told by them.
    by_pair: Table,
    /// The numbers in the tables.
    sieve: Sieve,
    /// Those that may begin with any word.
    anywhere: List<Told>,
    /// The entry of the rule for scare quotes.
    scare_quotes: Option<u32>,
}

/// What begins with a word, or with two.
#[derive(Debug, Clone, Copy)]
struct Listed {
    /// Where the listing of the patterns starts that are told by that alone; none without any.
    start: Option<u32>,
    /// Whether others are told by this word and the one behind it.
    paired: bool,
}

impl Listed {
    /// As a table holds it: where the listing starts, whether there is one, whether others are told by
    /// two words.
    fn of(value: u64) -> Self {
        Self {
            start: (value & 2 != 0).then_some((value >> 2) as u32),
            paired: value & 1 != 0,
        }
    }

    fn value(self) -> u64 {
        let start = self.start.map_or(0, |start| u64::from(start) << 2 | 2);
        start | u64::from(self.paired)
    }
}

/// The number of two words in a row.
fn pair(first: u64, second: u64) -> u64 {
    first ^ second.rotate_left(32)
}

impl Index {
    /// The numbers to write down, which the build does.
    #[allow(dead_code)]
    pub fn numbers(&self) -> Vec<u64> {
        let mut numbers = Vec::new();
        let scare_quotes = self.scare_quotes.map(u64::from);
        let lists = [
            &self.items,
            self.told.as_flattened(),
            self.by_first.numbers(),
            self.by_pair.numbers(),
            self.sieve.numbers(),
            self.anywhere.as_flattened(),
            scare_quotes.as_slice(),
        ];
        for list in lists {
            numbers.push(list.len() as u64);
            numbers.extend(list);
        }
        numbers
    }

    /// The index that was written down as the first of `numbers`, which are taken away; none where
    /// there is none.
    pub fn read(numbers: &mut &'static [u64]) -> Option<Self> {
        let mut list = || {
            let (&count, behind) = numbers.split_first()?;
            let list = behind.get(..count as usize)?;
            *numbers = &behind[list.len()..];
            Some(list)
        };
        let twos = |list: &'static [u64]| list.as_chunks::<2>().0;
        Some(Self {
            items: list()?.into(),
            told: twos(list()?).into(),
            by_first: Table::of(list()?),
            by_pair: Table::of(list()?),
            sieve: Sieve::of(list()?),
            anywhere: twos(list()?).into(),
            scare_quotes: list()?.first().map(|&entry| entry as u32),
        })
    }

    /// The entry of the rule for scare quotes.
    pub fn scare_quotes(&self) -> Option<u32> {
        self.scare_quotes
    }

    /// The items of a pattern.
    pub fn items(&self, place: Place) -> Items<'_> {
        let behind = &self.items[place.0 as usize..];
        Items::of(&behind[1..][..behind[0] as u32 as usize])
    }

    /// The entry of a pattern.
    pub fn entry(&self, place: Place) -> u32 {
        (self.items[place.0 as usize] >> 32) as u32
    }

    /// All patterns, each with its entry, in their order.
    pub fn patterns(&self) -> impl Iterator<Item = (u32, Items<'_>)> {
        let places = self.places();
        places.map(|place| (self.entry(place), self.items(place)))
    }

    fn places(&self) -> impl Iterator<Item = Place> {
        let mut next = 0;
        std::iter::from_fn(move || {
            let place = Place(next);
            next += 1 + *self.items.get(next as usize)? as u32;
            Some(place)
        })
    }

    /// Puts into `found` the patterns that may match from token `at` on, going by it and the two
    /// behind it. Some others are among them.
    pub fn candidates(&self, tokens: &Tokens, at: usize, found: &mut Vec<Place>) {
        found.clear();
        let token = &tokens.tokens[at];
        let next = tokens.tokens.get(at + 1);
        let classes = |at: usize| tokens.tokens.get(at).map_or(0, Token::classes);
        let second = classes(at + 1);
        for key in token.keys().filter(|&key| self.sieve.may_hold(key)) {
            for listed in self.by_first.get(key).map(Listed::of) {
                let from = found.len();
                if let Some(start) = listed.start {
                    add(&self.told[start as usize..], second, found);
                }
                let Some(next) = next.filter(|_| listed.paired) else {
                    continue;
                };
                let pairs = next.keys().map(|next| pair(key, next));
                for pair in pairs.filter(|&pair| self.sieve.may_hold(pair)) {
                    for start in self.by_pair.get(pair).filter_map(|v| Listed::of(v).start) {
                        add(&self.told[start as usize..], classes(at + 2), found);
                    }
                }
                found[from..].sort_unstable();
            }
        }
        add(&self.anywhere, second, found);
    }
}

/// Adds to `found` those of the listing at the start of `told` that words of these classes may follow.
fn add(told: &[Told], behind: Classes, found: &mut Vec<Place>) {
    for &[classes, place] in told {
        if classes & behind != 0 || classes == Classes::MAX {
            found.push(Place(place as u32));
        }
        if place & LAST != 0 {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::Lexicon;
    use proptest::prelude::*;
    use proptest::sample::Index as Pick;

    /// The patterns that match from token `at` on, each tried.
    fn tried(index: &Index, tokens: &Tokens, at: usize) -> Vec<Place> {
        let mut matched = Vec::new();
        let fits = |place: &Place| index.items(*place).match_from(tokens, at, &mut matched);
        index.places().filter(fits).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Every pattern that matches is among the candidates.
        #[test]
        fn no_pattern_is_lost(picks in prop::collection::vec((any::<Pick>(), any::<bool>()), 1..6)) {
            let lexicon = Lexicon::builtin().expect("it is sound");
            let example = |(pick, capitals): &(Pick, bool)| {
                let entry = lexicon.entries().nth(pick.index(lexicon.entries().len()));
                let entry = entry.expect("there are so many");
                let example = entry.examples.first().unwrap_or(&entry.lemma);
                if *capitals { example.to_uppercase() } else { example.clone() }
            };
            let text: Vec<String> = picks.iter().map(example).collect();
            let text = text.join(" ");
            let tokens = Tokens::new(&text);
            let mut found = Vec::new();
            for index in [&lexicon.french, &lexicon.english] {
                for at in 0..tokens.tokens.len() {
                    index.candidates(&tokens, at, &mut found);
                    for place in tried(index, &tokens, at) {
                        let id = &lexicon.entry(index.entry(place) as usize).id;
                        prop_assert!(found.contains(&place), "{id} in “{text}”");
                    }
                }
            }
        }
    }
}
