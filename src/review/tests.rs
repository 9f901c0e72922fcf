//! Tests of the page.

use std::collections::BTreeMap;

use proptest::prelude::*;
use regex::Regex;

use super::*;
use crate::bitext::*;
use crate::language::Language;
use crate::text::{CodePoints, Span};

fn segment(text: &str, document: usize, block: usize) -> Segment {
    Segment {
        text: text.into(),
        document,
        block,
        start: 0,
        end: text.chars().count(),
    }
}

fn pair(id: &str, source: &str, target: &str) -> Pair {
    Pair {
        id: id.into(),
        source: vec![segment(source, 0, 0)],
        target: vec![segment(target, 0, 0)],
        score: Some(-0.25),
        words: vec![(0, 0)],
        flags: vec![],
    }
}

fn excerpt(text: &str, part: &str) -> Excerpt {
    let at = text.find(part).expect("the part stands in the text");
    let span = CodePoints::new(text).span(&(at..at + part.len()));
    Excerpt::new(text, span)
}

fn flag(pair: &Pair, category: &str, source: &str, target: Option<&str>) -> Flag {
    Flag {
        entry: category.into(),
        category: category.into(),
        severity: Severity::Medium,
        verdict: if target.is_some() {
            Verdict::Kept
        } else {
            Verdict::Dropped
        },
        reason: "why <so>".into(),
        source: excerpt(&pair.source_text(), source),
        target: target.map(|target| excerpt(&pair.target_text(), target)),
        voice: Some(Voice::Attributed {
            to: "X & <Y>".into(),
        }),
        negated: true,
    }
}

fn bitext(pairs: Vec<Pair>) -> Bitext {
    Bitext {
        header: Header {
            from: Language::french(),
            to: Language::english(),
            documents: vec![DocumentInfo {
                name: "article <1> & \"2\".txt".into(),
                date: Some("2017-10".into()),
            }],
            origin: Origin::Model {
                model: "opus-mt-fr-en".into(),
                options: "beam-size 4".into(),
            },
            generator: "visavis 0.1.0".into(),
        },
        pairs,
    }
}

fn made(bitext: &Bitext) -> String {
    page(bitext, &Options::default()).expect("a page")
}

