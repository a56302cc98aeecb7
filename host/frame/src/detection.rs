//! Detection: how well a classifier tells the synthetic rows of a table from the real ones.
//!
//! Other scores look at one or two columns; a classifier looks at all of them, and finds what is
//! wrong among three. Real and synthetic rows are as many, so that no score depends on the size
//! that was asked for. Rows of one family (an entity's, or an owner's) are in one fold:
//! otherwise the judge would know the siblings of those it judges, and find any table as easy to
//! tell apart as its families are.
//!
//! Nothing here may tell sides apart but values. Levels are ordered by how many rows of both
//! sides have them, and levels as frequent as each other by a hash: the order in which they were
//! read has the real ones first.

use std::sync::Arc;

use prodlike_core::evidence::{Detection, Sides, Telltale};
use prodlike_core::report::Detail;
use prodlike_core::schema::TableMode;
use prodlike_models::classify::{self, BoostParams, Boosted, Logistic, MISSING, Predictor};

use crate::diagnostic::detail;
use crate::halves::families;
use crate::hash::{choose, mix};
use crate::metrics::mean;
use crate::parallel::parallel;
use crate::tables::{Relation, Tables, Values, Variable};
use crate::{Compared, Error};

/// Rows of each side that are looked at.
const MOST_ROWS: usize = 50_000;
/// The same times the number of columns: wide tables take no longer.
const MOST_CELLS: usize = 2_000_000;
/// Columns that all threads together have histograms for, which bounds these to 1 GiB.
const HELD_COLUMNS: usize = 4096;
/// Rows of each side below which an AUC is chance.
const FEWEST_ROWS: usize = 50;
/// Of as many parts as this, trees are fitted to all but one, and judged by that.
const FOLDS: u8 = 5;
/// The same of the logistic regression, as SDMetrics has it.
const LOGISTIC_FOLDS: u8 = 3;
/// With so many rows of each side, folds are large enough that the AUC of two has a deviation
/// of 0.005: the others are only fitted to.
const LARGE: usize = 20_000;
const ENOUGH_FOLDS: u8 = 2;
/// Fewer families than this would make folds uneven: rows are then on their own.
const FEWEST_FAMILIES: usize = 20;
/// An AUC up to this names no columns: what moved the answers was chance.
const CHANCE: f64 = 0.55;
/// Columns that are named, and those among them that a sentence has.
const NAMED: usize = 10;
const TOLD: usize = 3;
/// A column with a smaller share is not named.
const LEAST_SHARE: f64 = 0.02;

/// What a table came to, with only [`Sides::synthetic`] filled, or why it came to nothing;
/// `None` where it has no column to tell rows by.
pub(crate) type Found = Option<Result<Detection, String>>;

/// Judges every included table, in their order.
pub(crate) fn detection(
    compared: &Compared<'_, '_>,
    relations: &[Relation<'_>],
) -> Result<Vec<Found>, Error> {
    let mut families = Families::new(compared, relations);
    let mut found = Vec::new();
    for (idx, table) in compared.tables.included() {
        compared.go_on()?;
        found.push(match table.mode {
            _ if compared.variables[idx].is_empty() => None,
            TableMode::Keep => Some(Err("its real rows travelled as they are".to_string())),
            _ => Some(of_table(compared, &mut families, idx)?),
        });
    }
    Ok(found)
}

/// Returns the scores of both judges, one a table: 1 − max(0, 2 AUC − 1).
pub(crate) fn details(tables: &Tables<'_>, found: &[Found]) -> [Vec<Detail>; 2] {
    let scored = |metric, auc: fn(&Detection) -> Option<f64>, is_told: bool| {
        let judged = tables.included().zip(found);
        let details = judged.filter_map(|((_, table), found)| {
            let judged = found
                .as_ref()?
                .as_ref()
                .map_err(Clone::clone)
                .and_then(|found| {
                    let auc = auc(found).ok_or("no fold has rows of both sides")?;
                    Ok((auc, found))
                });
            let said = judged.as_ref().ok().map(|(auc, found)| match is_told {
                true => sentence(*auc, &found.features),
                false => sentence(*auc, &[]),
            });
            let score = judged.map(|(auc, _)| 1.0 - (2.0 * auc - 1.0).max(0.0));
            let detail = detail(&table.name, None, Vec::new(), metric, score);
            Some(Detail {
                note: said.or(detail.note),
                ..detail
            })
        });
        details.collect()
    };
    [
        scored("BoostedDetection", |it| it.boosted.synthetic, true),
        scored("LogisticDetection", |it| it.logistic.synthetic, false),
    ]
}

fn sentence(auc: f64, features: &[Telltale]) -> String {
    let told = features.iter().take(TOLD);
    let told: Vec<String> = told
        .map(|it| format!("`{}` {:.0}%", it.column, 100.0 * it.share))
        .collect();
    match told.is_empty() {
        true => format!("AUC {auc:.3}"),
        false => format!("AUC {auc:.3}, given away by {}", told.join(", ")),
    }
}

/// Whose the rows of both sides are; read only where there is something to judge.
struct Families<'r, 'a> {
    compared: &'r Compared<'a, 'r>,
    relations: &'r [Relation<'a>],
    whose: Option<Sides<Vec<Arc<[u64]>>>>,
}

