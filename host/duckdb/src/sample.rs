//! The relational sample: whole families of rows, small enough for memory.
//!
//! Which rows are in depends on md5 of their keys alone, so a sample repeats, and a
//! larger cap only adds rows (where whole families fit under it). Rows come in the
//! order of their primary keys or hashes, never as a thread happened to find them.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::UInt32Type;
use prodlike_core::schema::{Column, DataType, Orphans, Relationship, Schema, Table, TableMode};

use crate::batches::{count, for_each_chunk, one_batch, run};
use crate::carry::carried;
use crate::error::Error;
use crate::prepare::is_active;
use crate::quote::{identifier, join, list};
use crate::source::{Source, active_key, prepared_name};

/// Keeps sampling independent of whatever else hashes keys.
const SALT: &str = "prodlike sample";

/// The sampled rows of one table.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleTable {
    /// The included columns, in the order of the schema; rows in the order of the
    /// primary key, or of md5 of the whole row where there is none.
    pub batch: RecordBatch,
    /// By relationship of the schema: where this table is the child, the position of
    /// each row's parent in the parent's sample, `u32::MAX` for none (NULL, orphan or
    /// not sampled); `None` for the other relationships and for inactive ones.
    pub links: Vec<Option<Vec<u32>>>,
    /// Rows of the prepared table. Zero, with an empty batch, for an excluded table.
    pub total_rows: u64,
}

/// What has been drawn of a table so far.
struct Drawn {
    total: u64,
    kept: u64,
}

impl Source {
    /// Draws the relational sample of the prepared tables, parallel to `schema.tables`.
    ///
    /// `owners` holds for each table the relationship that owns its rows, and `None`
    /// for roots. Of a root more than `cap_entities` rows long so many rows are kept;
    /// of a child the rows whose owner is kept, and of those without owner the same
    /// share; then of any table at most `cap_rows`. Kept tables are always whole.
    ///
    /// # Errors
    ///
    /// Fails if the tables were not prepared, or reading fails.
    pub fn sample(
        &self,
        schema: &Schema,
        owners: &[Option<usize>],
        cap_entities: u64,
        cap_rows: u64,
    ) -> Result<Vec<SampleTable>, Error> {
        let owners: Vec<Option<usize>> = (0..schema.tables.len())
            .map(|idx| {
                let owner = owners.get(idx).copied().flatten()?;
                let edge = schema.relationships.get(owner)?;
                let owns = is_active(schema, edge)
                    && !edge.is_self_reference()
                    && edge.child_table == schema.tables[idx].name;
                owns.then_some(owner)
            })
            .collect();
        run(
            &self.connection,
            "create a schema",
            "DROP SCHEMA IF EXISTS memory.sample CASCADE; CREATE SCHEMA memory.sample",
        )?;
        let mut drawn: Vec<Option<Drawn>> = schema.tables.iter().map(|_| None).collect();
        for idx in downward(schema, &owners) {
            let table = &schema.tables[idx];
            if table.mode == TableMode::Exclude {
                continue;
            }
            let owner = owners[idx].map(|owner| &schema.relationships[owner]);
            let condition = match owner {
                Some(edge) if table.mode != TableMode::Keep => {
                    self.family_condition(schema, table, edge, &drawn)?
                }
                _ => None,
            };
            let is_root = owner.is_none();
            let cap = match table.mode {
                TableMode::Keep => u64::MAX,
                _ if is_root => cap_rows.min(cap_entities),
                _ => cap_rows,
            };
            drawn[idx] = Some(self.draw(idx, table, condition, cap)?);
        }
        let mut samples = Vec::with_capacity(schema.tables.len());
        for (idx, table) in schema.tables.iter().enumerate() {
            samples.push(match &drawn[idx] {
                Some(drawn) => SampleTable {
                    batch: self.sampled_rows(idx, table)?,
                    links: schema
                        .relationships
                        .iter()
                        .map(|edge| self.links(schema, edge, table))
                        .collect::<Result<_, Error>>()?,
                    total_rows: drawn.total,
                },
                None => SampleTable {
                    batch: RecordBatch::new_empty(arrow::datatypes::Schema::empty().into()),
                    links: vec![None; schema.relationships.len()],
                    total_rows: 0,
                },
            });
        }
        run(
            &self.connection,
            "drop the sample",
            "DROP SCHEMA memory.sample CASCADE",
        )?;
        Ok(samples)
    }

