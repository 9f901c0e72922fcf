//! What an alignment is made of, and beads that a person has fixed.

use std::ops::Range;

use super::links::Link;

/// Consecutive source sentences and the consecutive target sentences that render them; one side is
/// empty where nothing stands opposite.
#[derive(Debug, Clone, PartialEq)]
pub struct Bead {
    /// Source sentences, counted from 0.
    pub source: Range<usize>,
    /// Target sentences, counted from 0.
    pub target: Range<usize>,
    /// How probable it is that exactly these sentences belong together, from 0 to 1; none where
    /// nothing was searched.
    pub score: Option<f32>,
}

impl Bead {
    /// Whether a side is empty.
    pub fn is_one_sided(&self) -> bool {
        self.source.is_empty() || self.target.is_empty()
    }
}

/// Beads that are fixed before the others are searched, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Anchors(Vec<Bead>);

/// Why a link cannot be an anchor.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the link {link} cannot be kept: {reason}")]
pub struct Misplaced {
    /// The link.
    pub link: String,
    /// What is wrong with it, and what to do.
    pub reason: &'static str,
}

impl Anchors {
    /// Takes links between texts of so many sentences, in any order. A link without counterpart
    /// holds sentences that have none.
    ///
    /// # Errors
    /// [`Misplaced`] for a link whose sentences do not follow each other or do not exist, or that
    /// crosses or overlaps another.
    pub fn new(links: &[Link], (sources, targets): (usize, usize)) -> Result<Self, Misplaced> {
        let misplaced = |link: &Link, reason| Misplaced {
            link: link.to_string(),
            reason,
        };
        let mut beads = Vec::new();
        let mut alone = Vec::new();
        for link in links {
            let ranges = (range(&link.source), range(&link.target));
            let (Some(source), Some(target)) = ranges else {
                return Err(misplaced(link, "its sentences must follow each other"));
            };
            if source.end > sources || target.end > targets {
                return Err(misplaced(
                    link,
                    "the texts have fewer sentences; they count from 0",
                ));
            }
            match (link.source.is_empty(), link.target.is_empty()) {
                (false, false) => beads.push((source, target, link)),
                (true, true) => {}
                _ => alone.push((source, target, link)),
            }
        }
        beads.sort_by_key(|bead| (bead.0.start, bead.1.start));
        // Where a sentence without counterpart stands on the other side, its neighbours tell.
        for (source, target, link) in alone {
            let place = if link.target.is_empty() {
                beads
                    .partition_point(|bead| (bead.0.start, bead.0.end) < (source.start, source.end))
            } else {
                beads
                    .partition_point(|bead| (bead.1.start, bead.1.end) < (target.start, target.end))
            };
            let before = place.checked_sub(1).and_then(|before| beads.get(before));
            let (above, left) = before.map_or((0, 0), |bead| (bead.0.end, bead.1.end));
            let bead = if link.target.is_empty() {
                (source, left..left, link)
            } else {
                (above..above, target, link)
            };
            beads.insert(place, bead);
        }
        let mut end = (0, 0);
        for (source, target, link) in &beads {
            if source.start < end.0 || target.start < end.1 {
                return Err(misplaced(
                    link,
                    "it crosses or overlaps another; take one of them out",
                ));
            }
            end = (source.end, target.end);
        }
        let bead = |(source, target, _)| Bead {
            source,
            target,
            score: Some(1.0),
        };
        Ok(Self(beads.into_iter().map(bead).collect()))
    }

    /// The beads.
    pub fn beads(&self) -> &[Bead] {
        &self.0
    }
}

/// Numbers that follow each other, as a range; an empty one for none.
fn range(numbers: &[usize]) -> Option<Range<usize>> {
    let (Some(&first), Some(&last)) = (numbers.first(), numbers.last()) else {
        return Some(0..0);
    };
    let follow = numbers
        .windows(2)
        .all(|two| two[0].checked_add(1) == Some(two[1]));
    follow.then(|| first..last.saturating_add(1))
}
