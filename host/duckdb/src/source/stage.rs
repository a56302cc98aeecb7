//! A database of our own for what DuckDB cannot scan again and again.
//!
//! A view over Parquet reads the columns a query asks for; a view over CSV would parse
//! the whole file for each of the hundred queries of a fit. So text and Arrow files are
//! read once, into a temporary database on disk, which is compressed, scanned by column
//! and as large as it has to be while memory stays bounded. It also makes the read a
//! snapshot: what happens to the files afterwards no longer matters.
//!
//! Streams most often come from frames that are in memory, so theirs is a database in memory,
//! of which DuckDB writes to disk what is above its limit.

use std::path::{Path, PathBuf};

use duckdb::Connection;
use tempfile::TempDir;

use crate::batches::run;
use crate::error::Error;
use crate::quote::{identifier, literal};

/// The temporary database; removed with everything in it when dropped.
pub(super) struct Stage {
    directory: TempDir,
    files: usize,
}

impl Stage {
    /// Makes the database, on disk or in memory, and attaches it as `staged`.
    pub(super) fn new(connection: &Connection, in_memory: bool) -> Result<Stage, Error> {
        let directory = tempfile::Builder::new()
            .prefix("prodlike-staged-")
            .tempdir()
            .map_err(|source| Error::Unwritable {
                path: std::env::temp_dir(),
                source,
            })?;
        let stage = Stage {
            directory,
            files: 0,
        };
        let attach = if in_memory {
            "ATTACH ':memory:' AS staged (COMPRESS)".to_string()
        } else {
            let database = stage.directory.path().join("staged.duckdb");
            let database = database.to_str().ok_or_else(|| Error::BadPath {
                path: database.clone(),
            })?;
            format!("ATTACH {} AS staged", literal(database))
        };
        run(connection, "make a temporary database", &attach)?;
        Ok(stage)
    }

    /// Makes a schema, so that tables of several sources may have the same name.
    pub(super) fn schema(&self, connection: &Connection, name: &str) -> Result<(), Error> {
        run(
            connection,
            "create a schema",
            &format!("CREATE SCHEMA IF NOT EXISTS staged.{name}"),
        )
    }

    /// Returns the path of a new temporary file.
    pub(super) fn file(&mut self) -> PathBuf {
        self.files += 1;
        self.path().join(format!("{}.csv", self.files))
    }

    /// The directory of everything temporary.
    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }
}

/// Returns what to write behind FROM for a staged table.
pub(super) fn staged_name(schema: &str, table: &str) -> String {
    format!("staged.{schema}.{}", identifier(table))
}
