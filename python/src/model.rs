//! Models: fitted, read, and looked into.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use prodlike_core::model::Model as Fitted;
use prodlike_core::progress::Progress as _;
use prodlike_engine::fit::{FitOptions, SAMPLE_ROWS};
use prodlike_engine::inspect::{self, Inspection};
use prodlike_engine::plugins::{Generators, Locking, PluginOptions};
use prodlike_engine::session::MODEL;
use prodlike_engine::{DatasetOptions, Error, ModelInfo, Size};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::dataset::Dataset;
use crate::errors;
use crate::jobs;
use crate::manifest::Manifest;
use crate::source::{Source, Told};

/// What messages call a model that lies in no file.
const IN_MEMORY: &str = "the model";

/// What was learned: all that generation needs.
#[pyclass(frozen)]
pub(crate) struct Model {
    pub(crate) model: Arc<Fitted>,
    pub(crate) info: ModelInfo,
    /// What a file of it holds.
    bytes: Arc<[u8]>,
}

#[pymethods]
impl Model {
    #[getter]
    fn digest(&self) -> &str {
        &self.info.digest
    }

    /// What a file of it holds.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.bytes)
    }

    fn save(&self, py: Python<'_>, path: PathBuf, overwrite: bool) -> PyResult<()> {
        crate::write(py, &path, &MODEL, &self.bytes, overwrite)
    }

    /// Tables in the order of the schema: name, rows that were learned, columns as name and type.
    fn tables(&self) -> Vec<Told> {
        let tables = self.model.schema.tables.iter().zip(&self.model.tables);
        let described = tables.map(|(table, learned)| {
            let columns = table.columns.iter();
            let columns = columns.map(|it| (it.name.clone(), it.data_type.to_string()));
            (table.name.clone(), learned.rows, columns.collect())
        });
        described.collect()
    }

    /// All that it knows, as text of JSON.
    fn inspect_json(&self, py: Python<'_>) -> PyResult<String> {
        let inspection = self
            .inspection(None)
            .map_err(|error| errors::raise(py, &error))?;
        Ok(inspect::json(&inspection, &self.info).to_string())
    }

    /// What it knows of a table or column, or of all, in words.
    #[pyo3(signature = (subject))]
    fn inspect_text(&self, py: Python<'_>, subject: Option<&str>) -> PyResult<String> {
        let inspection = self
            .inspection(subject)
            .map_err(|error| errors::raise(py, &error))?;
        Ok(inspect::text(&inspection, &self.info, subject.is_some()))
    }

    /// Plans a dataset, and selects of it.
    #[pyo3(signature = (scale, rows, seed, threads, plugins, tables, part))]
    #[expect(clippy::too_many_arguments, reason = "all of them are named in Python")]
    fn dataset(
        &self,
        py: Python<'_>,
        scale: f64,
        rows: Vec<(String, u64)>,
        seed: u64,
        threads: usize,
        plugins: Vec<PathBuf>,
        tables: Vec<String>,
        part: Option<(i64, i64)>,
    ) -> PyResult<Dataset> {
        // What is too small or too large is no part all the same.
        let bound = |number: i64| number.clamp(0, u32::MAX.into()) as u32;
        let part = part.map(|(part, parts)| (bound(part), bound(parts)));
        let options = DatasetOptions {
            size: Size { scale, rows },
            seed,
            threads,
            plugins: options(plugins),
        };
        jobs::run(py, None, |job| {
            let dataset = prodlike_engine::Dataset::new(&self.model, &options, &job.cancel)?;
            for note in &dataset.plan().notes {
                job.warn(note);
            }
            Ok(Dataset {
                selection: dataset.select(&tables, part)?,
                inner: Arc::new(dataset),
                model: Arc::clone(&self.model),
                digest: self.info.digest.clone(),
                threads,
            })
        })
    }
}

/// How plugins are run: the standard set lies in directories of the package.
pub(crate) fn options(standard: Vec<PathBuf>) -> PluginOptions {
    PluginOptions::here(Locking::Update, standard)
}

