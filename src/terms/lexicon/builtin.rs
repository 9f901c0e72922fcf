//! The lexicons that come with the program, as the build writes them (`build/terms/compile.rs`): their
//! entries as JSON, one behind the other, and their indexes as lists of numbers.

use super::held::Held;
use super::index::Index;
use super::{Lexicon, Tongue};

/// Bytes that numbers can be read from as they lie.
#[repr(C, align(8))]
struct Aligned<B: ?Sized>(B);

/// The entries, French ones before English ones.
static ENTRIES: &str = include_str!(concat!(env!("OUT_DIR"), "/lexicons.json"));

/// How many entries there are of each language, where each ends, and the indexes.
static NUMBERS: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(
    env!("OUT_DIR"),
    "/lexicons.numbers"
)));

/// The languages, in the order that their entries stand in.
const TONGUES: [Tongue; 2] = [Tongue::French, Tongue::English];

/// The lexicon; none where what the build wrote is not whole.
pub(super) fn lexicon() -> Option<Lexicon> {
    let numbers: &'static [u64] = bytemuck::try_cast_slice(&NUMBERS.0).ok()?;
    let (counts, numbers) = numbers.split_first_chunk::<{ TONGUES.len() }>()?;
    let of_tongue = |(tongue, &count)| std::iter::repeat_n(tongue, count as usize);
    let tongues = TONGUES.into_iter().zip(counts).flat_map(of_tongue);
    let (ends, mut numbers) = numbers.split_at_checked(counts.iter().sum::<u64>() as usize)?;
    let mut start = 0;
    let entries = tongues.zip(ends).map(|(tongue, &end)| {
        let written = ENTRIES.get(start..end as usize)?;
        start = end as usize;
        Some(Held::new(written, tongue))
    });
    Some(Lexicon {
        entries: entries.collect::<Option<_>>()?,
        french: Index::read(&mut numbers)?,
        english: Index::read(&mut numbers)?,
    })
}
