//! The quality report: how much the synthetic data resembles the real data.

use prodlike_core::report::Detail;

use crate::diagnostic::{detail, of_relation};
use crate::metrics;
use crate::pairs::{PairScore, Prepared};
use crate::tables::{Relation, Sides, Tables, Values, Variable};

/// Column Shapes: each column has the same distribution.
pub(crate) fn shapes(tables: &Tables<'_>, variables: &[Vec<Variable<'_>>]) -> Vec<Detail> {
    let mut details = Vec::new();
    for (idx, table) in tables.included() {
        for variable in &variables[idx] {
            let metric = if variable.continuous {
                "KsComplement"
            } else {
                "TvComplement"
            };
            let score = match &variable.values {
                Values::Numbers(sides) => Ok(metrics::ks_complement(&sides.real, &sides.synthetic)),
                Values::Levels {
                    codes,
                    distinct,
                    null,
                } => {
                    let real = metrics::counts(&codes.real, *distinct);
                    let synthetic = metrics::counts(&codes.synthetic, *distinct);
                    Ok(metrics::tv_complement(&real, &synthetic, *null))
                }
                Values::Unreadable(note) => Err(note.clone()),
            };
            let score =
                score.and_then(|score| score.ok_or_else(|| "one side has no values".to_string()));
            let columns = vec![variable.name.to_string()];
            details.push(detail(&table.name, None, columns, metric, score));
        }
    }
    details
}

/// Column Pair Trends: each pair of columns of a table is related in the same way.
pub(crate) fn pair_trends(tables: &Tables<'_>, variables: &[Vec<Variable<'_>>]) -> Vec<Detail> {
    let mut details = Vec::new();
    for (idx, table) in tables.included() {
        let prepared: Vec<Prepared<'_>> = variables[idx]
            .iter()
            .map(|variable| Prepared::new(variable, None))
            .collect();
        for (first, left) in prepared.iter().enumerate() {
            for (second, right) in prepared.iter().enumerate().skip(first + 1) {
                let columns = [&variables[idx][first], &variables[idx][second]];
                let columns = columns.map(|variable| variable.name.to_string()).to_vec();
                let pair = detail(&table.name, None, columns, left.metric(right), Ok(0.0));
                details.push(with_score(pair, left.score(right)));
            }
        }
    }
    details
}

/// Cardinality: parents have as many children as in the real data.
pub(crate) fn cardinality(relations: &[Relation<'_>]) -> Vec<Detail> {
    relations
        .iter()
        .map(|relation| {
            let score = match &relation.keys {
                Ok(keys) => {
                    metrics::ks_complement(&keys.real.fan_outs(), &keys.synthetic.fan_outs())
                        .ok_or_else(|| "a parent table is empty".to_string())
                }
                Err(note) => Err(note.clone()),
            };
            of_relation(relation, "CardinalityShapeSimilarity", score)
        })
        .collect()
}

/// Intertable Trends: the columns of a child are related to those of its parent in the same
/// way, over the inner join of the two.
pub(crate) fn intertable_trends(
    tables: &Tables<'_>,
    variables: &[Vec<Variable<'_>>],
    relations: &[Relation<'_>],
) -> Vec<Detail> {
    let mut details = Vec::new();
    for relation in relations {
        let (parents, children) = (&variables[relation.parent], &variables[relation.child]);
        if parents.is_empty() || children.is_empty() {
            continue;
        }
        let parent_table = tables.schema.tables[relation.parent].name.as_str();
        let child_table = tables.schema.tables[relation.child].name.as_str();
        let pair = |left: &Variable<'_>, right: &Variable<'_>, metric| {
            let columns = vec![left.name.to_string(), right.name.to_string()];
            detail(child_table, Some(parent_table), columns, metric, Ok(0.0))
        };
        let joined = match &relation.keys {
            Ok(keys) => match (keys.real.join(), keys.synthetic.join()) {
                (Some(real), Some(synthetic)) => Ok((real, synthetic)),
                _ => Err("keys of the parent repeat too often to join it"),
            },
            Err(note) => Err(note.as_str()),
        };
        match &joined {
            Ok((real, synthetic)) => {
                let parent_rows = Sides {
                    real: real.0.as_slice(),
                    synthetic: synthetic.0.as_slice(),
                };
                let child_rows = Sides {
                    real: real.1.as_slice(),
                    synthetic: synthetic.1.as_slice(),
                };
                let lefts: Vec<Prepared<'_>> = parents
                    .iter()
                    .map(|it| Prepared::new(it, Some(&parent_rows)))
                    .collect();
                let rights: Vec<Prepared<'_>> = children
                    .iter()
                    .map(|it| Prepared::new(it, Some(&child_rows)))
                    .collect();
                for (parent, left) in parents.iter().zip(&lefts) {
                    for (child, right) in children.iter().zip(&rights) {
                        let detail = pair(parent, child, left.metric(right));
                        details.push(with_score(detail, left.score(right)));
                    }
                }
            }
            Err(note) => {
                for parent in parents {
                    for child in children {
                        let metric = match parent.continuous && child.continuous {
                            true => "CorrelationSimilarity",
                            false => "ContingencySimilarity",
                        };
                        let note = Some((*note).to_string());
                        let score = PairScore {
                            note,
                            ..PairScore::default()
                        };
                        details.push(with_score(pair(parent, child, metric), score));
                    }
                }
            }
        }
    }
    details
}

fn with_score(detail: Detail, pair: PairScore) -> Detail {
    Detail {
        score: pair.score,
        real: pair.real,
        synthetic: pair.synthetic,
        note: pair.note,
        ..detail
    }
}
