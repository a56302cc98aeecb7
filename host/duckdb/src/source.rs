//! Opening a source and reading its catalogue.

mod arrow;
mod catalog;
mod csv;
mod dialect;
mod encoding;
mod files;
mod json;
mod mend;
mod raw;
mod rules;
mod snapshot;
mod stage;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ::arrow::array::{RecordBatch, RecordBatchReader};
use duckdb::{Config, Connection};
use prodlike_core::error::nearest;
use prodlike_core::schema::{Column, Schema, Table, TableMode};
use prodlike_core::source::{ReadOptions, SourceSpec};

use crate::batches::{self, row, rows, run};
use crate::carry::carried;
use crate::error::{Error, is_interrupt};
use crate::profile::Peek;
use crate::quote::{identifier, join, list, literal};
use catalog::{default_semantics, empty_table, read_columns, read_constraints};
use csv::CsvFile;
use files::{Found, Kind, file_literal};
use raw::Loader;
use rules::Rule;
use snapshot::Snapshot;
use stage::Stage;

/// What DuckDB may hold before it spills to disk. Its own default is most of the machine, of
/// which a job beside others has no right.
pub(crate) const MEMORY_MB: usize = 1_000;

/// The schema of the temporary database that streams are read into.
const STREAMS: &str = "streams";

/// The version of the library that is linked.
pub(crate) const DUCKDB_VERSION: &str = "1.5.5";

/// A real (or, in an evaluation, synthetic) dataset, which can only be read.
///
/// Call [`Source::catalog`] and [`Source::peek`] at any time, and
/// [`Source::prepare`] before everything else.
pub struct Source {
    pub(crate) connection: Connection,
    /// The tables as the source declares them.
    pub(crate) declared: Schema,
    /// Parallel to the tables: what to write behind FROM.
    pub(crate) relations: Vec<String>,
    /// Parallel to the tables: who knows their types.
    pub(crate) origins: Vec<Origin>,
    /// What `prepare` was given.
    pub(crate) prepared: Option<Schema>,
    /// The tables of `prepare` that are tables, where others are views.
    pub(crate) copied: Vec<String>,
    /// The paths as they were given, for messages.
    shown: Vec<PathBuf>,
    snapshot: Snapshot,
    /// Goes after the connection that uses it.
    stage: Option<Stage>,
}

