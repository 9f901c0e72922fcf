//! What a match of a pattern may begin with, so that most patterns need not be tried.

use super::{Forms, Item};
use crate::terms::keys::{Classes, class};
use crate::terms::tokens::Tokens;

/// What a match may begin with.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The numbers of the words that may stand first, in order; none where that may be any word.
    pub keys: Option<Box<[u64]>>,
    /// The classes of words that may stand first.
    first: Classes,
    /// The classes of words that may stand right behind; all where nothing need stand there.
    pub next: Classes,
}

impl Beginning {
    /// What a match of `items` may begin with.
    pub(super) fn of(items: &[Item]) -> Self {
        let keys = first_keys(items);
        let classes = |keys: &[u64]| keys.iter().fold(0, |all, &key| all | class(key));
        Self {
            first: keys.as_deref().map_or(ANY, classes),
            keys: keys.map(Vec::into_boxed_slice),
            next: next_classes(items),
        }
    }

    /// Whether a match may begin at token `at`.
    pub fn may_be(&self, tokens: &Tokens, at: usize) -> bool {
        let Some(token) = tokens.tokens.get(at) else {
            return false;
        };
        if token.classes() & self.first == 0 {
            return false;
        }
        let next = || tokens.tokens.get(at + 1).map_or(0, |next| next.classes());
        if self.next != ANY && self.next & next() == 0 {
            return false;
        }
        self.keys
            .as_ref()
            .is_none_or(|keys| token.keys().any(|key| keys.binary_search(&key).is_ok()))
    }
}

/// Classes that any word and the end of the text fall into.
const ANY: Classes = Classes::MAX;

/// Steps after which any word is taken to fit: far more than sensible patterns take.
const MAX_STEPS: usize = 2_000;

/// The numbers of the words that may stand first; none where that may be any word.
fn first_keys(items: &[Item]) -> Option<Vec<u64>> {
    let mut keys = Vec::new();
    add_first(items, &mut keys)?;
    keys.sort_unstable();
    keys.dedup();
    Some(keys)
}

/// Adds the first words of a sequence; says whether it may be empty, and nothing where any word may
/// stand first.
fn add_first(items: &[Item], keys: &mut Vec<u64>) -> Option<bool> {
    for item in items {
        let may_be_empty = match item {
            Item::Forms(word) => {
                keys.extend(word.keys());
                false
            }
            Item::Opens | Item::Closes => true,
            Item::Shape(_) | Item::Gap(_) => return None,
            Item::Optional(inner) => {
                add_first(inner, keys)?;
                true
            }
            Item::Either(alternatives) => {
                let mut empty = false;
                for alternative in alternatives {
                    empty |= add_first(alternative, keys)?;
                }
                empty
            }
        };
        if !may_be_empty {
            return Some(false);
        }
    }
    Some(true)
}

/// Of more words than so many that may stand second, they are not told.
const MOST_SECOND: usize = 128;

/// The numbers of the words that may stand right behind the first of a match, in order, if that is
/// `first` (any where that is none); none where that may be any word or one of many, or none need
/// stand there.
pub(super) fn second_keys(items: &[Item], first: Option<u64>) -> Option<Vec<u64>> {
    let mut walk = Walk {
        first,
        ..Walk::default()
    };
    walk.go(items, &Rest::Nothing, Place::First)?;
    let count = walk
        .second
        .iter()
        .map(|forms| forms.keys().count())
        .sum::<usize>();
    if count > MOST_SECOND {
        return None;
    }
    let mut keys: Vec<u64> = walk.second.into_iter().flat_map(Forms::keys).collect();
    keys.sort_unstable();
    keys.dedup();
    Some(keys)
}

/// The classes of these words.
fn next_classes(items: &[Item]) -> Classes {
    let mut walk = Walk::default();
    match walk.go(items, &Rest::Nothing, Place::First) {
        Some(()) => walk
            .second
            .iter()
            .fold(0, |all, forms| all | forms.classes()),
        None => ANY,
    }
}

/// What follows the items at hand.
enum Rest<'r, 'i> {
    Nothing,
    Items(&'i [Item], &'r Rest<'r, 'i>),
}

/// Which word of a match comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    Second,
}

/// A walk over all that a pattern may match, as far as the second word.
#[derive(Default)]
struct Walk<'i> {
    steps: usize,
    /// The first word; none for all that may be.
    first: Option<u64>,
    /// What may stand second.
    second: Vec<&'i Forms>,
}

impl<'i> Walk<'i> {
    /// Goes on with `items`; nothing where any word may stand second.
    fn go(&mut self, items: &'i [Item], rest: &Rest<'_, 'i>, place: Place) -> Option<()> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return None;
        }
        let Some((item, tail)) = items.split_first() else {
            return match (rest, place) {
                (Rest::Items(items, rest), _) => self.go(items, rest, place),
                (Rest::Nothing, Place::Second) => None,
                // What matches no word is no match.
                (Rest::Nothing, Place::First) => Some(()),
            };
        };
        match (item, place) {
            (Item::Forms(forms), Place::First)
                if self
                    .first
                    .is_some_and(|first| forms.keys().all(|key| key != first)) =>
            {
                Some(())
            }
            (Item::Forms(_) | Item::Shape(_), Place::First) => self.go(tail, rest, Place::Second),
            (Item::Forms(forms), Place::Second) => {
                self.second.push(forms);
                Some(())
            }
            (Item::Shape(_), Place::Second) | (Item::Gap(_), _) => None,
            (Item::Opens | Item::Closes, _) => self.go(tail, rest, place),
            (Item::Optional(inner), _) => {
                self.go(inner, &Rest::Items(tail, rest), place)?;
                self.go(tail, rest, place)
            }
            (Item::Either(alternatives), _) => {
                let rest = Rest::Items(tail, rest);
                let mut alternatives = alternatives.iter();
                alternatives.try_for_each(|items| self.go(items, &rest, place))
            }
        }
    }
}
