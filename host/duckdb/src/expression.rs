//! A column as an expression of SQL over other columns of its row.
//!
//! An expression may call scalar functions that give the same for the same values, whenever and
//! wherever they are called: DuckDB says which those are. It reads no table and no file.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Field, Schema};
use duckdb::Connection;
use prodlike_core::error::Hint;
use prodlike_core::schema::{Column, DataType, SemanticType};
use serde_json::Value;

use crate::batches::{one_batch, row, rows, run};
use crate::carry::{appendable, carried, loaded, staged};
use crate::error::Error;
use crate::quote::{identifier, join, literal};
use crate::source::{MEMORY_MB, start};

/// Functions that say something of DuckDB or its session, though they are called consistent.
const OF_THE_SESSION: [&str; 3] = ["current_setting", "version", "getenv"];

/// An expression that was read and found fit.
#[derive(Debug)]
pub struct Expression {
    sql: String,
    columns: Vec<Vec<String>>,
}

/// Why an expression is none that a column can have.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages are the documentation")]
pub enum ExpressionError {
    #[error("`{sql}` is not an expression: {reason}")]
    Syntax { sql: String, reason: String },
    #[error("`{sql}` holds {what}, but it is computed from its own row alone")]
    NotOfTheRow { sql: String, what: &'static str },
    #[error("`{sql}` calls {name}(), which is no scalar function of DuckDB")]
    UnknownFunction { sql: String, name: String },
    #[error("`{sql}` calls {name}(), which does not always give the same for the same values")]
    Volatile { sql: String, name: String },
    #[error("`{sql}` names `{column}`, which is not there or excluded")]
    UnknownColumn {
        sql: String,
        column: String,
        nearest: Option<String>,
    },
    #[error("`{sql}` is of type {data_type}, but a rule is true or false")]
    NotBoolean { sql: String, data_type: String },
    #[error("`{sql}` cannot be computed")]
    Compute { sql: String, source: Box<Error> },
}

impl Hint for ExpressionError {
    fn hint(&self) -> Option<String> {
        Some(match self {
            ExpressionError::Syntax { .. } => {
                "Write it as DuckDB has it behind SELECT: `first_name || ' ' || last_name`".into()
            }
            ExpressionError::NotOfTheRow { .. } => {
                "Name columns of the row, or of a row that it refers to: `customer.city`".into()
            }
            ExpressionError::UnknownFunction { .. } => {
                "See https://duckdb.org/docs/stable/sql/functions/overview".into()
            }
            ExpressionError::Volatile { .. } => {
                "Leave it out, or write a generator: `prodlike plugin new`".into()
            }
            ExpressionError::UnknownColumn { nearest, .. } => match nearest {
                Some(nearest) => format!("Did you mean `{nearest}`?"),
                None => "Name columns of the table, or of a row that it refers to: \
                         `customer.city`"
                    .into(),
            },
            ExpressionError::NotBoolean { .. } => "Compare it with something: `amount >= 0`".into(),
            ExpressionError::Compute { .. } => {
                "Check names and types, and what it does with NULL and with values of no type"
                    .into()
            }
        })
    }
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is none, looks beyond its row, or does not always give the same.
    pub fn parse(sql: &str) -> Result<Expression, ExpressionError> {
        let failed = |source| ExpressionError::Compute {
            sql: sql.to_string(),
            source: Box::new(source),
        };
        let connection = alone().map_err(failed)?;
        let mut reader = Reader {
            connection: &connection,
            sql,
            columns: Vec::new(),
            checked: BTreeSet::new(),
        };
        let tree = reader.tree(sql)?;
        reader.walk(&tree, true)?;
        Ok(Expression {
            sql: sql.to_string(),
            columns: reader.columns,
        })
    }

    /// Returns the columns that it names, each once: the parts of a name, which are `city`, or
    /// `customer` and `city`.
    pub fn columns(&self) -> &[Vec<String>] {
        &self.columns
    }

