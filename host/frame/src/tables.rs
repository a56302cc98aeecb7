//! The tables of both sides, read as the metrics want them.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::RecordBatch;
use prodlike_core::evidence::Sides;
use prodlike_core::schema::{self, DataType, Relationship, SemanticType, Table, TableMode};

use crate::Error;
use crate::column::Column;
use crate::keys::{self, null_rows};
use crate::parallel::parallel;

/// Rows that a join may have beyond twice those of the child.
const SPARE_ROWS: u64 = 1_000_000;

/// Which rows of which data are compared.
///
/// The baseline compares one half of the real rows with the other: it looks at the same values
/// as the report, through another selection.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Selection<'r> {
    /// All rows, in order, where there are none.
    pub(crate) rows: Option<Sides<&'r [u32]>>,
    /// Whether real rows stand in for the synthetic ones too.
    pub(crate) mirrored: bool,
}

impl Selection<'_> {
    /// Picks values of both sides.
    pub(crate) fn of<'v, T: Copy>(&self, sides: &'v Sides<Vec<T>>) -> Sides<Cow<'v, [T]>> {
        let second = match self.mirrored {
            true => &sides.real,
            false => &sides.synthetic,
        };
        Sides {
            real: pick(&sides.real, self.rows.map(|rows| rows.real)),
            synthetic: pick(second, self.rows.map(|rows| rows.synthetic)),
        }
    }
}

/// A column that is measured.
#[derive(Debug)]
pub(crate) struct Variable<'a> {
    pub(crate) name: &'a str,
    pub(crate) data_type: &'a DataType,
    pub(crate) continuous: bool,
    pub(crate) values: Values,
}

/// The values of a variable on both sides.
#[derive(Debug)]
pub(crate) enum Values {
    /// NaN is NULL.
    Numbers(Sides<Vec<f64>>),
    /// Equal values have equal codes on both sides.
    Levels {
        codes: Sides<Vec<u32>>,
        distinct: usize,
        /// The code of NULL.
        null: Option<u32>,
    },
    /// Why there are none.
    Unreadable(String),
}

/// A relationship and the keys of both sides.
#[derive(Debug)]
pub(crate) struct Relation<'a> {
    pub(crate) relationship: &'a Relationship,
    /// Indices into the schema's tables.
    pub(crate) parent: usize,
    pub(crate) child: usize,
    /// Or why there are none.
    pub(crate) keys: Result<Sides<Keys>, String>,
}

/// The keys of one side, numbered; `None` for a tuple with a NULL in it.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) parent: Arc<[Option<u32>]>,
    pub(crate) child: Arc<[Option<u32>]>,
    distinct: usize,
    /// The parents and children that are looked at; all of them where there are none. A
    /// parent keeps all its children, and a child its parent, whichever half they are in.
    parents: Option<Arc<[bool]>>,
    children: Option<Arc<[bool]>>,
}

fn within(rows: Option<&Arc<[bool]>>, row: usize) -> bool {
    rows.is_none_or(|rows| rows[row])
}

impl Keys {
    /// Returns how many children each row of the parent has.
    pub(crate) fn fan_outs(&self) -> Vec<f64> {
        let mut counts = vec![0_u64; self.distinct];
        for code in self.child.iter().flatten() {
            counts[*code as usize] += 1;
        }
        let parents = self.parent.iter().enumerate();
        parents
            .filter(|(row, _)| within(self.parents.as_ref(), *row))
            .map(|(_, code)| code.map_or(0.0, |code| counts[code as usize] as f64))
            .collect()
    }

    /// Returns these keys for some of the parents and children.
    pub(crate) fn among(&self, parents: &Arc<[bool]>, children: &Arc<[bool]>) -> Keys {
        Keys {
            parents: Some(parents.clone()),
            children: Some(children.clone()),
            ..self.clone()
        }
    }

    /// Returns for each child a row of its parent.
    pub(crate) fn parent_rows(&self) -> Vec<Option<u32>> {
        let mut rows = vec![None; self.distinct];
        for (row, code) in (0..).zip(self.parent.iter()) {
            if let Some(code) = code {
                rows[*code as usize].get_or_insert(row);
            }
        }
        let children = self.child.iter();
        children
            .map(|code| code.and_then(|code| rows[code as usize]))
            .collect()
    }