impl Model {
    fn inspection(&self, subject: Option<&str>) -> Result<Inspection, Error> {
        let mut inspection = inspect::inspect(&self.model)?;
        if let Some(subject) = subject {
            inspect::narrow(&mut inspection, subject)?;
        }
        Ok(inspection)
    }

    pub(crate) fn new(model: Fitted) -> Result<Model, Error> {
        let (bytes, info) = prodlike_engine::render_model(&model, Path::new(IN_MEMORY))?;
        Ok(Model {
            model: Arc::new(model),
            info,
            bytes: bytes.into(),
        })
    }

    fn of_bytes(bytes: Vec<u8>, shown: &Path) -> Result<Model, Error> {
        let (model, info) = prodlike_engine::parse_model(Cursor::new(&bytes), shown)?;
        Ok(Model {
            model: Arc::new(model),
            info,
            bytes: bytes.into(),
        })
    }
}

/// Learns a model. Plugins are those of the lockfile in `directory`, where there is one, else
/// the components that are given and the standard set.
#[pyfunction]
#[pyo3(signature = (source, manifest, directory, components, threads, plugins, progress))]
#[expect(clippy::too_many_arguments, reason = "all of them are named in Python")]
pub(crate) fn fit(
    py: Python<'_>,
    source: &Source,
    manifest: PyRef<'_, Manifest>,
    directory: Option<PathBuf>,
    components: Vec<Vec<u8>>,
    threads: usize,
    plugins: Vec<PathBuf>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Model> {
    let read = manifest.read().map_err(|error| errors::raise(py, &error))?;
    drop(manifest);
    let options = options(plugins);
    jobs::run(py, progress, |job| {
        let schema = &read.schema;
        let generators = generators(directory.as_deref(), components, schema, &options)?;
        let fitted = source.with(job, Some(schema), threads, |source| {
            prodlike_engine::fit::fit(
                source,
                schema,
                FitOptions {
                    sample_entities: read.sample_entities,
                    sample_rows: SAMPLE_ROWS,
                    threads,
                },
                &generators,
                job,
                &job.cancel,
            )
        })?;
        Model::new(fitted)
    })
}

/// Returns what a schema may name: of a project, or of what is given.
pub(crate) fn generators(
    directory: Option<&Path>,
    components: Vec<Vec<u8>>,
    schema: &prodlike_core::schema::Schema,
    options: &PluginOptions,
) -> Result<Generators, Error> {
    match directory.filter(|_| components.is_empty()) {
        Some(directory) => {
            prodlike_engine::plugins::supply(directory, schema, options)?;
            Generators::locked(directory, schema, options)
        }
        None => Generators::given(components, schema, options),
    }
}

/// Reads a model file.
#[pyfunction]
pub(crate) fn read_model(py: Python<'_>, path: PathBuf) -> PyResult<Model> {
    jobs::run(py, None, |_| {
        // Checked as a file before all of it is read.
        prodlike_engine::read_model(&path)?;
        let bytes = std::fs::read(&path).map_err(|source| Error::Io {
            what: "read",
            path: path.clone(),
            source,
        })?;
        Model::of_bytes(bytes, &path)
    })
}

/// Reads a model from what a file of it holds.
#[pyfunction]
pub(crate) fn parse_model(py: Python<'_>, bytes: Vec<u8>) -> PyResult<Model> {
    jobs::run(py, None, |_| Model::of_bytes(bytes, Path::new(IN_MEMORY)))
}

/// A difference: its kind, where, what was and what is, and how much.
type Change = (&'static str, String, String, String, f64);

/// Compares two models: kind, subject, before, after and size of each change.
#[pyfunction]
pub(crate) fn diff(py: Python<'_>, before: &Model, after: &Model) -> PyResult<Vec<Change>> {
    let differences = prodlike_engine::diff::diff(&before.model, &after.model)
        .map_err(|error| errors::raise(py, &error))?;
    let changes = differences.changes.into_iter();
    Ok(changes
        .map(|it| (it.kind, it.subject, it.before, it.after, it.size))
        .collect())
}
