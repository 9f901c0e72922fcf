use proptest::prelude::*;

use super::fields::on_one_line;
use super::*;

fn exported(lexicon: &Lexicon, tongue: Tongue, format: Exchange) -> Vec<u8> {
    let mut bytes = Vec::new();
    lexicon
        .export(tongue, format, &mut bytes)
        .expect("memory holds it");
    bytes
}

/// What stays the same: all but line breaks and blanks around values.
fn entries(lexicon: &Lexicon, tongue: Tongue) -> Vec<RawEntry> {
    let entries = lexicon.entries().filter(|e| e.tongue == tongue);
    entries.map(RawEntry::of).collect()
}

#[test]
fn the_lexicons_come_back_the_same() {
    let lexicon = Lexicon::builtin().expect("a lexicon");
    for tongue in [Tongue::French, Tongue::English] {
        for format in [Exchange::Csv, Exchange::Tbx] {
            let bytes = exported(&lexicon, tongue, format);
            let imported = import(&bytes, "x", format).unwrap_or_else(|error| panic!("{error}"));
            let read = Lexicon::parse(&imported.toml, "x").unwrap_or_else(|e| panic!("{e}"));
            let (read, own) = (entries(&read, tongue), entries(&lexicon, tongue));
            assert_eq!(read.len(), own.len());
            for (read, mut own) in read.into_iter().zip(own) {
                own.reason = on_one_line(&own.reason);
                assert_eq!(read, own, "{format:?}");
            }
        }
    }
}

