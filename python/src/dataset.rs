//! Synthetic data, made while it is read.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use arrow::array::{Array as _, RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use prodlike_core::model::Model;
use prodlike_core::progress::Cancel;
use prodlike_engine::generate::{WriteOptions, write};
use prodlike_engine::{Error, FileFormat, Selection};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::errors;
use crate::jobs::{self, lock};
use crate::source::Source;
use crate::streams;

/// A dataset of a model, a seed and a size.
#[pyclass(frozen)]
pub(crate) struct Dataset {
    pub(crate) inner: Arc<prodlike_engine::Dataset>,
    pub(crate) model: Arc<Model>,
    pub(crate) digest: String,
    /// What of it is shown and written.
    pub(crate) selection: Selection,
    pub(crate) threads: usize,
}

#[pymethods]
impl Dataset {
    /// The names of the selected tables, in the order of the schema.
    fn names(&self) -> Vec<String> {
        let tables = self.selection.tables().iter();
        tables
            .map(|&table| self.model.schema.tables[table].name.clone())
            .collect()
    }

    /// All tables and their rows, in the order of the schema.
    fn tables(&self) -> Vec<(String, u64)> {
        let tables = self.model.schema.tables.iter();
        tables
            .map(|table| table.name.clone())
            .zip(self.inner.plan().rows.iter().copied())
            .collect()
    }

    #[getter]
    fn seed(&self) -> u64 {
        self.inner.seed()
    }

    #[getter]
    fn digest(&self) -> &str {
        &self.digest
    }

    /// The columns of a table: name and type.
    fn columns(&self, py: Python<'_>, table: &str) -> PyResult<Vec<(String, String)>> {
        let table = self.position(py, table)?;
        let columns = self.model.schema.tables[table].columns.iter();
        Ok(columns
            .map(|it| (it.name.clone(), it.data_type.to_string()))
            .collect())
    }

    /// The selected rows of a table, batch by batch.
    fn batches(&self, py: Python<'_>, table: &str) -> PyResult<Batches> {
        let position = self.position(py, table)?;
        let batches = self
            .inner
            .batches(position, &self.selection, &Cancel::default())
            .map_err(|error| errors::raise(py, &error))?;
        Ok(Batches {
            schema: batches.schema(),
            state: Mutex::new(State::Making(batches)),
        })
    }

    /// The first rows of a table, as text: names of columns, and rows.
    fn preview(
        &self,
        py: Python<'_>,
        table: &str,
        rows: usize,
    ) -> PyResult<(Vec<String>, Vec<Vec<String>>)> {
        let position = self.position(py, table)?;
        jobs::run(py, None, |job| {
            let first = self
                .inner
                .first(position, &self.selection, rows, &job.cancel)?;
            let fail = |error: ArrowError| Error::Internal(error.to_string());
            let options = FormatOptions::new().with_null("NULL");
            let columns = first.columns().iter();
            let columns: Vec<ArrayFormatter<'_>> = columns
                .map(|it| ArrayFormatter::try_new(it, &options).map_err(fail))
                .collect::<Result<_, _>>()?;
            let row = |row| columns.iter().map(|it| it.value(row).to_string()).collect();
            let fields = first.schema_ref().fields().iter();
            let names = fields.map(|field| field.name().clone()).collect();
            Ok((names, (0..first.num_rows()).map(row).collect()))
        })
    }