    /// SQL: the row belongs to a sampled family, `None` where all rows do.
    fn family_condition(
        &self,
        schema: &Schema,
        table: &Table,
        edge: &Relationship,
        drawn: &[Option<Drawn>],
    ) -> Result<Option<String>, Error> {
        let internal = || Error::Internal {
            what: format!("table `{}` was sampled before its owner", table.name),
        };
        let parent_idx = schema.table_idx(&edge.parent_table).ok_or_else(internal)?;
        let parent = drawn[parent_idx].as_ref().ok_or_else(internal)?;
        if parent.kept == parent.total {
            return Ok(None);
        }
        let key = |name: &String| format!("child.{}", identifier(name));
        let in_sample = join(
            edge.parent_key.iter().zip(&edge.child_key),
            " AND ",
            |(p, c)| {
                format!(
                    "parent.{} = {}",
                    position_name(&schema.tables[parent_idx], p),
                    key(c)
                )
            },
        );
        let mut ownerless = join(&edge.child_key, " OR ", |name| {
            format!("{} IS NULL", key(name))
        });
        if edge.orphans == Orphans::Keep {
            let has_parent = join(
                edge.parent_key.iter().zip(&edge.child_key),
                " AND ",
                |(p, c)| format!("parent.{} = {}", identifier(p), key(c)),
            );
            ownerless = format!(
                "{ownerless} OR NOT EXISTS (SELECT 1 FROM {} AS parent WHERE {has_parent})",
                prepared_name(&edge.parent_table)
            );
        }
        // The first 32 bits of md5 fall under the threshold for the share of rows wanted.
        let threshold = (u128::from(parent.kept) << 32) / u128::from(parent.total);
        Ok(Some(format!(
            "EXISTS (SELECT 1 FROM {} AS parent WHERE {in_sample}) \
             OR (({ownerless}) AND substr({}, 1, 8) < '{threshold:08x}')",
            sample_name(parent_idx),
            hash(table, "child.")
        )))
    }

    /// Fills the sample table of one table: columns `c0`, `c1`, … and the position `pos`.
    fn draw(
        &self,
        idx: usize,
        table: &Table,
        condition: Option<String>,
        cap: u64,
    ) -> Result<Drawn, Error> {
        let action = format!("sample table `{}`", table.name);
        let relation = prepared_name(&table.name);
        let total = self.count(&table.name)?;
        let condition = condition.map_or(String::new(), |condition| format!("WHERE {condition}"));
        let kept = if condition.is_empty() {
            total
        } else {
            let sql = format!("SELECT count(*) FROM {relation} AS child {condition}");
            count(&self.connection, &action, &sql)?
        };
        let mut rows = format!("SELECT child.* FROM {relation} AS child {condition}");
        if kept > cap {
            let order = hash(table, "child.");
            let key = active_key(table, &table.primary_key);
            rows = if key.is_empty() {
                format!("{rows} ORDER BY {order} LIMIT {cap}")
            } else {
                // Only keys are sorted; the rows are fetched once the keys are chosen.
                let keys = join(&key, ", ", |name| format!("child.{}", identifier(name)));
                let same = join(&key, " AND ", |name| {
                    format!("child.{0} = chosen.{0}", identifier(name))
                });
                format!(
                    "SELECT child.* FROM {relation} AS child SEMI JOIN (SELECT {keys} \
                     FROM {relation} AS child {condition} ORDER BY {order} LIMIT {cap}) \
                     AS chosen ON {same}"
                )
            };
        }
        let columns = join(table.included().enumerate(), ", ", |(position, column)| {
            format!("{} AS c{position}", identifier(&column.name))
        });
        let key = active_key(table, &table.primary_key);
        let order = if key.is_empty() {
            hash(table, "")
        } else {
            list("", &key)
        };
        run(
            &self.connection,
            &action,
            &format!(
                "CREATE TABLE {} AS SELECT {columns}, \
                 CAST(row_number() OVER (ORDER BY {order}) - 1 AS UINTEGER) AS pos FROM ({rows})",
                sample_name(idx)
            ),
        )?;
        Ok(Drawn {
            total,
            kept: kept.min(cap),
        })
    }

