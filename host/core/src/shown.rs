//! What a generator is shown of a row: columns of its own, and of the rows that it refers to.

use crate::schema::Schema;

/// A column that a generator is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// A column of the same row.
    Own(usize),
    /// A column of the row that the same row refers to by a relationship.
    Parent {
        /// The position of the relationship.
        relationship: usize,
        /// The position of the column in the parent's table.
        column: usize,
    },
}

impl Schema {
    /// Finds what a name means in a table: a column of its own; `parent.column`, where one
    /// relationship leads to the table `parent`; or `key.column`, where the column `key` alone
    /// refers to the rows that have it. Cases of letters differ only where they must.
    pub fn shown(&self, table: usize, name: &str) -> Option<Shown> {
        if let Some(column) = self.column_named(table, name) {
            return Some(Shown::Own(column));
        }
        // Names of tables and columns may contain points.
        let mut parts = name.match_indices('.');
        parts.find_map(|(at, _)| self.of_parent(table, &name[..at], &name[at + 1..]))
    }

    fn of_parent(&self, table: usize, parent: &str, column: &str) -> Option<Shown> {
        let this = &self.tables.get(table)?.name;
        let same = |left: &str, right: &str| left.to_lowercase() == right.to_lowercase();
        let mine = || {
            let all = self.relationships.iter().enumerate();
            all.filter(|(_, it)| it.child_table == *this)
        };
        let by_key = mine().find(|(_, it)| match it.child_key.as_slice() {
            [key] => same(key, parent),
            _ => false,
        });
        let mut by_table = mine().filter(|(_, it)| same(&it.parent_table, parent));
        let by_table = by_table.next().filter(|_| by_table.next().is_none());
        let found = [by_table, by_key].into_iter().flatten();
        found.into_iter().find_map(|(relationship, it)| {
            let parent = self.table_idx(&it.parent_table)?;
            let column = self.column_named(parent, column)?;
            Some(Shown::Parent {
                relationship,
                column,
            })
        })
    }

    fn column_named(&self, table: usize, name: &str) -> Option<usize> {
        let columns = &self.tables.get(table)?.columns;
        let exact = columns.iter().position(|column| column.name == name);
        let lower = name.to_lowercase();
        let same = |name: &str| name.to_lowercase() == lower;
        exact.or_else(|| columns.iter().position(|column| same(&column.name)))
    }

    /// Returns the table and the position of what a generator is shown.
    pub fn place(&self, table: usize, shown: Shown) -> Option<(usize, usize)> {
        match shown {
            Shown::Own(column) => Some((table, column)),
            Shown::Parent {
                relationship,
                column,
            } => {
                let relationship = self.relationships.get(relationship)?;
                Some((self.table_idx(&relationship.parent_table)?, column))
            }
        }
    }

    /// Whether a column is shown, in however many steps, what is made of itself.
    pub fn is_circular(&self, table: usize, column: usize) -> bool {
        let mut open = self.made_of(table, column);
        let mut seen: Vec<(usize, usize)> = Vec::new();
        while let Some(next) = open.pop() {
            if next == (table, column) {
                return true;
            }
            if !seen.contains(&next) {
                seen.push(next);
                open.extend(self.made_of(next.0, next.1));
            }
        }
        false
    }

    /// What a column is made of: its input, the keys by which that is found, and of a foreign
    /// key the key that it refers to.
    fn made_of(&self, table: usize, column: usize) -> Vec<(usize, usize)> {
        let Some(this) = self.tables.get(table) else {
            return Vec::new();
        };
        let of = &this.columns[column];
        let mut found = Vec::new();
        let keys = |names: &[String], table: usize, found: &mut Vec<(usize, usize)>| {
            let columns = names.iter();
            let columns = columns.filter_map(|name| self.tables[table].column_idx(name));
            found.extend(columns.map(|column| (table, column)));
        };
        for name in &of.input {
            let Some(shown) = self.shown(table, name) else {
                continue;
            };
            found.extend(self.place(table, shown));
            if let Shown::Parent { relationship, .. } = shown {
                keys(
                    &self.relationships[relationship].child_key,
                    table,
                    &mut found,
                );
            }
        }
        for relationship in &self.relationships {
            if relationship.child_table == this.name
                && relationship.child_key.contains(&of.name)
                && let Some(parent) = self.table_idx(&relationship.parent_table)
            {
                keys(&relationship.parent_key, parent, &mut found);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::Shown;
    use crate::schema::{
        Column, DataType, Orphans, Relationship, Schema, SemanticType, Table, TableMode,
    };

    fn table(name: &str, columns: &[(&str, &[&str])]) -> Table {
        let column = |(name, input): &(&str, &[&str])| Column {
            input: input.iter().map(|it| it.to_string()).collect(),
            ..Column::new(*name, DataType::Int64, SemanticType::Numerical)
        };
        Table {
            name: name.into(),
            columns: columns.iter().map(column).collect(),
            primary_key: vec!["id".into()],
            unique: Vec::new(),
            mode: TableMode::Generate,
            rules: Vec::new(),
        }
    }

    fn edge(child: &str, key: &str, parent: &str) -> Relationship {
        Relationship {
            parent_table: parent.into(),
            parent_key: vec!["id".into()],
            child_table: child.into(),
            child_key: vec![key.into()],
            orphans: Orphans::Refuse,
            owner: None,
        }
    }

    #[test]
    fn names_mean_columns_of_the_row_or_of_its_parents() {
        let schema = Schema {
            tables: vec![
                table("airport", &[("id", &[]), ("City", &[])]),
                table("carrier", &[("id", &[]), ("name", &[])]),
                table(
                    "flight",
                    &[("from", &[]), ("to", &[]), ("by", &[]), ("by.name", &[])],
                ),
            ],
            relationships: vec![
                edge("flight", "from", "airport"),
                edge("flight", "to", "airport"),
                edge("flight", "by", "carrier"),
            ],
            ..Schema::default()
        };
        let parent = |relationship, column| {
            Some(Shown::Parent {
                relationship,
                column,
            })
        };
        assert_eq!(schema.shown(2, "TO"), Some(Shown::Own(1)));
        assert_eq!(schema.shown(2, "to.city"), parent(1, 1));
        assert_eq!(schema.shown(2, "carrier.id"), parent(2, 0));
        assert_eq!(schema.shown(2, "by.name"), Some(Shown::Own(3)));
        // Two relationships lead there.
        assert_eq!(schema.shown(2, "airport.city"), None);
        assert_eq!(schema.shown(2, "by.city"), None);
        assert_eq!(schema.place(2, parent(1, 1).unwrap()), Some((0, 1)));
    }

    #[test]
    fn circles_are_found_through_keys_and_parents() {
        let schema = |input: &[&str], above: &[&str]| Schema {
            tables: vec![table(
                "person",
                &[("id", &[]), ("boss", &[]), ("label", input), ("x", above)],
            )],
            relationships: vec![edge("person", "boss", "person")],
            ..Schema::default()
        };
        assert!(!schema(&["id", "boss"], &["label"]).is_circular(0, 2));
        assert!(schema(&["person.label"], &[]).is_circular(0, 2));
        assert!(schema(&["boss.x"], &["label"]).is_circular(0, 2));
        assert!(schema(&["boss.x"], &["label"]).is_circular(0, 3));
        assert!(!schema(&["boss.x"], &["id"]).is_circular(0, 2));
    }
}
