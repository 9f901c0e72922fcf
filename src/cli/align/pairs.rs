//! Pairs of sentences in plain lines.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use visavis::bitext::{self, Bitext, Languages};

use crate::cli::input;

/// What parts source and target on a line.
const BAR: &str = "|||";

/// Sources and targets, from one stream of lines or from two.
pub enum Pairs {
    /// Lines `source ||| target`.
    One(Lines),
    /// Line i of the one with line i of the other.
    Two(Lines, Lines),
}

impl Pairs {
    /// Opens one file of pairs, or two files of lines; `-` is standard input.
    pub fn open(files: &[PathBuf]) -> anyhow::Result<Self> {
        Ok(match files {
            [source, target] => Self::Two(Lines::open(source)?, Lines::open(target)?),
            [file] => Self::One(Lines::open(file)?),
            _ => bail!("give one file of pairs, or two files of lines"),
        })
    }

    /// All of them as a bitext.
    pub fn bitext(self, languages: &Languages) -> anyhow::Result<Bitext> {
        let name = match &self {
            Self::One(lines) | Self::Two(lines, _) => lines.name.clone(),
        };
        let (mut sources, mut targets) = (String::new(), String::new());
        for pair in self {
            let (source, target) = pair?;
            sources.push_str(source.trim());
            targets.push_str(target.trim());
            sources.push('\n');
            targets.push('\n');
        }
        let side = |bytes, language: &Option<_>| -> anyhow::Result<_> {
            Ok(bitext::moses::Side {
                name: &name,
                bytes,
                language: language.clone().context("the languages are not known")?,
            })
        };
        Ok(bitext::moses::read(
            &side(sources.as_bytes(), &languages.from)?,
            &side(targets.as_bytes(), &languages.to)?,
        )?)
    }
}

impl Iterator for Pairs {
    type Item = anyhow::Result<(String, String)>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::One(lines) => {
                let line = match lines.next()? {
                    Ok(line) => line,
                    Err(error) => return Some(Err(error)),
                };
                let pair = line.split_once(BAR).with_context(|| {
                    format!(
                        "{}:{}: has no {BAR} between source and target",
                        lines.name, lines.number
                    )
                });
                Some(pair.map(|(source, target)| (source.to_owned(), target.to_owned())))
            }
            Self::Two(sources, targets) => match (sources.next(), targets.next()) {
                (None, None) => None,
                (Some(source), Some(target)) => {
                    Some(source.and_then(|source| Ok((source, target?))))
                }
                (source, _) => {
                    let (longer, shorter) = match source {
                        Some(_) => (&sources, &targets),
                        None => (&targets, &sources),
                    };
                    Some(Err(anyhow::anyhow!(
                        "{} has {} lines but {} has more; line i of the one must be the \
                         translation of line i of the other",
                        shorter.name,
                        shorter.number,
                        longer.name
                    )))
                }
            },
        }
    }
}

/// The lines of a file or of standard input.
pub struct Lines {
    name: String,
    /// Of the line that was read last, from 1.
    number: usize,
    reader: Box<dyn BufRead>,
}

impl Lines {
    fn open(path: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            name: input::name(path),
            number: 0,
            reader: Box::new(BufReader::new(input::open(path)?)),
        })
    }
}

impl Iterator for Lines {
    type Item = anyhow::Result<String>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        let Self {
            name,
            number,
            reader,
        } = self;
        match reader.read_until(b'\n', &mut bytes) {
            Ok(0) => return None,
            Ok(_) => *number += 1,
            Err(error) => {
                let error = anyhow::Error::new(error);
                return Some(Err(error.context(format!("cannot read {name}"))));
            }
        }
        let line = String::from_utf8(bytes);
        let line = line.with_context(|| {
            format!("{name}:{number}: is not UTF-8; convert the file to UTF-8 first")
        });
        Some(line.map(|line| line.trim_end_matches(['\n', '\r']).to_owned()))
    }
}
