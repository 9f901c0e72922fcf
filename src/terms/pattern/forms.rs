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
        let forms: Vec<CompactString> = forms.into_iter().map(Into::into).collect();
        let accented = forms.iter().filter(|form| !form.is_ascii());
        let bare = accented.map(|form| key(&strip_accents(form))).collect();
        Self::of(
            forms.into_iter().map(|form| (key(&form), form)).collect(),
            bare,
        )
    }

    /// The forms of all of `words`.
    pub fn of_any(words: &[&Forms]) -> Self {
        let words = words.iter().map(|word| &*word.0);
        let forms = words.clone().flat_map(|word| {
            let forms = word.keys.iter().zip(&word.forms);
            forms.map(|(key, form)| (*key, form.clone()))
        });
        Self::of(
            forms.collect(),
            words.flat_map(|word| &word.bare).copied().collect(),
        )
    }

    /// Forms with their numbers, and the numbers of those with accents without them.
    fn of(mut forms: Vec<(u64, CompactString)>, bare: Vec<u64>) -> Self {
        forms.sort_unstable();
        forms.dedup();
        let (keys, forms): (Vec<u64>, Vec<CompactString>) = forms.into_iter().unzip();
        let classes = keys
            .iter()
            .chain(&bare)
            .fold(0, |all, &key| all | class(key));
        Self(Arc::new(Written {
            keys: keys.into(),
            forms: forms.into(),
            bare: bare.into(),
            classes,
        }))
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
