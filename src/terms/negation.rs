//! Whether a term is denied in its clause: *ce n'est pas une agression*, *aucune agression*.

use std::ops::Range;

use super::lexicon::Tongue;
use super::tokens::Tokens;

/// How far before a term, in tokens, its negation is looked for.
const REACH: usize = 7;

/// Whether the tokens `own` stand under a negation. A negation inside the term is its own.
pub(super) fn denied(tokens: &Tokens, own: &[usize], tongue: Tongue) -> bool {
    let Some(&first) = own.first() else {
        return false;
    };
    let before = clause(tokens, first);
    let plain: Vec<&str> = tokens.tokens[before].iter().map(|t| t.plain()).collect();
    match tongue {
        Tongue::French => french(&plain),
        Tongue::English => english(&plain),
    }
}

/// The tokens of the clause before `first`, as far as [`REACH`].
fn clause(tokens: &Tokens, first: usize) -> Range<usize> {
    let far = first.saturating_sub(REACH);
    let parted = |&at: &usize| tokens.gaps[at].hard || tokens.gaps[at].soft;
    (far + 1..=first).rev().find(parted).unwrap_or(far)..first
}

fn french(before: &[&str]) -> bool {
    let near = before.iter().rev().take(2);
    let bare = ["aucun", "aucune", "nul", "nulle", "sans", "ni", "nullement"];
    if near.clone().any(|word| bare.contains(word)) {
        return true;
    }
    let Some(ne) = before.iter().position(|w| matches!(*w, "ne" | "n'")) else {
        return false;
    };
    let rest = &before[ne + 1..];
    let partner = |w: &&str| matches!(*w, "pas" | "jamais" | "guère" | "nullement" | "aucunement");
    let Some(pas) = rest.iter().position(partner) else {
        return false;
    };
    // *pas seulement*, *pas que* affirm; *parce que* and *qui* open another clause.
    let between = &rest[pas + 1..];
    let affirms = [
        "seulement",
        "que",
        "qu'",
        "qui",
        "uniquement",
        "dont",
        "mais",
    ];
    !between.iter().any(|w| affirms.contains(w))
}

fn english(before: &[&str]) -> bool {
    let bare = ["no", "without", "neither", "nor"];
    if before.iter().rev().take(2).any(|word| bare.contains(word)) {
        return true;
    }
    let Some(not) = before.iter().position(|w| matches!(*w, "not" | "never")) else {
        return false;
    };
    let affirms = ["only", "just", "that", "which", "who", "but", "because"];
    !before[not + 1..].iter().any(|w| affirms.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_denied_and_what_is_not() {
        let cases = [
            ("Ce n'est pas une agression", Tongue::French, true),
            ("Il n'y a aucune agression", Tongue::French, true),
            (
                "Ce n'est pas seulement une agression",
                Tongue::French,
                false,
            ),
            ("Il n'est pas là, mais son agression", Tongue::French, false),
            ("C'est une agression", Tongue::French, false),
            ("This was not an aggression", Tongue::English, true),
            ("This was not only an aggression", Tongue::English, false),
            ("There was no aggression", Tongue::English, true),
        ];
        for (text, tongue, expected) in cases {
            let tokens = Tokens::new(text);
            let last = tokens.tokens.len() - 1;
            assert_eq!(denied(&tokens, &[last], tongue), expected, "{text}");
        }
    }
}
