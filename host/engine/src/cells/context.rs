//! Which columns of a row are made before which, so that they agree.
//!
//! An email address follows the row's name, a postcode its country. The arrows go from a
//! generator to the columns it wishes to see, and are settled once a model: an arrow that
//! would close a circle is dropped, so the rest can be made in one pass, each column once.

use arrow::array::{ArrayRef, UInt64Array, new_null_array};
use arrow::compute::take;
use prodlike_core::generator::Sibling;
use prodlike_core::model::{EdgeKind, Fill, Model};
use prodlike_core::schema::{Column, SemanticType};
use prodlike_core::shown::Shown;

use super::{Batch, Cells, NOBODY, Table};
use crate::error::Error;

/// Settles what every generator is shown.
pub(super) fn connect(model: &Model, tables: &mut [Table]) {
    for (index, table) in tables.iter_mut().enumerate() {
        let columns = &model.schema.tables[index].columns;
        for position in 0..table.columns.len() {
            let Some(generator) = &table.columns[position].generator else {
                continue;
            };
            if !columns[position].input.is_empty() {
                // `fit` and the reader of model files refuse what leads round in a circle.
                let named = columns[position].input.iter().filter_map(|name| {
                    let shown = model.schema.shown(index, name)?;
                    let (table, column) = model.schema.place(index, shown)?;
                    Some((meaning(&model.schema.tables[table].columns[column]), shown))
                });
                table.columns[position].context = named.collect();
                continue;
            }
            let found: Vec<(SemanticType, usize)> = generator
                .context()
                .iter()
                .filter_map(|&semantic| {
                    let candidates = (0..columns.len()).filter(|&other| {
                        other != position
                            && meaning(&columns[other]) == semantic
                            && is_makeable(model, index, other, table)
                    });
                    let name = &columns[position].name;
                    // The billing address goes with the billing country.
                    let nearest = candidates.max_by_key(|&other| {
                        let alike = common_prefix(name, &columns[other].name);
                        (alike, std::cmp::Reverse(other))
                    });
                    Some((semantic, nearest?))
                })
                .collect();
            for (semantic, other) in found {
                if !reaches(table, other, position) {
                    table.columns[position]
                        .context
                        .push((semantic, Shown::Own(other)));
                }
            }
        }
    }
}

/// What a column's values mean: what fills it says so better than its label.
fn meaning(column: &Column) -> SemanticType {
    let generator = column
        .generator
        .as_deref()
        .and_then(|name| name.parse().ok());
    generator.unwrap_or(column.semantic)
}

/// Whether a column can be made before others: of the foreign keys only those to kept
/// tables, since any other may lead back to the table itself.
fn is_makeable(model: &Model, index: usize, column: usize, table: &Table) -> bool {
    match model.tables[index].fills.get(column) {
        Some(Fill::ForeignKey) => table.columns[column]
            .foreign
            .iter()
            .all(|&(edge, _)| model.edges[edge].kind == EdgeKind::Kept),
        fill => fill.is_some(),
    }
}

fn common_prefix(left: &str, right: &str) -> usize {
    let lower = |name: &str| name.to_lowercase();
    lower(left)
        .chars()
        .zip(lower(right).chars())
        .take_while(|(left, right)| left == right)
        .count()
}

/// Whether one column's context leads to another.
fn reaches(table: &Table, from: usize, to: usize) -> bool {
    from == to
        || table.columns[from]
            .context
            .iter()
            .any(|&(_, next)| match next {
                Shown::Own(next) => reaches(table, next, to),
                // A parent's columns are made apart.
                Shown::Parent { .. } => false,
            })
}

impl Cells {
    /// Returns columns and what they are shown, each after what it is shown.
    pub(super) fn with_context(&self, table: usize, columns: &[usize]) -> Vec<usize> {
        let mut order = Vec::with_capacity(columns.len());
        let mut seen = vec![false; self.tables[table].columns.len()];
        for &column in columns {
            self.before(table, column, &mut seen, &mut order);
        }
        order
    }

    fn before(&self, table: usize, column: usize, seen: &mut [bool], order: &mut Vec<usize>) {
        if std::mem::replace(&mut seen[column], true) {
            return;
        }
        for &(_, shown) in &self.tables[table].columns[column].context {
            match shown {
                Shown::Own(other) => self.before(table, other, seen, order),
                // The key says which row, and wants what that is drawn from.
                Shown::Parent { relationship, .. } => {
                    let keys = &self.model.schema.relationships[relationship].child_key;
                    let columns = &self.model.schema.tables[table];
                    for key in keys.iter().filter_map(|key| columns.column_idx(key)) {
                        self.before(table, key, seen, order);
                    }
                }
            }
        }
        order.push(column);
    }

    /// Returns what the generator of a column is shown; without a batch rows are nobody's, and
    /// have nothing but this column.
    pub(super) fn context(
        &self,
        table: usize,
        column: usize,
        rows: &[u64],
        batch: Option<&Batch<'_>>,
        made: &[Option<ArrayRef>],
    ) -> Result<Vec<Sibling>, Error> {
        let of = &self.model.schema.tables[table].columns[column];
        let context = &self.tables[table].columns[column].context;
        let mut shown_columns = Vec::with_capacity(context.len());
        for (at, &(semantic, shown)) in context.iter().enumerate() {
            let Some((owner, position)) = self.model.schema.place(table, shown) else {
                continue;
            };
            let shown_column = &self.model.schema.tables[owner].columns[position];
            let values = match shown {
                Shown::Own(other) => made.get(other).cloned().flatten(),
                Shown::Parent {
                    relationship,
                    column,
                } => match batch {
                    Some(batch) => Some(self.of_parents(table, relationship, column, batch)?),
                    None => None,
                },
            };
            let values = match (values, shown_column.data_type.to_arrow()) {
                (Some(values), _) => values,
                // Rows that nobody has have no other columns either.
                (None, Some(data_type)) => new_null_array(&data_type, rows.len()),
                (None, None) => continue,
            };
            shown_columns.push(Sibling {
                name: match of.input.get(at) {
                    Some(name) => name.clone(),
                    None => shown_column.name.clone(),
                },
                semantic,
                data_type: shown_column.data_type.clone(),
                values,
            });
        }
        Ok(shown_columns)
    }

    /// Returns a column of the rows that rows refer to; NULL for those that refer to none.
    fn of_parents(
        &self,
        table: usize,
        edge: usize,
        column: usize,
        batch: &Batch<'_>,
    ) -> Result<ArrayRef, Error> {
        let parent_table = &self.model.schema.relationships[edge].parent_table;
        let Some(parent) = self.model.schema.table_idx(parent_table) else {
            return Err(Error::unknown_table(&self.model.schema, parent_table));
        };
        let (_, parents) = self.parents(table, edge, batch)?;
        let mut distinct: Vec<u64> = parents.iter().copied().filter(|&it| it != NOBODY).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let values = self.columns(parent, &[column], &distinct)?;
        let at = |parent: &u64| distinct.binary_search(parent).ok().map(|at| at as u64);
        let at: UInt64Array = parents.iter().map(at).collect();
        let values = values
            .first()
            .ok_or_else(|| Error::Internal("a column was not made".into()))?;
        self.arrow(table, take(values, &at, None))
    }
}
