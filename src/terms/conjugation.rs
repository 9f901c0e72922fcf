//! French conjugation, as far as the lexicon needs it: written forms of a verb by tense.
//!
//! Third-group verbs come from a table of families by ending (*-tenir*, *-mettre*, …); what the
//! table does not know is told by `None`, never guessed.

/// The tenses that patterns can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// *affirme*
    Present,
    /// *affirmait*
    Imperfect,
    /// *affirmera*
    Future,
    /// *affirmerait*
    Conditional,
    /// *affirma*
    Past,
    /// *qu'il affirmât* is left out; *qu'il prétende*
    Subjunctive,
    /// *affirmé, affirmée, affirmés, affirmées*
    Participle,
    /// *affirmant*
    Gerund,
    /// *affirmer*
    Infinitive,
}

impl Tense {
    /// The tense that a pattern names so.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "present" => Self::Present,
            "imperfect" => Self::Imperfect,
            "future" => Self::Future,
            "conditional" => Self::Conditional,
            "past" => Self::Past,
            "subjunctive" => Self::Subjunctive,
            "participle" => Self::Participle,
            "gerund" => Self::Gerund,
            "infinitive" => Self::Infinitive,
            _ => return None,
        })
    }
}

/// Endings that replace the ending of an infinitive.
struct Family {
    ending: &'static str,
    /// je, tu, il, nous, vous, ils
    present: [&'static str; 6],
    /// Stem of the imperfect and the gerund.
    imperfect: &'static str,
    /// Stem of the future and the conditional.
    future: &'static str,
    /// Masculine singular of the past participle.
    participle: &'static str,
    /// Third person singular of the simple past.
    past: &'static str,
    /// Stem of the subjunctive, where it is not that of the third person plural.
    subjunctive: Option<&'static str>,
}

macro_rules! families {
    ($($ending:literal: $present:expr, $imperfect:literal, $future:literal, $participle:literal,
       $past:literal $(, $subjunctive:literal)?;)*) => {
        &[$(Family {
            ending: $ending, present: $present, imperfect: $imperfect, future: $future,
            participle: $participle, past: $past,
            subjunctive: families!(@option $($subjunctive)?),
        }),*]
    };
    (@option) => { None };
    (@option $stem:literal) => { Some($stem) };
}

/// Longer endings stand before those that they end with.
const FAMILIES: &[Family] = families! {
    "pouvoir": ["peux", "peux", "peut", "pouvons", "pouvez", "peuvent"], "pouv", "pourr", "pu", "put", "puiss";
    "devoir": ["dois", "dois", "doit", "devons", "devez", "doivent"], "dev", "devr", "dû", "dut";
    "savoir": ["sais", "sais", "sait", "savons", "savez", "savent"], "sav", "saur", "su", "sut", "sach";
    "vouloir": ["veux", "veux", "veut", "voulons", "voulez", "veulent"], "voul", "voudr", "voulu", "voulut", "veuill";
    "valoir": ["vaux", "vaux", "vaut", "valons", "valez", "valent"], "val", "vaudr", "valu", "valut", "vaill";
    "cevoir": ["çois", "çois", "çoit", "cevons", "cevez", "çoivent"], "cev", "cevr", "çu", "çut";
    "prévoir": ["prévois", "prévois", "prévoit", "prévoyons", "prévoyez", "prévoient"], "prévoy", "prévoir", "prévu", "prévit";
    "voir": ["vois", "vois", "voit", "voyons", "voyez", "voient"], "voy", "verr", "vu", "vit";
    "courir": ["cours", "cours", "court", "courons", "courez", "courent"], "cour", "courr", "couru", "courut";
    "tenir": ["tiens", "tiens", "tient", "tenons", "tenez", "tiennent"], "ten", "tiendr", "tenu", "tint";
    "venir": ["viens", "viens", "vient", "venons", "venez", "viennent"], "ven", "viendr", "venu", "vint";
    "servir": ["sers", "sers", "sert", "servons", "servez", "servent"], "serv", "servir", "servi", "servit";
    "vrir": ["vre", "vres", "vre", "vrons", "vrez", "vrent"], "vr", "vrir", "vert", "vrit";
    "frir": ["fre", "fres", "fre", "frons", "frez", "frent"], "fr", "frir", "fert", "frit";
    "entir": ["ens", "ens", "ent", "entons", "entez", "entent"], "ent", "entir", "enti", "entit";
    "artir": ["ars", "ars", "art", "artons", "artez", "artent"], "art", "artir", "arti", "artit";
    "sortir": ["sors", "sors", "sort", "sortons", "sortez", "sortent"], "sort", "sortir", "sorti", "sortit";
    "mettre": ["mets", "mets", "met", "mettons", "mettez", "mettent"], "mett", "mettr", "mis", "mit";
    "battre": ["bats", "bats", "bat", "battons", "battez", "battent"], "batt", "battr", "battu", "battit";
    "prendre": ["prends", "prends", "prend", "prenons", "prenez", "prennent"], "pren", "prendr", "pris", "prit";
    "aindre": ["ains", "ains", "aint", "aignons", "aignez", "aignent"], "aign", "aindr", "aint", "aignit";
    "eindre": ["eins", "eins", "eint", "eignons", "eignez", "eignent"], "eign", "eindr", "eint", "eignit";
    "oindre": ["oins", "oins", "oint", "oignons", "oignez", "oignent"], "oign", "oindr", "oint", "oignit";
    "dre": ["ds", "ds", "d", "dons", "dez", "dent"], "d", "dr", "du", "dit";
    "ompre": ["omps", "omps", "ompt", "ompons", "ompez", "ompent"], "omp", "ompr", "ompu", "ompit";
    "aître": ["ais", "ais", "aît", "aissons", "aissez", "aissent"], "aiss", "aîtr", "u", "ut";
    "suivre": ["suis", "suis", "suit", "suivons", "suivez", "suivent"], "suiv", "suivr", "suivi", "suivit";
    "crire": ["cris", "cris", "crit", "crivons", "crivez", "crivent"], "criv", "crir", "crit", "crivit";
    "uire": ["uis", "uis", "uit", "uisons", "uisez", "uisent"], "uis", "uir", "uit", "uisit";
    "dire": ["dis", "dis", "dit", "disons", "dites", "disent"], "dis", "dir", "dit", "dit";
    "rire": ["ris", "ris", "rit", "rions", "riez", "rient"], "ri", "rir", "ri", "rit";
    "croire": ["crois", "crois", "croit", "croyons", "croyez", "croient"], "croy", "croir", "cru", "crut";
    "faire": ["fais", "fais", "fait", "faisons", "faites", "font"], "fais", "fer", "fait", "fit", "fass";
    "taire": ["tais", "tais", "tait", "taisons", "taisez", "taisent"], "tais", "tair", "tu", "tut";
    "clure": ["clus", "clus", "clut", "cluons", "cluez", "cluent"], "clu", "clur", "clu", "clut";
    "ir": ["is", "is", "it", "issons", "issez", "issent"], "iss", "ir", "i", "it";
};

/// The forms of a verb with their tense; `None` where its conjugation is not known.
pub fn conjugate(infinitive: &str) -> Option<Vec<(Tense, String)>> {
    let mut forms = vec![(Tense::Infinitive, infinitive.to_owned())];
    match infinitive {
        "être" => auxiliary(&ETRE, &mut forms),
        "avoir" => auxiliary(&AVOIR, &mut forms),
        "aller" => auxiliary(&ALLER, &mut forms),
        _ => match infinitive.strip_suffix("er") {
            Some(stem) if stem.chars().count() > 1 => first_group(stem, &mut forms),
            _ => third_group(infinitive, &mut forms)?,
        },
    }
    forms.sort_by(|a, b| (&a.1, a.0 as u8).cmp(&(&b.1, b.0 as u8)));
    forms.dedup();
    Some(forms)
}

struct Auxiliary {
    present: &'static [&'static str],
    past: &'static [&'static str],
    subjunctive: &'static [&'static str],
    participle: &'static [&'static str],
    imperfect: &'static str,
    gerund: &'static str,
    future: &'static str,
}

