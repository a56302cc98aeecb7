//! Relationships where none are declared.
//!
//! Names propose, values decide. A column that is named for a table refers to it if most of
//! its values are among the table's keys; a column whose name says nothing refers to a table
//! only if chance could hardly have put its values there: codes of several letters, or whole
//! numbers among keys that are far apart. Whole numbers that count from one are among the
//! keys of every larger table, which says nothing at all.

use std::collections::BTreeMap;

use prodlike_core::progress::{Cancel, Progress};
use prodlike_core::schema::{Orphans, Relationship, Schema, SemanticType};
use prodlike_duckdb::{Inclusion, Shape, Source};

use super::composites::{give_up_key, is_faithful};
use super::keys::{self, Looked};
use super::names::{self, Names, Tie};
use crate::error::Error;

/// Least share of the values that a key has of a column that is named like it.
const LEAST_OF_NAMED: f64 = 0.5;
/// The same where the name is less than that.
pub(super) const LEAST_OF_OTHERS: f64 = 0.9;
/// The same where the name is a role only.
const LEAST_OF_ROLES: f64 = 0.98;
/// How much smaller a share of a sample may be than what is asked of all values.
const SLACK: f64 = 0.15;
/// Bits of surprise that whole numbers without a telling name must have.
const SURPRISE_OF_NUMBERS: f64 = 30.0;
/// The same for codes of letters.
const SURPRISE_OF_CODES: f64 = 8.0;
/// Fewest distinct codes that can surprise.
const LEAST_CODES: u64 = 3;

/// What was inferred, and why.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// Parallel to the schema's relationships.
    pub(super) relationships: Vec<String>,
    /// Of the primary keys, by table.
    pub(super) keys: BTreeMap<String, String>,
}

impl Findings {
    /// What the source declares, and nothing more.
    pub(super) fn declared(schema: &Schema) -> Findings {
        Findings {
            relationships: vec!["declared in the source".to_string(); schema.relationships.len()],
            keys: BTreeMap::new(),
        }
    }
}

/// A key of one column that others may refer to.
#[derive(Clone, Copy)]
struct Key {
    table: usize,
    column: usize,
}

/// A column that may refer to a key.
#[derive(Clone, Copy)]
struct Candidate {
    child: usize,
    column: usize,
    /// An index of the keys.
    key: usize,
    tie: Option<Tie>,
    weight: f64,
}

/// A relationship that was found.
pub(super) struct Found {
    relationship: Relationship,
    weight: f64,
    evidence: String,
}

