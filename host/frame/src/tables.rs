//! The tables of both sides, read as the metrics want them.

use std::borrow::Cow;

use arrow::array::RecordBatch;
use prodlike_core::schema::{self, DataType, Relationship, SemanticType, Table, TableMode};

use crate::column::Column;
use crate::keys::{self, null_rows};
use crate::{Error, EvaluateInput};

/// Rows that a join may have beyond twice those of the child.
const SPARE_ROWS: u64 = 1_000_000;

/// A thing of the real and the same thing of the synthetic data.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sides<T> {
    pub(crate) real: T,
    pub(crate) synthetic: T,
}

/// A column that is measured.
#[derive(Debug)]
pub(crate) struct Variable<'a> {
    pub(crate) name: &'a str,
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
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) parent: Vec<Option<u32>>,
    pub(crate) child: Vec<Option<u32>>,
    distinct: usize,
}

impl Keys {
    /// Returns how many children each row of the parent has.
    pub(crate) fn fan_outs(&self) -> Vec<f64> {
        let mut counts = vec![0_u64; self.distinct];
        for code in self.child.iter().flatten() {
            counts[*code as usize] += 1;
        }
        self.parent
            .iter()
            .map(|code| code.map_or(0.0, |code| counts[code as usize] as f64))
            .collect()
    }

    /// Returns how many child rows there are, and how many have a parent.
    ///
    /// Rows without a key count only where `count_nulls`.
    pub(crate) fn matches(&self, count_nulls: bool) -> (usize, usize) {
        let mut known = vec![false; self.distinct];
        for code in self.parent.iter().flatten() {
            known[*code as usize] = true;
        }
        let keyed = self.child.iter().flatten().count();
        let matched = self
            .child
            .iter()
            .flatten()
            .filter(|code| known[**code as usize])
            .count();
        (if count_nulls { self.child.len() } else { keyed }, matched)
    }

    /// Returns the inner join of child and parent: pairs of parent and child row, in the
    /// order of the child. A parent key that repeats joins with each of its rows; where keys are
    /// so broken that this would fill the memory, there is no join.
    pub(crate) fn join(&self) -> Option<(Vec<u32>, Vec<u32>)> {
        let mut ends = vec![0_usize; self.distinct + 1];
        for code in self.parent.iter().flatten() {
            ends[*code as usize + 1] += 1;
        }
        for idx in 1..ends.len() {
            ends[idx] += ends[idx - 1];
        }
        let joined: u64 = self
            .child
            .iter()
            .flatten()
            .map(|code| (ends[*code as usize + 1] - ends[*code as usize]) as u64)
            .sum();
        if joined > 2 * self.child.len() as u64 + SPARE_ROWS {
            return None;
        }
        let mut next = ends.clone();
        let mut rows = vec![0_u32; ends.last().copied().unwrap_or(0)];
        for (row, code) in (0..).zip(&self.parent) {
            if let Some(code) = code {
                rows[next[*code as usize]] = row;
                next[*code as usize] += 1;
            }
        }
        let (mut parents, mut children) = (Vec::new(), Vec::new());
        for (row, code) in (0..).zip(&self.child) {
            if let Some(code) = code {
                let of_code = &rows[ends[*code as usize]..ends[*code as usize + 1]];
                parents.extend_from_slice(of_code);
                children.extend(std::iter::repeat_n(row, of_code.len()));
            }
        }
        Some((parents, children))
    }
}

/// The input, checked.
pub(crate) struct Tables<'a> {
    pub(crate) schema: &'a schema::Schema,
    pub(crate) batches: Sides<&'a [Vec<RecordBatch>]>,
}

impl<'a> Tables<'a> {
    pub(crate) fn new(input: &EvaluateInput<'a>) -> Result<Tables<'a>, Error> {
        let expected = input.schema.tables.len();
        for side in [input.real, input.synthetic] {
            if side.len() != expected {
                return Err(Error::TableCount {
                    expected,
                    actual: side.len(),
                });
            }
            for (table, batches) in input.schema.tables.iter().zip(side) {
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
        let batches = Sides {
            real: input.real,
            synthetic: input.synthetic,
        };
        Ok(Tables {
            schema: input.schema,
            batches,
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
    fn read(&self, table: usize, name: &str) -> Result<Result<Sides<Column>, String>, Error> {
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
    pub(crate) fn read_synthetic(
        &self,
        table: usize,
        names: &[String],
    ) -> Result<Result<Vec<Column>, String>, Error> {
        let side = self.batches.synthetic;
        names
            .iter()
            .map(|name| self.read_side(side, "synthetic", table, name))
            .collect()
    }

    /// Reads the measured columns of every table.
    pub(crate) fn variables(&self) -> Result<Vec<Vec<Variable<'a>>>, Error> {
        let mut tables: Vec<Vec<Variable<'a>>> = Vec::new();
        tables.resize_with(self.schema.tables.len(), Vec::new);
        for (idx, table) in self.included() {
            for column in table.included() {
                let Some(continuous) = self.measured(table, column) else {
                    continue;
                };
                let values = match self.read(idx, &column.name)? {
                    Ok(sides) if continuous => numbers(&sides, column)?,
                    Ok(sides) => levels(sides)?,
                    Err(note) => Values::Unreadable(note),
                };
                tables[idx].push(Variable {
                    name: &column.name,
                    continuous,
                    values,
                });
            }
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
    use super::Keys;

    #[test]
    fn keys_count_match_and_join() {
        // Parent rows 0 and 3 share a key; a child refers to nobody, another has no key.
        let keys = Keys {
            parent: vec![Some(0), Some(1), None, Some(0)],
            child: vec![Some(1), Some(0), None, Some(2), Some(1)],
            distinct: 3,
        };
        assert_eq!(keys.fan_outs(), [1.0, 2.0, 0.0, 1.0]);
        assert_eq!(keys.matches(true), (5, 3));
        assert_eq!(keys.matches(false), (4, 3));
        assert_eq!(keys.join(), Some((vec![1, 0, 3, 1], vec![0, 1, 1, 4])));
    }

    #[test]
    fn a_join_of_one_repeated_key_is_refused() {
        let same = vec![Some(0); 100_000];
        let keys = Keys {
            parent: same.clone(),
            child: same,
            distinct: 1,
        };
        assert_eq!(keys.join(), None);
    }
}
