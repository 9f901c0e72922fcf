//! Whose word a term is: the writer's, or a speaker's in a quotation or in reported speech.
//!
//! A paragraph is read for what tells of speech (*X a déclaré que*, *selon X*, *dit-il*), each with
//! its speaker. Quoted spans take the speaker of what tells of speech right after them, inside them
//! or before them in the sentence; reported speech is what follows *que*, or the sentence of a
//! *selon X*. A pronoun stands for the last speaker that was named.

mod cues;
mod events;
mod speaker;
mod stretches;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::ops::Range;

use super::effort::spend;
use super::lexicon::Tongue;
use super::quotes::Quote;
use super::tokens::{Token, Tokens};
use super::word_list::WordList;
use crate::bitext::Voice;
use cues::Form;
use events::Events;
use speaker::Speaker;
use stretches::{Spoken, Stretches};

/// Quotations of so many words and more are of the last speaker, where nothing else is said.
const LONG: usize = 6;

/// How far an infinitive or a gerund of speech is from what it announces, in tokens.
const ASIDE: usize = 6;

/// The voices of a paragraph.
#[derive(Debug)]
pub(super) struct Voices {
    stretches: Stretches,
    /// The insides of the quoted spans that words of speech announce.
    cited: HashSet<Range<usize>>,
    /// The speaker that was named last.
    pub last: Option<String>,
}

/// Something that tells of speech.
struct Event {
    /// The verb or the preposition.
    at: usize,
    /// The tokens that tell of it, with the speaker's name where that stands behind.
    phrase: Range<usize>,
    kind: Kind,
    /// The speaker before a verb.
    before: Option<String>,
    /// The speaker behind it.
    after: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// *selon X*
    Source,
    /// *X affirme*
    Verb,
    /// *dit-il*
    Inverted,
    /// *affirmant*, *affirmer*
    Aside,
}

impl Event {
    fn speaker(&self) -> Option<&String> {
        self.before.as_ref().or(self.after.as_ref())
    }

    /// The speaker, first the one behind the verb where the quotation stands before it.
    fn named(&self, behind: bool) -> Option<&String> {
        match behind {
            true => self.after.as_ref().or(self.before.as_ref()),
            false => self.speaker(),
        }
    }
}

impl Voices {
    /// The voices of the paragraph `tokens`; `earlier` is who was named last before it.
    pub fn new(tokens: &Tokens, tongue: Tongue, earlier: Option<String>) -> Self {
        let mut voices = Self::behind(earlier);
        let events = Events::new(tokens, voices.events(tokens, tongue));
        let mut reported = Vec::new();
        for event in &events.all {
            add_reported(tokens, event, tongue, &mut reported);
        }
        let mut speaking = None;
        let mut quoted = Vec::with_capacity(tokens.quotes.len());
        for quote in &tokens.quotes {
            spend(1);
            let said = quoted_by(tokens, quote, &events);
            let speaker = said
                .and_then(|(event, behind)| event.named(behind))
                .cloned();
            let inside = tokens.inside(&quote.inner);
            let speaker = speaker.or_else(|| speaking.clone().filter(|_| inside.len() >= LONG));
            if inside.len() >= LONG && speaker.is_some() {
                speaking.clone_from(&speaker);
            }
            if said.is_some() {
                voices.cited.insert(quote.inner.clone());
            }
            quoted.push(Spoken {
                bytes: quote.inner.clone(),
                speaker,
            });
        }
        let unclosed = unclosed(tokens).map(|open| {
            let mut earlier = events.all.iter().rev();
            let before = earlier.find(|event| byte_of(tokens, event.at) < open);
            Spoken {
                bytes: open..tokens.text.len(),
                speaker: before.and_then(Event::speaker).cloned(),
            }
        });
        voices.stretches = Stretches::new(reported, quoted, unclosed);
        voices
    }

