//! SQL scripts on a database file, for the repository's demo and test loaders.

use std::path::Path;

use duckdb::{AccessMode, Config, Connection};

use crate::batches;
use crate::error::{Error, is_interrupt};

/// Runs a script on a database file, which is created where there is none.
///
/// # Errors
///
/// Fails if the file cannot be opened or a statement fails.
pub fn execute(path: &Path, sql: &str) -> Result<(), Error> {
    let connection = open(path, AccessMode::ReadWrite)?;
    batches::run(&connection, "run the script", sql)?;
    connection.close().map_err(|(_, source)| Error::Query {
        action: format!("close `{}`", path.display()),
        source,
    })
}

/// Runs one query on a database file opened read-only; values as text, NULL as `NULL`.
///
/// # Errors
///
/// Fails if the file cannot be opened or the query fails.
pub fn query(path: &Path, sql: &str) -> Result<Vec<Vec<String>>, Error> {
    let connection = open(path, AccessMode::ReadOnly)?;
    // A table rather than a subquery: the query may end in semicolons and comments.
    batches::run(
        &connection,
        "run the query",
        &format!("CREATE TEMP TABLE result AS {sql}"),
    )?;
    let sql = "SELECT coalesce(CAST(COLUMNS(*) AS VARCHAR), 'NULL') FROM temp.result";
    batches::rows(&connection, "run the query", sql, |row| {
        (0..row.as_ref().column_count())
            .map(|idx| row.get(idx))
            .collect()
    })
}

fn open(path: &Path, mode: AccessMode) -> Result<Connection, Error> {
    let open = || {
        let config = Config::default()
            .access_mode(mode)?
            .enable_autoload_extension(false)?;
        Connection::open_with_flags(path, config)
    };
    open().map_err(|source| {
        if is_interrupt(&source) {
            Error::Interrupted
        } else {
            Error::Open {
                path: path.to_path_buf(),
                source,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::{execute, query};

    #[test]
    fn scripts_write_and_queries_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("it's.duckdb");
        execute(
            &path,
            "CREATE TABLE t (a INTEGER, b VARCHAR); INSERT INTO t VALUES (2, NULL), (1, 'x');",
        )
        .unwrap();
        let rows = query(&path, "SELECT a, b FROM t ORDER BY a; -- end").unwrap();
        assert_eq!(rows, [["1", "x"], ["2", "NULL"]]);
        assert!(query(&path, "DELETE FROM t").is_err());
        assert!(!dir.path().join("it's.duckdb.wal").exists());
    }
}
