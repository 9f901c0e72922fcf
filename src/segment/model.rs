//! A small logistic regression for boundaries that no full stop marks: after titles, list items,
//! colons and semicolons.

use super::Knowledge;
use super::unit::{Close, Open, Unit};

/// The features that hold at a place, and how much.
pub(super) type Features = Vec<(usize, f32)>;

/// What is known at a place between two units.
pub(super) struct Place<'a, 'b> {
    /// The units of the sentence so far, the last before the place.
    pub sentence: &'b [Unit<'a>],
    /// The units after the place; not empty.
    pub rest: &'b [Unit<'a>],
    /// How deep in brackets the place is.
    pub depth: i32,
    /// Whether a quotation is open.
    pub quoted: bool,
}

const CLOSES: [(Close, &str); 6] = [
    (Close::Nothing, "nothing"),
    (Close::Closer, "closer"),
    (Close::Comma, "comma"),
    (Close::Semicolon, "semicolon"),
    (Close::Colon, "colon"),
    (Close::Dash, "dash"),
];
const OPENS: [(Open, &str); 8] = [
    (Open::Lower, "lower"),
    (Open::Title, "title"),
    (Open::Capitals, "capitals"),
    (Open::Digit, "digit"),
    (Open::Quoted, "quoted"),
    (Open::Bracketed, "bracketed"),
    (Open::Item, "item"),
    (Open::Other, "other"),
];
const LENGTHS: [(usize, &str); 7] = [
    (1, "1"),
    (2, "2"),
    (3, "3"),
    (5, "4-5"),
    (8, "6-8"),
    (14, "9-14"),
    (usize::MAX, "15+"),
];
/// Features of the words themselves, counted apart after a word and after a mark.
const PLAIN: [&str; 32] = [
    "start of right",
    "start of right is over 2",
    "start of right is under -1",
    "right is mostly lower case",
    "right is unknown",
    "end of left",
    "end of left is over 1",
    "end of left is under -1",
    "left is unknown",
    "left is lower case",
    "left is title case",
    "left is capitals",
    "left is a number",
    "left has two letters or fewer",
    "title case on both sides",
    "title case after lower case",
    "right is elided",
    "right is title case and a comma follows",
    "right is one letter",
    "next after right is lower case",
    "next after right is title case",
    "next after right is capitals",
    "next after right is a digit",
    "sentence is capitals and right is not",
    "sentence opens with an item mark",
    "sentence and right open with item marks",
    "sentence has a verb",
    "a verb follows before the next stop",
    "in brackets",
    "in quotes",
    "sentence has a capital after its first word",
    "start of right times lower case of right",
];
const LENGTH_BASE: usize = CLOSES.len() * OPENS.len();
const PLAIN_BASE: usize = LENGTH_BASE + 2 * LENGTHS.len();
const COUNT: usize = PLAIN_BASE + 2 * PLAIN.len();

/// How far ahead a verb is looked for, in units.
const LOOK_AHEAD: usize = 14;

/// The features' names, in the order of their numbers.
pub(super) fn names() -> Vec<String> {
    let mut names = Vec::with_capacity(COUNT);
    for (_, close) in CLOSES {
        names.extend(OPENS.map(|(_, open)| format!("{close} before {open}")));
    }
    for side in ["word", "mark"] {
        names.extend(LENGTHS.map(|(_, length)| format!("after {side}: {length} units")));
    }
    for side in ["word", "mark"] {
        names.extend(PLAIN.map(|name| format!("after {side}: {name}")));
    }
    names
}

/// The features of `place`; none where no boundary can be.
pub(super) fn features(knowledge: &Knowledge, place: &Place<'_, '_>) -> Option<Features> {
    let left = place.sentence.last()?;
    let right = place.rest.first()?;
    let (closing, opening) = (left.closing(), right.opening());
    let close = CLOSES.iter().position(|&(c, _)| c == closing)?;
    if matches!(opening, Open::Lower | Open::Other) {
        return None;
    }
    let open = OPENS.iter().position(|&(o, _)| o == opening)?;
    let side = usize::from(!matches!(closing, Close::Nothing | Close::Closer));
    let length = place.sentence.len();
    let bucket = LENGTHS.iter().position(|&(most, _)| length <= most)?;
    let mut found = vec![
        (close * OPENS.len() + open, 1.0),
        (LENGTH_BASE + side * LENGTHS.len() + bucket, 1.0),
    ];
    let base = PLAIN_BASE + side * PLAIN.len();
    for (index, value) in plain(knowledge, place, left, right).into_iter().enumerate() {
        if value != 0.0 {
            found.push((base + index, value));
        }
    }
    Some(found)
}

