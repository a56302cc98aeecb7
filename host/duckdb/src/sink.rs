//! Writing a database: with its keys, whole or not at all.
//!
//! DuckDB checks foreign keys at once, row by row, so parents must be there first.
//! Batches come in any order; therefore, where keys are declared, rows wait in a second,
//! unkeyed file and are loaded from there, table by table in the order of dependence.
//! A second file, because the space of tables dropped from the first would stay in it.
//! DuckDB refuses a statement that brings both a row and its parent, so a table
//! that refers to itself is loaded level by level.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::cast;
use duckdb::Connection;
use prodlike_core::error::nearest;
use prodlike_core::schema::{Column, Orphans, Relationship, Schema, Table};

use crate::batches::{arrow_schema, count, run};
use crate::carry::{appendable, loaded, staged};
use crate::error::{Error, is_interrupt};
use crate::prepare::{included, is_active, same_columns};
use crate::quote::{identifier, join, list, literal};
use crate::source::{InterruptHandle, active_key, start};

/// Deepest self reference that is declared: each level is a statement of its own.
const MAX_LEVELS: usize = 1000;

/// A DuckDB database being written.
///
/// Nothing appears at its path before [`DatabaseSink::finish`]; dropped without it,
/// it leaves nothing behind.
pub struct DatabaseSink {
    /// `None` once the files are closed.
    connection: Option<Connection>,
    schema: Schema,
    /// Whether rows wait for their keys, or for a cast, in a second file.
    staged: bool,
    overwrite: bool,
    path: PathBuf,
    /// The database, under its temporary name.
    database: PathBuf,
    /// Where rows wait.
    staging: PathBuf,
}

impl DatabaseSink {
    /// Creates a temporary file beside `path`.
    ///
    /// # Errors
    ///
    /// Fails if there is something at the path that may not be replaced, or the
    /// directory cannot be written to.
    pub fn create(
        path: &Path,
        schema: &Schema,
        declare_keys: bool,
        overwrite: bool,
    ) -> Result<DatabaseSink, Error> {
        static CREATED: AtomicU64 = AtomicU64::new(0);
        check_target(path, overwrite)?;
        let name = path
            .file_name()
            .ok_or_else(|| Error::IsDirectory { path: path.into() })?;
        let name = name
            .to_str()
            .ok_or_else(|| Error::BadPath { path: path.into() })?;
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let unique = format!(
            ".{name}.{}-{}",
            std::process::id(),
            CREATED.fetch_add(1, Ordering::Relaxed)
        );
        let database = directory.join(format!("{unique}.tmp"));
        let staging = directory.join(format!("{unique}.staging.tmp"));
        // DuckDB's own message about a directory that cannot be written is about locks.
        std::fs::File::create_new(&database)
            .and_then(|_| std::fs::remove_file(&database))
            .map_err(|source| Error::Unwritable {
                path: directory.into(),
                source,
            })?;
        let mut schema = schema.clone();
        if !declare_keys {
            schema.relationships.clear();
            for table in &mut schema.tables {
                table.primary_key.clear();
                table.unique.clear();
            }
        }
        let needs_cast = included(&schema)
            .flat_map(Table::included)
            .any(|column| staged(&column.data_type).is_some());
        let sink = DatabaseSink {
            connection: Some(start(0)?),
            schema,
            staged: declare_keys || needs_cast,
            overwrite,
            path: path.into(),
            database,
            staging,
        };
        sink.attach(&sink.database, "out")?;
        if sink.staged {
            sink.attach(&sink.staging, "staging")?;
        }
        let catalog = if sink.staged { "staging" } else { "out" };
        for table in included(&sink.schema) {
            let columns = join(table.included(), ", ", |column| {
                let name = identifier(&column.name);
                match staged(&column.data_type) {
                    Some(data_type) => format!("{name} {data_type}"),
                    None if column.nullable || sink.staged => {
                        format!("{name} {}", column.data_type)
                    }
                    None => format!("{name} {} NOT NULL", column.data_type),
                }
            });
            run(
                sink.connection()?,
                &format!("create table `{}`", table.name),
                &format!(
                    "CREATE TABLE {catalog}.main.{} ({columns})",
                    identifier(&table.name)
                ),
            )?;
        }
        Ok(sink)
    }

