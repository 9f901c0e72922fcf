//! The date that a text may open with: `date 2017-10`.

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

/// A leading stamp such as `date 2017`, `date 2017-10` or `Date 2017-10-05`: it tells when the
/// document was published and is no prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateStamp {
    date: String,
}

static STAMP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\A\s*date[ \t\u{a0}]+([0-9]{4}(?:-([0-9]{2})(?:-([0-9]{2}))?)?)(?:\s|\z)").ok()
});

impl DateStamp {
    /// The stamp that `text` opens with, and how many bytes it takes up, white space before it
    /// included. It stands alone on its line or is followed by white space and prose.
    pub(super) fn at_start(text: &str) -> Option<(DateStamp, usize)> {
        let found = STAMP.as_ref()?.captures(text)?;
        let within = |group, last| match found.get(group) {
            Some(number) => (1..=last).contains(&number.as_str().parse().unwrap_or(0)),
            None => true,
        };
        let date = found.get(1)?;
        (within(2, 12u8) && within(3, 31u8)).then(|| {
            let stamp = DateStamp {
                date: date.as_str().into(),
            };
            (stamp, date.end())
        })
    }

    /// The date: `2017`, `2017-10` or `2017-10-05`.
    pub fn date(&self) -> &str {
        &self.date
    }
}

impl fmt::Display for DateStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.date)
    }
}
