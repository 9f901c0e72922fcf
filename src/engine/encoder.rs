//! The encoder: source pieces become the keys and values that the decoder attends to.

use super::cache::Cache;
use super::kernels::Memory;
use super::layers::{Embedding, Layers, Scratch};
use super::profile::Stage;
use super::weights::Weights;

/// Pieces that are run through the layers at once, if not a single sentence has more: what a layer
/// makes of them stays in the cache.
pub const PIECES_AT_ONCE: usize = 192;

/// What the decoder attends to of one source sentence.
#[derive(Debug)]
pub struct Source {
    /// Pieces of the sentence, its end included.
    pub length: usize,
    /// One a layer of the decoder.
    pub caches: Vec<Cache>,
}

/// Encodes sentences, each of at least one piece and at most as many as the model has positions.
///
/// All positions of all sentences go through the matrices together; a sentence's result does not
/// depend on the others.
pub fn encode(
    layers: Layers<'_>,
    weights: &Weights<'_>,
    embedding: &Embedding,
    sentences: &[&[u32]],
    scratch: &mut Scratch,
) -> Vec<Source> {
    let width = layers.width;
    let heads = weights.config.encoder_heads;
    let mut rows = Vec::new();
    for sentence in sentences {
        for (position, &piece) in sentence.iter().enumerate() {
            embedding.push(&weights.source_embedding, piece, position, &mut rows);
        }
    }
    scratch.profile.lap(Stage::Embedding, 0);
    let positions = rows.len() / width;
    let squares: usize = sentences.iter().map(|sentence| sentence.len().pow(2)).sum();
    let mut scores = Vec::new();
    for layer in &weights.encoder {
        let projections = layer.attention.asking_size() + layer.attention.memory_size();
        layers.project(&layer.attention, &rows, true, scratch);
        let stage = Stage::EncoderProjections;
        scratch.profile.lap(stage, positions * projections);
        let mut start = 0;
        for sentence in sentences {
            let end = start + sentence.len() * width;
            let memory = Memory {
                keys: &scratch.keys[start..end],
                values: &scratch.values[start..end],
                stride: width,
            };
            let queries = &scratch.queries[start..end];
            let mixed = &mut scratch.mixed[start..end];
            let kernel = layers.kernel;
            if weights.config.searched_as_student() {
                kernel.attend_all_as_marian(queries, &memory, heads, &mut scores, mixed);
            } else {
                kernel.attend_all(queries, &memory, heads, &mut scores, mixed);
            }
            start = end;
        }
        let stage = Stage::EncoderAttention;
        scratch.profile.lap(stage, 2 * squares * width);
        layers.close_attention(&layer.attention, &mut rows, scratch);
        scratch.profile.lap(Stage::EncoderProjections, 0);
        layers.feed_forward(&layer.feed_forward, &mut rows, scratch);
        let stage = Stage::EncoderFeedForward;
        scratch
            .profile
            .lap(stage, positions * layer.feed_forward.size());
    }
    let source = |sentence: &&[u32]| Source {
        length: sentence.len(),
        caches: Vec::with_capacity(weights.decoder.len()),
    };
    let mut sources: Vec<Source> = sentences.iter().map(source).collect();
    let crosses = weights.decoder.iter().map(|layer| &layer.cross);
    let memory: usize = crosses.clone().map(|cross| cross.memory_size()).sum();
    layers.project_memory(crosses, &rows, scratch, |keys, values, pool| {
        let mut start = 0;
        for source in &mut sources {
            let end = start + source.length * width;
            let (keys, values) = (&keys[start..end], &values[start..end]);
            let cache = Cache::of_source(weights, layers.kernel, keys, values, pool);
            source.caches.push(cache);
            start = end;
        }
    });
    let stage = Stage::SourceMemory;
    scratch.profile.lap(stage, positions * memory);
    sources
}
