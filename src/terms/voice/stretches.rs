//! The stretches of a paragraph that are not the writer's word, and which of them hold a place.

use std::ops::Range;

use crate::terms::effort::spend;

/// A stretch of text that is not the writer's word.
#[derive(Debug)]
pub(super) struct Spoken {
    pub bytes: Range<usize>,
    pub speaker: Option<String>,
}

impl Spoken {
    fn holds(&self, bytes: &Range<usize>) -> bool {
        self.bytes.start <= bytes.start && bytes.end <= self.bytes.end
    }
}

/// All stretches of a paragraph. Which hold a place is told in a time that hardly grows with their
/// number.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    /// Reported speech by its start, with its place in the order that it was told in. None is longer
    /// than a sentence.
    reported: Vec<(usize, Spoken)>,
    /// How far the stretches up to each reach.
    reach: Vec<usize>,
    /// Quoted spans, by their start. Two of them are nested or apart.
    quoted: Vec<Quoted>,
    /// What an open quotation goes on with to the end.
    unclosed: Option<Spoken>,
}

/// A quoted span among others.
#[derive(Debug)]
struct Quoted {
    spoken: Spoken,
    /// How many spans hold it.
    depth: usize,
    /// The span that holds it, and one farther out to jump to.
    around: Option<(usize, usize)>,
    /// The innermost span with a speaker, of this one and those that hold it.
    named: Option<usize>,
}

impl Stretches {
    /// Orders them; `quoted` are in the order of their starts, and nested or apart.
    pub fn new(reported: Vec<Spoken>, quoted: Vec<Spoken>, unclosed: Option<Spoken>) -> Self {
        let mut reported: Vec<(usize, Spoken)> = reported.into_iter().enumerate().collect();
        reported.sort_by_key(|(_, spoken)| spoken.bytes.start);
        let mut farthest = 0;
        let reach = reported.iter().map(|(_, spoken)| {
            farthest = farthest.max(spoken.bytes.end);
            farthest
        });
        Self {
            reach: reach.collect(),
            reported,
            quoted: nested(quoted),
            unclosed,
        }
    }

    /// Whether any stretch holds the text at `bytes`, and the speaker of the innermost that has one.
    pub fn around(&self, bytes: &Range<usize>) -> (bool, Option<&str>) {
        let reported = self.reported_around(bytes);
        let quoted = self.quoted_around(bytes);
        let unclosed = self.unclosed.as_ref().filter(|spoken| spoken.holds(bytes));
        let is_held = reported.is_some() || quoted.is_some() || unclosed.is_some();
        let named = quoted.and_then(|quoted| quoted.named);
        let named = named.map(|place| &self.quoted[place].spoken);
        let all = [reported, named, unclosed].into_iter().flatten();
        let named = all.filter(|spoken| spoken.speaker.is_some());
        let innermost = named.min_by_key(|spoken| spoken.bytes.len());
        (
            is_held,
            innermost.and_then(|spoken| spoken.speaker.as_deref()),
        )
    }

    fn reported_around(&self, bytes: &Range<usize>) -> Option<&Spoken> {
        let last = self
            .reported
            .partition_point(|(_, spoken)| spoken.bytes.start <= bytes.start);
        let reaching = (0..last)
            .rev()
            .inspect(|_| spend(1))
            .take_while(|&place| self.reach[place] >= bytes.end);
        let holding = reaching
            .map(|place| &self.reported[place])
            .filter(|(_, spoken)| spoken.holds(bytes));
        // Of equally long ones the first that was told counts.
        let innermost = holding.min_by_key(|(told, spoken)| (spoken.bytes.len(), *told));
        innermost.map(|(_, spoken)| spoken)
    }

    /// The innermost quoted span around `bytes`.
    fn quoted_around(&self, bytes: &Range<usize>) -> Option<&Quoted> {
        let after = self
            .quoted
            .partition_point(|quoted| quoted.spoken.bytes.start <= bytes.start);
        let mut at = after.checked_sub(1)?;
        while !self.quoted[at].spoken.holds(bytes) {
            spend(1);
            let (outer, farther) = self.quoted[at].around?;
            at = match self.quoted[farther].spoken.holds(bytes) {
                true => outer,
                false => farther,
            };
        }
        Some(&self.quoted[at])
    }
}