/// Who knows the types of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The source: the manifest must agree.
    Typed,
    /// Text or another format that was read already: the manifest may say otherwise.
    Staged,
    /// Our own output as text: the manifest alone.
    Text,
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
    /// Opens one file, directory or pattern, as [`Source::open_all`] does.
    ///
    /// # Errors
    ///
    /// As [`Source::open_all`].
    pub fn open(path: &Path, threads: usize) -> Result<Source, Error> {
        Source::open_all(&[SourceSpec::one(path)], None, threads)
    }

    /// Opens files, directories and patterns of DuckDB, Parquet, CSV, JSON and Arrow IPC.
    ///
    /// In a directory each file is a table named by its stem, and each subdirectory of
    /// like files is one table. Tables of several sources keep their names where these are
    /// different; where they are not, the name of the source comes before them, with a dot.
    ///
    /// Text has the types that all of its rows fit, unless `schema` knows better: a manifest
    /// is the truth, and a value that does not fit it is an error. `threads` is DuckDB's
    /// number of threads; 0 leaves it to DuckDB.
    ///
    /// # Errors
    ///
    /// Fails if there is nothing at a path, or nothing that can be read as tables.
    pub fn open_all(
        specs: &[SourceSpec],
        schema: Option<&Schema>,
        threads: usize,
    ) -> Result<Source, Error> {
        let mut source = Source::empty(threads)?;
        source.shown = specs.iter().map(|spec| spec.path.clone()).collect();
        let mut places = Vec::new();
        for spec in specs {
            places.push(files::find(&source.connection, &spec.path)?);
        }
        let mut names: Vec<String> = Vec::new();
        let mut opened = Vec::new();
        for (idx, (spec, place)) in specs.iter().zip(places).enumerate() {
            let opened_place = Place {
                source: &mut source,
                idx,
                shown: place.shown,
                options: &spec.options,
                prefix: &spec.name,
                schema,
                declared: Schema::default(),
                relations: Vec::new(),
                origins: Vec::new(),
            }
            .open(place.found)?;
            names.extend(opened_place.0.tables.iter().map(|t| t.name.to_lowercase()));
            opened.push(opened_place);
        }
        for (spec, (mut declared, relations, origins)) in specs.iter().zip(opened) {
            let full = |table: &str| {
                let lower = table.to_lowercase();
                match names.iter().filter(|name| **name == lower).count() {
                    0 | 1 => table.to_string(),
                    _ => format!("{}.{table}", spec.name),
                }
            };
            for edge in &mut declared.relationships {
                edge.parent_table = full(&edge.parent_table);
                edge.child_table = full(&edge.child_table);
            }
            for table in &mut declared.tables {
                table.name = full(&table.name);
            }
            source.declared.tables.extend(declared.tables);
            source.declared.relationships.extend(declared.relationships);
            source.relations.extend(relations);
            source.origins.extend(origins);
        }
        source.opened()
    }

    /// Reads streams of Arrow batches, each a table of the name beside it.
    ///
    /// They are read once, into a database in memory that spills to disk above a gigabyte; what
    /// happens to their rows afterwards does not matter. Names may be those of any tables, but
    /// may not differ in case only. `threads` is DuckDB's number of threads; 0 leaves it to
    /// DuckDB.
    ///
    /// # Errors
    ///
    /// Fails if there is no stream, a stream has no columns, two of one name or one without, or
    /// ends with an error.
    pub fn of_streams(
        streams: Vec<(String, Box<dyn RecordBatchReader + Send>)>,
        threads: usize,
    ) -> Result<Source, Error> {
        let mut source = Source::empty(threads)?;
        if streams.is_empty() {
            return Err(Error::NoStreams);
        }
        source.stage = Some(Stage::new(&source.connection, true)?);
        source.stage_schema(STREAMS)?;
        for (at, (name, mut stream)) in streams.into_iter().enumerate() {
            if name.is_empty() {
                return Err(Error::NoName {
                    what: format!("table {}", at + 1),
                });
            }
            let lower = name.to_lowercase();
            let declared = &source.declared.tables;
            if let Some(other) = declared.iter().find(|it| it.name.to_lowercase() == lower) {
                return Err(Error::SameName {
                    first: other.name.clone(),
                    second: name,
                });
            }
            source.limit_memory(stream.schema().fields().len());
            let mut table = empty_table(name.clone());
            table.columns = arrow::load_stream(&source.connection, STREAMS, &name, &mut *stream)?;
            source.declared.tables.push(table);
            source.relations.push(stage::staged_name(STREAMS, &name));
            source.origins.push(Origin::Staged);
        }
        source.opened()
    }

    fn empty(threads: usize) -> Result<Source, Error> {
        Ok(Source {
            connection: start(threads)?,
            declared: Schema::default(),
            relations: Vec::new(),
            origins: Vec::new(),
            prepared: None,
            copied: Vec::new(),
            shown: Vec::new(),
            snapshot: Snapshot::default(),
            stage: None,
        })
    }

    /// What is done once all tables are known.
    fn opened(mut self) -> Result<Source, Error> {
        self.sort()?;
        default_semantics(&mut self.declared);
        self.check_unchanged()?;
        // Only now: the reader of JSON wants buffers of its own, which do not spill.
        self.limit_memory(0);
        Ok(self)
    }

    /// Sets how much DuckDB may hold while it writes rows of so many columns, of each of which
    /// it has a block in memory that does not spill.
    fn limit_memory(&self, columns: usize) {
        let limit = format!("SET memory_limit = '{}MB'", MEMORY_MB + columns / 2);
        if let Err(error) = self.connection.execute_batch(&limit) {
            tracing::debug!("no limit of memory: {error}");
        }
    }

    /// Puts tables in the order of their names, and refuses those that differ in case only.
    fn sort(&mut self) -> Result<(), Error> {
        let tables = std::mem::take(&mut self.declared.tables);
        let relations = std::mem::take(&mut self.relations);
        let origins = std::mem::take(&mut self.origins);
        let mut all: Vec<_> = tables.into_iter().zip(relations).zip(origins).collect();
        all.sort_by(|((left, _), _), ((right, _), _)| left.name.cmp(&right.name));
        for ((table, relation), origin) in all {
            let lower = table.name.to_lowercase();
            let same = |other: &&Table| other.name.to_lowercase() == lower;
            if let Some(other) = self.declared.tables.iter().find(same) {
                return Err(Error::SameName {
                    first: other.name.clone(),
                    second: table.name,
                });
            }
            self.declared.tables.push(table);
            self.relations.push(relation);
            self.origins.push(origin);
        }
        Ok(())
    }

    /// Fails if a file of the source is no longer what it was when it was opened.
    ///
    /// Called at the end of what must have seen one state of it: a fit, an evaluation.
    ///
    /// # Errors
    ///
    /// [`Error::SourceChanged`] names the first file that differs in size, time or identity.
    pub fn check_unchanged(&self) -> Result<(), Error> {
        self.snapshot.check()
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
        let values = join(columns, ", ", |column| {
            let name = identifier(&column.name);
            format!(
                "{} AS {name}",
                carried(&format!("r.{name}"), &column.data_type)
            )
        });
        let sql = format!(
            "SELECT {values} FROM {relation} AS r ORDER BY {}",
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

    /// Makes a schema of the temporary database.
    pub(crate) fn stage_schema(&mut self, name: &str) -> Result<(), Error> {
        let (stage, connection) = self.stage()?;
        stage.schema(connection, name)
    }

    /// Returns the temporary database, made where it is not there yet, and the connection.
    fn stage(&mut self) -> Result<(&mut Stage, &Connection), Error> {
        let stage = match &mut self.stage {
            Some(stage) => stage,
            none => none.insert(Stage::new(&self.connection, false)?),
        };
        Ok((stage, &self.connection))
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

    /// Tells who knows the types of a table.
    pub(crate) fn origin(&self, table: &str) -> Origin {
        match self.declared.table_idx(table) {
            Some(idx) => self.origins[idx],
            None => Origin::Typed,
        }
    }

    /// What messages call the source.
    pub(crate) fn shown(&self) -> PathBuf {
        self.shown.first().cloned().unwrap_or_default()
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
}

/// One place of a source while it is opened.
struct Place<'a> {
    source: &'a mut Source,
    /// Its position among the sources: names of databases and schemas come from it.
    idx: usize,
    shown: PathBuf,
    options: &'a ReadOptions,
    /// The name of the source.
    prefix: &'a str,
    /// What the manifest knows.
    schema: Option<&'a Schema>,
    declared: Schema,
    relations: Vec<String>,
    origins: Vec<Origin>,
}

impl Place<'_> {
    fn open(mut self, found: Vec<Found>) -> Result<(Schema, Vec<String>, Vec<Origin>), Error> {
        for table in &found {
            for file in &table.files {
                self.source.snapshot.add(file)?;
            }
        }
        let schema = self.namespace();
        run(
            &self.source.connection,
            "create a schema",
            &format!("CREATE SCHEMA memory.{schema}"),
        )?;
        for table in found {
            match table.kind {
                Kind::DuckDb => self.attach_database()?,
                Kind::Parquet => self.view_parquet(&table)?,
                Kind::Csv if table.is_ours && self.schema.is_some() => {
                    self.view_our_text(&table)?;
                }
                Kind::Csv | Kind::Json | Kind::Arrow => self.load(table)?,
            }
        }
        read_columns(
            &self.source.connection,
            &mut self.declared,
            "memory",
            &schema,
        )?;
        Ok((self.declared, self.relations, self.origins))
    }

    fn namespace(&self) -> String {
        format!("source_{}", self.idx)
    }

    fn add(&mut self, table: Table, relation: String, origin: Origin) {
        self.declared.tables.push(table);
        self.relations.push(relation);
        self.origins.push(origin);
    }

    fn attach_database(&mut self) -> Result<(), Error> {
        let connection = &self.source.connection;
        let database = match self.idx {
            0 => "source".to_string(),
            _ => format!("source_{}", self.idx),
        };
        let path = files::absolute(&self.shown);
        let Some(path) = path.to_str() else {
            return Err(Error::BadPath {
                path: self.shown.clone(),
            });
        };
        connection
            .execute_batch(&format!(
                "ATTACH {} AS {database} (TYPE duckdb, READ_ONLY)",
                literal(path)
            ))
            .map_err(|source| self.not_opened(source))?;
        let (main, others) = catalog::tables(connection, &database)?;
        if !others.is_empty() {
            let shown = others.join(", ");
            if main.is_empty() {
                return Err(Error::OtherSchemas {
                    path: self.shown.clone(),
                    tables: others.len(),
                    names: shown,
                });
            }
            tracing::warn!(
                "only schema `main` is read; left out: {shown}; copy them into `main` to read them"
            );
        }
        if main.is_empty() {
            return Err(Error::NoTables {
                path: self.shown.clone(),
            });
        }
        for name in main {
            let relation = format!("{database}.main.{}", identifier(&name));
            self.add(empty_table(name), relation, Origin::Typed);
        }
        let connection = &self.source.connection;
        read_columns(connection, &mut self.declared, &database, "main")?;
        read_constraints(connection, &mut self.declared, &database)
    }

    fn view_parquet(&mut self, found: &Found) -> Result<(), Error> {
        let paths = paths(&found.files)?;
        let by_name = found.files.len() > 1;
        let partitions = match found.is_partitioned {
            true => self.partition_types(found)?,
            false => "hive_partitioning = false".to_string(),
        };
        self.view(
            &found.name,
            &format!("read_parquet([{paths}], {partitions}, union_by_name = {by_name})"),
            Origin::Typed,
        )?;
        if by_name {
            self.warn_of_types(found, &paths)?;
        }
        Ok(())
    }

    /// Tells DuckDB the types of the columns that directories are called by: as of text, those
    /// that lose nothing. Its own would make 7 of `007`.
    fn partition_types(&self, found: &Found) -> Result<String, Error> {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in &found.files {
            for (column, value) in file.ancestors().skip(1).filter_map(files::partition) {
                if value != "__HIVE_DEFAULT_PARTITION__" {
                    let value = literal(&percent_decoded(value));
                    values.entry(column.to_string()).or_default().push(value);
                }
            }
        }
        let mut types = Vec::new();
        for (column, mut values) in values {
            values.sort();
            values.dedup();
            let mut data_type = "VARCHAR".to_string();
            let exact = |rule: &&Rule| ["BIGINT", "DATE"].contains(&rule.data_type.as_str());
            for rule in rules::rules()
                .iter()
                .filter(exact)
                .filter(|rule| rule.format.is_none())
            {
                let fits: bool = row(
                    &self.source.connection,
                    &format!("read table `{}`", found.name),
                    &format!(
                        "SELECT bool_and({}) FROM (SELECT unnest([{}]) AS v)",
                        rule.test("v"),
                        values.join(", ")
                    ),
                    |row| row.get(0),
                )?;
                if fits {
                    data_type.clone_from(&rule.data_type);
                    break;
                }
            }
            types.push(format!("{}: {data_type}", literal(&column)));
        }
        let types = match types.is_empty() {
            true => String::new(),
            false => format!(", hive_types = {{{}}}", types.join(", ")),
        };
        Ok(format!(
            "hive_partitioning = true, hive_types_autocast = false{types}"
        ))
    }

    /// Says which columns are not the same in all files of a table.
    fn warn_of_types(&self, found: &Found, paths: &str) -> Result<(), Error> {
        let differing: Vec<(String, u64, u64)> = rows(
            &self.source.connection,
            &format!("read table `{}`", found.name),
            &format!(
                "SELECT name, count(DISTINCT file_name), count(DISTINCT (type, converted_type)) \
                 FROM parquet_schema([{paths}]) WHERE num_children IS NULL OR num_children = 0 \
                 GROUP BY name ORDER BY name"
            ),
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        for (column, files, types) in differing {
            if files < found.files.len() as u64 {
                tracing::warn!(
                    "column `{}.{column}` is missing in {} of {} files; read as NULL there",
                    found.name,
                    found.files.len() as u64 - files,
                    found.files.len()
                );
            }
            if types > 1 {
                tracing::warn!(
                    "column `{}.{column}` has {types} data types in different files; read as \
                     what holds them all",
                    found.name
                );
            }
        }
        Ok(())
    }

    /// Our own CSV: all text, to be cast as the manifest says.
    fn view_our_text(&mut self, found: &Found) -> Result<(), Error> {
        let reader = format!(
            "read_csv([{}], header = true, delim = ',', quote = '\"', escape = '\"', \
             all_varchar = true, nullstr = '', allow_quoted_nulls = false, \
             hive_partitioning = false)",
            paths(&found.files)?
        );
        self.view(&found.name, &reader, Origin::Text)
    }

    fn view(&mut self, name: &str, reader: &str, origin: Origin) -> Result<(), Error> {
        let relation = format!("memory.{}.{}", self.namespace(), identifier(name));
        self.source
            .connection
            .execute_batch(&format!("CREATE VIEW {relation} AS SELECT * FROM {reader}"))
            .map_err(|source| self.not_opened(source))?;
        self.add(empty_table(name.to_string()), relation, origin);
        Ok(())
    }

    /// Reads text and Arrow files into the temporary database.
    fn load(&mut self, found: Found) -> Result<(), Error> {
        let namespace = self.namespace();
        let pinned = self.schema.and_then(|schema| {
            let full = format!("{}.{}", self.prefix, found.name);
            schema.table(&found.name).or_else(|| schema.table(&full))
        });
        // What a transform changes has the manifest's type only afterwards.
        let pinned = pinned.cloned().map(|mut table| {
            table.columns.retain(|column| column.transform.is_none());
            table
        });
        let pinned = pinned.as_ref();
        let excluded = pinned.is_some_and(|table| table.mode == TableMode::Exclude);
        let mut table = empty_table(found.name.clone());
        let relation = stage::staged_name(&namespace, &found.name);
        let (stage, connection) = self.source.stage()?;
        stage.schema(connection, &namespace)?;
        if excluded {
            // Nobody will look at it.
            run(
                connection,
                "make room",
                &format!("CREATE TABLE {relation} (excluded BOOLEAN)"),
            )?;
            self.add(table, relation, Origin::Staged);
            return Ok(());
        }
        table.columns = match found.kind {
            Kind::Arrow => arrow::load(connection, &namespace, &found.name, &found.files)?,
            kind => {
                let raws = match kind {
                    Kind::Json => json::look(
                        connection,
                        stage,
                        &found.name,
                        &found.files,
                        self.options.broken_rows,
                    )?,
                    _ => {
                        let files = found
                            .files
                            .into_iter()
                            .map(|file| CsvFile::look(file, self.options, stage));
                        csv::group(files.collect::<Result<_, _>>()?)
                    }
                };
                Loader {
                    connection,
                    stage,
                    table: &found.name,
                    relation: &relation,
                    policy: self.options.broken_rows,
                }
                .load(raws, pinned)?
            }
        };
        self.add(table, relation, Origin::Staged);
        Ok(())
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

fn paths(files: &[PathBuf]) -> Result<String, Error> {
    let paths: Vec<String> = files
        .iter()
        .map(|file| file_literal(file))
        .collect::<Result<_, _>>()?;
    Ok(paths.join(", "))
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
        let connection = Connection::open_in_memory_with_flags(config)?;
        // Where this is unknown, text of an instant is in UTC anyway.
        let knows_zones: bool = connection.query_row(
            "SELECT count(*) > 0 FROM duckdb_settings() WHERE name = 'TimeZone'",
            [],
            |row| row.get(0),
        )?;
        if knows_zones {
            connection.execute_batch("SET TimeZone = 'UTC'")?;
        }
        Ok(connection)
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
