//! Plugins that are written in Python: projects, components and their checks.

use std::path::PathBuf;

use prodlike_author::{Kind, Language, Options, Outcome};
use prodlike_engine::plugins::Cache;
use pyo3::prelude::*;

use crate::jobs;
use crate::model::options;

/// Writes a project, with the SDK.
#[pyfunction]
pub(crate) fn create_plugin(py: Python<'_>, directory: PathBuf, name: String) -> PyResult<()> {
    jobs::run_for(py, None, |_| {
        prodlike_author::create(&directory, &name, Kind::Generator, Language::Python)
    })
}

/// Makes the component of a project, and returns where it is.
#[pyfunction]
pub(crate) fn build_plugin(py: Python<'_>, project: PathBuf) -> PyResult<PathBuf> {
    jobs::run_for(py, None, |_| {
        let built = prodlike_author::build(&project, &mut |step| tracing::info!("{step}"))?;
        Ok::<_, prodlike_author::Error>(built.path)
    })
}

/// What came of a check: its name, the kind, the outcome and the reason.
type Verdict = (String, Option<String>, &'static str, Option<String>);

/// Tries a component on what a job could ask of it: check, kind, outcome and reason of each.
#[pyfunction]
pub(crate) fn check_plugin(py: Python<'_>, component: PathBuf) -> PyResult<Vec<Verdict>> {
    let tried = Options {
        cache: options(Vec::new()).cache.map(Cache::new),
        ..Options::default()
    };
    let report = jobs::run_for(py, None, |_| {
        prodlike_author::check(&component, &tried, &mut |_| {})
    })?;
    let verdicts = report.verdicts.into_iter().map(|verdict| {
        let (outcome, reason) = match verdict.outcome {
            Outcome::Passed => ("passed", None),
            Outcome::NotApplicable(why) => ("not applicable", Some(why)),
            Outcome::Failed(fault) => ("failed", Some(fault.to_string())),
        };
        let kind = verdict.kind.map(|kind| kind.name().to_string());
        (verdict.check.name().to_string(), kind, outcome, reason)
    });
    Ok(verdicts.collect())
}
