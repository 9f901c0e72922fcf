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
    /// How probable it is that exactly these sentences belong together, from 0 to 1; of what stands
    /// alone, that the least sure of its sentences does. None where nothing was searched.
    pub score: Option<f32>,
}

impl Bead {
    /// Whether it has sentences on both sides.
    pub(super) fn is_paired(&self) -> bool {
        !self.source.is_empty() && !self.target.is_empty()
    }
}

/// What is fixed before the rest is searched.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Anchors {
    /// In order; neither side of any is empty.
    beads: Vec<Bead>,
    /// Sentences of the source, and of the target, that have no counterpart, rising. Between which
    /// of the other side's they stand is found with the rest.
    alone: [Vec<usize>; 2],
}

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
        let mut alone: [Vec<usize>; 2] = Default::default();
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
                (false, true) => alone[0].extend(source),
                (true, false) => alone[1].extend(target),
            }
        }
        alone.iter_mut().for_each(|side| side.sort_unstable());
        beads.sort_by_key(|bead| (bead.0.start, bead.1.start));
        let mut end = (0, 0);
        for (source, target, link) in &beads {
            let holds = |alone: &[usize], range: &Range<usize>| {
                alone.iter().any(|sentence| range.contains(sentence))
            };
            let is_alone = holds(&alone[0], source) || holds(&alone[1], target);
            if source.start < end.0 || target.start < end.1 || is_alone {
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
        Ok(Self {
            beads: beads.into_iter().map(bead).collect(),
            alone,
        })
    }

    /// The beads with sentences on both sides, in order.
    pub fn beads(&self) -> &[Bead] {
        &self.beads
    }

    /// Sentences of the source, and of the target, that have no counterpart, rising.
    pub fn alone(&self) -> &[Vec<usize>; 2] {
        &self.alone
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
