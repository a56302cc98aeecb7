//! Detection, and trends over several relationships.

#![allow(clippy::unwrap_used, reason = "a failed test should stop")]

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use prodlike_core::evidence::{Detection, Evaluation};
use prodlike_core::progress::Cancel;
use prodlike_core::report::{Detail, PropertyName};
use prodlike_core::schema::{
    Column, DataType, Orphans, Privacy, Relationship, Schema, SemanticType, Table, TableMode,
};
use prodlike_frame::{EvaluateInput, evaluate};

/// An AUC over 4,000 rows has a deviation of 0.01. A column of as many levels as rows draws it
/// below a coin's: what a level's rows were in other folds, the rest of them are not.
const CHANCE: f64 = 0.05;
/// Statistics of one table of rows in two orders.
const ROUNDING: f64 = 1e-9;

fn column(name: &str, data_type: DataType, semantic: SemanticType) -> Column {
    Column::new(name, data_type, semantic)
}

fn table(name: &str, columns: Vec<Column>) -> Table {
    Table {
        name: name.into(),
        columns,
        primary_key: vec!["id".into()],
        unique: vec![],
        mode: TableMode::Generate,
        rules: Vec::new(),
    }
}

fn relationship(child: &str, parent: &str) -> Relationship {
    Relationship {
        parent_table: parent.into(),
        parent_key: vec!["id".into()],
        child_table: child.into(),
        child_key: vec![parent.into()],
        orphans: Orphans::Refuse,
        owner: None,
    }
}

fn id(name: &str) -> Column {
    column(name, DataType::Int64, SemanticType::Id)
}

fn number(name: &str) -> Column {
    column(name, DataType::Float64, SemanticType::Numerical)
}

fn level(name: &str) -> Column {
    column(name, DataType::String, SemanticType::Categorical)
}

fn compare(
    schema: &Schema,
    real: &[Vec<RecordBatch>],
    synthetic: &[Vec<RecordBatch>],
    threads: usize,
) -> Evaluation {
    evaluate(&EvaluateInput {
        schema,
        real,
        synthetic,
        holdout: None,
        rules: &[],
        threads,
        cancel: &Cancel::default(),
    })
    .unwrap()
}

fn details(evaluation: &Evaluation, name: PropertyName) -> &[Detail] {
    let mut properties = evaluation.report.properties.iter();
    &properties.find(|it| it.name == name).unwrap().details
}

/// A number in [0, 1) for each row of each seed, of each kind.
fn random(seed: u64, kind: u64, row: u64) -> f64 {
    let mut value = seed << 40 ^ kind << 32 ^ row;
    for _ in 0..3 {
        value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value ^= value >> 27;
    }
    (value >> 11) as f64 / (1_u64 << 53) as f64
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> Vec<RecordBatch> {
    let columns = columns
        .into_iter()
        .map(|(name, values)| (name, values, true));
    vec![RecordBatch::try_from_iter_with_nullable(columns).unwrap()]
}

fn ints(values: impl Iterator<Item = u64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values.map(|it| it as i64)))
}

fn floats(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(Float64Array::from_iter(values))
}

