//! The lexicon that `flag`, `review` and `terms` use.

use std::path::PathBuf;

use visavis::terms::Lexicon;

/// Which loaded terms are looked for.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct LexiconOptions {
    /// A lexicon of loaded terms (TOML); of several, later entries replace earlier ones of the
    /// same id [default: the French one that comes with visavis].
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,
}

impl LexiconOptions {
    /// Reads the lexicons named, or the one that comes with the program.
    pub fn load(&self) -> anyhow::Result<Lexicon> {
        let Some((first, more)) = self.lexicon.split_first() else {
            return Ok(Lexicon::builtin()?);
        };
        let mut lexicon = Lexicon::load(first)?;
        for path in more {
            lexicon = lexicon.extended(Lexicon::load(path)?);
        }
        Ok(lexicon)
    }
}
