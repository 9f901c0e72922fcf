//! Folders of Bergamot and Firefox models as their publishers lay them out: `model.*.bin`, one
//! `vocab.*.spm` or a `srcvocab.*.spm` and a `trgvocab.*.spm`, and `lex.*.s2t.bin`.

use std::fs;
use std::path::{Path, PathBuf};

use sentencepiece_model::{SentencePieceModel, Type};

use super::Error;
use super::compiled::{Activation, AlignmentHead, Autoregression, Config, SourceFile};
use super::folder::{read_pieces, read_small, source_file};
use super::marian::{MarianFile, Options, shortlist};
use super::packing::GROUP;
use super::positions::Sinusoids;
use super::shortlist::Shortlist;
use crate::language::Language;

/// What Marian adds to the variance in layer normalisations.
const NORM_EPSILON: f32 = 1e-6;
/// Marian's sinusoids have no end; what it trains on is shorter than this.
const POSITIONS: usize = 512;
/// The most that any size may be: far more than any model, and products cannot overflow.
const SIZE_LIMIT: usize = 1 << 21;
/// What a model that can be used has, in the words of its options; what is not stated is so.
const WANTED: [(&str, &str); 20] = [
    ("type", "transformer"),
    ("dec-cell", "ssru"),
    ("transformer-decoder-autoreg", "rnn"),
    ("transformer-ffn-activation", "relu"),
    ("transformer-ffn-depth", "2"),
    ("transformer-preprocess", ""),
    ("transformer-postprocess", "dan"),
    ("transformer-postprocess-top", ""),
    ("transformer-tied-layers", ""),
    ("transformer-train-position-embeddings", "false"),
    ("transformer-no-projection", "false"),
    ("transformer-no-bias", "false"),
    ("transformer-no-affine", "false"),
    ("transformer-rnn-projection", "false"),
    ("transformer-pool", "false"),
    ("layer-normalization", "false"),
    ("lemma-dim-emb", "0"),
    ("factors-dim-emb", "0"),
    ("input-types", ""),
    ("ulr", "false"),
];

/// A Bergamot folder, read and checked but for its weights' contents.
#[derive(Debug)]
pub struct BergamotFolder {
    /// Sizes and special pieces.
    pub config: Config,
    /// The languages, where the files' names state them.
    pub languages: Option<(Language, Language)>,
    /// The source's pieces by their number.
    pub source_vocabulary: Vec<String>,
    /// The target's, with one more of no text that the decoder starts from.
    pub target_vocabulary: Vec<String>,
    /// Whether one matrix embeds both sides.
    pub shared_embeddings: bool,
    /// Whether the logits have a bias.
    pub output_bias: bool,
    /// How source text is cut into pieces.
    pub pieces: SentencePieceModel,
    /// The lexical shortlist, where the folder has one.
    pub shortlist: Option<Shortlist>,
    /// The weights.
    pub weights: MarianFile,
    /// The files that were read.
    pub sources: Vec<SourceFile>,
}

/// The files of a folder.
struct Files {
    weights: PathBuf,
    /// The source's and, where it is another one, the target's.
    vocabularies: (PathBuf, Option<PathBuf>),
    lexicon: Option<PathBuf>,
}

impl BergamotFolder {
    /// Whether `folder` looks like one: it has a `model.*.bin`.
    pub fn is_one(folder: &Path) -> bool {
        named(folder, "model.", ".bin").is_ok_and(|files| !files.is_empty())
    }

    /// The files that make the model: the weights first.
    ///
    /// # Errors
    /// [`Error::Folder`] where one is missing, or there are two of a kind.
    pub fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
        Ok(Files::find(folder)?.list())
    }

    /// Reads the folder.
    ///
    /// # Errors
    /// [`Error::Folder`] where a file is missing, damaged, or of a model that cannot be computed
    /// with.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let files = Files::find(folder)?;
        let weights = MarianFile::open(&files.weights)?;
        let options = Options::parse(weights.options()?);
        let wrong = |path: &Path, reason: String| Error::Folder {
            path: path.to_owned(),
            reason,
        };
        let pieces = read_pieces(&files.vocabularies.0)?;
        let other = files.vocabularies.1.as_deref();
        let target = other.map(read_pieces).transpose()?;
        let target = target.as_ref().unwrap_or(&pieces);
        let ties =
            Ties::of(&options, other.is_some()).map_err(|reason| wrong(&files.weights, reason))?;
        let config = config(&options, &ties, &pieces, target)
            .map_err(|reason| wrong(&files.weights, reason))?;
        let shortlist = match &files.lexicon {
            None => None,
            Some(path) => {
                let shared = other.is_none();
                let (from, to) = (pieces.pieces().len(), target.pieces().len());
                let read = shortlist(&read_small(path)?, from, to, shared);
                let mut list = read.map_err(|reason| wrong(path, reason))?;
                // The piece that the decoder starts from offers nothing.
                let end = list.pieces.len() as u32;
                list.offsets.resize(config.source_pieces() + 1, end);
                Some(list)
            }
        };
        let mut source_vocabulary = texts(&pieces);
        let mut target_vocabulary = texts(target);
        target_vocabulary.push(String::new());
        if config.source_vocabulary.is_none() {
            source_vocabulary.clone_from(&target_vocabulary);
        }
        let mut sources = Vec::new();
        for path in files.list() {
            sources.push(source_file(&path)?);
        }
        Ok(Self {
            config,
            languages: languages(&files.weights),
            source_vocabulary,
            target_vocabulary,
            shared_embeddings: ties.embeddings,
            output_bias: options.text("output-omit-bias") != Some("true"),
            pieces,
            shortlist,
            weights,
            sources,
        })
    }
}

