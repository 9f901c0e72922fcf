//! The checks on cases of their own, and on arbitrary texts.

use proptest::prelude::*;

use super::*;
use crate::bitext::Excerpt;

fn flags(source: &str, target: &str) -> Vec<Flag> {
    let (from, to) = (Language::french(), Language::english());
    run(
        source,
        target,
        &[],
        Languages {
            from: &from,
            to: &to,
        },
    )
}

/// `check: part of the source → part of the target` for each flag; `…` is the whole source.
fn told(source: &str, target: &str) -> Vec<String> {
    let line = |flag: Flag| {
        let check = flag.entry.trim_start_matches("check/");
        let part = if flag.source.text == source {
            "…"
        } else {
            &flag.source.text
        };
        let rendering = flag.target.map_or("∅".to_owned(), |t| t.text);
        format!("{check}: {part} → {rendering}")
    };
    flags(source, target).into_iter().map(line).collect()
}

/// What must be flagged, and how.
const FLAGGED: &[(&str, &str, &[&str])] = &[
    (
        "Il y avait 3 morts.",
        "There were 4 dead.",
        &["number: 3 → 4"],
    ),
    (
        "Il y a eu trois morts hier.",
        "There were four dead yesterday.",
        &["number: trois → four"],
    ),
    (
        "Il a gagné 1 900 euros.",
        "He earned 1,800 euros.",
        &["number: 1 900 → 1,800"],
    ),
    (
        "Il reste 12 jours.",
        "There are days left.",
        &["number: 12 → ∅"],
    ),
    (
        "Il reste des jours.",
        "There are 12 days left.",
        &["number: … → 12"],
    ),
    (
        "Le prix est de 274.000 dollars.",
        "The price is 274.000 dollars.",
        &["number: 274.000 → 274.000"],
    ),
    (
        "Une dette de 1,5 milliard.",
        "A debt of 1.5 million.",
        &["number: 1,5 milliard → 1.5 million"],
    ),
    (
        "Au XXe siècle",
        "In the 19th century",
        &["number: XXe → 19"],
    ),
    (
        "Le 3 mars 2017, il partit.",
        "On 3 May 2017 he left.",
        &["date: mars → May"],
    ),
    (
        "Il viendra en décembre.",
        "He will come in November.",
        &["date: décembre → November"],
    ),
    (
        "Il est parti jeudi.",
        "He left on Tuesday.",
        &["date: jeudi → Tuesday"],
    ),
    (
        "Cela coûte 30 euros.",
        "It costs 30 dollars.",
        &["currency: 30 euros → 30 dollars"],
    ),
    (
        "Un plan de 3 M €.",
        "A plan of $3 million.",
        &["currency: 3 M € → $3"],
    ),
    (
        "Voir www.exemple.fr pour plus.",
        "See www.example.fr for more.",
        &["url: www.exemple.fr → www.example.fr"],
    ),
    (
        "Écrivez à jean@exemple.fr.",
        "Write to us now.",
        &["url: jean@exemple.fr → ∅"],
    ),
    (
        "Il suit @JeanDupont ici.",
        "He follows Jean here.",
        &["url: @JeanDupont → ∅"],
    ),
    (
        "Il y a du monde.",
        "There are people, people, people.",
        &["repetition: … → people, people, people"],
    ),
    (
        "Le chef du gouvernement actuel est sur le point de partir.",
        "The head of the head of the head of the government is leaving.",
        &["repetition: … → The head of the head of the head of"],
    ),
    (
        "Pour la bagatelle de 3 M USD.",
        "For the bantelle of USD 3 M.",
        &["invented: … → bantelle"],
    ),
    (
        "C'est une bagatelle pour lui.",
        "It is a bagattelle for him.",
        &["invented: … → bagattelle"],
    ),
    (
        "Des mesures de rétorsion sont promises.",
        "Measures de retorsione are promised.",
        &["invented: … → retorsione"],
    ),
    (
        "Il craint le chantage permanent.",
        "He fears the chantage all the time.",
        &["copied: chantage → chantage"],
    ),
    (
        "Il est venu avec sa femme hier soir.",
        "He came avec sa femme hier soir.",
        &["untranslated: … → avec sa femme hier soir"],
    ),
    (
        "La longue phrase que voici dit beaucoup de choses à qui sait la lire avec soin.",
        "Short.",
        &["length: … → Short."],
    ),
    ("Une phrase.", "", &["length: … → ∅"]),
    ("", "A sentence.", &["length: … → A sentence."]),
];

