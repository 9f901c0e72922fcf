//! The words that tell of speech: verbs, prepositions, pronouns.

use std::sync::OnceLock;

use crate::terms::conjugation::{self, Tense};
use crate::terms::english_inflection;
use crate::terms::keys::{FastMap, key};
use crate::terms::lexicon::Tongue;
use crate::terms::table::Sieve;
use crate::terms::tokens::Token;
use crate::terms::word_list::WordList;

/// How a form of a verb of speech stands in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// *affirme*, *said*: needs a subject alone.
    Finite,
    /// *affirmé*: needs an auxiliary.
    Participle,
    /// *affirmant*.
    Gerund,
    /// *affirmer*.
    Infinitive,
}

static FRENCH_VERBS: WordList = WordList::new(
    "dire déclarer affirmer ajouter expliquer estimer souligner préciser indiquer assurer \
     annoncer rappeler noter répondre conclure confier lancer insister écrire commenter \
     poursuivre juger prétendre soutenir dénoncer promettre avertir prévenir ironiser \
     marteler reconnaître admettre avouer considérer penser croire alléguer signaler révéler \
     raconter constater observer remarquer répéter réaffirmer jurer clamer proclamer exclamer \
     regretter déplorer supposer suggérer résumer argumenter rétorquer répliquer tonner \
     fustiger plaider qualifier accuser espérer craindre communiquer renchérir tweeter \
     publier nier démentir menacer exiger condamner critiquer féliciter évoquer appeler demander exhorter parler traiter \
     décrire proposer scander crier murmurer chanter reprocher louer vanter remercier saluer \
     protester déconseiller conseiller recommander ordonner réclamer inviter informer \
     rapporter relater titrer citer prononcer alerter inciter souhaiter plaindre convaincre",
);

static ENGLISH_VERBS: WordList = WordList::new(
    "say state declare claim add explain tell insist note argue warn announce stress write \
     tweet allege assert maintain believe reply report respond conclude comment describe \
     suggest admit acknowledge deny call recall emphasise underline ask quip recount think \
     point remark continue accuse denounce vow promise condemn highlight contend",
);

/// Words that stand between a subject and its verb of speech: auxiliaries, pronouns, adverbs.
static BETWEEN: WordList = WordList::new(
    "a ont avait avaient aurait auraient ait eut n' ne pas l' lui leur y en s' se est sont \
     nous m' été également aussi ensuite alors déjà ainsi pourtant par ailleurs encore has have \
     had also then later further not did who avant cependant toutefois même récemment \
     recently previously earlier repeatedly",
);

/// Auxiliaries that a participle of speech needs.
static AUXILIARIES: WordList = WordList::new(
    "a ont avait avaient aurait auraient ai avons as est sont était étaient has have had ait \
     aient eut ayant",
);

/// The third person, whose name stands earlier.
static PRONOUNS: WordList = WordList::new(
    "il elle ils elles lui eux he she they him her them celui-ci celle-ci ce-dernier ceux-ci \
     dernier dernière latter",
);

/// The first person and others that name nobody.
static NOBODY: WordList = WordList::new(
    "je j' nous on vous tu i we you it moi cela ça ce c' that this rien personne qui which \
     what plusieurs certains",
);

/// A verb of speech among the words of a text.
pub(super) fn speech(word: &str, tongue: Tongue) -> Option<Form> {
    speech_by(key(word), tongue)
}

/// The same by the number of the word (see [`crate::terms::keys`]).
pub(super) fn speech_by(key: u64, tongue: Tongue) -> Option<Form> {
    let cues = cues(tongue);
    cues.sieve.may_hold(key).then_some(())?;
    cues.forms.get(&key).copied()
}

/// Whether a word may tell of speech by itself or with those behind it: most do not.
pub(super) fn may_tell(word: &Token, tongue: Tongue) -> bool {
    cues(tongue).sieve.may_hold(word.key()) || inverted(word.plain()).is_some()
}

/// What tells of speech in a language.
struct Cues {
    /// The forms of the verbs, by their numbers.
    forms: FastMap<u64, Form>,
    /// The forms, and the first words of the prepositions.
    sieve: Sieve,
}

impl Cues {
    /// How many bits of a number tell its place in the sieve.
    const SIEVE: u32 = 15;

    fn new(verbs: impl Iterator<Item = Vec<(Tense, String)>>, prepositions: &[Cue]) -> Self {
        let forms = table(verbs);
        let first = prepositions.iter().map(|(first, _)| key(first));
        let sieve = Sieve::new(Self::SIEVE, forms.keys().copied().chain(first));
        Self { forms, sieve }
    }
}

