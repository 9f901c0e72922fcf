//! Texts with their words, and as they are shown to a model.

use std::ops::Range;

use crate::text;

/// A text and the words of it that are linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words<'t> {
    text: &'t str,
    words: Vec<Range<usize>>,
}

impl<'t> Words<'t> {
    /// The words of a text as [`crate::text::words`] counts them: a bitext's.
    pub fn of_text(text: &'t str) -> Self {
        Self {
            text,
            words: text::words(text),
        }
    }

    /// What stands between white space: the words of a text that was parted into them.
    pub fn apart(text: &'t str) -> Self {
        let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        let words = text.split_whitespace();
        Self {
            text,
            words: words
                .map(|word| start(word)..start(word) + word.len())
                .collect(),
        }
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words.
    pub fn iter(&self) -> impl Iterator<Item = &'t str> {
        self.words.iter().map(|word| &self.text[word.clone()])
    }

    /// The text as a model is to read it.
    pub(super) fn shown(&self) -> Shown {
        let mut text = String::with_capacity(self.text.len() + 8);
        let mut words = Vec::with_capacity(self.words.len());
        let mut end = 0;
        for word in &self.words {
            push(&self.text[end..word.start], &mut text);
            // Words that stand together, as *l'* and *homme* do, are shown apart, so that no piece
            // is of both.
            if end == word.start && end > 0 {
                text.push(' ');
            }
            let start = text.len();
            push(&self.text[word.clone()], &mut text);
            words.push(start..text.len());
            end = word.end;
        }
        push(&self.text[end..], &mut text);
        Shown { text, words }
    }
}

/// A text as a model reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub text: String,
    /// Where its words are.
    pub words: Vec<Range<usize>>,
}

/// Appends a text with the apostrophes that models know.
fn push(text: &str, into: &mut String) {
    into.extend(text.chars().map(|c| match c {
        '’' | 'ʼ' => '\'',
        c => c,
    }));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_shown_apart_with_plain_apostrophes() {
        let words = Words::of_text("L’homme, dit-il.");
        let shown = words.shown();
        assert_eq!(shown.text, "L' homme, dit-il.");
        let texts: Vec<&str> = shown.words.iter().map(|w| &shown.text[w.clone()]).collect();
        assert_eq!(texts, ["L'", "homme", "dit-il"]);
        let apart = Words::apart(" oh , oh ! ");
        assert_eq!(apart.iter().collect::<Vec<_>>(), ["oh", ",", "oh", "!"]);
        assert_eq!(apart.shown().text, " oh , oh ! ");
    }

    proptest! {
        #[test]
        fn shown_words_are_the_words(text in "\\PC{0,40}") {
            for words in [Words::of_text(&text), Words::apart(&text)] {
                let shown = words.shown();
                prop_assert_eq!(shown.words.len(), words.len());
                for (place, word) in shown.words.iter().zip(words.iter()) {
                    let mut plain = String::new();
                    push(word, &mut plain);
                    prop_assert_eq!(&shown.text[place.clone()], plain);
                }
            }
        }
    }
}
