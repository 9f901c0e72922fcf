//! The lexicon that `flag`, `review` and `terms` use.

use std::path::PathBuf;

use anyhow::Context;
use visavis::terms::Lexicon;

/// Which loaded terms are looked for.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct LexiconOptions {
    /// A lexicon of your own (TOML), beside the one that comes with visavis; may be given more
    /// than once. Of entries with the same id the last one counts.
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,
    /// Leave out the lexicon that comes with visavis.
    #[arg(long, requires = "lexicon")]
    pub no_builtin_lexicon: bool,
    /// Leave out an entry, by its id, or a category; may be given more than once.
    #[arg(long, value_name = "ID|CATEGORY")]
    pub without: Vec<String>,
}

impl LexiconOptions {
    /// Reads the lexicon that comes with the program, unless it is left out, and those named.
    pub fn load(&self) -> anyhow::Result<Lexicon> {
        let mut lexicon = if self.no_builtin_lexicon {
            Lexicon::default()
        } else {
            Lexicon::builtin()?
        };
        for path in &self.lexicon {
            lexicon = lexicon.extended(Lexicon::load(path)?);
        }
        for id in &self.without {
            lexicon = lexicon.without(id).with_context(|| {
                format!(
                    "no entry has the id or the category “{id}” of --without; \
                     see `visavis terms list`"
                )
            })?;
        }
        Ok(lexicon)
    }
}