/// Finds for each span those that hold it. Jumps out of the nest have the lengths of a skew-binary
/// number (Myers 1983), so the way out of n spans takes some log n of them.
fn nested(quoted: Vec<Spoken>) -> Vec<Quoted> {
    let mut nest: Vec<Quoted> = Vec::with_capacity(quoted.len());
    let mut open: Vec<usize> = Vec::new();
    for (place, spoken) in quoted.into_iter().enumerate() {
        while let Some(&outer) = open.last()
            && nest[outer].spoken.bytes.end <= spoken.bytes.start
        {
            open.pop();
        }
        let outer = open.last().copied();
        let around = outer.map(|outer| {
            let depth = |at: usize| nest[at].depth;
            let first = nest[outer].around.map_or(outer, |(_, jump)| jump);
            let second = nest[first].around.map_or(first, |(_, jump)| jump);
            let even = depth(outer) - depth(first) == depth(first) - depth(second);
            (
                outer,
                if even && first != outer {
                    second
                } else {
                    outer
                },
            )
        });
        let named = match spoken.speaker {
            Some(_) => Some(place),
            None => outer.and_then(|outer| nest[outer].named),
        };
        nest.push(Quoted {
            depth: outer.map_or(0, |outer| nest[outer].depth + 1),
            spoken,
            around,
            named,
        });
        open.push(place);
    }
    nest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As the description has it: all that hold the place, the shortest first.
    fn plainly<'s>(all: &[&'s Spoken], bytes: &Range<usize>) -> (bool, Option<&'s str>) {
        let mut held: Vec<&Spoken> = all.iter().filter(|s| s.holds(bytes)).copied().collect();
        held.sort_by_key(|spoken| spoken.bytes.len());
        let speaker = held.iter().find_map(|spoken| spoken.speaker.as_deref());
        (!held.is_empty(), speaker)
    }

    /// Spans of quotation marks: brackets with their partner.
    fn brackets(marks: &[i8]) -> Vec<Range<usize>> {
        let (mut open, mut found) = (Vec::new(), Vec::new());
        for (at, mark) in marks.iter().enumerate() {
            match mark {
                1 => open.push(at),
                -1 => found.extend(open.pop().map(|start| start + 1..at)),
                _ => {}
            }
        }
        found.sort_by_key(|span| span.start);
        found
    }

    fn spoken(bytes: &Range<usize>, speaker: Option<u8>) -> Spoken {
        Spoken {
            bytes: bytes.clone(),
            speaker: speaker.map(|s| s.to_string()),
        }
    }

    proptest! {
        #[test]
        fn the_innermost_is_found(
            marks in proptest::collection::vec(-1i8..=1, 0..120),
            names in proptest::collection::vec(proptest::option::of(any::<u8>()), 60),
            reports in proptest::collection::vec((0usize..120, 0usize..30, any::<u8>()), 0..12),
            open in proptest::option::of(0usize..120),
        ) {
            let quoted = || brackets(&marks).into_iter().zip(&names)
                .map(|(bytes, &name)| spoken(&bytes, name)).collect::<Vec<_>>();
            let reported = || reports.iter()
                .map(|&(start, length, name)| spoken(&(start..start + length), Some(name)))
                .collect::<Vec<_>>();
            let unclosed = || open.map(|open| spoken(&(open..120), None));
            let stretches = Stretches::new(reported(), quoted(), unclosed());
            let all: Vec<Spoken> =
                reported().into_iter().chain(quoted()).chain(unclosed()).collect();
            let all: Vec<&Spoken> = all.iter().collect();
            for start in 0..120 {
                for length in [1, 3, 20] {
                    let bytes = start..start + length;
                    prop_assert_eq!(stretches.around(&bytes), plainly(&all, &bytes));
                }
            }
        }
    }
}
