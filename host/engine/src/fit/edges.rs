//! What part each relationship plays: who owns rows, what is a bridge, what protects whom.

use prodlike_core::model::EdgeKind;
use prodlike_core::schema::{Orphans, Schema, TableMode};

use crate::error::Error;

/// The part each relationship plays; `None` where the child is kept and nothing is generated.
pub(super) fn kinds(
    schema: &Schema,
    rows: &[u64],
    protected: &[bool],
) -> Result<Vec<Option<EdgeKind>>, Error> {
    let mut kinds: Vec<Option<EdgeKind>> = vec![None; schema.relationships.len()];
    let ends: Vec<(usize, usize)> = schema
        .relationships
        .iter()
        .map(|relationship| {
            let index = |name: &str| {
                schema
                    .table_idx(name)
                    .ok_or_else(|| Error::unknown_table(schema, name))
            };
            Ok((
                index(&relationship.parent_table)?,
                index(&relationship.child_table)?,
            ))
        })
        .collect::<Result<_, Error>>()?;
    let is_kept = |table: usize| schema.tables[table].mode == TableMode::Keep;
    for (edge, &(parent, child)) in ends.iter().enumerate() {
        if is_kept(child) {
            if !is_kept(parent) {
                return Err(Error::KeptRefers {
                    table: schema.tables[child].name.clone(),
                    parent: schema.tables[parent].name.clone(),
                });
            }
            continue;
        }
        kinds[edge] = Some(match () {
            () if parent == child => EdgeKind::Tree,
            () if is_kept(parent) => EdgeKind::Kept,
            () => EdgeKind::Reference,
        });
        if is_kept(parent) && schema.relationships[edge].orphans == Orphans::Keep {
            return Err(Error::OrphanOfKept {
                relationship: schema.relationships[edge].name(),
                parent: schema.tables[parent].name.clone(),
            });
        }
    }
    // A table may refer to itself by one tree; a second self reference is an ordinary one.
    for child in 0..schema.tables.len() {
        let trees: Vec<usize> = (0..kinds.len())
            .filter(|&e| ends[e].1 == child && kinds[e] == Some(EdgeKind::Tree))
            .collect();
        trees
            .iter()
            .skip(1)
            .for_each(|&edge| kinds[edge] = Some(EdgeKind::Reference));
    }
    let mut owner: Vec<Option<usize>> = vec![None; schema.tables.len()];
    for child in 0..schema.tables.len() {
        if is_kept(child) {
            continue;
        }
        let bridge = bridge(schema, child, &ends);
        let mut candidates: Vec<usize> = (0..kinds.len())
            .filter(|&edge| ends[edge].1 == child && ends[edge].0 != child)
            .filter(|&edge| {
                // A kept owner only where its children must differ: in a bridge, or where the
                // key of the child contains it.
                let keyed = in_key(schema, child, edge);
                kinds[edge] == Some(EdgeKind::Reference) || (is_kept(ends[edge].0) && keyed)
            })
            .collect();
        candidates.sort_by_key(|&edge| {
            let relationship = &schema.relationships[edge];
            let nullable = relationship.child_key.iter().any(|name| {
                schema.tables[child]
                    .column(name)
                    .is_some_and(|column| column.nullable)
            });
            (
                relationship.owner != Some(true),
                relationship.owner == Some(false),
                !bridge.contains(&edge) && !bridge.is_empty(),
                !in_key(schema, child, edge),
                // An `invoice_line` is part of an invoice before it is anything of a track's.
                !schema.tables[child]
                    .name
                    .to_lowercase()
                    .starts_with(&relationship.parent_table.to_lowercase()),
                !protected[ends[edge].0],
                nullable,
                // A bridge hangs on its smaller side, other tables on the larger: fewer
                // children a parent keep siblings near.
                if bridge.is_empty() {
                    u64::MAX - rows[ends[edge].0]
                } else {
                    rows[ends[edge].0]
                },
                edge,
            )
        });
        let chosen = candidates.into_iter().find(|&edge| {
            schema.relationships[edge].owner != Some(false)
                && !leads_to(&owner, &ends, ends[edge].0, child)
        });
        if let Some(edge) = chosen {
            owner[child] = Some(edge);
            kinds[edge] = Some(EdgeKind::Owner);
            if let Some(&item) = bridge
                .iter()
                .find(|&&item| item != edge)
                .filter(|_| bridge.contains(&edge))
            {
                kinds[item] = Some(EdgeKind::BridgeItem);
            }
        }
    }
    Ok(kinds)
}

