//! Keys of several columns: who refers to them, and which can be kept distinct.

use std::collections::BTreeMap;

use prodlike_core::schema::{Relationship, Schema, Table};
use prodlike_duckdb::{Shape, Source};

use super::names;
use super::relationships::{Findings, Found, Inference, LEAST_OF_OTHERS, found};
use crate::error::Error;

impl Inference<'_> {
    /// Finds the columns that refer to keys of several columns.
    pub(super) fn composites(&mut self, schema: &Schema) -> Result<(), Error> {
        for parent in 0..schema.tables.len() {
            let key = &schema.tables[parent].primary_key;
            if key.len() < 2 {
                continue;
            }
            let key: Vec<usize> = key
                .iter()
                .filter_map(|name| schema.tables[parent].column_idx(name))
                .collect();
            for child in 0..schema.tables.len() {
                if child == parent {
                    continue;
                }
                for columns in self.matching_columns(schema, child, parent, &key) {
                    if let Some(found) =
                        self.check_composite(schema, child, &columns, parent, &key)?
                    {
                        self.found.push(found);
                    }
                }
            }
        }
        Ok(())
    }

    /// The sets of columns of a table that are named like a composite key of another: one
    /// for each role.
    fn matching_columns(
        &self,
        schema: &Schema,
        child: usize,
        parent: usize,
        key: &[usize],
    ) -> Vec<Vec<usize>> {
        let (of_child, of_parent) = (&self.looked[child], &self.looked[parent]);
        let mut plain: Vec<Option<usize>> = vec![None; key.len()];
        let mut roles: BTreeMap<Vec<String>, Vec<Option<usize>>> = BTreeMap::new();
        for (place, &part) in key.iter().enumerate() {
            for column in 0..of_child.columns.len() {
                let fits = Source::can_be_tried(&of_child.columns[column])
                    || of_child.columns[column].shape == Some(Shape::Moment);
                if !fits || !self.may_share(schema, child, column, parent, part) {
                    continue;
                }
                match names::part(&of_child.names, column, &of_parent.names, part) {
                    Some(role) if role.is_empty() => {
                        plain[place].get_or_insert(column);
                    }
                    Some(role) => {
                        roles.entry(role).or_insert_with(|| vec![None; key.len()])[place]
                            .get_or_insert(column);
                    }
                    None => {}
                }
            }
        }
        let mut sets: Vec<Vec<usize>> = Vec::new();
        let whole = |set: Vec<Option<usize>>| set.into_iter().collect::<Option<Vec<usize>>>();
        for role in roles.into_values() {
            let merged = role
                .iter()
                .zip(&plain)
                .map(|(of_role, plain)| of_role.or(*plain))
                .collect();
            sets.extend(whole(merged));
        }
        sets.extend(whole(plain));
        sets.retain(|set| (1..set.len()).all(|i| !set[..i].contains(&set[i])));
        sets.dedup();
        sets
    }

    /// Whether two columns hold what can be compared.
    fn may_share(
        &self,
        schema: &Schema,
        child: usize,
        column: usize,
        parent: usize,
        part: usize,
    ) -> bool {
        let (left, right) = (
            &self.looked[child].columns[column],
            &self.looked[parent].columns[part],
        );
        let of = |table: usize, column: usize| &schema.tables[table].columns[column].data_type;
        left.shape == right.shape
            && (left.shape == Some(Shape::Whole) || of(child, column) == of(parent, part))
    }

    /// Counts the values of a composite key, and decides.
    fn check_composite(
        &self,
        schema: &Schema,
        child: usize,
        columns: &[usize],
        parent: usize,
        key: &[usize],
    ) -> Result<Option<Found>, Error> {
        let (child_table, parent_table) = (&schema.tables[child], &schema.tables[parent]);
        let name = |table: usize, columns: &[usize]| -> Vec<String> {
            let columns = columns.iter();
            columns
                .map(|&column| schema.tables[table].columns[column].name.clone())
                .collect()
        };
        let (child_key, parent_key) = (name(child, columns), name(parent, key));
        let is_known = schema.relationships.iter().any(|edge| {
            edge.child_table == child_table.name
                && (edge.child_key == child_key
                    || (edge.parent_table == parent_table.name
                        && edge.child_key.iter().any(|name| child_key.contains(name))))
        });
        let about = self.is_about(schema, child, columns, parent, key);
        if is_known || about == About::No {
            return Ok(None);
        }
        let most = self.looked[child].rows.max(self.looked[parent].rows);
        let counted = self.source.inclusion(
            (&child_table.name, &child_key),
            (&parent_table.name, &parent_key),
            most,
        )?;
        if counted.values == 0 || counted.of_rows() < LEAST_OF_OTHERS {
            return Ok(None);
        }
        let is_part = counted.matched_values == counted.values
            && counted.values * 2 <= self.looked[parent].rows;
        if about == About::IfAll && !is_part {
            return Ok(None);
        }
        Ok(Some(found(
            (&child_table.name, child_key),
            (&parent_table.name, parent_key),
            counted,
            // Of two that cannot both hold, the one that says whose key it is.
            if about == About::Named { 0.92 } else { 0.9 },
            "the same names",
        )))
    }

    /// Whether rows of the parent are what the composite key is about.
    ///
    /// Tables that count the same things (batting and pitching of a player and a year) have
    /// nearly the same keys, and one's may all be among the other's; neither refers to the
    /// other. A parent is named in its key or in the child's name, or is made of nothing but
    /// references, or has little to do with the child's own key. Siblings of one family
    /// (`store_returns`, `store_sales`) are a case between.
    fn is_about(
        &self,
        schema: &Schema,
        child: usize,
        columns: &[usize],
        parent: usize,
        key: &[usize],
    ) -> About {
        let (of_child, of_parent) = (&self.looked[child].names, &self.looked[parent].names);
        let is_in_key = key
            .iter()
            .any(|&part| names::contains(of_parent.bare(part).core(), &of_parent.entity));
        let is_in_name = names::contains(&of_child.entity, &of_parent.entity);
        let parent_table = &schema.tables[parent];
        let own = &schema.tables[child].primary_key;
        let shared = own
            .iter()
            .filter_map(|name| schema.tables[child].column_idx(name))
            .filter(|&column| {
                key.iter().any(|&part| {
                    names::part(of_child, column, of_parent, part)
                        .is_some_and(|role| role.is_empty())
                })
            })
            .count();
        let is_bridge = shared < 2
            && key.iter().all(|&part| {
                self.refers(schema, &parent_table.name, &parent_table.columns[part].name)
            });
        let is_apart = !own.is_empty()
            && shared < 2
            && !columns
                .iter()
                .all(|&column| own.contains(&schema.tables[child].columns[column].name));
        let is_family = of_child.entity.len() > 1
            && of_parent.entity.len() > 1
            && names::contains(&of_child.entity[..1], &of_parent.entity[..1]);
        match () {
            () if is_in_key => About::Named,
            () if is_in_name || is_apart || is_bridge => About::Yes,
            () if is_family => About::IfAll,
            () => About::No,
        }
    }
}