    /// Goes up from rows of the child to those of its parent: returns these, and for each the
    /// position of the row it was reached from. A parent key that repeats is reached at each of
    /// its rows, but no more rows than `most` are returned.
    pub(crate) fn climb(&self, from: &[u32], most: usize) -> (Vec<u32>, Vec<u32>) {
        let (ends, rows) = self.rows_of_codes();
        let (mut parents, mut positions) = (Vec::new(), Vec::new());
        for (position, row) in (0..).zip(from) {
            if let Some(code) = self.child[*row as usize] {
                let of_code = &rows[ends[code as usize]..ends[code as usize + 1]];
                let left = most - parents.len();
                let of_code = &of_code[..of_code.len().min(left)];
                parents.extend_from_slice(of_code);
                positions.extend(std::iter::repeat_n(position, of_code.len()));
            }
        }
        (parents, positions)
    }

    /// Returns the rows of the parent in order of their codes, and where each code's end: those
    /// of code 0 are `rows[ends[0]..ends[1]]`.
    fn rows_of_codes(&self) -> (Vec<usize>, Vec<u32>) {
        let mut ends = vec![0_usize; self.distinct + 1];
        for code in self.parent.iter().flatten() {
            ends[*code as usize + 1] += 1;
        }
        for idx in 1..ends.len() {
            ends[idx] += ends[idx - 1];
        }
        let mut next = ends.clone();
        let mut rows = vec![0_u32; ends.last().copied().unwrap_or(0)];
        for (row, code) in (0..).zip(self.parent.iter()) {
            if let Some(code) = code {
                rows[next[*code as usize]] = row;
                next[*code as usize] += 1;
            }
        }
        (ends, rows)
    }

    /// Returns the rows of the child that are looked at and have a key.
    pub(crate) fn keyed_children(&self) -> Vec<u32> {
        let children = self.included_children();
        let keyed = children.filter(|(_, code)| code.is_some());
        keyed.map(|(row, _)| row as u32).collect()
    }

    fn included_children(&self) -> impl Iterator<Item = (usize, Option<u32>)> {
        let children = self.child.iter().copied().enumerate();
        children.filter(|(row, _)| within(self.children.as_ref(), *row))
    }

    /// Returns how many child rows there are, and how many have a parent.
    ///
    /// Rows without a key count only where `count_nulls`.
    pub(crate) fn matches(&self, count_nulls: bool) -> (usize, usize) {
        let mut known = vec![false; self.distinct];
        for code in self.parent.iter().flatten() {
            known[*code as usize] = true;
        }
        let (mut rows, mut keyed, mut matched) = (0, 0, 0);
        for (_, code) in self.included_children() {
            rows += 1;
            keyed += usize::from(code.is_some());
            matched += usize::from(code.is_some_and(|code| known[code as usize]));
        }
        (if count_nulls { rows } else { keyed }, matched)
    }

    /// Returns the inner join of child and parent: pairs of parent and child row, in the
    /// order of the child. A parent key that repeats joins with each of its rows; where keys are
    /// so broken that this would fill the memory, there is no join.
    pub(crate) fn join(&self) -> Option<(Vec<u32>, Vec<u32>)> {
        let (ends, rows) = self.rows_of_codes();
        let joined: u64 = self
            .child
            .iter()
            .flatten()
            .map(|code| (ends[*code as usize + 1] - ends[*code as usize]) as u64)
            .sum();
        if joined > 2 * self.child.len() as u64 + SPARE_ROWS {
            return None;
        }
        let (mut parents, mut children) = (Vec::new(), Vec::new());
        for (row, code) in self.included_children() {
            if let Some(code) = code {
                let of_code = &rows[ends[code as usize]..ends[code as usize + 1]];
                parents.extend_from_slice(of_code);
                children.extend(std::iter::repeat_n(row as u32, of_code.len()));
            }
        }
        Some((parents, children))
    }
}

/// The input, checked.
pub(crate) struct Tables<'a> {
    pub(crate) schema: &'a schema::Schema,
    pub(crate) batches: Sides<&'a [Vec<RecordBatch>]>,
    /// Parallel to the schema's tables; see [`crate::floors`].
    pub(crate) floors: Vec<u32>,
}

