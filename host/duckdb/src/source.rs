//! Opening a source and reading its catalogue.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::RecordBatch;
use duckdb::{Config, Connection};
use prodlike_core::error::nearest;
use prodlike_core::schema::{
    Column, DataType, Orphans, Privacy, Relationship, Schema, SemanticType, Table, TableMode,
};

use crate::batches::{self, rows, run};
use crate::error::{Error, is_interrupt};
use crate::profile::Peek;
use crate::quote::{identifier, join, list, literal};

/// The version of the library that is linked.
pub(crate) const DUCKDB_VERSION: &str = "1.5.5";

/// A real (or, in an evaluation, synthetic) dataset, which can only be read.
///
/// Call [`Source::catalog`] and [`Source::peek`] at any time, and
/// [`Source::prepare`] before everything else.
pub struct Source {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    /// The path as it was given, for messages.
    shown: PathBuf,
    /// The tables as the source declares them.
    pub(crate) declared: Schema,
    /// Parallel to the tables: what to write behind FROM.
    pub(crate) relations: Vec<String>,
    /// Whether every column is text, so that the manifest alone knows the types.
    pub(crate) is_text: bool,
    /// What `prepare` was given.
    pub(crate) prepared: Option<Schema>,
}

/// Stops what a [`Source`] is doing, from any thread.
#[derive(Clone)]
pub struct InterruptHandle(Arc<duckdb::InterruptHandle>);

impl InterruptHandle {
    /// Makes the running query fail with [`Error::Interrupted`]; nothing happens if none runs.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }

    pub(crate) fn of(connection: &Connection) -> InterruptHandle {
        InterruptHandle(connection.interrupt_handle())
    }
}

