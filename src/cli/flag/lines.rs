//! Lines of text with how loaded each is: the triage of paragraphs.

use std::io::{self, Write};

use anyhow::bail;
use serde::Serialize;
use visavis::bitext::Bitext;
use visavis::terms::Tongue;
use visavis::terms::triage::{self, Loadedness, Weight};

use super::Input;
use super::find::Find;

/// A line and what was found in it.
#[derive(Serialize)]
struct Line<'a> {
    document: &'a str,
    /// The line, from 0.
    block: usize,
    loadedness: f64,
    loaded: bool,
    finds: Vec<Find<'a>>,
}

/// How loaded each line of a bitext of lines is.
pub fn loadedness(bitext: &Bitext) -> anyhow::Result<Vec<Loadedness>> {
    let from = &bitext.header.from;
    let Some(tongue) = Tongue::of(from) else {
        bail!(
            "how loaded a line is can be told of French and English; {} is neither",
            from.code()
        );
    };
    let score = |pair: &visavis::bitext::Pair| {
        let finds = pair
            .flags
            .iter()
            .map(|flag| (flag.severity, flag.category.as_str()));
        let finds: Vec<Weight> = finds.collect();
        triage::loadedness(&pair.source_text(), &finds, tongue)
    };
    let scores: Result<Vec<_>, _> = bitext.pairs.iter().map(score).collect();
    Ok(scores?)
}

/// An object for each line.
pub fn write(input: &Input, out: &mut dyn Write) -> anyhow::Result<()> {
    for (pair, loadedness) in input.bitext.pairs.iter().zip(&input.loadedness) {
        let segment = pair.source.first();
        let documents = &input.bitext.header.documents;
        let document = segment.and_then(|s| documents.get(s.document));
        let line = Line {
            document: document.map_or("", |d| &d.name),
            block: segment.map_or(0, |s| s.block),
            // Four digits tell all that a probability can.
            loadedness: (f64::from(loadedness.score) * 1e4).round() / 1e4,
            loaded: loadedness.loaded,
            finds: pair
                .flags
                .iter()
                .map(|flag| Find::new(input, pair, flag))
                .collect(),
        };
        serde_json::to_writer(&mut *out, &line).map_err(io::Error::from)?;
        writeln!(out)?;
    }
    Ok(())
}