fn cues(tongue: Tongue) -> &'static Cues {
    static FRENCH: OnceLock<Cues> = OnceLock::new();
    static ENGLISH: OnceLock<Cues> = OnceLock::new();
    match tongue {
        Tongue::French => FRENCH.get_or_init(|| {
            let verbs = FRENCH_VERBS.iter().filter_map(conjugation::conjugate);
            Cues::new(verbs, FRENCH_PREPOSITIONS)
        }),
        Tongue::English => ENGLISH.get_or_init(|| {
            let verbs = ENGLISH_VERBS.iter().map(english_inflection::verb);
            Cues::new(verbs, ENGLISH_PREPOSITIONS)
        }),
    }
}

fn table(verbs: impl Iterator<Item = Vec<(Tense, String)>>) -> FastMap<u64, Form> {
    let mut table = FastMap::default();
    for (tense, form) in verbs.flatten() {
        let kind = match tense {
            Tense::Present | Tense::Imperfect | Tense::Past | Tense::Future => Form::Finite,
            Tense::Conditional => Form::Finite,
            Tense::Participle => Form::Participle,
            Tense::Gerund => Form::Gerund,
            Tense::Infinitive => Form::Infinitive,
            Tense::Subjunctive => continue,
        };
        // *dit* and *said* are both: that they may be finite is what counts.
        let held = table.entry(key(&form)).or_insert(kind);
        if kind == Form::Finite {
            *held = kind;
        }
    }
    table
}

pub(super) fn stands_between(word: &str) -> bool {
    BETWEEN.contains(word)
}

pub(super) fn is_auxiliary(word: &str) -> bool {
    AUXILIARIES.contains(word) || word.starts_with("a-t-") || word.starts_with("ont-")
}

/// Auxiliaries that make a participle passive.
static PASSIVE: WordList =
    WordList::new("est sont était étaient été fut furent is are was were been");

pub(super) fn is_passive(word: &str) -> bool {
    PASSIVE.contains(word)
}

pub(super) fn is_pronoun(word: &str) -> bool {
    PRONOUNS.contains(word)
}

pub(super) fn names_nobody(word: &str) -> bool {
    NOBODY.contains(word)
}

/// *dit-il*, *a-t-elle*, *assurent-ils*: a verb with its subject, the third person, behind it.
pub(super) fn inverted(word: &str) -> Option<&str> {
    // Most words end otherwise.
    word.ends_with(['l', 'e', 's']).then_some(())?;
    ["-il", "-elle", "-ils", "-elles"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .map(|verb| verb.strip_suffix("-t").unwrap_or(verb))
}

/// The first word of a preposition that names a source, and what may stand behind it.
type Cue = (&'static str, &'static [&'static [&'static str]]);

const FRENCH_PREPOSITIONS: &[Cue] = &[
    ("selon", &[&[]]),
    ("dixit", &[&[]]),
    ("d'", &[&["après"]]),
    ("aux", &[&["yeux", "de"], &["yeux", "du"], &["yeux", "des"]]),
    (
        "de",
        &[
            &["l'", "avis", "de"],
            &["l'", "avis", "du"],
            &["l'", "avis", "des"],
            &["l'", "aveu", "de"],
        ],
    ),
    ("à", &[&["en", "croire"]]),
];

const ENGLISH_PREPOSITIONS: &[Cue] = &[
    ("according", &[&["to"]]),
    (
        "in",
        &[
            &["the", "words", "of"],
            &["the", "eyes", "of"],
            &["the", "view", "of"],
        ],
    ),
];

/// How many tokens a preposition that names a source takes: *selon*, *d'* *après*, *according to*.
pub(super) fn preposition(words: &[Token], tongue: Tongue) -> Option<usize> {
    let (first, behind) = words.split_first()?;
    let prepositions = match tongue {
        Tongue::French => FRENCH_PREPOSITIONS,
        Tongue::English => ENGLISH_PREPOSITIONS,
    };
    let (_, cues) = prepositions
        .iter()
        .find(|(word, _)| *word == first.plain())?;
    let stands = |cue: &&&[&str]| {
        let mut pairs = cue.iter().zip(behind);
        behind.len() >= cue.len() && pairs.all(|(word, token)| *word == token.plain())
    };
    Some(1 + cues.iter().find(stands)?.len())
}
