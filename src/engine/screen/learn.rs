//! Learning a screen from the states of the decoder.
//!
//! Logits are products of the decoder's last row *h* with the rows *e* of the embedding. Among all
//! products of a given rank, the screen's has the least mean squared error of the logits over the
//! states that were seen: with the states' covariance *C = L Lᵀ* it is that of the greatest
//! eigenvectors *V* of *Lᵀ Eᵀ E L*: *e·h ≈ (Vᵀ Lᵀ e) · (Vᵀ L⁻¹ (h − mean)) + e·mean*. A thousand
//! states are enough.

use std::path::Path;

use nalgebra::{Cholesky, DMatrix, DVector, SymmetricEigen};

use crate::engine::batch::longest_translation;
use crate::engine::decoder::{self, Step, Target};
use crate::engine::layers::{Embedding, Layers, Scratch};
use crate::engine::output::{self, Block};
use crate::engine::search::Search;
use crate::engine::tokenizer::{SPACE_MARK, Tokenizer};
use crate::engine::weights::{OutputRows, Weights};
use crate::engine::{Engine, encoder};
use crate::language::Language;
use crate::model::compile::quantize;
use crate::model::compiled::{Header, Precision, Writer};
use crate::model::packing::PANEL;
use crate::model::screen::{NewScreen, OUTPUT_PIECES, PREFIX, ScreenMatrix, rising_pieces};
use crate::model::{Compiled, Error};

/// Below this width a screen would cost as much as it saves.
const LEAST_WIDTH: usize = 128;
/// States that are looked at: more change nothing.
const STATES: usize = 4000;
/// Sentences that are translated at once.
const AT_ONCE: usize = 64;
/// Pieces of a sentence that is made up.
const MADE_UP_PIECES: usize = 12;

/// Learns a screen for the compiled model at `path`, and writes the model with it, and without the
/// one that it may have had, in its place. Models whose files bring a lexical shortlist, those in
/// f32 and very narrow ones stay as they are. The states come from translating `text` and, as far as
/// that is not enough, a built-in sample in one of the model's languages, or, for other languages,
/// sentences that are made up of the model's own pieces, with which more is lost.
///
/// # Errors
/// [`Error::Tensor`] where the model is damaged, [`Error::Io`] where it cannot be written.
pub fn learn_screen(path: &Path, text: &[&str]) -> Result<(), Error> {
    let model = Compiled::open(path)?;
    let (width, precision) = (model.header().config.d_model, model.header().precision);
    if precision == Precision::F32 || width < LEAST_WIDTH || model.contains("shortlist/offsets") {
        return Ok(());
    }
    let engine = Engine::new(model)?;
    let model = engine.model();
    let weights = Weights::of(model, &engine.prepared)?;
    let OutputRows::Int8 { rows: output, .. } = weights.output else {
        return Ok(());
    };
    let pieces = producible(model)?;
    let mut sentences: Vec<Vec<u32>> = text.iter().map(|text| ids(&engine, text)).collect();
    match sample(model.header()) {
        Some(sample) => sentences.extend(sample.lines().map(|text| ids(&engine, text))),
        None => sentences.extend(made_up_sentences(engine.tokenizer(), weights.config.end)),
    }
    let states = states(&engine, &weights, &pieces, &sentences);
    let rows = pieces.iter().flat_map(|&piece| {
        let row = &output.weights[piece as usize * width..][..width];
        row.iter()
            .map(move |&n| f32::from(n) * output.scales[piece as usize])
    });
    let embedding = DMatrix::from_row_iterator(pieces.len(), width, rows);
    let bias = pieces.iter().map(|&piece| output.bias[piece as usize]);
    let bias = DVector::from_iterator(pieces.len(), bias);
    match fit(&states, &embedding, &bias) {
        Some((projection, logits)) => {
            let new = NewScreen {
                pieces,
                projection,
                logits,
            };
            rewrite(model, &new, path)
        }
        None => Ok(()),
    }
}

/// Natural text, of which few sentences are enough: in the source's language, or, as models copy
/// what is in the target's already, in that.
fn sample(header: &Header) -> Option<&'static str> {
    let in_language = |language: &Language| match language.code() {
        "fr" => Some(include_str!("../../../models/samples/fr.txt")),
        "en" => Some(include_str!("../../../models/samples/en.txt")),
        _ => None,
    };
    in_language(&header.from).or_else(|| in_language(&header.to))
}

