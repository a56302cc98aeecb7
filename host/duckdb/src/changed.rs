//! Tables of which a transform changes columns as they are read.
//!
//! They are read once, row after row in the order of the source, and what comes out is kept in
//! the temporary database; every query of a fit or an evaluation sees that alone.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use prodlike_core::generator::{GeneratorError, GeneratorRegistry, ReadTransform};
use prodlike_core::schema::{Column, DataType, Schema, Table};

use crate::batches::{count, for_each_streamed, run};
use crate::carry::{appendable, carried, loaded, staged};
use crate::error::Error;
use crate::prepare::cast_from;
use crate::quote::{identifier, join};
use crate::source::{Source, prepared_name};

/// A column that is read.
struct Seen<'a> {
    column: &'a Column,
    /// As it crosses from DuckDB: the type of the source where a transform sees it.
    data_type: &'a DataType,
}

/// What becomes of a column that is kept.
struct Change {
    /// What it is shown, as positions of what is read.
    input: Vec<usize>,
    transform: Arc<dyn ReadTransform>,
}

/// Whether a column of a table is changed as it is read.
pub(crate) fn is_changed(table: &Table) -> bool {
    table.included().any(|column| column.transform.is_some())
}

/// Whether any of some columns is changed, so that what the source declares of them says nothing.
pub(crate) fn any_changed(table: &Table, names: &[String]) -> bool {
    let mut columns = names.iter().filter_map(|name| table.column(name));
    columns.any(|column| column.transform.is_some())
}

impl Source {
    /// Reads a table through its transforms, into a table of its own.
    pub(crate) fn make_changed(
        &mut self,
        schema: &Schema,
        table: &Table,
        registry: &dyn GeneratorRegistry,
    ) -> Result<(), Error> {
        let (found, relation) = self.declared(&table.name)?;
        let (found, relation) = (found.clone(), relation.to_string());
        let kept: Vec<&Column> = table.included().collect();
        let mut seen: Vec<Seen<'_>> = Vec::new();
        for column in &kept {
            seen.push(Seen {
                column,
                data_type: match (&column.transform, found.column(&column.name)) {
                    (Some(_), Some(found)) => &found.data_type,
                    _ => &column.data_type,
                },
            });
        }
        let mut changes: Vec<Option<Change>> = Vec::new();
        for column in &kept {
            changes.push(match &column.transform {
                Some(_) => Some(change(schema, &found, table, column, registry, &mut seen)?),
                None => None,
            });
        }
        let action = format!("read table `{}`", table.name);
        let sql = format!(
            "SELECT {} FROM {relation}",
            join(&seen, ", ", |seen| {
                let name = identifier(&seen.column.name);
                let value = match found.column(&seen.column.name) {
                    Some(found) if found.data_type != *seen.data_type => {
                        cast_from(&name, seen.data_type)
                    }
                    _ => name.clone(),
                };
                format!("{} AS {name}", carried(&value, seen.data_type))
            })
        );
        let total = count(
            &self.connection,
            &action,
            &format!("SELECT count(*) FROM {relation}"),
        )?;
        let target = self.changed_table(table, &kept)?;
        let learning: Vec<(&Column, &Change)> = kept
            .iter()
            .zip(&changes)
            .filter_map(|(column, change)| Some((*column, change.as_ref()?)))
            .filter(|(_, change)| change.transform.learns())
            .collect();
        if !learning.is_empty() {
            self.stream(&action, &sql, &seen, |first, arrays| {
                learning.iter().try_for_each(|(column, change)| {
                    let input = change.shown(arrays);
                    let learned = change.transform.learn(first, &input);
                    learned.map_err(failed(table, column))
                })
            })?;
        }
        let writer = self
            .connection
            .try_clone()
            .map_err(Error::query(action.clone()))?;
        let mut appender = writer
            .appender_to_catalog_and_db(&table.name, "staged", "changed")
            .map_err(Error::query(action.clone()))?;
        self.stream(&action, &sql, &seen, |first, arrays| {
            let mut values: Vec<(&String, ArrayRef)> = Vec::with_capacity(kept.len());
            for (position, column) in kept.iter().enumerate() {
                let array = match &changes[position] {
                    Some(change) => {
                        let input = change.shown(arrays);
                        let changed = change.transform.apply(first, total, &input);
                        changed.map_err(failed(table, column))?
                    }
                    None => Arc::clone(&arrays[position]),
                };
                values.push((&column.name, appendable(array)));
            }
            let batch = RecordBatch::try_from_iter(values).map_err(arrow_error(&action))?;
            let appended = appender.append_record_batch(batch);
            appended.map_err(Error::query(action.clone()))
        })?;
        appender.flush().map_err(Error::query(action.clone()))?;
        drop(appender);
        let columns = join(&kept, ", ", |column| {
            let name = identifier(&column.name);
            format!("{} AS {name}", loaded(&name, &column.data_type))
        });
        run(
            &self.connection,
            &action,
            &format!(
                "CREATE VIEW {} AS SELECT {columns} FROM {target}",
                prepared_name(&table.name)
            ),
        )
    }