    /// Writes what is selected to a directory of files or a DuckDB file; returns the parts that
    /// are still missing and the relationships that could not be declared.
    #[pyo3(signature = (out, format, overwrite, progress))]
    fn write(
        &self,
        py: Python<'_>,
        out: PathBuf,
        format: &str,
        overwrite: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<(Vec<u32>, Vec<String>)> {
        let format = match format {
            "csv" => FileFormat::Csv,
            _ => FileFormat::Parquet,
        };
        let options = WriteOptions {
            overwrite,
            ..WriteOptions::new(out, format)
        };
        let made = jobs::run(py, progress, |job| {
            let (dataset, selection) = (&self.inner, &self.selection);
            write(dataset, selection, &self.digest, &options, job, &job.cancel)
        })?;
        Ok((made.missing, made.undeclared))
    }

    /// Reads all of it as a source, to be held against another.
    fn as_source(&self, py: Python<'_>) -> PyResult<Source> {
        jobs::run(py, None, |job| {
            let all = self.inner.select(&[], None)?;
            let tables = self.model.schema.tables.iter().enumerate();
            let streams = tables.map(|(position, table)| {
                let batches = self.inner.batches(position, &all, &job.cancel)?;
                let reader: Box<dyn RecordBatchReader + Send> = Box::new(batches);
                Ok((table.name.clone(), reader))
            });
            let streams = streams.collect::<Result<Vec<_>, Error>>()?;
            Source::staged(job, streams, self.threads, "(synthetic)")
        })
    }
}

impl Dataset {
    fn position(&self, py: Python<'_>, table: &str) -> PyResult<usize> {
        let position = self.inner.position(table);
        position.map_err(|error| errors::raise(py, &error))
    }
}

/// Rows of one table: still to be made, or all there.
#[pyclass(frozen)]
pub(crate) struct Batches {
    schema: SchemaRef,
    state: Mutex<State>,
}

enum State {
    Making(prodlike_engine::Batches),
    Made(Vec<RecordBatch>),
    /// They went out as a stream.
    Gone,
}

#[pymethods]
impl Batches {
    fn __iter__(this: Bound<'_, Self>) -> Bound<'_, Self> {
        this
    }

    /// The next batch, as one that has `__arrow_c_stream__` itself.
    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Batches>> {
        let batch = jobs::run(py, None, |_| match &mut *lock(&self.state) {
            State::Making(batches) => batches.next_batch(),
            State::Made(_) | State::Gone => Ok(None),
        })?;
        Ok(batch.map(|batch| self.of(vec![batch])))
    }

    /// Makes all rows, and keeps them.
    #[pyo3(signature = (progress, table))]
    fn collect(
        &self,
        py: Python<'_>,
        progress: Option<Py<PyAny>>,
        table: &str,
    ) -> PyResult<Batches> {
        use prodlike_core::progress::Progress as _;
        let made = jobs::run(py, progress, |job| {
            let mut state = lock(&self.state);
            let batches = match &mut *state {
                State::Made(made) => return Ok(made.clone()),
                State::Gone => return Ok(Vec::new()),
                State::Making(batches) => batches,
            };
            job.begin(table, batches.rows());
            let mut made = Vec::new();
            while let Some(batch) = batches.next_batch()? {
                if job.cancel.is_cancelled() {
                    return Err(Error::Interrupted);
                }
                job.advance(table, batch.num_rows() as u64);
                made.push(batch);
            }
            job.finish(table);
            Ok(made)
        })?;
        Ok(self.of(made))
    }

    /// Rows that are here.
    #[getter]
    fn rows(&self) -> u64 {
        match &*lock(&self.state) {
            State::Making(batches) => batches.rows(),
            State::Made(made) => made.iter().map(|batch| batch.num_rows() as u64).sum(),
            State::Gone => 0,
        }
    }

    /// Bytes of the rows that are there.
    #[getter]
    fn nbytes(&self) -> usize {
        match &*lock(&self.state) {
            State::Made(made) => made.iter().map(RecordBatch::get_array_memory_size).sum(),
            State::Making(_) | State::Gone => 0,
        }
    }

    /// Where the values of a column's batches lie, for tests that nothing is copied.
    fn addresses(&self, column: usize) -> Vec<usize> {
        match &*lock(&self.state) {
            State::Made(made) => {
                let arrays = made.iter().map(|batch| batch.column(column).to_data());
                let buffers = arrays.filter_map(|data| Some(data.buffers().last()?.as_ptr()));
                buffers.map(|pointer| pointer as usize).collect()
            }
            State::Making(_) | State::Gone => Vec::new(),
        }
    }

    /// Hands over a stream: rows that are here as often as wanted, others once.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The schema that is asked for is a wish by the interface's definition.
        drop(requested_schema);
        let mut state = lock(&self.state);
        let reader: Box<dyn RecordBatchReader + Send> = match &mut *state {
            State::Made(made) => Box::new(RecordBatchIterator::new(
                made.clone().into_iter().map(Ok),
                Arc::clone(&self.schema),
            )),
            State::Making(_) => match std::mem::replace(&mut *state, State::Gone) {
                State::Making(batches) => Box::new(batches),
                State::Made(_) | State::Gone => unreachable!("it was looked at"),
            },
            State::Gone => {
                return Err(errors::new(
                    py,
                    "ProdlikeError",
                    "these rows went out as a stream already",
                    Vec::new(),
                    Some("Ask the dataset for its table again: the same rows come".into()),
                ));
            }
        };
        streams::give(py, reader)
    }
}

impl Batches {
    fn of(&self, made: Vec<RecordBatch>) -> Batches {
        Batches {
            schema: Arc::clone(&self.schema),
            state: Mutex::new(State::Made(made)),
        }
    }
}
