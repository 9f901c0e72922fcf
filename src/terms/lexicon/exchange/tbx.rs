//! Lexicons as term bases: TBX-Basic in the style DCA (ISO 30042:2019).
//!
//! An entry is a concept with its term in its own language and, of a French one, the renderings as
//! English terms. What TBX has no place for stands in notes that begin with `visavis`. Of other
//! tools' files the terms, subject field, definition and contexts are read, and the administrative
//! status: terms that are not to be used are left out. Document types and their entities are refused.

use std::io::{self, Write};

use quick_xml::Reader;
use quick_xml::escape::{partial_escape, resolve_xml_entity};
use quick_xml::events::{BytesStart, Event};

use super::super::raw::RawEntry;
use super::fields::{Draft, FIELDS, Values, on_one_line, set};
use super::{LexiconError, Tongue, problem};
use crate::text::line_at;

/// What a note of ours begins with; a field's name, a colon and its value follow.
const NOTE: &str = "visavis ";

/// The note of a rendering of its weight (*soften*, *strengthen*).
const RENDERING: &str = "rendering";

/// How deep elements may be nested, and how many concepts a file may have.
const MAX_DEPTH: usize = 64;
const MAX_CONCEPTS: usize = 100_000;

/// Fields with a place of their own in TBX.
const PLACED: &[&str] = &[
    "lemma",
    "category",
    "reason",
    "examples",
    "keep",
    "soften",
    "strengthen",
];

pub(super) fn write(entries: &[RawEntry], tongue: Tongue, out: &mut dyn Write) -> io::Result<()> {
    let language = tongue.code();
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <tbx type=\"TBX-Basic\" style=\"dca\" xml:lang=\"{language}\" \
         xmlns=\"urn:iso:std:iso:30042:ed-2\">\n  \
         <tbxHeader>\n    <fileDesc>\n      \
         <titleStmt><title>Loaded terms</title></titleStmt>\n      \
         <sourceDesc><p>visavis {}</p></sourceDesc>\n    \
         </fileDesc>\n  </tbxHeader>\n  <text>\n    <body>\n",
        env!("CARGO_PKG_VERSION")
    )?;
    for (number, entry) in entries.iter().enumerate() {
        concept(entry, number + 1, language, out)?;
    }
    write!(out, "    </body>\n  </text>\n</tbx>\n")
}

fn concept(entry: &RawEntry, number: usize, language: &str, out: &mut dyn Write) -> io::Result<()> {
    // The id of an entry may hold a stroke, which the id of an element may not.
    writeln!(out, "      <conceptEntry id=\"c{number}\">")?;
    let descriptions = [
        ("subjectField", &entry.category),
        ("definition", &entry.reason),
    ];
    for (kind, text) in descriptions {
        writeln!(
            out,
            "        <descrip type=\"{kind}\">{}</descrip>",
            escaped(text)
        )?;
    }
    let values = Values::of(entry);
    for field in FIELDS.iter().filter(|field| !PLACED.contains(field)) {
        for value in values.of_field(field) {
            writeln!(
                out,
                "        <note>{NOTE}{field}: {}</note>",
                escaped(value)
            )?;
        }
    }
    writeln!(out, "        <langSec xml:lang=\"{language}\">")?;
    term(&entry.lemma, &[], &entry.examples, None, out)?;
    writeln!(out, "        </langSec>")?;
    let renderings = [
        ("preferredTerm-admn-sts", None, &entry.keep),
        ("deprecatedTerm-admn-sts", Some("soften"), &entry.soften),
        (
            "deprecatedTerm-admn-sts",
            Some("strengthen"),
            &entry.strengthen,
        ),
    ];
    if renderings.iter().any(|(_, _, list)| !list.is_empty()) {
        writeln!(out, "        <langSec xml:lang=\"en\">")?;
        for (status, weight, list) in renderings {
            for rendering in list {
                term(
                    rendering,
                    &[("administrativeStatus", status)],
                    &[],
                    weight,
                    out,
                )?;
            }
        }
        writeln!(out, "        </langSec>")?;
    }
    writeln!(out, "      </conceptEntry>")
}

