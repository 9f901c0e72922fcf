//! Light English inflection: the forms under which a rendering of the lexicon may stand in a
//! translation (*allege*: alleges, alleged, alleging; *baseless*: baselessly).

/// Forms that no rule gives, with their headword first.
const IRREGULAR: &[&[&str]] = &[
    &[
        "be", "is", "are", "am", "was", "were", "been", "being", "'s", "'re", "'m",
    ],
    &["have", "has", "had", "having", "'ve", "'s"],
    &["do", "does", "did", "done", "doing"],
    &["would", "'d"],
    &["will", "'ll"],
    &["say", "said", "saying", "says"],
    &["think", "thought"],
    &["see", "saw", "seen"],
    &["speak", "spoke", "spoken"],
    &["take", "took", "taken", "taking"],
    &["make", "made", "making"],
    &["go", "went", "gone"],
    &["come", "came", "coming"],
    &["give", "gave", "given", "giving"],
    &["tell", "told"],
    &["hold", "held"],
    &["find", "found"],
    &["feel", "felt"],
    &["lead", "led"],
    &["leave", "left"],
    &["let", "letting"],
    &["fight", "fought"],
    &["fall", "fell", "fallen"],
    &["hide", "hid", "hidden", "hiding"],
    &["seek", "sought"],
    &["bring", "brought"],
    &["buy", "bought"],
    &["break", "broke", "broken"],
    &["write", "wrote", "written"],
    &["know", "knew", "known"],
    &["get", "got", "gotten", "getting"],
    &["put", "putting"],
    &["keep", "kept"],
    &["throw", "threw", "thrown"],
    &["stir", "stirred", "stirring"],
    &["lie", "lied", "lying", "lies"],
    &["feed", "fed"],
    &["swear", "swore", "sworn"],
    &["shut", "shutting"],
    &["set", "setting"],
    &["man", "men"],
    &["this", "these"],
    &["that", "those"],
];

/// Words that bear no inflection of their own.
pub const FUNCTION_WORDS: &[&str] = &[
    "a",
    "an",
    "the",
    "of",
    "to",
    "in",
    "on",
    "at",
    "by",
    "for",
    "from",
    "with",
    "as",
    "and",
    "or",
    "but",
    "nor",
    "if",
    "it",
    "its",
    "he",
    "she",
    "his",
    "her",
    "him",
    "they",
    "them",
    "their",
    "we",
    "us",
    "our",
    "i",
    "you",
    "your",
    "my",
    "me",
    "who",
    "whom",
    "whose",
    "which",
    "what",
    "that",
    "this",
    "these",
    "those",
    "there",
    "here",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "being",
    "am",
    "has",
    "have",
    "had",
    "do",
    "does",
    "did",
    "not",
    "'s",
    "'re",
    "'ve",
    "'ll",
    "'d",
    "'m",
    "will",
    "would",
    "so",
    "than",
    "then",
    "into",
    "onto",
    "about",
    "itself",
    "themselves",
    "himself",
    "herself",
    "when",
    "where",
    "while",
    "all",
    "any",
    "some",
    "each",
    "no",
    "one",
    "over",
    "under",
    "up",
    "out",
    "off",
    "also",
];

/// Whether `word` is a function word, which alone renders no loaded term.
pub fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.contains(&word)
}

/// `word` and its inflected forms, British and American spelling alike.
pub fn forms(word: &str) -> Vec<String> {
    if let Some(list) = IRREGULAR.iter().find(|list| list[0] == word) {
        let mut forms: Vec<String> = list.iter().map(|f| (*f).to_owned()).collect();
        if !is_function_word(word) && word.len() > 2 {
            forms.push(format!("{word}s"));
            forms.push(format!("{word}ing"));
        }
        return forms;
    }
    if is_function_word(word) || word.len() < 3 || !word.chars().all(|c| c.is_alphabetic()) {
        return vec![word.to_owned()];
    }
    let mut forms = Vec::new();
    for spelling in spellings(word) {
        inflect(&spelling, &mut forms);
    }
    forms.sort();
    forms.dedup();
    forms
}

/// `word` in British and American spelling.
pub(super) fn spellings(word: &str) -> Vec<String> {
    let mut spellings = vec![word.to_owned()];
    for (british, american) in [
        ("is", "iz"),
        ("our", "or"),
        ("ence", "ense"),
        ("lled", "led"),
    ] {
        for ending in ["e", "ed", "es", "ing", "ation", "", "s"] {
            if british == "is" && matches!(ending, "" | "s") {
                continue;
            }
            let Some(stem) = word.strip_suffix(ending) else {
                continue;
            };
            // *Our, scour* and *or, score*, *filled* and *filed* are words of their own.
            let cut = |ending: &str| {
                let stem = stem.strip_suffix(ending)?;
                let vowels = stem.bytes().filter(|b| b"aeiou".contains(b)).count();
                (vowels > usize::from(british == "lled")).then_some(stem)
            };
            if let Some(stem) = cut(british) {
                spellings.push(format!("{stem}{american}{ending}"));
            } else if let Some(stem) = cut(american) {
                spellings.push(format!("{stem}{british}{ending}"));
            }
        }
    }
    spellings
}

fn inflect(word: &str, forms: &mut Vec<String>) {
    let mut push = |stem: &str, ending: &str| forms.push(format!("{stem}{ending}"));
    push(word, "");
    push(word, "ly");
    if let Some(stem) = word.strip_suffix('e') {
        for ending in ["es", "ed", "ing"] {
            push(stem, ending);
        }
        if stem.ends_with('l') {
            push(stem, "y");
        }
        return;
    }
    let consonant_y = word
        .strip_suffix('y')
        .filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    if let Some(stem) = consonant_y {
        for ending in ["ies", "ied", "ily"] {
            push(stem, ending);
        }
        push(word, "ing");
        return;
    }
    let sibilant = ["s", "x", "z", "ch", "sh"]
        .iter()
        .any(|e| word.ends_with(e));
    push(word, if sibilant { "es" } else { "s" });
    push(word, "ed");
    push(word, "ing");
    if word.ends_with("ic") {
        push(word, "ally");
    }
    let mut last = word.chars().rev();
    if let (Some(end), Some(vowel)) = (last.next(), last.next())
        && !"aeiouwxy".contains(end)
        && "aeiou".contains(vowel)
    {
        push(word, &format!("{end}ed"));
        push(word, &format!("{end}ing"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflects_what_renderings_need() {
        let cases = [
            ("allege", "alleged"),
            ("allege", "alleging"),
            ("claim", "claimed"),
            ("deny", "denied"),
            ("admit", "admitting"),
            ("criticise", "criticized"),
            ("behaviour", "behaviors"),
            ("see", "saw"),
            ("blatant", "blatantly"),
            ("undeniable", "undeniably"),
            ("be", "were"),
        ];
        for (word, form) in cases {
            assert!(forms(word).iter().any(|f| f == form), "{word}: no {form}");
        }
        assert_eq!(forms("the"), ["the"]);
    }

    #[test]
    fn words_are_read_in_both_spellings_but_not_as_others() {
        for (word, other) in [
            ("labour", "labor"),
            ("odor", "odour"),
            ("organisation", "organization"),
            ("defence", "defense"),
            ("labelled", "labeled"),
        ] {
            assert!(spellings(word).iter().any(|s| s == other), "{word}");
        }
        for word in [
            "our", "or", "four", "for", "hour", "your", "score", "led", "filed", "filled", "tiled",
        ] {
            assert_eq!(spellings(word), [word]);
        }
    }
}
