//! What lies behind the scores: the second real sample, copies, and what may be told.

#![allow(clippy::unwrap_used, reason = "a failed test should stop")]

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use prodlike_core::evidence::{Evaluation, Overlay, RepeatKind, Sides};
use prodlike_core::report::PropertyName;
use prodlike_core::schema::{
    Column, DataType, Orphans, Privacy, Relationship, Schema, SemanticType, Table, TableMode,
};
use prodlike_frame::{EvaluateInput, evaluate};

fn column(name: &str, data_type: DataType, semantic: SemanticType) -> Column {
    Column {
        name: name.into(),
        data_type,
        nullable: true,
        semantic,
        generator: semantic.is_identifying().then(|| semantic.to_string()),
        locale: None,
        exclude: false,
    }
}

/// People, and what each of them ordered.
fn schema() -> Schema {
    let int = |name, semantic| column(name, DataType::Int64, semantic);
    let text = |name, semantic| column(name, DataType::String, semantic);
    let table = |name: &str, columns| Table {
        name: name.into(),
        columns,
        primary_key: vec!["id".into()],
        unique: vec![],
        mode: TableMode::Generate,
    };
    Schema {
        tables: vec![
            table(
                "person",
                vec![
                    int("id", SemanticType::Id),
                    text("email", SemanticType::Email),
                    text("town", SemanticType::Categorical),
                ],
            ),
            table(
                "order",
                vec![
                    int("id", SemanticType::Id),
                    int("person", SemanticType::Id),
                    int("price", SemanticType::Numerical),
                    int("number", SemanticType::Numerical),
                ],
            ),
        ],
        relationships: vec![Relationship {
            parent_table: "person".into(),
            parent_key: vec!["id".into()],
            child_table: "order".into(),
            child_key: vec!["person".into()],
            orphans: Orphans::Refuse,
            owner: None,
        }],
        privacy: Privacy {
            k: 10,
            entities: vec!["person".into()],
        },
    }
}

/// So many people, five orders each; all orders of a person have the same price.
fn data(people: i64, offset: i64) -> Vec<Vec<RecordBatch>> {
    let ints = |values: Vec<i64>| Arc::new(Int64Array::from(values)) as ArrayRef;
    let texts = |values: Vec<String>| Arc::new(StringArray::from(values)) as ArrayRef;
    let batch = |columns: Vec<(&str, ArrayRef)>| {
        let columns = columns
            .into_iter()
            .map(|(name, values)| (name, values, true));
        vec![RecordBatch::try_from_iter_with_nullable(columns).unwrap()]
    };
    let town = |it: i64| {
        if it == 0 {
            "Lonely".to_string()
        } else {
            format!("t{}", it % 4)
        }
    };
    let orders = || 0..people * 5;
    vec![
        batch(vec![
            ("id", ints((0..people).collect())),
            (
                "email",
                texts(
                    (0..people)
                        .map(|it| format!("p{}@x", it + offset))
                        .collect(),
                ),
            ),
            ("town", texts((0..people).map(town).collect())),
        ]),
        batch(vec![
            ("id", ints(orders().collect())),
            ("person", ints(orders().map(|it| it / 5).collect())),
            (
                "price",
                ints(
                    orders()
                        .map(|it| (it / 5 + offset) * 7919 % 100_003)
                        .collect(),
                ),
            ),
            ("number", ints(orders().map(|it| it % 5).collect())),
        ]),
    ]
}

fn compare(
    real: &[Vec<RecordBatch>],
    synthetic: &[Vec<RecordBatch>],
    threads: usize,
) -> Evaluation {
    evaluate(&EvaluateInput {
        schema: &schema(),
        real,
        synthetic,
        holdout: None,
        threads,
    })
    .unwrap()
}

fn baseline(evaluation: &Evaluation, name: PropertyName, table: &str, column: &str) -> Option<f64> {
    let properties = evaluation.report.properties.iter();
    properties
        .filter(|property| property.name == name)
        .flat_map(|property| &property.details)
        .find(|it| it.table == table && it.columns == [column])
        .unwrap()
        .baseline
}

#[test]
fn a_second_real_sample_has_other_people() {
    let real = data(400, 0);
    let evaluation = compare(&real, &real, 2);
    // The same data scores 1; two halves of it do not, but nearly.
    assert_eq!(evaluation.report.quality(), Some(1.0));
    let price = baseline(&evaluation, PropertyName::ColumnShapes, "order", "price").unwrap();
    assert!((0.8..0.99).contains(&price), "{price}");
    let fan_out = baseline(&evaluation, PropertyName::Cardinality, "order", "person");
    assert_eq!(fan_out, Some(1.0), "children stay with their parents");
    // Had families been torn apart, every price would be in both halves.
    let sanity = evaluation.tables[1].sanity.as_ref().unwrap();
    let shares = sanity.against_half.unwrap();
    assert_eq!(shares.real, 0.0);
    assert!((0.4..0.6).contains(&shares.synthetic), "{shares:?}");
    assert_eq!((sanity.copies, sanity.rows), (2000, 2000));
    let closest = sanity.closest.as_ref().unwrap();
    assert!(closest.closer > 0.3, "{closest:?}");
}

#[test]
fn small_tables_have_no_baseline() {
    let real = data(60, 0);
    let evaluation = compare(&real, &real, 1);
    let shape = |table, column| baseline(&evaluation, PropertyName::ColumnShapes, table, column);
    assert_eq!(shape("person", "town"), None);
    assert!(shape("order", "price").is_some());
}

#[test]
fn addresses_that_are_real_are_counted() {
    let evaluation = compare(&data(400, 0), &data(400, 300), 2);
    let [email] = evaluation.tables[0].repeats.as_slice() else {
        panic!("{:?}", evaluation.tables[0].repeats);
    };
    assert_eq!(email.columns, ["email"]);
    assert_eq!(email.kind, RepeatKind::Distinctive);
    assert_eq!((email.rows, email.repeated), (400, 100));
    assert_eq!(email.baseline, Some(0.0));
}

#[test]
fn what_few_people_have_is_not_told() {
    let real = data(400, 0);
    let evaluation = compare(&real, &real, 2);
    let towns = &evaluation.tables[0].columns[2];
    let Overlay::Levels(levels) = &towns.overlay else {
        panic!("{towns:?}");
    };
    let labels: Vec<_> = levels
        .shown
        .iter()
        .map(|level| level.label.as_str())
        .collect();
    assert_eq!(labels, ["t1", "t2", "t3", "t0"]);
    assert_eq!(
        levels.other_levels,
        Sides {
            real: 1,
            synthetic: 1
        }
    );
    assert_eq!(
        towns.distinct,
        Some(Sides {
            real: 5,
            synthetic: 5
        })
    );
    let email = &evaluation.tables[0].columns[1];
    assert!(matches!(email.overlay, Overlay::Histogram(_)), "{email:?}");
}

#[test]
fn threads_change_nothing() {
    let (real, synthetic) = (data(300, 0), data(250, 100));
    assert_eq!(compare(&real, &synthetic, 1), compare(&real, &synthetic, 5));
}