    /// Writes rows of one table; columns are matched by name.
    ///
    /// # Errors
    ///
    /// Fails if the batch does not fit the table, or the disk is full.
    pub fn write(&mut self, table: &str, batch: &RecordBatch) -> Result<(), Error> {
        let declared = included(&self.schema).find(|declared| declared.name == table);
        let declared = declared.ok_or_else(|| Error::UnknownTable {
            table: table.to_string(),
            nearest: nearest(table, self.schema.tables.iter().map(|t| t.name.as_str()))
                .map(str::to_string),
        })?;
        let action = format!("write table `{table}`");
        let columns: Vec<&Column> = declared.included().collect();
        let schema = arrow_schema(&columns)?;
        let mut arrays: Vec<(&String, ArrayRef)> = Vec::with_capacity(columns.len());
        for field in schema.fields() {
            let array = batch
                .column_by_name(field.name())
                .ok_or_else(|| Error::Internal {
                    what: format!("a batch of table `{table}` lacks column `{}`", field.name()),
                })?;
            let array = if array.data_type() == field.data_type() {
                array.clone()
            } else {
                cast(array, field.data_type()).map_err(|source| Error::Arrow {
                    action: action.clone(),
                    source,
                })?
            };
            arrays.push((field.name(), appendable(array)));
        }
        let batch = RecordBatch::try_from_iter(arrays).map_err(|source| Error::Arrow {
            action: action.clone(),
            source,
        })?;
        let catalog = if self.staged { "staging" } else { "out" };
        let connection = self.connection()?;
        let append = || {
            let mut appender = connection.appender_to_catalog_and_db(table, catalog, "main")?;
            appender.append_record_batch(batch)?;
            appender.flush()
        };
        append().map_err(Error::query(action))
    }

    /// Loads the tables under their keys and moves the database to its path.
    ///
    /// Returns the names of the relationships that could not be declared: they close
    /// a cycle, keep their orphans, refer to no key of the parent or to one of
    /// another type, or go deeper than a thousand levels into their own table.
    ///
    /// # Errors
    ///
    /// Fails if the rows break a key, or the disk is full.
    pub fn finish(mut self) -> Result<Vec<String>, Error> {
        let undeclared = if self.staged {
            self.load()?
        } else {
            Vec::new()
        };
        let connection = self.connection()?;
        run(
            connection,
            "finish the database",
            "CHECKPOINT out; DETACH out",
        )?;
        self.connection = None;
        check_target(&self.path, self.overwrite)?;
        let publish = || {
            // The log of a replaced database would be replayed into this one.
            remove(&with_wal(&self.path))?;
            std::fs::rename(&self.database, &self.path)
        };
        publish().map_err(|source| Error::Publish {
            path: self.path.clone(),
            source,
        })?;
        Ok(undeclared)
    }

    /// Returns a handle that can stop loading from another thread.
    ///
    /// # Errors
    ///
    /// Never fails on a sink that was not finished.
    pub fn interrupt_handle(&self) -> Result<InterruptHandle, Error> {
        Ok(InterruptHandle::of(self.connection()?))
    }

    fn connection(&self) -> Result<&Connection, Error> {
        self.connection.as_ref().ok_or_else(|| Error::Internal {
            what: "the database is closed already".into(),
        })
    }

    fn attach(&self, path: &Path, name: &str) -> Result<(), Error> {
        let text = path
            .to_str()
            .ok_or_else(|| Error::BadPath { path: path.into() })?;
        self.connection()?
            .execute_batch(&format!("ATTACH {} AS {name} (TYPE duckdb)", literal(text)))
            .map_err(|source| Error::Create {
                path: self.path.clone(),
                source,
            })
    }

