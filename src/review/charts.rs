//! The charts of an index: bars in SVG, each beside the table that says the same.
//!
//! They need no script, and their colours come from the page's style. Loaded terms are counted
//! alone, not what the checks of the translation found.

use std::collections::BTreeMap;

use crate::bitext::{Bitext, Verdict};
use crate::text::words;

/// Where bars begin, how long the longest is, and how far apart they stand, in SVG units.
const LEFT: f64 = 170.0;
const LONGEST: f64 = 380.0;
const STEP: f64 = 26.0;

/// The longest label that is written out, in characters.
const LABEL: usize = 24;

/// The loaded terms of an article.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    /// Words of the source.
    words: usize,
    /// For each category its finds by verdict, as [`Verdict::ALL`] orders them.
    categories: BTreeMap<String, [usize; 6]>,
}

impl Counts {
    pub fn new(bitext: &Bitext) -> Self {
        let texts = bitext.pairs.iter().map(|pair| pair.source_text());
        let mut counts = Self {
            words: texts.map(|text| words(&text).len()).sum(),
            ..Self::default()
        };
        let flags = bitext.pairs.iter().flat_map(|pair| &pair.flags);
        for flag in flags.filter(|flag| flag.check().is_none()) {
            let category = counts.categories.entry(flag.category.clone()).or_default();
            if let Some(place) = Verdict::ALL.iter().position(|v| *v == flag.verdict) {
                category[place] += 1;
            }
        }
        counts
    }

    fn add(&mut self, other: &Self) {
        self.words += other.words;
        for (category, verdicts) in &other.categories {
            let own = self.categories.entry(category.clone()).or_default();
            for (own, other) in own.iter_mut().zip(verdicts) {
                *own += other;
            }
        }
    }

    fn verdicts(&self) -> [usize; 6] {
        let mut sums = [0; 6];
        for verdicts in self.categories.values() {
            for (sum, count) in sums.iter_mut().zip(verdicts) {
                *sum += count;
            }
        }
        sums
    }
}

/// A chart and its table.
pub(super) struct Chart {
    /// What its elements' ids begin with.
    pub id: &'static str,
    pub title: &'static str,
    /// What it shows, in a sentence.
    pub description: String,
    /// What its rows are.
    pub of: &'static str,
    pub height: f64,
    pub bars: Vec<Bar>,
}

/// A row of the table, and its bar.
pub(super) struct Bar {
    pub name: String,
    /// The name as far as there is room.
    pub label: String,
    pub articles: usize,
    pub words: usize,
    pub finds: usize,
    /// Finds in a thousand words.
    pub rate: String,
    pub verdicts: [usize; 6],
    /// The baseline of its text, and its upper edge.
    pub text_y: f64,
    pub y: f64,
    /// Where the number behind it stands.
    pub end: f64,
    pub parts: Vec<Part>,
}

/// The part of a bar that a verdict has.
pub(super) struct Part {
    pub verdict: &'static str,
    pub count: usize,
    pub x: String,
    pub width: String,
}

/// The charts of articles by name: finds by category, and by outlet where there are several.
pub(super) fn charts(articles: &[(&str, &Counts)]) -> Vec<Chart> {
    let mut all = Counts::default();
    for (_, counts) in articles {
        all.add(counts);
    }
    let categories = all.categories.iter().map(|(category, verdicts)| {
        let holding = |(_, counts): &&(&str, &Counts)| counts.categories.contains_key(category);
        let articles = articles.iter().filter(holding).count();
        (category.clone(), articles, all.words, *verdicts)
    });
    let mut charts = vec![Chart::new(
        "by-category",
        "Loaded terms by category",
        "category",
        categories.collect(),
    )];
    let names: Vec<&str> = articles.iter().map(|(name, _)| *name).collect();
    let mut outlets: BTreeMap<String, (usize, Counts)> = BTreeMap::new();
    for (outlet, (_, counts)) in outlets_of(&names).into_iter().zip(articles) {
        let (articles, sum) = outlets.entry(outlet).or_default();
        *articles += 1;
        sum.add(counts);
    }
    if outlets.len() > 1 {
        let outlets = outlets.into_iter().map(|(name, (articles, counts))| {
            let verdicts = counts.verdicts();
            (name, articles, counts.words, verdicts)
        });
        charts.push(Chart::new(
            "by-outlet",
            "Loaded terms by outlet",
            "outlet",
            outlets.collect(),
        ));
    }
    charts.retain(|chart| !chart.bars.is_empty());
    charts
}

