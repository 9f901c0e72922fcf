//! What a lexicon that can be read may still have wrong: entries that are not found where they
//! should be, found where they should not, taken twice or never reached.

use std::collections::HashMap;

use super::{Entry, Lexicon};
use crate::terms::finder::find;

impl Lexicon {
    /// Everything that is wrong with the entries, in words, in their order.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut held: HashMap<Vec<&str>, &str> = HashMap::new();
        for entry in self.entries() {
            self.examples(entry, &mut faults);
            let mut written: Vec<&str> = entry.forms.iter().map(String::as_str).collect();
            written.extend(entry.written.iter().map(String::as_str));
            written.sort_unstable();
            if let Some(first) = held.insert(written, &entry.id)
                && entry.rule.is_none()
            {
                faults.push(format!(
                    "entry “{}” finds the same as “{first}”; keep one of them",
                    entry.id
                ));
            } else if let Some(other) = self.takes_all(entry) {
                faults.push(format!(
                    "entry “{}” is never reached: “{other}” is found in its place; narrow that one",
                    entry.id
                ));
            }
        }
        faults
    }

    fn examples(&self, entry: &Entry, faults: &mut Vec<String>) {
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
                faults.push(format!(
                    "entry “{}” is not found in its example “{example}”; {why}",
                    entry.id
                ));
            }
        }
        for example in entry
            .counterexamples
            .iter()
            .filter(|text| found(text, self))
        {
            faults.push(format!(
                "entry “{}” is found in its counterexample “{example}”; add an unless- context",
                entry.id
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
        ]
        .join("\n");
        let lexicon = Lexicon::parse(&text, "test").expect("a lexicon");
        let faults = lexicon.faults();
        let told = |part: &str| faults.iter().any(|fault| fault.contains(part));
        assert!(told("“two” finds the same as “one”"), "{faults:?}");
        assert!(told("“three” is not found"), "{faults:?}");
        assert!(told("“four” is found in its counterexample"), "{faults:?}");
        assert_eq!(faults.len(), 3, "{faults:?}");
    }
}
