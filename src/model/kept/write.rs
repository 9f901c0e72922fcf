//! Writing weights as safetensors: a header of JSON that tells each tensor's place, then the numbers
//! in f32, one tensor after the other, so that no more than one of them is in memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::Serialize;

use super::config::{Architecture, Config, SHARED};
use crate::model::Error;
use crate::model::positions::Sinusoids;
use crate::model::weights::{WeightSource, Weights};

/// The positions of Marian, which newer folders leave out, as they can be computed.
const POSITIONS: [&str; 2] = [
    "model.decoder.embed_positions.weight",
    "model.encoder.embed_positions.weight",
];
/// The names that the one embedding may go by, where the first is missing.
const EMBEDDINGS: [&str; 4] = [
    SHARED,
    "model.encoder.embed_tokens.weight",
    "model.decoder.embed_tokens.weight",
    "lm_head.weight",
];

#[derive(Serialize)]
struct Place {
    dtype: &'static str,
    shape: Vec<usize>,
    data_offsets: [u64; 2],
}

/// Writes the tensors that rust-bert loads to the new file `target`.
///
/// # Errors
/// [`Error::Weights`] where a tensor is missing or of another shape, [`Error::Numbers`] where it
/// holds what is no number, [`Error::Io`] where the file cannot be written.
pub fn write(
    weights: &Weights,
    config: &Config,
    architecture: Architecture,
    target: &Path,
) -> Result<(), Error> {
    let positions = [config.max_position_embeddings, config.d_model];
    let mut wanted = config.tensors(architecture);
    if architecture == Architecture::Marian {
        wanted.extend(POSITIONS.map(|name| (name.to_owned(), positions.to_vec())));
    }
    wanted.sort();
    let file = File::create(target).map_err(Error::io("create", target))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let io = |error: io::Error| Error::io("write", target)(error);
    out.write_all(&header(&wanted)).map_err(io)?;
    for (name, shape) in &wanted {
        let numbers = if POSITIONS.contains(&&**name) && weights.shape(name).is_none() {
            Sinusoids::Vaswani.rows(positions[0], positions[1])
        } else {
            let is_there = |name: &&str| weights.shape(name).is_some();
            let source = match &**name {
                SHARED => EMBEDDINGS.into_iter().find(is_there).unwrap_or(SHARED),
                name => name,
            };
            weights.read(source, shape)?
        };
        if !numbers.iter().all(|number| number.is_finite()) {
            return Err(Error::Numbers {
                name: name.clone(),
                reason: "it holds numbers that are infinite or none".into(),
            });
        }
        for number in &numbers {
            out.write_all(&number.to_le_bytes()).map_err(io)?;
        }
    }
    let file = out.into_inner().map_err(|error| io(error.into_error()))?;
    file.sync_all().map_err(io)
}

/// The header, with its length before it.
fn header(wanted: &[(String, Vec<usize>)]) -> Vec<u8> {
    let mut end = 0;
    let mut places = BTreeMap::new();
    for (name, shape) in wanted {
        let start = end;
        end += shape.iter().product::<usize>() as u64 * 4;
        places.insert(
            name,
            Place {
                dtype: "F32",
                shape: shape.clone(),
                data_offsets: [start, end],
            },
        );
    }
    // A map of names and numbers is always JSON.
    let mut json = serde_json::to_vec(&places).unwrap_or_default();
    // The numbers that follow are to lie at multiples of their size.
    json.resize(json.len().next_multiple_of(8), b' ');
    let length = (json.len() as u64).to_le_bytes();
    [&length[..], &json].concat()
}
