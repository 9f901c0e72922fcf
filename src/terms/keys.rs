//! Numbers for words, so that words are compared and looked up as numbers.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

/// A map that is quick with short words and small numbers.
pub(super) type FastMap<K, V> = HashMap<K, V, FixedState>;

/// A set that is quick with small numbers.
pub(super) type FastSet<T> = HashSet<T, FixedState>;

/// Odd numbers without a pattern in their bits: of the golden ratio and of π.
const START: u64 = 0x9e37_79b9_7f4a_7c15;
const FACTOR: u64 = 0x2432_f6a8_885a_308d;

/// The number of a word: equal words have equal numbers, and of 2⁶⁴ numbers two words hardly ever
/// have the same, so that words are taken to be equal where their numbers are. It is the same on
/// every machine, as the build writes such numbers down.
pub(super) fn key(word: &str) -> u64 {
    let bytes = word.as_bytes();
    let mut sum = START;
    let last = match (bytes.last_chunk(), bytes.first_chunk(), bytes.last_chunk()) {
        (Some(last), _, _) => {
            // What stands before the last eight bytes; where they are no whole eights, some of it
            // with them.
            let (eights, _) = bytes.as_chunks();
            for eight in &eights[..(bytes.len() - 1) / 8] {
                sum = mixed(sum ^ u64::from_le_bytes(*eight));
            }
            u64::from_le_bytes(*last)
        }
        (None, Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        }
        _ => bytes
            .iter()
            .fold(0, |last, byte| last << 8 | u64::from(*byte)),
    };
    // Not before: what the length and the last bytes have in common would fall out.
    mixed(mixed(sum ^ last) ^ START ^ bytes.len() as u64)
}

/// A number in which every bit hangs on those of `number`.
fn mixed(number: u64) -> u64 {
    let product = u128::from(number) * u128::from(FACTOR);
    product as u64 ^ (product >> 64) as u64
}

/// Classes that words fall into by their number, a bit each.
pub(super) type Classes = u64;

/// The class of a word by its number.
pub(super) fn class(key: u64) -> Classes {
    1 << (key >> 58)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_differ_have_other_numbers() {
        let letters = ["a", "b", "é", "z", "œ", "n'"];
        let mut words = vec![String::new()];
        for length in 0..6 {
            let from = if length == 0 {
                0
            } else {
                words.len() - 6usize.pow(length)
            };
            for at in from..words.len() {
                words.extend(letters.map(|letter| words[at].clone() + letter));
            }
        }
        words.extend((0..40).map(|length| "a".repeat(length)));
        words.sort();
        words.dedup();
        let numbers: HashSet<u64> = words.iter().map(|word| key(word)).collect();
        assert_eq!(numbers.len(), words.len());
        let classes: HashSet<Classes> = numbers.iter().map(|&key| class(key)).collect();
        assert_eq!(classes.len(), 64);
    }

    #[test]
    fn numbers_are_the_same_on_every_machine() {
        let words = ["l'", "loup", "régime", "anticonstitutionnel"];
        let numbers = [
            0xfe68_0bcc_2e13_47af,
            0x6776_1f78_9faf_b9e0,
            0x20ee_375b_3589_6eec,
            0x5889_9fc8_7f82_d31e,
        ];
        assert_eq!(words.map(key), numbers);
    }
}