impl Source {
    /// Opens a DuckDB file, a Parquet file, or a directory of Parquet (or CSV) files.
    ///
    /// In a directory each file is a table named by its stem, and each subdirectory
    /// of such files is one table. CSV is for reading our own output back: all
    /// columns are text until [`Source::prepare`] casts them as the manifest says.
    /// `threads` is DuckDB's number of threads; 0 leaves it to DuckDB.
    ///
    /// # Errors
    ///
    /// Fails if there is nothing at the path, or nothing that can be read as tables.
    pub fn open(path: &Path, threads: usize) -> Result<Source, Error> {
        let shown = path.to_path_buf();
        let path = path.canonicalize().map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => Error::NotFound {
                path: shown.clone(),
            },
            _ => Error::List {
                path: shown.clone(),
                source,
            },
        })?;
        let connection = start(threads)?;
        let mut source = Source {
            connection,
            path,
            shown,
            declared: Schema::default(),
            relations: Vec::new(),
            is_text: false,
            prepared: None,
        };
        if source.path.is_dir() {
            source.attach_directory()?;
        } else {
            match FileKind::of(&source.path)? {
                FileKind::DuckDb => source.attach_database()?,
                FileKind::Parquet => {
                    let stem = stem(&source.path)?;
                    let files = vec![source.path.clone()];
                    source.attach_files(BTreeMap::from([(stem, files)]))?;
                }
                FileKind::Sqlite => {
                    return Err(Error::OtherFormat {
                        path: source.shown,
                        kind: "SQLite database",
                    });
                }
                FileKind::Unknown => return Err(Error::NotADatabase { path: source.shown }),
            }
        }
        Ok(source)
    }

    /// Returns the tables, keys and relationships that the source declares.
    ///
    /// Semantic types are the plain default of each data type, tables come by name.
    ///
    /// # Errors
    ///
    /// Never fails now: the catalogue is read when the source is opened.
    pub fn catalog(&self) -> Result<Schema, Error> {
        Ok(self.declared.clone())
    }

    /// Returns the rows of a table: of the prepared one after [`Source::prepare`].
    ///
    /// # Errors
    ///
    /// Fails if there is no such table, or reading fails.
    pub fn count(&self, table: &str) -> Result<u64, Error> {
        let relation = match &self.prepared {
            Some(_) => self.prepared(table)?,
            None => self.declared(table)?.1.to_string(),
        };
        let action = format!("count the rows of table `{table}`");
        batches::count(
            &self.connection,
            &action,
            &format!("SELECT count(*) FROM {relation}"),
        )
    }

    /// Looks into a column of the source itself: exact counts, and up to `limit`
    /// distinct values as text in an order that is arbitrary but always the same.
    ///
    /// # Errors
    ///
    /// Fails if there is no such column, or reading fails.
    pub fn peek(&self, table: &str, column: &str, limit: usize) -> Result<Peek, Error> {
        let (declared, relation) = self.declared(table)?;
        if declared.column(column).is_none() {
            return Err(Error::UnknownColumn {
                table: table.to_string(),
                column: column.to_string(),
                nearest: nearest(column, declared.columns.iter().map(|c| c.name.as_str()))
                    .map(str::to_string),
            });
        }
        let action = format!("look into column `{table}.{column}`");
        let name = identifier(column);
        let sql = format!(
            "WITH groups AS MATERIALIZED (SELECT {name} AS v, count(*) AS n FROM {relation} \
             GROUP BY 1), counts AS (SELECT CAST(coalesce(sum(n), 0) AS BIGINT), \
             CAST(coalesce(sum(n) FILTER (WHERE v IS NULL), 0) AS BIGINT), count(v) FROM groups), \
             texts AS (SELECT CAST(v AS VARCHAR) AS text FROM groups WHERE v IS NOT NULL \
             ORDER BY md5(text), text LIMIT {limit}) \
             SELECT * FROM counts LEFT JOIN texts ON true ORDER BY md5(text), text"
        );
        let mut peek = Peek {
            rows: 0,
            nulls: 0,
            distinct: 0,
            values: Vec::new(),
        };
        let values: Vec<Option<String>> = rows(&self.connection, &action, &sql, |row| {
            (peek.rows, peek.nulls, peek.distinct) = (row.get(0)?, row.get(1)?, row.get(2)?);
            row.get(3)
        })?;
        peek.values = values.into_iter().flatten().collect();
        Ok(peek)
    }

    /// Reads all rows of a prepared table, in the order of `order_by`; where that is
    /// empty, of the primary key; and where there is none, of the columns read.
    ///
    /// # Errors
    ///
    /// Fails if there is no such table or column, or reading fails.
    pub fn read(
        &self,
        table: &str,
        columns: &[Column],
        order_by: &[String],
    ) -> Result<Vec<RecordBatch>, Error> {
        let relation = self.prepared(table)?;
        let primary_key: Vec<String> = self
            .prepared
            .as_ref()
            .and_then(|schema| schema.table(table))
            .map(|table| active_key(table, &table.primary_key))
            .unwrap_or_default();
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        if names.is_empty() {
            return Err(Error::NoColumns {
                table: table.to_string(),
            });
        }
        let order_by = match (order_by.is_empty(), primary_key.is_empty()) {
            (false, _) => order_by,
            (true, false) => &primary_key,
            (true, true) => &names,
        };
        let sql = format!(
            "SELECT {} FROM {relation} ORDER BY {}",
            list("", &names),
            list("", order_by)
        );
        let columns: Vec<&Column> = columns.iter().collect();
        batches::batches(
            &self.connection,
            &format!("read table `{table}`"),
            &sql,
            &columns,
        )
    }

    /// Returns a handle that can stop a long query from another thread.
    pub fn interrupt_handle(&self) -> InterruptHandle {
        InterruptHandle::of(&self.connection)
    }

    /// Returns what to write behind FROM for a table of `prepare`.
    pub(crate) fn prepared(&self, table: &str) -> Result<String, Error> {
        let known = self
            .prepared
            .as_ref()
            .and_then(|schema| schema.table(table))
            .is_some_and(|table| table.mode != TableMode::Exclude);
        if known {
            Ok(prepared_name(table))
        } else {
            Err(self.unknown_table(table))
        }
    }

    /// Returns a table as the source declares it, and what to write behind FROM.
    pub(crate) fn declared(&self, table: &str) -> Result<(&Table, &str), Error> {
        match self.declared.table_idx(table) {
            Some(idx) => Ok((&self.declared.tables[idx], &self.relations[idx])),
            None => Err(self.unknown_table(table)),
        }
    }

    pub(crate) fn unknown_table(&self, table: &str) -> Error {
        Error::UnknownTable {
            table: table.to_string(),
            nearest: nearest(
                table,
                self.declared.tables.iter().map(|table| table.name.as_str()),
            )
            .map(str::to_string),
        }
    }

    fn attach_database(&mut self) -> Result<(), Error> {
        let sql = format!(
            "ATTACH {} AS source (TYPE duckdb, READ_ONLY)",
            literal(self.text()?)
        );
        self.connection
            .execute_batch(&sql)
            .map_err(|source| self.not_opened(source))?;
        let action = "read the catalogue";
        let names: Vec<(String, String)> = rows(
            &self.connection,
            action,
            "SELECT schema_name, table_name FROM duckdb_tables() \
             WHERE database_name = 'source' AND NOT internal ORDER BY ALL",
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let (main, others): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|(schema, _)| schema == "main");
        if !others.is_empty() {
            let shown = join(&others, ", ", |(schema, table)| {
                format!("`{schema}.{table}`")
            });
            if main.is_empty() {
                return Err(Error::OtherSchemas {
                    path: self.shown.clone(),
                    tables: others.len(),
                    names: shown,
                });
            }
            tracing::warn!("only schema `main` is read; left out: {shown}");
        }
        if main.is_empty() {
            return Err(Error::NoTables {
                path: self.shown.clone(),
            });
        }
        for (_, name) in main {
            self.relations
                .push(format!("source.main.{}", identifier(&name)));
            self.declared.tables.push(empty_table(name));
        }
        self.read_columns("source", "main")?;
        self.read_constraints()?;
        default_semantics(&mut self.declared);
        Ok(())
    }

    fn attach_directory(&mut self) -> Result<(), Error> {
        let mut tables = tables_of(&self.path, "parquet")?;
        if tables.is_empty() {
            tables = tables_of(&self.path, "csv")?;
            self.is_text = true;
        }
        if tables.is_empty() {
            return Err(Error::NoTables {
                path: self.shown.clone(),
            });
        }
        if self.path.join("dataset.json").is_file() {
            // Our own output spells names that file systems cannot carry in percent signs.
            tables = tables
                .into_iter()
                .map(|(name, files)| (percent_decoded(&name), files))
                .collect();
        }
        self.attach_files(tables)
    }

    /// Makes a view of each table's files.
    fn attach_files(&mut self, tables: BTreeMap<String, Vec<PathBuf>>) -> Result<(), Error> {
        run(
            &self.connection,
            "create a schema",
            "CREATE SCHEMA memory.source",
        )?;
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for (name, files) in tables {
            if let Some(first) = seen.insert(name.to_lowercase(), name.clone()) {
                return Err(Error::SameName {
                    first,
                    second: name,
                });
            }
            let files: Vec<String> = files
                .iter()
                .map(|file| match file.to_str() {
                    Some(text) => Ok(literal(&without_wildcards(text))),
                    None => Err(Error::BadPath { path: file.clone() }),
                })
                .collect::<Result<_, _>>()?;
            let files = files.join(", ");
            let reader = if self.is_text {
                format!(
                    "read_csv([{files}], header = true, delim = ',', quote = '\"', escape = '\"', \
                     all_varchar = true, nullstr = '', allow_quoted_nulls = false, \
                     hive_partitioning = false)"
                )
            } else {
                format!("read_parquet([{files}], hive_partitioning = false)")
            };
            let relation = format!("memory.source.{}", identifier(&name));
            self.connection
                .execute_batch(&format!("CREATE VIEW {relation} AS SELECT * FROM {reader}"))
                .map_err(|source| self.not_opened(source))?;
            self.relations.push(relation);
            self.declared.tables.push(empty_table(name));
        }
        self.read_columns("memory", "source")?;
        default_semantics(&mut self.declared);
        Ok(())
    }

    fn read_columns(&mut self, database: &str, schema: &str) -> Result<(), Error> {
        let columns: Vec<(String, String, String, bool)> = rows(
            &self.connection,
            "read the catalogue",
            &format!(
                "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() \
                 WHERE database_name = {} AND schema_name = {} ORDER BY table_name, column_index",
                literal(database),
                literal(schema)
            ),
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )?;
        for (table, name, data_type, nullable) in columns {
            // Views have columns too, but are no tables.
            let Some(idx) = self.declared.table_idx(&table) else {
                continue;
            };
            self.declared.tables[idx].columns.push(Column {
                name,
                data_type: DataType::from_duckdb(&data_type),
                nullable,
                semantic: SemanticType::Numerical,
                generator: None,
                locale: None,
                exclude: false,
            });
        }
        Ok(())
    }

    fn read_constraints(&mut self) -> Result<(), Error> {
        struct Line {
            table: String,
            constraint: i64,
            kind: String,
            parent: Option<String>,
            column: String,
            parent_column: Option<String>,
        }
        let lines: Vec<Line> = rows(
            &self.connection,
            "read the catalogue",
            "SELECT table_name, constraint_index, constraint_type, referenced_table, \
             constraint_column_names[position], referenced_column_names[position] \
             FROM (SELECT *, unnest(range(1, len(constraint_column_names) + 1)) AS position \
             FROM duckdb_constraints() WHERE database_name = 'source' AND schema_name = 'main' \
             AND constraint_type IN ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')) \
             ORDER BY table_name, constraint_index, position",
            |row| {
                Ok(Line {
                    table: row.get(0)?,
                    constraint: row.get(1)?,
                    kind: row.get(2)?,
                    parent: row.get(3)?,
                    column: row.get(4)?,
                    parent_column: row.get(5)?,
                })
            },
        )?;
        for group in lines.chunk_by(|a, b| a.table == b.table && a.constraint == b.constraint) {
            let Some(first) = group.first() else { continue };
            let Some(idx) = self.declared.table_idx(&first.table) else {
                continue;
            };
            let columns: Vec<String> = group.iter().map(|line| line.column.clone()).collect();
            match (first.kind.as_str(), &first.parent) {
                ("PRIMARY KEY", _) => {
                    for column in &mut self.declared.tables[idx].columns {
                        column.nullable &= !columns.contains(&column.name);
                    }
                    self.declared.tables[idx].primary_key = columns;
                }
                ("UNIQUE", _) => self.declared.tables[idx].unique.push(columns),
                (_, Some(parent)) => self.declared.relationships.push(Relationship {
                    parent_table: parent.clone(),
                    parent_key: group
                        .iter()
                        .filter_map(|l| l.parent_column.clone())
                        .collect(),
                    child_table: first.table.clone(),
                    child_key: columns,
                    orphans: Orphans::Refuse,
                    owner: None,
                }),
                _ => {}
            }
        }
        // SQL may spell a name in another case than the table declares it.
        let Schema {
            tables,
            relationships,
            ..
        } = &mut self.declared;
        for relationship in relationships {
            let Relationship {
                parent_table,
                parent_key,
                child_table,
                child_key,
                ..
            } = relationship;
            for (table, key) in [(parent_table, parent_key), (child_table, child_key)] {
                let as_declared = |name: &str| tables.iter().find(|t| same(&t.name, name));
                let Some(declared) = as_declared(table) else {
                    continue;
                };
                table.clone_from(&declared.name);
                for column in key {
                    if let Some(found) = declared.columns.iter().find(|c| same(&c.name, column)) {
                        column.clone_from(&found.name);
                    }
                }
            }
        }
        Ok(())
    }

    fn text(&self) -> Result<&str, Error> {
        self.path.to_str().ok_or_else(|| Error::BadPath {
            path: self.shown.clone(),
        })
    }

    fn not_opened(&self, source: duckdb::Error) -> Error {
        if is_interrupt(&source) {
            return Error::Interrupted;
        }
        Error::Open {
            path: self.shown.clone(),
            source,
        }
    }
}

