//! The matcher: backtracking over the items of a pattern, without allocating.

use super::code::{Item, Items};
use crate::terms::effort::spend;
use crate::terms::tokens::{Gap, Token, Tokens};

/// Steps after which a match is given up: far more than any sensible pattern takes.
const MAX_STEPS: usize = 20_000;

/// A match in the making.
struct Run<'t> {
    tokens: &'t Tokens<'t>,
    start: usize,
    /// The token before which it has to end; none where it may end anywhere.
    end: Option<usize>,
    steps: usize,
    /// The tokens that match so far.
    matched: &'t mut Vec<usize>,
}

/// What is to be matched after the items at hand.
enum Rest<'r> {
    Nothing,
    Items(Items<'r>, &'r Rest<'r>),
}

impl Items<'_> {
    /// Whether the items match from token `start` on; `matched` are the tokens then, words of gaps
    /// left out. What matches no token is no match.
    pub fn match_from(self, tokens: &Tokens, start: usize, matched: &mut Vec<usize>) -> bool {
        self.match_within(tokens, start, None, matched)
    }

    /// Whether the items match from token `start` on as far as right before token `end`, gaps at their
    /// end included.
    pub fn match_to(self, tokens: &Tokens, start: usize, end: usize) -> bool {
        self.match_within(tokens, start, Some(end), &mut Vec::new())
    }

    fn match_within(
        self,
        tokens: &Tokens,
        start: usize,
        end: Option<usize>,
        matched: &mut Vec<usize>,
    ) -> bool {
        matched.clear();
        let mut run = Run {
            tokens,
            start,
            end,
            steps: 0,
            matched,
        };
        run.go(self, &Rest::Nothing, start, false) && !run.matched.is_empty()
    }
}

impl Run<'_> {
    /// Matches `items` and then `rest` from token `at`; `gap` says that an open gap stands right
    /// before. Where they do not fit, `matched` is as it was.
    fn go(&mut self, items: Items, rest: &Rest, at: usize, gap: bool) -> bool {
        self.steps += 1;
        spend(1);
        if self.steps > MAX_STEPS {
            return false;
        }
        let Some((item, tail)) = items.split_first() else {
            return match rest {
                Rest::Nothing => self.end.is_none_or(|end| at == end && !self.gap(end).hard),
                Rest::Items(items, rest) => self.go(*items, rest, at, gap),
            };
        };
        match item {
            Item::Word(forms) => self.word(at, gap, |token| forms.hold(token), tail, rest),
            Item::Shape(shape) => self.word(at, gap, |token| shape.fits(token), tail, rest),
            Item::Optional(inner) => {
                self.go(inner, &Rest::Items(tail, rest), at, gap) || self.go(tail, rest, at, gap)
            }
            Item::Either(mut alternatives) => {
                alternatives.any(|items| self.go(items, &Rest::Items(tail, rest), at, gap))
            }
            Item::Gap(most) => (0..=most).any(|skipped| {
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
        fits: impl Fn(&Token) -> bool,
        tail: Items,
        rest: &Rest,
    ) -> bool {
        let token = self.tokens.tokens.get(at);
        if !token.is_some_and(fits) || !self.reaches(at, gap) {
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

    /// Whether a match may go on at token `at` over the punctuation before it.
    fn reaches(&self, at: usize, gap: bool) -> bool {
        let before = self.gap(at);
        at == self.start || !before.hard && (gap || !before.soft)
    }

    fn gap(&self, at: usize) -> Gap {
        self.tokens.gaps.get(at).copied().unwrap_or_default()
    }
}
