//! The 13a tokenisation of NIST's mteval-v13a, as sacreBLEU (Post 2018) applies it.

use std::sync::LazyLock;

use regex::Regex;

use super::lines::is_space;

/// Replacements made one after the other, each over the whole line.
static RULES: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
    [
        // ASCII punctuation other than full stop, comma, hyphen and apostrophe.
        (r"([\{-~\[-` -\&\(-\+:-@/])", " $1 "),
        // Full stops and commas, unless both neighbours are digits.
        (r"([^0-9])([\.,])", "$1 $2 "),
        (r"([\.,])([^0-9])", " $1 $2"),
        // A hyphen after a digit.
        (r"([0-9])(-)", "$1 $2 "),
    ]
    .map(|(pattern, replacement)| {
        let pattern = Regex::new(pattern).expect("the patterns above are valid");
        (pattern, replacement)
    })
});

/// The tokens of a line.
pub fn tokens(line: &str) -> Vec<String> {
    let mut line = line
        .replace("<skipped>", "")
        .replace("-\n", "")
        .replace('\n', " ");
    if line.contains('&') {
        // In this order, so that `&amp;lt;` becomes `<`.
        for (entity, character) in [
            ("&quot;", "\""),
            ("&amp;", "&"),
            ("&lt;", "<"),
            ("&gt;", ">"),
        ] {
            line = line.replace(entity, character);
        }
    }
    line = format!(" {line} ");
    for (pattern, replacement) in RULES.iter() {
        line = pattern.replace_all(&line, *replacement).into_owned();
    }
    line.split(is_space)
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn punctuation_numbers_and_entities() {
        let cases: &[(&str, &[&str])] = &[
            ("Hello, world.", &["Hello", ",", "world", "."]),
            ("1,000.5 of $3.", &["1,000.5", "of", "$", "3", "."]),
            (
                "in 2017-10, well-known",
                &["in", "2017", "-", "10", ",", "well-known"],
            ),
            ("U.S. isn't", &["U", ".", "S", ".", "isn't"]),
            ("&amp;lt; &quot;a&quot;", &["<", "\"", "a", "\""]),
            ("a<skipped>b", &["ab"]),
            ("«prétendue»… ’x’", &["«prétendue»…", "’x’"]),
            ("a\u{a0}b\u{1c}c", &["a", "b", "c"]),
            ("..,,", &[".", ".", ",", ","]),
            ("", &[]),
        ];
        for (line, expected) in cases {
            assert_eq!(&tokens(line), expected, "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn tokens_hold_no_space_and_lose_no_character(line in "[^&<\\n]{0,60}") {
            let tokens = tokens(&line);
            prop_assert!(tokens.iter().all(|t| !t.is_empty() && !t.contains(is_space)));
            let kept: String = line.chars().filter(|&c| !is_space(c)).collect();
            prop_assert_eq!(tokens.concat(), kept);
        }
    }
}