/// Starts DuckDB in memory.
pub(crate) fn start(threads: usize) -> Result<Connection, Error> {
    static STARTED: AtomicU64 = AtomicU64::new(0);
    // DuckDB spills into `.tmp` of the working directory unless told otherwise.
    let spill = std::env::temp_dir().join(format!(
        "prodlike-{}-{}",
        std::process::id(),
        STARTED.fetch_add(1, Ordering::Relaxed)
    ));
    let start = || {
        let mut config = Config::default()
            .enable_autoload_extension(false)?
            .with("temp_directory", spill.to_string_lossy())?;
        if threads > 0 {
            config = config.threads(i64::try_from(threads).unwrap_or(i64::MAX))?;
        }
        Connection::open_in_memory_with_flags(config)
    };
    start().map_err(|source| Error::Start { source })
}

/// Returns the columns of a key, or none if one of them is excluded.
pub(crate) fn active_key(table: &Table, key: &[String]) -> Vec<String> {
    let whole = key
        .iter()
        .all(|name| table.column(name).is_some_and(|column| !column.exclude));
    if whole { key.to_vec() } else { Vec::new() }
}

/// Returns what to write behind FROM for a prepared table.
pub(crate) fn prepared_name(table: &str) -> String {
    format!("memory.prepared.{}", identifier(table))
}

fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right) || left.to_lowercase() == right.to_lowercase()
}

fn empty_table(name: String) -> Table {
    Table {
        name,
        columns: Vec::new(),
        primary_key: Vec::new(),
        unique: Vec::new(),
        mode: TableMode::Generate,
    }
}

fn default_semantics(schema: &mut Schema) {
    schema.privacy = Privacy::default();
    let keys: Vec<(String, String)> = schema
        .relationships
        .iter()
        .flat_map(|relationship| {
            let child = &relationship.child_table;
            relationship
                .child_key
                .iter()
                .map(move |column| (child.clone(), column.clone()))
        })
        .collect();
    for table in &mut schema.tables {
        for column in &mut table.columns {
            let is_key = table.primary_key.contains(&column.name)
                || keys
                    .iter()
                    .any(|(t, c)| *t == table.name && *c == column.name);
            column.semantic = match &column.data_type {
                _ if is_key => SemanticType::Id,
                DataType::Boolean => SemanticType::Boolean,
                DataType::Date | DataType::Timestamp(_) => SemanticType::Datetime,
                DataType::String => SemanticType::Categorical,
                _ => SemanticType::Numerical,
            };
        }
    }
}

/// What a file is, by its first bytes: names lie.
enum FileKind {
    DuckDb,
    Parquet,
    Sqlite,
    Unknown,
}