fn texts(values: impl Iterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn parcels() -> Schema {
    let columns = vec![
        id("id"),
        number("weight"),
        number("price"),
        level("colour"),
        level("code"),
    ];
    Schema {
        tables: vec![table("parcel", columns)],
        privacy: Privacy {
            k: 10,
            entities: vec!["parcel".into()],
        },
        ..Schema::default()
    }
}

/// Parcels; heavy ones are dear, `shift` makes them dearer, and one weight in ten is missing.
fn parcel(seed: u64, rows: u64, shift: f64) -> Vec<Vec<RecordBatch>> {
    let rows = || 0..rows;
    let weight = move |row| random(seed, 1, row);
    let known = move |row| random(seed, 2, row) > 0.1;
    vec![batch(vec![
        ("id", ints(rows())),
        (
            "weight",
            floats(rows().map(|row| known(row).then(|| weight(row)))),
        ),
        (
            "price",
            floats(rows().map(|row| Some(weight(row) + random(seed, 3, row) + shift))),
        ),
        (
            "colour",
            texts(rows().map(|row| format!("c{:.0}", 9.0 * random(seed, 4, row).powi(2)))),
        ),
        // As many levels as rows: none is on both sides, and this must not give them away.
        ("code", texts(rows().map(|row| format!("{seed}-{row}")))),
    ])]
}

fn detection(evaluation: &Evaluation) -> &Detection {
    evaluation.tables[0].detection.as_ref().unwrap()
}

#[test]
fn equal_samples_are_not_told_apart() {
    let evaluation = compare(&parcels(), &parcel(1, 2000, 0.0), &parcel(2, 2000, 0.0), 2);
    let found = detection(&evaluation);
    assert_eq!(found.rows, 2000);
    for auc in [found.boosted.synthetic, found.logistic.synthetic] {
        assert!((auc.unwrap() - 0.5).abs() < CHANCE, "{found:?}");
    }
    // Halves are half as many rows.
    for auc in [found.boosted.real, found.logistic.real] {
        assert!((auc.unwrap() - 0.5).abs() < CHANCE, "{found:?}");
    }
    assert!(found.features.is_empty(), "{found:?}");
    let [detail] = details(&evaluation, PropertyName::Detection) else {
        panic!("one score a table");
    };
    assert_eq!(detail.metric, "BoostedDetection");
    let score = 1.0 - (2.0 * found.boosted.synthetic.unwrap() - 1.0).max(0.0);
    assert_eq!(detail.score, Some(score));
    assert!(detail.baseline.unwrap() > 0.9);
}

#[test]
fn a_shifted_column_gives_rows_away() {
    let (real, synthetic) = (parcel(1, 2000, 0.0), parcel(2, 6000, 0.4));
    let evaluation = compare(&parcels(), &real, &synthetic, 2);
    let found = detection(&evaluation);
    // As many rows of each side, however many there are.
    assert_eq!(found.rows, 2000);
    assert!(found.boosted.synthetic.unwrap() > 0.8, "{found:?}");
    assert!(found.logistic.synthetic.unwrap() > 0.75, "{found:?}");
    assert!((found.boosted.real.unwrap() - 0.5).abs() < CHANCE);
    assert_eq!(found.features[0].column, "price", "{found:?}");
    assert!(found.features[0].share > 0.6, "{found:?}");
    let score = details(&evaluation, PropertyName::Detection)[0].score;
    assert!(score.unwrap() < 0.4);
    // SDMetrics' quality does not have it.
    let quality: f64 = [PropertyName::ColumnShapes, PropertyName::ColumnPairTrends]
        .iter()
        .map(|name| {
            let mut properties = evaluation.report.properties.iter();
            let property = properties.find(|it| it.name == *name).unwrap();
            property.score.unwrap()
        })
        .sum();
    assert!((evaluation.report.quality().unwrap() - quality / 2.0).abs() < 1e-12);
}

#[test]
fn a_lost_relation_is_found_by_trees_alone() {
    let mut synthetic = parcel(2, 2000, 0.0);
    let other = parcel(3, 2000, 0.0);
    // The prices of others: each column by itself is as it was.
    let mut columns = synthetic[0][0].columns().to_vec();
    columns[2] = other[0][0].column(2).clone();
    synthetic[0][0] = RecordBatch::try_new(synthetic[0][0].schema(), columns).unwrap();
    let evaluation = compare(&parcels(), &parcel(1, 2000, 0.0), &synthetic, 2);
    let found = detection(&evaluation);
    assert!(found.boosted.synthetic.unwrap() > 0.65, "{found:?}");
    assert!(
        (found.logistic.synthetic.unwrap() - 0.5).abs() < CHANCE,
        "{found:?}"
    );
}

#[test]
fn detection_is_the_same_on_any_number_of_threads() {
    let (real, synthetic) = (parcel(1, 700, 0.0), parcel(2, 900, 0.1));
    let one = compare(&parcels(), &real, &synthetic, 1);
    for threads in [2, 5] {
        let other = compare(&parcels(), &real, &synthetic, threads);
        assert!(one == other, "{threads} threads");
    }
}

#[test]
fn what_cannot_be_judged_says_why() {
    let few = compare(&parcels(), &parcel(1, 49, 0.0), &parcel(2, 600, 0.0), 1);
    let mut kept = parcels();
    kept.tables[0].mode = TableMode::Keep;
    let kept = compare(&kept, &parcel(1, 200, 0.0), &parcel(1, 200, 0.0), 1);
    for (evaluation, note) in [
        (few, "one side has fewer than 50 rows"),
        (kept, "its real rows travelled as they are"),
    ] {
        assert!(evaluation.tables[0].detection.is_none());
        for name in [PropertyName::Detection, PropertyName::LogisticDetection] {
            let [detail] = details(&evaluation, name) else {
                panic!("one a table");
            };
            assert_eq!((detail.score, detail.note.as_deref()), (None, Some(note)));
        }
    }
}

/// Regions, shops in them, tills in these, receipts.
fn chain() -> Schema {
    let names = ["region", "shop", "till", "receipt"];
    let tables = names.iter().enumerate().map(|(idx, name)| {
        let mut columns = vec![id("id"), number("size"), level("kind")];
        if idx > 0 {
            columns.push(id(names[idx - 1]));
        }
        table(name, columns)
    });
    Schema {
        tables: tables.collect(),
        relationships: names
            .windows(2)
            .map(|pair| relationship(pair[1], pair[0]))
            .collect(),
        privacy: Privacy {
            k: 1,
            entities: vec![],
        },
    }
}

/// How many rows each table has, and the row above of each row.
const ROWS: [u64; 4] = [20, 90, 300, 2500];

fn above(seed: u64, level: usize, row: u64) -> u64 {
    (random(seed, 50 + level as u64, row) * ROWS[level - 1] as f64) as u64
}

/// A value that is handed down from table to table; the synthetic one gets noisier.
fn size(seed: u64, level: usize, row: u64) -> f64 {
    let own = random(seed, 60 + level as u64, row);
    match level {
        0 => own,
        _ => size(seed, level - 1, above(seed, level, row)) + own * 0.1 * seed as f64,
    }
}

fn chained(seed: u64) -> Vec<Vec<RecordBatch>> {
    let names = ["region", "shop", "till", "receipt"];
    let tables = names.iter().enumerate().map(|(level, _)| {
        let rows = || 0..ROWS[level];
        let mut columns = vec![
            ("id", ints(rows())),
            (
                "size",
                floats(rows().map(|row| Some(size(seed, level, row)))),
            ),
            (
                "kind",
                texts(rows().map(|row| kind(size(seed, level, row)))),
            ),
        ];
        if level > 0 {
            let parents = rows().map(|row| above(seed, level, row));
            columns.push((names[level - 1], ints(parents)));
        }
        batch(columns)
    });
    tables.collect()
}

fn kind(size: f64) -> String {
    format!("k{:.0}", 4.0 * size)
}

/// The receipts of `chained` beside what they lead to, `hops` further up, as one table.
fn flat(seed: u64, hops: usize) -> Vec<Vec<RecordBatch>> {
    let rows = || 0..ROWS[3];
    let up = |row: u64| (0..hops).fold(row, |row, hop| above(seed, 3 - hop, row));
    let upper = move |row| size(seed, 3 - hops, up(row));
    vec![batch(vec![
        ("id", ints(rows())),
        ("size", floats(rows().map(|row| Some(upper(row))))),
        ("kind", texts(rows().map(|row| kind(upper(row))))),
        (
            "own_size",
            floats(rows().map(|row| Some(size(seed, 3, row)))),
        ),
        (
            "own_kind",
            texts(rows().map(|row| kind(size(seed, 3, row)))),
        ),
    ])]
}

#[test]
fn distant_trends_are_those_of_the_joined_table() {
    let evaluation = compare(&chain(), &chained(1), &chained(3), 2);
    let joined = Schema {
        tables: vec![table(
            "joined",
            vec![
                id("id"),
                number("size"),
                level("kind"),
                number("own_size"),
                level("own_kind"),
            ],
        )],
        privacy: Privacy {
            k: 1,
            entities: vec![],
        },
        ..Schema::default()
    };
    for (name, hops) in [
        (PropertyName::IntertableTrends, 1),
        (PropertyName::TwoHopTrends, 2),
        (PropertyName::ThreeHopTrends, 3),
    ] {
        let expected = compare(&joined, &flat(1, hops), &flat(3, hops), 1);
        let expected = details(&expected, PropertyName::ColumnPairTrends);
        let found = details(&evaluation, name);
        let mut compared = 0;
        for detail in found.iter().filter(|it| it.table == "receipt") {
            let pair = [
                detail.columns[0].clone(),
                format!("own_{}", detail.columns[1]),
            ];
            let expected = expected.iter().find(|it| it.columns == pair).unwrap();
            assert_eq!(
                detail.score.is_some(),
                expected.score.is_some(),
                "{detail:?}"
            );
            for (found, expected) in [(detail.score, expected.score), (detail.real, expected.real)]
            {
                let gap = found.unwrap_or(0.0) - expected.unwrap_or(0.0);
                assert!(gap.abs() < ROUNDING, "{detail:?}");
            }
            compared += usize::from(detail.score.is_some());
        }
        assert_eq!(compared, 4, "{name:?} {found:?}");
        let property = evaluation
            .report
            .properties
            .iter()
            .find(|it| it.name == name);
        let property = property.unwrap();
        assert!(property.score < property.baseline, "{property:?}");
    }
    let notes: Vec<_> = details(&evaluation, PropertyName::ThreeHopTrends)
        .iter()
        .map(|it| it.note.as_deref())
        .collect();
    assert_eq!(notes, [Some("by way of till and shop"); 4]);
    // Two ways of two relationships, one of three.
    let pairs: Vec<_> = evaluation
        .hops
        .iter()
        .map(|it| (it.apart, it.pairs))
        .collect();
    assert_eq!(pairs, [(0, 4), (1, 12), (2, 8), (3, 4)]);
    for hop in &evaluation.hops {
        assert!(
            hop.every.synthetic.is_some() && hop.every.real.is_some(),
            "{hop:?}"
        );
    }
}

#[test]
fn no_way_goes_round_in_a_circle() {
    let mut schema = chain();
    // A shop is in a region, and a region has a first shop.
    let region = &mut schema.tables[0];
    region.columns.push(id("shop"));
    schema.relationships.push(relationship("region", "shop"));
    schema.relationships.push(Relationship {
        child_key: vec!["size".into()],
        ..relationship("till", "till")
    });
    let with_shop = |seed: u64| {
        let mut tables = chained(seed);
        let rows = || 0..ROWS[0];
        tables[0] = batch(vec![
            ("id", ints(rows())),
            ("size", floats(rows().map(|row| Some(size(seed, 0, row))))),
            ("kind", texts(rows().map(|row| kind(size(seed, 0, row))))),
            ("shop", ints(rows())),
        ]);
        tables
    };
    let evaluation = compare(&schema, &with_shop(1), &with_shop(2), 2);
    let ways = |name| {
        let details = details(&evaluation, name).iter();
        let mut ends: Vec<_> = details
            .map(|it| (it.table.as_str(), it.parent_table.as_deref().unwrap()))
            .collect();
        ends.dedup();
        ends
    };
    assert_eq!(
        ways(PropertyName::TwoHopTrends),
        [("till", "region"), ("receipt", "shop")]
    );
    assert_eq!(ways(PropertyName::ThreeHopTrends), [("receipt", "region")]);
}
