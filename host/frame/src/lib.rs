//! Sole owner of Polars: SDMetrics' metrics over real and synthetic tables.
//!
//! [`evaluate`] computes what SDMetrics' multi-table *diagnostic* and *quality* reports
//! compute, by their definitions (SDMetrics 0.32, MIT), because a score is worth
//! something only where others compute the same one. `tests/sdmetrics.rs` holds the
//! scores of the original over the same tables, and `tests/referee` regenerates them.
//! Some of these definitions surprise, and are kept all the same: each side is binned on
//! its own range, NULL falls into the highest bin, and only pairs that are related in the
//! real data (|correlation| above 0.5, Cramér's V above 0.3) count into a property.
//!
//! Where SDMetrics has no definition, its own is carried on to the natural next case:
//!
//! - *All rows count.* SDMetrics samples 50,000 rows, without a seed, before it compares
//!   contingencies; that step is left out, so that the same tables always score the same.
//! - *Composite keys* are tuples. A foreign key with a NULL anywhere has no parent (MATCH
//!   SIMPLE) and, as SDMetrics does for a single column, is left out of referential
//!   integrity where the real data has such keys too, and is a broken one where it has none.
//! - *Self references* join the table with itself; SDMetrics fails on them.
//! - *Every declared alternate key* is checked for uniqueness, as a tuple; SDMetrics checks
//!   the columns of a composite one apart, and skips those whose column it measures. Where
//!   real rows lack one, rows without it are passed over, as SQL's UNIQUE does; SDMetrics takes
//!   every NULL for a duplicate, which real data could not pass.
//! - *Types* are Arrow's, not those that pandas makes of a column with NULLs in it.
//!
//! Beside them stand, in no mean of theirs, how well a classifier tells synthetic rows from real
//! ones (`detection`), trends between tables that lie two and three relationships apart, and how
//! many rows keep the manifest's rules (`rules`), which others counted.
//!
//! Polars groups: the rows of a key, of several columns and two tables at once, become
//! dense numbers (`keys`), and categories do likewise. Everything after that is a
//! pass over plain slices, because a rank statistic, a contingency table and a
//! correlation need an order of summation that no thread scheduler may choose: the same
//! input gives the same scores to the bit. The way from Arrow to Polars is a copy by type
//! and not the C data interface: it costs a few percent of the time and no `unsafe`.

mod column;
mod detection;
mod diagnostic;
mod evidence;
mod floors;
mod halves;
mod hash;
mod keys;
mod metrics;
mod overlay;
mod pairs;
mod parallel;
mod picture;
mod quality;
mod rules;
mod sanity;
mod tables;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use polars::error::PolarsError;
use prodlike_core::error::Hint;
use prodlike_core::evidence::{BaselineOrigin, Evaluation, Hop, Picture, Sides};
use prodlike_core::progress::Cancel;
use prodlike_core::report::{Detail, Property, PropertyName, Report};
use prodlike_core::rule::Adherence;
use prodlike_core::schema::Schema;

use crate::detection::Found;
use crate::halves::{Halves, LEAST_ROWS};
use crate::quality::Pairs;
use crate::tables::{Relation, Selection, Tables, Variable};

/// What is compared.
pub struct EvaluateInput<'a> {
    /// Names the tables, keys and relationships; excluded tables are passed over.
    pub schema: &'a Schema,
    /// Parallel to `schema.tables`: the included columns, found by name. No batches at all
    /// stand for an empty table of the schema's own types.
    pub real: &'a [Vec<RecordBatch>],
    /// The same of the synthetic data.
    pub synthetic: &'a [Vec<RecordBatch>],
    /// The same of a second real sample, for the baseline; without one the real data is split.
    pub holdout: Option<&'a [Vec<RecordBatch>]>,
    /// What became of the manifest's rules, in its order.
    pub rules: &'a [Adherence],
    /// Threads; the result does not depend on them.
    pub threads: usize,
    /// Ends the work before its next step.
    pub cancel: &'a Cancel,
}

