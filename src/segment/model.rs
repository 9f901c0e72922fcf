//! A small logistic regression for places that the rules are unsure of: after titles, list items,
//! colons and semicolons, and after a full stop before a lower-case letter.

use std::collections::HashMap;

use super::unit::{self, Close, Open, Unit};
use super::{Knowledge, may_end};

/// The features that hold at a place, and how much.
#[derive(Debug)]
pub(super) struct Features {
    /// By their numbers in [`names`].
    pub named: Vec<(usize, f32)>,
    /// Words around the place and endings of theirs, in lower case, in the order of [`WORDS`];
    /// empty where there is none.
    pub words: [String; WORDS.len()],
}

/// How the list of weights names words around a place and their endings.
pub(super) const WORDS: [&str; 6] = [
    "left word: ",
    "right word: ",
    "before left: ",
    "after right: ",
    "left ending: ",
    "right ending: ",
];

/// How many letters of a word its ending is.
const ENDING: usize = 3;

/// What is known at a place between two units.
pub(super) struct Place<'a, 'b> {
    /// The units of the sentence so far, the last before the place.
    pub sentence: &'b [Unit<'a>],
    /// What they hold together.
    pub so_far: SoFar,
    /// The units after the place; not empty.
    pub rest: &'b [Unit<'a>],
}

/// What the units of a sentence so far hold, kept up as it grows so that time is linear.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SoFar {
    /// How deep in brackets its end is.
    depth: i32,
    /// How many quotation marks it has; an odd number leaves a quotation open.
    quotes: usize,
    words: usize,
    /// Words all in capitals.
    capitals: usize,
    /// Whether a word but the first has a capital.
    capital_within: bool,
    verb: bool,
    comma: bool,
}

impl SoFar {
    /// Takes in the sentence's next unit.
    pub fn add(&mut self, knowledge: &Knowledge, unit: &Unit<'_>) {
        self.depth = (self.depth + unit.depth_change()).max(0);
        self.quotes += unit::quotes(unit);
        self.verb |= knowledge.is_verb(unit);
        self.comma |= unit.closing() == Close::Comma;
        if unit.core.is_empty() {
            return;
        }
        let opening = unit.opening();
        self.capital_within |= self.words > 0 && matches!(opening, Open::Title | Open::Capitals);
        self.capitals += usize::from(opening == Open::Capitals);
        self.words += 1;
    }
}

