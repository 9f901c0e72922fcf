//! Which pieces the translation of a sentence may consist of, by the model's lexical shortlist.

use super::tokenizer::Tokenizer;
use crate::model::shortlist::ShortlistView;
use crate::model::{Compiled, Error};

/// Characters of the longest piece that is copied from the source.
const LONGEST_COPY: usize = 16;

/// The shortlist of a model.
#[derive(Debug)]
pub struct Shortlist<'a> {
    view: ShortlistView<'a>,
    tokenizer: &'a Tokenizer,
    /// For each piece whether every sentence may use it; so too what is never produced.
    settled: Vec<bool>,
}

impl<'a> Shortlist<'a> {
    /// The shortlist of a model; none where it has none.
    ///
    /// # Errors
    /// [`Error::Tensor`] where it is damaged.
    pub fn of(model: &'a Compiled, tokenizer: &'a Tokenizer) -> Result<Option<Self>, Error> {
        let Some(view) = ShortlistView::of(model)? else {
            return Ok(None);
        };
        let config = &model.header().config;
        let mut settled = vec![false; config.vocabulary];
        for &piece in view.always().iter().chain([&config.pad]) {
            settled[piece as usize] = true;
        }
        Ok(Some(Self {
            view,
            tokenizer,
            settled,
        }))
    }

    /// The pieces that every sentence may use, rising.
    pub fn common(&self) -> &'a [u32] {
        self.view.always()
    }

    /// The pieces that the translation of a sentence of `source` pieces may use beyond the common
    /// ones, rising: what its pieces offer, the pieces themselves, and all pieces that its names
    /// and numbers can be spelt with.
    pub fn own(&self, source: &[u32]) -> Vec<u32> {
        let offered = source.iter().flat_map(|&piece| self.view.offered_by(piece));
        let mut own: Vec<u32> = offered.chain(source).copied().collect();
        self.spellings(source, &mut own);
        own.retain(|&piece| !self.settled[piece as usize]);
        own.sort_unstable();
        own.dedup();
        own
    }

    fn spellings(&self, source: &[u32], into: &mut Vec<u32>) {
        let mut word = String::new();
        for (number, &piece) in source.iter().enumerate() {
            word.push_str(self.tokenizer.piece_text(piece));
            let next = source
                .get(number + 1)
                .map(|&next| self.tokenizer.piece_text(next));
            if next.is_none_or(|next| next.starts_with(super::tokenizer::SPACE_MARK)) {
                if word.chars().any(|c| c.is_uppercase() || c.is_numeric()) {
                    self.spellings_of(&word, into);
                }
                word.clear();
            }
        }
    }

    fn spellings_of(&self, word: &str, into: &mut Vec<u32>) {
        let bounds: Vec<usize> = word
            .char_indices()
            .map(|(at, _)| at)
            .chain([word.len()])
            .collect();
        for (first, &start) in bounds.iter().enumerate() {
            let ends = bounds[first + 1..].iter().take(LONGEST_COPY);
            into.extend(ends.filter_map(|&end| self.tokenizer.piece(&word[start..end])));
        }
    }
}