/// What must not be flagged.
const SOUND: &[(&str, &str)] = &[
    (
        "Une hausse de 3,5 % en 2016.",
        "An increase of 3.5% in 2016.",
    ),
    ("Il y a 1 900 élèves.", "There are 1,900 pupils."),
    (
        "Il y a 1 234 567,89 raisons.",
        "There are 1,234,567.89 reasons.",
    ),
    (
        "Le prix est de 274.000 dollars.",
        "The price is 274,000 dollars.",
    ),
    ("3 M USD", "3 million USD"),
    ("Un plan de 3 M USD.", "A plan of $3 million."),
    ("Trois millions de personnes", "3,000,000 people"),
    ("Un million d'euros", "A million euros"),
    ("De 3 à 5 millions d'euros", "From 3 to 5 million euros"),
    (
        "Vingt-deux personnes sont mortes.",
        "Twenty-two people died.",
    ),
    ("Il a quatre-vingt-dix-sept ans.", "He is 97 years of age."),
    (
        "Deux cent cinquante mille hommes",
        "As many as 250,000 people",
    ),
    ("Soixante et onze pour cent", "Seventy-one percent"),
    (
        "En mille neuf cent quatre-vingt-quatre",
        "In the year of 1984",
    ),
    ("Une dizaine de blessés", "About ten injured"),
    ("Une douzaine d'œufs", "12 eggs"),
    ("Le 1er janvier 2017", "January 1, 2017"),
    ("Le premier jour", "The 1st day"),
    ("Au XXIe siècle", "In the 21st century"),
    ("Louis XIV régna.", "Louis XIV reigned."),
    ("Les années 90", "The 1990s"),
    ("Les années 1960", "The sixties"),
    ("À 14h30 précises", "At 2:30 p.m. sharp"),
    ("À 6h30 du matin", "At 6.30 a.m."),
    ("Dans quinze jours", "In a fortnight"),
    ("Ses deux enfants", "Both of his children"),
    ("Un nouveau pont neuf", "A brand new bridge"),
    ("Le 24/12/2017 à Paris", "On 24/12/2017 in Paris"),
    ("Il part en mars.", "He leaves in March."),
    (
        "Il viendra jeudi 5 octobre.",
        "He will come on Thursday, October 5.",
    ),
    ("Mars est une planète.", "Mars is a planet."),
    ("Il peut partir.", "He may leave."),
    ("Les 30 livres de la table", "The 30 books on the table"),
    ("Cela coûte 30 $.", "It costs thirty dollars."),
    ("30 M€", "€30m"),
    ("Voir https://exemple.fr/a.", "See https://exemple.fr/a."),
    ("Très, très bien", "Very, very good"),
    ("Non, non et non !", "No, no and no!"),
    (
        "Il sait que celui-là ment.",
        "He knows that that one is lying.",
    ),
    ("Il avait eu peur.", "He had had a fright."),
    (
        "La couleur organisée",
        "The organised colour, the organized color",
    ),
    (
        "Zakharova l'a déclaré.",
        "Zakharova's words, didn't she say?",
    ),
    ("Charles de Gaulle parla.", "Charles de Gaulle spoke."),
    (
        "L'ultranationaliste anti-Poutine",
        "The ultranationalist, anti-Putin",
    ),
    (
        "Un smartphone, un selfie, un hashtag",
        "A smartphone, a selfie, a hashtag",
    ),
    (
        "La cyberattaque du lanceur d'alerte",
        "The whistleblower's cyberattack",
    ),
    (
        "Une coopération nécessaire, pré-électorale",
        "A necessary pre-election co-operation",
    ),
    ("Le Pas-de-Calais est là.", "The Pas-de-Calais is there."),
    ("Oui.", "Yes."),
    ("Non merci.", "No, thank you very much."),
    ("", ""),
];

