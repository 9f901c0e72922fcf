//! The English word list: 106,000 words and names, packed by `scripts/english-words.py`.
//!
//! The file is, little-endian: the number of blocks as u32; for each block, where it starts after
//! this table as u32; the blocks. A block is up to 32 words in the order of their bytes: the first as
//! its length and letters; each other as one byte, the letters shared with the word before in its
//! upper half and the letters added in its lower half, then the added letters. Names open with
//! a capital letter. A plural in *-s* is left out where its singular is listed.

/// The list and its licence lie side by side in `lexicons/`.
static WORDS: &[u8] = include_bytes!("../../../lexicons/en.words");

/// How the list knows a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// A common word.
    Word,
    /// A name.
    Name,
}

/// Whether `word`, in lower case and without accents, is English as written, or a plural in *-s*
/// of such a word.
pub(super) fn look_up(word: &str) -> Option<Known> {
    let name = || {
        let mut letters = word.chars();
        let first = letters.next()?.to_ascii_uppercase();
        Some(format!("{first}{}", letters.as_str()))
    };
    let listed = |word: &str| lists(word).then_some(Known::Word);
    listed(word)
        .or_else(|| listed(singular(word)?))
        .or_else(|| {
            let name = name()?;
            let listed = lists(&name) || singular(&name).is_some_and(lists);
            listed.then_some(Known::Name)
        })
}

/// A word without its plural ending.
fn singular(word: &str) -> Option<&str> {
    word.strip_suffix('s').filter(|stem| !stem.ends_with('s'))
}

/// Whether the list holds exactly `word`.
fn lists(word: &str) -> bool {
    let word = word.as_bytes();
    let Some(blocks) = number(0) else {
        return false;
    };
    let first_word = |block: usize| {
        let block = block_at(block, blocks)?;
        let (&length, letters) = block.split_first()?;
        letters.get(..usize::from(length))
    };
    // The last block whose first word is not past `word`.
    let (mut low, mut high) = (0, blocks);
    while low < high {
        let middle = low + (high - low) / 2;
        if first_word(middle).is_some_and(|first| first <= word) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low.checked_sub(1)
        .and_then(|block| block_at(block, blocks))
        .is_some_and(|block| block_lists(block, word))
}

fn block_lists(block: &[u8], word: &[u8]) -> bool {
    let mut current: Vec<u8> = Vec::with_capacity(32);
    let mut rest = block;
    while let Some((&head, letters)) = rest.split_first() {
        let (shared, added) = if current.is_empty() {
            (0, usize::from(head))
        } else {
            (usize::from(head >> 4), usize::from(head & 15))
        };
        let Some(letters) = letters.get(..added) else {
            return false;
        };
        current.truncate(shared);
        current.extend_from_slice(letters);
        if current == word {
            return true;
        }
        rest = &rest[1 + added..];
    }
    false
}

fn block_at(block: usize, blocks: usize) -> Option<&'static [u8]> {
    let body = WORDS.get(4 * (blocks + 1)..)?;
    let start = number(block + 1)?;
    let end = if block + 1 < blocks {
        number(block + 2)?
    } else {
        body.len()
    };
    body.get(start..end)
}

/// The u32 at place `index` of the table.
fn number(index: usize) -> Option<usize> {
    let bytes = WORDS.get(4 * index..4 * index + 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_word_is_found() {
        let blocks = number(0).unwrap();
        let mut words = 0;
        for block in 0..blocks {
            let mut rest = block_at(block, blocks).unwrap();
            let mut current: Vec<u8> = Vec::new();
            while let Some((&head, letters)) = rest.split_first() {
                let (shared, added) = match current.is_empty() {
                    true => (0, usize::from(head)),
                    false => (usize::from(head >> 4), usize::from(head & 15)),
                };
                current.truncate(shared);
                current.extend_from_slice(&letters[..added]);
                rest = &rest[1 + added..];
                assert!(lists(std::str::from_utf8(&current).unwrap()));
                words += 1;
            }
        }
        assert!(words > 100_000, "{words}");
    }

    #[test]
    fn words_names_and_neither() {
        for word in [
            "the",
            "colour",
            "color",
            "realise",
            "realize",
            "interference",
            "establishments",
            "women",
            "mass",
            "princess",
            "bagatelle",
            "selfie",
            "aardvark",
            "zygote",
            "a",
        ] {
            assert_eq!(look_up(word), Some(Known::Word), "{word}");
        }
        for name in ["moscow", "putin", "ukraine"] {
            assert_eq!(look_up(name), Some(Known::Name), "{name}");
        }
        for word in ["bantelle", "avec", "", "zzq", "aa-bb", "ingerence"] {
            assert_eq!(look_up(word), None, "{word}");
        }
    }
}
