//! Primary keys where none are declared.
//!
//! A column is a key because its values are distinct and because it looks like one: by its
//! name, its place and its type. A set of columns is one where its rows would repeat if its
//! columns had nothing to do with each other, and do not.

use prodlike_core::schema::Table;
use prodlike_duckdb::{ColumnLook, Shape, Source};

use super::names::Names;
use crate::error::Error;

/// Most columns that composite keys are searched among.
const MOST_COLUMNS: usize = 12;
/// Most columns of a composite key.
const MOST_PARTS: usize = 4;
/// Rows that refute most sets before any is counted.
const HEAD: u64 = 20_000;
/// Most sets that are counted exactly.
const MOST_CHECKS: usize = 12;
/// Least number of repeats that chance would have brought.
const LEAST_SURPRISE: f64 = 5.0;
/// The same where every part is a key or a reference by its name.
const LEAST_OF_NAMED: f64 = 1.0;
/// Fewest rows that tell a composite key from an accident.
const LEAST_ROWS: u64 = 10;
/// Most characters of a text that is a key.
const LONGEST: u64 = 40;
/// Words of columns that number rows within something.
const ORDINALS: [&str; 16] = [
    "line", "seq", "sequence", "position", "pos", "index", "idx", "rank", "stint", "round", "half",
    "part", "version", "revision", "step", "zeile",
];
/// Words of columns that say when.
const TIMES: [&str; 13] = [
    "year", "month", "day", "date", "time", "hour", "week", "quarter", "period", "season", "jahr",
    "monat", "datum",
];
/// Words of columns that describe, and are distinct by accident.
const DESCRIPTIONS: [&str; 12] = [
    "name",
    "title",
    "description",
    "comment",
    "note",
    "text",
    "label",
    "address",
    "phone",
    "street",
    "amount",
    "price",
];

/// One table, looked at.
pub(super) struct Looked {
    pub(super) rows: u64,
    pub(super) names: Names,
    pub(super) columns: Vec<ColumnLook>,
}

/// Finds the column that is the table's key by itself.
pub(super) fn single(
    source: &Source,
    table: &Table,
    looked: &Looked,
) -> Result<Option<usize>, Error> {
    let mut candidates: Vec<(f64, usize)> = (0..looked.columns.len())
        .filter_map(|column| Some((unlikeness(looked, column)?, column)))
        .collect();
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    for (_, column) in candidates {
        if is_distinct(source, table, looked, column)? {
            return Ok(Some(column));
        }
    }
    Ok(None)
}

/// Whether a column has no value twice, and no NULL.
pub(super) fn is_distinct(
    source: &Source,
    table: &Table,
    looked: &Looked,
    column: usize,
) -> Result<bool, Error> {
    let look = &looked.columns[column];
    // The estimate of distinct values may be off by a third.
    if looked.rows == 0 || look.nulls > 0 || look.distinct < looked.rows / 2 {
        return Ok(false);
    }
    let name = vec![table.columns[column].name.clone()];
    let mut head = source.head(&table.name, &name, HEAD)?.concat();
    let n = head.len();
    head.sort_unstable();
    head.dedup();
    Ok(head.len() == n && source.is_unique(&table.name, &name, looked.rows)?)
}

/// How little a column looks like a key; `None` where it cannot be one.
fn unlikeness(looked: &Looked, column: usize) -> Option<f64> {
    let (look, name) = (&looked.columns[column], looked.names.bare(column));
    let by_type = match look.shape? {
        Shape::Whole => 0.0,
        Shape::Text if look.is_prose || look.lengths.2 > LONGEST => return None,
        Shape::Text => 0.5,
        Shape::Moment => 2.0,
    };
    let describes = |words: &[String]| {
        words
            .iter()
            .any(|word| DESCRIPTIONS.contains(&word.as_str()))
    };
    let by_name = match () {
        () if looked.names.is_own_key(column) => -3.0,
        () if name.is_key() => -1.5,
        // What has no name of a key is one only where a key would stand.
        () if column > 0 => return None,
        () if describes(name.core()) && looked.columns.len() > 1 => 2.0,
        () => 0.0,
    };
    Some(by_type + by_name + column.min(10) as f64 * 0.3)
}

