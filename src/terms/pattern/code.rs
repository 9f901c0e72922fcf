//! A pattern as it is matched, and as the build writes it down: its items one behind the other in
//! one list of numbers.
//!
//! An item begins with a number that tells its kind (8 bits), how many numbers behind it are its own
//! (32 bits) and a detail (24 bits). What is its own:
//!
//! | kind | detail | its own |
//! | --- | --- | --- |
//! | word | how many of its numbers are without accents | its classes, its numbers in order, those without accents |
//! | shape, gap | which one, how many words | |
//! | optional | | the items |
//! | alternatives | | of each how many numbers it takes, and its items |

use super::Shape;
use super::forms::Forms;

const WORD: u64 = 0;
const SHAPE: u64 = 1;
const GAP: u64 = 2;
const OPENS: u64 = 3;
const CLOSES: u64 = 4;
const OPTIONAL: u64 = 5;
const EITHER: u64 = 6;

/// The items of a pattern that is being read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Code(Vec<u64>);

/// Items of a pattern, in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::terms) struct Items<'c>(&'c [u64]);

/// An item of a pattern.
#[derive(Clone, Copy)]
pub(super) enum Item<'c> {
    Word(Forms<'c>),
    Shape(Shape),
    Either(Alternatives<'c>),
    Optional(Items<'c>),
    Gap(usize),
    Opens,
    Closes,
}

impl Code {
    pub fn items(&self) -> Items<'_> {
        Items(&self.0)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How much there is of it, for [`Self::optional_from`].
    pub fn end(&self) -> usize {
        self.0.len()
    }

    fn push(&mut self, kind: u64, detail: usize, own: &[u64]) {
        self.0
            .push(kind | (own.len() as u64) << 8 | (detail as u64) << 40);
        self.0.extend(own);
    }

    /// Adds the items of another.
    pub fn extend(&mut self, other: &Code) {
        self.0.extend(&other.0);
    }

    /// Adds a word with these numbers; with accents, and those that have some without.
    pub fn word(&mut self, forms: Forms) {
        let classes = [forms.classes];
        let own = [&classes[..], forms.keys, forms.bare].concat();
        self.push(WORD, forms.bare.len(), &own);
    }

    pub fn shape(&mut self, shape: Shape) {
        self.push(SHAPE, shape as usize, &[]);
    }

    pub fn gap(&mut self, most: usize) {
        self.push(GAP, most, &[]);
    }

    pub fn opens(&mut self) {
        self.push(OPENS, 0, &[]);
    }

    pub fn closes(&mut self) {
        self.push(CLOSES, 0, &[]);
    }

    /// Makes what was added since it had this `end` optional.
    pub fn optional_from(&mut self, end: usize) {
        let inner = self.0.split_off(end);
        self.push(OPTIONAL, 0, &inner);
    }

    /// Adds alternatives.
    pub fn either(&mut self, alternatives: &[Code]) {
        let mut own = Vec::new();
        for alternative in alternatives {
            own.push(alternative.0.len() as u64);
            own.extend(&alternative.0);
        }
        self.push(EITHER, 0, &own);
    }
}

impl<'c> Items<'c> {
    /// The items that were written down as these numbers.
    pub fn of(numbers: &'c [u64]) -> Self {
        Self(numbers)
    }

    /// The numbers to write down.
    pub fn numbers(self) -> &'c [u64] {
        self.0
    }

    /// The first item, and those behind it.
    pub(super) fn split_first(self) -> Option<(Item<'c>, Self)> {
        let (&head, behind) = self.0.split_first()?;
        let (own, tail) = behind.split_at((head >> 8) as u32 as usize);
        let detail = (head >> 40) as usize;
        let item = match head & 0xff {
            WORD => {
                let (keys, bare) = own[1..].split_at(own.len() - 1 - detail);
                Item::Word(Forms {
                    classes: own[0],
                    keys,
                    bare,
                })
            }
            SHAPE => Item::Shape(Shape::ALL[detail]),
            GAP => Item::Gap(detail),
            OPENS => Item::Opens,
            CLOSES => Item::Closes,
            OPTIONAL => Item::Optional(Self(own)),
            _ => Item::Either(Alternatives(own)),
        };
        Some((item, Self(tail)))
    }

    /// The items, one after the other.
    pub(super) fn each(self) -> impl Iterator<Item = Item<'c>> {
        let mut behind = self;
        std::iter::from_fn(move || {
            let (item, rest) = behind.split_first()?;
            behind = rest;
            Some(item)
        })
    }

    /// The word, where it is one alone.
    pub(super) fn word(self) -> Option<Forms<'c>> {
        match self.split_first()? {
            (Item::Word(forms), tail) if tail.0.is_empty() => Some(forms),
            _ => None,
        }
    }
}

/// The alternatives of an item, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Alternatives<'c>(&'c [u64]);

impl<'c> Iterator for Alternatives<'c> {
    type Item = Items<'c>;

    fn next(&mut self) -> Option<Items<'c>> {
        let (&length, behind) = self.0.split_first()?;
        let (items, rest) = behind.split_at(length as usize);
        self.0 = rest;
        Some(Items(items))
    }
}
