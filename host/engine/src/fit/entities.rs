//! Whom each row of the sample belongs to.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef};
use arrow::util::display::array_value_to_string;
use prodlike_core::schema::Schema;
use prodlike_duckdb::SampleTable;

/// Protected entities of every sampled row: per table, a column a path to one or a column that
/// names one, or the rows themselves where they have identifying columns.
pub(super) fn entities(
    schema: &Schema,
    paths: &[Vec<usize>],
    samples: &[SampleTable],
) -> Vec<Vec<Vec<u32>>> {
    let mut found: Vec<Option<Vec<Vec<u32>>>> = vec![None; schema.tables.len()];
    for table in 0..schema.tables.len() {
        entities_of(
            schema,
            paths,
            samples,
            table,
            &mut found,
            &mut vec![false; schema.tables.len()],
        );
    }
    found.into_iter().map(Option::unwrap_or_default).collect()
}

fn entities_of(
    schema: &Schema,
    paths: &[Vec<usize>],
    samples: &[SampleTable],
    table: usize,
    found: &mut Vec<Option<Vec<Vec<u32>>>>,
    visiting: &mut Vec<bool>,
) {
    if found[table].is_some() || std::mem::replace(&mut visiting[table], true) {
        return;
    }
    let n = samples[table].batch.num_rows() as u32;
    let mut columns: Vec<Vec<u32>> = schema
        .entity_columns(table)
        .into_iter()
        .map(|column| {
            let name = std::slice::from_ref(&schema.tables[table].columns[column].name);
            alike(name, &samples[table])
        })
        .collect();
    if schema.privacy.entities.contains(&schema.tables[table].name) {
        columns.push((0..n).collect());
        found[table] = Some(columns);
        return;
    }
    for &edge in &paths[table] {
        let Some(parent) = schema.table_idx(&schema.relationships[edge].parent_table) else {
            continue;
        };
        entities_of(schema, paths, samples, parent, found, visiting);
        let (Some(above), Some(links)) = (found[parent].clone(), &samples[table].links[edge])
        else {
            continue;
        };
        // Rows of a parent that is missing are one entity's; a row that names none is its own.
        let orphans = alike(&schema.relationships[edge].child_key, &samples[table]);
        for kind in above {
            let most = kind.iter().max().map_or(0, |&most| most + 1);
            columns.push(
                links
                    .iter()
                    .zip(&orphans)
                    .map(|(&link, orphan)| {
                        kind.get(link as usize).copied().unwrap_or(most + orphan)
                    })
                    .collect(),
            );
        }
    }
    if columns.is_empty()
        && schema.tables[table]
            .columns
            .iter()
            .any(|column| column.generator.is_some())
    {
        // Rows that could be singled out protect themselves.
        columns.push((0..n).collect());
    }
    found[table] = Some(columns);
}

/// Numbers rows by the values of `key`: rows of the same have the number of the first of them,
/// and a row with a NULL there has one of its own.
fn alike(key: &[String], sample: &SampleTable) -> Vec<u32> {
    let columns: Vec<&ArrayRef> = key
        .iter()
        .filter_map(|name| sample.batch.column_by_name(name))
        .collect();
    let mut first: BTreeMap<Vec<String>, u32> = BTreeMap::new();
    (0..sample.batch.num_rows())
        .map(|row| {
            let values: Vec<String> = columns
                .iter()
                .filter(|column| column.is_valid(row))
                .filter_map(|column| array_value_to_string(column, row).ok())
                .collect();
            match values.len() == key.len() {
                true => *first.entry(values).or_insert(row as u32),
                false => row as u32,
            }
        })
        .collect()
}
