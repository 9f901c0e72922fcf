//! French inflection, as far as the lexicon needs it: the forms of adjectives and nouns from
//! their lemma by the regular rules. Verbs stand in [`super::conjugation`].
//!
//! The rules rather make a form too many than miss one: a form that no text holds does no harm.

/// Gender and number of an adjective, or of a noun for a person (*séparatiste, dirigeante*).
pub fn adjective(lemma: &str) -> Vec<String> {
    let mut singular = vec![lemma.to_owned()];
    let rules: &[(&str, &[&str])] = &[
        ("eux", &["euse"]),
        ("teur", &["trice", "teuse"]),
        ("eur", &["eure", "euse"]),
        ("er", &["ère"]),
        ("el", &["elle"]),
        ("eil", &["eille"]),
        ("en", &["enne"]),
        ("on", &["onne", "one"]),
        ("et", &["ète", "ette"]),
        ("eau", &["elle"]),
        ("if", &["ive"]),
        ("f", &["ve"]),
        ("ic", &["ique"]),
        ("c", &["que", "che"]),
        ("gu", &["guë"]),
        ("ng", &["ngue"]),
        ("ou", &["olle", "oue"]),
        ("oux", &["ouse"]),
        ("os", &["osse", "ose"]),
        ("as", &["asse", "ase"]),
    ];
    let feminine = rules.iter().find_map(|(ending, endings)| {
        let stem = lemma.strip_suffix(ending)?;
        Some(endings.iter().map(move |e| format!("{stem}{e}")))
    });
    match feminine {
        _ if lemma.ends_with('e') => {}
        Some(forms) => singular.extend(forms),
        None => singular.push(format!("{lemma}e")),
    }
    let mut forms = Vec::new();
    for form in singular {
        forms.extend(noun(&form));
    }
    forms.sort();
    forms.dedup();
    forms
}

/// Singular and plural of a noun.
pub fn noun(lemma: &str) -> Vec<String> {
    let mut forms = vec![lemma.to_owned()];
    if lemma.ends_with(['s', 'x', 'z']) {
        return forms;
    }
    if let Some(stem) = lemma.strip_suffix("al").or(lemma.strip_suffix("ail")) {
        forms.push(format!("{stem}aux"));
    }
    if lemma.ends_with("eau") || lemma.ends_with("eu") || lemma.ends_with("ou") {
        forms.push(format!("{lemma}x"));
    }
    forms.push(format!("{lemma}s"));
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjectives_and_nouns() {
        let cases: &[(&str, &[&str])] = &[
            (
                "prétendu",
                &["prétendu", "prétendue", "prétendus", "prétendues"],
            ),
            ("agressif", &["agressifs", "agressive", "agressives"]),
            ("spécial", &["spéciaux", "spéciales"]),
            ("odieux", &["odieux", "odieuse", "odieuses"]),
            ("ultranationaliste", &["ultranationalistes"]),
            ("mensonger", &["mensongère", "mensongers"]),
            ("occupant", &["occupante", "occupants"]),
            ("public", &["publique", "publics"]),
            ("provocateur", &["provocatrice", "provocateurs"]),
        ];
        for (lemma, expected) in cases {
            let forms = adjective(lemma);
            for form in *expected {
                assert!(
                    forms.iter().any(|f| f == form),
                    "{lemma}: no {form} in {forms:?}"
                );
            }
        }
        assert_eq!(noun("tribunal"), ["tribunal", "tribunaux", "tribunals"]);
        assert_eq!(noun("abus"), ["abus"]);
    }
}
