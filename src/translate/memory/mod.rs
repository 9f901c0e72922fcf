//! A translation memory: sentences with the translations that a model once made of them, in a file
//! that several processes may use at once (SQLite).
//!
//! A translation belongs to its [`Maker`]: the model, by its checksum, and the options. Translations
//! that others made (imported ones) belong to no model, and hold for all of their languages.

mod error;
mod exchange;
mod remembering;
mod schema;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use super::Translation;
use super::problem::Problem;
use crate::bitext::{decode_links, encode_links};
use crate::language::Language;
pub use error::Error;
pub use remembering::Remembering;

/// How long a process waits for others that write.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who made translations, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maker {
    /// The model's name; for translations that others made, where they come from.
    pub model: String,
    /// What tells the model from others of its name; empty for translations that others made.
    pub checksum: String,
    /// The options that change the model's output.
    pub options: String,
    /// The language of the source.
    pub from: Language,
    /// The language of the translation.
    pub to: Language,
}

impl Maker {
    /// Whether these are translations that others made.
    pub fn is_given(&self) -> bool {
        self.checksum.is_empty()
    }
}

/// What a memory holds of one maker's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The maker's number in the file.
    pub number: i64,
    /// The maker.
    pub maker: Maker,
    /// How many sentences.
    pub sentences: u64,
    /// How many of them have word links.
    pub with_links: u64,
}

/// A translation memory's file.
#[derive(Debug)]
pub struct Memory {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl Memory {
    /// Opens a memory, or makes it where there is no such file.
    ///
    /// # Errors
    /// [`Error::Foreign`] where the file is something else, [`Error::Newer`] where a later version
    /// wrote it, [`Error::Damaged`] and [`Error::Store`] where it cannot be used.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let failed = |error| Error::of(path, error);
        let mut connection = Connection::open(path).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        schema::prepare(&mut connection, path)?;
        Ok(Self {
            path: path.to_owned(),
            connection: Mutex::new(connection),
        })
    }

    /// Opens a memory that must be there.
    ///
    /// # Errors
    /// [`Error::Missing`] where it is not, and those of [`Memory::open`].
    pub fn open_existing(path: &Path) -> Result<Self, Error> {
        if !path.exists() {
            return Err(Error::Missing { path: path.into() });
        }
        Self::open(path)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds of each maker's, in the order in which they came.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Store`].
    pub fn holdings(&self) -> Result<Vec<Holding>, Error> {
        let sql = "SELECT id, model, checksum, options, source_language, target_language,
                (SELECT count(*) FROM sentence WHERE maker = maker.id),
                (SELECT count(words) FROM sentence WHERE maker = maker.id)
            FROM maker ORDER BY id";
        let rows = self.read(|connection| {
            let mut statement = connection.prepare(sql)?;
            let holding = |row: &Row<'_>| {
                let (number, maker) = maker(row)?;
                let counts: (i64, i64) = (row.get(6)?, row.get(7)?);
                Ok((number, maker, counts))
            };
            statement
                .query_map([], holding)?
                .collect::<Result<Vec<_>, _>>()
        })?;
        let holding = |(number, maker, (sentences, with_links)): (i64, RawMaker, (i64, i64))| {
            Ok(Holding {
                number,
                maker: maker.parse(&self.path)?,
                sentences: sentences.unsigned_abs(),
                with_links: with_links.unsigned_abs(),
            })
        };
        rows.into_iter().map(holding).collect()
    }

    /// Looks the whole file over; what is wrong with it.
    ///
    /// # Errors
    /// [`Error::Damaged`] where anything is; [`Error::Store`].
    pub fn check(&self) -> Result<(), Error> {
        let sql = "PRAGMA quick_check(1)";
        let told: String =
            self.read(|connection| connection.query_row(sql, [], |row| row.get(0)))?;
        match told.as_str() {
            "ok" => Ok(()),
            reason => Err(Error::Damaged {
                path: self.path.clone(),
                reason: reason.into(),
            }),
        }
    }

    /// The number of a maker; it is added where it is not there yet.
    fn maker(&self, maker: &Maker) -> Result<i64, Error> {
        let values = [
            &*maker.model,
            &*maker.checksum,
            &*maker.options,
            maker.from.code(),
            maker.to.code(),
        ];
        let find = "SELECT id FROM maker WHERE model = ?1 AND checksum = ?2 AND options = ?3
            AND source_language = ?4 AND target_language = ?5";
        let add = "INSERT OR IGNORE INTO maker
            (model, checksum, options, source_language, target_language)
            VALUES (?1, ?2, ?3, ?4, ?5)";
        self.read(|connection| {
            let found = connection.query_row(find, values, |row| row.get(0));
            if let Some(number) = found.optional()? {
                return Ok(number);
            }
            connection.execute(add, values)?;
            connection.query_row(find, values, |row| row.get(0))
        })
    }

