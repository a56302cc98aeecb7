//! The diagnostic report: whether the synthetic data is valid at all.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use prodlike_core::evidence::Sides;
use prodlike_core::report::Detail;
use prodlike_core::schema::{Orphans, Table};

use crate::keys::{self, null_rows};
use crate::metrics;
use crate::tables::{Relation, Tables, Values, pick};
use crate::{Compared, Error};

/// Data Validity: keys are unique, numbers within bounds, categories known.
pub(crate) fn validity(compared: &Compared<'_, '_>) -> Result<Vec<Detail>, Error> {
    let mut details = Vec::new();
    let tables = compared.tables;
    for (idx, table) in tables.included() {
        let selection = compared.selection(idx);
        for key in unique_keys(table) {
            let optional = *key != table.primary_key && lacks_some(tables, idx, key)?;
            let score = match tables.read_columns(selection.mirrored, idx, key)? {
                Ok(columns) => {
                    let numbered = keys::number(&[&columns])?;
                    let codes = numbered.codes.first().map_or(&[][..], Vec::as_slice);
                    let nulls = null_rows(&columns, !optional);
                    let rows = selection.rows.map(|rows| rows.synthetic);
                    let (mut codes, mut nulls) = (pick(codes, rows), pick(&nulls, rows));
                    if optional {
                        let pairs = codes.iter().zip(nulls.iter());
                        codes = pairs
                            .filter(|(_, null)| !**null)
                            .map(|(code, _)| *code)
                            .collect();
                        nulls = vec![false; codes.len()].into();
                    }
                    let score = metrics::key_uniqueness(&codes, numbered.distinct, &nulls);
                    score.ok_or_else(|| match optional {
                        true => "the synthetic data has no values".to_string(),
                        false => "the synthetic table is empty".to_string(),
                    })
                }
                Err(note) => Err(note),
            };
            details.push(detail(
                &table.name,
                None,
                key.to_vec(),
                "KeyUniqueness",
                score,
            ));
        }
        for variable in &compared.variables[idx] {
            let metric = match variable.continuous {
                true => "BoundaryAdherence",
                false => "CategoryAdherence",
            };
            let score = match &variable.values {
                Values::Numbers(sides) => {
                    let sides = selection.of(sides);
                    metrics::boundary_adherence(&sides.real, &sides.synthetic)
                        .ok_or_else(|| "the synthetic data has no values".to_string())
                }
                Values::Levels {
                    codes, distinct, ..
                } => {
                    let codes = selection.of(codes);
                    let real = metrics::counts(&codes.real, *distinct);
                    let synthetic = metrics::counts(&codes.synthetic, *distinct);
                    metrics::category_adherence(&real, &synthetic)
                        .ok_or_else(|| "the synthetic table is empty".to_string())
                }
                Values::Unreadable(note) => Err(note.clone()),
            };
            let columns = vec![variable.name.to_string()];
            details.push(detail(&table.name, None, columns, metric, score));
        }
    }
    Ok(details)
}

/// Whether real rows lack an alternate key: SQL's UNIQUE then looks at the others only, while
/// SDMetrics, which has primary keys in mind, takes every NULL for a duplicate.
fn lacks_some(tables: &Tables<'_>, table: usize, key: &[String]) -> Result<bool, Error> {
    let real = tables.read_columns(true, table, key)?;
    Ok(real.is_ok_and(|columns| null_rows(&columns, false).contains(&true)))
}

/// Returns the primary key and the alternate keys, each once.
fn unique_keys(table: &Table) -> Vec<&[String]> {
    let mut keys: Vec<&[String]> = Vec::new();
    for key in std::iter::once(&table.primary_key).chain(&table.unique) {
        let included = key
            .iter()
            .all(|name| table.column(name).is_some_and(|column| !column.exclude));
        if included && !key.is_empty() && !keys.contains(&key.as_slice()) {
            keys.push(key);
        }
    }
    keys
}