    fn load(&self) -> Result<Vec<String>, Error> {
        let connection = self.connection()?;
        let mut undeclared = BTreeSet::new();
        let mut edges = self.declarable(&mut undeclared);
        let mut levels: Vec<usize> = Vec::with_capacity(self.schema.tables.len());
        for table in &self.schema.tables {
            levels.push(self.find_levels(table, &mut edges, &mut undeclared)?);
        }
        run(connection, "choose the database", "USE out")?;
        for idx in self.upward(&edges) {
            let table = &self.schema.tables[idx];
            let action = format!("create table `{}`", table.name);
            run(connection, &action, &definition(table, &edges))?;
            let name = identifier(&table.name);
            let columns = list("", table.included().map(|column| &column.name));
            let values = join(table.included(), ", ", |column| {
                loaded(&identifier(&column.name), &column.data_type)
            });
            let result = (0..levels[idx]).try_for_each(|level| {
                let only = if levels[idx] > 1 {
                    format!(
                        "WHERE rowid IN (SELECT row FROM staging.levels.t{idx} \
                         WHERE level = {level}) ORDER BY rowid"
                    )
                } else {
                    String::new()
                };
                connection.execute_batch(&format!(
                    "INSERT INTO out.main.{name} ({columns}) \
                     SELECT {values} FROM staging.main.{name} {only}"
                ))
            });
            result.map_err(|source| {
                if is_interrupt(&source) {
                    Error::Interrupted
                } else {
                    Error::Load {
                        table: table.name.clone(),
                        source,
                    }
                }
            })?;
        }
        run(connection, "leave the database", "USE memory")?;
        // In the order of the schema, as the reader of the manifest knows them.
        let names = self.schema.relationships.iter().enumerate();
        Ok(names
            .filter(|(idx, _)| undeclared.contains(idx))
            .map(|(_, edge)| edge.name())
            .collect())
    }

    /// Returns the relationships that can be declared, with their positions.
    fn declarable(&self, undeclared: &mut BTreeSet<usize>) -> Vec<(usize, Relationship)> {
        let mut edges: Vec<(usize, Relationship)> = Vec::new();
        for (idx, edge) in self.schema.relationships.iter().enumerate() {
            if !is_active(&self.schema, edge) {
                continue;
            }
            let closes_cycle =
                !edge.is_self_reference() && reaches(&edges, &edge.parent_table, &edge.child_table);
            match in_key_order(&self.schema, edge) {
                Some(ordered) if edge.orphans != Orphans::Keep && !closes_cycle => {
                    edges.push((idx, ordered));
                }
                _ => {
                    undeclared.insert(idx);
                }
            }
        }
        edges
    }

    /// Finds the levels of a table that refers to itself and returns how many there are.
    ///
    /// A self reference that is no tree of rows (or too deep a one) is not declared.
    fn find_levels(
        &self,
        table: &Table,
        edges: &mut Vec<(usize, Relationship)>,
        undeclared: &mut BTreeSet<usize>,
    ) -> Result<usize, Error> {
        let connection = self.connection()?;
        let action = format!("find the levels of table `{}`", table.name);
        let own = |edges: &[(usize, Relationship)]| {
            edges
                .iter()
                .rposition(|(_, edge)| edge.is_self_reference() && edge.child_table == table.name)
        };
        while let Some(last) = own(edges) {
            let idx = self.schema.table_idx(&table.name).unwrap_or_default();
            let levels = format!("staging.levels.t{idx}");
            run(
                connection,
                &action,
                &format!(
                    "CREATE SCHEMA IF NOT EXISTS staging.levels; \
                     CREATE OR REPLACE TABLE {levels} (row BIGINT, level BIGINT)"
                ),
            )?;
            let name = format!("staging.main.{}", identifier(&table.name));
            let total = count(connection, &action, &format!("SELECT count(*) FROM {name}"))?;
            let ready = join(
                edges
                    .iter()
                    .filter(|(_, edge)| edge.is_self_reference() && edge.child_table == table.name),
                " AND ",
                |(_, edge)| {
                    let is_null = join(&edge.child_key, " OR ", |key| {
                        format!("child.{} IS NULL", identifier(key))
                    });
                    let matches = join(
                        edge.parent_key.iter().zip(&edge.child_key),
                        " AND ",
                        |(p, c)| format!("parent.{} = child.{}", identifier(p), identifier(c)),
                    );
                    format!(
                        "({is_null} OR EXISTS (SELECT 1 FROM {name} AS parent WHERE {matches} \
                         AND parent.rowid IN (SELECT row FROM {levels})))"
                    )
                },
            );
            let (mut found, mut level) = (0, 0);
            while found < total && level < MAX_LEVELS {
                run(
                    connection,
                    &action,
                    &format!(
                        "INSERT INTO {levels} SELECT child.rowid, {level} FROM {name} AS child \
                         WHERE child.rowid NOT IN (SELECT row FROM {levels}) AND {ready}"
                    ),
                )?;
                let now = count(
                    connection,
                    &action,
                    &format!("SELECT count(*) FROM {levels}"),
                )?;
                if now == found {
                    break;
                }
                found = now;
                level += 1;
            }
            if found == total {
                return Ok(level.max(1));
            }
            undeclared.insert(edges.remove(last).0);
        }
        Ok(1)
    }

