//! What lies behind the scores, counted for the page.

use prodlike_core::evidence::{
    ColumnEvidence, ColumnRole, FanOut, Links, RelationshipEvidence, Sides, TableEvidence, Unit,
    floored, told,
};
use prodlike_core::schema::{self, Table, TableMode};

use crate::column::Column;
use crate::detection::Found;
use crate::halves::Halves;
use crate::keys::{self, Numbered};
use crate::metrics;
use crate::overlay::{self, Laid};
use crate::parallel::parallel;
use crate::quality::Pairs;
use crate::sanity::{self, NullPatterns};
use crate::tables::{Keys, Relation, Tables, Values, Variable};
use crate::{Compared, Error};

/// NULL patterns shown of a table.
const PATTERNS: usize = 12;
/// Buckets of fan-outs are single numbers up to this one.
const SINGLE: u64 = 10;

/// Collects what is known of every included table.
pub(crate) fn tables(
    compared: &Compared<'_, '_>,
    halves: &Halves,
    pairs: Vec<Pairs>,
    detected: Vec<Found>,
) -> Result<Vec<TableEvidence>, Error> {
    let tables = compared.tables;
    let mut all = Vec::new();
    let included = tables.included().zip(pairs).zip(detected);
    for (((idx, table), pairs), detected) in included {
        let k = tables.floor(idx);
        // Shares of rows that repeat tell no value: the floor itself will do.
        let least = tables.schema.privacy.k;
        let variables = &compared.variables[idx];
        let rows = tables.rows(idx);
        let kept = table.mode == TableMode::Keep;
        let overlays = parallel(compared.threads, variables.len(), |it| {
            overlay::overlay(tables, idx, &variables[it], k)
        });
        let mut overlays = overlays.into_iter();
        let mut patterns = NullPatterns::default();
        let mut columns = Vec::new();
        for column in table.included() {
            let variable = variables.iter().find(|it| it.name == column.name);
            let known = match variable {
                Some(variable) => of_variable(variable, overlays.next().unwrap_or_default(), k),
                None => of_other(tables, idx, column, k)?,
            };
            patterns.add(
                &column.name,
                Sides {
                    real: &known.nulls.real,
                    synthetic: &known.nulls.synthetic,
                },
            );
            columns.push(ColumnEvidence {
                name: column.name.clone(),
                data_type: column.data_type.to_string(),
                semantic: column.semantic.to_string(),
                role: role(tables, table, column, variable.is_some()),
                nulls: Sides {
                    real: known.laid.nulls,
                    synthetic: Some(count(&known.nulls.synthetic)),
                },
                distinct: known.distinct,
                known: known.known,
                overlay: known.laid.overlay,
            });
        }
        let half = halves.rows(idx);
        all.push(TableEvidence {
            name: table.name.clone(),
            kept,
            rows: Sides {
                real: rows.real as u64,
                synthetic: rows.synthetic as u64,
            },
            columns,
            trends: pairs.trends,
            pictures: pairs.pictures,
            null_patterns: patterns.most_frequent(k, PATTERNS),
            repeats: match kept {
                true => Vec::new(),
                false => sanity::repeats(tables, idx, half, least)?,
            },
            sanity: match kept {
                true => None,
                false => sanity::sanity(variables, half, least),
            },
            detection: detected.and_then(Result::ok),
        });
    }
    Ok(all)
}

/// What is known of a column.
#[derive(Default)]
struct Known {
    nulls: Sides<Vec<bool>>,
    distinct: Sides<Option<u64>>,
    known: Option<f64>,
    laid: Laid,
}

fn count(nulls: &[bool]) -> u64 {
    nulls.iter().filter(|null| **null).count() as u64
}

fn of_variable(variable: &Variable<'_>, laid: Laid, k: u32) -> Known {
    match &variable.values {
        Values::Numbers(sides) => {
            let nulls = |values: &[f64]| values.iter().map(|value| value.is_nan()).collect();
            Known {
                nulls: Sides {
                    real: nulls(&sides.real),
                    synthetic: nulls(&sides.synthetic),
                },
                laid,
                ..Known::default()
            }
        }
        Values::Levels {
            codes,
            distinct,
            null,
        } => {
            let nulls = |codes: &[u32]| codes.iter().map(|code| Some(*code) == *null).collect();
            Known {
                nulls: Sides {
                    real: nulls(&codes.real),
                    synthetic: nulls(&codes.synthetic),
                },
                distinct: Sides {
                    real: distinct_values(&codes.real, *distinct, *null, k),
                    synthetic: distinct_values(&codes.synthetic, *distinct, *null, 0),
                },
                laid,
                ..Known::default()
            }
        }
        Values::Unreadable(_) => Known::default(),
    }
}

