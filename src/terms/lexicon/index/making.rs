//! Makes the index of patterns.

use super::frequencies::Frequencies;
use super::{Index, LAST, Listed, Place};
use crate::parallel;
use crate::terms::pattern::{Items, Mark, Wording};
use crate::terms::table::{Sieve, Table};

/// Patterns that a thread reads at a time.
const PATTERNS: usize = 512;

/// How many bits of a number tell its place in the sieve: most words of a text are not in the table.
const SIEVE: u32 = 18;

/// Threads that read patterns.
fn threads() -> usize {
    const MOST: usize = 4;
    std::thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST))
}

impl Index {
    /// Indexes patterns of a wording, each with its entry, in the order of the entries; `scare_quotes`
    /// is the entry of the rule for them.
    pub fn new(patterns: &[(u32, Items)], wording: Wording, scare_quotes: Option<u32>) -> Self {
        let mut items = Vec::new();
        let places = patterns.iter().map(|&(entry, own)| {
            let place = Place(items.len() as u32);
            items.push(u64::from(entry) << 32 | own.numbers().len() as u64);
            items.extend(own.numbers());
            (place, own)
        });
        let places: Vec<(Place, Items)> = places.collect();
        let parts: Vec<&[(Place, Items)]> = places.chunks(PATTERNS).collect();
        let frequencies = Frequencies::of(wording);
        let read = parallel::map(threads(), parts.len(), |part| {
            let some = parts[part].iter();
            let read = some.map(|&(place, items)| (place, listed(place, items, &frequencies)));
            read.collect::<Vec<_>>()
        });

        let (mut marked, mut anywhere) = (Vec::new(), Vec::new());
        for (place, listed) in read.into_iter().flatten() {
            match listed {
                Some(listed) => marked.extend(listed),
                None => anywhere.push(place.0.into()),
            }
        }
        marked.sort_unstable_by_key(|&(word, listed)| (word, listed.place));
        let mut listings: Vec<[u64; 3]> = Vec::new();
        let words = marked.chunk_by(|a, b| a.0 == b.0).map(|patterns| {
            let start = listings.len() as u64;
            listings.extend(patterns.iter().map(|(_, listed)| listed.numbers()));
            if let Some(last) = listings.last_mut() {
                last[2] |= LAST;
            }
            (patterns[0].0, start + 1)
        });
        let words: Vec<(u64, u64)> = words.collect();
        Self {
            sieve: Sieve::new(SIEVE, words.iter().map(|&(word, _)| word)),
            words: Table::new(&words),
            items: items.into(),
            listings: listings.into(),
            anywhere: anywhere.into(),
            scare_quotes,
        }
    }
}

/// The words that mark a pattern, each with what its listing tells; none where no words do.
fn listed(place: Place, items: Items, frequencies: &Frequencies) -> Option<Vec<(u64, Listed)>> {
    let mut all = Vec::new();
    for mark in Mark::of(items, &|word| frequencies.get(word))? {
        let listed = Listed::of(place, &mark)?;
        all.extend(mark.keys.into_iter().map(|word| (word, listed)));
    }
    Some(all)
}