    /// Makes the table that changed rows go into, and returns its name.
    fn changed_table(&mut self, table: &Table, kept: &[&Column]) -> Result<String, Error> {
        self.stage_schema("changed")?;
        let target = format!("staged.changed.{}", identifier(&table.name));
        let columns = join(kept, ", ", |column| {
            let name = identifier(&column.name);
            match staged(&column.data_type) {
                Some(carrier) => format!("{name} {carrier}"),
                None => format!("{name} {}", column.data_type),
            }
        });
        run(
            &self.connection,
            &format!("make room for table `{}`", table.name),
            &format!("CREATE OR REPLACE TABLE {target} ({columns})"),
        )?;
        Ok(target)
    }

    /// Hands over the rows of a query in their order, with the number of the first of each chunk.
    fn stream(
        &self,
        action: &str,
        sql: &str,
        seen: &[Seen<'_>],
        mut take: impl FnMut(u64, &[ArrayRef]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let types: Vec<&DataType> = seen.iter().map(|seen| seen.data_type).collect();
        let mut first = 0;
        for_each_streamed(&self.connection, action, sql, &types, |arrays| {
            take(first, arrays)?;
            first += arrays.first().map_or(0, |array| array.len() as u64);
            Ok(())
        })
    }
}

impl Change {
    fn shown(&self, arrays: &[ArrayRef]) -> Vec<ArrayRef> {
        let input = self.input.iter();
        input
            .map(|&position| Arc::clone(&arrays[position]))
            .collect()
    }
}

/// Builds the transform of a column, and sees to it that what it is shown is read.
fn change<'a>(
    schema: &'a Schema,
    found: &'a Table,
    table: &'a Table,
    column: &Column,
    registry: &dyn GeneratorRegistry,
    seen: &mut Vec<Seen<'a>>,
) -> Result<Change, Error> {
    let transform = registry
        .read_transform(schema, found, column)
        .map_err(failed(table, column))?;
    let mut input = Vec::new();
    for name in transform.input() {
        let position = seen.iter().position(|seen| seen.column.name == *name);
        input.push(match position {
            Some(position) => position,
            None => {
                // One that is excluded: read, but not kept.
                let column = found.column(name).ok_or_else(|| Error::UnknownColumn {
                    table: table.name.clone(),
                    column: name.clone(),
                    nearest: None,
                })?;
                seen.push(Seen {
                    column,
                    data_type: &column.data_type,
                });
                seen.len() - 1
            }
        });
    }
    Ok(Change { input, transform })
}

fn failed<'a>(
    table: &'a Table,
    column: &'a Column,
) -> impl FnOnce(GeneratorError) -> Error + use<'a> {
    move |source| Error::Transform {
        table: table.name.clone(),
        column: column.name.clone(),
        source: Box::new(source),
    }
}

fn arrow_error(action: &str) -> impl FnOnce(arrow::error::ArrowError) -> Error + use<> {
    let action = action.to_string();
    move |source| Error::Arrow { action, source }
}
