//! Which patterns a word may tell of, and the patterns themselves: as they are looked up, and as the
//! build writes them down.

mod frequencies;
mod making;

use std::borrow::Cow;
use std::ops::Range;

use crate::terms::keys::Classes;
use crate::terms::pattern::{Items, Mark};
use crate::terms::table::{Sieve, Table};
use crate::terms::tokens::{Token, Tokens};

/// A pattern, by where its items lie. Those of one entry lie together, in the order of the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::terms) struct Place(u32);

/// A pattern that may match, and the tokens from which on it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::terms) struct Candidate {
    pub place: Place,
    pub starts: Range<usize>,
}

/// Numbers that lie in the program, or were made.
type List<T = u64> = Cow<'static, [T]>;

/// The patterns of a language.
#[derive(Debug, Clone, Default)]
pub(in crate::terms) struct Index {
    /// The items of each pattern, behind a number that tells its entry (upper half) and how many
    /// numbers they are.
    items: List,
    /// For each word that marks patterns these, one behind the other (see [`Listed`]).
    listings: List<[u64; 3]>,
    /// By the number of a word where its listing starts, counted from one.
    words: Table,
    /// The numbers in the table.
    sieve: Sieve,
    /// The places of the patterns that no word marks.
    anywhere: List,
    /// The entry of the rule for scare quotes.
    scare_quotes: Option<u32>,
}

/// A pattern in the listing of a word that marks it.
#[derive(Debug, Clone, Copy)]
struct Listed {
    place: Place,
    /// How many tokens before the word the pattern may be matched from, at least and at most.
    ahead: [u64; 2],
    /// The classes of words that may stand right before and behind the word.
    around: [Classes; 2],
}

/// Set in the last pattern of a listing.
const LAST: u64 = 1 << 32;

/// From which bits on stands how many tokens a pattern begins ahead of the word, at least and at most.
const AHEAD: [u32; 2] = [40, 52];

/// How many bits these have: what may begin farther ahead is tried at every token, once.
const AHEAD_BITS: u32 = 6;

impl Listed {
    /// A pattern in the listing of a mark; none where it may begin farther ahead than can be told.
    fn of(place: Place, mark: &Mark) -> Option<Self> {
        let ahead = [*mark.ahead.start() as u64, *mark.ahead.end() as u64];
        let told = ahead.iter().all(|&ahead| ahead < 1 << AHEAD_BITS);
        told.then_some(Self {
            place,
            ahead,
            around: [mark.before, mark.behind],
        })
    }

    /// As a listing holds it: what may stand before, what may stand behind, and in one number the place,
    /// [`LAST`] and [`AHEAD`].
    fn numbers(self) -> [u64; 3] {
        let [least, most] = self.ahead;
        let place = u64::from(self.place.0) | least << AHEAD[0] | most << AHEAD[1];
        [self.around[0], self.around[1], place]
    }

    /// What the number with the place tells of a pattern whose word is token `at`; none where the
    /// text begins too late.
    fn candidate(number: u64, at: usize) -> Option<Candidate> {
        let ahead = AHEAD.map(|from| (number >> from) as usize & ((1 << AHEAD_BITS) - 1));
        let last = at.checked_sub(ahead[0])?;
        Some(Candidate {
            place: Place(number as u32),
            starts: at.saturating_sub(ahead[1])..last + 1,
        })
    }
}

