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

/// Whether of the sentences that are paired more than half stand in doubtful beads, as they do where
/// neither text is a translation of the other; what stands alone may be that surely, in a translation
/// that leaves much out too. Texts of which nothing is paired at all are doubtful.
pub fn is_doubtful(beads: &[Bead]) -> bool {
    let sentences = |fits: &dyn Fn(&Bead) -> bool| {
        let fitting = beads.iter().filter(|bead| fits(bead));
        fitting
            .map(|bead| bead.source.len() + bead.target.len())
            .sum::<usize>()
    };
    let paired = sentences(&Bead::is_paired);
    if paired == 0 {
        return sentences(&|bead| bead.source.is_empty()) > 0
            && sentences(&|bead| bead.target.is_empty()) > 0;
    }
    let is_doubtful = |bead: &Bead| bead.score.is_some_and(|score| score < DOUBTFUL);
    2 * sentences(&|bead| bead.is_paired() && is_doubtful(bead)) > paired
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_do_not_belong_together_are_told() {
        let bead = |sources, targets, score| Bead {
            source: 0..sources,
            target: 0..targets,
            score: Some(score),
        };
        let cases: [(&[Bead], bool); 6] = [
            (&[], false),
            (&[bead(3, 0, 1.0)], false),
            (&[bead(3, 0, 0.9), bead(0, 3, 0.9)], true),
            // Much is left out of a translation.
            (&[bead(9, 0, 0.9), bead(1, 1, 0.9), bead(1, 1, 0.3)], false),
            (&[bead(0, 9, 0.9), bead(1, 2, 0.3), bead(1, 1, 0.9)], true),
            (&[bead(1, 1, 0.5)], true),
        ];
        for (beads, doubtful) in cases {
            assert_eq!(is_doubtful(beads), doubtful, "{beads:?}");
        }
    }
}
