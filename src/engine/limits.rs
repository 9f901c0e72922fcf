//! Which sizes a model may state: those that the engine can compute with.

use crate::model::compiled::{Activation, AlignmentHead};
use crate::model::packing::GROUP;
use crate::model::{Compiled, Error};

/// Numbers in the table of positions, which no tensor's shape bounds. With at least two positions
/// it bounds the model's width too.
const POSITIONS_LIMIT: usize = 1 << 26;

/// Refuses what a damaged or foreign header might ask for and the loops could not do. To be asked
/// before anything is made in the sizes that the header states.
///
/// # Errors
/// [`Error::Tensor`] with the reason.
pub fn check(model: &Compiled) -> Result<(), Error> {
    let config = &model.header().config;
    let refuse = |reason: &str| Err(model.wrong("header", reason));
    let sizes = [config.d_model, config.encoder_ffn, config.decoder_ffn];
    if sizes.iter().any(|size| *size == 0 || size % GROUP != 0) {
        return refuse("a width is no multiple of four");
    }
    let heads = [config.encoder_heads, config.decoder_heads];
    if heads
        .iter()
        .any(|&heads| heads == 0 || !config.d_model.is_multiple_of(heads))
    {
        return refuse("the width is no multiple of the number of heads");
    }
    if config.encoder_layers == 0 || config.decoder_layers == 0 {
        return refuse("it has no layers");
    }
    let is_there = |head: AlignmentHead| {
        head.layer < config.decoder_layers && head.head < config.decoder_heads
    };
    if config.alignment.is_some_and(|head| !is_there(head)) {
        return refuse("the head that aligns is not there");
    }
    if config.activation == Activation::Gelu {
        return refuse("its activation is none of those that can be computed here");
    }
    if config.max_positions < 2 {
        return refuse("it has no positions");
    }
    if config.max_positions.saturating_mul(config.d_model) > POSITIONS_LIMIT {
        return refuse("it has too many positions");
    }
    let pieces = [config.pad, config.decoder_start, config.end, config.unknown];
    if pieces
        .iter()
        .any(|&piece| piece as usize >= config.vocabulary)
    {
        return refuse("a special piece lies outside its vocabulary");
    }
    Ok(())
}
