//! Forced decoding: what the model makes of a translation that is given.

use super::decoder::{self, Step, Target};
use super::layers::{Embedding, Layers, Scratch};
use super::output::Block;
use super::weights::Weights;
use super::{Engine, encoder};
use crate::model::Error;

impl Engine {
    /// The logits of every piece of the vocabulary at each step of `target`, whose first piece is
    /// the one that the model starts from: row *n* tells what the model expects after the pieces
    /// 0 ..= *n*. `source` holds the pieces of a sentence and its end.
    ///
    /// # Errors
    /// [`Error::Tensor`] as [`Engine::new`].
    ///
    /// # Panics
    /// Where a piece is not of the vocabulary, `source` is empty, or either side is longer than
    /// the model has positions.
    pub fn forced_logits(&self, source: &[u32], target: &[u32]) -> Result<Vec<Vec<f32>>, Error> {
        let weights = Weights::of(&self.model, &self.prepared)?;
        let embedding = Embedding::new(&weights);
        let layers = Layers::new(self.kernel, &weights);
        let every_piece = Block::new(&weights, (0..weights.config.vocabulary as u32).collect());
        let mut scratch = Scratch::default();
        let sources = encoder::encode(layers, &weights, &embedding, &[source], &mut scratch);
        let mut targets: Vec<Target> = sources
            .into_iter()
            .map(|source| Target::new(source, &weights))
            .collect();
        let mut path = Vec::with_capacity(target.len());
        let mut all = Vec::with_capacity(target.len());
        for &piece in target {
            path.push(targets[0].next_position());
            let step = Step {
                target: 0,
                piece,
                path: &path,
            };
            let row = decoder::advance(
                layers,
                &weights,
                &embedding,
                &[step],
                &mut targets,
                false,
                &mut scratch,
            );
            all.push(every_piece.logits_of(layers, &row, &mut scratch));
        }
        Ok(all)
    }
}
