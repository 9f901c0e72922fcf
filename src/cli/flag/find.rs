//! A flag as `visavis flag` writes it: an object, a row or a line.

use owo_colors::{AnsiColors, OwoColorize};
use serde::Serialize;
use visavis::bitext::{Flag, Pair, Severity, Voice};

use super::Input;

pub const COLUMNS: &[&str] = &[
    "document", "block", "start", "end", "text", "entry", "category", "severity", "voice",
    "speaker", "negated", "reason",
];

/// A flag and its place in its document.
#[derive(Serialize)]
pub struct Find<'a> {
    document: &'a str,
    /// The paragraph or line, from 0.
    block: usize,
    /// Code points of the block, half-open.
    start: usize,
    end: usize,
    text: &'a str,
    entry: &'a str,
    category: &'a str,
    severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    voice: Option<&'a Voice>,
    negated: bool,
    reason: &'a str,
    #[serde(skip)]
    flag: &'a Flag,
}

impl<'a> Find<'a> {
    pub fn new(input: &'a Input, pair: &'a Pair, flag: &'a Flag) -> Self {
        let mut before = 0;
        let mut holder = None;
        // The segment that holds the first code point; segments are joined by one space.
        for segment in pair.source.iter().chain(&pair.target) {
            holder = Some((segment, before));
            before += segment.text.chars().count() + 1;
            if flag.source.start < before {
                break;
            }
        }
        let (document, block, start) = holder.map_or((0, 0, 0), |(segment, before)| {
            let within = flag.source.start.saturating_sub(before);
            (segment.document, segment.block, segment.start + within)
        });
        let documents = &input.bitext.header.documents;
        Self {
            document: documents.get(document).map_or("", |d| &d.name),
            block,
            start,
            end: start + flag.source.end - flag.source.start,
            text: &flag.source.text,
            entry: &flag.entry,
            category: &flag.category,
            severity: flag.severity,
            voice: flag.voice.as_ref(),
            negated: flag.negated,
            // Of a text without translation there is nothing to judge.
            reason: match input.is_text {
                true => flag.reason.split(" Here: ").next().unwrap_or_default(),
                false => &flag.reason,
            },
            flag,
        }
    }

    pub fn row(&self) -> String {
        let severity = self.severity.name();
        let numbers = [self.block, self.start, self.end].map(|n| n.to_string());
        let [block, start, end] = &numbers;
        let speaker = match self.voice {
            Some(Voice::Attributed { to }) => to,
            _ => "",
        };
        let cells = [
            self.document,
            block,
            start,
            end,
            self.text,
            self.entry,
            self.category,
            severity,
            self.voice.map_or("", Voice::name),
            speaker,
            if self.negated { "yes" } else { "" },
            self.reason,
        ];
        cells
            .map(|cell| cell.replace(['\t', '\n', '\r'], " "))
            .join("\t")
    }

    pub fn line(&self, is_text: bool, color: bool) -> String {
        let paint = |text: String, with: AnsiColors| match color {
            true => text.color(with).to_string(),
            false => text,
        };
        let place = format!("{}:{}:{}", self.document, self.block + 1, self.start);
        let weight = format!("{:<6}", self.severity.name());
        let weight = paint(
            weight,
            match self.severity {
                Severity::High => AnsiColors::Red,
                Severity::Medium => AnsiColors::Yellow,
                Severity::Low => AnsiColors::BrightBlack,
            },
        );
        let mut line = format!(
            "{}  {weight}  {}  «{}»",
            paint(place, AnsiColors::BrightBlack),
            self.category,
            paint(shortened(self.text), AnsiColors::Cyan),
        );
        if !is_text {
            let rendering = self.flag.target.as_ref();
            let rendering = rendering.map_or("nothing".to_owned(), |t| {
                format!("\"{}\"", paint(shortened(&t.text), AnsiColors::Cyan))
            });
            let verdict = paint(self.flag.verdict.name().to_owned(), AnsiColors::Magenta);
            line.push_str(&format!(" → {rendering}  {verdict}"));
        }
        if let Some(voice) = self.voice.filter(|voice| **voice != Voice::Author) {
            line.push_str(&format!("  [{voice}]"));
        }
        if self.negated {
            line.push_str("  [negated]");
        }
        line.push_str(&format!(" – {}", self.reason.trim()));
        line.replace(['\n', '\r'], " ")
    }
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