impl<'a> Tables<'a> {
    pub(crate) fn new(
        schema: &'a schema::Schema,
        batches: Sides<&'a [Vec<RecordBatch>]>,
    ) -> Result<Tables<'a>, Error> {
        let expected = schema.tables.len();
        for side in [batches.real, batches.synthetic] {
            if side.len() != expected {
                return Err(Error::TableCount {
                    expected,
                    actual: side.len(),
                });
            }
            for (table, batches) in schema.tables.iter().zip(side) {
                let same = |pair: &[RecordBatch]| {
                    let (left, right) = (pair[0].schema(), pair[1].schema());
                    left.fields().len() == right.fields().len()
                        && left
                            .fields()
                            .iter()
                            .zip(right.fields())
                            .all(|(left, right)| {
                                left.name() == right.name() && left.data_type() == right.data_type()
                            })
                };
                if !batches.windows(2).all(same) {
                    return Err(Error::Batches {
                        table: table.name.clone(),
                    });
                }
            }
        }
        Ok(Tables {
            schema,
            batches,
            floors: Vec::new(),
        })
    }

    /// Returns the tables that take part, with their positions.
    pub(crate) fn included(&self) -> impl Iterator<Item = (usize, &'a Table)> {
        let tables = &self.schema.tables;
        tables
            .iter()
            .enumerate()
            .filter(|(_, table)| table.mode != TableMode::Exclude)
    }

    /// Reads a column of both sides, or says why it cannot be compared.
    pub(crate) fn read(
        &self,
        table: usize,
        name: &str,
    ) -> Result<Result<Sides<Column>, String>, Error> {
        let real = self.read_side(self.batches.real, "real", table, name)?;
        let synthetic = self.read_side(self.batches.synthetic, "synthetic", table, name)?;
        Ok(match (real, synthetic) {
            (Ok(real), Ok(synthetic)) => Ok(Sides { real, synthetic }),
            (Err(note), _) | (_, Err(note)) => Err(note),
        })
    }

    fn read_side(
        &self,
        side: &[Vec<RecordBatch>],
        which: &str,
        table: usize,
        name: &str,
    ) -> Result<Result<Column, String>, Error> {
        let batches = &side[table];
        let declared = &self.schema.tables[table];
        let missing = || format!("the {which} data has no column `{name}`");
        let not_carried = || format!("the type of `{name}` in the {which} data is not carried");
        let Some(first) = batches.first() else {
            let data_type = declared
                .column(name)
                .and_then(|column| column.data_type.to_arrow());
            return Ok(data_type
                .as_ref()
                .and_then(Column::empty)
                .ok_or_else(not_carried));
        };
        let Ok(idx) = first.schema().index_of(name) else {
            return Ok(Err(missing()));
        };
        let column = Column::read(batches, idx).map_err(|source| Error::Arrow {
            table: declared.name.clone(),
            column: name.to_string(),
            source,
        })?;
        Ok(column.ok_or_else(not_carried))
    }

    /// Reads several columns of one side, or says why not.
    pub(crate) fn read_columns(
        &self,
        real: bool,
        table: usize,
        names: &[String],
    ) -> Result<Result<Vec<Column>, String>, Error> {
        let (side, which) = match real {
            true => (self.batches.real, "real"),
            false => (self.batches.synthetic, "synthetic"),
        };
        names
            .iter()
            .map(|name| self.read_side(side, which, table, name))
            .collect()
    }

    /// Returns the number of rows of a table.
    pub(crate) fn rows(&self, table: usize) -> Sides<usize> {
        let count = |side: &[Vec<RecordBatch>]| -> usize {
            side[table].iter().map(RecordBatch::num_rows).sum()
        };
        Sides {
            real: count(self.batches.real),
            synthetic: count(self.batches.synthetic),
        }
    }

    /// Returns the floor that counts of a table's real rows are held to, in rows.
    pub(crate) fn floor(&self, table: usize) -> u32 {
        let k = self.schema.privacy.k;
        self.floors.get(table).copied().unwrap_or(k)
    }

    /// Reads the measured columns of every table.
    pub(crate) fn variables(&self, threads: usize) -> Result<Vec<Vec<Variable<'a>>>, Error> {
        let mut tables: Vec<Vec<Variable<'a>>> = Vec::new();
        tables.resize_with(self.schema.tables.len(), Vec::new);
        for (idx, table) in self.included() {
            let measured: Vec<(&'a schema::Column, bool)> = table
                .included()
                .filter_map(|column| Some((column, self.measured(table, column)?)))
                .collect();
            let read = parallel(threads, measured.len(), |it| {
                let (column, continuous) = measured[it];
                let values = match self.read(idx, &column.name)? {
                    Ok(sides) if continuous => numbers(&sides, column)?,
                    Ok(sides) => levels(sides)?,
                    Err(note) => Values::Unreadable(note),
                };
                Ok(Variable {
                    name: &column.name,
                    data_type: &column.data_type,
                    continuous,
                    values,
                })
            });
            tables[idx] = read.into_iter().collect::<Result<Vec<_>, Error>>()?;
        }
        Ok(tables)
    }

    /// Returns whether a column is measured as continuous (`true`), as discrete or not at all:
    /// what SDMetrics calls the types `id` and `pii`.
    fn measured(&self, table: &Table, column: &schema::Column) -> Option<bool> {
        let foreign = self.schema.relationships.iter().any(|relationship| {
            relationship.child_table == table.name && relationship.child_key.contains(&column.name)
        });
        if foreign || table.primary_key.contains(&column.name) || column.generator.is_some() {
            return None;
        }
        match column.semantic {
            SemanticType::Numerical | SemanticType::Datetime => Some(true),
            SemanticType::Categorical | SemanticType::Country | SemanticType::Boolean => {
                Some(false)
            }
            _ => None,
        }
    }

    /// Reads the keys of every relationship between included tables.
    pub(crate) fn relations(&self) -> Result<Vec<Relation<'a>>, Error> {
        let mut relations = Vec::new();
        for relationship in &self.schema.relationships {
            let find = |name: &str| {
                self.schema
                    .table_idx(name)
                    .ok_or_else(|| Error::Relationship {
                        relationship: relationship.name(),
                        name: name.to_string(),
                    })
            };
            let parent = find(&relationship.parent_table)?;
            let child = find(&relationship.child_table)?;
            let excluded = |table: usize| self.schema.tables[table].mode == TableMode::Exclude;
            if excluded(parent) || excluded(child) {
                continue;
            }
            let keys = [
                (parent, &relationship.parent_key),
                (child, &relationship.child_key),
            ];
            for (table, key) in keys {
                for name in key {
                    let column = self.schema.tables[table].column(name);
                    if column.is_none_or(|column| column.exclude) {
                        let name = format!("{}.{name}", self.schema.tables[table].name);
                        return Err(Error::Relationship {
                            relationship: relationship.name(),
                            name,
                        });
                    }
                }
            }
            let side = |side: &[Vec<RecordBatch>], which: &str| {
                let read = |(table, key): (usize, &Vec<String>)| {
                    key.iter()
                        .map(|name| self.read_side(side, which, table, name))
                        .collect::<Result<Result<Vec<Column>, String>, Error>>()
                };
                let (parent, child) = (read(keys[0])?, read(keys[1])?);
                match (parent, child) {
                    (Ok(parent), Ok(child)) => Ok::<_, Error>(Ok(number(&parent, &child)?)),
                    (Err(note), _) | (_, Err(note)) => Ok(Err(note)),
                }
            };
            let real = side(self.batches.real, "real")?;
            let synthetic = side(self.batches.synthetic, "synthetic")?;
            let keys = match (real, synthetic) {
                (Ok(real), Ok(synthetic)) => Ok(Sides { real, synthetic }),
                (Err(note), _) | (_, Err(note)) => Err(note),
            };
            relations.push(Relation {
                relationship,
                parent,
                child,
                keys,
            });
        }
        Ok(relations)
    }
}

