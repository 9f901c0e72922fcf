//! Alignment error rate, precision and recall of word links, by the rule of Och and Ney (2003, *A
//! Systematic Comparison of Various Statistical Alignment Models*).
//!
//! Gold links are sure or possible; sure ones count as possible too. With the links found A, the
//! sure S and the possible P: precision is |A∩P| ÷ |A|, recall |A∩S| ÷ |S|, and the error rate
//! 1 − (|A∩S| + |A∩P|) ÷ (|A| + |S|), each summed over all pairs of sentences.

use std::collections::BTreeSet;
use std::ops::AddAssign;

use super::{VERSION, share};

/// A link: the source word and the target word, from 0.
pub type Link = (u32, u32);

/// The links of a pair of sentences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// Sure links (`i-j`).
    pub sure: BTreeSet<Link>,
    /// All links, sure and possible (`ipj`).
    pub possible: BTreeSet<Link>,
}

/// How the links of a file are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notation {
    /// Words count from 1 rather than from 0.
    pub from_one: bool,
    /// The target's word stands first.
    pub target_first: bool,
}

/// Why links cannot be scored.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Something is no link.
    #[error(
        "{file}:{line}: “{item}” is no link; links are written i-j (sure) or ipj (possible) with \
         whole numbers{}", if *from_one { " from 1" } else { "" }
    )]
    NoLink {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What stands there.
        item: String,
        /// Whether words count from 1.
        from_one: bool,
    },
    /// The files have not the same number of lines.
    #[error(
        "{gold} has {golds} lines but {system} has {systems}; line n of both must be the links of \
         the same pair of sentences"
    )]
    LineCounts {
        /// The gold file.
        gold: String,
        /// Its lines.
        golds: usize,
        /// The file that is scored.
        system: String,
        /// Its lines.
        systems: usize,
    },
}

/// Reads links, a pair of sentences a line. A line may begin with its number and a tab.
///
/// # Errors
/// [`Error::NoLink`] names the first item that is none.
pub fn parse(file: &str, lines: &[&str], notation: Notation) -> Result<Vec<Links>, Error> {
    let parse = |(at, line): (usize, &&str)| {
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let items = match line.split_once('\t') {
            Some((number, items)) if is_number(number) => items,
            _ => line,
        };
        let mut links = Links::default();
        for item in items.split_whitespace() {
            let (link, is_sure) = link(item, notation).ok_or_else(|| Error::NoLink {
                file: file.into(),
                line: at + 1,
                item: item.into(),
                from_one: notation.from_one,
            })?;
            links.possible.insert(link);
            if is_sure {
                links.sure.insert(link);
            }
        }
        Ok(links)
    };
    lines.iter().enumerate().map(parse).collect()
}

/// The link that an item writes, and whether it is sure.
fn link(item: &str, notation: Notation) -> Option<(Link, bool)> {
    let sign = item.find(|c: char| !c.is_ascii_digit())?;
    let is_sure = match item.as_bytes()[sign] {
        b'-' => true,
        b'p' => false,
        _ => return None,
    };
    let number = |digits: &str| -> Option<u32> {
        let number: u32 = digits.parse().ok()?;
        number.checked_sub(u32::from(notation.from_one))
    };
    let second = &item[sign + 1..];
    // `parse` would take a sign.
    if !second.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (first, second) = (number(&item[..sign])?, number(second)?);
    let link = match notation.target_first {
        true => (second, first),
        false => (first, second),
    };
    Some((link, is_sure))
}

/// Links found against gold links, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Links found: |A|.
    pub found: usize,
    /// Sure gold links: |S|.
    pub sure: usize,
    /// Links found that are gold: |A∩P|.
    pub correct: usize,
    /// Links found that are sure: |A∩S|.
    pub correct_sure: usize,
}