fn term(
    written: &str,
    notes: &[(&str, &str)],
    contexts: &[String],
    weight: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "          <termSec>")?;
    writeln!(out, "            <term>{}</term>", escaped(written))?;
    for (kind, value) in notes {
        writeln!(
            out,
            "            <termNote type=\"{kind}\">{value}</termNote>"
        )?;
    }
    for context in contexts {
        let context = escaped(context);
        writeln!(
            out,
            "            <descrip type=\"context\">{context}</descrip>"
        )?;
    }
    if let Some(weight) = weight {
        writeln!(out, "            <note>{NOTE}{RENDERING}: {weight}</note>")?;
    }
    writeln!(out, "          </termSec>")
}

fn escaped(text: &str) -> String {
    partial_escape(on_one_line(text)).into_owned()
}

/// A concept as it is read.
#[derive(Default)]
struct Concept {
    line: usize,
    id: String,
    category: String,
    reason: String,
    /// Fields of ours, with their lines.
    fields: Vec<(usize, String, String)>,
    terms: Vec<Term>,
}

/// A term of a concept.
#[derive(Default)]
struct Term {
    language: String,
    text: String,
    status: String,
    contexts: Vec<String>,
    /// What our note says of a rendering.
    weight: String,
}

/// Reads a term base. Names of elements are those of 2019 or of 2008.
pub(super) fn read(text: &str, name: &str) -> Result<(Tongue, Vec<Draft>), LexiconError> {
    let concepts = concepts(text, name)?;
    let is = |term: &Term, language: &str| {
        let said = term.language.split(['-', '_']).next().unwrap_or_default();
        said.eq_ignore_ascii_case(language)
    };
    let mut terms = concepts.iter().flat_map(|concept| &concept.terms);
    let tongue = match terms.any(|term| is(term, "fr")) {
        true => Tongue::French,
        false => Tongue::English,
    };
    let language = tongue.code();
    let (mut drafts, mut problems) = (Vec::new(), Vec::new());
    for concept in concepts {
        let mut entry = RawEntry::new(String::new());
        entry.category = slug_of(&concept.category);
        entry.reason = concept.reason;
        for (line, field, value) in &concept.fields {
            if let Err(message) = set(&mut entry, field, value) {
                problems.push(problem(name, *line, &concept.id, message));
            }
        }
        for term in concept.terms {
            let own = is(&term, language);
            if own && entry.lemma.is_empty() {
                entry.lemma = term.text;
                entry.examples.extend(term.contexts);
            } else if own {
                // Further terms of a concept are found as well.
                entry.patterns.extend(super::literal(&term.text));
            } else if is(&term, "en") {
                let list = match (term.weight.as_str(), term.status.as_str()) {
                    ("soften", _) => &mut entry.soften,
                    ("strengthen", _) => &mut entry.strengthen,
                    (_, status) if status.starts_with("deprecated") => continue,
                    (_, status) if status.starts_with("superseded") => continue,
                    _ => &mut entry.keep,
                };
                list.push(term.text);
            }
        }
        if entry.lemma.is_empty() {
            let message = format!("no term of it is of the language {language}");
            problems.push(problem(name, concept.line, &concept.id, message));
        } else if entry.forms.is_empty() && entry.rule.is_none() && entry.inflect.is_none() {
            // The lemma of another tool's concept is found beside its other terms.
            let is_ours = concept.fields.iter().any(|(_, field, _)| field == "id");
            if !is_ours && !entry.patterns.is_empty() {
                entry.patterns.extend(super::literal(&entry.lemma));
            }
        }
        drafts.push(Draft {
            entry,
            line: concept.line,
        });
    }
    match problems.is_empty() {
        true => Ok((tongue, drafts)),
        false => Err(LexiconError::Entries(problems)),
    }
}

/// A category that a lexicon may have.
fn slug_of(category: &str) -> String {
    match category.is_empty() {
        true => String::new(),
        false => super::slug(category),
    }
}