impl<'r, 'a> Families<'r, 'a> {
    fn new(compared: &'r Compared<'a, 'r>, relations: &'r [Relation<'a>]) -> Families<'r, 'a> {
        Families {
            compared,
            relations,
            whose: None,
        }
    }

    fn of(&mut self, table: usize) -> Result<Sides<Arc<[u64]>>, Error> {
        let whose = match self.whose.take() {
            Some(whose) => whose,
            None => {
                let tables = self.compared.tables;
                let real = families(tables, self.relations, true, true)?;
                // A half is compared with real rows too.
                let synthetic = match self.compared.selection(table).mirrored {
                    true => real.clone(),
                    false => families(tables, self.relations, false, true)?,
                };
                Sides { real, synthetic }
            }
        };
        let of = Sides {
            real: whose.real[table].clone(),
            synthetic: whose.synthetic[table].clone(),
        };
        self.whose = Some(whose);
        Ok(of)
    }
}

fn of_table(
    compared: &Compared<'_, '_>,
    families: &mut Families<'_, '_>,
    table: usize,
) -> Result<Result<Detection, String>, Error> {
    let rows = compared.tables.rows(table);
    let selection = compared.selection(table);
    let all = |selected: Option<&[u32]>, rows: usize| match selected {
        Some(selected) => selected.to_vec(),
        None => (0..rows as u32).collect(),
    };
    let rows = Sides {
        real: all(selection.rows.map(|rows| rows.real), rows.real),
        synthetic: all(selection.rows.map(|rows| rows.synthetic), rows.synthetic),
    };
    let variables: Vec<&Variable<'_>> = compared.variables[table]
        .iter()
        .filter(|it| !matches!(it.values, Values::Unreadable(_)))
        .collect();
    if variables.is_empty() {
        return Ok(Err("no column can be read on both sides".to_string()));
    }
    let most = MOST_ROWS.min((MOST_CELLS / variables.len()).max(FEWEST_ROWS));
    let wanted = rows.real.len().min(rows.synthetic.len()).min(most);
    if wanted < FEWEST_ROWS {
        return Ok(Err(format!("one side has fewer than {FEWEST_ROWS} rows")));
    }
    let rows = Sides {
        real: choose(rows.real, wanted),
        synthetic: choose(rows.synthetic, wanted),
    };
    let columns = parallel(compared.threads, variables.len(), |it| {
        Features::new(variables[it], &rows, selection.mirrored)
    });
    let (codes, predictors): (Vec<Vec<u16>>, Vec<Predictor>) = columns
        .into_iter()
        .map(|features| (features.codes, features.predictor))
        .unzip();
    let labels: Vec<bool> = (0..2 * wanted).map(|row| row >= wanted).collect();
    let whose = families.of(table)?;
    let folds = |count: u8| {
        [
            fold(&whose.real, &rows.real, count),
            fold(&whose.synthetic, &rows.synthetic, count),
        ]
        .concat()
    };
    let (boosted, logistic) = (folds(FOLDS), folds(LOGISTIC_FOLDS));
    let judged = |folds: u8| match wanted < LARGE {
        true => folds,
        false => ENOUGH_FOLDS,
    };
    let jobs: Vec<(bool, u8)> = (0..judged(FOLDS))
        .map(|fold| (true, fold))
        .chain((0..judged(LOGISTIC_FOLDS)).map(|fold| (false, fold)))
        .collect();
    let threads = (HELD_COLUMNS / variables.len()).clamp(1, compared.threads.max(1));
    let judged = parallel(threads, jobs.len(), |job| match jobs[job] {
        _ if compared.cancel.is_cancelled() => Judged::default(),
        (true, fold) => boost(&codes, &labels, &boosted, fold),
        (false, fold) => regress(&predictors, &labels, &logistic, fold),
    });
    compared.go_on()?;
    let (boosted, logistic) =
        judged.split_at(jobs.iter().filter(|(is_boosted, _)| *is_boosted).count());
    let auc = |judged: &[Judged]| mean(judged.iter().filter_map(|it| it.auc));
    let boosted_auc = auc(boosted);
    Ok(Ok(Detection {
        rows: wanted as u64,
        features: match boosted_auc {
            Some(auc) if auc > CHANCE => telltales(&variables, boosted),
            _ => Vec::new(),
        },
        boosted: Sides {
            real: None,
            synthetic: boosted_auc,
        },
        logistic: Sides {
            real: None,
            synthetic: auc(logistic),
        },
    }))
}

/// What a fold came to.
#[derive(Default)]
struct Judged {
    auc: Option<f64>,
    /// What each column moved the answers the right way, over the fold's rows.
    parts: Vec<f64>,
}

fn boost(columns: &[Vec<u16>], labels: &[bool], folds: &[u8], fold: u8) -> Judged {
    let (held, train) = parts(folds, fold);
    let model = Boosted::fit(columns, labels, &train, BoostParams::default());
    let mut judged = Judged {
        auc: None,
        parts: vec![0.0; columns.len()],
    };
    let mut of_row = vec![0.0; columns.len()];
    let score = |row: &u32| {
        of_row.fill(0.0);
        let score = model.score(columns, *row, &mut of_row);
        let sign = if labels[*row as usize] { 1.0 } else { -1.0 };
        for (sum, part) in judged.parts.iter_mut().zip(&of_row) {
            *sum += sign * part;
        }
        score
    };
    let scores: Vec<f64> = held.iter().map(score).collect();
    judged.auc = auc(&scores, &held, labels);
    judged
}

fn regress(columns: &[Predictor], labels: &[bool], folds: &[u8], fold: u8) -> Judged {
    let (held, train) = parts(folds, fold);
    let model = Logistic::fit(columns, labels, &train);
    let scores: Vec<f64> = held.iter().map(|row| model.score(columns, *row)).collect();
    Judged {
        auc: auc(&scores, &held, labels),
        parts: Vec::new(),
    }
}

/// Returns the rows of a fold and all others.
fn parts(folds: &[u8], fold: u8) -> (Vec<u32>, Vec<u32>) {
    (0..folds.len() as u32).partition(|row| folds[*row as usize] == fold)
}

fn auc(scores: &[f64], rows: &[u32], labels: &[bool]) -> Option<f64> {
    let labels: Vec<bool> = rows.iter().map(|row| labels[*row as usize]).collect();
    classify::auc(scores, &labels)
}

/// Returns the fold of each of these rows.
fn fold(whose: &[u64], rows: &[u32], count: u8) -> Vec<u8> {
    let groups: Vec<u64> = rows.iter().map(|row| mix(whose[*row as usize])).collect();
    let mut distinct = groups.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let groups = match distinct.len() < FEWEST_FAMILIES {
        true => rows.iter().map(|row| mix(u64::from(*row))).collect(),
        false => groups,
    };
    classify::deal(&groups, usize::from(count))
}

fn telltales(variables: &[&Variable<'_>], judged: &[Judged]) -> Vec<Telltale> {
    let moved = |idx: usize| -> f64 {
        let parts = judged.iter().filter_map(|it| it.parts.get(idx));
        parts.sum::<f64>().max(0.0)
    };
    let moved: Vec<f64> = (0..variables.len()).map(moved).collect();
    let total: f64 = moved.iter().sum();
    let named = variables.iter().zip(moved);
    let mut named: Vec<Telltale> = named
        .map(|(variable, moved)| Telltale {
            column: variable.name.to_string(),
            share: moved / total,
        })
        .filter(|it| it.share >= LEAST_SHARE)
        .collect();
    named.sort_by(|left, right| right.share.total_cmp(&left.share));
    named.truncate(NAMED);
    named
}

/// A column as the two judges see it, the real rows before the synthetic ones.
struct Features {
    codes: Vec<u16>,
    predictor: Predictor,
}

impl Features {
    fn new(variable: &Variable<'_>, rows: &Sides<Vec<u32>>, mirrored: bool) -> Features {
        match &variable.values {
            Values::Numbers(sides) => {
                let values = both(sides, rows, mirrored);
                Features {
                    codes: classify::bins(&values),
                    predictor: Predictor::Numbers(standard(values)),
                }
            }
            Values::Levels {
                codes,
                distinct,
                null,
            } => {
                let codes = both(codes, rows, mirrored);
                let codes = classify::bins(&ranks(&codes, *distinct, *null));
                Features {
                    predictor: Predictor::Levels(codes.clone()),
                    codes,
                }
            }
            // Left out by the caller; nothing can be told by it.
            Values::Unreadable(_) => {
                let codes = vec![MISSING; rows.real.len() + rows.synthetic.len()];
                Features {
                    predictor: Predictor::Levels(codes.clone()),
                    codes,
                }
            }
        }
    }
}

fn both<T: Copy>(sides: &Sides<Vec<T>>, rows: &Sides<Vec<u32>>, mirrored: bool) -> Vec<T> {
    let second = match mirrored {
        true => &sides.real,
        false => &sides.synthetic,
    };
    let real = rows.real.iter().map(|row| sides.real[*row as usize]);
    let synthetic = rows.synthetic.iter().map(|row| second[*row as usize]);
    real.chain(synthetic).collect()
}

/// Scales numbers to a mean of 0 and a variance of 1; NaN becomes the mean.
fn standard(mut values: Vec<f64>) -> Vec<f64> {
    let known = || values.iter().copied().filter(|value| !value.is_nan());
    // Halved first: the difference of two huge numbers is infinite.
    let least = known().fold(f64::INFINITY, f64::min) / 2.0;
    let greatest = known().fold(f64::NEG_INFINITY, f64::max) / 2.0;
    let (middle, reach) = (least + greatest, greatest - least);
    if !(reach > 0.0 && reach.is_finite()) {
        values.fill(0.0);
        return values;
    }
    let scaled = |value: f64| (value - middle) / reach;
    let rows = known().count() as f64;
    let mean = known().map(scaled).sum::<f64>() / rows;
    let variance = known().map(|it| (scaled(it) - mean).powi(2)).sum::<f64>() / rows;
    let deviation = variance.sqrt().max(f64::MIN_POSITIVE);
    for value in &mut values {
        *value = match value.is_nan() {
            true => 0.0,
            false => (scaled(*value) - mean) / deviation,
        };
    }
    values
}

/// Numbers levels from the most frequent one; NULL is NaN.
fn ranks(codes: &[u32], distinct: usize, null: Option<u32>) -> Vec<f64> {
    let rows = crate::metrics::counts(codes, distinct);
    let mut order: Vec<u32> = (0..distinct as u32).collect();
    order.sort_unstable_by_key(|code| {
        let rows = rows[*code as usize];
        (std::cmp::Reverse(rows), mix(u64::from(*code)))
    });
    let mut ranks = vec![f64::NAN; distinct];
    for (rank, code) in (0_u32..).zip(order) {
        if Some(code) != null {
            ranks[code as usize] = f64::from(rank);
        }
    }
    codes.iter().map(|code| ranks[*code as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_ordered_by_rows_and_not_by_who_was_read_first() {
        let ranks = ranks(&[0, 1, 1, 2, 2, 2, 3], 4, Some(1));
        assert_eq!((ranks[3], ranks[4]), (0.0, 0.0));
        assert!(ranks[1].is_nan() && ranks[2].is_nan());
        // Of a thousand levels of one row each, the real ones come first by chance only.
        let codes: Vec<u32> = (0..1000).collect();
        let ranks = super::ranks(&codes, 1000, None);
        let labels: Vec<bool> = (0..1000).map(|row| row >= 500).collect();
        let auc = classify::auc(&ranks, &labels);
        assert!(auc.is_some_and(|auc| (auc - 0.5).abs() < 0.06), "{auc:?}");
    }

    #[test]
    fn numbers_of_any_size_are_scaled() {
        let scaled = standard(vec![1.0, f64::NAN, 3.0]);
        assert!(
            scaled[1] == 0.0 && (scaled[0] + 1.0).abs() < 1e-12 && (scaled[2] - 1.0).abs() < 1e-12
        );
        for values in [
            vec![f64::MAX, -f64::MAX, 0.0],
            vec![4.0, 4.0],
            vec![f64::NAN],
            Vec::new(),
            vec![1e300, 2e300],
        ] {
            assert!(standard(values).iter().all(|value| value.is_finite()));
        }
    }

    #[test]
    fn families_stay_in_one_fold_where_there_are_enough() {
        let rows: Vec<u32> = (0..400).collect();
        let whose: Vec<u64> = (0..400).map(|row| row / 4).collect();
        let folds = fold(&whose, &rows, FOLDS);
        assert!(
            folds
                .chunks(4)
                .all(|family| family.iter().all(|it| *it == family[0]))
        );
        let folds = fold(&[7; 400], &rows, FOLDS);
        let first = folds.iter().filter(|fold| **fold == 0);
        assert_eq!(first.count(), 80);
    }
}