    fn sampled_rows(&self, idx: usize, table: &Table) -> Result<RecordBatch, Error> {
        let columns: Vec<&Column> = table.included().collect();
        let names = join(columns.iter().enumerate(), ", ", |(position, column)| {
            carried(&format!("c{position}"), &column.data_type)
        });
        let sql = format!("SELECT {names} FROM {} ORDER BY pos", sample_name(idx));
        one_batch(
            &self.connection,
            &format!("sample table `{}`", table.name),
            &sql,
            &columns,
        )
    }

    fn links(
        &self,
        schema: &Schema,
        edge: &Relationship,
        table: &Table,
    ) -> Result<Option<Vec<u32>>, Error> {
        if edge.child_table != table.name || !is_active(schema, edge) {
            return Ok(None);
        }
        let (Some(child_idx), Some(parent_idx)) = (
            schema.table_idx(&edge.child_table),
            schema.table_idx(&edge.parent_table),
        ) else {
            return Ok(None);
        };
        let matches = join(
            edge.parent_key.iter().zip(&edge.child_key),
            " AND ",
            |(p, c)| {
                format!(
                    "parent.{} = child.{}",
                    position_name(&schema.tables[parent_idx], p),
                    position_name(table, c)
                )
            },
        );
        let sql = format!(
            "SELECT CAST(coalesce(parent.pos, {}) AS UINTEGER) FROM {} AS child \
             LEFT JOIN {} AS parent ON {matches} ORDER BY child.pos",
            u32::MAX,
            sample_name(child_idx),
            sample_name(parent_idx)
        );
        let action = format!("link the sample along relationship `{}`", edge.name());
        let mut links = Vec::new();
        for_each_chunk(&self.connection, &action, &sql, |arrays| {
            let positions = arrays
                .first()
                .and_then(|array| array.as_primitive_opt::<UInt32Type>())
                .filter(|array| array.null_count() == 0)
                .ok_or_else(|| Error::Internal {
                    what: "links are not positions".into(),
                })?;
            links.extend_from_slice(positions.values());
            Ok(())
        })?;
        Ok(Some(links))
    }
}

/// Orders tables so that owners come before what they own.
fn downward(schema: &Schema, owners: &[Option<usize>]) -> Vec<usize> {
    let n_tables = schema.tables.len();
    let mut order = Vec::with_capacity(n_tables);
    let mut is_placed = vec![false; n_tables];
    while order.len() < n_tables {
        let before = order.len();
        for idx in 0..n_tables {
            let waits = owners[idx].is_some_and(|owner| {
                schema
                    .table_idx(&schema.relationships[owner].parent_table)
                    .is_some_and(|parent| !is_placed[parent])
            });
            if !is_placed[idx] && !waits {
                is_placed[idx] = true;
                order.push(idx);
            }
        }
        if order.len() == before {
            // Owners that own each other: `family_condition` reports it.
            order.extend((0..n_tables).filter(|idx| !is_placed[*idx]));
        }
    }
    order
}

fn sample_name(idx: usize) -> String {
    format!("memory.sample.t{idx}")
}

