//! The words of a text, as word links count them.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// French words that lose their last vowel before another word (*l'ingérence*, *lorsqu'il*).
const ELIDED: &[&str] = &[
    "c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu",
    "quelqu", "entr",
];

/// The byte ranges of the words of `text`, in order and disjoint.
///
/// A word is a run of letters, marks and digits. Apostrophes and hyphens between two letters
/// belong to it, as do full stops and commas between two digits; an elided French word ends with
/// its apostrophe (*l'* | *ingérence*, but *aujourd'hui*, *Russia's*). Punctuation and symbols
/// are no words, except that a run of symbols such as `%` or `€` counts as one word.
pub fn words(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::with_capacity(text.len() / 6);
    let mut start = None;
    let mut previous = ' ';
    let mut rest = 0;
    while let Some(c) = text[rest..].chars().next() {
        let at = rest;
        // Most of a text are runs of ASCII letters, which go on with a word or begin one, and blanks.
        let run = text.as_bytes()[at..].iter();
        let run = run.take_while(|&&byte| IN_RUNS[byte as usize]).count();
        if run > 0 {
            start = start.or(Some(at));
            rest += run;
            previous = char::from(text.as_bytes()[rest - 1]);
            continue;
        }
        rest += c.len_utf8();
        if c == ' ' {
            found.extend(start.take().map(|from| from..at));
            previous = c;
            continue;
        }
        let inside = is_word_char(c) || start.is_some() && joins(previous, c, &text[rest..]);
        match (start, inside) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                found.push(from..at);
                start = None;
            }
            (Some(from), true) if is_apostrophe(c) && is_elided(&text[from..at]) => {
                found.push(from..at + c.len_utf8());
                start = None;
            }
            _ => {}
        }
        if start.is_none() && is_symbol_word(c) {
            match found.last_mut() {
                Some(last) if last.end == at && is_symbol_word(previous) => {
                    last.end = at + c.len_utf8()
                }
                _ => found.push(at..at + c.len_utf8()),
            }
        }
        previous = c;
    }
    if let Some(from) = start {
        found.push(from..text.len());
    }
    found
}

/// Lower case, composed, with straight apostrophes and plain hyphens.
pub fn normalise(word: &str) -> String {
    normalise_as(word)
}

/// [`normalise`] into another kind of string.
pub(crate) fn normalise_as<S: FromIterator<char>>(word: &str) -> S {
    let plain = |c: char| match c {
        '’' | 'ʼ' => '\'',
        '‐' | '‑' => '-',
        c => c,
    };
    // Below the combining marks every character is composed as it is.
    let composed = |c: char| c < '\u{300}' || ('‐'..='’').contains(&c);
    if !word.chars().all(composed) {
        return word.nfc().flat_map(char::to_lowercase).map(plain).collect();
    }
    let is_lower = |c: char| c.is_ascii_lowercase() || ('ß'..='ÿ').contains(&c);
    if word.chars().all(|c| is_lower(c) || plain(c) != c) {
        return word.chars().map(plain).collect();
    }
    word.chars()
        .flat_map(char::to_lowercase)
        .map(plain)
        .collect()
}

fn is_word_char(c: char) -> bool {
    // Letters of French are told without a look into the tables of Unicode.
    matches!(c, 'a'..='z' | 'à'..='ö')
        || c.is_alphanumeric()
        || ('\u{300}'..='\u{36f}').contains(&c)
        || c == '_'
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

fn is_symbol_word(c: char) -> bool {
    matches!(
        c,
        '%' | '‰' | '€' | '$' | '£' | '¥' | '&' | '+' | '=' | '@' | '#' | '°'
    )
}

/// Which bytes are ASCII letters and digits.
static IN_RUNS: [bool; 256] = {
    let mut letters = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        letters[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    letters
};

/// Whether `c` joins the character before it and the text behind it into one word.
fn joins(previous: char, c: char, behind: &str) -> bool {
    let Some(next) = behind.chars().next() else {
        return false;
    };
    let between_words = is_word_char(previous) && is_word_char(next);
    let between_digits = previous.is_numeric() && next.is_numeric();
    between_words && (is_apostrophe(c) || matches!(c, '-' | '‐' | '‑' | '·'))
        || between_digits && matches!(c, '.' | ',')
}

fn is_elided(word: &str) -> bool {
    ELIDED.iter().any(|e| e.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        words(text).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn elision_hyphens_numbers_and_symbols() {
        let cases: &[(&str, &[&str])] = &[
            (
                "la prétendue «ingérence russe»",
                &["la", "prétendue", "ingérence", "russe"],
            ),
            (
                "L’agence n'a qu'aujourd'hui.",
                &["L’", "agence", "n'", "a", "qu'", "aujourd'hui"],
            ),
            ("Russia's porte-parole", &["Russia's", "porte-parole"]),
            ("3,5 % de 1.000 $", &["3,5", "%", "de", "1.000", "$"]),
            ("a-t-il dit - oui", &["a-t-il", "dit", "oui"]),
            ("", &[]),
            ("...", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(&split(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn normal_forms_are_the_same_the_long_way(word in "(\\PC|[a-zé’ʼ‐‑ÉÀÇŒİß\u{301}]){0,12}") {
            let long: String = word.nfc().flat_map(char::to_lowercase).map(|c| match c {
                '’' | 'ʼ' => '\'',
                '‐' | '‑' => '-',
                c => c,
            }).collect();
            prop_assert_eq!(normalise(&word), long);
        }

        #[test]
        fn words_are_ordered_disjoint_and_on_char_boundaries(text in "\\PC{0,60}") {
            let mut last = 0;
            for word in words(&text) {
                prop_assert!(word.start >= last && word.start < word.end);
                prop_assert!(text.get(word.clone()).is_some());
                last = word.end;
            }
        }
    }
}