impl FileKind {
    fn of(path: &Path) -> Result<FileKind, Error> {
        let failed = |source| Error::List {
            path: path.to_path_buf(),
            source,
        };
        let mut start = Vec::new();
        File::open(path)
            .map_err(failed)?
            .take(16)
            .read_to_end(&mut start)
            .map_err(failed)?;
        Ok(if start.get(8..12) == Some(b"DUCK") {
            FileKind::DuckDb
        } else if start.starts_with(b"PAR1") {
            FileKind::Parquet
        } else if start.starts_with(b"SQLite format 3") {
            FileKind::Sqlite
        } else {
            FileKind::Unknown
        })
    }
}

/// Lists the tables of a directory: its files, and its subdirectories of files.
fn tables_of(path: &Path, extension: &str) -> Result<BTreeMap<String, Vec<PathBuf>>, Error> {
    let mut tables: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for entry in entries(path)? {
        if entry.is_dir() {
            let files: Vec<PathBuf> = entries(&entry)?
                .into_iter()
                .filter(|file| file.is_file() && has_extension(file, extension))
                .collect();
            if !files.is_empty() {
                let name = entry.file_name().and_then(|name| name.to_str());
                let name = name.ok_or_else(|| Error::BadPath {
                    path: entry.clone(),
                })?;
                tables.entry(name.to_string()).or_default().extend(files);
            }
        } else if has_extension(&entry, extension) {
            tables.entry(stem(&entry)?).or_default().push(entry);
        }
    }
    Ok(tables)
}

/// Lists a directory in order of the names, without hidden files.
fn entries(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |source| Error::List {
        path: path.to_path_buf(),
        source,
    };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            entries.push(entry.path());
        }
    }
    entries.sort();
    Ok(entries)
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension()
        .is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

fn stem(path: &Path) -> Result<String, Error> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    stem.map(str::to_string).ok_or_else(|| Error::BadPath {
        path: path.to_path_buf(),
    })
}

