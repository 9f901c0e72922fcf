//! Words told by their shape, where no list of forms can be given.

use crate::terms::english_inflection;
use crate::terms::tokens::Token;

/// What a word looks like.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// A French infinitive.
    Infinitive,
    /// A French past participle.
    Participle,
    /// An English one.
    EnglishParticiple,
    /// A French imperfect of the third person.
    Imperfect,
    /// Any word with a capital letter.
    Capital,
    /// Any word.
    Word,
}

impl Shape {
    /// Every shape, in order.
    pub const ALL: [Self; 6] = [
        Self::Infinitive,
        Self::Participle,
        Self::EnglishParticiple,
        Self::Imperfect,
        Self::Capital,
        Self::Word,
    ];

    pub fn fits(self, token: &Token) -> bool {
        match self {
            Self::Word => true,
            Self::Capital => token.capitalised,
            Self::Infinitive => looks_infinitive(token.plain()),
            Self::Participle => looks_participle(token.plain()),
            Self::Imperfect => looks_imperfect(token.plain()),
            Self::EnglishParticiple => english_inflection::looks_participle(token.plain()),
        }
    }
}

/// Frequent words that end like infinitives and are none.
const NO_INFINITIVES: &[&str] = &[
    "hier",
    "mer",
    "fer",
    "cher",
    "chère",
    "amer",
    "enfer",
    "hiver",
    "premier",
    "dernier",
    "papier",
    "quartier",
    "métier",
    "chantier",
    "courrier",
    "dossier",
    "financier",
    "policier",
    "particulier",
    "régulier",
    "entier",
    "léger",
    "étranger",
    "danger",
    "janvier",
    "février",
    "ouvrier",
    "banquier",
    "familier",
    "leader",
    "manager",
    "soir",
    "noir",
    "espoir",
    "miroir",
    "autre",
    "notre",
    "votre",
    "entre",
    "contre",
    "quatre",
    "centre",
    "ministre",
    "lettre",
    "titre",
    "maître",
    "ordre",
    "cadre",
    "cendre",
    "moindre",
    "histoire",
    "victoire",
    "territoire",
    "mémoire",
    "gloire",
    "affaire",
    "militaire",
    "populaire",
    "nucléaire",
    "contraire",
    "nécessaire",
    "maire",
    "salaire",
    "solidaire",
    "adversaire",
    "culture",
    "nature",
    "mesure",
    "rupture",
    "voiture",
    "future",
    "pire",
    "empire",
    "navire",
    "rencontre",
    "désir",
    "avenir",
    "souvenir",
    "loisir",
    "plaisir",
    "tir",
    "or",
];

fn looks_infinitive(word: &str) -> bool {
    let endings = [
        "er", "ir", "oir", "dre", "ttre", "ître", "aire", "ire", "ure", "vre", "pre", "cre", "être",
    ];
    word.chars().count() > 3
        && !NO_INFINITIVES.contains(&word)
        && endings.iter().any(|ending| word.ends_with(ending))
}

/// Frequent words that end like participles and are none.
const NO_PARTICIPLES: &[&str] = &[
    "lui",
    "qui",
    "ici",
    "ainsi",
    "aussi",
    "celui",
    "parmi",
    "midi",
    "oui",
    "puis",
    "depuis",
    "mais",
    "jamais",
    "dessus",
    "plus",
    "tous",
    "nous",
    "vous",
    "sous",
    "vie",
    "pays",
    "partie",
    "bien",
    "tu",
    "du",
    "au",
    "peu",
    "eux",
    "feu",
    "lieu",
    "jeu",
    "aux",
    "dans",
    "fois",
    "mois",
    "trois",
    "autrefois",
    "parfois",
    "malgré",
    "liberté",
    "sécurité",
    "année",
    "armée",
    "idée",
    "journée",
    "société",
    "côté",
    "été",
    "chez",
    "les",
    "des",
    "ses",
    "mes",
    "ces",
    "très",
    "après",
    "dès",
    "près",
    "russie",
    "aujourd'hui",
    "appui",
    "ami",
    "ennemi",
    "demi",
    "avis",
    "vue",
    "rue",
    "revue",
    "issue",
    "refus",
    "campus",
    "virus",
    "crise",
    "prise",
    "surprise",
    "entreprise",
    "suite",
    "droite",
    "limite",
    "visite",
    "élite",
];

fn looks_participle(word: &str) -> bool {
    let endings = [
        "é", "i", "u", "û", "is", "it", "int", "ert", "ort", "clos", "fait",
    ];
    if word.chars().count() < 2 || NO_PARTICIPLES.contains(&word) {
        return false;
    }
    let masculine = word
        .strip_suffix("es")
        .or_else(|| word.strip_suffix(['e', 's']));
    [Some(word), masculine]
        .into_iter()
        .flatten()
        .any(|stem| stem.chars().count() > 1 && endings.iter().any(|ending| stem.ends_with(ending)))
}

/// Frequent words that end like imperfects and are none, and what ends compounds of them.
const NO_IMPERFECTS: &[&str] = &[
    "fait", "lait", "trait", "plait", "souhait", "essaient", "paient",
];

fn looks_imperfect(word: &str) -> bool {
    // Of verbs in -rer; what ends otherwise in -rait is a conditional.
    let of_r = ["ar", "ér", "or", "our", "ntr"];
    let stem = word.strip_suffix("aient").or(word.strip_suffix("ait"));
    stem.is_some_and(|stem| {
        stem.chars().count() > 1
            && !NO_IMPERFECTS.iter().any(|other| word.ends_with(other))
            && (!stem.ends_with('r') || of_r.iter().any(|ending| stem.ends_with(ending)))
    })
}

#[cfg(test)]
mod tests {
    use super::looks_imperfect;

    #[test]
    fn imperfects_are_told_from_conditionals_and_nouns() {
        for word in [
            "était",
            "avait",
            "venaient",
            "préparait",
            "montraient",
            "finissait",
            "disait",
        ] {
            assert!(looks_imperfect(word), "{word}");
        }
        for word in [
            "serait", "auraient", "fait", "parfait", "portrait", "lait", "souhait", "pourrait",
        ] {
            assert!(!looks_imperfect(word), "{word}");
        }
    }
}