fn concepts(text: &str, name: &str) -> Result<Vec<Concept>, LexiconError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open = Open::default();
    let (mut line, mut counted) = (1, 0);
    let mut depth = 0usize;
    let mut seen = false;
    loop {
        let event = reader.read_event();
        // The line where the event ends; positions only grow.
        let position = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        let position = position.clamp(counted, text.len());
        let passed = &text.as_bytes()[counted..position];
        line += line_at(passed, passed.len()) - 1;
        counted = position;
        let fail = |message: String| LexiconError::Foreign {
            file: name.to_owned(),
            line,
            message,
        };
        match event.map_err(|error| fail(format!("the XML is broken: {error}")))? {
            Event::Start(tag) => {
                if depth == 0 {
                    if seen || !matches!(tag.name().as_ref(), "tbx" | "martif") {
                        return Err(fail("it is no TBX: its one root must be <tbx>".into()));
                    }
                    seen = true;
                }
                depth += 1;
                if depth > MAX_DEPTH || open.concepts.len() >= MAX_CONCEPTS {
                    return Err(fail(
                        "it is nested too deeply, or has too many entries".into(),
                    ));
                }
                open.start(&tag, line).map_err(fail)?;
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                open.end(tag.name().as_ref(), line);
            }
            Event::Text(content) => open.text.push_str(&content.xml10_content()),
            Event::CData(content) => open.text.push_str(&content.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = reference
                    .resolve_char_ref()
                    .map_err(|error| fail(format!("the XML is broken: {error}")))?;
                let entity = reference.xml10_content();
                match (character, resolve_xml_entity(&entity)) {
                    (Some(character), _) => open.text.push(character),
                    (None, Some(known)) => open.text.push_str(known),
                    (None, None) => return Err(fail(format!("the entity &{entity}; is unknown"))),
                }
            }
            Event::DocType(content) => {
                let content = content.xml10_content();
                if content.contains('[') || content.contains("<!ENTITY") {
                    let message = "it declares entities; remove them from the document type";
                    return Err(fail(message.into()));
                }
            }
            Event::Eof if depth > 0 => {
                return Err(fail("the XML ends before its elements do".into()));
            }
            Event::Eof if !seen => return Err(fail("it has no <tbx> element".into())),
            Event::Eof => return Ok(open.concepts),
            _ => {}
        }
    }
}

/// What is open while parsing.
#[derive(Default)]
struct Open {
    concepts: Vec<Concept>,
    concept: Option<Concept>,
    language: String,
    term: Option<Term>,
    /// The type of the element, and its text so far.
    kind: String,
    text: String,
}

impl Open {
    fn start(&mut self, tag: &BytesStart<'_>, line: usize) -> Result<(), String> {
        self.text.clear();
        let attribute = |name: &str| -> Result<String, String> {
            let broken = |error: &dyn std::fmt::Display| format!("the XML is broken: {error}");
            let found = tag
                .try_get_attribute(name)
                .map_err(|error| broken(&error))?;
            let value = found.map(|a| a.normalized_value(quick_xml::XmlVersion::Explicit1_0));
            let value = value.transpose().map_err(|error| broken(&error))?;
            Ok(value.unwrap_or_default().into_owned())
        };
        match tag.name().as_ref() {
            "conceptEntry" | "termEntry" => {
                self.concept = Some(Concept {
                    line,
                    id: attribute("id")?,
                    ..Concept::default()
                });
                self.language.clear();
            }
            "langSec" | "langSet" => self.language = attribute("xml:lang")?,
            "termSec" | "tig" | "ntig" => {
                self.term = Some(Term {
                    language: self.language.clone(),
                    ..Term::default()
                });
            }
            "descrip" | "termNote" => self.kind = attribute("type")?,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, tag: &str, line: usize) {
        let text = on_one_line(&std::mem::take(&mut self.text));
        let Some(concept) = &mut self.concept else {
            return;
        };
        let own = text.strip_prefix(NOTE).and_then(|own| own.split_once(':'));
        match (tag, &mut self.term) {
            ("term", Some(term)) => term.text = text,
            ("termNote", Some(term)) if self.kind == "administrativeStatus" => term.status = text,
            ("descrip", Some(term)) if self.kind == "context" => term.contexts.push(text),
            ("descrip", None) if self.kind == "subjectField" => concept.category = text,
            ("descrip", _) if self.kind == "definition" => concept.reason = text,
            ("note", Some(term)) => {
                if let Some((RENDERING, weight)) = own {
                    term.weight = weight.trim().to_owned();
                }
            }
            ("note", None) => {
                if let Some((field, value)) = own {
                    let value = value.trim().to_owned();
                    concept.fields.push((line, field.to_owned(), value));
                }
            }
            ("termSec" | "tig" | "ntig", _) => {
                concept
                    .terms
                    .extend(self.term.take().filter(|term| !term.text.is_empty()));
            }
            ("conceptEntry" | "termEntry", _) => self.concepts.extend(self.concept.take()),
            _ => {}
        }
    }
}
