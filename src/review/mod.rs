//! The review page: a bitext as one self-contained HTML file.
//!
//! The page is written out in full here, so that it reads and prints without JavaScript; the
//! script adds filters, keys, word links and decisions. It opens no connection: its content
//! security policy allows nothing but its own inline style and script, by a nonce that is a hash
//! of the text and so cannot be foreseen by the text.

mod charts;
mod colour;
mod data;
mod finds;
mod index;
mod markup;
mod view;

use askama::Template;

use crate::bitext::Bitext;

pub use index::{Entry, index};

/// How the page shows a bitext.
#[derive(Debug, Clone)]
pub struct Options {
    /// The page's title; the documents' names where none is given.
    pub title: Option<String>,
    /// Sentences of our translations whose mean probability of a target piece (0 to 1) is below
    /// this are marked as uncertain.
    pub low_confidence: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            title: None,
            low_confidence: 0.5,
        }
    }
}

/// Why no page could be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bitext does not serialise.
    #[error("cannot write the bitext into the page: {0}")]
    Data(#[from] std::io::Error),
    /// The template failed.
    #[error("cannot fill in the page: {0}")]
    Template(#[from] askama::Error),
}

/// The page for `bitext`: UTF-8 HTML that needs no other file.
///
/// The bitext itself stands in the page as JSONL, in the element `script#bitext`, with every `<`
/// written `\u003c`: a header line, then one pair a line. The same bitext and options give the
/// same bytes.
///
/// # Errors
///
/// When the bitext cannot be serialised.
pub fn page(bitext: &Bitext, options: &Options) -> Result<String, Error> {
    let data = data::lines(bitext)?;
    let key = data::key(&data);
    Ok(view::Page::new(bitext, options, &data, &key).render()?)
}

#[cfg(test)]
mod tests;
