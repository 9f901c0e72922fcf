//! `visavis evaluate words`: the published rule, both notations, refusals.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;

use common::trial::Trial;
use proptest::prelude::*;
use visavis::evaluate::words::{Links, compare};

#[test]
fn scores_are_printed_and_what_is_wrong_is_told() {
    let trial = Trial::without_model();
    // English first, from 1, as the Hansards have it.
    trial.write("gold.txt", "1-1 2-2 2p3 3p3 3-4\n\n");
    trial.write("links.txt", "0-0 2-1 3-3\n0-0\n");
    let gold = ["--gold-from-one", "--gold-target-first"];
    let ran = |more: &[&str]| {
        let mut arguments = vec!["evaluate", "words", "gold.txt", "links.txt"];
        arguments.extend_from_slice(&gold);
        arguments.extend_from_slice(more);
        trial.done(&arguments)
    };
    insta::assert_snapshot!(ran(&[]).trim_end().replace(env!("CARGO_PKG_VERSION"), "VERSION"), @"AER|rule:och-ney-2003|version:visavis-VERSION = 0.5714 (precision 0.5000, recall 0.3333; pairs 2, sure 3, found 4, correct 2, of them sure 1)");
    let json: serde_json::Value = serde_json::from_str(&ran(&["--output-format", "json"])).unwrap();
    assert_eq!(json["correct"], 2);
    trial.write("short.txt", "0-0\n");
    let refused = trial.run(&["evaluate", "words", "gold.txt", "short.txt"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused
            .stderr
            .contains("gold.txt has 2 lines but short.txt has 1"),
        "{}",
        refused.stderr
    );
    let refused = trial.run(&[
        "evaluate",
        "words",
        "links.txt",
        "gold.txt",
        "--gold-from-one",
    ]);
    assert!(
        refused.stderr.contains("links.txt:1: “0-0” is no link"),
        "{}",
        refused.stderr
    );
}

fn links() -> impl Strategy<Value = BTreeSet<(u32, u32)>> {
    proptest::collection::btree_set((0u32..4, 0u32..4), 0..10)
}

proptest! {
    /// The rule as `lilt/alignment-scripts` computes it: per sentence sets, sums over all.
    #[test]
    fn counts_are_those_of_the_published_rule(
        sentences in proptest::collection::vec((links(), links(), links()), 0..5),
    ) {
        let (mut a, mut s, mut a_s, mut a_p) = (0.0, 0.0, 0.0, 0.0);
        let (mut gold, mut system) = (Vec::new(), Vec::new());
        for (sure, more, found) in sentences {
            for link in &found {
                a += 1.0;
                a_s += f64::from(u8::from(sure.contains(link)));
                a_p += f64::from(u8::from(sure.contains(link) || more.contains(link)));
            }
            s += sure.len() as f64;
            let possible = sure.union(&more).copied().collect();
            gold.push(Links { sure, possible });
            system.push(Links { sure: BTreeSet::new(), possible: found });
        }
        let counts = compare(("g", &gold), ("s", &system)).unwrap();
        if a + s > 0.0 {
            prop_assert!((counts.error_rate() - (1.0 - (a_s + a_p) / (a + s))).abs() < 1e-12);
        }
        if a > 0.0 && s > 0.0 {
            prop_assert!((counts.precision() - a_p / a).abs() < 1e-12);
            prop_assert!((counts.recall() - a_s / s).abs() < 1e-12);
        }
    }
}
