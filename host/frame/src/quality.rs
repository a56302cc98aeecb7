//! The quality report: how much the synthetic data resembles the real data.

use prodlike_core::evidence::{Picture, Sides, Trend};
use prodlike_core::report::Detail;

use crate::diagnostic::{detail, of_relation};
use crate::metrics;
use crate::pairs::{PairScore, Prepared};
use crate::parallel::parallel;
use crate::picture;
use crate::tables::{Relation, Selection, Values, Variable};
use crate::{Compared, Error};

/// Column Shapes: each column has the same distribution.
pub(crate) fn shapes(compared: &Compared<'_, '_>) -> Vec<Detail> {
    let mut details = Vec::new();
    for (idx, table) in compared.tables.included() {
        let variables = &compared.variables[idx];
        let selection = compared.selection(idx);
        let shape = |variable: &Variable<'_>| {
            let metric = if variable.continuous {
                "KsComplement"
            } else {
                "TvComplement"
            };
            let score = match &variable.values {
                Values::Numbers(sides) => {
                    let sides = selection.of(sides);
                    Ok(metrics::ks_complement(&sides.real, &sides.synthetic))
                }
                Values::Levels {
                    codes,
                    distinct,
                    null,
                } => {
                    let codes = selection.of(codes);
                    let real = metrics::counts(&codes.real, *distinct);
                    let synthetic = metrics::counts(&codes.synthetic, *distinct);
                    Ok(metrics::tv_complement(&real, &synthetic, *null))
                }
                Values::Unreadable(note) => Err(note.clone()),
            };
            let score =
                score.and_then(|score| score.ok_or_else(|| "one side has no values".to_string()));
            let columns = vec![variable.name.to_string()];
            detail(&table.name, None, columns, metric, score)
        };
        details.extend(parallel(compared.threads, variables.len(), |it| {
            shape(&variables[it])
        }));
    }
    details
}

/// Pairs of one table, or of a parent and a child.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    pub(crate) details: Vec<Detail>,
    pub(crate) trends: Vec<Trend>,
    pub(crate) pictures: Vec<Picture>,
}