/// Counts distinct values; `None` where the number would tell of fewer than k rows: those that
/// have all the rare values, or that are all there is beyond one row a value.
fn distinct_values(codes: &[u32], distinct: usize, null: Option<u32>, k: u32) -> Option<u64> {
    let mut rows = metrics::counts(codes, distinct);
    let all = codes.len() as u64;
    let nulls = null.map_or(0, |null| std::mem::take(&mut rows[null as usize]));
    let values = rows.iter().filter(|rows| **rows > 0).count() as u64;
    let rare = rows.iter().filter(|rows| floored(**rows, k).is_none());
    let parts = [rare.sum(), all - nulls - values, all - values];
    parts
        .iter()
        .all(|rows| floored(*rows, k).is_some())
        .then_some(values)
}

/// Looks at a column that no score is made of: a key, or one that was generated.
fn of_other(
    tables: &Tables<'_>,
    table: usize,
    column: &schema::Column,
    k: u32,
) -> Result<Known, Error> {
    let Ok(sides) = tables.read(table, &column.name)? else {
        return Ok(Known::default());
    };
    let nulls = Sides {
        real: sides.real.nulls(),
        synthetic: sides.synthetic.nulls(),
    };
    let laid = match column.generator.is_some() {
        true => generated(&sides, column, k)?,
        false => None,
    };
    let laid = laid.unwrap_or_else(|| {
        let missing = count(&nulls.real);
        overlay::nothing(missing, nulls.real.len() as u64 - missing, k)
    });
    let (real, synthetic) = ([sides.real], [sides.synthetic]);
    let numbered = keys::number(&[&real, &synthetic])?;
    let distinct = |side: usize, nulls: &[bool], k: u32| {
        let codes = numbered.codes.get(side).map_or(&[][..], Vec::as_slice);
        let null = nulls.iter().position(|null| *null);
        let null = null.and_then(|row| codes.get(row).copied());
        distinct_values(codes, numbered.distinct, null, k)
    };
    let distinct = Sides {
        real: distinct(0, &nulls.real, k),
        synthetic: distinct(1, &nulls.synthetic, 0),
    };
    let known = match column.generator {
        None => share_known(&numbered, &nulls.synthetic),
        Some(_) => None,
    };
    Ok(Known {
        nulls,
        distinct,
        known,
        laid,
    })
}

/// Returns the share of synthetic rows with a value whose value is a real one.
fn share_known(numbered: &Numbered, nulls: &[bool]) -> Option<f64> {
    let [real, synthetic] = numbered.codes.as_slice() else {
        return None;
    };
    let mut is_real = vec![false; numbered.distinct];
    real.iter().for_each(|code| is_real[*code as usize] = true);
    let values = synthetic.iter().zip(nulls).filter(|(_, null)| !**null);
    let known = values.clone().filter(|(code, _)| is_real[**code as usize]);
    metrics::share(known.count(), values.count())
}

/// Draws a generated column by its numbers or by the lengths of its text, never by its text.
fn generated(
    sides: &Sides<Column>,
    column: &schema::Column,
    k: u32,
) -> Result<Option<Laid>, Error> {
    if sides.real.is_boolean() {
        return Ok(None);
    }
    let group = |source| Error::Group { source };
    let real = sides.real.numbers().map_err(group)?;
    let synthetic = sides.synthetic.numbers().map_err(group)?;
    Ok(match (real, synthetic) {
        (Some(real), Some(synthetic)) => {
            let unit = overlay::unit(&column.data_type);
            overlay::histogram(&Sides { real, synthetic }, unit, k)
        }
        (None, None) => {
            let lengths = |column: &Column| {
                let mut lengths = Vec::with_capacity(column.len());
                column
                    .each_text(|text| {
                        let length = text.map(|text| text.chars().count() as f64);
                        lengths.push(length.unwrap_or(f64::NAN));
                    })
                    .map_err(group)?;
                Ok(lengths)
            };
            let lengths = Sides {
                real: lengths(&sides.real)?,
                synthetic: lengths(&sides.synthetic)?,
            };
            overlay::histogram(&lengths, Unit::Characters, k)
        }
        _ => None,
    })
}

