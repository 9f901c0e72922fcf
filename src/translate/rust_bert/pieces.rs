//! The pieces of the models that rust-bert runs. They are cut as SentencePiece cuts them; of
//! rust-bert's own tokenizer only the numbers of languages are taken.

use std::collections::HashMap;
use std::fs;

use rust_bert::nllb::NLLBLanguages;
use rust_bert::pipelines::common::TokenizerOption;
use sentencepiece_model::SentencePieceModel;
use serde::Deserialize;

use super::Error;
use crate::engine::tokenizer::{Merges, Piece, Tokenizer};
use crate::language::Language;
use crate::model::kept::Architecture;
use crate::model::{Compiled, Kept};

/// How a model cuts text, and what stands around the pieces.
#[derive(Debug)]
pub(super) struct Pieces {
    cut: Cut,
    pub unknown: u32,
    /// Before a source's pieces: its language.
    pub before: Option<u32>,
    /// What a translation must begin with: its language.
    pub first: Option<u32>,
}

#[derive(Debug)]
enum Cut {
    /// As the native engine does it.
    Marian(Box<Tokenizer>),
    /// By merges.
    Multilingual(Box<Merges>),
}

impl Pieces {
    /// Of a Marian model those of its compiled one.
    pub fn new(
        kept: &Kept,
        compiled: Option<&Compiled>,
        languages: (&Language, &Language),
        tokenizer: &TokenizerOption,
    ) -> Result<Self, Error> {
        let wrong = |reason: String| Error::Load {
            folder: kept.folder().to_owned(),
            reason,
        };
        let architecture = kept.card().architecture;
        let vocabulary = kept.config().vocab_size;
        if architecture == Architecture::Marian {
            let compiled = compiled.ok_or_else(|| wrong("its compiled model is missing".into()))?;
            let config = &compiled.header().config;
            if config.vocabulary != vocabulary || config.source_vocabulary.is_some() {
                return Err(wrong("the compiled model of that name is another".into()));
            }
            let tokenizer = Tokenizer::load(compiled).map_err(|error| wrong(error.to_string()))?;
            return Ok(Self {
                cut: Cut::Marian(Box::new(tokenizer)),
                unknown: config.unknown,
                before: None,
                first: None,
            });
        }
        let numbers = numbers(kept).map_err(&wrong)?;
        if let Some((piece, number)) = numbers.iter().find(|&(_, &n)| n as usize >= vocabulary) {
            return Err(wrong(format!(
                "the number {number} of the piece {piece:?} is outside the vocabulary"
            )));
        }
        let unknown = *numbers
            .get("<unk>")
            .ok_or_else(|| wrong("the piece <unk> is missing".into()))?;
        let [_, file] = architecture.tokenizer_files();
        let bytes = fs::read(kept.file(file)).map_err(|error| wrong(format!("{file}: {error}")))?;
        let model = SentencePieceModel::from_slice(bytes)
            .map_err(|error| wrong(format!("{file}: {error}")))?;
        let merges = Merges::new(&model, numbers, unknown)
            .ok_or_else(|| wrong(format!("{file}: its normalisation rules are cut short")))?;
        let language = |language: &Language| {
            let code = code(architecture, language);
            let number = code.and_then(|code| {
                let number = tokenizer.convert_tokens_to_ids(&[code]);
                u32::try_from(*number.first()?).ok()
            });
            let is_known = |&number: &u32| number != unknown && (number as usize) < vocabulary;
            number.filter(is_known).ok_or_else(|| Error::Language {
                model: kept.card().name.clone(),
                language: language.clone(),
            })
        };
        Ok(Self {
            cut: Cut::Multilingual(Box::new(merges)),
            unknown,
            before: Some(language(languages.0)?),
            first: Some(language(languages.1)?),
        })
    }

    /// The pieces of a text, with their places in it.
    pub fn encode(&self, text: &str) -> Vec<Piece> {
        match &self.cut {
            Cut::Marian(tokenizer) => tokenizer.encode(text),
            Cut::Multilingual(merges) => merges.encode(text),
        }
    }

    /// The text of pieces, and the places in it that they gave.
    pub fn decode(&self, ids: &[u32]) -> (String, Vec<Piece>) {
        match &self.cut {
            Cut::Marian(tokenizer) => tokenizer.decode(ids),
            Cut::Multilingual(merges) => merges.decode(ids),
        }
    }

    /// How usual a spelling of a word is. Merges have no probabilities: the fewer pieces, the more
    /// usual; what no piece covers is not usual at all.
    pub fn likelihood(&self, word: &str) -> f32 {
        match &self.cut {
            Cut::Marian(tokenizer) => tokenizer.log_probability(word),
            Cut::Multilingual(merges) => {
                let pieces = merges.encode(word).into_iter();
                let each = pieces.map(|piece| {
                    if piece.id == self.unknown {
                        -64.0
                    } else {
                        -8.0
                    }
                });
                each.sum()
            }
        }
    }
}

/// The numbers of pieces, as the tokenizer's file of the model states them.
fn numbers(kept: &Kept) -> Result<HashMap<String, u32>, String> {
    #[derive(Deserialize)]
    struct File {
        model: Model,
    }
    #[derive(Deserialize)]
    struct Model {
        vocab: HashMap<String, u32>,
    }
    let architecture = kept.card().architecture;
    let [name, _] = architecture.tokenizer_files();
    let wrong = |error: &dyn std::fmt::Display| format!("{name}: {error}");
    let json = fs::read(kept.file(name)).map_err(|error| wrong(&error))?;
    match architecture {
        Architecture::Nllb => {
            let file: File = serde_json::from_slice(&json).map_err(|error| wrong(&error))?;
            Ok(file.model.vocab)
        }
        _ => serde_json::from_slice(&json).map_err(|error| wrong(&error)),
    }
}

/// What rust-bert's tokenizer calls a language.
fn code(architecture: Architecture, language: &Language) -> Option<String> {
    let code = language.code();
    if architecture == Architecture::Nllb {
        let is_it = |of: &rust_bert::pipelines::translation::Language| {
            of.get_iso_639_1_code() == Some(code) || of.get_iso_639_3_code() == code
        };
        let found = NLLBLanguages::NLLB.into_iter().filter(is_it);
        return found
            .filter_map(|of| of.get_nllb_code())
            .next()
            .map(Into::into);
    }
    Some(match code.len() {
        2 => format!(">>{code}.<<"),
        _ => format!(">>{code}<<"),
    })
}
