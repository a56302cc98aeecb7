//! What a database declares: tables, columns, keys and relationships.

use duckdb::Connection;
use prodlike_core::schema::{
    Column, DataType, Orphans, Privacy, Relationship, Schema, SemanticType, Table, TableMode,
};

use crate::batches::rows;
use crate::error::Error;
use crate::quote::literal;

/// Lists the tables of schema `main`, and those of others.
pub(super) fn tables(
    connection: &Connection,
    database: &str,
) -> Result<(Vec<String>, Vec<String>), Error> {
    let names: Vec<(String, String)> = rows(
        connection,
        "read the catalogue",
        &format!(
            "SELECT schema_name, table_name FROM duckdb_tables() \
             WHERE database_name = {} AND NOT internal ORDER BY ALL",
            literal(database)
        ),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let (main, others): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|(schema, _)| schema == "main");
    Ok((
        main.into_iter().map(|(_, table)| table).collect(),
        others
            .into_iter()
            .map(|(schema, table)| format!("`{schema}.{table}`"))
            .collect(),
    ))
}

/// Fills in the columns of tables and views that have none.
pub(super) fn read_columns(
    connection: &Connection,
    declared: &mut Schema,
    database: &str,
    schema: &str,
) -> Result<(), Error> {
    let columns: Vec<(String, String, String, bool)> = rows(
        connection,
        "read the catalogue",
        &format!(
            "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() \
                 WHERE database_name = {} AND schema_name = {} ORDER BY table_name, column_index",
            literal(database),
            literal(schema)
        ),
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    for (table, name, data_type, nullable) in columns {
        // Views have columns too, but are no tables.
        let Some(idx) = declared.table_idx(&table) else {
            continue;
        };
        declared.tables[idx].columns.push(Column {
            nullable,
            ..Column::new(
                name,
                DataType::from_duckdb(&data_type),
                SemanticType::Numerical,
            )
        });
    }
    Ok(())
}

/// Reads the keys and relationships of a database.
pub(super) fn read_constraints(
    connection: &Connection,
    declared: &mut Schema,
    database: &str,
) -> Result<(), Error> {
    struct Line {
        table: String,
        constraint: i64,
        kind: String,
        parent: Option<String>,
        column: String,
        parent_column: Option<String>,
    }
    let lines: Vec<Line> = rows(
        connection,
        "read the catalogue",
        &format!(
            "SELECT table_name, constraint_index, constraint_type, referenced_table, \
             constraint_column_names[position], referenced_column_names[position] \
             FROM (SELECT *, unnest(range(1, len(constraint_column_names) + 1)) AS position \
             FROM duckdb_constraints() WHERE database_name = {} AND schema_name = 'main' \
             AND constraint_type IN ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')) \
             ORDER BY table_name, constraint_index, position",
            literal(database)
        ),
        |row| {
            Ok(Line {
                table: row.get(0)?,
                constraint: row.get(1)?,
                kind: row.get(2)?,
                parent: row.get(3)?,
                column: row.get(4)?,
                parent_column: row.get(5)?,
            })
        },
    )?;
    for group in lines.chunk_by(|a, b| a.table == b.table && a.constraint == b.constraint) {
        let Some(first) = group.first() else { continue };
        let Some(idx) = declared.table_idx(&first.table) else {
            continue;
        };
        let columns: Vec<String> = group.iter().map(|line| line.column.clone()).collect();
        match (first.kind.as_str(), &first.parent) {
            ("PRIMARY KEY", _) => {
                for column in &mut declared.tables[idx].columns {
                    column.nullable &= !columns.contains(&column.name);
                }
                declared.tables[idx].primary_key = columns;
            }
            ("UNIQUE", _) => declared.tables[idx].unique.push(columns),
            (_, Some(parent)) => declared.relationships.push(Relationship {
                parent_table: parent.clone(),
                parent_key: group
                    .iter()
                    .filter_map(|l| l.parent_column.clone())
                    .collect(),
                child_table: first.table.clone(),
                child_key: columns,
                orphans: Orphans::Refuse,
                owner: None,
            }),
            _ => {}
        }
    }
    // SQL may spell a name in another case than the table declares it.
    let Schema {
        tables,
        relationships,
        ..
    } = declared;
    for relationship in relationships {
        let Relationship {
            parent_table,
            parent_key,
            child_table,
            child_key,
            ..
        } = relationship;
        for (table, key) in [(parent_table, parent_key), (child_table, child_key)] {
            let as_declared = |name: &str| tables.iter().find(|t| same(&t.name, name));
            let Some(declared) = as_declared(table) else {
                continue;
            };
            table.clone_from(&declared.name);
            for column in key {
                if let Some(found) = declared.columns.iter().find(|c| same(&c.name, column)) {
                    column.clone_from(&found.name);
                }
            }
        }
    }
    Ok(())
}

fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right) || left.to_lowercase() == right.to_lowercase()
}

/// A table without columns.
pub(super) fn empty_table(name: String) -> Table {
    Table {
        name,
        columns: Vec::new(),
        primary_key: Vec::new(),
        unique: Vec::new(),
        mode: TableMode::Generate,
        rules: Vec::new(),
    }
}

/// Gives every column the plain meaning of its type.
pub(super) fn default_semantics(schema: &mut Schema) {
    schema.privacy = Privacy::default();
    let keys: Vec<(String, String)> = schema
        .relationships
        .iter()
        .flat_map(|relationship| {
            let child = &relationship.child_table;
            relationship
                .child_key
                .iter()
                .map(move |column| (child.clone(), column.clone()))
        })
        .collect();
    for table in &mut schema.tables {
        for column in &mut table.columns {
            let is_key = table.primary_key.contains(&column.name)
                || keys
                    .iter()
                    .any(|(t, c)| *t == table.name && *c == column.name);
            column.semantic = match &column.data_type {
                _ if is_key => SemanticType::Id,
                DataType::Boolean => SemanticType::Boolean,
                DataType::Uuid => SemanticType::Uuid,
                DataType::Blob => SemanticType::Binary,
                DataType::String | DataType::Enum(_) | DataType::Bit | DataType::Other(_) => {
                    SemanticType::Categorical
                }
                DataType::Interval => SemanticType::Numerical,
                data_type if data_type.is_temporal() => SemanticType::Datetime,
                _ => SemanticType::Numerical,
            };
        }
    }
}
