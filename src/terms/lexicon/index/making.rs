//! Makes the index of patterns.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::{Index, LAST, Listed, Place, Told, pair};
use crate::parallel;
use crate::terms::keys::Classes;
use crate::terms::pattern::{Beginning, Items, classes_behind, second_keys};
use crate::terms::table::{Sieve, Table};

/// Patterns, and words, that a thread indexes at a time.
const PATTERNS: usize = 512;
const WORDS: usize = 2048;

/// With more patterns than so many, a word's are told by the next word too.
const MANY: usize = 6;

/// With more first words than so many, what each alone may be followed by is not told.
const FEW_FIRST: usize = 8;

/// How many bits of a number tell its place in the sieve: most words and pairs of a text are not in the
/// tables.
const SIEVE: u32 = 18;

/// Threads that index patterns.
fn threads() -> usize {
    const MOST: usize = 4;
    std::thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST))
}

impl Index {
    /// Indexes patterns, each with its entry, in the order of the entries; `scare_quotes` is the entry
    /// of the rule for them.
    pub fn new(patterns: &[(u32, Items)], scare_quotes: Option<u32>) -> Self {
        let mut items = Vec::new();
        let places = patterns.iter().map(|&(entry, own)| {
            let place = Place(items.len() as u32);
            items.push(u64::from(entry) << 32 | own.numbers().len() as u64);
            items.extend(own.numbers());
            (place, own)
        });
        let places: Vec<(Place, Items)> = places.collect();
        let parts: Vec<&[(Place, Items)]> = places.chunks(PATTERNS).collect();
        let read = parallel::map(threads(), parts.len(), |part| {
            let some = parts[part].iter();
            let read = some.map(|&(place, items)| Read::new(place, items));
            read.collect::<Vec<Read>>()
        });
        let read: Vec<Read> = read.into_iter().flatten().collect();

        let (mut firsts, mut anywhere) = (Vec::new(), Vec::new());
        for (pattern, number) in read.iter().zip(0u32..) {
            match &pattern.beginning.keys {
                Some(keys) => firsts.extend(keys.iter().map(|&key| (key, number))),
                None => anywhere.push(pattern.alone()),
            }
        }
        firsts.sort_unstable();
        let words: Vec<&[(u64, u32)]> = firsts.chunk_by(|a, b| a.0 == b.0).collect();
        let parts: Vec<&[&[(u64, u32)]]> = words.chunks(WORDS).collect();
        let parts = parallel::map(threads(), parts.len(), |part| Words::of(&read, parts[part]));
        let (mut told, mut by_first, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        for part in parts {
            let before = told.len() as u32;
            by_first.extend(part.begins.into_iter().map(|(first, listed)| {
                let start = listed.start.map(|start| start + before);
                (first, Listed { start, ..listed }.value())
            }));
            told.extend(part.alone);
            pairs.extend(part.pairs);
        }
        pairs.sort_unstable();
        let by_pair = pairs.chunk_by(|a, b| a.0 == b.0).map(|patterns| {
            let start = Some(told.len() as u32);
            told.extend(
                patterns
                    .iter()
                    .map(|&(_, place, third)| [third, place.into()]),
            );
            end_listing(&mut told);
            let listed = Listed {
                start,
                paired: false,
            };
            (patterns[0].0, listed.value())
        });
        let by_pair: Vec<(u64, u64)> = by_pair.collect();
        let held = by_first.iter().chain(&by_pair).map(|&(key, _)| key);
        Self {
            sieve: Sieve::new(SIEVE, held),
            by_first: Table::new(&by_first),
            by_pair: Table::new(&by_pair),
            items: items.into(),
            told: told.into(),
            anywhere: anywhere.into(),
            scare_quotes,
        }
    }
}

/// Ends the listing that the last of `told` belongs to.
fn end_listing(told: &mut [Told]) {
    if let Some([_, place]) = told.last_mut() {
        *place |= LAST;
    }
}

/// A pattern while it is indexed.
struct Read<'p> {
    items: Items<'p>,
    place: Place,
    beginning: Beginning,
    /// What [`Self::second_keys`] are, whatever the first is.
    second: OnceLock<Option<Vec<u64>>>,
    /// What [`Self::third`] is, whatever the first two are.
    third: OnceLock<Classes>,
}

impl<'p> Read<'p> {
    fn new(place: Place, items: Items<'p>) -> Self {
        Self {
            items,
            place,
            beginning: Beginning::of(items),
            second: OnceLock::new(),
            third: OnceLock::new(),
        }
    }

    fn alone(&self) -> Told {
        [self.beginning.next, self.place.0.into()]
    }

    /// The numbers of the words that may stand right behind the first of a match, which is `first`;
    /// none where that may be any word or one of many, or none need stand there.
    fn second_keys(&self, first: u64) -> Option<Cow<'_, [u64]>> {
        if let Some(keys) = self.second.get_or_init(|| second_keys(self.items, None)) {
            return Some(keys.into());
        }
        // Of few first words some may tell more: of *(la|une)? bagatelle (de)?* these two.
        let few = |keys: &[u64]| keys.len() <= FEW_FIRST;
        self.beginning.keys.as_deref().filter(|keys| few(keys))?;
        second_keys(self.items, Some(first)).map(Cow::Owned)
    }

    /// The classes of the words that may stand behind the first two of a match, which are these; all
    /// where none need stand there.
    fn third(&self, first: u64, second: u64) -> Classes {
        let any = || classes_behind(self.items, &[None, None]);
        match *self.third.get_or_init(any) {
            Classes::MAX => classes_behind(self.items, &[Some(first), Some(second)]),
            third => third,
        }
    }
}

/// What begins with some words.
#[derive(Default)]
struct Words {
    /// By the number of a word; its listing is among `alone`.
    begins: Vec<(u64, Listed)>,
    alone: Vec<Told>,
    /// By the number of two words, with the classes of those that may stand behind them.
    pairs: Vec<(u64, u32, Classes)>,
}

impl Words {
    /// Of words with the numbers of their patterns.
    fn of(patterns: &[Read], words: &[&[(u64, u32)]]) -> Self {
        let mut all = Self::default();
        for numbers in words {
            let first = numbers[0].0;
            let start = all.alone.len();
            let mut paired = false;
            for &(_, number) in *numbers {
                let pattern = &patterns[number as usize];
                let is_told = numbers.len() > MANY;
                let seconds = is_told.then(|| pattern.second_keys(first)).flatten();
                match seconds {
                    Some(keys) => {
                        paired = true;
                        all.pairs.extend(keys.iter().map(|&second| {
                            let third = pattern.third(first, second);
                            (pair(first, second), pattern.place.0, third)
                        }));
                    }
                    None => all.alone.push(pattern.alone()),
                }
            }
            let has_alone = all.alone.len() > start;
            if has_alone {
                end_listing(&mut all.alone);
            }
            let start = has_alone.then_some(start as u32);
            all.begins.push((first, Listed { start, paired }));
        }
        all
    }
}
