//! Evaluate: real against synthetic, by SDMetrics' definitions.

use prodlike_core::report::Report;
use prodlike_core::schema::{Column, Schema, TableMode};
use prodlike_duckdb::Source;
use prodlike_frame::EvaluateInput;

use crate::error::Error;

/// Measures a synthetic dataset against the real one it stands for.
///
/// Tables that the synthetic dataset does not have (`--table` leaves some out) are not
/// measured; columns that it lacks cost Data Structure.
///
/// # Errors
/// Sources that cannot be read, or that have no table in common.
pub fn evaluate(
    real: &mut Source,
    synthetic: &mut Source,
    schema: &Schema,
) -> Result<(Schema, Report), Error> {
    real.prepare(schema)?;
    let made = synthetic.catalog()?;
    let mut schema = schema.clone();
    schema
        .tables
        .retain(|table| table.mode != TableMode::Exclude && made.table(&table.name).is_some());
    if schema.tables.is_empty() {
        return Err(Error::NothingInCommon);
    }
    for table in &mut schema.tables {
        table.columns.retain(|column| !column.exclude);
    }
    schema.drop_broken_relationships();
    // What the synthetic dataset really has, under the real types.
    let mut theirs = schema.clone();
    for table in &mut theirs.tables {
        let made = made.table(&table.name);
        table
            .columns
            .retain(|column| made.is_some_and(|made| made.column(&column.name).is_some()));
    }
    synthetic.prepare_unchecked(&theirs)?;
    let mut real_batches = Vec::new();
    let mut synthetic_batches = Vec::new();
    for (table, theirs) in schema.tables.iter().zip(&theirs.tables) {
        let columns: Vec<Column> = table.columns.clone();
        real_batches.push(real.read(&table.name, &columns, &[])?);
        synthetic_batches.push(synthetic.read(&table.name, &theirs.columns, &[])?);
    }
    real.check_unchanged()?;
    synthetic.check_unchanged()?;
    let report = prodlike_frame::evaluate(&EvaluateInput {
        schema: &schema,
        real: &real_batches,
        synthetic: &synthetic_batches,
    })?;
    Ok((schema, report))
}