    /// Returns the expression as it was written.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// Makes what computes it: from columns of these types, in the order of
    /// [`Expression::columns`].
    pub fn evaluator(&self, input: Vec<DataType>, output: DataType) -> Evaluator {
        let columns = input.into_iter().enumerate();
        Evaluator {
            sql: self.sql.clone(),
            names: self.columns.clone(),
            input: columns
                .map(|(at, data_type)| column(&format!("c{at}"), data_type))
                .collect(),
            output: column("value", output),
            idle: Mutex::new(Vec::new()),
        }
    }
}

/// SQL: values under the names that an expression has for them; of parents as structs.
pub(crate) fn named(columns: &[Vec<String>], value: impl Fn(usize) -> String) -> Vec<String> {
    let mut shown: Vec<String> = Vec::new();
    let mut done: Vec<&String> = Vec::new();
    for (at, names) in columns.iter().enumerate() {
        match names.as_slice() {
            [name] => shown.push(format!("{} AS {}", value(at), identifier(name))),
            [parent, ..] if done.contains(&parent) => {}
            [parent, ..] => {
                done.push(parent);
                let all = columns.iter().enumerate();
                let all = all.filter(|(_, it)| it.len() > 1 && it[0] == *parent);
                let members = join(all, ", ", |(at, names)| {
                    format!("{} := {}", identifier(&names[1..].join(".")), value(at))
                });
                shown.push(format!("struct_pack({members}) AS {}", identifier(parent)));
            }
            [] => {}
        }
    }
    shown
}

fn column(name: &str, data_type: DataType) -> Column {
    Column::new(name, data_type, SemanticType::Categorical)
}

/// A database in memory, which can reach nothing else.
fn alone() -> Result<Connection, Error> {
    let connection = start(1)?;
    run(
        &connection,
        "shut a database in",
        &format!(
            "SET memory_limit = '{MEMORY_MB}MB'; SET enable_external_access = false; \
             SET lock_configuration = true"
        ),
    )?;
    Ok(connection)
}

/// Looks through what DuckDB's parser makes of an expression.
struct Reader<'a> {
    connection: &'a Connection,
    sql: &'a str,
    columns: Vec<Vec<String>>,
    /// Functions that were found fit.
    checked: BTreeSet<String>,
}

impl Reader<'_> {
    /// Parses one expression.
    fn tree(&self, sql: &str) -> Result<Value, ExpressionError> {
        let failed = |reason: &str| ExpressionError::Syntax {
            sql: self.sql.to_string(),
            reason: reason.lines().next().unwrap_or_default().to_string(),
        };
        // A comment at the end must not swallow the bracket.
        let query = literal(&format!("SELECT (\n{sql}\n)"));
        let json: String = row(
            self.connection,
            "parse an expression",
            &format!("SELECT json_serialize_sql({query})"),
            |row| row.get(0),
        )
        .map_err(|_| failed("DuckDB cannot parse it"))?;
        let mut parsed: Value =
            serde_json::from_str(&json).map_err(|_| failed("DuckDB cannot parse it"))?;
        if parsed["error"] != Value::Bool(false) {
            return Err(failed(
                parsed["error_message"]
                    .as_str()
                    .unwrap_or("it cannot be parsed"),
            ));
        }
        let mut node = parsed["statements"][0]["node"].take();
        let is_one = parsed["statements"]
            .as_array()
            .is_some_and(|it| it.len() == 1)
            && node["type"] == "SELECT_NODE"
            && node["from_table"]["type"] == "EMPTY"
            && node["select_list"]
                .as_array()
                .is_some_and(|it| it.len() == 1)
            && node["select_list"][0]["alias"] == ""
            && ["where_clause", "having", "qualify", "sample"]
                .iter()
                .all(|it| node[it].is_null());
        match is_one {
            true => Ok(node["select_list"][0].take()),
            false => Err(failed("it is more than one")),
        }
    }

    /// Checks a node and all below it; `is_own` where names mean columns.
    fn walk(&mut self, node: &Value, is_own: bool) -> Result<(), ExpressionError> {
        let beyond = |what| ExpressionError::NotOfTheRow {
            sql: self.sql.to_string(),
            what,
        };
        match node {
            Value::Array(items) => items.iter().try_for_each(|item| self.walk(item, is_own)),
            Value::Object(members) => {
                match members.get("class").and_then(Value::as_str) {
                    None
                    | Some(
                        "CONSTANT" | "OPERATOR" | "CASE" | "CAST" | "COMPARISON" | "CONJUNCTION"
                        | "BETWEEN" | "COLLATE",
                    ) => {}
                    Some("COLUMN_REF") => {
                        let names = members["column_names"].as_array().into_iter().flatten();
                        let names = names.filter_map(Value::as_str).map(str::to_string);
                        let names: Vec<String> = names.collect();
                        if is_own && !self.columns.contains(&names) {
                            self.columns.push(names);
                        }
                    }
                    Some("FUNCTION") => {
                        let name = members["function_name"].as_str().unwrap_or_default();
                        self.function(name)?;
                    }
                    Some("SUBQUERY") => return Err(beyond("a query")),
                    Some("WINDOW") => return Err(beyond("a window")),
                    Some("STAR") => return Err(beyond("a star")),
                    Some("PARAMETER") => return Err(beyond("a parameter")),
                    Some("LAMBDA") => return Err(beyond("a lambda")),
                    Some(_) => return Err(beyond("something else")),
                }
                members
                    .values()
                    .try_for_each(|value| self.walk(value, is_own))
            }
            _ => Ok(()),
        }
    }

    /// Checks that a function always gives the same; of a macro, what it stands for.
    fn function(&mut self, name: &str) -> Result<(), ExpressionError> {
        if !self.checked.insert(name.to_string()) {
            return Ok(());
        }
        let found: Vec<(String, Option<String>, Option<String>)> = rows(
            self.connection,
            "look a function up",
            &format!(
                "SELECT DISTINCT function_type, stability, macro_definition \
                 FROM duckdb_functions() WHERE lower(function_name) = lower({}) \
                 AND function_type NOT IN ('table', 'table_macro', 'pragma')",
                literal(name)
            ),
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .unwrap_or_default();
        let (sql, name) = (self.sql.to_string(), name.to_string());
        if found.is_empty() {
            return Err(ExpressionError::UnknownFunction { sql, name });
        }
        for (function_type, stability, definition) in found {
            match (function_type.as_str(), stability.as_deref(), definition) {
                ("scalar", Some("CONSISTENT"), _)
                    if !OF_THE_SESSION.contains(&name.to_lowercase().as_str()) => {}
                ("macro", _, Some(definition)) => {
                    let tree = self.tree(&definition)?;
                    self.walk(&tree, false)?;
                }
                ("scalar", ..) => return Err(ExpressionError::Volatile { sql, name }),
                _ => {
                    return Err(ExpressionError::NotOfTheRow {
                        sql,
                        what: "an aggregate",
                    });
                }
            }
        }
        Ok(())
    }
}