impl Counts {
    /// Compares the links found of one pair of sentences with its gold links.
    pub fn of(gold: &Links, found: &BTreeSet<Link>) -> Self {
        Self {
            found: found.len(),
            sure: gold.sure.len(),
            correct: found.intersection(&gold.possible).count(),
            correct_sure: found.intersection(&gold.sure).count(),
        }
    }

    /// The alignment error rate, 0 to 1; 0 where there is nothing to find and nothing is found.
    pub fn error_rate(&self) -> f64 {
        1.0 - share(
            self.correct + self.correct_sure,
            self.found + self.sure,
            1.0,
        )
    }

    /// The share of the links found that are gold; 1 where none is found.
    pub fn precision(&self) -> f64 {
        share(self.correct, self.found, 1.0)
    }

    /// The share of the sure gold links that are found; 1 where there is none.
    pub fn recall(&self) -> f64 {
        share(self.correct_sure, self.sure, 1.0)
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.found += other.found;
        self.sure += other.sure;
        self.correct += other.correct;
        self.correct_sure += other.correct_sure;
    }
}

/// How the scores came about.
pub fn signature() -> String {
    format!("rule:och-ney-2003|version:{VERSION}")
}

/// Counts the links of `system`, whether written as sure or possible, against `gold`. Both have a
/// file's name for the error.
///
/// # Errors
/// [`Error::LineCounts`] where they have not the same number of lines.
pub fn compare(gold: (&str, &[Links]), system: (&str, &[Links])) -> Result<Counts, Error> {
    if gold.1.len() != system.1.len() {
        return Err(Error::LineCounts {
            gold: gold.0.into(),
            golds: gold.1.len(),
            system: system.0.into(),
            systems: system.1.len(),
        });
    }
    let mut counts = Counts::default();
    for (gold, system) in gold.1.iter().zip(system.1) {
        counts += Counts::of(gold, &system.possible);
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(lines: &[&str], notation: Notation) -> Vec<Links> {
        parse("f", lines, notation).unwrap()
    }

    #[test]
    fn an_example_counted_by_hand() {
        // S = {0-0, 1-1, 3-2}, P = S and {2-1, 2-2}.
        let gold = links(&["0-0 1-1 2p1 2p2 3-2", ""], Notation::default());
        // A = {0-0, 2-1, 3-3} and a link where there should be none: A∩S = {0-0},
        // A∩P = {0-0, 2-1}.
        let found = links(&["0-0 2-1 3-3 0-0", "0-0"], Notation::default());
        let counts = compare(("g", &gold), ("s", &found)).unwrap();
        let expected = Counts {
            found: 4,
            sure: 3,
            correct: 2,
            correct_sure: 1,
        };
        assert_eq!(counts, expected);
        assert!((counts.error_rate() - (1.0 - 3.0 / 7.0)).abs() < 1e-12);
        assert!((counts.precision() - 0.5).abs() < 1e-12);
        assert!((counts.recall() - 1.0 / 3.0).abs() < 1e-12);
        let nothing = Counts::default();
        assert_eq!((nothing.error_rate(), nothing.precision()), (0.0, 1.0));
    }

    #[test]
    fn both_notations_are_read() {
        let gold = Notation {
            from_one: true,
            target_first: true,
        };
        assert_eq!(
            links(&["12\t1-2 3p4"], gold),
            links(&["1-0 3p2"], Notation::default())
        );
    }

    #[test]
    fn what_is_no_link_is_told() {
        for item in ["x", "1", "1-", "-1", "1+2", "1-+2", "1-2-3", "1 - 2", "0-1"] {
            let notation = Notation {
                from_one: true,
                target_first: false,
            };
            let error = parse("g.txt", &["1-1", item], notation).unwrap_err();
            let text = error.to_string();
            assert!(text.starts_with("g.txt:2: “"), "{item}: {text}");
        }
        let error = compare(("g", &[]), ("s", &[Links::default()])).unwrap_err();
        assert!(error.to_string().starts_with("g has 0 lines but s has 1;"));
    }
}