/// Infers primary keys and relationships into `schema`, which keeps what it declares.
///
/// A table that declares a primary key gets no other, and a column that is part of a
/// declared foreign key refers to nothing else.
pub(super) fn infer(
    source: &Source,
    schema: &mut Schema,
    rows: &[u64],
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Findings, Error> {
    let mut findings = Findings::declared(schema);
    let go_on = || match cancel.is_cancelled() {
        true => Err(Error::Interrupted),
        false => Ok(()),
    };
    progress.begin("keys", schema.tables.len() as u64);
    let mut looked: Vec<Looked> = Vec::with_capacity(schema.tables.len());
    for (index, &rows) in rows.iter().enumerate() {
        go_on()?;
        let table = &schema.tables[index];
        looked.push(Looked {
            rows,
            names: Names::of(table),
            columns: source.look(&table.name, rows)?,
        });
        if table.primary_key.is_empty()
            && let Some(column) = keys::single(source, table, &looked[index])?
        {
            take_key(schema, index, &[column], &mut findings, rows);
        }
        progress.advance("keys", 1);
    }
    progress.finish("keys");
    let mut inference = Inference {
        source,
        looked,
        found: Vec::new(),
    };
    inference.singles(schema, progress, cancel)?;
    for (index, &rows) in rows.iter().enumerate() {
        go_on()?;
        if !schema.tables[index].primary_key.is_empty() {
            continue;
        }
        let table = &schema.tables[index];
        let is_foreign: Vec<bool> = table
            .columns
            .iter()
            .map(|column| inference.refers(schema, &table.name, &column.name))
            .collect();
        let looked = &inference.looked[index];
        if let Some(key) = keys::composite(source, table, looked, &is_foreign)? {
            take_key(schema, index, &key, &mut findings, rows);
        }
    }
    go_on()?;
    inference.composites(schema)?;
    source.forget_aside()?;
    let mut found = inference.found;
    found.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    for found in found {
        if closes_circle(schema, &found.relationship) {
            continue;
        }
        if crosses(schema, &found.relationship) {
            let relationship = &found.relationship;
            let note = findings
                .keys
                .entry(relationship.child_table.clone())
                .or_default();
            if !note.is_empty() {
                note.push('\n');
            }
            note.push_str(&format!(
                "({}) refers to `{}`, but not kept so: it shares columns with another key",
                relationship.child_key.join(", "),
                relationship.parent_table
            ));
            continue;
        }
        let relationship = &found.relationship;
        for name in &relationship.child_key {
            if let Some(table) = schema.table_idx(&relationship.child_table)
                && let Some(column) = schema.tables[table].column_idx(name)
                && relationship.child_key.len() == 1
            {
                schema.tables[table].columns[column].semantic = SemanticType::Id;
            }
        }
        schema.relationships.push(found.relationship);
        findings.relationships.push(found.evidence);
    }
    let declared = source.catalog()?;
    let inferred: Vec<bool> = schema
        .tables
        .iter()
        .map(|table| {
            let before = declared.table(&table.name);
            before.is_some_and(|before| before.primary_key != table.primary_key)
        })
        .collect();
    for (table, inferred) in inferred.into_iter().enumerate() {
        if inferred && !is_faithful(schema, table) {
            let table = &mut schema.tables[table];
            give_up_key(table, declared.table(&table.name), &mut findings);
        }
    }
    Ok(findings)
}

/// Writes a primary key into the schema.
fn take_key(
    schema: &mut Schema,
    table: usize,
    columns: &[usize],
    findings: &mut Findings,
    rows: u64,
) {
    let table = &mut schema.tables[table];
    for &column in columns {
        table.columns[column].nullable = false;
        if columns.len() == 1 {
            table.columns[column].semantic = SemanticType::Id;
        }
    }
    table.primary_key = columns
        .iter()
        .map(|&column| table.columns[column].name.clone())
        .collect();
    findings.keys.insert(
        table.name.clone(),
        format!(
            "primary key inferred: distinct in all {}",
            many(rows, "row")
        ),
    );
}

/// Whether a foreign key has some columns in common with another, and neither has all: two
/// parents that are drawn apart cannot agree in them.
fn crosses(schema: &Schema, new: &Relationship) -> bool {
    let within = |some: &[String], all: &[String]| some.iter().all(|name| all.contains(name));
    schema
        .relationships
        .iter()
        .filter(|edge| edge.child_table == new.child_table)
        .any(|edge| {
            edge.child_key
                .iter()
                .any(|name| new.child_key.contains(name))
                && !within(&edge.child_key, &new.child_key)
                && !within(&new.child_key, &edge.child_key)
        })
}

/// Whether the columns of a relationship would be copied from themselves.
fn closes_circle(schema: &Schema, new: &Relationship) -> bool {
    let all: Vec<&Relationship> = schema.relationships.iter().chain([new]).collect();
    new.child_key.iter().any(|column| {
        let start = (new.child_table.as_str(), column.as_str());
        let (mut seen, mut next) = (Vec::new(), vec![start]);
        while let Some((table, column)) = next.pop() {
            for edge in all.iter().filter(|edge| edge.child_table == table) {
                let Some(place) = edge.child_key.iter().position(|name| name == column) else {
                    continue;
                };
                let at = (edge.parent_table.as_str(), edge.parent_key[place].as_str());
                if at == start {
                    return true;
                }
                if !seen.contains(&at) {
                    seen.push(at);
                    next.push(at);
                }
            }
        }
        false
    })
}

pub(super) struct Inference<'a> {
    pub(super) source: &'a Source,
    pub(super) looked: Vec<Looked>,
    pub(super) found: Vec<Found>,
}

