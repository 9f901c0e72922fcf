//! Written forms of one word, as a pattern holds them.

use std::sync::Arc;

use compact_str::CompactString;

use crate::terms::tokens::{Token, strip_accents};

/// Written forms of one word; clones share them.
#[derive(Debug, Clone)]
pub(super) struct Forms(Arc<[CompactString]>);

impl Forms {
    pub fn new<F: Into<CompactString>>(forms: impl IntoIterator<Item = F>) -> Self {
        let mut forms: Vec<CompactString> = forms.into_iter().map(Into::into).collect();
        forms.sort_unstable();
        forms.dedup();
        Self(forms.into())
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(CompactString::as_str)
    }

    /// Whether the token is one of them; a word in capitals may lack its accents.
    pub fn hold(&self, token: &Token) -> bool {
        let has = |reading: &str| self.0.binary_search_by(|f| f.as_str().cmp(reading)).is_ok();
        token.readings().any(has)
            || token
                .capitals
                .as_ref()
                .is_some_and(|c| has(c) || self.iter().any(|f| strip_accents(f) == *c))
    }
}
