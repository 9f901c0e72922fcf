//! `visavis terms`: list, explain, check.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use assert_cmd::Command;

fn terms(args: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("visavis")
        .unwrap()
        .arg("terms")
        .args(args)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn entries_are_listed_in_every_format() {
    let (code, all, _) = terms(&["list"]);
    assert_eq!(code, 0);
    let (_, some, _) = terms(&["list", "--category", "distancing"]);
    assert!(some.lines().count() > 3 && some.lines().count() < all.lines().count());
    assert!(some.lines().all(|line| line.starts_with("distancing")));
    let (_, table, _) = terms(&["list", "--output-format", "tsv"]);
    assert_eq!(table.lines().count(), all.lines().count() + 1);
    assert!(table.lines().all(|line| line.split('\t').count() == 8));
    let (_, objects, _) = terms(&["list", "--output-format", "jsonl"]);
    for line in objects.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(
            entry["keep"].is_array() && entry["reason"].is_string(),
            "{line}"
        );
    }
    assert_eq!(terms(&["list", "--category", "zut"]).0, 2);
}

#[test]
fn terms_are_explained_in_any_form() {
    for term in ["prétendues", "Prétendu", "pretendu"] {
        let (code, text, _) = terms(&["explain", term]);
        assert_eq!(code, 0, "{term}");
        assert!(
            text.contains("alleged") && text.contains("prétendu (distancing"),
            "{text}"
        );
    }
    let (code, text, _) = terms(&["explain", "mesures", "de", "rétorsion"]);
    assert!(code == 0 && text.contains("rétorsion"), "{text}");
    let (code, _, error) = terms(&["explain", "chaise"]);
    assert!(code == 2 && error.contains("chaise"), "{error}");
}

#[test]
fn lexicons_are_validated_with_their_lines() {
    let folder = tempfile::tempdir().unwrap();
    let entry = |id: &str, more: &str| {
        format!(
            "[[entry]]\nid = \"{id}\"\nlemma = \"zut\"\ncategory = \"c\"\nseverity = \"low\"\n\
             reason = \"Why.\"\nkeep = [\"damn\"]\n{more}\n"
        )
    };
    let head = "from = \"fr\"\nto = \"en\"\n";
    let fixed = "inflect = \"fixed\"";
    let cases: &[(String, i32, &[&str])] = &[
        (
            format!("{head}{}", entry("a", fixed)),
            0,
            &["1 entries, sound"],
        ),
        (
            format!("{head}{}", entry("A b", fixed)),
            2,
            &["case.toml:3", "the id must be"],
        ),
        (
            format!(
                "{head}{}{}",
                entry("a", fixed),
                entry("a", "patterns = [\"(x\"]")
            ),
            2,
            &["case.toml:11", "the id is taken", "has no partner"],
        ),
        (
            format!("{head}[[entry]]\nid = 3\n"),
            2,
            &["case.toml:4", "lexicons/README.md"],
        ),
        (
            format!(
                "{head}{}",
                entry("a", &format!("{fixed}\nexamples = [\"Rien.\"]"))
            ),
            2,
            &["case.toml:3: entry “a”", "not found in its example “Rien.”"],
        ),
        (
            format!(
                "{head}{}",
                entry("a", &format!("{fixed}\ncounterexamples = [\"Zut !\"]"))
            ),
            2,
            &["case.toml:3", "found in its counterexample “Zut !”"],
        ),
        (
            format!(
                "{head}{}{}",
                entry("a", fixed),
                entry("b", "patterns = [\"gros mots?\"]")
            ),
            2,
            &["case.toml:11: entry “b”", "(mot|mots)"],
        ),
    ];
    for (text, expected, parts) in cases {
        let file = folder.path().join("case.toml");
        std::fs::write(&file, text).unwrap();
        let (code, _, error) = terms(&["check", file.to_str().unwrap()]);
        assert_eq!(code, *expected, "{text}\n{error}");
        for part in *parts {
            assert!(error.contains(part), "{part} is not in\n{error}\n{text}");
        }
    }
    let (code, _, error) = terms(&["check", "no-such-file.toml"]);
    assert!(code == 2 && error.contains("No such file"), "{error}");
}

#[test]
fn a_lexicon_of_ones_own_adds_to_the_built_in_one_or_stands_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    let entry = |id: &str, lemma: &str| {
        format!(
            "[[entry]]\nid = \"{id}\"\nlemma = \"{lemma}\"\ninflect = \"noun\"\n\
             category = \"own\"\nseverity = \"low\"\nreason = \"Ours.\"\nkeep = [\"x\"]\n"
        )
    };
    let text = ["from = \"fr\"\nto = \"en\"\n".to_owned()]
        .into_iter()
        .chain([entry("chaise", "chaise"), entry("regime", "régime")])
        .collect::<String>();
    std::fs::write(&file, text).unwrap();
    let own = file.to_str().unwrap();
    let count = |args: &[&str]| terms(args).1.lines().count();
    let builtin = count(&["list"]);
    assert_eq!(count(&["list", "--lexicon", own]), builtin + 1);
    let alone = ["list", "--lexicon", own, "--no-builtin-lexicon"];
    assert_eq!(count(&alone), 2);
    let (_, regime, _) = terms(&["explain", "régime", "--lexicon", own]);
    assert!(regime.contains("Ours."), "{regime}");
    assert_eq!(terms(&["list", "--no-builtin-lexicon"]).0, 2);
}

#[test]
fn a_concordance_shows_a_term_in_its_contexts() {
    let (code, lines, _) = terms(&["concordance", "prétendues", "corpus/article.fr.txt"]);
    assert_eq!(code, 0);
    assert!(lines.contains("corpus/article.fr.txt:5"), "{lines}");
    assert!(lines.contains("[prétendue «ingérence russe»]"), "{lines}");
    assert_eq!(terms(&["concordance", "zut", "corpus/article.fr.txt"]).0, 2);
    let none = terms(&["concordance", "larbin", "corpus/article.fr.txt"]);
    assert!(
        none.0 == 0 && none.2.contains("no place of “larbin”"),
        "{none:?}"
    );
}
