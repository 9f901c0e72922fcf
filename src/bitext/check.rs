//! What must hold for every pair that is read.

use std::collections::HashMap;

use super::{Error, Excerpt, Flag, Pair, Problem};
use crate::text::words;

/// Takes in the pairs of a file and refuses what does not hold together.
pub(super) struct Checked<'a> {
    file: &'a str,
    documents: usize,
    lines: HashMap<String, usize>,
    pairs: Vec<Pair>,
}

impl<'a> Checked<'a> {
    /// For a file whose header lists `documents` documents.
    pub(super) fn new(file: &'a str, documents: usize) -> Self {
        Self {
            file,
            documents,
            lines: HashMap::new(),
            pairs: Vec::new(),
        }
    }

    /// Takes in the pair of a line.
    pub(super) fn push(&mut self, line: usize, mut pair: Pair) -> Result<(), Error> {
        if let Some(&first) = self.lines.get(&pair.id) {
            let id = pair.id;
            return Err(Problem::DuplicateId { id, first }.at(self.file, line));
        }
        check(&pair, self.documents).map_err(|problem| problem.at(self.file, line))?;
        pair.words.sort_unstable();
        pair.words.dedup();
        self.lines.insert(pair.id.clone(), line);
        self.pairs.push(pair);
        Ok(())
    }

    /// The pairs, in order.
    pub(super) fn pairs(self) -> Vec<Pair> {
        self.pairs
    }
}

pub(super) fn check(pair: &Pair, documents: usize) -> Result<(), Problem> {
    for segment in pair.source.iter().chain(&pair.target) {
        if segment.document >= documents {
            return Err(Problem::Document {
                id: pair.id.clone(),
                document: segment.document,
                documents,
            });
        }
        if segment.end < segment.start {
            return Err(Problem::Place {
                id: pair.id.clone(),
                start: segment.start,
                end: segment.end,
            });
        }
    }
    if pair.words.is_empty() && pair.flags.is_empty() {
        return Ok(());
    }
    let (source, target) = (pair.source_text(), pair.target_text());
    if !pair.words.is_empty() {
        let (sources, targets) = (words(&source).len(), words(&target).len());
        for &link in &pair.words {
            for (side, word, words) in [("source", link.0, sources), ("target", link.1, targets)] {
                if word as usize >= words {
                    return Err(Problem::Word {
                        id: pair.id.clone(),
                        link,
                        side,
                        word,
                        words,
                    });
                }
            }
        }
    }
    for flag in &pair.flags {
        excerpt(&pair.id, flag, "source", &flag.source, &source)?;
        if let Some(rendering) = &flag.target {
            excerpt(&pair.id, flag, "target", rendering, &target)?;
        }
    }
    Ok(())
}

fn excerpt(
    id: &str,
    flag: &Flag,
    side: &'static str,
    excerpt: &Excerpt,
    text: &str,
) -> Result<(), Problem> {
    let count = text.chars().count();
    let &Excerpt { start, end, .. } = excerpt;
    if start > end || end > count {
        return Err(Problem::Outside {
            id: id.into(),
            entry: flag.entry.clone(),
            side,
            start,
            end,
            count,
        });
    }
    let found = Excerpt::new(text, excerpt.span()).text;
    if found != excerpt.text {
        return Err(Problem::Excerpt {
            id: id.into(),
            entry: flag.entry.clone(),
            side,
            said: Box::new(excerpt.clone()),
            found,
        });
    }
    Ok(())
}
