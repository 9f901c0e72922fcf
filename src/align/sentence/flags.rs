//! What a reviewer should look at in an alignment.

use super::Bead;
use crate::bitext::{Bitext, Excerpt, Flag, Pair, Severity};

/// Beads that are less probable are flagged.
const DOUBTFUL: f32 = 0.6;

/// Flags pairs without one side: what was left untranslated, and what was added.
pub fn flag_one_sided(bitext: &mut Bitext) {
    for pair in &mut bitext.pairs {
        let (source, target) = (is_there(&pair.source_text()), is_there(&pair.target_text()));
        let (entry, severity, reason) = match (source, target) {
            (true, false) if pair.source.len() > 1 => (
                "check/untranslated",
                Severity::High,
                "Nothing translates these sentences.",
            ),
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

/// Whether more than half of the sentences stand in doubtful beads, as they do where neither text is a
/// translation of the other.
pub fn is_doubtful(beads: &[Bead]) -> bool {
    let (mut all, mut doubtful) = (0, 0);
    for bead in beads {
        let sentences = bead.source.len() + bead.target.len();
        all += sentences;
        if bead.score.is_some_and(|score| score < DOUBTFUL) {
            doubtful += sentences;
        }
    }
    2 * doubtful > all
}

fn is_there(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Adds a flag that concerns the whole of a pair.
fn add(pair: &mut Pair, entry: &str, severity: Severity, reason: String) {
    let source = Excerpt::whole(&pair.source_text());
    let target = pair.target_text();
    let target = is_there(&target).then(|| Excerpt::whole(&target));
    let flag = Flag::of_check(entry.into(), severity, reason, source, target);
    pair.flags.push(flag);
}
