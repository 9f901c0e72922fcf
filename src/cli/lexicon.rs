//! The lexicon of loaded terms that commands work with.

use std::path::PathBuf;

use visavis::terms::Lexicon;

/// Which lexicons are used.
#[derive(clap::Args, Debug, Clone)]
pub struct LexiconOptions {
    /// A lexicon of your own, used together with the built-in one; its entries replace those of
    /// the same id. May be given more than once.
    #[arg(long, value_name = "FILE")]
    lexicon: Vec<PathBuf>,
    /// Leave the built-in lexicon out.
    #[arg(long, requires = "lexicon")]
    no_builtin_lexicon: bool,
}

impl LexiconOptions {
    /// The lexicons that the options name, as one.
    pub fn load(&self) -> anyhow::Result<Lexicon> {
        let mut lexicons = Vec::with_capacity(self.lexicon.len() + 1);
        if !self.no_builtin_lexicon {
            lexicons.push(Lexicon::builtin()?);
        }
        for path in &self.lexicon {
            lexicons.push(Lexicon::load(path)?);
        }
        let joined = lexicons.into_iter().reduce(Lexicon::extended);
        joined.map_or_else(|| Ok(Lexicon::builtin()?), Ok)
    }
}
