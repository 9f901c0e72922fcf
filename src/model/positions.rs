//! Sinusoidal position embeddings.

use serde::{Deserialize, Serialize};

/// Which sinusoids tell positions: sines of falling frequency in the first half of the
/// dimensions, the cosines in the second. Both flavours fall from 1 towards 1/10000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sinusoids {
    /// Frequency *i* of *n* is 10000^(−*i*/*n*): Vaswani et al. (2017), 3.5, without
    /// interleaving; so OPUS-MT's models are run by transformers.
    #[default]
    Vaswani,
    /// Frequency *i* of *n* is 10000^(−*i*/(*n* − 1)): so tensor2tensor and Marian compute them.
    Tensor2tensor,
}

impl Sinusoids {
    /// A row of `width` numbers for each position from 0.
    pub fn rows(self, positions: usize, width: usize) -> Vec<f32> {
        let half = width.div_ceil(2);
        let frequencies: Vec<f64> = (0..half).map(|rank| self.frequency(rank, width)).collect();
        let angle = |position: usize, frequency: f64| match self {
            Self::Vaswani => position as f64 * frequency,
            Self::Tensor2tensor => f64::from(position as f32 * frequency as f32),
        };
        let mut rows = Vec::with_capacity(positions * width);
        for position in 0..positions {
            let angles = || frequencies.iter().map(|f| angle(position, *f));
            rows.extend(angles().map(|angle| angle.sin() as f32));
            rows.extend(angles().take(width - half).map(|angle| angle.cos() as f32));
        }
        rows
    }

    fn frequency(self, rank: usize, width: usize) -> f64 {
        match self {
            Self::Vaswani => 10000f64.powf(-2.0 * rank as f64 / width as f64),
            // Rounded at each step as Marian does it: what it translates hangs on such bits.
            Self::Tensor2tensor => {
                let steps = (width as f32 / 2.0 - 1.0).max(1.0);
                let increment = 10000f64.ln() as f32 / steps;
                f64::from(f64::from(rank as f32 * -increment).exp() as f32)
            }
        }
    }
}

/// The rows of [`Sinusoids::Vaswani`].
pub fn sinusoids(positions: usize, width: usize) -> Vec<f32> {
    Sinusoids::Vaswani.rows(positions, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sinusoids_start_with_zeros_and_ones() {
        for flavour in [Sinusoids::Vaswani, Sinusoids::Tensor2tensor] {
            let rows = flavour.rows(2, 4);
            assert_eq!(rows[..4], [0.0, 0.0, 1.0, 1.0]);
            assert!((rows[4] - 1f32.sin()).abs() < 1e-6);
        }
    }

    #[test]
    fn the_flavours_end_at_other_frequencies() {
        let last = |flavour: Sinusoids| flavour.rows(2, 8)[8 + 3];
        assert!((last(Sinusoids::Vaswani) - 0.001).abs() < 1e-8);
        assert!((last(Sinusoids::Tensor2tensor) - 0.0001).abs() < 1e-8);
    }
}
