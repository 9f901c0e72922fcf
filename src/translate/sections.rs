//! A sentence's translation, put together from those of its sections.

use std::ops::Range;

use super::Translation;
use super::links::{Attended, word_links};
use super::prepare::{Prepared, Restored};
use crate::engine::Translated;
use crate::engine::tokenizer::Piece;
use crate::text::words;

/// A stretch of a text and what renders it.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its bytes, without white space around it; the sections of a text leave out nothing else.
    pub bytes: Range<usize>,
    /// What the model made of it; none where it stands as it is.
    pub translated: Option<Translated>,
}

impl Section {
    /// The section of `text` within `bytes`.
    pub fn new(text: &str, bytes: Range<usize>, translated: Option<Translated>) -> Self {
        let within = &text[bytes.clone()];
        let start = bytes.start + (within.len() - within.trim_start().len());
        let end = start + within.trim().len();
        Self {
            bytes: start..end,
            translated,
        }
    }

    /// What renders it, given the text that it is of.
    fn rendering<'a>(&'a self, text: &'a str) -> &'a str {
        match &self.translated {
            Some(translated) => &translated.text,
            None => &text[self.bytes.clone()],
        }
    }

    /// The same section of a text that starts `shift` bytes earlier.
    pub fn shifted(mut self, shift: usize) -> Self {
        self.bytes = self.bytes.start + shift..self.bytes.end + shift;
        self
    }
}

/// The renderings of `sections` of `text`, joined: a space stands where white space parts the
/// sections.
pub fn joined(text: &str, sections: &[Section]) -> String {
    places(text, sections).0
}

/// The renderings joined, and where each starts.
fn places(text: &str, sections: &[Section]) -> (String, Vec<usize>) {
    let mut all = String::new();
    let mut starts = Vec::with_capacity(sections.len());
    // Where the last section that gave something ends.
    let mut end = None;
    for section in sections {
        let rendering = section.rendering(text);
        if !rendering.is_empty() {
            if end.is_some_and(|end| section.bytes.start > end) {
                all.push(' ');
            }
            end = Some(section.bytes.end);
        }
        starts.push(all.len());
        all.push_str(rendering);
    }
    (all, starts)
}

/// The sentence's translation; none where it has no words.
pub fn translation(prepared: &Prepared<'_>, sections: Vec<Section>) -> Option<Translation> {
    let (text, starts) = places(&prepared.text, &sections);
    if text.trim().is_empty() {
        return None;
    }
    let restored = prepared.restore(text);
    let (mut score, mut pieces, mut is_scored) = (0.0, 0, false);
    let mut attended = Vec::with_capacity(sections.len());
    for (section, start) in sections.into_iter().zip(starts) {
        if let Some(translated) = &section.translated {
            score += translated.score * translated.target.len() as f32;
            pieces += translated.target.len();
            is_scored = true;
        }
        attend(prepared, &restored, section, start, &mut attended);
    }
    Some(Translation {
        words: word_links(prepared.source, &restored.text, &attended),
        text: restored.text,
        score: is_scored.then(|| score / pieces.max(1) as f32),
        problems: Vec::new(),
    })
}

/// Adds a section's pieces with their places in the sentence and in its translation.
fn attend(
    prepared: &Prepared<'_>,
    restored: &Restored,
    section: Section,
    start: usize,
    attended: &mut Vec<Attended>,
) {
    let from = section.bytes.start;
    let source = |bytes: Range<usize>| prepared.origin(bytes.start + from..bytes.end + from);
    let target = |bytes: Range<usize>| restored.place(bytes.start + start..bytes.end + start);
    let Some(translated) = section.translated else {
        // Word for word.
        let words = words(&prepared.text[section.bytes]).into_iter();
        attended.extend(words.map(|word| Attended {
            source: vec![source(word.clone())],
            target: vec![target(word)],
            attention: vec![vec![1.0]],
        }));
        return;
    };
    let pieces = |of: &[Piece], place: &dyn Fn(Range<usize>) -> Range<usize>| {
        of.iter()
            .map(|piece| place(piece.start..piece.end))
            .collect()
    };
    attended.push(Attended {
        source: pieces(&translated.source, &source),
        target: pieces(&translated.target, &target),
        attention: translated.attention,
    });
}