/// The pieces that the model can produce.
fn producible(model: &Compiled) -> Result<Vec<u32>, Error> {
    let config = &model.header().config;
    let pieces = if model.contains(OUTPUT_PIECES) {
        rising_pieces(model, OUTPUT_PIECES)?.to_vec()
    } else {
        (0..config.vocabulary as u32).collect()
    };
    Ok(pieces
        .into_iter()
        .filter(|&piece| piece != config.pad)
        .collect())
}

/// The pieces of a text and its end.
fn ids(engine: &Engine, text: &str) -> Vec<u32> {
    let pieces = engine.tokenizer().encode(text);
    let ids = pieces
        .iter()
        .take(engine.longest_sentence())
        .map(|piece| piece.id);
    ids.chain([engine.model().header().config.end]).collect()
}

/// Sentences of words of the source's vocabulary, drawn at random but always the same: not what
/// anybody would say, but what the decoder makes of them spreads as its states do.
fn made_up_sentences(tokenizer: &Tokenizer, end: u32) -> Vec<Vec<u32>> {
    let is_word = |&id: &u32| {
        let word = tokenizer.piece_text(id).strip_prefix(SPACE_MARK);
        word.is_some_and(|word| !word.is_empty() && word.chars().all(char::is_alphabetic))
    };
    let words: Vec<u32> = tokenizer
        .source_ids()
        .iter()
        .copied()
        .filter(is_word)
        .collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut state = 0u64;
    let mut draw = || {
        // Knuth's MMIX generator.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        words[(state >> 33) as usize % words.len()]
    };
    let sentence = |_| (0..MADE_UP_PIECES).map(|_| draw()).chain([end]).collect();
    (0..STATES / MADE_UP_PIECES).map(sentence).collect()
}

/// The decoder's states while it translates `sentences` greedily: a row each.
fn states(
    engine: &Engine,
    weights: &Weights<'_>,
    pieces: &[u32],
    sentences: &[Vec<u32>],
) -> DMatrix<f64> {
    let config = weights.config;
    let width = config.d_model;
    let layers = Layers::new(engine.kernel, weights);
    let embedding = Embedding::new(weights);
    let block = Block::new(weights, pieces.to_vec());
    let mut scratch = Scratch::default();
    let mut seen: Vec<f32> = Vec::new();
    for sentences in sentences.chunks(AT_ONCE) {
        if seen.len() >= STATES * width {
            break;
        }
        let sentences: Vec<&[u32]> = sentences.iter().map(|sentence| &**sentence).collect();
        let sources = encoder::encode(layers, weights, &embedding, &sentences, &mut scratch);
        let mut live: Vec<(Search, Target)> = sources
            .into_iter()
            .map(|source| {
                let limit = longest_translation(source.length, config);
                let mut target = Target::new(source, weights);
                let search = Search::new(1, config.decoder_start, config.end, limit, &mut target);
                (search, target)
            })
            .collect();
        while !live.is_empty() && seen.len() < STATES * width {
            let (searches, mut targets): (Vec<_>, Vec<_>) = live.into_iter().unzip();
            let steps: Vec<Step<'_>> = searches
                .iter()
                .map(|search: &Search| &search.live[0])
                .enumerate()
                .map(|(target, hypothesis)| Step {
                    target,
                    piece: hypothesis.pieces[hypothesis.pieces.len() - 1],
                    path: &hypothesis.path,
                })
                .collect();
            let rows = decoder::advance(
                layers,
                weights,
                &embedding,
                &steps,
                &mut targets,
                decoder::Wanted::to_translate(weights, false),
                &mut scratch,
            );
            seen.extend_from_slice(&rows);
            let none = std::iter::empty();
            let ranked = output::rank(layers, &block, &rows, none, 1, &mut scratch);
            let each = searches.into_iter().zip(targets).zip(ranked);
            live = each
                .filter_map(|((mut search, mut target), top)| {
                    let ended = search.advance(&[top], &mut target);
                    if ended.is_some() {
                        target.clear(&mut scratch.pool);
                    }
                    ended.is_none().then_some((search, target))
                })
                .collect();
        }
    }
    let rows = seen.len() / width;
    DMatrix::from_row_iterator(rows, width, seen.into_iter().map(f64::from))
}

