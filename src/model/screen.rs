//! Screens: small matrices that tell which pieces can have the greatest logits, so that only these
//! need be computed (Shim et al. 2017, *SVD-Softmax*; here fitted to the decoder's own states).
//!
//! Tensors of a compiled model in 8 bits that has one:
//!
//! - `screen/pieces`, u32: the pieces that can be produced, rising;
//! - `screen/projection` [rank, d_model]: from the decoder's last row to the screen's;
//! - `screen/logits` [pieces, rank]: from there to about the logits.
//!
//! The matrices have `/weight`, `/scale` and `/bias` as all others do.
//!
//! `output/pieces`, u32, where the model's files tell it, lists the pieces that the model was
//! trained to produce, rising: a shared vocabulary holds the source's too.

use super::compiled::{Dtype, Writer};
use super::packing::{PANEL, pack};
use super::{Compiled, Error};

/// What all names of a screen's tensors start with.
pub const PREFIX: &str = "screen/";
/// The tensor of the pieces that a model was trained to produce.
pub const OUTPUT_PIECES: &str = "output/pieces";

/// A matrix of a screen: row-major integers, with a scale and a bias for each row.
#[derive(Debug, Clone, PartialEq)]
pub struct ScreenMatrix {
    /// Integers of −127 ..= 127.
    pub integers: Vec<i8>,
    /// One a row.
    pub scales: Vec<f32>,
    /// One a row.
    pub bias: Vec<f32>,
    /// Integers in a row.
    pub columns: usize,
}

/// A screen, to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewScreen {
    /// The pieces that can be produced, rising.
    pub pieces: Vec<u32>,
    /// From the decoder's last row.
    pub projection: ScreenMatrix,
    /// To about the logits.
    pub logits: ScreenMatrix,
}

impl NewScreen {
    /// Adds the tensors to a compiled model.
    ///
    /// # Errors
    /// As [`Writer::add`].
    pub fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        let pieces = &self.pieces;
        writer.add("screen/pieces", Dtype::U32, &[pieces.len()], pieces)?;
        self.projection.write("screen/projection", writer)?;
        self.logits.write("screen/logits", writer)
    }
}

impl ScreenMatrix {
    fn write(&self, name: &str, writer: &mut Writer) -> Result<(), Error> {
        let rows = self.scales.len();
        let shape = [rows.next_multiple_of(PANEL), self.columns];
        let packed = pack(&self.integers, self.columns);
        writer.add(&format!("{name}/weight"), Dtype::I8, &shape, &packed)?;
        writer.add(&format!("{name}/scale"), Dtype::F32, &[rows], &self.scales)?;
        writer.add(&format!("{name}/bias"), Dtype::F32, &[rows], &self.bias)
    }
}

/// The pieces of the tensor `name`, checked: rising, and of the vocabulary.
///
/// # Errors
/// [`Error::Tensor`] where they are not.
pub fn rising_pieces<'a>(model: &'a Compiled, name: &str) -> Result<&'a [u32], Error> {
    let pieces = model.u32(name)?;
    let rises = pieces.windows(2).all(|pair| pair[0] < pair[1]);
    let last = pieces.last().map_or(0, |&last| last as usize);
    if rises && last < model.header().config.vocabulary {
        Ok(pieces)
    } else {
        Err(model.wrong(name, "its pieces do not rise within the vocabulary"))
    }
}
