use proptest::prelude::*;

use super::*;

/// Whose word `part` of `text` is.
fn voice(text: &str, part: &str, tongue: Tongue) -> String {
    let at = text
        .find(part)
        .unwrap_or_else(|| panic!("{part} in {text}"));
    let tokens = Tokens::new(text);
    let voices = Voices::new(&tokens, tongue, None);
    voices.of(&(at..at + part.len())).to_string()
}

#[test]
fn speakers_of_french_quotations_and_reports() {
    let cases = [
        ("C'est une agression.", "agression", "author"),
        ("Une «agression barbare» de plus.", "barbare", "quoted"),
        (
            "Commentant cette situation, la porte-parole de la diplomatie russe Maria Zakharova a \
             déclaré qu'il s'agissait d'une démarche agressive.",
            "agressive",
            "attributed to Maria Zakharova",
        ),
        (
            "«C'est un régime criminel», a déclaré Vladimir Poutine jeudi.",
            "criminel",
            "attributed to Vladimir Poutine",
        ),
        (
            "Selon Bachar al-Assad, les terroristes ont fui.",
            "terroristes",
            "attributed to Bachar al-Assad",
        ),
        (
            "Les terroristes ont fui, d'après le ministère russe de la Défense.",
            "terroristes",
            "attributed to le ministère russe de la Défense",
        ),
        (
            "Dmitri Peskov, porte-parole du Kremlin, a affirmé : «Ces mensonges sont absurdes.»",
            "absurdes",
            "attributed to Dmitri Peskov",
        ),
        (
            "Le porte-parole du Kremlin, Dmitri Peskov, a affirmé que ces mensonges durent.",
            "mensonges",
            "attributed to Dmitri Peskov",
        ),
        (
            "Emmanuel Macron s'est exprimé. «Cette propagande est partout», a-t-il ajouté.",
            "propagande",
            "quoted",
        ),
        (
            "Sergueï Lavrov a noté que rien ne change. «Cette propagande est partout», a-t-il dit.",
            "propagande",
            "attributed to Sergueï Lavrov",
        ),
        (
            "«Cette propagande, affirme Jean Dupont, est partout et nulle part.»",
            "partout",
            "attributed to Jean Dupont",
        ),
        (
            "Moscou a dénoncé une «provocation».",
            "provocation",
            "attributed to Moscou",
        ),
        (
            "Les autorités russes assurent que le massacre a été inventé.",
            "massacre",
            "attributed to Les autorités russes",
        ),
        (
            "Le massacre a été décrit dans la note du maire.",
            "massacre",
            "author",
        ),
    ];
    for (text, part, expected) in cases {
        assert_eq!(voice(text, part, Tongue::French), expected, "{text}");
    }
}

#[test]
fn speakers_of_english() {
    let cases = [
        ("This brutal regime fell.", "brutal", "author"),
        (
            "\"This brutal regime fell,\" said Vladimir Putin on Monday.",
            "brutal",
            "attributed to Vladimir Putin",
        ),
        (
            "According to Maria Zakharova, the lies go on.",
            "lies",
            "attributed to Maria Zakharova",
        ),
        (
            "Dmitry Peskov said that the lies go on.",
            "lies",
            "attributed to Dmitry Peskov",
        ),
        (
            "\"The lies go on,\" Dmitry Peskov said.",
            "lies",
            "attributed to Dmitry Peskov",
        ),
    ];
    for (text, part, expected) in cases {
        assert_eq!(voice(text, part, Tongue::English), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "(selon|a dit|que|dit-il|X|Le|[«»\"“”.,: ]|\\PC){0,24}") {
        let tokens = Tokens::new(&text);
        for tongue in [Tongue::French, Tongue::English] {
            let voices = Voices::new(&tokens, tongue, None);
            for token in &tokens.tokens {
                voices.of(&token.bytes);
            }
        }
    }
}