/// Finds the columns that are the table's key together; `is_foreign` are those that refer to
/// other tables.
pub(super) fn composite(
    source: &Source,
    table: &Table,
    looked: &Looked,
    is_foreign: &[bool],
) -> Result<Option<Vec<usize>>, Error> {
    if looked.rows < LEAST_ROWS {
        return Ok(None);
    }
    let mut parts: Vec<(f64, bool, usize)> = (0..looked.columns.len())
        .filter_map(|column| {
            let (cost, is_marked) = part_cost(looked, column, is_foreign[column])?;
            Some((cost, is_marked, column))
        })
        .collect();
    parts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
    parts.truncate(MOST_COLUMNS);
    parts.sort_by_key(|part| part.2);
    let names: Vec<String> = parts
        .iter()
        .map(|part| table.columns[part.2].name.clone())
        .collect();
    let head = source.head(&table.name, &names, HEAD)?;
    let is_named = |column: usize| is_foreign[column] || looked.names.bare(column).is_key();
    let mut found: Vec<(f64, u32)> = Vec::new();
    for set in 1u32..1 << parts.len() {
        let of: Vec<usize> = (0..parts.len()).filter(|i| set >> i & 1 == 1).collect();
        if !(2..=MOST_PARTS).contains(&of.len()) || of.iter().filter(|&&i| !parts[i].1).count() > 1
        {
            continue;
        }
        let combinations: f64 = of
            .iter()
            .map(|&i| looked.columns[parts[i].2].distinct.max(1) as f64)
            .product();
        let rows = looked.rows as f64;
        let surprise = rows * rows / 2.0 / combinations;
        let asked = match of.iter().all(|&i| is_named(parts[i].2)) {
            true => LEAST_OF_NAMED,
            false => LEAST_SURPRISE,
        };
        if combinations * 1.3 < rows || surprise < asked {
            continue;
        }
        // What chance would hardly have broken says little.
        let doubt = if surprise < LEAST_SURPRISE { 0.6 } else { 0.0 };
        let cost =
            of.iter().map(|&i| parts[i].0).sum::<f64>() + 0.5 * (of.len() - 2) as f64 + doubt;
        found.push((cost, set));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut checks = 0;
    for (_, set) in found {
        let of: Vec<usize> = (0..parts.len()).filter(|i| set >> i & 1 == 1).collect();
        if repeats(&head, &of) {
            continue;
        }
        checks += 1;
        if checks > MOST_CHECKS {
            break;
        }
        let key: Vec<String> = of.iter().map(|&i| names[i].clone()).collect();
        if source.is_unique(&table.name, &key, looked.rows)? {
            return Ok(Some(of.into_iter().map(|i| parts[i].2).collect()));
        }
    }
    Ok(None)
}

/// How little a column looks like part of a key, and whether it looks like one at all.
fn part_cost(looked: &Looked, column: usize, is_foreign: bool) -> Option<(f64, bool)> {
    let (look, name) = (&looked.columns[column], looked.names.bare(column));
    let shape = look.shape?;
    if look.nulls > 0 || look.distinct < 2 || look.is_prose || look.lengths.2 > LONGEST {
        return None;
    }
    let says = |words: &[&str]| {
        name.core()
            .iter()
            .any(|word| words.contains(&word.as_str()))
    };
    let (cost, is_marked) = match shape {
        // A team's number in a table of teams, one for each year.
        _ if looked.names.is_own_key(column) => (0.0, true),
        // The line of an order is its line, even if no product is on two of them.
        Shape::Whole if says(&ORDINALS) => (0.05, true),
        _ if is_foreign => (0.1, true),
        Shape::Moment => (0.4, true),
        _ if name.is_key() => (0.2, true),
        _ if says(&TIMES) => (0.3, true),
        Shape::Text => (0.6, true),
        Shape::Whole => (0.8, false),
    };
    Some((cost + column.min(10) as f64 * 0.05, is_marked))
}

/// Whether rows of a head agree in all of some columns.
fn repeats(head: &[Vec<u64>], columns: &[usize]) -> bool {
    let n = head.first().map_or(0, Vec::len);
    let mut rows: Vec<u64> = (0..n)
        .map(|row| {
            columns.iter().fold(0, |hash: u64, &column| {
                prodlike_models::philox::mix(hash ^ head[column][row])
            })
        })
        .collect();
    rows.sort_unstable();
    rows.windows(2).any(|pair| pair[0] == pair[1])
}
