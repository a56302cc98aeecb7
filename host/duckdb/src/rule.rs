//! Rows of prepared tables beside the rows they refer to, and how many of them keep a rule.

use arrow::array::ArrayRef;
use prodlike_core::error::nearest;
use prodlike_core::rule::Kept;
use prodlike_core::schema::{Column, DataType, Relationship, Schema};
use prodlike_core::shown::Shown;

use crate::batches::{for_each_streamed, row};
use crate::carry::carried;
use crate::error::Error;
use crate::expression::{Expression, ExpressionError, named};
use crate::quote::{identifier, join};
use crate::source::Source;

impl Source {
    /// Counts the rows of a prepared table that keep a rule: those of which it is not false.
    ///
    /// # Errors
    ///
    /// Fails if a name means nothing, the expression is no truth or cannot be computed; and
    /// where reading fails.
    pub fn kept(
        &self,
        schema: &Schema,
        table: usize,
        rule: &Expression,
    ) -> Result<Kept, ExpressionError> {
        let sql = rule.sql().to_string();
        let shown = resolved(schema, table, rule)?;
        let compute = || -> Result<Result<Kept, String>, Error> {
            let action = format!("check a rule of table `{}`", schema.tables[table].name);
            let mut columns = named(rule.columns(), |at| format!("c{at}"));
            // A rule of no column has rows nevertheless.
            columns.push("true AS prodlike_row".into());
            let from = format!(
                "SELECT {} FROM ({})",
                columns.join(", "),
                self.rows_shown(schema, table, &shown, |value, _| value.to_string())?
            );
            let data_type: String = row(
                &self.connection,
                &action,
                &format!("SELECT column_type FROM (DESCRIBE SELECT (\n{sql}\n) FROM ({from}))"),
                |row| row.get(0),
            )?;
            if data_type != DataType::Boolean.to_string() {
                return Ok(Err(data_type));
            }
            let (rows, broken) = row(
                &self.connection,
                &action,
                &format!("SELECT count(*), count(*) FILTER (WHERE NOT (\n{sql}\n)) FROM ({from})"),
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            Ok(Ok(Kept { rows, broken }))
        };
        match compute() {
            Ok(Ok(kept)) => Ok(kept),
            Ok(Err(data_type)) => Err(ExpressionError::NotBoolean { sql, data_type }),
            Err(source) => Err(ExpressionError::Compute {
                sql,
                source: Box::new(source),
            }),
        }
    }

    /// Hands over what is shown of the rows of a prepared table, some rows after the other, with
    /// the number of the first of each.
    ///
    /// # Errors
    ///
    /// Fails if reading fails; and as `take` does.
    pub fn for_each_shown<E: From<Error>>(
        &self,
        schema: &Schema,
        table: usize,
        shown: &[Shown],
        mut take: impl FnMut(u64, &[ArrayRef]) -> Result<(), E>,
    ) -> Result<(), E> {
        let action = format!("read table `{}`", schema.tables[table].name);
        let sql = self.rows_shown(schema, table, shown, carried)?;
        let columns = shown.iter().filter_map(|it| column(schema, table, *it));
        let types: Vec<&DataType> = columns.map(|column| &column.data_type).collect();
        let mut failed = Ok(());
        let mut first = 0;
        for_each_streamed(&self.connection, &action, &sql, &types, |arrays| {
            failed = take(first, arrays);
            first += arrays.first().map_or(0, |array| array.len() as u64);
            match failed {
                Ok(()) => Ok(()),
                Err(_) => Err(Error::Interrupted),
            }
        })
        .or_else(|error| std::mem::replace(&mut failed, Ok(())).and(Err(error.into())))
    }

    /// SQL: what is shown of the rows of a table, as `c0`, `c1` …; a row that refers to none sees
    /// NULL.
    fn rows_shown(
        &self,
        schema: &Schema,
        table: usize,
        shown: &[Shown],
        value: impl Fn(&str, &DataType) -> String,
    ) -> Result<String, Error> {
        let mut values = vec!["true".to_string()];
        let mut parents: Vec<(usize, Vec<&Column>)> = Vec::new();
        for (at, shown) in shown.iter().enumerate() {
            let Some(of) = column(schema, table, *shown) else {
                continue;
            };
            let name = identifier(&of.name);
            let side = match shown {
                Shown::Own(_) => "child".to_string(),
                Shown::Parent { relationship, .. } => {
                    match parents.iter_mut().find(|(it, _)| it == relationship) {
                        Some((_, columns)) if columns.contains(&of) => {}
                        Some((_, columns)) => columns.push(of),
                        None => parents.push((*relationship, vec![of])),
                    }
                    format!("p{relationship}")
                }
            };
            let value = value(&format!("{side}.{name}"), &of.data_type);
            values.push(format!("{value} AS c{at}"));
        }
        if values.len() > 1 {
            values.remove(0);
        }
        let mut from = format!("{} AS child", self.prepared(&schema.tables[table].name)?);
        for (relationship, columns) in parents {
            let edge = &schema.relationships[relationship];
            from += &self.parents(edge, relationship, &columns)?;
        }
        Ok(format!("SELECT {} FROM {from}", values.join(", ")))
    }

    /// SQL: joins the parents of rows, each key once: where a synthetic key repeats, a row must
    /// not come twice, and the least value stands for all.
    fn parents(
        &self,
        edge: &Relationship,
        relationship: usize,
        columns: &[&Column],
    ) -> Result<String, Error> {
        let keys = join(edge.parent_key.iter().enumerate(), ", ", |(at, name)| {
            format!("{} AS k{at}", identifier(name))
        });
        let values = join(columns, ", ", |column| {
            let name = identifier(&column.name);
            format!("min({name}) AS {name}")
        });
        let on = join(edge.child_key.iter().enumerate(), " AND ", |(at, name)| {
            format!("child.{} = p{relationship}.k{at}", identifier(name))
        });
        Ok(format!(
            " LEFT JOIN (SELECT {keys}, {values} FROM {} GROUP BY {}) AS p{relationship} ON {on}",
            self.prepared(&edge.parent_table)?,
            join(&edge.parent_key, ", ", |name| identifier(name))
        ))
    }
}

/// Finds what the names of a rule mean.
fn resolved(
    schema: &Schema,
    table: usize,
    rule: &Expression,
) -> Result<Vec<Shown>, ExpressionError> {
    let names = rule.columns().iter().map(|names| names.join("."));
    let shown = names.map(|name| {
        schema.shown(table, &name).ok_or_else(|| {
            let columns = schema.tables[table].columns.iter();
            ExpressionError::UnknownColumn {
                sql: rule.sql().to_string(),
                nearest: nearest(&name, columns.map(|it| it.name.as_str())).map(str::to_string),
                column: name,
            }
        })
    });
    shown.collect()
}

fn column(schema: &Schema, table: usize, shown: Shown) -> Option<&Column> {
    let (table, column) = schema.place(table, shown)?;
    schema.tables.get(table)?.columns.get(column)
}