/// Whether following owners from `table` arrives at `target`.
fn leads_to(owner: &[Option<usize>], ends: &[(usize, usize)], table: usize, target: usize) -> bool {
    let mut at = Some(table);
    while let Some(table) = at {
        if table == target {
            return true;
        }
        at = owner[table].map(|edge| ends[edge].0);
    }
    false
}

/// Whether a key of the child contains the foreign key.
fn in_key(schema: &Schema, child: usize, edge: usize) -> bool {
    let table = &schema.tables[child];
    let foreign = &schema.relationships[edge].child_key;
    std::iter::once(&table.primary_key)
        .chain(&table.unique)
        .any(|key| foreign.iter().all(|name| key.contains(name)))
}

/// Refuses foreign keys whose columns are known only once they themselves are.
pub(super) fn check_circles(schema: &Schema, kinds: &[Option<EdgeKind>]) -> Result<(), Error> {
    // Column → the columns of parents that it is copied from.
    let parents = |(table, column): (&str, &str)| -> Vec<(String, String)> {
        (0..kinds.len())
            .filter(|&edge| {
                kinds[edge].is_some() && schema.relationships[edge].child_table == table
            })
            .filter_map(|edge| {
                let relationship = &schema.relationships[edge];
                let place = relationship
                    .child_key
                    .iter()
                    .position(|name| name == column)?;
                Some((
                    relationship.parent_table.clone(),
                    relationship.parent_key[place].clone(),
                ))
            })
            .collect()
    };
    for relationship in &schema.relationships {
        for column in &relationship.child_key {
            let start = (relationship.child_table.clone(), column.clone());
            let (mut seen, mut next) = (Vec::new(), parents((&start.0, &start.1)));
            while let Some(at) = next.pop() {
                if at == start {
                    return Err(Error::CircularKey {
                        relationship: relationship.name(),
                    });
                }
                if !seen.contains(&at) {
                    next.extend(parents((&at.0, &at.1)));
                    seen.push(at);
                }
            }
        }
    }
    Ok(())
}

/// The relationships that together make a key of the table: a bridge has two or more.
fn bridge(schema: &Schema, child: usize, ends: &[(usize, usize)]) -> Vec<usize> {
    let table = &schema.tables[child];
    let keys = std::iter::once(&table.primary_key).chain(&table.unique);
    for key in keys.filter(|key| !key.is_empty()) {
        let edges: Vec<usize> = (0..ends.len())
            .filter(|&edge| ends[edge].1 == child && ends[edge].0 != child)
            .filter(|&edge| {
                schema.relationships[edge]
                    .child_key
                    .iter()
                    .all(|name| key.contains(name))
            })
            .collect();
        let covered = key.iter().all(|name| {
            edges
                .iter()
                .any(|&e| schema.relationships[e].child_key.contains(name))
        });
        let alone = edges
            .iter()
            .any(|&edge| schema.relationships[edge].child_key.len() == key.len());
        if covered && edges.len() >= 2 && !alone {
            return edges;
        }
    }
    Vec::new()
}

/// The relationships by which a row leads to its nearest protected entities.
///
/// A protected table is its own entity and looks no further up: an employee who looks
/// after a customer is not made known by the customer's row.
pub(super) fn paths(schema: &Schema) -> Vec<Vec<usize>> {
    let is_entity = |name: &str| schema.privacy.entities.iter().any(|entity| entity == name);
    let leads = schema.protected();
    schema
        .tables
        .iter()
        .map(|table| {
            if is_entity(&table.name) {
                return Vec::new();
            }
            (0..schema.relationships.len())
                .filter(|&edge| {
                    let relationship = &schema.relationships[edge];
                    relationship.child_table == table.name
                        && !relationship.is_self_reference()
                        && schema
                            .table_idx(&relationship.parent_table)
                            .is_some_and(|parent| leads[parent])
                })
                .collect()
        })
        .collect()
}
