//! The words by which a pattern is looked up: ones that a match must hold, and the rarest of them, so
//! that patterns with frequent words are seldom tried.

use std::ops::RangeInclusive;

use super::code::{Item, Items};
use super::forms::Forms;
use crate::terms::keys::Classes;

/// Words of which a match holds one.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The numbers of the words.
    pub keys: Vec<u64>,
    /// How many tokens stand between the place from which on the pattern is matched and the word.
    pub ahead: RangeInclusive<usize>,
    /// The classes of the words that may stand right before it; all where none need stand there.
    pub before: Classes,
    /// The classes of the words that may stand right behind it; all where none need stand there.
    pub behind: Classes,
}

/// Classes that any word and the ends of the text fall into.
const ANY: Classes = Classes::MAX;

impl Mark {
    /// The marks of a pattern: every match holds a word of one of them. None where a match need hold
    /// no certain word. `frequency` tells how often a text has the word with a number.
    pub fn of(items: Items, frequency: &dyn Fn(u64) -> f64) -> Option<Vec<Self>> {
        let whole = Surroundings {
            ahead: 0..=0,
            before: ANY,
            behind: ANY,
        };
        Some(rarest(items, &whole, frequency)?.marks)
    }
}

/// Where items stand.
struct Surroundings {
    ahead: RangeInclusive<usize>,
    before: Classes,
    behind: Classes,
}

impl Surroundings {
    /// Of what stands `ahead` tokens behind the start of a match, between `before` and `behind`, which
    /// stand in these.
    fn inside(&self, ahead: &RangeInclusive<usize>, before: &[Item], behind: &[Item]) -> Self {
        let (starts, may_start) = edge(before.iter().rev(), Side::End);
        let (ends, may_end) = edge(behind.iter(), Side::Start);
        Self {
            ahead: ahead.clone(),
            before: starts | if may_start { self.before } else { 0 },
            behind: ends | if may_end { self.behind } else { 0 },
        }
    }
}

/// Marks, and how often they are met in a text, each time counted once for each place where a match may
/// begin then.
#[derive(Default)]
struct Choice {
    marks: Vec<Mark>,
    cost: f64,
}

impl Choice {
    /// One mark: these words, which stand there.
    fn word(forms: Forms, around: Surroundings, frequency: &dyn Fn(u64) -> f64) -> Self {
        let mut keys: Vec<u64> = forms.all().collect();
        keys.sort_unstable();
        keys.dedup();
        let starts = around.ahead.end() - around.ahead.start() + 1;
        let met: f64 = keys.iter().map(|&key| frequency(key)).sum();
        let mark = Mark {
            keys,
            ahead: around.ahead,
            before: around.before,
            behind: around.behind,
        };
        Self {
            marks: vec![mark],
            cost: met * starts as f64,
        }
    }

    /// The marks of both.
    fn and(mut self, other: Self) -> Self {
        self.marks.extend(other.marks);
        self.cost += other.cost;
        self
    }
}

/// The marks of `items` that are met the least.
fn rarest(items: Items, around: &Surroundings, frequency: &dyn Fn(u64) -> f64) -> Option<Choice> {
    let items: Vec<Item> = items.each().collect();
    let mut ahead = around.ahead.clone();
    let mut best: Option<Choice> = None;
    for (at, &item) in items.iter().enumerate() {
        let here = || around.inside(&ahead, &items[..at], &items[at + 1..]);
        let found = match item {
            Item::Word(forms) => Some(Choice::word(forms, here(), frequency)),
            Item::Either(mut alternatives) => {
                let here = here();
                alternatives.try_fold(Choice::default(), |all, items| {
                    Some(all.and(rarest(items, &here, frequency)?))
                })
            }
            _ => None,
        };
        let less = |found: &Choice| best.as_ref().is_none_or(|best| found.cost < best.cost);
        if let Some(found) = found.filter(less) {
            best = Some(found);
        }
        ahead = sum(ahead, length(item));
    }
    best
}

impl Items<'_> {
    /// How many tokens they match, gaps included, at least and at most.
    pub fn length(self) -> RangeInclusive<usize> {
        self.each().map(length).fold(0..=0, sum)
    }
}