const ETRE: Auxiliary = Auxiliary {
    present: &["suis", "es", "est", "sommes", "êtes", "sont"],
    past: &["fus", "fut", "furent"],
    subjunctive: &["sois", "soit", "soyons", "soyez", "soient", "fût"],
    participle: &["été"],
    imperfect: "ét",
    gerund: "étant",
    future: "ser",
};
const AVOIR: Auxiliary = Auxiliary {
    present: &["ai", "as", "a", "avons", "avez", "ont"],
    past: &["eus", "eut", "eurent"],
    subjunctive: &["aie", "aies", "ait", "ayons", "ayez", "aient", "eût"],
    participle: &["eu", "eue", "eus", "eues"],
    imperfect: "av",
    gerund: "ayant",
    future: "aur",
};
const ALLER: Auxiliary = Auxiliary {
    present: &["vais", "vas", "va", "allons", "allez", "vont"],
    past: &["alla", "allèrent"],
    subjunctive: &["aille", "ailles", "allions", "alliez", "aillent"],
    participle: &["allé", "allée", "allés", "allées"],
    imperfect: "all",
    gerund: "allant",
    future: "ir",
};

fn auxiliary(verb: &Auxiliary, forms: &mut Vec<(Tense, String)>) {
    let lists = [
        (Tense::Present, verb.present),
        (Tense::Past, verb.past),
        (Tense::Subjunctive, verb.subjunctive),
        (Tense::Participle, verb.participle),
    ];
    for (tense, list) in lists {
        forms.extend(list.iter().map(|form| (tense, (*form).to_owned())));
    }
    forms.push((Tense::Gerund, verb.gerund.to_owned()));
    add(forms, Tense::Imperfect, verb.imperfect, IMPERFECT);
    add(forms, Tense::Future, verb.future, FUTURE);
    add(forms, Tense::Conditional, verb.future, IMPERFECT);
}

