//! What an alignment is made of.

use std::ops::Range;

/// Consecutive source sentences and the consecutive target sentences that render them; one side is
/// empty where nothing stands opposite.
#[derive(Debug, Clone, PartialEq)]
pub struct Bead {
    /// Source sentences, counted from 0.
    pub source: Range<usize>,
    /// Target sentences, counted from 0.
    pub target: Range<usize>,
    /// How probable it is that exactly these sentences belong together, from 0 to 1; none where
    /// nothing was searched.
    pub score: Option<f32>,
}

impl Bead {
    /// Whether a side is empty.
    pub fn is_one_sided(&self) -> bool {
        self.source.is_empty() || self.target.is_empty()
    }
}