fn role(tables: &Tables<'_>, table: &Table, column: &schema::Column, measured: bool) -> ColumnRole {
    let foreign = tables.schema.relationships.iter().any(|relationship| {
        relationship.child_table == table.name && relationship.child_key.contains(&column.name)
    });
    match &column.generator {
        _ if measured => ColumnRole::Learned,
        Some(generator) => ColumnRole::Generated(generator.clone()),
        None if foreign => ColumnRole::ForeignKey,
        None if table.primary_key.contains(&column.name) => ColumnRole::Key,
        None => ColumnRole::Other,
    }
}

/// Collects what is known of every relationship.
pub(crate) fn relationships(
    tables: &Tables<'_>,
    relations: &[Relation<'_>],
    pairs: Vec<Pairs>,
) -> Vec<RelationshipEvidence> {
    let known = |(relation, pairs): (&Relation<'_>, Pairs)| {
        let relationship = relation.relationship;
        let keys = relation.keys.as_ref().ok();
        let k = tables.floor(relation.parent);
        RelationshipEvidence {
            parent_table: relationship.parent_table.clone(),
            parent_key: relationship.parent_key.clone(),
            child_table: relationship.child_table.clone(),
            child_key: relationship.child_key.clone(),
            links: keys.map(|keys| Sides {
                real: links(&keys.real, tables.floor(relation.child)),
                synthetic: links(&keys.synthetic, 0),
            }),
            fan_outs: keys.map_or_else(Vec::new, |keys| fan_outs(keys, k)),
            trends: pairs.trends,
            pictures: pairs.pictures,
        }
    };
    relations.iter().zip(pairs).map(known).collect()
}

fn links(keys: &Keys, k: u32) -> Links {
    let (keyed, matched) = keys.matches(false);
    let children = keys.child.len();
    let parts = [children - keyed, keyed - matched, matched].map(|rows| rows as u64);
    let parts = told(&parts, k);
    Links {
        parents: keys.parent.len() as u64,
        children: children as u64,
        nulls: parts[0],
        orphans: parts[1],
    }
}

/// Counts parents by their number of children; the last bucket is open, and has at least k
/// real parents.
fn fan_outs(keys: &Sides<Keys>, k: u32) -> Vec<FanOut> {
    let sorted = |keys: &Keys| {
        let mut fan_outs: Vec<u64> = keys.fan_outs().iter().map(|it| *it as u64).collect();
        fan_outs.sort_unstable();
        fan_outs
    };
    let (real, synthetic) = (sorted(&keys.real), sorted(&keys.synthetic));
    let Some(top) = real.len().checked_sub(k.max(1) as usize) else {
        return Vec::new();
    };
    let top = real[top];
    let within = |sorted: &[u64], least: u64, most: Option<u64>| {
        let start = sorted.partition_point(|it| *it < least);
        let end = most.map_or(sorted.len(), |most| {
            sorted.partition_point(|it| *it <= most)
        });
        end.saturating_sub(start) as u64
    };
    let (mut buckets, mut parents) = (Vec::new(), Vec::new());
    let mut least = 0;
    loop {
        let width = if least < SINGLE { 1 } else { least / 3 };
        let most = (least + width < top).then_some(least + width - 1);
        // What is left below the top is one more bucket.
        let most = match most {
            None if least < top => Some(top - 1),
            most => most,
        };
        buckets.push(FanOut {
            least,
            most,
            counts: Sides {
                real: None,
                synthetic: Some(within(&synthetic, least, most)),
            },
        });
        parents.push(within(&real, least, most));
        match most {
            Some(most) => least = most + 1,
            None => break,
        }
    }
    for (bucket, parents) in buckets.iter_mut().zip(told(&parents, k)) {
        bucket.counts.real = parents;
    }
    buckets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_are_no_distinct_value() {
        assert_eq!(distinct_values(&[0, 1, 1, 2], 3, Some(2), 0), Some(2));
        assert_eq!(distinct_values(&[], 0, None, 10), Some(0));
        // One row has a value of its own, or three rows have.
        assert_eq!(distinct_values(&[0, 1, 1, 1, 1], 2, None, 3), None);
        assert_eq!(distinct_values(&[0, 1, 2], 3, None, 3), Some(3));
        // All but one row would have a value of their own: that one is NULL, or a copy.
        assert_eq!(distinct_values(&[0, 1, 2, 3], 4, Some(3), 3), None);
        assert_eq!(distinct_values(&[0, 1, 2, 2], 3, None, 3), None);
    }
}
