//! Writing a bitext pair by pair, without holding it.

use std::io::{self, Write};

use super::{Error, Format, Header, Pair, jsonl, tmx, tsv};

/// Writes a bitext to one stream, pair by pair.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    format: Streamed,
    header: Header,
}

/// The formats that are one stream.
#[derive(Debug, Clone, Copy)]
enum Streamed {
    Jsonl,
    Tsv,
    Tmx,
}

/// What errors call the stream.
const FILE: &str = "the output";

impl<W: Write> Writer<W> {
    /// Writes what stands before the pairs.
    ///
    /// # Errors
    /// [`Error::Write`] where the stream fails; [`Error::TwoFiles`] for Moses, which
    /// [`super::save`] writes; [`Error::Page`] for HTML.
    pub fn new(out: W, format: Format, header: Header) -> Result<Self, Error> {
        let mut writer = Self::going_on(out, format, header)?;
        let Self {
            header,
            out,
            format,
        } = &mut writer;
        let written = match format {
            Streamed::Jsonl => jsonl::start(header, out),
            Streamed::Tsv => tsv::start(header, out),
            Streamed::Tmx => tmx::start(header, out),
        };
        written.map_err(failed)?;
        Ok(writer)
    }

    /// Goes on where the pairs written so far end; writes nothing.
    ///
    /// # Errors
    /// [`Error::TwoFiles`], [`Error::Page`] as [`Writer::new`].
    pub fn going_on(out: W, format: Format, header: Header) -> Result<Self, Error> {
        let format = match format {
            Format::Jsonl => Streamed::Jsonl,
            Format::Tsv => Streamed::Tsv,
            Format::Tmx => Streamed::Tmx,
            Format::Moses => return Err(Error::TwoFiles { file: FILE.into() }),
            Format::Html => return Err(Error::Page { file: FILE.into() }),
        };
        Ok(Self {
            out,
            format,
            header,
        })
    }

    /// The stream.
    pub fn output(&mut self) -> &mut W {
        &mut self.out
    }

    /// Writes a pair.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn pair(&mut self, pair: &Pair) -> Result<(), Error> {
        let Header { from, to, .. } = &self.header;
        let written = match self.format {
            Streamed::Jsonl => jsonl::pair(pair, &mut self.out),
            Streamed::Tsv => tsv::pair(pair, &mut self.out),
            Streamed::Tmx => tmx::pair(pair, from, to, &mut self.out),
        };
        written.map_err(failed)
    }

    /// Writes what stands after the pairs; returns the stream.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn finish(mut self) -> Result<W, Error> {
        let written = match self.format {
            Streamed::Jsonl | Streamed::Tsv => Ok(()),
            Streamed::Tmx => tmx::end(&mut self.out),
        };
        written.and_then(|()| self.out.flush()).map_err(failed)?;
        Ok(self.out)
    }
}

fn failed(source: io::Error) -> Error {
    Error::Write {
        file: FILE.into(),
        source,
    }
}
