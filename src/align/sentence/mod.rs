//! Sentences of a text face to face with those of its translation.
//!
//! [`Aligner`] compares the sentences' vectors to find a band of places that may belong together
//! ([`path`]), scores every bead within it ([`score`]) and takes the best alignment ([`lattice`]).
//! It does so again: what stands opposite each other in an alignment shows which words of the texts
//! translate each other ([`learn`]), and the next is better for it.

mod bead;
mod dictionary;
mod doubt;
mod encode;
mod flags;
mod lattice;
mod learn;
mod lexical;
pub mod links;
mod pairs;
mod paragraphs;
mod path;
pub(super) mod plain;
mod score;
mod side;
mod translation;
mod vectors;
mod weights;

use std::ops::Range;

use crate::encoder::SentenceEncoder;
use crate::model;
pub use bead::{Anchors, Bead, Misplaced};
use dictionary::Dictionary;
use doubt::Places;
pub use flags::{flag_doubtful, flag_one_sided, is_doubtful};
use lattice::{Found, Sums};
use learn::Learnt;
use lexical::Lexical;
pub use pairs::{Text, bitext, line_by_line};
use paragraphs::Paragraphs;
use path::Band;
use side::Side;
pub use translation::Translator;
use weights::Weights;

/// How far beside the way through single sentences beads are searched.
const WIDTH: usize = 6;
/// How often words are learnt from an alignment and it is made anew, without an encoder.
const PLAIN_PASSES: usize = 3;
/// Code points that tell the ratio of the texts' lengths; fewer are helped out with as many alike.
const USUAL_LENGTH: f64 = 500.0;

/// Sentences left out together that are told as one bead, at most.
const LONGEST_OMISSION: usize = 10;

/// Sets texts and translations side by side.
#[derive(Debug)]
pub struct Aligner<'e> {
    encoder: Option<&'e SentenceEncoder>,
    /// The mean of the encoder's embeddings of pieces.
    mean: Vec<f32>,
    translator: Option<Translator<'e>>,
    threads: usize,
}

impl<'e> Aligner<'e> {
    /// With an encoder, or else by lengths, names, numbers, cognates and the words that the texts
    /// themselves show to stand for each other, which is worse; `threads` encode.
    pub fn new(encoder: Option<&'e SentenceEncoder>, threads: usize) -> Self {
        Self {
            encoder,
            mean: encoder
                .map(SentenceEncoder::mean_embedding)
                .unwrap_or_default(),
            translator: None,
            threads,
        }
    }

    /// Lets a translation model judge what is in doubt, where there is an encoder.
    #[must_use]
    pub fn with_translator(mut self, translator: Option<Translator<'e>>) -> Self {
        self.translator = translator;
        self
    }