const IMPERFECT: &[&str] = &["ais", "ait", "ions", "iez", "aient"];
const FUTURE: &[&str] = &["ai", "as", "a", "ons", "ez", "ont"];
const AGREEMENT: &[&str] = &["", "e", "s", "es"];

fn add(forms: &mut Vec<(Tense, String)>, tense: Tense, stem: &str, endings: &[&str]) {
    forms.extend(endings.iter().map(|e| (tense, format!("{stem}{e}"))));
}

/// Verbs in *-er*, with the changes of spelling in their stem.
fn first_group(stem: &str, forms: &mut Vec<(Tense, String)>) {
    // Before a, o: partageait, dénonçait.
    let before_a = match stem.char_indices().next_back() {
        Some((_, 'g')) => format!("{stem}e"),
        Some((at, 'c')) => format!("{}ç", &stem[..at]),
        _ => stem.to_owned(),
    };
    // Before a silent e: emploie, révèle, appelle, jette.
    for silent in silent_stems(stem) {
        add(forms, Tense::Present, &silent, &["e", "es", "ent"]);
        add(forms, Tense::Subjunctive, &silent, &["e", "es", "ent"]);
        add(forms, Tense::Future, &format!("{silent}er"), FUTURE);
        add(forms, Tense::Conditional, &format!("{silent}er"), IMPERFECT);
    }
    add(forms, Tense::Present, stem, &["ez"]);
    add(forms, Tense::Present, &before_a, &["ons"]);
    add(forms, Tense::Imperfect, &before_a, &["ais", "ait", "aient"]);
    add(forms, Tense::Imperfect, stem, &["ions", "iez"]);
    add(forms, Tense::Past, &before_a, &["a", "ai", "as"]);
    add(forms, Tense::Past, stem, &["èrent"]);
    add(forms, Tense::Participle, &format!("{stem}é"), AGREEMENT);
    add(forms, Tense::Gerund, &before_a, &["ant"]);
}

fn silent_stems(stem: &str) -> Vec<String> {
    let mut stems = vec![stem.to_owned()];
    if let Some(base) = stem.strip_suffix('y') {
        stems.push(format!("{base}i"));
    }
    let mut letters: Vec<char> = stem.chars().collect();
    let last = letters.len().saturating_sub(1);
    // The vowel may be parted from the ending by two consonants, as in *célébrer*.
    for back in 1..=2 {
        let Some(at) = last.checked_sub(back) else {
            break;
        };
        let consonants = letters[at + 1..].iter().all(|c| !"aeéèiou".contains(*c));
        if consonants && matches!(letters[at], 'e' | 'é') {
            if back == 1 && matches!(letters[last], 'l' | 't') && letters[at] == 'e' {
                stems.push(format!("{stem}{}", letters[last]));
            }
            letters[at] = 'è';
            stems.push(letters.iter().collect());
            break;
        }
    }
    stems
}