/// Whether a composite key is about the rows of the other table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// Its key is named for it.
    Named,
    Yes,
    /// If every value of it is there, and most of theirs are not here.
    IfAll,
    No,
}

/// Whether rows can be generated distinct in the primary key without more than that.
///
/// What is generated distinct is one column among the children of one owner, or pairs of two
/// references; any other key would take a column that is distinct where it never was. That is
/// worth it only where others refer to the key.
pub(super) fn is_faithful(schema: &Schema, table: usize) -> bool {
    let table = &schema.tables[table];
    let key = &table.primary_key;
    let of_table = |edge: &&Relationship| edge.child_table == table.name;
    let is_referred_to = schema
        .relationships
        .iter()
        .any(|edge| edge.parent_table == table.name && edge.parent_key == *key);
    if key.len() < 2 || is_referred_to {
        return true;
    }
    let own: Vec<&String> = key
        .iter()
        .filter(|name| {
            !schema
                .relationships
                .iter()
                .filter(of_table)
                .any(|edge| edge.child_key.contains(name))
        })
        .collect();
    let inside: Vec<&Relationship> = schema
        .relationships
        .iter()
        .filter(of_table)
        .filter(|edge| !edge.is_self_reference())
        .filter(|edge| edge.child_key.iter().all(|name| key.contains(name)))
        .collect();
    let covers = |edges: &[&Relationship]| {
        key.iter().all(|name| {
            own.contains(&name) || edges.iter().any(|edge| edge.child_key.contains(name))
        })
    };
    match own.len() {
        0 => inside
            .iter()
            .any(|one| inside.iter().any(|other| covers(&[*one, *other]))),
        1 => inside.iter().any(|edge| covers(&[*edge])),
        _ => false,
    }
}

/// Takes an inferred primary key back, and says so.
pub(super) fn give_up_key(table: &mut Table, declared: Option<&Table>, findings: &mut Findings) {
    let key = std::mem::take(&mut table.primary_key);
    for column in &mut table.columns {
        let before = declared.and_then(|declared| declared.column(&column.name));
        column.nullable = before.is_none_or(|before| before.nullable);
    }
    let quoted: Vec<String> = key.iter().map(|name| format!("{name:?}")).collect();
    let note = findings.keys.entry(table.name.clone()).or_default();
    // The first line told of the key; what follows tells of others'.
    let rest = note.split_once('\n').map(|(_, rest)| format!("\n{rest}"));
    *note = format!(
        "distinct in all rows, but not kept so: primary_key = [{}]{}",
        quoted.join(", "),
        rest.unwrap_or_default()
    );
}
