//! Reading TMX, ours and that of other tools.
//!
//! Of other tools' units the text is read and their native codes (`bpt`, `ept`, `it`, `ph`, `ut`)
//! are left out; entities are refused, and no DTD is ever fetched.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::{CHARACTER, FLAG, HEADER, ID, PLACES, SCORE, WORDS};
use crate::bitext::check::Checked;
use crate::bitext::format::{foreign_header, utf8};
use crate::bitext::{Bitext, Error, Header, Languages, Pair, Problem, Segment, jsonl, places};
use crate::language::Language;

pub fn read(name: &str, bytes: &[u8], languages: &Languages) -> Result<Bitext, Error> {
    let text = decode(name, bytes)?;
    let memory = Memory::parse(name, &text)?;
    let header = memory.header(name, languages)?;
    let mut pairs = Checked::new(name, header.documents.len());
    let (from, to) = (header.from.clone(), header.to.clone());
    for (at, unit) in memory.units.into_iter().enumerate() {
        let line = unit.line;
        let pair = unit.pair(at, &from, &to);
        if let Some(pair) = pair.map_err(|problem| problem.at(name, line))? {
            pairs.push(line, pair)?;
        }
    }
    Ok(Bitext {
        header,
        pairs: pairs.pairs(),
    })
}

/// The text of an XML file, by its byte order mark or declaration.
fn decode<'a>(name: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, Error> {
    let encoding = match (Encoding::for_bom(bytes), bytes) {
        (Some((encoding, _)), _) => encoding,
        (None, [b'<', 0, ..]) => UTF_16LE,
        (None, [0, b'<', ..]) => UTF_16BE,
        (None, _) => declared(bytes),
    };
    if encoding == UTF_8 {
        return utf8(name, bytes).map(Cow::Borrowed);
    }
    let (text, _, malformed) = encoding.decode(bytes);
    if malformed {
        return Err(Problem::Encoding(encoding.name().into()).at(name, 1));
    }
    Ok(text)
}

fn declared(bytes: &[u8]) -> &'static Encoding {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(256)]);
    let label = start
        .split_once("?>")
        .and_then(|(declaration, _)| declaration.split_once("encoding"))
        .and_then(|(_, value)| value.split(['"', '\'']).nth(1));
    label
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .unwrap_or(UTF_8)
}

/// What a TMX file holds.
#[derive(Default)]
struct Memory {
    source_language: Option<String>,
    properties: Vec<Property>,
    units: Vec<Unit>,
}

struct Property {
    line: usize,
    kind: String,
    value: String,
}

#[derive(Default)]
struct Unit {
    line: usize,
    id: Option<String>,
    properties: Vec<Property>,
    variants: Vec<Variant>,
}

#[derive(Default)]
struct Variant {
    language: String,
    properties: Vec<Property>,
    text: String,
}

/// What is open while parsing.
#[derive(Default)]
struct Open {
    unit: Option<Unit>,
    variant: Option<Variant>,
    property: Option<Property>,
    in_segment: bool,
    /// Elements open within native code, and its content.
    code_depth: usize,
    code_is_character: bool,
    code: String,
}

