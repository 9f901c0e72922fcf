//! What `visavis review` shows in the terminal: the sentences side by side with their finds
//! marked, the finds by category, and their sum.

mod finds;
mod marked;
mod pairs;

use std::io::Write;

use comfy_table::Table;
use owo_colors::{OwoColorize, Style};
use visavis::bitext::{Bitext, Origin, Verdict};

use super::terminal::Terminal;

/// Width where standard output is no terminal, in columns.
const USUAL_WIDTH: usize = 80;
/// Longer lines are hard to read.
const GREATEST_WIDTH: usize = 160;
/// What is shorter still cannot be laid out.
const LEAST_WIDTH: usize = 40;

/// Shows `bitext` on standard output, as wide as the terminal.
pub fn print(bitext: &Bitext, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    let width = Table::new().width().map_or(USUAL_WIDTH, usize::from);
    let paint = Paint(terminal.colors_stdout());
    Ok(out.write_all(render(bitext, width, paint).as_bytes())?)
}

/// The whole of it.
fn render(bitext: &Bitext, width: usize, paint: Paint) -> String {
    let width = width.clamp(LEAST_WIDTH, GREATEST_WIDTH);
    let mut parts = vec![
        paint.faint(&provenance(bitext)),
        pairs::render(bitext, width, paint),
        finds::render(bitext, width, paint),
        sum(bitext, paint),
    ];
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

/// Which languages, and whose translation.
fn provenance(bitext: &Bitext) -> String {
    let header = &bitext.header;
    let origin = match &header.origin {
        Origin::Model { model, options } if options.is_empty() => format!("translated by {model}"),
        Origin::Model { model, options } => format!("translated by {model}, {options}"),
        Origin::Given { name } => format!("translation given: {name}"),
    };
    format!(
        "{} → {}, {}",
        header.from.code(),
        header.to.code(),
        marked::printable(&origin)
    )
}

/// How many sentences and finds, and what became of these.
fn sum(bitext: &Bitext, paint: Paint) -> String {
    let sentences = bitext
        .pairs
        .iter()
        .flat_map(|pair| &pair.source)
        .filter(|segment| !segment.text.is_empty())
        .count();
    let finds: usize = bitext.pairs.iter().map(|pair| pair.flags.len()).sum();
    let mut verdicts = Vec::new();
    for verdict in Verdict::ALL {
        let flags = bitext.pairs.iter().flat_map(|pair| &pair.flags);
        let count = flags.filter(|flag| flag.verdict == verdict).count();
        let name = match verdict {
            Verdict::Check => "to check",
            other => other.name(),
        };
        if count > 0 {
            verdicts.push(paint.verdict(&format!("{count} {name}"), verdict));
        }
    }
    let sum = format!(
        "{}, {}",
        counted(sentences, "sentence"),
        counted(finds, "find")
    );
    if verdicts.is_empty() {
        return paint.strong(&sum);
    }
    format!("{}: {}", paint.strong(&sum), verdicts.join(", "))
}

/// “1 find”, “2 finds”.
fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// A width as the tables take it.
fn as_columns(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX)
}

/// Colours, where they are wanted.
#[derive(Debug, Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn with(self, text: &str, style: Style) -> String {
        if self.0 && !text.is_empty() {
            text.style(style).to_string()
        } else {
            text.to_owned()
        }
    }

    /// In the verdict's colour.
    fn verdict(self, text: &str, verdict: Verdict) -> String {
        let style = Style::new();
        self.with(
            text,
            match verdict {
                Verdict::Kept => style.green(),
                Verdict::Softened => style.yellow(),
                Verdict::Strengthened => style.magenta(),
                Verdict::Dropped => style.red(),
                Verdict::Added => style.blue(),
                Verdict::Check => style.cyan(),
            },
        )
    }

    fn strong(self, text: &str) -> String {
        self.with(text, Style::new().bold())
    }

    fn faint(self, text: &str) -> String {
        self.with(text, Style::new().dimmed())
    }
}

#[cfg(test)]
mod tests;