#[test]
fn term_bases_of_other_tools_are_read() {
    let new = r#"<?xml version="1.0"?>
<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
<tbxHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></tbxHeader>
<text><body><conceptEntry id="7">
<descrip type="subjectField">Politics &amp; war</descrip>
<langSec xml:lang="en-GB"><descrip type="definition">Why &#233;.</descrip>
<termSec><term>war party</term></termSec>
<termSec><term>hawks</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termSec>
</langSec>
<langSec xml:lang="fr"><termSec><term>parti de la guerre (le)</term></termSec></langSec>
</conceptEntry></body></text></tbx>"#;
    let old = r#"<martif type="TBX"><text><body><termEntry id="a">
<langSet xml:lang="fr"><tig><term>junte</term></tig><tig><term>clique</term></tig></langSet>
<langSet xml:lang="en"><ntig><termGrp><term>junta</term></termGrp></ntig></langSet>
</termEntry></body></text></martif>"#;
    let read = |text: &str| {
        import(text.as_bytes(), "x.tbx", Exchange::Tbx)
            .expect(text)
            .toml
    };
    insta::assert_snapshot!(read(new), @r#"
    from = "fr"
    to = "en"

    [[entry]]
    id = "parti-de-la-guerre-le"
    lemma = "parti de la guerre (le)"
    category = "politics-war"
    severity = "medium"
    reason = "Why é."
    patterns = ["parti de la guerre le"]
    keep = ["war party"]
    "#);
    insta::assert_snapshot!(read(old), @r#"
    from = "fr"
    to = "en"

    [[entry]]
    id = "junte"
    lemma = "junte"
    category = "imported"
    severity = "medium"
    reason = "Listed in x.tbx."
    patterns = ["clique", "junte"]
    keep = ["junta"]
    "#);
}

#[test]
fn tables_of_few_columns_and_other_delimiters_are_read() {
    let text = "\u{feff}lemma;keep;severity\njunte;\"junta\nregime\";high\nfait du prince;whim;\n";
    let imported = import(text.as_bytes(), "x.csv", Exchange::Csv).expect("a table");
    insta::assert_snapshot!(imported.toml, @r#"
    from = "fr"
    to = "en"

    [[entry]]
    id = "junte"
    lemma = "junte"
    category = "imported"
    severity = "high"
    reason = "Listed in x.csv."
    inflect = "fixed"
    keep = ["junta", "regime"]

    [[entry]]
    id = "fait-du-prince"
    lemma = "fait du prince"
    category = "imported"
    severity = "medium"
    reason = "Listed in x.csv."
    patterns = ["fait du prince"]
    keep = ["whim"]
    "#);
}

#[test]
fn errors_name_file_and_line() {
    let cases = [
        (
            Exchange::Csv,
            "lemma,oops\na,b\n",
            "x:1: “oops” is no column",
        ),
        (Exchange::Csv, "id\na\n", "x:1: there is no column “lemma”"),
        (
            Exchange::Csv,
            "lemma,keep\na,b\n\"c\nd\",e,f\n",
            "x:3: the table is broken",
        ),
        (
            Exchange::Csv,
            "lemma,keep,severity\na,b,low\nc,d,huge\n",
            "x:3: entry “c”: severity",
        ),
        (
            Exchange::Csv,
            "lemma,keep\na,b\nc,\n",
            "x:3: entry “c”: keep is empty",
        ),
        (
            Exchange::Csv,
            "language,lemma,keep\nfr,a,b\nen,c,\n",
            "x:3: entry “en”: another",
        ),
        (Exchange::Tbx, "<tmx/>", "x:1: it is no TBX"),
        (Exchange::Tbx, "", "x:1: it has no <tbx>"),
        (Exchange::Tbx, "<tbx>\n<text>", "x:2: the XML ends"),
        (
            Exchange::Tbx,
            "<!DOCTYPE tbx [<!ENTITY a \"b\">]>\n<tbx>&a;</tbx>",
            "x:1: it declares entities",
        ),
        (
            Exchange::Tbx,
            "<tbx>\n&a;</tbx>",
            "x:2: the entity &a; is unknown",
        ),
        (
            Exchange::Tbx,
            "<tbx>\n<conceptEntry id='c'>\n<langSec xml:lang='de'><termSec><term>x</term></termSec>\
             </langSec></conceptEntry></tbx>",
            "x:2: entry “c”: no term of it",
        ),
    ];
    for (format, text, expected) in cases {
        let error = import(text.as_bytes(), "x", format)
            .expect_err(text)
            .to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    let error = import(b"lemma\n\xff", "x", Exchange::Csv).expect_err("no UTF-8");
    assert!(
        error.to_string().contains("x:2: it is not in UTF-8"),
        "{error}"
    );
    let deep = format!("<tbx>{}", "<a>".repeat(100_000));
    assert!(import(deep.as_bytes(), "x", Exchange::Tbx).is_err());
}

fn value() -> impl Strategy<Value = String> {
    "(\\PC|[<>&\"',;|\t\n:#=]|visavis ){1,12}".prop_filter("blank", |v| !on_one_line(v).is_empty())
}

fn list() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(value(), 0..3)
}

proptest! {
    /// Whatever an entry holds, patterns aside, which must be patterns, comes back.
    #[test]
    fn what_is_written_is_read(
        texts in proptest::collection::vec((value(), value(), list(), list()), 1..4),
        hedge: bool,
    ) {
        let entries: Vec<RawEntry> = texts.into_iter().enumerate().map(|(at, (lemma, reason, examples, counter))| {
            let mut entry = RawEntry::new(format!("e/{at}"));
            (entry.lemma, entry.reason) = (lemma, reason);
            (entry.examples, entry.counterexamples) = (examples, counter);
            entry.category = "label".into();
            entry.forms = vec![format!("zut{at}")];
            entry.patterns = vec!["(a|b c) <verb:dire>?".into()];
            entry.keep = vec!["(x|y z)".into(), "w".into()];
            entry.soften = vec!["v".into()];
            entry.hedge = hedge;
            entry
        }).collect();
        let plain = |entry: &RawEntry| {
            let lines = |list: &[String]| list.iter().map(|v| on_one_line(v)).collect::<Vec<_>>();
            let mut plain = entry.clone();
            (plain.lemma, plain.reason) = (on_one_line(&entry.lemma), on_one_line(&entry.reason));
            plain.examples = lines(&entry.examples);
            plain.counterexamples = lines(&entry.counterexamples);
            plain
        };
        let expected: Vec<RawEntry> = entries.iter().map(plain).collect();
        for format in [Exchange::Csv, Exchange::Tbx] {
            let mut bytes = Vec::new();
            match format {
                Exchange::Csv => csv::write(&entries, Tongue::French, &mut bytes),
                Exchange::Tbx => tbx::write(&entries, Tongue::French, &mut bytes),
            }.expect("memory holds it");
            let imported = import(&bytes, "x", format);
            let imported = imported.unwrap_or_else(|error| panic!("{error}"));
            let read = Lexicon::parse(&imported.toml, "x").unwrap_or_else(|e| panic!("{e}"));
            let read: Vec<RawEntry> = read.entries().map(RawEntry::of).collect();
            prop_assert_eq!(&read, &expected, "{:?}", format);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80), text in "(<tbx>|<conceptEntry id='a'>|<term>|</term>|<note>|visavis |id: |lemma|,|\n|\"|\\PC){0,20}") {
        for format in [Exchange::Csv, Exchange::Tbx] {
            let _ = import(&bytes, "x", format);
            let _ = import(text.as_bytes(), "x", format);
        }
    }
}