/// The outlet of each article: its folder, or, where all lie in one, what stands before the number
/// in the file's name (*rrn-0004.fr.txt*).
fn outlets_of(names: &[&str]) -> Vec<String> {
    let split = |name: &str| {
        let (folder, file) = name.rsplit_once(['/', '\\']).unwrap_or(("", name));
        (folder.to_owned(), file.to_owned())
    };
    let places: Vec<(String, String)> = names.iter().map(|name| split(name)).collect();
    let first = places.first().map(|(folder, _)| folder);
    if places.iter().any(|(folder, _)| Some(folder) != first) {
        let shown = |folder: String| {
            if folder.is_empty() {
                ".".into()
            } else {
                folder
            }
        };
        return places
            .into_iter()
            .map(|(folder, _)| shown(folder))
            .collect();
    }
    let prefix = |file: String| {
        let before = file.split(|c: char| c.is_ascii_digit()).next();
        let before = before
            .unwrap_or_default()
            .trim_end_matches(['-', '_', '.', ' ']);
        // Without a number each article would be an outlet of its own.
        let numbered = file.contains(|c: char| c.is_ascii_digit()) && !before.is_empty();
        if numbered {
            before.to_owned()
        } else {
            "other".to_owned()
        }
    };
    places.into_iter().map(|(_, file)| prefix(file)).collect()
}

impl Chart {
    /// A chart of rows: name, articles, words, finds by verdict.
    fn new(
        id: &'static str,
        title: &'static str,
        of: &'static str,
        mut rows: Vec<(String, usize, usize, [usize; 6])>,
    ) -> Self {
        let rate = |words: usize, verdicts: &[usize; 6]| {
            let finds: usize = verdicts.iter().sum();
            1000.0 * finds as f64 / words.max(1) as f64
        };
        rows.sort_by(|a, b| {
            rate(b.2, &b.3)
                .total_cmp(&rate(a.2, &a.3))
                .then(a.0.cmp(&b.0))
        });
        let most = rows
            .iter()
            .map(|row| rate(row.2, &row.3))
            .fold(0.0, f64::max);
        let scale = LONGEST / most.max(f64::MIN_POSITIVE);
        let bars: Vec<Bar> = rows
            .into_iter()
            .enumerate()
            .map(|(at, row)| {
                let (name, articles, words, verdicts) = row;
                let (y, mut x) = (STEP * at as f64, LEFT);
                let mut parts = Vec::new();
                for (verdict, count) in Verdict::ALL
                    .iter()
                    .zip(verdicts)
                    .filter(|(_, count)| *count > 0)
                {
                    let width = scale * 1000.0 * count as f64 / words.max(1) as f64;
                    parts.push(Part {
                        verdict: verdict.name(),
                        count,
                        x: format!("{x:.1}"),
                        width: format!("{width:.1}"),
                    });
                    x += width;
                }
                Bar {
                    label: shortened(&name),
                    articles,
                    words,
                    finds: verdicts.iter().sum(),
                    rate: format!("{:.1}", rate(words, &verdicts)),
                    verdicts,
                    text_y: y + 15.0,
                    y,
                    end: (x + 6.0).round(),
                    parts,
                    name,
                }
            })
            .collect();
        let said: Vec<String> = bars
            .iter()
            .take(3)
            .map(|bar| format!("{} {}", bar.name, bar.rate))
            .collect();
        Self {
            id,
            title,
            description: format!(
                "Finds in a thousand words of the source for each {of}, parted by what became of \
                 them in the translation. The most: {}.",
                said.join(", ")
            ),
            of,
            height: STEP * bars.len() as f64,
            bars,
        }
    }
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(LABEL) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlets_are_folders_or_what_stands_before_numbers() {
        let cases: &[(&[&str], &[&str])] = &[
            (&["a/1.txt", "b/2.txt", "3.txt"], &["a", "b", "."]),
            (&["x/rrn-0004.fr.txt", "x/ria-1.txt"], &["rrn", "ria"]),
            (&["été.txt", "12.txt"], &["other", "other"]),
        ];
        for (names, expected) in cases {
            assert_eq!(&outlets_of(names), expected);
        }
    }

    #[test]
    fn bars_are_of_a_thousand_words_and_stacked() {
        let counts = |words, finds: &[(&str, [usize; 6])]| Counts {
            words,
            categories: finds.iter().map(|(c, v)| ((*c).to_owned(), *v)).collect(),
        };
        let one = counts(500, &[("label", [1, 0, 0, 1, 0, 0])]);
        let two = counts(
            500,
            &[
                ("label", [2, 0, 0, 0, 0, 0]),
                ("appeal", [0, 0, 0, 0, 0, 1]),
            ],
        );
        let charts = charts(&[("a/1", &one), ("b/1", &two)]);
        let shown: Vec<_> = charts
            .iter()
            .flat_map(|chart| &chart.bars)
            .map(|bar| {
                let widths: Vec<&str> = bar.parts.iter().map(|part| part.width.as_str()).collect();
                (
                    bar.name.as_str(),
                    bar.articles,
                    bar.finds,
                    bar.rate.as_str(),
                    widths,
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("label", 2, 4, "4.0", vec!["285.0", "95.0"]),
                ("appeal", 1, 1, "1.0", vec!["95.0"]),
                ("b", 1, 3, "6.0", vec!["253.3", "126.7"]),
                ("a", 1, 2, "4.0", vec!["126.7", "126.7"]),
            ]
        );
    }
}