/// Returns the name that a column has in the sample.
fn position_name(table: &Table, column: &str) -> String {
    let position = table
        .included()
        .position(|included| included.name == column);
    // A column of a relationship is included, or the relationship is not active.
    position.map_or_else(|| "NULL".to_string(), |position| format!("c{position}"))
}

/// SQL: md5 of the row's key, or of the whole row where there is none.
///
/// Texts carry their length and no other value holds the separator, so that rows
/// with the same hash are the same: their order cannot show.
fn hash(table: &Table, prefix: &str) -> String {
    let values = join(key_columns(table), ", ", |column| {
        let name = format!("{prefix}{}", identifier(&column.name));
        let length = match column.data_type {
            DataType::String | DataType::Enum(_) => format!("length({name}) || ':' || "),
            DataType::Blob => format!("octet_length({name}) || ':' || "),
            _ => String::new(),
        };
        format!("coalesce({length}CAST({name} AS VARCHAR), 'NULL')")
    });
    format!("md5(concat_ws('|', {values}, '{SALT}'))")
}

/// Returns the columns that tell the rows of a table apart, as far as anything does.
fn key_columns(table: &Table) -> Vec<&Column> {
    let key = active_key(table, &table.primary_key);
    if key.is_empty() {
        table.included().collect()
    } else {
        key.iter().filter_map(|name| table.column(name)).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::collections::BTreeSet;

    use arrow::array::AsArray;
    use arrow::datatypes::Int32Type;
    use prodlike_core::schema::{Orphans, Schema, TableMode};

    use super::SampleTable;
    use crate::script::execute;
    use crate::source::Source;

    const FAMILIES: &str = "
        CREATE TABLE a_parents (id INTEGER, part VARCHAR, PRIMARY KEY (id, part));
        INSERT INTO a_parents SELECT range // 2, CASE WHEN range % 2 = 0 THEN 'x' ELSE 'ÿ ''' END
            FROM range(2000);
        CREATE TABLE children (id INTEGER PRIMARY KEY, p INTEGER, part VARCHAR,
            boss INTEGER REFERENCES children (id),
            FOREIGN KEY (p, part) REFERENCES a_parents (id, part));
        INSERT INTO children SELECT 9999 - range, range % 1000,
            CASE WHEN range % 10 = 0 THEN NULL ELSE 'x' END, NULL FROM range(10000);
        CREATE TABLE loose (p INTEGER, note VARCHAR);
        INSERT INTO loose SELECT range, 'n' || range % 5 FROM range(3000);
    ";

    fn sample(threads: usize, entities: u64, rows: u64, keep: bool) -> (Schema, Vec<SampleTable>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.duckdb");
        execute(&path, FAMILIES).unwrap();
        execute(&path, "UPDATE children SET boss = id + 1 WHERE id % 2 = 0").unwrap();
        let mut source = Source::open(&path, threads).unwrap();
        let mut schema = source.catalog().unwrap();
        if keep {
            schema.tables[0].mode = TableMode::Keep;
        }
        source.prepare(&schema, &()).unwrap();
        let owner = schema
            .relationships
            .iter()
            .position(|edge| !edge.is_self_reference());
        let samples = source
            .sample(&schema, &[None, owner, None], entities, rows)
            .unwrap();
        (schema, samples)
    }

    /// Checks every link of the composite relationship against the rows themselves.
    fn check_links(schema: &Schema, samples: &[SampleTable]) -> usize {
        let owner = schema
            .relationships
            .iter()
            .position(|e| !e.is_self_reference())
            .unwrap();
        let links = samples[1].links[owner].as_ref().unwrap();
        let (parent, child) = (&samples[0].batch, &samples[1].batch);
        assert_eq!(links.len(), child.num_rows());
        let mut n_linked = 0;
        for (row, link) in links.iter().enumerate() {
            let part = child.column(2).as_string::<i32>();
            if *link == u32::MAX {
                continue;
            }
            let link = *link as usize;
            n_linked += 1;
            assert_eq!(
                (
                    parent.column(0).as_primitive::<Int32Type>().value(link),
                    parent.column(1).as_string::<i32>().value(link)
                ),
                (
                    child.column(1).as_primitive::<Int32Type>().value(row),
                    part.value(row)
                )
            );
        }
        n_linked
    }

    #[test]
    fn small_databases_are_whole() {
        let (schema, samples) = sample(1, 2000, 10_000, false);
        let n_rows: Vec<usize> = samples.iter().map(|s| s.batch.num_rows()).collect();
        assert_eq!(n_rows, [2000, 10_000, 2000]);
        assert_eq!(samples[2].total_rows, 3000);
        assert_eq!(check_links(&schema, &samples), 9000);
        let ids = samples[1].batch.column(0).as_primitive::<Int32Type>();
        assert!(
            ids.values().windows(2).all(|pair| pair[0] < pair[1]),
            "not in order of the key"
        );
        let own = schema
            .relationships
            .iter()
            .position(|e| e.is_self_reference())
            .unwrap();
        let bosses = samples[1].links[own].as_ref().unwrap();
        assert_eq!((bosses[0], bosses[1]), (1, u32::MAX));
        assert!(samples[0].links.iter().all(Option::is_none));
    }

    #[test]
    fn families_are_whole_and_grow_with_the_cap() {
        let keys = |samples: &[SampleTable]| -> BTreeSet<i32> {
            samples[1]
                .batch
                .column(0)
                .as_primitive::<Int32Type>()
                .values()
                .iter()
                .copied()
                .collect()
        };
        let (schema, small) = sample(1, 200, 100_000, false);
        assert_eq!(small[0].batch.num_rows(), 200);
        let n_linked = check_links(&schema, &small);
        let n_children = small[1].batch.num_rows();
        // 9 of 10 children have a parent; a tenth of both kinds is wanted.
        assert!((700..1100).contains(&n_linked), "{n_linked}");
        assert!(
            (50..150).contains(&(n_children - n_linked)),
            "{n_children} {n_linked}"
        );
        let (_, large) = sample(1, 400, 100_000, false);
        assert!(keys(&small).is_subset(&keys(&large)));
        assert_eq!(small, sample(2, 200, 100_000, false).1);
        let (_, capped) = sample(2, 400, 300, false);
        assert_eq!(
            capped
                .iter()
                .map(|s| s.batch.num_rows())
                .collect::<Vec<_>>(),
            [300, 300, 300]
        );
        let (_, kept) = sample(1, 10, 100, true);
        assert_eq!(kept[0].batch.num_rows(), 2000);
        assert_eq!(kept[1].batch.num_rows(), 100);
    }

    #[test]
    fn orphans_that_are_kept_are_sampled_in_proportion() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.duckdb");
        let sql =
            "CREATE TABLE a (id INTEGER PRIMARY KEY); INSERT INTO a SELECT range FROM range(1000);
            CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER);
            INSERT INTO b SELECT range, range FROM range(3000)";
        execute(&path, sql).unwrap();
        let mut source = Source::open(&path, 2).unwrap();
        let mut schema = source.catalog().unwrap();
        schema.relationships = vec![prodlike_core::schema::Relationship {
            parent_table: "a".into(),
            parent_key: vec!["id".into()],
            child_table: "b".into(),
            child_key: vec!["a".into()],
            orphans: Orphans::Keep,
            owner: None,
        }];
        source.prepare(&schema, &()).unwrap();
        let samples = source
            .sample(&schema, &[None, Some(0)], 100, 10_000)
            .unwrap();
        let links = samples[1].links[0].as_ref().unwrap();
        assert_eq!(links.iter().filter(|link| **link != u32::MAX).count(), 100);
        let orphans = links.len() - 100;
        assert!((130..270).contains(&orphans), "{orphans}");
    }
}