fn plain(
    knowledge: &Knowledge,
    place: &Place<'_, '_>,
    left: &Unit<'_>,
    right: &Unit<'_>,
) -> [f32; PLAIN.len()] {
    let is = |condition: bool| f32::from(u8::from(condition));
    // Where an item's dash opens what follows, the word after it tells more.
    let word_unit = match right.core.is_empty() {
        true => place.rest.get(1).unwrap_or(right),
        false => right,
    };
    let opening = right.opening();
    let right_word = knowledge.words.get(&word_unit.opening_word());
    let left_word = knowledge.words.get(&left.closing_word());
    let after = place
        .rest
        .get(1)
        .filter(|_| right.closing() == Close::Nothing);
    let next = after.map(Unit::opening);
    let shape = Shape::of(left.core);
    let right_known = right_word.unwrap_or_default();
    let end = left_word.unwrap_or_default().end;
    let item = |unit: Option<&Unit<'_>>| unit.is_some_and(|u| u.opening() == Open::Item);
    let first_is_item = item(place.sentence.first());
    let mut ahead = place.rest.iter().take(LOOK_AHEAD);
    let verb_follows = ahead
        .by_ref()
        .scan(false, |stopped, unit| {
            (!*stopped).then(|| {
                *stopped = matches!(unit.closing(), Close::Stop | Close::Mark | Close::Ellipsis);
                knowledge.is_verb(unit)
            })
        })
        .any(|verb| verb);
    let capitals = |unit: &Unit<'_>| unit.opening() == Open::Capitals;
    let words = || place.sentence.iter().filter(|unit| !unit.core.is_empty());
    [
        right_known.start / 3.0,
        is(right_known.start > 2.0),
        is(right_known.start < -1.0),
        is(right_known.lower > 1.0),
        is(right_word.is_none() && !matches!(opening, Open::Digit)),
        end / 3.0,
        is(end > 1.0),
        is(end < -1.0),
        is(left_word.is_none()),
        is(shape == Shape::Lower),
        is(shape == Shape::Title),
        is(shape == Shape::Capitals),
        is(shape == Shape::Number),
        is(left.core.chars().take(3).count() <= 2),
        is(opening == Open::Title && shape == Shape::Title),
        is(opening == Open::Title && shape == Shape::Lower),
        is(word_unit.opening_word().ends_with('\'')),
        is(opening == Open::Title && right.closing() == Close::Comma),
        is(word_unit.core.chars().take(2).count() == 1),
        is(next == Some(Open::Lower)),
        is(next == Some(Open::Title)),
        is(next == Some(Open::Capitals)),
        is(next == Some(Open::Digit)),
        is(!capitals(right) && words().all(capitals)),
        is(first_is_item),
        is(first_is_item && opening == Open::Item),
        is(place.sentence.iter().any(|unit| knowledge.is_verb(unit))),
        is(verb_follows),
        is(place.depth > 0),
        is(place.quoted),
        is(words()
            .skip(1)
            .any(|unit| matches!(unit.opening(), Open::Title | Open::Capitals))),
        (right_known.start * right_known.lower / 10.0).clamp(-2.0, 2.0),
    ]
}

/// How a word is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Lower,
    Title,
    Capitals,
    Number,
    Other,
}

impl Shape {
    fn of(word: &str) -> Self {
        let Some(first) = word.chars().next() else {
            return Shape::Other;
        };
        if first.is_lowercase() {
            return Shape::Lower;
        }
        if word.chars().any(char::is_numeric) {
            return Shape::Number;
        }
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        match capitals {
            0 => Shape::Other,
            1 => Shape::Title,
            _ => Shape::Capitals,
        }
    }
}

/// The regression's weights, one for each feature.
#[derive(Debug, Clone, Default)]
pub(super) struct Weights(Vec<f32>);

impl Weights {
    /// As fitted, in the order of [`names`].
    pub fn new(weights: Vec<f32>) -> Self {
        Self(weights)
    }

    /// Reads `name TAB weight` lines; a feature that is not named weighs nothing.
    pub fn parse(list: &str) -> Self {
        let named: std::collections::HashMap<&str, f32> = list
            .lines()
            .filter_map(|line| {
                let (name, weight) = line.split_once('\t')?;
                Some((name, weight.parse().ok()?))
            })
            .collect();
        let weight = |name: &String| named.get(name.as_str()).copied().unwrap_or(0.0);
        Self(names().iter().map(weight).collect())
    }

    /// The logarithm of the odds that a boundary lies where `features` hold.
    pub fn score(&self, features: &Features) -> f32 {
        let weight = |index: usize| self.0.get(index).copied().unwrap_or(0.0);
        features
            .iter()
            .map(|&(index, value)| weight(index) * value)
            .sum()
    }
}
