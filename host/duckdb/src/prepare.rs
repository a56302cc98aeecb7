//! Fit views: what the manifest includes, checked, and with the orphans dealt with.
//!
//! A table without orphans stays a view of the source, however large it is; only a
//! table whose rows must change is copied into a temporary table.

use prodlike_core::error::nearest;
use prodlike_core::generator::GeneratorRegistry;
use prodlike_core::schema::{Column, DataType, Orphans, Relationship, Schema, Table, TableMode};

use crate::batches::{count, row, rows, run};
use crate::changed::{any_changed, is_changed};
use crate::error::{Error, is_conversion, shortened};
use crate::profile::duplicates;
use crate::quote::{identifier, join};
use crate::source::{Origin, Source, active_key, prepared_name};

impl Source {
    /// Checks the source against the manifest and makes the tables that fit reads.
    ///
    /// What the manifest does not know is refused, keys must hold, and orphans are
    /// treated as each relationship says until none is left that should not be.
    ///
    /// # Errors
    ///
    /// Fails if source and manifest disagree, a key does not hold, or reading fails.
    pub fn prepare(
        &mut self,
        schema: &Schema,
        transforms: &dyn GeneratorRegistry,
    ) -> Result<(), Error> {
        self.make_views(schema, Some(transforms))?;
        self.check_keys(schema)?;
        self.treat_orphans(schema)
    }

    /// Makes the tables of the manifest as they are: neither keys nor orphans are checked.
    ///
    /// For an evaluation, which measures how well a synthetic dataset keeps them: that one went
    /// through its transforms before it was learned, and is given none here.
    ///
    /// # Errors
    ///
    /// Fails if tables, columns or data types differ from the manifest's, or reading fails.
    pub fn prepare_unchecked(
        &mut self,
        schema: &Schema,
        transforms: Option<&dyn GeneratorRegistry>,
    ) -> Result<(), Error> {
        self.make_views(schema, transforms)
    }

    fn make_views(
        &mut self,
        schema: &Schema,
        transforms: Option<&dyn GeneratorRegistry>,
    ) -> Result<(), Error> {
        self.check_columns(schema, transforms.is_some())?;
        run(
            &self.connection,
            "create a schema",
            "DROP SCHEMA IF EXISTS memory.prepared CASCADE; \
             DROP SCHEMA IF EXISTS memory.copies CASCADE; CREATE SCHEMA memory.prepared",
        )?;
        self.copied.clear();
        for table in included(schema) {
            match transforms.filter(|_| is_changed(table)) {
                Some(transforms) => self.make_changed(schema, table, transforms)?,
                None => self.make_view(table)?,
            }
        }
        self.prepared = Some(schema.clone());
        self.check_digits(schema)?;
        self.check_offsets(schema)
    }

