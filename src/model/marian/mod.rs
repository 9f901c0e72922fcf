//! The files of Marian models as Bergamot and Firefox translate with them: the
//! [weights](MarianFile) with their [options](Options), and the [lexical shortlist](shortlist).
//!
//! Facts from Marian's sources (browsermt/marian-dev) and from real files.

mod binary;
mod lexicon;
mod options;

pub use binary::{Integers, MarianFile};
pub use lexicon::shortlist;
pub use options::Options;

/// Bytes read in order, never past their end.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    /// The next bytes; none where there are not as many.
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u64(&mut self) -> Option<u64> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*bytes))
    }

    /// The next length or count, where so many bytes could be there at all.
    fn length(&mut self) -> Option<usize> {
        let length = usize::try_from(self.u64()?).ok()?;
        (length <= self.0.len()).then_some(length)
    }
}

/// Four bytes as a number.
fn u32_of(bytes: &[u8; 4]) -> u32 {
    u32::from_le_bytes(*bytes)
}
