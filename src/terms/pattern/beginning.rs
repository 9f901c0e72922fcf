//! What a match of a pattern may begin with, so that most patterns need not be tried.

use super::Item;
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
        self.keys.as_ref().is_none_or(|keys| {
            let has = |key: u64| keys.binary_search(&key).is_ok();
            let mut others = token.readings().skip(1).chain(token.capitals());
            has(token.key()) || !token.is_plain() && others.any(|other| has(other.key))
        })
    }
}

/// Classes that any word and the end of the text fall into.
pub const ANY: Classes = Classes::MAX;

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
                add_first(std::slice::from_ref(inner), keys)?;
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

/// The classes of words that may stand right behind the first of a match.
fn next_classes(items: &[Item]) -> Classes {
    let mut walk = Walk { steps: 0 };
    walk.classes(items, &Rest::Nothing, Place::First)
}

/// What follows the items at hand.
enum Rest<'r> {
    Nothing,
    Items(&'r [Item], &'r Rest<'r>),
}

/// Which word of a match comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    Second,
}

struct Walk {
    steps: usize,
}

impl Walk {
    fn classes(&mut self, items: &[Item], rest: &Rest, place: Place) -> Classes {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return ANY;
        }
        let Some((item, tail)) = items.split_first() else {
            return match (rest, place) {
                (Rest::Items(items, rest), _) => self.classes(items, rest, place),
                (Rest::Nothing, Place::Second) => ANY,
                // What matches no word is no match.
                (Rest::Nothing, Place::First) => 0,
            };
        };
        match (item, place) {
            (Item::Forms(_) | Item::Shape(_), Place::First) => {
                self.classes(tail, rest, Place::Second)
            }
            (Item::Forms(forms), Place::Second) => forms.classes(),
            (Item::Shape(_), Place::Second) | (Item::Gap(_), _) => ANY,
            (Item::Opens | Item::Closes, _) => self.classes(tail, rest, place),
            (Item::Optional(inner), _) => {
                let inner = std::slice::from_ref(&**inner);
                let with = self.classes(inner, &Rest::Items(tail, rest), place);
                with | self.classes(tail, rest, place)
            }
            (Item::Either(alternatives), _) => alternatives.iter().fold(0, |classes, items| {
                classes | self.classes(items, &Rest::Items(tail, rest), place)
            }),
        }
    }
}
