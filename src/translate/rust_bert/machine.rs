//! A model in rust-bert: short texts in batches through its generator.

use std::any::Any;
use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rust_bert::RustBertError;
use rust_bert::m2m_100::M2M100Generator;
use rust_bert::marian::MarianGenerator;
use rust_bert::pipelines::common::{ModelResource, ModelType};
use rust_bert::pipelines::generation_utils::{
    GenerateConfig, GenerateOptions, GeneratedIndicesOutput, LanguageGenerator,
};
use rust_bert::resources::{LocalResource, ResourceProvider};
use tch::Tensor;

use super::pieces::Pieces;
use super::{Device, Error};
use crate::engine::tokenizer::Piece;
use crate::engine::{Options, Translated};
use crate::language::Language;
use crate::model::kept::{Architecture, CONFIG, WEIGHTS};
use crate::model::{Compiled, Kept};
use crate::translate::jobs::Machine;

/// Texts that go through the model together.
const BATCH: usize = 32;
/// Hypotheses of them, at most.
const HYPOTHESES: usize = 256;

/// A model, loaded.
pub(super) struct Torch {
    generator: Generator,
    pieces: Pieces,
    languages: (Language, Language),
    device: tch::Device,
    pad: u32,
    end: u32,
    positions: usize,
}

enum Generator {
    Marian(Box<MarianGenerator>),
    M2m100(Box<M2M100Generator>),
}

/// A text on its way.
struct Job {
    /// Its number.
    number: usize,
    /// Its pieces.
    source: Vec<Piece>,
    /// What the model reads.
    ids: Vec<i64>,
}

impl Torch {
    pub fn load(
        kept: &Kept,
        compiled: Option<&Compiled>,
        languages: (&Language, &Language),
        device: Device,
        threads: usize,
    ) -> Result<Self, Error> {
        let torch_device = find(device)?;
        tch::set_num_threads(i32::try_from(threads).unwrap_or(i32::MAX));
        let architecture = kept.card().architecture;
        let config = kept.config();
        let wrong = |reason: String| Error::Load {
            folder: kept.folder().to_owned(),
            reason,
        };
        let loaded = guarded(|| {
            let config = generation(kept, torch_device);
            Ok(match architecture {
                Architecture::Marian => Generator::Marian(Box::new(MarianGenerator::new(config)?)),
                _ => Generator::M2m100(Box::new(M2M100Generator::new(config)?)),
            })
        });
        let generator = loaded.map_err(&wrong)?;
        let tokenizer = match &generator {
            Generator::Marian(generator) => generator.get_tokenizer(),
            Generator::M2m100(generator) => generator.get_tokenizer(),
        };
        Ok(Self {
            pieces: Pieces::new(kept, compiled, languages, tokenizer)?,
            languages: (languages.0.clone(), languages.1.clone()),
            device: torch_device,
            pad: config.pad_token_id,
            end: config.eos_token_id,
            positions: config.max_position_embeddings,
            generator,
        })
    }

    /// The most pieces of a translation, as for the native engine.
    fn limit(&self, job: &Job) -> usize {
        (3 * job.source.len() + 23).min(self.positions)
    }

    /// What the generator makes of texts, the longest first.
    fn generate(&self, batch: &[Job], options: &Options) -> Result<Vec<Vec<u32>>, Error> {
        let width = batch.iter().map(|job| job.ids.len()).max().unwrap_or(0);
        let mut ids = Vec::with_capacity(batch.len() * width);
        for job in batch {
            ids.extend_from_slice(&job.ids);
            ids.resize(ids.len() + width - job.ids.len(), i64::from(self.pad));
        }
        let shape = [batch.len() as i64, width as i64];
        let limit = batch.iter().map(|job| self.limit(job)).max().unwrap_or(0);
        // The start counts, and the last piece can only be the end.
        let limit = (limit + 2).min(self.positions + 1);
        let generate = GenerateOptions {
            min_length: Some(0),
            max_length: Some(limit as i64),
            early_stopping: Some(false),
            num_beams: Some(options.beam_size as i64),
            do_sample: Some(false),
            no_repeat_ngram_size: Some(options.no_repeat_ngram as i64),
            forced_bos_token_id: self.pieces.first.map(i64::from),
            ..GenerateOptions::default()
        };
        let outputs = guarded(|| {
            let input = Tensor::from_slice(&ids).view(shape).to(self.device);
            let mask = input.ne(i64::from(self.pad)).to_kind(tch::Kind::Int64);
            match &self.generator {
                Generator::Marian(generator) => {
                    generator.generate_from_ids_and_past(input, Some(mask), Some(generate))
                }
                Generator::M2m100(generator) => {
                    generator.generate_from_ids_and_past(input, Some(mask), Some(generate))
                }
            }
        });
        let outputs = outputs.map_err(Error::Failed)?;
        if outputs.len() != batch.len() {
            let reason = format!("{} translations of {} texts", outputs.len(), batch.len());
            return Err(Error::Failed(reason));
        }
        let each = outputs.iter().zip(batch);
        Ok(each
            .map(|(output, job)| self.produced(output, job))
            .collect())
    }

