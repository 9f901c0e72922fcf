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
            let what = match is_there(&pair.source_text()) && is_there(&pair.target_text()) {
                true => "exactly these sentences belong together",
                false => "nothing stands opposite",
            };
            let reason = format!("It is doubtful whether {what} ({:.0} %).", score * 100.0);
            add(pair, "check/alignment", Severity::Low, reason);
        }
    }
}

/// Whether the texts seem not to belong together: most sentences of both stand alone, or most that are
/// paired do so in doubtful beads. (A translation that leaves much out leaves mostly one side alone.)
pub fn is_doubtful(beads: &[Bead]) -> bool {
    let most = |of: &dyn Fn(&Bead) -> usize, fits: &dyn Fn(&Bead) -> bool| {
        let (fitting, others): (Vec<&Bead>, Vec<&Bead>) = beads.iter().partition(|bead| fits(bead));
        let sum = |beads: Vec<&Bead>| beads.into_iter().map(of).sum::<usize>();
        sum(fitting) > sum(others)
    };
    let is_alone = |bead: &Bead| !bead.is_paired();
    let paired = |bead: &Bead| match bead.is_paired() {
        true => bead.source.len() + bead.target.len(),
        false => 0,
    };
    let is_unsure = |bead: &Bead| bead.score.is_some_and(|score| score < DOUBTFUL);
    most(&|bead| bead.source.len(), &is_alone) && most(&|bead| bead.target.len(), &is_alone)
        || most(&paired, &is_unsure)
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
        let cases: [(&[Bead], bool); 7] = [
            (&[], false),
            (&[bead(3, 0, 1.0)], false),
            (&[bead(3, 0, 0.9), bead(0, 3, 0.9)], true),
            (&[bead(99, 0, 0.9), bead(1, 1, 0.9), bead(0, 99, 0.9)], true),
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
