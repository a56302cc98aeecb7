//! Generate: from a model, a seed and a size to a dataset on disk.
//!
//! A dataset is cut into chunks of fixed row ranges; whichever thread, process or machine
//! writes a chunk writes the same bytes. It appears whole or not at all.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use prodlike_core::model::Model;
use prodlike_core::progress::{Cancel, Progress};
use prodlike_duckdb::DatabaseSink;
use prodlike_format::dataset::chunk_names;
use prodlike_format::{
    ChunkWriter, DatasetInfo, DirectorySink, FileFormat, FileInfo, TableInfo, TablePlan,
    write_dataset_json,
};
use rayon::prelude::*;

use crate::dataset::{Chunk, Dataset, DatasetOptions, Selection, spans};
use crate::error::Error;

/// Rows of a chunk, unless asked otherwise: two row groups. A chunk is one thread's work, and
/// a table of half a million rows should not be.
pub const CHUNK_ROWS: u64 = 1 << 18;

/// What to generate, and where to.
#[derive(Clone, Debug)]
pub struct GenerateOptions {
    /// Which dataset.
    pub dataset: DatasetOptions,
    /// Only these tables; all where empty.
    pub tables: Vec<String>,
    /// Part K of N, from 1.
    pub part: Option<(u32, u32)>,
    /// Where to.
    pub write: WriteOptions,
}

/// Where a dataset is written to, and as what.
#[derive(Clone, Debug)]
pub struct WriteOptions {
    /// A directory, or a path that ends in `.duckdb`.
    pub out: PathBuf,
    /// The format of a directory.
    pub format: FileFormat,
    /// Rows of a file.
    pub chunk_rows: u64,
    /// Whether an existing target is replaced.
    pub overwrite: bool,
    /// Whether a database gets keys.
    pub keys: bool,
}

impl WriteOptions {
    /// Returns what writes to a place where nothing is yet.
    pub fn new(out: PathBuf, format: FileFormat) -> WriteOptions {
        WriteOptions {
            out,
            format,
            chunk_rows: CHUNK_ROWS,
            overwrite: false,
            keys: true,
        }
    }
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

/// What is behind a database's name in that of the file beside it which says how to make it again.
pub(crate) const DATASET: &str = ".dataset.json";

/// Returns the path of a file whose name begins as that of another.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.components().collect::<PathBuf>().into_os_string();
    name.push(suffix);
    name.into()
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
    model: &Arc<Model>,
    model_digest: &str,
    options: &GenerateOptions,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Generated, Error> {
    let dataset = Dataset::new(model, &options.dataset, cancel)?;
    dataset
        .plan()
        .notes
        .iter()
        .for_each(|note| progress.warn(note));
    let selection = dataset.select(&options.tables, options.part)?;
    let write = &options.write;
    self::write(&dataset, &selection, model_digest, write, progress, cancel)
}

/// Writes what is selected of a dataset.
///
/// # Errors
/// Targets that cannot be written.
pub fn write(
    dataset: &Dataset,
    selection: &Selection,
    model_digest: &str,
    options: &WriteOptions,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Generated, Error> {
    let chunks = dataset.chunks(selection, options.chunk_rows)?;
    let job = Job {
        dataset,
        selection,
        progress,
        cancel,
    };
    for &table in &selection.tables {
        let ours = chunks.iter().filter(|chunk| chunk.table == table);
        let rows = ours.map(|chunk| chunk.rows).sum();
        progress.begin(dataset.name(table), rows);
    }
    let info = job.info(model_digest, options);
    let generated = if is_database(&options.out) {
        job.database(options, &chunks, info)
    } else {
        job.directory(options, &chunks, info)
    };
    selection
        .tables
        .iter()
        .for_each(|&table| progress.finish(dataset.name(table)));
    generated
}

struct Job<'a> {
    dataset: &'a Dataset,
    selection: &'a Selection,
    progress: &'a dyn Progress,
    cancel: &'a Cancel,
}

impl Job<'_> {
    fn info(&self, model_digest: &str, options: &WriteOptions) -> DatasetInfo {
        DatasetInfo {
            product_version: env!("CARGO_PKG_VERSION").to_string(),
            model_digest: model_digest.to_string(),
            seed: self.dataset.seed(),
            format: options.format.as_str().to_string(),
            chunk_rows: options.chunk_rows,
            part: self.selection.part,
            plan: self
                .selection
                .tables
                .iter()
                .map(|&table| TablePlan {
                    table: self.name(table).to_string(),
                    rows: self.dataset.plan().rows[table],
                })
                .collect(),
            tables: Vec::new(),
            undeclared: Vec::new(),
            notes: self.dataset.plan().notes.clone(),
        }
    }

