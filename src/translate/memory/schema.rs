//! The tables of a memory's file.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::Error;

/// What SQLite's field for the application says: `visv`.
const APPLICATION: i32 = 0x7669_7376;
/// The version of the tables.
const VERSION: i32 = 1;

const TABLES: &str = "
    CREATE TABLE maker (
        id INTEGER PRIMARY KEY,
        model TEXT NOT NULL,
        checksum TEXT NOT NULL,
        options TEXT NOT NULL,
        source_language TEXT NOT NULL,
        target_language TEXT NOT NULL,
        UNIQUE (model, checksum, options, source_language, target_language)
    );
    CREATE TABLE sentence (
        id INTEGER PRIMARY KEY,
        maker INTEGER NOT NULL REFERENCES maker,
        -- The first eight bytes of the SHA-256 of the source.
        key INTEGER NOT NULL,
        source TEXT NOT NULL,
        target TEXT NOT NULL,
        score REAL,
        -- 0-0 1-2; null where they were not asked for.
        words TEXT,
        -- A list in JSON; null where there are none.
        problems TEXT,
        UNIQUE (maker, key)
    );";

/// Makes sure that the file is a memory that this program reads; an empty one becomes one.
pub(super) fn prepare(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let failed = |error| Error::of(path, error);
    // In a transaction: between two questions another process may make it one.
    let asking = connection.transaction().map_err(failed)?;
    let is_made = is_memory(&asking, path)?;
    asking.commit().map_err(failed)?;
    if !is_made {
        let making = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        // Another process may have been quicker.
        if !is_memory(&making, path)? {
            making.execute_batch(TABLES).map_err(failed)?;
            making
                .pragma_update(None, "application_id", APPLICATION)
                .map_err(failed)?;
            making
                .pragma_update(None, "user_version", VERSION)
                .map_err(failed)?;
        }
        making.commit().map_err(failed)?;
    }
    // Readers and a writer do not wait for each other. Where the file system cannot do it, SQLite
    // says another mode, and they take turns.
    connection
        .pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))
        .map_err(failed)?;
    connection
        .pragma_update(None, "synchronous", "normal")
        .map_err(failed)
}

/// Whether it is a memory; if not, it must be empty.
fn is_memory(connection: &Connection, path: &Path) -> Result<bool, Error> {
    let number = |sql: &str| {
        let number = connection.query_row(sql, [], |row| row.get::<_, i32>(0));
        number.map_err(|error| Error::of(path, error))
    };
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    match (application, version) {
        (APPLICATION, VERSION) => Ok(true),
        (APPLICATION, found) => Err(Error::Newer {
            path: path.to_owned(),
            found,
            expected: VERSION,
        }),
        (0, 0) if number("SELECT count(*) FROM sqlite_master")? == 0 => Ok(false),
        _ => Err(Error::Foreign {
            path: path.to_owned(),
        }),
    }
}