/// The HTML of the texts of a page: source, target, source, target, …
fn texts_html(page: &str) -> Vec<&str> {
    let text = Regex::new(r#"(?s)<p class="t"[^>]*>(.*?)</p>"#).expect("a valid pattern");
    text.captures_iter(page)
        .filter_map(|found| found.get(1))
        .map(|found| found.as_str())
        .collect()
}

/// What a reader sees of a text's HTML: tags off, references replaced.
fn visible(html: &str) -> String {
    let tag = Regex::new("</?mark[^<>]*>").expect("a valid pattern");
    let bare = tag.replace_all(html, "");
    assert!(!bare.contains('<'), "markup is left in {bare}");
    bare.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#13;", "\r")
        .replace("&amp;", "&")
}

/// The text of each find, put together from its pieces in a text's HTML; also sees that the
/// elements nest.
fn marked_texts(html: &str) -> BTreeMap<usize, String> {
    let token = Regex::new(r#"(?s)<mark [^>]*data-find="(\d+)"[^>]*>|</mark>|[^<]+"#)
        .expect("a valid pattern");
    let mut open: Vec<usize> = Vec::new();
    let mut texts: BTreeMap<usize, String> = BTreeMap::new();
    for found in token.captures_iter(html) {
        let whole = &found[0];
        if let Some(find) = found.get(1) {
            open.push(find.as_str().parse().expect("a number"));
        } else if whole == "</mark>" {
            open.pop().expect("an open element");
        } else {
            for find in &open {
                texts.entry(*find).or_default().push_str(&visible(whole));
            }
        }
    }
    assert!(open.is_empty(), "{html}");
    texts
}

#[test]
fn text_that_looks_like_markup_stays_text() {
    let hostile =
        "</p></script><script>alert(1)</script><!-- & &amp; \"'` \u{202e}abc\u{1}\r\n\t]]>";
    let mut one = pair(hostile, hostile, hostile);
    one.flags.push(Flag {
        entry: hostile.into(),
        category: hostile.into(),
        severity: Severity::High,
        verdict: Verdict::Check,
        reason: hostile.into(),
        source: Excerpt::new(hostile, Span { start: 2, end: 9 }),
        target: Some(Excerpt::new(hostile, Span { start: 0, end: 4 })),
        voice: Some(Voice::Attributed { to: hostile.into() }),
        negated: false,
    });
    let mut bitext = bitext(vec![one]);
    bitext.header.documents[0].name = hostile.into();
    bitext.header.generator = hostile.into();
    let page = made(&bitext);
    let scripts = page.matches("<script").count();
    assert_eq!((scripts, page.matches("</script").count()), (3, 3));
    assert!(!page.contains("<script>"));
    let markup = page
        .split("<script type=\"module\"")
        .next()
        .expect("a part");
    assert!(!markup.contains("<!--"));
    for html in texts_html(&page) {
        assert_eq!(visible(html), hostile);
    }
}

#[test]
fn the_bitext_can_be_read_back_from_the_page() {
    let mut one = pair("1", "a </script> b\u{2028}", "é 𝄞 \u{5d0} \u{0}");
    one.flags.push(flag(&one, "label", "b", None));
    let bitext = bitext(vec![one, pair("2", "x", "y")]);
    let page = made(&bitext);
    let data = page
        .split_once(r#"<script type="application/jsonl" id="bitext">"#)
        .and_then(|(_, rest)| rest.split_once("</script>"))
        .expect("the data")
        .0;
    let mut lines = data.trim().lines();
    let first = lines.next().expect("a header");
    assert!(first.starts_with(r#"{"visavis":"bitext","version":1,"#));
    let header: Header = serde_json::from_str(first).expect("the header");
    let pairs: Result<Vec<Pair>, _> = lines.map(serde_json::from_str).collect();
    assert_eq!(header, bitext.header);
    assert_eq!(pairs.expect("pairs"), bitext.pairs);
}

#[test]
fn nested_finds_nest_and_crossing_finds_are_parted() {
    let mut one = pair(
        "1",
        "la prétendue «ingérence russe» dans",
        "the alleged \"Russian interference\" in",
    );
    let flags = [
        flag(
            &one,
            "scare-quotes",
            "«ingérence russe»",
            Some("\"Russian interference\""),
        ),
        flag(
            &one,
            "distancing",
            "prétendue «ingérence russe»",
            Some("alleged"),
        ),
        flag(&one, "crossing", "russe» dans", None),
    ];
    one.flags.extend(flags);
    let page = made(&bitext(vec![one]));
    let texts = texts_html(&page);
    assert_eq!(
        marked_texts(texts[0]).into_values().collect::<Vec<_>>(),
        [
            "prétendue «ingérence russe»",
            "«ingérence russe»",
            "russe» dans"
        ]
    );
    assert_eq!(
        marked_texts(texts[1]).into_values().collect::<Vec<_>>(),
        ["alleged", "\"Russian interference\""]
    );
    insta::assert_snapshot!(texts.join("\n").replace("<mark", "\n<mark"));
}

#[test]
fn every_pair_stands_once_and_in_order_under_its_document() {
    let mut pairs: Vec<Pair> = (0..7)
        .map(|i| {
            pair(
                &format!("p{i}"),
                &format!("source {i}"),
                &format!("target {i}"),
            )
        })
        .collect();
    for (i, pair) in pairs.iter_mut().enumerate() {
        pair.source[0].document = usize::from(i > 3);
        pair.source[0].block = i / 2;
    }
    pairs[2].source.clear();
    pairs[5].target.clear();
    let mut bitext = bitext(pairs);
    bitext.header.documents.push(DocumentInfo {
        name: "second".into(),
        date: None,
    });
    let page = made(&bitext);
    let seen: Vec<String> = texts_html(&page).into_iter().map(visible).collect();
    let expected: Vec<String> = bitext
        .pairs
        .iter()
        .flat_map(|pair| [pair.source_text(), pair.target_text()])
        .collect();
    assert_eq!(seen, expected);
    assert_eq!(page.matches(r#"<section class="document">"#).count(), 2);
    assert_eq!(page.matches("nothing in the source").count(), 1);
    assert_eq!(page.matches("nothing in the translation").count(), 1);
}

#[test]
fn the_frame_of_a_small_page() {
    let mut one = pair("1", "Une bagatelle.", "A trifle.");
    let kept = flag(&one, "evaluation", "bagatelle", Some("trifle"));
    let mut short = flag(&one, "translation", "Une bagatelle.", Some("A trifle."));
    short.entry = "check/short".into();
    one.flags = vec![short, kept];
    let mut doubtful = pair("2", "Oui.", "Yes.");
    doubtful.score = Some(-1.5);
    let page = made(&bitext(vec![one, doubtful]));
    let body = page.split_once("<body>").expect("a body").1;
    let body = body.split_once("<dialog").expect("a dialog").0;
    insta::assert_snapshot!(body);
}

#[test]
fn an_empty_bitext_has_a_page() {
    assert!(made(&bitext(vec![])).contains("This bitext has no text."));
}

#[test]
fn the_page_names_no_other_resource() {
    let page = made(&bitext(vec![pair("1", "a", "b")]));
    assert!(page.contains("default-src 'none'"));
    let outside = Regex::new(r#"(?i)(https?:)?//[a-z]|\b(src|srcset)=|\burl\(|@import"#);
    let comments = Regex::new(r"(?m)^\s*//.*$").expect("a valid pattern");
    let code = comments.replace_all(&page, "");
    assert!(!outside.expect("a valid pattern").is_match(&code));
}

prop_compose! {
    fn any_flag()(
        source in (0usize..40, 0usize..40),
        target in proptest::option::of((0usize..40, 0usize..40)),
        kind in 0usize..4,
    ) -> (Span, Option<Span>, usize) {
        let span = |(start, end)| Span { start, end };
        (span(source), target.map(span), kind)
    }
}

/// Letters, markup, quotes, control characters, other planes and other directions.
const TEXT: &str =
    "([a-zé]|[<>&\"'/\\-;#]|[\\x00-\\x1f]|[\u{5d0}-\u{5ea}]|[\u{1f600}-\u{1f64f}]| ){0,30}";

proptest! {
    #[test]
    fn the_reader_sees_exactly_the_text(
        source in TEXT,
        target in TEXT,
        flags in proptest::collection::vec(any_flag(), 0..6),
    ) {
        let mut one = pair("1", &source, &target);
        for (source_span, target_span, kind) in flags {
            let within = |span: Span, text: &str| {
                let length = text.chars().count();
                let one = span.start.min(length);
                let other = span.end.min(length);
                Excerpt::new(text, Span { start: one.min(other), end: one.max(other) })
            };
            one.flags.push(Flag {
                entry: format!("entry {kind}"),
                category: format!("category {kind}"),
                severity: Severity::Low,
                verdict: Verdict::Kept,
                reason: String::new(),
                source: within(source_span, &source),
                target: target_span.map(|span| within(span, &target)),
                voice: None,
                negated: false,
            });
        }
        let bitext = bitext(vec![one]);
        let page = made(&bitext);
        let texts = texts_html(&page);
        let shown = |text: &str| text.replace('\0', "\u{fffd}");
        prop_assert_eq!(visible(texts[0]), shown(&source));
        prop_assert_eq!(visible(texts[1]), shown(&target));
        let marked = [marked_texts(texts[0]), marked_texts(texts[1])];
        for (number, find) in finds::collect(&bitext).iter().enumerate() {
            let seen = |side: usize| marked[side].get(&number).cloned();
            let text = |excerpt: Option<&Excerpt>| {
                excerpt.map(|e| shown(&e.text)).filter(|text| !text.is_empty())
            };
            prop_assert_eq!(seen(0), text(Some(&find.flag.source)));
            prop_assert_eq!(seen(1), text(find.flag.target.as_ref()));
        }
    }

    #[test]
    fn spans_that_do_not_fit_the_text_do_no_harm(start in 0usize..9, end in 0usize..90) {
        let mut one = pair("1", "abc", "def");
        let mut odd = flag(&one, "label", "b", Some("e"));
        odd.source.start = start;
        odd.source.end = end;
        odd.target = Some(odd.source.clone());
        one.flags.push(odd);
        prop_assert_eq!(visible(texts_html(&made(&bitext(vec![one])))[0]), "abc");
    }
}

#[test]
fn an_index_counts_and_links_relatively() {
    let mut one = pair("1", "un chat", "a cat");
    one.flags = vec![
        flag(&one, "a", "un", Some("a")),
        flag(&one, "b", "chat", None),
        flag(&one, "b", "un", None),
    ];
    let article = bitext(vec![one, pair("2", "deux", "two")]);
    let entry = Entry::new(&article, "été #1.html", &Options::default());
    let html = index(&[entry.clone(), entry], "Lundi").expect("a page");
    assert!(
        html.contains("href=\"%C3%A9t%C3%A9%20%231.html\""),
        "{html}"
    );
    assert!(!html.contains("article <1>"), "{html}");
    // Sentences, uncertain, finds, high severity, and kept.
    let counts =
        [2, 0, 3, 0, 1].map(|n| format!("<td class=\"number\" data-value=\"{n}\">{n}</td>"));
    assert!(html.contains(&counts.concat()), "{html}");
    assert!(html.contains("<td class=\"number\">6</td>"), "{html}");
    // Two articles of three words each: four finds of the category b, two of a.
    let chart = html.split("<svg viewBox").nth(1).expect("a chart");
    let bars = [">b</text>", ">a</text>"].map(|bar| chart.find(bar).expect(bar));
    assert!(bars[0] < bars[1], "{chart}");
    assert!(!html.contains("by-outlet"), "{html}");
}
