//! The quality report: how much the synthetic data resembles the real data.

use prodlike_core::evidence::{Hop, Picture, Sides, Trend};
use prodlike_core::report::Detail;

use crate::diagnostic::{detail, of_relation};
use crate::hash;
use crate::metrics;
use crate::pairs::{PairScore, Prepared};
use crate::parallel::parallel;
use crate::picture;
use crate::tables::{Keys, Relation, Selection, Values, Variable};
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
    let ends = [relation.parent, relation.child];
    if ends.iter().any(|end| compared.variables[*end].is_empty()) {
        return Ok(Pairs::default());
    }
    let joined = match &relation.keys {
        Ok(keys) => match (keys.real.join(), keys.synthetic.join()) {
            (Some(real), Some(synthetic)) => Ok(Sides { real, synthetic }),
            _ => Err("keys of the parent repeat too often to join it".to_string()),
        },
        Err(note) => Err(note.clone()),
    };
    let k = tables
        .floor(relation.parent)
        .max(tables.floor(relation.child));
    let mut pairs = across(compared, ends, joined.as_ref(), k);
    let mirrored = compared.selection(relation.child).mirrored;
    if let (Ok(joined), false) = (&joined, mirrored) {
        pairs.pictures = picture::worst(
            tables,
            ends,
            ends.map(|end| compared.variables[end].as_slice()),
            selections(joined, mirrored),
            &pairs.trends,
        )?;
    }
    Ok(pairs)
}

/// Rows of a table above and, in the same order, of one below that lead to them.
type Joined = (Vec<u32>, Vec<u32>);

fn selections(joined: &Sides<Joined>, mirrored: bool) -> [Selection<'_>; 2] {
    let selection = |real, synthetic| Selection {
        rows: Some(Sides { real, synthetic }),
        mirrored,
    };
    let (real, synthetic) = (&joined.real, &joined.synthetic);
    [
        selection(real.0.as_slice(), synthetic.0.as_slice()),
        selection(real.1.as_slice(), synthetic.1.as_slice()),
    ]
}

/// Compares each column of the upper table with each of the lower one.
fn across(
    compared: &Compared<'_, '_>,
    [upper, lower]: [usize; 2],
    joined: Result<&Sides<Joined>, &String>,
    k: u32,
) -> Pairs {
    let parents = &compared.variables[upper];
    let children = &compared.variables[lower];
    let mut pairs = Pairs::default();
    let parent_table = compared.tables.schema.tables[upper].name.as_str();
    let child_table = compared.tables.schema.tables[lower].name.as_str();
    let positions: Vec<(usize, usize)> = (0..parents.len())
        .flat_map(|parent| (0..children.len()).map(move |child| (parent, child)))
        .collect();
    let scores = match joined {
        Ok(joined) => {
            let mirrored = compared.selection(lower).mirrored;
            let [of_parent, of_child] = selections(joined, mirrored);
            let lefts = parallel(compared.threads, parents.len(), |it| {
                Prepared::new(&parents[it], of_parent)
            });
            let rights = parallel(compared.threads, children.len(), |it| {
                Prepared::new(&children[it], of_child)
            });
            parallel(compared.threads, positions.len(), |it| {
                let (parent, child) = positions[it];
                lefts[parent].score(&rights[child], k)
            })
        }
        Err(note) => {
            let none = || PairScore {
                note: Some(note.clone()),
                ..PairScore::default()
            };
            positions.iter().map(|_| none()).collect()
        }
    };
    for ((parent, child), score) in positions.into_iter().zip(scores) {
        let (parent, child) = (&parents[parent], &children[child]);
        let metric = match parent.continuous && child.continuous {
            true => "CorrelationSimilarity",
            false => "ContingencySimilarity",
        };
        let names = owned([parent.name, child.name]);
        let blank = detail(child_table, Some(parent_table), names, metric, Ok(0.0));
        pairs.push(blank, [parent.name, child.name], score);
    }
    pairs
}

/// Rows that trends over several relationships are measured on; SDMetrics draws as many before it
/// compares contingencies.
const HOP_ROWS: usize = 50_000;
/// Ways up that are followed, of each length.
const MOST_WAYS: usize = 400;

