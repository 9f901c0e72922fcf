//! What is computed from a model's matrices once, when an engine takes it.
//!
//! Where a matrix was trained with inputs in 8 bits, Marian adds 127 to each of them, so that they
//! are unsigned, and takes that off again in the bias, in f32. What is lost to rounding there
//! decides how numbers are rounded further on: to translate as Marian does, this must be computed
//! as Marian does it (`intgemm_interface.h` and intgemm's `Int8Shift`).

use std::collections::HashMap;

use crate::model::compiled::Config;
use crate::model::packing::{GROUP, PANEL};
use crate::model::{Compiled, Error};

/// The scale of inputs.
const INPUT_SCALE: &str = "/input-scale";

/// What the matrices of a model with static input scales are multiplied with.
#[derive(Debug, Default)]
pub struct Prepared {
    matrices: HashMap<String, Static>,
    /// The rows of the target's embedding, as the output layer has them.
    output: Option<Static>,
    /// A bias for the matrices that have none.
    zeros: Vec<f32>,
}

/// A matrix whose inputs have a static scale: `output = (sum + offset) · scale + bias`.
#[derive(Debug)]
pub struct Static {
    /// Inputs are multiplied by it before they are rounded.
    pub input_scale: f32,
    /// Of each output, all the same.
    pub scales: Vec<f32>,
    /// Of each output, with the correction for what the offset is too much.
    pub bias: Vec<f32>,
    /// 127 times the sum of an output's weights.
    pub offsets: Vec<i32>,
}

/// The scales of a matrix whose inputs have a static scale.
#[derive(Debug, Clone, Copy)]
struct Scales {
    /// What inputs are multiplied by.
    pub input: f32,
    /// Takes integer sums back to numbers.
    pub output: f32,
    /// Takes the sum of an output's weights to the correction of its bias.
    correction: f32,
}

impl Scales {
    /// From what the inputs and the weights are multiplied by before they are rounded.
    pub fn new(input: f32, weights: f32) -> Self {
        Self {
            input,
            output: 1.0 / (input * weights),
            correction: -((127.0 / input) * (127.0 / weights)) / 127.0,
        }
    }

    /// Those of the matrix of that name; none where its inputs have no static scale.
    ///
    /// # Errors
    /// [`Error::Tensor`] where they are of another shape.
    pub fn of(model: &Compiled, name: &str) -> Result<Option<Self>, Error> {
        let input = format!("{name}{INPUT_SCALE}");
        if !model.contains(&input) {
            return Ok(None);
        }
        let input = model.f32(&input, &[1])?[0];
        let weights = model.f32(&format!("{name}/multiplier"), &[1])?[0];
        Ok(Some(Self::new(input, weights)))
    }

    /// Outputs with such sums of weights and such biases.
    fn apply(&self, sums: &[i32], bias: &[f32]) -> Static {
        let with_bias = sums.iter().zip(bias);
        Static {
            input_scale: self.input,
            scales: vec![self.output; bias.len()],
            bias: with_bias
                .map(|(&sum, &bias)| self.bias(sum, bias))
                .collect(),
            offsets: sums[..bias.len()]
                .iter()
                .map(|&sum| Self::offset(sum))
                .collect(),
        }
    }

    /// The offset of an output whose weights have that sum.
    fn offset(sum: i32) -> i32 {
        127 * sum
    }

    /// The bias of an output whose weights have that sum.
    fn bias(&self, sum: i32, bias: f32) -> f32 {
        sum as f32 * self.correction + bias
    }
}

impl Prepared {
    /// Prepares the matrices of a model.
    ///
    /// # Errors
    /// [`Error::Tensor`] where one lacks something.
    pub fn of(model: &Compiled) -> Result<Self, Error> {
        let mut matrices = HashMap::new();
        for tensor in &model.header().tensors {
            let Some(name) = tensor.name.strip_suffix(INPUT_SCALE) else {
                continue;
            };
            if !name.starts_with("embed") {
                matrices.extend(matrix(model, name)?.map(|matrix| (name.to_owned(), matrix)));
            }
        }
        Ok(Self {
            matrices,
            output: output(model)?,
            zeros: vec![0.0; model.header().config.d_model],
        })
    }

    /// The matrix of that name; none where its inputs have no static scale.
    pub fn matrix(&self, name: &str) -> Option<&Static> {
        self.matrices.get(name)
    }

