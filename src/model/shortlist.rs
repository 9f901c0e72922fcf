//! Lexical shortlists: which target pieces a translation may consist of, given the source's
//! pieces (Schwenk, Costa-jussà and Fonollosa 2007; as in Marian and Bergamot).
//!
//! Tensors of a compiled model that has one, all u32:
//!
//! - `shortlist/always`: target pieces that every sentence may use;
//! - `shortlist/offsets` [source vocabulary + 1] and `shortlist/pieces`: the target pieces that
//!   source piece *s* offers are `pieces[offsets[s]..offsets[s + 1]]`.
//!
//! The numbers of each list rise.

use super::compiled::{Dtype, Writer};
use super::{Compiled, Error};

/// A lexical shortlist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortlist {
    /// Target pieces that are always candidates, rising.
    pub always: Vec<u32>,
    /// For each source piece, and one past the last, where its candidates start in `pieces`.
    pub offsets: Vec<u32>,
    /// Target pieces, list after list, rising within each.
    pub pieces: Vec<u32>,
}

impl Shortlist {
    /// Adds the tensors to a compiled model.
    ///
    /// # Errors
    /// As [`Writer::add`].
    pub fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        for (name, numbers) in [
            ("shortlist/always", &self.always),
            ("shortlist/offsets", &self.offsets),
            ("shortlist/pieces", &self.pieces),
        ] {
            writer.add(name, Dtype::U32, &[numbers.len()], numbers)?;
        }
        Ok(())
    }
}

/// The shortlist of a compiled model, as it lies in the file.
#[derive(Debug, Clone, Copy)]
pub struct ShortlistView<'a> {
    always: &'a [u32],
    offsets: &'a [u32],
    pieces: &'a [u32],
}

impl<'a> ShortlistView<'a> {
    /// The model's shortlist; none where it has none.
    ///
    /// # Errors
    /// [`Error::Tensor`] where it is damaged: a list out of order, or a piece that lies outside
    /// the vocabulary.
    pub fn of(model: &'a Compiled) -> Result<Option<Self>, Error> {
        if !model.contains("shortlist/offsets") {
            return Ok(None);
        }
        let config = &model.header().config;
        let vocabulary = config.vocabulary;
        let view = Self {
            always: model.u32("shortlist/always")?,
            offsets: model.u32("shortlist/offsets")?,
            pieces: model.u32("shortlist/pieces")?,
        };
        let rises = view.offsets.windows(2).all(|pair| pair[0] <= pair[1]);
        let last = view.offsets.last().copied();
        if !rises
            || view.offsets.len() != config.source_pieces() + 1
            || last != Some(view.pieces.len() as u32)
        {
            return Err(model.wrong("shortlist/offsets", "they do not part the pieces"));
        }
        for (name, pieces) in [
            ("shortlist/always", view.always),
            ("shortlist/pieces", view.pieces),
        ] {
            if pieces.iter().any(|&piece| piece as usize >= vocabulary) {
                return Err(model.wrong(name, "a piece lies outside the vocabulary"));
            }
        }
        Ok(Some(view))
    }

    /// Pieces that are always candidates.
    pub fn always(&self) -> &'a [u32] {
        self.always
    }

    /// What a source piece offers.
    pub fn offered_by(&self, source: u32) -> &'a [u32] {
        let bounds = self.offsets.get(source as usize..).unwrap_or_default();
        match *bounds {
            [start, end, ..] => self
                .pieces
                .get(start as usize..end as usize)
                .unwrap_or_default(),
            _ => &[],
        }
    }
}
