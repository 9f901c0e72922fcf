//! Marian's binary lexical shortlists, such as `lex.50.50.pten.s2t.bin`. All numbers are
//! little-endian:
//!
//! | bytes | content |
//! | --- | --- |
//! | 8 | the magic 0xF11A48D5013417F5 |
//! | 8 | a checksum of what follows |
//! | 8 | how many of the vocabulary's first pieces are always candidates |
//! | 8 | the most candidates that a source piece offers |
//! | 8 | the number of offsets *n*, one more than source pieces |
//! | 8 | the number of listed target pieces |
//! | 8 *n* | for each source piece where its candidates start, and where the last one's end |
//! | … | the listed target pieces, in u32 |

use super::{Bytes, u32_of};
use crate::model::shortlist::Shortlist;

const MAGIC: u64 = 0xF11A_48D5_0134_17F5;

/// Reads a shortlist of a model with so many source and target pieces; where both vocabularies
/// are one (`shared`), a source piece is a candidate itself. What is wrong with it otherwise.
pub fn shortlist(
    file: &[u8],
    source: usize,
    target: usize,
    shared: bool,
) -> Result<Shortlist, String> {
    let mut bytes = Bytes(file);
    if bytes.u64() != Some(MAGIC) {
        return Err("it is no binary shortlist of Marian's".into());
    }
    let header = [(); 5].map(|()| bytes.u64());
    let [_, Some(always), Some(_), Some(count), Some(listed)] = header else {
        return Err("it is cut short".into());
    };
    if count != source as u64 + 1 {
        return Err(format!(
            "it has {count} offsets where the {source} source pieces and their end need {}",
            source + 1
        ));
    }
    let numbers = bytes.take(8 * (source + 1)).ok_or("it is cut short")?;
    let (numbers, _) = numbers.as_chunks();
    let offset = |n: &[u8; 8]| usize::try_from(u64::from_le_bytes(*n)).ok();
    let offsets: Option<Vec<usize>> = numbers.iter().map(offset).collect();
    let offsets = offsets.ok_or("an offset is absurd")?;
    let (lists, rest) = bytes.0.as_chunks();
    if listed != lists.len() as u64 || !rest.is_empty() {
        return Err(format!(
            "it lists {} target pieces and {} bytes, its header states {listed}",
            lists.len(),
            rest.len()
        ));
    }
    let rises = offsets.windows(2).all(|pair| pair[0] <= pair[1]);
    if !rises || offsets.first() != Some(&0) || offsets.last() != Some(&lists.len()) {
        return Err("its offsets do not part its lists".into());
    }
    let outside = lists.iter().find(|n| u32_of(n) as usize >= target);
    if let Some(outside) = outside {
        let piece = u32_of(outside);
        return Err(format!("{piece} is outside the {target} target pieces"));
    }

    let mut merged = Shortlist {
        always: (0..target as u32)
            .take(usize::try_from(always).unwrap_or(target))
            .collect(),
        offsets: vec![0],
        pieces: Vec::with_capacity(lists.len() + if shared { source } else { 0 }),
    };
    for (piece, bounds) in offsets.windows(2).enumerate() {
        let mut list: Vec<u32> = lists[bounds[0]..bounds[1]].iter().map(u32_of).collect();
        if shared && piece < target {
            list.push(piece as u32);
        }
        list.sort_unstable();
        list.dedup();
        merged.pieces.extend(list);
        let end = u32::try_from(merged.pieces.len()).map_err(|_| "it is absurdly long")?;
        merged.offsets.push(end);
    }
    Ok(merged)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A file for three source pieces and five target pieces.
    fn file() -> Vec<u8> {
        let header = [MAGIC, 7, 2, 3, 4, 5];
        let offsets = [0, 3, 3, 5];
        let mut bytes: Vec<u8> = [&header[..], &offsets]
            .concat()
            .iter()
            .flat_map(|n: &u64| n.to_le_bytes())
            .collect();
        bytes.extend([1u32, 3, 4, 0, 4].iter().flat_map(|n| n.to_le_bytes()));
        bytes
    }

    #[test]
    fn lists_are_read() {
        let apart = shortlist(&file(), 3, 5, false).unwrap();
        assert_eq!(apart.always, [0, 1]);
        assert_eq!(apart.offsets, [0, 3, 3, 5]);
        assert_eq!(apart.pieces, [1, 3, 4, 0, 4]);
        let shared = shortlist(&file(), 3, 5, true).unwrap();
        assert_eq!(shared.offsets, [0, 4, 5, 8]);
        assert_eq!(shared.pieces, [0, 1, 3, 4, 1, 0, 2, 4]);
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (place, with, told) in [
            (0, 1u64, "no binary shortlist"),
            (4, 5, "5 offsets"),
            (4, u64::MAX, "offsets"),
            (5, 6, "states 6"),
            (5, u64::MAX, "states"),
            (6, 1, "do not part"),
            (7, 4, "do not part"),
            (8, u64::MAX, "do not part"),
            (10, 1 << 32 | 5, "5 is outside"),
        ] {
            let mut bytes = file();
            bytes[8 * place..8 * place + 8].copy_from_slice(&with.to_le_bytes());
            let reason = shortlist(&bytes, 3, 5, true).unwrap_err();
            assert!(reason.contains(told), "{told}: {reason}");
        }
        assert!(shortlist(&file(), 4, 5, true).is_err());
    }

    proptest! {
        #[test]
        fn an_altered_or_cut_file_never_panics(
            place in 0..file().len(), with in any::<u8>(), cut in 0..file().len(),
        ) {
            let mut bytes = file();
            bytes[place] = with;
            if let Ok(list) = shortlist(&bytes, 3, 5, true) {
                prop_assert!(list.pieces.iter().chain(&list.always).all(|&piece| piece < 5));
            }
            prop_assert!(shortlist(&file()[..cut], 3, 5, true).is_err());
        }
    }
}
