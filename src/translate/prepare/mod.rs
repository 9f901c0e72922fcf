//! What is done to a sentence before the model gets it, and undone in the translation: character
//! references are decoded, invisible characters left out, capitals written as in a sentence.

mod capitals;
mod characters;
mod entities;
mod rewriting;

use std::borrow::Cow;
use std::ops::Range;

use entities::Entities;
use rewriting::Rewriting;

/// A sentence as the model gets it, and the way back.
#[derive(Debug)]
pub struct Prepared<'s> {
    /// The sentence.
    pub source: &'s str,
    /// What the model gets.
    pub text: Cow<'s, str>,
    /// The byte of the sentence that each byte of the text, and its end, comes from; empty where
    /// the text is the sentence.
    origins: Vec<usize>,
    entities: Entities,
    capitals: bool,
}

/// A translation as the sentence wants it.
#[derive(Debug)]
pub struct Restored {
    /// The translation.
    pub text: String,
    /// Where each byte of what the model gave, and its end, has come to stand; empty where nothing
    /// moved.
    places: Vec<usize>,
}

impl<'s> Prepared<'s> {
    /// Prepares a sentence. `likelihood` tells how usual a spelling of a word is.
    pub fn new(source: &'s str, likelihood: &dyn Fn(&str) -> f32) -> Self {
        let mut prepared = Self {
            source,
            text: Cow::Borrowed(source),
            origins: Vec::new(),
            entities: Entities::default(),
            capitals: false,
        };
        if let Some((text, entities)) = entities::decode(source) {
            prepared.take(text);
            prepared.entities = entities;
        }
        if let Some(text) = characters::visible(&prepared.text) {
            prepared.take(text);
        }
        if let Some(text) = capitals::recased(&prepared.text, likelihood) {
            prepared.take(text);
            prepared.capitals = true;
        }
        prepared
    }

    /// Puts a rewriting in the text's place.
    fn take(&mut self, rewriting: Rewriting) {
        let Rewriting { text, mut origins } = rewriting;
        if !self.origins.is_empty() {
            for origin in &mut origins {
                *origin = self.origins[*origin];
            }
        }
        self.origins = origins;
        self.text = Cow::Owned(text);
    }

    /// The bytes of the sentence that bytes of the text come from.
    pub fn origin(&self, bytes: Range<usize>) -> Range<usize> {
        match self.origins.as_slice() {
            [] => bytes,
            origins => origins[bytes.start]..origins[bytes.end],
        }
    }

    /// What the sentence's translation is, given the text's.
    pub fn restore(&self, translation: String) -> Restored {
        let mut restored = Restored {
            text: translation,
            places: Vec::new(),
        };
        if self.capitals {
            restored.rewrite(|c| c.to_uppercase().collect());
        }
        if !self.entities.is_empty() {
            restored.rewrite(|c| self.entities.encode(c));
        }
        restored
    }
}

impl Restored {
    /// Writes each character anew.
    fn rewrite(&mut self, rewritten: impl Fn(char) -> String) {
        let mut text = String::with_capacity(self.text.len());
        let mut places = Vec::with_capacity(self.text.len() + 1);
        for c in self.text.chars() {
            let start = text.len();
            places.extend(std::iter::repeat_n(start, c.len_utf8()));
            text.push_str(&rewritten(c));
        }
        places.push(text.len());
        self.places = match self.places.as_slice() {
            [] => places,
            earlier => earlier.iter().map(|&place| places[place]).collect(),
        };
        self.text = text;
    }

    /// Where bytes of what the model gave have come to stand.
    pub fn place(&self, bytes: Range<usize>) -> Range<usize> {
        match self.places.as_slice() {
            [] => bytes,
            places => places[bytes.start]..places[bytes.end],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Lower case is always likelier.
    fn lower(word: &str) -> f32 {
        -(word.chars().filter(|c| c.is_uppercase()).count() as f32)
    }

    #[test]
    fn most_sentences_stay_as_they_are() {
        for text in ["Le chat dort.", "R&D, AT&T; a & b", "", "ÉTÉ", "…"] {
            let prepared = Prepared::new(text, &lower);
            assert!(matches!(prepared.text, Cow::Borrowed(_)), "{text}");
            assert_eq!(prepared.restore("x & é".into()).text, "x & é");
            assert_eq!(prepared.origin(0..text.len()), 0..text.len());
        }
    }

    #[test]
    fn all_is_done_and_undone_together() {
        let source = "L&#39;&Eacute;T&Eacute; \u{ad}ARRIVE &amp; DURE";
        let prepared = Prepared::new(source, &lower);
        assert_eq!(prepared.text, "L'été arrive & dure");
        let summer = prepared.text.find("été").unwrap();
        let origin = prepared.origin(summer..summer + "été".len());
        assert_eq!(&source[origin], "&Eacute;T&Eacute;");
        let restored = prepared.restore("It's summer & it lasts".into());
        assert_eq!(restored.text, "IT&#39;S SUMMER &amp; IT LASTS");
        assert_eq!(&restored.text[restored.place(0..4)], "IT&#39;S");
        assert_eq!(&restored.text[restored.place(12..13)], "&amp;");
    }

    proptest! {
        #[test]
        fn places_lie_in_both_texts(source in "([A-ZÉ]{1,4}|&[a-z]{2,5};|\u{ad}|\\PC){0,20}") {
            let prepared = Prepared::new(&source, &lower);
            let mut last = 0;
            for (at, c) in prepared.text.char_indices() {
                let origin = prepared.origin(at..at + c.len_utf8());
                prop_assert!(origin.start >= last && origin.end <= source.len());
                prop_assert!(source.get(origin.clone()).is_some());
                last = origin.start;
            }
            let restored = prepared.restore(prepared.text.clone().into_owned());
            for (at, c) in prepared.text.char_indices() {
                prop_assert!(restored.text.get(restored.place(at..at + c.len_utf8())).is_some());
            }
        }
    }
}
