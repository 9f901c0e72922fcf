//! Which pieces the translation of a sentence may consist of, by the model's lexical shortlist.

use super::tokenizer::Tokenizer;
use crate::model::shortlist::ShortlistView;
use crate::model::{Compiled, Error};

/// Characters of the longest piece that is copied from the source.
const LONGEST_COPY: usize = 16;

/// Marian fills up the candidates of its students to a multiple of this, for its matrices' sake.
/// What fills up can be produced too.
const STUDENT_GROUP: usize = 8;

/// The shortlist of a model.
#[derive(Debug)]
pub struct Shortlist<'a> {
    view: ShortlistView<'a>,
    tokenizer: &'a Tokenizer,
    /// What every sentence may use, and what is never produced.
    settled: Pieces,
    /// What every sentence may use.
    common: Vec<u32>,
    /// The pieces of the source and all that its names and numbers can be spelt with are no
    /// candidates unless they are offered; the candidates are a multiple of [`STUDENT_GROUP`].
    student: bool,
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
        let mut settled = Pieces::of(config.vocabulary);
        for &piece in view.always().iter().chain([&config.pad]) {
            settled.add(piece);
        }
        let student = config.searched_as_student();
        let mut common = view.always().to_vec();
        common.retain(|&piece| !(student && piece == config.unknown));
        Ok(Some(Self {
            common,
            student,
            view,
            tokenizer,
            settled,
        }))
    }

    /// The pieces that every sentence may use, rising.
    pub fn common(&self) -> &[u32] {
        &self.common
    }

    /// The pieces that the translation of a sentence of `source` pieces may use beyond the common
    /// ones, rising: what its pieces offer, the pieces themselves, and all pieces that its names
    /// and numbers can be spelt with.
    pub fn own(&self, source: &[u32]) -> Vec<u32> {
        let offered = source.iter().flat_map(|&piece| self.view.offered_by(piece));
        let mut own: Vec<u32> = offered.copied().collect();
        if !self.student {
            own.extend(source);
            self.spellings(source, &mut own);
        }
        // Of thousands of pieces, many of which are offered often: marking them sorts them.
        let mut is_own = Pieces::of(self.settled.vocabulary());
        for &piece in &own {
            is_own.add(piece);
        }
        is_own.remove_all(&self.settled);
        own.clear();
        own.extend(is_own.rising());
        if self.student {
            self.fill_up(&mut own);
        }
        own
    }

    /// Adds the lowest pieces that are not yet candidates.
    fn fill_up(&self, own: &mut Vec<u32>) {
        let count = self.view.always().len() + own.len();
        let missing = count.next_multiple_of(STUDENT_GROUP) - count;
        let others = (0..self.settled.vocabulary() as u32).filter(|&p| !self.settled.has(p));
        let added: Vec<u32> = others
            .filter(|piece| own.binary_search(piece).is_err())
            .take(missing)
            .collect();
        own.extend(added);
        own.sort_unstable();
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

/// Some pieces of a vocabulary: a bit for each piece.
#[derive(Debug, Clone)]
struct Pieces {
    bits: Vec<u64>,
    vocabulary: usize,
}

impl Pieces {
    /// None of the pieces of a vocabulary of that size.
    fn of(vocabulary: usize) -> Self {
        Self {
            bits: vec![0; vocabulary.div_ceil(u64::BITS as usize)],
            vocabulary,
        }
    }

    fn vocabulary(&self) -> usize {
        self.vocabulary
    }

    /// Adds a piece of the vocabulary.
    fn add(&mut self, piece: u32) {
        self.bits[(piece / u64::BITS) as usize] |= 1 << (piece % u64::BITS);
    }

    fn has(&self, piece: u32) -> bool {
        self.bits[(piece / u64::BITS) as usize] >> (piece % u64::BITS) & 1 == 1
    }

    /// Removes those of `others`, which are of the same vocabulary.
    fn remove_all(&mut self, others: &Pieces) {
        for (bits, others) in self.bits.iter_mut().zip(&others.bits) {
            *bits &= !others;
        }
    }

    /// The pieces, rising.
    fn rising(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.bits).flat_map(|(word, &bits)| {
            let mut rest = bits;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(word * u64::BITS + bit)
            })
        })
    }
}