    /// Orders the tables so that parents come before children.
    fn upward(&self, edges: &[(usize, Relationship)]) -> Vec<usize> {
        let mut order: Vec<usize> = Vec::new();
        let mut placed: BTreeSet<&str> = BTreeSet::new();
        let tables: Vec<(usize, &Table)> = self
            .schema
            .tables
            .iter()
            .enumerate()
            .filter(|(_, table)| included(&self.schema).any(|other| other.name == table.name))
            .collect();
        // Declared relationships form no cycle, so each round places a table.
        for _ in 0..tables.len() {
            for (idx, table) in &tables {
                let is_ready = edges.iter().all(|(_, edge)| {
                    edge.child_table != table.name
                        || edge.is_self_reference()
                        || placed.contains(edge.parent_table.as_str())
                });
                if is_ready && placed.insert(&table.name) {
                    order.push(*idx);
                }
            }
        }
        order
    }
}

impl Drop for DatabaseSink {
    fn drop(&mut self) {
        // DuckDB must let go of the files first.
        self.connection = None;
        for path in [&self.database, &self.staging] {
            for path in [path.clone(), with_wal(path)] {
                if let Err(error) = remove(&path) {
                    tracing::warn!("failed to remove `{}`: {error}", path.display());
                }
            }
        }
    }
}

/// SQL: creates a table with its keys in the current database.
fn definition(table: &Table, edges: &[(usize, Relationship)]) -> String {
    let mut parts: Vec<String> = table
        .included()
        .map(|column| {
            let not_null = if column.nullable { "" } else { " NOT NULL" };
            format!(
                "{} {}{not_null}",
                identifier(&column.name),
                column.data_type
            )
        })
        .collect();
    let primary_key = active_key(table, &table.primary_key);
    if !primary_key.is_empty() {
        parts.push(format!("PRIMARY KEY ({})", list("", &primary_key)));
    }
    for unique in &table.unique {
        let key = active_key(table, unique);
        if !key.is_empty() && key != primary_key {
            parts.push(format!("UNIQUE ({})", list("", &key)));
        }
    }
    for (_, edge) in edges
        .iter()
        .filter(|(_, edge)| edge.child_table == table.name)
    {
        parts.push(format!(
            "FOREIGN KEY ({}) REFERENCES {} ({})",
            list("", &edge.child_key),
            identifier(&edge.parent_table),
            list("", &edge.parent_key)
        ));
    }
    format!(
        "CREATE TABLE {} ({})",
        identifier(&table.name),
        parts.join(", ")
    )
}

/// Returns the relationship with its columns in the order in which the parent declares
/// the key, or `None` if it refers to no key or to one of other types.
fn in_key_order(schema: &Schema, edge: &Relationship) -> Option<Relationship> {
    let parent = schema.table(&edge.parent_table)?;
    let child = schema.table(&edge.child_table)?;
    let key = std::iter::once(&parent.primary_key)
        .chain(&parent.unique)
        .find(|key| !key.is_empty() && same_columns(key, &edge.parent_key))?;
    let mut child_key = Vec::with_capacity(key.len());
    for name in key {
        let position = edge.parent_key.iter().position(|other| other == name)?;
        let column = edge.child_key.get(position)?;
        if parent.column(name)?.data_type != child.column(column)?.data_type {
            return None;
        }
        child_key.push(column.clone());
    }
    Some(Relationship {
        parent_key: key.clone(),
        child_key,
        ..edge.clone()
    })
}

/// Whether one table leads to another along foreign keys.
fn reaches(edges: &[(usize, Relationship)], from: &str, to: &str) -> bool {
    let mut waiting = vec![from];
    let mut seen = BTreeSet::new();
    while let Some(table) = waiting.pop() {
        if table == to {
            return true;
        }
        if seen.insert(table) {
            let parents = edges.iter().filter(|(_, edge)| edge.child_table == table);
            waiting.extend(parents.map(|(_, edge)| edge.parent_table.as_str()));
        }
    }
    false
}