    /// Who was named last at the end of the paragraph `tokens`; `earlier` was before it.
    pub fn last_named(tokens: &Tokens, tongue: Tongue, earlier: Option<String>) -> Option<String> {
        let mut voices = Self::behind(earlier);
        voices.events(tokens, tongue);
        voices.last
    }

    /// None yet, behind a paragraph in which `earlier` was named last.
    fn behind(earlier: Option<String>) -> Self {
        Self {
            stretches: Stretches::default(),
            cited: HashSet::new(),
            last: earlier,
        }
    }

    /// Whether words of speech announce the quoted span `inner`.
    pub fn cites(&self, inner: &Range<usize>) -> bool {
        self.cited.contains(inner)
    }

    /// Whose word the text at `bytes` is: that of the innermost stretch whose speaker is named.
    pub fn of(&self, bytes: &Range<usize>) -> Voice {
        match self.stretches.around(bytes) {
            (_, Some(to)) => Voice::Attributed { to: to.to_owned() },
            (true, None) => Voice::Quoted,
            (false, None) => Voice::Author,
        }
    }

    /// What tells of speech, in the order of the text, pronouns resolved.
    fn events(&mut self, tokens: &Tokens, tongue: Tongue) -> Vec<Event> {
        let words = &tokens.tokens;
        let mut events = Vec::new();
        for (at, word) in words.iter().enumerate() {
            if !cues::may_tell(word, tongue) {
                continue;
            }
            if let Some(length) = cues::preposition(&words[at..], tongue) {
                let after = speaker::after(tokens, at + length);
                let end = end_of(&after, at + length);
                events.push(Event {
                    at,
                    phrase: at..end,
                    kind: Kind::Source,
                    before: None,
                    after: self.resolved(tokens, after),
                });
                continue;
            }
            if let Some(verb) = cues::inverted(word.plain()) {
                let next = words.get(at + 1);
                let next = next.and_then(|next| cues::speech_by(next.key(), tongue));
                let perfect = cues::is_auxiliary(verb) && next.is_some();
                if perfect || cues::speech(verb, tongue).is_some() {
                    events.push(Event {
                        at,
                        phrase: at..at + 1 + usize::from(perfect),
                        kind: Kind::Inverted,
                        before: None,
                        after: self.last.clone(),
                    });
                }
                continue;
            }
            let Some(form) = cues::speech_by(word.key(), tongue) else {
                continue;
            };
            let first = verb_group(words, at);
            let group = &words[first..at];
            let auxiliary = group.iter().any(|word| cues::is_auxiliary(word.plain()));
            let noun = form == Form::Finite && at > 0 && is_noun(words[at - 1].plain(), tongue);
            if form == Form::Participle && !auxiliary || noun {
                continue;
            }
            // *est accusé par X*: the subject is not who speaks.
            let passive = form == Form::Participle
                && group.iter().any(|word| cues::is_passive(word.plain()))
                && group.iter().all(|word| word.plain() != "s'");
            let agent = words
                .get(at + 1)
                .is_some_and(|word| matches!(word.plain(), "par" | "by"));
            let (before, after) = match passive {
                _ if form == Form::Infinitive => (None, None),
                true if agent => (None, speaker::after(tokens, at + 2)),
                true => (None, None),
                false => (speaker::before(tokens, at), speaker::after(tokens, at + 1)),
            };
            let end = end_of(&after, at + 1);
            // *L'accord, affirme X, est mort*: between commas the subject stands behind.
            let incised = tokens.gaps[first].soft
                && matches!(after, Some(Speaker::Named(_)))
                && tokens.gaps.get(end).is_some_and(|gap| gap.soft || gap.hard);
            let before = before.filter(|_| !incised);
            let before = self.resolved(tokens, before);
            // What stands behind a verb is its subject only where none stands before it.
            let after = match before {
                Some(_) => None,
                None => self.resolved(tokens, after),
            };
            // *menaces*, *note*: without a subject a finite form is a noun.
            if form == Form::Finite && before.is_none() && after.is_none() {
                continue;
            }
            events.push(Event {
                at,
                phrase: first..if after.is_some() { end } else { at + 1 },
                kind: match form {
                    Form::Gerund | Form::Infinitive => Kind::Aside,
                    Form::Finite | Form::Participle => Kind::Verb,
                },
                before,
                after,
            });
        }
        events
    }