    /// The numbers of those whose translations hold for any model of these languages.
    fn givers(&self, from: &Language, to: &Language) -> Result<Vec<i64>, Error> {
        let sql = "SELECT id FROM maker WHERE checksum = ''
            AND source_language = ?1 AND target_language = ?2 ORDER BY id";
        self.read(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let numbers = statement.query_map([from.code(), to.code()], |row| row.get(0))?;
            numbers.collect()
        })
    }

    /// For each sentence what the first of `makers` that has it made of it. Where `links` are
    /// wanted, a model's translation without them is none.
    fn find(
        &self,
        sentences: &[&str],
        makers: &[i64],
        links: bool,
    ) -> Result<Vec<Option<Translation>>, Error> {
        let sql = "SELECT source, target, score, words, problems, checksum = ''
            FROM sentence JOIN maker ON maker.id = sentence.maker
            WHERE sentence.maker = ?1 AND key = ?2";
        let rows = self.read(|connection| {
            let reading = connection.unchecked_transaction()?;
            let mut statement = reading.prepare_cached(sql)?;
            let mut one = |sentence: &str| {
                for &maker in makers {
                    let row = statement
                        .query_row(params![maker, key(sentence)], Stored::of)
                        .optional()?;
                    let fits = |row: &Stored| {
                        row.source == sentence && (!links || row.given || row.words.is_some())
                    };
                    if let Some(row) = row.filter(fits) {
                        return Ok(Some(row));
                    }
                }
                Ok(None)
            };
            sentences
                .iter()
                .map(|sentence| one(sentence))
                .collect::<Result<Vec<_>, _>>()
        })?;
        let parsed = |row: Option<Stored>| row.map(|row| row.parse(&self.path)).transpose();
        rows.into_iter().map(parsed).collect()
    }

    /// Adds translations of one maker's. One that is there stays, but for word links, which it
    /// gets if it has none yet.
    fn add<'t>(
        &self,
        maker: i64,
        translations: impl Iterator<Item = (&'t str, &'t Translation)>,
        links: bool,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO sentence (maker, key, source, target, score, words, problems)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (maker, key) DO UPDATE SET words = excluded.words
            WHERE words IS NULL AND excluded.words IS NOT NULL AND source = excluded.source";
        let mut connection = self.lock();
        let failed = |error| Error::of(&self.path, error);
        let adding = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        {
            let mut statement = adding.prepare_cached(sql).map_err(failed)?;
            for (source, translation) in translations {
                let words = links.then(|| encode_links(&translation.words));
                let problems = match translation.problems.as_slice() {
                    [] => None,
                    problems => serde_json::to_string(problems).ok(),
                };
                let values = params![
                    maker,
                    key(source),
                    source,
                    translation.text,
                    translation.score,
                    words,
                    problems
                ];
                statement.execute(values).map_err(failed)?;
            }
        }
        adding.commit().map_err(failed)
    }

    fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, rusqlite::Error>,
    ) -> Result<T, Error> {
        read(&self.lock()).map_err(|error| Error::of(&self.path, error))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a sentence is found by; which it is, its text tells.
fn key(sentence: &str) -> i64 {
    let digest = Sha256::digest(sentence);
    digest[..8]
        .iter()
        .fold(0, |key, &byte| key << 8 | i64::from(byte))
}

/// A row of the makers, not yet looked at.
struct RawMaker([String; 5]);

fn maker(row: &Row<'_>) -> Result<(i64, RawMaker), rusqlite::Error> {
    let texts = [
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
    ];
    Ok((row.get(0)?, RawMaker(texts)))
}

impl RawMaker {
    fn parse(self, path: &Path) -> Result<Maker, Error> {
        let [model, checksum, options, from, to] = self.0;
        let language = |code: &str| {
            code.parse().map_err(|_| Error::Damaged {
                path: path.to_owned(),
                reason: format!("“{code}” is no language"),
            })
        };
        Ok(Maker {
            from: language(&from)?,
            to: language(&to)?,
            model,
            checksum,
            options,
        })
    }
}

/// A row of the sentences.
struct Stored {
    source: String,
    target: String,
    score: Option<f32>,
    words: Option<String>,
    problems: Option<String>,
    given: bool,
}

impl Stored {
    fn of(row: &Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok(Self {
            source: row.get(0)?,
            target: row.get(1)?,
            score: row.get(2)?,
            words: row.get(3)?,
            problems: row.get(4)?,
            given: row.get(5)?,
        })
    }

    fn parse(self, path: &Path) -> Result<Translation, Error> {
        let damaged = |what: &str| Error::Damaged {
            path: path.to_owned(),
            reason: format!("the {what} of “{}” cannot be read", self.source),
        };
        let words = decode_links(self.words.as_deref().unwrap_or_default());
        let words = words.map_err(|_| damaged("word links"))?;
        let problems: Option<Vec<Problem>> = match &self.problems {
            Some(problems) => serde_json::from_str(problems).ok(),
            None => Some(Vec::new()),
        };
        Ok(Translation {
            words,
            problems: problems.ok_or_else(|| damaged("problems"))?,
            text: self.target,
            score: self.score,
        })
    }
}

#[cfg(test)]
mod tests;
