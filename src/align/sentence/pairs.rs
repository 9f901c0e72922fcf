//! From documents to sentences, and from beads to a bitext.

use super::{Bead, Sentences, links::Link};
use crate::bitext::{Bitext, DocumentInfo, GENERATOR, Header, Origin, Pair, Segment};
use crate::document::{Document, Format};
use crate::language::Language;
use crate::segment::Splitter;
use crate::text::CodePoints;

/// The sentences of a document, in order; of a document of lines, its lines, empty ones too.
#[derive(Debug, Clone)]
pub struct Text {
    /// The document's name.
    pub name: String,
    /// Its date stamp as written.
    pub date: Option<String>,
    /// Its language.
    pub language: Language,
    /// Its sentences; their document is the first.
    pub segments: Vec<Segment>,
}

impl Text {
    /// Splits a document into sentences.
    pub fn new(document: &Document, language: &Language) -> Self {
        let splitter = Splitter::new(language);
        let mut segments = Vec::new();
        for (block, text) in document.blocks.iter().map(|block| &*block.text).enumerate() {
            let points = CodePoints::new(text);
            for range in splitter.sentences(text, document.format == Format::Text) {
                let span = points.span(&range);
                segments.push(Segment {
                    text: text[range].into(),
                    document: 0,
                    block,
                    start: span.start,
                    end: span.end,
                });
            }
        }
        Self {
            name: document.name.clone(),
            date: document.date.as_ref().map(|date| date.date().to_owned()),
            language: language.clone(),
            segments,
        }
    }

    /// The sentences' texts.
    pub fn sentences(&self) -> Vec<&str> {
        let texts = self.segments.iter().map(|segment| &*segment.text);
        texts.collect()
    }

    /// The sentences, and which of them open a paragraph.
    pub fn in_paragraphs(&self) -> Sentences<'_> {
        let mut before = None;
        let opens = self.segments.iter().map(|segment| {
            let opens = before != Some(segment.block);
            before = Some(segment.block);
            opens
        });
        Sentences {
            opens: opens.collect(),
            texts: self.sentences(),
        }
    }
}

/// Beads that set line *i* of the one text beside line *i* of the other.
pub fn line_by_line(lines: usize) -> Vec<Bead> {
    let bead = |line| Bead {
        source: line..line + 1,
        target: line..line + 1,
        score: None,
    };
    (0..lines).map(bead).collect()
}

/// The bitext that `beads` make of two texts. The beads hold every sentence once, in order.
pub fn bitext(source: &Text, target: &Text, beads: &[Bead]) -> Bitext {
    let side = |text: &Text, range: &std::ops::Range<usize>| {
        text.segments
            .get(range.clone())
            .unwrap_or_default()
            .to_vec()
    };
    let pairs = beads.iter().enumerate().map(|(number, bead)| Pair {
        id: (number + 1).to_string(),
        source: side(source, &bead.source),
        target: side(target, &bead.target),
        score: bead.score,
        words: Vec::new(),
        flags: Vec::new(),
    });
    Bitext {
        header: Header {
            from: source.language.clone(),
            to: target.language.clone(),
            documents: vec![DocumentInfo {
                name: source.name.clone(),
                date: source.date.clone(),
            }],
            origin: Origin::Given {
                name: target.name.clone(),
            },
            generator: GENERATOR.into(),
        },
        pairs: pairs.collect(),
    }
}

impl From<&Bead> for Link {
    fn from(bead: &Bead) -> Self {
        Link {
            source: bead.source.clone().collect(),
            target: bead.target.clone().collect(),
        }
    }
}
