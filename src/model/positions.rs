//! Marian's position embedding.

/// Sines of falling frequency in the first half of the dimensions, the cosines in the second
/// (Vaswani et al. 2017, 3.5, without interleaving): a row of `width` numbers for each position.
pub fn sinusoids(positions: usize, width: usize) -> Vec<f32> {
    let half = width.div_ceil(2);
    let frequency = |rank: usize| 10000f64.powf(-2.0 * rank as f64 / width as f64);
    let frequencies: Vec<f64> = (0..half).map(frequency).collect();
    let mut rows = Vec::with_capacity(positions * width);
    for position in 0..positions {
        let angles = || frequencies.iter().map(|f| position as f64 * f);
        rows.extend(angles().map(|angle| angle.sin() as f32));
        rows.extend(angles().take(width - half).map(|angle| angle.cos() as f32));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sinusoids_start_with_zeros_and_ones() {
        let rows = sinusoids(2, 4);
        assert_eq!(rows[..4], [0.0, 0.0, 1.0, 1.0]);
        assert!((rows[4] - 1f32.sin()).abs() < 1e-6);
        assert!((rows[7] - 0.01f32.cos()).abs() < 1e-6);
    }
}
