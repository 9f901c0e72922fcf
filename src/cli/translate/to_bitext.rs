//! Bitexts that are held as a whole: those of several files, Moses pairs and pages.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;
use visavis::bitext::Format;
use visavis::corpus::Found;

use super::super::{Outcome, bitexts, input, terminal::Terminal, translation};
use super::{Args, Figures, output_of};

pub(super) fn run(
    args: &Args,
    format: Format,
    found: &[Found],
    terminal: &Terminal,
) -> anyhow::Result<Outcome> {
    if args.report.is_some() || args.fail_on_findings {
        bail!("--report and --fail-on-findings go with text; `visavis flag` tells of a bitext");
    }
    let mut documents = Vec::with_capacity(found.len());
    for file in found {
        let kind = args.formats.document(file)?;
        documents.push(input::document(&file.path, Some(kind), terminal)?);
    }
    let output = output_of(args);
    let inputs: Vec<PathBuf> = found.iter().map(|file| file.path.clone()).collect();
    bitexts::check(output, format, &args.model.languages, &inputs)?;
    let memory = translation::memory(&args.model)?;
    let start = Instant::now();
    let mut opened = translation::open(&args.model, terminal)?;
    let load_time = start.elapsed();
    let mut aligner = None;
    if format == Format::Moses {
        opened = opened.without_links();
    } else {
        aligner = translation::aligner(&args.model, &opened, terminal)?;
    }
    let languages = &args.model.languages;
    let translator = translation::translator(&opened, memory.as_ref(), languages)?;
    let aligner = aligner.as_ref();
    let run = translation::run(&documents, languages, &*translator, aligner, terminal)?;
    let bitext = &run.translated.bitext;
    bitexts::note_losses(bitext, format, terminal);
    let written = bitexts::save(bitext, output, format)?;
    bitexts::note_written(bitext, &written, terminal);
    let figures = Figures {
        words: run.source_words as u64,
        sentences: bitext.pairs.len() as u64,
        load_time,
        time: run.time,
        memory_hits: translator.memory_hits(),
    };
    figures.tell(args, &opened, terminal)?;
    Ok(Outcome::Done)
}
