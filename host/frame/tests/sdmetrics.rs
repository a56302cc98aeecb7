//! Our scores against those of the `sdmetrics` package, over the same made-up tables.
//!
//! `tests/referee/sdmetrics_expected.py` wrote the expected scores; `tests/referee/check.sh`
//! checks that they are still what SDMetrics computes.

#![allow(clippy::unwrap_used, reason = "a failed test should stop")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::csv::ReaderBuilder;
use arrow::datatypes::{Field, Schema as ArrowSchema};
use prodlike_core::progress::Cancel;
use prodlike_core::report::Report;
use prodlike_core::schema::{
    Column, DataType, Orphans, Privacy, Relationship, Schema, Table, TableMode,
};
use prodlike_frame::{EvaluateInput, evaluate};
use serde_json::Value;

const TOLERANCE: f64 = 1e-6;

#[test]
fn scores_are_sdmetrics() {
    let report = evaluate_fixture(1024);
    let expected = read_json("expected.json");
    let mut differences = Vec::new();
    let mut compared = 0;
    for property in expected["properties"].as_array().unwrap() {
        let name = property["name"].as_str().unwrap();
        let ours = report
            .properties
            .iter()
            .find(|ours| ours.name.as_str() == name)
            .unwrap();
        let expect = property["score"].as_f64();
        if !close(expect, ours.score) {
            differences.push(format!("{name}: {:?}, expected {expect:?}", ours.score));
        }
        let mut seen = BTreeMap::new();
        let mut ours_by_key = BTreeMap::new();
        for detail in &ours.details {
            let scores = [detail.score, detail.real, detail.synthetic];
            let key = (
                &detail.table,
                &detail.parent_table,
                &detail.columns,
                detail.metric,
            );
            let key = format!("{name}: {key:?}");
            ours_by_key.insert(occurrence(&mut seen, key), (scores, &detail.note));
        }
        let mut seen = BTreeMap::new();
        for detail in property["details"].as_array().unwrap() {
            let text = |field: &str| detail[field].as_str().map(str::to_string);
            let columns: Vec<&str> = detail["columns"]
                .as_array()
                .unwrap()
                .iter()
                .map(|c| c.as_str().unwrap())
                .collect();
            let (table, metric) = (text("table").unwrap(), text("metric").unwrap());
            let key = format!(
                "{name}: {:?}",
                (table, text("parent_table"), columns, metric)
            );
            let key = occurrence(&mut seen, key);
            let expect = [
                detail["score"].as_f64(),
                detail["real"].as_f64(),
                detail["synthetic"].as_f64(),
            ];
            match ours_by_key.remove(&key) {
                Some((scores, note)) => {
                    if !scores
                        .iter()
                        .zip(&expect)
                        .all(|(left, right)| close(*left, *right))
                    {
                        differences
                            .push(format!("{key}: {scores:?} {note:?}, expected {expect:?}"));
                    }
                    if scores[0].is_none() && note.is_none() {
                        differences.push(format!("{key}: no score and no reason"));
                    }
                }
                None => differences.push(format!("{key}: missing")),
            }
            compared += 1;
        }
        differences.extend(ours_by_key.keys().map(|key| format!("{key}: unexpected")));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(compared > 400, "only {compared} scores were compared");
}

#[test]
fn scores_do_not_depend_on_batches() {
    assert_eq!(evaluate_fixture(1024), evaluate_fixture(7));
}

/// Two foreign keys between the same tables have details of the same name, in order.
fn occurrence(seen: &mut BTreeMap<String, u32>, key: String) -> String {
    let count = seen.entry(key.clone()).or_default();
    *count += 1;
    format!("{key} #{count}")
}

fn close(left: Option<f64>, right: Option<f64>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => (left - right).abs() <= TOLERANCE,
        (left, right) => left.is_none() && right.is_none(),
    }
}

fn evaluate_fixture(batch_size: usize) -> Report {
    let description = read_json("schema.json");
    let schema = schema(&description);
    let read = |side: &str| -> Vec<Vec<RecordBatch>> {
        schema
            .tables
            .iter()
            .map(|table| {
                let fields = table.columns.iter().map(|column| {
                    let spec = &description["tables"][&table.name]["columns"][&column.name];
                    let other = spec["synthetic_type"]
                        .as_str()
                        .filter(|_| side == "synthetic");
                    let data_type = other.map_or(column.data_type.clone(), DataType::from_duckdb);
                    Field::new(&column.name, data_type.to_arrow().unwrap(), true)
                });
                let fields = ArrowSchema::new(fields.collect::<Vec<_>>());
                let file = File::open(path(&format!("{side}/{}.csv", table.name))).unwrap();
                let reader = ReaderBuilder::new(Arc::new(fields))
                    .with_header(true)
                    .with_batch_size(batch_size)
                    .build(file)
                    .unwrap();
                reader.collect::<Result<Vec<_>, _>>().unwrap()
            })
            .collect()
    };
    let (real, synthetic) = (read("real"), read("synthetic"));
    evaluate(&EvaluateInput {
        schema: &schema,
        real: &real,
        synthetic: &synthetic,
        holdout: None,
        rules: &[],
        threads: 2,
        cancel: &Cancel::default(),
    })
    .unwrap()
    .report
}

fn schema(description: &Value) -> Schema {
    let names = |value: &Value| -> Vec<String> {
        let names = value.as_array().map(Vec::as_slice).unwrap_or_default();
        names
            .iter()
            .map(|name| name.as_str().unwrap().to_string())
            .collect()
    };
    let tables = description["tables"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, table)| Table {
            name: name.clone(),
            columns: table["columns"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, spec)| Column {
                    generator: spec["generator"].as_str().map(str::to_string),
                    ..Column::new(
                        name,
                        DataType::from_duckdb(spec["type"].as_str().unwrap()),
                        spec["semantic"].as_str().unwrap().parse().unwrap(),
                    )
                })
                .collect(),
            primary_key: names(&table["primary_key"]),
            unique: table["unique"]
                .as_array()
                .into_iter()
                .flatten()
                .map(names)
                .collect(),
            mode: TableMode::Generate,
            rules: Vec::new(),
        });
    let text = |value: &Value| value.as_str().unwrap().to_string();
    let relationships = description["relationships"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| Relationship {
            parent_table: text(&it["parent_table"]),
            parent_key: names(&it["parent_key"]),
            child_table: text(&it["child_table"]),
            child_key: names(&it["child_key"]),
            orphans: Orphans::Refuse,
            owner: None,
        });
    Schema {
        tables: tables.collect(),
        relationships: relationships.collect(),
        // Tables of a few rows are scored too: what floors take away is no matter here.
        privacy: Privacy {
            k: 1,
            ..Privacy::default()
        },
    }
}

fn read_json(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(path(name)).unwrap()).unwrap()
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}
