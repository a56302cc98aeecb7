//! Generate: from a model, a seed and a size to a dataset on disk.
//!
//! A dataset is cut into chunks of fixed row ranges; whichever thread, process or machine
//! writes a chunk writes the same bytes. It appears whole or not at all.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema as ArrowSchema, SchemaRef};
use prodlike_core::model::Model;
use prodlike_core::progress::{Cancel, Progress};
use prodlike_duckdb::DatabaseSink;
use prodlike_format::dataset::chunk_names;
use prodlike_format::{
    ChunkWriter, DatasetInfo, DirectorySink, FileFormat, FileInfo, TableInfo, TablePlan,
    write_dataset_json,
};
use rayon::prelude::*;

use crate::cells::Cells;
use crate::error::Error;
use crate::plan::{Plan, Size, plan};
use crate::plugins::{Generators, PluginOptions};

/// Rows that are drawn together.
const BATCH: u64 = 8192;
/// Rows of a chunk, unless asked otherwise: two row groups. A chunk is one thread's work, and
/// a table of half a million rows should not be.
pub const CHUNK_ROWS: u64 = 1 << 18;
/// Most files of a dataset: no file system likes more in one place.
const MAX_FILES: u64 = 1 << 24;

/// What to generate, and where to.
#[derive(Clone, Debug)]
pub struct GenerateOptions {
    /// A directory, or a path that ends in `.duckdb`.
    pub out: PathBuf,
    /// The format of a directory.
    pub format: FileFormat,
    /// How much.
    pub size: Size,
    /// Same model, same seed, same size: same bytes.
    pub seed: u64,
    /// Part K of N, from 1.
    pub part: Option<(u32, u32)>,
    /// Only these tables; all where empty.
    pub tables: Vec<String>,
    /// Rows of a file.
    pub chunk_rows: u64,
    /// Whether an existing target is replaced.
    pub overwrite: bool,
    /// Whether a database gets keys.
    pub keys: bool,
    /// Threads; 0 for all.
    pub threads: usize,
    /// How the plugins of the model are run.
    pub plugins: PluginOptions,
}

/// What was generated.
#[derive(Clone, Debug, PartialEq)]
pub struct Generated {
    /// Rows written by this run.
    pub rows: u64,
    /// Tables written to.
    pub tables: usize,
    /// Parts that are still missing before the dataset appears.
    pub missing: Vec<u32>,
    /// Relationships that the database could not declare.
    pub undeclared: Vec<String>,
    /// What could not be as wished.
    pub notes: Vec<String>,
}

/// Whether a path names a DuckDB file.
pub fn is_database(out: &Path) -> bool {
    out.extension()
        .is_some_and(|extension| extension == "duckdb" || extension == "db")
}

/// Generates a dataset.
///
/// # Errors
/// Sizes that cannot be met, targets that cannot be written.
pub fn generate(
    model: &Model,
    model_digest: &str,
    options: &GenerateOptions,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Generated, Error> {
    if options.chunk_rows == 0 {
        return Err(Error::ChunkRows);
    }
    if let Some((part, parts)) = options
        .part
        .filter(|(part, parts)| *part == 0 || part > parts)
    {
        return Err(Error::Part { part, parts });
    }
    let tables = chosen(model, &options.tables)?;
    let plan = plan(model, options.seed, &options.size)?;
    plan.notes.iter().for_each(|note| progress.warn(note));
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads)
        .build()
        .map_err(|error| Error::Internal(format!("no thread pool: {error}")))?;
    let generators = Generators::of_model(model, &options.plugins)?;
    let cells = pool.install(|| Cells::new(model, plan, options.seed, &generators))?;
    let job = Job {
        model,
        plan: cells.plan(),
        cells: &cells,
        tables,
        progress,
        cancel,
        pool: &pool,
    };
    let chunks = job.chunks(options)?;
    for &table in &job.tables {
        let ours = chunks.iter().filter(|chunk| chunk.table == table);
        let rows = ours.map(|chunk| chunk.rows).sum();
        progress.begin(&model.schema.tables[table].name, rows);
    }
    let info = job.info(model_digest, options);
    let generated = if is_database(&options.out) {
        job.database(options, info)
    } else {
        job.directory(options, &chunks, info)
    };
    job.tables
        .iter()
        .for_each(|&table| progress.finish(&model.schema.tables[table].name));
    generated
}