/// Computes an expression, batch by batch and from any thread.
pub struct Evaluator {
    sql: String,
    names: Vec<Vec<String>>,
    input: Vec<Column>,
    output: Column,
    idle: Mutex<Vec<Connection>>,
}

impl fmt::Debug for Evaluator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Evaluator({})", self.sql)
    }
}

impl Evaluator {
    /// Computes one value a row.
    ///
    /// # Errors
    /// Names and types that do not fit, and values that it cannot be computed from.
    pub fn evaluate(&self, n_rows: usize, input: &[ArrayRef]) -> Result<ArrayRef, ExpressionError> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = idle().pop();
        let compute = || {
            let connection = match waiting {
                Some(connection) => connection,
                None => self.prepared()?,
            };
            let made = self.compute(&connection, n_rows, input)?;
            idle().push(connection);
            Ok(made)
        };
        compute().map_err(|source| ExpressionError::Compute {
            sql: self.sql.clone(),
            source: Box::new(source),
        })
    }

    /// A database with room for a batch, and a view of it that has the names.
    fn prepared(&self) -> Result<Connection, Error> {
        let connection = alone()?;
        // A batch without a column has rows nevertheless.
        let columns = join(&self.input, "", |column| {
            let carrier = staged(&column.data_type);
            let carrier = carrier.map_or(column.data_type.to_string(), str::to_string);
            format!("{} {carrier}, ", column.name)
        });
        let value = |at: usize| loaded(&self.input[at].name, &self.input[at].data_type);
        let mut shown = named(&self.names, value);
        shown.push("prodlike_row".into());
        run(
            &connection,
            "make room for a batch",
            &format!(
                "CREATE TABLE batch ({columns}prodlike_row BOOLEAN); \
                 CREATE VIEW named AS SELECT {} FROM batch",
                shown.join(", ")
            ),
        )?;
        Ok(connection)
    }

    fn compute(
        &self,
        connection: &Connection,
        n_rows: usize,
        input: &[ArrayRef],
    ) -> Result<ArrayRef, Error> {
        const ACTION: &str = "compute an expression";
        let mut fields = Vec::with_capacity(input.len() + 1);
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(input.len() + 1);
        for (column, array) in self.input.iter().zip(input) {
            let array = appendable(array.clone());
            fields.push(Field::new(&column.name, array.data_type().clone(), true));
            arrays.push(array);
        }
        let there = BooleanArray::from(vec![true; n_rows]);
        fields.push(Field::new("prodlike_row", there.data_type().clone(), true));
        arrays.push(std::sync::Arc::new(there));
        let options = RecordBatchOptions::new().with_row_count(Some(n_rows));
        let batch = RecordBatch::try_new_with_options(
            std::sync::Arc::new(Schema::new(fields)),
            arrays,
            &options,
        )
        .map_err(|source| Error::Arrow {
            action: ACTION.into(),
            source,
        })?;
        run(connection, ACTION, "DELETE FROM batch")?;
        let append = || {
            let mut appender = connection.appender("batch")?;
            appender.append_record_batch(batch)?;
            appender.flush()
        };
        append().map_err(Error::query(ACTION))?;
        let data_type = &self.output.data_type;
        let value = format!("CAST((\n{}\n) AS {data_type})", self.sql);
        let sql = format!("SELECT {} AS value FROM named", carried(&value, data_type));
        let made = one_batch(connection, ACTION, &sql, &[&self.output])?;
        Ok(made.column(0).clone())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::sync::Arc;

    use arrow::array::{ArrayRef, AsArray, Int32Array, StringArray};
    use arrow::datatypes::Int64Type;
    use prodlike_core::schema::DataType;

    use super::{Expression, ExpressionError};

    #[test]
    fn names_and_parents_are_found_once() {
        let parsed = Expression::parse("upper(a) || ' of ' || shop.city || nullif(a, 'x') -- so");
        let columns = parsed.unwrap().columns;
        assert_eq!(columns, [vec!["a"], vec!["shop", "city"]]);
    }

    #[test]
    fn what_is_not_of_the_row_is_refused() {
        for (sql, words) in [
            ("upper(a", "is not an expression: "),
            ("1) AS x, (2", "is not an expression: it is more than one"),
            ("1) FROM range(3) WHERE (true", "it is more than one"),
            ("(SELECT 1)", "holds a query"),
            ("(FROM 'secrets.csv')", "holds a query"),
            ("sum(a) OVER ()", "holds a window"),
            ("sum(a)", "holds an aggregate"),
            ("COLUMNS('a')", "holds a star"),
            ("$1", "holds a parameter"),
            ("list_transform(a, lambda x: x + 1)", "holds a lambda"),
            ("random()", "calls random(), which does not always"),
            ("a || now()", "calls now(), which does not always"),
            ("current_setting('threads')", "does not always"),
            ("no_such(a)", "calls no_such(), which is no scalar function"),
            (
                "read_text('x')",
                "calls read_text(), which is no scalar function",
            ),
        ] {
            let error = Expression::parse(sql).unwrap_err().to_string();
            assert!(error.contains(words), "{sql}: {error}");
        }
    }

    #[test]
    fn values_are_computed_row_by_row_in_their_order() {
        let expression = Expression::parse("a + length(shop.\"in\") * 100").unwrap();
        let types = vec![DataType::Int32, DataType::String];
        let evaluator = expression.evaluator(types, DataType::Int64);
        for n in [5_000, 0, 3] {
            let numbers: ArrayRef = Arc::new(Int32Array::from_iter_values(0..n));
            let texts = (0..n).map(|i| (i % 3 > 0).then(|| "x".repeat(i as usize % 3)));
            let texts: ArrayRef = Arc::new(texts.collect::<StringArray>());
            let made = evaluator.evaluate(n as usize, &[numbers, texts]).unwrap();
            let made: Vec<Option<i64>> = made.as_primitive::<Int64Type>().iter().collect();
            let wanted = (0..n).map(|i| {
                let i = i64::from(i);
                (i % 3 > 0).then_some(i + i % 3 * 100)
            });
            assert_eq!(made, wanted.collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_expression_of_nothing_has_rows() {
        let evaluator = Expression::parse("'x' || 7")
            .unwrap()
            .evaluator(Vec::new(), DataType::String);
        let made = evaluator.evaluate(2, &[]).unwrap();
        assert_eq!(
            made.as_string::<i32>().iter().collect::<Vec<_>>(),
            [Some("x7"); 2]
        );
        let evaluator = Expression::parse("'x' || 7")
            .unwrap()
            .evaluator(Vec::new(), DataType::Date);
        let error = evaluator.evaluate(2, &[]).unwrap_err();
        assert!(matches!(error, ExpressionError::Compute { .. }));
    }
}