fn number(parent: &[Column], child: &[Column]) -> Result<Keys, Error> {
    let mut numbered = keys::number(&[parent, child])?;
    let distinct = numbered.distinct;
    let mut keyed = |columns: &[Column]| {
        let codes = if numbered.codes.is_empty() {
            Vec::new()
        } else {
            numbered.codes.remove(0)
        };
        let nulls = null_rows(columns, false);
        codes
            .into_iter()
            .zip(nulls)
            .map(|(code, null)| (!null).then_some(code))
            .collect()
    };
    Ok(Keys {
        parent: keyed(parent),
        child: keyed(child),
        distinct,
        parents: None,
        children: None,
    })
}

fn numbers(sides: &Sides<Column>, column: &schema::Column) -> Result<Values, Error> {
    let read = |side: &Column| {
        let numbers = match column.data_type {
            DataType::Interval => side.intervals(),
            _ => side.numbers(),
        };
        numbers.map_err(|source| Error::Group { source })
    };
    Ok(match (read(&sides.real)?, read(&sides.synthetic)?) {
        (Some(real), Some(synthetic)) => Values::Numbers(Sides { real, synthetic }),
        _ => Values::Unreadable(format!(
            "`{}` holds text, but has semantic type {}",
            column.name, column.semantic
        )),
    })
}

