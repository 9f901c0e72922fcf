//! Whole documents through a translator.

use super::{Error, Translation, Translator};
use crate::bitext::{Bitext, DocumentInfo, GENERATOR, Header, Origin, Pair, Segment};
use crate::document::{Document, Format};
use crate::language::Language;
use crate::segment::{Splitter, trim};
use crate::text::CodePoints;

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
    let places = places(documents, &splitter);
    let sentences: Vec<&str> = places
        .iter()
        .map(|place| &documents[place.document].blocks[place.block].text[place.start..place.end])
        .collect();
    let report = |sentence: usize| done(crate::text::words(sentences[sentence]).len());
    let translations = translator.translate(&sentences, &report)?;

    let mut texts: Vec<Vec<String>> = documents
        .iter()
        .map(|document| vec![String::new(); document.blocks.len()])
        .collect();
    let mut pairs = Vec::with_capacity(places.len());
    for ((place, source), translation) in places.iter().zip(&sentences).zip(translations) {
        let block = &documents[place.document].blocks[place.block].text;
        let into = &mut texts[place.document][place.block];
        // The white space between sentences stays as it was.
        into.push_str(&block[place.after..place.start]);
        let start = into.chars().count();
        into.push_str(&translation.text);
        let end = into.chars().count();
        if place.is_last {
            into.push_str(&block[place.end..]);
        }
        let points = CodePoints::new(block);
        let span = points.span(&(place.start..place.end));
        let segment = |text: &str, start, end| Segment {
            text: text.into(),
            document: place.document,
            block: place.block,
            start,
            end,
        };
        let Translation {
            text,
            score,
            words,
            problems,
        } = translation;
        pairs.push(Pair {
            id: (pairs.len() + 1).to_string(),
            source: vec![segment(source, span.start, span.end)],
            target: vec![segment(&text, start, end)],
            score,
            words,
            flags: problems.iter().map(|p| p.flag(source)).collect(),
        });
    }
    let info = |document: &Document| DocumentInfo {
        name: document.name.clone(),
        date: document.date.as_ref().map(|date| date.date().to_owned()),
    };
    let header = Header {
        from: from.clone(),
        to: to.clone(),
        documents: documents.iter().map(info).collect(),
        origin: Origin::Model {
            model: translator.name().into(),
            options: translator.options(),
        },
        generator: GENERATOR.into(),
    };
    let bitext = Bitext { header, pairs };
    Ok(Translated { bitext, texts })
}

/// Where a sentence stands: bytes of a block's text, without white space around it.
struct Place {
    document: usize,
    block: usize,
    start: usize,
    end: usize,
    /// The end of the sentence before it in the block.
    after: usize,
    is_last: bool,
}

fn places(documents: &[Document], splitter: &Splitter) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        for (block, text) in document.blocks.iter().map(|block| &*block.text).enumerate() {
            let sentences = match document.format {
                Format::Lines => std::iter::once(0..text.len()).collect(),
                Format::Text => splitter.split(text),
            };
            let mut after = 0;
            let first = places.len();
            for sentence in sentences {
                let sentence = trim(text, &sentence);
                // A blank line of a file of lines is a segment too: the count is kept.
                if sentence.is_empty() && document.format == Format::Text {
                    continue;
                }
                places.push(Place {
                    document: number,
                    block,
                    start: sentence.start,
                    end: sentence.end,
                    after,
                    is_last: false,
                });
                after = sentence.end;
            }
            if let Some(last) = places[first..].last_mut() {
                last.is_last = true;
            }
        }
    }
    places
}
