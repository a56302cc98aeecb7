//! The real data in two halves: what a second real sample would score.
//!
//! Families stay together: a row that leads to a protected entity is in the half of that
//! entity, because rows of one person in both halves would make them look more alike than two
//! samples of people are. Rows that lead to nobody are on their own. The half is a keyed hash
//! of the entity's key, so that it is the same whatever the order of rows.
//!
//! A half is a smaller sample than the whole, so its score is somewhat lower than what a second
//! sample as large as the real data would reach: the baseline errs on the modest side.

use std::sync::Arc;

use prodlike_core::evidence::Sides;

use crate::Error;
use crate::hash::{self, mix};
use crate::tables::{Relation, Selection, Tables};

/// Rows that a table needs for a baseline.
pub(crate) const LEAST_ROWS: usize = 100;

/// The real rows of every table, in two halves.
pub(crate) struct Halves {
    rows: Vec<Sides<Vec<u32>>>,
    first: Vec<Arc<[bool]>>,
    second: Vec<Arc<[bool]>>,
}

impl Halves {
    /// Splits the real rows of every table.
    pub(crate) fn split(tables: &Tables<'_>, relations: &[Relation<'_>]) -> Result<Halves, Error> {
        let schema = tables.schema;
        let mut first: Vec<Option<Arc<[bool]>>> = vec![None; schema.tables.len()];
        let protected = schema.protected();
        // Entities and what leads nowhere come first, then whatever leads to what is known.
        for idx in 0..schema.tables.len() {
            let is_entity = schema.holds_entities(idx);
            let is_led = guide(&protected, relations, idx, &first).is_some();
            if is_entity || !is_led && !protected[idx] {
                first[idx] = Some(alone(tables, idx)?);
            }
        }
        loop {
            let next = (0..first.len()).find_map(|idx| {
                let relation = guide(&protected, relations, idx, &first)?;
                first[idx].is_none().then_some((idx, relation))
            });
            let Some((idx, relation)) = next else { break };
            let own = alone(tables, idx)?;
            let parents = first[relation.parent].clone().unwrap_or_default();
            let rows = match &relation.keys {
                Ok(keys) => keys.real.parent_rows(),
                Err(_) => Vec::new(),
            };
            let half = own.iter().enumerate().map(|(row, own)| {
                let parent = rows.get(row).copied().flatten();
                parent.map_or(*own, |parent| parents[parent as usize])
            });
            first[idx] = Some(half.collect());
        }
        let mut halves = Halves {
            rows: Vec::new(),
            first: Vec::new(),
            second: Vec::new(),
        };
        for (idx, half) in first.into_iter().enumerate() {
            let half = match half {
                Some(half) => half,
                None => alone(tables, idx)?,
            };
            let rows = |wanted: bool| {
                let rows = (0..).zip(half.iter());
                rows.filter(|(_, half)| **half == wanted)
                    .map(|(row, _)| row)
                    .collect()
            };
            halves.rows.push(Sides {
                real: rows(true),
                synthetic: rows(false),
            });
            halves.second.push(half.iter().map(|half| !half).collect());
            halves.first.push(half);
        }
        Ok(halves)
    }

    /// Returns the selection of each table: the first half as real, the second as synthetic.
    pub(crate) fn selections(&self) -> Vec<Selection<'_>> {
        let tables = self.rows.iter();
        tables
            .map(|rows| Selection {
                rows: Some(Sides {
                    real: rows.real.as_slice(),
                    synthetic: rows.synthetic.as_slice(),
                }),
                mirrored: true,
            })
            .collect()
    }

    /// Returns the keys of the two halves. Parents keep all their children: a child that refers
    /// across the halves is not lost.
    pub(crate) fn relations<'a>(&self, relations: &[Relation<'a>]) -> Vec<Relation<'a>> {
        let halved = |relation: &Relation<'a>| {
            let (parent, child) = (relation.parent, relation.child);
            let keys = relation.keys.as_ref().map(|keys| Sides {
                real: keys.real.among(&self.first[parent], &self.first[child]),
                synthetic: keys.real.among(&self.second[parent], &self.second[child]),
            });
            Relation {
                relationship: relation.relationship,
                parent,
                child,
                keys: keys.map_err(Clone::clone),
            }
        };
        relations.iter().map(halved).collect()
    }

    /// Returns the rows of a table's halves.
    pub(crate) fn rows(&self, table: usize) -> Sides<&[u32]> {
        Sides {
            real: &self.rows[table].real,
            synthetic: &self.rows[table].synthetic,
        }
    }
}

/// Returns the relationship by which a table leads to an entity whose half is known.
fn guide<'r, 'a>(
    protected: &[bool],
    relations: &'r [Relation<'a>],
    table: usize,
    known: &[Option<Arc<[bool]>>],
) -> Option<&'r Relation<'a>> {
    let candidates = || {
        relations.iter().filter(|it| {
            it.child == table
                && it.parent != table
                && known[it.parent].is_some()
                && protected[it.parent]
        })
    };
    candidates()
        .find(|it| it.relationship.owner == Some(true))
        .or_else(|| candidates().next())
}

/// Halves a table by its own rows: by the column whose values are entities, else by the primary
/// key, or by the row number without one.
fn alone(tables: &Tables<'_>, table: usize) -> Result<Arc<[bool]>, Error> {
    let rows = tables.rows(table).real;
    let schema = tables.schema;
    let rows_are = |name: &String| schema.tables[table].name == *name;
    let entity = match schema.privacy.entities.iter().any(rows_are) {
        true => None,
        false => schema.entity_columns(table).first().copied(),
    };
    let key = match entity {
        Some(entity) => std::slice::from_ref(&schema.tables[table].columns[entity].name),
        None => schema.tables[table].primary_key.as_slice(),
    };
    let mut hashes = vec![0; rows];
    let columns = match key.is_empty() {
        true => Err(String::new()),
        false => tables.read_columns(true, table, key)?,
    };
    match columns {
        Ok(columns) => {
            for column in &columns {
                hash::fold_column(column, &mut hashes)?;
            }
        }
        Err(_) => {
            for (row, hash) in (0..).zip(&mut hashes) {
                *hash = mix(row);
            }
        }
    }
    Ok(hashes.iter().map(|hash| mix(*hash) & 1 == 0).collect())
}