/// How many tokens an item matches.
fn length(item: Item) -> RangeInclusive<usize> {
    match item {
        Item::Word(_) | Item::Shape(_) => 1..=1,
        Item::Gap(most) => 0..=most,
        Item::Opens | Item::Closes => 0..=0,
        Item::Optional(inner) => 0..=*inner.length().end(),
        Item::Either(alternatives) => {
            let lengths = alternatives.map(Items::length);
            let either = lengths.reduce(|a, b| *a.start().min(b.start())..=*a.end().max(b.end()));
            either.unwrap_or(0..=0)
        }
    }
}

/// Both lengths together.
fn sum(a: RangeInclusive<usize>, b: RangeInclusive<usize>) -> RangeInclusive<usize> {
    a.start() + b.start()..=a.end() + b.end()
}

/// A side of items.
#[derive(Clone, Copy)]
enum Side {
    Start,
    End,
}

/// The classes of the words that may stand at a side of `items`, which come from that side on, and
/// whether they may match no word.
fn edge<'i, 'c: 'i>(items: impl Iterator<Item = &'i Item<'c>>, side: Side) -> (Classes, bool) {
    let mut all = 0;
    for item in items {
        let (classes, may_be_empty) = match *item {
            Item::Word(forms) => (forms.classes, false),
            Item::Shape(_) => (ANY, false),
            Item::Gap(_) => (ANY, true),
            Item::Opens | Item::Closes => (0, true),
            Item::Optional(inner) => (edge_of(inner, side).0, true),
            Item::Either(alternatives) => alternatives
                .map(|items| edge_of(items, side))
                .fold((0, false), |(all, empty), (classes, other)| {
                    (all | classes, empty | other)
                }),
        };
        all |= classes;
        if !may_be_empty {
            return (all, false);
        }
    }
    (all, true)
}

fn edge_of(items: Items, side: Side) -> (Classes, bool) {
    let items: Vec<Item> = items.each().collect();
    match side {
        Side::Start => edge(items.iter(), side),
        Side::End => edge(items.iter().rev(), side),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::keys::{class, key};
    use crate::terms::pattern::{Pattern, Wording};

    /// The marks of a pattern, with these few frequent words.
    fn marks(written: &str) -> Vec<Mark> {
        let frequent = ["de", "plus", "tout", "pas"].map(key);
        let frequency = |word| match frequent.contains(&word) {
            true => 0.01,
            false => 1e-5,
        };
        let pattern = Pattern::parse(written, Wording::French).expect(written);
        Mark::of(pattern.items(), &frequency).unwrap_or_default()
    }

    #[test]
    fn the_rarest_words_mark() {
        /// A word of a mark, and how far ahead of it a match begins.
        type Told = (&'static str, usize, usize);
        let cases: &[(&str, &[Told])] = &[
            ("pas ..3 guère", &[("guère", 1, 4)]),
            ("(de plus)? bagatelle", &[("bagatelle", 0, 2)]),
            (
                "de (guerre lasse|plus belle eau) pas",
                &[("guerre", 1, 1), ("belle", 2, 2)],
            ),
            ("(de|de plus) (guère)? @word zèle", &[("zèle", 2, 4)]),
            ("« zèle »", &[("zèle", 0, 0)]),
            ("plus pas", &[("plus", 0, 0)]),
            ("(de)? (zèle)? @word", &[]),
            ("(zèle|@word) ..2", &[]),
        ];
        for (written, expected) in cases {
            let marks = marks(written);
            assert_eq!(marks.len(), expected.len(), "{written}");
            for (mark, &(word, least, most)) in marks.iter().zip(*expected) {
                assert!(mark.keys.contains(&key(word)), "{written}: {word}");
                assert_eq!(mark.ahead, least..=most, "{written}: {word}");
            }
        }
    }

    #[test]
    fn what_stands_beside_a_mark_is_told() {
        let [plus, tout, pas] = ["plus", "tout", "pas"].map(|word| class(key(word)));
        let cases = [
            ("plus zèle pas", plus, pas),
            ("plus (tout)? zèle (pas)?", plus | tout, ANY),
            ("(plus|tout) (zèle pas|pas plus)", plus | tout, pas),
            ("plus? zèle ..2 pas", ANY, ANY),
        ];
        for (written, before, behind) in cases {
            let mark = &marks(written)[0];
            assert_eq!((mark.before, mark.behind), (before, behind), "{written}");
        }
    }
}
