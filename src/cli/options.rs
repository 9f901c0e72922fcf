//! Options that bear the same names in every command.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use visavis::language::Language;

/// Options of every command; help shows them after the command's own.
#[derive(Args, Debug, Clone)]
pub struct GlobalOptions {
    /// Print nothing but results and errors.
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        display_order = 900
    )]
    pub quiet: bool,
    /// Say more about what is done.
    #[arg(short, long, global = true, display_order = 901)]
    pub verbose: bool,
    /// When to colour the output.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        display_order = 902
    )]
    pub color: ColorChoice,
}

/// When to colour the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Which model translates, and how.
#[derive(Args, Debug, Clone)]
pub struct ModelOptions {
    /// The model: a name that `visavis models list` shows, an OPUS-MT folder or a compiled file
    /// [default: the first that translates from --from to --to].
    #[arg(long, value_name = "NAME|PATH")]
    pub model: Option<String>,
    #[command(flatten)]
    pub languages: LanguageOptions,
    /// What computes: the native engine, or libtorch by rust-bert, where the program was built with
    /// it.
    #[arg(long, value_name = "BACKEND", default_value = "native")]
    pub backend: Backend,
    /// What rust-bert computes on: cpu, cuda or cuda:N.
    #[arg(long, value_name = "DEVICE", default_value = "cpu", value_parser = device)]
    pub device: Device,
    /// Hypotheses kept at each step of the search; 1 is greedy.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub beam_size: u16,
    /// Choose from the model's whole vocabulary at every step, not from its shortlist for the
    /// sentence: slower.
    #[arg(long)]
    pub no_shortlist: bool,
    /// Take what the model gives first, even where it repeats itself, copies the source or drops
    /// a number.
    #[arg(long)]
    pub no_retry: bool,
    /// Take sentences that this model translated before with these options from this file, and add
    /// the others to it (see `visavis memory`).
    #[arg(long, value_name = "FILE")]
    pub memory: Option<PathBuf>,
    /// Threads that translate [default: the physical cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Tell at the end what each stage of the model took.
    #[arg(long)]
    pub profile: bool,
    /// Never open a network connection: fail where a model would have to be pulled.
    #[arg(long)]
    pub offline: bool,
}

/// What computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    /// The program's own engine: OPUS-MT and Firefox models.
    Native,
    /// Rust-bert: OPUS-MT, M2M100 and NLLB models.
    RustBert,
}

/// Where it computes: on the processor, or on the GPU of that number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    Cpu,
    Cuda(usize),
}

fn device(text: &str) -> Result<Device, String> {
    let number = text.strip_prefix("cuda").map(|rest| match rest {
        "" => Some(0),
        rest => rest.strip_prefix(':')?.parse().ok(),
    });
    match (text, number) {
        ("cpu", _) => Ok(Device::Cpu),
        (_, Some(Some(number))) => Ok(Device::Cuda(number)),
        _ => Err("give cpu, cuda or cuda:N".into()),
    }
}

/// From which language to which.
#[derive(Args, Debug, Clone)]
pub struct LanguageOptions {
    /// Language of the source.
    #[arg(long, value_name = "LANG", default_value = "fr")]
    pub from: Language,
    /// Language of the translation.
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub to: Language,
}

/// Where the input comes from and what it is.
#[derive(Args, Debug, Clone)]
pub struct InputOptions {
    /// Files to read; `-` is standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    pub files: Vec<PathBuf>,
    /// The input's format [default: guessed from the file's name].
    #[arg(long, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
}

/// Formats of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// Plain text: blank lines part paragraphs.
    Text,
    /// One segment a line; the line count is kept.
    Lines,
}