fn chosen(model: &Model, names: &[String]) -> Result<Vec<usize>, Error> {
    if names.is_empty() {
        return Ok((0..model.tables.len()).collect());
    }
    let mut tables: Vec<usize> = names
        .iter()
        .map(|name| {
            model
                .schema
                .table_idx(name)
                .ok_or_else(|| Error::unknown_table(&model.schema, name))
        })
        .collect::<Result<_, _>>()?;
    tables.sort_unstable();
    tables.dedup();
    Ok(tables)
}

struct Job<'a> {
    model: &'a Model,
    plan: &'a Plan,
    cells: &'a Cells<'a>,
    tables: Vec<usize>,
    progress: &'a dyn Progress,
    cancel: &'a Cancel,
    pool: &'a rayon::ThreadPool,
}

/// One file of one table.
#[derive(Clone, Copy)]
struct Chunk {
    table: usize,
    index: u64,
    first: u64,
    rows: u64,
}

impl Job<'_> {
    /// The chunks of this run: of a part, every N-th.
    fn chunks(&self, options: &GenerateOptions) -> Result<Vec<Chunk>, Error> {
        let (part, parts) = options.part.unwrap_or((1, 1));
        let files = self
            .tables
            .iter()
            .map(|&table| self.plan.rows[table].div_ceil(options.chunk_rows))
            .fold(0, u64::saturating_add);
        if files > MAX_FILES {
            return Err(Error::Files { files });
        }
        let all = self.tables.iter().flat_map(|&table| {
            let rows = self.plan.rows[table];
            // An empty table has one empty file, so that it exists.
            (0..rows.div_ceil(options.chunk_rows).max(1)).map(move |index| {
                let first = index * options.chunk_rows;
                Chunk {
                    table,
                    index,
                    first,
                    rows: options.chunk_rows.min(rows - first),
                }
            })
        });
        Ok(all
            .enumerate()
            .filter(|(i, _)| (i % parts as usize) as u32 == part - 1)
            .map(|(_, chunk)| chunk)
            .collect())
    }

    fn info(&self, model_digest: &str, options: &GenerateOptions) -> DatasetInfo {
        DatasetInfo {
            product_version: env!("CARGO_PKG_VERSION").to_string(),
            model_digest: model_digest.to_string(),
            seed: options.seed,
            format: options.format.as_str().to_string(),
            chunk_rows: options.chunk_rows,
            part: options.part,
            plan: self
                .tables
                .iter()
                .map(|&table| TablePlan {
                    table: self.name(table).to_string(),
                    rows: self.plan.rows[table],
                })
                .collect(),
            tables: Vec::new(),
            undeclared: Vec::new(),
            notes: self.plan.notes.clone(),
        }
    }

    fn name(&self, table: usize) -> &str {
        &self.model.schema.tables[table].name
    }

    fn arrow_schema(&self, table: usize) -> Result<SchemaRef, Error> {
        let columns = &self.model.schema.tables[table].columns;
        let fields = columns.iter().map(|column| {
            let data_type = column.data_type.to_arrow().ok_or_else(|| {
                Error::Internal(format!("{} has no Arrow type", column.data_type))
            })?;
            Ok(Field::new(&column.name, data_type, column.nullable))
        });
        Ok(Arc::new(ArrowSchema::new(
            fields.collect::<Result<Vec<_>, Error>>()?,
        )))
    }

    fn batch(
        &self,
        table: usize,
        schema: &SchemaRef,
        first: u64,
        rows: u64,
    ) -> Result<RecordBatch, Error> {
        if self.cancel.is_cancelled() {
            return Err(Error::Interrupted);
        }
        let columns: Vec<usize> = (0..schema.fields().len()).collect();
        let rows: Vec<u64> = (first..first + rows).collect();
        let arrays = self.cells.columns(table, &columns, &rows)?;
        let batch =
            RecordBatch::try_new(Arc::clone(schema), arrays).map_err(|source| Error::Arrow {
                table: self.name(table).to_string(),
                source,
            })?;
        self.progress
            .advance(self.name(table), batch.num_rows() as u64);
        Ok(batch)
    }

    fn directory(
        &self,
        options: &GenerateOptions,
        chunks: &[Chunk],
        mut info: DatasetInfo,
    ) -> Result<Generated, Error> {
        let sink = DirectorySink::create(&options.out, options.part, options.overwrite)?;
        let schemas: Vec<SchemaRef> = (0..self.model.tables.len())
            .map(|table| self.arrow_schema(table))
            .collect::<Result<_, _>>()?;
        let write = |chunk: &Chunk| -> Result<FileInfo, Error> {
            let schema = &schemas[chunk.table];
            let path = sink.chunk_path(self.name(chunk.table), chunk.index, options.format)?;
            let mut writer = ChunkWriter::create(&path, options.format, Arc::clone(schema))?;
            for first in (chunk.first..chunk.first + chunk.rows).step_by(BATCH as usize) {
                let rows = BATCH.min(chunk.first + chunk.rows - first);
                writer.write(&self.batch(chunk.table, schema, first, rows)?)?;
            }
            let written = writer.finish()?;
            let (_, file) = chunk_names(self.name(chunk.table), chunk.index, options.format);
            Ok(FileInfo {
                file,
                first_row: chunk.first,
                rows: written.rows,
                bytes: written.bytes,
                sha256: written.sha256,
            })
        };
        let files: Vec<FileInfo> = self.pool.install(|| {
            chunks
                .par_iter()
                .with_max_len(1)
                .map(write)
                .collect::<Result<_, Error>>()
        })?;
        // Every part lists every table, so that the merged list is the same as a whole run's.
        info.tables = self
            .tables
            .iter()
            .map(|&table| {
                let (directory, _) = chunk_names(self.name(table), 0, options.format);
                let ours = chunks
                    .iter()
                    .zip(&files)
                    .filter(|(chunk, _)| chunk.table == table);
                let files = ours.map(|(_, file)| file.clone()).collect();
                TableInfo {
                    table: self.name(table).to_string(),
                    directory,
                    files,
                }
            })
            .collect();
        let published = sink.finish(&info)?;
        Ok(Generated {
            rows: chunks.iter().map(|chunk| chunk.rows).sum(),
            tables: info.tables.len(),
            missing: published.missing,
            undeclared: Vec::new(),
            notes: info.notes,
        })
    }

    fn database(
        &self,
        options: &GenerateOptions,
        mut info: DatasetInfo,
    ) -> Result<Generated, Error> {
        if options.part.is_some() {
            return Err(Error::PartOfDatabase);
        }
        let mut schema = self.model.schema.clone();
        let chosen: Vec<String> = self
            .tables
            .iter()
            .map(|&table| self.name(table).to_string())
            .collect();
        schema.tables.retain(|table| chosen.contains(&table.name));
        schema.drop_broken_relationships();
        let mut sink =
            DatabaseSink::create(&options.out, &schema, options.keys, options.overwrite)?;
        let window = 4 * self.pool.current_num_threads() as u64 * BATCH;
        let mut written = 0;
        for &table in &self.tables {
            let (schema, rows) = (self.arrow_schema(table)?, self.plan.rows[table]);
            for start in (0..rows).step_by(window as usize) {
                let end = rows.min(start + window);
                let firsts: Vec<u64> = (start..end).step_by(BATCH as usize).collect();
                let batches: Vec<RecordBatch> = self.pool.install(|| {
                    firsts
                        .par_iter()
                        .map(|&first| self.batch(table, &schema, first, BATCH.min(end - first)))
                        .collect::<Result<_, Error>>()
                })?;
                for batch in &batches {
                    sink.write(self.name(table), batch)?;
                }
            }
            written += rows;
        }
        if self.cancel.is_cancelled() {
            return Err(Error::Interrupted);
        }
        info.format = "duckdb".into();
        info.undeclared = sink.finish()?;
        let mut beside = options.out.clone().into_os_string();
        beside.push(".dataset.json");
        write_dataset_json(Path::new(&beside), &info)?;
        Ok(Generated {
            rows: written,
            tables: self.tables.len(),
            missing: Vec::new(),
            undeclared: info.undeclared,
            notes: info.notes,
        })
    }
}
