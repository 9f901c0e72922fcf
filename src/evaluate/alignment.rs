//! Strict and lax precision, recall and F1 of sentence links, as Vecalign's `score.py` counts them.
//!
//! A link found is strictly right where the gold alignment has exactly that link, and laxly right
//! where any of its source lines is linked to any of its target lines. Precision counts every link
//! found; recall counts the gold links both of whose sides have lines.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::AddAssign;

use super::{VERSION, share};
use crate::align::sentence::links::Link;

/// How many of some links are right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Right {
    /// All of them.
    pub links: usize,
    /// Those of which the other alignment has the very same.
    pub strict: usize,
    /// Those that share a linked pair of lines with the other alignment, the strictly right ones
    /// included.
    pub lax: usize,
}

impl AddAssign for Right {
    fn add_assign(&mut self, other: Self) {
        self.links += other.links;
        self.strict += other.strict;
        self.lax += other.lax;
    }
}

impl Right {
    /// The share that is strictly right; 0 where there are no links, as Vecalign has it.
    pub fn strict_share(&self) -> f64 {
        share(self.strict, self.links, 0.0)
    }

    /// The share that is laxly right; 0 where there are no links.
    pub fn lax_share(&self) -> f64 {
        share(self.lax, self.links, 0.0)
    }
}

fn harmonic(one: f64, other: f64) -> f64 {
    if one + other == 0.0 {
        return 0.0;
    }
    2.0 * one * other / (one + other)
}

/// How many lines a link has on either side, the smaller number first.
pub type Kind = (usize, usize);

/// The scores of an alignment, or the sums of several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scores {
    /// Of the links found.
    pub found: Right,
    /// Of the gold links without those that have an empty side.
    pub gold: Right,
    /// Of all gold links, by kind: which are found exactly.
    pub kinds: BTreeMap<Kind, Right>,
}

impl AddAssign for Scores {
    fn add_assign(&mut self, other: Self) {
        self.found += other.found;
        self.gold += other.gold;
        for (kind, right) in other.kinds {
            *self.kinds.entry(kind).or_default() += right;
        }
    }
}

impl Scores {
    /// Harmonic mean of strict precision and recall.
    pub fn strict_f1(&self) -> f64 {
        harmonic(self.found.strict_share(), self.gold.strict_share())
    }

    /// Harmonic mean of lax precision and recall.
    pub fn lax_f1(&self) -> f64 {
        harmonic(self.found.lax_share(), self.gold.lax_share())
    }
}

/// How scores of alignments come about.
pub fn signature() -> String {
    format!("deletions:precision-only|average:micro|version:{VERSION}")
}

/// Scores the links `found` against the `gold` ones of the same texts.
pub fn compare(gold: &[Link], found: &[Link]) -> Scores {
    let is_link = |link: &&Link| !link.source.is_empty() || !link.target.is_empty();
    let has_both = |link: &&Link| !link.source.is_empty() && !link.target.is_empty();
    let kind = |link: &Link| {
        let (source, target) = (link.source.len(), link.target.len());
        (source.min(target), source.max(target))
    };
    let exact: HashSet<&Link> = found.iter().collect();
    let mut kinds: BTreeMap<Kind, Right> = BTreeMap::new();
    let mut seen = HashSet::new();
    for link in gold
        .iter()
        .filter(is_link)
        .filter(|link| seen.insert(*link))
    {
        let right = kinds.entry(kind(link)).or_default();
        right.links += 1;
        right.strict += usize::from(exact.contains(link));
    }
    Scores {
        found: count(
            &found.iter().filter(is_link).collect(),
            &gold.iter().filter(is_link).collect(),
        ),
        gold: count(
            &gold.iter().filter(has_both).collect(),
            &found.iter().filter(has_both).collect(),
        ),
        kinds,
    }
}

/// How many of `links` are right where `others` are true.
fn count(links: &HashSet<&Link>, others: &HashSet<&Link>) -> Right {
    let mut linked: HashMap<usize, HashSet<usize>> = HashMap::new();
    for link in others {
        for &source in &link.source {
            linked.entry(source).or_default().extend(&link.target);
        }
    }
    let shares_a_pair = |link: &Link| {
        let targets = link.source.iter().filter_map(|source| linked.get(source));
        let mut targets = targets.flatten();
        targets.any(|target| link.target.contains(target))
    };
    let mut right = Right {
        links: links.len(),
        ..Right::default()
    };
    for link in links {
        if others.contains(link) {
            right.strict += 1;
            right.lax += 1;
        } else if shares_a_pair(link) {
            right.lax += 1;
        }
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::sentence::links::read;

    fn scores(gold: &str, found: &str) -> Scores {
        let lines = |text: &str| read("links", &text.replace(' ', "\n")).unwrap();
        compare(&lines(gold), &lines(found))
    }

    #[test]
    fn links_count_as_in_vecalign() {
        // As Vecalign's score.py counts them.
        let scores = scores(
            "[0]:[0] [1,2]:[1] [3]:[2,3] []:[4] [4]:[5] [5]:[6]",
            "[0]:[0] [1]:[1] [2]:[] [3]:[2,3] [4]:[5] [5]:[7]",
        );
        let right = |links, strict, lax| Right { links, strict, lax };
        assert_eq!(scores.found, right(6, 3, 4));
        assert_eq!(scores.gold, right(5, 3, 4));
        assert_eq!(scores.kinds[&(1, 2)], right(2, 1, 0));
        assert_eq!(scores.kinds[&(0, 1)], right(1, 0, 0));
        assert!((scores.found.strict_share() - 0.5).abs() < 1e-12);
        assert!((scores.strict_f1() - 6.0 / 11.0).abs() < 1e-12);
    }

    #[test]
    fn a_link_that_stands_twice_counts_once_and_empty_ones_not_at_all() {
        let scores = scores("[0]:[0] [0]:[0] []:[]", "[0]:[0] []:[] [0]:[0]");
        assert_eq!((scores.found.links, scores.gold.links), (1, 1));
        assert_eq!((scores.strict_f1(), scores.lax_f1()), (1.0, 1.0));
    }

    #[test]
    fn without_links_all_is_zero() {
        let scores = scores("", "");
        assert_eq!((scores.strict_f1(), scores.lax_f1()), (0.0, 0.0));
    }
}
