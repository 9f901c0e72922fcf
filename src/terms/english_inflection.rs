//! English inflection for the lexicon of English terms: the forms of nouns, adjectives and verbs.
//!
//! As in French, the rules rather make a form too many than miss one. What renderings need, which
//! is freer still, stands in [`super::english`].

use super::conjugation::Tense;
use super::english::spellings;

/// Irregular verbs: infinitive, past, participle.
const IRREGULAR: &[(&str, &str, &str)] = &[
    ("be", "was", "been"),
    ("become", "became", "become"),
    ("begin", "began", "begun"),
    ("bend", "bent", "bent"),
    ("bind", "bound", "bound"),
    ("bite", "bit", "bitten"),
    ("bleed", "bled", "bled"),
    ("blow", "blew", "blown"),
    ("break", "broke", "broken"),
    ("breed", "bred", "bred"),
    ("bring", "brought", "brought"),
    ("build", "built", "built"),
    ("burst", "burst", "burst"),
    ("buy", "bought", "bought"),
    ("cast", "cast", "cast"),
    ("catch", "caught", "caught"),
    ("choose", "chose", "chosen"),
    ("cling", "clung", "clung"),
    ("come", "came", "come"),
    ("creep", "crept", "crept"),
    ("cut", "cut", "cut"),
    ("deal", "dealt", "dealt"),
    ("dig", "dug", "dug"),
    ("do", "did", "done"),
    ("draw", "drew", "drawn"),
    ("drink", "drank", "drunk"),
    ("drive", "drove", "driven"),
    ("eat", "ate", "eaten"),
    ("fall", "fell", "fallen"),
    ("feed", "fed", "fed"),
    ("feel", "felt", "felt"),
    ("fight", "fought", "fought"),
    ("find", "found", "found"),
    ("flee", "fled", "fled"),
    ("fling", "flung", "flung"),
    ("fly", "flew", "flown"),
    ("forbid", "forbade", "forbidden"),
    ("forget", "forgot", "forgotten"),
    ("forsake", "forsook", "forsaken"),
    ("freeze", "froze", "frozen"),
    ("get", "got", "got"),
    ("give", "gave", "given"),
    ("go", "went", "gone"),
    ("grind", "ground", "ground"),
    ("grow", "grew", "grown"),
    ("have", "had", "had"),
    ("hide", "hid", "hidden"),
    ("hit", "hit", "hit"),
    ("hold", "held", "held"),
    ("hurt", "hurt", "hurt"),
    ("keep", "kept", "kept"),
    ("know", "knew", "known"),
    ("lay", "laid", "laid"),
    ("lead", "led", "led"),
    ("leave", "left", "left"),
    ("lend", "lent", "lent"),
    ("let", "let", "let"),
    ("lie", "lied", "lied"),
    ("lose", "lost", "lost"),
    ("make", "made", "made"),
    ("mean", "meant", "meant"),
    ("meet", "met", "met"),
    ("mislead", "misled", "misled"),
    ("overthrow", "overthrew", "overthrown"),
    ("pay", "paid", "paid"),
    ("put", "put", "put"),
    ("read", "read", "read"),
    ("rewrite", "rewrote", "rewritten"),
    ("ride", "rode", "ridden"),
    ("ring", "rang", "rung"),
    ("rise", "rose", "risen"),
    ("run", "ran", "run"),
    ("say", "said", "said"),
    ("see", "saw", "seen"),
    ("seek", "sought", "sought"),
    ("sell", "sold", "sold"),
    ("send", "sent", "sent"),
    ("set", "set", "set"),
    ("shake", "shook", "shaken"),
    ("shed", "shed", "shed"),
    ("shoot", "shot", "shot"),
    ("show", "showed", "shown"),
    ("shrink", "shrank", "shrunk"),
    ("shut", "shut", "shut"),
    ("sink", "sank", "sunk"),
    ("slay", "slew", "slain"),
    ("slide", "slid", "slid"),
    ("sow", "sowed", "sown"),
    ("speak", "spoke", "spoken"),
    ("spend", "spent", "spent"),
    ("spin", "spun", "spun"),
    ("spit", "spat", "spat"),
    ("split", "split", "split"),
    ("spread", "spread", "spread"),
    ("stand", "stood", "stood"),
    ("steal", "stole", "stolen"),
    ("stick", "stuck", "stuck"),
    ("sting", "stung", "stung"),
    ("stink", "stank", "stunk"),
    ("strike", "struck", "struck"),
    ("swear", "swore", "sworn"),
    ("sweep", "swept", "swept"),
    ("swing", "swung", "swung"),
    ("take", "took", "taken"),
    ("teach", "taught", "taught"),
    ("tear", "tore", "torn"),
    ("tell", "told", "told"),
    ("think", "thought", "thought"),
    ("throw", "threw", "thrown"),
    ("thrust", "thrust", "thrust"),
    ("tread", "trod", "trodden"),
    ("undermine", "undermined", "undermined"),
    ("understand", "understood", "understood"),
    ("undo", "undid", "undone"),
    ("unleash", "unleashed", "unleashed"),
    ("uphold", "upheld", "upheld"),
    ("weave", "wove", "woven"),
    ("weep", "wept", "wept"),
    ("win", "won", "won"),
    ("wield", "wielded", "wielded"),
    ("withdraw", "withdrew", "withdrawn"),
    ("withhold", "withheld", "withheld"),
    ("wreak", "wreaked", "wreaked"),
    ("wring", "wrung", "wrung"),
    ("write", "wrote", "written"),
];

