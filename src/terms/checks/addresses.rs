//! `check/url`: web and mail addresses, handles and hashtags that changed.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::pair::{MOST, Pair};
use crate::bitext::{Flag, Severity};

/// What addresses look like; what follows the top-level domain is a path.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?ix)
        (?: https?:// | www\. ) [^\s<>«»“”\x22]+
        | [\w.+-]+ @ [\w-]+ (?: \.[\w-]+ )+
        | \b (?: [a-z0-9-]+ \. )+ (?: com|org|net|fr|ru|uk|info|eu|de|int|gov|edu|io|tv|be|ch|ca|ua|by )
          \b (?: / [^\s<>«»“”\x22]* )?
        | [@\#] [\p{L}_] [\w]+";
    // The pattern is a constant that the tests compile.
    Regex::new(pattern).expect("a valid pattern")
});

pub(super) fn check(pair: &Pair, flags: &mut Vec<Flag>) {
    const ENTRY: &str = "check/url";
    let (sources, targets) = (addresses(pair.source.text), addresses(pair.target.text));
    let compared = |text: &str, bytes: &Range<usize>| text[bytes.clone()].to_lowercase();
    let in_source: HashSet<String> = sources
        .iter()
        .map(|bytes| compared(pair.source.text, bytes))
        .collect();
    let in_target: HashSet<String> = targets
        .iter()
        .map(|bytes| compared(pair.target.text, bytes))
        .collect();
    let new = targets
        .iter()
        .filter(|bytes| !in_source.contains(&compared(pair.target.text, bytes)));
    let mut new: Vec<Range<usize>> = new.cloned().collect();
    new.reverse();
    for bytes in sources {
        if in_target.contains(&compared(pair.source.text, &bytes)) {
            continue;
        }
        let written = &pair.source.text[bytes.clone()];
        let severity = if written.starts_with('#') {
            Severity::Low
        } else {
            Severity::Medium
        };
        let other = new.pop();
        let reason = match &other {
            Some(other) => format!(
                "“{written}” is “{}” in the translation.",
                &pair.target.text[other.clone()]
            ),
            None => format!("“{written}” is not in the translation."),
        };
        flags.push(pair.flag(ENTRY, severity, Some(bytes), other, reason));
    }
    for bytes in new.into_iter().rev().take(MOST) {
        let written = &pair.target.text[bytes.clone()];
        let reason = format!("“{written}” is not in the source.");
        flags.push(pair.flag(ENTRY, Severity::Medium, None, Some(bytes), reason));
    }
}

/// The addresses of a text, without the punctuation that ends a sentence.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let found = ADDRESS.find_iter(text).filter_map(|found| {
        let marks = ['.', ',', ';', ':', '!', '?', ')', ']', '\'', '’', '…'];
        let length = found.as_str().trim_end_matches(marks).len();
        (length > 0).then(|| found.start()..found.start() + length)
    });
    found.collect()
}