/// Column Pair Trends: each pair of columns of a table is related in the same way.
///
/// Parallel to the included tables.
pub(crate) fn pair_trends(compared: &Compared<'_, '_>) -> Result<Vec<Pairs>, Error> {
    let mut tables = Vec::new();
    for (idx, table) in compared.tables.included() {
        let variables = &compared.variables[idx];
        let selection = compared.selection(idx);
        let prepared = parallel(compared.threads, variables.len(), |it| {
            Prepared::new(&variables[it], selection)
        });
        let positions: Vec<(usize, usize)> = (0..variables.len())
            .flat_map(|first| (first + 1..variables.len()).map(move |second| (first, second)))
            .collect();
        let k = compared.tables.floor(idx);
        let scores = parallel(compared.threads, positions.len(), |it| {
            let (first, second) = positions[it];
            prepared[first].score(&prepared[second], k)
        });
        let mut pairs = Pairs::default();
        for ((first, second), score) in positions.iter().zip(scores) {
            let metric = prepared[*first].metric(&prepared[*second]);
            let names = [variables[*first].name, variables[*second].name];
            let blank = detail(&table.name, None, owned(names), metric, Ok(0.0));
            pairs.push(blank, names, score);
        }
        drop(prepared);
        if !selection.mirrored {
            let sides = [variables, variables].map(Vec::as_slice);
            let whole = [Selection::default(), Selection::default()];
            pairs.pictures =
                picture::worst(compared.tables, [idx, idx], sides, whole, &pairs.trends)?;
        }
        tables.push(pairs);
    }
    Ok(tables)
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
///
/// Parallel to the relations.
pub(crate) fn intertable_trends(
    compared: &Compared<'_, '_>,
    relations: &[Relation<'_>],
) -> Result<Vec<Pairs>, Error> {
    let mut all = Vec::new();
    for relation in relations {
        all.push(related(compared, relation)?);
    }
    Ok(all)
}

fn related(compared: &Compared<'_, '_>, relation: &Relation<'_>) -> Result<Pairs, Error> {
    let tables = compared.tables;
    let parents = &compared.variables[relation.parent];
    let children = &compared.variables[relation.child];
    let mut pairs = Pairs::default();
    if parents.is_empty() || children.is_empty() {
        return Ok(pairs);
    }
    let parent_table = tables.schema.tables[relation.parent].name.as_str();
    let child_table = tables.schema.tables[relation.child].name.as_str();
    let positions: Vec<(usize, usize)> = (0..parents.len())
        .flat_map(|parent| (0..children.len()).map(move |child| (parent, child)))
        .collect();
    let joined = match &relation.keys {
        Ok(keys) => match (keys.real.join(), keys.synthetic.join()) {
            (Some(real), Some(synthetic)) => Ok((real, synthetic)),
            _ => Err("keys of the parent repeat too often to join it"),
        },
        Err(note) => Err(note.as_str()),
    };
    let joined = match &joined {
        Ok(joined) => joined,
        Err(note) => {
            for (parent, child) in positions {
                let (parent, child) = (&parents[parent], &children[child]);
                let metric = match parent.continuous && child.continuous {
                    true => "CorrelationSimilarity",
                    false => "ContingencySimilarity",
                };
                let names = [parent.name, child.name];
                let blank = detail(
                    child_table,
                    Some(parent_table),
                    owned(names),
                    metric,
                    Ok(0.0),
                );
                let score = PairScore {
                    note: Some((*note).to_string()),
                    ..PairScore::default()
                };
                pairs.push(blank, names, score);
            }
            return Ok(pairs);
        }
    };
    let (real, synthetic) = joined;
    let mirrored = compared.selection(relation.child).mirrored;
    let selection = |real, synthetic| Selection {
        rows: Some(Sides { real, synthetic }),
        mirrored,
    };
    let of_parent = selection(real.0.as_slice(), synthetic.0.as_slice());
    let of_child = selection(real.1.as_slice(), synthetic.1.as_slice());
    let lefts = parallel(compared.threads, parents.len(), |it| {
        Prepared::new(&parents[it], of_parent)
    });
    let rights = parallel(compared.threads, children.len(), |it| {
        Prepared::new(&children[it], of_child)
    });
    let k = tables
        .floor(relation.parent)
        .max(tables.floor(relation.child));
    let scores = parallel(compared.threads, positions.len(), |it| {
        let (parent, child) = positions[it];
        lefts[parent].score(&rights[child], k)
    });
    for ((parent, child), score) in positions.iter().zip(scores) {
        let metric = lefts[*parent].metric(&rights[*child]);
        let names = [parents[*parent].name, children[*child].name];
        let blank = detail(
            child_table,
            Some(parent_table),
            owned(names),
            metric,
            Ok(0.0),
        );
        pairs.push(blank, names, score);
    }
    drop((lefts, rights));
    if !mirrored {
        pairs.pictures = picture::worst(
            tables,
            [relation.parent, relation.child],
            [parents, children],
            [of_parent, of_child],
            &pairs.trends,
        )?;
    }
    Ok(pairs)
}

impl Pairs {
    fn push(&mut self, blank: Detail, names: [&str; 2], pair: PairScore) {
        self.trends.push(Trend {
            columns: names.map(str::to_string),
            metric: blank.metric,
            real: pair.trend.real,
            synthetic: pair.trend.synthetic,
            similarity: pair.trend.similarity,
            counted: pair.score.is_some(),
        });
        self.details.push(Detail {
            score: pair.score,
            real: pair.real,
            synthetic: pair.synthetic,
            note: pair.note,
            ..blank
        });
    }
}

fn owned(names: [&str; 2]) -> Vec<String> {
    names.map(str::to_string).to_vec()
}
