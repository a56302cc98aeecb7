//! From DuckDB's results to batches and rows.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, new_empty_array};
use arrow::compute::{cast, concat};
use arrow::datatypes::{Field, Schema};
use duckdb::{Connection, Row};
use prodlike_core::schema::{Column, DataType};

use crate::error::Error;

/// Least rows of a batch but the last: DuckDB's own vectors of 2,048 are too small.
const BATCH_ROWS: usize = 1 << 17;

/// Runs a query and maps its rows.
pub(crate) fn rows<T>(
    connection: &Connection,
    action: &str,
    sql: &str,
    map: impl FnMut(&Row<'_>) -> duckdb::Result<T>,
) -> Result<Vec<T>, Error> {
    let run = || -> duckdb::Result<Vec<T>> {
        let mut statement = connection.prepare(sql)?;
        statement.query_map([], map)?.collect()
    };
    run().map_err(Error::query(action))
}

/// Runs a query that has one row.
pub(crate) fn row<T>(
    connection: &Connection,
    action: &str,
    sql: &str,
    map: impl FnOnce(&Row<'_>) -> duckdb::Result<T>,
) -> Result<T, Error> {
    connection
        .query_row(sql, [], map)
        .map_err(Error::query(action))
}

/// Runs a query whose one value is a count.
pub(crate) fn count(connection: &Connection, action: &str, sql: &str) -> Result<u64, Error> {
    row(connection, action, sql, |row| row.get(0))
}

/// Runs statements.
pub(crate) fn run(connection: &Connection, action: &str, sql: &str) -> Result<(), Error> {
    connection.execute_batch(sql).map_err(Error::query(action))
}

/// Runs a query whose columns are `columns`, in that order, and returns at least one batch.
pub(crate) fn batches(
    connection: &Connection,
    action: &str,
    sql: &str,
    columns: &[&Column],
) -> Result<Vec<RecordBatch>, Error> {
    let schema = Arc::new(arrow_schema(columns)?);
    let mut batches = Vec::new();
    let mut waiting: Vec<Vec<ArrayRef>> = vec![Vec::new(); columns.len()];
    let mut n_rows = 0;
    for_each_chunk(connection, action, sql, |arrays| {
        n_rows += arrays.first().map_or(0, |array| array.len());
        for (waiting, array) in waiting.iter_mut().zip(arrays) {
            waiting.push(array.clone());
        }
        if n_rows >= BATCH_ROWS {
            batches.push(merge(action, &schema, &mut waiting)?);
            n_rows = 0;
        }
        Ok(())
    })?;
    if n_rows > 0 || batches.is_empty() {
        batches.push(merge(action, &schema, &mut waiting)?);
    }
    Ok(batches)
}

/// Runs a query and returns its whole result as one batch.
pub(crate) fn one_batch(
    connection: &Connection,
    action: &str,
    sql: &str,
    columns: &[&Column],
) -> Result<RecordBatch, Error> {
    let schema = Arc::new(arrow_schema(columns)?);
    let mut waiting: Vec<Vec<ArrayRef>> = vec![Vec::new(); columns.len()];
    for_each_chunk(connection, action, sql, |arrays| {
        for (waiting, array) in waiting.iter_mut().zip(arrays) {
            waiting.push(array.clone());
        }
        Ok(())
    })?;
    merge(action, &schema, &mut waiting)
}

/// Runs a query and hands over its columns, chunk by chunk.
///
/// The iterators of the duckdb crate panic on a failed fetch; `step` does not.
pub(crate) fn for_each_chunk(
    connection: &Connection,
    action: &str,
    sql: &str,
    mut take: impl FnMut(&[ArrayRef]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut statement = connection.prepare(sql).map_err(Error::query(action))?;
    statement.execute([]).map_err(Error::query(action))?;
    while let Some(chunk) = statement.step().map_err(Error::query(action))? {
        take(chunk.columns())?;
    }
    Ok(())
}

/// Runs a query and hands over its columns in the types that carry `types`, chunk by chunk, as
/// DuckDB finds them: the result is held nowhere.
pub(crate) fn for_each_streamed(
    connection: &Connection,
    action: &str,
    sql: &str,
    types: &[&DataType],
    mut take: impl FnMut(&[ArrayRef]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut statement = connection.prepare(sql).map_err(Error::query(action))?;
    // The iterator panics on a failed fetch; `step` does not.
    drop(statement.stream_arrow([]).map_err(Error::query(action))?);
    while let Some(chunk) = statement.step().map_err(Error::query(action))? {
        let mut arrays = Vec::with_capacity(types.len());
        for (array, data_type) in chunk.columns().iter().zip(types) {
            arrays.push(match data_type.to_arrow() {
                Some(wanted) if wanted != *array.data_type() => {
                    cast(array, &wanted).map_err(|source| Error::Arrow {
                        action: action.to_string(),
                        source,
                    })?
                }
                _ => Arc::clone(array),
            });
        }
        take(&arrays)?;
    }
    Ok(())
}

/// Returns the Arrow schema of columns; nullability is a matter of ours, not of the batch.
pub(crate) fn arrow_schema(columns: &[&Column]) -> Result<Schema, Error> {
    let fields: Result<Vec<Field>, Error> = columns
        .iter()
        .map(|column| match column.data_type.to_arrow() {
            Some(data_type) => Ok(Field::new(&column.name, data_type, true)),
            None => Err(Error::Internal {
                what: format!("column `{}` has a type that is not carried", column.name),
            }),
        })
        .collect();
    Ok(Schema::new(fields?))
}

fn merge(
    action: &str,
    schema: &Arc<Schema>,
    waiting: &mut [Vec<ArrayRef>],
) -> Result<RecordBatch, Error> {
    let failed = |source| Error::Arrow {
        action: action.to_string(),
        source,
    };
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(waiting.len());
    for (field, chunks) in schema.fields().iter().zip(waiting) {
        let chunks = std::mem::take(chunks);
        let parts: Vec<&dyn Array> = chunks.iter().map(|chunk| chunk.as_ref()).collect();
        let whole = match parts.as_slice() {
            [] => new_empty_array(field.data_type()),
            parts => concat(parts).map_err(failed)?,
        };
        columns.push(if whole.data_type() == field.data_type() {
            whole
        } else {
            cast(&whole, field.data_type()).map_err(failed)?
        });
    }
    let n_rows = columns.first().map_or(0, |column| column.len());
    let options = RecordBatchOptions::new().with_row_count(Some(n_rows));
    RecordBatch::try_new_with_options(schema.clone(), columns, &options).map_err(failed)
}