/// What is looked at, and which rows of it.
pub(crate) struct Compared<'a, 'r> {
    tables: &'r Tables<'a>,
    variables: &'r [Vec<Variable<'a>>],
    /// Parallel to the schema's tables; empty where all rows are compared.
    selections: &'r [Selection<'r>],
    threads: usize,
    cancel: &'r Cancel,
}

impl<'r> Compared<'_, 'r> {
    fn selection(&self, table: usize) -> Selection<'r> {
        self.selections.get(table).copied().unwrap_or_default()
    }

    fn go_on(&self) -> Result<(), Error> {
        match self.cancel.is_cancelled() {
            true => Err(Error::Interrupted),
            false => Ok(()),
        }
    }
}

/// Scores synthetic tables against real ones.
///
/// What cannot be measured (an empty table, a constant column, a column that one side
/// lacks) has no score and a note that says why, and does not count into the mean.
///
/// # Errors
/// [`Error::Interrupted`] where that was asked for; else where the input contradicts its schema,
/// never for what the tables hold.
pub fn evaluate(input: &EvaluateInput<'_>) -> Result<Evaluation, Error> {
    let mut tables = Tables::new(
        input.schema,
        Sides {
            real: input.real,
            synthetic: input.synthetic,
        },
    )?;
    let relations = tables.relations()?;
    tables.floors = floors::floors(&tables, &relations)?;
    let variables = tables.variables(input.threads)?;
    let compared = Compared {
        tables: &tables,
        variables: &variables,
        selections: &[],
        threads: input.threads,
        cancel: input.cancel,
    };
    let mut measured = measure(&compared, &relations)?;
    let halves = Halves::split(&tables, &relations)?;
    let baseline = match input.holdout {
        None => {
            let selections = halves.selections();
            let compared = Compared {
                selections: &selections,
                ..compared
            };
            measure(&compared, &halves.relations(&relations))?
        }
        Some(holdout) => {
            let tables = Tables::new(
                input.schema,
                Sides {
                    real: input.real,
                    synthetic: holdout,
                },
            )?;
            let relations = tables.relations()?;
            let variables = tables.variables(input.threads)?;
            let compared = Compared {
                tables: &tables,
                variables: &variables,
                ..compared
            };
            measure(&compared, &relations)?
        }
    };
    put_beside(&mut measured, baseline, &tables);
    measured
        .report
        .properties
        .extend(rules::property(&tables, input.rules));
    let Measured {
        report,
        of_tables,
        of_relations,
        detected,
        hops,
    } = measured;
    compared.go_on()?;
    let mut of_tables = evidence::tables(&compared, &halves, of_tables, detected)?;
    compared.go_on()?;
    let mut of_relations = evidence::relationships(&tables, &relations, of_relations);
    for table in &mut of_tables {
        for picture in &mut table.pictures {
            picture.baseline = baseline_of(&report, &table.name, None, picture);
        }
    }
    for relation in &mut of_relations {
        for picture in &mut relation.pictures {
            let parent = Some(relation.parent_table.as_str());
            picture.baseline = baseline_of(&report, &relation.child_table, parent, picture);
        }
    }
    Ok(Evaluation {
        report,
        baseline: match input.holdout {
            None => BaselineOrigin::HalfSplit,
            Some(_) => BaselineOrigin::Holdout,
        },
        k: input.schema.privacy.k,
        tables: of_tables,
        relationships: of_relations,
        hops,
    })
}

/// Every property, and what came along.
struct Measured {
    report: Report,
    /// Parallel to the included tables.
    of_tables: Vec<Pairs>,
    /// Parallel to the relations.
    of_relations: Vec<Pairs>,
    /// Parallel to the included tables.
    detected: Vec<Found>,
    hops: Vec<Hop>,
}