    /// The speaker's name, and whom pronouns mean from now on.
    fn resolved(&mut self, tokens: &Tokens, speaker: Option<Speaker>) -> Option<String> {
        match speaker? {
            Speaker::Named(named) => {
                let name = Speaker::text(tokens, &named)?;
                self.last = Some(name.clone());
                Some(name)
            }
            Speaker::Earlier => self.last.clone(),
        }
    }
}

/// Adds the speech that an event reports without quotation marks.
fn add_reported(tokens: &Tokens, event: &Event, tongue: Tongue, reported: &mut Vec<Spoken>) {
    let Some(speaker) = event.speaker().cloned() else {
        return;
    };
    let sentence = tokens.sentence(event.at);
    let mut add = |tokens_of: Range<usize>| {
        if let (Some(first), Some(last)) = (
            tokens.tokens.get(tokens_of.start),
            tokens_of
                .end
                .checked_sub(1)
                .and_then(|end| tokens.tokens.get(end)),
        ) && tokens_of.start < tokens_of.end
        {
            // Marks around the words belong to them.
            reported.push(Spoken {
                bytes: first.bytes.start.saturating_sub(2)..last.bytes.end + 3,
                speaker: Some(speaker.clone()),
            });
        }
    };
    let plain = |at: usize| tokens.tokens.get(at).map_or("", |t| t.plain());
    let incised = tokens.gaps[event.phrase.start].soft;
    match event.kind {
        Kind::Source => {
            add(sentence.start..event.phrase.start);
            add(event.phrase.end..sentence.end);
        }
        // *L'accord, affirme X, est mort.*
        Kind::Verb if event.after.is_some() && incised => {
            add(sentence.start..event.phrase.start);
            add(event.phrase.end..sentence.end);
        }
        Kind::Inverted if incised => add(sentence.start..event.phrase.start),
        Kind::Verb | Kind::Aside => {
            let next = event.at + 1;
            if matches!(plain(next), "que" | "qu'" | "that") {
                add(next + 1..sentence.end);
            } else if tongue == Tongue::English && bare(plain(event.at)) {
                match next >= sentence.end {
                    true => add(sentence.start..event.phrase.start),
                    false if !tokens.gaps[next].opens && !tokens.gaps[next].hard => {
                        add(next..sentence.end);
                    }
                    false => {}
                }
            }
        }
        Kind::Inverted => {}
    }
}

/// Whether `word` is a form of a verb of speech.
pub(super) fn tells(word: &str, tongue: Tongue) -> bool {
    cues::speech(word, tongue).is_some()
}

/// English verbs whose report needs no *that*.
fn bare(verb: &str) -> bool {
    matches!(
        verb,
        "said"
            | "says"
            | "claimed"
            | "claims"
            | "argued"
            | "argues"
            | "insisted"
            | "insists"
            | "stated"
            | "believes"
            | "believed"
            | "alleged"
            | "warned"
            | "warns"
    )
}

/// Words after which a form of speech is a noun (*la note*, *a claim*).
fn is_noun(before: &str, tongue: Tongue) -> bool {
    static FRENCH: WordList =
        WordList::new("la une un le cette ce sa son les des ces du de aux au");
    static ENGLISH: WordList = WordList::new("the a an this his its their of no any to");
    match tongue {
        Tongue::French => FRENCH.contains(before),
        Tongue::English => ENGLISH.contains(before),
    }
}

