//! Tables of numbers: by which values are looked up, and which tell that there is none to look up. They
//! are walked as the build writes them down.

use std::borrow::Cow;

/// Values by numbers. Of a number a part alone is held, so that the table is small: now and then it
/// gives values of another number too.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    /// The last bits of a number, and its value; zero where there is none. A number stands at the
    /// place that its first bits tell, or close behind it where others have that place.
    places: Cow<'static, [u64]>,
}

/// How many bits a value has.
const VALUE: u32 = 34;

/// Of so many places one stays empty.
const ROOM: usize = 3;

impl Table {
    /// Of numbers, each with a value, which has [`VALUE`] bits.
    pub fn new(values: &[(u64, u64)]) -> Self {
        let mut places = vec![0; values.len() + values.len() / (ROOM - 1) + 1];
        for &(key, value) in values {
            let mut at = place(key, places.len());
            while places[at] != 0 {
                at = (at + 1) % places.len();
            }
            places[at] = key << VALUE | value;
        }
        Self {
            places: places.into(),
        }
    }

    /// The table that was written down as these numbers.
    pub fn of(places: &'static [u64]) -> Self {
        Self {
            places: places.into(),
        }
    }

    /// The numbers to write down, which the build does.
    #[allow(dead_code)]
    pub fn numbers(&self) -> &[u64] {
        &self.places
    }

    /// The value of a number, hardly ever with others.
    pub fn get(&self, key: u64) -> impl Iterator<Item = u64> {
        let (before, from) = self.places.split_at(place(key, self.places.len()));
        let held = from.iter().chain(before).take_while(|&&held| held != 0);
        let same = held.filter(move |&&held| held >> VALUE == key << VALUE >> VALUE);
        same.map(|held| held & ((1 << VALUE) - 1))
    }
}

/// A bit for each of some numbers, which others share: most that are not among them are told by a look
/// into this, which is small enough to stay at hand.
#[derive(Debug, Clone, Default)]
pub(super) struct Sieve(Cow<'static, [u64]>);

impl Sieve {
    /// With a place for each value of so many bits of a number.
    pub fn new(bits: u32, numbers: impl IntoIterator<Item = u64>) -> Self {
        let mut held = vec![0; 1 << bits.saturating_sub(6)];
        for number in numbers {
            let (word, bit) = bit(number, held.len());
            held[word] |= bit;
        }
        Self(held.into())
    }

    /// The sieve that was written down as these numbers, as many as a power of two.
    pub fn of(numbers: &'static [u64]) -> Self {
        Self(numbers.into())
    }

    /// The numbers to write down, which the build does.
    #[allow(dead_code)]
    pub fn numbers(&self) -> &[u64] {
        &self.0
    }

    /// Whether a number may be among them.
    pub fn may_hold(&self, number: u64) -> bool {
        let (word, bit) = bit(number, self.0.len());
        self.0.get(word).is_some_and(|held| held & bit != 0)
    }
}

/// The place of a number among so many words: which one, and the bit there.
fn bit(number: u64, words: usize) -> (usize, u64) {
    let word = (number >> 6) as usize & words.wrapping_sub(1);
    (word, 1 << (number % 64))
}

/// Where among so many places a number stands.
fn place(key: u64, places: usize) -> usize {
    ((u128::from(key) * places as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_held_is_found(
            held in prop::collection::vec((any::<u64>(), 1u64..1 << VALUE), 0..300),
            near in 0u64..300,
            other in any::<u64>(),
        ) {
            // Numbers that tell the same place.
            let near = (0..near).map(|number| (u64::MAX - number, 7));
            let held: Vec<(u64, u64)> = held.into_iter().chain(near).collect();
            let table = Table::new(&held);
            let sieve = Sieve::new(9, held.iter().map(|&(key, _)| key));
            for &(key, value) in &held {
                prop_assert!(table.get(key).any(|found| found == value));
                prop_assert!(sieve.may_hold(key));
            }
            prop_assert_eq!(table.get(other).count(), 0);
        }
    }
}
