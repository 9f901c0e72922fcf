//! A translator that looks into a memory first.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Maker, Memory};
use crate::language::Language;
use crate::translate::parts::has_words;
use crate::translate::{Error, Translation, Translator};

/// Translations that are added to the memory at once: between them others may write.
const AT_ONCE: usize = 4096;

/// A translator that takes from a memory what is there, and adds to it what is not.
#[derive(Debug)]
pub struct Remembering<'m, T> {
    inner: T,
    memory: &'m Memory,
    maker: Maker,
    number: i64,
    hits: AtomicUsize,
}

impl<'m, T: Translator> Remembering<'m, T> {
    /// Has `inner`, which translates between these languages, look into `memory` first.
    ///
    /// # Errors
    /// Those of the memory.
    pub fn new(
        inner: T,
        memory: &'m Memory,
        (from, to): (&Language, &Language),
    ) -> Result<Self, super::Error> {
        let maker = Maker {
            model: inner.name().into(),
            checksum: inner.checksum().into(),
            // Another version may translate differently.
            options: format!("{}, visavis {}", inner.options(), env!("CARGO_PKG_VERSION")),
            from: from.clone(),
            to: to.clone(),
        };
        Ok(Self {
            number: memory.maker(&maker)?,
            inner,
            memory,
            maker,
            hits: AtomicUsize::new(0),
        })
    }

    /// How many sentences came from the memory so far.
    pub fn hits(&self) -> usize {
        self.hits.load(Ordering::Relaxed)
    }
}

impl<T: Translator> Translator for Remembering<'_, T> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn options(&self) -> String {
        self.inner.options()
    }

    fn checksum(&self) -> &str {
        self.inner.checksum()
    }

    fn has_links(&self) -> bool {
        self.inner.has_links()
    }

    fn memory_hits(&self) -> Option<usize> {
        Some(self.hits())
    }

    fn translate(
        &self,
        sentences: &[&str],
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Translation>, Error> {
        let links = self.has_links();
        let mut makers = self.memory.givers(&self.maker.from, &self.maker.to)?;
        makers.push(self.number);
        let mut translations = self.memory.find(sentences, &makers, links)?;
        let mut missing = Vec::new();
        for (number, found) in translations.iter().enumerate() {
            if found.is_some() {
                self.hits.fetch_add(1, Ordering::Relaxed);
                done(number);
            } else {
                missing.push(number);
            }
        }
        let texts: Vec<&str> = missing.iter().map(|&number| sentences[number]).collect();
        let new = self.inner.translate(&texts, &|text| done(missing[text]))?;
        // What has no words costs nothing, and would only fill the memory.
        let worth: Vec<(&str, &Translation)> = texts
            .into_iter()
            .zip(&new)
            .filter(|(text, _)| has_words(text))
            .collect();
        for some in worth.chunks(AT_ONCE) {
            self.memory.add(self.number, some.iter().copied(), links)?;
        }
        for (&number, translation) in missing.iter().zip(new) {
            translations[number] = Some(translation);
        }
        let mut translations: Vec<Translation> = translations.into_iter().flatten().collect();
        if !links {
            translations.iter_mut().for_each(|t| t.words.clear());
        }
        Ok(translations)
    }
}
