//! What tells scare quotes from citations, titles and terms: traits of a quoted span and of what
//! stands around it, each with a weight.
//!
//! The weights are those of a logistic regression over quoted spans judged by hand, all of the tune
//! part (`scripts/train-scare-quotes.py`): a span whose weights add up to more than nothing is held
//! to be scare quotes.

use std::ops::Range;

use crate::terms::finder::is_function_word;
use crate::terms::lexicon::Tongue;
use crate::terms::quotes::Quote;
use crate::terms::tokens::{Token, Tokens};
use crate::terms::voice;
use crate::terms::word_list::WordList;

/// A quoted span in its text.
pub(super) struct Span<'t> {
    pub tokens: &'t Tokens<'t>,
    pub quote: &'t Quote,
    /// The tokens between the marks.
    pub inside: Range<usize>,
    /// Whether it stands within a longer quotation.
    pub nested: bool,
    /// Whether words of speech announce it.
    pub cited: bool,
    pub tongue: Tongue,
}

/// A trait: its name, its weight, and whether a span has it.
type Trait = (&'static str, f32, fn(&Span) -> bool);

/// What counts before any trait is looked at.
const BIAS: f32 = -0.08;

#[rustfmt::skip]
static TRAITS: &[Trait] = &[
    ("speech announces it", -1.32, |s| s.cited),
    ("a name by its capitals", -2.11, |s| s.is_name()),
    ("a word before announces a name", -1.33, |s| s.is_titled()),
    ("built as a sentence", -0.88, |s| s.is_speech()),
    ("within a quotation", 0.32, |s| s.nested),
    ("presented as a word", -0.3, |s| s.is_presented()),
    ("one word", 0.97, |s| s.words() == 1),
    ("two words", 0.31, |s| s.words() == 2),
    ("four words or more", -0.7, |s| s.words() >= 4),
    ("six words or more", -0.51, |s| s.words() >= 6),
    ("a verb of speech before it", -0.17, |s| s.has_speech_before()),
    ("a verb of speech close before it", -0.33, |s| s.has_speech_close()),
    ("a verb of speech after it", -0.2, |s| s.has_speech_after()),
    ("a source is named", -0.34, |s| s.has_source()),
    ("after a definite article", 1.07, |s| DEFINITE.contains(s.before(1))),
    ("after a possessive", 0.78, |s| POSSESSIVE.contains(s.before(1))),
    ("after a demonstrative", 0.39, |s| DEMONSTRATIVE.contains(s.before(1))),
    ("after an indefinite article", -0.13, |s| INDEFINITE.contains(s.before(1))),
    ("after du or des", -0.15, |s| PARTITIVE.contains(s.before(1))),
    ("after another preposition", 0.38, |s| PREPOSITIONS.contains(s.before(1))),
    ("after comme", -0.4, |s| matches!(s.before(1), "comme" | "as")),
    ("after a form of to be", -0.18, |s| COPULA.contains(s.before(1))),
    ("after a content word", 0.33, |s| s.follows_content(false)),
    ("after a name", -0.25, |s| s.follows_content(true)),
    ("after a word of irony", 0.44, |s| s.nearby(3).any(|word| IRONY.contains(word))),
    ("opens with a function word", 0.48, |s| s.opens_small()),
    ("opens with an infinitive", -0.34, |s| s.opens_infinitive()),
    ("a content word follows", 0.23, |s| s.precedes_content()),
    ("ends its sentence", -0.61, |s| s.ends_sentence()),
    ("a quotation in its paragraph", -1.19, |s| s.others_of_text(7)),
    ("claims worth or fact", 1.41, |s| s.inside_plain().any(|word| WORTH.contains(word))),
    ("after a claim about oneself or a pretext", 1.61, |s| s.follows_claim()),
    ("one word shaped as an adjective", 0.5, |s| s.is_adjective()),
];

static DEFINITE: WordList = WordList::new("le la les l' the");
static POSSESSIVE: WordList = WordList::new(
    "son sa ses leur leurs mon ma mes notre nos votre vos his her its their our your my",
);
static DEMONSTRATIVE: WordList =
    WordList::new("ce cet cette ces tel telle tels telles this that these those such");
static INDEFINITE: WordList = WordList::new("un une a an");
static PARTITIVE: WordList = WordList::new("du des au aux some");
static PREPOSITIONS: WordList = WordList::new(
    "à en pour par sur sous dans contre avec sans entre vers chez to in for by on with against \
     without from",
);
static COPULA: WordList = WordList::new(
    "est sont était étaient être été sera serait seraient devenu devenue devenir fut n'est pas \
     plus is are was were be been not",
);

/// Words that make light of the noun they go with.
static IRONY: WordList = WordList::new(
    "certain certaine certains certaines fameux fameuse fameuses autre autres propre propres \
     véritable véritables vrai vraie vrais vraies nouveau nouvelle nouveaux nouvelles grand \
     grande grands grandes même mêmes pareil pareille mythique prétexte couvert supposément \
     prétendument so-called certain famous own new great pretext guise supposedly",
);

/// Words that claim something for what they name: worth, right, knowledge, good will; or the very
/// fact that one side denies. Between marks the claim is held off.
static WORTH: WordList = WordList::new(
    "démocratique démocratiques démocratie indépendant indépendante indépendants \
     indépendance libre libres liberté ami amis amie amitié allié alliés partenaire \
     partenaires collègue collègues expert experts spécialiste spécialistes scientifique \
     scientifiques aide soutien paix pacifique valeurs victoire victoires succès réussite \
     solution preuve preuves enquête enquêtes élection élections référendum libération \
     libérateurs menace menaces ennemi ennemis agression ingérence rationnel rationnelle \
     rationnels normal normalement honnête honnêtes bon bons bonne grand grande \
     progressiste progressistes progrès libéral libéraux libérale communauté neutre \
     neutralité officiel officiels officielle ordre règles explication explications vérité \
     vérités cadeau cadeaux récompense bienveillant sûr sûrs efficace efficaces civilisé \
     civilisés humanitaire protection protéger justice justifier sécurité révolution \
     révolutionnaires révolutionnaire combattants combattant héros martyr martyrs sauveur \
     serviteurs peuple science réforme réformes modernisation transparence transparent \
     ingénieux ingénieuse courageux privilège dialogue négociations volontaire volontaires \
     patriotes élite élites surdoué antisystème coupable coupables dangereux rumeurs erreur \
     erronée inévitable accidentellement soudainement guerre opération occupation génocide \
     terrorisme terroriste terroristes crime russe russes totalitaire agresseur modérés \
     invasion attaque attaqué dénazification dénazifier démilitarisation conditions utiles \
     utile besoin democratic independent free ally allies partner partners experts peace \
     liberation victory success evidence investigation election aid help freedom",
);

/// Words by which someone is said to claim what he is, or to hide behind a reason.
static CLAIM: WordList = WordList::new(
    "prétend prétendent prétendant prétendait proclame proclament proclamés proclamé présentent \
     présente présentant considère considèrent considérait considéraient prétexte couvert \
     prétendument soi-disant supposé supposés supposée prétendue prétendues prétendu prétendus \
     claims claiming supposedly purportedly pretext guise",
);

/// Verbs that do so with *se* alone: *se dit*, *se veulent*.
static REFLEXIVE_CLAIM: WordList = WordList::new("dit disent disant veut veulent croit croient");

/// Words that announce the name or title of something: right before the quoted span, or with an
/// adjective between.
static NAMED: WordList = WordList::new(
    "film livre roman journal quotidien hebdomadaire magazine revue chaîne émission série \
     chanson album titre titré titrée intitulé intitulée intitulés intitulées opéra pièce \
     documentaire opération projet programme nommé nommée nommés baptisé baptisée surnommé \
     surnommée appelé appelée appelés appelées dénommé dénommée navire sous-marin missile \
     missiles drone drones char chars club association société entreprise agence groupe \
     bataillon régiment rubrique article ouvrage essai tableau slogan slogans hashtag cri cris \
     prix coalition parti partis site base données page résolution mouvement plan gazoduc loi \
     formule mention inscription devise marque système systèmes lance-roquettes bombardier \
     compte catégorie étiquette label conférence forum refrain chapitre variant désignation poste \
     fonction principe stratégie bataille rebaptisé rebaptisée maladie variante brigade \
     division légion cabinet politique pancarte portail plateforme concept technique \
     movie book novel newspaper show series song titled entitled called named dubbed project \
     program operation battalion regiment company party website column movement resolution bill \
     law",
);

/// Words that present the quoted word as a word, or as someone's.
static PRESENTED: WordList = WordList::new(
    "mot mots terme termes expression qualifie qualifié qualifiée qualifiés qualifiées qualifiant \
     qualifier qualifient traité traités traiter surnommer appellent appelle appelait désigne \
     décrit décrite décrites décrits désignées word words term terms phrase",
);

/// Words that only a sentence holds.
static SENTENCE: WordList = WordList::new(
    "est sont était n' ne c' j' je nous vous il ils doit peut is are was we i you not",
);

/// What the weights of a span's traits add up to: more than nothing for scare quotes.
pub(super) fn weight(span: &Span) -> f32 {
    let held = TRAITS.iter().filter(|(_, _, has)| has(span));
    held.fold(BIAS, |sum, (_, weight, _)| sum + weight)
}

impl Span<'_> {
    fn words(&self) -> usize {
        self.inside.len()
    }

    fn inside_plain(&self) -> impl Iterator<Item = &str> {
        self.tokens.tokens[self.inside.clone()]
            .iter()
            .map(Token::plain)
    }

    fn follows_claim(&self) -> bool {
        self.nearby(4).any(|word| CLAIM.contains(word))
            || self.nearby(4).any(|word| REFLEXIVE_CLAIM.contains(word))
                && self.nearby(4).any(|word| matches!(word, "se" | "s'"))
    }

    fn is_adjective(&self) -> bool {
        let endings = [
            "ble", "eux", "euse", "ique", "el", "elle", "if", "ive", "al", "aux", "ale", "é", "ée",
            "ant", "ante", "ent",
        ];
        let mut words = self.inside_plain();
        let first = words.next().unwrap_or("");
        let stem = first.strip_suffix('s').unwrap_or(first);
        let shaped = endings
            .iter()
            .any(|e| stem.ends_with(e) || first.ends_with(e));
        words.next().is_none() && shaped
    }

    /// The words before, the closest first, as far as the clause goes.
    pub fn nearby(&self, most: usize) -> impl Iterator<Item = &str> {
        let from = self.inside.start.saturating_sub(most);
        let clause = (from + 1..=self.inside.start)
            .rev()
            .find(|&at| self.tokens.gaps[at].hard);
        let near = &self.tokens.tokens[clause.unwrap_or(from)..self.inside.start];
        near.iter().rev().map(Token::plain)
    }

    /// The word so many places before, as far as the clause goes.
    fn before(&self, places: usize) -> &str {
        self.nearby(places).nth(places - 1).unwrap_or("")
    }

    /// Whether its words are a name or a title: their content in capitals or with digits, or, of
    /// several words, the first in capitals where no sentence begins; or no words at all.
    pub fn is_name(&self) -> bool {
        let words = &self.tokens.tokens[self.inside.clone()];
        let letters = |t: &Token| t.plain().chars().filter(|c| c.is_alphabetic()).count() > 1;
        let mut content = words
            .iter()
            .filter(|t| !is_function_word(t.plain()) && letters(t));
        let start = self.inside.start;
        let opens_sentence = start == 0 || self.tokens.gaps[start].sentence_end;
        let capital = words.first().is_some_and(|t| t.capitalised) && !opens_sentence;
        let digit = |t: &Token| t.plain().contains(|c: char| c.is_ascii_digit());
        capital || words.iter().any(digit) || content.all(|t| t.capitalised)
    }

    fn is_titled(&self) -> bool {
        self.nearby(4).take(2).any(|word| NAMED.contains(word))
    }

    pub fn is_presented(&self) -> bool {
        self.nearby(4).any(|word| PRESENTED.contains(word))
    }

    /// Whether it is speech: it ends as a sentence does, holds what only sentences hold, stands
    /// behind a colon or alone.
    fn is_speech(&self) -> bool {
        let text = self.tokens.text;
        let inner = text[self.quote.inner.clone()].trim();
        let before = text[..self.quote.outer.start].trim_end();
        let after = text[self.quote.outer.end..].trim_start();
        let words = &self.tokens.tokens[self.inside.clone()];
        let alone = before.is_empty() && after.trim_matches(['.', ' ']).is_empty();
        inner.ends_with(['.', '?', '!', '…', ','])
            || before.ends_with(':')
            || alone
            || words.iter().any(|t| SENTENCE.contains(t.plain()))
    }

    fn sentence(&self) -> Range<usize> {
        let last = self.tokens.tokens.len().saturating_sub(1);
        self.tokens.sentence(self.inside.start.min(last))
    }

    fn tells(&self, range: Range<usize>) -> bool {
        let words = self.tokens.tokens.get(range).unwrap_or_default();
        words.iter().any(|t| voice::tells(t.plain(), self.tongue))
    }

    fn has_speech_before(&self) -> bool {
        self.tells(self.sentence().start..self.inside.start)
    }

    fn has_speech_close(&self) -> bool {
        self.nearby(4).any(|word| voice::tells(word, self.tongue))
    }

    fn has_speech_after(&self) -> bool {
        let end = self.sentence().end.max(self.inside.end);
        self.tells(self.inside.end..end.min(self.inside.end + 6))
    }

    fn has_source(&self) -> bool {
        let words = &self.tokens.tokens[self.sentence().start..self.inside.start];
        let source = |word: &str| matches!(word, "selon" | "d'après" | "après" | "according");
        words.iter().any(|t| source(t.plain()))
    }

    fn follows_content(&self, capitalised: bool) -> bool {
        let before = self.inside.start.checked_sub(1);
        let before = before.map(|at| &self.tokens.tokens[at]);
        !self.follows_stop()
            && before.is_some_and(|t| t.capitalised == capitalised && !is_small(t.plain()))
    }

    fn follows_stop(&self) -> bool {
        let before = self.tokens.text[..self.quote.outer.start].trim_end();
        before.ends_with([':', ',', '(', '–', '—', '-', ';', '.', '»', '!', '?'])
    }

    fn opens_small(&self) -> bool {
        let first = self.tokens.tokens.get(self.inside.start);
        first.is_some_and(|t| is_small(t.plain()))
    }

    fn opens_infinitive(&self) -> bool {
        let words = &self.tokens.tokens[self.inside.clone()];
        let first = words.iter().find(|t| !is_small(t.plain()));
        first.is_some_and(|t| t.plain().ends_with("er") || t.plain().ends_with("ir"))
    }

    fn precedes_content(&self) -> bool {
        let next = self.tokens.tokens.get(self.inside.end);
        let gap = self.tokens.gaps[self.inside.end];
        !gap.hard && !gap.soft && next.is_some_and(|t| !is_small(t.plain()))
    }

    fn ends_sentence(&self) -> bool {
        self.tokens.gaps[self.inside.end].sentence_end
            || self.inside.end == self.tokens.tokens.len()
    }

    /// Whether a quoted span of so many words and more stands in the paragraph.
    fn others_of_text(&self, least: usize) -> bool {
        let around = self
            .tokens
            .quotes_from(self.quote.outer.start.saturating_sub(600)..self.quote.outer.end + 600);
        around
            .iter()
            .any(|quote| self.tokens.inside(&quote.inner).len() >= least)
    }
}

fn is_small(word: &str) -> bool {
    is_function_word(word) || matches!(word, "the" | "a" | "an" | "of" | "to" | "and" | "in")
}

#[cfg(test)]
mod tests {
    use std::io::BufRead;

    use super::*;
    use crate::terms::scare_quotes::spans;

    /// Prints the traits of every span of the lines of standard input, for
    /// `scripts/train-scare-quotes.py`: line, first byte, then a digit for each trait.
    #[test]
    #[ignore = "prints what the weights are trained on"]
    #[allow(clippy::print_stdout)]
    fn print_traits() {
        let names: Vec<&str> = TRAITS.iter().map(|(name, ..)| *name).collect();
        println!("traits\t{}", names.join("\t"));
        for (at, line) in std::io::stdin().lock().lines().enumerate() {
            let line = line.expect("a line");
            let tokens = Tokens::new(&line);
            let voices = voice::Voices::new(&tokens, Tongue::French, None);
            for span in spans(&tokens, &voices, Tongue::French) {
                let held: String = TRAITS
                    .iter()
                    .map(|(.., has)| if has(&span) { '1' } else { '0' })
                    .collect();
                println!("span\t{at}\t{}\t{held}", span.quote.outer.start);
            }
        }
    }
}
