//! A manifest as one job.

use std::path::PathBuf;

use prodlike_engine::FileFormat;
use prodlike_engine::snapshot::SnapshotOptions;
use pyo3::prelude::*;

use crate::jobs;
use crate::model::options;
use crate::report::Report;

/// What a snapshot came to: whether it was published, where, where the model is, its digest,
/// whether it was there already, the seed, the rows, and where the reports are; and the report.
type Done = (
    (bool, PathBuf, PathBuf, String, bool, u64, u64, Vec<PathBuf>),
    Report,
);

/// Runs the job of a manifest.
#[pyfunction]
#[pyo3(signature = (
    manifest, output, model, format, scale, rows, seed, floors, refit, threads, plugins, progress,
))]
#[expect(clippy::too_many_arguments, reason = "all of them are named in Python")]
pub(crate) fn snapshot(
    py: Python<'_>,
    manifest: PathBuf,
    output: Option<PathBuf>,
    model: Option<PathBuf>,
    format: Option<&str>,
    scale: Option<f64>,
    rows: Vec<(String, u64)>,
    seed: Option<u64>,
    floors: Vec<(String, f64)>,
    refit: bool,
    threads: usize,
    plugins: Vec<PathBuf>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Done> {
    let asked = SnapshotOptions {
        output,
        model,
        format: format.map(|format| match format {
            "csv" => FileFormat::Csv,
            _ => FileFormat::Parquet,
        }),
        scale,
        rows,
        seed,
        floors,
        refit,
    };
    let done = jobs::run(py, progress, |job| {
        let session = prodlike_engine::Session {
            threads,
            plugins: options(plugins),
            progress: job,
            cancel: &job.cancel,
            interrupts: &job.interrupts,
        };
        prodlike_engine::snapshot::snapshot(&session, &manifest, &asked)
    })?;
    let facts = (
        done.published,
        done.output,
        done.model,
        done.info.digest,
        done.reused,
        done.seed,
        done.made.rows,
        done.reports,
    );
    Ok((facts, Report::new(done.measured)))
}
