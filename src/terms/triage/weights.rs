//! The weights of the regression, read from bytes that are checked.
//!
//! All numbers are little-endian: `VVTR`, the version (u8), the bits of a place (u8), the count of
//! dense features (u16), then f32: the bias, the scale of the 8-bit weights, the threshold; the
//! dense weights (f32 each); an i8 for each place.

use super::features::{DENSE, Features};

/// Weights that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the weights of the triage are damaged: {0}; install visavis anew")]
pub struct TriageError(&'static str);

const MAGIC: &[u8] = b"VVTR\x01";

/// The weights of a language.
#[derive(Debug)]
pub(super) struct Weights {
    /// Places are below two to this.
    pub bits: u32,
    bias: f32,
    scale: f32,
    /// From which score on a paragraph is loaded.
    pub threshold: f32,
    dense: [f32; DENSE],
    places: Vec<i8>,
}

impl Weights {
    /// Reads a file of weights.
    pub fn read(bytes: &[u8]) -> Result<Weights, TriageError> {
        let error = TriageError;
        let rest = bytes.strip_prefix(MAGIC).ok_or(error("no VVTR file"))?;
        let (&bits, rest) = rest.split_first().ok_or(error("too short"))?;
        if !(8..=20).contains(&bits) {
            return Err(error("too many places"));
        }
        let (count, rest) = rest.split_first_chunk::<2>().ok_or(error("too short"))?;
        if usize::from(u16::from_le_bytes(*count)) != DENSE {
            return Err(error("other features"));
        }
        let (numbers, places) = rest
            .split_at_checked(4 * (3 + DENSE))
            .ok_or(error("too short"))?;
        if places.len() != 1 << bits {
            return Err(error("the wrong length"));
        }
        let mut floats = numbers
            .as_chunks::<4>()
            .0
            .iter()
            .map(|b| f32::from_le_bytes(*b));
        let mut next = || {
            floats
                .next()
                .filter(|f| f.is_finite())
                .ok_or(error("no number"))
        };
        let (bias, scale, threshold) = (next()?, next()?, next()?);
        let mut dense = [0.0; DENSE];
        for weight in &mut dense {
            *weight = next()?;
        }
        Ok(Weights {
            bits: u32::from(bits),
            bias,
            scale,
            threshold,
            dense,
            places: places.iter().map(|&b| b as i8).collect(),
        })
    }

    /// The probability that the paragraph is loaded.
    pub fn score(&self, features: &Features) -> f32 {
        let weight = |&place: &u32| i32::from(self.places[place as usize]);
        let sum: i32 = features.places.iter().map(weight).sum();
        let norm = (features.places.len().max(1) as f32).sqrt();
        let dense = features.dense.iter().zip(&self.dense);
        let dense: f32 = dense.map(|(value, weight)| value * weight).sum();
        let logit = self.bias + self.scale * sum as f32 / norm + dense;
        1.0 / (1.0 + (-logit).exp())
    }
}
