//! How well scores tell the loaded paragraphs from the others: F1, average precision, the curve.

use super::share;

/// A paragraph: whether it is loaded, its score from 0 to 1, and whether that was called loaded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// What the annotators say.
    pub gold: bool,
    /// The score.
    pub score: f64,
    /// What the program says.
    pub called: bool,
}

/// A point of the curve: what calling everything from `threshold` on loaded would give.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The least score that is called loaded.
    pub threshold: f64,
    /// Right ones of those that are called loaded.
    pub precision: f64,
    /// Called ones of those that are loaded.
    pub recall: f64,
}

/// The scores of a set of paragraphs.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// Of the program's own calls.
    pub precision: f64,
    /// Of the program's own calls.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// The area under the steps of the curve, as scikit-learn has it.
    pub average_precision: f64,
    /// From the highest threshold to the lowest, a point for each score.
    pub curve: Vec<Point>,
}

/// Scores `paragraphs`; none where none is loaded.
pub fn score(paragraphs: &[Judged]) -> Option<Scores> {
    let gold = paragraphs.iter().filter(|p| p.gold).count();
    if gold == 0 {
        return None;
    }
    let mut sorted = paragraphs.to_vec();
    sorted.sort_by(|a, b| b.score.total_cmp(&a.score));
    let (mut called, mut right, mut average_precision) = (0, 0, 0.0);
    let mut curve: Vec<Point> = Vec::new();
    for group in sorted.chunk_by(|a, b| a.score == b.score) {
        called += group.len();
        right += group.iter().filter(|p| p.gold).count();
        let point = Point {
            threshold: group[0].score,
            precision: share(right, called, 0.0),
            recall: share(right, gold, 0.0),
        };
        let before = curve.last().map_or(0.0, |p| p.recall);
        average_precision += (point.recall - before) * point.precision;
        curve.push(point);
    }
    let own = paragraphs.iter().filter(|p| p.called).count();
    let hits = paragraphs.iter().filter(|p| p.called && p.gold).count();
    Some(Scores {
        precision: share(hits, own, 0.0),
        recall: share(hits, gold, 0.0),
        f1: share(2 * hits, own + gold, 0.0),
        average_precision,
        curve,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_as_scikit_learn_has_them() {
        // average_precision_score([1, 0, 1, 0], [.9, .8, .7, .1]) is 0.8333.
        let judged = [(true, 0.9), (false, 0.8), (true, 0.7), (false, 0.1)];
        let judged = judged.map(|(gold, score)| Judged {
            gold,
            score,
            called: score > 0.75,
        });
        let scores = score(&judged).expect("scores");
        assert!((scores.average_precision - 5.0 / 6.0).abs() < 1e-9);
        assert_eq!(
            (scores.precision, scores.recall, scores.f1),
            (0.5, 0.5, 0.5)
        );
        assert_eq!(scores.curve.len(), 4);
        assert!(score(&judged[1..2]).is_none());
    }
}
