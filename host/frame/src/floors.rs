//! How many real rows surely belong to k protected entities.
//!
//! What is told of real rows must have k entities behind it, not k rows: one patient may have
//! four hundred. To count entities bin by bin would take everybody's number into every count.
//! Instead the floor of a table is raised: the k − 1 entities with the most rows have so many
//! together, and one row more is somebody else's, so any set of that many rows has k entities.

use prodlike_core::schema::TableMode;

use crate::Error;
use crate::keys;
use crate::tables::{Relation, Tables};

/// Returns the floor of every table, in rows.
pub(crate) fn floors(tables: &Tables<'_>, relations: &[Relation<'_>]) -> Result<Vec<u32>, Error> {
    let schema = tables.schema;
    let protected = schema.protected();
    // Per table, a list a way to entities: whose each row is.
    let mut known: Vec<Option<Vec<Vec<u32>>>> = vec![None; schema.tables.len()];
    loop {
        let open = || (0..known.len()).filter(|&table| known[table].is_none());
        let is_ready = |table: usize| {
            above(relations, table)
                .all(|relation| !protected[relation.parent] || known[relation.parent].is_some())
        };
        // Where parents refer in a circle, one of them goes first.
        let next = open().find(|&table| is_ready(table));
        let Some(table) = next.or_else(|| open().next()) else {
            break;
        };
        known[table] = Some(entities(tables, relations, table, &known)?);
    }
    let k = schema.privacy.k;
    let floors = schema.tables.iter().zip(known);
    Ok(floors
        .map(|(table, known)| match table.mode {
            // Its rows travel as they are.
            TableMode::Keep => 1,
            _ => known
                .unwrap_or_default()
                .into_iter()
                .map(|whose| enough(whose, k))
                .max()
                .unwrap_or(k),
        })
        .collect())
}

fn above<'r, 'a>(
    relations: &'r [Relation<'a>],
    table: usize,
) -> impl Iterator<Item = &'r Relation<'a>> {
    relations
        .iter()
        .filter(move |relation| relation.child == table && relation.parent != table)
}

/// Says whose the rows of a table are: a list of entities for every way that leads to some.
fn entities(
    tables: &Tables<'_>,
    relations: &[Relation<'_>],
    table: usize,
    known: &[Option<Vec<Vec<u32>>>],
) -> Result<Vec<Vec<u32>>, Error> {
    let schema = tables.schema;
    let mut lists = Vec::new();
    for column in schema.entity_columns(table) {
        let name = std::slice::from_ref(&schema.tables[table].columns[column].name);
        if let Ok(columns) = tables.read_columns(true, table, name)? {
            lists.extend(keys::number(&[&columns])?.codes);
        }
    }
    if schema.privacy.entities.contains(&schema.tables[table].name) {
        let rows = tables.rows(table).real as u32;
        lists.push((0..rows).collect());
        return Ok(lists);
    }
    for relation in above(relations, table) {
        let (Some(parents), Ok(keys)) = (&known[relation.parent], &relation.keys) else {
            continue;
        };
        let rows = keys.real.parent_rows();
        for of_parents in parents {
            let next = of_parents.iter().max().map_or(0, |most| most + 1);
            // Rows of one key are one entity's, whether its parent is there or not.
            let keys = keys.real.child.iter().zip(&rows);
            let mut alone = u32::MAX;
            let whose = keys.map(|(key, row)| match (row, key) {
                (Some(row), _) => of_parents[*row as usize],
                (None, Some(key)) => next.saturating_add(*key),
                (None, None) => {
                    alone -= 1;
                    alone
                }
            });
            lists.push(whose.collect());
        }
    }
    Ok(lists)
}

/// Returns how many rows cannot all be those of fewer than k entities.
fn enough(mut whose: Vec<u32>, k: u32) -> u32 {
    whose.sort_unstable();
    let mut rows: Vec<usize> = whose.chunk_by(|a, b| a == b).map(<[u32]>::len).collect();
    rows.sort_unstable_by(|a, b| b.cmp(a));
    let others = rows.iter().take(k.saturating_sub(1) as usize);
    u32::try_from(others.sum::<usize>() + 1)
        .unwrap_or(u32::MAX)
        .max(k)
}

#[cfg(test)]
mod tests {
    use super::enough;

    #[test]
    fn the_rows_of_those_who_have_most_are_not_enough() {
        // One has four rows, two have two, three have one.
        let whose = vec![7, 7, 7, 7, 1, 1, 2, 2, 3, 4, 5];
        for (k, rows) in [(1, 1), (2, 5), (3, 7), (4, 9), (5, 10), (7, 12), (20, 20)] {
            assert_eq!(enough(whose.clone(), k), rows, "{k}");
        }
        assert_eq!(enough(Vec::new(), 10), 10);
    }
}