    /// The rows of the target's embedding; none where their inputs have no static scale.
    pub fn output(&self) -> Option<&Static> {
        self.output.as_ref()
    }

    /// The bias of a matrix of `outputs` that has none; none where there are more than the model
    /// is wide.
    pub fn no_bias(&self, outputs: usize) -> Option<&[f32]> {
        self.zeros.get(..outputs)
    }
}

fn matrix(model: &Compiled, name: &str) -> Result<Option<Static>, Error> {
    let Some(scales) = Scales::of(model, name)? else {
        return Ok(None);
    };
    let find = |part: &str| {
        let name = format!("{name}/{part}");
        let tensors = &model.header().tensors;
        let found = tensors.iter().find(|tensor| tensor.name == name);
        found.ok_or_else(|| model.wrong(&name, "the model has none of that name"))
    };
    let (weight, scale) = (find("weight")?, find("scale")?);
    let ([rows, columns], [outputs]) = (&*weight.shape, &*scale.shape) else {
        return Err(model.wrong(&weight.name, "it is no matrix"));
    };
    if *rows != outputs.next_multiple_of(PANEL) || *columns == 0 || columns % GROUP != 0 {
        return Err(model.wrong(&weight.name, "it is not in panels"));
    }
    let sums = sums(model.i8(&weight.name, &weight.shape)?, *columns);
    let bias = format!("{name}/bias");
    let bias = match model.contains(&bias) {
        true => model.f32(&bias, &[*outputs])?.to_vec(),
        false => vec![0.0; *outputs],
    };
    Ok(Some(scales.apply(&sums, &bias)))
}

fn output(model: &Compiled) -> Result<Option<Static>, Error> {
    let config = &model.header().config;
    let name = target_embedding(config);
    let Some(scales) = Scales::of(model, name)? else {
        return Ok(None);
    };
    let shape = [config.vocabulary, config.d_model];
    let weights = model.i8(&format!("{name}/weight"), &shape)?;
    let rows = weights.chunks_exact(config.d_model.max(1));
    let sum = |row: &[i8]| row.iter().map(|&weight| i32::from(weight)).sum();
    let sums: Vec<i32> = rows.map(sum).collect();
    let bias = model.f32("logits/bias", &[config.vocabulary])?;
    Ok(Some(scales.apply(&sums, bias)))
}

/// The name of the embedding of the target's pieces.
pub fn target_embedding(config: &Config) -> &'static str {
    match config.source_vocabulary {
        Some(_) => "embed/target",
        None => "embed",
    }
}

/// The sums of the weights of each output, which lie in panels.
fn sums(packed: &[i8], columns: usize) -> Vec<i32> {
    let panel_sums = |panel: &[i8]| {
        let mut sums = [0; PANEL];
        let (groups, _) = panel.as_chunks::<{ PANEL * GROUP }>();
        for group in groups {
            for (sum, four) in sums.iter_mut().zip(group.as_chunks::<GROUP>().0) {
                *sum += four.iter().map(|&weight| i32::from(weight)).sum::<i32>();
            }
        }
        sums
    };
    let panels = packed.chunks_exact(PANEL * columns);
    panels.flat_map(panel_sums).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::packing::pack;

    #[test]
    fn sums_are_those_of_the_rows() {
        let columns = 8;
        let weights: Vec<i8> = (0..19 * columns)
            .map(|n| (n * 31 % 255) as u8 as i8)
            .collect();
        let expected = weights
            .chunks_exact(columns)
            .map(|row| row.iter().map(|&weight| i32::from(weight)).sum::<i32>());
        let got = sums(&pack(&weights, columns), columns);
        assert_eq!(got[..19], expected.collect::<Vec<_>>());
    }

    #[test]
    fn what_the_offset_adds_the_bias_takes_off() {
        let scales = Scales::new(8.0, 100.0);
        let (inputs, weights) = ([3, -7], [5, 11]);
        let sum: i32 = inputs.iter().zip(weights).map(|(a, b)| a * b).sum();
        let of_weights = weights.iter().sum();
        let shifted = (sum + Scales::offset(of_weights)) as f32;
        let got = shifted * scales.output + scales.bias(of_weights, 0.5);
        assert!((got - (sum as f32 / 800.0 + 0.5)).abs() < 1e-5);
    }
}
