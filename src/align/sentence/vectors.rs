//! Vectors of sentences and of runs of consecutive sentences, in 8 bits.

use std::ops::Range;

use crate::engine::kernels::{Kernel, Quantised, RowMajor};

/// The longest run that has a vector of its own: one more than a bead may hold, so that a bead can
/// be compared with what it would be with one sentence more.
pub(super) const LONGEST_RUN: usize = 5;

/// Vectors of one width, each in 8 bits with a scale.
#[derive(Debug, Clone)]
pub(super) struct Vectors(Quantised);

impl Vectors {
    /// None yet.
    pub fn new(width: usize) -> Self {
        Self(Quantised {
            columns: width,
            ..Quantised::default()
        })
    }

    /// Adds a vector, made of length 1.
    pub fn push(&mut self, vector: &[f32]) {
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        let greatest = vector
            .iter()
            .fold(0.0f32, |greatest, x| greatest.max(x.abs()));
        let factor = if greatest > 0.0 {
            127.0 / greatest
        } else {
            0.0
        };
        let start = self.0.values.len();
        let values = vector.iter().map(|x| (x * factor).round() as i8);
        self.0.values.extend(values);
        let values = self.0.values[start..].iter();
        self.0.sums.push(values.map(|&x| i32::from(x)).sum());
        self.0.scales.push(match length > 0.0 {
            true => greatest / 127.0 / length,
            false => 0.0,
        });
    }

    /// Adds those of `other`, which are as wide.
    pub fn append(&mut self, other: Self) {
        self.0.values.extend(other.0.values);
        self.0.sums.extend(other.0.sums);
        self.0.scales.extend(other.0.scales);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.rows()
    }

    /// Numbers in a vector.
    pub fn width(&self) -> usize {
        self.0.columns
    }

    /// The cosines of a vector and of some of `other`, in the place of what `cosines` held; `places` is
    /// overwritten.
    pub fn cosines(
        &self,
        kernel: &dyn Kernel,
        index: usize,
        (other, others): (&Self, Range<usize>),
        places: &mut Vec<u32>,
        cosines: &mut Vec<f32>,
    ) {
        places.clear();
        places.extend(others.map(|place| place as u32));
        cosines.resize(places.len(), 0.0);
        let matrix = RowMajor {
            weights: &other.0.values,
            scales: &other.0.scales,
            bias: &[],
            offsets: &[],
        };
        kernel.multiply_chosen(&self.0, index, &matrix, places, cosines);
    }

    /// The cosine of a vector and one of `other`, to the bit as [`Vectors::cosines`] has it.
    pub fn cosine(&self, index: usize, other: &Self, other_index: usize) -> f32 {
        let (one, two) = (self.row(index), other.row(other_index));
        let products = one
            .iter()
            .zip(two)
            .map(|(&x, &y)| i32::from(x) * i32::from(y));
        let scale = self.0.scales[index] * other.0.scales[other_index];
        products.sum::<i32>() as f32 * scale
    }

    /// Adds a vector, times `factor`, to `sum`.
    pub fn add_to(&self, index: usize, factor: f32, sum: &mut [f32]) {
        let factor = self.0.scales[index] * factor;
        for (sum, &x) in sum.iter_mut().zip(self.row(index)) {
            *sum += f32::from(x) * factor;
        }
    }

    fn row(&self, index: usize) -> &[i8] {
        let width = self.width();
        &self.0.values[index * width..][..width]
    }

    fn slice(&self, range: Range<usize>) -> Self {
        let width = self.width();
        Self(Quantised {
            values: self.0.values[range.start * width..range.end * width].to_vec(),
            sums: self.0.sums[range.clone()].to_vec(),
            scales: self.0.scales[range].to_vec(),
            columns: width,
        })
    }
}

/// The vectors of all runs of up to [`LONGEST_RUN`] consecutive sentences.
#[derive(Debug, Clone)]
pub(super) struct Runs {
    /// For each length, from 1, the vector of the run that begins at each sentence.
    pub by_length: Vec<Vectors>,
}

impl Runs {
    /// The vectors of single sentences.
    pub fn sentences(&self) -> &Vectors {
        &self.by_length[0]
    }

    /// The cosine of a run and a run of `other`, each given as its first sentence and its length;
    /// none where one of them does not exist.
    pub fn cosine(
        &self,
        (start, length): (usize, usize),
        other: &Self,
        (other_start, other_length): (usize, usize),
    ) -> Option<f32> {
        let one = self.by_length.get(length.checked_sub(1)?)?;
        let two = other.by_length.get(other_length.checked_sub(1)?)?;
        let exist = start < one.len() && other_start < two.len();
        exist.then(|| one.cosine(start, two, other_start))
    }

    /// The runs of a part of the sentences.
    pub fn slice(&self, range: Range<usize>) -> Self {
        let sliced = self.by_length.iter().enumerate().map(|(longer, vectors)| {
            let end = range.end.saturating_sub(longer).max(range.start);
            let available = vectors.len();
            vectors.slice(range.start.min(available)..end.min(available))
        });
        Self {
            by_length: sliced.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::kernels::available;

    proptest! {
        #[test]
        fn cosines_are_the_same_one_by_one(
            vectors in prop::collection::vec(prop::collection::vec(-9.0f32..9.0, 8), 1..40),
            start in 0usize..40,
        ) {
            let mut all = Vectors::new(8);
            vectors.iter().for_each(|vector| all.push(vector));
            let others = start.min(vectors.len())..vectors.len();
            let expected: Vec<f32> = others.clone().map(|other| all.cosine(0, &all, other)).collect();
            for kernel in available() {
                let (mut places, mut cosines) = (vec![7], vec![1.0]);
                all.cosines(&*kernel, 0, (&all, others.clone()), &mut places, &mut cosines);
                prop_assert_eq!(&cosines, &expected, "{}", kernel.name());
            }
        }
    }
}
