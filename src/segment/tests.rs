use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn sentences_tile_the_block(
        block in "([A-Zéa-z]{1,4}|[.?!…«»\"() ,:;-]|\\. |\n|\u{2028}|\\PC|\0){0,60}",
        language in prop_oneof![Just("fr"), Just("en"), Just("xx")],
    ) {
        let splitter = Splitter::new(&language.parse().unwrap());
        let mut at = 0;
        for range in splitter.split(&block) {
            prop_assert_eq!(range.start, at);
            prop_assert!(range.end > range.start);
            prop_assert!(block.get(trim(&block, &range)).is_some());
            at = range.end;
        }
        prop_assert_eq!(at, block.len());
    }
}

fn sentences<'a>(splitter: &Splitter, block: &'a str) -> Vec<&'a str> {
    let ranges = splitter.split(block);
    ranges
        .iter()
        .map(|range| &block[trim(block, range)])
        .collect()
}

/// Each case is its sentences, which are joined by a space and split anew.
#[test]
fn french() {
    let cases: &[&[&str]] = &[
        &[
            "Il a dit « Non. »",
            "Puis il est parti.",
            "Elle est restée.",
        ],
        &[
            "« Est-ce « vrai » ? » demanda-t-il.",
            "« Oui. »",
            "Elle partit.",
        ],
        &[
            "M. Durand et Mme. Petit sont là.",
            "J.-P. Martin et E. Philippe aussi.",
        ],
        &["Voir cf. Durand et art. 3 du code, p. 12.", "C'est clair."],
        &["Cela coûte 3.5 % ou 3 M USD.", "Mais il refuse."],
        &["Il hésite… mais il part.", "Elle reste."],
        &[
            "Consultez un médecin dans les cas suivants.",
            "- si vous avez de la fièvre.",
            "- si vous avez mal à la gorge.",
        ],
        &["COMMENT CONSERVER LE SIROP", "Le flacon doit rester fermé."],
        &["— Venez-vous ?", "— Non, merci !", "— Tant pis."],
        &["Voir http://www.exemple.fr/a.b?c=d.", "Il y est.", "Fin."],
        &[
            "Le comité (sic !) a voté.",
            "Au Ve siècle av. J.-C., il naquit.",
        ],
    ];
    let splitter = Splitter::new(&Language::french());
    for case in cases {
        assert_eq!(&sentences(&splitter, &case.join(" ")), case);
    }
}

#[test]
fn english() {
    let cases: &[&[&str]] = &[
        &[
            "Mr. Smith met J. R. Jones in the U.S. on Monday.",
            "They left.",
        ],
        &["“Is it true?” he asked.", "“It is.”", "She left."],
        &["It costs $3.5 million, i.e. too much.", "He refused."],
    ];
    let splitter = Splitter::new(&Language::english());
    for case in cases {
        assert_eq!(&sentences(&splitter, &case.join(" ")), case);
    }
}

#[test]
fn line_breaks_count() {
    let splitter = Splitter::new(&Language::french());
    let cases: &[(&str, &[&str])] = &[
        ("Un titre\nLe texte suit.", &["Un titre", "Le texte suit."]),
        (
            "Liste :\n- un point\n- un autre",
            &["Liste :", "- un point", "- un autre"],
        ),
        (
            "–\nLe maire est venu.\n–\nIl est parti.",
            &["–\nLe maire est venu.", "–\nIl est parti."],
        ),
        (
            "Une phrase qui\nva plus loin.",
            &["Une phrase qui\nva plus loin."],
        ),
    ];
    for (block, expected) in cases {
        assert_eq!(&sentences(&splitter, block), expected, "{block}");
    }
}