impl Memory {
    fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut memory = Memory::default();
        let mut open = Open::default();
        let mut line = 1;
        let mut counted = 0;
        let mut depth = 0usize;
        let mut seen = false;
        loop {
            let event = reader.read_event();
            // The line where the event ends; positions only grow.
            let position = usize::try_from(reader.buffer_position())
                .unwrap_or(text.len())
                .clamp(counted, text.len());
            let passed = &text.as_bytes()[counted..position];
            line += passed.iter().filter(|&&b| b == b'\n').count();
            counted = position;
            let fail = |problem: Problem| problem.at(name, line);
            let xml = |error: &dyn std::fmt::Display| fail(Problem::Xml(error.to_string()));
            match event.map_err(|error| xml(&error))? {
                Event::Start(tag) => {
                    if depth == 0 {
                        if seen || tag.name().as_ref() != "tmx" {
                            return Err(fail(Problem::NotTmx("its one root must be <tmx>")));
                        }
                        seen = true;
                    }
                    depth += 1;
                    memory.start(&mut open, &tag, line).map_err(fail)?;
                }
                Event::End(tag) => {
                    depth = depth.saturating_sub(1);
                    memory.end(&mut open, tag.name().as_ref()).map_err(fail)?;
                }
                Event::Text(content) => open.push(&content.xml10_content()),
                Event::CData(content) => open.push(&content.xml10_content()),
                Event::GeneralRef(reference) => {
                    let character = reference
                        .resolve_char_ref()
                        .map_err(|error| xml(&error))?
                        .map(String::from);
                    let entity = reference.xml10_content();
                    let known = quick_xml::escape::resolve_xml_entity(&entity);
                    match character.or_else(|| known.map(str::to_owned)) {
                        Some(text) => open.push(&text),
                        None => return Err(xml(&format!("the entity &{entity}; is unknown"))),
                    }
                }
                Event::DocType(content) => {
                    let content = content.xml10_content();
                    if content.contains('[') || content.contains("<!ENTITY") {
                        return Err(fail(Problem::Entities));
                    }
                }
                Event::Eof if depth > 0 => {
                    return Err(xml(&"it ends before its elements do"));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if seen {
            Ok(memory)
        } else {
            Err(Problem::NotTmx("it has no <tmx> element").at(name, line))
        }
    }

    fn start(&mut self, open: &mut Open, tag: &BytesStart<'_>, line: usize) -> Result<(), Problem> {
        if open.code_depth > 0 {
            open.code_depth += 1;
            return Ok(());
        }
        match tag.name().as_ref() {
            "header" => self.source_language = attribute(tag, &["srclang"])?,
            "tu" => {
                open.unit = Some(Unit {
                    line,
                    id: attribute(tag, &["tuid"])?,
                    ..Unit::default()
                });
            }
            "tuv" => {
                open.variant = Some(Variant {
                    language: attribute(tag, &["xml:lang", "lang"])?
                        .ok_or(Problem::NotTmx("a <tuv> has no xml:lang"))?,
                    ..Variant::default()
                });
            }
            "seg" => open.in_segment = true,
            "prop" => {
                open.property = Some(Property {
                    line,
                    kind: attribute(tag, &["type"])?.unwrap_or_default(),
                    value: String::new(),
                });
            }
            "bpt" | "ept" | "it" | "ph" | "ut" => {
                open.code_depth = 1;
                open.code.clear();
                open.code_is_character = attribute(tag, &["type"])?.as_deref() == Some(CHARACTER);
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, open: &mut Open, tag: &str) -> Result<(), Problem> {
        if open.code_depth > 0 {
            open.code_depth -= 1;
            if open.code_depth == 0 && open.code_is_character {
                let character = open
                    .code
                    .strip_prefix("U+")
                    .and_then(|code| u32::from_str_radix(code, 16).ok())
                    .and_then(char::from_u32)
                    .ok_or(Problem::NotTmx(
                        "a placeholder for a character does not hold its code, such as U+0001",
                    ))?;
                open.push(&character.to_string());
            }
            return Ok(());
        }
        match tag {
            "seg" => open.in_segment = false,
            "prop" => {
                let properties = match (&mut open.variant, &mut open.unit) {
                    (Some(variant), _) => &mut variant.properties,
                    (None, Some(unit)) => &mut unit.properties,
                    (None, None) => &mut self.properties,
                };
                properties.extend(open.property.take());
            }
            "tuv" => {
                if let Some(unit) = &mut open.unit {
                    unit.variants.extend(open.variant.take());
                }
            }
            "tu" => self.units.extend(open.unit.take()),
            _ => {}
        }
        Ok(())
    }

    /// The header that we wrote, or one made of what the file and the caller say.
    fn header(&self, name: &str, languages: &Languages) -> Result<Header, Error> {
        if let Some(own) = self.properties.iter().find(|p| p.kind == HEADER) {
            return jsonl::header(&own.value).map_err(|problem| problem.at(name, own.line));
        }
        let from = languages
            .from
            .clone()
            .or_else(|| primary(self.source_language.as_deref()?));
        let mut variants = self.units.iter().flat_map(|unit| &unit.variants);
        let to = languages.to.clone().or_else(|| {
            variants.find_map(|v| primary(&v.language).filter(|l| Some(l) != from.as_ref()))
        });
        let (from, to) = Languages { from, to }.both(name)?;
        Ok(foreign_header(name, from, to))
    }
}

impl Open {
    /// Takes in text where it belongs.
    fn push(&mut self, text: &str) {
        if self.code_depth > 0 {
            self.code.push_str(text);
        } else if let Some(property) = &mut self.property {
            property.value.push_str(text);
        } else if let (true, Some(variant)) = (self.in_segment, &mut self.variant) {
            variant.text.push_str(text);
        }
    }
}

impl Unit {
    /// The pair; none where the unit is of other languages.
    fn pair(self, at: usize, from: &Language, to: &Language) -> Result<Option<Pair>, Problem> {
        let find = |wanted: &Language, but: Option<usize>| {
            self.variants.iter().enumerate().position(|(at, variant)| {
                Some(at) != but && primary(&variant.language).as_ref() == Some(wanted)
            })
        };
        let source = find(from, None);
        let target = find(to, source);
        if source.is_none() && target.is_none() {
            return Ok(None);
        }
        let segments = |at: Option<usize>, block: usize| match at {
            Some(at) => self.variants[at].segments(block),
            None => Ok(Vec::new()),
        };
        let property = |kind: &str| self.properties.iter().find(|p| p.kind == kind);
        let value = |kind: &str| property(kind).map_or("", |p| p.value.as_str());
        let json = |error: serde_json::Error| Problem::json("property", &error);
        let id = match property(ID) {
            Some(id) => serde_json::from_str(&id.value).map_err(json)?,
            None => self.id.clone().unwrap_or_else(|| (at + 1).to_string()),
        };
        Ok(Some(Pair {
            id,
            source: segments(source, at)?,
            target: segments(target, at)?,
            score: places::decode_score(value(SCORE))?,
            words: places::decode_links(value(WORDS))?,
            flags: self
                .properties
                .iter()
                .filter(|p| p.kind == FLAG)
                .map(|p| serde_json::from_str(&p.value).map_err(json))
                .collect::<Result<_, _>>()?,
        }))
    }
}

impl Variant {
    fn segments(&self, block: usize) -> Result<Vec<Segment>, Problem> {
        match self.properties.iter().find(|p| p.kind == PLACES) {
            Some(known) => places::decode(&self.text, &known.value),
            None => Ok(places::whole(&self.text, block)),
        }
    }
}

/// The language of a tag such as `en-GB`; none for `*all*`.
fn primary(tag: &str) -> Option<Language> {
    tag.split(['-', '_']).next()?.parse().ok()
}

/// The value of the first of these attributes that the tag has.
fn attribute(tag: &BytesStart<'_>, names: &[&str]) -> Result<Option<String>, Problem> {
    for name in names {
        let attribute = tag
            .try_get_attribute(name)
            .map_err(|error| Problem::Xml(error.to_string()))?;
        if let Some(attribute) = attribute {
            let value = attribute
                .normalized_value(XmlVersion::Explicit1_0)
                .map_err(|error| Problem::Xml(error.to_string()))?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}