fn levels(sides: Sides<Column>) -> Result<Values, Error> {
    let (real, synthetic) = ([sides.real], [sides.synthetic]);
    let numbered = keys::number(&[&real, &synthetic])?;
    let mut codes = numbered.codes.into_iter();
    let codes = Sides {
        real: codes.next().unwrap_or_default(),
        synthetic: codes.next().unwrap_or_default(),
    };
    let null = [(&real, &codes.real), (&synthetic, &codes.synthetic)]
        .into_iter()
        .find_map(|(column, codes)| {
            let row = null_rows(column, false).iter().position(|null| *null)?;
            codes.get(row).copied()
        });
    Ok(Values::Levels {
        codes,
        distinct: numbered.distinct,
        null,
    })
}

/// Picks rows of a slice; all of them, in order, where there is no selection.
pub(crate) fn pick<'v, T: Copy>(values: &'v [T], rows: Option<&[u32]>) -> Cow<'v, [T]> {
    match rows {
        None => Cow::Borrowed(values),
        Some(rows) => Cow::Owned(rows.iter().map(|row| values[*row as usize]).collect()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Keys;

    #[test]
    fn keys_count_match_and_join() {
        // Parent rows 0 and 3 share a key; a child refers to nobody, another has no key.
        let keys = Keys {
            parent: [Some(0), Some(1), None, Some(0)].into(),
            child: [Some(1), Some(0), None, Some(2), Some(1)].into(),
            distinct: 3,
            parents: None,
            children: None,
        };
        assert_eq!(keys.fan_outs(), [1.0, 2.0, 0.0, 1.0]);
        assert_eq!(keys.matches(true), (5, 3));
        assert_eq!(keys.matches(false), (4, 3));
        assert_eq!(keys.join(), Some((vec![1, 0, 3, 1], vec![0, 1, 1, 4])));
        assert_eq!(keys.parent_rows(), [Some(1), Some(0), None, None, Some(1)]);
        assert_eq!(keys.keyed_children(), [0, 1, 3, 4]);
        assert_eq!(
            keys.climb(&[1, 2, 4, 1], 9),
            (vec![0, 3, 1, 0, 3], vec![0, 0, 2, 3, 3])
        );
        assert_eq!(keys.climb(&[1, 2, 4, 1], 2), (vec![0, 3], vec![0, 0]));
        // A half keeps its own parents and children, but counts and finds across.
        let half = keys.among(
            &[true, false, true, false].into(),
            &[true, false, false, true, false].into(),
        );
        assert_eq!(half.fan_outs(), [1.0, 0.0]);
        assert_eq!(half.matches(true), (2, 1));
        assert_eq!(half.join(), Some((vec![1], vec![0])));
    }

    #[test]
    fn a_join_of_one_repeated_key_is_refused() {
        let same: Arc<[_]> = vec![Some(0); 100_000].into();
        let keys = Keys {
            parent: same.clone(),
            child: same,
            distinct: 1,
            parents: None,
            children: None,
        };
        assert_eq!(keys.join(), None);
    }
}