fn check_target(path: &Path, overwrite: bool) -> Result<(), Error> {
    if path.is_dir() {
        return Err(Error::IsDirectory { path: path.into() });
    }
    if path.symlink_metadata().is_ok() && !overwrite {
        return Err(Error::Exists { path: path.into() });
    }
    Ok(())
}

fn with_wal(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(".wal");
    name.into()
}

/// Removes a file that may not be there.
fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::path::Path;

    use prodlike_core::schema::{Orphans, Schema};

    use super::DatabaseSink;
    use crate::error::Error;
    use crate::script::{execute, query};
    use crate::source::Source;

    const SHOP: &str = r#"
        CREATE TABLE "z ""select""" (id INTEGER PRIMARY KEY, boss INTEGER REFERENCES "z ""select""" (id),
            flag BOOLEAN, d DECIMAL(9,2), small DECIMAL(4,1), big DECIMAL(18,3), f FLOAT, "at" TIMESTAMP_S,
            ns TIMESTAMP_NS, ms TIMESTAMP_MS, us TIMESTAMP, day DATE, u UINTEGER, t TINYINT, s VARCHAR);
        INSERT INTO "z ""select""" VALUES (3, NULL, true, -1.25, 1.5, 123456789.125, 0.1,
            '2020-01-02 03:04:05', '2020-01-02 03:04:05.123456789', '1999-01-01 00:00:00.5',
            '2001-02-03 04:05:06.7', '1900-05-06', 4294967295, -5, 'é "x"');
        INSERT INTO "z ""select""" (id, boss, s) VALUES (2, 3, '');
        INSERT INTO "z ""select""" (id, boss) VALUES (1, 2);
        CREATE TABLE a (x INTEGER, y VARCHAR, parent INTEGER REFERENCES "z ""select""" (id),
            PRIMARY KEY (x, y), UNIQUE (parent));
        INSERT INTO a VALUES (1, 'p', 3), (1, 'q', NULL), (2, 'p', 1);
        CREATE TABLE b (n INTEGER NOT NULL, x INTEGER, y VARCHAR, FOREIGN KEY (x, y) REFERENCES a (x, y));
        INSERT INTO b SELECT range, 1 + range % 2, 'p' FROM range(5000);
    "#;

    fn copy(
        source: &Source,
        schema: &Schema,
        target: &Path,
        keys: bool,
    ) -> Result<Vec<String>, Error> {
        let mut sink = DatabaseSink::create(target, schema, keys, false)?;
        // Children first: the order must not matter.
        for table in &schema.tables {
            for batch in source.read(&table.name, &table.columns, &[])? {
                for start in (0..batch.num_rows()).step_by(1000) {
                    let length = 1000.min(batch.num_rows() - start);
                    sink.write(&table.name, &batch.slice(start, length))?;
                }
            }
        }
        sink.finish()
    }

    fn files(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_database_survives_with_its_keys_and_values() {
        let dir = tempfile::tempdir().unwrap();
        let (real, target) = (
            dir.path().join("real.duckdb"),
            dir.path().join("new 'x'.duckdb"),
        );
        execute(&real, SHOP).unwrap();
        let mut source = Source::open(&real, 1).unwrap();
        let schema = source.catalog().unwrap();
        source.prepare(&schema, &()).unwrap();
        assert_eq!(
            copy(&source, &schema, &target, true).unwrap(),
            Vec::<String>::new()
        );
        assert_eq!(files(dir.path()), ["new 'x'.duckdb", "real.duckdb"]);
        let written = Source::open(&target, 1).unwrap();
        assert_eq!(written.catalog().unwrap(), schema);
        for name in ["\"z \"\"select\"\"\"", "a", "b"] {
            let sql = format!("SELECT * FROM {name} ORDER BY ALL");
            assert_eq!(query(&target, &sql).unwrap(), query(&real, &sql).unwrap());
        }
        let order = query(&target, "SELECT count(*) FROM b WHERE n <> rowid").unwrap();
        assert_eq!(order, [["0"]]);

        assert!(matches!(
            copy(&source, &schema, &target, true),
            Err(Error::Exists { .. })
        ));
        let plain = dir.path().join("plain.duckdb");
        copy(&source, &schema, &plain, false).unwrap();
        assert!(
            Source::open(&plain, 1)
                .unwrap()
                .catalog()
                .unwrap()
                .relationships
                .is_empty()
        );
    }

    #[test]
    fn every_scalar_type_survives() {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().join("real.duckdb");
        let columns = [
            ("u64", "UBIGINT", "18446744073709551615", "0"),
            (
                "huge",
                "HUGEINT",
                "-99999999999999999999999999999999999999",
                "7",
            ),
            (
                "uhuge",
                "UHUGEINT",
                "99999999999999999999999999999999999999",
                "7",
            ),
            (
                "dec",
                "DECIMAL(38,20)",
                "-123456789012345678.12345678901234567891",
                "0",
            ),
            ("f", "FLOAT", "nan", "-inf"),
            ("d", "DOUBLE", "inf", "-0.0"),
            ("time", "TIME", "24:00:00", "01:02:03.000004"),
            ("time_ns", "TIME_NS", "23:59:59.999999999", "00:00:00"),
            ("tz", "TIMETZ", "01:02:03.5+00", "23:00:00+00"),
            (
                "at",
                "TIMESTAMPTZ",
                "infinity",
                "2020-01-02 03:04:05.000006+02",
            ),
            ("s", "TIMESTAMP_S", "-infinity", "9999-12-31 23:59:59"),
            ("ms", "TIMESTAMP_MS", "infinity", "0001-01-01 00:00:00.001"),
            (
                "ns",
                "TIMESTAMP_NS",
                "infinity",
                "2262-04-11 23:47:16.854775806",
            ),
            ("day", "DATE", "-infinity", "-0044-03-15"),
            (
                "span",
                "INTERVAL",
                "-14 months 3 days -100:00:00.000001",
                "0 days",
            ),
            ("e", "ENUM('a', 'it''s', '')", "it''s", ""),
            (
                "u",
                "UUID",
                "ffffffff-0000-4000-8000-00000000000f",
                "00000000-0000-4000-8000-000000000000",
            ),
            ("blob", "BLOB", "\\x00\\xFFa", ""),
            ("bits", "BIT", "0101", "1"),
        ];
        type Told = (&'static str, &'static str, &'static str, &'static str);
        let list =
            |of: &dyn Fn(&Told) -> String| columns.iter().map(of).collect::<Vec<_>>().join(", ");
        let declared = list(&|(name, data_type, ..)| format!("\"{name}\" {data_type}"));
        let script = format!(
            "CREATE TABLE t ({declared}, PRIMARY KEY (u, uhuge)); INSERT INTO t VALUES ({}), ({}); \
             INSERT INTO t (u, uhuge) VALUES ('00000000-0000-4000-8000-000000000000', 8); \
             CREATE TABLE child (u UUID, h UHUGEINT, FOREIGN KEY (u, h) REFERENCES t (u, uhuge)); \
             INSERT INTO child SELECT u, uhuge FROM t",
            list(&|(_, _, first, _)| format!("'{first}'")),
            list(&|(_, _, _, second)| format!("'{second}'")),
        );
        execute(&real, &script).unwrap();
        let mut source = Source::open(&real, 1).unwrap();
        let schema = source.catalog().unwrap();
        source.prepare(&schema, &()).unwrap();
        let rows = "SELECT COLUMNS(*)::VARCHAR FROM t ORDER BY ALL";
        for keys in [true, false] {
            let target = dir.path().join(format!("{keys}.duckdb"));
            assert!(copy(&source, &schema, &target, keys).unwrap().is_empty());
            assert_eq!(query(&target, rows).unwrap(), query(&real, rows).unwrap());
            let types = "SELECT column_name, data_type FROM duckdb_columns() \
                WHERE NOT internal AND database_name <> 'temp' ORDER BY ALL";
            assert_eq!(query(&target, types).unwrap(), query(&real, types).unwrap());
            let written = Source::open(&target, 1).unwrap().catalog().unwrap();
            assert_eq!(written.relationships.len(), usize::from(keys));
        }
    }

    #[test]
    fn integers_of_more_than_38_digits_are_refused() {
        for (value, data_type) in [
            ("100000000000000000000000000000000000000", "HUGEINT"),
            ("-100000000000000000000000000000000000000", "HUGEINT"),
            ("340282366920938463463374607431768211455", "UHUGEINT"),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let real = dir.path().join("real.duckdb");
            execute(
                &real,
                &format!("CREATE TABLE t AS SELECT '{value}'::{data_type} AS h"),
            )
            .unwrap();
            let mut source = Source::open(&real, 1).unwrap();
            let schema = source.catalog().unwrap();
            let error = source.prepare(&schema, &()).err().unwrap();
            assert_eq!(
                error.to_string(),
                format!(
                    "column `t.h` holds {data_type} of more than 38 digits in 1 rows, which is not \
                     carried"
                )
            );
        }
    }

    #[test]
    fn what_cannot_be_declared_is_listed() {
        let dir = tempfile::tempdir().unwrap();
        let (real, target) = (
            dir.path().join("real.duckdb"),
            dir.path().join("new.duckdb"),
        );
        let sql = "CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER, me INTEGER);
            CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER, x INTEGER);
            INSERT INTO a VALUES (1, 1, 2), (2, NULL, 1); INSERT INTO b VALUES (1, 1, 9);";
        execute(&real, sql).unwrap();
        let mut source = Source::open(&real, 1).unwrap();
        let mut schema = source.catalog().unwrap();
        let edge =
            |child: &str, key: &str, parent: &str, orphans| prodlike_core::schema::Relationship {
                parent_table: parent.into(),
                parent_key: vec!["id".into()],
                child_table: child.into(),
                child_key: vec![key.into()],
                orphans,
                owner: None,
            };
        schema.relationships = vec![
            edge("a", "b", "b", Orphans::Refuse),
            edge("b", "a", "a", Orphans::Refuse),
            edge("a", "me", "a", Orphans::Refuse),
            edge("b", "x", "a", Orphans::Keep),
        ];
        source.prepare(&schema, &()).unwrap();
        assert_eq!(
            copy(&source, &schema, &target, true).unwrap(),
            ["b.a", "a.me", "b.x"]
        );
        let written = Source::open(&target, 1).unwrap().catalog().unwrap();
        assert_eq!(
            written.relationships,
            [edge("a", "b", "b", Orphans::Refuse)]
        );
    }

    #[test]
    fn nothing_is_left_of_what_fails() {
        let dir = tempfile::tempdir().unwrap();
        let (real, target) = (
            dir.path().join("real.duckdb"),
            dir.path().join("new.duckdb"),
        );
        execute(
            &real,
            "CREATE TABLE a (id INTEGER); INSERT INTO a VALUES (1), (1)",
        )
        .unwrap();
        let mut source = Source::open(&real, 1).unwrap();
        let mut schema = source.catalog().unwrap();
        source.prepare(&schema, &()).unwrap();
        let batch = source
            .read("a", &schema.tables[0].columns, &[])
            .unwrap()
            .remove(0);
        let mut sink = DatabaseSink::create(&target, &schema, true, false).unwrap();
        sink.write("a", &batch).unwrap();
        assert!(matches!(
            sink.write("b", &batch),
            Err(Error::UnknownTable { .. })
        ));
        drop(sink);
        assert_eq!(files(dir.path()), ["real.duckdb"]);
        schema.tables[0].primary_key = vec!["id".into()];
        let mut sink = DatabaseSink::create(&target, &schema, true, false).unwrap();
        sink.write("a", &batch).unwrap();
        assert!(matches!(sink.finish(), Err(Error::Load { .. })));
        assert_eq!(files(dir.path()), ["real.duckdb"]);
        let nowhere = dir.path().join("no/such/dir.duckdb");
        let error = DatabaseSink::create(&nowhere, &schema, true, false).err();
        assert!(matches!(error, Some(Error::Unwritable { .. })));
        let error = DatabaseSink::create(dir.path(), &schema, true, true).err();
        assert!(matches!(error, Some(Error::IsDirectory { .. })));
    }

    #[test]
    fn overwriting_replaces_the_old_log_too() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("new.duckdb");
        execute(
            &target,
            "CREATE TABLE a (id INTEGER); INSERT INTO a VALUES (1)",
        )
        .unwrap();
        let schema = Source::open(&target, 1).unwrap().catalog().unwrap();
        std::fs::write(dir.path().join("new.duckdb.wal"), "an old log").unwrap();
        DatabaseSink::create(&target, &schema, true, true)
            .unwrap()
            .finish()
            .unwrap();
        assert_eq!(files(dir.path()), ["new.duckdb"]);
        assert_eq!(query(&target, "SELECT count(*) FROM a").unwrap(), [["0"]]);
    }
}