impl Inference<'_> {
    /// Whether a column is part of a foreign key, declared or found.
    pub(super) fn refers(&self, schema: &Schema, table: &str, column: &str) -> bool {
        schema
            .relationships
            .iter()
            .chain(self.found.iter().map(|found| &found.relationship))
            .any(|edge| edge.child_table == table && edge.child_key.iter().any(|c| c == column))
    }

    /// Finds the columns that refer to keys of one column.
    fn singles(
        &mut self,
        schema: &Schema,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<(), Error> {
        let keys = single_keys(schema);
        let mut candidates = self.candidates(schema, &keys);
        let shares = self.probe(schema, &keys, &candidates)?;
        candidates.retain(|candidate| {
            let share = shares.get(&(candidate.child, candidate.column, candidate.key));
            share.is_none_or(|&share| share >= self.least(candidate) - SLACK)
        });
        let by_column = candidates
            .chunk_by(|a, b| (a.child, a.column) == (b.child, b.column))
            .map(|chunk| {
                let mut chunk = chunk.to_vec();
                chunk.sort_by(|a, b| {
                    let share = |c: &Candidate| {
                        shares
                            .get(&(c.child, c.column, c.key))
                            .copied()
                            .unwrap_or(0.0)
                    };
                    (b.weight + share(b) * 0.1)
                        .total_cmp(&(a.weight + share(a) * 0.1))
                        .then(a.key.cmp(&b.key))
                });
                chunk
            })
            .collect::<Vec<_>>();
        progress.begin("relationships", by_column.len() as u64);
        for candidates in by_column {
            if cancel.is_cancelled() {
                return Err(Error::Interrupted);
            }
            for candidate in candidates {
                if let Some(found) = self.check(schema, &keys, &candidate)? {
                    self.found.push(found);
                    break;
                }
            }
            progress.advance("relationships", 1);
        }
        progress.finish("relationships");
        Ok(())
    }

    /// Pairs columns with keys that their names and ranges allow, by column.
    fn candidates(&self, schema: &Schema, keys: &[Key]) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for (child, table) in schema.tables.iter().enumerate() {
            for (column, spec) in table.columns.iter().enumerate() {
                let look = &self.looked[child].columns[column];
                if !Source::can_be_tried(look) || self.refers(schema, &table.name, &spec.name) {
                    continue;
                }
                for (index, key) in keys.iter().enumerate() {
                    if (key.table, key.column) == (child, column)
                        || !self.may_refer(schema, child, column, *key)
                    {
                        continue;
                    }
                    let (parent, is_self) = (&self.looked[key.table], key.table == child);
                    let tie = names::tie(
                        &self.looked[child].names,
                        column,
                        &parent.names,
                        key.column,
                        is_self,
                    );
                    if tie.is_none() && (is_self || !self.could_surprise(child, column, *key)) {
                        continue;
                    }
                    if table.primary_key == [spec.name.clone()]
                        && !self.extends(child, column, *key, tie)
                    {
                        continue;
                    }
                    // The table that the key is named for comes before those that borrow it.
                    let is_own = parent.names.is_own_key(key.column);
                    candidates.push(Candidate {
                        child,
                        column,
                        key: index,
                        tie,
                        weight: tie.map_or(0.3, Tie::weight) + if is_own { 0.0 } else { -0.06 },
                    });
                }
            }
        }
        candidates
    }

    /// Whether types and ranges allow a column to refer to a key.
    fn may_refer(&self, schema: &Schema, child: usize, column: usize, key: Key) -> bool {
        let (left, right) = (
            &self.looked[child].columns[column],
            &self.looked[key.table].columns[key.column],
        );
        let of = |table: usize, column: usize| &schema.tables[table].columns[column].data_type;
        if left.shape != right.shape
            || (left.shape != Some(Shape::Whole) && of(child, column) != of(key.table, key.column))
        {
            return false;
        }
        let apart = left
            .range
            .zip(right.range)
            .is_some_and(|(left, right)| left.1 < right.0 || left.0 > right.1);
        // An estimate may be off by a third.
        !apart && left.distinct as f64 * LEAST_OF_NAMED <= self.looked[key.table].rows as f64 * 1.5
    }

    /// Whether values alone could tell that a column refers to a key.
    fn could_surprise(&self, child: usize, column: usize, key: Key) -> bool {
        let look = &self.looked[child].columns[column];
        self.surprise(child, column, key, look.distinct)
            >= match look.shape {
                Some(Shape::Whole) => SURPRISE_OF_NUMBERS,
                _ => SURPRISE_OF_CODES,
            }
    }

    /// How many bits it would take chance to put so many values of a column among the keys.
    fn surprise(&self, child: usize, column: usize, key: Key, matched: u64) -> f64 {
        let (left, right) = (
            &self.looked[child].columns[column],
            &self.looked[key.table].columns[key.column],
        );
        let rows = self.looked[key.table].rows.max(1) as f64;
        match (left.shape, right.range) {
            (Some(Shape::Whole), Some((least, greatest))) => {
                let is_key = self.looked[child].names.bare(column).is_key();
                let room = (greatest - least) as f64 + 1.0;
                match is_key && rows * 2.0 < room {
                    true => matched as f64 * (room / rows).log2(),
                    false => 0.0,
                }
            }
            (Some(Shape::Text), _) => {
                let is_code = !left.is_prose && !right.is_prose && matched >= LEAST_CODES;
                let room = 26f64.powf(left.lengths.1.min(8.0));
                match is_code && room > rows * 2.0 {
                    true => matched as f64 * (room / rows).log2(),
                    false => 0.0,
                }
            }
            _ => 0.0,
        }
    }

    /// Whether a table whose key is the column may extend another: each row of it is a row
    /// of the other, with more to say.
    fn extends(&self, child: usize, column: usize, key: Key, tie: Option<Tie>) -> bool {
        let (extension, base) = (&self.looked[child], &self.looked[key.table]);
        matches!(tie, Some(Tie::Same | Tie::Entity))
            && base.names.is_own_key(key.column)
            && (!extension.names.is_own_key(column)
                || names::contains(&extension.names.entity, &base.names.entity))
            && extension.rows <= base.rows
    }

    /// The least share of values that must be among the keys.
    fn least(&self, candidate: &Candidate) -> f64 {
        let is_key = self.looked[candidate.child]
            .names
            .bare(candidate.column)
            .is_key();
        match candidate.tie {
            Some(Tie::Same | Tie::Entity) if is_key => LEAST_OF_NAMED,
            Some(Tie::Role) => LEAST_OF_ROLES,
            _ => LEAST_OF_OTHERS,
        }
    }

    /// Tries some values of every candidate on its key: the share that is there.
    fn probe(
        &self,
        schema: &Schema,
        keys: &[Key],
        candidates: &[Candidate],
    ) -> Result<BTreeMap<(usize, usize, usize), f64>, Error> {
        let mut numbers: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for candidate in candidates {
            let next = numbers.len();
            numbers
                .entry((candidate.child, candidate.column))
                .or_insert(next);
        }
        for table in 0..schema.tables.len() {
            let of_table: Vec<(usize, usize, u64)> = numbers
                .range((table, 0)..(table + 1, 0))
                .map(|(&(_, column), &number)| {
                    (number, column, self.looked[table].columns[column].distinct)
                })
                .collect();
            if !of_table.is_empty() {
                self.source
                    .put_aside(&schema.tables[table].name, &of_table)?;
            }
        }
        let columns: BTreeMap<usize, (usize, usize)> =
            numbers.iter().map(|(&at, &number)| (number, at)).collect();
        let mut shares = BTreeMap::new();
        for (index, key) in keys.iter().enumerate() {
            let tried: Vec<usize> = candidates
                .iter()
                .filter(|candidate| candidate.key == index)
                .map(|candidate| numbers[&(candidate.child, candidate.column)])
                .collect();
            if tried.is_empty() {
                continue;
            }
            let table = &schema.tables[key.table];
            let name = &table.columns[key.column].name;
            for (number, values, matched) in self.source.probe(&table.name, name, &tried)? {
                let (child, column) = columns[&number];
                shares.insert(
                    (child, column, index),
                    matched as f64 / values.max(1) as f64,
                );
            }
        }
        Ok(shares)
    }

    /// Counts all values of a candidate, and decides.
    fn check(
        &self,
        schema: &Schema,
        keys: &[Key],
        candidate: &Candidate,
    ) -> Result<Option<Found>, Error> {
        let key = keys[candidate.key];
        let (child, parent) = (&schema.tables[candidate.child], &schema.tables[key.table]);
        let child_key = vec![child.columns[candidate.column].name.clone()];
        let parent_key = vec![parent.columns[key.column].name.clone()];
        let most = self.looked[candidate.child]
            .rows
            .max(self.looked[key.table].rows);
        let counted =
            self.source
                .inclusion((&child.name, &child_key), (&parent.name, &parent_key), most)?;
        if counted.values == 0 {
            // Nothing contradicts a name that says all.
            let is_named = matches!(candidate.tie, Some(Tie::Same | Tie::Entity | Tie::InRole));
            let is_key = self.looked[candidate.child]
                .names
                .bare(candidate.column)
                .is_key();
            if !is_named || !is_key || self.looked[candidate.child].rows == 0 {
                return Ok(None);
            }
        } else if counted.of_values() < self.least(candidate)
            && (counted.of_rows() < self.least(candidate) || counted.of_values() < LEAST_OF_NAMED)
        {
            return Ok(None);
        }
        let is_key_of_child = child.primary_key == child_key;
        if is_key_of_child && counted.matched_values < counted.values {
            return Ok(None);
        }
        let why = match candidate.tie {
            Some(tie) => tie.reason().to_string(),
            None => {
                let bits = self.surprise(
                    candidate.child,
                    candidate.column,
                    key,
                    counted.matched_values,
                );
                let look = &self.looked[candidate.child].columns[candidate.column];
                let asked = match look.shape {
                    Some(Shape::Whole) => SURPRISE_OF_NUMBERS,
                    _ => SURPRISE_OF_CODES,
                };
                if bits < asked {
                    return Ok(None);
                }
                "by its values alone".to_string()
            }
        };
        Ok(Some(found(
            (&child.name, child_key),
            (&parent.name, parent_key),
            counted,
            candidate.weight,
            &why,
        )))
    }
}