/// Escapes what DuckDB would take as a pattern of file names.
fn without_wildcards(path: &str) -> String {
    if !path.contains(['*', '?', '[']) {
        return path.to_string();
    }
    path.chars()
        .map(|letter| match letter {
            '*' | '?' | '[' => format!("[{letter}]"),
            letter => letter.to_string(),
        })
        .collect()
}

/// Undoes percent-encoding; what does not decode stays as it is.
fn percent_decoded(name: &str) -> String {
    let bytes = name.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = name.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match escape.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| name.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use prodlike_core::error::Hint;
    use prodlike_core::schema::{DataType, SemanticType};

    use super::Source;
    use crate::error::Error;
    use crate::script::execute;

    /// Names with quotes, spaces, keywords and letters beyond ASCII.
    const ODD: &str = r#"
        CREATE TABLE "select" ("or""der" INTEGER PRIMARY KEY, "größe 1" DECIMAL(9,2), e ENUM('a'));
        CREATE TABLE "it's; 表" (
            a INTEGER, b VARCHAR, boss INTEGER, "from" INTEGER REFERENCES "select" ("or""der"),
            "at" TIMESTAMP, PRIMARY KEY (a, b), UNIQUE (boss),
            FOREIGN KEY (boss) REFERENCES "it's; 表" (boss));
        CREATE TABLE refers (x INTEGER, y VARCHAR, FOREIGN KEY (X, y) REFERENCES "IT's; 表" (A, b));
        CREATE VIEW seen AS SELECT 1 AS one;
        INSERT INTO "select" VALUES (1, 2.5, 'a'), (2, NULL, NULL), (3, 2.50, 'a');
    "#;

    #[test]
    fn catalogue_has_keys_types_and_odd_names() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("it's a [b]?.duckdb");
        execute(&path, ODD).unwrap();
        let source = Source::open(&path, 1).unwrap();
        let schema = source.catalog().unwrap();
        let names: Vec<&str> = schema
            .tables
            .iter()
            .map(|table| table.name.as_str())
            .collect();
        assert_eq!(names, ["it's; 表", "refers", "select"]);
        let table = &schema.tables[0];
        assert_eq!(table.primary_key, ["a", "b"]);
        assert_eq!(table.unique, [["boss"]]);
        assert!(!table.columns[0].nullable && table.columns[4].nullable);
        let kinds: Vec<SemanticType> = table.columns.iter().map(|c| c.semantic).collect();
        assert_eq!(
            kinds,
            [
                SemanticType::Id,
                SemanticType::Id,
                SemanticType::Id,
                SemanticType::Id,
                SemanticType::Datetime
            ]
        );
        let select = schema.table("select").unwrap();
        assert_eq!(select.columns[1].data_type, DataType::Decimal(9, 2));
        assert_eq!(
            select.columns[2].data_type,
            DataType::Other("ENUM('a')".into())
        );
        let edges: Vec<String> = schema
            .relationships
            .iter()
            .map(|e| {
                format!(
                    "{} -> {}.{}",
                    e.name(),
                    e.parent_table,
                    e.parent_key.join("+")
                )
            })
            .collect();
        assert_eq!(
            edges,
            [
                "it's; 表.from -> select.or\"der",
                "it's; 表.boss -> it's; 表.boss",
                "refers.x+y -> it's; 表.a+b"
            ]
        );
        assert_eq!(source.count("select").unwrap(), 3);
        let peek = source.peek("select", "größe 1", 10).unwrap();
        assert_eq!((peek.rows, peek.nulls, peek.distinct), (3, 1, 1));
        assert_eq!(peek.values, ["2.50"]);
        assert_eq!(source.peek("select", "or\"der", 2).unwrap().values.len(), 2);
        let error = source.peek("select", "größe1", 1).unwrap_err();
        assert_eq!(error.hint().unwrap(), "Did you mean `größe 1`?");
    }

    #[test]
    fn directories_of_parquet_and_csv_are_tables() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.duckdb");
        let data = dir.path().join("data [1] *");
        std::fs::create_dir_all(data.join("parts")).unwrap();
        std::fs::create_dir_all(data.join("empty")).unwrap();
        let at = data.to_str().unwrap();
        let copy = |target: &str, format: &str| {
            execute(
                &path,
                &format!("COPY (SELECT 1 AS a, 'x' AS \"b c\") TO '{at}/{target}' ({format})"),
            )
            .unwrap();
        };
        copy("parts/0.csv", "FORMAT csv");
        copy("one.csv", "FORMAT csv");
        let source = Source::open(&data, 0).unwrap();
        assert_eq!(source.catalog().unwrap().tables.len(), 2);
        copy("parts/0.parquet", "FORMAT parquet");
        copy("parts/1.parquet", "FORMAT parquet");
        copy("one.parquet", "FORMAT parquet");
        let source = Source::open(&data, 0).unwrap();
        let schema = source.catalog().unwrap();
        let names: Vec<&str> = schema
            .tables
            .iter()
            .map(|table| table.name.as_str())
            .collect();
        assert_eq!(names, ["one", "parts"]);
        assert_eq!(schema.tables[0].columns[0].data_type, DataType::Int32);
        assert_eq!(
            (source.count("one").unwrap(), source.count("parts").unwrap()),
            (1, 2)
        );
        let single = Source::open(&data.join("one.parquet"), 0).unwrap();
        assert_eq!(single.catalog().unwrap().tables[0].name, "one");
    }

    #[test]
    fn what_is_no_source_is_refused_with_a_hint() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("text.duckdb"), "hello, this is not a database at all").unwrap();
        std::fs::write(at("none.duckdb"), "").unwrap();
        std::fs::write(at("lite.db"), b"SQLite format 3\0and so on").unwrap();
        std::fs::write(at("cut.parquet"), "PAR1 and then nothing").unwrap();
        let mut cut = vec![0; 4096];
        cut[8..12].copy_from_slice(b"DUCK");
        std::fs::write(at("cut.duckdb"), cut).unwrap();
        std::fs::create_dir(at("dir")).unwrap();
        execute(&at("empty.duckdb"), "CREATE VIEW v AS SELECT 1").unwrap();
        execute(
            &at("other.duckdb"),
            "CREATE SCHEMA s; CREATE TABLE s.t (a INTEGER)",
        )
        .unwrap();
        let error = |name: &str| {
            let error = Source::open(&at(name), 1).err().unwrap();
            assert!(error.hint().is_some(), "{error}");
            error
        };
        assert!(matches!(error("missing"), Error::NotFound { .. }));
        assert!(matches!(error("text.duckdb"), Error::NotADatabase { .. }));
        assert!(matches!(error("none.duckdb"), Error::NotADatabase { .. }));
        assert!(matches!(error("lite.db"), Error::OtherFormat { .. }));
        assert!(matches!(error("cut.parquet"), Error::Open { .. }));
        assert!(matches!(error("cut.duckdb"), Error::Open { .. }));
        assert!(matches!(error("dir"), Error::NoTables { .. }));
        assert!(matches!(error("empty.duckdb"), Error::NoTables { .. }));
        assert!(matches!(
            error("other.duckdb"),
            Error::OtherSchemas { tables: 1, .. }
        ));
    }

    #[test]
    fn a_query_can_be_interrupted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.duckdb");
        execute(
            &path,
            "CREATE TABLE t AS SELECT range AS a FROM range(100000)",
        )
        .unwrap();
        let source = Source::open(&path, 1).unwrap();
        let handle = source.interrupt_handle();
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    handle.interrupt();
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
            });
            let sql = "SELECT count(*) FROM source.main.t a, source.main.t b WHERE a.a * b.a = 7";
            let error = crate::batches::count(&source.connection, "wait", sql).unwrap_err();
            done.store(true, std::sync::atomic::Ordering::Relaxed);
            assert!(matches!(error, Error::Interrupted), "{error:?}");
        });
    }

    #[test]
    fn percent_signs_decode_where_they_can() {
        for (encoded, decoded) in [
            ("a%2Fb", "a/b"),
            ("%C3%A9t%C3%A9", "été"),
            ("100%", "100%"),
            ("%ZZ", "%ZZ"),
            ("%FF", "%FF"),
        ] {
            assert_eq!(super::percent_decoded(encoded), decoded);
        }
    }
}