const CLOSES: [(Close, &str); 9] = [
    (Close::Nothing, "nothing"),
    (Close::Closer, "closer"),
    (Close::Comma, "comma"),
    (Close::Semicolon, "semicolon"),
    (Close::Colon, "colon"),
    (Close::Dash, "dash"),
    (Close::Stop, "stop"),
    (Close::Ellipsis, "ellipsis"),
    (Close::Mark, "mark"),
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
/// Features of the words themselves.
const PLAIN: [&str; 41] = [
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
    "start of right and end of left",
    "no verb, and one follows",
    "a verb, and none follows",
    "sentence and right are capitals",
    "sentence has a comma",
    "left has four letters or fewer",
    "left is unknown and in lower case",
    "right is unknown and in title case",
    "lower case of right",
];
/// After what the place is: the features of the words and lengths are counted apart for each.
const SIDES: [&str; 4] = ["word", "mark", "stop", "word in capitals"];
const LENGTH_BASE: usize = CLOSES.len() * OPENS.len();
const PLAIN_BASE: usize = LENGTH_BASE + SIDES.len() * LENGTHS.len();
const COUNT: usize = PLAIN_BASE + SIDES.len() * PLAIN.len();

/// How far ahead a verb is looked for, in units.
const LOOK_AHEAD: usize = 14;

/// The features' names, in the order of their numbers.
pub(super) fn names() -> Vec<String> {
    let mut names = Vec::with_capacity(COUNT);
    for (_, close) in CLOSES {
        names.extend(OPENS.map(|(_, open)| format!("{close} before {open}")));
    }
    for side in SIDES {
        names.extend(LENGTHS.map(|(_, length)| format!("after {side}: {length} units")));
    }
    for side in SIDES {
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
    let ends = may_end(closing);
    let may_go_on_lower = ends || closing == Close::Semicolon;
    if opening == Open::Other || opening == Open::Lower && !may_go_on_lower {
        return None;
    }
    let open = OPENS.iter().position(|&(o, _)| o == opening)?;
    let capitals = Shape::of(left.core) == Shape::Capitals && opening == Open::Capitals;
    let side = match closing {
        Close::Nothing | Close::Closer if capitals => 3,
        Close::Nothing | Close::Closer => 0,
        _ if !ends => 1,
        _ => 2,
    };
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
    let before = place.sentence.iter().rev().nth(1);
    let after = place
        .rest
        .get(1)
        .filter(|_| right.closing() == Close::Nothing);
    let left_word = left.closing_word();
    let right_word = word_unit(place, right).opening_word();
    let words = [
        left_word.clone(),
        right_word.clone(),
        before.map(Unit::closing_word).unwrap_or_default(),
        after.map(Unit::opening_word).unwrap_or_default(),
        ending(&left_word),
        ending(&right_word),
    ];
    Some(Features {
        named: found,
        words,
    })
}

/// The last letters of a word that has more.
fn ending(word: &str) -> String {
    let letters = word.chars().count();
    match letters > ENDING {
        true => word.chars().skip(letters - ENDING).collect(),
        false => String::new(),
    }
}

/// The unit whose word the place stands before: where an item's dash opens what follows, the word
/// after it tells more.
fn word_unit<'a, 'b>(place: &Place<'a, 'b>, right: &'b Unit<'a>) -> &'b Unit<'a> {
    match right.core.is_empty() {
        true => place.rest.get(1).unwrap_or(right),
        false => right,
    }
}

fn plain(
    knowledge: &Knowledge,
    place: &Place<'_, '_>,
    left: &Unit<'_>,
    right: &Unit<'_>,
) -> [f32; PLAIN.len()] {
    let is = |condition: bool| f32::from(u8::from(condition));
    let word_unit = word_unit(place, right);
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
    let so_far = &place.so_far;
    let verb = so_far.verb;
    let all_capitals = so_far.words == so_far.capitals;
    let right_capitals = opening == Open::Capitals;
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
        is(!right_capitals && all_capitals),
        is(first_is_item),
        is(first_is_item && opening == Open::Item),
        is(verb),
        is(verb_follows),
        is(so_far.depth > 0),
        is(so_far.quotes % 2 == 1),
        is(so_far.capital_within),
        (right_known.start * right_known.lower / 10.0).clamp(-2.0, 2.0),
        (right_known.start.max(0.0) * end / 6.0).clamp(-2.0, 2.0),
        is(!verb && verb_follows),
        is(verb && !verb_follows),
        is(right_capitals && all_capitals),
        is(so_far.comma),
        is(left.core.chars().take(5).count() <= 4),
        is(left_word.is_none() && shape == Shape::Lower),
        is(right_word.is_none() && opening == Open::Title),
        right_known.lower / 3.0,
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

/// The regression's weights.
#[derive(Debug, Clone, Default)]
pub(super) struct Weights {
    /// One for each feature, in the order of [`names`].
    named: Vec<f32>,
    /// Those of words and endings, in the order of [`WORDS`].
    words: [HashMap<&'static str, f32>; WORDS.len()],
}

impl Weights {
    /// Reads `name TAB weight` lines; what is not named weighs nothing.
    pub fn parse(list: &'static str) -> Self {
        let mut named = HashMap::new();
        let mut words: [HashMap<&'static str, f32>; WORDS.len()] = Default::default();
        let parse = |line: &'static str| {
            let (name, weight) = line.rsplit_once('\t')?;
            Some((name, weight.parse::<f32>().ok()?))
        };
        for (name, weight) in list.lines().filter_map(parse) {
            let worded = WORDS.iter().zip(&mut words);
            let worded = worded
                .filter_map(|(kind, weights)| Some((weights, name.strip_prefix(kind)?)))
                .next();
            match worded {
                Some((weights, word)) => weights.insert(word, weight),
                None => named.insert(name, weight),
            };
        }
        let weight = |name: &String| named.get(name.as_str()).copied().unwrap_or(0.0);
        Self {
            named: names().iter().map(weight).collect(),
            words,
        }
    }

    /// The logarithm of the odds that a boundary lies where `features` hold.
    pub fn score(&self, features: &Features) -> f32 {
        let weight = |index: usize| self.named.get(index).copied().unwrap_or(0.0);
        let named = features.named.iter();
        let sides = self.words.iter().zip(&features.words);
        named
            .map(|&(index, value)| weight(index) * value)
            .sum::<f32>()
            + sides
                .filter_map(|(weights, word)| weights.get(word.as_str()))
                .sum::<f32>()
    }
}
