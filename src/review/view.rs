//! What the template of the page shows.

use std::collections::BTreeMap;

use askama::Template;

use super::Options;
use super::colour::hue;
use super::finds::{self, Find};
use super::markup::{Mark, marked, word_places};
use crate::bitext::{Bitext, Origin, Pair, Severity, Verdict};

const STYLE: &str = include_str!("assets/page.css");
const SCRIPT: &str = concat!(
    include_str!("assets/finds.js"),
    include_str!("assets/decisions.js"),
    include_str!("assets/words.js"),
    include_str!("assets/filters.js"),
    include_str!("assets/controls.js"),
);
const SEVERITIES: [Severity; 3] = [Severity::High, Severity::Medium, Severity::Low];

/// The whole page.
#[derive(Template)]
#[template(path = "page.html")]
pub(super) struct Page<'a> {
    title: String,
    date: Option<&'a str>,
    from: &'a str,
    to: &'a str,
    origin: String,
    generator: &'a str,
    key: &'a str,
    data: &'a str,
    style: &'static str,
    script: &'static str,
    documents: Vec<Document<'a>>,
    pair_count: usize,
    find_count: usize,
    groups: Vec<Group<'a>>,
    verdicts: Vec<Facet<'static>>,
    severities: Vec<Facet<'static>>,
}

/// A document's part of the page.
struct Document<'a> {
    name: String,
    date: Option<&'a str>,
    blocks: Vec<Vec<Row<'a>>>,
}

/// A pair.
struct Row<'a> {
    number: usize,
    id: &'a str,
    score: Option<Score>,
    source: Side,
    target: Side,
    chips: Vec<Chip<'a>>,
}

/// One side of a pair.
struct Side {
    html: String,
    words: String,
    empty: bool,
}

/// How sure the translation or the link is.
struct Score {
    label: String,
    meaning: String,
    low: bool,
}

/// A find that concerns the whole pair.
struct Chip<'a> {
    find: usize,
    name: String,
    reason: &'a str,
    class: String,
    sign: &'static str,
}

/// The finds of one category.
struct Group<'a> {
    category: &'a str,
    label: &'a str,
    class: String,
    hue: u32,
    notes: Vec<Note<'a>>,
}

/// A find in the list.
struct Note<'a> {
    find: usize,
    pair: usize,
    pair_id: &'a str,
    flag: usize,
    entry: &'a str,
    /// What was checked, where a check found it.
    check: Option<String>,
    category: &'a str,
    verdict: &'static str,
    sign: &'static str,
    severity: &'static str,
    source: Option<&'a str>,
    target: Option<&'a str>,
    reason: &'a str,
    /// Whose word it is, in words.
    voice: Option<String>,
}

/// A value to filter by, and how many finds have it.
struct Facet<'a> {
    value: &'a str,
    sign: &'static str,
    count: usize,
}

impl<'a> Page<'a> {
    /// The page for `bitext`, with `data` to carry under the name `key`.
    pub(super) fn new(bitext: &'a Bitext, options: &Options, data: &'a str, key: &'a str) -> Self {
        let header = &bitext.header;
        let finds = finds::collect(bitext);
        let groups = groups(bitext, &finds);
        let classes: BTreeMap<&str, String> = groups
            .iter()
            .map(|group| (group.category, group.class.clone()))
            .collect();
        let documents = documents(bitext, &finds, &classes, options);
        let facet = |value, sign, count| Facet { value, sign, count };
        Self {
            title: options.title.clone().unwrap_or_else(|| title(bitext)),
            date: match header.documents.as_slice() {
                [only] => only.date.as_deref(),
                _ => None,
            },
            from: header.from.code(),
            to: header.to.code(),
            origin: match &header.origin {
                Origin::Model { model, options } if options.is_empty() => {
                    format!("translated by {model}")
                }
                Origin::Model { model, options } => format!("translated by {model} ({options})"),
                Origin::Given { name } => format!("translation given: {name}"),
            },
            generator: &header.generator,
            key,
            data,
            style: STYLE,
            script: SCRIPT,
            documents,
            pair_count: bitext.pairs.len(),
            find_count: finds.len(),
            groups,
            verdicts: Verdict::ALL
                .map(|verdict| {
                    let count = finds.iter().filter(|f| f.flag.verdict == verdict).count();
                    facet(verdict.name(), verdict.sign(), count)
                })
                .into_iter()
                .filter(|facet| facet.count > 0)
                .collect(),
            severities: SEVERITIES
                .map(|severity| {
                    let count = finds.iter().filter(|f| f.flag.severity == severity).count();
                    facet(severity.name(), "", count)
                })
                .into_iter()
                .filter(|facet| facet.count > 0)
                .collect(),
        }
    }
}

fn title(bitext: &Bitext) -> String {
    match bitext.header.documents.as_slice() {
        [] => "Review".into(),
        [only] => only.name.clone(),
        [first, rest @ ..] => format!("{} and {} more", first.name, rest.len()),
    }
}

/// What a reader is told a category is: checks concern the translation, not a term.
fn label(category: &str) -> &str {
    match category {
        "translation" => "translation checks",
        other => other,
    }
}

/// `invented-word` in words.
fn check_name(name: &str) -> String {
    name.replace('-', " ")
}

