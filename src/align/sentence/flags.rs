//! What a reviewer should look at in an alignment.

use crate::bitext::{Bitext, Excerpt, Flag, Pair, Severity, Verdict};
use crate::text::Span;

/// Beads that are less probable are flagged.
const DOUBTFUL: f32 = 0.6;
const CATEGORY: &str = "translation";

/// Flags pairs without one side: what was left untranslated, and what was added.
pub fn flag_one_sided(bitext: &mut Bitext) {
    for pair in &mut bitext.pairs {
        let (source, target) = (is_there(&pair.source_text()), is_there(&pair.target_text()));
        let (entry, severity, reason) = match (source, target) {
            (true, false) => (
                "check/untranslated",
                Severity::High,
                "Nothing translates this sentence.",
            ),
            (false, true) => (
                "check/added",
                Severity::Medium,
                "Nothing in the source says this.",
            ),
            _ => continue,
        };
        add(pair, entry, severity, reason.into());
    }
}

/// Flags pairs whose sentences may not be those that belong together.
pub fn flag_doubtful(bitext: &mut Bitext) {
    for pair in &mut bitext.pairs {
        if let Some(score) = pair.score
            && score < DOUBTFUL
        {
            let reason = format!(
                "It is doubtful whether exactly these sentences belong together ({:.0} %).",
                score * 100.0
            );
            add(pair, "check/alignment", Severity::Low, reason);
        }
    }
}

fn is_there(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Adds a flag that concerns the whole of a pair.
fn add(pair: &mut Pair, entry: &str, severity: Severity, reason: String) {
    let whole = |text: &str| {
        let end = text.chars().count();
        Excerpt::new(text, Span { start: 0, end })
    };
    let target = pair.target_text();
    pair.flags.push(Flag {
        entry: entry.into(),
        category: CATEGORY.into(),
        severity,
        verdict: Verdict::Check,
        voice: None,
        negated: false,
        reason,
        source: whole(&pair.source_text()),
        target: is_there(&target).then(|| whole(&target)),
    });
}