    /// The pieces of a translation, without those that start and end it.
    fn produced(&self, output: &GeneratedIndicesOutput, job: &Job) -> Vec<u32> {
        // What starts it, and its language.
        let start = 1 + usize::from(self.pieces.first.is_some());
        let ids = output.indices.iter().skip(start);
        let ids = ids.filter_map(|&id| u32::try_from(id).ok());
        ids.take_while(|&id| id != self.end && id != self.pad)
            .take(self.limit(job))
            .collect()
    }
}

impl Machine for Torch {
    fn languages(&self) -> (&Language, &Language) {
        (&self.languages.0, &self.languages.1)
    }

    fn unknown(&self) -> u32 {
        self.pieces.unknown
    }

    fn longest_text(&self) -> usize {
        // The language and the end.
        self.positions.saturating_sub(2).max(1)
    }

    fn pieces(&self, text: &str) -> Vec<Piece> {
        self.pieces.encode(text)
    }

    fn likelihood(&self, word: &str) -> f32 {
        self.pieces.likelihood(word)
    }

    fn translate(
        &self,
        texts: &[&str],
        options: &Options,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Translated>, crate::translate::Error> {
        let jobs = texts.iter().enumerate().map(|(number, text)| {
            let mut source = self.pieces.encode(text);
            source.truncate(self.longest_text());
            let own = source.iter().map(|piece| piece.id);
            let ids = self.pieces.before.into_iter().chain(own).chain([self.end]);
            Job {
                number,
                ids: ids.map(i64::from).collect(),
                source,
            }
        });
        let (mut jobs, empty): (Vec<Job>, Vec<Job>) = jobs.partition(|job| !job.source.is_empty());
        let mut translated: Vec<Option<Translated>> = vec![None; texts.len()];
        for job in empty {
            let number = job.number;
            translated[number] = Some(self.translated(job, &[]));
            done(number);
        }
        // Texts of one length leave little to fill up.
        jobs.sort_by_key(|job| (Reverse(job.ids.len()), job.number));
        let size = BATCH.min(HYPOTHESES / options.beam_size.max(1)).max(1);
        while !jobs.is_empty() {
            let rest = jobs.split_off(size.min(jobs.len()));
            let batch = std::mem::replace(&mut jobs, rest);
            let produced = self.generate(&batch, options)?;
            for (job, ids) in batch.into_iter().zip(produced) {
                let number = job.number;
                translated[number] = Some(self.translated(job, &ids));
                done(number);
            }
        }
        Ok(translated.into_iter().flatten().collect())
    }
}

impl Torch {
    fn translated(&self, job: Job, ids: &[u32]) -> Translated {
        let (text, target) = self.pieces.decode(ids);
        Translated {
            text,
            score: 0.0,
            source: job.source,
            target,
            attention: Vec::new(),
        }
    }
}

/// Libtorch's name of a device, if it is there.
fn find(device: Device) -> Result<tch::Device, Error> {
    let Device::Cuda(number) = device else {
        return Ok(tch::Device::Cpu);
    };
    let found = match (tch::Cuda::is_available(), tch::Cuda::device_count()) {
        (true, count) if (number as i64) < count => return Ok(tch::Device::Cuda(number)),
        (true, count) => format!("there are {count}, counted from 0"),
        (false, _) => "it computes on the processor alone".into(),
    };
    Err(Error::Device { device, found })
}

/// How the generator is made; what changes from batch to batch comes with each.
fn generation(kept: &Kept, device: tch::Device) -> GenerateConfig {
    let resource = |name: &str| -> Box<dyn ResourceProvider + Send> {
        Box::new(LocalResource {
            local_path: kept.file(name),
        })
    };
    let architecture = kept.card().architecture;
    let [vocabulary, pieces] = architecture.tokenizer_files();
    GenerateConfig {
        model_type: match architecture {
            Architecture::Marian => ModelType::Marian,
            Architecture::M2m100 => ModelType::M2M100,
            Architecture::Nllb => ModelType::NLLB,
        },
        model_resource: ModelResource::Torch(resource(WEIGHTS)),
        config_resource: resource(CONFIG),
        vocab_resource: resource(vocabulary),
        merges_resource: Some(resource(pieces)),
        min_length: 0,
        max_length: Some(kept.config().max_position_embeddings as i64),
        do_sample: false,
        early_stopping: false,
        num_beams: 1,
        temperature: 1.0,
        top_k: 0,
        top_p: 1.0,
        repetition_penalty: 1.0,
        length_penalty: 1.0,
        no_repeat_ngram_size: 0,
        num_return_sequences: 1,
        num_beam_groups: None,
        diversity_penalty: None,
        device,
        kind: None,
    }
}

/// What `act` gives, or why it fails: rust-bert panics where libtorch gives an error.
fn guarded<T>(act: impl FnOnce() -> Result<T, RustBertError>) -> Result<T, String> {
    // Nothing that is half done outlives a panic but tensors, which nobody looks at again.
    match catch_unwind(AssertUnwindSafe(act)) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(panic) => Err(message(&*panic)),
    }
}

/// The first line of what a panic says.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>()) {
        (Some(text), _) => text,
        (None, Some(text)) => *text,
        (None, None) => "it does not say why",
    };
    text.lines().next().unwrap_or_default().to_owned()
}