impl Files {
    fn find(folder: &Path) -> Result<Self, Error> {
        let wrong = |reason: String| Error::Folder {
            path: folder.to_owned(),
            reason,
        };
        let one = |prefix: &str, suffix: &str| {
            let mut files = named(folder, prefix, suffix)?;
            if files.len() > 1 {
                return Err(wrong(format!(
                    "there are {} files {prefix}*{suffix}; one is wanted",
                    files.len()
                )));
            }
            Ok(files.pop())
        };
        let weights = one("model.", ".bin")?
            .ok_or_else(|| wrong("it has no weights (model.*.bin)".into()))?;
        let vocabularies = match (
            one("vocab.", ".spm")?,
            one("srcvocab.", ".spm")?,
            one("trgvocab.", ".spm")?,
        ) {
            (Some(both), None, None) => (both, None),
            (None, Some(source), Some(target)) => (source, Some(target)),
            _ => {
                return Err(wrong(
                    "it has neither one vocab.*.spm nor a srcvocab.*.spm with a trgvocab.*.spm"
                        .into(),
                ));
            }
        };
        Ok(Self {
            weights,
            vocabularies,
            lexicon: one("lex.", ".s2t.bin")?,
        })
    }

    fn list(&self) -> Vec<PathBuf> {
        let (source, target) = &self.vocabularies;
        [Some(&self.weights), Some(source), target.as_ref()]
            .into_iter()
            .chain([self.lexicon.as_ref()])
            .flatten()
            .cloned()
            .collect()
    }
}