/// Nouns whose plural no rule gives.
const PLURALS: &[(&str, &str)] = &[
    ("man", "men"),
    ("woman", "women"),
    ("child", "children"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("mouse", "mice"),
    ("life", "lives"),
    ("wolf", "wolves"),
    ("thief", "thieves"),
    ("knife", "knives"),
    ("crisis", "crises"),
    ("thesis", "theses"),
    ("phenomenon", "phenomena"),
    ("lie", "lies"),
    ("person", "people"),
];

/// Singular and plural of a noun.
pub fn noun(lemma: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for word in spellings(lemma) {
        let irregular = PLURALS.iter().find_map(|(singular, plural)| {
            let stem = word.strip_suffix(singular)?;
            Some(format!("{stem}{plural}"))
        });
        forms.push(irregular.unwrap_or_else(|| with_s(&word)));
        forms.push(word);
    }
    forms
}

/// An adjective; short ones with their comparative and superlative.
pub fn adjective(lemma: &str) -> Vec<String> {
    let mut forms = spellings(lemma);
    let vowels = lemma.chars().filter(|c| "aeiouy".contains(*c)).count();
    if vowels <= 3 && lemma.len() <= 6 {
        let stem = match lemma.strip_suffix('y') {
            Some(stem) => format!("{stem}i"),
            None => doubled(lemma).unwrap_or_else(|| lemma.trim_end_matches('e').to_owned()),
        };
        forms.extend([format!("{stem}er"), format!("{stem}est")]);
    }
    forms
}

/// The forms of a verb with their tense.
pub fn verb(lemma: &str) -> Vec<(Tense, String)> {
    let mut forms = Vec::new();
    for word in spellings(lemma) {
        conjugate(&word, &mut forms);
    }
    forms
}

fn conjugate(verb: &str, forms: &mut Vec<(Tense, String)>) {
    let mut push = |tense, form: String| forms.push((tense, form));
    push(Tense::Infinitive, verb.to_owned());
    push(Tense::Present, verb.to_owned());
    match verb {
        "be" => {
            for form in ["is", "are", "am", "'s", "'re", "'m"] {
                push(Tense::Present, form.into());
            }
            push(Tense::Past, "were".into());
        }
        "have" => push(Tense::Present, "has".into()),
        _ => push(Tense::Present, with_s(verb)),
    }
    for stem in before_vowel(verb) {
        push(Tense::Gerund, format!("{stem}ing"));
    }
    let irregular = IRREGULAR.iter().find(|(base, ..)| *base == verb);
    if let Some((_, past, participle)) = irregular {
        push(Tense::Past, (*past).to_owned());
        push(Tense::Participle, (*participle).to_owned());
        return;
    }
    let stems = match consonant_y(verb) {
        Some(stem) => vec![format!("{stem}i")],
        None => match verb.strip_suffix('e') {
            Some(stem) => vec![stem.to_owned()],
            None => before_vowel(verb),
        },
    };
    for stem in stems {
        push(Tense::Past, format!("{stem}ed"));
        push(Tense::Participle, format!("{stem}ed"));
    }
}

/// Whether a word may be an English past participle.
pub fn looks_participle(word: &str) -> bool {
    word.len() > 3 && word.ends_with("ed") && !word.ends_with("eed")
        || IRREGULAR
            .iter()
            .any(|(_, _, participle)| *participle == word)
}

fn with_s(word: &str) -> String {
    if let Some(stem) = consonant_y(word) {
        return format!("{stem}ies");
    }
    let hisses = ["s", "x", "z", "ch", "sh"];
    let with_e = hisses.iter().any(|ending| word.ends_with(ending)) || word == "go" || word == "do";
    format!("{word}{}", if with_e { "es" } else { "s" })
}

fn consonant_y(word: &str) -> Option<&str> {
    let stem = word.strip_suffix('y')?;
    (!stem.ends_with(['a', 'e', 'o', 'u'])).then_some(stem)
}

/// What stands before *-ing*: *slamm-*, *mak-*, *ly-*, *attack-*.
fn before_vowel(verb: &str) -> Vec<String> {
    if let Some(stem) = verb.strip_suffix("ie") {
        return vec![format!("{stem}y")];
    }
    if verb.ends_with('e') && !verb.ends_with("ee") && verb.len() > 2 {
        return vec![verb[..verb.len() - 1].to_owned()];
    }
    // Whether the last consonant doubles hangs on the stress; both are taken.
    let mut stems = vec![verb.to_owned()];
    stems.extend(doubled(verb));
    stems
}

fn doubled(word: &str) -> Option<String> {
    let mut last = word.chars().rev();
    let (end, vowel) = (last.next()?, last.next()?);
    let single = last.next().is_some_and(|c| !"aeiou".contains(c));
    (single && !"aeiouwxy".contains(end) && "aeiou".contains(vowel)).then(|| format!("{word}{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_inflects() {
        let verbs: &[(&str, &[&str])] = &[
            ("slam", &["slams", "slammed", "slamming"]),
            ("lie", &["lies", "lied", "lying"]),
            ("smear", &["smeared", "smearing"]),
            ("demonise", &["demonises", "demonizing", "demonized"]),
            ("vilify", &["vilifies", "vilified", "vilifying"]),
            ("strike", &["struck", "striking"]),
            ("be", &["is", "were", "being", "been"]),
        ];
        for (lemma, expected) in verbs {
            let forms = verb(lemma);
            for form in *expected {
                assert!(forms.iter().any(|(_, f)| f == form), "{lemma}: no {form}");
            }
        }
        let nouns = [
            ("regime", "regimes"),
            ("lackey", "lackeys"),
            ("bully", "bullies"),
        ];
        for (lemma, form) in nouns.into_iter().chain([("henchman", "henchmen")]) {
            assert!(noun(lemma).iter().any(|f| f == form), "{lemma}: no {form}");
        }
        assert!(adjective("bloody").contains(&"bloodiest".to_owned()));
        assert!(adjective("grim").contains(&"grimmer".to_owned()));
        assert_eq!(adjective("unprecedented"), ["unprecedented"]);
    }
}
