//! The matcher: backtracking over the items of a pattern, without allocating.

use super::{Forms, Item};
use crate::terms::effort::spend;
use crate::terms::tokens::{Gap, Tokens};

/// Steps after which a match is given up: far more than any sensible pattern takes.
const MAX_STEPS: usize = 20_000;

/// A match in the making.
pub(super) struct Run<'t> {
    tokens: &'t Tokens<'t>,
    start: usize,
    steps: usize,
    matched: Vec<usize>,
}

/// What is to be matched after the items at hand.
enum Rest<'r> {
    Nothing,
    Items(&'r [Item], &'r Rest<'r>),
}

impl<'t> Run<'t> {
    pub fn new(tokens: &'t Tokens<'t>, start: usize) -> Self {
        Self {
            tokens,
            start,
            steps: 0,
            matched: Vec::new(),
        }
    }

    /// The tokens that `items` match; none where they do not, or match nothing.
    pub fn matches(mut self, items: &[Item]) -> Option<Vec<usize>> {
        let fits = self.go(items, &Rest::Nothing, self.start, false);
        (fits && !self.matched.is_empty()).then_some(self.matched)
    }

    /// Matches `items` and then `rest` from token `at`; `gap` says that an open gap stands right
    /// before. Where they do not fit, `matched` is as it was.
    fn go(&mut self, items: &[Item], rest: &Rest, at: usize, gap: bool) -> bool {
        self.steps += 1;
        spend(1);
        if self.steps > MAX_STEPS {
            return false;
        }
        let Some((item, tail)) = items.split_first() else {
            return match rest {
                Rest::Nothing => true,
                Rest::Items(items, rest) => self.go(items, rest, at, gap),
            };
        };
        match item {
            Item::Forms(forms) => self.word(at, gap, |run| run.holds(forms, at), tail, rest),
            Item::Shape(shape) => {
                let fits = |run: &Self| run.tokens.tokens.get(at).is_some_and(|t| shape.fits(t));
                self.word(at, gap, fits, tail, rest)
            }
            Item::Optional(inner) => {
                self.go(inner, &Rest::Items(tail, rest), at, gap) || self.go(tail, rest, at, gap)
            }
            Item::Either(alternatives) => alternatives
                .iter()
                .any(|items| self.go(items, &Rest::Items(tail, rest), at, gap)),
            Item::Gap(most) => (0..=*most).any(|skipped| {
                let open = (at..at + skipped).all(|i| self.reaches(i, true));
                open && at + skipped <= self.tokens.tokens.len()
                    && self.go(tail, rest, at + skipped, true)
            }),
            Item::Opens => self.gap(at).opens && self.go(tail, rest, at, gap),
            Item::Closes => self.gap(at).closes && self.go(tail, rest, at, gap),
        }
    }

    /// Matches the token `at` and then `tail` and `rest`.
    fn word(
        &mut self,
        at: usize,
        gap: bool,
        fits: impl Fn(&Self) -> bool,
        tail: &[Item],
        rest: &Rest,
    ) -> bool {
        if !fits(self) || !self.reaches(at, gap) {
            return false;
        }
        let mark = self.matched.len();
        self.matched.push(at);
        let whole = self.go(tail, rest, at + 1, false);
        if !whole {
            self.matched.truncate(mark);
        }
        whole
    }

    fn holds(&self, forms: &Forms, at: usize) -> bool {
        self.tokens.tokens.get(at).is_some_and(|t| forms.hold(t))
    }

    /// Whether a match may go on at token `at` over the punctuation before it.
    fn reaches(&self, at: usize, gap: bool) -> bool {
        let before = self.gap(at);
        at == self.start || !before.hard && (gap || !before.soft)
    }

    fn gap(&self, at: usize) -> Gap {
        self.tokens.gaps.get(at).copied().unwrap_or_default()
    }
}