fn third_group(infinitive: &str, forms: &mut Vec<(Tense, String)>) -> Option<()> {
    let family = FAMILIES.iter().find(|f| infinitive.ends_with(f.ending))?;
    let base = infinitive.strip_suffix(family.ending)?;
    let whole = |ending: &str| format!("{base}{ending}");
    for ending in family.present {
        forms.push((Tense::Present, whole(ending)));
    }
    add(forms, Tense::Imperfect, &whole(family.imperfect), IMPERFECT);
    forms.push((Tense::Gerund, whole(family.imperfect) + "ant"));
    add(forms, Tense::Future, &whole(family.future), FUTURE);
    add(forms, Tense::Conditional, &whole(family.future), IMPERFECT);
    let third_plural = family.present[5];
    let subjunctive = family
        .subjunctive
        .or_else(|| third_plural.strip_suffix("ent"))
        .unwrap_or(third_plural);
    add(
        forms,
        Tense::Subjunctive,
        &whole(subjunctive),
        &["e", "es", "ent"],
    );
    add(
        forms,
        Tense::Subjunctive,
        &whole(family.imperfect),
        &["ions", "iez"],
    );
    let participle = whole(family.participle);
    let feminine = participle.replace('û', "u");
    forms.push((Tense::Participle, participle.clone()));
    add(forms, Tense::Participle, &feminine, &["e", "es"]);
    let plural = if feminine.ends_with('s') { "" } else { "s" };
    forms.push((Tense::Participle, feminine + plural));
    forms.push((Tense::Past, whole(family.past)));
    if let Some(stem) = family.past.strip_suffix("t") {
        forms.push((Tense::Past, whole(stem) + "rent"));
        forms.push((Tense::Past, whole(stem) + "s"));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_of_every_group() {
        let cases: &[(&str, &[&str])] = &[
            (
                "affirmer",
                &[
                    "affirme",
                    "affirmaient",
                    "affirmé",
                    "affirmera",
                    "affirmèrent",
                ],
            ),
            (
                "dénoncer",
                &["dénonçait", "dénoncées", "dénonçant", "dénoncions"],
            ),
            ("exiger", &["exigeait", "exigeant", "exigea"]),
            ("révéler", &["révèle", "révélé", "révèlerait", "révélera"]),
            ("célébrer", &["célèbre", "célébra"]),
            ("rappeler", &["rappelle", "rappelait", "rappellera"]),
            (
                "prétendre",
                &[
                    "prétend",
                    "prétendait",
                    "prétendu",
                    "prétendrait",
                    "prétendent",
                ],
            ),
            (
                "admettre",
                &["admet", "admis", "admettent", "admise", "admirent"],
            ),
            (
                "soutenir",
                &[
                    "soutient",
                    "soutenaient",
                    "soutiendrait",
                    "soutint",
                    "soutenu",
                ],
            ),
            ("reconnaître", &["reconnaît", "reconnu", "reconnaissait"]),
            ("pouvoir", &["auraient"; 0]),
            ("devoir", &["dû", "due", "devait", "devrait", "doivent"]),
            ("avoir", &["auraient", "ait", "avaient", "ont"]),
            ("être", &["seraient", "étaient", "été", "furent"]),
            ("orchestrer", &["orchestrée", "orchestre"]),
            (
                "contraindre",
                &["contraint", "contraignait", "contraindrait"],
            ),
            ("envahir", &["envahi", "envahissait", "envahissent"]),
            ("mentir", &["ment", "mentent", "mentait"]),
        ];
        for (verb, expected) in cases {
            let forms = conjugate(verb).expect(verb);
            for form in *expected {
                assert!(
                    forms.iter().any(|(_, f)| f == form),
                    "{verb}: no {form} in {forms:?}"
                );
            }
        }
        assert!(conjugate("zut").is_none());
    }
}
