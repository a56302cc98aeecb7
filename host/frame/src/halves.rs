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
        let whose = families(tables, relations, true, false)?;
        let mut halves = Halves {
            rows: Vec::new(),
            first: Vec::new(),
            second: Vec::new(),
        };
        for whose in whose {
            let half: Arc<[bool]> = whose.iter().map(|hash| mix(*hash) & 1 == 0).collect();
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

/// Says whose each row of every table is, as a hash of the entity's key: rows of one family have
/// one hash. Where `owners` are asked for, rows that lead to nobody belong to their owner's row.
pub(crate) fn families(
    tables: &Tables<'_>,
    relations: &[Relation<'_>],
    real: bool,
    owners: bool,
) -> Result<Vec<Arc<[u64]>>, Error> {
    let schema = tables.schema;
    let mut whose: Vec<Option<Arc<[u64]>>> = vec![None; schema.tables.len()];
    let protected = schema.protected();
    let leads = |relation: &Relation<'_>| {
        protected[relation.parent] || owners && relation.relationship.owner == Some(true)
    };
    let guides: Vec<&Relation<'_>> = relations
        .iter()
        .filter(|it| it.parent != it.child && leads(it))
        .collect();
    // Entities and what leads nowhere come first, then whatever leads to what is known.
    for idx in 0..schema.tables.len() {
        let is_led = guides.iter().any(|it| it.child == idx);
        if schema.holds_entities(idx) || !is_led && !protected[idx] {
            whose[idx] = Some(alone(tables, idx, real)?.into());
        }
    }
    loop {
        let next = (0..whose.len()).find_map(|idx| {
            let relation = guide(&guides, idx, &whose)?;
            whose[idx].is_none().then_some((idx, relation))
        });
        let Some((idx, relation)) = next else { break };
        let mut own = alone(tables, idx, real)?;
        let parents = whose[relation.parent].clone().unwrap_or_default();
        if let Ok(keys) = &relation.keys {
            let keys = if real { &keys.real } else { &keys.synthetic };
            for (own, parent) in own.iter_mut().zip(keys.parent_rows()) {
                *own = parent.map_or(*own, |parent| parents[parent as usize]);
            }
        }
        whose[idx] = Some(own.into());
    }
    let known = whose.into_iter().enumerate();
    known
        .map(|(idx, whose)| match whose {
            Some(whose) => Ok(whose),
            None => Ok(alone(tables, idx, real)?.into()),
        })
        .collect()
}

/// Returns the relationship by which a table leads to an entity that is known.
fn guide<'r, 'a>(
    guides: &[&'r Relation<'a>],
    table: usize,
    known: &[Option<Arc<[u64]>>],
) -> Option<&'r Relation<'a>> {
    let candidates = || {
        let guides = guides.iter().copied();
        guides.filter(|it| it.child == table && known[it.parent].is_some())
    };
    candidates()
        .find(|it| it.relationship.owner == Some(true))
        .or_else(|| candidates().next())
}

/// Hashes a table's own rows: the column whose values are entities, else the primary key, or the
/// row number without one.
fn alone(tables: &Tables<'_>, table: usize, real: bool) -> Result<Vec<u64>, Error> {
    let rows = match real {
        true => tables.rows(table).real,
        false => tables.rows(table).synthetic,
    };
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
        false => tables.read_columns(real, table, key)?,
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
    Ok(hashes)
}
