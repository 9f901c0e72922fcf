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
    if nobody(&before[..ne]) {
        // *Nul n'ignore* and *personne ne doute* affirm.
        let verb = |w: &&str| {
            ["ignor", "dout", "ni", "contest"]
                .iter()
                .any(|v| w.starts_with(v))
        };
        let opens = |w: &&str| matches!(*w, "que" | "qu'" | "qui" | "dont" | "mais");
        return !rest.iter().any(|w| verb(w) || opens(w));
    }
    let partner = |w: &&str| {
        matches!(
            *w,
            "pas" | "plus" | "jamais" | "guère" | "nullement" | "aucunement"
        )
    };
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

/// Whether what stands before *ne* is no one or nothing: *personne*, *aucun pays*, but *la personne*.
fn nobody(subject: &[&str]) -> bool {
    let bears = |at: usize| match subject[at] {
        "aucun" | "aucune" | "nul" | "nulle" => true,
        "personne" | "rien" => {
            at + 1 == subject.len() && (at == 0 || !DETERMINERS.contains(&subject[at - 1]))
        }
        _ => false,
    };
    (0..subject.len()).any(bears)
}

const DETERMINERS: &[&str] = &[
    "la", "une", "cette", "sa", "ma", "ta", "notre", "votre", "leur", "chaque", "quelle", "toute",
    "un", "le", "ce", "de",
];

fn english(before: &[&str]) -> bool {
    let bare = ["no", "without", "neither", "nor"];
    if before.iter().rev().take(2).any(|word| bare.contains(word)) {
        return true;
    }
    let denies = |w: &&str| matches!(*w, "not" | "never" | "nobody" | "cannot");
    let Some(not) = before.iter().position(denies) else {
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
            ("Ce n'est plus une agression", Tongue::French, true),
            ("Personne ne parle de agression", Tongue::French, true),
            (
                "Aucun pays ne soutient cette agression",
                Tongue::French,
                true,
            ),
            ("Nul n'ignore cette agression", Tongue::French, false),
            ("La personne ne voit que agression", Tongue::French, false),
            (
                "Personne ne voit que cette agression",
                Tongue::French,
                false,
            ),
            ("Nobody speaks of aggression", Tongue::English, true),
            ("Nobody doubts that aggression", Tongue::English, false),
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