#[test]
fn each_check_catches_what_it_is_for() {
    let mut wrong = Vec::new();
    for (source, target, expected) in FLAGGED {
        let told = told(source, target);
        if told != *expected {
            wrong.push(format!("{source} | {target}: {told:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sound_translations_are_not_flagged() {
    let mut wrong = Vec::new();
    for (source, target) in SOUND {
        let told = told(source, target);
        if !told.is_empty() {
            wrong.push(format!("{source} | {target}: {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_invented_word_is_tied_to_what_it_renders() {
    let (from, to) = (Language::french(), Language::english());
    let languages = Languages {
        from: &from,
        to: &to,
    };
    let flags = run(
        "pour la bagatelle",
        "for the bantelle",
        &[(0, 0), (1, 1), (2, 2)],
        languages,
    );
    assert_eq!(flags.len(), 1, "{flags:?}");
    assert_eq!(flags[0].source.text, "bagatelle");
    assert!(
        flags[0].reason.contains("(for “bagatelle”)"),
        "{}",
        flags[0].reason
    );
}

#[test]
fn other_languages_get_the_checks_that_need_no_dictionary() {
    let (from, to) = ("de".parse().unwrap(), "es".parse().unwrap());
    let languages = Languages {
        from: &from,
        to: &to,
    };
    let entries = |source, target| -> Vec<String> {
        let flags = run(source, target, &[], languages);
        flags.into_iter().map(|f| f.entry).collect()
    };
    assert_eq!(entries("Es sind 3,5 Liter.", "Son 3,5 litros."), [""; 0]);
    assert_eq!(
        entries("Es sind 3 Liter.", "Son 4 litros."),
        ["check/number"]
    );
}

/// A check that is quadratic in the length would not come to its end here.
#[test]
fn a_megabyte_is_checked() {
    for unit in [
        "la prétendue «ingérence» de 3 M USD, ",
        "1 2 ",
        "a ",
        "www.a.fr ",
        "zzq ",
    ] {
        let text = unit.repeat(1_000_000 / unit.len());
        let other = text.replace('a', "e").replace('2', "7");
        let _ = flags(&text, &other);
        let _ = flags(&text, &text);
    }
}

fn texts() -> impl Strategy<Value = String> {
    let parts = [
        "3,5", "1 900", "274.000", "XXe", "€", "$", "millions", "deux", "cents", "et", "and",
        "hundred", "h", "30", "mars", "May", "«", "»", "l'", "bantelle", "www.a.fr", "@b", "#c",
        " ", " ", " ", ".", ",", "-", "a.m.", "\u{a0}", "é", "𝄞", "\u{301}", "ß", "İ",
    ];
    prop_oneof![
        "\\PC{0,60}",
        proptest::collection::vec(proptest::sample::select(parts.to_vec()), 0..40)
            .prop_map(|parts| parts.concat()),
    ]
}

proptest! {
    #[test]
    fn excerpts_are_the_text_at_their_offsets(
        source in texts(),
        target in texts(),
        links in proptest::collection::vec((0u32..50, 0u32..50), 0..30),
    ) {
        let (from, to) = (Language::french(), Language::english());
        for flag in run(&source, &target, &links, Languages { from: &from, to: &to }) {
            prop_assert_eq!(&flag.source, &Excerpt::new(&source, flag.source.span()));
            prop_assert!(flag.source.end <= source.chars().count());
            if let Some(excerpt) = &flag.target {
                prop_assert_eq!(excerpt, &Excerpt::new(&target, excerpt.span()));
                prop_assert!(excerpt.end <= target.chars().count());
            }
            prop_assert!(!flag.reason.is_empty());
        }
    }
}
