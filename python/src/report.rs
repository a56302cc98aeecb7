//! Reports: a synthetic dataset beside the real one.

use std::path::PathBuf;

use prodlike_core::evidence::Evaluation;
use prodlike_engine::evaluate::{EvaluateOptions, evaluate as measure, gates, model_facts};
use prodlike_engine::session::Measured;
use prodlike_engine::{Context, Error};
use pyo3::prelude::*;

use crate::errors;
use crate::jobs;
use crate::manifest::Manifest;
use crate::model::{Model, generators, options};
use crate::source::Source;

/// What an evaluation found.
#[pyclass(frozen)]
pub(crate) struct Report {
    measured: Measured,
}

#[pymethods]
impl Report {
    /// All of it, as the schema of reports has it.
    fn json(&self, py: Python<'_>) -> PyResult<String> {
        self.rendered(py, prodlike_engine::report_json)
    }

    /// A page.
    fn html(&self, py: Python<'_>) -> PyResult<String> {
        self.rendered(py, prodlike_engine::report_html)
    }

    /// The gates as test cases.
    fn junit(&self, py: Python<'_>) -> PyResult<String> {
        self.rendered(py, prodlike_engine::report_junit)
    }

    /// The scores and what they amount to.
    fn text(&self) -> String {
        let Measured {
            evaluation,
            context,
        } = &self.measured;
        let text = prodlike_engine::report_text(&evaluation.report);
        let verdict = prodlike_engine::report_verdict(evaluation, context);
        format!("{text}\n{verdict}")
    }

    /// A score by its name; None where it was not measured.
    fn score(&self, py: Python<'_>, name: &str) -> PyResult<Option<f64>> {
        let gates = gates(&self.measured.evaluation.report, &[(name.to_string(), 0.0)]);
        let gates = gates.map_err(|error| errors::raise(py, &error))?;
        Ok(gates.first().and_then(|gate| gate.score))
    }

    /// Gates that were not passed: name, score and floor.
    fn failed(&self) -> Vec<(String, Option<f64>, f64)> {
        let failed = self
            .measured
            .context
            .gates
            .iter()
            .filter(|gate| !gate.passed());
        failed
            .map(|gate| (gate.name.clone(), gate.score, gate.floor))
            .collect()
    }
}

impl Report {
    pub(crate) fn new(measured: Measured) -> Report {
        Report { measured }
    }

    fn rendered(
        &self,
        py: Python<'_>,
        render: fn(&Evaluation, &Context) -> Result<String, prodlike_engine::FormatError>,
    ) -> PyResult<String> {
        render(&self.measured.evaluation, &self.measured.context)
            .map_err(|error| errors::raise(py, &error.into()))
    }
}

/// Measures a synthetic dataset against the real one.
#[pyfunction]
#[pyo3(signature = (
    real, synthetic, manifest, holdout, model, floors, directory, components, threads, plugins,
))]
#[expect(clippy::too_many_arguments, reason = "all of them are named in Python")]
pub(crate) fn evaluate(
    py: Python<'_>,
    real: &Source,
    synthetic: &Source,
    manifest: PyRef<'_, Manifest>,
    holdout: Option<&Source>,
    model: Option<&Model>,
    floors: Vec<(String, f64)>,
    directory: Option<PathBuf>,
    components: Vec<Vec<u8>>,
    threads: usize,
    plugins: Vec<PathBuf>,
) -> PyResult<Report> {
    let holdouts = holdout.into_iter();
    if real.is(synthetic) || holdouts.clone().any(|it| it.is(real) || it.is(synthetic)) {
        return Err(errors::new(
            py,
            "ProdlikeError",
            "data frames cannot be held against themselves",
            Vec::new(),
            Some("Connect to them again, under another name".into()),
        ));
    }
    let read = manifest.read().map_err(|error| errors::raise(py, &error))?;
    drop(manifest);
    let options = options(plugins);
    jobs::run(py, None, |job| {
        let schema = &read.schema;
        let generators = generators(directory.as_deref(), components, schema, &options)?;
        let evaluate = |real: &mut prodlike_engine::Source| {
            synthetic.with(job, Some(schema), threads, |synthetic| {
                let options = EvaluateOptions {
                    model: model.map(|model| &*model.model),
                    transforms: &generators,
                    threads,
                };
                let cancel = &job.cancel;
                match holdout {
                    None => measure(real, synthetic, None, schema, options, cancel),
                    Some(holdout) => holdout.with(job, Some(schema), threads, |holdout| {
                        measure(real, synthetic, Some(holdout), schema, options, cancel)
                    }),
                }
            })
        };
        let evaluated = real.with(job, Some(schema), threads, evaluate)?;
        if job.cancel.is_cancelled() {
            return Err(Error::Interrupted);
        }
        let facts = |model: &Model| model_facts("the model".into(), &model.model, &model.info);
        let context = Context {
            real: real.shown.clone(),
            synthetic: synthetic.shown.clone(),
            holdout: holdout.map(|holdout| holdout.shown.clone()),
            recipe: None,
            model: model.map(facts),
            entities: evaluated.schema.privacy.entities.clone(),
            k: Some(evaluated.schema.privacy.k),
            left_out: evaluated.left_out,
            gates: gates(&evaluated.evaluation.report, &floors)?,
            product_version: env!("CARGO_PKG_VERSION").to_string(),
        };
        Ok(Report::new(Measured {
            evaluation: evaluated.evaluation,
            context,
        }))
    })
}
