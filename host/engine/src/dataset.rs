//! A dataset that is made as it is read: any rows of any table, in any order, and the same
//! ones each time.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchReader};
use arrow::compute::concat_batches;
use arrow::datatypes::{Field, Schema as ArrowSchema, SchemaRef};
use arrow::error::ArrowError;
use prodlike_core::model::Model;
use prodlike_core::progress::Cancel;
use rayon::prelude::*;

use crate::cells::Cells;
use crate::error::Error;
use crate::plan::{Plan, Size, plan};
use crate::plugins::{Generators, PluginOptions};

/// Rows that are drawn together.
pub(crate) const BATCH: u64 = 8192;
/// Most bytes of a batch that is handed over, as long as it has rows of several draws: offsets
/// of texts are of 32 bits.
const BATCH_BYTES: usize = 1 << 28;
/// Most files of a dataset: no file system likes more in one place.
const MAX_FILES: u64 = 1 << 24;

/// Which dataset it is, and how its rows are made.
#[derive(Clone, Debug)]
pub struct DatasetOptions {
    /// How much.
    pub size: Size,
    /// Same model, same seed, same size: same bytes.
    pub seed: u64,
    /// Threads; 0 for all.
    pub threads: usize,
    /// How the plugins of the model are run.
    pub plugins: PluginOptions,
}

/// Some tables of a dataset, or a part of their rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Positions, ascending.
    pub(crate) tables: Vec<usize>,
    /// Part K of N, from 1.
    pub(crate) part: Option<(u32, u32)>,
}

impl Selection {
    /// Returns the positions of the tables, ascending.
    pub fn tables(&self) -> &[usize] {
        &self.tables
    }
}

/// A dataset of a model, a seed and a size, of which nothing is made yet.
pub struct Dataset {
    model: Arc<Model>,
    seed: u64,
    cells: Cells,
    /// Parallel to the tables.
    schemas: Vec<SchemaRef>,
    pool: rayon::ThreadPool,
}

/// A run of rows of one table that goes to one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) table: usize,
    pub(crate) index: u64,
    pub(crate) first: u64,
    pub(crate) rows: u64,
}

impl Dataset {
    /// Plans a dataset: who refers to whom, and how often.
    ///
    /// # Errors
    /// Sizes that cannot be met, plugins that cannot be run; [`Error::Interrupted`].
    pub fn new(
        model: &Arc<Model>,
        options: &DatasetOptions,
        cancel: &Cancel,
    ) -> Result<Dataset, Error> {
        let seed = options.seed;
        let plan = plan(model, seed, &options.size)?;
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(options.threads)
            .build()
            .map_err(|error| Error::Internal(format!("no thread pool: {error}")))?;
        let generators = Generators::of_model(model, &options.plugins)?;
        let cells = pool.install(|| Cells::new(model, plan, seed, &generators, cancel))?;
        let schemas = (0..model.tables.len()).map(|table| arrow_schema(model, table));
        Ok(Dataset {
            model: Arc::clone(model),
            seed,
            schemas: schemas.collect::<Result<_, Error>>()?,
            cells,
            pool,
        })
    }

    /// Returns the model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Returns the root of all randomness.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Returns how much of each table there is, and what could not be as wished.
    pub fn plan(&self) -> &Plan {
        self.cells.plan()
    }

    /// Returns the columns of a table.
    pub fn schema(&self, table: usize) -> &SchemaRef {
        &self.schemas[table]
    }

    pub(crate) fn pool(&self) -> &rayon::ThreadPool {
        &self.pool
    }

    pub(crate) fn name(&self, table: usize) -> &str {
        &self.model.schema.tables[table].name
    }

    /// Returns the position of a table.
    ///
    /// # Errors
    /// A table that the model does not have.
    pub fn position(&self, name: &str) -> Result<usize, Error> {
        let schema = &self.model.schema;
        let position = schema.table_idx(name);
        position.ok_or_else(|| Error::unknown_table(schema, name))
    }

    /// Selects tables, all of them where no name is given, and part K of N of their rows.
    ///
    /// # Errors
    /// A table that the model does not have, a part that does not exist.
    pub fn select(&self, names: &[String], part: Option<(u32, u32)>) -> Result<Selection, Error> {
        if let Some((part, parts)) = part.filter(|&(part, parts)| part == 0 || part > parts) {
            return Err(Error::Part { part, parts });
        }
        let mut tables: Vec<usize> = match names.is_empty() {
            true => (0..self.model.tables.len()).collect(),
            false => {
                let positions = names.iter().map(|name| self.position(name));
                positions.collect::<Result<_, _>>()?
            }
        };
        tables.sort_unstable();
        tables.dedup();
        Ok(Selection { tables, part })
    }

    /// Cuts tables into chunks, and returns those of a part: every N-th.
    ///
    /// # Errors
    /// Chunks without a row, or more of them than files can be.
    pub(crate) fn chunks(
        &self,
        selection: &Selection,
        chunk_rows: u64,
    ) -> Result<Vec<Chunk>, Error> {
        if chunk_rows == 0 {
            return Err(Error::ChunkRows);
        }
        let tables = &selection.tables;
        let (part, parts) = selection.part.unwrap_or((1, 1));
        let files = tables
            .iter()
            .map(|&table| self.plan().rows[table].div_ceil(chunk_rows))
            .fold(0, u64::saturating_add);
        if files > MAX_FILES {
            return Err(Error::Files { files });
        }
        let all = tables.iter().flat_map(|&table| {
            let rows = self.plan().rows[table];
            // An empty table has one empty file, so that it exists.
            (0..rows.div_ceil(chunk_rows).max(1)).map(move |index| {
                let first = index * chunk_rows;
                Chunk {
                    table,
                    index,
                    first,
                    rows: chunk_rows.min(rows - first),
                }
            })
        });
        Ok(all
            .enumerate()
            .filter(|(i, _)| (i % parts as usize) as u32 == part - 1)
            .map(|(_, chunk)| chunk)
            .collect())
    }