impl Index {
    /// The numbers to write down, which the build does.
    #[allow(dead_code)]
    pub fn numbers(&self) -> Vec<u64> {
        let mut numbers = Vec::new();
        let scare_quotes = self.scare_quotes.map(u64::from);
        let lists = [
            &self.items,
            self.listings.as_flattened(),
            self.words.numbers(),
            self.sieve.numbers(),
            &self.anywhere,
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
        Some(Self {
            items: list()?.into(),
            listings: list()?.as_chunks().0.into(),
            words: Table::of(list()?),
            sieve: Sieve::of(list()?),
            anywhere: list()?.into(),
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

    /// Puts into `found` the patterns that may match somewhere and are told by token `at`. Every match
    /// is told by one of its tokens; what has no mark by the first.
    pub fn candidates(&self, tokens: &Tokens, at: usize, found: &mut Vec<Candidate>) {
        found.clear();
        let token = &tokens.tokens[at];
        let classes = |at: Option<usize>| {
            let token = at.and_then(|at| tokens.tokens.get(at));
            token.map_or(0, Token::classes)
        };
        for key in token.keys().filter(|&key| self.sieve.may_hold(key)) {
            let (before, behind) = (classes(at.checked_sub(1)), classes(Some(at + 1)));
            let may = |around: Classes, is: Classes| around & is != 0 || around == Classes::MAX;
            for start in self.words.get(key) {
                for &[may_before, may_behind, place] in &self.listings[start as usize - 1..] {
                    if may(may_before, before) && may(may_behind, behind) {
                        found.extend(Listed::candidate(place, at));
                    }
                    if place & LAST != 0 {
                        break;
                    }
                }
            }
        }
        found.extend(self.anywhere.iter().map(|&place| Candidate {
            place: Place(place as u32),
            starts: at..at + 1,
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::Lexicon;
    use crate::terms::pattern::{Pattern, Wording};
    use proptest::prelude::*;
    use proptest::sample::Index as Pick;

    /// The patterns that match from token `at` on, each tried.
    fn tried(index: &Index, tokens: &Tokens, at: usize) -> Vec<Place> {
        let mut matched = Vec::new();
        let fits = |place: &Place| index.items(*place).match_from(tokens, at, &mut matched);
        index.places().filter(fits).collect()
    }

    /// The patterns that are told, each with the tokens that it is to be matched from.
    fn told(index: &Index, tokens: &Tokens) -> Vec<(Place, usize)> {
        let mut found = Vec::new();
        let told = (0..tokens.tokens.len()).flat_map(|at| {
            index.candidates(tokens, at, &mut found);
            let all = found
                .iter()
                .flat_map(|c| c.starts.clone().map(|start| (c.place, start)));
            all.collect::<Vec<_>>()
        });
        told.collect()
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
            for index in [&lexicon.french, &lexicon.english] {
                let told = told(index, &tokens);
                for at in 0..tokens.tokens.len() {
                    for place in tried(index, &tokens, at) {
                        let id = &lexicon.entry(index.entry(place) as usize).id;
                        prop_assert!(told.contains(&(place, at)), "{id} in “{text}”");
                    }
                }
            }
        }
    }

    /// Patterns of few words, which frequent ones are among.
    fn written() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec!["de", "la", "zèle", "zigzag", "zut", "@word", "..2"]);
        let word = word.prop_map(str::to_owned);
        word.prop_recursive(3, 12, 3, |inner| {
            let row = prop::collection::vec(inner, 1..4).prop_map(|row| row.join(" "));
            prop_oneof![
                row.clone(),
                row.clone().prop_map(|row| format!("({row})?")),
                (row.clone(), row).prop_map(|(a, b)| format!("({a}|{b})")),
            ]
        })
    }

    proptest! {
        /// Whatever the pattern, every place from which it matches is told.
        #[test]
        fn no_place_is_lost(
            written in prop::collection::vec(written(), 1..4),
            words in prop::collection::vec(
                prop::sample::select(vec!["de", "la", "zèle", "ZÈLE", "ZELE", "zigzag", "Zut", "pomme"]),
                0..12,
            ),
        ) {
            let parsed = written.iter().map(|w| Pattern::parse(w, Wording::French).expect(w));
            let parsed: Vec<Pattern> = parsed.collect();
            let patterns = (0..).zip(&parsed).map(|(entry, own)| (entry, own.items()));
            let index = Index::new(&patterns.collect::<Vec<_>>(), Wording::French, None);
            let text = words.join(" ");
            let tokens = Tokens::new(&text);
            let told = told(&index, &tokens);
            for at in 0..tokens.tokens.len() {
                for place in tried(&index, &tokens, at) {
                    prop_assert!(told.contains(&(place, at)), "{written:?} in “{text}” from {at}");
                }
            }
        }
    }
}