/// The files of a folder whose names start and end so, by name.
fn named(folder: &Path, prefix: &str, suffix: &str) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let path = entry.map_err(Error::io("read", folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let fits = |name: &str| name.starts_with(prefix) && name.ends_with(suffix);
        if name.is_some_and(fits) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The languages that the weights' name states, as in `model.pten.intgemm.alphas.bin`.
fn languages(weights: &Path) -> Option<(Language, Language)> {
    let pair = weights.file_name()?.to_str()?.split('.').nth(1)?;
    let (from, to) = (pair.len() == 4).then(|| pair.split_at_checked(2))??;
    Some((from.parse().ok()?, to.parse().ok()?))
}

fn texts(pieces: &SentencePieceModel) -> Vec<String> {
    let text = |piece: &sentencepiece_model::SentencePiece| piece.piece().to_owned();
    pieces.pieces().iter().map(text).collect()
}

/// Which matrices are one.
struct Ties {
    /// One matrix embeds source and target.
    embeddings: bool,
}

impl Ties {
    fn of(options: &Options, two_vocabularies: bool) -> Result<Self, String> {
        let is = |key: &str| options.text(key) == Some("true");
        let all = is("tied-embeddings-all");
        if !all && !is("tied-embeddings") {
            return Err(
                "its logits have a matrix of their own; only models where the target's \
                        embeddings give them can be used"
                    .into(),
            );
        }
        let embeddings = all || is("tied-embeddings-src");
        if embeddings && two_vocabularies {
            return Err("it has one matrix of embeddings, but two vocabularies".into());
        }
        Ok(Self { embeddings })
    }
}

/// Sizes and special pieces; why the model cannot be used otherwise.
fn config(
    options: &Options,
    ties: &Ties,
    source: &SentencePieceModel,
    target: &SentencePieceModel,
) -> Result<Config, String> {
    for (key, wanted) in WANTED {
        if let Some(values) = options.list(key)
            && options.text(key) != Some(wanted)
        {
            return Err(format!(
                "{key} is {values:?}; only models where it is {wanted:?} can be used"
            ));
        }
    }
    if let Some(steps) = options.text("transformer-postprocess-emb")
        && !matches!(steps, "" | "d")
    {
        return Err(format!(
            "transformer-postprocess-emb is {steps:?}; only \"d\" can be used"
        ));
    }
    let number = |key, default| match options.number(key, default)? {
        0 => Err(format!("{key} is 0")),
        value if value > SIZE_LIMIT => Err(format!("{key} is {value}, which is absurd")),
        value => Ok(value),
    };
    let d_model = number("dim-emb", None)?;
    let heads = number("transformer-heads", None)?;
    let encoder_ffn = number("transformer-dim-ffn", None)?;
    // Zero stands for the encoder's.
    let of_decoder = |key, encoder| match options.number(key, Some(0))? {
        0 => Ok(encoder),
        _ => number(key, None),
    };
    let decoder_ffn = of_decoder("transformer-decoder-dim-ffn", encoder_ffn)?;
    if of_decoder("transformer-decoder-ffn-depth", 2)? != 2 {
        return Err("transformer-decoder-ffn-depth is not 2, which alone can be used".into());
    }
    for (key, value) in [
        ("dim-emb", d_model),
        ("transformer-dim-ffn", encoder_ffn),
        ("transformer-decoder-dim-ffn", decoder_ffn),
    ] {
        if !value.is_multiple_of(GROUP) || value > 1 << 16 {
            return Err(format!(
                "{key} is {value}; only multiples of {GROUP} up to {} can be used",
                1 << 16
            ));
        }
    }
    if !d_model.is_multiple_of(heads) {
        return Err(format!(
            "dim-emb {d_model} is no multiple of the {heads} attention heads"
        ));
    }
    let layers = |key| {
        let count = number(key, None)?;
        let few = count <= 1 << 8;
        few.then_some(count)
            .ok_or_else(|| format!("{key} is {count}, which is absurd"))
    };
    let (encoder_layers, decoder_layers) = (layers("enc-depth")?, layers("dec-depth")?);
    let vocabularies = [source.pieces().len(), target.pieces().len()];
    let stated = options.list("dim-vocabs").unwrap_or_default();
    if stated != vocabularies.map(|n| n.to_string()) {
        return Err(format!(
            "dim-vocabs is {stated:?}, the vocabularies have {vocabularies:?} pieces"
        ));
    }
    if vocabularies.iter().any(|&n| n > SIZE_LIMIT) {
        return Err(format!(
            "vocabularies of {vocabularies:?} pieces are absurd"
        ));
    }
    let (end, unknown) = special(source)?;
    if special(target)? != (end, unknown) {
        return Err("</s> and <unk> have other numbers in the source than in the target".into());
    }
    let layer = match options.text("transformer-guided-alignment-layer") {
        None | Some("last") => decoder_layers,
        Some(_) => number("transformer-guided-alignment-layer", None)?,
    };
    if layer > decoder_layers {
        return Err(format!(
            "layer {layer} is to align, there are {decoder_layers}"
        ));
    }
    // One more, of zeros, from which the decoder starts.
    let start = vocabularies[1] as u32;
    Ok(Config {
        d_model,
        encoder_layers,
        decoder_layers,
        encoder_heads: heads,
        decoder_heads: heads,
        encoder_ffn,
        decoder_ffn,
        activation: Activation::Relu,
        vocabulary: vocabularies[1] + 1,
        source_vocabulary: (!ties.embeddings).then_some(vocabularies[0]),
        pad: start,
        decoder_start: start,
        end,
        unknown,
        scale_embedding: true,
        max_positions: POSITIONS,
        beam_size: 1,
        positions: Sinusoids::Tensor2tensor,
        norm_epsilon: NORM_EPSILON,
        autoregression: Autoregression::Ssru,
        alignment: Some(AlignmentHead {
            layer: layer - 1,
            head: 0,
        }),
    })
}

/// The numbers of the pieces that end a sentence and that stand for unknown ones.
fn special(pieces: &SentencePieceModel) -> Result<(u32, u32), String> {
    let find = |name: &str, kind| {
        let mut pieces = pieces.pieces().iter();
        let number = pieces.position(|piece| piece.r#type() == kind && piece.piece() == name);
        number.ok_or_else(|| format!("its vocabulary has no {name}"))
    };
    Ok((
        find("</s>", Type::Control)? as u32,
        find("<unk>", Type::Unknown)? as u32,
    ))
}