/// Data Structure: the columns have the same names and types.
///
/// # Formula
/// `|R ∩ S| / |R ∪ S|`, R and S the sets of (name, type) of the two sides.
pub(crate) fn structure(compared: &Compared<'_, '_>) -> Vec<Detail> {
    let tables: &Tables<'_> = compared.tables;
    tables
        .included()
        .map(|(idx, table)| {
            let real = fields(table, &tables.batches.real[idx]);
            let synthetic = match compared.selection(idx).mirrored {
                true => real.clone(),
                false => fields(table, &tables.batches.synthetic[idx]),
            };
            let same = real.intersection(&synthetic).count();
            let all = real.union(&synthetic).count();
            let score =
                metrics::share(same, all).ok_or_else(|| "the table has no columns".to_string());
            detail(&table.name, None, Vec::new(), "TableStructure", score)
        })
        .collect()
}

fn fields(table: &Table, batches: &[RecordBatch]) -> BTreeSet<(String, String)> {
    // How strings are laid out is the reader's business, not the data's.
    let name = |data_type: &DataType| match data_type {
        DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8.to_string(),
        other => other.to_string(),
    };
    match batches.first() {
        Some(batch) => {
            let schema = batch.schema();
            let fields = schema.fields().iter();
            fields
                .map(|field| (field.name().clone(), name(field.data_type())))
                .collect()
        }
        None => table
            .included()
            .filter_map(|column| Some((column.name.clone(), name(&column.data_type.to_arrow()?))))
            .collect(),
    }
}

/// Relationship Validity: foreign keys have parents (where the manifest keeps those without,
/// no larger a share lacks one than in the real data), and no parent more or fewer children
/// than any in the real data.
pub(crate) fn relationships(relations: &[Relation<'_>]) -> Vec<Detail> {
    let mut details = Vec::new();
    for relation in relations {
        let (integrity, cardinality) = match &relation.keys {
            Ok(keys) => {
                let nullable = keys.real.child.iter().any(Option::is_none);
                let (rows, mut matched) = keys.synthetic.matches(!nullable);
                if relation.relationship.orphans == Orphans::Keep {
                    // As large a share without a parent as the real data has was asked for.
                    let (real, whole) = keys.real.matches(!nullable);
                    let share = metrics::share(real - whole, real).unwrap_or(0.0);
                    let wanted = (share * rows as f64).ceil() as usize;
                    matched = (matched + wanted).min(rows);
                }
                let bounds = Sides {
                    real: keys.real.fan_outs(),
                    synthetic: keys.synthetic.fan_outs(),
                };
                (
                    metrics::share(matched, rows)
                        .ok_or_else(|| "the synthetic data has no foreign keys".to_string()),
                    metrics::boundary_adherence(&bounds.real, &bounds.synthetic)
                        .ok_or_else(|| "the synthetic parent table is empty".to_string()),
                )
            }
            Err(note) => (Err(note.clone()), Err(note.clone())),
        };
        for (metric, score) in [
            ("ReferentialIntegrity", integrity),
            ("CardinalityBoundaryAdherence", cardinality),
        ] {
            details.push(of_relation(relation, metric, score));
        }
    }
    details
}

/// Builds a detail about a relationship.
pub(crate) fn of_relation(
    relation: &Relation<'_>,
    metric: &'static str,
    score: Result<f64, String>,
) -> Detail {
    let relationship = relation.relationship;
    let parent = Some(relationship.parent_table.as_str());
    detail(
        &relationship.child_table,
        parent,
        relationship.child_key.clone(),
        metric,
        score,
    )
}

/// Builds a detail with a score, or with the reason why there is none.
pub(crate) fn detail(
    table: &str,
    parent_table: Option<&str>,
    columns: Vec<String>,
    metric: &'static str,
    score: Result<f64, String>,
) -> Detail {
    let (score, note) = match score {
        Ok(score) => (Some(score), None),
        Err(note) => (None, Some(note)),
    };
    Detail {
        table: table.to_string(),
        parent_table: parent_table.map(str::to_string),
        columns,
        metric,
        score,
        baseline: None,
        real: None,
        synthetic: None,
        rule: None,
        note,
    }
}
