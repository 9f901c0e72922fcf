//! Bitexts for the tests of the formats: a small one of our own, and arbitrary ones.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{
    Bitext, DocumentInfo, Excerpt, Flag, GENERATOR, Header, Origin, Pair, Segment, Severity,
    Verdict, Voice,
};
use crate::language::Language;
use crate::text::{Span, words};

/// Two pairs, one of them of two source segments and without a score.
pub fn article() -> Bitext {
    let segment = |text: &str, block, start| Segment {
        text: text.into(),
        document: 0,
        block,
        start,
        end: start + text.chars().count(),
    };
    let source = segment("La prétendue «ingérence russe» & <co>.", 0, 0);
    let target = segment("The alleged \"Russian interference\" & <co>.", 0, 0);
    let excerpt = |text: &str, start, end| Excerpt::new(text, Span { start, end });
    let flag = Flag {
        entry: "pretendu".into(),
        category: "distancing".into(),
        severity: Severity::High,
        verdict: Verdict::Kept,
        reason: "Keeps the claim at a distance.".into(),
        source: excerpt(&source.text, 3, 29),
        target: Some(excerpt(&target.text, 4, 34)),
        voice: Some(Voice::Author),
        negated: false,
    };
    let dropped = Flag {
        entry: "quotes".into(),
        verdict: Verdict::Dropped,
        severity: Severity::Low,
        target: None,
        voice: Some(Voice::Attributed {
            to: "Maria Zakharova".into(),
        }),
        negated: true,
        ..flag.clone()
    };
    Bitext {
        header: Header {
            from: Language::french(),
            to: Language::english(),
            documents: vec![DocumentInfo {
                name: "article.fr.txt".into(),
                date: Some("2017-10".into()),
            }],
            origin: Origin::Model {
                model: "opus-mt-fr-en".into(),
                options: "beam-size 4".into(),
            },
            generator: "visavis 0.0.0".into(),
        },
        pairs: vec![
            Pair {
                id: "1".into(),
                source: vec![source],
                target: vec![target],
                score: Some(-0.25),
                words: vec![(0, 0), (1, 1), (2, 3), (3, 2)],
                flags: vec![flag, dropped],
            },
            Pair {
                id: "2".into(),
                source: vec![segment("- Ah?", 1, 0), segment("C'est\ttout\nici.", 1, 6)],
                target: vec![segment("\"Ah\", is that all?", 1, 0)],
                score: None,
                words: Vec::new(),
                flags: Vec::new(),
            },
        ],
    }
}

/// Texts with what formats trip over.
pub fn texts() -> impl Strategy<Value = String> {
    let odd = select(vec![
        "<",
        ">",
        "&",
        "&amp;",
        "]]>",
        "<!--",
        "</seg>",
        "</script>",
        "\"",
        "'",
        "\\",
        "\\n",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "\0",
        "\u{1}",
        "\u{b}",
        "\u{c}",
        "\u{1f}",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{2028}",
        "\u{2029}",
        "\u{feff}",
        "\u{fffe}",
        "\u{ffff}",
        "\u{200f}",
        "\u{202e}",
        "שלום",
        "مرحبا",
        "e\u{301}",
        "𝄞",
        "👩‍👩‍👧",
        "=1+1",
        "+",
        "-",
        "@",
        "#",
        "{",
        "[",
        ",",
        ";",
        " ",
        "  ",
        "mot",
        "l'été",
        "U+0001",
        "\u{10ffff}",
    ])
    .prop_map(str::to_owned);
    let any = any::<char>().prop_map(String::from);
    let word = "[a-zé]{1,6} ?".prop_map(String::from);
    vec(prop_oneof![4 => odd, 1 => any, 3 => word], 0..8).prop_map(|parts| parts.concat())
}

fn segments() -> impl Strategy<Value = Vec<Segment>> {
    let place = (0usize..2, 0usize..9, 0usize..200, option::of(0usize..50));
    vec(
        (texts(), place).prop_map(|(text, (document, block, start, length))| Segment {
            end: start + length.unwrap_or(text.chars().count()),
            text,
            document,
            block,
            start,
        }),
        0..4,
    )
}

fn excerpt(text: &str, (a, b): (Index, Index)) -> Excerpt {
    let size = text.chars().count() + 1;
    let (a, b) = (a.index(size), b.index(size));
    Excerpt::new(
        text,
        Span {
            start: a.min(b),
            end: a.max(b),
        },
    )
}

fn pairs() -> impl Strategy<Value = Pair> {
    let severity = select(vec![Severity::Low, Severity::Medium, Severity::High]);
    let verdict = select(vec![
        Verdict::Kept,
        Verdict::Softened,
        Verdict::Strengthened,
        Verdict::Dropped,
        Verdict::Added,
        Verdict::Check,
    ]);
    let ends = any::<(Index, Index)>();
    let flag = (
        texts(),
        texts(),
        severity,
        verdict,
        texts(),
        ends.clone(),
        option::of(ends),
    );
    (
        texts(),
        segments(),
        segments(),
        option::of(-1e3f32..1e3),
        vec(any::<(Index, Index)>(), 0..5),
        vec(flag, 0..3),
    )
        .prop_map(|(id, source, target, score, links, flags)| {
            let mut pair = Pair {
                id,
                source,
                target,
                score,
                words: Vec::new(),
                flags: Vec::new(),
            };
            let (source, target) = (pair.source_text(), pair.target_text());
            let (sources, targets) = (words(&source).len(), words(&target).len());
            if sources > 0 && targets > 0 {
                let link = |(s, t): (Index, Index)| (s.index(sources), t.index(targets));
                pair.words = links
                    .into_iter()
                    .map(link)
                    .map(|(s, t)| (s as u32, t as u32))
                    .collect();
                pair.words.sort_unstable();
                pair.words.dedup();
            }
            pair.flags = flags
                .into_iter()
                .map(
                    |(entry, category, severity, verdict, reason, at, rendering)| Flag {
                        entry,
                        category,
                        severity,
                        verdict,
                        reason,
                        source: excerpt(&source, at),
                        target: rendering.map(|at| excerpt(&target, at)),
                        voice: Some(Voice::Quoted).filter(|_| verdict != Verdict::Check),
                        negated: verdict == Verdict::Added,
                    },
                )
                .collect();
            pair
        })
}

/// Bitexts that hold together, with two documents and ids of any text.
pub fn bitexts() -> impl Strategy<Value = Bitext> {
    let origin = prop_oneof![
        (texts(), texts()).prop_map(|(model, options)| Origin::Model { model, options }),
        texts().prop_map(|name| Origin::Given { name }),
    ];
    let document = (texts(), option::of(texts()));
    (vec(pairs(), 0..4), vec(document, 2), origin).prop_map(|(mut pairs, documents, origin)| {
        for (at, pair) in pairs.iter_mut().enumerate() {
            pair.id = format!("{at}{}", pair.id);
        }
        Bitext {
            header: Header {
                from: Language::french(),
                to: Language::english(),
                documents: documents
                    .into_iter()
                    .map(|(name, date)| DocumentInfo { name, date })
                    .collect(),
                origin,
                generator: GENERATOR.into(),
            },
            pairs,
        }
    })
}