/// Where the auxiliaries and pronouns of the verb at `at` begin.
fn verb_group(words: &[Token], at: usize) -> usize {
    let mut first = at;
    let adverb = |word: &str| word.len() > 6 && (word.ends_with("ment") || word.ends_with("ly"));
    let between = |word: &str| cues::stands_between(word) || adverb(word);
    while first > 0 && at - first < 5 && between(words[first - 1].plain()) {
        first -= 1;
    }
    first
}

fn end_of(speaker: &Option<Speaker>, at: usize) -> usize {
    match speaker {
        Some(Speaker::Named(named)) => named.end,
        Some(Speaker::Earlier) => at + 1,
        None => at,
    }
}

fn byte_of(tokens: &Tokens, at: usize) -> usize {
    tokens
        .tokens
        .get(at)
        .map_or(tokens.text.len(), |t| t.bytes.start)
}

/// Where a quotation opens that the paragraph does not close.
fn unclosed(tokens: &Tokens) -> Option<usize> {
    let at = tokens.text.rfind(['«', '“'])?;
    let alone = !tokens.text[at..].contains(['»', '”'])
        && tokens.quotes.iter().all(|quote| quote.outer.start != at);
    let mark = tokens.text[at..].chars().next()?;
    alone.then_some(at + mark.len_utf8())
}

/// What tells of speech for a quotation, and whether it stands behind it: right behind it, inside
/// it, or before it in its sentence.
fn quoted_by<'e>(tokens: &Tokens, quote: &Quote, events: &'e Events) -> Option<(&'e Event, bool)> {
    let inside = tokens.inside(&quote.inner);
    let after_mark = tokens.text[quote.outer.end..].trim_start();
    let goes_on = after_mark.starts_with(|c: char| c == ',' || c == '-' || c.is_lowercase());
    let behind = events.from(inside.end);
    if let Some(event) = behind.filter(|_| goes_on) {
        // *«…», a déclaré X*; without the comma the quotation may be the verb's subject.
        let inner = tokens.text[quote.inner.clone()].trim_end();
        let whole = inner.ends_with([',', '.', '?', '!', '…']) || inside.len() >= LONG;
        let parted = after_mark.starts_with(',') || whole;
        let adjacent = event.phrase.start <= inside.end + 1 && event.speaker().is_some() && parted;
        // *«…», X said*: the subject between the quotation and its verb.
        let subject_first = whole
            && parted
            && event.before.is_some()
            && event.at <= inside.end + 8
            && tokens.sentence(event.at).end == tokens.sentence(inside.end).end;
        if adjacent || subject_first {
            return Some((event, true));
        }
    }
    if let Some(event) = events.incise(&inside) {
        return Some((event, false));
    }
    let first = inside.start.min(tokens.tokens.len().saturating_sub(1));
    let sentence = tokens.sentence(first);
    let before = events.before(inside.start)?;
    if before.at >= sentence.start {
        return announces(tokens, before, inside.start).then_some((before, false));
    }
    // *X a ironisé. «…»*, *X répond :* before a quotation that fills its sentence.
    let opens_sentence = inside.start == sentence.start;
    let ends_before = tokens.text[..quote.outer.start]
        .trim_end()
        .ends_with([':', '.', '»']);
    (opens_sentence && ends_before && inside.len() >= LONG).then_some((before, false))
}

/// Whether what tells of speech before a quotation at token `start` still bears on it: no comma
/// parts them, but between the items of a list, or reported speech holds it; an infinitive or
/// gerund bears on what is close.
fn announces(tokens: &Tokens, event: &Event, start: usize) -> bool {
    if event.kind == Kind::Source {
        return true;
    }
    let behind = event.phrase.end.max(event.at + 1);
    spend(start.saturating_sub(behind));
    let parted = (behind..=start).any(|at| {
        let gap = tokens.gaps[at];
        gap.soft && !gap.closes
    });
    if event.kind == Kind::Aside {
        return !parted && start - event.at <= ASIDE;
    }
    let next = tokens.tokens.get(event.at + 1).map_or("", |t| t.plain());
    !parted || matches!(next, "que" | "qu'" | "that")
}