/// The same between tables that lie so many relationships apart: each column of a table with
/// each of its parent's parent, and so on, a list a way that leads there.
///
/// No way comes by a table twice: a tree's levels are no further apart than its rows.
pub(crate) fn hop_trends(
    compared: &Compared<'_, '_>,
    relations: &[Relation<'_>],
    apart: usize,
) -> Result<Vec<Pairs>, Error> {
    let mut all = Vec::new();
    for way in ways(relations, apart) {
        compared.go_on()?;
        all.push(climbed(compared, &way));
    }
    Ok(all)
}

/// Counts what trends of tables so far apart come to; their scores are the report's.
pub(crate) fn hop(apart: usize, pairs: &[Pairs]) -> Hop {
    let trends = || pairs.iter().flat_map(|pairs| &pairs.trends);
    let known = || trends().filter_map(|trend| trend.similarity);
    Hop {
        apart,
        score: Sides::default(),
        every: Sides {
            real: None,
            synthetic: metrics::mean(known()),
        },
        counted: trends().filter(|trend| trend.counted).count() as u64,
        pairs: known().count() as u64,
    }
}

/// Returns the ways from a table up to another one, the lowest relationship first.
fn ways<'r, 'a>(relations: &'r [Relation<'a>], apart: usize) -> Vec<Vec<&'r Relation<'a>>> {
    let is_tree = |it: &&Relation<'_>| it.parent != it.child;
    let mut ways: Vec<Vec<&Relation<'_>>> = relations
        .iter()
        .filter(is_tree)
        .map(|it| vec![it])
        .collect();
    for _ in 1..apart {
        let longer = |way: &Vec<&'r Relation<'a>>| {
            let way = way.clone();
            let top = way.last().map(|it| it.parent);
            let next = relations
                .iter()
                .filter(is_tree)
                .filter(move |it| Some(it.child) == top);
            let met: Vec<usize> = way.iter().map(|it| it.child).collect();
            let next = next.filter(move |it| !met.contains(&it.parent));
            next.map(move |it| way.iter().copied().chain([it]).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        ways = ways.iter().flat_map(longer).take(MOST_WAYS).collect();
    }
    ways
}

fn climbed(compared: &Compared<'_, '_>, way: &[&Relation<'_>]) -> Pairs {
    let (Some(lowest), Some(highest)) = (way.first(), way.last()) else {
        return Pairs::default();
    };
    let ends = [highest.parent, lowest.child];
    if ends.iter().any(|end| compared.variables[*end].is_empty()) {
        return Pairs::default();
    }
    let side = |of: fn(&Sides<Keys>) -> &Keys| -> Result<Joined, String> {
        let keys = lowest.keys.as_ref().map_err(Clone::clone)?;
        let lower = hash::choose(of(keys).keyed_children(), HOP_ROWS);
        let mut joined = (lower.clone(), lower);
        for relation in way {
            let keys = relation.keys.as_ref().map_err(Clone::clone)?;
            let (upper, positions) = of(keys).climb(&joined.0, 2 * HOP_ROWS);
            let lower = positions.iter().map(|at| joined.1[*at as usize]);
            joined = (upper, lower.collect());
        }
        Ok(joined)
    };
    let joined = side(|keys| &keys.real).and_then(|real| {
        let synthetic = side(|keys| &keys.synthetic)?;
        Ok(Sides { real, synthetic })
    });
    let tables = way.iter().flat_map(|it| [it.parent, it.child]);
    let floors = tables.map(|table| compared.tables.floor(table));
    let mut pairs = across(compared, ends, joined.as_ref(), floors.max().unwrap_or(1));
    // Two ways may lead to one table.
    let between: Vec<&str> = way[1..]
        .iter()
        .map(|it| compared.tables.schema.tables[it.child].name.as_str())
        .collect();
    let note = format!("by way of {}", between.join(" and "));
    for detail in pairs.details.iter_mut().filter(|it| it.score.is_some()) {
        detail.note = Some(note.clone());
    }
    pairs
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
