//! Real data: files, or streams of data frames.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatchReader;
use prodlike_core::schema::Schema;
use prodlike_core::source::{BrokenRows, SourceSpec};
use prodlike_engine::init::{Detectors, InitOptions};
use prodlike_engine::{Error, Source as Engine};
use pyo3::prelude::*;

use crate::jobs::{self, Job, lock};
use crate::manifest::Manifest;
use crate::streams;

/// Real data, which can only be read.
#[pyclass(frozen)]
pub(crate) struct Source {
    pub(crate) shown: String,
    specs: Vec<SourceSpec>,
    /// What was opened, until it is closed.
    opened: Arc<Opened>,
    /// Whether it can be opened once only, as streams can.
    is_staged: bool,
}

/// A source while it is open.
struct Opened(Mutex<Option<Engine>>);

impl Opened {
    fn new(source: Engine) -> Arc<Opened> {
        Arc::new(Opened(Mutex::new(Some(source))))
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let opened = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        // DuckDB waits for its threads, which are not there in a child that was forked.
        if jobs::is_forked() {
            std::mem::forget(opened.take());
        }
    }
}

/// A table: its name, its rows, and its columns as name and type.
pub(crate) type Told = (String, u64, Vec<(String, String)>);

/// What a manifest says of tables that lie in no file.
const IN_MEMORY: &str = "(data frames)";

#[pymethods]
impl Source {
    /// Tables in the order of their names: name, rows, columns as name and type.
    fn tables(&self, py: Python<'_>) -> PyResult<Vec<Told>> {
        jobs::run(py, None, |job| {
            self.with(job, None, 0, |source| {
                let tables = source.catalog()?.tables;
                let described = tables.into_iter().map(|table| {
                    let columns = table.columns.iter();
                    let columns = columns.map(|it| (it.name.clone(), it.data_type.to_string()));
                    let columns = columns.collect();
                    Ok((table.name.clone(), source.count(&table.name)?, columns))
                });
                described.collect()
            })
        })
    }

    /// Proposes a manifest.
    #[pyo3(signature = (infer, threads, progress))]
    fn init(
        &self,
        py: Python<'_>,
        infer: bool,
        threads: usize,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Manifest> {
        let text = jobs::run(py, progress, |job| {
            let options = InitOptions {
                infer,
                detectors: Detectors::default(),
            };
            self.with(job, None, threads, |source| {
                let proposal =
                    prodlike_engine::init::init(source, &self.specs, &options, job, &job.cancel)?;
                Ok(proposal.manifest)
            })
        })?;
        Manifest::parse(py, text, "the proposed schema".into())
    }

    /// Closes what is open: files may be written again.
    fn close(&self) {
        if !self.is_staged {
            lock(&self.opened.0).take();
        }
    }

    #[getter]
    fn shown(&self) -> &str {
        &self.shown
    }
}

impl Source {
    /// Runs work on the opened source; where a schema is given, it is the truth about types.
    pub(crate) fn with<T>(
        &self,
        job: &Job,
        schema: Option<&Schema>,
        threads: usize,
        work: impl FnOnce(&mut Engine) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if let (Some(schema), false) = (schema, self.is_staged) {
            // Its types are those of one schema; the next may have another.
            let mut source = Engine::open_all(&self.specs, Some(schema), threads)?;
            job.interrupts.add(&source);
            return work(&mut source);
        }
        let mut opened = lock(&self.opened.0);
        let source = match opened.take() {
            Some(source) => source,
            None => Engine::open_all(&self.specs, None, threads)?,
        };
        let source = opened.insert(source);
        job.interrupts.add(source);
        work(source)
    }

    /// Whether two are one, which work on both cannot have twice.
    pub(crate) fn is(&self, other: &Source) -> bool {
        self.is_staged && Arc::ptr_eq(&self.opened, &other.opened)
    }
}

/// Opens files, directories and patterns.
#[pyfunction]
#[pyo3(signature = (paths, names, skip_broken_rows, threads))]
pub(crate) fn open_paths(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    names: Option<Vec<String>>,
    skip_broken_rows: bool,
    threads: usize,
) -> PyResult<Source> {
    let mut specs = SourceSpec::several(&paths);
    for (spec, name) in specs.iter_mut().zip(names.into_iter().flatten()) {
        spec.name = name;
    }
    if skip_broken_rows {
        for spec in &mut specs {
            spec.options.broken_rows = BrokenRows::Skip;
        }
    }
    let opened = jobs::run(py, None, |_| Ok(Engine::open_all(&specs, None, threads)?))?;
    let shown: Vec<String> = (specs.iter())
        .map(|spec| spec.path.display().to_string())
        .collect();
    Ok(Source {
        shown: shown.join(", "),
        specs,
        opened: Opened::new(opened),
        is_staged: false,
    })
}

/// Reads the streams of data frames, each a table.
#[pyfunction]
#[pyo3(signature = (frames, threads))]
pub(crate) fn open_streams(
    py: Python<'_>,
    frames: Vec<(String, Bound<'_, PyAny>)>,
    threads: usize,
) -> PyResult<Source> {
    let mut taken = Vec::new();
    for (name, frame) in frames {
        let stream = streams::take(&name, &frame)?;
        taken.push((name, stream));
    }
    jobs::run(py, None, |job| {
        let streams = taken.into_iter().map(|(name, mut stream)| {
            stream.cancel = job.cancel.clone();
            (name, Box::new(stream) as Box<dyn RecordBatchReader + Send>)
        });
        Source::staged(job, streams.collect(), threads, IN_MEMORY)
    })
}

/// A stream, and the table that it is to be.
pub(crate) type Named = (String, Box<dyn RecordBatchReader + Send>);

impl Source {
    /// Reads streams into a temporary database; one that was told to stop ends with an error of
    /// its own, which says less than that it was stopped.
    pub(crate) fn staged(
        job: &Job,
        streams: Vec<Named>,
        threads: usize,
        shown: &str,
    ) -> Result<Source, Error> {
        let opened = Engine::of_streams(streams, threads);
        if job.cancel.is_cancelled() {
            return Err(Error::Interrupted);
        }
        let opened = opened?;
        Ok(Source {
            shown: shown.to_string(),
            specs: vec![SourceSpec::one(IN_MEMORY)],
            opened: Opened::new(opened),
            is_staged: true,
        })
    }
}
