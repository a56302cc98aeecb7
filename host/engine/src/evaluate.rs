//! Evaluate: real against synthetic, by SDMetrics' definitions, beside a second real sample.

use arrow::array::RecordBatch;
use prodlike_core::evidence::Evaluation;
use prodlike_core::generator::GeneratorRegistry;
use prodlike_core::model::{Fill, Model};
use prodlike_core::progress::Cancel;
use prodlike_core::report::Report;
use prodlike_core::schema::{Schema, SemanticType, TableMode};
use prodlike_duckdb::Source;
use prodlike_format::{Gate, ModelFacts, ModelInfo, report_score};
use prodlike_frame::EvaluateInput;

use crate::error::Error;
use crate::rules;

/// What an evaluation came to.
#[derive(Debug)]
pub struct Evaluated {
    /// What was compared: the tables of both sides.
    pub schema: Schema,
    /// Tables of the schema that were not.
    pub left_out: Vec<String>,
    /// What was found.
    pub evaluation: Evaluation,
}

/// How an evaluation works.
#[derive(Clone, Copy)]
pub struct EvaluateOptions<'a> {
    /// The model that the synthetic dataset is of, where it is known.
    pub model: Option<&'a Model>,
    /// What changes real rows as they are read.
    pub transforms: &'a dyn GeneratorRegistry,
    /// Threads; 0 for all.
    pub threads: usize,
}

/// Measures a synthetic dataset against the real one it stands for, and against what a second
/// real sample would score: the holdout, or one half of the real data against the other.
///
/// With the model, columns that it generates are not held against the real ones, whatever the
/// manifest hoped. Tables that the synthetic dataset does not have (`--table` leaves some out) are not
/// measured; columns that it lacks cost Data Structure.
///
/// # Errors
/// Sources that cannot be read, or that have no table in common; [`Error::Interrupted`].
pub fn evaluate(
    real: &mut Source,
    synthetic: &mut Source,
    holdout: Option<&mut Source>,
    schema: &Schema,
    options: EvaluateOptions<'_>,
    cancel: &Cancel,
) -> Result<Evaluated, Error> {
    let EvaluateOptions {
        model,
        transforms,
        threads,
    } = options;
    real.prepare(schema, transforms)?;
    let made = synthetic.catalog()?;
    let mut left_out = Vec::new();
    let mut whole = schema.clone();
    whole
        .tables
        .retain(|table| table.mode != TableMode::Exclude);
    without_excluded(&mut whole);
    let mut schema = schema.clone();
    schema.tables.retain(|table| {
        let is_there = table.mode != TableMode::Exclude && made.table(&table.name).is_some();
        if !is_there {
            left_out.push(table.name.clone());
        }
        is_there
    });
    if schema.tables.is_empty() {
        return Err(Error::NothingInCommon);
    }
    without_excluded(&mut schema);
    if let Some(model) = model {
        given_up(&mut schema, model);
    }
    let synthetic_batches = read_other(synthetic, &schema, None)?;
    let rules = rules::adherence((real, &whole), (synthetic, &schema), transforms)?;
    let holdout = match holdout {
        Some(holdout) => Some(read_other(holdout, &schema, Some(transforms))?),
        None => None,
    };
    let mut real_batches = Vec::new();
    for table in &schema.tables {
        real_batches.push(real.read(&table.name, &table.columns, &[])?);
    }
    real.check_unchanged()?;
    let threads = match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let evaluation = prodlike_frame::evaluate(&EvaluateInput {
        schema: &schema,
        real: &real_batches,
        synthetic: &synthetic_batches,
        rules: &rules,
        holdout: holdout.as_deref(),
        threads,
        cancel,
    })?;
    Ok(Evaluated {
        schema,
        left_out,
        evaluation,
    })
}

fn without_excluded(schema: &mut Schema) {
    for table in &mut schema.tables {
        table.columns.retain(|column| !column.exclude);
    }
    schema.drop_broken_relationships();
}

/// Marks the columns that the manifest would have learned, but that floors and keys made fit give
/// up and generate: their real values are not what the synthetic ones should be like.
fn given_up(schema: &mut Schema, model: &Model) {
    for (table, fitted) in model.schema.tables.iter().zip(&model.tables) {
        let columns = table.columns.iter().zip(&fitted.fills);
        for (column, fill) in columns {
            let ours = schema.tables.iter_mut().find(|it| it.name == table.name);
            let Some(ours) =
                ours.and_then(|it| it.columns.iter_mut().find(|it| it.name == column.name))
            else {
                continue;
            };
            let keys = std::iter::once(&table.primary_key).chain(&table.unique);
            match fill {
                Fill::Generated { spec, .. } => {
                    ours.generator.get_or_insert_with(|| spec.name.clone());
                }
                // Numbered so that a wider key is distinct, which no values of its own say.
                Fill::Sequence(sequence)
                    if !sequence.grouped
                        && keys
                            .clone()
                            .all(|key| key.len() != 1 || key[0] != column.name) =>
                {
                    ours.semantic = SemanticType::Id;
                }
                _ => {}
            }
        }
    }
}

/// Returns what a dataset has of a schema's tables and columns.
pub(crate) fn found(source: &Source, schema: &Schema) -> Result<Schema, Error> {
    let made = source.catalog()?;
    let mut theirs = schema.clone();
    theirs
        .tables
        .retain(|table| made.table(&table.name).is_some());
    for table in &mut theirs.tables {
        let made = made.table(&table.name);
        table
            .columns
            .retain(|column| made.is_some_and(|made| made.column(&column.name).is_some()));
    }
    Ok(theirs)
}

/// Reads what another dataset has of the schema's columns, under the real types; real rows go
/// through the transforms.
fn read_other(
    source: &mut Source,
    schema: &Schema,
    transforms: Option<&dyn GeneratorRegistry>,
) -> Result<Vec<Vec<RecordBatch>>, Error> {
    // Tables that are not there are read as empty ones.
    let theirs = found(source, schema)?;
    source.prepare_unchecked(&theirs, transforms)?;
    let mut batches = Vec::new();
    for table in &schema.tables {
        batches.push(match theirs.table(&table.name) {
            Some(theirs) => source.read(&table.name, &theirs.columns, &[])?,
            None => Vec::new(),
        });
    }
    source.check_unchanged()?;
    Ok(batches)
}

/// Looks up the scores that are demanded, each with the least that it may be.
///
/// # Errors
/// [`Error::UnknownScore`].
pub fn gates(report: &Report, floors: &[(String, f64)]) -> Result<Vec<Gate>, Error> {
    let gate = |(name, floor): &(String, f64)| match report_score(report, name) {
        Some(score) => Ok(Gate {
            name: name.clone(),
            floor: *floor,
            score,
        }),
        None => Err(Error::UnknownScore { name: name.clone() }),
    };
    floors.iter().map(gate).collect()
}

/// Returns what a model file says of itself, for the report.
pub fn model_facts(path: String, model: &Model, info: &ModelInfo) -> ModelFacts {
    let tables = model.schema.tables.iter().zip(&model.tables);
    ModelFacts {
        path,
        digest: info.digest.clone(),
        floors: tables
            .filter_map(|(table, fitted)| Some((table.name.clone(), fitted.floor?)))
            .collect(),
        suppressed: model.suppressed.clone(),
    }
}
