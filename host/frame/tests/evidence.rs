//! What lies behind the scores: the second real sample, copies, and what may be told.

#![allow(clippy::unwrap_used, reason = "a failed test should stop")]

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use prodlike_core::evidence::{Count, Evaluation, Overlay, RepeatKind, Sides};
use prodlike_core::progress::Cancel;
use prodlike_core::report::PropertyName;
use prodlike_core::schema::{
    Column, DataType, Orphans, Privacy, Relationship, Schema, SemanticType, Table, TableMode,
};
use prodlike_frame::{EvaluateInput, evaluate};

fn column(name: &str, data_type: DataType, semantic: SemanticType) -> Column {
    Column {
        generator: semantic.is_identifying().then(|| semantic.to_string()),
        ..Column::new(name, data_type, semantic)
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
        rules: Vec::new(),
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
        rules: &[],
        threads,
        cancel: &Cancel::default(),
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
    let of_one = Sides {
        real: None,
        synthetic: Some(1),
    };
    assert_eq!((levels.other_levels, levels.other), (of_one, of_one));
    let distinct = Sides {
        real: None,
        synthetic: Some(5),
    };
    assert_eq!(towns.distinct, distinct);
    let email = &evaluation.tables[0].columns[1];
    assert!(matches!(email.overlay, Overlay::Histogram(_)), "{email:?}");
}

/// Draws numbers below others, the same ones every time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % bound
    }

    /// Mostly small numbers: many values are rare.
    fn skewed(&mut self, bound: u64) -> i64 {
        let most = 1 + self.below(bound);
        self.below(1 + most * most / bound) as i64
    }
}

/// A small database with NULLs, rare levels, orphans and skewed fan-outs.
fn small(draw: &mut Draw) -> Vec<Vec<RecordBatch>> {
    let people = draw.below(160);
    let orders = draw.below(300);
    let mut ints = |rows: u64, bound: u64, nulls: u64| -> ArrayRef {
        let nulls = if draw.below(3) == 0 { 0 } else { nulls };
        let all_but = draw.below(4) == 0;
        let values = (0..rows).map(|_| {
            let is_null = nulls > 0 && (draw.below(100) < nulls) != all_but;
            (!is_null).then(|| draw.skewed(bound))
        });
        Arc::new(values.collect::<Int64Array>())
    };
    let text = |values: &ArrayRef| -> ArrayRef {
        let values = values.as_any().downcast_ref::<Int64Array>().unwrap();
        let values = values.iter();
        let values = values.map(|it| it.map(|it| "x".repeat(it as usize % 20)));
        Arc::new(values.collect::<StringArray>())
    };
    let (town, email) = (ints(people, 9, 5), ints(people, 400, 4));
    let person = ints(orders, people + 5, 3);
    let (price, number) = (ints(orders, 500, 6), ints(orders, 14, 4));
    let ids = |rows: u64| Arc::new((0..rows as i64).collect::<Int64Array>()) as ArrayRef;
    let batch = |columns: Vec<(&str, ArrayRef)>| {
        let columns = columns.into_iter().map(|(name, it)| (name, it, true));
        vec![RecordBatch::try_from_iter_with_nullable(columns).unwrap()]
    };
    vec![
        batch(vec![
            ("id", ids(people)),
            ("email", text(&email)),
            ("town", text(&town)),
        ]),
        batch(vec![
            ("id", ids(orders)),
            ("person", person),
            ("price", price),
            ("number", number),
        ]),
    ]
}

/// Parts of a whole that is told: none below the floor, and none to be had by subtraction.
fn no_part_is_small(parts: &[Count], whole: u64, what: &str) {
    let told: u64 = parts.iter().flatten().sum();
    let untold = whole
        .checked_sub(told)
        .unwrap_or_else(|| panic!("{what}: {parts:?}"));
    let fine = |rows: u64| rows == 0 || rows >= 10;
    assert!(
        parts.iter().flatten().all(|rows| fine(*rows)),
        "{what}: {parts:?}"
    );
    assert!(fine(untold) || told == 0, "{what}: {parts:?} of {whole}");
    assert!(
        untold > 0 || parts.iter().all(Option::is_some) || told >= 10,
        "{what}: {parts:?}"
    );
}

#[test]
fn no_count_rests_on_few_real_rows_not_even_by_subtraction() {
    let mut draw = Draw(7);
    let (mut hidden, mut pictures) = (0, 0);
    for _ in 0..800 {
        let real = small(&mut draw);
        let evaluation = compare(&real, &small(&mut draw), 1);
        for table in &evaluation.tables {
            for column in &table.columns {
                if let (Some(distinct), Some(nulls)) = (column.distinct.real, column.nulls.real) {
                    let repeated = table.rows.real - nulls - distinct;
                    assert!(
                        repeated == 0 || repeated >= 10,
                        "{repeated} rows repeat a value"
                    );
                } else if let Some(distinct) = column.distinct.real {
                    // Or the values would tell how many rows have none.
                    assert!(table.rows.real - distinct >= 10, "{distinct} distinct");
                }
                let mut parts = vec![column.nulls.real];
                let what = format!("{}.{}", table.name, column.name);
                match &column.overlay {
                    Overlay::None => {
                        let known = column.nulls.real.map_or(0, |nulls| table.rows.real - nulls);
                        assert!(known == 0 || known >= 10 || table.rows.real < 10, "{what}");
                        continue;
                    }
                    Overlay::Histogram(it) => {
                        parts.extend([it.below.real, it.above.real]);
                        parts.extend(&it.counts.real);
                    }
                    Overlay::Levels(it) => {
                        parts.push(it.other.real);
                        parts.extend(it.shown.iter().map(|level| level.counts.real));
                        assert_eq!(it.other.real.is_none(), it.other_levels.real.is_none());
                    }
                }
                hidden += parts.iter().filter(|it| it.is_none()).count();
                no_part_is_small(&parts, table.rows.real, &what);
            }
            let cells = table.pictures.iter().flat_map(|it| &it.cells.real);
            pictures += table.pictures.len();
            let patterns = table.null_patterns.iter().map(|it| &it.counts.real);
            // Multiples of the table's floor, which people with many rows raise.
            let floor = cells.chain(patterns).flatten().fold(0, |floor, rows| {
                let (mut a, mut b) = (floor, *rows);
                while b > 0 {
                    (a, b) = (b, a % b);
                }
                a
            });
            assert!(floor == 0 || floor >= 10, "{floor}");
        }
        let orders = &evaluation.relationships[0];
        let links = orders.links.unwrap().real;
        let buckets: Vec<Count> = orders.fan_outs.iter().map(|it| it.counts.real).collect();
        if !buckets.is_empty() {
            no_part_is_small(&buckets, links.parents, "fan-outs");
        }
        let matched = links.children - links.nulls.unwrap_or(0) - links.orphans.unwrap_or(0);
        assert!(
            matched == 0 || matched >= 10 || matched == links.children,
            "{links:?}"
        );
        // Two counts of the same rows are one number.
        let nulls = evaluation.tables[1].columns[1].nulls.real;
        assert_eq!(nulls, links.nulls);
    }
    assert!(
        hidden > 100 && pictures > 10,
        "{hidden} {pictures}: nothing was tested"
    );
}

#[test]
fn threads_change_nothing() {
    let (real, synthetic) = (data(300, 0), data(250, 100));
    assert_eq!(compare(&real, &synthetic, 1), compare(&real, &synthetic, 5));
}
