//! The written forms of one word, as a pattern holds them: by their numbers.

use crate::terms::keys::{Classes, class, key};
use crate::terms::tokens::{Reading, Token, strip_accents};

/// Written forms of one word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Forms<'c> {
    /// The classes of words that all the numbers fall into.
    pub classes: Classes,
    /// The numbers of the forms, in order.
    pub keys: &'c [u64],
    /// The numbers of those with accents, without them, in order.
    pub bare: &'c [u64],
}

/// Up to so many forms are looked through one by one.
const FEW: usize = 8;

/// The numbers of forms, before they are one word of a pattern.
#[derive(Default)]
pub(super) struct Numbers {
    keys: Vec<u64>,
    bare: Vec<u64>,
}

impl Numbers {
    /// Of these forms.
    pub fn of<F: AsRef<str>>(forms: impl IntoIterator<Item = F>) -> Self {
        let mut numbers = Self::default();
        for form in forms {
            let form = form.as_ref();
            numbers.keys.push(key(form));
            if !form.is_ascii() {
                numbers.bare.push(key(&strip_accents(form)));
            }
        }
        numbers.ordered()
    }

    /// Of the forms of all of `words`.
    pub fn of_any(words: &[Forms]) -> Self {
        let all = |list: fn(&Forms) -> Vec<u64>| words.iter().flat_map(list).collect();
        let numbers = Self {
            keys: all(|word| word.keys.to_vec()),
            bare: all(|word| word.bare.to_vec()),
        };
        numbers.ordered()
    }

    fn ordered(mut self) -> Self {
        for list in [&mut self.keys, &mut self.bare] {
            list.sort_unstable();
            list.dedup();
        }
        self
    }

    /// The forms with these numbers.
    pub fn forms(&self) -> Forms<'_> {
        let all = self.keys.iter().chain(&self.bare);
        Forms {
            classes: all.fold(0, |classes, &key| classes | class(key)),
            keys: &self.keys,
            bare: &self.bare,
        }
    }
}

impl<'c> Forms<'c> {
    /// The numbers of the forms, with and without accents.
    pub fn all(self) -> impl Iterator<Item = u64> + use<'c> {
        self.keys.iter().chain(self.bare).copied()
    }

    /// Whether the token is one of them; a word in capitals may lack its accents.
    pub fn hold(self, token: &Token) -> bool {
        if self.classes & token.classes() == 0 {
            return false;
        }
        if token.is_plain() {
            return self.has(token.key());
        }
        let bare = |capitals: &Reading| self.bare.binary_search(&capitals.key).is_ok();
        token.keys().any(|key| self.has(key)) || token.capitals().is_some_and(bare)
    }

    fn has(self, key: u64) -> bool {
        match self.keys.len() {
            ..=FEW => self.keys.contains(&key),
            _ => self.keys.binary_search(&key).is_ok(),
        }
    }
}