    /// Aligns sentences; the beads hold each once, in order, those of the anchors among them. An
    /// empty sentence has no counterpart, unless it stands within a bead. `done` is told how many
    /// sentences of either side are encoded, from any thread.
    ///
    /// # Errors
    /// [`model::Error`] where a translation model cannot be computed with.
    pub fn align(
        &self,
        source: &Sentences<'_>,
        target: &Sentences<'_>,
        anchors: &Anchors,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Bead>, model::Error> {
        let texts = [source, target];
        let [source, target] = texts.map(|text| &*text.texts);
        let sides = [Kept::new(source), Kept::new(target)];
        let mut compared = self.sides(&sides, done);
        for (number, (side, kept)) in compared.iter_mut().zip(&sides).enumerate() {
            let alone = &anchors.alone()[number];
            for (flag, place) in side.alone.iter_mut().zip(&kept.places) {
                *flag = alone.binary_search(place).is_ok();
            }
            side.opens = kept.opens(&texts[number].opens);
        }
        let [one, other] = compared;
        let mut beads = Vec::new();
        let mut start = (0, 0);
        let ends = anchors.beads().iter().map(Some).chain([None]);
        for anchor in ends {
            let end = match anchor {
                Some(anchor) => (anchor.source.start, anchor.target.start),
                None => (source.len(), target.len()),
            };
            let gap = (start.0..end.0, start.1..end.1);
            let inner = (sides[0].inner(&gap.0), sides[1].inner(&gap.1));
            let texts = [
                &sides[0].sentences[inner.0.clone()],
                &sides[1].sentences[inner.1.clone()],
            ];
            let parts = [one.slice(inner.0.clone()), other.slice(inner.1.clone())];
            let found = self.gap([&parts[0], &parts[1]], texts)?;
            let mut at = start;
            for bead in found {
                let source = sides[0].outer(&bead.source, inner.0.start);
                let target = sides[1].outer(&bead.target, inner.1.start);
                one_sided(
                    &mut beads,
                    at,
                    (
                        source.as_ref().map_or(at.0, |range| range.start),
                        target.as_ref().map_or(at.1, |range| range.start),
                    ),
                );
                let start = (
                    source.as_ref().map_or(at.0, |range| range.start),
                    target.as_ref().map_or(at.1, |range| range.start),
                );
                at = (
                    source.map_or(start.0, |range| range.end),
                    target.map_or(start.1, |range| range.end),
                );
                beads.push(Bead {
                    source: start.0..at.0,
                    target: start.1..at.1,
                    score: bead.score,
                });
            }
            one_sided(&mut beads, at, end);
            start = end;
            if let Some(anchor) = anchor {
                start = (anchor.source.end, anchor.target.end);
                beads.push(anchor.clone());
            }
        }
        Ok(beads)
    }

    /// What is known of the sentences.
    fn sides(&self, kept: &[Kept<'_>; 2], done: &(dyn Fn(usize) + Sync)) -> [Side; 2] {
        let Some(encoder) = self.encoder else {
            let keys = |kept: &Kept<'_>| -> Vec<Vec<u32>> {
                kept.sentences
                    .iter()
                    .map(|sentence| plain::keys(sentence))
                    .collect()
            };
            let keys = [keys(&kept[0]), keys(&kept[1])];
            let importance = plain::importance([&keys[0], &keys[1]], f32::ln);
            return [0, 1].map(|number| {
                let sentences = &kept[number].sentences;
                let stems = sentences.iter().map(|sentence| plain::stems(sentence));
                let runs = plain::runs(&keys[number], &importance);
                Side::new(sentences, stems.collect(), runs)
            });
        };
        [0, 1].map(|number| {
            let sentences = &kept[number].sentences;
            let pieces: Vec<Vec<u32>> = sentences.iter().map(|s| encoder.pieces(s)).collect();
            let runs = encode::runs(encoder, &pieces, self.threads, done);
            Side::new(sentences, pieces, runs)
        })
    }

    /// Aligns what stands between two anchors.
    fn gap(
        &self,
        [source, target]: [&Side; 2],
        texts: [&[&str]; 2],
    ) -> Result<Vec<Bead>, model::Error> {
        if source.len() == 0 || target.len() == 0 {
            let mut beads = Vec::new();
            one_sided(&mut beads, (0, 0), (source.len(), target.len()));
            return Ok(beads);
        }
        let way = path::way(source.runs.sentences(), target.runs.sentences());
        let band = Band::around(&way, WIDTH);
        let search = Search::new(source, target, self.threads);
        let beads = match self.encoder {
            None => self.plainly(&search, &band),
            Some(encoder) => self.with_encoder(encoder, &search, &band, texts)?,
        };
        Ok(omissions(beads, [&source.alone, &target.alone]))
    }

    /// Aligns twice: what stands for what is known roughly from the encoder's embeddings of pieces,
    /// and then from the first alignment.
    fn with_encoder(
        &self,
        encoder: &SentenceEncoder,
        search: &Search,
        band: &Band,
        texts: [&[&str]; 2],
    ) -> Result<Vec<Bead>, model::Error> {
        let (source, target) = (search.source, search.target);
        let dictionary = Dictionary::new(encoder, &self.mean, source, target);
        let lexical = Lexical::new(&dictionary, None, band, self.threads);
        let none = Paragraphs::default();
        let beads = search.beads(band, Some(&lexical), &none, &weights::FIRST);
        let learnt = Learnt::new(&dictionary, None, &beads);
        let paragraphs = Paragraphs::learn(source, target, &beads);
        let band = Band::around(&path::through(&beads), WIDTH);
        let lexical = Lexical::new(&dictionary, Some(&learnt), &band, self.threads);
        let scores = score::scores(search, &band, Some(&lexical), &paragraphs, &weights::SECOND);
        let sums = Sums::new(&band, &scores);
        let found = lattice::best(&band, &scores, &sums);
        let found = match &self.translator {
            Some(translator) => {
                let places = Places::new((&band, &scores), (&sums, found));
                places.judged(translator, [source, target], texts, self.threads)?
            }
            None => found,
        };
        Ok(found.iter().map(Bead::from).collect())
    }

    /// Aligns without an encoder: first by lengths, names, numbers and cognates, then by the words
    /// that the alignment before shows to stand for each other.
    fn plainly(&self, search: &Search, band: &Band) -> Vec<Bead> {
        let (source, target) = (search.source, search.target);
        let mut beads = search.beads(band, None, &Paragraphs::default(), &weights::PLAIN);
        let dictionary = Dictionary::of_equals(source, target);
        let mut learnt = None;
        for _ in 0..PLAIN_PASSES {
            learnt = Some(Learnt::new(&dictionary, learnt.as_ref(), &beads));
            let paragraphs = Paragraphs::learn(source, target, &beads);
            let band = Band::around(&path::through(&beads), WIDTH);
            let lexical = Lexical::new(&dictionary, learnt.as_ref(), &band, self.threads);
            beads = search.beads(&band, Some(&lexical), &paragraphs, &weights::PLAIN_LEARNT);
        }
        beads
    }
}

/// What is searched for the best alignment.
struct Search<'a> {
    source: &'a Side,
    target: &'a Side,
    /// Code points of the target for each of the source.
    ratio: f64,
    threads: usize,
}