/// The finds by category, the most frequent category first.
fn groups<'a>(bitext: &'a Bitext, finds: &[Find<'a>]) -> Vec<Group<'a>> {
    let mut by_category: BTreeMap<&str, Vec<Note<'a>>> = BTreeMap::new();
    for (number, find) in finds.iter().enumerate() {
        let flag = find.flag;
        by_category.entry(&flag.category).or_default().push(Note {
            find: number,
            pair: find.pair,
            pair_id: &bitext.pairs[find.pair].id,
            flag: find.flag_index,
            entry: &flag.entry,
            check: flag.check().map(check_name),
            category: &flag.category,
            verdict: flag.verdict.name(),
            sign: flag.verdict.sign(),
            severity: flag.severity.name(),
            source: find.source.map(|_| flag.source.text.as_str()),
            target: find
                .target
                .and(flag.target.as_ref())
                .map(|target| target.text.as_str()),
            reason: &flag.reason,
            voice: flag.voice.as_ref().map(|voice| match flag.negated {
                true => format!("{voice}, negated"),
                false => voice.to_string(),
            }),
        });
    }
    let mut groups: Vec<Group> = by_category
        .into_iter()
        .enumerate()
        .map(|(index, (category, notes))| Group {
            category,
            label: label(category),
            class: format!("k{index}"),
            hue: hue(category),
            notes,
        })
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.notes.len()));
    groups
}

/// The pairs by document and paragraph, in their order.
fn documents<'a>(
    bitext: &'a Bitext,
    finds: &[Find<'a>],
    classes: &BTreeMap<&str, String>,
    options: &Options,
) -> Vec<Document<'a>> {
    let mut documents: Vec<Document> = Vec::new();
    let mut place: Option<(usize, usize)> = None;
    let mut rest = finds;
    for (number, pair) in bitext.pairs.iter().enumerate() {
        let count = rest.iter().take_while(|find| find.pair == number).count();
        let (own, others) = rest.split_at(count);
        let first_find = finds.len() - rest.len();
        rest = others;
        let row = row(bitext, number, first_find, own, classes, options);
        // What the target alone has stays in the paragraph before it.
        let here = pair
            .source
            .first()
            .map(|segment| (segment.document, segment.block))
            .or(place)
            .or_else(|| pair.target.first().map(|s| (s.document, s.block)))
            .unwrap_or((0, 0));
        let same_document = place.is_some_and(|(document, _)| document == here.0);
        let same_block = place == Some(here);
        place = Some(here);
        match documents.last_mut().filter(|_| same_document) {
            Some(document) => match document.blocks.last_mut().filter(|_| same_block) {
                Some(block) => block.push(row),
                None => document.blocks.push(vec![row]),
            },
            None => {
                let info = bitext.header.documents.get(here.0);
                documents.push(Document {
                    name: info.map_or_else(
                        || format!("document {}", here.0 + 1),
                        |info| info.name.clone(),
                    ),
                    date: info.and_then(|info| info.date.as_deref()),
                    blocks: vec![vec![row]],
                });
            }
        }
    }
    documents
}

fn row<'a>(
    bitext: &'a Bitext,
    number: usize,
    first_find: usize,
    finds: &[Find<'a>],
    classes: &BTreeMap<&str, String>,
    options: &Options,
) -> Row<'a> {
    let pair = &bitext.pairs[number];
    let mut in_source = Vec::new();
    let mut in_target = Vec::new();
    let mut chips = Vec::new();
    for (offset, find) in finds.iter().enumerate() {
        let flag = find.flag;
        let index = first_find + offset;
        let category = classes
            .get(flag.category.as_str())
            .map_or("", String::as_str);
        let class = format!(
            "find {category} {} {}",
            flag.verdict.name(),
            flag.severity.name()
        );
        // What is kept needs no sign: the others then catch the eye.
        let sign = Some(flag.verdict.sign()).filter(|_| flag.verdict != Verdict::Kept);
        let mark = |span, id, sign| Mark {
            find: index,
            span,
            id,
            class: class.clone(),
            sign,
        };
        match find.source {
            Some(span) => {
                let sign = sign.filter(|_| find.target.is_none());
                in_source.push(mark(span, format!("find-{index}"), sign));
            }
            None if find.target.is_some() => {}
            None => chips.push(Chip {
                find: index,
                name: check_name(flag.entry.rsplit('/').next().unwrap_or(&flag.entry)),
                reason: &flag.reason,
                class: class.clone(),
                sign: flag.verdict.sign(),
            }),
        }
        if let Some(span) = find.target {
            // What the translation adds stands on its side alone.
            let id = match find.source {
                Some(_) => format!("find-{index}-target"),
                None => format!("find-{index}"),
            };
            in_target.push(mark(span, id, sign));
        }
    }
    let side = |text: String, marks: &[Mark], empty| Side {
        html: marked(&text, marks),
        words: if pair.words.is_empty() {
            String::new()
        } else {
            word_places(&text)
        },
        empty,
    };
    Row {
        number,
        id: &pair.id,
        score: score(bitext, pair, options),
        source: side(pair.source_text(), &in_source, pair.source.is_empty()),
        target: side(pair.target_text(), &in_target, pair.target.is_empty()),
        chips,
    }
}

fn score(bitext: &Bitext, pair: &Pair, options: &Options) -> Option<Score> {
    let score = pair.score.filter(|score| score.is_finite())?;
    Some(match bitext.header.origin {
        Origin::Model { .. } => {
            let probability = score.exp().min(1.0);
            let label = format!("{:.0} %", probability * 100.0);
            Score {
                meaning: format!("mean probability of a piece of the translation: {label}"),
                label,
                low: probability < options.low_confidence,
            }
        }
        Origin::Given { .. } => Score {
            label: format!("{score:.2}"),
            meaning: format!("score of the link between the sentences: {score:.2}"),
            low: false,
        },
    })
}
