//! What tells of speech in a paragraph, looked up by its place.

use std::ops::Range;

use super::{Event, Kind};
use crate::terms::effort::spend;
use crate::terms::tokens::Tokens;

/// How far before its verb a phrase that tells of speech may begin, in tokens.
const LONGEST: usize = 5;

/// What tells of speech, in the order of the text.
pub(super) struct Events {
    pub all: Vec<Event>,
    /// Where the phrases up to each begin at the farthest.
    starts: Vec<usize>,
    /// Those that stand in the middle of speech (*«…, dit-il, …»*), and the same of them.
    incises: Vec<usize>,
    incise_starts: Vec<usize>,
}

impl Events {
    pub fn new(tokens: &Tokens, all: Vec<Event>) -> Self {
        let is_incise = |event: &Event| {
            let soft = tokens.gaps[event.phrase.start].soft;
            event.kind == Kind::Inverted || soft && event.after.is_some()
        };
        let incises: Vec<usize> = (0..all.len()).filter(|&at| is_incise(&all[at])).collect();
        Self {
            starts: farthest(all.iter()),
            incise_starts: farthest(incises.iter().map(|&at| &all[at])),
            incises,
            all,
        }
    }

    /// The first whose phrase begins at `token` or behind it.
    pub fn from(&self, token: usize) -> Option<&Event> {
        let at = self.starts.partition_point(|&start| start < token);
        self.all.get(at)
    }

    /// The first in the middle of speech whose phrase begins `inside`.
    pub fn incise(&self, inside: &Range<usize>) -> Option<&Event> {
        let from = self.incise_starts.partition_point(|&s| s < inside.start);
        let near = self.incises[from..].iter().map(|&at| &self.all[at]);
        let mut near = near.take_while(|event| event.at < inside.end + LONGEST);
        near.find(|event| {
            spend(1);
            inside.contains(&event.phrase.start)
        })
    }

    /// The last before `token`.
    pub fn before(&self, token: usize) -> Option<&Event> {
        let after = self.all.partition_point(|event| event.at < token);
        self.all.get(after.checked_sub(1)?)
    }
}

/// Where the phrases up to each event begin at the farthest.
fn farthest<'e>(events: impl Iterator<Item = &'e Event>) -> Vec<usize> {
    let starts = events.scan(0, |farthest, event| {
        *farthest = event.phrase.start.max(*farthest);
        Some(*farthest)
    });
    starts.collect()
}