fn measure(compared: &Compared<'_, '_>, relations: &[Relation<'_>]) -> Result<Measured, Error> {
    compared.go_on()?;
    let mut pair_trends = quality::pair_trends(compared)?;
    compared.go_on()?;
    let mut intertable = quality::intertable_trends(compared, relations)?;
    let mut two_hops = quality::hop_trends(compared, relations, 2)?;
    let mut three_hops = quality::hop_trends(compared, relations, 3)?;
    let detected = detection::detection(compared, relations)?;
    let trends = [&pair_trends, &intertable, &two_hops, &three_hops];
    let hops = (0..)
        .zip(trends)
        .map(|(apart, pairs)| quality::hop(apart, pairs));
    let hops = hops.collect();
    let [boosted, logistic] = detection::details(compared.tables, &detected);
    let details = |pairs: &mut Vec<Pairs>| -> Vec<Detail> {
        let pairs = pairs.iter_mut();
        pairs
            .flat_map(|pairs| std::mem::take(&mut pairs.details))
            .collect()
    };
    let properties = [
        (PropertyName::DataValidity, diagnostic::validity(compared)?),
        (PropertyName::DataStructure, diagnostic::structure(compared)),
        (
            PropertyName::RelationshipValidity,
            diagnostic::relationships(relations),
        ),
        (PropertyName::ColumnShapes, quality::shapes(compared)),
        (PropertyName::ColumnPairTrends, details(&mut pair_trends)),
        (PropertyName::Cardinality, quality::cardinality(relations)),
        (PropertyName::IntertableTrends, details(&mut intertable)),
        (PropertyName::Detection, boosted),
        (PropertyName::LogisticDetection, logistic),
        (PropertyName::TwoHopTrends, details(&mut two_hops)),
        (PropertyName::ThreeHopTrends, details(&mut three_hops)),
    ];
    let report = Report {
        properties: properties
            .into_iter()
            .map(|(name, details)| Property {
                name,
                // One mean over all details: tables with more columns weigh more.
                score: metrics::mean(details.iter().filter_map(|detail| detail.score)),
                baseline: None,
                details,
            })
            .collect(),
    };
    Ok(Measured {
        report,
        of_tables: pair_trends,
        of_relations: intertable,
        detected,
        hops,
    })
}

/// Writes the scores of a second real sample beside those of the synthetic data.
fn put_beside(measured: &mut Measured, baseline: Measured, tables: &Tables<'_>) {
    let small = |name: &str| {
        let table = tables.schema.table_idx(name);
        table.is_none_or(|idx| tables.rows(idx).real < LEAST_ROWS)
    };
    let properties = measured.report.properties.iter_mut();
    for (property, beside) in properties.zip(baseline.report.properties) {
        // Both were made by the same loops over the same schema.
        for (detail, beside) in property.details.iter_mut().zip(beside.details) {
            // Fan-outs are counted over parents, all else over rows of the table.
            let counted = match (&detail.parent_table, detail.metric) {
                (Some(parent), "CardinalityShapeSimilarity" | "CardinalityBoundaryAdherence") => {
                    parent
                }
                _ => &detail.table,
            };
            if !small(counted) && detail.score.is_some() {
                detail.baseline = beside.score;
            }
        }
        property.baseline =
            metrics::mean(property.details.iter().filter_map(|detail| detail.baseline));
        // Of so many pairs as there are between all tables, those that are unrelated say nothing.
        if matches!(
            property.name,
            PropertyName::TwoHopTrends | PropertyName::ThreeHopTrends
        ) {
            let is_unrelated = |it: &Detail| it.score.is_none() && it.real.is_some();
            property.details.retain(|it| !is_unrelated(it));
        }
    }
    let detected = measured.detected.iter_mut().zip(baseline.detected);
    for ((_, table), (found, beside)) in tables.included().zip(detected) {
        if let (Some(Ok(found)), Some(Ok(beside)), false) = (found, beside, small(&table.name)) {
            found.boosted.real = beside.boosted.synthetic;
            found.logistic.real = beside.logistic.synthetic;
        }
    }
    for (hop, beside) in measured.hops.iter_mut().zip(baseline.hops) {
        hop.every.real = beside.every.synthetic;
    }
    for hop in &mut measured.hops {
        let name = match hop.apart {
            0 => PropertyName::ColumnPairTrends,
            1 => PropertyName::IntertableTrends,
            2 => PropertyName::TwoHopTrends,
            _ => PropertyName::ThreeHopTrends,
        };
        let mut properties = measured.report.properties.iter();
        if let Some(property) = properties.find(|it| it.name == name) {
            hop.score = Sides {
                real: property.baseline,
                synthetic: property.score,
            };
        }
    }
}

fn baseline_of(
    report: &Report,
    table: &str,
    parent: Option<&str>,
    picture: &Picture,
) -> Option<f64> {
    let details = report.properties.iter().flat_map(|it| &it.details);
    details
        .filter(|it| it.table == table && it.parent_table.as_deref() == parent)
        .find(|it| it.columns == picture.columns && it.metric == picture.metric)?
        .baseline
}

/// Why tables could not be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The work was asked to stop.
    #[error("interrupted")]
    Interrupted,
    /// The two datasets are not parallel to the schema.
    #[error("the schema has {expected} tables, but {actual} were given to compare")]
    TableCount {
        /// Tables of the schema.
        expected: usize,
        /// Tables given.
        actual: usize,
    },
    /// The batches of a table have different columns.
    #[error("the batches of table `{table}` do not have the same columns")]
    Batches {
        /// The table.
        table: String,
    },
    /// A relationship names something that is not there.
    #[error("relationship `{relationship}` refers to `{name}`, which the schema does not include")]
    Relationship {
        /// The relationship.
        relationship: String,
        /// A table or a column.
        name: String,
    },
    /// A column could not be read.
    #[error("failed to read column `{column}` of table `{table}`")]
    Arrow {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Why.
        source: ArrowError,
    },
    /// Values could not be grouped; a bug of this crate.
    #[error("failed to group values, which is a bug that should be reported")]
    Group {
        /// Why.
        source: PolarsError,
    },
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Error::TableCount { .. } => {
                Some("Compare datasets that were both read by the same manifest".into())
            }
            Error::Batches { table } => Some(format!(
                "Check that all files of `{table}` were written at once"
            )),
            Error::Relationship { name, .. } => Some(format!(
                "Include `{name}` in the manifest, or remove the relationship"
            )),
            Error::Arrow { column, .. } => Some(format!(
                "To leave the column out, set `exclude = true` for `{column}` in the manifest"
            )),
            Error::Interrupted | Error::Group { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test should stop")]

    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int32Array, StringArray};
    use prodlike_core::report::Detail;
    use prodlike_core::schema::{
        Column, DataType, Orphans, Relationship, SemanticType, Table, TableMode,
    };

    use super::*;

    fn column(name: &str, data_type: DataType, semantic: SemanticType) -> Column {
        Column::new(name, data_type, semantic)
    }

    /// A parent with a key of two columns and a child that refers to it.
    fn schema() -> Schema {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|name| name.to_string())
                .collect::<Vec<_>>()
        };
        let key = |name| column(name, DataType::Int32, SemanticType::Id);
        let colour = column("colour", DataType::String, SemanticType::Categorical);
        let size = column("size", DataType::Int32, SemanticType::Numerical);
        let table = |name: &str, columns, primary_key: &[&str]| Table {
            name: name.to_string(),
            columns,
            primary_key: names(primary_key),
            unique: Vec::new(),
            mode: TableMode::Generate,
            rules: Vec::new(),
        };
        Schema {
            tables: vec![
                table("parent", vec![key("a"), key("b"), colour], &["a", "b"]),
                table("child", vec![key("pa"), key("pb"), size], &[]),
            ],
            relationships: vec![Relationship {
                parent_table: "parent".into(),
                parent_key: names(&["a", "b"]),
                child_table: "child".into(),
                child_key: names(&["pa", "pb"]),
                orphans: Orphans::Refuse,
                owner: None,
            }],
            ..Schema::default()
        }
    }

    fn ints(values: &[Option<i32>]) -> ArrayRef {
        Arc::new(Int32Array::from(values.to_vec()))
    }

    fn batch(columns: Vec<(&str, ArrayRef)>) -> Vec<RecordBatch> {
        vec![
            RecordBatch::try_from_iter_with_nullable(
                columns.into_iter().map(|(name, array)| (name, array, true)),
            )
            .unwrap(),
        ]
    }

    fn parent(b: &[Option<i32>]) -> Vec<RecordBatch> {
        let colours: ArrayRef = Arc::new(StringArray::from(vec!["red"; b.len()]));
        let a = ints(&vec![Some(1); b.len()]);
        batch(vec![("a", a), ("b", ints(b)), ("colour", colours)])
    }

    fn child(keys: &[(Option<i32>, Option<i32>)], size: &[Option<i32>]) -> Vec<RecordBatch> {
        let pa: Vec<_> = keys.iter().map(|key| key.0).collect();
        let pb: Vec<_> = keys.iter().map(|key| key.1).collect();
        batch(vec![
            ("pa", ints(&pa)),
            ("pb", ints(&pb)),
            ("size", ints(size)),
        ])
    }

    fn details<'r>(report: &'r Report, metric: &str) -> Vec<&'r Detail> {
        let details = report
            .properties
            .iter()
            .flat_map(|property| &property.details);
        details.filter(|detail| detail.metric == metric).collect()
    }

    fn score(report: &Report, metric: &str) -> Option<f64> {
        details(report, metric).first().unwrap().score
    }

    #[test]
    fn composite_keys_match_simply() {
        let schema = schema();
        let sizes = [Some(1), Some(2), Some(3), Some(4)];
        let keys = [
            (Some(1), Some(1)),
            (Some(1), None),
            (None, Some(2)),
            (Some(2), Some(1)),
        ];
        let real_keys = [
            (Some(1), Some(1)),
            (Some(1), None),
            (Some(1), Some(2)),
            (Some(1), Some(2)),
        ];
        let complete = [
            (Some(1), Some(1)),
            (Some(1), Some(1)),
            (Some(1), Some(2)),
            (Some(1), Some(2)),
        ];
        let parents = [
            parent(&[Some(1), Some(2)]),
            parent(&[Some(1), Some(1), Some(2), None]),
        ];
        let check = |real_keys: &[_], integrity| {
            let real = [parents[0].clone(), child(real_keys, &sizes)];
            let synthetic = [parents[1].clone(), child(&keys, &sizes)];
            let input = EvaluateInput {
                schema: &schema,
                real: &real,
                synthetic: &synthetic,
                holdout: None,
                rules: &[],
                threads: 2,
                cancel: &Cancel::default(),
            };
            let report = evaluate(&input).unwrap().report;
            assert_eq!(score(&report, "ReferentialIntegrity"), Some(integrity));
            assert_eq!(score(&report, "KeyUniqueness"), Some(0.75));
        };
        // Keys with a NULL in them are passed over only where the real data has any.
        check(&real_keys, 0.5);
        check(&complete, 0.25);
    }

    #[test]
    fn a_missing_column_and_an_unreadable_one_are_notes() {
        let mut schema = schema();
        let real = [
            parent(&[Some(1), Some(2)]),
            child(&[(Some(1), Some(1)); 2], &[Some(1), Some(2)]),
        ];
        let mut synthetic = real.clone();
        synthetic[1][0].remove_column(1);
        schema.tables[0].columns[2].semantic = SemanticType::Datetime;
        let input = EvaluateInput {
            schema: &schema,
            real: &real,
            synthetic: &synthetic,
            holdout: None,
            rules: &[],
            threads: 2,
            cancel: &Cancel::default(),
        };
        let report = evaluate(&input).unwrap().report;
        assert_eq!(score(&report, "KsComplement"), None);
        assert_eq!(score(&report, "ReferentialIntegrity"), None);
        let structure: Vec<_> = details(&report, "TableStructure")
            .iter()
            .map(|detail| detail.score)
            .collect();
        assert_eq!(structure, [Some(1.0), Some(2.0 / 3.0)]);
        let notes: Vec<_> = report
            .properties
            .iter()
            .flat_map(|property| &property.details)
            .filter(|detail| detail.score.is_none())
            .map(|detail| detail.note.as_deref().unwrap())
            .collect();
        assert!(
            notes.contains(&"the synthetic data has no column `pb`"),
            "{notes:?}"
        );
        assert!(
            notes.contains(&"`colour` holds text, but has semantic type datetime"),
            "{notes:?}"
        );
    }

    #[test]
    fn tables_without_batches_are_empty() {
        let schema = schema();
        let none = [Vec::new(), Vec::new()];
        let input = EvaluateInput {
            schema: &schema,
            real: &none,
            synthetic: &none,
            holdout: None,
            rules: &[],
            threads: 2,
            cancel: &Cancel::default(),
        };
        let report = evaluate(&input).unwrap().report;
        assert_eq!(score(&report, "TableStructure"), Some(1.0));
        let scored = report
            .properties
            .iter()
            .flat_map(|property| &property.details)
            .filter(|detail| detail.score.is_some() && detail.metric != "TableStructure");
        assert_eq!(scored.count(), 0);
        assert_eq!((report.diagnostic(), report.quality()), (Some(1.0), None));
    }

    #[test]
    fn excluded_and_generated_columns_are_not_measured() {
        let mut schema = schema();
        schema.tables[0].mode = TableMode::Exclude;
        schema.tables[1].columns[2].generator = Some("public_number".into());
        let real = [Vec::new(), child(&[(Some(1), Some(1))], &[Some(1)])];
        let input = EvaluateInput {
            schema: &schema,
            real: &real,
            synthetic: &real,
            holdout: None,
            rules: &[],
            threads: 2,
            cancel: &Cancel::default(),
        };
        let report = evaluate(&input).unwrap().report;
        let metrics: Vec<_> = report
            .properties
            .iter()
            .flat_map(|property| &property.details)
            .map(|detail| (detail.table.as_str(), detail.metric))
            .collect();
        assert_eq!(metrics, [("child", "TableStructure")]);
    }

    #[test]
    fn a_cancelled_evaluation_ends() {
        let schema = Schema::default();
        let cancel = Cancel::default();
        let input = EvaluateInput {
            schema: &schema,
            real: &[],
            synthetic: &[],
            holdout: None,
            rules: &[],
            threads: 1,
            cancel: &cancel,
        };
        assert!(evaluate(&input).is_ok());
        cancel.cancel();
        assert!(matches!(evaluate(&input), Err(Error::Interrupted)));
    }

    #[test]
    fn contradictions_are_errors_with_hints() {
        let schema = schema();
        let none = [Vec::new()];
        let input = EvaluateInput {
            schema: &schema,
            real: &none,
            synthetic: &none,
            holdout: None,
            rules: &[],
            threads: 2,
            cancel: &Cancel::default(),
        };
        let error = evaluate(&input).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the schema has 2 tables, but 1 were given to compare"
        );
        assert!(error.hint().is_some());

        let mut broken = schema.clone();
        broken.relationships[0].parent_key[1] = "c".into();
        let none = [Vec::new(), Vec::new()];
        let input = EvaluateInput {
            schema: &broken,
            real: &none,
            synthetic: &none,
            holdout: None,
            rules: &[],
            threads: 2,
            cancel: &Cancel::default(),
        };
        let error = evaluate(&input).unwrap_err();
        assert_eq!(
            error.to_string(),
            "relationship `child.pa+pb` refers to `parent.c`, which the schema does not include"
        );
        assert!(error.hint().is_some());

        let mut mixed = parent(&[Some(1)]);
        mixed.extend(child(&[(None, None)], &[None]));
        let real = [mixed, Vec::new()];
        let input = EvaluateInput {
            schema: &schema,
            real: &real,
            synthetic: &none,
            holdout: None,
            rules: &[],
            threads: 2,
            cancel: &Cancel::default(),
        };
        assert!(matches!(evaluate(&input), Err(Error::Batches { .. })));
    }
}