    /// Makes rows of a table, which must be there.
    ///
    /// # Errors
    /// A generator that fails.
    pub(crate) fn batch(&self, table: usize, first: u64, rows: u64) -> Result<RecordBatch, Error> {
        let schema = &self.schemas[table];
        let columns: Vec<usize> = (0..schema.fields().len()).collect();
        let rows: Vec<u64> = (first..first + rows).collect();
        let arrays = self.cells.columns(table, &columns, &rows)?;
        RecordBatch::try_new(Arc::clone(schema), arrays).map_err(|source| Error::Arrow {
            table: self.name(table).to_string(),
            source,
        })
    }

    /// Returns the first selected rows of a table.
    ///
    /// # Errors
    /// A generator that fails.
    pub fn first(
        self: &Arc<Self>,
        table: usize,
        selection: &Selection,
        rows: usize,
        cancel: &Cancel,
    ) -> Result<RecordBatch, Error> {
        let batches = self.batches(table, selection, cancel)?;
        let (first, most) = match batches.left.front() {
            Some(chunk) => (chunk.first, chunk.rows),
            None => (0, 0),
        };
        self.batch(table, first, most.min(rows as u64))
    }

    /// Returns the selected rows of a table, batch by batch: those that a file of it would have.
    ///
    /// # Errors
    /// More chunks than there can be.
    pub fn batches(
        self: &Arc<Self>,
        table: usize,
        selection: &Selection,
        cancel: &Cancel,
    ) -> Result<Batches, Error> {
        let chunks = self.chunks(selection, crate::generate::CHUNK_ROWS)?;
        let ours = chunks.iter().filter(|chunk| chunk.table == table);
        Ok(Batches {
            dataset: Arc::clone(self),
            table,
            left: ours.copied().collect(),
            made: VecDeque::new(),
            cancel: cancel.clone(),
        })
    }
}

/// Cuts a chunk into what is drawn together: first rows and numbers of rows.
pub(crate) fn spans(chunk: &Chunk) -> impl Iterator<Item = (u64, u64)> + use<> {
    let end = chunk.first + chunk.rows;
    (chunk.first..end)
        .step_by(BATCH as usize)
        .map(move |first| (first, BATCH.min(end - first)))
}

fn arrow_schema(model: &Model, table: usize) -> Result<SchemaRef, Error> {
    let columns = &model.schema.tables[table].columns;
    let fields = columns.iter().map(|column| {
        let data_type = column
            .data_type
            .to_arrow()
            .ok_or_else(|| Error::Internal(format!("{} has no Arrow type", column.data_type)))?;
        Ok(Field::new(&column.name, data_type, column.nullable))
    });
    let fields = fields.collect::<Result<Vec<_>, Error>>()?;
    Ok(Arc::new(ArrowSchema::new(fields)))
}

/// The rows of a table, made a chunk ahead on all threads of the dataset.
///
/// A chunk is a batch, unless it is very large: readers pay for each batch and column.
pub struct Batches {
    dataset: Arc<Dataset>,
    table: usize,
    /// What is to be made.
    left: VecDeque<Chunk>,
    made: VecDeque<RecordBatch>,
    cancel: Cancel,
}

impl Batches {
    /// Returns the rows that are still to come.
    pub fn rows(&self) -> u64 {
        let made = self.made.iter().map(|batch| batch.num_rows() as u64);
        made.chain(self.left.iter().map(|chunk| chunk.rows)).sum()
    }

    /// Returns the next batch; `None` behind the last one.
    ///
    /// # Errors
    /// A generator that fails; [`Error::Interrupted`].
    pub fn next_batch(&mut self) -> Result<Option<RecordBatch>, Error> {
        if self.cancel.is_cancelled() {
            return Err(Error::Interrupted);
        }
        if let (true, Some(chunk)) = (self.made.is_empty(), self.left.pop_front()) {
            let spans: Vec<(u64, u64)> = spans(&chunk).collect();
            let dataset = &self.dataset;
            let made: Vec<RecordBatch> = dataset.pool.install(|| {
                let make = |&(first, rows): &(u64, u64)| match self.cancel.is_cancelled() {
                    true => Err(Error::Interrupted),
                    false => dataset.batch(self.table, first, rows),
                };
                spans.par_iter().map(make).collect::<Result<_, Error>>()
            })?;
            self.made = joined(&made).map_err(|source| Error::Arrow {
                table: dataset.name(self.table).to_string(),
                source,
            })?;
        }
        Ok(self.made.pop_front())
    }
}

/// Joins batches that follow one another, up to a number of bytes.
fn joined(batches: &[RecordBatch]) -> Result<VecDeque<RecordBatch>, ArrowError> {
    let mut joined = VecDeque::new();
    let mut start = 0;
    let mut bytes = 0;
    for (at, batch) in batches.iter().enumerate() {
        let more = batch.get_array_memory_size();
        if at > start && bytes + more > BATCH_BYTES {
            joined.push_back(concat_batches(batch.schema_ref(), &batches[start..at])?);
            (start, bytes) = (at, 0);
        }
        bytes += more;
    }
    if let Some(batch) = batches.get(start) {
        joined.push_back(concat_batches(batch.schema_ref(), &batches[start..])?);
    }
    Ok(joined)
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_batch()
            .map_err(|error| ArrowError::ExternalError(Box::new(error)))
            .transpose()
    }
}

impl RecordBatchReader for Batches {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.dataset.schema(self.table))
    }
}
