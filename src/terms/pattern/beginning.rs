//! What a match of a pattern may begin with, so that most patterns need not be tried.

use super::code::{Item, Items};
use super::forms::Forms;
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
    pub fn of(items: Items) -> Self {
        let keys = first_keys(items);
        let classes = |keys: &[u64]| keys.iter().fold(0, |all, &key| all | class(key));
        Self {
            first: keys.as_deref().map_or(ANY, classes),
            keys: keys.map(Vec::into_boxed_slice),
            next: classes_behind(items, &[None]),
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
fn first_keys(items: Items) -> Option<Vec<u64>> {
    let mut keys = Vec::new();
    add_first(items, &mut keys)?;
    keys.sort_unstable();
    keys.dedup();
    Some(keys)
}

/// Adds the first words of a sequence; says whether it may be empty, and nothing where any word may
/// stand first.
fn add_first(mut items: Items, keys: &mut Vec<u64>) -> Option<bool> {
    while let Some((item, behind)) = items.split_first() {
        items = behind;
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

/// Of more words than so many that may stand second, they are not told.
const MOST_SECOND: usize = 512;

/// The numbers of the words that may stand right behind the first of a match, in order, if that is
/// `first` (any where that is none); none where that may be any word or one of many, or none need
/// stand there.
pub fn second_keys(items: Items, first: Option<u64>) -> Option<Vec<u64>> {
    let second = behind(items, &[first])?;
    let count: usize = second.iter().map(|forms| forms.count()).sum();
    if count > MOST_SECOND {
        return None;
    }
    let mut keys: Vec<u64> = second.into_iter().flat_map(Forms::all).collect();
    keys.sort_unstable();
    keys.dedup();
    Some(keys)
}

/// The classes of the words that may stand right behind the first ones of a match, if those are
/// `first` (any where one is none); all where none need stand there.
pub fn classes_behind(items: Items, first: &[Option<u64>]) -> Classes {
    behind(items, first).map_or(ANY, |behind| {
        behind.iter().fold(0, |all, forms| all | forms.classes)
    })
}

/// The words that may stand right behind the first ones of a match, if those are `first` (any where
/// one is none); none where that may be any word, or none need stand there.
fn behind<'i>(items: Items<'i>, first: &[Option<u64>]) -> Option<Vec<Forms<'i>>> {
    let mut walk = Walk {
        steps: 0,
        first,
        behind: Vec::new(),
    };
    walk.go(items, &Rest::Nothing, 0)?;
    Some(walk.behind)
}

/// What follows the items at hand.
enum Rest<'r, 'i> {
    Nothing,
    Items(Items<'i>, &'r Rest<'r, 'i>),
}

/// A walk over all that a pattern may match, as far as the word behind the first ones.
struct Walk<'w, 'i> {
    steps: usize,
    /// The first words; none for all that may be.
    first: &'w [Option<u64>],
    /// What may stand behind them.
    behind: Vec<Forms<'i>>,
}

impl<'i> Walk<'_, 'i> {
    /// Goes on with `items` behind so many words; nothing where any word may stand behind the first
    /// ones.
    fn go(&mut self, items: Items<'i>, rest: &Rest<'_, 'i>, passed: usize) -> Option<()> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return None;
        }
        let Some((item, tail)) = items.split_first() else {
            return match rest {
                Rest::Items(items, rest) => self.go(*items, rest, passed),
                // What matches no word is no match.
                Rest::Nothing => (passed == 0).then_some(()),
            };
        };
        match item {
            Item::Word(forms) => match self.first.get(passed) {
                Some(Some(word)) if forms.all().all(|key| key != *word) => Some(()),
                Some(_) => self.go(tail, rest, passed + 1),
                None => {
                    self.behind.push(forms);
                    Some(())
                }
            },
            Item::Shape(_) if passed < self.first.len() => self.go(tail, rest, passed + 1),
            Item::Shape(_) | Item::Gap(_) => None,
            Item::Opens | Item::Closes => self.go(tail, rest, passed),
            Item::Optional(inner) => {
                self.go(inner, &Rest::Items(tail, rest), passed)?;
                self.go(tail, rest, passed)
            }
            Item::Either(mut alternatives) => {
                let rest = Rest::Items(tail, rest);
                alternatives.try_for_each(|items| self.go(items, &rest, passed))
            }
        }
    }
}
