//! The engine as a module of Python, `prodlike._engine`: what the package builds on.
//!
//! Nothing here decides anything: each function takes what Python has, runs a stage of the
//! engine on threads of its own while Python goes on, and hands over what came of it.

mod dataset;
mod errors;
mod jobs;
mod logging;
mod manifest;
mod model;
mod plugin;
mod report;
mod snapshot;
mod source;
mod streams;

use std::path::{Path, PathBuf};

use prodlike_engine::session::{DOCUMENT, FileKind, JUNIT, MANIFEST, PAGE, writable};
use prodlike_engine::write_whole;
use pyo3::prelude::*;

/// Writes a file, whole or not at all; one of another kind is not replaced.
pub(crate) fn write(
    py: Python<'_>,
    path: &Path,
    kind: &FileKind,
    bytes: &[u8],
    overwrite: bool,
) -> PyResult<()> {
    writable(path, kind)
        .and_then(|()| Ok(write_whole(path, bytes, overwrite)?))
        .map_err(|error| errors::raise(py, &error))
}

/// Writes a manifest.
#[pyfunction]
fn write_manifest(py: Python<'_>, path: PathBuf, text: &str, overwrite: bool) -> PyResult<()> {
    write(py, &path, &MANIFEST, text.as_bytes(), overwrite)
}

/// Writes a report over one that is there.
#[pyfunction]
fn write_report(py: Python<'_>, path: PathBuf, text: &str) -> PyResult<()> {
    let kind = match path.extension().and_then(|it| it.to_str()) {
        Some("html") => PAGE,
        Some("json") => DOCUMENT,
        _ => JUNIT,
    };
    write(py, &path, &kind, text.as_bytes(), true)
}

/// The engine. Use `prodlike` instead: this module may change at any time.
#[pymodule]
mod _engine {
    #[pymodule_export]
    const MAX_THREADS: usize = prodlike_engine::session::MAX_THREADS;
    #[pymodule_export]
    use super::dataset::{Batches, Dataset};
    #[pymodule_export]
    use super::manifest::Manifest;
    #[pymodule_export]
    use super::model::{Model, diff, fit, parse_model, read_model};
    #[pymodule_export]
    use super::plugin::{build_plugin, check_plugin, create_plugin};
    #[pymodule_export]
    use super::report::{Report, evaluate};
    #[pymodule_export]
    use super::snapshot::snapshot;
    #[pymodule_export]
    use super::source::{Source, open_paths, open_streams};

    use pyo3::prelude::*;

    #[pymodule_export]
    use super::{write_manifest, write_report};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        super::logging::listen();
        Ok(())
    }
}
