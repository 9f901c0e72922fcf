//! What a lexicon that can be read may still have wrong: entries that are not found where they
//! should be, found where they should not, taken twice or never reached.

use std::collections::HashMap;
use std::path::Path;

use super::{Entry, Lexicon, LexiconError, Problem, read};
use crate::terms::finder::find;

/// What is wrong with an entry: its id and the words for it.
type Fault = (String, String);

impl Lexicon {
    /// Reads a lexicon file, and tells everything that is wrong with its entries, in their order.
    ///
    /// # Errors
    /// Those of [`Lexicon::load`].
    pub fn check(path: &Path) -> Result<(Self, Vec<Problem>), LexiconError> {
        let text = Self::text(path)?;
        let file = path.display().to_string();
        let lexicon = Self::parse(&text, &file)?;
        let faults = lexicon.faults();
        if faults.is_empty() {
            return Ok((lexicon, Vec::new()));
        }
        let lines = read::lines(&text);
        let problems = faults.into_iter().map(|(entry, message)| Problem {
            file: file.clone(),
            line: lines.get(&entry).copied().unwrap_or(1),
            entry,
            message,
        });
        let problems = problems.collect();
        Ok((lexicon, problems))
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut held: HashMap<Vec<&str>, &str> = HashMap::new();
        for entry in self.entries() {
            self.examples(entry, &mut faults);
            letters(entry, &mut faults);
            let mut written: Vec<&str> = entry.forms.iter().map(String::as_str).collect();
            written.extend(entry.written.iter().map(String::as_str));
            written.sort_unstable();
            if let Some(first) = held.insert(written, &entry.id)
                && entry.rule.is_none()
            {
                faults.push((
                    entry.id.clone(),
                    format!("finds the same as “{first}”; keep one of them"),
                ));
            } else if let Some(other) = self.takes_all(entry) {
                faults.push((
                    entry.id.clone(),
                    format!("is never reached: “{other}” is found in its place; narrow that one"),
                ));
            }
        }
        faults
    }

    fn examples(&self, entry: &Entry, faults: &mut Vec<Fault>) {
        let found = |text: &str, lexicon: &Lexicon| {
            let finds = find(text, lexicon, entry.tongue);
            finds.iter().any(|f| f.entry.id == entry.id)
        };
        for example in &entry.examples {
            if !found(example, self) {
                let why = match found(example, &self.only(&entry.id)) {
                    true => "another entry takes its place; choose another example",
                    false => "correct its patterns",
                };
                faults.push((
                    entry.id.clone(),
                    format!("is not found in its example “{example}”; {why}"),
                ));
            }
        }
        for example in entry
            .counterexamples
            .iter()
            .filter(|text| found(text, self))
        {
            faults.push((
                entry.id.clone(),
                format!("is found in its counterexample “{example}”; add an unless- context"),
            ));
        }
    }

    /// The entry that is found in place of `entry` wherever one of its forms stands alone; none
    /// where it has patterns too, or is found with some form.
    fn takes_all(&self, entry: &Entry) -> Option<String> {
        if entry.forms.is_empty() || !entry.written.is_empty() {
            return None;
        }
        let mut taker = None;
        for form in &entry.forms {
            let finds = find(form, self, entry.tongue);
            if finds.is_empty() || finds.iter().any(|f| f.entry.id == entry.id) {
                return None;
            }
            taker = finds.first().map(|f| f.entry.id.clone());
        }
        taker
    }
}

/// Words that end in -s or -x without a plural: where they may be missing, that is meant.
const INVARIABLE: &[&str] = &[
    "ailleurs", "alors", "après", "assez", "certes", "dans", "dehors", "depuis", "dès", "fois",
    "hors", "jamais", "leurs", "mais", "mieux", "moins", "nous", "parfois", "plus", "puis", "sans",
    "sous", "temps", "toujours", "tous", "très", "vers", "vous", "always", "perhaps", "this",
];

/// Tells of words with `?` behind a plural's ending: it is the word that may be missing, not the
/// letter.
fn letters(entry: &Entry, faults: &mut Vec<Fault>) {
    let unless = [
        &entry.unless.before,
        &entry.unless.after,
        &entry.unless.near,
    ];
    let contexts = unless.into_iter().flatten().map(|c| c.written.as_str());
    for written in entry.written.iter().map(String::as_str).chain(contexts) {
        for part in written.split_inclusive('?') {
            let Some(before) = part.strip_suffix('?') else {
                continue;
            };
            let begin = before
                .char_indices()
                .rfind(|(_, c)| !c.is_alphabetic())
                .map_or(0, |(at, c)| at + c.len_utf8());
            let word = &before[begin..];
            // A shape or gap is no word, nor is the end of a compound.
            let stands_alone = !before[..begin].ends_with(['@', '-', '.', '\'', '’']);
            let plural = word.ends_with(['s', 'x']) && word.chars().count() > 3;
            if stands_alone && plural && !INVARIABLE.contains(&word) {
                let stem = &word[..word.len() - 1];
                faults.push((
                    entry.id.clone(),
                    format!(
                        "“{word}?” in “{written}” lets the whole word be missing, not its last \
                         letter; write ({stem}|{word}), or ({word})? if that is meant"
                    ),
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told() {
        let entry = |id: &str, rest: &str| {
            format!(
                "[[entry]]\nid = \"{id}\"\nlemma = \"x\"\ncategory = \"label\"\n\
                 severity = \"low\"\nreason = \"Why.\"\nkeep = [\"x\"]\n{rest}\n"
            )
        };
        let text = [
            "from = \"fr\"\nto = \"en\"".to_owned(),
            entry("one", "forms = [\"zut\"]"),
            entry("two", "forms = [\"zut\"]"),
            entry("three", "forms = [\"mince\"]\nexamples = [\"Flûte.\"]"),
            entry("four", "forms = [\"nom\"]\ncounterexamples = [\"Un nom.\"]"),
            entry(
                "five",
                "patterns = [\"gros? mots? doux\", \"(beaux)? plus? zigzag pas?\"]",
            ),
            entry(
                "six",
                "forms = [\"six\"]\nunless-after = [\"(de|ces gens?)\"]",
            ),
        ]
        .join("\n");
        let lexicon = Lexicon::parse(&text, "test").expect("a lexicon");
        let faults = lexicon.faults();
        let told = |entry: &str, part: &str| {
            let mut faults = faults.iter();
            faults.any(|(id, message)| id == entry && message.contains(part))
        };
        assert!(told("two", "finds the same as “one”"), "{faults:?}");
        assert!(told("three", "is not found"), "{faults:?}");
        assert!(told("four", "is found in its counterexample"), "{faults:?}");
        assert!(told("five", "(gro|gros)"), "{faults:?}");
        assert!(told("five", "(mot|mots)"), "{faults:?}");
        assert!(told("six", "(gen|gens)"), "{faults:?}");
        assert_eq!(faults.len(), 6, "{faults:?}");
    }
}
