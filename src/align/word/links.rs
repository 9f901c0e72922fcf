//! From what words look at to links.

use super::attention::Shares;

/// Two words are linked where the geometric mean of what they look at of each other is so much.
const BOTH: f32 = 0.35;
/// The same for what one direction tells alone.
const ONE: f32 = 0.35;

/// Links (source word, target word), sorted. `forward` has a row for each target word, `backward`
/// one for each source word.
pub(super) fn links(forward: Option<&Shares>, backward: Option<&Shares>) -> Vec<(u32, u32)> {
    let (sources, targets) = match (forward, backward) {
        (Some(forward), _) => (forward.columns, forward.rows),
        (_, Some(backward)) => (backward.rows, backward.columns),
        _ => (0, 0),
    };
    let mut links = Vec::new();
    for source in 0..sources {
        for target in 0..targets {
            let there = forward.map(|shares| shares.get(target, source));
            let back = backward.map(|shares| shares.get(source, target));
            let is_linked = match (there, back) {
                (Some(there), Some(back)) => (there * back).sqrt() > BOTH,
                (Some(share), None) | (None, Some(share)) => share > ONE,
                (None, None) => false,
            };
            if is_linked {
                links.push((source as u32, target as u32));
            }
        }
    }
    links
}
