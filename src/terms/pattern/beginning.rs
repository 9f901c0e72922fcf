//! What a match of a pattern may begin with, so that most places need not be tried.

use super::code::{Item, Items};
use crate::terms::keys::{Classes, class};
use crate::terms::tokens::Tokens;

/// What a match may begin with.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The numbers of the words that may stand first, in order; none where that may be any word.
    pub keys: Option<Box<[u64]>>,
    /// The classes of words that may stand first.
    first: Classes,
}

impl Beginning {
    /// What a match of `items` may begin with.
    pub fn of(items: Items) -> Self {
        let keys = first_keys(items);
        let classes = |keys: &[u64]| keys.iter().fold(0, |all, &key| all | class(key));
        Self {
            first: keys.as_deref().map_or(Classes::MAX, classes),
            keys: keys.map(Vec::into_boxed_slice),
        }
    }

    /// Whether a match may begin at token `at`.
    pub fn may_be(&self, tokens: &Tokens, at: usize) -> bool {
        let token = tokens.tokens.get(at);
        let token = token.filter(|token| token.classes() & self.first != 0);
        token.is_some_and(|token| {
            let held = |keys: &[u64]| token.keys().any(|key| keys.binary_search(&key).is_ok());
            self.keys.as_deref().is_none_or(held)
        })
    }
}

/// The numbers of the words that may stand first; none where that may be any word.
fn first_keys(items: Items) -> Option<Vec<u64>> {
    let mut keys = Vec::new();
    add_first(items, &mut keys)?;
    keys.sort_unstable();
    keys.dedup();
    Some(keys)
}

/// Adds the first words of a sequence; says whether it may be empty, and nothing where any word may
/// stand first.
fn add_first(items: Items, keys: &mut Vec<u64>) -> Option<bool> {
    for item in items.each() {
        let may_be_empty = match item {
            Item::Word(forms) => {
                keys.extend(forms.all());
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
