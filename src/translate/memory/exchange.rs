//! A memory's translations as a bitext, and back.

use std::io::Write;

use rusqlite::params;

use super::{Error, Holding, Maker, Memory, Stored, key};
use crate::bitext::{
    Bitext, DocumentInfo, Format, GENERATOR, Header, Origin, Pair, Segment, Writer, encode_links,
};
use crate::translate::Translation;
use crate::translate::problem::Problem;

/// What stands between a model's name and its checksum where a bitext names its origin.
const CHECKSUM: &str = " sha256:";

impl Memory {
    /// What is held of the maker of this number; where none is given, of the only one.
    ///
    /// # Errors
    /// [`Error::Choice`] where there is no such maker, or several and none is given.
    pub fn holding(&self, number: Option<i64>) -> Result<Holding, Error> {
        let mut holdings = self.holdings()?;
        let choice = |reason: String| {
            Err(Error::Choice {
                path: self.path.clone(),
                reason,
            })
        };
        match number {
            Some(number) => match holdings.into_iter().find(|h| h.number == number) {
                Some(holding) => Ok(holding),
                None => choice(format!(
                    "it has nothing of the number {number}; `visavis memory info` lists what it has"
                )),
            },
            None if holdings.len() == 1 => Ok(holdings.remove(0)),
            None if holdings.is_empty() => choice("it is empty".into()),
            None => choice(format!(
                "it holds translations of {} models or options; choose one of those that \
                 `visavis memory info` lists with --number",
                holdings.len()
            )),
        }
    }

    /// Writes all translations of a maker as a bitext, one after the other. Returns how many.
    ///
    /// # Errors
    /// [`Error::Bitext`] where it cannot be written; those of the memory.
    pub fn export(
        &self,
        holding: &Holding,
        format: Format,
        out: &mut dyn Write,
    ) -> Result<u64, Error> {
        let maker = &holding.maker;
        let header = Header {
            from: maker.from.clone(),
            to: maker.to.clone(),
            documents: vec![DocumentInfo {
                name: self.path.display().to_string(),
                date: None,
            }],
            origin: match maker.is_given() {
                true => Origin::Given {
                    name: maker.model.clone(),
                },
                false => Origin::Model {
                    model: format!("{}{CHECKSUM}{}", maker.model, maker.checksum),
                    options: maker.options.clone(),
                },
            },
            generator: GENERATOR.into(),
        };
        let mut writer = Writer::new(out, format, header)?;
        let connection = self.lock();
        let failed = |error| Error::of(&self.path, error);
        let sql = "SELECT source, target, score, words, problems, 0
            FROM sentence WHERE maker = ?1 ORDER BY id";
        let mut statement = connection.prepare(sql).map_err(failed)?;
        let mut rows = statement.query([holding.number]).map_err(failed)?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            let stored = Stored::of(row).map_err(failed)?;
            let source = stored.source.clone();
            let translation = stored.parse(&self.path)?;
            writer.pair(&pair(count, &source, translation))?;
            count += 1;
        }
        writer.finish()?;
        Ok(count as u64)
    }

    /// Takes in the pairs of a bitext. What such an export wrote belongs to its model again; other
    /// translations hold for every model. One that is there already stays. Returns how many were
    /// new.
    ///
    /// # Errors
    /// Those of the memory.
    pub fn import(&self, bitext: &Bitext) -> Result<u64, Error> {
        let maker = origin(&bitext.header);
        let number = self.maker(&maker)?;
        let sql = "INSERT OR IGNORE INTO sentence
            (maker, key, source, target, score, words, problems)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let failed = |error| Error::of(&self.path, error);
        let mut connection = self.lock();
        let adding = connection.transaction().map_err(failed)?;
        let mut new = 0;
        {
            let mut statement = adding.prepare(sql).map_err(failed)?;
            for pair in &bitext.pairs {
                let (source, target) = (pair.source_text(), pair.target_text());
                if source.trim().is_empty() || target.trim().is_empty() {
                    continue;
                }
                let words = (!pair.words.is_empty()).then(|| encode_links(&pair.words));
                let problems: Vec<Problem> =
                    pair.flags.iter().filter_map(Problem::of_flag).collect();
                let problems = match problems.is_empty() {
                    true => None,
                    false => serde_json::to_string(&problems).ok(),
                };
                let values = params![
                    number,
                    key(&source),
                    source,
                    target,
                    pair.score,
                    words,
                    problems
                ];
                new += statement.execute(values).map_err(failed)? as u64;
            }
        }
        adding.commit().map_err(failed)?;
        Ok(new)
    }
}

/// The maker that a bitext names.
fn origin(header: &Header) -> Maker {
    let (model, checksum, options) = match &header.origin {
        Origin::Model { model, options } => match model.split_once(CHECKSUM) {
            Some((model, checksum)) => (model, checksum, &**options),
            // Which model of that name it was, no one knows.
            None => (&**model, "", ""),
        },
        Origin::Given { name } => (&**name, "", ""),
    };
    Maker {
        model: model.into(),
        checksum: checksum.into(),
        options: options.into(),
        from: header.from.clone(),
        to: header.to.clone(),
    }
}

fn pair(number: usize, source: &str, translation: Translation) -> Pair {
    let segment = |text: &str| Segment {
        text: text.into(),
        document: 0,
        block: number,
        start: 0,
        end: text.chars().count(),
    };
    Pair {
        id: (number + 1).to_string(),
        source: vec![segment(source)],
        target: vec![segment(&translation.text)],
        score: translation.score,
        words: translation.words,
        flags: translation
            .problems
            .iter()
            .map(|p| p.flag(source))
            .collect(),
    }
}