/// The columns that are keys by themselves.
fn single_keys(schema: &Schema) -> Vec<Key> {
    let mut keys = Vec::new();
    for (table, declared) in schema.tables.iter().enumerate() {
        let sets = std::iter::once(&declared.primary_key).chain(&declared.unique);
        for set in sets.filter(|set| set.len() == 1) {
            if let Some(column) = declared.column_idx(&set[0]) {
                keys.push(Key { table, column });
            }
        }
    }
    keys
}

pub(super) fn found(
    child: (&str, Vec<String>),
    parent: (&str, Vec<String>),
    counted: Inclusion,
    weight: f64,
    why: &str,
) -> Found {
    let unmatched = counted.rows - counted.matched_rows;
    let target = format!("`{}.{}`", parent.0, parent.1.join("+"));
    let mut evidence = match counted.values {
        0 => format!("inferred: {why}; it has no values"),
        _ => format!(
            "inferred: {} of {} found in {target}; {why}",
            share(counted.matched_values, counted.values),
            many(counted.values, "value"),
        ),
    };
    if unmatched > 0 {
        evidence.push_str(&format!(
            "\n{} without a parent: `orphans` says what becomes of them",
            many(unmatched, "row")
        ));
    }
    evidence.push_str("\nDelete this section if it is wrong.");
    Found {
        relationship: Relationship {
            parent_table: parent.0.to_string(),
            parent_key: parent.1,
            child_table: child.0.to_string(),
            child_key: child.1,
            orphans: match unmatched {
                0 => Orphans::Refuse,
                _ => Orphans::Keep,
            },
            owner: None,
        },
        weight,
        evidence,
    }
}

/// A share in percent that is 100 only if it is all.
fn share(some: u64, all: u64) -> String {
    if some == all {
        return "all".to_string();
    }
    let tenths = (u128::from(some) * 1000 / u128::from(all.max(1))) as u64;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// A number in thousands, with its noun.
fn many(n: u64, noun: &str) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} {noun}{}", if n == 1 { "" } else { "s" })
}
