//! Whole documents through a translator.

use std::ops::Range;

use super::assembly::{self, Parts};
use super::{Error, Translator};
use crate::bitext::{Bitext, DocumentInfo};
use crate::document::{Document, Format};
use crate::language::Language;
use crate::segment::Splitter;

/// Documents and their translation.
#[derive(Debug)]
pub struct Translated {
    /// Sentence by sentence.
    pub bitext: Bitext,
    /// For each document the texts that take the place of its blocks' texts.
    pub texts: Vec<Vec<String>>,
}

/// Splits the blocks of `documents` into sentences and translates them all together. A document of
/// lines is not split: each line is a segment.
///
/// `done` is called with the words of each sentence that is translated, from any thread.
///
/// # Errors
/// Where the translator fails.
pub fn documents(
    documents: &[Document],
    (from, to): (&Language, &Language),
    translator: &dyn Translator,
    done: &(dyn Fn(usize) + Sync),
) -> Result<Translated, Error> {
    let splitter = Splitter::new(from);
    let blocks = || {
        let numbered = documents.iter().enumerate();
        numbered.flat_map(|(number, document)| {
            let blocks = document.blocks.iter().enumerate();
            blocks.map(move |(block, text)| ((number, block), document.format, &*text.text))
        })
    };
    let places: Vec<Vec<Range<usize>>> = blocks()
        // A blank line of a file of lines is a segment too: the count is kept.
        .map(|(_, format, text)| splitter.sentences(text, format == Format::Text))
        .collect();
    let texts = blocks().zip(&places).flat_map(|((_, _, text), places)| {
        let sentence = |place: &Range<usize>| &text[place.clone()];
        places.iter().map(sentence)
    });
    let all: Vec<&str> = texts.collect();
    let report = |sentence: usize| done(crate::text::words(all[sentence]).len());
    let translations = translator.translate(&all, &report)?;

    let mut texts: Vec<Vec<String>> = documents
        .iter()
        .map(|document| Vec::with_capacity(document.blocks.len()))
        .collect();
    let mut pairs = Vec::with_capacity(all.len());
    let mut rest = translations.as_slice();
    for ((at, _, block), sentences) in blocks().zip(&places) {
        let parts = Parts { block, sentences };
        let own = rest.split_off(..sentences.len()).unwrap_or_default();
        texts[at.0].push(parts.text(own));
        let first = pairs.len() as u64 + 1;
        pairs.extend(parts.pairs(own, at, first));
    }
    let info = |document: &Document| DocumentInfo {
        name: document.name.clone(),
        date: document.date.as_ref().map(|date| date.date().to_owned()),
    };
    let infos = documents.iter().map(info).collect();
    let header = assembly::header((from, to), infos, translator);
    let bitext = Bitext { header, pairs };
    Ok(Translated { bitext, texts })
}
