//! Written forms of one word, as a pattern holds them.

use std::sync::Arc;

use compact_str::CompactString;

use crate::terms::keys::{Classes, class, key};
use crate::terms::tokens::{Reading, Token, strip_accents};

/// Written forms of one word; clones share them.
#[derive(Debug, Clone)]
pub(super) struct Forms(Arc<Written>);

#[derive(Debug)]
struct Written {
    /// The numbers of the forms, in order.
    keys: Box<[u64]>,
    /// The forms, in the order of their numbers.
    forms: Box<[CompactString]>,
    /// The numbers of those with accents, without them.
    bare: Box<[u64]>,
    /// The classes of words that all of these numbers fall into.
    classes: Classes,
}

/// Up to so many forms are looked through one by one.
const FEW: usize = 8;

impl Forms {
    pub fn new<F: Into<CompactString>>(forms: impl IntoIterator<Item = F>) -> Self {
        let forms = forms.into_iter().map(Into::into);
        let mut forms: Vec<(u64, CompactString)> = forms.map(|f| (key(&f), f)).collect();
        forms.sort_unstable();
        forms.dedup();
        let accented = forms.iter().filter(|(_, form)| !form.is_ascii());
        let bare: Box<[u64]> = accented.map(|(_, f)| key(&strip_accents(f))).collect();
        let keys = forms.iter().map(|(key, _)| key).chain(&bare);
        let classes = keys.fold(0, |classes, &key| classes | class(key));
        let (keys, forms): (Vec<u64>, Vec<CompactString>) = forms.into_iter().unzip();
        Self(Arc::new(Written {
            keys: keys.into(),
            forms: forms.into(),
            bare,
            classes,
        }))
    }

    /// The forms of all of `words`.
    pub fn of_any<'f>(words: impl IntoIterator<Item = &'f Forms>) -> Self {
        Self::new(
            words
                .into_iter()
                .flat_map(|word| word.0.forms.iter().cloned()),
        )
    }

    /// The numbers of the forms, with and without accents.
    pub fn keys(&self) -> impl Iterator<Item = u64> {
        self.0.keys.iter().chain(&self.0.bare).copied()
    }

    /// The classes of words that may be one of them.
    pub fn classes(&self) -> Classes {
        self.0.classes
    }

    /// Whether the token is one of them; a word in capitals may lack its accents.
    pub fn hold(&self, token: &Token) -> bool {
        if self.0.classes & token.classes() == 0 {
            return false;
        }
        if token.is_plain() {
            return self.has(token.reading());
        }
        token.readings().any(|reading| self.has(reading))
            || token.capitals().is_some_and(|bare| {
                let lacks = |form: &CompactString| strip_accents(form) == bare.text;
                self.has(bare) || self.0.bare.contains(&bare.key) && self.0.forms.iter().any(lacks)
            })
    }

    fn has(&self, reading: &Reading) -> bool {
        let keys = &self.0.keys;
        let first = match keys.len() {
            ..=FEW => keys.iter().take_while(|key| **key < reading.key).count(),
            _ => keys.partition_point(|key| *key < reading.key),
        };
        // Forms of the same number stand together.
        let same = keys[first..].iter().zip(&self.0.forms[first..]);
        let mut same = same.take_while(|(key, _)| **key == reading.key);
        same.any(|(_, form)| *form == reading.text)
    }
}