    fn name(&self, table: usize) -> &str {
        self.dataset.name(table)
    }

    fn batch(&self, table: usize, (first, rows): (u64, u64)) -> Result<RecordBatch, Error> {
        if self.cancel.is_cancelled() {
            return Err(Error::Interrupted);
        }
        let batch = self.dataset.batch(table, first, rows)?;
        self.progress.advance(self.name(table), rows);
        Ok(batch)
    }

    fn directory(
        &self,
        options: &WriteOptions,
        chunks: &[Chunk],
        mut info: DatasetInfo,
    ) -> Result<Generated, Error> {
        let sink = DirectorySink::create(&options.out, self.selection.part, options.overwrite)?;
        let write = |chunk: &Chunk| -> Result<FileInfo, Error> {
            let schema = self.dataset.schema(chunk.table);
            let path = sink.chunk_path(self.name(chunk.table), chunk.index, options.format)?;
            let mut writer = ChunkWriter::create(&path, options.format, Arc::clone(schema))?;
            for span in spans(chunk) {
                writer.write(&self.batch(chunk.table, span)?)?;
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
        let files: Vec<FileInfo> = self.dataset.pool().install(|| {
            chunks
                .par_iter()
                .with_max_len(1)
                .map(write)
                .collect::<Result<_, Error>>()
        })?;
        // Every part lists every table, so that the merged list is the same as a whole run's.
        info.tables = self
            .selection
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
        options: &WriteOptions,
        chunks: &[Chunk],
        mut info: DatasetInfo,
    ) -> Result<Generated, Error> {
        if self.selection.part.is_some() {
            return Err(Error::PartOfDatabase);
        }
        let beside = beside(&options.out, DATASET);
        // What prodlike wrote says so beside it; any other database is somebody's.
        let is_empty = std::fs::metadata(&options.out).is_ok_and(|file| file.len() == 0);
        if options.overwrite && options.out.is_file() && !is_empty && !beside.is_file() {
            return Err(Error::Foreign {
                path: options.out.clone(),
                kind: "database that prodlike wrote",
            });
        }
        let mut schema = self.dataset.model().schema.clone();
        let chosen: Vec<String> = self
            .selection
            .tables
            .iter()
            .map(|&table| self.name(table).to_string())
            .collect();
        schema.tables.retain(|table| chosen.contains(&table.name));
        schema.drop_broken_relationships();
        let mut sink =
            DatabaseSink::create(&options.out, &schema, options.keys, options.overwrite)?;
        let window = 4 * self.dataset.pool().current_num_threads();
        let mut written = 0;
        for chunk in chunks {
            let spans: Vec<(u64, u64)> = spans(chunk).collect();
            for spans in spans.chunks(window) {
                let batches: Vec<RecordBatch> = self.dataset.pool().install(|| {
                    spans
                        .par_iter()
                        .map(|&span| self.batch(chunk.table, span))
                        .collect::<Result<_, Error>>()
                })?;
                for batch in &batches {
                    sink.write(self.name(chunk.table), batch)?;
                }
            }
            written += chunk.rows;
        }
        if self.cancel.is_cancelled() {
            return Err(Error::Interrupted);
        }
        info.format = "duckdb".into();
        info.undeclared = sink.finish()?;
        write_dataset_json(&beside, &info)?;
        Ok(Generated {
            rows: written,
            tables: self.selection.tables.len(),
            missing: Vec::new(),
            undeclared: info.undeclared,
            notes: info.notes,
        })
    }
}