    fn make_view(&mut self, table: &Table) -> Result<(), Error> {
        let (declared, relation) = self.declared(&table.name)?;
        let origin = self.origin(&table.name);
        let mut copies = origin == Origin::Text;
        let columns = join(table.included(), ", ", |column| {
            let name = identifier(&column.name);
            let found = declared.column(&column.name);
            if found.is_some_and(|found| found.data_type == column.data_type) {
                return name;
            }
            copies |= origin != Origin::Typed;
            format!("{} AS {name}", cast_from(&name, &column.data_type))
        });
        // Text would be parsed, and values cast, again by each query.
        let kind = if copies { "TABLE" } else { "VIEW" };
        let made = run(
            &self.connection,
            &format!("read table `{}`", table.name),
            &format!(
                "CREATE {kind} {} AS SELECT {columns} FROM {relation}",
                prepared_name(&table.name)
            ),
        );
        match made {
            Ok(()) if copies => self.copied.push(table.name.clone()),
            Ok(()) => {}
            Err(Error::Query { source, .. }) if copies && is_conversion(&source) => {
                self.find_misfit(table, relation)?;
                return Err(Error::query(format!("read table `{}`", table.name))(source));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Fails with the first value that is not of its column's type, if there is one.
    fn find_misfit(&self, table: &Table, relation: &str) -> Result<(), Error> {
        for column in table.included() {
            let name = identifier(&column.name);
            let values = rows(
                &self.connection,
                &format!("read table `{}`", table.name),
                &format!(
                    "SELECT min(CAST({name} AS VARCHAR)) FROM {relation} \
                     WHERE {name} IS NOT NULL AND TRY_CAST({name} AS {}) IS NULL",
                    column.data_type
                ),
                |row| row.get::<_, Option<String>>(0),
            )?;
            if let Some(value) = values.into_iter().flatten().next() {
                return Err(Error::DoesNotFit {
                    column: format!("{}.{}", table.name, column.name),
                    value: shortened(&value),
                    expected: column.data_type.to_string(),
                    path: self.shown(),
                    line: None,
                });
            }
        }
        Ok(())
    }

    /// Refuses integers of more digits than are carried.
    fn check_digits(&self, schema: &Schema) -> Result<(), Error> {
        for table in included(schema) {
            for column in table.included() {
                if !matches!(column.data_type, DataType::Int128 | DataType::UInt128) {
                    continue;
                }
                let name = identifier(&column.name);
                let most = column.data_type.most_wide();
                let low = match column.data_type {
                    DataType::Int128 => format!(" OR {name} < -{most}"),
                    _ => String::new(),
                };
                let too_wide = count(
                    &self.connection,
                    &format!("read column `{}.{}`", table.name, column.name),
                    &format!(
                        "SELECT count(*) FROM {} WHERE {name} > {most}{low}",
                        prepared_name(&table.name)
                    ),
                )?;
                if too_wide > 0 {
                    return Err(Error::TooManyDigits {
                        table: table.name.clone(),
                        column: column.name.clone(),
                        data_type: column.data_type.to_string(),
                        rows: too_wide,
                    });
                }
            }
        }
        Ok(())
    }

    /// Refuses times of day with an offset: the offset would be lost.
    fn check_offsets(&self, schema: &Schema) -> Result<(), Error> {
        for table in included(schema) {
            for column in table.included() {
                if column.data_type != DataType::TimeTz {
                    continue;
                }
                let rows = count(
                    &self.connection,
                    &format!("read column `{}.{}`", table.name, column.name),
                    &format!(
                        "SELECT count(*) FROM {} WHERE date_part('timezone', {}) <> 0",
                        prepared_name(&table.name),
                        identifier(&column.name)
                    ),
                )?;
                if rows > 0 {
                    return Err(Error::Offsets {
                        table: table.name.clone(),
                        column: column.name.clone(),
                        rows,
                    });
                }
            }
        }
        Ok(())
    }

    fn check_columns(&self, schema: &Schema, are_changed: bool) -> Result<(), Error> {
        for table in included(schema) {
            let (declared, relation) = self.declared(&table.name)?;
            if table.included().next().is_none() {
                return Err(Error::NoColumns {
                    table: table.name.clone(),
                });
            }
            for column in table.included() {
                let Some(found) = declared.column(&column.name) else {
                    return Err(Error::UnknownColumn {
                        table: table.name.clone(),
                        column: column.name.clone(),
                        nearest: nearest_column(declared, &column.name),
                    });
                };
                let is_changed = are_changed && column.transform.is_some();
                let read = is_changed.then_some(&found.data_type);
                let uncarried = [Some(&column.data_type), read];
                let uncarried = uncarried.into_iter().flatten().find_map(|it| match it {
                    DataType::Other(name) => Some(name),
                    _ => None,
                });
                if let Some(name) = uncarried {
                    return Err(Error::UnsupportedType {
                        table: table.name.clone(),
                        column: column.name.clone(),
                        data_type: name.clone(),
                    });
                }
                // Our own files hold the nearest type that their format has.
                let is_file = relation.starts_with("memory.");
                let is_nearest = is_file && found.data_type == column.data_type.in_parquet();
                if found.data_type != column.data_type
                    && !is_changed
                    && !is_nearest
                    && self.origin(&table.name) == Origin::Typed
                {
                    return Err(Error::TypeChanged {
                        table: table.name.clone(),
                        column: column.name.clone(),
                        expected: column.data_type.to_string(),
                        found: found.data_type.to_string(),
                    });
                }
            }
        }
        for declared in &self.declared.tables {
            let Some(table) = schema.table(&declared.name) else {
                return Err(Error::TableNotInManifest {
                    table: declared.name.clone(),
                });
            };
            if table.mode == TableMode::Exclude {
                continue;
            }
            for column in &declared.columns {
                if table.column(&column.name).is_none() {
                    return Err(Error::ColumnNotInManifest {
                        table: table.name.clone(),
                        column: column.name.clone(),
                    });
                }
            }
        }
        for table in &schema.tables {
            for name in table
                .primary_key
                .iter()
                .chain(table.unique.iter().flatten())
            {
                check_key_column(table, name)?;
            }
        }
        schema
            .relationships
            .iter()
            .try_for_each(|edge| check_relationship(schema, edge))
    }

    fn check_keys(&self, schema: &Schema) -> Result<(), Error> {
        for table in included(schema) {
            let (declared, _) = self.declared(&table.name)?;
            let relation = prepared_name(&table.name);
            let action = format!("check the keys of table `{}`", table.name);
            self.check_nulls(table, declared)?;
            let key = active_key(table, &table.primary_key);
            let is_declared =
                same_columns(&key, &declared.primary_key) && !any_changed(table, &key);
            if !key.is_empty() && !is_declared {
                let n_rows = self.count(&table.name)?;
                let any_null = join(&key, " OR ", |name| format!("{} IS NULL", identifier(name)));
                let nulls = count(
                    &self.connection,
                    &action,
                    &format!("SELECT count(*) FROM {relation} WHERE {any_null}"),
                )?;
                if nulls > 0 {
                    return Err(Error::PrimaryKeyNull {
                        table: table.name.clone(),
                        key: shown(&key),
                        nulls,
                        rows: n_rows,
                    });
                }
                let duplicates = duplicates(self, &action, &relation, &key)?;
                if duplicates > 0 {
                    return Err(Error::PrimaryKeyNotUnique {
                        table: table.name.clone(),
                        key: shown(&key),
                        duplicates,
                        rows: n_rows,
                    });
                }
            }
            for unique in &table.unique {
                let key = active_key(table, unique);
                if key.is_empty() || (is_key(declared, &key) && !any_changed(table, &key)) {
                    continue;
                }
                let duplicates = duplicates(self, &action, &relation, &key)?;
                if duplicates > 0 {
                    return Err(Error::NotUnique {
                        table: table.name.clone(),
                        key: shown(&key),
                        duplicates,
                        rows: self.count(&table.name)?,
                    });
                }
            }
        }
        for edge in schema
            .relationships
            .iter()
            .filter(|edge| is_active(schema, edge))
        {
            let Some(parent) = schema.table(&edge.parent_table) else {
                continue;
            };
            if is_key(parent, &edge.parent_key) {
                continue;
            }
            let action = format!("check the keys of table `{}`", parent.name);
            let relation = prepared_name(&parent.name);
            let duplicates = duplicates(self, &action, &relation, &edge.parent_key)?;
            if duplicates > 0 {
                return Err(Error::ParentKeyNotUnique {
                    relationship: edge.name(),
                    table: parent.name.clone(),
                    key: shown(&edge.parent_key),
                    duplicates,
                    rows: self.count(&parent.name)?,
                });
            }
        }
        Ok(())
    }

    /// Checks NOT NULL where the manifest says so and the source does not.
    fn check_nulls(&self, table: &Table, declared: &Table) -> Result<(), Error> {
        let unsure: Vec<&str> = table
            .included()
            .filter(|column| {
                !column.nullable
                    && !table.primary_key.contains(&column.name)
                    && declared
                        .column(&column.name)
                        .is_none_or(|found| found.nullable || column.transform.is_some())
            })
            .map(|column| column.name.as_str())
            .collect();
        if unsure.is_empty() {
            return Ok(());
        }
        let counts = join(&unsure, ", ", |name| format!("count({})", identifier(name)));
        let filled: Vec<u64> = row(
            &self.connection,
            &format!("look for NULL in table `{}`", table.name),
            &format!(
                "SELECT count(*), {counts} FROM {}",
                prepared_name(&table.name)
            ),
            |row| (0..=unsure.len()).map(|idx| row.get(idx)).collect(),
        )?;
        for (idx, name) in unsure.iter().enumerate() {
            if filled[idx + 1] < filled[0] {
                return Err(Error::UnexpectedNull {
                    table: table.name.clone(),
                    column: name.to_string(),
                    nulls: filled[0] - filled[idx + 1],
                    rows: filled[0],
                });
            }
        }
        Ok(())
    }

    fn treat_orphans(&mut self, schema: &Schema) -> Result<(), Error> {
        let mut edges: Vec<&Relationship> = schema
            .relationships
            .iter()
            .filter(|edge| edge.orphans != Orphans::Keep && is_active(schema, edge))
            .collect();
        // Refused first, so that the counts are those of the source.
        edges.sort_by_key(|edge| edge.orphans != Orphans::Refuse);
        let mut copied: Vec<&str> = Vec::new();
        // Each round that changes something removes rows or keys, so this ends.
        loop {
            let mut changed = false;
            for edge in &edges {
                let action = format!("look for orphans of relationship `{}`", edge.name());
                let child = prepared_name(&edge.child_table);
                let is_orphan = is_orphan(edge);
                let orphans = count(
                    &self.connection,
                    &action,
                    &format!("SELECT count(*) FROM {child} AS child WHERE {is_orphan}"),
                )?;
                if orphans == 0 {
                    continue;
                }
                let cleared = clearable(schema, edge);
                if edge.orphans == Orphans::Refuse {
                    return Err(Error::Orphans {
                        relationship: edge.name(),
                        child: subject(edge),
                        parent: join(&edge.parent_key, ", ", |name| {
                            format!("`{}.{name}`", edge.parent_table)
                        }),
                        orphans,
                        rows: self.count(&edge.child_table)?,
                        clearable: !cleared.is_empty(),
                    });
                }
                if !copied.contains(&edge.child_table.as_str()) {
                    self.copy(&edge.child_table)?;
                    copied.push(&edge.child_table);
                }
                let target = self.changeable(&edge.child_table);
                let change = if edge.orphans == Orphans::Null {
                    if cleared.is_empty() {
                        return Err(Error::NothingToClear {
                            relationship: edge.name(),
                        });
                    }
                    let set = join(&cleared, ", ", |name| {
                        format!("{} = NULL", identifier(name))
                    });
                    format!("UPDATE {target} AS child SET {set} WHERE {is_orphan}")
                } else {
                    format!("DELETE FROM {target} AS child WHERE {is_orphan}")
                };
                run(&self.connection, &action, &change)?;
                changed = true;
            }
            if !changed {
                return Ok(());
            }
        }
    }

    /// Puts a table of its own behind the view of a table.
    fn copy(&self, table: &str) -> Result<(), Error> {
        if self.copied.iter().any(|copied| copied == table) {
            return Ok(());
        }
        run(
            &self.connection,
            &format!("copy table `{table}`"),
            &format!(
                "CREATE SCHEMA IF NOT EXISTS memory.copies; \
                 CREATE OR REPLACE TABLE {copy} AS SELECT * FROM {name}; \
                 CREATE OR REPLACE VIEW {name} AS SELECT * FROM {copy}",
                copy = self.changeable(table),
                name = prepared_name(table)
            ),
        )
    }

    /// Returns the name of the table that `copy` makes.
    fn changeable(&self, table: &str) -> String {
        if self.copied.iter().any(|copied| copied == table) {
            prepared_name(table)
        } else {
            format!("memory.copies.{}", identifier(table))
        }
    }
}

/// SQL: a value of the source as another type.
pub(crate) fn cast_from(name: &str, data_type: &DataType) -> String {
    match data_type {
        // There is no other way from a TIME to a TIME_NS.
        DataType::Time(_) => format!("CAST(CAST({name} AS VARCHAR) AS {data_type})"),
        _ => format!("CAST({name} AS {data_type})"),
    }
}

/// Whether both tables and all key columns of a relationship are included.
pub(crate) fn is_active(schema: &Schema, edge: &Relationship) -> bool {
    let included = |table: &str, key: &[String]| {
        schema.table(table).is_some_and(|table| {
            table.mode != TableMode::Exclude && !active_key(table, key).is_empty()
        })
    };
    included(&edge.parent_table, &edge.parent_key) && included(&edge.child_table, &edge.child_key)
}

/// Returns the tables that are read and written.
pub(crate) fn included(schema: &Schema) -> impl Iterator<Item = &Table> {
    schema
        .tables
        .iter()
        .filter(|table| table.mode != TableMode::Exclude)
}

/// Whether the two name the same columns, in any order.
pub(crate) fn same_columns(left: &[String], right: &[String]) -> bool {
    left.len() == right.len() && left.iter().all(|name| right.contains(name))
}

/// Whether the columns are a primary or alternate key of the table.
pub(crate) fn is_key(table: &Table, key: &[String]) -> bool {
    same_columns(key, &table.primary_key)
        || table.unique.iter().any(|unique| same_columns(key, unique))
}

/// SQL: the row of `child` has a whole key that no parent has (MATCH SIMPLE).
fn is_orphan(edge: &Relationship) -> String {
    let filled = join(&edge.child_key, " AND ", |name| {
        format!("child.{} IS NOT NULL", identifier(name))
    });
    let matches = join(
        edge.child_key.iter().zip(&edge.parent_key),
        " AND ",
        |(child, parent)| {
            format!(
                "parent.{} = child.{}",
                identifier(parent),
                identifier(child)
            )
        },
    );
    format!(
        "{filled} AND NOT EXISTS (SELECT 1 FROM {} AS parent WHERE {matches})",
        prepared_name(&edge.parent_table)
    )
}

/// Returns the columns of a foreign key that may become NULL without harm to another key.
fn clearable(schema: &Schema, edge: &Relationship) -> Vec<String> {
    let Some(table) = schema.table(&edge.child_table) else {
        return Vec::new();
    };
    edge.child_key
        .iter()
        .filter(|name| {
            table.column(name).is_some_and(|column| column.nullable)
                && !table.primary_key.contains(name)
                && !schema.relationships.iter().any(|other| {
                    other != edge
                        && is_active(schema, other)
                        && other.child_table == edge.child_table
                        && other.child_key.contains(name)
                })
        })
        .cloned()
        .collect()
}

fn subject(edge: &Relationship) -> String {
    let names = join(&edge.child_key, ", ", |name| {
        format!("`{}.{name}`", edge.child_table)
    });
    if edge.child_key.len() == 1 {
        format!("column {names} refers")
    } else {
        format!("columns {names} refer")
    }
}

fn check_relationship(schema: &Schema, edge: &Relationship) -> Result<(), Error> {
    if edge.child_key.len() != edge.parent_key.len() || edge.child_key.is_empty() {
        return Err(Error::KeyLengths {
            relationship: edge.name(),
            child: edge.child_key.len(),
            parent: edge.parent_key.len(),
        });
    }
    let table = |name: &str| {
        schema.table(name).ok_or_else(|| Error::UnknownKeyTable {
            relationship: edge.name(),
            table: name.to_string(),
            nearest: nearest(name, schema.tables.iter().map(|table| table.name.as_str()))
                .map(str::to_string),
        })
    };
    let (child_table, parent_table) = (table(&edge.child_table)?, table(&edge.parent_table)?);
    for (child, parent) in edge.child_key.iter().zip(&edge.parent_key) {
        let child_type = &check_key_column(child_table, child)?.data_type;
        let parent_type = &check_key_column(parent_table, parent)?.data_type;
        if !comparable(child_type, parent_type) {
            return Err(Error::KeyTypes {
                relationship: edge.name(),
                child: format!("{}.{child}", child_table.name),
                child_type: child_type.to_string(),
                parent: format!("{}.{parent}", parent_table.name),
                parent_type: parent_type.to_string(),
            });
        }
    }
    Ok(())
}

fn check_key_column<'a>(table: &'a Table, name: &str) -> Result<&'a Column, Error> {
    table.column(name).ok_or_else(|| Error::UnknownKeyColumn {
        table: table.name.clone(),
        column: name.to_string(),
        nearest: nearest_column(table, name),
    })
}

/// Whether DuckDB compares the two exactly, without a cast to text or to a float.
fn comparable(left: &DataType, right: &DataType) -> bool {
    left == right
        || (left.is_exact_number() && right.is_exact_number())
        || (matches!(left, DataType::Timestamp(_)) && matches!(right, DataType::Timestamp(_)))
}

fn nearest_column(table: &Table, name: &str) -> Option<String> {
    nearest(
        name,
        table.columns.iter().map(|column| column.name.as_str()),
    )
    .map(str::to_string)
}

fn shown(key: &[String]) -> String {
    format!("({})", join(key, ", ", |name| format!("`{name}`")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use prodlike_core::error::Hint;
    use prodlike_core::schema::{Orphans, Relationship, Schema, TableMode};

    use crate::error::Error;
    use crate::script::execute;
    use crate::source::Source;

    const ORPHANS: &str = "
        CREATE TABLE parents (id INTEGER);
        INSERT INTO parents SELECT range FROM range(3);
        CREATE TABLE children (id INTEGER, parent BIGINT, note VARCHAR);
        INSERT INTO children VALUES (1, 0, 'a'), (2, NULL, 'b'), (3, 9, 'c'), (4, 2, 'd');
        CREATE TABLE toys (id INTEGER, child INTEGER);
        INSERT INTO toys VALUES (1, 1), (2, 3), (3, 3), (4, NULL);
    ";

    fn edge(child: &str, child_key: &[&str], parent: &str, orphans: Orphans) -> Relationship {
        Relationship {
            parent_table: parent.into(),
            parent_key: vec!["id".into()],
            child_table: child.into(),
            child_key: child_key.iter().map(|name| name.to_string()).collect(),
            orphans,
            owner: None,
        }
    }

    /// Opens a database of the script; keys are written in by hand.
    fn open(dir: &tempfile::TempDir, sql: &str, edges: Vec<Relationship>) -> (Source, Schema) {
        let path = dir.path().join("t.duckdb");
        execute(&path, sql).unwrap();
        let source = Source::open(&path, 1).unwrap();
        let mut schema = source.catalog().unwrap();
        for table in &mut schema.tables {
            table.primary_key = vec!["id".into()];
        }
        schema.relationships = edges;
        (source, schema)
    }

    fn orphans(first: Orphans, second: Orphans) -> Result<(Source, Schema), Error> {
        let dir = tempfile::tempdir().unwrap();
        let edges = vec![
            edge("children", &["parent"], "parents", first),
            edge("toys", &["child"], "children", second),
        ];
        let (mut source, schema) = open(&dir, ORPHANS, edges);
        source.prepare(&schema, &())?;
        Ok((source, schema))
    }

    #[test]
    fn orphans_are_refused_in_words() {
        let error = orphans(Orphans::Refuse, Orphans::Refuse).err().unwrap();
        assert_eq!(
            error.to_string(),
            "column `children.parent` refers to `parents.id`, but 1 of 4 rows have no matching parent"
        );
        assert_eq!(
            error.hint().unwrap(),
            "To treat those rows as having no parent, set `orphans = \"null\"` on relationship \
             `children.parent`"
        );
    }

    #[test]
    fn orphans_are_cleared_dropped_or_kept() {
        let stats = |first, second, idx| {
            let (source, schema) = orphans(first, second).unwrap();
            let stats = source.edge_stats(&schema, idx).unwrap();
            (stats.matched, stats.orphans, stats.nulls, stats.degrees)
        };
        use Orphans::{Drop, Keep, Null, Refuse};
        assert_eq!(stats(Null, Refuse, 0), (2, 0, 2, vec![(0, 1), (1, 2)]));
        assert_eq!(stats(Keep, Refuse, 0), (2, 1, 1, vec![(0, 1), (1, 2)]));
        assert_eq!(stats(Drop, Drop, 0), (2, 0, 1, vec![(0, 1), (1, 2)]));
        // Dropping child 3 makes orphans of toys 2 and 3.
        assert_eq!(stats(Drop, Drop, 1), (1, 0, 1, vec![(0, 2), (1, 1)]));
        assert_eq!(stats(Drop, Null, 1), (1, 0, 3, vec![(0, 2), (1, 1)]));
        assert!(matches!(
            orphans(Drop, Refuse).err().unwrap(),
            Error::Orphans {
                orphans: 2,
                rows: 4,
                ..
            }
        ));
    }

    #[test]
    fn chains_of_orphans_fall_one_by_one() {
        let dir = tempfile::tempdir().unwrap();
        let sql = "CREATE TABLE t (id INTEGER, boss INTEGER);
            INSERT INTO t SELECT range, range + 1 FROM range(20);
            INSERT INTO t VALUES (100, NULL), (101, 100)";
        let edges = vec![edge("t", &["boss"], "t", Orphans::Drop)];
        let (mut source, schema) = open(&dir, sql, edges);
        source.prepare(&schema, &()).unwrap();
        assert_eq!(source.count("t").unwrap(), 2);
    }

    #[test]
    fn composite_keys_clear_only_their_own_columns() {
        let dir = tempfile::tempdir().unwrap();
        let sql = "CREATE TABLE shops (id INTEGER); INSERT INTO shops VALUES (1), (2);
            CREATE TABLE tills (id INTEGER, shop INTEGER); INSERT INTO tills VALUES (7, 1);
            CREATE TABLE sales (id INTEGER, shop INTEGER, till INTEGER);
            INSERT INTO sales VALUES (1, 1, 7), (2, 2, 7), (3, 2, NULL)";
        let mut composite = edge("sales", &["shop", "till"], "tills", Orphans::Null);
        composite.parent_key = vec!["shop".into(), "id".into()];
        let edges = vec![
            edge("sales", &["shop"], "shops", Orphans::Refuse),
            composite,
        ];
        let (mut source, mut schema) = open(&dir, sql, edges);
        source.prepare(&schema, &()).unwrap();
        let stats = source.edge_stats(&schema, 1).unwrap();
        assert_eq!((stats.matched, stats.orphans, stats.nulls), (1, 0, 2));
        assert_eq!(source.edge_stats(&schema, 0).unwrap().nulls, 0);
        let table = schema.table_idx("sales").unwrap();
        schema.tables[table].columns[2].nullable = false;
        assert!(matches!(
            source.prepare(&schema, &()),
            Err(Error::UnexpectedNull { nulls: 1, .. })
        ));
        schema.tables[table].primary_key = vec!["shop".into(), "till".into()];
        assert!(matches!(
            source.prepare(&schema, &()),
            Err(Error::PrimaryKeyNull { nulls: 1, .. })
        ));
    }

    #[test]
    fn manifest_and_source_must_agree() {
        let dir = tempfile::tempdir().unwrap();
        let sql = "CREATE TABLE t (id INTEGER, twice INTEGER, u INTEGER[], PRIMARY KEY (id));
            INSERT INTO t VALUES (1, 5, [1]), (2, 5, []), (3, 5, NULL)";
        let (mut source, schema) = open(&dir, sql, Vec::new());
        let mut fails = |change: &dyn Fn(&mut Schema)| {
            let mut changed = schema.clone();
            changed.tables[0].columns[2].exclude = true;
            change(&mut changed);
            let error = source.prepare(&changed, &()).err().map(|error| {
                assert!(error.hint().is_some());
                error.to_string()
            });
            error.unwrap_or_default()
        };
        assert_eq!(fails(&|_| {}), "");
        assert_eq!(
            fails(&|schema| schema.tables[0].columns[2].exclude = false),
            "column `t.u` has data type INTEGER[], which is not carried yet"
        );
        assert_eq!(
            fails(&|schema| schema.tables[0].columns[1].name = "twicce".into()),
            "column `twicce` of table `t` is not in the source"
        );
        assert_eq!(
            fails(&|schema| drop(schema.tables[0].columns.remove(1))),
            "column `twice` of table `t` is not in the manifest"
        );
        assert_eq!(
            fails(&|schema| schema.tables.clear()),
            "table `t` is not in the manifest"
        );
        assert_eq!(
            fails(&|schema| schema.tables[0].mode = TableMode::Exclude),
            ""
        );
        assert_eq!(
            fails(&|schema| schema.tables[0].unique = vec![vec!["twice".into()]]),
            "unique columns (`twice`) of table `t` are not unique: 2 of 3 rows repeat the values \
             of another"
        );
        assert_eq!(
            fails(&|schema| schema.tables[0].primary_key = vec!["twice".into()]),
            "primary key (`twice`) of table `t` is not unique: 2 of 3 rows repeat the key of another"
        );
        assert_eq!(
            fails(&|schema| schema.tables[0].primary_key = vec!["ids".into()]),
            "column `ids` of table `t` belongs to a key, but is not in the manifest"
        );
    }

    #[test]
    fn text_is_cast_as_the_manifest_says() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.duckdb");
        let sql =
            "CREATE TABLE t (id INTEGER, s VARCHAR, d DECIMAL(9,2), \"at\" TIMESTAMP_MS, b BOOLEAN);
            INSERT INTO t VALUES (1, '', -1.05, '2020-01-02 03:04:05.678', true),
            (2, NULL, NULL, NULL, NULL), (3, 'a \"b\", c\nd', 7, '1960-01-01', false)";
        execute(&path, sql).unwrap();
        let mut real = Source::open(&path, 1).unwrap();
        let schema = real.catalog().unwrap();
        real.prepare(&schema, &()).unwrap();
        let out = dir.path().join("out");
        std::fs::create_dir(&out).unwrap();
        drop(real);
        execute(
            &path,
            &format!("COPY t TO '{}/t.csv' (FORMAT csv, HEADER)", out.display()),
        )
        .unwrap();
        let mut real = Source::open(&path, 1).unwrap();
        real.prepare(&schema, &()).unwrap();
        let mut text = Source::open(&out, 1).unwrap();
        text.prepare_unchecked(&schema, None).unwrap();
        let columns = &schema.tables[0].columns;
        assert_eq!(
            real.read("t", columns, &["id".into()]).unwrap(),
            text.read("t", columns, &["id".into()]).unwrap()
        );
    }
}