/// The projection and the rough logits that fit best; none where there is too little to fit them
/// to.
fn fit(
    states: &DMatrix<f64>,
    embedding: &DMatrix<f32>,
    bias: &DVector<f32>,
) -> Option<(ScreenMatrix, ScreenMatrix)> {
    let width = states.ncols();
    let rank = (width * 3 / 8).next_multiple_of(PANEL);
    if states.nrows() < 2 {
        return None;
    }
    let mean = states.row_mean();
    let mut centred = states.clone();
    centred.row_iter_mut().for_each(|mut row| row -= &mean);
    let mut covariance = centred.transpose() * &centred / states.nrows() as f64;
    // Few states leave directions unseen: they must not count for nothing.
    let floor = covariance.trace() / width as f64 * 1e-3;
    covariance += DMatrix::identity(width, width) * floor;
    let lower = Cholesky::new(covariance)?.unpack();
    let gram = (embedding.transpose() * embedding).map(f64::from);
    let eigen = SymmetricEigen::try_new(lower.transpose() * gram * &lower, 1e-9, 10_000)?;
    let mut order: Vec<usize> = (0..width).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let vectors = eigen.eigenvectors.select_columns(&order[..rank]);
    // A row for each dimension of the screen.
    let projection = lower
        .transpose()
        .solve_upper_triangular(&vectors)?
        .transpose();
    let shift = -(&projection * mean.transpose());
    let to_logits = embedding * (lower * vectors).map(|number| number as f32);
    let offset = bias + embedding * mean.transpose().map(|number| number as f32);
    let projection = projection.map(|number| number as f32);
    let shift = shift.map(|number| number as f32);
    Some((matrix(&projection, &shift), matrix(&to_logits, &offset)))
}

fn matrix(rows: &DMatrix<f32>, bias: &DVector<f32>) -> ScreenMatrix {
    let columns = rows.ncols();
    // The library holds its numbers column after column.
    let row_major = rows.transpose();
    let (integers, scales) = quantize(row_major.as_slice(), columns);
    ScreenMatrix {
        integers,
        scales,
        bias: bias.as_slice().to_vec(),
        columns,
    }
}

/// Writes `model` with `screen` to `path`.
fn rewrite(model: &Compiled, screen: &NewScreen, path: &Path) -> Result<(), Error> {
    let mut writer = Writer::new(path.parent().unwrap_or(Path::new(".")))?;
    for tensor in &model.header().tensors {
        if !tensor.name.starts_with(PREFIX) {
            let bytes = model.tensor_bytes(tensor);
            writer.add(&tensor.name, tensor.dtype, &tensor.shape, bytes)?;
        }
    }
    screen.write(&mut writer)?;
    let header = Header {
        tensors: Vec::new(),
        ..model.header().clone()
    };
    writer.finish(header, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of numbers that vary in `rank` directions only.
    fn rows(count: usize, width: usize, rank: usize, seed: f64) -> DMatrix<f64> {
        let wave = |step: f64| {
            move |r: usize, c: usize| (seed + step * (r * 31 + c * 17 + 1) as f64).sin()
        };
        DMatrix::from_fn(count, rank, wave(1.37)) * DMatrix::from_fn(rank, width, wave(0.71))
    }

    #[test]
    fn logits_of_few_directions_are_fitted_well() {
        let width = 128;
        let states = rows(400, width, 40, 1.0);
        let embedding = rows(300, width, 128, 2.0).map(|number| number as f32);
        let bias = DVector::from_fn(300, |row, _| row as f32 * 0.01);
        let (projection, logits) = fit(&states, &embedding, &bias).unwrap();
        assert_eq!(projection.scales.len(), logits.columns);
        let number = |m: &ScreenMatrix, r: usize, c: usize| {
            f64::from(m.integers[r * m.columns + c]) * f64::from(m.scales[r])
        };
        let (mut error, mut spread) = (0.0, 0.0);
        for state in states.row_iter().take(20) {
            let screen: Vec<f64> = (0..logits.columns)
                .map(|r| {
                    let sum: f64 = (0..width)
                        .map(|c| number(&projection, r, c) * state[c])
                        .sum();
                    sum + f64::from(projection.bias[r])
                })
                .collect();
            for piece in 0..300 {
                let row = embedding.row(piece).map(f64::from);
                let exact = row.dot(&state) + f64::from(bias[piece]);
                let rough: f64 = (0..logits.columns)
                    .map(|c| number(&logits, piece, c) * screen[c])
                    .sum();
                error += (exact - rough - f64::from(logits.bias[piece])).powi(2);
                spread += exact.powi(2);
            }
        }
        assert!(error < spread * 1e-3, "{error} of {spread}");
    }

    #[test]
    fn nothing_is_fitted_to_nothing() {
        let embedding = DMatrix::from_element(4, 128, 1.0);
        assert!(fit(&DMatrix::zeros(1, 128), &embedding, &DVector::zeros(4)).is_none());
    }
}