impl<'a> Search<'a> {
    fn new(source: &'a Side, target: &'a Side, threads: usize) -> Self {
        let lengths = [source, target].map(|side| side.length(&(0..side.len())));
        Self {
            source,
            target,
            ratio: (lengths[1] + USUAL_LENGTH) / (lengths[0] + USUAL_LENGTH),
            threads,
        }
    }

    /// The best alignment within a band.
    fn beads(
        &self,
        band: &Band,
        lexical: Option<&Lexical>,
        paragraphs: &Paragraphs,
        weights: &Weights,
    ) -> Vec<Bead> {
        let scores = score::scores(self, band, lexical, paragraphs, weights);
        let found = lattice::best(band, &scores, &Sums::new(band, &scores));
        found.iter().map(Bead::from).collect()
    }
}

impl From<&Found> for Bead {
    fn from(found: &Found) -> Self {
        Self {
            source: found.end.0 - found.kind.0..found.end.0,
            target: found.end.1 - found.kind.1..found.end.1,
            score: Some(found.probability),
        }
    }
}

/// Joins what stands alone on one side without a break to one bead, up to [`LONGEST_OMISSION`];
/// longer ones are told sentence by sentence. Sentences that are fixed as alone stay by themselves.
fn omissions(beads: Vec<Bead>, fixed: [&[bool]; 2]) -> Vec<Bead> {
    let of_source = |bead: &Bead| bead.target.is_empty();
    let of_target = |bead: &Bead| bead.source.is_empty();
    let is_fixed = |bead: &Bead| {
        fixed[0][bead.source.clone()].contains(&true)
            || fixed[1][bead.target.clone()].contains(&true)
    };
    let belong = |one: &Bead, next: &Bead| {
        (of_source(one) && of_source(next) || of_target(one) && of_target(next))
            && !is_fixed(one)
            && !is_fixed(next)
    };
    let mut joined = Vec::with_capacity(beads.len());
    for run in beads.chunk_by(belong) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            continue;
        };
        let source = first.source.start..last.source.end;
        let target = first.target.start..last.target.end;
        if !of_source(first) && !of_target(first) || source.len() + target.len() <= LONGEST_OMISSION
        {
            let scores = run.iter().filter_map(|bead| bead.score);
            joined.push(Bead {
                source,
                target,
                score: scores.reduce(f32::min),
            });
            continue;
        }
        for bead in run {
            let singles = joined.len();
            let (from, to) = (
                (bead.source.start, bead.target.start),
                (bead.source.end, bead.target.end),
            );
            one_sided(&mut joined, from, to);
            for single in &mut joined[singles..] {
                single.score = bead.score;
            }
        }
    }
    joined
}

/// Adds beads of one sentence of one side, from one pair of places to another.
fn one_sided(beads: &mut Vec<Bead>, from: (usize, usize), to: (usize, usize)) {
    let bead = |source: Range<usize>, target: Range<usize>| Bead {
        source,
        target,
        score: Some(1.0),
    };
    beads.extend((from.0..to.0).map(|place| bead(place..place + 1, from.1..from.1)));
    beads.extend((from.1..to.1).map(|place| bead(to.0..to.0, place..place + 1)));
}

/// The sentences of a text.
#[derive(Debug, Clone, Default)]
pub struct Sentences<'a> {
    /// Their texts, in order.
    pub texts: Vec<&'a str>,
    /// Whether each opens a paragraph; those beyond the list do not.
    pub opens: Vec<bool>,
}

impl<'a> From<&[&'a str]> for Sentences<'a> {
    /// Sentences whose paragraphs are not known.
    fn from(texts: &[&'a str]) -> Self {
        Self {
            texts: texts.to_vec(),
            opens: Vec::new(),
        }
    }
}

/// The sentences of a side that are not empty.
struct Kept<'a> {
    sentences: Vec<&'a str>,
    /// Which of all they are.
    places: Vec<usize>,
}

impl<'a> Kept<'a> {
    fn new(all: &[&'a str]) -> Self {
        let numbered = all.iter().enumerate();
        let kept = numbered.filter(|(_, sentence)| !sentence.trim().is_empty());
        let (places, sentences) = kept.map(|(place, sentence)| (place, *sentence)).unzip();
        Self { sentences, places }
    }

    /// Which of the kept sentences open a paragraph: those before which one was opened, be it by an
    /// empty sentence, since the one before.
    fn opens(&self, all: &[bool]) -> Vec<bool> {
        let mut end = 0;
        let opens = |&place: &usize| {
            let since = end..=place;
            end = place + 1;
            since.into_iter().any(|place| all.get(place) == Some(&true))
        };
        self.places.iter().map(opens).collect()
    }

    /// Which kept sentences stand in a range of all.
    fn inner(&self, range: &Range<usize>) -> Range<usize> {
        let place = |end| self.places.partition_point(|&place| place < end);
        place(range.start)..place(range.end)
    }

    /// The range of all sentences from the first to the last of some kept ones, which are counted
    /// from `from`; none where there are none.
    fn outer(&self, range: &Range<usize>, from: usize) -> Option<Range<usize>> {
        let kept = self.places.get(range.start + from..range.end + from)?;
        Some(*kept.first()?..kept.last()? + 1)
    }
}

#[cfg(test)]
mod tests;
